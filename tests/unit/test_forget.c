/*
 * More groups than there is memory for: those nearest to firing stay, it is told, and what goes depends on the
 * events alone.
 */
#include "scene.h"
#include "window/stage.h"

#include <inttypes.h>

enum { LIMIT = 40000 };

static struct scene *limited(struct trail_alert *alerts, size_t n, size_t limit)
{
    struct scene *s = scene_new(alerts, n, 0, 0);
    s->w->config.groups_limit = limit;
    return s;
}

static void finish_in_time(struct scene *s)
{
    scene_finish(s, TRAIL_NO_TIME);
    struct window_stats stats;
    window_stats(s->w, &stats);
    ck_assert_uint_le(stats.groups_bytes, s->w->config.groups_limit);
}

static uint64_t forgotten(const struct scene *s)
{
    struct window_stats stats;
    window_stats(s->w, &stats);
    return stats.forgotten;
}

/* So many users with one event each, a second apart. */
static void push_crowd(struct scene *s, int64_t seconds, int n)
{
    for (int i = 0; i < n; i++) {
        char name[32];
        snprintf(name, sizeof name, "u%d", i);
        push_user(s, seconds + i, name);
    }
}

static size_t lines_with(const struct scene *s, const char *text)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += strstr(s->lines[i], text) != NULL;
    return n;
}

/* ---- who stays ---- */

START_TEST(the_nearest_to_firing_stay)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(3, 10 * HOUR)), BY_USER);
    struct scene *s = limited(&a, 1, LIMIT);
    push_user(s, 0, "far");
    for (int i = 1; i < 4; i++)
        push_user(s, i, "near");
    push_crowd(s, 10, 1000);
    for (int i = 0; i < 3; i++)
        push_user(s, 2000 + i, "far");
    push_user(s, 2010, "near");
    finish_in_time(s);
    ck_assert_uint_gt(forgotten(s), 500);
    ck_assert_uint_eq(lines_with(s, "{\"user\":\"near\"} \"4 in 10h, more than 3\""), 1);
    ck_assert_uint_eq(lines_with(s, "{\"user\":\"far\"}"), 0);
    scene_free(s);
}
END_TEST

START_TEST(what_fires_stays_longest)
{
    struct trail_alert a =
        ALERT(WHEN(MORE_THAN(1, 20 * MINUTE)), BY_USER, .notify_resolved = true, .notify_every = 10 * HOUR);
    struct scene *s = limited(&a, 1, LIMIT);
    push_user(s, 0, "fires");
    push_user(s, 1, "fires");
    push_crowd(s, 10, 1000);
    push_user(s, 3000, "last");
    finish_in_time(s);
    ck_assert_uint_gt(forgotten(s), 500);
    ck_assert_uint_eq(lines_with(s, "RESOLVED P3 {\"user\":\"fires\"}"), 1);
    scene_free(s);
}
END_TEST

/* Of a silence the key that has been silent longest is the nearest. */
START_TEST(the_longest_silence_stays)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, HOUR)), BY_USER, .retire = 10 * HOUR);
    struct scene *s = limited(&a, 1, LIMIT);
    push_user(s, 0, "old");
    push_crowd(s, 3000, 500);
    push_user(s, 3620, "new");
    finish_in_time(s);
    ck_assert_uint_gt(forgotten(s), 200);
    ck_assert_uint_eq(lines_with(s, "3600 a FIRING P3 {\"user\":\"old\"}"), 1);
    scene_free(s);
}
END_TEST

START_TEST(declared_keys_stay)
{
    static const struct trail_label names[] = {{false, {"p", 1}}};
    struct trail_alert alerts[] = {
        ALERT(.id = "count", WHEN(MORE_THAN(3, HOUR)), BY_USER),
        ALERT(.id = "none", WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {1, names})};
    struct scene *s = limited(alerts, 2, 1000);
    push_crowd(s, 0, 2000);
    finish_in_time(s);
    ck_assert_uint_ge(lines_with(s, "1800 none FIRING P3 {\"application\":\"p\"}"), 1);
    scene_free(s);
}
END_TEST

/* ---- what is told ---- */

START_TEST(it_is_told_once_in_a_while)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(3, 10 * HOUR)), BY_USER);
    struct scene *s = limited(&a, 1, LIMIT);
    push_crowd(s, 0, 2000);
    finish_in_time(s);
    uint64_t told = 0;
    for (size_t i = 0; i < s->n; i++) {
        unsigned long long n, by;
        int64_t t;
        ck_assert_int_eq(
            sscanf(s->lines[i], "%" SCNd64 " trail.memory FIRING P2 {} \"%llu groups forgotten", &t, &n), 2);
        ck_assert_ptr_nonnull(strstr(s->lines[i], ": 40000 bytes of memory for groups are full\""));
        ck_assert_int_eq(sscanf(strstr(s->lines[i], "by="), "by={\"alert\":{\"a\":%llu}}", &by), 1);
        ck_assert_uint_eq(n, by);
        if (i + 1 < s->n)
            ck_assert_int_ge(t, (int64_t)i * 600);
        told += n;
    }
    ck_assert_uint_ge(s->n, 3);
    ck_assert_uint_le(s->n, 5);
    ck_assert_uint_eq(told, forgotten(s));
    scene_free(s);
}
END_TEST

START_TEST(nothing_is_forgotten_without_need)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(3, MINUTE)), BY_USER);
    struct scene *s = limited(&a, 1, LIMIT);
    for (int i = 0; i < 20; i++) {
        push_crowd(s, i * 1000, 1000); /* sixty at a time matter */
        scene_advance(s, 0);
    }
    finish_in_time(s);
    ck_assert_uint_eq(forgotten(s), 0);
    scene_free(s);
}
END_TEST

START_TEST(one_moment_can_hold_no_more)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(3, HOUR)), BY_USER);
    struct scene *s = limited(&a, 1, LIMIT);
    for (int i = 0; i < 3000; i++) {
        char name[32];
        snprintf(name, sizeof name, "u%d", i);
        push_user(s, 0, name);
    }
    finish_in_time(s);
    ck_assert_uint_gt(forgotten(s), 2000);
    scene_free(s);
}
END_TEST

/* ---- what memory is ---- */

struct sum {
    size_t bytes, settled;
};

static void add_up(void *user, struct group *g)
{
    struct sum *sum = user;
    sum->bytes += g->settled ? group_bytes(g) : 0;
    sum->settled += g->settled;
}

static const struct trail_label anything[] = {{false, {"*", 1}}};

static struct trail_alert *varied(void)
{
    static struct trail_alert alerts[4];
    static const struct trail_condition many[] = {{TRAIL_MORE_THAN, 3, 2, 5 * MINUTE, 0},
                                                  {TRAIL_IMMEDIATELY, 4, 0, 0, 0}},
                                        few[] = {{TRAIL_LESS_THAN, 3, 2, 5 * MINUTE, 0}},
                                        none[] = {{TRAIL_LESS_THAN, 3, 1, 5 * MINUTE, 0}};
    alerts[0] =
        ALERT(.id = "many", .n_conditions = 1, .conditions = many, BY_USER, BY_IP, .notify_resolved = true);
    alerts[1] =
        ALERT(.id = "rationed", .n_conditions = 2, .conditions = many, BY_USER, .notify_every = MINUTE);
    alerts[2] = ALERT(.id = "few", .n_conditions = 1, .conditions = few, BY_USER, BY_IP, .retire = HOUR);
    alerts[3] = ALERT(.id = "none", .n_conditions = 1, .conditions = none, .applications = {1, anything},
                      .retire = HOUR, .notify_resolved = true);
    return alerts;
}

enum { EVENTS = 3000 };

struct drawn {
    int64_t time, arrival;
    size_t alert;
    unsigned key, id;
};

static int by_arrival(const void *a, const void *b)
{
    const struct drawn *x = a, *y = b;
    return x->arrival != y->arrival ? (x->arrival < y->arrival ? -1 : 1) : (x->id > y->id) - (x->id < y->id);
}

static void push_drawn(struct scene *s, const struct drawn *d)
{
    char group[64], id[32], breakdown[64];
    snprintf(group, sizeof group, d->alert == 3 ? "{\"application\":\"%u\"}" : "{\"user\":\"%u\"}", d->key);
    snprintf(id, sizeof id, "e%u", d->id);
    snprintf(breakdown, sizeof breakdown, "{\"ip\":[\"%u\"]}", d->id % 7);
    struct hit h = scene_hit(d->time, id);
    h.alert = d->alert;
    h.group = str(group);
    h.breakdown = str(breakdown);
    s->records = d->id; /* the record's number is the event's, whatever the order */
    scene_push(s, h);
}

/* The same events in another order of arrival, within the lateness; time advances here and there. */
static struct scene *run_drawn(struct drawn *drawn, unsigned order, size_t limit)
{
    struct scene *s = limited(varied(), 4, limit);
    srand(order);
    for (size_t i = 0; i < EVENTS; i++)
        drawn[i].arrival = drawn[i].time + (order ? rand() % (10 * MINUTE) : 0);
    qsort(drawn, EVENTS, sizeof *drawn, by_arrival);
    s->from = START;
    for (size_t i = 0; i < EVENTS; i++) {
        push_drawn(s, &drawn[i]);
        if (order == 0 || rand() % 5 == 0)
            ck_assert_int_eq(window_advance(s->w, START, drawn[i].arrival - 10 * MINUTE), TRAIL_OK);
        struct sum sum = {0};
        group_each(&s->w->groups, add_up, &sum);
        ck_assert_uint_eq(sum.bytes, s->w->groups.bytes);
        ck_assert_uint_eq(sum.settled, s->w->groups.settled);
    }
    scene_finish(s, START + 5 * HOUR);
    return s;
}

START_TEST(any_order_forgets_the_same)
{
    static struct drawn drawn[EVENTS];
    for (unsigned seed = 1; seed <= 8; seed++) {
        srand(seed);
        int64_t t = START;
        for (unsigned i = 0; i < EVENTS; i++) {
            t += rand() % (int)(3 * SECOND);
            drawn[i] = (struct drawn){.time = t, .alert = (size_t)rand() % 4, .id = i};
            drawn[i].key = (unsigned)(rand() % 3 ? rand() % 400 : rand() % 5);
        }
        struct scene *expected = run_drawn(drawn, 0, LIMIT);
        ck_assert_uint_gt(forgotten(expected), 50);
        for (unsigned order = 1; order <= 3; order++) {
            struct scene *s = run_drawn(drawn, order, LIMIT);
            ck_assert_uint_eq(forgotten(s), forgotten(expected));
            ck_assert_uint_eq(s->n, expected->n);
            for (size_t i = 0; i < s->n; i++)
                ck_assert_msg(strcmp(s->lines[i], expected->lines[i]) == 0, "seed %u: %s\n%s", seed,
                              expected->lines[i], s->lines[i]);
            scene_free(s);
        }
        scene_free(expected);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forget");
    TCase *t = tcase_create("forget");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, the_nearest_to_firing_stay);
    tcase_add_test(t, what_fires_stays_longest);
    tcase_add_test(t, the_longest_silence_stays);
    tcase_add_test(t, declared_keys_stay);
    tcase_add_test(t, it_is_told_once_in_a_while);
    tcase_add_test(t, nothing_is_forgotten_without_need);
    tcase_add_test(t, one_moment_can_hold_no_more);
    tcase_add_test(t, any_order_forgets_the_same);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

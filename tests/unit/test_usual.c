/* Conditions that ask for what is usual, in the window: what they learn, what they tell, and when. */
#include "baseline/baseline.h"
#include "kept.h"
#include "scene.h"

#define DAY (24 * HOUR)
#define MORE_USUAL(n, d)                  \
    {                                     \
        TRAIL_MORE_THAN_USUAL, 3, n, d, 0 \
    }
#define LESS_USUAL(n, d)                  \
    {                                     \
        TRAIL_LESS_THAN_USUAL, 3, n, d, 0 \
    }

enum { HOURS = 3600, DAYS = 24 * HOURS };

static const struct trail_usual *last_usual; /* of the last notification: its numbers */
static struct trail_usual last_numbers;

static void note_usual(void *user, const struct trail_fired *f)
{
    last_usual = f->usual ? &last_numbers : NULL;
    if (f->usual)
        last_numbers = *f->usual;
    scene_alert(user, f);
}

/* A window of the scene's, with these options. */
static void remake(struct scene *s, const struct baselines *baselines, bool frozen, size_t limit)
{
    struct window_config config = {.pack = &s->pack,
                                   .on_alert = note_usual,
                                   .on_problem = scene_problem,
                                   .user = s,
                                   .baselines = baselines,
                                   .frozen = frozen,
                                   .habits_limit = limit,
                                   .single = true};
    enum trail_status status;
    window_free(s->w);
    s->w = window_new(&config, &status);
    ck_assert_int_eq(status, TRAIL_OK);
}

static struct scene *scene_usual(struct trail_alert *alert)
{
    struct scene *s = scene_of(alert);
    remake(s, NULL, false, 0);
    return s;
}

/* The log has something, of no alert, in every quarter of an hour of [from, to), in seconds. */
static void hum(struct scene *s, int64_t from, int64_t to)
{
    for (int64_t t = from; t < to; t += 900) {
        ck_assert_int_eq(window_heard(s->w, START + t * SECOND), TRAIL_OK);
        scene_saw(s, START + t * SECOND);
    }
}

/* n events of a group, a second apart. */
static void events(struct scene *s, const char *group, int64_t at, int n)
{
    for (int i = 0; i < n; i++) {
        struct hit h = scene_hit(START + (at + i) * SECOND, NULL);
        h.group = str(group);
        scene_push(s, h);
    }
}

/* Each hour of [from, to) `n` events, and more by day. */
static void ordinary(struct scene *s, const char *group, int64_t from, int64_t to, int n, int by_day)
{
    for (int64_t t = from; t < to; t += HOURS) {
        int64_t hour = (START / SECOND + t) / HOURS % 24;
        hum(s, t, t + HOURS);
        events(s, group, t + 600, hour >= 8 && hour < 18 ? by_day : n);
        scene_advance(s, 0);
    }
}

START_TEST(what_each_day_has_is_usual_and_a_burst_is_not)
{
    struct trail_alert alert =
        ALERT(WHEN(MORE_USUAL(0, HOUR)), .notify_resolved = true, .notify_every = 30 * DAY);
    struct scene *s = scene_usual(&alert);
    ordinary(s, "{}", 0, 4 * DAYS, 2, 30);
    size_t before = s->n; /* until three days are known it has no hours */
    ordinary(s, "{}", 4 * DAYS, 6 * DAYS, 2, 30);
    ck_assert_uint_eq(s->n, before);
    hum(s, 6 * DAYS, 6 * DAYS + 15 * HOURS);
    events(s, "{}", 6 * DAYS + 15 * HOURS, 40); /* by night */
    scene_advance(s, 0);
    ck_assert_uint_eq(s->n, before + 1);
    ck_assert_ptr_nonnull(strstr(s->lines[before], "in 1h, more than usual: 2 expected, at most "));
    ck_assert_ptr_nonnull(last_usual);
    ck_assert(last_numbers.low <= last_numbers.expected && last_numbers.expected <= last_numbers.high);
    ck_assert(last_numbers.expected > 1 && last_numbers.expected < 4);
    hum(s, 6 * DAYS + 15 * HOURS, 6 * DAYS + 17 * HOURS);
    scene_advance(s, 0);
    ck_assert_uint_eq(s->n, before + 2);
    ck_assert_ptr_nonnull(strstr(s->lines[before + 1], "RESOLVED"));
    ck_assert_ptr_nonnull(strstr(s->lines[before + 1], "no longer more than usual: 2 expected"));
    scene_free(s);
}
END_TEST

START_TEST(a_group_that_was_never_seen_is_usually_silent)
{
    struct trail_alert alert = ALERT(BY_USER, WHEN(MORE_USUAL(5, 10 * MINUTE)));
    struct scene *s = scene_usual(&alert);
    ordinary(s, "{\"user\":\"a\"}", 0, 5 * DAYS, 9, 9);
    events(s, "{\"user\":\"b\"}", 5 * DAYS, 4); /* fewer than `at least 5` */
    scene_advance(s, 0);
    EXPECT_NOTHING(s);
    events(s, "{\"user\":\"b\"}", 5 * DAYS + 10, 12);
    scene_advance(s, 0);
    ck_assert_uint_eq(s->n, 1);
    ck_assert_ptr_nonnull(strstr(s->lines[0], "{\"user\":\"b\"}"));
    ck_assert_ptr_nonnull(strstr(s->lines[0], ": 0 expected, at most "));
    scene_free(s);
}
END_TEST

START_TEST(a_drop_is_told_at_the_end_of_its_step)
{
    struct trail_alert alert =
        ALERT(WHEN(LESS_USUAL(0, HOUR)), .notify_resolved = true, .notify_every = 3 * DAY);
    struct scene *s = scene_usual(&alert);
    ordinary(s, "{}", 0, 20 * DAYS, 20, 20);
    EXPECT_NOTHING(s);
    hum(s, 20 * DAYS, 20 * DAYS + 3 * HOURS); /* the log goes on without it */
    scene_advance(s, 0);
    EXPECT(s, "1731600 a FIRING P3 {} \"0 in 1h, less than usual: 20 expected, at least ");
    ordinary(s, "{}", 20 * DAYS + 3 * HOURS, 20 * DAYS + 6 * HOURS, 20, 20);
    ck_assert_uint_eq(s->n, 2);
    ck_assert_ptr_nonnull(strstr(s->lines[1], "1742400 a RESOLVED"));
    scene_free(s);
}
END_TEST

/* A gap is neither a time of zeros nor a drop, but for its first day. */
START_TEST(a_gap_of_the_log_teaches_nothing)
{
    double expected[2];
    for (int gap = 0; gap < 2; gap++) {
        struct trail_alert alert =
            ALERT(WHEN(MORE_USUAL(0, HOUR), LESS_USUAL(1, HOUR)), .notify_every = 30 * DAY);
        struct scene *s = scene_usual(&alert);
        int64_t on = gap ? 12 * DAYS : 5 * DAYS;
        ordinary(s, "{}", 0, 5 * DAYS, 20, 20);
        ordinary(s, "{}", on, on + 5 * DAYS, 20, 20);
        ck_assert_uint_eq(s->n, (size_t)gap); /* the day that the log stops */
        events(s, "{}", on + 5 * DAYS, 90);
        scene_advance(s, 0);
        ck_assert_uint_eq(s->n, (size_t)gap + 1);
        ck_assert_ptr_nonnull(strstr(s->lines[gap], "more than usual: 20 expected, at most "));
        expected[gap] = last_numbers.expected;
        scene_free(s);
    }
    ck_assert(expected[1] > expected[0] - 1 && expected[1] < expected[0] + 1);
}
END_TEST

START_TEST(until_there_is_history_nothing_is_told)
{
    struct trail_alert alert = ALERT(WHEN(MORE_USUAL(0, 10 * MINUTE)));
    struct scene *s = scene_usual(&alert);
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_SHORT);
    ordinary(s, "{}", 0, 12 * HOURS, 2, 2);
    events(s, "{}", 12 * HOURS, 1000);
    scene_advance(s, 0);
    EXPECT_NOTHING(s);
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_SHORT);
    int64_t wait = window_short(s->w, 0);
    ck_assert(wait > 11 * HOUR && wait < 13 * HOUR);
    ordinary(s, "{}", 13 * HOURS, 2 * DAYS, 2, 2);
    ck_assert_uint_eq(window_undecided(s->w, 0), 0);
    ck_assert_int_eq(window_short(s->w, 0), 0);
    scene_free(s);
}
END_TEST

/* What is told by a margin is told later, and `at least` counts for what is expected where little is. */
START_TEST(margins_and_floors)
{
    static const struct {
        uint32_t margin;
        uint64_t n;
        int events;
        size_t lines;
    } cases[] = {{0, 0, 70, 1},      {100000, 0, 20, 0}, {400000, 0, 70, 0},
                 {400000, 0, 85, 1}, {0, 80, 55, 0},     {0, 80, 61, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trail_condition c = {TRAIL_MORE_THAN_USUAL, 3, cases[i].n, HOUR, cases[i].margin};
        struct trail_alert alert = {.n_conditions = 1, .conditions = &c, .notify_every = 30 * DAY};
        struct scene *s = scene_usual(&alert);
        ordinary(s, "{}", 0, 4 * DAYS, 20, 20);
        events(s, "{}", 4 * DAYS, cases[i].events);
        scene_advance(s, 0);
        ck_assert_msg(s->n == cases[i].lines, "case %zu: %zu lines", i, s->n);
        scene_free(s);
    }
}
END_TEST

/* Beside a plain count: the highest priority that holds is told. */
START_TEST(beside_other_conditions)
{
    struct trail_condition c[] = {{TRAIL_MORE_THAN_USUAL, 3, 0, HOUR, 0}, {TRAIL_MORE_THAN, 1, 99, HOUR, 0}};
    struct trail_alert alert = {.n_conditions = 2, .conditions = c, .notify_every = 30 * DAY};
    struct scene *s = scene_usual(&alert);
    ordinary(s, "{}", 0, 4 * DAYS, 20, 20);
    events(s, "{}", 4 * DAYS, 110);
    scene_advance(s, 0);
    ck_assert_uint_eq(s->n, 2);
    ck_assert_ptr_nonnull(strstr(s->lines[0], "P3 {} \""));
    ck_assert_ptr_nonnull(strstr(s->lines[1], "P1 {} \"100 in 1h, more than 99\""));
    ck_assert_ptr_null(last_usual);
    scene_free(s);
}
END_TEST

/* What `learn` has learnt of an alert. */
static struct baselines *learnt(struct scene *s, uint64_t value)
{
    struct baselines *b = baselines_new();
    struct ticks ticks = ticks_of(HOUR);
    struct baseline_set *set = baselines_make(b, &s->pack, s->pack.alerts, 0);
    struct baseline_group *g = baseline_group_make(set, str("{}"));
    int64_t from = START - 20 * DAY;
    ck_assert(coverage_add(baselines_coverage(b), from, START));
    for (int64_t step = ticks_step_at(&ticks, from) + 2; ticks_step_end(&ticks, step) <= START; step++)
        ck_assert(baseline_add(&g->baseline, &ticks, step, value));
    return b;
}

START_TEST(it_begins_with_a_file)
{
    struct trail_alert alert = ALERT(.filter = "*", WHEN(MORE_USUAL(0, HOUR)), .notify_every = 30 * DAY);
    struct scene *s = scene_of(&alert);
    struct baselines *b = learnt(s, 20);
    remake(s, b, false, 0);
    baselines_free(b);
    ck_assert_uint_eq(window_undecided(s->w, 0), 0);
    events(s, "{}", 60, 25);
    scene_advance(s, 0);
    EXPECT_NOTHING(s);
    events(s, "{}", 100, 90);
    scene_advance(s, 0);
    ck_assert_uint_eq(s->n, 1);
    ck_assert_ptr_nonnull(strstr(s->lines[0], ": 20 expected, at most "));
    scene_free(s);
}
END_TEST

/* It learns on, unless it is frozen: another level is told for ever. */
START_TEST(frozen_it_learns_nothing)
{
    size_t told[2];
    for (int frozen = 0; frozen < 2; frozen++) {
        struct trail_alert alert = ALERT(.filter = "*", WHEN(MORE_USUAL(0, HOUR)));
        struct scene *s = scene_of(&alert);
        struct baselines *b = learnt(s, 20);
        remake(s, b, frozen, 0);
        baselines_free(b);
        ordinary(s, "{}", 0, 50 * DAYS, 60, 60);
        size_t before = s->n;
        ordinary(s, "{}", 50 * DAYS, 52 * DAYS, 60, 60);
        told[frozen] = s->n - before;
        scene_free(s);
    }
    ck_assert_uint_eq(told[0], 0);
    ck_assert_uint_gt(told[1], 40);
}
END_TEST

/* Of more groups than the limit the least counted are forgotten, and that is said once. */
START_TEST(the_least_counted_groups_go)
{
    struct trail_alert alert = ALERT(BY_USER, WHEN(MORE_USUAL(0, HOUR)));
    struct scene *s = scene_of(&alert);
    struct window_stats stats;
    char group[32];
    remake(s, NULL, false, 16);
    for (int i = 0; i < 40; i++) {
        events(s, "{\"user\":\"often\"}", i * 100, 3);
        snprintf(group, sizeof group, "{\"user\":\"%d\"}", i);
        events(s, group, i * 100 + 10, 1);
        scene_advance(s, 0);
    }
    window_stats(s->w, &stats);
    ck_assert_uint_gt(stats.unlearnt, 20);
    ck_assert_uint_lt(stats.unlearnt, 41);
    ck_assert_uint_eq(s->problems, 1);
    ck_assert_ptr_nonnull(strstr(s->problem, "a: what is usual is learnt for 16 groups at most"));
    ordinary(s, "{\"user\":\"often\"}", 2 * HOURS, 4 * DAYS, 30, 30);
    events(s, "{\"user\":\"often\"}", 4 * DAYS, 40);
    scene_advance(s, 0);
    EXPECT_NOTHING(s); /* what is usual for it is known still */
    scene_free(s);
}
END_TEST

/* A state of another alert is not what this one learnt. */
START_TEST(a_changed_alert_starts_anew)
{
    for (int changed = 0; changed < 2; changed++) {
        struct trail_alert alert = ALERT(.hash = "1", .filter = "*", WHEN(MORE_USUAL(0, HOUR)));
        struct scene *s = scene_usual(&alert);
        struct kept k = {0};
        ordinary(s, "{}", 0, 4 * DAYS, 20, 20);
        kept_commit(&k, s->w, true);
        alert.hash = changed ? "2" : "1";
        remake(s, NULL, false, 0);
        struct window_tape t;
        ck_assert_int_eq(window_tape_start(&t, s->w), TRAIL_OK);
        for (size_t i = 0; i < k.n; i++)
            ck_assert_int_eq(window_tape_read(&t, k.pieces[i]), TRAIL_OK);
        ck_assert_int_eq(window_tape_end(&t), TRAIL_OK);
        window_tape_free(&t);
        ck_assert_uint_eq(window_undecided(s->w, 0), changed ? WINDOW_SHORT : 0);
        ck_assert_int_eq(window_short(s->w, 0) > 0, changed);
        kept_free(&k);
        scene_free(s);
    }
}
END_TEST

/* Any byte of a state may be another: it is refused, or read, and nothing else happens. */
START_TEST(damaged_states_do_no_harm)
{
    struct trail_alert alert = ALERT(.hash = "1", BY_USER, WHEN(MORE_USUAL(0, HOUR), LESS_USUAL(0, HOUR)));
    struct scene *s = scene_usual(&alert);
    struct kept k = {0};
    ordinary(s, "{\"user\":\"a\"}", 0, 2 * DAYS, 3, 5);
    events(s, "{\"user\":\"b\"}", 2 * DAYS, 4);
    hum(s, 2 * DAYS, 2 * DAYS + 2 * HOURS);
    kept_commit(&k, s->w, true);
    ck_assert_uint_eq(k.n, 1);
    char *p = (char *)(uintptr_t)k.pieces[0].p;
    unsigned seed = 1;
    for (size_t i = 0; i < k.pieces[0].n; i += 1 + k.pieces[0].n / 3000) {
        char was = p[i];
        struct window_tape t;
        seed = seed * 1664525 + 1013904223;
        p[i] = (char)(was ^ (1 << (seed >> 20 & 7)));
        remake(s, NULL, false, 0);
        ck_assert_int_eq(window_tape_start(&t, s->w), TRAIL_OK);
        if (window_tape_read(&t, k.pieces[0]) == TRAIL_OK && window_tape_end(&t) == TRAIL_OK) {
            window_heard(s->w, START + 4 * DAY);
            window_advance(s->w, START, START + 4 * DAY);
        }
        window_tape_free(&t);
        p[i] = was;
    }
    kept_free(&k);
    scene_free(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("usual");
    TCase *t = tcase_create("usual");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, what_each_day_has_is_usual_and_a_burst_is_not);
    tcase_add_test(t, a_group_that_was_never_seen_is_usually_silent);
    tcase_add_test(t, a_drop_is_told_at_the_end_of_its_step);
    tcase_add_test(t, a_gap_of_the_log_teaches_nothing);
    tcase_add_test(t, until_there_is_history_nothing_is_told);
    tcase_add_test(t, margins_and_floors);
    tcase_add_test(t, beside_other_conditions);
    tcase_add_test(t, it_begins_with_a_file);
    tcase_add_test(t, frozen_it_learns_nothing);
    tcase_add_test(t, the_least_counted_groups_go);
    tcase_add_test(t, a_changed_alert_starts_anew);
    tcase_add_test(t, damaged_states_do_no_harm);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

/*
 * Windows that are saved and loaded: what is no event, what a new pack does not have, and bytes that are damaged.
 */
#include "kept.h"
#include "scene.h"

static struct trail_alert alerts[3];
static const struct trail_label prod[] = {{false, {"prod", 4}}};

/* A count, a silence of an application, and one that fires at once. */
static struct scene *three(void)
{
    static const struct trail_condition count[] = {MORE_THAN(2, 10 * MINUTE)}, once[] = {IMMEDIATELY},
                                        silence[] = {LESS_THAN(1, 30 * MINUTE)};
    alerts[0] = ALERT(.id = "count", .hash = "1", BY_USER, .n_conditions = 1, .conditions = count, BY_IP);
    alerts[1] = ALERT(.id = "silence", .hash = "2", .applications = {1, prod}, .n_conditions = 1,
                      .conditions = silence);
    alerts[2] = ALERT(.id = "once", .hash = "3", .notify_every = HOUR, .n_conditions = 1, .conditions = once);
    return scene_new(alerts, 3, 0, 0);
}

static void push(struct scene *s, size_t alert, int64_t seconds, const char *group)
{
    char id[32];
    snprintf(id, sizeof id, "%zu-%lld", alert, (long long)seconds);
    struct hit h = scene_hit(START + seconds * SECOND, id);
    if (seconds % 3) { /* of another input, which has a label */
        h.source.path = seconds % 3 == 1 ? "prod.log" : "test.log";
        h.source.application = seconds % 3 == 1 ? " of prod" : " of test";
    }
    h.alert = alert;
    h.group = str(group);
    h.breakdown = str("{\"ip\":[\"1\"]}");
    scene_push(s, h);
}

/* Another process: the same alerts, what was kept. */
static void start_again(struct scene *s, struct kept *k)
{
    struct window_config config = {
        .pack = &s->pack, .on_alert = scene_alert, .on_problem = scene_problem, .user = s};
    enum trail_status status;
    window_free(s->w);
    s->w = window_new(&config, &status);
    ck_assert_int_eq(status, TRAIL_OK);
    kept_load(k, s->w);
}

static const struct trail_slice application = {"prod", 4};

/* In one go, and with an end of the process behind each call. */
static void unread_and_back(bool restarts, char *to)
{
    struct scene *s = three();
    struct kept k = {0};
    kept_commit(&k, s->w, false);
    for (int step = 0; step < 7; step++) {
        switch (step) {
        case 0: window_labelled(s->w, true, false); break;
        case 1: push(s, 1, 0, "{\"application\":\"prod\"}"); break;
        case 2: ck_assert_int_eq(window_unknown(s->w, &application, NULL), TRAIL_OK); break;
        case 3: ck_assert_int_eq(window_advance(s->w, s->from, START + HOUR), TRAIL_OK); break;
        case 4:
            ck_assert_uint_eq(window_undecided(s->w, 1), WINDOW_UNREAD);
            ck_assert_int_eq(window_known(s->w, &application, NULL, START + 2 * HOUR), TRAIL_OK);
            break;
        case 5: ck_assert_int_eq(window_advance(s->w, s->from, START + 3 * HOUR), TRAIL_OK); break;
        case 6: push(s, 1, 4 * 3600, "{\"application\":\"prod\"}"); break;
        }
        if (restarts) {
            kept_commit(&k, s->w, step % 3 == 2);
            start_again(s, &k);
        }
    }
    ck_assert_int_eq(window_finish(s->w, s->from, START + 5 * HOUR), TRAIL_OK);
    to[0] = 0;
    for (size_t i = 0; i < s->n; i++)
        sprintf(to + strlen(to), "%.80s\n", s->lines[i]);
    kept_free(&k);
    scene_free(s);
}

START_TEST(what_is_unknown_stays_so_and_is_known_again)
{
    char once[10000], often[10000];
    unread_and_back(false, once);
    unread_and_back(true, often);
    ck_assert_str_eq(once, often);
    ck_assert_msg(strstr(once, "silence FIRING") != NULL, "%s", once);
}
END_TEST

/* Something of each kind. */
static void fill(struct scene *s, struct kept *k)
{
    kept_commit(k, s->w, false);
    window_labelled(s->w, true, true);
    for (int i = 0; i < 5; i++) {
        push(s, 0, 100 + i, "{\"user\":\"ann\"}");
        push(s, 1, 3000 * i, "{\"application\":\"prod\"}");
        push(s, 2, i, "{}");
    }
    scene_advance(s, 100 * MINUTE);
    window_unknown(s->w, &application, NULL);
    kept_commit(k, s->w, true);
    push(s, 0, 13000, "{\"user\":\"bob\"}");
    push(s, 2, 13001, "{}");
    scene_advance(s, MINUTE);
    window_known(s->w, &application, NULL, START);
    kept_commit(k, s->w, false);
    ck_assert_uint_ge(k->n, 2);
}

/* Loads these pieces into a new window. */
static enum trail_status load(const struct trail_pack *pack, const struct kept *k)
{
    struct window_config config = {.pack = pack};
    struct window_tape t;
    enum trail_status status;
    struct window *w = window_new(&config, &status);
    if (status == TRAIL_OK)
        status = window_tape_start(&t, w);
    for (size_t i = 0; i < k->n && status == TRAIL_OK; i++)
        status = window_tape_read(&t, k->pieces[i]);
    if (status == TRAIL_OK)
        status = window_tape_end(&t);
    window_tape_free(&t);
    window_free(w);
    return status;
}

START_TEST(damaged_bytes_do_no_harm)
{
    struct scene *s = three();
    struct kept k = {0};
    unsigned refused = 0, random = 7;
    fill(s, &k);
    ck_assert_int_eq(load(&s->pack, &k), TRAIL_OK);
    for (size_t piece = 0; piece < k.n; piece++) {
        char *p = (char *)(uintptr_t)k.pieces[piece].p;
        size_t n = k.pieces[piece].n;
        for (size_t i = 0; i < n; i++) { /* cut off, and with another byte */
            k.pieces[piece].n = i;
            refused += load(&s->pack, &k) == TRAIL_INVALID;
            k.pieces[piece].n = n;
            for (int bit = 0; bit < 8; bit++) {
                p[i] ^= (char)(1 << bit);
                refused += load(&s->pack, &k) != TRAIL_OK;
                p[i] ^= (char)(1 << bit);
            }
        }
        for (int i = 0; i < 2000; i++) { /* some bytes anywhere */
            char kept_bytes[4];
            size_t at = (size_t)rand_r(&random) % (n > 4 ? n - 4 : 1);
            memcpy(kept_bytes, p + at, 4);
            for (int b = 0; b < 4; b++)
                p[at + (size_t)b] = (char)rand_r(&random);
            refused += load(&s->pack, &k) != TRAIL_OK;
            memcpy(p + at, kept_bytes, 4);
        }
    }
    ck_assert_uint_gt(refused, 1000);
    kept_free(&k);
    scene_free(s);
}
END_TEST

START_TEST(alerts_that_are_gone_leave_the_others_alone)
{
    struct scene *s = three();
    struct kept k = {0};
    fill(s, &k);
    struct trail_alert fewer[] = {alerts[2], ALERT(.id = "new", .hash = "4", WHEN(LESS_THAN(1, MINUTE))),
                                  alerts[0]};
    struct trail_pack pack = s->pack;
    pack.alerts = fewer;
    struct window_config config = {.pack = &pack, .on_alert = scene_alert, .user = s};
    struct window_tape t;
    enum trail_status status;
    struct window *w = window_new(&config, &status);
    size_t said = s->n;
    ck_assert_int_eq(window_tape_start(&t, w), TRAIL_OK);
    for (size_t i = 0; i < k.n; i++)
        ck_assert_int_eq(window_tape_read(&t, k.pieces[i]), TRAIL_OK);
    ck_assert_int_eq(window_tape_end(&t), TRAIL_OK);
    ck_assert(t.changed);
    ck_assert(window_tape_has(&t, 0) && !window_tape_has(&t, 1) && window_tape_has(&t, 2));
    ck_assert_uint_eq(s->n, said); /* nothing is said while it is read */
    window_tape_free(&t);
    /* The count that fired goes on, and the new silence begins where the windows stand. */
    ck_assert_int_eq(window_advance(w, START, START + 13100 * SECOND), TRAIL_OK);
    size_t silences = 0;
    for (size_t i = said; i < s->n; i++) {
        silences += strstr(s->lines[i], " new FIRING") != NULL;
        ck_assert_msg(strstr(s->lines[i], "silence") == NULL, "%s", s->lines[i]);
    }
    ck_assert_uint_eq(silences, 1);
    kept_free(&k);
    window_free(w);
    scene_free(s);
}
END_TEST

/* Many groups, and memory for few: what is forgotten, in one go and with ends of the process. */
static size_t crowded(unsigned restart_every, struct scene **out)
{
    struct scene *s = three();
    struct kept k = {0};
    unsigned random = 11;
    const struct window_config config = {.pack = &s->pack,
                                         .on_alert = scene_alert,
                                         .on_problem = scene_problem,
                                         .user = s,
                                         .groups_limit = 20000};
    enum trail_status status;
    window_free(s->w);
    s->w = window_new(&config, &status);
    window_labelled(s->w, true, false);
    kept_commit(&k, s->w, false);
    for (unsigned i = 0; i < 3000; i++) {
        char user[32];
        snprintf(user, sizeof user, "{\"user\":\"%u\"}", (unsigned)rand_r(&random) % 400);
        push(s, 0, i, user);
        if (i % 100 == 0) /* any number of them, dated so */
            ck_assert_int_eq(
                window_hits_between(s->w, 1, application, START + i * SECOND, START + (i + 50) * SECOND),
                TRAIL_OK);
        if (i % 10 == 0)
            scene_advance(s, MINUTE);
        if (restart_every && i % restart_every == 0) {
            kept_commit(&k, s->w, i % 3 == 0);
            window_free(s->w);
            s->w = window_new(&config, &status);
            kept_load(&k, s->w);
        }
    }
    scene_finish(s, START + 6000 * SECOND);
    kept_free(&k);
    *out = s;
    return s->n;
}

START_TEST(what_is_forgotten_hangs_on_the_events_alone)
{
    struct scene *once, *often;
    size_t lines = crowded(0, &once), again = crowded(37, &often);
    ck_assert_uint_gt(lines, 20);
    for (size_t i = 0; i < lines && i < again; i++)
        ck_assert_str_eq(often->lines[i], once->lines[i]);
    ck_assert_uint_eq(lines, again);
    size_t full = 0;
    for (size_t i = 0; i < lines; i++)
        full += strstr(once->lines[i], "trail.memory") != NULL;
    ck_assert_uint_gt(full, 1);
    scene_free(once);
    scene_free(often);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("saved windows");
    TCase *t = tcase_create("save");
    tcase_set_timeout(t, 300);
    tcase_add_test(t, what_is_unknown_stays_so_and_is_known_again);
    tcase_add_test(t, damaged_bytes_do_no_harm);
    tcase_add_test(t, alerts_that_are_gone_leave_the_others_alone);
    tcase_add_test(t, what_is_forgotten_hangs_on_the_events_alone);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

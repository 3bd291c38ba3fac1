/*
 * Every record is seen (struct trail_records): once, in order, with its hits, on any number of threads; and a
 * scan that tells of alerts besides tells the same.
 */
#include "packed.h"
#include "recorder.h"

enum { RECORDS = 30000 };

/* What was taken, as text; the run is first: it is the user of the other callbacks. */
struct taking {
    struct run run;
    struct trail_text taken;
    uint64_t n;
};

static void summarize(void *user, const struct trail_seen *seen, struct trail_text *to)
{
    char text[64];
    (void)user;
    int n = snprintf(text, sizeof text, "%zu %" PRId64 " %" PRIx64, seen->event.n, seen->time, seen->hits[0]);
    trail_text_add(to, text, (size_t)n);
}

static void take(void *user, const struct trail_source *source, int64_t time, struct trail_slice summary)
{
    struct taking *t = user;
    char text[64];
    int n = snprintf(text, sizeof text, "%s %" PRIu64 " %" PRId64 " ", source->path, source->record, time);
    trail_text_add(&t->taken, text, (size_t)n);
    trail_text_add(&t->taken, summary.p, summary.n);
    trail_text_add(&t->taken, "\n", 1);
    t->n++;
}

static const struct trail_records records = {summarize, take};

static void write_logs(void)
{
    for (int i = 0; i < RECORDS; i++) {
        char id[32];
        snprintf(id, sizeof id, "%d", i);
        event(i / 100,
              i % 97 == 3   ? "AddUserToGroup"
              : i % 11 == 2 ? "ConsoleLogin"
                            : "ListUsers",
              "ann", id, i % 13 ? "" : ",\"tags\":[1,2]");
        if (i % 1000 == 5)
            line("{\"broken\":}\n");
    }
    write_file("long.json");
    event(1, "AddUserToGroup", "bob", "x", "");
    write_file("short.json");
}

static struct taking taken(unsigned threads, bool alerts)
{
    struct taking t = {0};
    struct trail_options options = {.records = &records, .on_problem = on_problem, .threads = threads};
    if (alerts)
        options.on_alert = on_alert;
    t.run.options = options;
    return t;
}

static void run_scan(struct taking *t)
{
    t->run.options.user = t;
    scan(&t->run, &fixture_pack, NULL, PATHS("long.json", "short.json"));
    trail_text_add(&t->taken, "", 1);
}

static void free_taking(struct taking *t)
{
    trail_text_free(&t->taken);
    free_run(&t->run);
}

START_TEST(every_record_is_taken_once_and_in_order)
{
    write_logs();
    struct taking one = taken(1, false);
    run_scan(&one);
    ck_assert_uint_eq(one.n, RECORDS + 1);
    ck_assert_uint_eq(one.run.stats.records, RECORDS + 1 + RECORDS / 1000);
    ck_assert_uint_eq(one.run.stats.rejected, RECORDS / 1000);
    ck_assert_int_eq(strncmp(one.taken.p, "long.json 1 ", 12), 0);
    ck_assert_ptr_nonnull(strstr(one.taken.p, "short.json 1 "));
    for (unsigned threads = 2; threads <= 8; threads *= 2) {
        struct taking many = taken(threads, false);
        run_scan(&many);
        ck_assert_str_eq(many.taken.p, one.taken.p);
        ck_assert_uint_eq(many.run.stats.matched, one.run.stats.matched);
        free_taking(&many);
    }
    free_taking(&one);
}
END_TEST

START_TEST(alerts_are_what_they_are_without)
{
    write_logs();
    struct run plain = {0};
    plain.options = told(&plain);
    plain.options.strict = true;
    scan(&plain, &fixture_pack, NULL, PATHS("long.json", "short.json"));
    struct taking both = taken(2, true), alone = taken(2, false);
    run_scan(&both);
    run_scan(&alone);
    ck_assert_uint_gt(both.run.alerts, 0);
    ck_assert_uint_eq(both.run.alerts, plain.alerts);
    ck_assert_uint_eq(both.run.said.n, plain.said.n);
    ck_assert_int_eq(memcmp(both.run.said.p, plain.said.p, plain.said.n), 0);
    ck_assert_str_eq(both.taken.p, alone.taken.p);
    ck_assert_uint_eq(both.run.stats.matched, plain.stats.matched);
    ck_assert_uint_eq(alone.run.stats.matched, plain.stats.matched);
    ck_assert_uint_eq(alone.run.stats.unmatched, plain.stats.unmatched);
    free_taking(&both);
    free_taking(&alone);
    free_run(&plain);
}
END_TEST

START_TEST(times_that_are_left_out_are_not_taken)
{
    write_logs();
    struct taking t = taken(2, false);
    t.run.options.since = T0 * 1000 + 10000;
    t.run.options.until = T0 * 1000 + 20000;
    run_scan(&t);
    ck_assert_uint_eq(t.n, 1000);
    free_taking(&t);
}
END_TEST

/* A hit is one that the alert's labels take: those of the input, or the record's own. */
START_TEST(hits_are_those_that_labels_take)
{
    static const char *const shown[] = {" 8\n", " 0\n"}; /* trail-deleted, which wants prod-* */
    for (int alerts = 0; alerts < 2; alerts++) {
        for (int i = 0; i < 2; i++) {
            struct taking t = taken(1, alerts);
            t.run.options.user = &t;
            event(1, "DeleteTrail", "ann", "x", i ? ",\"app\":\"test\"" : ",\"app\":\"prod-a\"");
            write_file("labels.json");
            scan(&t.run, &fixture_labelled_pack, NULL, PATHS("labels.json"));
            trail_text_add(&t.taken, "", 1);
            ck_assert_msg(strstr(t.taken.p, shown[i]), "%s", t.taken.p);
            ck_assert_uint_eq(t.run.stats.matched, i == 0);
            free_taking(&t);
        }
    }
    struct taking given = taken(1, false);
    given.run.options.user = &given;
    event(1, "DeleteTrail", "ann", "x", "");
    write_file("labels.json");
    scan(&given.run, &fixture_pack, "prod-b", PATHS("labels.json"));
    trail_text_add(&given.taken, "", 1);
    ck_assert_ptr_nonnull(strstr(given.taken.p, shown[0]));
    free_taking(&given);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("records");
    TCase *t = tcase_create("records");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, every_record_is_taken_once_and_in_order);
    tcase_add_test(t, alerts_are_what_they_are_without);
    tcase_add_test(t, hits_are_those_that_labels_take);
    tcase_add_test(t, times_that_are_left_out_are_not_taken);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/*
 * One input: damaged, cut, in pieces, from a pipe.
 */
#include "recorder.h"
#include "window/timestamp.h"

/* ---- damage ------------------------------------------------------------------------------- */

START_TEST(a_damaged_record_is_reported_and_left_out)
{
    event(0, "AddUserToGroup", "alice", "e1", "");
    size_t offset = file_text.n;
    line("{\"eventName\":AddUserToGroup}\n");
    event(0, "AddUserToGroup", "alice", "e2", "");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_int_eq(r.status, TRAIL_DAMAGED);
    ck_assert_uint_eq(r.alerts, 2);
    ck_assert_uint_eq(r.stats.rejected, 1);
    ck_assert_uint_eq(r.stats.records, 3);
    char start[64];
    snprintf(start, sizeof start, "! one:%zu: ", offset);
    ck_assert_ptr_nonnull(strstr(r.said.p, start));
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"source\":{\"path\":\"one\",\"record\":3}"));
    free_run(&r);
}
END_TEST

START_TEST(many_problems_are_counted)
{
    for (int i = 0; i < 100; i++)
        line("{\"broken\":}\n");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.problems, 22); /* and that nothing has a label */
    ck_assert_ptr_nonnull(strstr(r.said.p, "! one: 80 more problems\n"));
    ck_assert_uint_eq(r.stats.rejected, 100);
    free_run(&r);
}
END_TEST

START_TEST(a_missing_input_does_not_end_the_scan)
{
    event(0, "AddUserToGroup", "alice", "e1", "");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("missing\x1b[31m", "one"));
    ck_assert_int_eq(r.status, TRAIL_DAMAGED);
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_ptr_nonnull(strstr(r.said.p, "! missing\\x1b[31m: "));
    free_run(&r);
}
END_TEST

START_TEST(every_prefix_of_a_file_is_scanned)
{
    for (int i = 0; i < 3; i++)
        event(i, "AddUserToGroup", "alice", i == 1 ? "e1" : i ? "e2" : "e0", ",\"tags\":[1,{\"a\":[]}]");
    struct trail_text whole = {0};
    trail_text_add(&whole, file_text.p, file_text.n);
    for (size_t n = 0; n <= whole.n; n++) {
        file_text.n = 0;
        trail_text_add(&file_text, whole.p, n);
        write_file("prefix");
        struct run r = {0};
        r.options = told(&r);
        scan(&r, &fixture_pack, NULL, PATHS("prefix"));
        ck_assert_uint_le(r.stats.records, 3);
        ck_assert_uint_le(r.stats.rejected, 1);
        free_run(&r);
    }
    trail_text_free(&whole);
}
END_TEST

/* ---- times -------------------------------------------------------------------------------- */

static const char *const times[] = {
    "\"2026-03-14T10:00:07Z\"",  "\"2026-03-14T10:00:59Z\"", "\"2026-03-14T10:00:60Z\"",
    "\"2026-03-14T23:59:60Z\"",  "\"2026-03-14T23:59:01Z\"", "\"2026-03-14T23:59:0xZ\"",
    "\"2026-03-14T23:59:61Z\"",  "\"2026-03-14T23:59:0:Z\"", "\"2026-03-14T23:59:02z\"",
    "\"2026-03-14t23:59:02Z\"",  "\"2026-03-14 23:59:03Z\"", "\"2026-03-14 23:59:04Z\"",
    "\"2026-03-14T23:59:05+1\"", "\"2026-02-30T10:00:01Z\"", "\"2026-02-30T10:00:02Z\"",
    "\"2026-03-\\u0031T:01Z\"",  "\"2026-03-14T10:00.02Z\"", "\"00000000001773482407\"",
    "1773482407.123456789012",   "\"2026-03-14T10:00:08Z\"",
};
enum { TIMES = sizeof times / sizeof *times };

static void check_time(void *user, const struct trail_hit *hit)
{
    const char *json = times[((hit->source.record - 1) * *(uint64_t *)user) % TIMES];
    ck_assert_msg(hit->time == trail_time_parse((struct trail_slice){json, strlen(json)}), "%s", json);
}

/* One after the other, in several orders: what is known of the time before changes none. */
START_TEST(times_are_their_own)
{
    for (uint64_t step = 1; step < TIMES; step++) {
        struct trail_options options = {.on_hit = check_time, .user = &step, .threads = 1};
        for (uint64_t i = 0; i < TIMES; i++)
            line("{\"eventTime\":%s,\"eventName\":\"AddUserToGroup\",\"eventID\":\"%d\"}\n",
                 times[i * step % TIMES], (int)i);
        write_file("one");
        struct trail *t = trail_new(&fixture_pack, &options, NULL);
        ck_assert_int_eq(trail_scan(t, "one", NULL), TRAIL_OK);
        ck_assert_uint_ge(trail_counts(t, FIXTURE_ADMIN).hits, TIMES);
        trail_free(t);
    }
}
END_TEST

/* ---- feeding ------------------------------------------------------------------------------ */

static void feed(struct run *r, const struct trail_text *log, size_t piece)
{
    struct trail_options options = told(r);
    options.on_hit = on_hit;
    r->t = trail_new(&fixture_pack, &options, NULL);
    for (size_t at = 0; at < log->n; at += piece) {
        enum trail_status status = trail_feed(r->t, log->p + at, at + piece < log->n ? piece : log->n - at);
        if (status != TRAIL_OK)
            r->status = status;
    }
    enum trail_status status = trail_feed(r->t, NULL, 0);
    if (status != TRAIL_OK)
        r->status = status;
    finish(r);
}

START_TEST(pieces_of_any_size_are_one_input)
{
    static const size_t pieces[] = {1, 2, 7, 64, 1000, 65536};
    for (int i = 0; i < 40; i++) {
        numbered_event(i, i, i % 3 ? "ConsoleLogin" : "AddUserToGroup", "alice", ",\"tags\":[\"x\"]");
        if (i % 10 == 4)
            line("{\"broken\":\n");
    }
    struct trail_text log = file_text;
    file_text = (struct trail_text){0};
    struct run whole = {0};
    feed(&whole, &log, log.n);
    ck_assert_int_eq(whole.status, TRAIL_DAMAGED);
    ck_assert_uint_gt(whole.alerts, 13);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct run r = {0};
        feed(&r, &log, pieces[i]);
        assert_same(&whole, &r);
        free_run(&r);
    }
    free_run(&whole);
    trail_text_free(&log);
}
END_TEST

START_TEST(what_a_piece_completes_is_reported_at_once)
{
    static const char event_text[] = "{\"eventName\":\"AddUserToGroup\",\"eventID\":\"e1\"}\n";
    struct run r = {0};
    struct trail_options options = told(&r);
    r.t = trail_new(&fixture_pack, &options, NULL);
    ck_assert_int_eq(trail_feed(r.t, event_text, 20), TRAIL_OK);
    ck_assert_uint_eq(r.alerts, 0);
    ck_assert_int_eq(trail_feed(r.t, event_text + 20, sizeof event_text - 1 - 20), TRAIL_OK);
    ck_assert_uint_eq(r.alerts, 1);
    finish(&r);
    ck_assert_uint_eq(r.stats.inputs, 1);
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"source\":{\"path\":\"-\",\"record\":1}"));
    free_run(&r);
}
END_TEST

START_TEST(a_pipe_is_read_like_a_file)
{
    event(0, "AddUserToGroup", "alice", "e1", "");
    write_file("one");
    unlink("fifo");
    ck_assert_int_eq(mkfifo("fifo", 0600), 0);
    ck_assert_int_eq(system("cat one > fifo &"), 0);
    ck_assert_uint_eq(alerts_of(&fixture_pack, NULL, "fifo"), 1);
}
END_TEST

START_TEST(an_input_that_is_fed_holds_time_back)
{
    static const char old[] = "{\"eventTime\":1672567200,\"eventName\":\"ConsoleLogin\",\"eventID\":\"f\","
                              "\"userName\":\"alice\"}\n";
    struct run r = {0};
    struct trail_options options = told(&r);
    for (int i = 0; i < 3; i++)
        event(i, "ConsoleLogin", "alice", i == 0 ? "e0" : i == 1 ? "e1" : "e2", "");
    event(7200, "ListUsers", "alice", "late", "");
    write_file("one");
    r.t = trail_new(&fixture_pack, &options, NULL);
    /* begun two hours ago, still open while a newer file is read */
    ck_assert_int_eq(trail_feed(r.t, "{\"eventTime\":1672567199}\n", 25), TRAIL_OK);
    ck_assert_int_eq(trail_scan(r.t, "one", NULL), TRAIL_OK);
    ck_assert_int_eq(trail_feed(r.t, old, sizeof old - 1), TRAIL_OK);
    finish(&r);
    ck_assert_uint_eq(r.stats.late, 0);
    ck_assert_uint_eq(count(r.said.p, "\"id\":\"login-failures\""), 1);
    free_run(&r);
}
END_TEST

static struct trail_input_labels labelled(const char *application)
{
    return (struct trail_input_labels){.application = {application, strlen(application)}};
}

/* Two inputs of different labels, each with a damaged line, and an hour of silence between its events. */
START_TEST(what_is_fed_by_a_name_and_labels_is_like_a_file)
{
    static const char *const names[] = {"one", "two"}, *const applications[] = {"prod-trail", "dev"};
    struct trail_input_labels labels[2];
    struct trail_text logs[2] = {{0}, {0}};
    struct run scanned = {0}, fed = {0};
    struct trail_options options = told(&scanned);
    scanned.t = trail_new(&fixture_pack, &options, NULL);
    options.user = &fed;
    fed.t = trail_new(&fixture_pack, &options, NULL);
    for (int i = 0; i < 2; i++) {
        labels[i] = labelled(applications[i]);
        event(9000 * i, "AddUserToGroup", "alice", i ? "e1" : "e0", "");
        event(9000 * i + 1, "DeleteTrail", "alice", i ? "e3" : "e2", "");
        line("{\"broken\":}\n");
        event(9000 * i + 4500, "ListUsers", "alice", i ? "e5" : "e4", "");
        trail_text_add(&logs[i], file_text.p, file_text.n);
        write_file(names[i]);
    }
    scanned.status = trail_scan(scanned.t, names[0], &labels[0]);
    ck_assert_int_eq(trail_scan(scanned.t, names[1], &labels[1]), scanned.status);
    for (int i = 0; i < 2; i++) {
        char name[8], application[16];
        snprintf(name, sizeof name, "%s", names[i]);
        snprintf(application, sizeof application, "%s", applications[i]);
        struct trail_input_labels given = labelled(application);
        ck_assert_int_eq(trail_feed_begin(fed.t, name, &given), TRAIL_OK);
        memset(name, '?', sizeof name);
        memset(application, '?', sizeof application);
        fed.status = trail_feed(fed.t, logs[i].p, 200);
        if (trail_feed(fed.t, logs[i].p + 200, logs[i].n - 200) != TRAIL_OK)
            fed.status = TRAIL_DAMAGED;
        trail_text_free(&logs[i]);
    }
    finish(&scanned);
    finish(&fed);
    ck_assert_uint_eq(count(fed.said.p, "\"id\":\"trail-deleted\""), 1);
    ck_assert_uint_ge(count(fed.said.p, "\"id\":\"no-logs\""), 1);
    assert_same(&scanned, &fed);
    free_run(&scanned);
    free_run(&fed);
}
END_TEST

START_TEST(an_input_that_begins_ends_the_one_before)
{
    static const char event_text[] = "{\"eventName\":\"AddUserToGroup\",\"eventID\":\"e1\"}";
    struct run r = {0};
    struct trail_options options = told(&r);
    r.t = trail_new(&fixture_pack, &options, NULL);
    ck_assert_int_eq(trail_feed(r.t, event_text, 20), TRAIL_OK);
    ck_assert_int_eq(trail_feed_begin(r.t, "x\x1b", NULL), TRAIL_DAMAGED);
    ck_assert_int_eq(trail_feed(r.t, event_text, sizeof event_text - 1), TRAIL_OK);
    ck_assert_int_eq(trail_feed_begin(r.t, NULL, NULL), TRAIL_OK); /* and it has nothing */
    ck_assert_int_eq(trail_feed(r.t, NULL, 0), TRAIL_OK);
    ck_assert_int_eq(trail_feed(r.t, "[", 1), TRAIL_OK); /* by itself */
    finish(&r);
    ck_assert_uint_eq(r.stats.inputs, 4);
    ck_assert_uint_eq(r.alerts, 1);
    assert_has(&r, "! -:0: ");
    assert_has(&r, "\"source\":{\"path\":\"x\\u001b\",\"record\":1}");
    ck_assert_int_eq(trail_feed_begin(r.t, NULL, NULL), TRAIL_INVALID);
    free_run(&r);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("worker");
    TCase *t = tcase_create("worker");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, a_damaged_record_is_reported_and_left_out);
    tcase_add_test(t, many_problems_are_counted);
    tcase_add_test(t, a_missing_input_does_not_end_the_scan);
    tcase_add_test(t, every_prefix_of_a_file_is_scanned);
    tcase_add_test(t, times_are_their_own);
    tcase_add_test(t, pieces_of_any_size_are_one_input);
    tcase_add_test(t, what_a_piece_completes_is_reported_at_once);
    tcase_add_test(t, an_input_that_is_fed_holds_time_back);
    tcase_add_test(t, what_is_fed_by_a_name_and_labels_is_like_a_file);
    tcase_add_test(t, an_input_that_begins_ends_the_one_before);
    tcase_add_test(t, a_pipe_is_read_like_a_file);
    suite_add_tcase(s, t);
    return run_suite(s);
}

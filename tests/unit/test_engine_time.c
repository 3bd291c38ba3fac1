/*
 * test_engine_time.c - the engine over real files: what is late, of the future or without time, and silence.
 */
#include "recorder.h"

START_TEST(since_and_until_leave_events_out)
{
    for (int i = 0; i < 5; i++)
        numbered_event(i, i, "AddUserToGroup", "alice", "");
    line("{\"eventName\":\"AddUserToGroup\",\"eventID\":\"timeless\"}\n");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    r.options.since = (T0 + 1) * 1000;
    r.options.until = (T0 + 3) * 1000;
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 3);
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"e1\""));
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"e2\""));
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"timeless\""));
    ck_assert_uint_eq(r.stats.unmatched, 3);
    free_run(&r);
}
END_TEST

START_TEST(an_event_later_than_the_lateness_is_counted_as_late)
{
    for (int i = 0; i < 3; i++)
        numbered_event(i, i, "ConsoleLogin", "alice", "");
    event(1200, "ListUsers", "alice", "n", "");
    event(4, "ConsoleLogin", "alice", "e4", "");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 0);
    ck_assert_uint_eq(r.stats.late, 1);
    free_run(&r);

    r = (struct run){0};
    r.options = told(&r);
    r.options.lateness = 1200000;
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_uint_eq(r.stats.late, 0);
    free_run(&r);
}
END_TEST

START_TEST(a_future_event_moves_nothing)
{
    for (int i = 0; i < 4; i++) {
        numbered_event(i, i, "ConsoleLogin", "alice", "");
        numbered_event(i, 86400 + i, "ConsoleLogin", "bob", ",\"x\":1");
    }
    event(86400, "AddUserToGroup", "bob", "admin", "");
    write_file("one");
    set_file_time("one", T0 + 600);
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 2); /* bob's four did not count, and did not make alice's late */
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"group\":{\"userIdentity.userName\":\"alice\"},\"count\":4"));
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"id\":\"new-admin\""));
    ck_assert_uint_eq(r.stats.late, 0);
    free_run(&r);

    r = (struct run){0};
    r.options = told(&r);
    r.options.now = (T0 + 90000) * 1000; /* another clock: bob's are no longer future */
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_ptr_nonnull(strstr(r.said.p, "bob"));
    free_run(&r);
}
END_TEST

/* Four logins, each with the time given (JSON; NULL: none); the first stands behind another record. */
static void write_logins(const char *path, const char *time)
{
    event(0, "ListUsers", "alice", "first", "");
    for (int i = 0; i < 4; i++)
        if (time)
            line("{\"eventTime\":%s,\"eventName\":\"ConsoleLogin\",\"eventID\":\"e%d\"}\n", time, i);
        else
            line("{\"eventName\":\"ConsoleLogin\",\"eventID\":\"e%d\"}\n", i);
    write_file(path);
}

static size_t first_login(void)
{
    event(0, "ListUsers", "alice", "first", "");
    size_t n = file_text.n;
    file_text.n = 0;
    return n;
}

START_TEST(events_without_a_readable_time_are_told_and_counted)
{
    static const char *const times[] = {NULL, "\"yesterday\"", "null", "\"\"", "{\"s\":1}"};
    char first[128];
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        write_logins("one", times[i]);
        struct run r = {0};
        r.options = told(&r);
        scan(&r, &fixture_pack, "prod-eu", PATHS("one"));
        snprintf(first, sizeof first, "! one:%zu: no readable time in eventTime (the pack's `time`)",
                 first_login());
        assert_has(&r, first);
        assert_has(&r, "! 4 matching events have no readable time in eventTime and are in no count\n");
        ck_assert_uint_eq(r.stats.undated, 4);
        ck_assert_uint_eq(r.stats.future, 0);
        ck_assert_uint_eq(r.problems, 2);
        ck_assert_int_eq(r.status, TRAIL_OK);
        free_run(&r);
    }
}
END_TEST

START_TEST(one_event_without_a_time_is_told_once)
{
    event(0, "ListUsers", "alice", "e1", "");
    line("{\"eventName\":\"ConsoleLogin\",\"eventID\":\"e2\"}\n");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, "prod-eu", PATHS("one"));
    ck_assert_uint_eq(r.problems, 1);
    ck_assert_uint_eq(r.stats.undated, 1);
    free_run(&r);
}
END_TEST

START_TEST(without_a_time_what_fires_at_once_is_no_problem)
{
    line("{\"eventName\":\"AddUserToGroup\",\"eventID\":\"e1\"}\n");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, "prod-eu", PATHS("one"));
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_uint_eq(r.problems, 0);
    ck_assert_uint_eq(r.stats.undated, 1);
    free_run(&r);

    write_logins("two", NULL); /* where no alert is wanted, nobody misses a count */
    r = (struct run){0};
    r.options = told(&r);
    r.options.on_alert = NULL;
    scan(&r, &fixture_pack, "prod-eu", PATHS("two"));
    ck_assert_uint_eq(r.problems, 0);
    ck_assert_uint_eq(r.stats.undated, 4);
    free_run(&r);
}
END_TEST

START_TEST(events_of_the_future_are_told_and_counted)
{
    char first[160];
    write_logins("one", "\"2023-01-01T11:00:00Z\"");
    set_file_time("one", T0 + 600);
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, "prod-eu", PATHS("one"));
    snprintf(first, sizeof first,
             "! one:%zu: dated 2023-01-01T11:00:00Z, more than 5m past the file's own time: ", first_login());
    assert_has(&r, first);
    assert_has(&r, "! 4 matching events are dated more than 5m past the time of their file, or the clock, ");
    ck_assert_uint_eq(r.stats.future, 4);
    ck_assert_uint_eq(r.stats.undated, 0);
    free_run(&r);

    r = (struct run){0};
    r.options = told(&r);
    r.options.now = (T0 + 600) * 1000;
    scan(&r, &fixture_pack, "prod-eu", PATHS("one"));
    assert_has(&r, "past --now: the event is in no count\n");
    free_run(&r);
}
END_TEST

static void write_gap(const char *path, int from, int minutes)
{
    event(from, "ListUsers", "alice", "e1", "");
    event(from + minutes * 60, "ListUsers", "alice", "e2", "");
    write_file(path);
}

START_TEST(what_is_undecided_is_told)
{
    write_gap("one", 0, 40);
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    assert_has(
        &r, "! no input has an application label (--application): the silence of no-logs is not decided\n");
    ck_assert(trail_counts(r.t, FIXTURE_SILENCE).undecided);
    ck_assert(!trail_counts(r.t, FIXTURE_FAILURES).undecided);
    free_run(&r);

    r = (struct run){0};
    r.options = told(&r);
    scan(&r, &fixture_pack, "prod-trail", PATHS("missing", "one"));
    assert_has(&r, "! an input could not be read to its end: the silence of no-logs is not decided\n");
    ck_assert(trail_counts(r.t, FIXTURE_SILENCE).undecided);
    ck_assert_uint_eq(r.problems, 2); /* and that it is missing */
    free_run(&r);

    r = (struct run){0};
    r.options = told(&r);
    scan(&r, &fixture_pack, "other", PATHS("missing", "one")); /* would not have fed it */
    assert_lacks(&r, "not decided");
    ck_assert(!trail_counts(r.t, FIXTURE_SILENCE).undecided);
    free_run(&r);
}
END_TEST

START_TEST(of_many_undecided_alerts_five_are_named)
{
    struct trail_alert alerts[7];
    static const char *const ids[7] = {"a", "b", "c", "d", "e\033", "f", "g"};
    struct trail_pack pack = fixture_pack;
    static const struct trail_label iam[] = {{false, {"iam", 3}}};
    pack.alerts = alerts;
    event(0, "ListUsers", "alice", "e1", "");
    write_file("one");
    for (size_t n = 5; n <= 7; n += 2) {
        for (size_t i = 0; i < n; i++) {
            alerts[i] = fixture_alerts[FIXTURE_SILENCE];
            alerts[i].id = ids[i];
            alerts[i].applications = (struct trail_labels){0, NULL};
            alerts[i].subsystems = (struct trail_labels){1, iam};
        }
        pack.n_alerts = n;
        struct run r = {0};
        r.options = told(&r);
        scan(&r, &pack, "prod-eu", PATHS("one"));
        assert_has(
            &r, n == 5 ? "! no input has a subsystem label (--subsystem): the silence of a, b, c, d, e\\x1b "
                         "is not decided\n"
                       : "the silence of a, b, c, d, e\\x1b and 2 more is not decided\n");
        ck_assert_uint_eq(r.problems, 1);
        free_run(&r);
    }
}
END_TEST

/* Otherwise a scan of unlabelled logs would call every named application silent. */
START_TEST(without_any_label_no_application_is_silent)
{
    write_gap("gap", 0, 40);
    ck_assert_uint_eq(alerts_of(&fixture_pack, NULL, "gap"), 0);
    ck_assert_uint_eq(alerts_of(&fixture_pack, "another", "gap"), 2); /* and again ten minutes later */
}
END_TEST

START_TEST(silence_is_found_between_events)
{
    write_gap("gap", 0, 40);
    write_gap("no-gap", 0, 29);
    ck_assert_uint_eq(alerts_of(&fixture_pack, "prod-trail", "gap"), 1);
    ck_assert_uint_eq(alerts_of(&fixture_pack, "prod-trail", "no-gap"), 0);
}
END_TEST

START_TEST(now_extends_the_silence)
{
    write_gap("one", 0, 10);
    struct run r = {0};
    r.options = told(&r);
    r.options.now = (T0 + 45 * 60) * 1000; /* half an hour after the last event is at 40 */
    scan(&r, &fixture_pack, "prod-trail", PATHS("one"));
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"source\":null"));
    free_run(&r);
}
END_TEST

START_TEST(an_unreadable_input_makes_silence_unknown)
{
    write_gap("one", 0, 40);
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, "prod-trail", PATHS("missing", "one"));
    ck_assert_int_eq(r.status, TRAIL_DAMAGED);
    ck_assert_uint_eq(r.alerts, 0);
    free_run(&r);
}
END_TEST

START_TEST(until_and_now_end_the_silence)
{
    static const struct {
        int until, now; /* minutes; 0: not given */
        unsigned alerts;
    } ends[] = {{0, 35, 1}, {35, 0, 1}, {29, 0, 0}, {35, 29, 0}, {29, 35, 0}, {0, 0, 0}};
    event(0, "ListUsers", "alice", "e1", "");
    write_file("one");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct run r = {0};
        r.options = told(&r);
        r.options.until = ends[i].until ? (T0 + ends[i].until * 60) * 1000 : 0;
        r.options.now = ends[i].now ? (T0 + ends[i].now * 60) * 1000 : 0;
        scan(&r, &fixture_pack, "prod-trail", PATHS("one"));
        ck_assert_msg(r.alerts == ends[i].alerts, "case %zu: %u alerts", i, r.alerts);
        free_run(&r);
    }
}
END_TEST

START_TEST(a_cut_input_makes_silence_unknown)
{
    write_gap("one", 0, 40);
    event(0, "ListUsers", "alice", "e3", "");
    write_file("two");
    ck_assert_int_eq(system("gzip -c two | head -c 30 >cut.gz"), 0);
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, "prod-trail", PATHS("cut.gz", "one"));
    ck_assert_int_eq(r.status, TRAIL_DAMAGED);
    ck_assert_uint_eq(r.alerts, 0);
    free_run(&r);
}
END_TEST

START_TEST(no_lateness_at_all)
{
    for (int i = 0; i < 4; i++)
        numbered_event(i, i == 3 ? 1 : i, "ConsoleLogin", "alice", "");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    r.options.lateness = -1;
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.stats.late, 1);
    ck_assert_uint_eq(r.alerts, 0);
    free_run(&r);
}
END_TEST

/* Four logins of alice, from a file and fed one by one: n_late of them are late by this lateness. */
static void expect_late(const int at[4], int64_t lateness, unsigned n_late)
{
    struct run r = {0};
    r.options = told(&r);
    r.options.lateness = lateness;
    struct trail_options options = r.options;
    for (int i = 0; i < 4; i++)
        numbered_event(i, at[i], "ConsoleLogin", "alice", "");
    write_file("one");
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.stats.late, n_late);
    ck_assert_uint_eq(r.alerts, n_late == 0);
    free_run(&r);

    r = new_run(&fixture_pack, options);
    for (int i = 0; i < 4; i++) {
        numbered_event(i, at[i], "ConsoleLogin", "alice", "");
        ck_assert_int_eq(trail_feed(r.t, file_text.p, file_text.n), TRAIL_OK);
        file_text.n = 0;
    }
    finish(&r);
    ck_assert_uint_eq(r.stats.late, n_late);
    ck_assert_uint_eq(r.alerts, n_late == 0);
    free_run(&r);
}

START_TEST(an_event_as_late_as_allowed_is_in_time)
{
    expect_late((int[]){0, 5, 5, 5}, -1, 0); /* events of the newest second, in any order */
    expect_late((int[]){5, 5, 5, 5}, -1, 0);
    expect_late((int[]){0, 5, 4, 5}, -1, 1);
    expect_late((int[]){0, 60, 0, 60}, 60000, 0); /* exactly the lateness, and 1 s more */
    expect_late((int[]){0, 61, 0, 60}, 60000, 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("engine_time");
    TCase *t = tcase_create("engine_time");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, since_and_until_leave_events_out);
    tcase_add_test(t, an_event_later_than_the_lateness_is_counted_as_late);
    tcase_add_test(t, a_future_event_moves_nothing);
    tcase_add_test(t, without_any_label_no_application_is_silent);
    tcase_add_test(t, silence_is_found_between_events);
    tcase_add_test(t, now_extends_the_silence);
    tcase_add_test(t, an_unreadable_input_makes_silence_unknown);
    tcase_add_test(t, until_and_now_end_the_silence);
    tcase_add_test(t, a_cut_input_makes_silence_unknown);
    tcase_add_test(t, no_lateness_at_all);
    tcase_add_test(t, events_without_a_readable_time_are_told_and_counted);
    tcase_add_test(t, one_event_without_a_time_is_told_once);
    tcase_add_test(t, without_a_time_what_fires_at_once_is_no_problem);
    tcase_add_test(t, events_of_the_future_are_told_and_counted);
    tcase_add_test(t, what_is_undecided_is_told);
    tcase_add_test(t, of_many_undecided_alerts_five_are_named);
    tcase_add_test(t, an_event_as_late_as_allowed_is_in_time);
    suite_add_tcase(s, t);
    return run_suite(s);
}

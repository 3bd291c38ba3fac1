/*
 * The engine over real files: what callbacks are told, groups, labels.
 */
#include "recorder.h"

/* ---- life --------------------------------------------------------------------------------- */

START_TEST(another_abi_is_refused)
{
    struct trail_pack pack = fixture_pack;
    enum trail_status status = TRAIL_OK;
    pack.abi = TRAIL_ABI + 1;
    ck_assert_ptr_null(trail_new(&pack, NULL, &status));
    ck_assert_int_eq(status, TRAIL_ABI_MISMATCH);
}
END_TEST

START_TEST(options_without_sense_are_refused)
{
    struct run r = {0};
    enum trail_status status = TRAIL_OK;
    struct trail_options options = {.on_problem = on_problem, .user = &r, .lateness = -2};
    ck_assert_ptr_null(trail_new(&fixture_pack, &options, &status));
    ck_assert_int_eq(status, TRAIL_INVALID);
    options = (struct trail_options){.on_problem = on_problem, .user = &r, .since = 2, .until = 2};
    ck_assert_ptr_null(trail_new(&fixture_pack, &options, &status));
    ck_assert_int_eq(status, TRAIL_INVALID);
    ck_assert_uint_eq(r.problems, 2);
    free_run(&r);
}
END_TEST

START_TEST(nothing_follows_the_end)
{
    struct run r = new_run(&fixture_pack, (struct trail_options){0});
    ck_assert_int_eq(trail_finish(r.t), TRAIL_OK);
    ck_assert_int_eq(trail_scan(r.t, "a", NULL), TRAIL_INVALID);
    ck_assert_int_eq(trail_feed(r.t, "{}", 2), TRAIL_INVALID);
    ck_assert_int_eq(trail_finish(r.t), TRAIL_INVALID);
    free_run(&r);
}
END_TEST

START_TEST(null_is_all_defaults)
{
    event(0, "AddUserToGroup", "alice", "e1", "");
    write_file("one");
    struct trail *t = trail_new(&fixture_pack, NULL, NULL);
    ck_assert_int_eq(trail_scan(t, "one", NULL), TRAIL_OK);
    ck_assert_int_eq(trail_finish(t), TRAIL_OK);
    ck_assert_uint_eq(trail_counts(t, FIXTURE_ADMIN).fired, 1);
    ck_assert_uint_eq(trail_counts(t, 99).fired, 0);
    trail_free(t);
    trail_free(NULL);
}
END_TEST

/* ---- alerts ------------------------------------------------------------------------------- */

START_TEST(an_immediate_alert_carries_its_fields)
{
    event(0, "ListUsers", "alice", "e1", "");
    event(1, "AddUserToGroup", "al\\u0069ce", "e2", ",\"requestParameters\":{\"groupName\":\"admins\"}");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_int_eq(r.status, TRAIL_OK);
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"id\":\"new-admin\""));
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"requestParameters\":{\"groupName\":\"admins\"}"));
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"event_ids\":[\"e2\"]"));
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"source\":{\"path\":\"one\",\"record\":2}"));
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"first_event\":\"2023-01-01T10:00:01Z\""));
    free_run(&r);
}
END_TEST

START_TEST(an_alert_without_show_carries_the_event)
{
    event(0, "DeleteTrail", "alice", "e1", "");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, "prod-eu", PATHS("one"));
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_ptr_nonnull(
        strstr(r.said.p, "\"fields\":{\"eventTime\":\"1672567200\",\"eventName\":\"DeleteTrail\","));
    free_run(&r);
}
END_TEST

START_TEST(counts_are_per_group_with_a_breakdown)
{
    for (int i = 0; i < 4; i++) {
        char id[16], ip[64];
        snprintf(id, sizeof id, "a%d", i);
        snprintf(ip, sizeof ip, ",\"sourceIPAddress\":\"192.0.2.%d\"", i % 2);
        /* the same name in two spellings */
        event(i * 60, "ConsoleLogin", i % 2 ? "alice" : "\\u0061lice", id, ip);
        id[0] = 'b';
        if (i < 3)
            event(i * 60, "ConsoleLogin", "bob", id, ip);
    }
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"group\":{\"userIdentity.userName\":\"alice\"},\"count\":4"));
    ck_assert_ptr_nonnull(
        strstr(r.said.p, "\"breakdown\":{\"sourceIPAddress\":{\"192.0.2.0\":2,\"192.0.2.1\":2}}"));
    ck_assert_uint_eq(trail_counts(r.t, FIXTURE_FAILURES).hits, 7);
    ck_assert_uint_eq(trail_counts(r.t, FIXTURE_FAILURES).fired, 1);
    free_run(&r);
}
END_TEST

static void note_count(void *user, const struct trail_alert *alert, struct trail_slice group, int64_t time)
{
    char text[128];
    int n = snprintf(text, sizeof text, "%s %.*s %lld\n", alert->id, (int)group.n, group.p,
                     (long long)(time / 1000 - T0));
    trail_text_add(user, text, (size_t)n);
}

START_TEST(what_counts_is_told_in_the_order_of_time_and_once)
{
    event(120, "ConsoleLogin", "bob", "e3", "");
    event(0, "ConsoleLogin", "alice", "e1", "");
    event(0, "ConsoleLogin", "alice", "e1", "");
    event(60, "AddUserToGroup", "alice", "e2", "");
    write_file("one");
    struct trail_text counted = {0};
    struct trail_options options = {.on_count = note_count, .user = &counted};
    struct trail *t = trail_new(&fixture_pack, &options, NULL);
    ck_assert_int_eq(trail_scan(t, "one", NULL), TRAIL_OK);
    ck_assert_int_eq(trail_finish(t), TRAIL_OK);
    trail_text_add(&counted, "", 1);
    ck_assert_str_eq(counted.p, "login-failures {\"userIdentity.userName\":\"alice\"} 0\n"
                                "login-failures {\"userIdentity.userName\":\"bob\"} 120\n");
    trail_text_free(&counted);
    trail_free(t);
}
END_TEST

/* ---- what reports want -------------------------------------------------------------------- */

static void note_event(void *user, const struct trail_fired *fired)
{
    trail_text_add(user, fired->fields.p, fired->fields.n);
    trail_text_add(user, " ", 1);
    trail_text_add(user, fired->event.p, fired->event.n);
    trail_text_add(user, "\n", 1);
}

START_TEST(a_notification_carries_the_event_where_it_is_wanted)
{
    event(0, "AddUserToGroup", "alice", "e1", "");
    for (int i = 0; i < 4; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        event(i, "ConsoleLogin", "bob", id, "");
    }
    event(9, "DeleteTrail", "eve", "e9", "");
    write_file("one");
    struct trail_text told = {0};
    struct trail_options options = {.on_alert = note_event, .user = &told, .events = true};
    const struct trail_input_labels prod = {.application = {"prod-eu", 7}};
    struct trail *t = trail_new(&fixture_pack, &options, NULL);
    ck_assert_int_eq(trail_scan(t, "one", &prod), TRAIL_OK);
    ck_assert_int_eq(trail_finish(t), TRAIL_OK);
    trail_text_add(&told, "", 1);
    ck_assert_ptr_nonnull(
        strstr(told.p, "{\"userIdentity.userName\":\"alice\"} {\"eventTime\":\"1672567200\","));
    ck_assert_ptr_nonnull(
        strstr(told.p, "{\"userIdentity.userName\":\"bob\"} {\"eventTime\":\"1672567203\","));
    const char *whole = strstr(told.p, "{\"eventTime\":\"1672567209\",");
    ck_assert_ptr_nonnull(whole); /* no `show`: its fields are the event, too */
    ck_assert_ptr_nonnull(strstr(whole + 1, "{\"eventTime\":\"1672567209\","));
    trail_text_free(&told);
    trail_free(t);
}
END_TEST

static void note_records(void *user, const struct trail_alert *alert, struct trail_slice group,
                         int64_t minute, uint64_t n)
{
    uint64_t *minutes = user;
    ck_assert(group.n == 2 || alert);
    if (alert)
        return;
    ck_assert_int_eq(minute % 60000, 0);
    ck_assert_int_ge(minute / 60000, T0 / 60);
    ck_assert_int_lt(minute / 60000, T0 / 60 + 4);
    minutes[minute / 60000 - T0 / 60] += n;
}

START_TEST(records_are_told_by_minute_wanted_or_not)
{
    uint64_t minutes[4] = {0};
    for (int i = 0; i < 90; i++)
        event(i, "ListUsers", "alice", "e1", "");
    event(181, "AddUserToGroup", "alice", "e2", "");
    event(20, "ListUsers", "alice", "e3", "");
    event(500, "ListUsers", "alice", "e4", "");
    write_file("one");
    struct trail_options options = {
        .on_records = note_records, .user = minutes, .until = (int64_t)(T0 + 240) * 1000};
    struct trail *t = trail_new(&fixture_pack, &options, NULL);
    ck_assert_int_eq(trail_scan(t, "one", NULL), TRAIL_OK);
    ck_assert_uint_eq(minutes[0], 61);
    ck_assert_uint_eq(minutes[1], 30);
    ck_assert_uint_eq(minutes[2], 0);
    ck_assert_uint_eq(minutes[3], 1);
    trail_free(t);
}
END_TEST

/* By minute since T0. */
struct by_minute {
    uint64_t n[40];
    const char *group;
};

static void note_meeting(void *user, const struct trail_alert *alert, struct trail_slice group,
                         int64_t minute, uint64_t n)
{
    struct by_minute *m = user;
    if (!alert)
        return;
    ck_assert_ptr_eq(alert, &fixture_alerts[FIXTURE_SILENCE]);
    ck_assert_uint_eq(group.n, strlen(m->group));
    ck_assert_mem_eq(group.p, m->group, group.n);
    m->n[minute / 60000 - T0 / 60] += n;
}

/* Those in time, which come as stretches, and those that are late in their input and come one by one. */
START_TEST(events_of_which_only_the_time_matters_are_told_by_minute)
{
    static const struct trail_input_labels prod = {.application = {"prod-trail", 10}},
                                           other = {.application = {"b", 1}};
    struct by_minute m = {.group = "{\"application\":\"prod-trail\"}"};
    for (int i = 0; i < 150; i++)
        event(i, i % 2 ? "ListUsers" : "ConsoleLogin", "alice", "e1", "");
    event(1800, "ListUsers", "alice", "e2", "");
    event(30, "ListUsers", "alice", "e3", "");
    event(31, "AddUserToGroup", "alice", "e4", "");
    event(1801, "AddUserToGroup", "alice", "e5", "");
    event(7200, "ListUsers", "alice", "e6", "");
    write_file("one");
    struct trail_options options = {
        .on_records = note_meeting, .user = &m, .now = (int64_t)(T0 + 2400) * 1000};
    struct trail *t = trail_new(&fixture_pack, &options, NULL);
    ck_assert_int_eq(trail_scan(t, "one", &other), TRAIL_OK); /* is not the alert's */
    ck_assert_int_eq(trail_scan(t, "one", &prod), TRAIL_OK);
    ck_assert_uint_eq(m.n[0], 62);
    ck_assert_uint_eq(m.n[1], 60);
    ck_assert_uint_eq(m.n[2], 30);
    ck_assert_uint_eq(m.n[3], 0);
    ck_assert_uint_eq(m.n[30], 2);
    trail_free(t);
}
END_TEST

START_TEST(an_array_is_a_group_for_each_value)
{
    event(0, "Tag", "alice", "e1", ",\"tags\":[\"a\",\"b\",[\"a\",null,{}]]");
    event(1, "Tag", "alice", "e2", ",\"tags\":[\"b\",\"c\"]");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"group\":{\"tags\":\"b\",\"userIdentity.userName\":\"alice\"}"));
    ck_assert_uint_eq(trail_counts(r.t, FIXTURE_TAGS).hits, 2);
    free_run(&r);
}
END_TEST

START_TEST(an_absent_group_value_is_null)
{
    for (int i = 0; i < 2; i++)
        line("{\"eventTime\":\"%" PRId64 "\",\"tags\":[],\"eventID\":\"e%d\"}\n", T0 + i, i);
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 1);
    ck_assert_ptr_nonnull(strstr(r.said.p, "\"group\":{\"tags\":null,\"userIdentity.userName\":null}"));
    free_run(&r);
}
END_TEST

START_TEST(groups_of_one_event_are_bounded)
{
    for (int i = 0; i < 2; i++) {
        line("{\"eventTime\":\"%" PRId64 "\",\"userName\":\"alice\",\"eventID\":\"e%d\",\"tags\":[", T0 + i,
             i);
        for (int k = 0; k < 1000; k++)
            line("%s%d", k ? "," : "", k);
        line("]}\n");
    }
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 64);
    ck_assert_uint_eq(trail_counts(r.t, FIXTURE_TAGS).hits, 2);
    free_run(&r);
}
END_TEST

START_TEST(an_event_delivered_twice_counts_once)
{
    for (int i = 0; i < 2; i++)
        event(0, "AddUserToGroup", "alice", "e1", "");
    event(0, "AddUserToGroup", "alice", "e1", ",\"other\":1");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    r.options.on_hit = on_hit;
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_uint_eq(r.alerts, 2);
    ck_assert_uint_eq(r.hits, 2);
    ck_assert_uint_eq(r.stats.matched, 3);
    ck_assert_uint_eq(r.stats.duplicates, 1);
    ck_assert_uint_eq(trail_counts(r.t, FIXTURE_ADMIN).hits, 2);
    free_run(&r);
}
END_TEST

START_TEST(a_hit_carries_the_event_as_logged)
{
    line(" {\"eventName\" : \"AddUserToGroup\", \"eventID\":7 }\n");
    write_file("one");
    struct run r = {0};
    r.options = told(&r);
    r.options.on_hit = on_hit;
    r.options.on_alert = NULL;
    scan(&r, &fixture_pack, NULL, PATHS("one"));
    ck_assert_str_eq(r.said.p,
                     "{\"id\":\"new-admin\",\"time\":null,\"source\":{\"path\":\"one\",\"record\":1},"
                     "\"event_id\":\"7\",\"event\":{\"eventName\":\"AddUserToGroup\",\"eventID\":7}}\n");
    ck_assert_uint_eq(trail_counts(r.t, FIXTURE_ADMIN).fired, 1);
    free_run(&r);
}
END_TEST

/* ---- labels ------------------------------------------------------------------------------- */

START_TEST(labels_choose_alerts)
{
    event(0, "DeleteTrail", "alice", "e1", "");
    write_file("one");
    ck_assert_uint_eq(alerts_of(&fixture_pack, "prod-eu", "one"), 1);
    ck_assert_uint_eq(alerts_of(&fixture_pack, "test", "one"), 0);
    ck_assert_uint_eq(alerts_of(&fixture_pack, NULL, "one"), 0);
}
END_TEST

START_TEST(a_record_gives_the_label_that_its_input_does_not)
{
    event(0, "DeleteTrail", "alice", "e1", ",\"app\":\"prod-eu\"");
    event(0, "DeleteTrail", "alice", "e2", ",\"app\":\"test\"");
    event(0, "DeleteTrail", "alice", "e3", ",\"app\":[\"pr\\u006fd-us\",\"x\"]");
    event(0, "DeleteTrail", "alice", "e4", "");
    write_file("one");
    ck_assert_uint_eq(alerts_of(&fixture_labelled_pack, NULL, "one"), 2);
    ck_assert_uint_eq(alerts_of(&fixture_labelled_pack, "test", "one"), 0);
    ck_assert_uint_eq(alerts_of(&fixture_labelled_pack, "prod-x", "one"), 4);
}
END_TEST

/* More groups than there is memory for, in a file that is read in blocks. */
START_TEST(what_is_forgotten_does_not_hang_on_threads)
{
    char user[32];
    for (int i = 0; i < 12000; i++) {
        snprintf(user, sizeof user, "user-%d", i % 7 ? i * 7919 % 10000 : i % 50);
        numbered_event(i, i / 8 + i * 31 % 400, i % 3 ? "ConsoleLogin" : "ListUsers", user,
                       i % 5 ? ",\"sourceIPAddress\":\"192.0.2.1\"" : ",\"tags\":[1,2]");
    }
    write_file("one");
    struct run r[4] = {0};
    for (unsigned threads = 1; threads <= 3; threads++) {
        r[threads].options = told(&r[threads]);
        r[threads].options.threads = threads;
        r[threads].options.groups_limit = 60000;
        scan(&r[threads], &fixture_pack, "prod-trail", PATHS("one"));
        ck_assert_int_eq(r[threads].status, TRAIL_DAMAGED);
        assert_same(&r[1], &r[threads]);
    }
    ck_assert_uint_gt(r[1].stats.forgotten, 1000);
    assert_has(&r[1], "\"id\":\"trail.memory\",\"priority\":\"P2\",\"state\":\"firing\"");
    assert_has(&r[1], "groups forgotten: 60000 bytes of memory for groups are full");
    assert_has(&r[1], "groups were forgotten, for memory for groups was full: counts may be too low");
    for (unsigned threads = 1; threads <= 3; threads++)
        free_run(&r[threads]);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("engine");
    TCase *t = tcase_create("engine");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, what_is_forgotten_does_not_hang_on_threads);
    tcase_add_test(t, another_abi_is_refused);
    tcase_add_test(t, options_without_sense_are_refused);
    tcase_add_test(t, nothing_follows_the_end);
    tcase_add_test(t, a_notification_carries_the_event_where_it_is_wanted);
    tcase_add_test(t, records_are_told_by_minute_wanted_or_not);
    tcase_add_test(t, events_of_which_only_the_time_matters_are_told_by_minute);
    tcase_add_test(t, null_is_all_defaults);
    tcase_add_test(t, an_immediate_alert_carries_its_fields);
    tcase_add_test(t, an_alert_without_show_carries_the_event);
    tcase_add_test(t, counts_are_per_group_with_a_breakdown);
    tcase_add_test(t, what_counts_is_told_in_the_order_of_time_and_once);
    tcase_add_test(t, an_array_is_a_group_for_each_value);
    tcase_add_test(t, an_absent_group_value_is_null);
    tcase_add_test(t, groups_of_one_event_are_bounded);
    tcase_add_test(t, an_event_delivered_twice_counts_once);
    tcase_add_test(t, a_hit_carries_the_event_as_logged);
    tcase_add_test(t, labels_choose_alerts);
    tcase_add_test(t, a_record_gives_the_label_that_its_input_does_not);
    suite_add_tcase(s, t);
    return run_suite(s);
}

/*
 * When an alert fires: `immediately`, silence, several conditions, active hours; case by case.
 */
#include "scene.h"

/* ---- immediately ---- */

START_TEST(immediately_is_at_once_and_in_the_order_of_arrival)
{
    struct trail_alert a = ALERT(WHEN(IMMEDIATELY), BY_IP);
    struct scene *s = scene_of(&a);
    struct hit h = scene_hit(START + 9 * SECOND, "late one");
    h.fields = str("{\"f\":1}");
    h.breakdown = str("{\"ip\":[\"1\"]}");
    scene_push(s, h);
    ck_assert_uint_eq(s->n, 1);
    scene_at(s, 3);
    EXPECT(
        s,
        "9 a FIRING P3 {} \"1 matching event\" n=1 (-,-] 9..9 ids=[\"late one\"] by={\"ip\":{\"1\":1}} "
        "fields={\"f\":1} record=1 held=0",
        "3 a FIRING P3 {} \"1 matching event\" n=1 (-,-] 3..3 ids=[\"e3\"] by={} fields={} record=2 held=0");
    ck_assert_str_ne(s->keys[0], s->keys[1]);
    struct window_stats stats;
    window_stats(s->w, &stats);
    ck_assert_uint_eq(stats.pending + stats.groups, 0);
    ck_assert_uint_eq(window_fired(s->w, 0), 2);
    scene_free(s);
}
END_TEST

START_TEST(immediately_takes_what_no_window_takes)
{
    struct trail_alert a = ALERT(WHEN(IMMEDIATELY));
    struct scene *s = scene_of(&a);
    scene_at(s, 100);
    scene_advance(s, 0);
    ck_assert_uint_eq(scene_at(s, 99), WINDOW_LATE);
    ck_assert_uint_eq(scene_push(s, scene_hit(TRAIL_NO_TIME, NULL)), WINDOW_TIMELESS);
    struct hit h = scene_hit(START + HOUR, NULL);
    h.future = true;
    ck_assert_uint_eq(scene_push(s, h), WINDOW_FUTURE);
    EXPECT(s, "100 a FIRING", "99 a FIRING", "- a FIRING P3 {} \"1 matching event\" n=1 (-,-] -..- ids=[]",
           "3600 a FIRING");
    struct window_stats stats;
    window_stats(s->w, &stats);
    ck_assert_uint_eq(stats.late, 1);
    ck_assert_uint_eq(stats.timeless, 1);
    ck_assert_uint_eq(stats.future, 1);
    scene_free(s);
}
END_TEST

START_TEST(notify_every_holds_immediately_back_per_group)
{
    struct trail_alert a = ALERT(WHEN(IMMEDIATELY), BY_USER, .notify_every = MINUTE);
    struct scene *s = scene_of(&a);
    push_user(s, 59, "a"); /* out of order: the first is still the one that is told */
    push_user(s, 0, "a");
    push_user(s, 10, "b");
    push_user(s, 30, "a");
    push_user(s, 60, "a");
    push_user(s, 120, "a");
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "0 a FIRING P3 {\"user\":\"a\"} \"1 matching event\"", "10 a FIRING P3 {\"user\":\"b\"}",
           "60 a FIRING P3 {\"user\":\"a\"} \"1 matching event, 2 held back\" n=1 (-,-] 60..60 ids=[\"a60\"] "
           "by={} fields={} record=5 held=2",
           "120 a FIRING P3 {\"user\":\"a\"} \"1 matching event\"");
    scene_free(s);
}
END_TEST

START_TEST(what_has_no_place_in_the_order_is_rationed_as_of_the_watermark)
{
    struct trail_alert a = ALERT(WHEN(IMMEDIATELY), .notify_every = MINUTE);
    struct scene *s = scene_of(&a);
    scene_push(s, scene_hit(TRAIL_NO_TIME, NULL)); /* nothing was said yet */
    scene_push(s, scene_hit(TRAIL_NO_TIME, NULL));
    ck_assert_uint_eq(s->n, 1);
    scene_at(s, 0);
    scene_at(s, 59);
    scene_advance(s, 0);
    ck_assert_uint_eq(s->n, 2);                        /* the one at 0, with the one before it held back */
    ck_assert_uint_eq(scene_at(s, -500), WINDOW_LATE); /* as of 59: held back */
    scene_at(s, 100);
    scene_advance(s, 0);
    ck_assert_uint_eq(scene_at(s, 2), WINDOW_LATE); /* as of 100 */
    EXPECT(s, "- a FIRING", "0 a FIRING P3 {} \"1 matching event, 1 held back\"",
           "2 a FIRING P3 {} \"1 matching event, 2 held back\"");
    scene_free(s);
}
END_TEST

/* ---- silence ---- */

START_TEST(silence_is_told_when_the_window_is_empty)
{
    struct trail_alert a =
        ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .notify_every = NEVER * SECOND, .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 100);
    scene_at(s, 5000);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s,
           "1900 a FIRING P3 {} \"0 in 30m, less than 1\" n=0 (100,1900] -..- ids=[] by={} fields={} "
           "record=0 held=0",
           "5000 a RESOLVED P3 {} \"at least 1 in 30m, no longer less than 1\" n=1 (3200,5000] 5000..5000 "
           "ids=[]");
    scene_free(s);
}
END_TEST

START_TEST(silence_begins_with_what_was_read)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .notify_every = NEVER * SECOND);
    struct scene *s = scene_of(&a);
    s->from = START; /* events that did not match */
    s->newest = START + 30 * MINUTE - 1;
    scene_advance(s, 0);
    EXPECT_NOTHING(s);
    s->newest = START + 30 * MINUTE;
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "1800 a FIRING P3 {} \"0 in 30m, less than 1\" n=0 (0,1800]");
    scene_free(s);
}
END_TEST

START_TEST(silence_does_not_reach_beyond_what_was_read)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)));
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + 30 * MINUTE - 1);
    EXPECT_NOTHING(s);
    scene_free(s);
}
END_TEST

START_TEST(nothing_read_is_no_silence)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)));
    struct scene *s = scene_of(&a);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT_NOTHING(s);
    scene_free(s);
}
END_TEST

START_TEST(too_few_are_silence_too)
{
    struct trail_alert a =
        ALERT(WHEN(AT_MOST(1, MINUTE)), .notify_every = NEVER * SECOND, .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 50);
    scene_at(s, 80);
    scene_at(s, 100);
    scene_at(s, 200);
    scene_finish(s, TRAIL_NO_TIME);
    /* at 60 (0,60] holds one event only */
    EXPECT(s, "60 a FIRING P3 {} \"1 in 1m, at most 1\" n=1 (0,60] 50..50 ids=[\"e50\"]",
           "80 a RESOLVED P3 {} \"2 in 1m, no longer at most 1\"",
           "140 a FIRING P3 {} \"1 in 1m, at most 1\" n=1 (80,140] 100..100");
    scene_free(s);
}
END_TEST

/* Times in seconds at which the only alert was told. */
static void expect_times(const struct scene *s, const int64_t *seconds, size_t n)
{
    ck_assert_uint_eq(s->n, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(strtoll(s->lines[i], NULL, 10) == seconds[i], "line %zu: %s", i, s->lines[i]);
}

START_TEST(a_silence_that_stands_is_told_more_and_more_seldom)
{
    static const int64_t hours[] = {0, 7, 14, 21, 28, 56, 112, 224, 448};
    int64_t told[9];
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, HOUR)), .notify_every = 7 * HOUR);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + 450 * HOUR);
    for (size_t i = 0; i < 9; i++)
        told[i] = 3600 + hours[i] * 3600; /* a day after the beginning, and from then on doubled */
    expect_times(s, told, 9);
    for (size_t i = 1; i < s->n; i++)
        ck_assert_str_eq(s->keys[0], s->keys[i]);
    scene_free(s);
}
END_TEST

START_TEST(a_rare_repeat_stays_rare)
{
    static const int64_t told[] = {3600, 3600 + 5 * 86400, 3600 + 10 * 86400, 3600 + 20 * 86400};
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, HOUR)), .notify_every = 5 * 24 * HOUR);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + 25 * 24 * HOUR);
    expect_times(s, told, 4);
    scene_free(s);
}
END_TEST

START_TEST(a_new_silence_is_told_often_again)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, HOUR)));
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 10 * 86400);
    scene_finish(s, START + (10 * 86400 + 3600 + 600) * SECOND);
    /* 145 in the first day, after two, four, eight; and two */
    ck_assert_uint_eq(s->n, 145 + 3 + 2);
    ck_assert_ptr_nonnull(strstr(s->lines[148], "867600 a FIRING"));
    ck_assert_ptr_nonnull(strstr(s->lines[149], "868200 a FIRING"));
    scene_free(s);
}
END_TEST

START_TEST(a_silence_behind_a_long_count_is_told_often)
{
    /* The count fires for days before the silence begins. */
    struct trail_condition c[] = {{TRAIL_AT_LEAST, 4, 1, 72 * HOUR, 0},
                                  {TRAIL_LESS_THAN, 1, 1, 48 * HOUR, 0}};
    struct trail_alert a = ALERT(.n_conditions = 2, .conditions = c, .notify_every = 30 * HOUR);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + 80 * HOUR);
    EXPECT(s, "0 a FIRING P4", "108000 a FIRING P4", "172800 a FIRING P1", "280800 a FIRING P1");
    scene_free(s);
}
END_TEST

START_TEST(one_absurd_date_floods_nothing)
{
    static const char *const firsts[] = {"\"1970-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00Z\""};
    for (size_t i = 0; i < 2; i++) {
        struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)));
        struct scene *s = scene_of(&a);
        scene_push(s, scene_hit(trail_time_parse(str(firsts[i])), "absurd"));
        scene_at(s, 0);
        scene_finish(s, TRAIL_NO_TIME);
        ck_assert_uint_gt(s->n, 145);
        ck_assert_uint_lt(s->n, 170);
        scene_free(s);
    }
}
END_TEST

START_TEST(from_the_first_year_to_the_last)
{
    struct trail_alert a[] = {
        ALERT(.id = "always", WHEN(LESS_THAN(1, 30 * MINUTE))),
        ALERT(.id = "in hours", WHEN(LESS_THAN(1, 30 * MINUTE)), .n_active = 1,
              .active = (const struct trail_hours[]){{64, 660, 720, NULL}}),
        ALERT(.id = "each", WHEN(LESS_THAN(1, 30 * MINUTE)), BY_USER, .retire = 365 * 24 * HOUR)};
    struct scene *s = scene_new(a, 3, 0, 0);
    static const char *const times[] = {"\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59Z\""};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < 3; k++) {
            struct hit h = scene_hit(trail_time_parse(str(times[i])), NULL);
            h.alert = k;
            scene_push(s, h);
        }
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_uint_lt(s->n, 500);
    scene_free(s);
}
END_TEST

static const struct trail_label prod_and_stage[] = {{false, {"prod", 4}}, {false, {"st\"age", 6}}};

START_TEST(a_declared_name_that_never_came_is_silent)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {2, prod_and_stage},
                                 .notify_every = NEVER * SECOND);
    ck_assert(window_by_application(&a));
    struct scene *s = scene_of(&a);
    for (int i = 0; i <= 2000; i += 100) {
        struct hit h = scene_hit(START + i * SECOND, NULL);
        h.group = str("{\"application\":\"prod\"}");
        scene_push(s, h);
    }
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "1800 a FIRING P3 {\"application\":\"st\\\"age\"} \"0 in 30m, less than 1\"");
    scene_free(s);
}
END_TEST

static const struct trail_label prod_any[] = {{false, {"prod-*", 6}}};
static const struct trail_label mixed[] = {{false, {"prod", 4}}, {false, {"stage-*", 7}}};
static const struct trail_label not_dev[] = {{true, {"dev", 3}}};

static unsigned push_application(struct scene *s, int64_t seconds, const char *application)
{
    char group[64];
    snprintf(group, sizeof group, "{\"application\":\"%s\"}", application);
    struct hit h = scene_hit(START + seconds * SECOND, NULL);
    h.group = str(group);
    return scene_push(s, h);
}

START_TEST(each_application_that_a_pattern_takes_is_silent_for_itself)
{
    struct trail_alert a =
        ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {1, prod_any}, .notify_every = NEVER * SECOND);
    struct scene *s = scene_of(&a);
    for (int i = 0; i <= 10; i++)
        push_application(s, i * 600, "prod-a"); /* goes on, and hides nobody's silence */
    push_application(s, 1200, "prod-b");
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "3000 a FIRING P3 {\"application\":\"prod-b\"} \"0 in 30m, less than 1\"");
    scene_free(s);
}
END_TEST

START_TEST(an_application_of_a_pattern_retires)
{
    struct trail_alert a =
        ALERT(WHEN(LESS_THAN(1, 10 * MINUTE)), .applications = {1, prod_any}, .retire = 25 * MINUTE);
    struct scene *s = scene_of(&a);
    push_application(s, 0, "prod-a");
    scene_finish(s, START + 24 * HOUR);
    EXPECT(s, "600 a FIRING", "1200 a FIRING");
    scene_free(s);
}
END_TEST

START_TEST(beside_a_pattern_a_name_is_declared)
{
    struct trail_alert a =
        ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {2, mixed}, .notify_every = NEVER * SECOND);
    struct scene *s = scene_of(&a);
    push_application(s, 600, "stage-1");
    s->from = START;
    scene_finish(s, START + HOUR);
    EXPECT(s, "1800 a FIRING P3 {\"application\":\"prod\"}",
           "2400 a FIRING P3 {\"application\":\"stage-1\"}");
    ck_assert_uint_eq(window_undecided(s->w, 0), 0);
    scene_free(s);
}
END_TEST

START_TEST(where_only_some_are_excluded_each_other_one_counts_for_itself)
{
    struct trail_alert a =
        ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {1, not_dev}, .notify_every = NEVER * SECOND);
    struct scene *s = scene_of(&a);
    window_labelled(s->w, false, false); /* it takes what has no label, so nothing is missing */
    push_application(s, 0, "");
    push_application(s, 60, "x");
    push_application(s, 2400, "");
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "1800 a FIRING P3 {\"application\":\"\"}", "1860 a FIRING P3 {\"application\":\"x\"}");
    scene_free(s);
}
END_TEST

START_TEST(patterns_that_nothing_met_leave_silence_undecided)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {1, prod_any});
    struct scene *s = scene_of(&a);
    s->from = START;
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_UNFED);
    push_application(s, 0, "prod-a");
    scene_finish(s, START + HOUR);
    ck_assert_uint_eq(window_undecided(s->w, 0), 0);
    scene_free(s);
}
END_TEST

START_TEST(what_no_input_is_labelled_as_is_not_silent)
{
    static const struct trail_label iam[] = {{false, {"iam", 3}}}, any[] = {{false, {"*", 1}}};
    struct trail_alert a[] = {
        ALERT(.id = "application", WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {2, prod_and_stage}),
        ALERT(.id = "subsystem", WHEN(LESS_THAN(1, 30 * MINUTE)), .subsystems = {1, iam}),
        ALERT(.id = "any", WHEN(LESS_THAN(1, 30 * MINUTE)), .subsystems = {1, any}),
        ALERT(.id = "pattern", WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {1, prod_any}),
        ALERT(.id = "many", WHEN(AT_LEAST(1, MINUTE)), .subsystems = {1, iam}),
    };
    struct scene *s = scene_new(a, 5, 0, 0);
    s->from = START;
    window_labelled(s->w, false, false);
    scene_finish(s, START + 31 * MINUTE);
    EXPECT(s, "1800 any FIRING");
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_NO_APPLICATION);
    ck_assert_uint_eq(window_undecided(s->w, 1), WINDOW_NO_SUBSYSTEM);
    ck_assert_uint_eq(window_undecided(s->w, 2), 0);
    ck_assert_uint_eq(window_undecided(s->w, 3), WINDOW_NO_APPLICATION);
    ck_assert_uint_eq(window_undecided(s->w, 4), 0);
    scene_free(s);

    s = scene_new(a, 2, 0, 0);
    s->from = START;
    window_labelled(s->w, false, true);
    scene_finish(s, START + 31 * MINUTE);
    EXPECT(s, "1800 subsystem FIRING");
    scene_free(s);
}
END_TEST

START_TEST(without_labels_a_name_is_undecided_and_what_any_input_feeds_is_not)
{
    static const struct trail_label name_or_any[] = {{false, {"prod", 4}}, {false, {"*", 1}}};
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {2, name_or_any},
                                 .notify_every = NEVER * SECOND);
    struct scene *s = scene_of(&a);
    window_labelled(s->w, false, false);
    push_application(s, 0, "");
    scene_finish(s, START + HOUR);
    EXPECT(s, "1800 a FIRING P3 {\"application\":\"\"}");
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_NO_APPLICATION);
    scene_free(s);
}
END_TEST

START_TEST(an_unreadable_input_of_a_pattern_is_not_silent)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {1, prod_any},
                                 .notify_every = NEVER * SECOND, .retire = HOUR);
    struct scene *s = scene_of(&a);
    struct trail_slice b = str("prod-b"), other = str("stage");
    ck_assert_int_eq(window_unknown(s->w, &other, NULL), TRAIL_OK);
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_UNFED);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(window_unknown(s->w, &b, NULL), TRAIL_OK);
    push_application(s, 0, "prod-a");
    push_application(s, 0, "prod-b");
    push_application(s, 6000, "prod-a");
    push_application(s, 6000, "prod-b"); /* the group was forgotten meanwhile, that it is unknown was not */
    scene_finish(s, START + 6000 * SECOND + 31 * MINUTE);
    EXPECT(s, "1800 a FIRING P3 {\"application\":\"prod-a\"}",
           "7800 a FIRING P3 {\"application\":\"prod-a\"}");
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_UNREAD);
    scene_free(s);
}
END_TEST

START_TEST(silence_without_groups_is_keyed_by_application)
{
    struct trail_alert silence = ALERT(WHEN(LESS_THAN(1, MINUTE)), .applications = {1, prod_any});
    struct trail_alert many = ALERT(WHEN(MORE_THAN(1, MINUTE)), .applications = {2, prod_and_stage});
    struct trail_alert grouped =
        ALERT(WHEN(LESS_THAN(1, MINUTE)), .applications = {2, prod_and_stage}, BY_USER);
    struct trail_alert unnamed = ALERT(WHEN(LESS_THAN(1, MINUTE)));
    ck_assert(window_by_application(&silence));
    ck_assert(!window_by_application(&many));
    ck_assert(!window_by_application(&grouped));
    ck_assert(!window_by_application(&unnamed));
}
END_TEST

START_TEST(what_could_not_be_read_is_not_silent)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {2, prod_and_stage},
                                 .notify_every = NEVER * SECOND);
    struct scene *s = scene_of(&a);
    s->from = START;
    struct trail_slice prod = str("prod"), other = str("other");
    ck_assert_int_eq(window_unknown(s->w, &other, NULL), TRAIL_OK);
    ck_assert_uint_eq(window_undecided(s->w, 0), 0);
    ck_assert_int_eq(window_unknown(s->w, &prod, NULL), TRAIL_OK);
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_UNREAD);
    s->newest = START + HOUR;
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "1800 a FIRING P3 {\"application\":\"st\\\"age\"}");
    scene_free(s);
}
END_TEST

START_TEST(an_input_of_unknown_label_silences_every_key)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .applications = {2, prod_and_stage});
    struct scene *s = scene_of(&a);
    s->from = START;
    ck_assert_int_eq(window_unknown(s->w, NULL, NULL), TRAIL_OK);
    ck_assert_uint_eq(window_undecided(s->w, 0), WINDOW_UNREAD);
    s->newest = START + HOUR;
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT_NOTHING(s);
    scene_free(s);
}
END_TEST

START_TEST(unknown_is_no_matter_to_alerts_that_count_many)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, MINUTE)));
    struct scene *s = scene_of(&a);
    ck_assert_int_eq(window_unknown(s->w, NULL, NULL), TRAIL_OK);
    ck_assert_uint_eq(window_undecided(s->w, 0), 0);
    scene_at(s, 0);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "0 a FIRING");
    scene_free(s);
}
END_TEST

START_TEST(a_seen_key_is_silent_until_it_retires)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 10 * MINUTE)), BY_USER, .retire = 35 * MINUTE);
    struct scene *s = scene_of(&a);
    push_user(s, 60, "a");
    push_user(s, 7200, "b");
    push_user(s, 7260, "a");
    scene_finish(s, START + 7900 * SECOND);
    EXPECT(s, "660 a FIRING P3 {\"user\":\"a\"}", "1260 a FIRING", "1860 a FIRING",
           "7800 a FIRING P3 {\"user\":\"b\"}", "7860 a FIRING P3 {\"user\":\"a\"}");
    ck_assert_str_eq(s->keys[0], s->keys[2]);
    ck_assert_str_ne(s->keys[0], s->keys[4]);
    scene_free(s);
}
END_TEST

START_TEST(a_key_does_not_retire_before_its_silence)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, 36 * HOUR)), BY_USER);
    struct scene *s = scene_of(&a);
    push_user(s, 0, "a");
    scene_finish(s, START + 72 * HOUR);
    EXPECT(s, "129600 a FIRING P3 {\"user\":\"a\"} \"0 in 36h, less than 1\"");
    scene_free(s);
}
END_TEST

/* ---- several conditions, hours ---- */

START_TEST(the_highest_priority_that_holds_wins)
{
    struct trail_condition c[] = {{TRAIL_AT_LEAST, 4, 2, 10 * MINUTE, 0}, {TRAIL_AT_LEAST, 1, 4, MINUTE, 0}};
    struct trail_alert a =
        ALERT(.n_conditions = 2, .conditions = c, .notify_every = 5 * MINUTE, .notify_resolved = true);
    struct scene *s = scene_of(&a);
    for (int i = 0; i < 5; i++)
        scene_at(s, i);
    scene_finish(s, START + HOUR);
    EXPECT(s, "1 a FIRING P4 {} \"2 in 10m, at least 2\"",
           "3 a FIRING P1 {} \"4 in 1m, at least 4\" n=4 (-57,3]",
           /* the higher one falls silently at 61; repeats and the end are the lower one's */
           "303 a FIRING P4 {} \"5 in 10m, at least 2\"",
           "603 a RESOLVED P4 {} \"1 in 10m, no longer at least 2\"");
    ck_assert_str_eq(s->keys[0], s->keys[1]);
    scene_free(s);
}
END_TEST

START_TEST(immediately_beside_a_count_says_both)
{
    struct trail_condition c[] = {{TRAIL_IMMEDIATELY, 5, 0, 0, 0}, {TRAIL_AT_LEAST, 2, 2, MINUTE, 0}};
    struct trail_alert a = ALERT(.n_conditions = 2, .conditions = c);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 1);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "0 a FIRING P5 {} \"1 matching event\"", "1 a FIRING P5 {} \"1 matching event\"",
           "1 a FIRING P2 {} \"2 in 1m, at least 2\"");
    scene_free(s);
}
END_TEST

static const struct trail_hours from_eleven[] = {{127, 11 * 60, 12 * 60, NULL}};

START_TEST(outside_the_hours_it_counts_and_the_first_event_in_them_fires)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(1, 2 * HOUR)), .n_active = 1, .active = from_eleven,
                                 .notify_every = 40 * MINUTE);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 1800);
    scene_at(s, 4000);
    scene_finish(s, START + 24 * HOUR);
    EXPECT(s,
           "4000 a FIRING P3 {} \"3 in 2h, more than 1\" n=3 (-3200,4000] 0..4000 "
           "ids=[\"e4000\",\"e1800\",\"e0\"] by={} fields={} record=3",
           "6400 a FIRING");
    scene_free(s);
}
END_TEST

START_TEST(the_hours_alone_fire_no_count)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(1, 2 * HOUR)), .n_active = 1, .active = from_eleven);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 1800);
    scene_finish(s, START + 24 * HOUR);
    EXPECT_NOTHING(s);
    scene_free(s);
}
END_TEST

START_TEST(the_hours_fire_a_silence)
{
    struct trail_alert a =
        ALERT(WHEN(LESS_THAN(1, 30 * MINUTE)), .n_active = 1, .active = from_eleven, .notify_every = HOUR);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + 24 * HOUR);
    EXPECT(s, "3600 a FIRING P3 {} \"0 in 30m, less than 1\"");
    scene_free(s);
}
END_TEST

START_TEST(a_count_that_nobody_was_told_of_hides_no_silence)
{
    /* Both hold when the hours begin. */
    struct trail_condition c[] = {{TRAIL_AT_LEAST, 1, 2, 2 * HOUR, 0},
                                  {TRAIL_LESS_THAN, 5, 1, 30 * MINUTE, 0}};
    struct trail_alert a =
        ALERT(.n_conditions = 2, .conditions = c, .n_active = 1, .active = from_eleven, .notify_every = HOUR);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 10);
    scene_at(s, 5000);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "3600 a FIRING P5 {} \"0 in 30m, less than 1\"", "5000 a FIRING P1 {} \"3 in 2h, at least 2\"");
    scene_free(s);
}
END_TEST

START_TEST(outside_the_hours_immediately_says_nothing)
{
    struct trail_alert a[] = {ALERT(.id = "at once", WHEN(IMMEDIATELY), .n_active = 1, .active = from_eleven),
                              ALERT(.id = "rationed", WHEN(IMMEDIATELY), .n_active = 1, .active = from_eleven,
                                    .notify_every = MINUTE)};
    struct scene *s = scene_new(a, 2, 0, 0);
    static const int64_t times[] = {3599, 3600, 7199, 7200};
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 2; k++) {
            struct hit h = scene_hit(START + times[i] * SECOND, NULL);
            h.alert = k;
            scene_push(s, h);
        }
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "3600 at once", "7199 at once", "3600 rationed FIRING P3 {} \"1 matching event\"",
           "7199 rationed FIRING");
    scene_free(s);
}
END_TEST

START_TEST(an_event_without_a_time_is_told_at_any_hour)
{
    struct trail_alert a = ALERT(WHEN(IMMEDIATELY), .n_active = 1, .active = from_eleven);
    struct scene *s = scene_of(&a);
    scene_push(s, scene_hit(TRAIL_NO_TIME, NULL));
    EXPECT(s, "- a FIRING");
    scene_free(s);
}
END_TEST

START_TEST(what_was_told_is_what_resolves)
{
    /* The higher condition begins to hold when it may not be told any more, and the lower one ends meanwhile.
     */
    struct trail_condition c[] = {{TRAIL_AT_LEAST, 5, 2, 10 * MINUTE, 0},
                                  {TRAIL_LESS_THAN, 1, 1, 5 * MINUTE, 0}};
    struct trail_alert a = ALERT(.n_conditions = 2, .conditions = c, .n_active = 1, .active = from_eleven,
                                 .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 6900);
    scene_at(s, 6910);
    scene_at(s, 7600);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "6910 a FIRING P5",
           "7600 a RESOLVED P5 {} \"1 in 10m, no longer at least 2\" n=1 (7000,7600] 7600..7600 "
           "ids=[\"e7600\"] by={} fields={} record=3");
    scene_free(s);
}
END_TEST

START_TEST(what_ends_before_the_hours_begin_is_never_told)
{
    struct trail_alert a =
        ALERT(WHEN(AT_LEAST(1, 30 * MINUTE)), .n_active = 1, .active = from_eleven, .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + 24 * HOUR);
    EXPECT_NOTHING(s);
    scene_free(s);
}
END_TEST

START_TEST(a_repeat_waits_for_the_hours_and_the_end_does_not)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, 25 * HOUR)), .n_active = 1, .active = from_eleven,
                                 .notify_every = HOUR, .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 5400);
    scene_finish(s, START + 48 * HOUR);
    EXPECT(s, "5400 a FIRING", "90000 a FIRING", "95400 a RESOLVED");
    scene_free(s);
}
END_TEST

static void add_immediately(Suite *suite)
{
    TCase *t = tcase_create("immediately");
    tcase_add_test(t, immediately_is_at_once_and_in_the_order_of_arrival);
    tcase_add_test(t, immediately_takes_what_no_window_takes);
    tcase_add_test(t, notify_every_holds_immediately_back_per_group);
    tcase_add_test(t, what_has_no_place_in_the_order_is_rationed_as_of_the_watermark);
    suite_add_tcase(suite, t);
}

static void add_silence(Suite *suite)
{
    TCase *t = tcase_create("silence");
    tcase_add_test(t, silence_is_told_when_the_window_is_empty);
    tcase_add_test(t, silence_begins_with_what_was_read);
    tcase_add_test(t, silence_does_not_reach_beyond_what_was_read);
    tcase_add_test(t, nothing_read_is_no_silence);
    tcase_add_test(t, too_few_are_silence_too);
    tcase_add_test(t, a_silence_that_stands_is_told_more_and_more_seldom);
    tcase_add_test(t, a_rare_repeat_stays_rare);
    tcase_add_test(t, a_new_silence_is_told_often_again);
    tcase_add_test(t, a_silence_behind_a_long_count_is_told_often);
    tcase_add_test(t, one_absurd_date_floods_nothing);
    tcase_add_test(t, from_the_first_year_to_the_last);
    tcase_add_test(t, a_declared_name_that_never_came_is_silent);
    tcase_add_test(t, each_application_that_a_pattern_takes_is_silent_for_itself);
    tcase_add_test(t, an_application_of_a_pattern_retires);
    tcase_add_test(t, beside_a_pattern_a_name_is_declared);
    tcase_add_test(t, where_only_some_are_excluded_each_other_one_counts_for_itself);
    tcase_add_test(t, patterns_that_nothing_met_leave_silence_undecided);
    tcase_add_test(t, what_no_input_is_labelled_as_is_not_silent);
    tcase_add_test(t, without_labels_a_name_is_undecided_and_what_any_input_feeds_is_not);
    tcase_add_test(t, an_unreadable_input_of_a_pattern_is_not_silent);
    tcase_add_test(t, silence_without_groups_is_keyed_by_application);
    tcase_add_test(t, what_could_not_be_read_is_not_silent);
    tcase_add_test(t, an_input_of_unknown_label_silences_every_key);
    tcase_add_test(t, unknown_is_no_matter_to_alerts_that_count_many);
    tcase_add_test(t, a_seen_key_is_silent_until_it_retires);
    tcase_add_test(t, a_key_does_not_retire_before_its_silence);
    suite_add_tcase(suite, t);
}

static void add_state(Suite *suite)
{
    TCase *t = tcase_create("state");
    tcase_add_test(t, the_highest_priority_that_holds_wins);
    tcase_add_test(t, immediately_beside_a_count_says_both);
    tcase_add_test(t, outside_the_hours_it_counts_and_the_first_event_in_them_fires);
    tcase_add_test(t, the_hours_alone_fire_no_count);
    tcase_add_test(t, the_hours_fire_a_silence);
    tcase_add_test(t, a_count_that_nobody_was_told_of_hides_no_silence);
    tcase_add_test(t, outside_the_hours_immediately_says_nothing);
    tcase_add_test(t, an_event_without_a_time_is_told_at_any_hour);
    tcase_add_test(t, what_was_told_is_what_resolves);
    tcase_add_test(t, what_ends_before_the_hours_begin_is_never_told);
    tcase_add_test(t, a_repeat_waits_for_the_hours_and_the_end_does_not);
    suite_add_tcase(suite, t);
}

int main(void)
{
    Suite *suite = suite_create("firing");
    add_immediately(suite);
    add_silence(suite);
    add_state(suite);
    return run_tap(suite);
}

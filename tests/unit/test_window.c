/*
 * Counts over sliding windows, what a notification carries, duplicates, lateness and memory, case by case.
 */
#include "scene.h"

#include <malloc.h>

/* ---- many ---- */

START_TEST(the_hundred_and_first_event_fires)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(100, 10 * MINUTE)));
    struct scene *s = scene_of(&a);
    for (int i = 0; i < 100; i++)
        scene_at(s, i);
    scene_at(s, 599);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "599 a FIRING P3 {} \"101 in 10m, more than 100\" n=101 (-1,599] 0..599 "
              "ids=[\"e599\",\"e99\",\"e98\","
              "\"e97\",\"e96\",\"e95\",\"e94\",\"e93\",\"e92\",\"e91\"] by={} fields={} record=101 held=0");
    scene_free(s);
}
END_TEST

START_TEST(an_event_as_old_as_the_window_is_out)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(1, MINUTE)));
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 60);
    scene_at(s, 119);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "119 a FIRING P3 {} \"2 in 1m, more than 1\" n=2 (59,119] 60..119");
    scene_free(s);
}
END_TEST

START_TEST(at_least_needs_one_less_than_more_than)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(2, MINUTE)));
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 1);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "1 a FIRING P3 {} \"2 in 1m, at least 2\" n=2");
    scene_free(s);
}
END_TEST

START_TEST(every_event_of_the_moment_is_in_the_count)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(1, MINUTE)));
    struct scene *s = scene_of(&a);
    for (int i = 0; i < 5; i++) {
        char id[16];
        snprintf(id, sizeof id, "x%d", i);
        scene_push(s, scene_hit(START, id));
    }
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "0 a FIRING P3 {} \"5 in 1m, more than 1\" n=5");
    scene_free(s);
}
END_TEST

START_TEST(it_repeats_while_it_holds_and_resolves_to_the_moment)
{
    struct trail_alert a =
        ALERT(WHEN(MORE_THAN(1, 10 * MINUTE)), .notify_every = 4 * MINUTE, .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 10);
    scene_at(s, 300);
    scene_at(s, 5000);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "10 a FIRING P3 {} \"2 in 10m, more than 1\" n=2",
           "250 a FIRING P3 {} \"2 in 10m, more than 1\" n=2 (-350,250] 0..10",
           "490 a FIRING P3 {} \"3 in 10m, more than 1\" n=3 (-110,490] 0..300",
           "610 a RESOLVED P3 {} \"1 in 10m, no longer more than 1\" n=1 (10,610] 300..300");
    for (size_t i = 1; i < s->n; i++)
        ck_assert_str_eq(s->keys[0], s->keys[i]);
    struct window_stats stats;
    window_stats(s->w, &stats);
    ck_assert_uint_eq(stats.fired, 3); /* that it is resolved fires nothing */
    ck_assert_uint_eq(window_fired(s->w, 0), 3);
    scene_free(s);
}
END_TEST

START_TEST(without_notify_every_it_repeats_each_ten_minutes)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, 25 * MINUTE)));
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + HOUR);
    EXPECT(s, "0 a FIRING", "600 a FIRING", "1200 a FIRING");
    scene_free(s);
}
END_TEST

START_TEST(resolving_is_silent_unless_asked_for)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, MINUTE)));
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + HOUR);
    EXPECT(s, "0 a FIRING");
    scene_free(s);
}
END_TEST

START_TEST(what_holds_at_the_end_stays_open)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, 10 * MINUTE)), .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + 10 * MINUTE - 1);
    EXPECT(s, "0 a FIRING");
    scene_free(s);
}
END_TEST

START_TEST(the_end_itself_is_decided)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, 10 * MINUTE)), .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_finish(s, START + 10 * MINUTE);
    EXPECT(s, "0 a FIRING", "600 a RESOLVED");
    scene_free(s);
}
END_TEST

START_TEST(it_can_fire_again_with_another_key)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, MINUTE)), .notify_resolved = true);
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    scene_at(s, 60);
    scene_at(s, 200);
    scene_finish(s, START + HOUR);
    EXPECT(s, "0 a FIRING", "120 a RESOLVED", "200 a FIRING", "260 a RESOLVED");
    ck_assert_str_eq(s->keys[0], s->keys[1]);
    ck_assert_str_eq(s->keys[2], s->keys[3]);
    ck_assert_str_ne(s->keys[0], s->keys[2]);
    scene_free(s);
}
END_TEST

START_TEST(groups_count_for_themselves_and_speak_in_order)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(1, MINUTE)), BY_USER);
    struct scene *s = scene_of(&a);
    push_user(s, 0, "zoe");
    push_user(s, 0, "al");
    push_user(s, 1, "bob");
    push_user(s, 5, "zoe");
    push_user(s, 5, "al");
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "5 a FIRING P3 {\"user\":\"al\"}", "5 a FIRING P3 {\"user\":\"zoe\"}");
    ck_assert_str_ne(s->keys[0], s->keys[1]);
    scene_free(s);
}
END_TEST

START_TEST(one_event_can_count_in_several_groups)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, MINUTE)), BY_USER);
    struct scene *s = scene_of(&a);
    struct hit h = scene_hit(START, "same");
    h.group = str("{\"user\":\"a\"}");
    ck_assert_uint_eq(scene_push(s, h), 0);
    h.group = str("{\"user\":\"b\"}");
    ck_assert_uint_eq(scene_push(s, h), 0);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "0 a FIRING P3 {\"user\":\"a\"}", "0 a FIRING P3 {\"user\":\"b\"}");
    scene_free(s);
}
END_TEST

START_TEST(a_count_is_exact_up_to_a_thousand)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(1, HOUR)), .notify_every = 1000 * SECOND);
    struct scene *s = scene_of(&a);
    for (int i = 0; i < 1100; i++)
        scene_at(s, i);
    scene_finish(s, START + 2001 * SECOND);
    EXPECT(s, "1 a FIRING P3 {} \"2 in 1h, more than 1\" n=2",
           "1001 a FIRING P3 {} \"at least 1000 in 1h, more than 1\" n=1000",
           "2001 a FIRING P3 {} \"at least 1000 in 1h, more than 1\" n=1000");
    scene_free(s);
}
END_TEST

START_TEST(a_count_of_exactly_a_thousand_is_no_lower_bound)
{
    struct trail_alert a = ALERT(WHEN(MORE_THAN(1, HOUR)), .notify_every = 1000 * SECOND);
    struct scene *s = scene_of(&a);
    for (int i = 2; i < 1002; i++)
        scene_at(s, i);
    scene_finish(s, START + 1003 * SECOND);
    EXPECT(s, "3 a FIRING P3 {} \"2 in 1h", "1003 a FIRING P3 {} \"1000 in 1h");
    scene_free(s);
}
END_TEST

START_TEST(dedup_keys_do_not_change_between_versions)
{
    struct trail_alert a[] = {ALERT(.id = "count", WHEN(AT_LEAST(1, MINUTE))),
                              ALERT(.id = "event", WHEN(IMMEDIATELY))};
    struct scene *s = scene_new(a, 2, 0, 0);
    struct hit h = scene_hit(START, "e0");
    scene_push(s, h);
    h.alert = 1;
    scene_push(s, h);
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_uint_eq(s->n, 2);
    ck_assert_str_eq(s->keys[0], "51455cd4847eaf583c38723cc6934d21");
    ck_assert_str_eq(s->keys[1], "04fc864adfa3f13b0752c22ed8317ba3");
    scene_free(s);
}
END_TEST

/* ---- what a notification carries ---- */

static void push_breakdown(struct scene *s, int64_t seconds, int64_t number, const char *breakdown)
{
    char id[32];
    snprintf(id, sizeof id, "i%lld", (long long)number);
    struct hit h = scene_hit(START + seconds * SECOND, id);
    h.breakdown = str(breakdown);
    scene_push(s, h);
}

START_TEST(the_breakdown_counts_values_by_frequency_then_name)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(6, MINUTE)), BY_IP);
    struct scene *s = scene_of(&a);
    push_breakdown(s, 0, 1, "{\"ip\":[\"b\"]}");
    push_breakdown(s, 1, 2, "{\"ip\":[\"b\",\"a\",\"b\"]}");
    push_breakdown(s, 2, 3, "{\"ip\":[\"c\",\"b\"]}");
    push_breakdown(s, 3, 4, "{\"ip\":[\"c\",12,true,{\"x\":[1,\"}\"]}]}");
    push_breakdown(s, 4, 5, "{}");
    push_breakdown(s, 5, 6, "");
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(
        s,
        "5 a FIRING P3 {} \"6 in 1m, at least 6\" n=6 (-55,5] 0..5 "
        "ids=[\"i6\",\"i5\",\"i4\",\"i3\",\"i2\",\"i1\"] "
        "by={\"ip\":{\"b\":3,\"c\":2,\"a\":1,\"12\":1,\"true\":1,\"{\\\"x\\\":[1,\\\"}\\\"]}\":1}} fields");
    scene_free(s);
}
END_TEST

START_TEST(the_breakdown_follows_the_alerts_order_of_fields)
{
    static const uint16_t both[] = {FIELD_USER, FIELD_IP};
    struct trail_alert a = ALERT(WHEN(AT_LEAST(2, MINUTE)), .breakdown = {2, both});
    struct scene *s = scene_of(&a);
    push_breakdown(s, 0, 1, "{\"ip\":[\"1\"],\"user\":[\"u\"]}");
    push_breakdown(s, 1, 2, "{\"ip\":[\"1\"]}");
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_ptr_nonnull(strstr(s->lines[0], "by={\"user\":{\"u\":1},\"ip\":{\"1\":2}}"));
    scene_free(s);
}
END_TEST

START_TEST(the_breakdown_lists_fifty_values_and_a_rest)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(53, HOUR)), BY_IP);
    struct scene *s = scene_of(&a);
    for (int i = 0; i < 52; i++) {
        char breakdown[64];
        snprintf(breakdown, sizeof breakdown, "{\"ip\":[\"v%02d\"]}", i);
        push_breakdown(s, i, i, breakdown);
    }
    push_breakdown(s, 52, 52, "{\"ip\":[\"v51\"]}");
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_ptr_nonnull(strstr(s->lines[0], "by={\"ip\":{\"v51\":2,\"v00\":1,\"v01\":1,"));
    ck_assert_ptr_nonnull(strstr(s->lines[0], "\"v48\":1,\"(2 other values)\":2}}"));
    scene_free(s);
}
END_TEST

START_TEST(a_broken_breakdown_is_survived)
{
    static const char *const broken[] = {"{",
                                         "[]",
                                         "{\"ip\"",
                                         "{\"ip\":",
                                         "{\"ip\":[",
                                         "{\"ip\":[\"",
                                         "{\"ip\":[\"\\",
                                         "{\"ip\":[1,,2]}",
                                         "{\"ip\":3}",
                                         "{\"ip\":[]}",
                                         "{:[1]}",
                                         "]",
                                         "{\"ip\":[{]}]}"};
    struct trail_alert a = ALERT(WHEN(AT_LEAST(sizeof broken / sizeof *broken, HOUR)), BY_IP);
    struct scene *s = scene_of(&a);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        push_breakdown(s, (int64_t)i, (int64_t)i, broken[i]);
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_uint_eq(s->n, 1);
    scene_free(s);
}
END_TEST

START_TEST(fields_and_source_are_the_newest_events)
{
    struct trail_alert a =
        ALERT(WHEN(MORE_THAN(1, 10 * MINUTE)), .notify_every = MINUTE, .notify_resolved = true);
    struct scene *s = scene_of(&a);
    struct hit h = scene_hit(START, "a");
    h.fields = str("{\"f\":1}");
    scene_push(s, h);
    h = scene_hit(START + 10 * SECOND, "b");
    h.fields = str("{\"f\":2}");
    scene_push(s, h);
    h = scene_hit(START + 20 * SECOND, "c");
    h.fields = str("{\"f\":3}");
    scene_push(s, h);
    scene_finish(s, START + 70 * SECOND);
    EXPECT(s,
           "10 a FIRING P3 {} \"2 in 10m, more than 1\" n=2 (-590,10] 0..10 ids=[\"b\",\"a\"] by={} "
           "fields={\"f\":2} record=2",
           "70 a FIRING P3 {} \"3 in 10m, more than 1\" n=3 (-530,70] 0..20 ids=[\"c\",\"b\",\"a\"] by={} "
           "fields={\"f\":3} record=3");
    scene_free(s);
}
END_TEST

START_TEST(an_id_from_a_log_is_escaped)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, MINUTE)));
    struct scene *s = scene_of(&a);
    scene_push(s, scene_hit(START, "\"\n\033[31m"));
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_ptr_nonnull(strstr(s->lines[0], "ids=[\"\\\"\\n\\u001b[31m\"]"));
    scene_free(s);
}
END_TEST

/* ---- duplicates, lateness, memory ---- */

START_TEST(a_record_that_comes_twice_counts_once)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(2, MINUTE)));
    struct scene *s = scene_of(&a);
    ck_assert_uint_eq(scene_at(s, 0), 0);
    ck_assert_uint_eq(scene_at(s, 0), WINDOW_DUPLICATE);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT_NOTHING(s);
    struct window_stats stats;
    window_stats(s->w, &stats);
    ck_assert_uint_eq(stats.duplicates, 1);
    scene_free(s);
}
END_TEST

START_TEST(the_same_id_with_other_bytes_is_kept_and_reported_once)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(2, MINUTE)));
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    for (uint64_t i = 1; i <= 2; i++) {
        struct hit h = scene_hit(START, "e0");
        h.record_hash[1] += i;
        ck_assert_uint_eq(scene_push(s, h), WINDOW_OTHER);
    }
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "0 a FIRING P3 {} \"3 in 1m");
    ck_assert_uint_eq(s->problems, 1);
    ck_assert_ptr_nonnull(strstr(s->problem, "other bytes"));
    scene_free(s);
}
END_TEST

START_TEST(an_event_without_an_id_is_no_duplicate)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(2, MINUTE)));
    struct scene *s = scene_of(&a);
    scene_push(s, scene_hit(START, NULL));
    ck_assert_uint_eq(scene_push(s, scene_hit(START, NULL)), 0);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "0 a FIRING P3 {} \"2 in 1m, at least 2\" n=2 (-60,0] 0..0 ids=[]");
    scene_free(s);
}
END_TEST

START_TEST(each_alert_knows_its_own_duplicates)
{
    struct trail_alert a[] = {ALERT(.id = "a", WHEN(AT_LEAST(1, MINUTE))),
                              ALERT(.id = "b", WHEN(AT_LEAST(1, MINUTE)))};
    struct scene *s = scene_new(a, 2, 0, 0);
    struct hit h = scene_hit(START, "x");
    ck_assert_uint_eq(scene_push(s, h), 0);
    h.alert = 1;
    ck_assert_uint_eq(scene_push(s, h), 0);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "0 a FIRING", "0 b FIRING");
    scene_free(s);
}
END_TEST

START_TEST(the_watermark_itself_is_in_time)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(2, MINUTE)));
    struct scene *s = scene_of(&a);
    scene_at(s, 0);
    ck_assert_int_eq(window_advance(s->w, START, START), TRAIL_OK);
    ck_assert_uint_eq(scene_push(s, scene_hit(START, "x")), 0);
    ck_assert_uint_eq(scene_push(s, scene_hit(START - 1, "y")), WINDOW_LATE);
    ck_assert_int_eq(window_advance(s->w, START, START + 1), TRAIL_OK);
    EXPECT(s, "0 a FIRING P3 {} \"2 in 1m");
    ck_assert_uint_eq(scene_push(s, scene_hit(START, "z")), WINDOW_LATE);
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_uint_eq(s->n, 1);
    scene_free(s);
}
END_TEST

START_TEST(the_watermark_never_goes_back)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(2, MINUTE)));
    struct scene *s = scene_of(&a);
    scene_at(s, 100);
    scene_advance(s, 0);
    ck_assert_int_eq(window_advance(s->w, START, START), TRAIL_OK);
    ck_assert_int_eq(window_advance(s->w, START, TRAIL_NO_TIME), TRAIL_OK);
    ck_assert_uint_eq(scene_at(s, 50), WINDOW_LATE);
    scene_free(s);
}
END_TEST

START_TEST(future_events_enter_no_window)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, MINUTE)));
    struct scene *s = scene_of(&a);
    struct hit h = scene_hit(START + 365 * 24 * HOUR, "x");
    h.future = true;
    ck_assert_uint_eq(scene_push(s, h), WINDOW_FUTURE | WINDOW_UNCOUNTED);
    ck_assert_uint_eq(scene_push(s, scene_hit(TRAIL_NO_TIME, "y")), WINDOW_TIMELESS | WINDOW_UNCOUNTED);
    scene_finish(s, START);
    EXPECT_NOTHING(s);
    scene_free(s);
}
END_TEST

START_TEST(a_group_keeps_no_more_than_it_needs)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(5, 24 * HOUR)), .notify_every = NEVER * SECOND);
    struct scene *s = scene_of(&a);
    size_t least = SIZE_MAX, most = 0;
    for (int i = 0; i < 200000; i++) {
        scene_push(s, scene_hit(START + i * 10, NULL));
        if (i % 100 == 0)
            scene_advance(s, MINUTE);
        if (i < 20000 || i % 1000 != 0)
            continue;
        size_t used = mallinfo2().uordblks;
        least = used < least ? used : least;
        most = used > most ? used : most;
    }
    ck_assert_uint_lt(most - least, 1 << 20);
    scene_free(s);
}
END_TEST

START_TEST(groups_are_forgotten_when_nothing_is_left_of_them)
{
    struct trail_alert a[] = {ALERT(.id = "count", WHEN(AT_LEAST(2, MINUTE)), BY_USER),
                              ALERT(.id = "ration", WHEN(IMMEDIATELY), BY_USER, .notify_every = MINUTE)};
    struct scene *s = scene_new(a, 2, 0, 0);
    struct window_stats stats;
    for (int i = 0; i < 20000; i++) {
        char group[64];
        snprintf(group, sizeof group, "{\"user\":\"%d\"}", i);
        struct hit h = scene_hit(START + i * SECOND, NULL);
        h.group = str(group);
        scene_push(s, h);
        h.alert = 1;
        scene_push(s, h);
        scene_advance(s, 0);
        window_stats(s->w, &stats);
        ck_assert_uint_lt(stats.groups, 1000);
    }
    scene_free(s);
}
END_TEST

START_TEST(wrong_use_is_refused)
{
    struct trail_alert a = ALERT(WHEN(IMMEDIATELY));
    struct scene *s = scene_of(&a);
    struct hit h = scene_hit(START, "x");
    h.alert = 1;
    ck_assert_int_eq(window_hit(s->w, &h, NULL), TRAIL_INVALID);
    scene_finish(s, TRAIL_NO_TIME);
    h.alert = 0;
    ck_assert_int_eq(window_hit(s->w, &h, NULL), TRAIL_INVALID);
    ck_assert_int_eq(window_advance(s->w, START, START), TRAIL_INVALID);
    ck_assert_int_eq(window_finish(s->w, START, START), TRAIL_INVALID);
    scene_free(s);
}
END_TEST

START_TEST(moments_at_the_ends_of_time_are_survived)
{
    static const struct trail_hours hours[] = {{127, 11 * 60, 12 * 60, NULL}};
    struct trail_alert a[] = {
        ALERT(.id = "m", WHEN(AT_LEAST(1, INT64_MAX)), .notify_every = INT64_MAX, .notify_resolved = true),
        ALERT(.id = "l", WHEN(LESS_THAN(UINT64_MAX, INT64_MAX)), BY_USER, .notify_every = INT64_MAX),
        ALERT(.id = "n", WHEN(AT_MOST(UINT64_MAX, 1)), .notify_every = INT64_MAX),
        ALERT(.id = "o", WHEN(MORE_THAN(UINT64_MAX, 1)), .n_active = 1, .active = hours)};
    static const int64_t moments[] = {INT64_MIN + 1,     INT64_MIN / 4 + 1, -1, 0, 1,
                                      INT64_MAX / 4 - 1, INT64_MAX};
    struct scene *s = scene_new(a, 4, 0, 0);
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        for (size_t k = 0; k < 4; k++) {
            struct hit h = scene_hit(moments[i], NULL);
            h.alert = k;
            scene_push(s, h);
        }
    ck_assert_int_eq(window_advance(s->w, INT64_MIN + 1, 0), TRAIL_OK);
    ck_assert_int_eq(window_finish(s->w, INT64_MIN + 1, 1000), TRAIL_OK);
    scene_free(s);
}
END_TEST

static void add_many(Suite *suite)
{
    TCase *t = tcase_create("many");
    tcase_add_test(t, the_hundred_and_first_event_fires);
    tcase_add_test(t, an_event_as_old_as_the_window_is_out);
    tcase_add_test(t, at_least_needs_one_less_than_more_than);
    tcase_add_test(t, every_event_of_the_moment_is_in_the_count);
    tcase_add_test(t, it_repeats_while_it_holds_and_resolves_to_the_moment);
    tcase_add_test(t, without_notify_every_it_repeats_each_ten_minutes);
    tcase_add_test(t, resolving_is_silent_unless_asked_for);
    tcase_add_test(t, what_holds_at_the_end_stays_open);
    tcase_add_test(t, the_end_itself_is_decided);
    tcase_add_test(t, it_can_fire_again_with_another_key);
    tcase_add_test(t, groups_count_for_themselves_and_speak_in_order);
    tcase_add_test(t, one_event_can_count_in_several_groups);
    tcase_add_test(t, a_count_is_exact_up_to_a_thousand);
    tcase_add_test(t, a_count_of_exactly_a_thousand_is_no_lower_bound);
    tcase_add_test(t, dedup_keys_do_not_change_between_versions);
    suite_add_tcase(suite, t);
}

static void add_texts(Suite *suite)
{
    TCase *t = tcase_create("texts");
    tcase_add_test(t, the_breakdown_counts_values_by_frequency_then_name);
    tcase_add_test(t, the_breakdown_follows_the_alerts_order_of_fields);
    tcase_add_test(t, the_breakdown_lists_fifty_values_and_a_rest);
    tcase_add_test(t, a_broken_breakdown_is_survived);
    tcase_add_test(t, fields_and_source_are_the_newest_events);
    tcase_add_test(t, an_id_from_a_log_is_escaped);
    suite_add_tcase(suite, t);
}

static void add_order(Suite *suite)
{
    TCase *t = tcase_create("order");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_record_that_comes_twice_counts_once);
    tcase_add_test(t, the_same_id_with_other_bytes_is_kept_and_reported_once);
    tcase_add_test(t, an_event_without_an_id_is_no_duplicate);
    tcase_add_test(t, each_alert_knows_its_own_duplicates);
    tcase_add_test(t, the_watermark_itself_is_in_time);
    tcase_add_test(t, the_watermark_never_goes_back);
    tcase_add_test(t, future_events_enter_no_window);
    tcase_add_test(t, a_group_keeps_no_more_than_it_needs);
    tcase_add_test(t, groups_are_forgotten_when_nothing_is_left_of_them);
    tcase_add_test(t, wrong_use_is_refused);
    tcase_add_test(t, moments_at_the_ends_of_time_are_survived);
    suite_add_tcase(suite, t);
}

int main(void)
{
    Suite *suite = suite_create("window");
    add_many(suite);
    add_texts(suite);
    add_order(suite);
    return run_tap(suite);
}

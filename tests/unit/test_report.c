/*
 * What a report is made of: records by time, groups and their windows, techniques, small texts.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fixture_pack.h"
#include "notify/sparkline.h"
#include "report/attack.h"
#include "report/write.h"
#include "suite.h"

#define HOUR   INT64_C(3600000)
#define MONDAY INT64_C(1773014400000) /* 2026-03-09 */

static struct trail_slice slice(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

static struct report *new_report(void)
{
    struct report_config config = {.pack = &fixture_pack};
    struct report *r = report_new(&config);
    ck_assert_ptr_nonnull(r);
    return r;
}

/* ---- records by time ---------------------------------------------------------------------- */

START_TEST(records_add_up_in_any_order)
{
    struct report *a = new_report(), *b = new_report();
    for (int i = 0; i < 3000; i++) {
        ck_assert(report_records(a, NULL, slice(""), MONDAY + i * 60000, 1 + (uint64_t)i % 7));
        ck_assert(
            report_records(b, NULL, slice(""), MONDAY + (2999 - i) * 60000, 1 + (2999 - (uint64_t)i) % 7));
    }
    ck_assert(report_finish(a));
    ck_assert(report_finish(b));
    uint64_t sum = 0;
    for (size_t i = 0; i < a->volume_bins; i++)
        sum += a->volume[i];
    ck_assert_uint_eq(sum, 3000 / 7 * 28 + 1 + 2 + 3 + 4);
    ck_assert_int_eq(a->from, MONDAY);
    ck_assert_int_eq(a->to, MONDAY + 3000 * 60000);
    ck_assert_uint_le(a->volume_bins, REPORT_BINS);
    ck_assert_uint_eq(a->volume_bins, b->volume_bins);
    ck_assert_mem_eq(a->volume, b->volume, sizeof a->volume);
    ck_assert_uint_eq(a->n_gaps, 0);
    report_free(a);
    report_free(b);
}
END_TEST

START_TEST(years_of_minutes_take_bounded_memory)
{
    struct report *r = new_report();
    for (int64_t i = 0; i < 1000000; i++)
        ck_assert(report_records(r, NULL, slice(""), MONDAY + i * 60000, 1));
    ck_assert_uint_le(r->minutes.room, 1 << 19);
    ck_assert_uint_gt(r->minutes.shift, 0);
    ck_assert(report_finish(r));
    uint64_t sum = 0;
    for (size_t i = 0; i < r->volume_bins; i++)
        sum += r->volume[i];
    ck_assert_uint_eq(sum, 1000000);
    report_free(r);
}
END_TEST

START_TEST(a_pause_out_of_proportion_is_a_gap)
{
    struct report *r = new_report();
    for (int i = 0; i < 600; i++)
        if (i < 200 || i >= 230)
            ck_assert(report_records(r, NULL, slice(""), MONDAY + i * 60000, 2));
    ck_assert(report_finish(r));
    ck_assert_uint_eq(r->n_gaps, 1);
    ck_assert_int_eq(r->gaps[0].from, MONDAY + 200 * 60000);
    ck_assert_int_eq(r->gaps[0].to, MONDAY + 230 * 60000);
    report_free(r);
}
END_TEST

START_TEST(a_few_wrong_dates_do_not_stretch_the_axis)
{
    struct report *r = new_report();
    for (int i = 0; i < 6000; i++)
        ck_assert(report_records(r, NULL, slice(""), MONDAY + i % 600 * 60000, 1));
    ck_assert(report_records(r, NULL, slice(""), 0, 2));
    ck_assert(report_records(r, NULL, slice(""), INT64_C(253402300000000), 1));
    ck_assert(report_finish(r));
    ck_assert_int_eq(r->from, MONDAY);
    ck_assert_int_eq(r->to, MONDAY + 600 * 60000);
    ck_assert_uint_eq(r->outside, 3);
    report_free(r);
}
END_TEST

/* ---- groups ------------------------------------------------------------------------------- */

static const struct trail_alert *failures = &fixture_alerts[FIXTURE_FAILURES];

/* login-failures: more than 3 in 10m. Group i of some has i + 1 events at once, in each hour. */
START_TEST(a_line_has_the_highest_window_of_each_bin)
{
    struct report *r = new_report();
    for (int hour = 0; hour < 48; hour++)
        for (int i = 0; i < 60; i++)
            ck_assert(report_records(r, NULL, slice(""), MONDAY + hour * HOUR + i * 60000, 1));
    for (int hour = 0; hour < 48; hour++)
        for (int group = 0; group < 8; group++) {
            char key[32];
            snprintf(key, sizeof key, "{\"u\":\"g%d\"}", group);
            for (int i = 0; i <= group; i++)
                ck_assert(report_counted(r, failures, slice(key), MONDAY + hour * HOUR + 1000));
        }
    ck_assert(report_finish(r));
    ck_assert_uint_eq(r->n_charts, 1);
    const struct chart *c = &r->charts[0];
    ck_assert_uint_eq(c->n_lines, REPORT_GROUPS);
    ck_assert_uint_eq(c->subject->n, 8);
    ck_assert_int_eq(c->width, 600000);
    ck_assert_uint_eq(c->bins, 48 * 6);
    for (size_t line = 0; line < c->n_lines; line++) {
        char key[32];
        snprintf(key, sizeof key, "{\"u\":\"g%zu\"}", 7 - line);
        ck_assert_int_eq(memcmp(c->lines[line].track->key.p, key, strlen(key)), 0);
        ck_assert_uint_eq(c->lines[line].track->peak, 8 - line);
        ck_assert_uint_eq(c->lines[line].track->events, (8 - line) * 48);
        for (size_t bin = 0; bin < c->bins; bin++)
            ck_assert_uint_eq(c->lines[line].actual[bin], bin % 6 == 0 ? 8 - line : 0);
    }
    report_free(r);
}
END_TEST

/* no-logs: less than 1 in 30m. Two hours with 3 events in each minute, without any from 40m to 105m; in no order. */
START_TEST(what_comes_by_the_minute_is_counted_in_windows)
{
    const struct trail_alert *silence = &fixture_alerts[FIXTURE_SILENCE];
    struct trail_slice group = slice("{\"application\":\"prod-trail\"}");
    struct report *r = new_report();
    for (int i = 119; i >= 0; i--) {
        ck_assert(report_records(r, NULL, slice("{}"), MONDAY + i * 60000, 3));
        if (i < 40 || i >= 105)
            for (int k = 0; k < 2; k++)
                ck_assert(report_records(r, silence, group, MONDAY + i * 60000, 1 + (uint64_t)k));
    }
    ck_assert(report_finish(r));
    ck_assert_uint_eq(r->n_charts, 1);
    const struct chart *c = &r->charts[0];
    ck_assert_int_eq(c->width, 1800000);
    ck_assert_uint_eq(c->bins, 4);
    ck_assert_uint_eq(c->lines[0].track->events, 3 * 55);
    const uint64_t counts[] = {90, 30, 0, 45};
    for (size_t bin = 0; bin < c->bins; bin++)
        ck_assert_uint_eq(c->lines[0].actual[bin], counts[bin]);
    report_free(r);
}
END_TEST

/* A year of minutes takes more room than there is: some are one piece, and none looks empty. */
START_TEST(a_long_log_by_the_minute_has_no_holes)
{
    const struct trail_alert *silence = &fixture_alerts[FIXTURE_SILENCE];
    struct report *r = new_report();
    for (int64_t i = 0; i < 525600; i++) {
        ck_assert(report_records(r, NULL, slice("{}"), MONDAY + i * 60000, 1));
        ck_assert(report_records(r, silence, slice("{}"), MONDAY + i * 60000, 1));
    }
    ck_assert(report_finish(r));
    const struct chart *c = &r->charts[0];
    ck_assert_uint_gt(c->lines[0].track->minutes.shift, 0);
    for (size_t bin = 1; bin + 1 < c->bins; bin++)
        ck_assert_uint_eq(c->lines[0].actual[bin], 30);
    report_free(r);
}
END_TEST

START_TEST(groups_without_end_are_dropped_the_least_counted_first)
{
    struct report *r = new_report();
    int64_t time = MONDAY;
    for (int i = 0; i < 5 * REPORT_TRACKED; i++) {
        char key[32];
        snprintf(key, sizeof key, "{\"u\":\"g%d\"}", i);
        ck_assert(report_counted(r, failures, slice(key), time += 100));
        ck_assert(report_counted(r, failures, slice("{\"u\":\"often\"}"), time));
    }
    ck_assert(report_finish(r));
    const struct subject *s = r->charts[0].subject;
    ck_assert_uint_le(s->n, 2 * REPORT_TRACKED);
    ck_assert_uint_eq(s->n + s->dropped, 5 * REPORT_TRACKED + 1);
    ck_assert_uint_eq(s->events, 10 * REPORT_TRACKED);
    ck_assert_uint_eq(s->tracks[0]->events, 5 * REPORT_TRACKED);
    report_free(r);
}
END_TEST

START_TEST(long_keys_take_bounded_memory)
{
    struct report *r = new_report();
    char *key = malloc(1 << 20);
    ck_assert_ptr_nonnull(key);
    for (int i = 0; i < 200; i++) {
        memset(key, 'a' + i % 26, 1 << 20);
        snprintf(key, 32, "{\"u\":\"%d", i);
        ck_assert(report_counted(r, failures, (struct trail_slice){key, 1 << 20}, MONDAY + i * 1000));
    }
    size_t bytes = 0;
    for (size_t i = 0; i < r->n_subjects; i++)
        bytes += r->subjects[i].bytes;
    ck_assert_uint_le(bytes, 33 << 20);
    free(key);
    report_free(r);
}
END_TEST

/* 10 expected, 4 to 18 usual; in the second bin nothing is known. */
START_TEST(what_a_condition_on_the_usual_asks_for)
{
    static struct line l = {.expected = {10, -1}, .low = {4, -1}, .high = {18, -1}};
    const struct {
        enum trail_when when;
        uint64_t n;
        uint32_t margin;
        double limit;
    } cases[] = {
        {TRAIL_MORE_THAN_USUAL, 0, 0, 18},      {TRAIL_MORE_THAN_USUAL, 0, 50000, 18},
        {TRAIL_MORE_THAN_USUAL, 0, 100000, 20}, {TRAIL_MORE_THAN_USUAL, 30, 100000, 30},
        {TRAIL_LESS_THAN_USUAL, 0, 0, 4},       {TRAIL_LESS_THAN_USUAL, 10, 80000, 2},
        {TRAIL_LESS_THAN_USUAL, 11, 0, -1},     {TRAIL_LESS_THAN_USUAL, 0, 100000, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trail_condition c = {cases[i].when, 3, cases[i].n, HOUR, cases[i].margin};
        ck_assert_double_eq_tol(chart_limit(&l, &c, 0), cases[i].limit, 1e-9);
        ck_assert_double_lt(chart_limit(&l, &c, 1), 0);
    }
}
END_TEST

/* An hour of log against ten days that a file knows: 5 in each window, for one group. */
START_TEST(a_baseline_from_a_file_says_what_is_usual)
{
    struct baselines *b = baselines_new();
    struct baseline_set *set = baselines_make(b, &fixture_pack, failures, 0);
    struct baseline_group *group = baseline_group_make(set, slice("{\"u\":\"alice\"}"));
    struct ticks ticks = ticks_of(600000);
    for (int64_t at = MONDAY - 240 * HOUR; at <= MONDAY; at += HOUR)
        ck_assert(coverage_add(baselines_coverage(b), at, at));
    for (int64_t step = ticks_step_at(&ticks, MONDAY - 239 * HOUR); ticks_step_end(&ticks, step) < MONDAY;
         step++)
        ck_assert(baseline_add(&group->baseline, &ticks, step, 5));
    struct report_config config = {.pack = &fixture_pack, .baselines = b};
    struct report *r = report_new(&config);
    for (int i = 0; i < 60; i++)
        ck_assert(report_records(r, NULL, slice(""), MONDAY + i * 60000, 1));
    for (int i = 0; i < 40; i++)
        ck_assert(report_counted(r, failures, slice("{\"u\":\"alice\"}"), MONDAY + 1800000 + i));
    ck_assert(report_counted(r, failures, slice("{\"u\":\"bob\"}"), MONDAY + 1900000));
    ck_assert(report_finish(r));
    const struct line *alice = &r->charts[0].lines[0], *bob = &r->charts[0].lines[1];
    ck_assert(alice->known && bob->known);
    ck_assert_uint_eq(alice->actual[3], 40);
    ck_assert(alice->expected[3] > 4 && alice->expected[3] < 6 && alice->high[3] < 40);
    ck_assert(bob->expected[3] < 1);
    report_free(r);
    baselines_free(b);
}
END_TEST

/* ---- notifications ------------------------------------------------------------------------ */

static struct trail_fired fired_at(int64_t time, unsigned priority)
{
    return (struct trail_fired){.alert = &fixture_alerts[FIXTURE_ADMIN],
                                .state = TRAIL_FIRING,
                                .priority = priority,
                                .reason = "1 matching event",
                                .group = slice("{}"),
                                .count = 1,
                                .time = time,
                                .window_from = TRAIL_NO_TIME,
                                .window_to = TRAIL_NO_TIME,
                                .first_event = time,
                                .last_event = time,
                                .breakdown = slice("{}"),
                                .fields = slice("{\"a\":1}"),
                                .event = slice("{\"a\":1,\"b\":2}"),
                                .event_ids = slice("[]"),
                                .dedup_key = "0",
                                .source = {.path = "log", .record = 1}};
}

START_TEST(the_highest_priorities_and_the_newest_are_listed)
{
    struct report *r = new_report();
    for (int i = 0; i < 20000; i++) {
        struct trail_fired f = fired_at(MONDAY + i * 1000, i % 100 == 0 ? 1 : 3);
        ck_assert(report_fired(r, &f));
    }
    ck_assert(report_finish(r));
    ck_assert_uint_eq(r->n_listed, REPORT_LISTED);
    ck_assert_uint_eq(r->notifications, 20000);
    size_t first = 0;
    uint64_t marked = 0;
    for (size_t i = 0; i < r->n_listed; i++) {
        first += r->listed[i].priority == 1;
        ck_assert(i == 0 || r->listed[i].time <= r->listed[i - 1].time);
    }
    ck_assert_uint_eq(first, 200);
    for (size_t i = 0; i < r->n_marks; i++)
        marked += r->marks[i].fired;
    ck_assert_uint_eq(marked, 20000);
    ck_assert_uint_le(r->n_marks, REPORT_MARKS);
    report_free(r);
}
END_TEST

/* ---- techniques and texts ----------------------------------------------------------------- */

START_TEST(tags_name_techniques)
{
    struct attack_tag tag;
    ck_assert(attack_read("attack.t1098.003", &tag));
    ck_assert_str_eq(tag.id, "T1098.003");
    ck_assert_str_eq(tag.technique->name, "Account Manipulation: Additional Cloud Roles");
    ck_assert(attack_read("attack.t1098", &tag));
    ck_assert_str_eq(tag.technique->name, "Account Manipulation");
    ck_assert(attack_read("attack.t1098.999", &tag));
    ck_assert_str_eq(tag.technique->name, "Account Manipulation");
    ck_assert(attack_is_of(&tag, 4) && attack_is_of(&tag, 5) && !attack_is_of(&tag, ATTACK_OTHER));
    ck_assert(attack_read("attack.t9999", &tag));
    ck_assert(!tag.technique && attack_is_of(&tag, ATTACK_OTHER) && !attack_is_of(&tag, 4));
    static const char *const none[] = {
        "",           "attack.t1",         "attack.t10980",    "attack.t1098.03",
        "attack.ta1", "attack.t1098.0033", "attack.t1098.00a", "persistence"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(!attack_read(none[i], &tag), "%s", none[i]);
    for (size_t i = 0; i < n_attack_techniques; i++) {
        char text[32];
        snprintf(text, sizeof text, "attack.t%s", attack_techniques[i].id + 1);
        ck_assert(attack_read(text, &tag));
        bool any = false;
        for (size_t k = 0; k < ATTACK_OTHER; k++)
            any |= attack_is_of(&tag, k);
        ck_assert_msg(any, "%s has no tactic", text);
    }
}
END_TEST

static void is_text(struct trail_text *t, const char *expected)
{
    trail_text_add(t, "", 1);
    ck_assert_str_eq(t->p, expected);
    trail_text_free(t);
    *t = (struct trail_text){0};
}

START_TEST(numbers_durations_and_groups_read_well)
{
    struct trail_text t = {0};
    put_count(&t, 1234567);
    is_text(&t, "1,234,567");
    put_decimal(&t, 12.25);
    is_text(&t, "12.3");
    put_decimal(&t, 3);
    is_text(&t, "3");
    put_duration(&t, 90 * 60000);
    is_text(&t, "1h 30m");
    put_duration(&t, 10081 * INT64_C(60000));
    is_text(&t, "7d");
    put_duration(&t, 600000);
    is_text(&t, "10m");
    put_html_group(&t, slice("{\"a\":\"<b>\\u0000&\",\"c\":null,\"d\":3}"), 100);
    is_text(&t, "&lt;b&gt;\\x00&amp;, (none), 3");
    put_html_group(&t, slice("{}"), 100);
    is_text(&t, "all events");
    put_html_json(&t, slice("{\"a\":\"</pre>&\"}"));
    is_text(&t, "{\"a\":\"&lt;/pre&gt;&amp;\"}");
}
END_TEST

START_TEST(sparklines_are_on_one_scale)
{
    struct trail_text t = {0};
    const double actual[] = {0, 7, 14, -1, 1}, expected[] = {-1, 14, 2, 0, 6.9},
                 none[] = {-1, -1, -1, -1, -1};
    const double zero[] = {0, 0, 0, 0, 0};
    ck_assert_double_eq_tol(trail_sparklines(&t, actual, expected, 5), 14, 1e-9);
    is_text(&t, "  actual   ▁▅█ ▂\n  expected  █▂▁▄\n");
    ck_assert_double_eq_tol(trail_sparklines(&t, actual, none, 5), 14, 1e-9);
    is_text(&t, "  actual   ▁▅█ ▂\n");
    ck_assert_double_eq_tol(trail_sparklines(&t, zero, none, 5), 0, 1e-9);
    is_text(&t, "");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("report");
    TCase *t = tcase_create("report");
    tcase_set_timeout(t, 300);
    tcase_add_test(t, records_add_up_in_any_order);
    tcase_add_test(t, years_of_minutes_take_bounded_memory);
    tcase_add_test(t, a_pause_out_of_proportion_is_a_gap);
    tcase_add_test(t, a_few_wrong_dates_do_not_stretch_the_axis);
    tcase_add_test(t, a_line_has_the_highest_window_of_each_bin);
    tcase_add_test(t, what_comes_by_the_minute_is_counted_in_windows);
    tcase_add_test(t, a_long_log_by_the_minute_has_no_holes);
    tcase_add_test(t, groups_without_end_are_dropped_the_least_counted_first);
    tcase_add_test(t, long_keys_take_bounded_memory);
    tcase_add_test(t, a_baseline_from_a_file_says_what_is_usual);
    tcase_add_test(t, what_a_condition_on_the_usual_asks_for);
    tcase_add_test(t, the_highest_priorities_and_the_newest_are_listed);
    tcase_add_test(t, tags_name_techniques);
    tcase_add_test(t, numbers_durations_and_groups_read_well);
    tcase_add_test(t, sparklines_are_on_one_scale);
    suite_add_tcase(s, t);
    return run_tap(s);
}

/*
 * Notifications and hits as text: the exact lines, and what hostile values make of them.
 */
#include "notify/stored.h"
#include <check.h>
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "fixture_pack.h"
#include "notify/stored.h"
#include "scanner/progress.h"
#include "suite.h"

static struct trail_slice text(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

static struct trail_fired new_admin(void)
{
    return (struct trail_fired){
        .alert = &fixture_alerts[FIXTURE_ADMIN],
        .state = TRAIL_FIRING,
        .priority = 1,
        .reason = "1 matching event",
        .group = text("{}"),
        .count = 1,
        .time = 1767261600000,
        .window_from = TRAIL_NO_TIME,
        .window_to = TRAIL_NO_TIME,
        .first_event = 1767261600000,
        .last_event = 1767261600000,
        .breakdown = text("{}"),
        .fields = text("{\"userIdentity.userName\":\"build-bot\",\"requestParameters\":{\"groupName\":"
                       "\"super-admins\"}}"),
        .event_ids = text("[\"e1\"]"),
        .dedup_key = "00112233445566778899aabbccddeeff",
        .source = {.path = "logs/a.json", .record = 17, .offset = 4711},
    };
}

static struct trail_fired failures(void)
{
    struct trail_fired f = new_admin();
    f.alert = &fixture_alerts[FIXTURE_FAILURES];
    f.priority = 2;
    f.reason = "101 in 10m, more than 100";
    f.group = text("{\"userIdentity.userName\":\"alice\"}");
    f.count = 101;
    f.held_back = 3;
    f.window_from = f.time - 600000;
    f.window_to = f.time;
    f.breakdown = text("{\"sourceIPAddress\":{\"198.51.100.7\":98,\"203.0.113.9\":3}}");
    f.fields = text("{}");
    return f;
}

static const char *json_of(const struct trail_fired *f)
{
    static char line[16384];
    struct trail_text to = {0};
    trail_fired_json(&fixture_pack, f, &to);
    ck_assert(!to.failed);
    ck_assert_uint_lt(to.n, sizeof line);
    memcpy(line, to.p, to.n);
    line[to.n] = 0;
    trail_text_free(&to);
    return line;
}

static const char *text_of(const struct trail_fired *f, bool colour)
{
    static char block[65536];
    struct trail_text to = {0};
    trail_fired_text(&fixture_pack, f, &to, colour);
    ck_assert(!to.failed);
    ck_assert_uint_lt(to.n, sizeof block);
    memcpy(block, to.p, to.n);
    block[to.n] = 0;
    trail_text_free(&to);
    return block;
}

START_TEST(the_label_of_an_input_goes_with_its_source)
{
    struct trail_fired f = new_admin();
    struct trail_stored stored;
    f.source.application = "prod \"x\"";
    const char *json = json_of(&f);
    ck_assert_ptr_nonnull(strstr(
        json, "\"source\":{\"path\":\"logs/a.json\",\"record\":17,\"application\":\"prod \\\"x\\\"\"}"));
    ck_assert(trail_stored_read(&stored, &fixture_pack, (struct trail_slice){json, strlen(json)}));
    ck_assert_str_eq(stored.fired.source.application, "prod \"x\"");
    ck_assert_ptr_nonnull(strstr(text_of(&stored.fired, false), "logs/a.json, record 17 of prod \"x\""));
    trail_stored_free(&stored);
}
END_TEST

START_TEST(an_alert_is_one_line_of_json)
{
    struct trail_fired f = new_admin();
    ck_assert_str_eq(json_of(&f),
                     "{\"alert\":\"New "
                     "admin\",\"id\":\"new-admin\",\"priority\":\"P1\",\"state\":\"firing\",\"reason\":\"1 "
                     "matching event\","
                     "\"group\":{},\"count\":1,\"window\":null,\"first_event\":\"2026-01-01T10:00:00Z\","
                     "\"last_event\":\"2026-01-01T10:00:00Z\",\"breakdown\":{},"
                     "\"fields\":{\"userIdentity.userName\":\"build-bot\",\"requestParameters\":{"
                     "\"groupName\":\"super-admins\"}},"
                     "\"event_ids\":[\"e1\"],\"dedup_key\":\"00112233445566778899aabbccddeeff\","
                     "\"source\":{\"path\":\"logs/a.json\",\"record\":17},\"tags\":[\"attack.t1098\"],"
                     "\"pack\":{\"name\":\"fixture\",\"hash\":\"00112233\"}}");
}
END_TEST

START_TEST(a_count_has_a_window_and_what_was_held_back)
{
    struct trail_fired f = failures();
    f.source.path = NULL;
    f.first_event = TRAIL_NO_TIME;
    f.state = TRAIL_RESOLVED;
    ck_assert_str_eq(
        json_of(&f),
        "{\"alert\":\"Too many login "
        "failures\",\"id\":\"login-failures\",\"priority\":\"P2\",\"state\":\"resolved\","
        "\"reason\":\"101 in 10m, more than "
        "100\",\"group\":{\"userIdentity.userName\":\"alice\"},\"count\":101,"
        "\"held_back\":3,\"window\":{\"from\":\"2026-01-01T09:50:00Z\",\"to\":\"2026-01-01T10:00:00Z\"},"
        "\"first_event\":null,\"last_event\":\"2026-01-01T10:00:00Z\","
        "\"breakdown\":{\"sourceIPAddress\":{\"198.51.100.7\":98,\"203.0.113.9\":3}},\"fields\":{},"
        "\"event_ids\":[\"e1\"],\"dedup_key\":\"00112233445566778899aabbccddeeff\",\"source\":null,\"tags\":["
        "],"
        "\"pack\":{\"name\":\"fixture\",\"hash\":\"00112233\"}}");
}
END_TEST

/* And what was stored is the same notification again. */
START_TEST(what_is_usual_stands_beside_the_count)
{
    static const struct trail_usual usual = {12.04, 3.96, 25.25};
    struct trail_fired f = failures();
    struct trail_stored stored;
    char line[4096];
    f.usual = &usual;
    snprintf(line, sizeof line, "%s", json_of(&f));
    ck_assert_ptr_nonnull(strstr(line, "\"count\":101,\"expected\":12,\"band\":[4,25.3],\"held_back\":3,"));
    ck_assert_ptr_nonnull(strstr(text_of(&f, false), "12 (4 – 25.3)\n"));
    ck_assert(trail_stored_read(&stored, &fixture_pack, text(line)));
    ck_assert_str_eq(json_of(&stored.fired), line);
    trail_stored_free(&stored);
    f.usual = NULL;
    snprintf(line, sizeof line, "%s", json_of(&f));
    ck_assert_ptr_null(strstr(line, "expected"));
    ck_assert(trail_stored_read(&stored, &fixture_pack, text(line)));
    ck_assert_ptr_null(stored.fired.usual);
    trail_stored_free(&stored);
}
END_TEST

START_TEST(large_counts_keep_their_digits)
{
    struct trail_fired f = new_admin();
    f.count = UINT64_MAX;
    ck_assert_ptr_nonnull(strstr(json_of(&f), "\"count\":18446744073709551615,"));
}
END_TEST

START_TEST(a_hostile_path_is_quoted)
{
    struct trail_fired f = new_admin();
    f.source.path = "a\"},\"x\":{\"\n\x1b[31m\xff\xe2\x80\xae.json";
    const char *line = json_of(&f);
    cJSON *json = cJSON_Parse(line);
    ck_assert_ptr_nonnull(json);
    ck_assert_ptr_null(cJSON_GetObjectItem(json, "x"));
    ck_assert_ptr_null(strpbrk(line, "\n\x1b\xff"));
    ck_assert_ptr_null(strstr(line, "\xe2\x80\xae"));
    cJSON_Delete(json);
}
END_TEST

START_TEST(a_hit_is_one_line_of_json)
{
    struct trail_hit hit = {.alert = &fixture_alerts[FIXTURE_ADMIN],
                            .time = 1767261600123,
                            .source = {.path = "-", .record = 3, .offset = 99},
                            .event_id = text("e\n1"),
                            .event = text("{\"a\" : 1}")};
    struct trail_text to = {0};
    trail_hit_json(&hit, false, &to);
    trail_text_add(&to, "", 1);
    ck_assert_str_eq(to.p, "{\"id\":\"new-admin\",\"time\":\"2026-01-01T10:00:00.123Z\","
                           "\"source\":{\"path\":\"-\",\"record\":3},\"event_id\":\"e\\n1\"}");
    to.n = 0;
    hit.time = TRAIL_NO_TIME;
    hit.event_id.n = 0;
    trail_hit_json(&hit, true, &to);
    trail_text_add(&to, "", 1);
    ck_assert_str_eq(to.p, "{\"id\":\"new-admin\",\"time\":null,\"source\":{\"path\":\"-\",\"record\":3},"
                           "\"event_id\":null,\"event\":{\"a\":1}}");
    trail_text_free(&to);
}
END_TEST

START_TEST(an_alert_is_a_block_of_text)
{
    struct trail_fired f = new_admin();
    ck_assert_str_eq(text_of(&f, false), "● P1  New admin  2026-01-01T10:00:00Z\n"
                                         "      1 matching event\n"
                                         "      userIdentity.userName  build-bot\n"
                                         "      requestParameters      groupName: super-admins\n"
                                         "      source                 logs/a.json, record 17\n");
}
END_TEST

START_TEST(a_breakdown_is_bars)
{
    struct trail_fired f = failures();
    ck_assert_str_eq(text_of(&f, false),
                     "● P2  Too many login failures  2026-01-01T10:00:00Z\n"
                     "      101 in 10m, more than 100\n"
                     "      held back              3 since the last notice\n"
                     "      window                 2026-01-01T09:50:00Z – 2026-01-01T10:00:00Z\n"
                     "      userIdentity.userName  alice\n"
                     "      sourceIPAddress        198.51.100.7  ████████████████████████  98\n"
                     "                             203.0.113.9   ▋                         3\n"
                     "      source                 logs/a.json, record 17\n");
}
END_TEST

START_TEST(silence_has_no_source)
{
    struct trail_fired f = failures();
    f.source.path = NULL;
    ck_assert_ptr_null(strstr(text_of(&f, false), "source  "));
}
END_TEST

START_TEST(colours_only_when_asked)
{
    struct trail_fired f = failures();
    ck_assert_ptr_null(strchr(text_of(&f, false), '\x1b'));
    ck_assert_ptr_nonnull(strstr(text_of(&f, true), "\x1b[1;31m P2 \x1b[0m"));
    f.state = TRAIL_RESOLVED;
    ck_assert_ptr_nonnull(strstr(text_of(&f, true), "\x1b[1;32m P2 \x1b[0m"));
    ck_assert_ptr_nonnull(strstr(text_of(&f, false), "resolved"));
}
END_TEST

/* Every place that a log can write to. */
START_TEST(nothing_hostile_reaches_the_terminal)
{
    struct trail_fired f = failures();
    f.group = text("{\"user\":\"\\u001b[2Jalice\\n\\u202e\"}");
    f.breakdown = text("{\"ip\":{\"\\u001b]0;x\\u0007\":5}}");
    f.fields = text(
        "{\"requestParameters\":{\"k\\u001b[31m\":\"v\\u001b[31m\\u009b1m\"},\"n\":\"\\u0000\\u007f\\r\"}");
    f.source.path = "dir/\x1b[31m\n\xff.json";
    const char *block = text_of(&f, false);
    for (const char *p = block; *p; p++)
        ck_assert_msg((unsigned char)*p >= 0x20 || *p == '\n', "byte %02x at %td", (unsigned char)*p,
                      p - block);
    ck_assert_ptr_null(strchr(block, 0x7f));
    ck_assert_ptr_null(strstr(block, "\xc2\x9b"));
    ck_assert_ptr_null(strstr(block, "\xe2\x80\xae"));
    ck_assert_ptr_nonnull(strstr(block, "\\x1b[2Jalice\\n\\u{202e}"));
    unsigned lines = 0;
    for (const char *p = block; (p = strchr(p, '\n')); p++)
        lines++;
    ck_assert_uint_eq(lines, 9);
}
END_TEST

START_TEST(long_values_are_cut)
{
    struct trail_fired f = new_admin();
    char *fields = malloc(70000);
    size_t n = (size_t)sprintf(fields, "{\"policy\":\"");
    memset(fields + n, 'a', 60000);
    strcpy(fields + n + 60000,
           "\",\"list\":{\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,\"7\":7,\"8\":8}}");
    f.fields = text(fields);
    const char *block = text_of(&f, false);
    ck_assert_uint_lt(strlen(block), 1000);
    ck_assert_ptr_nonnull(strstr(block, "aaa…\n"));
    ck_assert_ptr_nonnull(strstr(block, "6: 6\n"));
    ck_assert_ptr_null(strstr(block, "7: 7\n"));
    ck_assert_ptr_nonnull(strstr(block, "… 2 more\n"));
    free(fields);
}
END_TEST

START_TEST(progress_is_one_short_line)
{
    static const struct {
        uint64_t bytes, records, found;
        int64_t ms;
        const char *text;
    } lines[] = {
        {0, 0, 0, 1000, "0 B, 0 B/s, 0 records, 0 alerts"},
        {999, 1, 1, 1000, "999 B, 999 B/s, 1 record, 1 alert"},
        {1234567890, 812345, 12, 2000, "1.2 GB, 617 MB/s, 812345 records, 12 alerts"},
        {999999, 2, 2, 0, "1.0 MB, 1.0 MB/s, 2 records, 2 alerts"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct trail_stats stats = {.bytes = lines[i].bytes, .records = lines[i].records};
        char text[160];
        trail_progress_text(text, sizeof text, &stats, lines[i].found, "alert", lines[i].ms);
        ck_assert_str_eq(text, lines[i].text);
    }
}
END_TEST

START_TEST(progress_tells_how_much_is_left)
{
    static const struct {
        uint64_t stored, total;
        int64_t ms;
        const char *text;
    } lines[] = {
        {0, 1000, 2000, "0%, 10 kB, 5.0 kB/s, 7 records, 3 alerts"},
        {250, 1000, 2000, "25%, 10 kB, 5.0 kB/s, 6s left, 7 records, 3 alerts"},
        {500, 1000, 80000, "50%, 10 kB, 125 B/s, 1m20s left, 7 records, 3 alerts"},
        {1, 3601, 2000, "0%, 10 kB, 5.0 kB/s, 2h00m left, 7 records, 3 alerts"},
        {1, UINT64_MAX, 2000, "0%, 10 kB, 5.0 kB/s, days left, 7 records, 3 alerts"},
        {999999, 1000000, 2000, "99%, 10 kB, 5.0 kB/s, 0s left, 7 records, 3 alerts"},
        {1000, 1000, 2000, "100%, 10 kB, 5.0 kB/s, 0s left, 7 records, 3 alerts"},
        {1001, 1000, 2000, "10 kB, 5.0 kB/s, 7 records, 3 alerts"}, /* a file that has grown */
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct trail_stats stats = {
            .bytes = 10000, .records = 7, .stored = lines[i].stored, .total = lines[i].total};
        char text[160];
        trail_progress_text(text, sizeof text, &stats, 3, "alert", lines[i].ms);
        ck_assert_str_eq(text, lines[i].text);
    }
}
END_TEST

START_TEST(progress_fits_a_narrow_terminal)
{
    static const struct {
        size_t room;
        const char *text;
    } lines[] = {
        {52, "25%, 10 kB, 5.0 kB/s, 6s left, 7 records, 3 alerts"},
        {50, "25%, 10 kB, 5.0 kB/s, 6s left, 3 alerts"},
        {30, "25%, 10 kB, 6s left, 3 alerts"},
        {24, "25%, 6s left, 3 alerts"},
        {16, "25%, 3 alerts"},
        {5, "25%"},
        {3, ""},
        {1, ""},
    };
    struct trail_stats stats = {.bytes = 10000, .records = 7, .stored = 1, .total = 4};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[160];
        size_t n = trail_progress_text(text, lines[i].room, &stats, 3, "alert", 2000);
        ck_assert_str_eq(text, lines[i].text);
        ck_assert_uint_eq(n, strlen(text));
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("output");
    TCase *t = tcase_create("output");
    tcase_add_test(t, the_label_of_an_input_goes_with_its_source);
    tcase_add_test(t, an_alert_is_one_line_of_json);
    tcase_add_test(t, a_count_has_a_window_and_what_was_held_back);
    tcase_add_test(t, what_is_usual_stands_beside_the_count);
    tcase_add_test(t, large_counts_keep_their_digits);
    tcase_add_test(t, a_hostile_path_is_quoted);
    tcase_add_test(t, a_hit_is_one_line_of_json);
    tcase_add_test(t, an_alert_is_a_block_of_text);
    tcase_add_test(t, a_breakdown_is_bars);
    tcase_add_test(t, silence_has_no_source);
    tcase_add_test(t, colours_only_when_asked);
    tcase_add_test(t, nothing_hostile_reaches_the_terminal);
    tcase_add_test(t, long_values_are_cut);
    tcase_add_test(t, progress_is_one_short_line);
    tcase_add_test(t, progress_tells_how_much_is_left);
    tcase_add_test(t, progress_fits_a_narrow_terminal);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(suite());
}

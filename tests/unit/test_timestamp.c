/*
 * Moments and durations as texts: every form that is taken, every one that is not, and the way back.
 */
#include "suite.h"
#include "window/timestamp.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct trail_slice text(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

#define T(y) INT64_C(y)

static const struct {
    const char *json;
    int64_t ms;
} accepted[] = {
    {"\"1970-01-01T00:00:00Z\"", 0},
    {"\"2026-01-01T10:00:00Z\"", T(1767261600000)},
    {" \"2026-01-01T10:00:00Z\"\n", T(1767261600000)},
    {"\"2026-01-01t10:00:00z\"", T(1767261600000)},
    {"\"2026-01-01 10:00:00Z\"", T(1767261600000)},
    {"\"2026-01-01T10:00:00.5Z\"", T(1767261600500)},
    {"\"2026-01-01T10:00:00.123Z\"", T(1767261600123)},
    {"\"2026-01-01T10:00:00.123999999Z\"", T(1767261600123)},
    {"\"2026-01-01T10:00:00.000000000000000000000000000000000009Z\"", T(1767261600000)},
    {"\"2026-01-01T12:00:00+02:00\"", T(1767261600000)},
    {"\"2026-01-01T04:30:00-05:30\"", T(1767261600000)},
    {"\"2026-01-01T10:00:00-00:00\"", T(1767261600000)},
    {"\"2026-01-01T12:00:00+0200\"", T(1767261600000)},
    {"\"2026-01-01T12:00:00+02\"", T(1767261600000)},
    {"\"2026-01-01T12:00:00.250+02:00\"", T(1767261600250)},
    {"\"2025-12-31T23:00:00-11:00\"", T(1767261600000)},
    {"\"2026\\u002d01-01T10:00:00\\u005a\"", T(1767261600000)},
    {"\"2024-02-29T00:00:00Z\"", T(1709164800000)},
    {"\"2000-02-29T00:00:00Z\"", T(951782400000)},
    {"\"1969-12-31T23:59:59.999Z\"", -1},
    {"\"0000-01-01T00:00:00Z\"", T(-62167219200000)},
    {"\"9999-12-31T23:59:59.999Z\"", T(253402300799999)},
    {"\"2016-12-31T23:59:60Z\"", T(1483228800000)},
    {"\"2017-01-01T00:59:60+01:00\"", T(1483228800000)},
    {"0", 0},
    {"-0", 0},
    {"0.0", 0},
    {"1767261600", T(1767261600000)},
    {"1767261600.25", T(1767261600250)},
    {"1767261600.2509999", T(1767261600250)},
    {"1767261600000", T(1767261600000)},
    {"1767261600000.999", T(1767261600000)},
    {"1.7672616e9", T(1767261600000)},
    {"1.767261600E+12", T(1767261600000)},
    {"17672616000e-1", T(1767261600000)},
    {"0.0001", 0},
    {"0.001e0", 1},
    {"\"1767261600\"", T(1767261600000)},
    {"\"1767261600123\"", T(1767261600123)},
    {"\"1767261600.5\"", T(1767261600500)},
    {"-1", -1000},
    {"-0.0005", -1},
    {"-1.5", -1500},
    {"99999999999", T(99999999999000)},
    {"100000000000", T(100000000000)},
    {"253402300799999", T(253402300799999)},
    {"0.00000000000000000000000000000000000000000000000001", 0},
    {"5e-400", 0},
    {"0e99999999999999999999", 0},
};

START_TEST(takes)
{
    struct trail_slice json = text(accepted[_i].json);
    int64_t ms = trail_time_parse(json);
    ck_assert_msg(ms == accepted[_i].ms, "%s: %lld, not %lld", accepted[_i].json, (long long)ms,
                  (long long)accepted[_i].ms);
}
END_TEST

static const char *const refused[] = {
    "",
    " ",
    "\"\"",
    "\"",
    "null",
    "true",
    "{}",
    "[1767261600]",
    "\"yesterday\"",
    "\"2026-01-01\"",
    "\"2026-01-01T10:00:00\"",
    "\"2026-01-01T10:00Z\"",
    "\"2026-13-01T10:00:00Z\"",
    "\"2026-00-01T10:00:00Z\"",
    "\"2026-01-32T10:00:00Z\"",
    "\"2026-01-00T10:00:00Z\"",
    "\"2026-02-29T10:00:00Z\"",
    "\"1900-02-29T10:00:00Z\"",
    "\"2026-04-31T10:00:00Z\"",
    "\"2026-01-01T24:00:00Z\"",
    "\"2026-01-01T10:60:00Z\"",
    "\"2026-01-01T10:00:61Z\"",
    "\"2026-01-01T10:00:60Z\"",
    "\"2026-01-01T10:00:00.Z\"",
    "\"2026-01-01T10:00:00,5Z\"",
    "\"2026-01-01T10:00:00+24:00\"",
    "\"2026-01-01T10:00:00+02:60\"",
    "\"2026-01-01T10:00:00+2:00\"",
    "\"2026-01-01T10:00:00+02:\"",
    "\"2026-01-01T10:00:00ZZ\"",
    "\"2026-01-01T10:00:00Z \"",
    "\" 2026-01-01T10:00:00Z\"",
    "\"+2026-01-01T10:00:00Z\"",
    "\"12026-01-01T10:00:00Z\"",
    "\"2026-1-01T10:00:00Z\"",
    "\"2026/01/01T10:00:00Z\"",
    "\"2026-01-01T10-00-00Z\"",
    "\"20260101T100000Z\"",
    "\"-001-01-01T10:00:00Z\"",
    "\"0000-01-01T00:00:00+00:01\"",
    "\"9999-12-31T23:59:59-00:01\"",
    "\"9999-12-31T23:59:60Z\"",
    "\"2026-01-01T1\\u0000:00:00Z\"",
    "01",
    "+1",
    "1.",
    ".5",
    "1e",
    "1e+",
    "0x10",
    "1767261600 s",
    "NaN",
    "Infinity",
    "1e400",
    "1e15",
    "253402300800000",
    "1767261600000000",
    "9223372036854775807",
    "99999999999999999999999999",
    "-62167219200001",
    "-1e300",
    "\"1767261600 \"",
};

START_TEST(refuses)
{
    int64_t ms = trail_time_parse(text(refused[_i]));
    ck_assert_msg(ms == TRAIL_NO_TIME, "%s: %lld", refused[_i], (long long)ms);
}
END_TEST

START_TEST(refuses_texts_beyond_any_time)
{
    char *digits = malloc(100000);
    memset(digits, '1', 100000);
    ck_assert(trail_time_parse((struct trail_slice){digits, 100000}) == TRAIL_NO_TIME);
    digits[0] = digits[99999] = '"';
    ck_assert(trail_time_parse((struct trail_slice){digits, 100000}) == TRAIL_NO_TIME);
    digits[1] = '\\';
    ck_assert(trail_time_parse((struct trail_slice){digits, 100000}) == TRAIL_NO_TIME);
    free(digits);
}
END_TEST

START_TEST(a_date_that_is_given_is_its_midnight)
{
    ck_assert(trail_time_parse_given(text("2026-01-01")) == T(1767225600000));
    ck_assert(trail_time_parse_given(text("2026-01-01T10:00:00Z")) == T(1767261600000));
    ck_assert(trail_time_parse_given(text("1767261600")) == T(1767261600000)); /* as long as a date */
    ck_assert(trail_time_parse_given(text("2026-13-01")) == TRAIL_NO_TIME);
    ck_assert(trail_time_parse_given(text("2026-1-1")) == TRAIL_NO_TIME);
    ck_assert(trail_time_parse_given(text("")) == TRAIL_NO_TIME);
}
END_TEST

START_TEST(reads_nothing_behind_the_slice)
{
    const char whole[] = "\"2026-01-01T10:00:00.123Z\"";
    size_t n = sizeof whole - 1;
    for (size_t i = 0; i <= n; i++) { /* exact copies, so that a sanitizer sees one byte too many */
        char *copy = malloc(i ? i : 1);
        memcpy(copy, whole, i);
        int64_t ms = trail_time_parse((struct trail_slice){copy, i});
        ck_assert(ms == (i == n ? T(1767261600123) : TRAIL_NO_TIME));
        free(copy);
    }
}
END_TEST

START_TEST(every_form_agrees_on_every_day)
{
    /* A day every 37, over all years: written, read by the short form and by the long one. */
    for (int64_t t = T(-62167219200000); t <= T(253402300799999); t += T(37) * 86400000 + 61001) {
        int64_t whole = t - t % 1000;
        char out[TRAIL_TIME_ROOM];
        ck_assert_uint_eq(trail_time_format(out, whole), 20);
        ck_assert_msg(trail_time_parse_text(text(out)) == whole, "%s", out);
        strcpy(out + 19, ".0Z");
        ck_assert_msg(trail_time_parse_text(text(out)) == whole, "%s", out);
    }
}
END_TEST

static const struct {
    int64_t ms;
    const char *text;
} written[] = {
    {0, "1970-01-01T00:00:00Z"},
    {1, "1970-01-01T00:00:00.001Z"},
    {-1, "1969-12-31T23:59:59.999Z"},
    {T(1767261600000), "2026-01-01T10:00:00Z"},
    {T(1767261600120), "2026-01-01T10:00:00.120Z"},
    {T(951782399999), "2000-02-28T23:59:59.999Z"},
    {T(951782400000), "2000-02-29T00:00:00Z"},
    {T(951868800000), "2000-03-01T00:00:00Z"},
    {T(-62167219200000), "0000-01-01T00:00:00Z"},
    {T(253402300799999), "9999-12-31T23:59:59.999Z"},
    {T(-62167219200001), ""},
    {T(253402300800000), ""},
    {TRAIL_NO_TIME, ""},
    {INT64_MAX, ""},
};

START_TEST(formats)
{
    char out[TRAIL_TIME_ROOM];
    size_t n = trail_time_format(out, written[_i].ms);
    ck_assert_str_eq(out, written[_i].text);
    ck_assert_uint_eq(n, strlen(out));
}
END_TEST

static const struct {
    const char *text;
    int64_t ms;
    const char *back;
} durations[] = {
    {"500ms", 500, "500ms"},
    {"90s", 90000, "90s"},
    {"60s", 60000, "1m"},
    {"10m", 600000, "10m"},
    {"90m", 5400000, "90m"},
    {"36h", 129600000, "36h"},
    {"24h", 86400000, "24h"},
    {"1d", 86400000, "24h"},
    {"48h", 172800000, "2d"},
    {"7d", 604800000, "7d"},
    {"2w", 1209600000, "14d"},
    {"0s", 0, "0s"},
    {"1001ms", 1001, "1001ms"},
    {"9223372036854775807ms", INT64_MAX, "9223372036854775807ms"},
    {"", -1, NULL},
    {"m", -1, NULL},
    {"10", -1, NULL},
    {"10 m", -1, NULL},
    {"-1m", -1, NULL},
    {"1.5h", -1, NULL},
    {"10M", -1, NULL},
    {"10mm", -1, NULL},
    {"10y", -1, NULL},
    {"9223372036854775808ms", -1, NULL},
    {"99999999999999999999d", -1, NULL},
    {"9223372036854775807s", -1, NULL},
};

START_TEST(duration)
{
    int64_t ms = trail_duration_parse(text(durations[_i].text));
    ck_assert_msg(ms == durations[_i].ms, "%s: %lld", durations[_i].text, (long long)ms);
    if (durations[_i].back) {
        char out[TRAIL_TIME_ROOM];
        ck_assert_uint_eq(trail_duration_format(out, ms), strlen(durations[_i].back));
        ck_assert_str_eq(out, durations[_i].back);
    }
}
END_TEST

START_TEST(adding_never_overflows)
{
    ck_assert(trail_time_add(5, 7) == 12);
    ck_assert(trail_time_add(5, -7) == -2);
    ck_assert(trail_time_add(INT64_MAX, 1) == INT64_MAX);
    ck_assert(trail_time_add(INT64_MAX - 1, 1) == INT64_MAX);
    ck_assert(trail_time_add(INT64_MIN + 1, -1) == INT64_MIN + 1);
    ck_assert(trail_time_add(INT64_MIN + 3, -1) == INT64_MIN + 2);
    ck_assert(trail_time_add(INT64_MIN, 0) != TRAIL_NO_TIME);
    ck_assert(trail_time_add(0, -INT64_MAX) == INT64_MIN + 1);
}
END_TEST

START_TEST(future_is_more_than_five_minutes_past_the_clock)
{
    ck_assert(!trail_time_is_future(300000, 0));
    ck_assert(trail_time_is_future(300001, 0));
    ck_assert(!trail_time_is_future(TRAIL_NO_TIME, 0));
    ck_assert(!trail_time_is_future(INT64_MAX, TRAIL_NO_TIME));
    ck_assert(!trail_time_is_future(INT64_MAX, INT64_MAX));
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

int main(void)
{
    Suite *suite = suite_create("timestamp");
    TCase *parse = tcase_create("parse");
    tcase_add_loop_test(parse, takes, 0, COUNT(accepted));
    tcase_add_loop_test(parse, refuses, 0, COUNT(refused));
    tcase_add_test(parse, refuses_texts_beyond_any_time);
    tcase_add_test(parse, a_date_that_is_given_is_its_midnight);
    tcase_add_test(parse, reads_nothing_behind_the_slice);
    tcase_add_test(parse, every_form_agrees_on_every_day);
    suite_add_tcase(suite, parse);
    TCase *format = tcase_create("format");
    tcase_add_loop_test(format, formats, 0, COUNT(written));
    tcase_add_loop_test(format, duration, 0, COUNT(durations));
    suite_add_tcase(suite, format);
    TCase *arithmetic = tcase_create("arithmetic");
    tcase_add_test(arithmetic, adding_never_overflows);
    tcase_add_test(arithmetic, future_is_more_than_five_minutes_past_the_clock);
    suite_add_tcase(suite, arithmetic);
    return run_tap(suite);
}

/*
 * write.c - see write.h.
 */
#include "write.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel/escape.h"
#include "notify/terminal.h"
#include "window/timestamp.h"
#include "json/elements.h"

void put(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

void putf(struct trail_text *to, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    trail_text_addv(to, format, args);
    va_end(args);
}

void put_slice(struct trail_text *to, struct trail_slice s)
{
    trail_text_add(to, s.p, s.n);
}

struct trail_slice text_slice(const char *text)
{
    return (struct trail_slice){text, strlen(text)};
}

void put_html_slice(struct trail_text *to, struct trail_slice s, size_t most)
{
    trail_escape_html(to, s, most);
}

void put_html(struct trail_text *to, const char *text, size_t most)
{
    trail_escape_html(to, text_slice(text), most);
}

void put_html_json(struct trail_text *to, struct trail_slice json)
{
    size_t from = 0;
    for (size_t i = 0; i < json.n; i++) {
        const char *name = json.p[i] == '<'   ? "&lt;"
                           : json.p[i] == '>' ? "&gt;"
                           : json.p[i] == '&' ? "&amp;"
                                              : NULL;
        if (!name)
            continue;
        trail_text_add(to, json.p + from, i - from);
        put(to, name);
        from = i + 1;
    }
    trail_text_add(to, json.p + from, json.n - from);
}

/* ---- groups ------------------------------------------------------------------------------- */

static void add_value(struct trail_text *to, struct trail_slice value)
{
    struct trail_slice inside = trail_inside(value);
    if (!trail_is_string(value)) {
        put_slice(to, value.n == 4 && memcmp(value.p, "null", 4) == 0 ? text_slice("(none)") : value);
        return;
    }
    char *plain = malloc(inside.n + 1);
    if (!plain) {
        to->failed = true;
        return;
    }
    trail_text_add(to, plain, trail_json_unescape(plain, inside.p, inside.n));
    free(plain);
}

void put_plain_group(struct trail_text *to, struct trail_slice group)
{
    struct trail_elements e;
    struct trail_slice key, value;
    size_t n = 0;
    trail_members_start(&e, group);
    while (trail_members_next(&e, &key, &value)) {
        if (n++)
            put(to, ", ");
        add_value(to, value);
    }
    if (n == 0)
        put(to, "all events");
}

void put_html_group(struct trail_text *to, struct trail_slice group, size_t most)
{
    struct trail_text plain = {0};
    put_plain_group(&plain, group);
    put_html_slice(to, (struct trail_slice){plain.p, plain.n}, most);
    to->failed |= plain.failed;
    trail_text_free(&plain);
}

/* ---- numbers and times -------------------------------------------------------------------- */

void put_count(struct trail_text *to, uint64_t n)
{
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, n);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            put(to, ",");
        trail_text_add(to, digits + i, 1);
    }
}

void put_counted(struct trail_text *to, uint64_t n, const char *one)
{
    put_count(to, n);
    put(to, " ");
    put(to, one);
    put(to, n == 1 ? "" : "s");
}

void put_decimal(struct trail_text *to, double x)
{
    double tenths = x * 10 + 0.5;
    uint64_t n = tenths < 0 ? 0 : tenths > 1e18 ? UINT64_C(1000000000000000000) : (uint64_t)tenths;
    putf(to, "%" PRIu64, n / 10);
    if (n % 10)
        putf(to, ".%u", (unsigned)(n % 10));
}

void put_iso(struct trail_text *to, int64_t time)
{
    char text[TRAIL_TIME_ROOM];
    trail_time_format(text, time);
    put(to, text);
}

void put_time(struct trail_text *to, int64_t time, bool seconds)
{
    char text[TRAIL_TIME_ROOM];
    size_t n = trail_time_format(text, time);
    if (n < 19)
        return;
    text[10] = ' ';
    trail_text_add(to, text, seconds ? 19 : 16);
}

void put_period(struct trail_text *to, int64_t from, int64_t end)
{
    put_time(to, from, false);
    put(to, " to ");
    put_time(to, end, false);
    put(to, " UTC");
}

void put_duration(struct trail_text *to, int64_t ms)
{
    char text[TRAIL_TIME_ROOM];
    const int64_t minute = 60000, hour = 60 * minute, day = 24 * hour;
    /* 1h 30m is easier to read than 90m, and 7d than 10081m. */
    if (ms >= 2 * day && ms % day >= hour)
        putf(to, "%" PRId64 "d %" PRId64 "h", ms / day, ms % day / hour);
    else if (ms >= 2 * day)
        putf(to, "%" PRId64 "d", ms / day);
    else if (ms >= hour && ms % hour >= minute)
        putf(to, "%" PRId64 "h %" PRId64 "m", ms / hour, ms % hour / minute);
    else if (ms >= hour)
        putf(to, "%" PRId64 "h", ms / hour);
    else {
        trail_duration_format(text, ms);
        put(to, text);
    }
}

void put_time_element(struct trail_text *to, int64_t time)
{
    put(to, "<time datetime=\"");
    put_iso(to, time);
    put(to, "\">");
    put_time(to, time, true);
    put(to, "</time>");
}

void put_member(struct trail_text *to, const char *before, const char *key, const char *value)
{
    trail_json_add_member(to, before, key, value);
}

/*
 * json_write.c - JSON that is safe to print: what a log holds, written back for terminals, mails and
 * programs.
 *
 * Needs: any bytes. Guarantees: one line of valid UTF-8 that trail_json_check accepts; a text that was no
 * JSON comes out as one JSON string. What could steer a terminal, reorder a line or end it is written as \u
 * escapes.
 */
#include "trail/json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_text.h"
#include "trail/kernel.h"
#include "trail/text.h"

/* Makes room for n bytes more; false: memory ran out, now or earlier. */
static bool make_room(struct trail_text *text, size_t n)
{
    if (text->failed || n > SIZE_MAX / 2 - text->n) {
        text->failed = true;
        return false;
    }
    size_t need = text->n + n;
    if (need <= text->room)
        return true;
    size_t room = text->room < 128 ? 256 : text->room * 2;
    if (room < need)
        room = need;
    char *p = realloc(text->p, room);
    if (!p) {
        text->failed = true;
        return false;
    }
    text->p = p;
    text->room = room;
    return true;
}

void trail_text_add(struct trail_text *text, const char *p, size_t n)
{
    if (!n || !make_room(text, n))
        return;
    memcpy(text->p + text->n, p, n);
    text->n += n;
}

void trail_text_addv(struct trail_text *text, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0)
        text->failed = true;
    else if (make_room(text, (size_t)n + 1)) {
        vsnprintf(text->p + text->n, (size_t)n + 1, format, again);
        text->n += (size_t)n;
    }
    va_end(again);
}

void trail_text_addf(struct trail_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    trail_text_addv(text, format, args);
    va_end(args);
}

void trail_text_free(struct trail_text *text)
{
    free(text->p);
    *text = (struct trail_text){0};
}

static void add_byte(struct trail_text *text, char c)
{
    trail_text_add(text, &c, 1);
}

static void add_unit(struct trail_text *text, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    char escape[6] = {'\\',
                      'u',
                      digits[unit >> 12 & 15],
                      digits[unit >> 8 & 15],
                      digits[unit >> 4 & 15],
                      digits[unit & 15]};
    trail_text_add(text, escape, sizeof escape);
}

/* Characters that do something to what is around them: controls, C1, marks and isolates of direction, line
 * separators. */
static bool steers(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Adds the character at p, which is no quote and no backslash; returns its length there. */
static size_t add_character(struct trail_text *text, const char *p, const char *end)
{
    unsigned length;
    uint32_t c = trail_decode((const unsigned char *)p, (const unsigned char *)end, &length);
    if (c >= 0xDC00 && c <= 0xDFFF)
        trail_text_add(text, "\xEF\xBF\xBD", 3);
    else if (steers(c))
        add_unit(text, c);
    else
        trail_text_add(text, p, length);
    return length;
}

size_t trail_json_safe_run(const char *p, const char *end)
{
    const char *start = p;
    for (; end - p >= TRAIL_SAFE_STEP; p += TRAIL_SAFE_STEP) {
        unsigned safe = trail_safe_bytes(p);
        if (safe < TRAIL_SAFE_STEP)
            return (size_t)(p - start) + safe;
    }
    if (end - start >= TRAIL_SAFE_STEP) /* the last ones, of which the first are safe */
        return (size_t)(end - start) - TRAIL_SAFE_STEP + trail_safe_bytes(end - TRAIL_SAFE_STEP);
    while (p < end && *p >= 0x20 && *p < 0x7F && *p != '"' && *p != '\\')
        p++;
    return (size_t)(p - start);
}

/* Adds an escape of a checked string; p is at its backslash. Returns its length there. */
static size_t add_escape(struct trail_text *text, const char *p, const char *end)
{
    uint32_t c;
    size_t length = trail_json_code_point(p, end, &c);
    if (length == 6 && c == 0xFFFD)
        add_unit(text, c); /* a lone surrogate too */
    else
        trail_text_add(text, p, length ? length : 2);
    return length ? length : 2;
}

/* Adds a checked string; p is at its first quote. Returns where it ends. */
static const char *rewrite_string(struct trail_text *text, const char *p, const char *end)
{
    add_byte(text, *p++);
    while (*p != '"') {
        size_t run = trail_json_safe_run(p, end);
        trail_text_add(text, p, run);
        p += run;
        if (*p == '\\')
            p += add_escape(text, p, end);
        else if (*p != '"')
            p += add_character(text, p, end);
    }
    add_byte(text, *p++);
    return p;
}

/* Structure, numbers and words up to the next string or white space. */
static const char *rewrite_run(struct trail_text *text, const char *p, const char *end)
{
    const char *start = p;
    while (p<end && * p> ' ' && *p != '"')
        p++;
    trail_text_add(text, start, (size_t)(p - start));
    return p;
}

void trail_json_rewrite(struct trail_text *text, struct trail_slice json)
{
    size_t at;
    if (trail_json_check(json.p, json.n, &at) != TRAIL_JSON_OK) {
        trail_json_quote(text, json);
        return;
    }
    const char *p = json.p, *end = json.p + json.n;
    while (p < end) {
        if (*p == '"')
            p = rewrite_string(text, p, end);
        else if (*p <= ' ')
            p++;
        else
            p = rewrite_run(text, p, end);
    }
}

/* A character that needs a backslash in a string, or is no printable ASCII. Returns its length. */
static size_t quote_character(struct trail_text *text, const char *p, const char *end)
{
    const char *name;
    switch (*p) {
    case '"': name = "\\\""; break;
    case '\\': name = "\\\\"; break;
    case '\n': name = "\\n"; break;
    case '\r': name = "\\r"; break;
    case '\t': name = "\\t"; break;
    default: return add_character(text, p, end);
    }
    trail_text_add(text, name, 2);
    return 1;
}

void trail_json_quote(struct trail_text *to, struct trail_slice text)
{
    const char *p = text.n ? text.p : "", *end = p + text.n;
    add_byte(to, '"');
    while (p < end) {
        size_t run = trail_json_safe_run(p, end);
        trail_text_add(to, p, run);
        p += run;
        if (p < end)
            p += quote_character(to, p, end);
    }
    add_byte(to, '"');
}

void trail_json_add_member(struct trail_text *text, const char *before, const char *key, const char *value)
{
    trail_text_add(text, before, strlen(before));
    trail_json_quote(text, (struct trail_slice){key, strlen(key)});
    add_byte(text, ':');
    if (value)
        trail_json_quote(text, (struct trail_slice){value, strlen(value)});
    else
        trail_text_add(text, "null", 4);
}

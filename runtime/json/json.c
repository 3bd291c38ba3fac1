/*
 * json.c - is it JSON, and what does its string say: RFC 8259 over bytes.
 *
 * Needs: nothing but the bytes [p, p + n); nothing behind them is looked at.
 * Guarantees: one pass, no recursion, no memory beyond a stack of TRAIL_MAX_DEPTH bytes; bytes of 0x80 and
 * more are data inside strings and errors elsewhere, whatever they encode.
 *
 * The check is a loop over what may stand next. A string, most of any log, is passed eight bytes at a time:
 * arithmetic on one word tells whether a quote, a backslash or a control character is among them.
 */
#include "trail/json.h"

#include <stdint.h>
#include <string.h>

#include "json_text.h"
#include "trail/text.h"

#define ONES 0x0101010101010101u
#define HIGH 0x8080808080808080u

/* Where a check is: [at, end) is to come. */
struct check {
    const unsigned char *at, *end;
    unsigned depth;
    unsigned char open[TRAIL_MAX_DEPTH]; /* '{' or '[', outermost first */
};

/* What may stand at `at`. */
enum expect {
    VALUE,
    VALUE_OR_CLOSE, /* behind [ */
    KEY,            /* behind , in an object */
    KEY_OR_CLOSE,   /* behind { */
    AFTER,          /* behind a value inside a container */
    DONE,           /* behind the outermost value */
};

static bool is_space(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* Nonzero when one of eight bytes ends a run of plain string bytes: a quote, a backslash, below 0x20. */
static uint64_t stops(uint64_t word)
{
    uint64_t quote = word ^ (ONES * '"'), backslash = word ^ (ONES * '\\');
    uint64_t found =
        ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash) | ((word - ONES * 0x20) & ~word);
    return found & HIGH;
}

/* Passes plain bytes of a string. */
static const unsigned char *plain_run(const unsigned char *p, const unsigned char *end)
{
    while (end - p >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        word = stops(word);
        if (word) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
            return p + __builtin_ctzll(word) / 8;
#else
            break;
#endif
        }
        p += 8;
    }
    while (p < end && *p != '"' && *p != '\\' && *p >= 0x20)
        p++;
    return p;
}

/* Passes one escape; c->at is at its backslash. */
static enum trail_json_error pass_escape(struct check *c)
{
    if (++c->at == c->end)
        return TRAIL_JSON_TRUNCATED;
    switch (*c->at++) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't': return TRAIL_JSON_OK;
    case 'u': break;
    default: c->at--; return TRAIL_JSON_ESCAPE;
    }
    for (int i = 0; i < 4; i++, c->at++) {
        if (c->at == c->end)
            return TRAIL_JSON_TRUNCATED;
        if (trail_json_hex(*c->at) < 0)
            return TRAIL_JSON_ESCAPE;
    }
    return TRAIL_JSON_OK;
}

/* Passes a string; c->at is at its quote. */
static inline enum trail_json_error pass_string(struct check *c)
{
    c->at++;
    for (;;) {
        c->at = plain_run(c->at, c->end);
        if (c->at == c->end)
            return TRAIL_JSON_TRUNCATED;
        if (*c->at == '"') {
            c->at++;
            return TRAIL_JSON_OK;
        }
        if (*c->at != '\\')
            return TRAIL_JSON_STRING;
        enum trail_json_error error = pass_escape(c);
        if (error)
            return error;
    }
}

/* Passes one digit or more. */
static enum trail_json_error pass_digits(struct check *c)
{
    if (c->at == c->end)
        return TRAIL_JSON_TRUNCATED;
    if (!is_digit(*c->at))
        return TRAIL_JSON_NUMBER;
    while (c->at < c->end && is_digit(*c->at))
        c->at++;
    return TRAIL_JSON_OK;
}

/* Passes a number of any length; c->at is at its sign or first digit. */
static enum trail_json_error pass_number(struct check *c)
{
    enum trail_json_error error = TRAIL_JSON_OK;
    if (*c->at == '-')
        c->at++;
    if (c->at < c->end && *c->at == '0')
        c->at++;
    else
        error = pass_digits(c);
    if (!error && c->at < c->end && *c->at == '.') {
        c->at++;
        error = pass_digits(c);
    }
    if (!error && c->at < c->end && (*c->at | 0x20) == 'e') {
        c->at++;
        if (c->at < c->end && (*c->at == '+' || *c->at == '-'))
            c->at++;
        error = pass_digits(c);
    }
    /* 01, 1.5.2, 1e5e: still the number, not something behind it */
    if (!error && c->at < c->end &&
        (is_digit(*c->at) || *c->at == '.' || *c->at == '+' || *c->at == '-' || (*c->at | 0x20) == 'e'))
        error = TRAIL_JSON_NUMBER;
    return error;
}

static enum trail_json_error pass_word(struct check *c, const char *word)
{
    for (; *word; word++, c->at++) {
        if (c->at == c->end)
            return TRAIL_JSON_TRUNCATED;
        if (*c->at != (unsigned char)*word)
            return TRAIL_JSON_SYNTAX;
    }
    return TRAIL_JSON_OK;
}

/* Passes a string, number or word. */
static inline enum trail_json_error pass_scalar(struct check *c)
{
    switch (*c->at) {
    case '"': return pass_string(c);
    case 't': return pass_word(c, "true");
    case 'f': return pass_word(c, "false");
    case 'n': return pass_word(c, "null");
    default: return *c->at == '-' || is_digit(*c->at) ? pass_number(c) : TRAIL_JSON_SYNTAX;
    }
}

static inline void pass_space(struct check *c)
{
    while (c->at < c->end && is_space(*c->at))
        c->at++;
}

/* Passes a key and its colon. */
static inline enum trail_json_error pass_key(struct check *c)
{
    if (*c->at != '"')
        return TRAIL_JSON_SYNTAX;
    enum trail_json_error error = pass_string(c);
    if (error)
        return error;
    pass_space(c);
    if (c->at == c->end)
        return TRAIL_JSON_TRUNCATED;
    if (*c->at != ':')
        return TRAIL_JSON_SYNTAX;
    c->at++;
    return TRAIL_JSON_OK;
}

static inline enum expect behind_value(const struct check *c)
{
    return c->depth ? AFTER : DONE;
}

/* A container opens. */
static inline enum trail_json_error push(struct check *c, enum expect *next)
{
    if (c->depth == TRAIL_MAX_DEPTH)
        return TRAIL_JSON_DEPTH;
    *next = *c->at == '{' ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
    c->open[c->depth++] = *c->at++;
    return TRAIL_JSON_OK;
}

/* A container closes, or not, behind a value. */
static inline enum trail_json_error pass_after(struct check *c, enum expect *next)
{
    bool object = c->open[c->depth - 1] == '{';
    if (*c->at == ',') {
        *next = object ? KEY : VALUE;
    } else if (*c->at == (object ? '}' : ']')) {
        c->depth--;
        *next = behind_value(c);
    } else {
        return TRAIL_JSON_SYNTAX;
    }
    c->at++;
    return TRAIL_JSON_OK;
}

/* Passes one piece of a value: a scalar, a key, or one of the structure's characters. */
static inline enum trail_json_error pass_piece(struct check *c, enum expect *next)
{
    enum trail_json_error error;
    switch (*next) {
    case VALUE_OR_CLOSE:
        if (*c->at == ']') {
            c->at++, c->depth--;
            *next = behind_value(c);
            return TRAIL_JSON_OK;
        }
        /* fall through */
    case VALUE:
        if (*c->at == '{' || *c->at == '[')
            return push(c, next);
        error = pass_scalar(c);
        *next = behind_value(c);
        return error;
    case KEY_OR_CLOSE:
        if (*c->at == '}') {
            c->at++, c->depth--;
            *next = behind_value(c);
            return TRAIL_JSON_OK;
        }
        /* fall through */
    case KEY: *next = VALUE; return pass_key(c);
    default: return pass_after(c, next);
    }
}

enum trail_json_error trail_json_value(const char *p, size_t n, size_t *at)
{
    const unsigned char *start = (const unsigned char *)p;
    struct check c;
    c.at = start;
    c.end = start + n;
    c.depth = 0;
    enum expect next = VALUE;
    enum trail_json_error error = TRAIL_JSON_OK;
    pass_space(&c);
    if (c.at == c.end)
        error = TRAIL_JSON_EMPTY;
    while (!error && next != DONE) {
        pass_space(&c);
        error = c.at == c.end ? TRAIL_JSON_TRUNCATED : pass_piece(&c, &next);
    }
    *at = (size_t)(c.at - start);
    return error;
}

enum trail_json_error trail_json_check(const char *p, size_t n, size_t *at)
{
    enum trail_json_error error = trail_json_value(p, n, at);
    if (error)
        return error;
    while (*at < n && is_space((unsigned char)p[*at]))
        ++*at;
    return *at < n ? TRAIL_JSON_TRAILING : TRAIL_JSON_OK;
}

#define TEXT(number)    TEXT_OF(number)
#define TEXT_OF(number) #number

const char *trail_json_error_text(enum trail_json_error error)
{
    switch (error) {
    case TRAIL_JSON_OK: return "no error";
    case TRAIL_JSON_EMPTY: return "nothing but white space";
    case TRAIL_JSON_SYNTAX: return "a character that cannot stand here";
    case TRAIL_JSON_STRING: return "a control character in a string";
    case TRAIL_JSON_ESCAPE: return "an escape that JSON does not have";
    case TRAIL_JSON_NUMBER: return "a malformed number";
    case TRAIL_JSON_DEPTH: return "nested deeper than " TEXT(TRAIL_MAX_DEPTH);
    case TRAIL_JSON_TRUNCATED: return "ends too early";
    case TRAIL_JSON_TRAILING: return "something behind the value";
    }
    return "unknown error";
}

/* The code unit of \uXXXX at p, or -1 when there is none. */
static int32_t unit_at(const char *p, const char *end)
{
    if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
        return -1;
    int32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = trail_json_hex((unsigned char)p[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

size_t trail_json_code_point(const char *p, const char *end, uint32_t *code_point)
{
    int32_t unit = unit_at(p, end);
    if (unit < 0)
        return 0;
    *code_point = (uint32_t)unit;
    if (unit < 0xD800 || unit > 0xDFFF)
        return 6;
    int32_t low = unit < 0xDC00 ? unit_at(p + 6, end) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
        *code_point = 0xFFFD;
        return 6;
    }
    *code_point = 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    return 12;
}

/* The byte that a two-character escape stands for, or 0 when JSON has no such escape. */
static char short_escape(char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

size_t trail_json_unescape(char *to, const char *p, size_t n)
{
    const char *start = to, *end = p + n;
    while (p < end) {
        const char *backslash = memchr(p, '\\', (size_t)(end - p));
        size_t run = (size_t)((backslash ? backslash : end) - p);
        memmove(to, p, run);
        to += run;
        p += run;
        if (!backslash)
            break;
        uint32_t code_point;
        size_t length = trail_json_code_point(p, end, &code_point);
        if (length) {
            to += trail_encode(to, code_point);
            p += length;
        } else if (end - p >= 2 && short_escape(p[1])) {
            *to++ = short_escape(p[1]);
            p += 2;
        } else {
            *to++ = *p++;
        }
    }
    return (size_t)(to - start);
}

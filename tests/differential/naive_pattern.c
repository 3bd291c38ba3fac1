/*
 * naive_pattern.c - wildcards by going back, regexes through PCRE2.
 */
#include "naive_pattern.h"

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unistr.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Private code points that stand for broken bytes: no filter of the tests names them. */
#define BROKEN 0x10FF00u

struct naive_pattern {
    pcre2_code *regex; /* NULL: a wildcard */
    bool any_case;
    size_t n;
    struct element {
        enum { ONE, ANY_ONE, ANY_MANY } kind;
        ucs4_t c;
    } * elements;
};

static void *array_of(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p)
        abort();
    return p;
}

/* One character at p; its length. */
static size_t character(const char *p, size_t n, ucs4_t *c)
{
    int length = u8_mbtoucr(c, (const uint8_t *)p, n);
    if (length > 0)
        return (size_t)length;
    *c = BROKEN + (unsigned char)*p;
    return 1;
}

/* ---- wildcards -------------------------------------------------------------------------------- */

struct naive_pattern *naive_wildcard(struct slice source, bool any_case)
{
    struct naive_pattern *p = array_of(1, sizeof *p);
    p->elements = array_of(source.n, sizeof *p->elements);
    p->any_case = any_case;
    for (size_t i = 0; i < source.n;) {
        struct element *e = &p->elements[p->n++];
        bool escaped = source.p[i] == '\\';
        i += escaped;
        if (!escaped && (source.p[i] == '*' || source.p[i] == '?'))
            e->kind = source.p[i] == '*' ? ANY_MANY : ANY_ONE;
        i += character(source.p + i, source.n - i, &e->c);
    }
    return p;
}

static bool same(ucs4_t a, ucs4_t b, bool any_case)
{
    return a == b || (any_case && uc_tolower(uc_toupper(a)) == uc_tolower(uc_toupper(b)));
}

/* Goes back to the last star only: what an earlier one could do, the last one can do as well. */
static bool fits(const struct naive_pattern *p, const char *text)
{
    const struct element *e = p->elements, *end = e + p->n, *star = NULL;
    const char *from = text;
    while (*text || e < end) {
        ucs4_t c;
        size_t length = *text ? character(text, strlen(text), &c) : 0;
        if (e < end && e->kind == ANY_MANY) {
            star = e++;
            from = text;
        } else if (e < end && length > 0 && (e->kind == ANY_ONE || same(e->c, c, p->any_case))) {
            e++;
            text += length;
        } else if (star && *from) {
            from += character(from, strlen(from), &c);
            text = from;
            e = star + 1;
        } else {
            return false;
        }
    }
    return true;
}

/* ---- regexes ---------------------------------------------------------------------------------- */

struct output {
    char *p;
    size_t n;
    bool lower;
};

static void put(struct output *out, const char *text)
{
    size_t n = strlen(text);
    memcpy(out->p + out->n, text, n + 1);
    out->n += n;
}

/* Of all capitals the dotted I alone is of another case than its lower case to PCRE2. */
static void put_character(struct output *out, ucs4_t c)
{
    char text[16];
    if (out->lower && c == 0x130)
        c = 'i';
    snprintf(text, sizeof text, "\\x{%X}", (unsigned)c);
    put(out, text);
}

/* What a letter behind a backslash stands for, inside of brackets. */
static const char *escape_members(char letter)
{
    switch (letter) {
    case 'd': return "0-9";
    case 'w': return "0-9A-Za-z_";
    case 's': return "\\x{9}\\x{A}\\x{D}\\x{20}";
    case 't': return "\\x{9}";
    case 'n': return "\\x{A}";
    case 'r': return "\\x{D}";
    case 'D': return "\\x{0}-\\x{2F}\\x{3A}-\\x{10FFFF}";
    /* PCRE2's own, as a list of ranges would gain the letters whose other case is in it. */
    case 'W': return "\\W";
    case 'S': return "\\x{0}-\\x{8}\\x{B}-\\x{C}\\x{E}-\\x{1F}\\x{21}-\\x{10FFFF}";
    default: return NULL;
    }
}

/* A character or an escape at i, as a member of brackets; returns what is behind it. */
static size_t put_member(struct output *out, struct slice s, size_t i)
{
    ucs4_t c;
    if (s.p[i] == '\\') {
        const char *members = escape_members(s.p[++i]);
        if (members) {
            put(out, members);
            return i + 1;
        }
    }
    i += character(s.p + i, s.n - i, &c);
    put_character(out, c);
    return i;
}

/* Brackets; i is behind the opening one. */
static size_t put_brackets(struct output *out, struct slice s, size_t i)
{
    put(out, "[");
    if (s.p[i] == '^') {
        put(out, "^");
        i++;
    }
    bool first = true;
    for (; i < s.n && (s.p[i] != ']' || first); first = false) {
        bool range = s.p[i] == '-' && !first && s.p[i + 1] != ']';
        if (range) {
            put(out, "-");
            i++;
        } else {
            i = put_member(out, s, i);
        }
    }
    put(out, "]");
    return i + 1;
}

static void translate(struct output *out, struct slice s)
{
    put(out, "\\A(?:");
    for (size_t i = 0; i < s.n;) {
        char c = s.p[i];
        if (c == '[') {
            i = put_brackets(out, s, i + 1);
        } else if (c == '(') {
            put(out, "(?:");
            i++;
        } else if (c == '{') {
            for (; s.p[i] != '}'; i++)
                put(out, (char[]){s.p[i], '\0'});
            put(out, "}");
            i++;
        } else if (strchr(".|)*+?", c)) {
            put(out, (char[]){c, '\0'});
            i++;
        } else {
            put(out, "[");
            i = put_member(out, s, i);
            put(out, "]");
        }
    }
    put(out, ")\\z");
}

struct naive_pattern *naive_regex(struct slice source, bool any_case, bool lower)
{
    struct naive_pattern *p = array_of(1, sizeof *p);
    struct output out = {array_of(source.n * 80 + 64, 1), 0, lower};
    uint32_t options = PCRE2_UTF | PCRE2_DOTALL | PCRE2_NO_AUTO_CAPTURE | (any_case ? PCRE2_CASELESS : 0);
    int error;
    PCRE2_SIZE at;
    translate(&out, source);
    p->regex = pcre2_compile((PCRE2_SPTR)out.p, out.n, options, &error, &at, NULL);
    if (!p->regex) {
        fprintf(stderr, "PCRE2 error %d at %zu of %s, made of /%.*s/\n", error, at, out.p, (int)source.n,
                source.p);
        exit(2);
    }
    free(out.p);
    return p;
}

/* The text with its broken bytes replaced. */
static char *mended(const char *text, size_t *used)
{
    size_t n = strlen(text);
    char *out = array_of(n * 4 + 8, 1);
    *used = 0;
    for (size_t i = 0; i < n;) {
        ucs4_t c;
        i += character(text + i, n - i, &c);
        *used += (size_t)u8_uctomb((uint8_t *)out + *used, c, 6);
    }
    return out;
}

/* PCRE2's matcher that does not backtrack: no regex takes exponential time. */
static bool regex_fits(const pcre2_code *regex, const char *text)
{
    static int space[100000];
    size_t n;
    char *subject = mended(text, &n);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int result = pcre2_dfa_match(regex, (PCRE2_SPTR)subject, n, 0, PCRE2_DFA_SHORTEST, data, NULL, space,
                                 sizeof space / sizeof *space);
    pcre2_match_data_free(data);
    free(subject);
    if (result >= 0 || result == PCRE2_ERROR_NOMATCH)
        return result >= 0;
    fprintf(stderr, "PCRE2 error %d for \"%s\"\n", result, text);
    exit(2);
}

/* ---- both ------------------------------------------------------------------------------------- */

bool naive_pattern_matches(const struct naive_pattern *p, const char *text)
{
    return p->regex ? regex_fits(p->regex, text) : fits(p, text);
}

void naive_pattern_free(struct naive_pattern *p)
{
    if (!p)
        return;
    pcre2_code_free(p->regex);
    free(p->elements);
    free(p);
}

/*
 * reading_regex.c - a regex of the filter language in the terms of Lucene's: classes spelled out, case
 * undone.
 *
 * Lucene 8 knows no escapes but of the character itself; it has `&` for what two regexes both match.
 */
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unistr.h>

#include "reading.h"

struct translation {
    struct draft *out;
    struct slice s;
    size_t at;
    enum regex_case to;
    unsigned *departures;
};

static ucs4_t next(struct translation *t)
{
    ucs4_t c;
    t->at += (size_t)u8_mbtouc(&c, (const uint8_t *)t->s.p + t->at, t->s.n - t->at);
    return c;
}

/* Folded as Verdicts.java does. */
static ucs4_t cased(const struct translation *t, ucs4_t c)
{
    if (t->to == AS_IS || (t->to == FOLD && (c == 0x130 || c == 0x131)))
        return c;
    return uc_tolower(t->to == FOLD ? uc_toupper(c) : c);
}

static void put(struct draft *d, ucs4_t c)
{
    uint8_t bytes[6];
    bool plain = c >= 0x80 || c <= ' ' || (c >= '0' && c <= '9') || (c | 0x20) - 'a' < 26;
    if (!plain)
        draft_char(d, '\\');
    draft_add(d, (const char *)bytes, (size_t)u8_uctomb(bytes, c, sizeof bytes));
}

/* What the letter behind a backslash stands for, inside of brackets; NULL: itself. A capital's is what it is
 * not. */
static const char *members(struct translation *t, ucs4_t letter)
{
    unsigned kind = 1u << CLASSES;
    const char *found = NULL;
    switch (letter) {
    case 'd':
    case 'D': found = "0-9"; break;
    case 'w':
    case 'W': found = t->to == AS_IS ? "A-Za-z0-9_" : "a-z0-9_"; break;
    case 's':
    case 'S': found = " \t\n\r"; break;
    default: break;
    }
    if (found)
        *t->departures |= kind;
    return found;
}

static ucs4_t control(struct translation *t, ucs4_t letter)
{
    static const char letters[] = "tnr", controls[] = "\t\n\r";
    const char *at = letter && letter < 0x80 ? strchr(letters, (int)letter) : NULL;
    if (!at)
        return letter;
    *t->departures |= 1u << CONTROLS;
    return (ucs4_t)controls[at - letters];
}

/* ---- brackets --------------------------------------------------------------------------------- */

struct brackets {
    bool negated;
    struct draft plain;    /* members */
    const char *not_in[8]; /* \D \W \S */
    size_t n_not_in;
    bool has[128]; /* of ASCII, what is in `plain` */
};

/* Whether `0-9_` and the like hold the character. */
static bool holds(const char *set, char c)
{
    for (const char *p = set; *p; p++) {
        bool range = p[1] == '-' && p[2];
        if (range ? c >= p[0] && c <= p[2] : c == *p)
            return true;
        p += range ? 2 : 0;
    }
    return false;
}

static void mark(struct brackets *b, ucs4_t c)
{
    if (c < sizeof b->has / sizeof *b->has)
        b->has[c] = true;
}

static void mark_class(struct brackets *b, const char *set)
{
    for (char c = 1; c < 127; c++)
        if (holds(set, c))
            mark(b, (ucs4_t)c);
}

/* [^a\D] is what is in 0-9 and is not a: that may be nothing. */
static bool is_empty(const struct brackets *b)
{
    for (char c = 1; c < 127; c++) {
        bool in = b->negated && b->n_not_in > 0 && !b->has[(unsigned char)c];
        for (size_t i = 0; i < b->n_not_in; i++)
            in = in && holds(b->not_in[i], c);
        if (in)
            return false;
    }
    return b->negated && b->n_not_in > 0;
}

/* A range in every case that it has. */
static void put_range(struct translation *t, struct brackets *b, ucs4_t first, ucs4_t last)
{
    struct draft *d = &b->plain;
    for (ucs4_t c = first; c <= last && c < first + 2000; c++) {
        mark(b, c);
        mark(b, cased(t, c));
    }
    put(d, t->to == AS_IS || first != last ? first : cased(t, first));
    if (first == last)
        return;
    draft_char(d, '-');
    put(d, last);
    for (ucs4_t c = first; t->to != AS_IS && c <= last && c < first + 2000; c++)
        if (cased(t, c) < first || cased(t, c) > last)
            put(d, cased(t, c));
}

/* A character at `at`, or false for a class, which was added. */
static bool read_member(struct translation *t, struct brackets *b, ucs4_t *c)
{
    *c = next(t);
    if (*c != '\\')
        return true;
    ucs4_t letter = next(t);
    const char *set = members(t, letter);
    if (!set) {
        *c = control(t, letter);
        return true;
    }
    if (letter >= 'a') {
        draft_text(&b->plain, set);
        mark_class(b, set);
    } else if (b->n_not_in < sizeof b->not_in / sizeof *b->not_in) {
        b->not_in[b->n_not_in++] = set;
    }
    return false;
}

/* [ab\D] is ([ab]|[^0-9]), [^ab\D] is ([^ab]&[0-9]). */
static void put_brackets(struct draft *out, const struct brackets *b)
{
    bool several = b->n_not_in > 0, any = !several || b->plain.n > 0;
    draft_text(out, several ? "(" : "");
    if (any) {
        draft_text(out, b->negated ? "[^" : "[");
        draft_text(out, b->plain.p);
        draft_char(out, ']');
    }
    for (size_t i = 0; i < b->n_not_in; i++) {
        draft_text(out, i || any ? (b->negated ? "&" : "|") : "");
        draft_text(out, b->negated ? "[" : "[^");
        draft_text(out, b->not_in[i]);
        draft_char(out, ']');
    }
    draft_text(out, several ? ")" : "");
}

static void read_brackets(struct translation *t)
{
    struct brackets b = {0};
    draft_text(&b.plain, "");
    b.negated = t->s.p[t->at] == '^';
    t->at += b.negated;
    while (t->at < t->s.n && t->s.p[t->at] != ']') {
        ucs4_t first, last;
        if (!read_member(t, &b, &first))
            continue;
        last = first;
        if (t->s.p[t->at] == '-' && t->s.p[t->at + 1] != ']') {
            t->at++;
            read_member(t, &b, &last);
        }
        put_range(t, &b, first, last);
    }
    t->at++;
    if (is_empty(&b))
        *t->departures |= EMPTY_BRACKETS;
    put_brackets(t->out, &b);
    free(b.plain.p);
}

/* ---- the rest --------------------------------------------------------------------------------- */

static void read_escape(struct translation *t)
{
    ucs4_t letter = next(t);
    const char *set = members(t, letter);
    if (!set) {
        put(t->out, cased(t, control(t, letter)));
        return;
    }
    draft_text(t->out, letter >= 'a' ? "[" : "[^");
    draft_text(t->out, set);
    draft_char(t->out, ']');
}

void reading_regex(struct draft *out, struct slice source, enum regex_case to, unsigned *departures)
{
    struct translation t = {out, source, 0, to, departures};
    while (t.at < source.n) {
        ucs4_t c = next(&t);
        if (c == '\\')
            read_escape(&t);
        else if (c == '[')
            read_brackets(&t);
        else if (c < 0x80 && strchr(".|()*+?{},", (int)c))
            draft_char(out, (char)c);
        else
            put(out, cased(&t, c));
    }
}

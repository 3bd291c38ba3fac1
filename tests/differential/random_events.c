/*
 * random_events.c - events: what logs hold, and what an attacker would put into one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

/* How an event is written. */
struct style {
    enum { COMPACT, SPACED, WILD } spaces;
    bool lines;
    unsigned escapes; /* one character in so many is written as an escape; 0: only those that must */
    bool dotted;      /* keys with dots */
    bool twice;       /* keys may come twice in an object */
};

struct writer {
    struct random *r;
    struct draft *out;
    struct style style;
    unsigned depth;
};

enum { MAX_KEYS = 32, MAX_MEMBERS = 16, MAX_NESTING = 7 };

/* ---- text ------------------------------------------------------------------------------------- */

static void space(struct writer *w)
{
    if (w->style.spaces == SPACED)
        draft_char(w->out, ' ');
    if (w->style.spaces == WILD)
        for (unsigned n = random_below(w->r, 4); n > 0; n--)
            draft_char(w->out, " \t\n\r"[random_below(w->r, w->style.lines ? 4 : 2)]);
}

/* The code point at p, which is a sequence of `n` bytes. */
static unsigned code_point(const unsigned char *p, size_t n)
{
    unsigned c = n == 1 ? p[0] : p[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3F);
    return c;
}

/* The length of the character at p if it is one of those that the vocabulary spells well; 1 for what is
 * broken. */
static size_t length_at(const char *p)
{
    unsigned char c = (unsigned char)*p;
    size_t n = c >= 0xF0 && c < 0xF4                ? 4
               : c >= 0xE0 && c < 0xF0 && c != 0xED ? 3
               : c >= 0xC3 && c < 0xE0              ? 2
                                                    : 1;
    if (c == 0xED && (unsigned char)p[1] >= 0x80 && (unsigned char)p[1] < 0xA0)
        n = 3;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)p[i] & 0xC0) != 0x80)
            return 1;
    return n;
}

static void unit_escape(struct writer *w, unsigned unit)
{
    char text[8];
    snprintf(text, sizeof text, random_one_in(w->r, 2) ? "\\u%04x" : "\\u%04X", unit);
    draft_text(w->out, text);
}

static void write_escape(struct writer *w, unsigned c)
{
    static const char shorts[] = "\"\\/\b\f\n\r\t", letters[] = "\"\\/bfnrt";
    const char *at = c && c < 0x80 ? strchr(shorts, (int)c) : NULL;
    if (at && !random_one_in(w->r, 4)) {
        draft_char(w->out, '\\');
        draft_char(w->out, letters[at - shorts]);
    } else if (c >= 0x10000) {
        unit_escape(w, 0xD800 + ((c - 0x10000) >> 10));
        unit_escape(w, 0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
        unit_escape(w, c);
    }
}

static void write_string(struct writer *w, const char *text)
{
    bool escapes = w->style.escapes && random_one_in(w->r, 3);
    draft_char(w->out, '"');
    while (*text) {
        size_t n = length_at(text);
        unsigned char c = (unsigned char)*text;
        bool whole = n > 1 || c < 0x80;
        if (c < 0x20 || c == '"' || c == '\\' || (whole && escapes && random_one_in(w->r, w->style.escapes)))
            write_escape(w, code_point((const unsigned char *)text, n));
        else
            draft_add(w->out, text, n);
        text += n;
    }
    draft_char(w->out, '"');
}

/* ---- values ----------------------------------------------------------------------------------- */

static void write_value(struct writer *w, const char *path);

/* A value of the field `letters`: few letters, so that a regex over them meets most of its strings. */
static void write_letters(struct writer *w)
{
    static const char *const letters[] = {"a", "a", "a", "b", "b", "B", "é", "ê", "c"};
    struct draft text = {0};
    draft_text(&text, "");
    for (unsigned n = random_below(w->r, 8); n > 0; n--)
        draft_text(&text, RANDOM_OF(w->r, letters));
    write_string(w, text.p);
    free(text.p);
}

static void write_leaf(struct writer *w, const char *path)
{
    static const char *const words[] = {"true", "false", "null",   "{}",   "[]",
                                        "{ }",  "[ ]",   "[null]", "[[]]", "{\"\":null}"};
    struct draft text = {0};
    if (strcmp(path, "letters") == 0 && !random_one_in(w->r, 10)) {
        write_letters(w);
        return;
    }
    unsigned dice = random_below(w->r, 20);
    if (dice < 4) {
        draft_text(w->out, random_number(w->r));
    } else if (dice < 6) {
        draft_text(w->out, RANDOM_OF(w->r, words));
    } else {
        draft_text(&text, "");
        random_string(w->r, &text);
        write_string(w, text.p);
        free(text.p);
    }
}

static void write_array(struct writer *w, const char *path)
{
    draft_char(w->out, '[');
    space(w);
    for (unsigned i = 0, n = random_below(w->r, 4); i < n; i++) {
        if (i) {
            draft_char(w->out, ',');
            space(w);
        }
        write_value(w, path);
        space(w);
    }
    draft_char(w->out, ']');
}

static void write_member(struct writer *w, const char *path, const char *key)
{
    struct draft below = {0};
    draft_text(&below, path);
    draft_text(&below, *path ? "." : "");
    draft_text(&below, key);
    write_string(w, key);
    space(w);
    draft_char(w->out, ':');
    space(w);
    write_value(w, below.p);
    free(below.p);
}

/* A key of the vocabulary, at times with a dot and one of the keys below it, at times one that no filter
 * knows. */
static void choose_key(struct writer *w, const char *path, const struct draft *keys, size_t n,
                       struct draft *key)
{
    /* Those with a dot first. */
    static const char *const strangers[] = {"user.", ".", "other", "A", "name", "b", "", "кл"};
    draft_text(key, "");
    if (n == 0 || random_one_in(w->r, 16)) {
        draft_text(key, w->style.dotted ? RANDOM_OF(w->r, strangers) : strangers[2 + random_below(w->r, 6)]);
        return;
    }
    draft_text(key, keys[random_below(w->r, (unsigned)n)].p);
    while (w->style.dotted && random_one_in(w->r, 6)) {
        struct draft below[MAX_KEYS] = {{0}}, whole = {0};
        draft_text(&whole, path);
        draft_text(&whole, *path ? "." : "");
        draft_text(&whole, key->p);
        size_t more = random_keys_below(w->r, whole.p, MAX_KEYS, below);
        if (more) {
            draft_char(key, '.');
            draft_text(key, below[random_below(w->r, (unsigned)more)].p);
        }
        for (size_t i = 0; i < MAX_KEYS; i++)
            free(below[i].p);
        free(whole.p);
    }
}

/* Whether the key stands among the first n. */
static bool is_among(const struct draft *keys, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(keys[i].p, key) == 0)
            return true;
    return false;
}

static void write_object(struct writer *w, const char *path, unsigned members)
{
    struct draft keys[MAX_KEYS * 2] = {{0}}, used[MAX_MEMBERS] = {{0}};
    size_t n = random_keys_below(w->r, path, MAX_KEYS * 2, keys), n_used = 0;
    draft_char(w->out, '{');
    space(w);
    for (unsigned i = 0; i < members; i++) {
        struct draft *key = &used[n_used];
        key->n = 0;
        if (i == 0 && !*path && !random_one_in(w->r, 4))
            draft_text(key, "letters");
        else
            choose_key(w, path, keys, n, key);
        if (!w->style.twice && is_among(used, n_used, key->p))
            continue;
        if (n_used++) {
            draft_char(w->out, ',');
            space(w);
        }
        write_member(w, path, key->p);
        space(w);
    }
    draft_char(w->out, '}');
    for (size_t i = 0; i < MAX_KEYS * 2; i++)
        free(keys[i].p);
    for (size_t i = 0; i < MAX_MEMBERS; i++)
        free(used[i].p);
}

static void write_value(struct writer *w, const char *path)
{
    struct draft keys[1] = {{0}};
    bool inner = random_keys_below(w->r, path, 1, keys) > 0;
    free(keys[0].p);
    if (++w->depth > MAX_NESTING)
        write_leaf(w, path);
    else if (random_below(w->r, 10) < (inner ? 7u : 1u))
        write_object(w, path, random_below(w->r, 4));
    else if (random_one_in(w->r, 4))
        write_array(w, path);
    else
        write_leaf(w, path);
    w->depth--;
}

void random_event(struct random *r, struct draft *out, bool lines)
{
    static const unsigned escapes[] = {0, 0, 1, 2, 5, 20};
    struct writer w = {.r = r, .out = out};
    w.style.lines = lines;
    w.style.spaces = random_below(r, 3);
    w.style.escapes = RANDOM_OF(r, escapes);
    w.style.dotted = random_one_in(r, 3);
    w.style.twice = random_one_in(r, 2);
    draft_text(out, "");
    write_object(&w, "", random_below(r, MAX_MEMBERS + 1));
}

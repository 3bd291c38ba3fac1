/*
 * reader.c - what is said of a regex, and what to write instead.
 *
 * A fault does not stop the reading where it can go on: each is said, and each that has a repair adds it, so
 * that the rewrite is the whole regex with all of them mended. It is offered only after it was read itself
 * without a fault.
 */
#include <stdarg.h>
#include <string.h>

#include "regex/regex.h"
#include "trail/limits.h"
#include "trail/text.h"
#include "tree.h"

enum {
    MAX_SAID = 8,   /* about one regex */
    MAX_QUOTE = 40, /* bytes of it in a message */
    MAX_TRIES = 12, /* parts that are tried as the one that grows */
};

/* Steps of a construction, of some nanoseconds each: of a regex's, of all tries together and of one. */
#define WORK       300000000U
#define TRIES_WORK 100000000U
#define TRY_WORK   (TRIES_WORK / 4)

/* ---- reading ----------------------------------------------------------------------------------- */

uint32_t reader_next(struct reader *r)
{
    const unsigned char *p = (const unsigned char *)r->s.p;
    unsigned n;
    uint32_t symbol = trail_decode(p + r->at, p + r->to, &n);
    r->at += n;
    return symbol;
}

bool reader_ahead(const struct reader *r, char c)
{
    return r->at < r->to && r->s.p[r->at] == c;
}

const struct charset *reader_set(struct reader *r, const struct charset *set)
{
    switch (r->dialect) {
    case REGEX_KEYWORD: break;
    case REGEX_KEYWORD_ANY: return charset_any_case(r->c, set);
    case REGEX_TOKEN: return charset_close_gaps(r->c, charset_lower(r->c, set));
    }
    return set;
}

/* ---- saying --------------------------------------------------------------------------------------- */

struct diag *reader_say(struct reader *r, enum code code, size_t from, size_t to, const char *format, ...)
{
    r->bad |= code_is_error(code);
    if (r->n_said >= MAX_SAID)
        return NULL;
    r->n_said++;
    char message[256];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return diag(r->c, code, text_loc(r->text, from, to), "%s", message);
}

void reader_note(struct diag *d, const char *note)
{
    if (d)
        d->note = slice_of(note);
}

void reader_repair(struct reader *r, size_t from, size_t to, const char *format, ...)
{
    char text[64];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct slice copy = slice_copy(r->c, text, n > 0 ? (size_t)n : 0);
    *PUSH(r->c, r->repairs, r->n_repairs) = (struct repair){from, to, copy};
}

struct slice reader_quote(const struct reader *r, size_t from, size_t to)
{
    size_t n = to - from;
    if (n <= MAX_QUOTE)
        return (struct slice){r->s.p + from, n};
    for (n = MAX_QUOTE; n > 0 && ((unsigned char)r->s.p[from + n] & 0xC0) == 0x80;)
        n--;
    return diag_format(r->c, "%.*s…", (int)n, r->s.p + from);
}

/* ---- the rewrite ------------------------------------------------------------------------------------- */

/* The regex's text with the repairs, which are in the order of their places but for insertions. */
static struct slice repaired(const struct reader *r)
{
    struct buffer b = {.c = r->c};
    for (size_t at = r->from; at <= r->to; at++) {
        size_t next = at;
        for (size_t i = 0; i < r->n_repairs; i++) {
            const struct repair *p = &r->repairs[i];
            if (p->from != at)
                continue;
            buffer_add(&b, p->text.p, p->text.n);
            next = p->to > next ? p->to : next;
        }
        if (next > at)
            at = next - 1;
        else if (at < r->to)
            buffer_char(&b, r->s.p[at]);
    }
    return buffer_slice(&b);
}

/* Reads text as a regex or wildcard, and says nothing. NULL: it has a fault, or only a warning. */
static const struct regex *try(struct reader *r, struct slice text, enum regex_dialect dialect)
{
    struct compile trial = {.arena = r->c->arena, .trial = true};
    uint32_t *at = NEW_ARRAY(r->c, uint32_t, text.n + 1);
    struct text source = {.s = text, .source = NOWHERE, .at = at};
    const struct regex *regex = r->wildcard ? regex_wildcard(&trial, &source, 0, text.n, dialect)
                                            : regex_parse(&trial, &source, 0, text.n, dialect);
    r->c->work += trial.work;
    return trial.n_diags ? NULL : regex;
}

void reader_rewrite(struct reader *r, const struct regex *read)
{
    enum { MAX_LENGTH = 4096 };
    if (r->c->trial || r->n_said == 0 || r->beyond || r->n_repairs == 0 || r->to - r->from > MAX_LENGTH)
        return;
    struct slice text = repaired(r);
    bool any = r->dialect == REGEX_KEYWORD_ANY || r->any_case;
    const struct regex *again = try(r, text, any ? REGEX_KEYWORD_ANY : r->dialect);
    /* What no word can hold may be in a whole value: the caller knows the field, and moves it there. */
    if (!again && !read && r->dialect == REGEX_TOKEN)
        again = try(r, text, REGEX_KEYWORD_ANY);
    if (!again || (read && !slice_eq(again->canonical, read->canonical)))
        return;
    struct slice rewrite = diag_format(r->c, "/%.*s/%s", (int)text.n, text.p, any ? "i" : "");
    for (size_t i = r->first_diag; i < r->c->n_diags; i++)
        r->c->diags[i].rewrite = rewrite;
}

/* ---- E108: nothing matches ------------------------------------------------------------------------------
 */

/* A symbol that every match has to hold and no token does; NULL: none that is easy to see. */
static const struct tree *impossible(const struct tree *t)
{
    if (t->kind == RE_SET && t->set->n == 1 && t->set->ranges[0].first == t->set->ranges[0].last)
        return token_has(t->set->ranges[0].first) ? NULL : t;
    if (t->kind == RE_ALT || (t->kind == RE_REPEAT && t->min == 0))
        return NULL;
    for (size_t i = 0; i < t->n; i++) {
        const struct tree *found = impossible(t->kids[i]);
        if (found)
            return found;
    }
    return NULL;
}

static bool ends_name(char c)
{
    return memchr(" \t\r\n()!\":/+", c, 10) != NULL;
}

/* The field's name before the value, when it stands right there. */
static struct slice field_before(const struct reader *r)
{
    size_t at = r->from;
    if (!r->wildcard && at > 0 && r->s.p[at - 1] == '/')
        at--;
    if (at == 0 || r->s.p[at - 1] != ':')
        return (struct slice){0};
    size_t end = --at;
    while (at > 0 && !ends_name(r->s.p[at - 1]))
        at--;
    if (at < end && r->s.p[at] == '-')
        at++;
    return (struct slice){r->s.p + at, end - at};
}

/* `f.keyword:…`, where the same value can match. */
static struct slice keyword_form(struct reader *r)
{
    struct slice field = field_before(r), value = {r->s.p + r->from, r->to - r->from};
    if (r->c->trial || field.n == 0 || value.n > MAX_QUOTE * 8 ||
        !try(r, value, r->wildcard ? REGEX_KEYWORD : REGEX_KEYWORD_ANY))
        return (struct slice){0};
    const char *format = r->wildcard ? "%.*s.keyword:%.*s" : "%.*s.keyword:/%.*s/i";
    return diag_format(r->c, format, (int)field.n, field.p, (int)value.n, value.p);
}

static void say_no_token(struct reader *r, const struct tree *tree)
{
    const struct tree *at = impossible(tree);
    struct diag *d;
    if (at) {
        struct slice text = reader_quote(r, at->from, at->to);
        d = reader_say(r, E108, at->from, at->to, "can never match: no token holds `%.*s`", (int)text.n,
                       text.p);
    } else {
        d = reader_say(r, E108, r->from, r->to, "can never match: no token is like this");
    }
    reader_note(d, "the text view splits a value into words, and looks at one at a time; `.keyword` sees the "
                   "whole value");
    if (d)
        d->rewrite = keyword_form(r);
}

/* ---- E110: too large ------------------------------------------------------------------------------- */

/* Parts that may be what grows: counted repetitions first. */
struct suspects {
    size_t n;
    const struct tree *parts[MAX_TRIES];
};

static bool counts(const struct tree *t)
{
    return t->kind == RE_REPEAT && (t->min > 1 || (t->max != UNBOUNDED && t->max > 1));
}

static void suspect(struct suspects *s, const struct tree *t, bool counted)
{
    bool wanted = counted ? counts(t) : (t->kind == RE_REPEAT && !counts(t)) || t->kind == RE_ALT;
    if (wanted && s->n < MAX_TRIES)
        s->parts[s->n++] = t;
    for (size_t i = 0; i < t->n; i++)
        suspect(s, t->kids[i], counted);
}

/* What the part is to the rest once it no longer grows: one of its kids, or nothing. */
static const struct tree *tamed(struct compile *c, const struct tree *t)
{
    return counts(t) || t->kind == RE_ALT ? t->kids[0] : tree_empty(c, t->from, t->to);
}

/* The part without which the DFA is small enough; the whole when there is no such part. */
static const struct tree *culprit(struct compile *c, const struct tree *tree)
{
    struct suspects s = {0};
    uint64_t before = c->work;
    suspect(&s, tree, true);
    suspect(&s, tree, false);
    for (size_t i = 0; i < s.n && c->work - before < TRIES_WORK; i++) {
        struct compile scratch = {.arena = arena_new()};
        const struct tree *rest = tree_replace(&scratch, tree, s.parts[i], tamed(&scratch, s.parts[i]));
        bool found, small = dfa_of(&scratch, rest, TRY_WORK, &found) != NULL;
        c->work += scratch.work;
        arena_free(scratch.arena);
        if (small)
            return s.parts[i];
    }
    return s.n && counts(s.parts[0]) ? s.parts[0] : tree;
}

static void say_too_large(struct reader *r, const struct tree *tree, bool found)
{
    const struct tree *at = r->c->trial ? tree : culprit(r->c, tree);
    struct slice text = reader_quote(r, at->from, at->to);
    const char *problem = found ? "" : ", or one that takes too long to find";
    reader_note(
        reader_say(r, E110, at->from, at->to, "a DFA of more than %d states%s: `%.*s` is what grows",
                   TRAIL_MAX_STATES, problem, (int)text.n, text.p),
        counts(at)
            ? "each place where it can begin is counted apart; write `*` for a bound that does not matter"
            : "each place where it can begin is counted apart");
}

/* ---- the end --------------------------------------------------------------------------------------- */

/* Its own tree, states and text; false when something was said. */
static bool examine(struct reader *r, const struct tree *tree, struct regex *out)
{
    enum { MAX_TEXT = 8192 };
    struct compile scratch = {.arena = arena_new()};
    bool found;
    const struct dfa *dfa = dfa_of(r->c, tree, WORK, &found);
    struct slice text = {0};
    if (!dfa) {
        say_too_large(r, tree, found);
    } else if (dfa_is_empty(dfa)) {
        reader_say(r, E108, r->from, r->to, "can never match: nothing is in this language");
    } else {
        if (r->dialect == REGEX_TOKEN && !dfa_meets(&scratch, dfa, token_language(&scratch)))
            say_no_token(r, tree);
        out->tree = tree;
        if (dfa_is_universal(dfa))
            out->tree = tree_repeat(r->c, tree_set(r->c, charset_any(r->c), r->from, r->to), 0, UNBOUNDED,
                                    r->from, r->to);
        out->dfa = dfa;
        text = dfa_text(&scratch, dfa, MAX_TEXT);
        if (text.n)
            out->canonical = slice_copy(r->c, text.p, text.n);
    }
    r->c->work += scratch.work;
    arena_free(scratch.arena);
    if (out->tree && text.n == 0) {
        struct buffer b = {.c = r->c};
        tree_print(&b, tree);
        out->canonical = buffer_slice(&b);
    }
    return !r->bad;
}

struct regex *reader_finish(struct reader *r, const struct tree *tree)
{
    struct regex *regex = NEW(r->c, struct regex);
    return examine(r, tree, regex) ? regex : NULL;
}

/*
 * reason.c - the smallest reason for a verdict, in words.
 *
 * Of an AND that fails one clause is to blame, of an OR that fails all are; NOT turns it round. The reason is
 * the choice with the fewest clauses; of equal ones, that of the first.
 */
#include <string.h>

#include "base/near.h"
#include "trail/text.h"
#include "verdict.h"

enum {
    VALUE_COLUMNS = 60,
    NAME_COLUMNS = 100,
    MAX_NEAR = 2,
    MAX_SAID = 6,
    /* Beyond these a path is not looked at: a hostile event has many, and long ones. */
    MAX_PATH = 200,
    MAX_PATHS = 10000,
};

/* ---- paths that are near ---------------------------------------------------------------------- */

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* The key behind the last dot. */
static struct slice last_key(struct slice name)
{
    const char *dot = memrchr(name.p, '.', name.n);
    size_t from = dot ? (size_t)(dot + 1 - name.p) : 0;
    return (struct slice){name.p + from, name.n - from};
}

static bool same_letters(struct slice a, struct slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (small(a.p[i]) != small(b.p[i]))
            return false;
    return true;
}

/* Without the last key and its dot. */
static struct slice keys_above(struct slice name)
{
    size_t n = name.n - last_key(name).n;
    return (struct slice){name.p, n ? n - 1 : 0};
}

/* The same letters and digits, whatever stands between: userName, user.name, user_name. */
static bool same_word(struct slice a, struct slice b)
{
    size_t i = 0, k = 0;
    for (;; i++, k++) {
        while (i < a.n && strchr("._-", a.p[i]))
            i++;
        while (k < b.n && strchr("._-", b.p[k]))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if (small(a.p[i]) != small(b.p[k]))
            return false;
    }
}

/* 0: not near. The same key elsewhere comes before one that is misspelt, that before a misspelt one
 * elsewhere. */
static size_t nearness(struct slice wanted, struct slice name)
{
    enum { ELSEWHERE = 100 };
    struct nearest near = {.word = last_key(wanted)};
    if (same_word(wanted, name))
        return 1;
    if (same_letters(last_key(wanted), last_key(name)))
        return 2;
    nearest_try(&near, last_key(name));
    if (!near.best.n)
        return 0;
    return near.distance + (same_letters(keys_above(wanted), keys_above(name)) ? 3 : ELSEWHERE);
}

size_t near_paths(struct compile *c, const struct event *e, const struct path *path, size_t room,
                  struct slice *out)
{
    size_t n = 0, *ranks = NEW_ARRAY(c, size_t, room + 1);
    for (size_t i = 1; i < e->n && i < MAX_PATHS; i++) {
        if (!value_is_leaf(&e->values[i]) || value_path_length(e, i) > MAX_PATH)
            continue;
        struct slice name = value_path(c, e, i);
        size_t rank = nearness(path->name, name), at = n;
        for (size_t k = 0; k < n && rank; k++)
            rank = slice_eq(out[k], name) ? 0 : rank;
        if (!rank)
            continue;
        while (at > 0 && ranks[at - 1] > rank)
            at--;
        if (at == room)
            continue;
        n = n < room ? n + 1 : n;
        memmove(out + at + 1, out + at, (n - at - 1) * sizeof *out);
        memmove(ranks + at + 1, ranks + at, (n - at - 1) * sizeof *ranks);
        out[at] = name;
        ranks[at] = rank;
    }
    return n;
}

/* ---- one clause ------------------------------------------------------------------------------- */

struct words {
    struct buffer *b;
    const struct text *filter;
    const struct event *event;
    size_t n; /* different reasons so far */
    struct slice said[MAX_SAID];
};

static void say_field(const struct words *w, const struct clause *c)
{
    if (c->path)
        show_text(w->b, c->path->name, NAME_COLUMNS);
    else
        buffer_text(w->b, "the event");
}

static void say_value(const struct words *w, const struct clause *c)
{
    struct buffer value = {.c = w->b->c};
    clause_value_print(&value, w->filter, c);
    show_quoted(w->b, buffer_slice(&value), NAME_COLUMNS);
}

static struct slice text_seen(const struct words *w, const struct clause *c, size_t value)
{
    const struct value *v = &w->event->values[value];
    return c->view == VIEW_JSON || !value_is_leaf(v) ? v->json : v->text;
}

static void say_seen(const struct words *w, const struct verdict *v)
{
    size_t n = v->holds ? v->n_holding : v->n_values;
    for (size_t i = 0; i < v->n_seen; i++) {
        buffer_text(w->b, i ? ", " : "");
        show_quoted(w->b, text_seen(w, v->node->clause, v->seen[i].value), VALUE_COLUMNS);
    }
    if (n > v->n_seen)
        buffer_printf(w->b, " and %zu more", n - v->n_seen);
}

static void say_absent(struct buffer *b, const struct value *v)
{
    buffer_text(b, v->kind == VALUE_NULL ? " is null" : v->kind == VALUE_OBJECT ? " is {}" : " is []");
}

void reason_above(struct buffer *b, const struct event *e, const struct verdict *v)
{
    const struct value *above = &e->values[v->above];
    show_quoted(b, value_path(b->c, e, v->above), NAME_COLUMNS);
    if (value_is_leaf(above)) {
        buffer_text(b, " is ");
        show_quoted(b, above->text, VALUE_COLUMNS);
    } else {
        say_absent(b, above);
    }
}

static void say_no_value(const struct words *w, const struct verdict *v)
{
    const struct clause *c = v->node->clause;
    struct slice near[MAX_NEAR + 1];
    if (!c->path) {
        buffer_text(w->b, "the event has no value");
        return;
    }
    if (v->other && (c->kind != CLAUSE_EXISTS || value_absent(&w->event->values[v->other]))) {
        const struct value *other = &w->event->values[v->other];
        say_field(w, c);
        if (value_absent(other))
            say_absent(w->b, other);
        else
            buffer_text(w->b, other->kind == VALUE_OBJECT ? " is an object, not a value"
                                                          : " is an array without a value");
        return;
    }
    buffer_text(w->b, "the event has no ");
    show_quoted(w->b, c->path->name, NAME_COLUMNS);
    if (v->above) {
        buffer_text(w->b, ": ");
        reason_above(w->b, w->event, v);
        return;
    }
    size_t n = near_paths(w->b->c, w->event, c->path, MAX_NEAR, near);
    for (size_t i = 0; i < n; i++) {
        buffer_text(w->b, i ? " and " : " (it has ");
        show_quoted(w->b, near[i], NAME_COLUMNS);
    }
    buffer_text(w->b, n ? ")" : "");
}

static bool is_phrase(const struct clause *c)
{
    return c->n_literals > 0 && c->literals[0].n_tokens > 1;
}

/* A value of one word is that word; of a longer text it is told what is in it. */
static bool is_word(const struct words *w, const struct verdict *v)
{
    const struct value *value = &w->event->values[v->seen[0].value];
    struct trail_tokens t;
    if (v->n_values > 1 || is_phrase(v->node->clause) || !v->node->clause->path)
        return false;
    trail_tokens_start(&t, value->text.p, value->text.n);
    return value->kind == VALUE_SCALAR || !trail_tokens_next(&t) || !trail_tokens_next(&t);
}

/* False: the value has said it. */
static bool say_word_test(const struct words *w, const struct verdict *v)
{
    const struct clause *c = v->node->clause;
    bool text = c->view == VIEW_TEXT, whole = c->view == VIEW_KEYWORD || c->view == VIEW_JSON;
    if (v->holds && (whole || (text && is_word(w, v))))
        return false;
    if (c->view == VIEW_IP)
        buffer_text(w->b, v->holds ? ", in " : ", not in ");
    else if (!text || is_word(w, v))
        buffer_text(w->b, v->holds ? ", which is " : ", not ");
    else
        buffer_printf(w->b, ", %s the %s ", v->holds ? "with" : "without", is_phrase(c) ? "phrase" : "word");
    return true;
}

static void say_pattern_test(const struct words *w, const struct verdict *v)
{
    if (v->node->clause->view == VIEW_TEXT && !is_word(w, v))
        buffer_text(w->b, v->holds ? ", with a word like " : ", without a word like ");
    else
        buffer_text(w->b, v->holds ? ", like " : ", not like ");
}

/* What the values are not, or are. */
static void say_test(const struct words *w, const struct verdict *v)
{
    switch (v->node->clause->kind) {
    case CLAUSE_EXISTS: return;
    case CLAUSE_WORD:
    case CLAUSE_PHRASE:
        if (!say_word_test(w, v))
            return;
        break;
    case CLAUSE_WILDCARD:
    case CLAUSE_REGEX: say_pattern_test(w, v); break;
    case CLAUSE_RANGE:
    case CLAUSE_LIST: buffer_text(w->b, v->holds ? ", in " : ", not in "); break;
    }
    say_value(w, v->node->clause);
}

void reason_clause(struct buffer *b, const struct text *filter, const struct event *e,
                   const struct verdict *v)
{
    const struct words w = {.b = b, .filter = filter, .event = e};
    const struct clause *c = v->node->clause;
    if (!v->n_values) {
        say_no_value(&w, v);
        return;
    }
    if (!c->path && !v->holds) {
        bool word = c->kind == CLAUSE_WORD || c->kind == CLAUSE_PHRASE;
        buffer_printf(b, "no value of the event has %s ",
                      c->kind == CLAUSE_LIST ? "a word of"
                      : !word                ? "a word like"
                      : is_phrase(c)         ? "the phrase"
                                             : "the word");
        say_value(&w, c);
        return;
    }
    say_field(&w, c);
    buffer_text(b, !c->path ? " holds " : c->kind == CLAUSE_EXISTS ? " is there: " : " is ");
    say_seen(&w, v);
    say_test(&w, v);
}

/* ---- the whole -------------------------------------------------------------------------------- */

/* Clauses of the smallest reason. */
static size_t cost(const struct verdict *v)
{
    bool one = v->node->kind == (v->holds ? NODE_OR : NODE_AND);
    size_t sum = v->node->kind == NODE_CLAUSE, least = SIZE_MAX;
    for (size_t i = 0; i < v->n; i++) {
        if (v->node->kind != NODE_NOT && v->kids[i]->holds != v->holds)
            continue;
        size_t kid = cost(v->kids[i]);
        sum += kid;
        least = kid < least ? kid : least;
    }
    return one ? least : sum;
}

/* Says it, unless another clause has said the same. */
static void say_once(struct words *w, const struct verdict *v, bool negated)
{
    struct buffer says = {.c = w->b->c};
    reason_clause(&says, w->filter, w->event, v);
    if (negated && v->holds)
        buffer_text(&says, ", which NOT leaves out");
    for (size_t i = 0; i < w->n && i < MAX_SAID; i++)
        if (slice_eq(w->said[i], buffer_slice(&says)))
            return;
    if (w->n < MAX_SAID) {
        w->said[w->n] = buffer_slice(&says);
        buffer_text(w->b, w->n ? "; " : "");
        buffer_add(w->b, says.p, says.n);
    }
    w->n++;
}

static void print(struct words *w, const struct verdict *v, bool negated)
{
    bool one = v->node->kind == (v->holds ? NODE_OR : NODE_AND);
    size_t least = one ? cost(v) : 0;
    if (v->node->kind == NODE_ALL)
        buffer_text(w->b, "`*` takes every event");
    if (v->node->kind == NODE_CLAUSE)
        say_once(w, v, negated);
    if (v->node->kind == NODE_NOT)
        print(w, v->kids[0], !negated);
    for (size_t i = 0; i < v->n && v->node->kind != NODE_NOT; i++) {
        const struct verdict *kid = v->kids[i];
        if (kid->holds != v->holds || (one && cost(kid) != least))
            continue;
        print(w, kid, negated);
        if (one)
            return;
    }
}

size_t reason_print(struct buffer *b, const struct text *filter, const struct event *e,
                    const struct verdict *v)
{
    struct words w = {.b = b, .filter = filter, .event = e};
    print(&w, v, false);
    if (w.n > MAX_SAID)
        buffer_printf(b, "; and %zu more", w.n - MAX_SAID);
    return cost(v);
}

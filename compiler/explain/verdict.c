/*
 * verdict.c - every clause of a filter asks every value of one event.
 *
 * Needs: a checked tree, an event. Guarantees: at each node the verdict that the compiled filter comes to.
 * Values are compared by the functions that compiled code calls: words, numbers, addresses.
 */
#include "verdict.h"

#include <string.h>

#include "regex/regex.h"
#include "trail/text.h"
#include "trail/value.h"

/* ---- a clause and a value --------------------------------------------------------------------- */

static struct trail_slice borrowed(struct slice s)
{
    return (struct trail_slice){s.p, s.n};
}

static enum trail_bound bound_of(const struct bound *b)
{
    return b->open ? TRAIL_OPEN : b->inclusive ? TRAIL_INCLUSIVE : TRAIL_EXCLUSIVE;
}

/* digits x 10^exponent as 0.DIGITS x 10^exponent */
static struct trail_decimal decimal_of(const struct decimal *d)
{
    return (struct trail_decimal){.negative = d->negative,
                                  .exponent = d->digits.n ? d->exponent + (int64_t)d->digits.n : 0,
                                  .digits = borrowed(d->digits)};
}

static bool number_is(struct slice s, const struct decimal *number)
{
    struct trail_number_range range = {TRAIL_INCLUSIVE, TRAIL_INCLUSIVE, decimal_of(number),
                                       decimal_of(number)};
    return trail_number_in(s.p, s.n, &range);
}

static bool address_in(struct slice s, const uint8_t low[16], const uint8_t high[16])
{
    struct trail_ip_range range;
    memcpy(range.low, low, sizeof range.low);
    memcpy(range.high, high, sizeof range.high);
    return trail_ip_in(s.p, s.n, &range);
}

static bool range_holds(const struct clause *c, struct slice s)
{
    if (c->view == VIEW_IP)
        return address_in(s, c->low_ip, c->high_ip);
    if (c->numeric || c->view == VIEW_NUMERIC) {
        struct trail_number_range range = {bound_of(&c->low), bound_of(&c->high), decimal_of(&c->low_number),
                                           decimal_of(&c->high_number)};
        return trail_number_in(s.p, s.n, &range);
    }
    struct trail_string_range range = {bound_of(&c->low), bound_of(&c->high), borrowed(c->low.value),
                                       borrowed(c->high.value)};
    return trail_string_in(s.p, s.n, &range);
}

/* ---- tokens ---- */

/* The last tokens of a value, as far back as a phrase goes. */
struct row {
    const struct literal *literal;
    uint64_t met; /* bit i: the token at hand ends a row of the phrase's first i + 1 tokens */
};

/* Whether the phrase is complete with this token. */
static bool row_step(struct row *r, struct slice token)
{
    uint64_t here = 0;
    for (size_t i = 0; i < r->literal->n_tokens; i++)
        if (slice_eq(r->literal->tokens[i], token))
            here |= (uint64_t)1 << i;
    r->met = (r->met << 1 | 1) & here;
    return r->met >> (r->literal->n_tokens - 1) & 1;
}

static bool token_holds(struct compile *scratch, const struct clause *c, struct row *rows, struct slice token)
{
    if (c->regex)
        return regex_match(scratch, c->regex, token);
    bool holds = false;
    for (size_t i = 0; i < c->n_literals; i++)
        holds |= row_step(&rows[i], token);
    return holds;
}

static bool text_holds(struct compile *scratch, const struct clause *c, const struct value *v)
{
    struct row *rows = NEW_ARRAY(scratch, struct row, c->n_literals);
    for (size_t i = 0; i < c->n_literals; i++)
        rows[i].literal = &c->literals[i];
    if (v->kind == VALUE_SCALAR) {
        /* One token, as it is spelled, in lower case: 1E5 has the only capital. */
        struct slice token = slice_copy(scratch, v->text.p, v->text.n);
        for (char *p = (char *)(uintptr_t)token.p; p < token.p + token.n; p++)
            *p = *p == 'E' ? 'e' : *p;
        return token_holds(scratch, c, rows, token);
    }
    struct trail_tokens t;
    for (trail_tokens_start(&t, v->text.p, v->text.n); trail_tokens_next(&t);)
        if (token_holds(scratch, c, rows, (struct slice){t.p, t.n}))
            return true;
    return false;
}

/* ---- whole values ---- */

static bool literal_holds(const struct clause *c, const struct literal *l, struct slice s)
{
    switch (c->view) {
    case VIEW_NUMERIC: return number_is(s, &l->number);
    case VIEW_IP: return address_in(s, l->low_ip, l->high_ip);
    case VIEW_KEYWORD:
    case VIEW_JSON: return slice_eq(l->whole, s);
    case VIEW_TEXT: break;
    }
    return false;
}

static bool whole_holds(const struct clause *c, struct slice s)
{
    for (size_t i = 0; i < c->n_literals; i++)
        if (literal_holds(c, &c->literals[i], s))
            return true;
    return false;
}

static bool value_holds(struct compile *scratch, const struct clause *c, const struct value *v)
{
    struct slice whole = c->view == VIEW_JSON ? v->json : v->text;
    switch (c->kind) {
    case CLAUSE_EXISTS: return true;
    case CLAUSE_RANGE: return range_holds(c, whole);
    case CLAUSE_WILDCARD:
    case CLAUSE_REGEX:
        return c->view == VIEW_TEXT ? text_holds(scratch, c, v) : regex_match(scratch, c->regex, whole);
    case CLAUSE_WORD:
    case CLAUSE_PHRASE:
    case CLAUSE_LIST: break;
    }
    return c->view == VIEW_TEXT ? text_holds(scratch, c, v) : whole_holds(c, whole);
}

/* ---- a clause and an event -------------------------------------------------------------------- */

/* The values to show: the first that pass, and others only while none does. */
static void keep_seen(struct verdict *v, size_t value, bool holds)
{
    if (holds && !v->holds)
        v->n_seen = 0;
    if ((holds || !v->holds) && v->n_seen < MAX_SEEN)
        v->seen[v->n_seen++] = (struct seen){value, holds};
    v->n_values++;
    v->n_holding += holds;
    v->holds |= holds;
}

static bool is_asked(const struct clause *c, const struct value *v, unsigned char place)
{
    if (c->kind == CLAUSE_EXISTS)
        return value_is_leaf(v) && (place == AT_PATH || place == AT_BELOW);
    if (c->path && place != AT_PATH)
        return false;
    return c->view == VIEW_JSON ? !value_absent(v) : value_is_leaf(v);
}

static void ask_clause(struct compile *scratch, struct verdict *v, const struct event *e)
{
    const struct clause *c = v->node->clause;
    unsigned char *places = c->path ? event_places(scratch, e, c->path) : NULL;
    for (size_t i = 1; i < e->n; i++) {
        const struct value *value = &e->values[i];
        unsigned char place = places ? places[i] : AT_ELSEWHERE;
        if (is_asked(c, value, place))
            keep_seen(v, i, value_holds(scratch, c, value));
        else if (place == AT_PATH && !v->other)
            v->other = i;
        else if (place == AT_ABOVE && (value_is_leaf(value) || value_absent(value)))
            v->above = i;
    }
}

/* Recursion is bounded by the parser's limit on parentheses. */
struct verdict *verdict_of(struct compile *scratch, const struct node *node, const struct event *e)
{
    struct verdict *v = NEW(scratch, struct verdict);
    v->node = node;
    v->n = node->n;
    v->kids = NEW_ARRAY(scratch, struct verdict *, node->n);
    bool all = true, any = false;
    for (size_t i = 0; i < node->n; i++) {
        v->kids[i] = verdict_of(scratch, node->kids[i], e);
        all &= v->kids[i]->holds;
        any |= v->kids[i]->holds;
    }
    switch (node->kind) {
    case NODE_ALL: v->holds = true; break;
    case NODE_AND: v->holds = all; break;
    case NODE_OR: v->holds = any; break;
    case NODE_NOT: v->holds = !any; break;
    case NODE_CLAUSE: ask_clause(scratch, v, e); break;
    }
    return v;
}

/* ---- what decides ----------------------------------------------------------------------------- */

size_t clauses_of(const struct node *node)
{
    size_t n = node->kind == NODE_CLAUSE;
    for (size_t i = 0; i < node->n; i++)
        n += clauses_of(node->kids[i]);
    return n;
}

/* A child's verdict is its parent's to tell when no sibling has settled it: a true one an OR, a false one an
 * AND. */
static void mark_decisive(const struct verdict *v, bool matters, bool **decisive)
{
    bool settles = v->node->kind == NODE_OR;
    size_t settled = 0;
    if (v->node->kind == NODE_CLAUSE)
        *(*decisive)++ = matters;
    for (size_t i = 0; i < v->n; i++)
        settled += v->kids[i]->holds == settles;
    for (size_t i = 0; i < v->n; i++) {
        size_t others = settled - (v->kids[i]->holds == settles);
        mark_decisive(v->kids[i], matters && others == 0, decisive);
    }
}

void verdict_decisive(const struct verdict *v, bool *decisive)
{
    mark_decisive(v, true, &decisive);
}

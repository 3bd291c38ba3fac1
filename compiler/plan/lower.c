/*
 * lower.c - filters become Boolean expressions over the pack's predicates.
 *
 * Needs: checked trees. Guarantees: alert.expr for each alert, without double negation, without AND in AND
 * or OR in OR, with constants folded away; equal predicates of the pack are one, numbered by first use.
 */
#include <ctype.h>
#include <string.h>

#include "regex/regex.h"
#include "trailc.h"

/* ---- predicates -------------------------------------------------------------------------------- */

static void key_slice(struct buffer *b, struct slice s)
{
    buffer_printf(b, "%zu:", s.n);
    buffer_add(b, s.p, s.n);
}

static void key_bound(struct buffer *b, const struct pred *p, const struct bound *bound,
                      const struct decimal *number)
{
    buffer_text(b, bound->open ? " *" : bound->inclusive ? " =" : " <");
    if (bound->open)
        return;
    if (p->kind == TEST_NUMBER_RANGE) {
        buffer_printf(b, "%c%jde", number->negative ? '-' : '+', (intmax_t)number->exponent);
        key_slice(b, number->digits);
    } else {
        key_slice(b, bound->value);
    }
}

/* The canonical spelling: what makes two predicates the same question. */
static struct slice key_of(struct compile *c, const struct pred *p)
{
    struct buffer b = {.c = c};
    buffer_printf(&b, "%d %d ", (int)p->view, (int)p->kind);
    if (p->path)
        key_slice(&b, p->path->name);
    buffer_char(&b, ' ');
    switch (p->kind) {
    case TEST_EXISTS: break;
    case TEST_TOKENS:
        for (size_t i = 0; i < p->literal.n_tokens; i++)
            key_slice(&b, p->literal.tokens[i]);
        break;
    case TEST_EQUALS: key_slice(&b, p->literal.whole); break;
    case TEST_TOKEN_REGEX:
    case TEST_REGEX: key_slice(&b, regex_canonical(c, p->regex)); break;
    case TEST_STRING_RANGE:
    case TEST_NUMBER_RANGE:
        key_bound(&b, p, &p->low, &p->low_number);
        key_bound(&b, p, &p->high, &p->high_number);
        break;
    case TEST_IP_RANGE:
        buffer_add(&b, (const char *)p->low_ip, 16);
        buffer_add(&b, (const char *)p->high_ip, 16);
        break;
    }
    return buffer_slice(&b);
}

/* Appends text as a part of a C enumerator: `userIdentity.accountId` -> USER_IDENTITY_ACCOUNT_ID. */
static void symbol_add(struct buffer *b, struct slice text, size_t limit)
{
    bool was_lower = false;
    for (size_t i = 0; i < text.n && b->n < limit; i++) {
        unsigned char ch = (unsigned char)text.p[i];
        bool word = ch < 0x80 && isalnum(ch);
        if (b->n && b->p[b->n - 1] != '_' && (!word || (isupper(ch) && was_lower)))
            buffer_char(b, '_');
        if (word)
            buffer_char(b, (char)toupper(ch));
        was_lower = word && (islower(ch) || isdigit(ch));
    }
}

/* Whether the first word of the symbol is this. */
static bool begins_with(const struct buffer *b, const char *word)
{
    size_t n = strlen(word);
    return b->n >= n && memcmp(b->p, word, n) == 0 && (b->n == n || b->p[n] == '_');
}

static struct slice symbol_of(struct compile *c, const struct pred *p)
{
    static const char *const middle[] = {
        [TEST_EXISTS] = "_EXISTS",       [TEST_TOKENS] = "_HAS_",          [TEST_TOKEN_REGEX] = "_HAS_MATCH_",
        [TEST_EQUALS] = "_IS_",          [TEST_REGEX] = "_MATCHES_",       [TEST_STRING_RANGE] = "_BETWEEN_",
        [TEST_NUMBER_RANGE] = "_RANGE_", [TEST_IP_RANGE] = "_IN_NETWORK_",
    };
    enum { PATH_LIMIT = 48, LIMIT = 88 };
    struct buffer b = {.c = c}, path = {.c = c};
    symbol_add(&path, p->path ? p->path->name : SLICE("any"), PATH_LIMIT);
    /* No digit may begin an enumerator, and places are called AT_… and ROOT_… */
    if (path.n &&
        (isdigit((unsigned char)path.p[0]) || begins_with(&path, "AT") || begins_with(&path, "ROOT")))
        buffer_text(&b, "FIELD_");
    if (path.n)
        buffer_add(&b, path.p, path.n);
    if (p->view == VIEW_JSON)
        buffer_text(&b, "_JSON");
    buffer_text(&b, middle[p->kind]);
    switch (p->kind) {
    case TEST_TOKENS:
        for (size_t i = 0; i < p->literal.n_tokens; i++) {
            symbol_add(&b, SLICE("-"), LIMIT);
            symbol_add(&b, p->literal.tokens[i], LIMIT);
        }
        break;
    case TEST_EQUALS: symbol_add(&b, p->literal.whole, LIMIT); break;
    case TEST_NUMBER_RANGE:
    case TEST_STRING_RANGE:
        symbol_add(&b, p->low.open ? SLICE("any") : p->low.value, LIMIT);
        buffer_text(&b, "_TO_");
        symbol_add(&b, p->high.open ? SLICE("any") : p->high.value, LIMIT + 4);
        break;
    default: break;
    }
    while (b.n && b.p[b.n - 1] == '_')
        b.n--;
    /* The number keeps it unique; it is also what the bit is called in a debugger. */
    buffer_printf(&b, "_%u", p->id);
    return buffer_slice(&b);
}

/* What lowering keeps beside the pack. */
struct lowering {
    struct map preds;          /* by key */
    const struct text *filter; /* the one being lowered */
    size_t *seen, n_seen;      /* by predicate: the last AND or OR that it was seen in */
    size_t n_closed;           /* AND and OR so far */
};

static struct pred *pred_intern(struct compile *c, struct lowering *l, struct pred pred)
{
    pred.key = key_of(c, &pred);
    void **slot = map_at(c, &l->preds, pred.key);
    if (!*slot) {
        struct pred *new = *slot = NEW(c, struct pred);
        pred.id = (unsigned)c->n_preds;
        pred.symbol = symbol_of(c, &pred);
        *new = pred;
        *PUSH(c, c->preds, c->n_preds) = new;
        *PUSH(c, l->seen, l->n_seen) = 0;
    }
    return *slot;
}

/* ---- expressions ------------------------------------------------------------------------------- */

static struct expr *expr_new(struct compile *c, enum expr_kind kind)
{
    struct expr *e = NEW(c, struct expr);
    e->kind = kind;
    return e;
}

static struct expr *expr_not(struct compile *c, struct expr *e)
{
    switch (e->kind) {
    case EXPR_TRUE: return expr_new(c, EXPR_FALSE);
    case EXPR_FALSE: return expr_new(c, EXPR_TRUE);
    case EXPR_NOT: return e->kids[0];
    default: break;
    }
    struct expr *negation = expr_new(c, EXPR_NOT);
    *PUSH(c, negation->kids, negation->n) = e;
    return negation;
}

/* Adds to an AND or OR; true when the whole is decided by it (FALSE in an AND, TRUE in an OR). */
static bool expr_add(struct compile *c, struct expr *e, struct expr *kid)
{
    enum expr_kind neutral = e->kind == EXPR_AND ? EXPR_TRUE : EXPR_FALSE;
    enum expr_kind decides = e->kind == EXPR_AND ? EXPR_FALSE : EXPR_TRUE;
    if (kid->kind == decides)
        return true;
    if (kid->kind == neutral)
        return false;
    if (kid->kind == e->kind) {
        for (size_t i = 0; i < kid->n; i++)
            expr_add(c, e, kid->kids[i]);
        return false;
    }
    *PUSH(c, e->kids, e->n) = kid;
    return false;
}

/* The AND or OR that all was added to: each predicate once, in the order of first use. */
static struct expr *expr_close(struct compile *c, struct lowering *l, struct expr *e)
{
    size_t n = 0, mark = ++l->n_closed;
    for (size_t i = 0; i < e->n; i++) {
        struct expr *kid = e->kids[i];
        size_t *seen = kid->kind == EXPR_PRED ? &l->seen[kid->pred->id] : NULL;
        if (seen && *seen == mark)
            continue;
        if (seen)
            *seen = mark;
        e->kids[n++] = kid;
    }
    e->n = n;
    if (e->n == 0)
        return expr_new(c, e->kind == EXPR_AND ? EXPR_TRUE : EXPR_FALSE);
    return e->n == 1 ? e->kids[0] : e;
}

static struct expr *expr_pred(struct compile *c, struct lowering *l, struct pred pred)
{
    struct expr *e = expr_new(c, EXPR_PRED);
    e->pred = pred_intern(c, l, pred);
    return e;
}

static enum test_kind test_of(const struct clause *clause)
{
    bool text = clause->view == VIEW_TEXT;
    switch (clause->kind) {
    case CLAUSE_EXISTS: return TEST_EXISTS;
    case CLAUSE_WILDCARD:
    case CLAUSE_REGEX: return text ? TEST_TOKEN_REGEX : TEST_REGEX;
    case CLAUSE_RANGE:
    case CLAUSE_WORD:
    case CLAUSE_PHRASE:
    case CLAUSE_LIST: break;
    }
    if (clause->view == VIEW_IP)
        return TEST_IP_RANGE;
    if (clause->numeric || clause->view == VIEW_NUMERIC)
        return TEST_NUMBER_RANGE;
    return clause->kind == CLAUSE_RANGE ? TEST_STRING_RANGE : text ? TEST_TOKENS : TEST_EQUALS;
}

/* A list is an OR over its literals. */
static struct expr *lower_list(struct compile *c, struct lowering *l, const struct clause *clause,
                               struct pred pred)
{
    struct expr *any = expr_new(c, EXPR_OR);
    for (size_t i = 0; i < clause->n_literals; i++) {
        const struct literal *literal = &clause->literals[i];
        pred.literal = *literal;
        if (pred.kind == TEST_NUMBER_RANGE) {
            pred.low = pred.high = (struct bound){.inclusive = true, .value = literal->whole};
            pred.low_number = pred.high_number = literal->number;
        }
        memcpy(pred.low_ip, literal->low_ip, sizeof pred.low_ip);
        memcpy(pred.high_ip, literal->high_ip, sizeof pred.high_ip);
        expr_add(c, any, expr_pred(c, l, pred));
    }
    return expr_close(c, l, any);
}

static struct expr *lower_clause(struct compile *c, struct lowering *l, const struct clause *clause)
{
    struct pred pred = {.path = clause->path, .view = clause->view, .kind = test_of(clause)};
    if (pred.kind == TEST_EXISTS)
        pred.view = VIEW_TEXT;
    if (clause->kind == CLAUSE_LIST || pred.kind == TEST_TOKENS || pred.kind == TEST_EQUALS)
        return lower_list(c, l, clause, pred);
    pred.regex = clause->regex;
    if (pred.regex)
        pred.literal.whole = (struct slice){l->filter->s.p + clause->from, clause->to - clause->from};
    pred.low = clause->low;
    pred.high = clause->high;
    pred.low_number = clause->low_number;
    pred.high_number = clause->high_number;
    memcpy(pred.low_ip, clause->low_ip, sizeof pred.low_ip);
    memcpy(pred.high_ip, clause->high_ip, sizeof pred.high_ip);
    return expr_pred(c, l, pred);
}

/* Recursion is bounded by the parser's limit on parentheses. */
static struct expr *lower_node(struct compile *c, struct lowering *l, const struct node *node)
{
    switch (node->kind) {
    case NODE_ALL: return expr_new(c, EXPR_TRUE);
    case NODE_CLAUSE: return lower_clause(c, l, node->clause);
    case NODE_NOT: return expr_not(c, lower_node(c, l, node->kids[0]));
    case NODE_AND:
    case NODE_OR: break;
    }
    struct expr *e = expr_new(c, node->kind == NODE_AND ? EXPR_AND : EXPR_OR);
    for (size_t i = 0; i < node->n; i++)
        if (expr_add(c, e, lower_node(c, l, node->kids[i])))
            return expr_new(c, node->kind == NODE_AND ? EXPR_FALSE : EXPR_TRUE);
    return expr_close(c, l, e);
}

void lower(struct compile *c)
{
    struct lowering l = {0};
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        l.filter = &c->pack.alerts[i].filter;
        c->pack.alerts[i].expr = lower_node(c, &l, c->pack.alerts[i].tree);
    }
}

/*
 * sieve.c - what a record must hold, byte for byte, before an alert can want it: its needles.
 *
 * Needs: the plan of discriminators. Guarantees: for each alert either needles, of which one stands in every record
 * that meets its filter and has no escape of a letter or slash (\u, \/: the runtime's sieve hands such records on in
 * any case), or the word that there are none; and where that is so of records of ASCII alone, the word for it. It is
 * where letters may be of any case (the Kelvin sign is a K), and where a text is not ASCII itself.
 *
 * An alert with discriminators asks for their keys, and the runtime asks what stands behind these. Of the others:
 *
 *   a value that is compared   its text; a string's quotes too, where it cannot be a number or word
 *   words                      the longest, in any case
 *   a regex or wildcard        the rarest of the pieces that are fixed; of alternatives one each
 *   a range, a field's being   the rarest key of the path
 *   AND the best, OR all, NOT nothing
 *
 * These are no literals (literals.h): a literal is looked for in one value, escapes undone and case aside, by the rarity
 * of its bytes, and of alternatives the weakest counts. A needle is looked for in a record's own bytes, with its quotes
 * and its case, beside its keys, and alternatives add up.
 *
 * How rare a text is depends on the log; it is judged by a record as most are. A text that stands there is in every
 * record, and worse than none.
 */
#include <ctype.h>
#include <string.h>

#include "regex/tree.h"
#include "trail/limits.h"
#include "trailc.h"

enum {
    MAX_COST = 200, /* of an alert's needles: with more, most records have one */
    MAX_TEXT = 64,  /* bytes of a needle */
    COST_KEY = 60,  /* a key of request parameters, say */
    COST_TYPICAL = 400,
    COST_RARE = 32, /* up to here texts are better than a field that is no event's name */
    MAX_ROOTS = 32, /* fields on the top level that one alert's discriminators may ask for */
};

/* A set of texts of which one must be there. */
struct text_needle {
    struct slice text;
    bool any_case;
};

struct wish {
    bool possible;
    bool ascii; /* in records of ASCII alone */
    unsigned cost;
    size_t n;
    struct text_needle *list;
};

/* ---- texts ------------------------------------------------------------------------------------------- */

/* Characters that JSON need not escape; the slash is let pass, as said above. */
static bool is_raw(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static bool same_letter(char a, char b, bool any_case)
{
    return a == b || (any_case && tolower((unsigned char)a) == tolower((unsigned char)b));
}

static bool all_digits(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!isdigit((unsigned char)s.p[i]))
            return false;
    return true;
}

static unsigned text_cost(struct slice text, bool any_case)
{
    if (plan_times_typical(text, any_case))
        return COST_TYPICAL;
    if (all_digits(text)) /* accounts and ports are in many records, and so are parts of identifiers */
        return text.n < 5 ? COST_TYPICAL : 48;
    return text.n >= 7 ? 2 : text.n >= 5 ? 8 : text.n == 4 ? 32 : 100;
}

static struct wish wish_text(struct compile *c, struct slice text, bool any_case, unsigned cost)
{
    struct wish w = {.possible = text.n >= PLAN_PRINT, .ascii = any_case, .cost = cost};
    struct buffer b = {.c = c};
    if (text.n > MAX_TEXT)
        text.n = MAX_TEXT;
    for (size_t i = 0; i < text.n; i++)
        buffer_char(&b, any_case ? (char)tolower((unsigned char)text.p[i]) : text.p[i]);
    if (w.possible)
        *PUSH(c, w.list, w.n) = (struct text_needle){buffer_slice(&b), any_case};
    return w;
}

static struct wish better(struct wish a, struct wish b)
{
    return !b.possible || (a.possible && a.cost <= b.cost) ? a : b;
}

/* Both: one of either. Too many, and there is none: they are not even gathered. */
static struct wish together(struct compile *c, struct wish a, struct wish b)
{
    a.cost += b.cost;
    a.ascii = a.ascii || b.ascii;
    a.possible = a.possible && b.possible && a.cost <= MAX_COST;
    for (size_t i = 0; a.possible && i < b.n; i++) {
        size_t k = 0;
        while (k < a.n &&
               !(slice_eq(a.list[k].text, b.list[i].text) && a.list[k].any_case == b.list[i].any_case))
            k++;
        if (k == a.n)
            *PUSH(c, a.list, a.n) = b.list[i];
    }
    return a;
}

/* The best of the pieces of a text that stand in a record as they are. A text with a character beyond ASCII needs
 * none. */
static struct wish wish_pieces(struct compile *c, struct slice text, bool any_case)
{
    struct wish best = {0};
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] >= 0x80)
            return (struct wish){.possible = true, .ascii = true};
    for (size_t from = 0, i = 0; i <= text.n; i++) {
        if (i < text.n && is_raw((unsigned char)text.p[i]))
            continue;
        struct slice piece = {text.p + from, i - from};
        best = better(best, wish_text(c, piece, any_case, text_cost(piece, any_case)));
        from = i + 1;
    }
    return best;
}

/* ---- regexes ------------------------------------------------------------------------------------------- */

/* Fixed characters in a row. */
struct run {
    struct compile *c;
    struct buffer text;
    bool any_case;
    bool ascii; /* characters beyond it were left out */
    struct wish best;
};

static void end_run(struct run *r)
{
    struct wish w = {0};
    if (r->text.n)
        w = wish_pieces(r->c, buffer_slice(&r->text), r->any_case);
    w.ascii = w.ascii || r->ascii;
    r->best = better(r->best, w);
    r->text = (struct buffer){.c = r->c};
}

/* The one ASCII character of a set, letters in any case; 0: there are several. What is beyond ASCII does not count. */
static char only_one(const struct charset *set, bool *any_case, bool *ascii)
{
    char one = 0;
    for (uint32_t symbol = 0; symbol < 0x80; symbol++) {
        if (!charset_has(set, symbol))
            continue;
        if (one && (!isalpha(one) || !same_letter(one, (char)symbol, true)))
            return 0;
        *any_case |= one != 0;
        one = (char)symbol;
    }
    *ascii |= one && set->ranges[set->n - 1].last >= 0x80;
    return one;
}

static struct wish wish_tree(struct compile *c, const struct tree *, bool any_case);

static void add_tree(struct run *r, const struct tree *t, bool any_case)
{
    char one = t->kind == RE_SET ? only_one(t->set, &r->any_case, &r->ascii) : 0;
    if (one && is_raw((unsigned char)one)) {
        buffer_char(&r->text, one);
        return;
    }
    if (t->kind == RE_CAT) {
        for (size_t i = 0; i < t->n; i++)
            add_tree(r, t->kids[i], any_case);
        return;
    }
    end_run(r);
    if (t->kind == RE_ALT || (t->kind == RE_REPEAT && t->min > 0))
        r->best = better(r->best, wish_tree(r->c, t, any_case));
}

/* Trees are as deep as a filter's parentheses: the reader has a limit. */
static struct wish wish_tree(struct compile *c, const struct tree *t, bool any_case)
{
    if (t->kind == RE_REPEAT && t->min > 0)
        return wish_tree(c, t->kids[0], any_case);
    if (t->kind == RE_ALT) {
        struct wish all = {.possible = true};
        for (size_t i = 0; i < t->n && all.possible; i++)
            all = together(c, all, wish_tree(c, t->kids[i], any_case));
        return all;
    }
    struct run r = {.c = c, .text = {.c = c}, .any_case = any_case};
    add_tree(&r, t, any_case);
    end_run(&r);
    return r.best;
}

/* ---- predicates ---------------------------------------------------------------------------------------- */

static bool may_be_scalar(struct slice s)
{
    return s.n == 0 || s.p[0] == '-' || isdigit((unsigned char)s.p[0]) || slice_eq(s, SLICE("true")) ||
           slice_eq(s, SLICE("false"));
}

bool is_all_raw(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_raw((unsigned char)s.p[i]))
            return false;
    return true;
}

static struct wish wish_equals(struct compile *c, const struct pred *p)
{
    struct slice whole = p->literal.whole;
    if (p->view == VIEW_JSON || may_be_scalar(whole) || !is_all_raw(whole) || whole.n + 2 > MAX_TEXT)
        return wish_pieces(c, whole, false);
    struct buffer quoted = {.c = c};
    buffer_char(&quoted, '"');
    buffer_add(&quoted, whole.p, whole.n);
    buffer_char(&quoted, '"');
    struct slice text = buffer_slice(&quoted);
    return wish_text(c, text, false, text_cost(text, false));
}

static struct wish wish_tokens(struct compile *c, const struct pred *p)
{
    struct wish best = {0};
    for (size_t i = 0; i < p->literal.n_tokens; i++)
        best = better(best, wish_pieces(c, p->literal.tokens[i], true));
    return best;
}

/* One of a path's keys, with the quotes that stand beside it however the path is spelled: a key with dots in it reads
 * as several. */
static struct wish wish_key(struct compile *c, const struct pred *p, size_t i)
{
    struct slice key = p->path->keys[i];
    struct buffer b = {.c = c};
    bool ends = i + 1 == p->path->n && p->kind != TEST_EXISTS;
    for (size_t k = 0; k < key.n; k++)
        if ((unsigned char)key.p[k] >= 0x80)
            return (struct wish){.possible = true, .ascii = true};
    if (!is_all_raw(key))
        return (struct wish){0};
    if (i == 0)
        buffer_char(&b, '"');
    buffer_add(&b, key.p, key.n);
    if (ends)
        buffer_char(&b, '"');
    struct slice text = buffer_slice(&b);
    return wish_text(c, text, false, plan_times_typical(text, false) ? COST_TYPICAL : COST_KEY);
}

static struct wish wish_pred(struct compile *c, const struct pred *p)
{
    struct wish best = {0};
    switch (p->kind) {
    case TEST_EQUALS: best = wish_equals(c, p); break;
    case TEST_TOKENS: best = wish_tokens(c, p); break;
    case TEST_REGEX:
    case TEST_TOKEN_REGEX: best = wish_tree(c, p->regex->tree, p->kind == TEST_TOKEN_REGEX); break;
    case TEST_EXISTS:
    case TEST_STRING_RANGE:
    case TEST_NUMBER_RANGE:
    case TEST_IP_RANGE: break;
    }
    for (size_t i = 0; p->path && i < p->path->n; i++)
        best = better(best, wish_key(c, p, i));
    return best;
}

static struct wish wish_expr(struct compile *c, const struct expr *e)
{
    struct wish w = {0};
    switch (e->kind) {
    case EXPR_PRED: return wish_pred(c, e->pred);
    case EXPR_AND:
        for (size_t i = 0; i < e->n; i++)
            w = better(w, wish_expr(c, e->kids[i]));
        return w;
    case EXPR_OR:
        w.possible = true;
        for (size_t i = 0; i < e->n && w.possible; i++)
            w = together(c, w, wish_expr(c, e->kids[i]));
        return w;
    case EXPR_FALSE: w.possible = true; return w;
    case EXPR_TRUE:
    case EXPR_NOT: return w;
    }
    return w;
}

/* ---- needles --------------------------------------------------------------------------------------------- */

static struct needle *needle_of(struct compile *c, struct slice text, bool any_case, struct place *root)
{
    struct plan *plan = &c->plan;
    struct buffer key = {.c = c};
    buffer_char(&key, root ? 'r' : any_case ? 'a' : 'x'); /* a root's text names it */
    buffer_add(&key, text.p, text.n);
    size_t **at = (size_t **)map_at(c, &plan->needle_of, buffer_slice(&key));
    if (*at)
        return &plan->needles[**at];
    *at = arena_alloc(c->arena, sizeof **at);
    **at = plan->n_needles;
    struct needle *x = PUSH(c, plan->needles, plan->n_needles);
    x->text = text;
    x->any_case = any_case;
    x->root = root;
    return x;
}

static void want(struct compile *c, struct needle *x, size_t alert)
{
    if (!x->n || x->alerts[x->n - 1] != alert)
        *PUSH(c, x->alerts, x->n) = alert;
}

/* `"eventName"`, or n 0 where the key has no fixed spelling. */
static struct slice quoted_key(struct compile *c, struct slice key, char behind)
{
    struct buffer b = {.c = c};
    if (!key.n || !is_all_raw(key))
        return (struct slice){"", 0};
    buffer_char(&b, '"');
    buffer_add(&b, key.p, key.n);
    buffer_char(&b, behind);
    return buffer_slice(&b);
}

static struct place *root_place(struct compile *c, const struct path *path)
{
    return map_get(&c->plan.tests.list[0]->by_key, path->keys[0]);
}

/* Whether the discriminators are on more fields than can be looked for. */
static bool are_spread(struct compile *c, const struct need *need)
{
    size_t roots = 0;
    if (need->n_discriminators <= MAX_ROOTS)
        return false;
    bool *seen = NEW_ARRAY(c, bool, c->plan.tests.list[0]->n_kids + 1);
    for (size_t i = 0; i < need->n_discriminators; i++) {
        bool *is_seen = &seen[root_place(c, need->discriminators[i]->path)->index];
        roots += !*is_seen;
        *is_seen = true;
    }
    return roots > MAX_ROOTS;
}

/* The values that a discriminator wants behind its key. */
static void note_value(struct compile *c, struct needle *x, const struct pred *p)
{
    enum { ENOUGH = 8, LEAST = 4 };
    struct buffer b = {.c = c};
    buffer_add(&b, p->literal.whole.p, p->literal.whole.n);
    buffer_char(&b, '"');
    struct slice value = buffer_slice(&b);
    bool told = p->kind == TEST_EQUALS && p->view == VIEW_KEYWORD && value.n >= LEAST &&
                is_all_raw((struct slice){value.p, value.n - 1});
    if (x->n_values == 0)
        x->n_begin = ENOUGH;
    if (!told)
        x->n_begin = 0;
    if (value.n < x->n_begin)
        x->n_begin = (unsigned)value.n;
    *PUSH(c, x->values, x->n_values) = value;
}

/* The discriminators' keys. False: one has no fixed spelling, or there are too many. */
static bool want_roots(struct compile *c, const struct need *need, size_t alert)
{
    if (are_spread(c, need))
        return false;
    for (size_t i = 0; i < need->n_discriminators; i++)
        if (!quoted_key(c, need->discriminators[i]->path->keys[0], '"').n)
            return false;
    for (size_t i = 0; i < need->n_discriminators; i++) {
        const struct pred *p = need->discriminators[i];
        struct place *root = root_place(c, p->path);
        struct needle *x = needle_of(c, quoted_key(c, root->key, '"'), false, root);
        want(c, x, alert);
        note_value(c, x, p);
        if (p->kind == TEST_EXISTS) /* a key with a dot leads below it */
            want(c, needle_of(c, quoted_key(c, root->key, '.'), false, NULL), alert);
    }
    return true;
}

/* Fields of which few records have a value that is asked for. */
static bool are_rare(const struct need *need)
{
    for (size_t i = 0; i < need->n_discriminators; i++) {
        struct slice field = need->discriminators[i]->path->name;
        if (!slice_eq(field, SLICE("eventName")) && !slice_eq(field, SLICE("errorCode")))
            return false;
    }
    return need->n_discriminators > 0;
}

static void sieve_alert(struct compile *c, size_t alert)
{
    struct plan *plan = &c->plan;
    const struct need *need = &plan->needs[alert];
    if (need->never || (are_rare(need) && want_roots(c, need, alert)))
        return;
    struct wish w = wish_expr(c, c->pack.alerts[alert].expr);
    bool rare = w.possible && w.cost <= COST_RARE;
    if (!rare && need->n_discriminators && want_roots(c, need, alert))
        return;
    plan->unsifted[alert] = !w.possible || w.cost > MAX_COST;
    plan->sifted_ascii[alert] = w.ascii;
    for (size_t i = 0; i < w.n && !plan->unsifted[alert]; i++)
        want(c, needle_of(c, w.list[i].text, w.list[i].any_case, NULL), alert);
}

void sieve(struct compile *c)
{
    struct plan *plan = &c->plan;
    plan->unsifted = NEW_ARRAY(c, bool, c->pack.n_alerts + 1);
    plan->sifted_ascii = NEW_ARRAY(c, bool, c->pack.n_alerts + 1);
    struct slice time = quoted_key(c, c->pack.time->keys[0], '"');
    plan->sieves = c->pack.time->n == 1 && time.n > 0;
    if (!plan->sieves)
        return;
    needle_of(c, time, false, root_place(c, c->pack.time))->time = true;
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        sieve_alert(c, i);
    prints(c);
}

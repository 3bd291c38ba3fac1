/*
 * relate.c - what follows from what, among all predicates of a pack.
 *
 * Needs: predicates. Guarantees: p is related to q only if p implies q; and all such pairs are, as long as LIMIT
 * lasts, which a pack meets that holds tens of thousands of values against thousands of patterns.
 *
 * A list may have 100,000 values, so not every predicate is held against every other one. Two different values
 * never imply each other. Phrases are found in a value's words by their text, ranges by a sweep over their bounds,
 * fields by their names; patterns alone are asked about each value of their field.
 */
#include <stdlib.h>
#include <string.h>

#include "filter/quantity.h"
#include "logic.h"
#include "trail/limits.h"

enum {
    LIMIT = 200000000,     /* steps: a byte that a pattern reads, a bound that is compared, … */
    STEPS_OF_A_TEST = 100, /* … and what each test costs besides */
    STEPS_OF_A_PAIR = 20   /* what it costs to keep one */
};

/* What may follow from predicates on a path. */
struct targets {
    struct map phrases;                 /* by their words, one space between */
    bool lengths[TRAIL_MAX_PHRASE + 1]; /* in words, of one of the phrases */
    size_t n_others;
    const struct pred **others; /* those that are asked about everything */
};

struct relating {
    struct compile *c;
    struct implications all;
    size_t left; /* steps */
};

static bool spend(struct relating *r, size_t steps)
{
    r->left = r->left > steps ? r->left - steps : 0;
    return r->left > 0;
}

static void relate(struct relating *r, const struct pred *p, const struct pred *q)
{
    if (p == q || !spend(r, STEPS_OF_A_PAIR))
        return;
    *PUSH(r->c, r->all.of[p->id].list, r->all.of[p->id].n) = q->id;
    *PUSH(r->c, r->all.by[q->id].list, r->all.by[q->id].n) = p->id;
}

static void ask(struct relating *r, const struct pred *p, const struct pred *q)
{
    if (p != q && spend(r, STEPS_OF_A_TEST + p->literal.whole.n) && implies(r->c, p, q))
        relate(r, p, q);
}

/* ---- phrases --------------------------------------------------------------------------------------- */

static struct slice joined(struct compile *c, const struct literal *words)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < words->n_tokens; i++) {
        if (i)
            buffer_char(&b, ' ');
        buffer_add(&b, words->tokens[i].p, words->tokens[i].n);
    }
    return buffer_slice(&b);
}

/* The phrases that stand in these words. */
static void relate_phrases(struct relating *r, const struct pred *p, const struct literal *words,
                           const struct targets *t)
{
    if (!t->phrases.n || !words->n_tokens)
        return;
    struct slice text = joined(r->c, words);
    for (size_t i = 0, from = 0; i < words->n_tokens; from += words->tokens[i++].n + 1) {
        size_t to = from;
        for (size_t n = 1; n <= TRAIL_MAX_PHRASE && i + n <= words->n_tokens; n++) {
            to += words->tokens[i + n - 1].n + (n > 1);
            if (!t->lengths[n] || !spend(r, to - from + 1))
                continue;
            const struct pred *q = map_get(&t->phrases, (struct slice){text.p + from, to - from});
            struct ids *of = &r->all.of[p->id];
            if (q && !(of->n && of->list[of->n - 1] == q->id))
                relate(r, p, q);
        }
    }
}

/* ---- ranges ---------------------------------------------------------------------------------------- */

/* A range, or a whole value as one that is a point. */
struct span {
    const struct pred *pred;
    struct bound low, high;
    bool point;
};

static int value_cmp(const struct span *a, bool high_a, const struct span *b, bool high_b)
{
    const struct pred *p = a->pred, *q = b->pred;
    if (p->kind == TEST_NUMBER_RANGE)
        return decimal_cmp(high_a ? &p->high_number : &p->low_number,
                           high_b ? &q->high_number : &q->low_number);
    if (p->kind == TEST_IP_RANGE)
        return memcmp(high_a ? p->high_ip : p->low_ip, high_b ? q->high_ip : q->low_ip, 16);
    return slice_cmp(high_a ? a->high.value : a->low.value, high_b ? b->high.value : b->low.value);
}

/* Which begins first: an open one, or that of the smaller value, or the one that takes the value in. */
static int low_cmp(const struct span *a, const struct span *b)
{
    if (a->low.open || b->low.open)
        return b->low.open - a->low.open;
    int order = value_cmp(a, false, b, false);
    return order ? order : b->low.inclusive - a->low.inclusive;
}

/* Which ends first. */
static int high_cmp(const struct span *a, const struct span *b)
{
    if (a->high.open || b->high.open)
        return a->high.open - b->high.open;
    int order = value_cmp(a, true, b, true);
    return order ? order : a->high.inclusive - b->high.inclusive;
}

static bool ends_before(const struct span *a, const struct span *b)
{
    return !a->high.open && !b->low.open && value_cmp(a, true, b, false) < 0;
}

/* By where they begin, the wider ones first, and a value behind the ranges that are of it alone. */
static int by_span(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    int order = low_cmp(a, b);
    if (!order)
        order = high_cmp(b, a);
    if (!order)
        order = a->point - b->point;
    return order ? order : a->pred->id < b->pred->id ? -1 : a->pred->id > b->pred->id;
}

static struct span span_of(const struct pred *p)
{
    struct span s = {p, p->low, p->high, p->kind == TEST_EQUALS};
    if (s.point)
        s.low = s.high = (struct bound){.inclusive = true, .value = p->literal.whole};
    return s;
}

/* Relates each to those that it lies in. `open` are ranges that began and may go on; blocks of addresses are at most
 * 128 in each other, other ranges as many as the author made overlap. */
static void sweep(struct relating *r, struct span *spans, size_t n)
{
    const struct span **open = NEW_ARRAY(r->c, const struct span *, n + 1);
    size_t n_open = 0;
    qsort(spans, n, sizeof *spans, by_span);
    for (size_t i = 0; i < n; i++) {
        size_t kept = 0;
        for (size_t k = 0; k < n_open && spend(r, STEPS_OF_A_PAIR); k++) {
            if (ends_before(open[k], &spans[i]))
                continue;
            if (high_cmp(&spans[i], open[k]) <= 0)
                relate(r, spans[i].pred, open[k]->pred);
            open[kept++] = open[k];
        }
        n_open = kept;
        if (!spans[i].point)
            open[n_open++] = &spans[i];
    }
}

/* The ranges of one kind on one view, and the values that may lie in them. */
static void sweep_kind(struct relating *r, const struct pred *const *list, size_t n, enum test_kind kind,
                       enum view view)
{
    struct span *spans = NULL;
    size_t n_spans = 0, n_ranges = 0;
    for (size_t i = 0; i < n; i++) {
        bool value = kind == TEST_STRING_RANGE && list[i]->kind == TEST_EQUALS;
        if (list[i]->view != view || !(value || list[i]->kind == kind))
            continue;
        *PUSH(r->c, spans, n_spans) = span_of(list[i]);
        n_ranges += !value;
    }
    if (n_ranges)
        sweep(r, spans, n_spans);
}

/* ---- one path -------------------------------------------------------------------------------------- */

static bool is_range(const struct pred *p)
{
    return p->kind == TEST_STRING_RANGE || p->kind == TEST_NUMBER_RANGE || p->kind == TEST_IP_RANGE;
}

static void add_target(struct compile *c, struct targets *t, const struct pred *p)
{
    if (p->kind == TEST_TOKENS) {
        *map_at(c, &t->phrases, joined(c, &p->literal)) = (void *)p;
        t->lengths[p->literal.n_tokens] = true;
    } else if (p->kind == TEST_REGEX || p->kind == TEST_TOKEN_REGEX || (!p->path && p->kind != TEST_EXISTS)) {
        *PUSH(c, t->others, t->n_others) = p;
    }
}

static void relate_to(struct relating *r, const struct pred *p, const struct targets *t)
{
    if (p->kind == TEST_TOKENS) {
        relate_phrases(r, p, &p->literal, t);
    } else if (p->kind == TEST_EQUALS && p->view == VIEW_KEYWORD && t->phrases.n) {
        struct literal words = words_of(r->c, p->literal.whole);
        relate_phrases(r, p, &words, t);
    }
    for (size_t i = 0; i < t->n_others; i++)
        ask(r, p, t->others[i]);
}

/* The predicates of one path among themselves, and those over every value that follow from them. */
static void relate_path(struct relating *r, const struct pred *const *list, size_t n,
                        const struct targets *any)
{
    struct targets own = {.n_others = 0};
    bool ranges = false;
    for (size_t i = 0; i < n; i++) {
        add_target(r->c, &own, list[i]);
        ranges = ranges || is_range(list[i]);
    }
    for (size_t i = 0; i < n; i++) {
        relate_to(r, list[i], &own);
        if (list[i]->path)
            relate_to(r, list[i], any);
    }
    for (int view = VIEW_TEXT; ranges && list[0]->path && view <= VIEW_JSON; view++) {
        sweep_kind(r, list, n, TEST_STRING_RANGE, (enum view)view);
        sweep_kind(r, list, n, TEST_NUMBER_RANGE, (enum view)view);
        sweep_kind(r, list, n, TEST_IP_RANGE, (enum view)view);
    }
}

/* ---- one path below another ------------------------------------------------------------------------ */

/* Whatever has a value at a path has one at the paths above it, too. */
static void relate_exists(struct relating *r)
{
    struct map exists = {0};
    for (size_t i = 0; i < r->c->n_preds; i++)
        if (r->c->preds[i]->kind == TEST_EXISTS)
            *map_at(r->c, &exists, r->c->preds[i]->path->name) = r->c->preds[i];
    for (size_t i = 0; exists.n && i < r->c->n_preds; i++) {
        const struct pred *p = r->c->preds[i];
        size_t to = 0;
        for (size_t k = 0; p->path && k < p->path->n; k++) {
            to += p->path->keys[k].n + (k > 0);
            const struct pred *q = map_get(&exists, (struct slice){p->path->name.p, to});
            if (q)
                ask(r, p, q);
        }
    }
}

/* ---- all of a pack --------------------------------------------------------------------------------- */

/* The predicates in the order of their paths, those over every value first, so that those of one stand together. */
static int by_path(const void *left, const void *right)
{
    const struct pred *a = *(const struct pred *const *)left, *b = *(const struct pred *const *)right;
    unsigned x = a->path ? a->path->id + 1 : 0, y = b->path ? b->path->id + 1 : 0;
    if (x != y)
        return x < y ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static int by_id(const void *left, const void *right)
{
    unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    return a < b ? -1 : a > b;
}

/* In order, each once: a phrase may stand in a value twice. */
static void put_in_order(struct ids *ids)
{
    size_t n = 0;
    qsort(ids->list, ids->n, sizeof *ids->list, by_id);
    for (size_t i = 0; i < ids->n; i++)
        if (!n || ids->list[n - 1] != ids->list[i])
            ids->list[n++] = ids->list[i];
    ids->n = n;
}

struct implications implications(struct compile *c)
{
    size_t n = c->n_preds, n_any = 0;
    struct relating r = {c, {NEW_ARRAY(c, struct ids, n + 1), NEW_ARRAY(c, struct ids, n + 1)}, LIMIT};
    const struct pred **list = NEW_ARRAY(c, const struct pred *, n + 1);
    struct targets any = {.n_others = 0};
    for (size_t i = 0; i < n; i++)
        list[i] = c->preds[i];
    qsort(list, n, sizeof *list, by_path);
    for (; n_any < n && !list[n_any]->path; n_any++)
        add_target(c, &any, list[n_any]);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && list[to]->path == list[from]->path; to++)
            ;
        relate_path(&r, list + from, to - from, &any);
    }
    relate_exists(&r);
    for (size_t i = 0; i < n; i++) {
        if (r.all.of[i].n)
            put_in_order(&r.all.of[i]);
        if (r.all.by[i].n)
            put_in_order(&r.all.by[i]);
    }
    return r.all;
}

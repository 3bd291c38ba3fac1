/*
 * within.c - the key that a record must hold within one of its root's keys, before an alert can want it.
 *
 * Needs: the plan's needles. Guarantees: plan.within, for the alerts that have needles and cannot be met
 * without a path of two keys or more: the first key of such a path, and the last.
 *
 * A predicate can only hold of a value at its path, whatever it asks:
 *
 *   AND any of the paths, OR those of all, NOT and clauses on every value none
 *
 * The keys between the first and the last do not count, so that a.b.x and a.c.x are one to an OR. Whether a
 * field exists a longer path answers, too: a record that has `"a.x.y"`, for a.x.y, has no `x"`.
 */
#include "trailc.h"

enum {
    MAX_KEY = 64,   /* bytes of either key: as long as a needle */
    MAX_WITHIN = 16 /* that are kept of an AND: to forget some of them is no fault */
};

/* What an expression cannot be met without: each of them. */
struct demanded {
    size_t n;
    struct within list[MAX_WITHIN];
};

static struct within *find(struct demanded *d, const struct within *w)
{
    for (size_t i = 0; i < d->n; i++)
        if (slice_eq(d->list[i].root, w->root) && slice_eq(d->list[i].last, w->last))
            return &d->list[i];
    return NULL;
}

static bool is_fit(struct slice key)
{
    return key.n > 0 && key.n <= MAX_KEY && is_all_raw(key);
}

static struct demanded by_pred(const struct pred *p)
{
    struct demanded d = {0};
    const struct path *path = p->path;
    if (path && path->n > 1 && is_fit(path->keys[0]) && is_fit(path->keys[path->n - 1]))
        d.list[d.n++] = (struct within){path->keys[0], path->keys[path->n - 1], p->kind == TEST_EXISTS};
    return d;
}

/* Both hold. */
static void add(struct demanded *d, struct demanded *more)
{
    for (size_t i = 0; i < more->n; i++) {
        struct within *known = find(d, &more->list[i]);
        if (known)
            known->open = known->open && more->list[i].open;
        else if (d->n < MAX_WITHIN)
            d->list[d->n++] = more->list[i];
    }
}

/* One of them holds. */
static void keep_common(struct demanded *d, struct demanded *other)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        struct within w = d->list[i];
        const struct within *too = find(other, &w);
        if (!too)
            continue;
        w.open = w.open || too->open;
        d->list[n++] = w;
    }
    d->n = n;
}

/* Recursion is bounded by the parser's limit on parentheses. */
static struct demanded by_expr(const struct expr *e)
{
    struct demanded d = {0};
    if (e->kind == EXPR_PRED)
        return by_pred(e->pred);
    if (e->kind != EXPR_AND && e->kind != EXPR_OR)
        return d;
    for (size_t i = 0; i < e->n; i++) {
        struct demanded kid = by_expr(e->kids[i]);
        if (i == 0)
            d = kid;
        else if (e->kind == EXPR_AND)
            add(&d, &kid);
        else
            keep_common(&d, &kid);
        if (e->kind == EXPR_OR && !d.n)
            break;
    }
    return d;
}

/* Keys that hardly a userIdentity is without, and many another object has, too. */
static bool is_everywhere(struct slice key)
{
    return slice_eq(key, SLICE("type")) || slice_eq(key, SLICE("arn")) || slice_eq(key, SLICE("principalId"));
}

static struct within choose(const struct demanded *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (!is_everywhere(d->list[i].last))
            return d->list[i];
    return d->list[0];
}

void within(struct compile *c)
{
    struct plan *plan = &c->plan;
    plan->within = NEW_ARRAY(c, struct within, c->pack.n_alerts + 1);
    for (size_t i = 0; i < c->pack.n_alerts && plan->sieves; i++) {
        struct demanded d = by_expr(c->pack.alerts[i].expr);
        if (d.n && !plan->unsifted[i])
            plan->within[i] = choose(&d);
    }
}

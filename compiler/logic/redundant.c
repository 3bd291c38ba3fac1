/*
 * redundant.c - W205: filters that say nothing, and alerts that another one says already.
 *
 * Needs: expressions. Guarantees: what is said is so for every event (see logic.h); a pair of alerts that
 * cannot be decided cheaply is left alone. Alerts are compared if they do the same: condition, groups, hours,
 * labels, priority and channels.
 */
#include <string.h>

#include "logic.h"
#include "logic/redundant.h"
#include "pack/zone.h"

enum {
    FILTER_STEPS = 200000, /* for one filter by itself */
    PAIR_STEPS = 20000,
    PACK_STEPS = 50000000, /* for all pairs */
};

/* ---- one filter ------------------------------------------------------------------------------------ */

static struct loc filter_loc(const struct alert *a)
{
    return text_loc(&a->filter, 0, a->filter.s.n);
}

static bool can_be(struct logic *l, const struct alert *a, bool is)
{
    struct demand demand = {a->expr, is};
    l->steps = FILTER_STEPS;
    return satisfiable(l, 1, &demand) != ANSWER_NO;
}

/* Whether the filter depends on the event, or is a plain `*`. */
static bool check_constant(struct compile *c, struct logic *l, const struct alert *a)
{
    if (!can_be(l, a, true)) {
        diag(c, W205, filter_loc(a), "the filter is never true: no event can meet it")->note =
            SLICE("the alert cannot fire; for silence, it always does");
        return false;
    }
    if (a->tree->kind != NODE_ALL && !can_be(l, a, false)) {
        diag(c, W205, filter_loc(a), "the filter is always true: every event meets it")->rewrite = SLICE("*");
        return false;
    }
    return true;
}

/* ---- what an alert does ---------------------------------------------------------------------------- */

static void add_paths(struct buffer *b, size_t n, struct path **paths)
{
    for (size_t i = 0; i < n; i++)
        buffer_printf(b, "%u,", paths[i]->id);
    buffer_char(b, ';');
}

static void add_slice(struct buffer *b, struct slice s)
{
    buffer_printf(b, "%zu:", s.n);
    buffer_add(b, s.p, s.n);
}

static void add_labels(struct buffer *b, size_t n, const struct label *labels)
{
    for (size_t i = 0; i < n; i++) {
        buffer_char(b, labels[i].exclude ? '-' : '+');
        add_slice(b, labels[i].pattern);
    }
    buffer_char(b, ';');
}

/* Equal texts: what the one does with an event, the other does as well. */
static struct slice actions_of(struct compile *c, const struct alert *a)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < a->n_when; i++)
        buffer_printf(&b, "%d %ju %jd %ju P%u,", (int)a->when[i].kind, (uintmax_t)a->when[i].n,
                      (intmax_t)a->when[i].span, (uintmax_t)a->when[i].margin, a->when[i].priority);
    buffer_printf(&b, "P%u %jd %d;", a->priority, (intmax_t)a->notify_every, a->notify_resolved);
    add_paths(&b, a->n_group_by, a->group_by);
    for (size_t i = 0; i < a->n_active; i++) {
        const struct hours *h = &a->active[i];
        buffer_printf(&b, "%u %u %u ", h->days, h->from, h->to);
        add_slice(&b, h->zone->name);
    }
    add_labels(&b, a->n_applications, a->applications);
    add_labels(&b, a->n_subsystems, a->subsystems);
    for (size_t i = 0; i < a->n_notify; i++)
        add_slice(&b, a->notify[i]);
    return buffer_slice(&b);
}

/* ---- pairs of alerts ------------------------------------------------------------------------------- */

struct side {
    struct alert *alert;
    const struct alert *actions; /* the first alert that does the same */
    bool constant;
    bool told;   /* one alert that it is within is enough */
    size_t seen; /* the last alert that it was compared with, + 1 */
};

struct pairs {
    struct compile *c;
    struct logic *logic;
    size_t left; /* steps */
    struct side *sides;
    struct map actions;  /* text -> the first alert of it */
    struct ids *holders; /* by predicate: alerts whose filter asks it */
};

static void hold(struct pairs *p, const struct expr *e, unsigned alert)
{
    if (e->kind == EXPR_PRED) {
        struct ids *holders = &p->holders[e->pred->id];
        if (holders->n == 0 || holders->list[holders->n - 1] != alert)
            *PUSH(p->c, holders->list, holders->n) = alert;
    }
    for (size_t i = 0; i < e->n; i++)
        hold(p, e->kids[i], alert);
}

/* Whether no event meets a's filter and not b's. */
static bool is_within_filter(struct pairs *p, const struct alert *a, const struct alert *b)
{
    struct demand demands[2] = {{a->expr, true}, {b->expr, false}};
    size_t steps = p->left < PAIR_STEPS ? p->left : PAIR_STEPS;
    p->logic->steps = steps;
    bool within = steps > 0 && satisfiable(p->logic, 2, demands) == ANSWER_NO;
    p->left -= steps - p->logic->steps;
    return within;
}

static bool is_silence(const struct alert *a)
{
    for (size_t i = 0; i < a->n_when; i++)
        if (a->when[i].kind == WHEN_LESS_THAN || a->when[i].kind == WHEN_AT_MOST ||
            a->when[i].kind == WHEN_LESS_THAN_USUAL)
            return true;
    return false;
}

static bool say_within(struct pairs *p, struct side *a, struct side *b, bool equal)
{
    struct slice other = b->alert->name;
    struct diag *d = diag(
        p->c, W205, filter_loc(a->alert),
        equal ? "the filter meets the same events as that of `%.*s`, which does the same with them"
        : is_silence(a->alert)
            ? "every event that meets this filter meets that of `%.*s` too: when that one is silent, so is "
              "this, and the same is said twice"
            : "every event that meets this filter meets that of `%.*s` too, which does the same with it",
        (int)other.n, other.p);
    d->note = SLICE("leave one of the two out, or give them different priorities, channels or conditions");
    a->told = true;
    return true;
}

/* Alert i against alert k > i. */
static void compare(struct pairs *p, size_t i, size_t k)
{
    struct side *a = &p->sides[i], *b = &p->sides[k];
    if (a->constant || b->constant || b->seen == i + 1 || a->actions != b->actions)
        return;
    b->seen = i + 1;
    bool up = is_within_filter(p, a->alert, b->alert), down = is_within_filter(p, b->alert, a->alert);
    if (down && !b->told)
        say_within(p, b, a, up);
    else if (up && !down && !a->told)
        say_within(p, a, b, false);
}

/* All that share a predicate with alert i, or have one that implies one of its, or is implied. */
static void compare_holders(struct pairs *p, size_t i, unsigned pred)
{
    const struct ids *holders = &p->holders[pred];
    for (size_t n = holders->n; n > 0 && holders->list[n - 1] > i && p->left > 0; n--) {
        p->left--;
        compare(p, i, holders->list[n - 1]);
    }
}

static void compare_all(struct pairs *p, size_t i, const struct expr *e)
{
    for (size_t k = 0; k < e->n; k++)
        compare_all(p, i, e->kids[k]);
    if (e->kind != EXPR_PRED)
        return;
    const struct ids *of = &p->logic->implications.of[e->pred->id];
    const struct ids *by = &p->logic->implications.by[e->pred->id];
    compare_holders(p, i, e->pred->id);
    for (size_t k = 0; k < of->n; k++)
        compare_holders(p, i, of->list[k]);
    for (size_t k = 0; k < by->n; k++)
        compare_holders(p, i, by->list[k]);
}

void redundant(struct compile *c)
{
    size_t n = c->pack.n_alerts;
    struct pairs p = {.c = c, .logic = logic_new(c), .left = PACK_STEPS};
    p.sides = NEW_ARRAY(c, struct side, n + 1);
    p.holders = NEW_ARRAY(c, struct ids, c->n_preds + 1);
    for (size_t i = 0; i < n; i++) {
        struct side *s = &p.sides[i];
        s->alert = &c->pack.alerts[i];
        s->constant = !check_constant(c, p.logic, s->alert) || s->alert->expr->kind == EXPR_TRUE;
        void **first = map_at(c, &p.actions, actions_of(c, s->alert));
        *first = *first ? *first : s->alert;
        s->actions = *first;
        hold(&p, s->alert->expr, (unsigned)i);
    }
    for (size_t i = 0; i < n; i++)
        compare_all(&p, i, p.sides[i].alert->expr);
}

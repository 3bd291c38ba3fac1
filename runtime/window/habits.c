/*
 * habits.c - see habits.h.
 */
#include "habits.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 16 };

#define OLD_WEEKS (BASELINE_WEEKS + 2)
#define WEEK      (INT64_C(7) * 24 * 3600 * 1000)

void habits_start(struct habits *h, const struct trail_condition *c, size_t limit, bool frozen)
{
    *h = (struct habits){.condition = c,
                         .ticks = ticks_of(c->span),
                         .side = baseline_side(c),
                         .frozen = frozen,
                         .covered = TRAIL_NO_TIME,
                         .taught = INT64_MIN,
                         .decided = INT64_MIN,
                         .limit = limit ? limit : BASELINES_GROUPS};
    covering_start(&h->covering, c->span);
}

static void habit_free(struct habit *x)
{
    sampler_free(&x->sampler);
    baseline_free(&x->baseline);
    free(x->closed);
    free(x);
}

void habits_free(struct habits *h)
{
    for (size_t i = 0; i < h->n; i++)
        habit_free(h->list[i]);
    free(h->list);
    free(h->slot);
    coverage_free(&h->coverage);
    *h = (struct habits){0};
}

/* ---- what is covered ---- */

/* Spans that no week of a baseline knows any more. */
static void forget_spans(struct coverage *c, int64_t t)
{
    size_t old = 0;
    while (old < c->n && c->list[old].to < trail_time_add(t, -OLD_WEEKS * WEEK))
        old++;
    c->n -= old;
    if (old > 0)
        memmove(c->list, c->list + old, c->n * sizeof *c->list);
}

/* The last step that ends at the moment or before. */
static int64_t step_before(const struct habits *h, int64_t t)
{
    int64_t step = ticks_step_at(&h->ticks, t);
    return ticks_step_end(&h->ticks, step) > t ? step - 1 : step;
}

bool habits_cover(struct habits *h, int64_t t)
{
    if (h->covered != TRAIL_NO_TIME && t <= h->covered)
        return true;
    h->covered = t;
    if (h->frozen)
        return true;
    if (!coverage_add(&h->coverage, t, t))
        return false;
    int64_t step = step_before(h, t);
    if (step > h->covering.step) {
        forget_spans(&h->coverage, t);
        covering_update(&h->covering, &h->coverage, step);
    }
    return true;
}

bool habits_hear(struct habits *h, int64_t first, int64_t last)
{
    bool begins = h->covered == TRAIL_NO_TIME || first - h->covered > BASELINE_GAP;
    return habits_cover(h, begins ? last : first);
}

int64_t habits_wait(const struct habits *h)
{
    struct usual u;
    baseline_usual(NULL, &h->covering, h->covering.step == INT64_MIN ? 0 : h->covering.step, &u);
    if (u.season != BASELINE_UNKNOWN)
        return 0;
    return u.wait > 0 ? u.wait : 1;
}

/* ---- the groups ---- */

static struct habit **place(struct habit **slot, size_t n, const struct shared *key)
{
    size_t i = key->hash & (n - 1);
    while (slot[i] && slot[i]->key != key)
        i = (i + 1) & (n - 1);
    return &slot[i];
}

struct habit *habits_find(const struct habits *h, const struct shared *key)
{
    return h->room > 0 ? *place(h->slot, 2 * h->room, key) : NULL;
}

static void fill(struct habits *h)
{
    memset(h->slot, 0, 2 * h->room * sizeof *h->slot);
    for (size_t i = 0; i < h->n; i++)
        *place(h->slot, 2 * h->room, h->list[i]->key) = h->list[i];
}

static bool grow(struct habits *h)
{
    size_t room = h->room ? 2 * h->room : FIRST_ROOM;
    struct habit **list = realloc(h->list, room * sizeof(*list));
    if (!list)
        return false;
    h->list = list;
    struct habit **slot = malloc(2 * room * sizeof(*slot));
    if (!slot)
        return false;
    free(h->slot);
    h->slot = slot;
    h->room = room;
    fill(h);
    return true;
}

/* What goes first: the least counted, of equals the last by key; what is unusual at the moment goes last. */
static int by_worth(const void *a, const void *b)
{
    const struct habit *x = *(struct habit *const *)a, *y = *(struct habit *const *)b;
    if (x->unusual != y->unusual)
        return x->unusual ? -1 : 1;
    if (x->counted != y->counted)
        return x->counted > y->counted ? -1 : 1;
    int c = memcmp(x->key->p, y->key->p, x->key->n < y->key->n ? x->key->n : y->key->n);
    return c ? c : (x->key->n > y->key->n) - (x->key->n < y->key->n);
}

/* An eighth of them at once, so that it is worth looking at all. */
static void make_room(struct habits *h, struct shared_table *texts)
{
    size_t keep = h->limit - (h->limit + 7) / 8;
    qsort(h->list, h->n, sizeof(*h->list), by_worth);
    h->forgotten += h->n - keep;
    while (h->n > keep) {
        struct habit *x = h->list[--h->n];
        shared_drop(texts, x->key);
        habit_free(x);
    }
    fill(h);
}

struct habit *habits_make(struct habits *h, struct shared *key, struct shared_table *texts)
{
    struct habit *x = habits_find(h, key);
    if (x)
        return x;
    if (h->n >= h->limit)
        make_room(h, texts);
    if (h->n == h->room && !grow(h))
        return NULL;
    x = calloc(1, sizeof *x);
    if (!x)
        return NULL;
    x->key = shared_hold(key);
    x->sampler.tick = HABIT_NEVER;
    x->asked = INT64_MIN;
    h->list[h->n++] = x;
    *place(h->slot, 2 * h->room, key) = x;
    return x;
}

bool habits_teach(struct habits *h, const struct baseline_set *set, const struct coverage *coverage,
                  struct shared_table *texts)
{
    for (size_t i = 0; i < set->n_groups; i++) {
        const struct baseline_group *g = set->groups[i];
        struct shared *key = shared_intern(texts, g->key);
        struct habit *x = key ? habits_make(h, key, texts) : NULL;
        shared_drop(texts, key);
        if (!x || !baseline_merge(&x->baseline, &g->baseline))
            return false;
        x->counted = x->baseline.samples;
    }
    for (size_t i = 0; i < coverage->n; i++)
        if (!coverage_add(&h->coverage, coverage->list[i].from, coverage->list[i].to))
            return false;
    if (h->coverage.n == 0)
        return true;
    h->taught = step_before(h, h->coverage.list[h->coverage.n - 1].to);
    covering_update(&h->covering, &h->coverage, h->taught);
    return true;
}

/* ---- one group ---- */

static bool learn(struct habits *h, struct habit *x, const struct habit_sample *s)
{
    struct usual u;
    uint64_t value = s->value;
    if (s->step <= h->taught || !coverage_has(&h->coverage, &h->ticks, s->step))
        return true;
    if (s->raw) {
        baseline_usual(&x->baseline, &h->covering, s->step, &u);
        value = baseline_clip(&u, h->side, value);
    }
    return baseline_add(&x->baseline, &h->ticks, s->step, value);
}

/* Learns what is known to be covered. */
static bool settle(struct habits *h, struct habit *x)
{
    uint32_t n = 0;
    bool ok = true;
    for (; n < x->n_closed && ticks_step_end(&h->ticks, x->closed[n].step) <= h->covered; n++)
        ok = ok && learn(h, x, &x->closed[n]);
    x->n_closed -= n;
    if (n > 0)
        memmove(x->closed, x->closed + n, x->n_closed * sizeof *x->closed);
    return ok;
}

struct closing {
    struct habits *habits;
    struct habit *habit;
    bool failed;
};

/* What was usual in the step counts, as it was known then: by now the step itself is in it. */
static bool add_closed(struct habits *h, struct habit *x, int64_t step, uint64_t value)
{
    bool asked = x->asked == step;
    if (x->n_closed == x->closed_room) {
        uint32_t room = x->closed_room ? 2 * x->closed_room : 4;
        struct habit_sample *closed = realloc(x->closed, room * sizeof *closed);
        if (!closed)
            return false;
        x->closed = closed;
        x->closed_room = room;
    }
    x->closed[x->n_closed++] =
        (struct habit_sample){step, asked ? baseline_clip(&x->usual, h->side, value) : value, !asked};
    return true;
}

static void close_step(void *user, int64_t step, uint64_t value)
{
    struct closing *c = user;
    if (!c->habits->frozen && !c->failed)
        c->failed = !add_closed(c->habits, c->habit, step, value);
}

bool habit_miss(struct habits *h, struct habit *x)
{
    return h->frozen || x->usual.low <= 0 || add_closed(h, x, ticks_step(&h->ticks, x->sampler.tick), 0);
}

bool habit_advance(struct habits *h, struct habit *x, int64_t t)
{
    struct closing c = {h, x, false};
    sampler_advance(&x->sampler, &h->ticks, ticks_at(&h->ticks, t), h->side, close_step, &c);
    return !c.failed && settle(h, x);
}

bool habit_count(struct habits *h, struct habit *x)
{
    x->counted++;
    return sampler_add(&x->sampler, &h->ticks, 1);
}

const struct usual *habit_ask(struct habits *h, struct habit *x)
{
    int64_t step = ticks_step(&h->ticks, x->sampler.tick);
    if (x->asked != step) {
        baseline_usual(&x->baseline, &h->covering, step, &x->usual);
        x->asked = step;
    }
    return x->usual.season == BASELINE_UNKNOWN ? NULL : &x->usual;
}

double habits_limit(const struct trail_condition *c, const struct usual *u)
{
    double margin = (double)c->margin / 100000;
    if (c->when == TRAIL_LESS_THAN_USUAL) {
        double limit = u->expected * (1 - margin);
        return limit < u->low ? limit : u->low;
    }
    double limit = u->expected * (1 + margin);
    return limit > u->high ? limit : u->high;
}

bool habits_unusual(const struct trail_condition *c, const struct usual *u, uint64_t count)
{
    double limit = habits_limit(c, u);
    return c->when == TRAIL_LESS_THAN_USUAL ? (double)count < limit && u->expected >= (double)c->n
                                            : (double)count > limit && count >= c->n;
}

int64_t habit_until(const struct habits *h, const struct habit *x)
{
    const struct sampler *s = &x->sampler;
    int64_t last = ticks_last(&h->ticks, ticks_step(&h->ticks, s->tick)), n = h->ticks.per_window;
    uint64_t count = s->count;
    for (int64_t tick = s->tick + 1; tick <= last; tick++) {
        int64_t at = tick % n;
        count -= s->ring ? s->ring[at < 0 ? at + n : at] : 0;
        if (!habits_unusual(h->condition, &x->usual, count))
            return ticks_end(&h->ticks, tick - 1) + 1;
    }
    return ticks_end(&h->ticks, last) + 1;
}

/* ---- steps to decide ---- */

static int64_t later_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t habits_next(const struct habits *h, int64_t heard)
{
    const struct ticks *ticks = &h->ticks;
    int64_t next = h->decided == INT64_MIN ? h->decided : h->decided + 1;
    if (h->side != BASELINE_LESS)
        return TRAIL_NO_TIME;
    if (h->covered != TRAIL_NO_TIME) {
        int64_t end = ticks_step_end(ticks, later_of(next, ticks_step_at(ticks, h->covered)));
        if (end - h->covered <= BASELINE_GAP)
            return end;
    }
    /* A gap: on from where something is heard again. */
    return heard == TRAIL_NO_TIME ? TRAIL_NO_TIME
                                  : ticks_step_end(ticks, later_of(next, ticks_step_at(ticks, heard)));
}

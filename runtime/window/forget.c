/*
 * forget.c - what is forgotten when groups take more memory than they may.
 *
 * The groups nearest to firing stay: what goes first has the fewest events against its threshold (or, of a
 * silence, the least of its window has passed), then the oldest newest event, then the first alert and key. A
 * group that fires is nearest of all. A declared key of a silence never goes, nor does the presence of what one
 * input brings (rule.joins), of which there are no more than labels of inputs. An eighth of the memory is made
 * free at once, so that looking at all groups is worth it.
 *
 * All of this happens at moments of the log: when an event enters a group (but not one whose hits are joined
 * while they wait: which of those enter hangs on how they arrive), or has no place in the order and is taken as
 * of the watermark. The memory that counts is that of groups that have got so far (group.settled), reckoned
 * from their sizes. So what is forgotten depends on the events alone, and not on threads, blocks, or what the
 * allocator does.
 */
#include "stage.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SWEEP = 48, FIRES = 255, HOLDS = 254 };

/* How near to firing a condition is, of HOLDS. */
static unsigned nearness(const struct trail_condition *c, const struct group *g, int64_t t)
{
    if (c->when == TRAIL_IMMEDIATELY || g->last == TRAIL_NO_TIME)
        return 0;
    if (condition_is_silence(c)) {
        int64_t passed = trail_time_add(t, -g->last);
        return passed >= c->span ? HOLDS : passed <= 0 ? 0 : (unsigned)(passed / (c->span / HOLDS + 1));
    }
    size_t k = condition_threshold(c), n = group_count(g, t, c->span);
    return n >= k ? HOLDS : (unsigned)(n * HOLDS / k);
}

/* A group that could go; those with the lowest order first. */
struct candidate {
    uint64_t order;
    struct group *group;
};

struct candidates {
    const struct window *w;
    struct candidate *list;
    size_t n;
};

static uint64_t order_of(const struct window *w, const struct group *g)
{
    const struct rule *rule = &w->rules[g->rule];
    const struct state *s = group_state(g);
    const int64_t most = INT64_C(1) << 54;
    unsigned nearest = s->firing ? FIRES : 0;
    for (size_t i = 0; !s->firing && i < rule->alert->n_conditions; i++) {
        unsigned near = nearness(&rule->alert->conditions[i], g, w->memory.now);
        nearest = near > nearest ? near : nearest;
    }
    int64_t last = g->last == TRAIL_NO_TIME ? s->said : g->last;
    last = last < -most ? -most : last > most ? most : last;
    return (uint64_t)nearest << 56 | (uint64_t)(last + most);
}

static void add_candidate(void *user, struct group *g)
{
    struct candidates *c = user;
    if (g->settled && !group_state(g)->fixed && c->w->rules[g->rule].joins == 0)
        c->list[c->n++] = (struct candidate){order_of(c->w, g), g};
}

static int by_order(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    if (x->group->rule != y->group->rule)
        return x->group->rule < y->group->rule ? -1 : 1;
    struct trail_slice p = shared_text(x->group->key), q = shared_text(y->group->key);
    int c = memcmp(p.p, q.p, p.n < q.n ? p.n : q.n);
    return c ? c : (p.n > q.n) - (p.n < q.n);
}

/* Those that are to be judged at this moment are not any more, if they go. */
static void untouch(struct window *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->n_touched; i++)
        if (!w->touched[i]->doomed)
            w->touched[kept++] = w->touched[i];
    w->n_touched = kept;
}

static void forget_some(struct window *w, const struct candidates *c, size_t limit)
{
    size_t n = 0, bytes = w->groups.bytes;
    for (; n < c->n && bytes > limit; n++) {
        bytes -= group_bytes(c->list[n].group);
        c->list[n].group->doomed = true;
    }
    untouch(w);
    for (size_t i = 0; i < n; i++) {
        struct group *g = c->list[i].group;
        w->rules[g->rule].forgotten++;
        timers_clear(&w->timers, g);
        usual_forget(&w->rules[g->rule], g);
        group_remove(&w->groups, g);
    }
    w->memory.unsaid += n;
    w->memory.news |= n > 0;
    w->stats.forgotten += n;
}

/* Whether some group may be idle (judge_idle): not while the log is shorter than every window. */
static bool may_be_idle(const struct window *w)
{
    for (size_t i = 0; i < w->pack->n_alerts; i++)
        if (w->rules[i].immediate || w->from == TRAIL_NO_TIME ||
            w->memory.now >= trail_time_add(w->from, w->rules[i].longest))
            return true;
    return false;
}

/* Groups that matter no more go whenever there are twice as many as last time. */
static void sweep(struct window *w)
{
    if (may_be_idle(w))
        group_sweep(&w->groups, judge_idle, w);
    w->memory.sweep_at = w->groups.settled > FIRST_SWEEP / 2 ? w->groups.settled * 2 : FIRST_SWEEP;
}

bool forget(struct window *w, int64_t t)
{
    size_t limit = w->config.groups_limit;
    bool full = w->groups.bytes > limit;
    if (!full && w->groups.settled < (w->memory.sweep_at ? w->memory.sweep_at : FIRST_SWEEP))
        return true;
    w->memory.now = t;
    sweep(w);
    limit -= limit / 8;
    if (!full || w->groups.bytes <= limit)
        return true;
    struct candidates c = {.w = w, .list = malloc((w->groups.settled + 1) * sizeof *c.list)};
    if (!c.list)
        return false;
    group_each(&w->groups, add_candidate, &c);
    if (c.n > 1)
        qsort(c.list, c.n, sizeof *c.list, by_order);
    forget_some(w, &c, limit);
    free(c.list);
    return true;
}

bool forget_say(struct window *w, int64_t t, bool end)
{
    bool news = w->memory.news;
    w->memory.news = false;
    if (w->memory.unsaid == 0 || (!end && !news))
        return true;
    if (!end && w->memory.said != TRAIL_NO_TIME && t < trail_time_add(w->memory.said, TRAIL_NOTIFY_EVERY))
        return true;
    if (!notice_forgotten(w, t == BEFORE_ALL ? TRAIL_NO_TIME : t))
        return false;
    w->memory.said = t;
    w->memory.unsaid = 0;
    return true;
}

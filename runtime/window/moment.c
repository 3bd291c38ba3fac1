/*
 * moment.c - one moment after the other: what happens at each, to which groups.
 *
 * Needs: time may come to it, and no hit of an earlier moment will enter a window. Guarantees: all hits of a
 * moment are in their groups before one is judged (judge.c), each group is judged once, in the order of
 * alerts and keys.
 */
#include "hours.h"
#include "stage.h"

#include <stdlib.h>
#include <string.h>

/* Once, when time first passes the first event read: what lies before it is settled. */
static bool begin(struct window *w, int64_t limit)
{
    if (w->begun)
        return true;
    int64_t first = window_waiting_time(w);
    if (first != TRAIL_NO_TIME && (w->from == TRAIL_NO_TIME || first < w->from))
        w->from = first;
    if (w->from == TRAIL_NO_TIME || limit <= w->from)
        return true;
    w->begun = true;
    for (size_t i = 0; i < w->pack->n_alerts; i++)
        if (!window_declare(w, &w->rules[i], w->from))
            return false;
    return true;
}

bool window_touch(struct window *w, struct group *g)
{
    if (g->touched)
        return true;
    if (w->n_touched == w->touched_room) {
        size_t room = w->touched_room ? w->touched_room * 2 : 64;
        struct group **list = realloc(w->touched, room * sizeof(*list));
        if (!list)
            return false;
        w->touched = list;
        w->touched_room = room;
    }
    g->touched = true;
    w->touched[w->n_touched++] = g;
    return true;
}

/* A hit that stands for later ones too has entered: the last of those takes its place. */
static bool requeue(struct window *w, struct group *g, struct waiting *x, uint32_t place)
{
    struct state *s = group_wake(&w->groups, g);
    if (!s)
        return false;
    if (s->open == place + 1)
        s->open = 0;
    if (x->until == x->time)
        return true;
    struct waiting last = {
        .time = x->until, .until = x->until, .alert = x->alert, .group = shared_hold(x->group)};
    if (!pending_push(&w->pending, &last, &place)) {
        waiting_drop(&last, &w->texts);
        return false;
    }
    if (s->open == 0)
        s->open = place + 1;
    return true;
}

bool window_may_fire(const struct rule *rule, int64_t t)
{
    return t == TRAIL_NO_TIME || trail_hours_active(rule->alert, t);
}

/* A hit whose turn has come enters its group. */
static bool release(struct window *w, struct waiting *x, uint32_t place)
{
    const struct rule *rule = &w->rules[x->alert];
    struct group *g = window_group_of(w, x->alert, x->group);
    if (!g)
        return false;
    if (rule->immediate && rule->alert->notify_every > 0 && window_may_fire(rule, x->time)) {
        struct hit hit = {.alert = x->alert,
                          .time = x->time,
                          .source = x->source,
                          .event_id = shared_text(x->event_id),
                          .record_hash = {x->record_hash[0], x->record_hash[1]},
                          .group = shared_text(x->group),
                          .breakdown = shared_text(x->breakdown),
                          .fields = shared_text(x->fields)};
        if (!judge_immediate(w, g, &hit, x->time))
            return false;
    }
    if (!rule->counts)
        return true;
    if (w->config.on_count && !w->muted && rule->joins == 0)
        w->config.on_count(w->config.user, x->alert, shared_text(x->group), x->time);
    w->rules[x->alert].fed = true;
    if (rule->silence) {
        struct state *s = group_wake(&w->groups, g);
        if (!s)
            return false;
        if (s->start == TRAIL_NO_TIME)
            s->start = x->time;
    }
    if (rule->habits && !usual_count(w, rule, g, x->time))
        return false;
    struct entry e = {x->time, NULL, NULL};
    if (rule->keeps_events) {
        e.breakdown = x->breakdown;
        e.event_id = x->event_id;
    }
    if (!group_add(&w->groups, g, rule, &e))
        return false;
    if (rule->keeps_events)
        x->breakdown = x->event_id = NULL; /* the group's now */
    if (rule->above && (group_state(g)->detail || judge_above(w, rule, g, x->time)) &&
        !group_show(&w->groups, g, x->fields, &x->source))
        return false;
    return window_touch(w, g) && (rule->joins == 0 || requeue(w, g, x, place));
}

static int by_alert_and_key(const void *a, const void *b)
{
    const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    int c = memcmp(x->key->p, y->key->p, x->key->n < y->key->n ? x->key->n : y->key->n);
    return c ? c : (x->key->n > y->key->n) - (x->key->n < y->key->n);
}

/* Everything that happens at t: the hits of the moment, then each group that they or a timer touch, once. */
static bool moment(struct window *w, int64_t t)
{
    w->now = t;
    w->n_touched = 0;
    if (w->learns && !usual_hear(w, t))
        return false;
    while (window_waiting_time(w) == t) {
        uint32_t place;
        struct waiting x;
        bool ok = window_take_first(w, &x, &place) && release(w, &x, place) &&
                  (w->rules[x.alert].joins > 0 || forget(w, t));
        waiting_drop(&x, &w->texts);
        if (!ok)
            return false;
    }
    while (timers_time(&w->timers) != TRAIL_NO_TIME && timers_time(&w->timers) <= t)
        if (!window_touch(w, timers_pop(&w->timers)))
            return false;
    if (!usual_decide(w, t))
        return false;
    if (w->n_touched > 1)
        qsort(w->touched, w->n_touched, sizeof(*w->touched), by_alert_and_key);
    for (size_t i = 0; i < w->n_touched; i++) {
        w->touched[i]->touched = false;
        if (!judge(w, w->touched[i], t))
            return false;
    }
    w->n_touched = 0;
    return forget_say(w, t, false);
}

/* The next moment at which anything happens; TRAIL_NO_TIME: none. */
static int64_t next_moment(const struct window *w)
{
    int64_t hit = window_waiting_time(w), timer = timers_time(&w->timers), step = usual_next(w);
    if (timer == TRAIL_NO_TIME || (step != TRAIL_NO_TIME && step < timer))
        timer = step;
    if (hit == TRAIL_NO_TIME)
        return timer;
    return timer != TRAIL_NO_TIME && timer < hit ? timer : hit;
}

bool window_run(struct window *w, int64_t limit)
{
    if (!begin(w, limit))
        return false;
    for (int64_t t = next_moment(w); t != TRAIL_NO_TIME && t < limit; t = next_moment(w))
        if (!moment(w, t) || !window_shed(w))
            return false;
    return true;
}

int64_t window_next(const struct window *w)
{
    return next_moment(w);
}

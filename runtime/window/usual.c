/*
 * usual.c - conditions that ask for what is usual: where habits.h meets the window's moments.
 *
 * A count above what is usual is told when an event arrives, one below at the end of a step. What the log has
 * events in at all (heard.h) is passed on to the conditions as time passes it.
 */
#include "stage.h"
#include "timestamp.h"

#include <stdio.h>
#include <string.h>

bool usual_teach(struct window *w, const struct baselines *from)
{
    for (size_t i = 0; from && i < w->pack->n_alerts; i++) {
        struct rule *rule = &w->rules[i];
        for (size_t k = 0; rule->habits && k < rule->alert->n_conditions; k++) {
            const struct baseline_set *set = condition_is_usual(&rule->alert->conditions[k])
                                                 ? baselines_find(from, w->pack, rule->alert, (unsigned)k)
                                                 : NULL;
            if (set &&
                !habits_teach(&rule->habits[k], set, baselines_coverage((struct baselines *)from), &w->texts))
                return false;
        }
    }
    return true;
}

/* ---- time ---- */

bool usual_hear(struct window *w, int64_t t)
{
    for (int64_t end = heard_next(&w->heard); end != TRAIL_NO_TIME && end <= t; end = heard_next(&w->heard)) {
        for (size_t i = 0; i < w->pack->n_alerts; i++)
            for (size_t k = 0; w->rules[i].habits && k < w->rules[i].alert->n_conditions; k++)
                if (condition_is_usual(&w->rules[i].alert->conditions[k]) &&
                    !habits_hear(&w->rules[i].habits[k], end - HEARD_LAST, end))
                    return false;
        heard_pop(&w->heard);
    }
    return true;
}

int64_t usual_next(const struct window *w)
{
    int64_t first = TRAIL_NO_TIME;
    if (!w->learns)
        return first;
    for (size_t i = 0; i < w->pack->n_alerts; i++) {
        const struct rule *rule = &w->rules[i];
        for (size_t k = 0; rule->habits && k < rule->alert->n_conditions; k++) {
            int64_t next = rule->alert->conditions[k].when == TRAIL_LESS_THAN_USUAL
                               ? habits_next(&rule->habits[k], heard_next(&w->heard))
                               : TRAIL_NO_TIME;
            if (next != TRAIL_NO_TIME && (first == TRAIL_NO_TIME || next < first))
                first = next;
        }
    }
    return first;
}

/* Whether the group's window that ends at t is below what is usual; what cannot be told stays what it was. */
static bool is_below(const struct rule *rule, struct habits *h, struct habit *x, const struct group *g,
                     int64_t t)
{
    const struct state *s = group_state(g);
    const struct usual *u = habit_ask(h, x);
    if (rule_is_unknown(rule, g->key) || (s->fixed && rule->lacks))
        return x->unusual;
    return u && trail_time_add(t, -h->condition->span) >= s->start &&
           habits_unusual(h->condition, u, x->sampler.count);
}

static bool decide_step(struct window *w, struct rule *rule, struct habits *h, int64_t t)
{
    h->decided = ticks_step_at(&h->ticks, t);
    if (habits_wait(h) > 0)
        return true;
    for (size_t i = 0; i < h->n; i++) {
        struct habit *x = h->list[i];
        struct group *g = group_find(&w->groups, rule->index, x->key);
        if (!habit_advance(h, x, t))
            return false;
        if (g && habit_ask(h, x) && x->sampler.count == 0 && !habit_miss(h, x))
            return false;
        bool below = g && is_below(rule, h, x, g, t);
        if (below)
            x->found = x->sampler.count;
        if (below != x->unusual && g && !window_touch(w, g))
            return false;
        x->unusual = below;
    }
    return true;
}

bool usual_decide(struct window *w, int64_t t)
{
    if (!w->learns)
        return true;
    for (size_t i = 0; i < w->pack->n_alerts; i++) {
        struct rule *rule = &w->rules[i];
        for (size_t k = 0; rule->habits && k < rule->alert->n_conditions; k++) {
            if (rule->alert->conditions[k].when != TRAIL_LESS_THAN_USUAL)
                continue;
            int64_t next = habits_next(&rule->habits[k], TRAIL_NO_TIME);
            if (next != TRAIL_NO_TIME && next <= t && !decide_step(w, rule, &rule->habits[k], next))
                return false;
        }
    }
    return true;
}

/* ---- one group ---- */

static void note_forgotten(struct window *w, const struct rule *rule, struct habits *h)
{
    char text[256];
    if (h->forgotten == 0 || h->said || w->muted)
        return;
    h->said = true;
    snprintf(
        text, sizeof text,
        "%.80s: what is usual is learnt for %zu groups at most; those with the fewest events are forgotten",
        rule->alert->id, h->limit);
    if (w->config.on_problem)
        w->config.on_problem(w->config.user, text);
}

bool usual_count(struct window *w, const struct rule *rule, const struct group *g, int64_t t)
{
    for (size_t k = 0; k < rule->alert->n_conditions; k++) {
        struct habits *h = &rule->habits[k];
        if (!condition_is_usual(&rule->alert->conditions[k]))
            continue;
        if (!habits_cover(h, t))
            return false;
        struct habit *x = habits_make(h, g->key, &w->texts);
        if (!x || !habit_advance(h, x, t) || !habit_count(h, x))
            return false;
        note_forgotten(w, rule, h);
    }
    return true;
}

struct outlook usual_look(struct window *w, const struct rule *rule, size_t condition, const struct group *g,
                          bool unknown, int64_t t)
{
    struct habits *h = &rule->habits[condition];
    struct habit *x = habits_find(h, g->key);
    if (!x)
        return (struct outlook){false, INT64_MAX};
    if (h->side == BASELINE_LESS)
        return (struct outlook){x->unusual && (!unknown || group_state(g)->firing), INT64_MAX};
    if (!habit_advance(h, x, t)) {
        w->failed = true;
        return (struct outlook){false, INT64_MAX};
    }
    const struct usual *u = habit_ask(h, x);
    bool holds = u && habits_unusual(h->condition, u, x->sampler.count);
    return (struct outlook){holds, holds ? habit_until(h, x) : INT64_MAX};
}

void usual_forget(const struct rule *rule, const struct group *g)
{
    for (size_t k = 0; rule->habits && k < rule->alert->n_conditions; k++) {
        struct habit *x =
            condition_is_usual(&rule->alert->conditions[k]) ? habits_find(&rule->habits[k], g->key) : NULL;
        if (x)
            x->unusual = false;
    }
}

bool usual_seen(const struct rule *rule, size_t condition, const struct group *g, int64_t t,
                struct usual_sight *to)
{
    const struct habits *h = &rule->habits[condition];
    const struct habit *x = habits_find(h, g->key);
    *to = (struct usual_sight){.count = group_count(g, t, h->condition->span),
                               .from = trail_time_add(t, -h->condition->span),
                               .to = t};
    if (!x)
        return false;
    int64_t end = h->side == BASELINE_LESS ? ticks_step_end(&h->ticks, h->decided)
                                           : ticks_end(&h->ticks, x->sampler.tick);
    to->from = trail_time_add(end, -h->condition->span);
    to->to = end < t ? end : t;
    to->count = h->side == BASELINE_LESS && x->unusual ? x->found : x->sampler.count;
    if (x->usual.season == BASELINE_UNKNOWN)
        return false;
    to->usual = (struct trail_usual){x->usual.expected, x->usual.low, x->usual.high};
    to->limit = habits_limit(h->condition, &x->usual);
    return true;
}

/* ---- from outside ---- */

bool window_learns(const struct trail_pack *pack)
{
    for (size_t i = 0; i < pack->n_alerts; i++)
        for (size_t k = 0; k < pack->alerts[i].n_conditions; k++)
            if (condition_is_usual(&pack->alerts[i].conditions[k]))
                return true;
    return false;
}

uint64_t usual_unlearnt(const struct window *w)
{
    uint64_t n = 0;
    for (size_t i = 0; i < w->pack->n_alerts; i++)
        for (size_t k = 0; w->rules[i].habits && k < w->rules[i].alert->n_conditions; k++)
            n += w->rules[i].habits[k].forgotten;
    return n;
}

int64_t window_short(const struct window *w, size_t alert)
{
    const struct rule *rule = &w->rules[alert];
    int64_t most = 0;
    for (size_t k = 0; rule->habits && k < rule->alert->n_conditions; k++) {
        int64_t wait = condition_is_usual(&rule->alert->conditions[k]) ? habits_wait(&rule->habits[k]) : 0;
        most = wait > most ? wait : most;
    }
    return most;
}

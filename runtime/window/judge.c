/*
 * judge.c - what a group's state becomes at a moment: quiet, firing, resolved; and when it has to be looked
 * at again.
 *
 * A condition for many holds at t when its K-th newest event is in (t - D, t]: until that event plus D, if
 * none comes. A condition for few holds when it is not, and the window begins neither before what was read
 * nor before the key was known. So each condition knows the next moment at which it changes by itself, and a
 * group needs one timer: the earliest of those, of the next repeat, and of the hours that begin. Empty
 * decades cost no steps: between two events of a group there are as many as it has conditions, and the
 * repeats, which double.
 */
#include "hours.h"
#include "stage.h"
#include "timestamp.h"

static struct outlook look(struct window *w, const struct rule *rule, size_t condition, const struct group *g,
                           bool unknown, int64_t t)
{
    const struct trail_condition *c = &rule->alert->conditions[condition];
    if (condition_is_usual(c))
        return usual_look(w, rule, condition, g, unknown, t);
    size_t k = condition_threshold(c);
    int64_t end = INT64_MIN; /* of the time in which at least k events are in the window; exclusive */
    if (k == 0)
        end = INT64_MAX;
    else if (g->n >= k)
        end = trail_time_add(group_entry(g, g->n - k)->time, c->span);
    if (!condition_is_silence(c))
        return (struct outlook){t < end, t < end ? end : INT64_MAX};

    const struct state *s = group_state(g);
    int64_t begin = trail_time_add(s->start, c->span);
    if (end > begin)
        begin = end;
    if (t >= begin && (!unknown || s->firing))
        return (struct outlook){true, INT64_MAX};
    return (struct outlook){false, t < begin ? begin : INT64_MAX};
}

bool judge_above(struct window *w, const struct rule *rule, const struct group *g, int64_t t)
{
    for (size_t i = 0; i < rule->alert->n_conditions; i++) {
        const struct trail_condition *c = &rule->alert->conditions[i];
        if (c->when != TRAIL_IMMEDIATELY && !condition_is_silence(c) && look(w, rule, i, g, false, t).holds)
            return true;
    }
    return false;
}

static bool is_unknown(const struct rule *rule, const struct group *g)
{
    return (group_state(g)->fixed && rule->lacks) || rule_is_unknown(rule, g->key);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whether there is a reason to tell the condition. A count that holds is news when an event arrives in the
 * alert's hours, and goes on once it was told; that the hours begin is no event. Silence has none to wait
 * for.
 */
static bool is_news(const struct rule *rule, const struct group *g, const struct trail_condition *c,
                    int64_t t)
{
    const struct state *s = group_state(g);
    return condition_is_silence(c) || (g->last == t && trail_hours_active(rule->alert, t)) ||
           (s->firing && c->priority >= rule->alert->conditions[s->fired_by].priority);
}

/* The condition of highest priority that holds and is news, the first among equals; NULL: none. *next: see
 * struct outlook. */
static const struct trail_condition *best_of(struct window *w, const struct rule *rule, const struct group *g,
                                             int64_t t, int64_t *next)
{
    const struct trail_condition *best = NULL;
    for (size_t i = 0; i < rule->alert->n_conditions; i++) {
        const struct trail_condition *c = &rule->alert->conditions[i];
        if (c->when == TRAIL_IMMEDIATELY)
            continue;
        struct outlook o = look(w, rule, i, g, is_unknown(rule, g), t);
        *next = earlier(*next, o.changes);
        if (o.holds && is_news(rule, g, c, t) && (!best || c->priority < best->priority))
            best = c;
    }
    return best;
}

/*
 * When what stands is said again. A silence may stand as long as the log is old, and one absurd date makes
 * that centuries: once it has stood for a day, it has to stand twice as long for the next time.
 */
static int64_t repeat_of(const struct rule *rule, const struct state *s)
{
    int64_t gap = rule->every, stood = trail_time_add(s->notified, -s->stands);
    if (condition_is_silence(&rule->alert->conditions[s->fired_by]) && stood >= RULE_OFTEN && stood > gap)
        gap = stood;
    return trail_time_add(s->notified, gap);
}

/* The firing is told by this condition from now on. */
static void stand_by(const struct rule *rule, struct state *s, const struct trail_condition *c, int64_t t)
{
    uint16_t index = (uint16_t)(c - rule->alert->conditions);
    if (!s->firing || s->fired_by != index)
        s->stands = t;
    s->fired_by = index;
}

/* Says the firing, if the hours allow it now; else *next is when they will. */
static bool fire(struct window *w, struct group *g, const struct trail_condition *c, int64_t t, int64_t *next)
{
    const struct rule *rule = &w->rules[g->rule];
    if (!trail_hours_active(rule->alert, t)) {
        int64_t hours = trail_hours_next(rule->alert, t);
        if (hours != TRAIL_NO_TIME)
            *next = earlier(*next, hours);
        return true;
    }
    struct state *s = group_wake(&w->groups, g);
    if (!s)
        return false;
    stand_by(rule, s, c, t);
    if (!s->firing)
        s->since = t;
    s->firing = true;
    s->notified = t;
    return notice_count(w, g, c, TRAIL_FIRING, t);
}

static bool move(struct window *w, struct group *g, const struct trail_condition *best, int64_t t,
                 int64_t *next)
{
    const struct rule *rule = &w->rules[g->rule];
    const struct state *s = group_state(g);
    const struct trail_condition *current = s->firing ? &rule->alert->conditions[s->fired_by] : NULL;
    if (!best) {
        if (g->state)
            g->state->firing = false;
        /* It ends something that was said: the hours in which something new may be said do not matter. */
        return !current || !rule->alert->notify_resolved || notice_count(w, g, current, TRAIL_RESOLVED, t);
    }
    bool ok = true, enters = !current || best->priority < current->priority;
    if (!enters)
        stand_by(rule, g->state, best, t);
    if (enters || t >= repeat_of(rule, s))
        ok = fire(w, g, best, t, next);
    s = group_state(g);
    if (s->firing && repeat_of(rule, s) > t)
        *next = earlier(*next, repeat_of(rule, s));
    return ok;
}

bool judge(struct window *w, struct group *g, int64_t t)
{
    const struct rule *rule = &w->rules[g->rule];
    int64_t next = INT64_MAX;
    group_prune(&w->groups, g, rule, t);
    const struct trail_condition *best = best_of(w, rule, g, t, &next);
    if (!move(w, g, best, t, &next))
        return false;
    const struct state *s = group_state(g);
    bool told = s->firing && !condition_is_silence(&rule->alert->conditions[s->fired_by]);
    if (s->detail && !told && !judge_above(w, rule, g, t))
        group_hide(&w->groups, g);
    if (rule->silence && !s->fixed) {
        int64_t retires = trail_time_add(g->last, rule->retire);
        if (t >= retires) {
            timers_clear(&w->timers, g);
            usual_forget(rule, g);
            group_remove(&w->groups, g);
            return true;
        }
        next = earlier(next, retires);
    }
    if (next < INT64_MAX)
        return group_wake(&w->groups, g) && timers_set(&w->timers, g, next);
    timers_clear(&w->timers, g);
    group_rest(&w->groups, g);
    return true;
}

/* Whether the last notification of `immediately`, and what it held back, no longer matter at t. */
static bool is_forgotten(const struct rule *rule, const struct state *s, int64_t t)
{
    if (s->said == TRAIL_NO_TIME)
        return true;
    if (s->said == BEFORE_ALL && s->held > 0)
        return false; /* there is no telling how long that is ago */
    return t >= trail_time_add(s->said, s->held > 0 ? rule->retire : rule->every);
}

bool judge_immediate(struct window *w, struct group *g, const struct hit *hit, int64_t t)
{
    const struct rule *rule = &w->rules[g->rule];
    struct state *s = group_wake(&w->groups, g);
    if (!s)
        return false;
    group_settle(&w->groups, g);
    if (is_forgotten(rule, s, t))
        s->held = 0; /* whether a sweep came in between or not */
    if (s->said != TRAIL_NO_TIME && t < trail_time_add(s->said, rule->every)) {
        s->held++;
        return true;
    }
    uint64_t held = s->held;
    s->said = t;
    s->held = 0;
    return notice_hit(w, hit, held);
}

bool judge_idle(void *window, const struct group *g)
{
    const struct window *w = window;
    const struct rule *rule = &w->rules[g->rule];
    const struct state *s = group_state(g);
    if (g->touched || s->timer_at > 0 || s->firing || s->fixed || s->open > 0 ||
        w->memory.now == TRAIL_NO_TIME)
        return false;
    if (g->last != TRAIL_NO_TIME && (rule->silence || w->memory.now < trail_time_add(g->last, rule->longest)))
        return false;
    return is_forgotten(rule, s, w->memory.now);
}

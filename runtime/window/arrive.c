/*
 * arrive.c - a hit comes: whether it came before, whether it enters a window, what fires at once; then it
 * waits.
 *
 * Needs: hits of any time, in the order in which they were found. Guarantees: what waits takes no more memory
 * than config.pending_bytes; where the disk cannot take the rest, that is told, and the earliest moments are
 * decided.
 */
#include "stage.h"
#include "timestamp.h"

/* Whether the hit came before. False: no memory. */
static bool recognise(struct window *w, const struct hit *hit, struct identity_of_hit *who, unsigned *what)
{
    if (hit->event_id.n == 0)
        return true;
    *who = hit->hashes ? hit->hashes->who : identity_of(w, hit);
    switch (seen_add(&w->seen, who->id, who->bytes)) {
    case SEEN_NEW: break;
    case SEEN_AGAIN:
        *what = WINDOW_DUPLICATE;
        w->stats.duplicates++;
        break;
    case SEEN_OTHER_BYTES:
        *what = WINDOW_OTHER;
        w->stats.other++;
        window_problem(w, &w->said_other, "an event ID came again with other bytes; such events all count");
        break;
    case SEEN_NO_MEMORY: return false;
    }
    return true;
}

/* Moments near the ends of the type leave no room to reckon with; no parsed time comes near them. */
static bool is_moment(int64_t t)
{
    return t > INT64_MIN / 4 && t < INT64_MAX / 4;
}

static unsigned out_of_order(struct window *w, const struct rule *rule, const struct hit *hit)
{
    unsigned uncounted = rule->counts ? WINDOW_UNCOUNTED : 0;
    if (!is_moment(hit->time)) {
        w->stats.timeless++;
        return WINDOW_TIMELESS | uncounted;
    }
    if (hit->future) {
        w->stats.future++;
        return WINDOW_FUTURE | uncounted;
    }
    if (w->watermark != TRAIL_NO_TIME && hit->time < w->watermark) {
        w->stats.late++;
        return WINDOW_LATE;
    }
    return 0;
}

static void note_peak(struct window *w)
{
    if (w->pending.bytes > w->stats.pending_peak_bytes)
        w->stats.pending_peak_bytes = w->pending.bytes;
}

/* Where only the presence of events matters, one that waits stands for those that follow it closely: the
 * first and the last of them say all. So an alert that every event meets does not keep every event. */
static bool enqueue_presence(struct window *w, const struct rule *rule, struct trail_slice group,
                             int64_t first, int64_t last)
{
    struct group *g = window_group(w, rule->index, group);
    struct state *s = g ? group_wake(&w->groups, g) : NULL;
    if (!s)
        return false;
    if (s->open > 0) {
        struct waiting *x = pending_at(&w->pending, s->open - 1);
        if (first >= x->time && last - x->time < rule->joins) {
            x->until = last > x->until ? last : x->until;
            return true;
        }
    }
    uint32_t place;
    struct waiting x = {
        .time = first, .until = last, .alert = (uint32_t)rule->index, .group = shared_hold(g->key)};
    if (!pending_push(&w->pending, &x, &place)) {
        waiting_drop(&x, &w->texts);
        return false;
    }
    s->open = place + 1;
    note_peak(w);
    return true;
}

/* Copies what the rule will want of the hit, and lets it wait. */
static bool enqueue(struct window *w, const struct rule *rule, const struct hit *hit)
{
    bool says = rule->immediate && rule->alert->notify_every > 0;
    struct waiting x = {.time = hit->time,
                        .until = hit->time,
                        .alert = (uint32_t)hit->alert,
                        .record_hash = {hit->record_hash[0], hit->record_hash[1]},
                        .source = hit->source};
    x.group = hit->hashes ? shared_intern_hashed(&w->texts, hit->group, hit->hashes->group)
                          : shared_intern(&w->texts, hit->group);
    bool ok = x.group != NULL;
    if (ok && (says || rule->keeps_events) && hit->event_id.n > 0)
        ok = (x.event_id = shared_copy(&w->texts, hit->event_id)) != NULL;
    if (ok && (says || rule->keeps_events) && hit->breakdown.n > 0)
        ok = (x.breakdown = shared_intern(&w->texts, hit->breakdown)) != NULL;
    if (ok && (says || rule->above))
        ok = (x.fields = shared_copy(&w->texts, hit->fields)) != NULL;
    uint32_t place;
    if (!ok || !pending_push(&w->pending, &x, &place)) {
        waiting_drop(&x, &w->texts);
        return false;
    }
    note_peak(w);
    return true;
}

/* Too much waits. Where the disk can't take it, the earliest moments are decided now, and what is dated
 * before them comes late from now on. */
static bool relieve(struct window *w)
{
    if (!window_shed(w))
        return false;
    while (w->pending.bytes > w->config.pending_bytes) {
        size_t waiting = window_waiting(w);
        int64_t limit = trail_time_add(window_waiting_time(w), 1);
        window_file_problem(
            w, &w->said_early, w->spill.error,
            "too many matching events wait for inputs that have not come as far: from here on the "
            "earliest are counted before their time, what comes after them is late, and counts may "
            "be too low. Set TMPDIR to a directory with more room, or scan a shorter span");
        if (!window_run(w, limit))
            return false;
        w->stats.early += waiting - window_waiting(w);
        w->recording.unsaid = true;
        if (w->watermark == TRAIL_NO_TIME || w->watermark < limit)
            w->watermark = limit;
    }
    return true;
}

static bool take(struct window *w, const struct hit *hit, unsigned *what)
{
    const struct rule *rule = &w->rules[hit->alert];
    struct identity_of_hit who;
    if (!recognise(w, hit, &who, what))
        return false;
    if (*what & WINDOW_DUPLICATE)
        return true;
    unsigned displaced = out_of_order(w, rule, hit);
    *what |= displaced;
    bool rationed = rule->alert->notify_every > 0,
         immediate = rule->immediate && window_may_fire(rule, hit->time);
    record_hit(w, rule, hit, &who, (immediate && rationed) || (!displaced && rule->counts));
    if (immediate && !rationed && !notice_hit(w, hit, 0))
        return false;
    if (!displaced && (rule->counts || (immediate && rationed)))
        return (rule->joins > 0 ? enqueue_presence(w, rule, hit->group, hit->time, hit->time)
                                : enqueue(w, rule, hit)) &&
               relieve(w);
    if (displaced && immediate && rationed) {
        int64_t t = w->watermark == TRAIL_NO_TIME ? BEFORE_ALL : w->watermark;
        struct group *g = window_group(w, hit->alert, hit->group);
        return g && judge_immediate(w, g, hit, t) && forget(w, t) && forget_say(w, t, false);
    }
    return true;
}

enum trail_status window_hit(struct window *w, const struct hit *hit, unsigned *what)
{
    unsigned nothing;
    what = what ? what : &nothing;
    *what = 0;
    if (w->failed)
        return TRAIL_NO_MEMORY;
    if (w->finished || hit->alert >= w->pack->n_alerts)
        return TRAIL_INVALID;
    return window_outcome(w, take(w, hit, what));
}

static bool take_between(struct window *w, const struct rule *rule, struct trail_slice application,
                         int64_t first, int64_t last)
{
    if (!rule->by_application)
        return enqueue_presence(w, rule, (struct trail_slice){"{}", 2}, first, last) && relieve(w);
    struct shared *key = window_application_key(w, application);
    bool ok = key && enqueue_presence(w, rule, shared_text(key), first, last) && relieve(w);
    shared_drop(&w->texts, key);
    return ok;
}

enum trail_status window_hits_between(struct window *w, size_t alert, struct trail_slice application,
                                      int64_t first, int64_t last)
{
    if (w->failed)
        return TRAIL_NO_MEMORY;
    if (w->finished || alert >= w->pack->n_alerts || w->rules[alert].joins == 0 || first > last)
        return TRAIL_INVALID;
    record_between(w, alert, application, first, last);
    return window_outcome(w, take_between(w, &w->rules[alert], application, first, last));
}

static bool take_heard(struct window *w, int64_t time)
{
    if (!w->learns || !is_moment(time) || (w->watermark != TRAIL_NO_TIME && time < w->watermark))
        return true;
    enum heard_added added = heard_add(&w->heard, time);
    if (added == HEARD_NEW)
        record_heard(w, time);
    return added != HEARD_NO_MEMORY;
}

enum trail_status window_heard(struct window *w, int64_t time)
{
    if (w->failed)
        return TRAIL_NO_MEMORY;
    return w->finished ? TRAIL_INVALID : window_outcome(w, take_heard(w, time));
}

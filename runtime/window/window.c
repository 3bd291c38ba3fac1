/*
 * window.c - see window.h: hits in, time forward. What a moment means for a group is judge.c's.
 */
#include "hours.h"
#include "labels.h"
#include "stage.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PENDING_BYTES ((size_t)64 << 20)
#define SEEN_LIMIT    ((size_t)1 << 20)
#define GROUPS_LIMIT  ((size_t)512 << 20)

/* ---- making and freeing ---- */

struct window *window_new(const struct window_config *config, enum trail_status *status)
{
    *status = TRAIL_NO_MEMORY;
    struct window *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->config = *config;
    w->pack = config->pack;
    if (w->config.pending_bytes == 0)
        w->config.pending_bytes = PENDING_BYTES;
    w->from = w->watermark = w->now = w->memory.said = TRAIL_NO_TIME;
    w->key = w->texts.key = siphash_random();
    w->texts.slab.single = config->single;
    w->groups.texts = &w->texts;
    if (w->config.groups_limit == 0)
        w->config.groups_limit = GROUPS_LIMIT;
    seen_start(&w->seen, config->seen_limit > 0 ? config->seen_limit : SEEN_LIMIT);
    size_t n = w->pack->n_alerts;
    w->rules = calloc(n > 0 ? n : 1, sizeof *w->rules);
    bool ok = w->rules != NULL;
    for (size_t i = 0; ok && i < n; i++) {
        rule_start(&w->rules[i], w->pack, i);
        ok = rule_learn(&w->rules[i], config->habits_limit, config->frozen);
    }
    w->learns = window_learns(w->pack);
    ok = ok && usual_teach(w, config->baselines);
    if (!ok) {
        window_free(w);
        return NULL;
    }
    *status = TRAIL_OK;
    return w;
}

void window_free(struct window *w)
{
    if (!w)
        return;
    /* Groups and texts go with their slab: there may be millions. */
    pending_free(&w->pending);
    spill_free(&w->spill);
    timers_free(&w->timers);
    heard_free(&w->heard);
    group_table_free(&w->groups);
    for (size_t i = 0; w->rules && i < w->pack->n_alerts; i++)
        rule_free(&w->rules[i]);
    seen_free(&w->seen);
    notice_free(&w->notice);
    shared_free(&w->texts);
    free(w->paths.list);
    free(w->rules);
    free(w->touched);
    free(w);
}

static enum trail_status outcome(struct window *w, bool ok)
{
    w->failed = w->failed || !ok;
    return w->failed ? TRAIL_NO_MEMORY : TRAIL_OK;
}

static void problem(struct window *w, bool *said, const char *message)
{
    if (w->muted)
        return;
    if (!*said && w->config.on_problem)
        w->config.on_problem(w->config.user, message);
    *said = true;
}

/* TRAIL_NO_TIME is before all. */
static int64_t later_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- groups ---- */

/* Finds or makes the group of an interned key; NULL: no memory. */
static struct group *group_of(struct window *w, size_t rule, struct shared *key)
{
    struct group *g = group_find(&w->groups, rule, key);
    return g ? g : group_create(&w->groups, rule, key);
}

struct group *window_group(struct window *w, size_t rule, struct trail_slice text)
{
    struct shared *key = shared_intern(&w->texts, text);
    struct group *g = key ? group_of(w, rule, key) : NULL;
    shared_drop(&w->texts, key);
    return g;
}

/* A key of a silence that is there from the start, whether anything comes from it or not. */
static bool declare(struct window *w, size_t rule, struct trail_slice key, int64_t from)
{
    struct group *g = window_group(w, rule, key);
    struct state *s = g ? group_wake(&w->groups, g) : NULL;
    if (!s)
        return false;
    s->fixed = true;
    s->start = later_of(from, w->rules[rule].known_from);
    group_settle(&w->groups, g);
    return judge(w, g, from);
}

/* The key of rule.by_application's groups; NULL: no memory. */
static struct shared *application_key(struct window *w, struct trail_slice application)
{
    struct trail_text key = {0};
    trail_text_add(&key, "{\"application\":", strlen("{\"application\":"));
    trail_json_quote(&key, application);
    trail_text_add(&key, "}", 1);
    struct shared *text = key.failed ? NULL : shared_intern(&w->texts, (struct trail_slice){key.p, key.n});
    trail_text_free(&key);
    return text;
}

static bool declare_names(struct window *w, const struct rule *rule, int64_t from)
{
    const struct trail_labels *names = &rule->alert->applications;
    bool ok = true;
    for (size_t i = 0; ok && i < names->n; i++) {
        if (!trail_labels_declare(names, i))
            continue;
        struct shared *key = application_key(w, names->patterns[i].pattern);
        ok = key && declare(w, rule->index, shared_text(key), from);
        shared_drop(&w->texts, key);
    }
    return ok;
}

bool window_declare(struct window *w, const struct rule *rule, int64_t from)
{
    if (!rule->silence || rule->alert->group_by.n > 0)
        return true;
    return rule->by_application ? declare_names(w, rule, from)
                                : declare(w, rule->index, (struct trail_slice){"{}", 2}, from);
}

/* ---- what waits, in memory and on disk ---- */

/* The place of a hit that waited on disk: no group.open has it. */
#define NOWHERE (UINT32_MAX - 1)

static size_t count_waiting(const struct window *w)
{
    return w->pending.n + (size_t)w->spill.n;
}

/* Of the first hit that waits; TRAIL_NO_TIME: none. */
static int64_t waiting_time(const struct window *w)
{
    const struct waiting *spilled = spill_first(&w->spill);
    int64_t t = pending_time(&w->pending);
    return spilled && (t == TRAIL_NO_TIME || spilled->time < t) ? spilled->time : t;
}

/* "temporary file in "/tmp": No space left on device; …" */
static void file_problem(struct window *w, bool *said, int error, const char *what)
{
    if (*said)
        return;
    struct trail_text message = {0};
    char buffer[96];
    const char *directory = spill_directory(), *why = strerror_r(error, buffer, sizeof buffer);
    static const char start[] = "temporary file in ";
    trail_text_add(&message, start, strlen(start));
    trail_json_quote(&message, (struct trail_slice){directory, strlen(directory)});
    trail_text_add(&message, ": ", 2);
    trail_text_add(&message, why, strlen(why));
    trail_text_add(&message, "; ", 2);
    trail_text_add(&message, what, strlen(what) + 1);
    problem(w, said, message.failed ? what : message.p);
    trail_text_free(&message);
}

static void check_lost(struct window *w)
{
    w->recording.unsaid |= w->spill.lost > w->stats.lost;
    w->stats.lost = w->spill.lost;
    if (w->spill.lost > 0)
        file_problem(w, &w->said_lost, w->spill.read_error,
                     "matching events that waited in it are lost to counts, which may be too low");
}

/* Takes the first hit that waits, and its place. False: no memory; *x is to be dropped all the same. */
static bool take_first(struct window *w, struct waiting *x, uint32_t *place)
{
    const struct waiting *spilled = spill_first(&w->spill);
    uint32_t first;
    if (!spilled || (w->pending.n > 0 && waiting_before(pending_nth(&w->pending, 0, &first), spilled))) {
        *x = pending_pop(&w->pending, place);
        return true;
    }
    *place = NOWHERE;
    bool ok = spill_pop(&w->spill, x, &w->texts);
    check_lost(w);
    return ok;
}

/* The hit at this place goes to disk: no later one can join it, and a group that waits for it alone is
 * forgotten until it comes. */
static void part(struct window *w, const struct waiting *x, uint32_t place)
{
    struct group *g = w->rules[x->alert].joins > 0 ? group_find(&w->groups, x->alert, x->group) : NULL;
    if (!g || group_state(g)->open != place + 1)
        return;
    struct state *s = g->state;
    s->open = 0;
    if (g->last == TRAIL_NO_TIME && s->said == TRAIL_NO_TIME && !s->fixed && !g->touched && s->timer_at == 0)
        group_remove(&w->groups, g);
}

bool window_shed(struct window *w)
{
    if (w->pending.bytes <= w->config.pending_bytes || w->spill.error)
        return true;
    pending_sort(&w->pending);
    enum spill_status status = spill_add(&w->spill, &w->pending, &w->texts);
    check_lost(w);
    if (status != SPILL_TAKEN)
        return status == SPILL_FAILED;
    w->stats.spilled = w->spill.taken;
    for (size_t i = 0; i < w->pending.n; i++) {
        uint32_t place;
        const struct waiting *x = pending_nth(&w->pending, i, &place);
        part(w, x, place);
    }
    pending_clear(&w->pending, &w->texts);
    return true;
}

/* Once, when time first passes the first event read: what lies before it is settled. */
static bool begin(struct window *w, int64_t limit)
{
    if (w->begun)
        return true;
    int64_t first = waiting_time(w);
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

/* ---- one moment ---- */

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

/* Outside the alert's hours an event fires nothing; one whose time is not known is let through. */
static bool may_fire(const struct rule *rule, int64_t t)
{
    return t == TRAIL_NO_TIME || trail_hours_active(rule->alert, t);
}

/* A hit whose turn has come enters its group. */
static bool release(struct window *w, struct waiting *x, uint32_t place)
{
    const struct rule *rule = &w->rules[x->alert];
    struct group *g = group_of(w, x->alert, x->group);
    if (!g)
        return false;
    if (rule->immediate && rule->alert->notify_every > 0 && may_fire(rule, x->time)) {
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
    while (waiting_time(w) == t) {
        uint32_t place;
        struct waiting x;
        bool ok = take_first(w, &x, &place) && release(w, &x, place) &&
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
    int64_t hit = waiting_time(w), timer = timers_time(&w->timers), step = usual_next(w);
    if (timer == TRAIL_NO_TIME || (step != TRAIL_NO_TIME && step < timer))
        timer = step;
    if (hit == TRAIL_NO_TIME)
        return timer;
    return timer != TRAIL_NO_TIME && timer < hit ? timer : hit;
}

/* Decides all moments before `limit`. */
static bool run(struct window *w, int64_t limit)
{
    if (!begin(w, limit))
        return false;
    for (int64_t t = next_moment(w); t != TRAIL_NO_TIME && t < limit; t = next_moment(w))
        if (!moment(w, t) || !window_shed(w))
            return false;
    return true;
}

/* ---- hits in ---- */

/* Whether the hit came before. False: no memory. */
static bool recognise(struct window *w, const struct hit *hit, struct identity_of_hit *who, unsigned *what)
{
    if (hit->event_id.n == 0)
        return true;
    struct siphash s;
    uint64_t head[2] = {w->rules[hit->alert].identity, hit->group.n};
    siphash_start(&s, &w->key);
    siphash_add(&s, head, sizeof head);
    siphash_add(&s, hit->group.p, hit->group.n);
    siphash_add(&s, hit->event_id.p, hit->event_id.n);
    *who = (struct identity_of_hit){siphash_end(&s),
                                    siphash(&w->key, hit->record_hash, sizeof hit->record_hash)};
    switch (seen_add(&w->seen, who->id, who->bytes)) {
    case SEEN_NEW: break;
    case SEEN_AGAIN:
        *what = WINDOW_DUPLICATE;
        w->stats.duplicates++;
        break;
    case SEEN_OTHER_BYTES:
        *what = WINDOW_OTHER;
        w->stats.other++;
        problem(w, &w->said_other, "an event ID came again with other bytes; such events all count");
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
    bool ok = (x.group = shared_intern(&w->texts, hit->group)) != NULL;
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
        size_t waiting = count_waiting(w);
        int64_t limit = trail_time_add(waiting_time(w), 1);
        file_problem(w, &w->said_early, w->spill.error,
                     "too many matching events wait for inputs that have not come as far: from here on the "
                     "earliest are counted before their time, what comes after them is late, and counts may "
                     "be too low. Set TMPDIR to a directory with more room, or scan a shorter span");
        if (!run(w, limit))
            return false;
        w->stats.early += waiting - count_waiting(w);
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
    bool rationed = rule->alert->notify_every > 0, immediate = rule->immediate && may_fire(rule, hit->time);
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
    return outcome(w, take(w, hit, what));
}

static bool take_between(struct window *w, const struct rule *rule, struct trail_slice application,
                         int64_t first, int64_t last)
{
    if (!rule->by_application)
        return enqueue_presence(w, rule, (struct trail_slice){"{}", 2}, first, last) && relieve(w);
    struct shared *key = application_key(w, application);
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
    return outcome(w, take_between(w, &w->rules[alert], application, first, last));
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
    return w->finished ? TRAIL_INVALID : outcome(w, take_heard(w, time));
}

int64_t window_watermark(const struct window *w)
{
    return w->watermark;
}

/* ---- time forward ---- */

static void learn_from(struct window *w, int64_t from)
{
    if (!w->begun && from != TRAIL_NO_TIME && (w->from == TRAIL_NO_TIME || from < w->from))
        w->from = from;
}

enum trail_status window_advance(struct window *w, int64_t from, int64_t watermark)
{
    if (w->failed)
        return TRAIL_NO_MEMORY;
    if (w->finished)
        return TRAIL_INVALID;
    int64_t known = w->from;
    learn_from(w, from);
    bool moves = watermark != TRAIL_NO_TIME && (w->watermark == TRAIL_NO_TIME || watermark > w->watermark);
    if (moves || w->from != known)
        record_advance(w, from, watermark);
    if (!moves)
        return TRAIL_OK;
    w->watermark = watermark;
    return outcome(w, run(w, watermark));
}

static bool run_out(struct window *w, int64_t to)
{
    while (count_waiting(w) > 0)
        if (!run(w, trail_time_add(waiting_time(w), 1)))
            return false;
    return (to == TRAIL_NO_TIME || run(w, trail_time_add(to, 1))) &&
           forget_say(w, to == TRAIL_NO_TIME ? w->now : to, true);
}

enum trail_status window_finish(struct window *w, int64_t from, int64_t to)
{
    if (w->failed)
        return TRAIL_NO_MEMORY;
    if (w->finished)
        return TRAIL_INVALID;
    learn_from(w, from);
    enum trail_status status = outcome(w, run_out(w, to));
    w->finished = true;
    return status;
}

/* ---- what could not be read ---- */

static bool could_be(const struct trail_labels *labels, const struct trail_slice *label)
{
    return !label || trail_labels_accept(labels, *label);
}

void window_labelled(struct window *w, bool applications, bool subsystems)
{
    unsigned labelled =
        LABELLED_TOLD | (applications ? LABELLED_APPLICATIONS : 0u) | (subsystems ? LABELLED_SUBSYSTEMS : 0u);
    if (labelled != w->labelled) {
        w->labelled = labelled;
        record_labelled(w);
    }
    unsigned lacks = (applications ? 0 : WINDOW_NO_APPLICATION) | (subsystems ? 0 : WINDOW_NO_SUBSYSTEM);
    for (size_t i = 0; i < w->pack->n_alerts; i++)
        w->rules[i].lacks = w->rules[i].wants & lacks;
}

/* The groups of one application, or all, can get no answer from now on. False: no memory. */
static bool doubt(struct window *w, struct rule *rule, const struct trail_slice *application)
{
    if (!rule->by_application || !application) {
        rule->unknown = true;
        return true;
    }
    struct shared *key = application_key(w, *application);
    if (!key)
        return false;
    if (rule_add_unknown(rule, key, &w->texts))
        return true;
    shared_drop(&w->texts, key);
    return false;
}

enum trail_status window_unknown(struct window *w, const struct trail_slice *application,
                                 const struct trail_slice *subsystem)
{
    record_unknown(w, application, subsystem);
    for (size_t i = 0; i < w->pack->n_alerts; i++) {
        struct rule *rule = &w->rules[i];
        if (rule->silence && could_be(&rule->alert->applications, application) &&
            could_be(&rule->alert->subsystems, subsystem) && !doubt(w, rule, application))
            return outcome(w, false);
    }
    return outcome(w, true);
}

/* Takes back what doubt() did: the groups of a rule, or one key's, get answers again. */
struct restoring {
    struct window *w;
    const struct rule *rule;
    const struct shared *key; /* NULL: of all that were doubted */
    int64_t from;
    bool ok;
};

/* The silence of a group is decided again, in windows that begin at `from` or later. What fires goes on: only
 * an event ends it. */
static void trust(void *user, struct group *g)
{
    struct restoring *r = user;
    struct window *w = r->w;
    if (!r->ok || g->rule != r->rule->index || (r->key && g->key != r->key) || group_state(g)->firing ||
        !rule_is_unknown(r->rule, g->key))
        return;
    struct state *s = group_wake(&w->groups, g);
    int64_t next = later_of(w->watermark, w->now);
    if (s)
        s->start = later_of(s->start, r->from);
    r->ok = s && timers_set(&w->timers, g, next == TRAIL_NO_TIME ? s->start : next);
}

/* False: no memory. */
static bool restore(struct window *w, struct rule *rule, const struct trail_slice *application, int64_t from)
{
    struct shared *key = NULL;
    if (rule->by_application && application && !(key = application_key(w, *application)))
        return false;
    if (!w->begun && (rule->unknown || rule->n_unknown > 0))
        rule->known_from = later_of(rule->known_from, from);
    struct restoring r = {w, rule, key, from, true};
    if (rule->unknown || rule->n_unknown > 0)
        group_each(&w->groups, trust, &r);
    rule_forget_unknown(rule, key, &w->texts);
    shared_drop(&w->texts, key);
    return r.ok;
}

enum trail_status window_known(struct window *w, const struct trail_slice *application,
                               const struct trail_slice *subsystem, int64_t from)
{
    record_known(w, application, subsystem, from);
    for (size_t i = 0; i < w->pack->n_alerts; i++) {
        struct rule *rule = &w->rules[i];
        if (rule->silence && could_be(&rule->alert->applications, application) &&
            could_be(&rule->alert->subsystems, subsystem) && !restore(w, rule, application, from))
            return outcome(w, false);
    }
    return outcome(w, true);
}

unsigned window_undecided(const struct window *w, size_t alert)
{
    const struct rule *rule = &w->rules[alert];
    if (rule->lacks)
        return rule->lacks;
    unsigned why = rule->unknown || rule->n_unknown > 0 ? WINDOW_UNREAD : 0;
    if (rule->by_application && !rule->declares && !rule->fed)
        why |= WINDOW_UNFED;
    if (window_short(w, alert) > 0)
        why |= WINDOW_SHORT;
    return why;
}

/* ---- numbers ---- */

int64_t window_next(const struct window *w)
{
    return next_moment(w);
}

void window_stats(const struct window *w, struct window_stats *out)
{
    *out = w->stats;
    out->groups = w->groups.n;
    out->groups_bytes = w->groups.bytes;
    out->pending = count_waiting(w);
    out->unlearnt = usual_unlearnt(w);
}

uint64_t window_fired(const struct window *w, size_t alert)
{
    return alert < w->pack->n_alerts ? w->rules[alert].fired : 0;
}

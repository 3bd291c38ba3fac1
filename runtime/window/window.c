/*
 * window.c - see window.h: a window is made, told how far time has come, and freed.
 *
 * Needs: see window.h. Guarantees: time goes forward only; once a call has failed for want of memory, every
 * one fails. How a hit comes in is arrive.c's, what waits is waiting.c's, what happens at a moment moment.c's
 * and what that means for a group judge.c's; what could not be read is doubt.c's.
 */
#include "labels.h"
#include "stage.h"
#include "timestamp.h"

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
    w->lanes = siphash_lanes_new(getenv("TRAIL_KERNEL"));
    bool ok = w->rules && w->lanes;
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
    siphash_lanes_free(w->lanes);
    free(w->rules);
    free(w->touched);
    free(w);
}

enum trail_status window_outcome(struct window *w, bool ok)
{
    w->failed = w->failed || !ok;
    return w->failed ? TRAIL_NO_MEMORY : TRAIL_OK;
}

void window_problem(struct window *w, bool *said, const char *message)
{
    if (w->muted)
        return;
    if (!*said && w->config.on_problem)
        w->config.on_problem(w->config.user, message);
    *said = true;
}

/* ---- groups ---- */

struct group *window_group_of(struct window *w, size_t rule, struct shared *key)
{
    struct group *g = group_find(&w->groups, rule, key);
    return g ? g : group_create(&w->groups, rule, key);
}

struct group *window_group(struct window *w, size_t rule, struct trail_slice text)
{
    struct shared *key = shared_intern(&w->texts, text);
    struct group *g = key ? window_group_of(w, rule, key) : NULL;
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

void window_add_application(struct trail_text *to, struct trail_slice application)
{
    trail_text_add(to, "{\"application\":", strlen("{\"application\":"));
    trail_json_quote(to, application);
    trail_text_add(to, "}", 1);
}

struct shared *window_application_key(struct window *w, struct trail_slice application)
{
    struct trail_text key = {0};
    window_add_application(&key, application);
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
        struct shared *key = window_application_key(w, names->patterns[i].pattern);
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

/* ---- time forward ---- */

int64_t window_watermark(const struct window *w)
{
    return w->watermark;
}

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
    return window_outcome(w, window_run(w, watermark));
}

static bool run_out(struct window *w, int64_t to)
{
    while (window_waiting(w) > 0)
        if (!window_run(w, trail_time_add(window_waiting_time(w), 1)))
            return false;
    return (to == TRAIL_NO_TIME || window_run(w, trail_time_add(to, 1))) &&
           forget_say(w, to == TRAIL_NO_TIME ? w->now : to, true);
}

enum trail_status window_finish(struct window *w, int64_t from, int64_t to)
{
    if (w->failed)
        return TRAIL_NO_MEMORY;
    if (w->finished)
        return TRAIL_INVALID;
    learn_from(w, from);
    enum trail_status status = window_outcome(w, run_out(w, to));
    w->finished = true;
    return status;
}

/* ---- numbers ---- */

void window_stats(const struct window *w, struct window_stats *out)
{
    *out = w->stats;
    out->groups = w->groups.slots.n;
    out->groups_bytes = w->groups.bytes;
    out->pending = window_waiting(w);
    out->unlearnt = usual_unlearnt(w);
}

uint64_t window_fired(const struct window *w, size_t alert)
{
    return alert < w->pack->n_alerts ? w->rules[alert].fired : 0;
}

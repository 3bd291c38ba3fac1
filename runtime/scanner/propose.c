/*
 * propose.c - see propose.h. Several Ns are tried in one pass over the events, as copies of the alert; passes go on
 * until the best N is between two that are next to each other.
 */
#include "propose.h"

#include <stdlib.h>
#include <string.h>

#include "baseline/baseline.h"
#include "window/window.h"

enum { AT_ONCE = 7, PASSES = 7, BATCH = 4096 };

/* Firings that are known: the first half of their keys. 0 is free. */
struct keys {
    uint64_t *at;
    size_t n, room;
};

/* One pass: copies of the alert, each with an N of its own. */
struct pass {
    const struct proposing *what;
    struct trail_alert alerts[AT_ONCE];
    struct trail_condition conditions[AT_ONCE];
    struct proposed tried[AT_ONCE];
    struct keys keys[AT_ONCE];
    size_t n;
    struct window *window;
    uint64_t least; /* groups with fewer events cannot fire; 0: all may */
    uint64_t hits;
    int64_t time;
    bool failed;
};

/* ---- firings ---- */

/* *fresh: the key was not there. False: no memory. */
static bool keys_add(struct keys *k, uint64_t key, bool *fresh)
{
    if (2 * k->n >= k->room) {
        struct keys more = {.room = k->room ? 2 * k->room : 64};
        bool was;
        more.at = calloc(more.room, sizeof *more.at);
        if (!more.at)
            return false;
        for (size_t i = 0; i < k->room; i++)
            if (k->at[i])
                keys_add(&more, k->at[i], &was);
        free(k->at);
        *k = more;
    }
    size_t i = key & (k->room - 1);
    while (k->at[i] && k->at[i] != key)
        i = (i + 1) & (k->room - 1);
    *fresh = k->at[i] == 0;
    k->n += *fresh;
    k->at[i] = key;
    return true;
}

/* The repeats of a firing have its key. */
static void on_alert(void *user, const struct trail_fired *fired)
{
    struct pass *p = user;
    char half[17] = {0};
    bool fresh;
    if (fired->alert < p->alerts || fired->alert >= p->alerts + p->n || fired->state != TRAIL_FIRING)
        return; /* that memory for groups is full: the scan has said so */
    size_t i = (size_t)(fired->alert - p->alerts);
    memcpy(half, fired->dedup_key, 16);
    if (!keys_add(&p->keys[i], strtoull(half, NULL, 16) | 1, &fresh)) {
        p->failed = true;
        return;
    }
    p->tried[i].told++;
    p->tried[i].firings += fresh;
}

/* ---- a pass ---- */

static void copy_alert(struct pass *p, size_t i, uint64_t n)
{
    p->conditions[i] = p->what->alert->conditions[p->what->condition];
    p->conditions[i].n = n;
    p->alerts[i] = *p->what->alert;
    p->alerts[i].n_conditions = 1;
    p->alerts[i].conditions = &p->conditions[i];
    p->alerts[i].notify_resolved = false;
    p->alerts[i].breakdown.n = 0;
    p->tried[i] = (struct proposed){.n = n};
}

/* An event enters the windows of each copy. */
static bool each(void *user, size_t group, int64_t time)
{
    struct pass *p = user;
    if (counted_of(p->what->counted, group) < p->least)
        return true;
    struct hit hit = {.time = time,
                      .source = {.path = "-"},
                      .group = counted_key(p->what->counted, group),
                      .fields = {"{}", 2},
                      .record_hash = {++p->hits, 0}};
    for (size_t i = 0; i < p->n && !p->failed; i++) {
        hit.alert = i;
        p->failed = window_hit(p->window, &hit, NULL) != TRAIL_OK;
    }
    if (p->hits % BATCH == 0 && !p->failed)
        p->failed = window_advance(p->window, p->what->from, time) != TRAIL_OK;
    return !p->failed;
}

static bool run(struct pass *p)
{
    struct trail_pack pack = *p->what->pack;
    enum trail_status status;
    pack.alerts = p->alerts;
    pack.n_alerts = p->n;
    struct window_config config = {.pack = &pack, .on_alert = on_alert, .user = p, .seen_limit = BATCH};
    p->window = window_new(&config, &status);
    if (!p->window)
        return false;
    window_labelled(p->window, p->what->applications, p->what->subsystems);
    bool ok = counted_walk(p->what->counted, each, p) && !p->failed &&
              window_finish(p->window, p->what->from, p->what->to) == TRAIL_OK && !p->failed;
    window_free(p->window);
    for (size_t i = 0; i < p->n; i++)
        free(p->keys[i].at);
    return ok;
}

/* Notes what was tried, in the order of N. */
static void note(struct proposal *to, const struct proposed *x)
{
    size_t i = to->n;
    if (to->n == PROPOSALS)
        return;
    for (; i > 0 && to->list[i - 1].n > x->n; i--)
        to->list[i] = to->list[i - 1];
    to->list[i] = *x;
    to->n++;
}

static bool was_tried(const struct proposal *p, uint64_t n)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->list[i].n == n)
            return true;
    return false;
}

static bool try(const struct proposing *what, const uint64_t *ns, size_t n, struct proposal *to)
{
    struct pass p = {.what = what};
    bool silence = baseline_side(&what->alert->conditions[what->condition]) == BASELINE_LESS;
    p.least = UINT64_MAX;
    for (size_t i = 0; i < n; i++) {
        copy_alert(&p, p.n++, ns[i]);
        if (ns[i] < p.least)
            p.least = ns[i]; /* more than N: N events are too few anyway; at least N: they are enough */
    }
    if (silence)
        p.least = 0;
    bool ok = n == 0 || run(&p);
    for (size_t i = 0; i < p.n && ok; i++)
        note(to, &p.tried[i]);
    return ok;
}

/* ---- the search ---- */

/* Between these: `few` has few enough firings, `many` too many, or they are the ends of what can be. */
struct range {
    uint64_t few, many;
};

/* Up to AT_ONCE numbers inside the range, first around the guess, then in equal ratios, then in equal steps. */
static size_t choose(struct range r, uint64_t guess, uint64_t *ns)
{
    static const unsigned parts[AT_ONCE] = {50, 75, 90, 100, 110, 130, 200};
    uint64_t low = r.few < r.many ? r.few : r.many, high = r.few < r.many ? r.many : r.few;
    size_t n = 0;
    for (unsigned i = 0; i < AT_ONCE; i++) {
        uint64_t x = low + (high - low) / (AT_ONCE + 1) * (i + 1) +
                     (high - low) % (AT_ONCE + 1) * (i + 1) / (AT_ONCE + 1);
        if (guess > 0)
            x = guess < UINT64_MAX / 200 ? guess * parts[i] / 100 : guess;
        else if (high / (low + 1) > 64)
            for (x = low + 1; x < high / 2 && x - low - 1 < UINT64_C(1) << (3 * i); x *= 2)
                ;
        if (x > low && x < high && (n == 0 || x > ns[n - 1]))
            ns[n++] = x;
    }
    if (n == 0 && high - low > 1)
        ns[n++] = low + (high - low) / 2;
    return n;
}

/* What is known of where the best N is. An N is good only if all that were tried beyond it are. */
static struct range narrow(const struct proposal *p, struct range r, uint64_t most, bool silence)
{
    for (size_t i = 0; i < p->n; i++) {
        const struct proposed *x = &p->list[silence ? i : p->n - 1 - i];
        if (x->firings > most) {
            if (silence ? x->n < r.many : x->n > r.many)
                r.many = x->n;
            break;
        }
        if (silence ? x->n > r.few && x->n < r.many : x->n < r.few && x->n > r.many)
            r.few = x->n;
    }
    return r;
}

bool propose(const struct proposing *what, struct proposal *to)
{
    const struct trail_condition *c = &what->alert->conditions[what->condition];
    bool silence = baseline_side(c) == BASELINE_LESS;
    uint64_t ns[AT_ONCE] = {c->n}, greatest = 0;
    *to = (struct proposal){0};
    for (size_t i = 0; i < counted_groups(what->counted); i++)
        if (counted_of(what->counted, i) > greatest)
            greatest = counted_of(what->counted, i);
    /* More than all events that there are: nothing fires. Less than none: neither. */
    struct range r = silence ? (struct range){0, what->limit + 1} : (struct range){greatest + 1, 0};
    if (!try(what, ns, 1, to))
        return false;
    for (unsigned pass = 0; pass < PASSES; pass++) {
        r = narrow(to, r, what->most, silence);
        size_t n = choose(r, pass == 0 ? what->guess : 0, ns), fresh = 0;
        for (size_t i = 0; i < n; i++)
            if (!was_tried(to, ns[i]))
                ns[fresh++] = ns[i];
        if (fresh == 0)
            break;
        if (!try(what, ns, fresh, to))
            return false;
    }
    r = narrow(to, r, what->most, silence);
    to->best = r.few;
    to->found = silence ? r.few > 0 : true;
    if (to->found && !was_tried(to, to->best)) {
        ns[0] = to->best;
        return try(what, ns, 1, to);
    }
    return true;
}

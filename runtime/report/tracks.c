/*
 * tracks.c - the groups of what is counted: how often, and how many in each window (baseline/baseline.h).
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "window/siphash.h"
#include "window/timestamp.h"

enum {
    POINTS_MOST = 16384,   /* of one group; then two are made one */
    BYTES_MOST = 32 << 20, /* of the points, minutes and keys of a subject */
    PARTS_MOST = 64,       /* that a piece of many minutes is cut into */
};

void subject_start(struct subject *s, const struct trail_alert *alert, size_t index, int64_t span,
                   enum baseline_side side)
{
    *s =
        (struct subject){.alert = alert, .index = index, .span = span, .side = side, .key = siphash_random()};
    if (span > 0) {
        s->ticks = ticks_of(span);
        covering_start(&s->covering, span);
    }
}

static void track_free(struct track *t)
{
    if (!t)
        return;
    pieces_free(&t->minutes);
    sampler_free(&t->sampler);
    baseline_free(&t->baseline);
    free(t->points);
    free(t);
}

void subject_free(struct subject *s)
{
    for (size_t i = 0; i < s->n; i++)
        track_free(s->tracks[i]);
    free(s->tracks);
    free(s->slots);
    *s = (struct subject){0};
}

/* ---- finding ------------------------------------------------------------------------------ */

static bool is(const struct track *t, struct trail_slice key)
{
    return t->key.n == key.n && memcmp(t->key.p, key.p, key.n) == 0;
}

static size_t slot_of(const struct subject *s, struct trail_slice key)
{
    size_t i = (size_t)siphash(&s->key, key.p, key.n) & (s->n_slots - 1);
    while (s->slots[i] && !is(s->tracks[s->slots[i] - 1], key))
        i = (i + 1) & (s->n_slots - 1);
    return i;
}

static bool index_all(struct subject *s, size_t n_slots)
{
    size_t *slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    free(s->slots);
    s->slots = slots;
    s->n_slots = n_slots;
    for (size_t i = 0; i < s->n; i++)
        s->slots[slot_of(s, s->tracks[i]->key)] = i + 1;
    return true;
}

struct track *subject_find(const struct subject *s, struct trail_slice key)
{
    size_t at = s->n_slots ? s->slots[slot_of(s, key)] : 0;
    return at ? s->tracks[at - 1] : NULL;
}

static int compare_keys(struct trail_slice a, struct trail_slice b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* Those to look at first: that fired, then that came nearest to it, then that had most events. */
static int by_weight(const void *a, const void *b)
{
    const struct track *x = *(struct track *const *)a, *y = *(struct track *const *)b;
    if (x->fired != y->fired)
        return x->fired < y->fired ? 1 : -1;
    if (x->peak != y->peak)
        return x->peak < y->peak ? 1 : -1;
    if (x->events != y->events)
        return x->events < y->events ? 1 : -1;
    return compare_keys(x->key, y->key);
}

static size_t bytes_of(const struct track *t)
{
    return t->key.n + t->minutes.room * sizeof *t->minutes.table + t->n * sizeof *t->points;
}

/* Makes room by dropping the half that counts least. */
static bool drop_half(struct subject *s)
{
    size_t keep = s->n / 2;
    qsort(s->tracks, s->n, sizeof(struct track *), by_weight);
    for (size_t i = keep; i < s->n; i++)
        s->bytes -= bytes_of(s->tracks[i]);
    for (size_t i = keep; i < s->n; i++)
        track_free(s->tracks[i]);
    s->dropped += s->n - keep;
    s->n = keep;
    s->last = NULL;
    return index_all(s, s->n_slots);
}

static struct track *track_new(struct trail_slice key)
{
    struct track *t = calloc(1, sizeof *t + key.n + 1);
    if (!t)
        return NULL;
    memcpy(t + 1, key.p, key.n);
    t->key = (struct trail_slice){(const char *)(t + 1), key.n};
    return t;
}

struct track *subject_track(struct subject *s, struct trail_slice key)
{
    if (s->last && is(s->last, key))
        return s->last;
    struct track *t = subject_find(s, key);
    if (t)
        return s->last = t;
    if ((s->n >= 2 * (size_t)REPORT_TRACKED || s->bytes + key.n > BYTES_MOST) && !drop_half(s))
        return NULL;
    if (2 * (s->n + 1) > s->n_slots && !index_all(s, s->n_slots ? 2 * s->n_slots : 64))
        return NULL;
    if (s->n == s->room) {
        size_t room = s->room ? 2 * s->room : 16;
        struct track **grown = realloc(s->tracks, room * sizeof *grown);
        if (!grown)
            return NULL;
        s->tracks = grown;
        s->room = room;
    }
    t = track_new(key);
    if (!t)
        return NULL;
    s->bytes += key.n;
    s->tracks[s->n++] = t;
    s->slots[slot_of(s, key)] = s->n;
    return s->last = t;
}

/* ---- samples ------------------------------------------------------------------------------ */

/* Whom a sample is for. */
struct taking {
    struct subject *subject;
    struct track *track;
    bool failed;
};

/* The sample of one more step joins the point that it lies in. */
static void join(enum baseline_side side, struct point *p, const struct point *more)
{
    bool takes = side == BASELINE_MORE ? more->value > p->value : more->value < p->value;
    if (takes) {
        p->value = more->value;
        p->step = more->step;
    }
    p->steps += more->steps;
}

static int64_t bin_of(const struct subject *s, int64_t step)
{
    return floor_div(step, INT64_C(1) << s->shift);
}

static void widen(struct subject *s, struct track *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (n > 0 && bin_of(s, t->points[n - 1].step) == bin_of(s, t->points[i].step))
            join(s->side, &t->points[n - 1], &t->points[i]);
        else
            t->points[n++] = t->points[i];
    }
    s->bytes -= (t->n - n) * sizeof *t->points;
    t->n = n;
}

/*
 * Points are samples as long as they are one step each; so baselines are learnt from them, before two are
 * made one, or at the end, when it is known which steps the log covers (NULL: all, but for the first).
 */
static bool learn_all(struct subject *s, const struct coverage *coverage)
{
    for (size_t i = 0; i < s->n && s->shift == 0; i++)
        for (size_t k = 0; k < s->tracks[i]->n; k++) {
            const struct point *p = &s->tracks[i]->points[k];
            if (coverage ? !coverage_has(coverage, &s->ticks, p->step) : i + k == 0)
                continue;
            if (!baseline_add(&s->tracks[i]->baseline, &s->ticks, p->step, p->value))
                return false;
        }
    return true;
}

static bool add_point(struct subject *s, struct track *t, struct point point)
{
    if (t->n > 0 && bin_of(s, t->points[t->n - 1].step) == bin_of(s, point.step)) {
        join(s->side, &t->points[t->n - 1], &point);
        return true;
    }
    if (t->n == POINTS_MOST) {
        if (!learn_all(s, NULL))
            return false;
        s->shift++;
        for (size_t i = 0; i < s->n; i++)
            widen(s, s->tracks[i]);
        return add_point(s, t, point);
    }
    if (t->n == t->room) {
        size_t room = t->room ? 2 * t->room : 8;
        struct point *grown = realloc(t->points, room * sizeof *grown);
        if (!grown)
            return false;
        t->points = grown;
        t->room = room;
    }
    s->bytes += sizeof point;
    t->points[t->n++] = point;
    return true;
}

static void take(void *user, int64_t step, uint64_t value)
{
    struct taking *x = user;
    struct track *t = x->track;
    uint32_t whole = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
    if (value > t->peak)
        t->peak = value;
    if (!add_point(x->subject, t, (struct point){step, whole, 1}) ||
        (x->subject->shift > 0 && !baseline_add(&t->baseline, &x->subject->ticks, step, value)))
        x->failed = true;
}

static bool count(struct subject *s, struct track *t, int64_t time, uint64_t n)
{
    struct taking x = {s, t, false};
    int64_t tick = ticks_at(&s->ticks, time);
    sampler_advance(&t->sampler, &s->ticks, tick, s->side, take, &x);
    return !x.failed && sampler_add(&t->sampler, &s->ticks, n > UINT32_MAX ? UINT32_MAX : (uint32_t)n);
}

bool subject_count(struct subject *s, struct trail_slice key, int64_t time)
{
    struct track *t = subject_track(s, key);
    if (!t)
        return false;
    s->events++;
    t->events++;
    return count(s, t, time, 1);
}

bool subject_count_minute(struct subject *s, struct trail_slice key, int64_t minute, uint64_t n)
{
    struct track *t = subject_track(s, key);
    size_t room = t ? t->minutes.room : 0;
    if (!t || !pieces_add(&t->minutes, minute, n))
        return false;
    s->events += n;
    t->events += n;
    s->bytes += (t->minutes.room - room) * sizeof *t->minutes.table;
    return true;
}

/*
 * Minutes enter the windows in order of time, each at its end. So a window of whole minutes has what it has
 * in the log, but for events dated the very moment between two. Where a long log has made many minutes one
 * piece, its events are spread over it.
 */
static bool count_minutes(struct subject *s, struct track *t)
{
    const struct pieces *p = &t->minutes;
    int64_t width = REPORT_MINUTE << p->shift;
    uint64_t parts = p->shift < 6 ? UINT64_C(1) << p->shift : PARTS_MOST;
    pieces_sort(&t->minutes);
    for (size_t i = 0; i < p->n; i++)
        for (uint64_t k = 0; k < parts; k++) {
            uint64_t n = p->table[i].n, share = n * (k + 1) / parts - n * k / parts;
            int64_t end = p->table[i].at * width + width / (int64_t)parts * (int64_t)(k + 1);
            if (share > 0 && !count(s, t, end - 1, share))
                return false;
        }
    return true;
}

bool subject_finish(struct subject *s, const struct coverage *coverage, int64_t to)
{
    bool ok = true;
    for (size_t i = 0; i < s->n && s->span > 0; i++) {
        struct taking x = {s, s->tracks[i], false};
        if (!count_minutes(s, s->tracks[i]))
            return false;
        /* As far as the window's last events reach. */
        int64_t end = ticks_at(&s->ticks, trail_time_add(to, s->span));
        sampler_advance(&s->tracks[i]->sampler, &s->ticks, end + s->ticks.per_step, s->side, take, &x);
        ok = ok && !x.failed;
    }
    ok = ok && (s->span == 0 || learn_all(s, coverage));
    if (s->n > 1)
        qsort(s->tracks, s->n, sizeof(struct track *), by_weight);
    s->last = NULL;
    return ok && (s->n_slots == 0 || index_all(s, s->n_slots));
}

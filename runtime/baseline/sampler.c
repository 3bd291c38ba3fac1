/*
 * sampler.c - the count of a sliding window, tick by tick, and what it was in each step.
 */
#include <stdlib.h>
#include <string.h>

#include "baseline.h"

static uint32_t *place(const struct sampler *s, const struct ticks *t, int64_t tick)
{
    int64_t n = t->per_window, at = tick % n;
    return &s->ring[at < 0 ? at + n : at];
}

static void forget(struct sampler *s)
{
    free(s->ring);
    s->ring = NULL;
    s->count = 0;
}

/* One tick on, within a step or into the next: what leaves the window leaves the count. */
static void go_on(struct sampler *s, const struct ticks *t)
{
    s->tick++;
    uint32_t *gone = place(s, t, s->tick);
    s->count -= *gone;
    *gone = 0;
    if (s->count == 0)
        forget(s);
    if (s->count > s->peak)
        s->peak = s->count;
}

static void close_step(struct sampler *s, const struct ticks *t, enum baseline_side side, sampler_fn *fn,
                       void *user)
{
    uint64_t value = side == BASELINE_MORE ? s->peak : s->count;
    if (value > 0 && fn)
        fn(user, ticks_step(t, s->tick), value);
    s->peak = 0;
}

void sampler_advance(struct sampler *s, const struct ticks *t, int64_t tick, enum baseline_side side,
                     sampler_fn *fn, void *user)
{
    while (s->tick < tick && (s->ring || s->peak > 0)) {
        bool last = s->tick == ticks_last(t, ticks_step(t, s->tick));
        if (last)
            close_step(s, t, side, fn, user);
        if (s->ring)
            go_on(s, t);
        else if (!last) /* empty: to the end of its step at once */
            s->tick =
                ticks_last(t, ticks_step(t, s->tick)) < tick ? ticks_last(t, ticks_step(t, s->tick)) : tick;
        else
            s->tick++;
    }
    if (s->tick < tick)
        s->tick = tick;
}

bool sampler_add(struct sampler *s, const struct ticks *t, uint32_t n)
{
    if (n == 0)
        return true;
    if (!s->ring) {
        s->ring = calloc(t->per_window, sizeof *s->ring);
        if (!s->ring)
            return false;
    }
    uint32_t *here = place(s, t, s->tick);
    if (n > UINT32_MAX - *here)
        n = UINT32_MAX - *here;
    *here += n;
    s->count += n;
    if (s->count > s->peak)
        s->peak = s->count;
    return true;
}

void sampler_free(struct sampler *s)
{
    free(s->ring);
    *s = (struct sampler){0};
}

/* The ring as pairs: how many ticks ago, how many events. */
void sampler_save(const struct sampler *s, const struct ticks *t, struct trail_text *to)
{
    size_t n = 0;
    for (unsigned i = 0; s->ring && i < t->per_window; i++)
        n += s->ring[i] > 0;
    tape_signed(to, s->tick);
    tape_number(to, s->peak);
    tape_number(to, n);
    for (unsigned i = 0; s->ring && i < t->per_window; i++)
        if (*place(s, t, s->tick - i) > 0) {
            tape_number(to, i);
            tape_number(to, *place(s, t, s->tick - i));
        }
}

bool sampler_load(struct sampler *s, const struct ticks *t, struct tape *from)
{
    *s = (struct sampler){.tick = tape_get_signed(from)};
    uint64_t peak = tape_get_number(from), last = 0;
    size_t n = tape_get_size(from, t->per_window);
    /* A date within a million years, however fine the ticks. */
    if (s->tick > INT64_MAX / 4 || s->tick < INT64_MIN / 4)
        from->bad = true;
    for (size_t i = 0; i < n && !from->bad; i++) {
        uint64_t ago = tape_get_size(from, t->per_window - 1), events = tape_get_size(from, UINT32_MAX);
        if ((i > 0 && ago <= last) || events == 0)
            from->bad = true;
        last = ago;
        if (from->bad)
            break;
        if (!s->ring && !(s->ring = calloc(t->per_window, sizeof *s->ring)))
            return false;
        *place(s, t, s->tick - (int64_t)ago) = (uint32_t)events;
        s->count += events;
    }
    if (peak < s->count || peak > (uint64_t)UINT32_MAX * TICKS_MOST)
        from->bad = true;
    s->peak = peak;
    if (from->bad)
        sampler_free(s);
    return true;
}

/*
 * ticks.c - windows cut into ticks and steps: integers alone, exact for every span.
 */
#include "inside.h"

#define HOUR BASELINE_HOUR
#define WEEK BASELINE_WEEK
/* 1970-01-05 is a Monday. */
#define MONDAY (4 * 24 * HOUR)

enum { FINE = 60 }; /* ticks that a window has at least */

/* Down, also below 0; b > 0. */
static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

struct ticks ticks_of(int64_t span)
{
    if (span < 1)
        span = 1;
    if (span > BASELINE_TIME_MOST)
        span = BASELINE_TIME_MOST;
    int64_t steps = span / HOUR + (span % HOUR > 0);
    if (steps > TICKS_MOST)
        steps = TICKS_MOST;
    unsigned per_step = steps < FINE ? (FINE + (unsigned)steps - 1) / (unsigned)steps : 1;
    return (struct ticks){.span = span, .per_window = (unsigned)steps * per_step, .per_step = per_step};
}

int64_t ticks_at(const struct ticks *t, int64_t time)
{
    if (time > BASELINE_TIME_MOST)
        time = BASELINE_TIME_MOST;
    if (time < -BASELINE_TIME_MOST)
        time = -BASELINE_TIME_MOST;
    int64_t windows = floor_div(time, t->span), rest = time - windows * t->span;
    int64_t n = t->per_window;
    return windows * n + (rest * n + t->span - 1) / t->span;
}

int64_t ticks_end(const struct ticks *t, int64_t tick)
{
    int64_t n = t->per_window, windows = floor_div(tick, n), rest = tick - windows * n;
    return windows * t->span + rest * t->span / n;
}

int64_t ticks_step(const struct ticks *t, int64_t tick)
{
    return -floor_div(-tick, t->per_step);
}

int64_t ticks_last(const struct ticks *t, int64_t step)
{
    return step * t->per_step;
}

int64_t ticks_step_at(const struct ticks *t, int64_t time)
{
    return ticks_step(t, ticks_at(t, time));
}

int64_t ticks_step_end(const struct ticks *t, int64_t step)
{
    return ticks_end(t, ticks_last(t, step));
}

/* Of the moment before the step's end: the step that ends at noon is of the hour before. */
unsigned ticks_slot(const struct ticks *t, int64_t step)
{
    int64_t at = ticks_step_end(t, step) - 1 - MONDAY;
    return (unsigned)((at - floor_div(at, WEEK) * WEEK) / HOUR);
}

int64_t ticks_week(const struct ticks *t, int64_t step)
{
    return floor_div(ticks_step_end(t, step) - 1 - MONDAY, WEEK);
}

/*
 * series.c - makes them: a rate for each tick, Poisson counts, and what is unusual added at random times.
 */
#include "series.h"

#include <math.h>
#include <stdlib.h>

#define HOUR INT64_C(3600000)
#define DAY  (24 * HOUR)
/* 2026-01-05, a Monday. */
#define START INT64_C(1767571200000)

const char *const series_names[SERIES_KINDS] = {
    [SERIES_FLAT] = "flat",         [SERIES_DAILY] = "daily season",       [SERIES_WEEKLY] = "weekly season",
    [SERIES_TREND] = "trend",       [SERIES_LEVEL] = "level shift",        [SERIES_GAPS] = "gaps, holiday",
    [SERIES_LOW] = "low counts",    [SERIES_WILD] = "over-dispersed",      [SERIES_CLUSTERS] = "clusters",
    [SERIES_LOUD] = "thousands",    [SERIES_BURSTS] = "bursts in history", [SERIES_SHORT] = "short history",
    [SERIES_LONG] = "window of 1d", [SERIES_DROPS] = "drops (less)",
};

/* ---- chance ---- */

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static double uniform(uint64_t *state)
{
    return (double)(draw(state) >> 11) / 9007199254740992.0;
}

static double between(uint64_t *state, double least, double most)
{
    return least + (most - least) * uniform(state);
}

static double normal(uint64_t *state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += uniform(state);
    return sum;
}

static uint32_t poisson(uint64_t *state, double mean)
{
    uint32_t n = 0;
    for (; mean > 20; mean -= 20)
        n += poisson(state, 20);
    double left = exp(-mean), product = uniform(state);
    while (product > left) {
        product *= uniform(state);
        n++;
    }
    return n;
}

/* ---- rates ---- */

/* 1 at noon, `night` at midnight. */
static double by_day(int64_t time, double night)
{
    double hour = (double)(time % DAY) / (double)HOUR;
    double x = 0.5 - 0.5 * cos(2 * 3.14159265358979 * hour / 24);
    return night + (1 - night) * x * x * (3 - 2 * x);
}

static bool is_weekend(int64_t time)
{
    return (time - START) / DAY % 7 >= 5;
}

/* Events in a window that begins about then, as usual; `part`: of the whole series, 0 to 1. */
static double rate(const struct series *s, int64_t time, double part)
{
    int64_t day = (time - START) / DAY;
    switch (s->kind) {
    case SERIES_FLAT: return 25;
    case SERIES_DAILY: return 40 * by_day(time, 0.05);
    case SERIES_WEEKLY: return (is_weekend(time) ? 8 : 60) * by_day(time, 0.1);
    case SERIES_TREND: return 30 * by_day(time, 0.2) * (1 + 0.5 * part);
    case SERIES_LEVEL: return 25 * by_day(time, 0.2) * (day >= 30 ? 2 : 1);
    case SERIES_GAPS: return day == 37 ? 2 : (is_weekend(time) ? 10 : 50) * by_day(time, 0.1);
    case SERIES_LOW: return 0.15 * by_day(time, 0.1);
    case SERIES_WILD: return 40 * by_day(time, 0.1);
    case SERIES_CLUSTERS: return 0.02;
    case SERIES_LOUD: return (is_weekend(time) ? 1500 : 4000) * by_day(time, 0.3);
    case SERIES_BURSTS: return 30 * by_day(time, 0.1);
    case SERIES_SHORT: return 40 * by_day(time, 0.1);
    case SERIES_LONG: return 60 * (is_weekend(time) ? 0.3 : 1);
    case SERIES_DROPS: return (is_weekend(time) ? 30 : 90) * by_day(time, 0.15);
    case SERIES_KINDS: break;
    }
    return 0;
}

static bool has_log(const struct series *s, int64_t time)
{
    int64_t day = (time - START) / DAY;
    return s->kind != SERIES_GAPS || !((day >= 9 && day < 12) || (day >= 31 && day < 34));
}

/* ---- what is unusual ---- */

/* Adds to the rates of [from, to), or takes most away. */
static void disturb(struct series *s, double *rates, size_t from, size_t to, uint64_t *state)
{
    bool anywhere = s->kind == SERIES_REAL && draw(state) % 2 > 0;
    double usual = (anywhere ? s->mean : rates[from]) * s->ticks.per_window,
           more = usual * between(state, 0.4, 2);
    more += sqrt(usual) * between(state, 4, 8) + between(state, 4, 10);
    if (s->kind == SERIES_LONG) /* it lasts a quarter of the window */
        more *= 3;
    double left = between(state, 0, 0.15);
    for (size_t i = from; i < to; i++)
        rates[i] = s->side == BASELINE_MORE ? rates[i] + more / s->ticks.per_window : rates[i] * left;
}

static void mark(struct series *s, size_t from, size_t to)
{
    size_t last = to + s->ticks.per_window;
    s->marks[s->n_marks++] =
        (struct series_mark){s->first + (int64_t)from, s->first + (int64_t)(last < s->n ? last : s->n)};
}

/* Now and then, where there is a log, and for drops where there is enough to be missed. */
static void add_unusual(struct series *s, double *rates, uint64_t *state)
{
    size_t day = (size_t)(DAY * s->ticks.per_window / s->ticks.span), window = s->ticks.per_window;
    double days = s->kind == SERIES_LONG ? 10 : s->kind == SERIES_BURSTS ? 0.8 : 2.5;
    size_t at = (size_t)((double)day * between(state, 0.2, 1));
    while (at + day < s->n && s->n_marks + 2 < sizeof s->marks / sizeof *s->marks) {
        size_t length = s->kind == SERIES_LONG     ? window / 4
                        : s->side == BASELINE_LESS ? (size_t)((double)window * between(state, 3, 9))
                                                   : (size_t)((double)window * between(state, 0.5, 4));
        bool fits = s->covered[at] && s->covered[at + length + 2 * window] &&
                    (s->side == BASELINE_MORE || rates[at] * (double)window > 25);
        if (fits) {
            disturb(s, rates, at, at + length, state);
            mark(s, at, at + length);
        }
        double apart = at < s->learn ? days : days * 0.5;
        at += fits ? length + 3 * window + (size_t)((double)day * apart * between(state, 0.3, 1.7)) : window;
    }
}

/* The day on which the level shifts is unusual. */
static void mark_shift(struct series *s)
{
    size_t day = (size_t)(DAY * s->ticks.per_window / s->ticks.span), at = 30 * day, n = 0;
    for (size_t i = 0; i < s->n_marks; i++) {
        int64_t from = s->marks[i].from - s->first;
        if (from < (int64_t)at || from >= (int64_t)(at + day))
            s->marks[n++] = s->marks[i];
    }
    s->n_marks = n;
    mark(s, at, at + day);
    for (size_t i = s->n_marks - 1; i > 0 && s->marks[i - 1].from > s->marks[i].from; i--) {
        struct series_mark x = s->marks[i];
        s->marks[i] = s->marks[i - 1];
        s->marks[i - 1] = x;
    }
}

/* Counts of real times, smoothed over an hour either way, as rates. */
static void smooth(const struct series *s, double *rates)
{
    size_t reach = (size_t)(HOUR * s->ticks.per_window / s->ticks.span);
    uint64_t sum = 0;
    for (size_t i = 0; i < s->n + reach; i++) {
        sum += i < s->n ? s->counts[i] : 0;
        sum -= i > 2 * reach ? s->counts[i - 2 * reach - 1] : 0;
        if (i >= reach)
            rates[i - reach] = (double)sum / (double)(2 * reach + 1);
    }
}

void series_plant(struct series *s, int64_t span, const int64_t *times, size_t n, uint64_t seed)
{
    uint64_t state = seed;
    int64_t days = times[n - 1] / DAY - times[0] / DAY + 1;
    *s = (struct series){.kind = SERIES_REAL, .side = BASELINE_MORE, .ticks = ticks_of(span)};
    s->first = ticks_at(&s->ticks, times[0] / DAY * DAY) + 1;
    s->n = (size_t)(days * DAY / span * s->ticks.per_window);
    s->learn = s->n / 2;
    s->mean = (double)n / (double)s->n;
    s->counts = calloc(s->n, sizeof *s->counts);
    s->covered = calloc(s->n, sizeof *s->covered);
    double *rates = calloc(2 * s->n, sizeof *rates), *planted = rates + s->n;
    if (!s->counts || !s->covered || !rates)
        abort();
    for (size_t i = 0; i < n; i++) {
        int64_t at = ticks_at(&s->ticks, times[i]) - s->first;
        if (at >= 0 && (size_t)at < s->n)
            s->counts[at]++;
    }
    smooth(s, rates);
    for (size_t i = 0; i < s->n; i++) {
        s->covered[i] = true;
        planted[i] = rates[i];
    }
    add_unusual(s, planted, &state);
    for (size_t i = 0; i < s->n; i++)
        s->counts[i] += planted[i] > rates[i] ? poisson(&state, planted[i] - rates[i]) : 0;
    free(rates);
}

void series_make(struct series *s, enum series_kind kind, uint64_t seed)
{
    uint64_t state = seed * 1000 + (uint64_t)kind;
    int64_t span = kind == SERIES_LONG ? DAY : 10 * 60000;
    int64_t learn = kind == SERIES_SHORT ? 5 : kind == SERIES_LONG ? 35 : 21, days = learn + 21;
    *s = (struct series){.kind = kind, .side = kind == SERIES_DROPS ? BASELINE_LESS : BASELINE_MORE};
    s->ticks = ticks_of(span);
    s->first = ticks_at(&s->ticks, START) + 1;
    s->n = (size_t)(days * DAY / span * s->ticks.per_window);
    s->learn = (size_t)(learn * DAY / span * s->ticks.per_window);
    s->counts = calloc(s->n, sizeof *s->counts);
    s->covered = calloc(s->n, sizeof *s->covered);
    double *rates = calloc(s->n, sizeof *rates), jump = 1;
    if (!s->counts || !s->covered || !rates)
        abort();
    for (size_t i = 0; i < s->n; i++) {
        int64_t time = ticks_end(&s->ticks, s->first + (int64_t)i) - 1;
        s->covered[i] = has_log(s, time);
        rates[i] = s->covered[i] ? rate(s, time, (double)i / (double)s->n) / s->ticks.per_window : 0;
    }
    add_unusual(s, rates, &state);
    if (kind == SERIES_LEVEL)
        mark_shift(s);
    for (size_t i = 0; i < s->n; i++) {
        if (kind == SERIES_WILD && i % s->ticks.per_window == 0)
            jump = exp(0.35 * normal(&state));
        s->counts[i] = poisson(&state, rates[i] * jump);
        if (kind == SERIES_CLUSTERS && s->counts[i] > 0 && uniform(&state) < 0.7)
            s->counts[i] += 3 + (uint32_t)(draw(&state) % 12);
    }
    free(rates);
}

void series_free(struct series *s)
{
    free(s->counts);
    free(s->covered);
}

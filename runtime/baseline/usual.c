/*
 * usual.c - from histograms to an expected value and a band.
 *
 * Needs: a baseline, and the covered steps of its condition. Guarantees: the answer depends on these and the step
 * alone. baseline.md has the formulas and where they come from; in short: samples are looked at as x = 2
 * sqrt(n + 3/8), whose spread does not depend on n where events are independent; the table of weeks by hours is
 * parted into the hours' levels and the weeks' shifts by medians; what is left over is the spread.
 */
#include <string.h>

#include "inside.h"

/* The band is this many spreads wide on either side; baseline.md says what it was tuned on. */
static const double WIDTH = 3.5;
/* Of the spread by the median of distances: 1.36 where tails are those of Laplace; what goes beyond is bursts. */
static const double OUTER_MOST = 1.5;
/* What is no part of a level, but usual: so far beyond it, in spreads of a Poisson count. */
static const double BESIDE = 2;
/* What is learnt while running lies at most so many times as far from what is expected as the band's end: far
 * enough for the medians to reach a new level, wherever it is, in a few weeks. */
static const double LEARNT = 4;
/* Half the width of a class, of x. */
static const double CLASS_HALF = 1.0 / 64;

enum {
    FEW = 12,     /* a cell with fewer samples is read together with the hours beside it */
    WEEK_FEW = 6, /* a week with fewer samples in the table has no shift of its own */
    ITEMS = 4096,
    PIECES = 16, /* items of one hour of one week */
    BINS = 1024,
    HOURS = 24,
    CELLS = 21, /* three hours of seven days */
};

/* Samples of one value in one week. */
struct item {
    double x;
    uint32_t n, week; /* back from the newest */
};

/* Hours that share a level: an hour of the week, an hour of all days, or all hours. */
struct cell {
    unsigned hour; /* of the week or the day */
    size_t from, to;
    uint64_t samples;
    double level, n; /* and how many samples of equal weight it rests on */
};

/* The cell that is asked for, and those of the hours beside it on every day. */
struct table {
    enum baseline_season season;
    size_t n, n_cells;
    double shift[BASELINE_WEEKS];
    uint64_t samples[BASELINE_WEEKS];
    struct cell cells[CELLS];
    struct item items[ITEMS];
};

/* ---- numbers ---- */

/* By Newton's steps from a guess that halves the exponent: the same everywhere, and no library. */
static double root(double v)
{
    uint64_t bits;
    double x;
    memcpy(&bits, &v, sizeof bits);
    bits = (bits >> 1) + UINT64_C(0x1FF7A3BEA91D9B1B); /* within 3.5 % */
    memcpy(&x, &bits, sizeof x);
    for (int i = 0; i < 3; i++)
        x = (x + v / x) / 2;
    return x;
}

/* Anscombe's transformation of a count, and back. */
static double stable(double n)
{
    return 2 * root(n + 0.375);
}

static double count_of(double x)
{
    double n = x > 0 ? x * x / 4 - 0.375 : 0;
    return n > 0 ? n : 0;
}

/* ---- gathering ---- */

static void add_item(struct table *t, struct cell *cell, double n, uint32_t samples, unsigned week)
{
    if (t->n == ITEMS)
        return;
    t->items[t->n++] = (struct item){.x = stable(n), .n = samples, .week = week};
    t->samples[week] += samples;
    cell->samples += samples;
    cell->to = t->n;
}

/* An hour of one week: at most PIECES items, neighbours taken together where it has more values, and the zeros. */
static void add_hour(struct table *t, struct cell *cell, const struct baseline_week *w, unsigned slot,
                     uint32_t covered, unsigned week)
{
    size_t first = 0, end = w ? baseline_week_slot(w, slot, &first) : 0, entries = end - first;
    size_t pieces = entries < PIECES ? entries : PIECES;
    uint64_t stored = 0;
    for (size_t piece = 0; piece < pieces; piece++) {
        double sum = 0;
        uint32_t n = 0;
        for (size_t i = first + entries * piece / pieces; i < first + entries * (piece + 1) / pieces; i++) {
            n += entry_count(w->entries[i]);
            sum += (double)entry_count(w->entries[i]) * baseline_class_middle(entry_class(w->entries[i]));
        }
        add_item(t, cell, sum / n, n, week);
        stored += n;
    }
    if (covered > stored)
        add_item(t, cell, 0, covered - (uint32_t)stored, week);
}

static const struct baseline_week *week_of(const struct baseline *b, int64_t week)
{
    for (unsigned i = 0; b && i < b->n_weeks; i++)
        if (b->weeks[i].week == week)
            return &b->weeks[i];
    return NULL;
}

static void add_slot(struct table *t, struct cell *cell, const struct baseline *b, const struct covering *c,
                     unsigned slot)
{
    for (unsigned i = 0; i < BASELINE_WEEKS; i++) {
        uint32_t covered = c->steps[covering_place(c->week - i)][slot];
        if (covered > 0)
            add_hour(t, cell, week_of(b, c->week - i), slot, covered, i);
    }
}

static struct cell *add_cell(struct table *t, unsigned hour)
{
    struct cell *cell = &t->cells[t->n_cells++];
    *cell = (struct cell){.hour = hour, .from = t->n, .to = t->n};
    return cell;
}

/* The first cell is the one that is asked for. */
static void gather(struct table *t, const struct baseline *b, const struct covering *c, unsigned slot)
{
    static const unsigned beside[] = {0, 1, HOURS - 1};
    t->n = t->n_cells = 0;
    memset(t->shift, 0, sizeof t->shift);
    memset(t->samples, 0, sizeof t->samples);
    if (t->season == BASELINE_PLAIN) {
        struct cell *all = add_cell(t, 0);
        for (unsigned s = 0; s < BASELINE_SLOTS; s++)
            add_slot(t, all, b, c, s);
        return;
    }
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        unsigned hour = (slot + beside[i]) % HOURS;
        struct cell *cell = t->season == BASELINE_DAILY ? add_cell(t, hour) : NULL;
        for (unsigned day = 0; day < BASELINE_SLOTS / HOURS; day++) {
            unsigned s = (slot / HOURS + day) % (BASELINE_SLOTS / HOURS) * HOURS + hour;
            add_slot(t, cell ? cell : add_cell(t, s), b, c, s);
        }
    }
}

/* ---- medians ---- */

/* How often each value came, from `least` on. */
struct bins {
    double least, width;
    uint64_t total;
    uint32_t n[BINS];
};

static void bins_start(struct bins *b, double least, double most)
{
    memset(b, 0, sizeof *b);
    b->width = (most - least) / (BINS - 1);
    if (b->width < 1.0 / 64)
        b->width = 1.0 / 64;
    b->least = least;
}

static void bins_add(struct bins *b, double value, uint32_t n)
{
    double at = (value - b->least) / b->width + 0.5;
    b->n[at < 0 ? 0 : at >= BINS ? BINS - 1 : (size_t)at] += n;
    b->total += n;
}

/* The value up to which this part of them is; where two share the place, the middle between them. */
static double bins_quantile(const struct bins *b, double part)
{
    double wanted = part * (double)b->total;
    uint64_t so_far = 0;
    size_t i = 0, next;
    while (i < BINS - 1 && ((double)(so_far += b->n[i]) < wanted || b->n[i] == 0))
        i++;
    next = i;
    if ((double)so_far <= wanted)
        for (next = i + 1; next < BINS - 1 && b->n[next] == 0;)
            next++;
    if (next >= BINS || b->n[next] == 0)
        next = i;
    return b->least + b->width * (double)(i + next) / 2;
}

static double key(const struct table *t, const struct item *x)
{
    return x->x - t->shift[x->week];
}

/* By value, the weeks' shifts taken off. Shell's sort: few items, nearly in order. */
static void sort_cell(struct table *t, const struct cell *cell)
{
    static const size_t gaps[] = {701, 132, 23, 4, 1};
    struct item *list = t->items + cell->from;
    size_t n = cell->to - cell->from;
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (size_t i = gaps[g]; i < n; i++) {
            struct item x = list[i];
            size_t j = i;
            for (; j >= gaps[g] && key(t, &list[j - gaps[g]]) > key(t, &x); j -= gaps[g])
                list[j] = list[j - gaps[g]];
            list[j] = x;
        }
}

/* A walk over the items of up to three sorted cells in the order of their values; the first cell's
 * weigh double. */
struct walk {
    const struct table *t;
    size_t n, at[3], end[3];
};

static const struct item *walk_next(struct walk *w, uint64_t *weight)
{
    size_t first = w->n;
    for (size_t i = 0; i < w->n; i++)
        if (w->at[i] < w->end[i] &&
            (first == w->n || key(w->t, &w->t->items[w->at[i]]) < key(w->t, &w->t->items[w->at[first]])))
            first = i;
    if (first == w->n)
        return NULL;
    const struct item *x = &w->t->items[w->at[first]++];
    *weight = (first == 0 ? 2 : 1) * (uint64_t)x->n;
    return x;
}

static double walk_median(struct walk w, uint64_t total)
{
    uint64_t weight, so_far = 0;
    const struct item *x;
    while ((x = walk_next(&w, &weight)) != NULL) {
        so_far += weight;
        if (2 * so_far < total)
            continue;
        double value = key(w.t, x);
        const struct item *next = 2 * so_far == total ? walk_next(&w, &weight) : NULL;
        return next ? (value + key(w.t, next)) / 2 : value;
    }
    return 0;
}

static void walk_add(struct walk *w, const struct cell *cell, uint64_t *total)
{
    w->at[w->n] = cell->from;
    w->end[w->n] = cell->to;
    *total += (w->n == 0 ? 2 : 1) * cell->samples;
    w->n++;
}

/* Samples of different weight are worth as many of equal weight as (sum of weights)² / sum of their squares. */
static double equal_samples(double total, double own)
{
    return total > 0 ? total * total / (4 * own + (total - 2 * own)) : 0;
}

/* The levels of all cells: medians; where a cell has few samples, together with the hours beside it. */
static void find_levels(struct table *t)
{
    unsigned around = t->season == BASELINE_WEEKLY ? BASELINE_SLOTS : HOURS;
    for (size_t i = 0; i < t->n_cells; i++)
        sort_cell(t, &t->cells[i]);
    for (size_t i = 0; i < t->n_cells; i++) {
        struct walk w = {.t = t};
        uint64_t total = 0;
        walk_add(&w, &t->cells[i], &total);
        for (size_t j = 0; j < t->n_cells && t->cells[i].samples < FEW && w.n < 3; j++)
            if ((t->cells[j].hour + 1) % around == t->cells[i].hour ||
                (t->cells[i].hour + 1) % around == t->cells[j].hour)
                walk_add(&w, &t->cells[j], &total);
        t->cells[i].level = walk_median(w, total);
        t->cells[i].n = equal_samples((double)total, (double)t->cells[i].samples);
    }
}

/* What is left of the samples of weeks [from, to) when the levels are taken off, and the shifts if `shifted`. */
static void residuals(const struct table *t, struct bins *b, unsigned from, unsigned to, bool shifted)
{
    for (size_t i = 0; i < t->n_cells; i++) {
        const struct cell *cell = &t->cells[i];
        for (size_t j = cell->from; j < cell->to; j++) {
            const struct item *x = &t->items[j];
            if (x->week >= from && x->week < to)
                bins_add(b, x->x - cell->level - (shifted ? t->shift[x->week] : 0), x->n);
        }
    }
}

/* Between which values the residuals lie. */
static void bounds(const struct table *t, bool shifted, double *least, double *most)
{
    *least = *most = 0;
    for (size_t i = 0; i < t->n_cells; i++)
        for (size_t j = t->cells[i].from; j < t->cells[i].to; j++) {
            double x = t->items[j].x - t->cells[i].level - (shifted ? t->shift[t->items[j].week] : 0);
            *least = x < *least ? x : *least;
            *most = x > *most ? x : *most;
        }
}

/* Of weeks [from, to), the levels taken off; `bins` of the right width. 0 where they have too few samples. */
static double median_of_weeks(const struct table *t, struct bins *bins, unsigned from, unsigned to)
{
    memset(bins->n, 0, sizeof bins->n);
    bins->total = 0;
    residuals(t, bins, from, to, false);
    return bins->total >= WEEK_FEW ? bins_quantile(bins, 0.5) : 0;
}

static void start_weeks(const struct table *t, struct bins *bins)
{
    double least, most;
    bounds(t, false, &least, &most);
    bins_start(bins, least, most);
}

static void find_shifts(struct table *t)
{
    struct bins bins;
    start_weeks(t, &bins);
    for (unsigned i = 0; i < BASELINE_WEEKS; i++)
        t->shift[i] = t->samples[i] > 0 ? median_of_weeks(t, &bins, i, i + 1) : 0;
}

/* ---- the answer ---- */

/* How far samples lie from where they should, above and below, as standard deviations: by the median of the
 * distances; by the outer twentieth on that side where that says more, but at most OUTER_MOST times as much (a
 * twentieth may be bursts); and that of a Poisson count, which is 1, at least. */
struct spread {
    double above, below;
};

static double spread_of(double inner, double outer)
{
    return outer < inner ? inner : outer < OUTER_MOST * inner ? outer : OUTER_MOST * inner;
}

static struct spread find_spread(const struct table *t)
{
    struct bins r, distance;
    double least, most;
    bounds(t, true, &least, &most);
    bins_start(&r, least, most);
    residuals(t, &r, 0, BASELINE_WEEKS, true);
    double middle = bins_quantile(&r, 0.5);
    bins_start(&distance, 0, most - middle > middle - least ? most - middle : middle - least);
    for (size_t i = 0; i < BINS; i++)
        if (r.n[i] > 0) {
            double x = r.least + r.width * (double)i - middle;
            bins_add(&distance, x < 0 ? -x : x, r.n[i]);
        }
    double inner = 1.4826 * bins_quantile(&distance, 0.5);
    if (inner < 1)
        inner = 1;
    return (struct spread){spread_of(inner, (bins_quantile(&r, 0.95) - middle) / 1.6449),
                           spread_of(inner, (middle - bins_quantile(&r, 0.05)) / 1.6449)};
}

/* The newest two weeks, or the newest alone when it is more than half there. */
static double recent_shift(const struct table *t)
{
    struct bins bins;
    bool alone = 2 * t->samples[0] > t->samples[1];
    start_weeks(t, &bins);
    return median_of_weeks(t, &bins, 0, alone ? 1 : 2);
}

/*
 * What comes at this hour each week: the (lower) median of the weeks' greatest samples, or least ones; their
 * shifts taken off. Something that lasts five minutes of the hour is no part of the hour's level, and is
 * usual all the same. False: fewer than two weeks are there.
 */
static bool each_week(const struct table *t, bool above, double *to)
{
    const struct cell *cell = &t->cells[0];
    double ends[BASELINE_WEEKS];
    size_t n = 0;
    for (unsigned week = 0; week < BASELINE_WEEKS; week++) {
        bool any = false;
        for (size_t i = cell->from; i < cell->to; i++) {
            double x = key(t, &t->items[i]);
            if (t->items[i].week == week && (!any || (above ? x > ends[n] : x < ends[n]))) {
                ends[n] = x;
                any = true;
            }
        }
        n += any;
    }
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && (above ? ends[j] < ends[j - 1] : ends[j] > ends[j - 1]); j--) {
            double x = ends[j];
            ends[j] = ends[j - 1];
            ends[j - 1] = x;
        }
    if (n < 2)
        return false;
    *to = ends[(n - 1) / 2];
    return true;
}

/*
 * Of a group that is silent most of the time: the value up to which three quarters of its samples are when it is not,
 * as long as two weeks have known it: what only one has seen may be what ought to be told. 0: there is none.
 */
static double when_not_silent(const struct baseline *b)
{
    uint32_t counts[CLASSES] = {0};
    uint64_t total = 0, so_far = 0;
    unsigned class = 0, highest = 0, second = 0; /* of the weeks' highest */
    for (unsigned i = 0; b && i < b->n_weeks; i++) {
        unsigned top = 0;
        for (uint32_t j = 0; j < b->weeks[i].n; j++) {
            unsigned of = entry_class(b->weeks[i].entries[j]);
            counts[of] += entry_count(b->weeks[i].entries[j]);
            total += entry_count(b->weeks[i].entries[j]);
            top = of > top ? of : top;
        }
        second = top > highest ? highest : top > second ? top : second;
        highest = top > highest ? top : highest;
    }
    while (class < CLASSES - 1 && 4 * (so_far + counts[class]) < 3 * total)
        so_far += counts[class ++];
    class = class < second ? class : second;
    return class > 0 ? stable(baseline_class_middle(class)) : 0;
}

static void answer(struct table *t, const struct baseline *b, struct usual *to)
{
    bool weekly = t->season == BASELINE_WEEKLY;
    find_levels(t);
    if (weekly) {
        find_shifts(t);
        find_levels(t);
    }
    double shift = weekly ? recent_shift(t) : 0, n = t->cells[0].n, x = t->cells[0].level + shift;
    /* The level is a median, and so uncertain itself: pi / 2n of the variance. */
    double width = n > 0 ? WIDTH * root(1 + 1.5708 / n) : WIDTH, end;
    struct spread s = find_spread(t);
    double high = x + width * s.above, low = x - width * s.below;
    if (weekly && each_week(t, true, &end) && end + shift + BESIDE > high)
        high = end + shift + BESIDE;
    if (weekly && each_week(t, false, &end) && end + shift - BESIDE < low)
        low = end + shift - BESIDE;
    to->expected = count_of(x);
    double rarely = to->expected < 0.5 ? when_not_silent(b) + BESIDE : 0;
    if (rarely > high)
        high = rarely;
    to->high = count_of(high + high * CLASS_HALF);
    to->low = count_of(low - low * CLASS_HALF);
}

/* A day at least, and twenty windows where that is no more than four weeks. */
static int64_t least_history(int64_t span)
{
    int64_t wanted = span < 4 * BASELINE_WEEK / 20 ? 20 * span : 4 * BASELINE_WEEK;
    return wanted > BASELINE_DAY ? wanted : BASELINE_DAY;
}

void baseline_usual(const struct baseline *b, const struct covering *c, int64_t step, struct usual *to)
{
    int64_t length = covering_length(c), least = least_history(c->ticks.span);
    struct table t;
    *to = (struct usual){0};
    if (length < least) {
        to->wait = least - length;
        return;
    }
    t.season = length >= 14 * BASELINE_DAY  ? BASELINE_WEEKLY
               : length >= 3 * BASELINE_DAY ? BASELINE_DAILY
                                            : BASELINE_PLAIN;
    unsigned slot = ticks_slot(&c->ticks, step);
    for (;; t.season--) {
        gather(&t, b, c, slot);
        if (t.cells[0].samples > 0 || t.season == BASELINE_PLAIN)
            break;
    }
    to->season = t.season;
    answer(&t, b, to);
}

uint64_t baseline_clip(const struct usual *u, enum baseline_side side, uint64_t value)
{
    if (u->season == BASELINE_UNKNOWN)
        return value;
    double x = stable(u->expected);
    double most = count_of(x + LEARNT * (stable(u->high) - x)),
           least = count_of(x - LEARNT * (x - stable(u->low)));
    if ((double)value > most)
        return (uint64_t)most;
    if (side == BASELINE_LESS && (double)value < least)
        return (uint64_t)least + ((double)(uint64_t)least < least);
    return value;
}

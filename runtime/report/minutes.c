/*
 * minutes.c - when the log has records, and when it has none.
 */
#include <stdlib.h>

#include "model.h"

enum {
    MOST_PIECES = 1 << 17, /* of one minute: three months without a pause */
    GAP_LEAST = 10,        /* pieces */
};

int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

static size_t place_of(const struct pieces *p, int64_t at)
{
    size_t i = (size_t)((uint64_t)at * UINT64_C(0x9E3779B97F4A7C15) >> 20) & (p->room - 1);
    while (p->table[i].n && p->table[i].at != at)
        i = (i + 1) & (p->room - 1);
    return i;
}

/* The same counts in a table of this many places, in pieces of 2^shift minutes. */
static bool rebuild(struct pieces *p, size_t room, unsigned shift)
{
    struct pieces fresh = {.table = calloc(room, sizeof *fresh.table), .room = room, .shift = shift};
    if (!fresh.table)
        return false;
    for (size_t i = 0; i < p->room; i++) {
        if (p->table[i].n == 0)
            continue;
        int64_t at = floor_div(p->table[i].at, INT64_C(1) << (shift - p->shift));
        struct piece *to = &fresh.table[place_of(&fresh, at)];
        fresh.n += to->n == 0;
        to->at = at;
        to->n += p->table[i].n;
    }
    free(p->table);
    *p = fresh;
    return true;
}

bool pieces_add(struct pieces *p, int64_t minute, uint64_t n)
{
    if (n == 0)
        return true;
    if (2 * (p->n + 1) > p->room && !rebuild(p, p->room ? 2 * p->room : 1024, p->shift))
        return false;
    int64_t at = floor_div(minute, INT64_C(1) << p->shift);
    struct piece *to = &p->table[place_of(p, at)];
    p->n += to->n == 0;
    to->at = at;
    to->n += n;
    while (p->n > MOST_PIECES)
        if (!rebuild(p, p->room, p->shift + 1))
            return false;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

void pieces_sort(struct pieces *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->room; i++)
        if (p->table[i].n)
            p->table[n++] = p->table[i];
    if (n > 0)
        qsort(p->table, n, sizeof *p->table, by_time);
    p->room = n;
}

void pieces_free(struct pieces *p)
{
    free(p->table);
    *p = (struct pieces){0};
}

/* ---- the axis ----------------------------------------------------------------------------- */

static uint64_t sum(const struct piece *p, size_t n)
{
    uint64_t all = 0;
    for (size_t i = 0; i < n; i++)
        all += p[i].n;
    return all;
}

/*
 * A few records with a wrong date must not press all others into one column: where at most a thousandth of the
 * records lies behind a pause of nine tenths of the whole time, they are left out, and counted.
 */
static void leave_out(struct report *r, size_t *first, size_t *end)
{
    const struct piece *p = r->minutes.table;
    for (bool again = true; again && *end - *first > 1;) {
        size_t at = *first + 1;
        for (size_t i = at; i < *end; i++)
            if (p[i].at - p[i - 1].at > p[at].at - p[at - 1].at)
                at = i;
        int64_t span = p[*end - 1].at - p[*first].at, pause = p[at].at - p[at - 1].at;
        uint64_t before = sum(p + *first, at - *first), behind = sum(p + at, *end - at);
        uint64_t least = before < behind ? before : behind;
        again = pause > span / 10 * 9 && least <= (before + behind) / 1000;
        if (!again)
            break;
        r->outside += least;
        if (before < behind)
            *first = at;
        else
            *end = at;
    }
}

/* The pause that 99 of 100 pauses between pieces with records do not exceed. */
static int64_t usual_pause(const struct piece *p, size_t n)
{
    enum { MOST = 1440 };
    size_t counts[MOST + 1] = {0}, seen = 0;
    for (size_t i = 1; i < n; i++) {
        int64_t pause = p[i].at - p[i - 1].at;
        counts[pause > MOST ? MOST : pause]++;
    }
    for (int64_t pause = 1; pause <= MOST; pause++) {
        seen += counts[pause];
        if (seen * 100 >= (n - 1) * 99)
            return pause;
    }
    return MOST;
}

static bool find_gaps(struct report *r, const struct piece *p, size_t n)
{
    int64_t width = REPORT_MINUTE << r->minutes.shift, least = usual_pause(p, n) * 10;
    least = least > GAP_LEAST ? least : GAP_LEAST;
    for (size_t i = 1; i < n; i++) {
        if (p[i].at - p[i - 1].at <= least)
            continue;
        struct period *grown = realloc(r->gaps, (r->n_gaps + 1) * sizeof *grown);
        if (!grown)
            return false;
        r->gaps = grown;
        r->gaps[r->n_gaps++] = (struct period){(p[i - 1].at + 1) * width, p[i].at * width};
    }
    return true;
}

size_t report_bins(const struct report *r, int64_t width, int64_t *from)
{
    int64_t first = floor_div(r->from, width), last = floor_div(r->to - 1, width);
    *from = first * width;
    return (size_t)(last - first + 1);
}

static void fill_volume(struct report *r, const struct piece *p, size_t n)
{
    int64_t from;
    r->volume_width = REPORT_MINUTE << r->minutes.shift;
    while ((r->volume_bins = report_bins(r, r->volume_width, &from)) > REPORT_BINS)
        r->volume_width *= 2;
    for (size_t i = 0; i < n; i++) {
        int64_t time = p[i].at * (REPORT_MINUTE << r->minutes.shift);
        r->volume[(time - from) / r->volume_width] += p[i].n;
    }
}

/* Where there were no records to go by. */
static void axis_of_marks(struct report *r)
{
    for (size_t i = 0; i < r->n_marks; i++) {
        int64_t t = r->marks[i].time;
        if (i == 0 || t < r->from)
            r->from = t;
        if (i == 0 || t >= r->to)
            r->to = t + 1;
    }
    r->from = floor_div(r->from, REPORT_MINUTE) * REPORT_MINUTE;
    r->to = -floor_div(-r->to, REPORT_MINUTE) * REPORT_MINUTE;
    if (r->to <= r->from)
        r->to = r->from + REPORT_MINUTE;
}

bool minutes_finish(struct report *r)
{
    if (r->minutes.n == 0) {
        axis_of_marks(r);
        return true;
    }
    pieces_sort(&r->minutes);
    size_t first = 0, end = r->minutes.n;
    int64_t width = REPORT_MINUTE << r->minutes.shift;
    leave_out(r, &first, &end);
    const struct piece *p = r->minutes.table;
    r->from = p[first].at * width;
    r->to = (p[end - 1].at + 1) * width;
    fill_volume(r, p + first, end - first);
    return find_gaps(r, p + first, end - first);
}

bool report_is_dated(const struct report *r)
{
    return r->minutes.n > 0 || r->n_marks > 0;
}

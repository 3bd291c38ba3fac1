/*
 * coverage.c - when there was a log at all, and which steps that makes known.
 */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

/* Whether two spans are one: they overlap, or no gap is between them. */
static bool joined(const struct coverage_span *a, const struct coverage_span *b)
{
    return b->from - a->to <= BASELINE_GAP && a->from - b->to <= BASELINE_GAP;
}

bool coverage_add(struct coverage *c, int64_t from, int64_t to)
{
    struct coverage_span x = {from, to};
    size_t first = c->n;
    while (first > 0 && c->list[first - 1].to >= from - BASELINE_GAP)
        first--;
    size_t last = first; /* [first, last) become one with it */
    for (; last < c->n && joined(&c->list[last], &x); last++) {
        if (c->list[last].from < x.from)
            x.from = c->list[last].from;
        if (c->list[last].to > x.to)
            x.to = c->list[last].to;
    }
    if (last == first && c->n == c->room) {
        size_t room = c->room ? 2 * c->room : 4;
        struct coverage_span *list = realloc(c->list, room * sizeof *list);
        if (!list)
            return false;
        c->list = list;
        c->room = room;
    }
    memmove(c->list + first + 1, c->list + last, (c->n - last) * sizeof *c->list);
    c->list[first] = x;
    c->n = c->n + 1 - (last - first);
    return true;
}

bool coverage_has(const struct coverage *c, const struct ticks *t, int64_t step)
{
    int64_t end = ticks_step_end(t, step), from = ticks_end(t, ticks_last(t, step - 1) + 1) - t->span;
    for (size_t i = c->n; i-- > 0 && c->list[i].to >= end;)
        if (c->list[i].from <= from)
            return true;
    return false;
}

void coverage_free(struct coverage *c)
{
    free(c->list);
    *c = (struct coverage){0};
}

void coverage_save(const struct coverage *c, struct trail_text *to)
{
    tape_number(to, c->n);
    for (size_t i = 0; i < c->n; i++) {
        tape_signed(to, c->list[i].from);
        tape_number(to, (uint64_t)(c->list[i].to - c->list[i].from));
    }
}

bool coverage_load(struct coverage *c, struct tape *from)
{
    *c = (struct coverage){0};
    for (size_t n = tape_get_size(from, (size_t)(from->end - from->p) / 2); n > 0 && !from->bad; n--) {
        int64_t at = tape_get_signed(from);
        uint64_t length = tape_get_number(from);
        if (at < -BASELINE_TIME_MOST || at > BASELINE_TIME_MOST ||
            length > (uint64_t)(BASELINE_TIME_MOST - at))
            from->bad = true;
        else if (!coverage_add(c, at, at + (int64_t)length)) {
            coverage_free(c);
            return false;
        }
    }
    if (from->bad)
        coverage_free(c);
    return true;
}

/* ---- steps ---- */

void covering_start(struct covering *c, int64_t span)
{
    *c = (struct covering){.ticks = ticks_of(span), .step = INT64_MIN, .week = INT64_MIN};
}

static void add_step(struct covering *c, int64_t step)
{
    int64_t week = ticks_week(&c->ticks, step);
    if (c->week == INT64_MIN || week > c->week) {
        int64_t fresh =
            c->week == INT64_MIN || week - c->week > BASELINE_WEEKS ? BASELINE_WEEKS : week - c->week;
        for (int64_t i = 0; i < fresh; i++)
            memset(c->steps[covering_place(week - i)], 0, sizeof c->steps[0]);
        c->week = week;
    }
    if (week <= c->week - BASELINE_WEEKS)
        return;
    uint32_t *n = &c->steps[covering_place(week)][ticks_slot(&c->ticks, step)];
    *n += *n < UINT32_MAX;
}

/* The first step whose windows all begin at the moment or later. */
static int64_t first_whole(const struct ticks *t, int64_t from)
{
    int64_t step = ticks_step_at(t, from + t->span);
    while (ticks_end(t, ticks_last(t, step - 1) + 1) - t->span < from)
        step++;
    return step;
}

void covering_update(struct covering *c, const struct coverage *coverage, int64_t step)
{
    const struct ticks *t = &c->ticks;
    /* What is older than the weeks that are kept is not counted one by one. */
    int64_t oldest = ticks_step_at(t, ticks_step_end(t, step) - (BASELINE_WEEKS + 1) * BASELINE_WEEK);
    if (c->step >= oldest)
        oldest = c->step + 1;
    for (size_t i = 0; i < coverage->n; i++) {
        int64_t s = first_whole(t, coverage->list[i].from);
        int64_t end = ticks_step_at(t, coverage->list[i].to);
        if (ticks_step_end(t, end) > coverage->list[i].to)
            end--;
        for (s = s > oldest ? s : oldest; s <= end && s <= step; s++)
            add_step(c, s);
    }
    if (step > c->step)
        c->step = step;
}

int64_t covering_length(const struct covering *c)
{
    uint64_t steps = 0;
    for (size_t w = 0; c->week != INT64_MIN && w < BASELINE_WEEKS; w++)
        for (size_t i = 0; i < BASELINE_SLOTS; i++)
            steps += c->steps[w][i];
    return (int64_t)(steps * ((uint64_t)c->ticks.span * c->ticks.per_step / c->ticks.per_window));
}

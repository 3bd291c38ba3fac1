/*
 * tally_masks.h - brackets as masks, and added up by counting bits: for the kernels that have masks at no cost.
 */
#ifndef TRAIL_SIEVE_TALLY_MASKS_H
#define TRAIL_SIEVE_TALLY_MASKS_H

#include <stdint.h>

#include "trail/kernel.h"

struct brackets {
    uint64_t open, close;
};

struct tally {
    int64_t sum;
};

TRAIL_INLINE void brackets_masks(const struct brackets *b, uint64_t *open, uint64_t *close)
{
    *open = b->open;
    *close = b->close;
}

TRAIL_INLINE void tally_add(struct tally *tally, const struct brackets *b, uint64_t mask)
{
    tally->sum += __builtin_popcountll(b->open & mask) - __builtin_popcountll(b->close & mask);
}

TRAIL_INLINE int64_t tally_sum(const struct tally *tally)
{
    return tally->sum;
}

#endif

/*
 * mask_body.h - the sieve's pass (sieve_body.h) for kernels to which a mask of 64 bytes costs little:
 * brackets are masks, added up by counting bits, and pairs of bytes two masks. Compiled once for each of
 * them, behind its struct vectors and struct special.
 */
#ifndef TRAIL_SIEVE_MASK_BODY_H
#define TRAIL_SIEVE_MASK_BODY_H

#include <stdint.h>

#include "trail/kernel.h"

struct brackets {
    uint64_t open, close;
};

struct tally {
    int64_t sum;
};

enum { SIEVE_TWO_LOOPS = 0 };

#include "sieve_body.h"

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

TRAIL_INLINE uint64_t sieve_pair(const char *p, const char *bytes)
{
    return sieve_equal(p, bytes[0]) & sieve_equal(p + 1, bytes[1]);
}

TRAIL_INLINE bool sieve_far_pair(const char *p, const char *bytes)
{
    uint64_t found = 0;
    for (int i = 0; i < SIEVE_FAR; i += 64)
        found |= sieve_pair(p + i, bytes);
    return found != 0;
}

TRAIL_INLINE unsigned sieve_which(const struct kept *eight)
{
    unsigned which = 0;
    for (unsigned i = 0; i < 8; i++)
        which |= (unsigned)(eight[i].found != 0) << i;
    return which;
}

#endif

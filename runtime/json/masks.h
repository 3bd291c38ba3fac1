/*
 * masks.h - arithmetic on masks of 64 bytes, a bit for each: what the index and the sieve are made of.
 */
#ifndef TRAIL_MASKS_H
#define TRAIL_MASKS_H

#include <stdbool.h>
#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "trail/kernel.h"

/* Where the bytes behind those of `mask` are, white space passed over. */
TRAIL_INLINE uint64_t follows(uint64_t mask, uint64_t white, uint64_t *carry)
{
    uint64_t next = mask << 1 | *carry;
    *carry = mask >> 63;
    if (white) {
        uint64_t sum;
        *carry |= __builtin_add_overflow(next, white, &sum);
        next = sum & ~white;
    }
    return next;
}

/* a + b + carry; returns the carry out. */
TRAIL_INLINE uint64_t add(uint64_t a, uint64_t b, uint64_t carry, uint64_t *sum)
{
    uint64_t part;
    bool over = __builtin_add_overflow(a, b, &part);
    return over | __builtin_add_overflow(part, carry, sum);
}

/* The running XOR: bit i is the parity of bits 0 to i. */
TRAIL_INLINE uint64_t parity_up_to(uint64_t mask)
{
#if defined(__PCLMUL__)
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)mask), _mm_set1_epi8((char)0xFF), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
#else
    mask ^= mask << 1;
    mask ^= mask << 2;
    mask ^= mask << 4;
    mask ^= mask << 8;
    mask ^= mask << 16;
    return mask ^ mask << 32;
#endif
}

/* Appends the places of the bits: four at a time, as most blocks have no more, so that no branch depends on how
 * many there are. */
TRAIL_INLINE unsigned add_places(uint32_t *to, unsigned n, uint64_t bits, uint32_t base)
{
    unsigned end = n + (unsigned)__builtin_popcountll(bits);
    while (bits) {
        for (unsigned i = 0; i < 4; i++, bits &= bits - 1)
            to[n + i] = base + (unsigned)__builtin_ctzll(bits | (uint64_t)1 << 63);
        n += 4;
    }
    return end;
}

#endif

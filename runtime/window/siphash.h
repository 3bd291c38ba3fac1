/*
 * siphash.h - SipHash-2-4 (Aumasson, Bernstein: SipHash: a fast short-input PRF, 2012): 64 and 128 bits.
 *
 * Tables use it with a key of the process's own, so that nobody who writes a log can choose what collides.
 * What is printed or compared between runs uses the constant key SIPHASH_FIXED.
 */
#ifndef TRAIL_SIPHASH_H
#define TRAIL_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
    uint64_t k[2];
};

extern const struct siphash_key SIPHASH_FIXED;

/* A key that nobody can guess. */
struct siphash_key siphash_random(void);

uint64_t siphash(const struct siphash_key *, const void *p, size_t n);

/* The 128-bit variant; out[0] holds the first eight bytes of its output, little-endian. */
void siphash128(uint64_t out[2], const struct siphash_key *, const void *p, size_t n);

/* The same over pieces, as if they stood in a row. */
struct siphash {
    uint64_t v[4], tail, n;
};
void siphash_start(struct siphash *, const struct siphash_key *);
void siphash128_start(struct siphash *, const struct siphash_key *);
void siphash_add(struct siphash *, const void *p, size_t n);
uint64_t siphash_end(struct siphash *);
void siphash128_end(struct siphash *, uint64_t out[2]);

#endif

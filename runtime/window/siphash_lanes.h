/*
 * siphash_lanes.h - SipHash-2-4 of up to eight messages at once, side by side in the processor's vectors: one
 * message alone is a chain of steps each of which waits for the one before.
 *
 *     struct siphash_lanes *l = siphash_lanes_new(getenv("TRAIL_KERNEL"));
 *     siphash_lanes_add(l, p, n);           copies a message
 *     siphash_lanes_end(l, &key, out);      the hashes, in the order of the messages; l is empty then
 *     siphash_lanes_free(l);
 *
 * The results are those of siphash() and siphash128(). Not for several threads.
 */
#ifndef TRAIL_SIPHASH_LANES_H
#define TRAIL_SIPHASH_LANES_H

#include "siphash.h"

#include <stdbool.h>

enum { SIPHASH_LANES = 8, SIPHASH_WORDS = 512, SIPHASH_LONGEST = SIPHASH_WORDS * 8 - 1 };

struct siphash_lanes {
    const struct siphash_kernel *kernel; /* NULL: none works here */
    size_t n;                            /* messages */
    size_t words[SIPHASH_LANES];         /* of each; the last one holds its length, too */
    _Alignas(64) uint64_t word[SIPHASH_WORDS][SIPHASH_LANES]; /* the messages side by side */
};

/* An implementation. */
struct siphash_kernel {
    const char *name;
    bool (*works)(void);
    void (*run)(const struct siphash_lanes *,
                uint64_t v[4][SIPHASH_LANES]);    /* takes all words into the state */
    void (*finish)(uint64_t v[4][SIPHASH_LANES]); /* four rounds more */
};

/* Fastest first, then NULL. */
extern const struct siphash_kernel *const siphash_kernels[];

/* `kernel`: of these names, that one; another name, none; NULL, the fastest that works. NULL: no memory. */
struct siphash_lanes *siphash_lanes_new(const char *kernel);
void siphash_lanes_free(struct siphash_lanes *);

/* Needs: fewer than SIPHASH_LANES messages. False: it is too long, or no kernel works; nothing was added. */
bool siphash_lanes_add(struct siphash_lanes *, const void *p, size_t n);

void siphash_lanes_end(struct siphash_lanes *, const struct siphash_key *, uint64_t out[SIPHASH_LANES]);
void siphash128_lanes_end(struct siphash_lanes *, const struct siphash_key *, uint64_t out[SIPHASH_LANES][2]);

#endif

/*
 * sieving.h - for tests of the sieve: each kernel's, and texts at the edges of memory that nobody may read.
 */
#ifndef SIEVING_H
#define SIEVING_H

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sieve/sieve.h"
#include "trail/match.h"

enum { MOST_KERNELS = 8 };

/* How many random texts. Under an emulator fewer. */
#ifndef ROUNDS
#define ROUNDS 300000
#endif
enum { FEW = ROUNDS <= 100000 };

/* At random, and the same in every run. */
static inline size_t below(size_t n)
{
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % n);
}

/* What a sieve says of a text. */
struct verdict {
    enum trail_sieved got;
    size_t size;      /* OUT and MAYBE; else 0 */
    size_t time, end; /* OUT: where the time's value stands; both 0: there is none */
    uint64_t possible;
};

static inline bool same_verdict(const struct verdict *a, const struct verdict *b)
{
    return a->got == b->got && a->size == b->size && a->time == b->time && a->end == b->end &&
           a->possible == b->possible;
}

/* The pack has at most 64 alerts. */
static inline struct verdict verdict_of(const struct trail_sieve *s, const char *p, size_t n)
{
    struct trail_sifted sifted;
    struct verdict v = {.got = trail_sieve(s, p, n, &sifted)};
    if (v.got == TRAIL_SIEVED_OUT || v.got == TRAIL_SIEVED_MAYBE)
        v.size = sifted.size;
    if (v.got == TRAIL_SIEVED_MAYBE)
        v.possible = *sifted.possible;
    if (v.got == TRAIL_SIEVED_OUT && sifted.time.n) {
        v.time = (size_t)(sifted.time.p - p);
        v.end = v.time + sifted.time.n;
    }
    return v;
}

/* A sieve for each kernel that works here. */
static inline void sieves_new(struct trail_sieve **sieves, const struct trail_pack *pack,
                              struct trail_match *match)
{
    for (size_t k = 0; trail_sieve_kernel(k); k++) {
        sieves[k] = trail_sieve_new(pack, match, trail_sieve_kernel(k));
        ck_assert(sieves[k] && trail_sieve_choose(sieves[k], NULL));
    }
}

static inline void sieves_free(struct trail_sieve **sieves)
{
    for (size_t k = 0; sieves[k]; k++)
        trail_sieve_free(sieves[k]);
    memset(sieves, 0, MOST_KERNELS * sizeof *sieves);
}

static inline void sieves_begin(struct trail_sieve *const *sieves, bool in_array)
{
    for (size_t k = 0; sieves[k]; k++)
        trail_sieve_begin(sieves[k], (struct trail_slice){"{\"eventVersion\":", 16}, false, in_array);
}

enum { EDGE_ROOM = 256 << 10 };

/* Memory that ends on both sides. */
static inline char *edges(void)
{
    static char *room;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    if (!room) {
        char *all = mmap(NULL, EDGE_ROOM + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        ck_assert(all != MAP_FAILED);
        room = all + page;
        ck_assert(mprotect(room, EDGE_ROOM, PROT_READ | PROT_WRITE) == 0);
    }
    return room;
}

/* The text with TRAIL_PADDING bytes behind it, then memory that nobody may read. */
static inline const char *at_the_edge(const char *text, size_t n, char padding)
{
    char *p = edges() + EDGE_ROOM - TRAIL_PADDING - n;
    memcpy(p, text, n);
    memset(p + n, padding, TRAIL_PADDING);
    return p;
}

/* The text with such memory before it. */
static inline const char *at_the_front(const char *text, size_t n, char padding)
{
    memcpy(edges(), text, n);
    memset(edges() + n, padding, TRAIL_PADDING);
    return edges();
}

#endif

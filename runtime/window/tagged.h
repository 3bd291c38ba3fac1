/*
 * tagged.h - pointers to pieces of a slab, with bits of a hash in those that are always 0: a table's slots
 * that hold another piece are passed without a look at it, which would be a miss of the cache each.
 *
 * A piece lies at a multiple of 8 and below TAGGED_BEYOND, as slab.c sees to: no system gives a process other
 * addresses unless it asks for them.
 */
#ifndef TRAIL_TAGGED_H
#define TRAIL_TAGGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t tagged; /* 0: an empty slot */

#define TAGGED_BEYOND (UINT64_C(1) << 48)
#define TAGGED_BITS   (~(TAGGED_BEYOND - 1) | 7)

/* The hash's upper bits; the lower ones say where the slot is. */
static inline tagged tag_of(uint32_t hash)
{
    return (uint64_t)(hash >> 13) << 48 | hash >> 29;
}

static inline tagged tag(const void *p, uint32_t hash)
{
    return (uintptr_t)p | tag_of(hash);
}

static inline void *untag(tagged t)
{
    return (void *)(uintptr_t)(t & ~TAGGED_BITS);
}

static inline bool tag_fits(tagged t, uint32_t hash)
{
    return ((t ^ tag_of(hash)) & TAGGED_BITS) == 0;
}

/* Tables are walked in the order of their slots, which is none of the pieces': they had better come
 * beforehand. */
enum { TAGGED_AHEAD = 12 };

static inline void tagged_prefetch(const tagged *slot, size_t i, size_t room)
{
    __builtin_prefetch(untag(slot[(i + TAGGED_AHEAD) & (room - 1)]));
}

#endif

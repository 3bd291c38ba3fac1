/*
 * tagged.h - pointers to pieces of a slab, with three bits of a hash in the three that are always 0: a table's
 * slots that hold another piece are passed without a look at it, which would be a miss of the cache each.
 */
#ifndef TRAIL_TAGGED_H
#define TRAIL_TAGGED_H

#include <stdbool.h>
#include <stdint.h>

typedef uintptr_t tagged; /* 0: an empty slot */

static inline tagged tag(const void *p, uint32_t hash)
{
    return (uintptr_t)p | hash >> 29;
}

static inline void *untag(tagged t)
{
    return (void *)(t & ~(uintptr_t)7);
}

static inline bool tag_fits(tagged t, uint32_t hash)
{
    return (t & 7) == hash >> 29;
}

/* Tables are walked in the order of their slots, which is none of the pieces': they had better come
 * beforehand. */
enum { TAGGED_AHEAD = 12 };

static inline void tagged_prefetch(const tagged *slot, size_t i, size_t room)
{
    __builtin_prefetch(untag(slot[(i + TAGGED_AHEAD) & (room - 1)]));
}

#endif

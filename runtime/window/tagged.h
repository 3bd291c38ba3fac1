/*
 * tagged.h - tables of pieces of a slab by their hashes. A slot is a pointer with bits of the hash in those that
 * are always 0: slots that hold another piece are passed without a look at it, which would be a miss of the
 * cache each. What is left of the hash stands beside, for enlarging and removing, which look at no piece either.
 *
 * Slots lie six to a line of the cache with what belongs to them. A piece is in the line that the hash's upper
 * bits name or, where that is full, in the next that is not; so mostly one line is all that is needed, and can
 * be fetched ahead. The table is in the order of the hashes: one that is enlarged is read and written from one
 * end to the other.
 *
 * A piece lies at a multiple of 8 and below TAGGED_BEYOND, as slab.c sees to: no system gives a process other
 * addresses unless it asks for them.
 */
#ifndef TRAIL_TAGGED_H
#define TRAIL_TAGGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <trail/kernel.h>

typedef uint64_t tagged; /* 0: an empty slot */

enum { TAGGED_SLOTS = 6, TAGGED_STEP = 8 };

struct tagged_line {
    tagged slot[TAGGED_SLOTS];
    uint16_t rest[TAGGED_SLOTS]; /* the bits of the hash above those in the slot */
    uint32_t none;
};

/* Slot k of line j has the number j * TAGGED_STEP + k. */
struct tagged_table {
    struct tagged_line *line;
    size_t end, n;  /* behind the last slot's number: 0 or a power of two; pieces */
    unsigned shift; /* of a hash: the line where its piece lies */
};

#define TAGGED_BEYOND (UINT64_C(1) << 48)
#define TAGGED_BITS   (~(TAGGED_BEYOND - 1) | 7)

/* The hash's lower bits. */
static inline tagged tag_of(uint32_t hash)
{
    return (uint64_t)(hash >> 3) << 48 | (hash & 7);
}

static inline void *untag(tagged t)
{
    return (void *)(uintptr_t)(t & ~TAGGED_BITS);
}

static inline tagged tagged_at(const struct tagged_table *t, size_t i)
{
    return t->line[i / TAGGED_STEP].slot[i % TAGGED_STEP];
}

/* Needs: a table with slots. */
static inline size_t tagged_home(const struct tagged_table *t, uint32_t hash)
{
    return (size_t)(hash >> t->shift) * TAGGED_STEP;
}

static inline size_t tagged_next(const struct tagged_table *t, size_t i)
{
    return (i + (i % TAGGED_STEP == TAGGED_SLOTS - 1 ? TAGGED_STEP - TAGGED_SLOTS + 1 : 1)) & (t->end - 1);
}

/* From slot i on the first whose piece may have this hash, or an empty one. */
static inline size_t tagged_find(const struct tagged_table *t, size_t i, uint32_t hash)
{
    tagged tag = tag_of(hash), at;
    while ((at = tagged_at(t, i)) != 0 && ((at ^ tag) & TAGGED_BITS) != 0)
        i = tagged_next(t, i);
    return i;
}

/* Gets the place of such a piece on its way from memory. (Always inlined: gcc leaves out calls of what it knows
 * to have no other effect.) */
TRAIL_INLINE void tagged_fetch(const struct tagged_table *t, uint32_t hash)
{
    if (t->end > 0)
        __builtin_prefetch(&t->line[hash >> t->shift]);
}

/* Room for one piece more. False: no memory. */
bool tagged_reserve(struct tagged_table *);

/* Needs: the room for it. */
void tagged_put(struct tagged_table *, void *piece, uint32_t hash);

/* Empties a slot. A piece from behind it may lie in it then. */
void tagged_remove(struct tagged_table *, size_t i);

void tagged_free(struct tagged_table *);

#endif

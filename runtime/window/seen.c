/*
 * seen.c - see seen.h. Linear probing; deleting closes the gap by moving later members of the run back
 * (Knuth, volume 3, section 6.4, algorithm R), so that there are no tombstones.
 *
 * The first identity of an id lies where the id says, the others of the same id where id and bytes together
 * say: a log that gives a million events one id does not make a run of a million. Both are keyed hashes and
 * need no more mixing.
 */
#include "seen.h"
#include "slots.h"

#include <stdlib.h>
#include <string.h>

struct identity {
    uint64_t id, bytes; /* the lowest bit of bytes is IS_FIRST, not the hash's */
};

enum { FIRST_ROOM = 64, AHEAD = 16 };
#define IS_FIRST UINT64_C(1)

void seen_start(struct seen *s, size_t limit)
{
    *s = (struct seen){.limit = limit};
}

void seen_free(struct seen *s)
{
    free(s->ring);
    free(s->slot);
    *s = (struct seen){.limit = s->limit};
}

static size_t home_of(const struct seen *s, struct identity x)
{
    uint64_t place = x.bytes & IS_FIRST ? x.id : x.id + (x.bytes | IS_FIRST) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)place & (s->room * 2 - 1);
}

/* 1 + index ≤ room, and the id's highest bits above. */
static uint32_t slot_of(const struct seen *s, struct identity x, size_t index)
{
    uint32_t above = ~(uint32_t)(s->room * 2 - 1);
    return (uint32_t)(index + 1) | ((uint32_t)(x.id >> 32) & above);
}

static size_t index_of(const struct seen *s, uint32_t slot)
{
    return (slot & (uint32_t)(s->room * 2 - 1)) - 1;
}

/* The identity that has this id and, of its bytes, the bits in `which`; NULL: none where it would lie. */
static const struct identity *find(const struct seen *s, struct identity x, uint64_t which)
{
    if (s->room == 0)
        return NULL;
    uint32_t above = ~(uint32_t)(s->room * 2 - 1), bits = (uint32_t)(x.id >> 32) & above;
    for (size_t i = home_of(s, x); s->slot[i]; i = (i + 1) & (s->room * 2 - 1)) {
        if ((s->slot[i] & above) != bits)
            continue;
        const struct identity *other = &s->ring[index_of(s, s->slot[i])];
        if (other->id == x.id && ((other->bytes ^ x.bytes) & which) == 0)
            return other;
    }
    return NULL;
}

static void slot_insert(struct seen *s, size_t index)
{
    size_t i = home_of(s, s->ring[index]);
    while (s->slot[i])
        i = (i + 1) & (s->room * 2 - 1);
    s->slot[i] = slot_of(s, s->ring[index], index);
}

static void slot_remove(struct seen *s, size_t index)
{
    size_t mask = s->room * 2 - 1, hole = home_of(s, s->ring[index]);
    while (s->slot[hole] != slot_of(s, s->ring[index], index))
        hole = (hole + 1) & mask;
    for (size_t i = (hole + 1) & mask; s->slot[i]; i = (i + 1) & mask) {
        size_t home = home_of(s, s->ring[index_of(s, s->slot[i])]);
        if (((i - home) & mask) >= ((i - hole) & mask)) { /* its way from home passes the hole */
            s->slot[hole] = s->slot[i];
            hole = i;
        }
    }
    s->slot[hole] = 0;
}

/* Doubles both arrays, the ring unrolled so that the oldest is first. */
static bool grow(struct seen *s)
{
    size_t room = s->room ? s->room * 2 : FIRST_ROOM;
    struct identity *ring = malloc(room * sizeof *ring);
    uint32_t *slot = slots_new(room * 2, sizeof *slot);
    if (!ring || !slot) {
        free(ring);
        free(slot);
        return false;
    }
    for (size_t i = 0; i < s->n; i++)
        ring[i] = s->ring[(s->first + i) & (s->room - 1)];
    free(s->ring);
    free(s->slot);
    s->ring = ring;
    s->slot = slot;
    s->room = room;
    s->first = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (i + AHEAD < s->n)
            __builtin_prefetch(&slot[home_of(s, ring[i + AHEAD])]);
        slot_insert(s, i);
    }
    return true;
}

/* Behind the others; the oldest makes room for it. False: no memory. */
static bool append(struct seen *s, struct identity x)
{
    if (s->n == s->limit) {
        slot_remove(s, s->first);
        s->others -= !(s->ring[s->first].bytes & IS_FIRST);
        s->first = (s->first + 1) & (s->room - 1);
        s->n--;
    } else if (s->n == s->room && !grow(s)) {
        return false;
    }
    size_t index = (s->first + s->n++) & (s->room - 1);
    s->ring[index] = x;
    s->others += !(x.bytes & IS_FIRST);
    slot_insert(s, index);
    return true;
}

void seen_fetch(const struct seen *s, uint64_t id)
{
    if (s->room > 0)
        __builtin_prefetch(&s->slot[home_of(s, (struct identity){id, IS_FIRST})]);
}

enum seen_verdict seen_add(struct seen *s, uint64_t id, uint64_t bytes)
{
    struct identity first = {id, bytes | IS_FIRST}, other = {id, bytes & ~IS_FIRST};
    const struct identity *found = find(s, first, IS_FIRST);
    if ((found && found->bytes == first.bytes) || (s->others > 0 && find(s, other, UINT64_MAX)))
        return SEEN_AGAIN;
    bool same_id = found != NULL; /* before the ring changes under it */
    if (!append(s, same_id ? other : first))
        return SEEN_NO_MEMORY;
    return same_id ? SEEN_OTHER_BYTES : SEEN_NEW;
}

void seen_nth(const struct seen *s, size_t i, uint64_t *id, uint64_t *bytes)
{
    const struct identity *x = &s->ring[(s->first + i) & (s->room - 1)];
    *id = x->id;
    *bytes = x->bytes;
}

bool seen_put(struct seen *s, uint64_t id, uint64_t bytes)
{
    return append(s, (struct identity){id, bytes});
}

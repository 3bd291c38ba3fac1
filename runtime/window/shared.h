/*
 * shared.h - texts that several owners hold: group keys, breakdowns, fields. Counted references; equal texts
 * that are interned are one. Not for several threads.
 */
#ifndef TRAIL_SHARED_H
#define TRAIL_SHARED_H

#include "siphash.h"
#include <trail/pack.h>

struct shared {
    uint32_t owners;
    bool interned;
    size_t n;
    uint64_t hash; /* when interned */
    char p[];
};

struct shared_table {
    struct siphash_key key;
    struct shared **slot; /* open addressing; `room` is 0 or a power of two */
    size_t room, n;
};

/* The one text of these bytes, with one more owner; NULL: no memory. */
struct shared *shared_intern(struct shared_table *, struct trail_slice);

/* A text of its own with one owner; NULL: no memory. */
struct shared *shared_copy(struct trail_slice);

struct shared *shared_hold(struct shared *);              /* one more owner; NULL stays NULL */
void shared_drop(struct shared_table *, struct shared *); /* one owner less; NULL is allowed */
struct trail_slice shared_text(const struct shared *);    /* NULL: the empty text */
void shared_free(struct shared_table *); /* the table; its texts have to be dropped already */

#endif

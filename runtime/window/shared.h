/*
 * shared.h - texts that several owners hold: group keys, breakdowns, fields. Counted references; equal texts
 * that are interned are one. Not for several threads. They lie in the table's slab, which others that live as
 * long may use, too.
 */
#ifndef TRAIL_SHARED_H
#define TRAIL_SHARED_H

#include "siphash.h"
#include "slab.h"
#include "tagged.h"
#include <trail/pack.h>

struct shared {
    uint32_t owners;
    uint32_t interned : 1, n : 31;
    uint32_t hash; /* when interned: keyed, so that nobody who writes a log can choose it */
    char p[];
};

struct shared_table {
    struct siphash_key key;
    struct tagged_table slots;
    struct slab slab;
};

/* The one text of these bytes, with one more owner; NULL: no memory. */
struct shared *shared_intern(struct shared_table *, struct trail_slice);

/* The same where the hash is known. */
uint32_t shared_hash(const struct shared_table *, struct trail_slice);
uint32_t shared_hash_of(uint64_t siphash); /* from siphash() of the text with the table's key */
struct shared *shared_intern_hashed(struct shared_table *, struct trail_slice, uint32_t hash);

/* Gets the place of such a text on its way from memory. */
void shared_fetch(const struct shared_table *, uint32_t hash);

/* A text of its own with one owner; NULL: no memory. */
struct shared *shared_copy(struct shared_table *, struct trail_slice);

struct shared *shared_hold(struct shared *);              /* one more owner; NULL stays NULL */
void shared_drop(struct shared_table *, struct shared *); /* one owner less; NULL is allowed */
struct trail_slice shared_text(const struct shared *);    /* NULL: the empty text */
size_t shared_size(const struct shared *);                /* bytes of memory; NULL: 0 */
void shared_free(struct shared_table *);                  /* all of it, the texts too, whoever owns them */

#endif

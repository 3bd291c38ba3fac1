/*
 * shared.c - see shared.h. The table does not own its texts: the last owner takes a text out. Linear probing
 * with gaps closed on removal, as in seen.c.
 */
#include "shared.h"
#include "slots.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 64 };

enum { LONGEST = INT32_MAX };

/* The text begins where the compiler would leave a gap. */
static size_t size_of(size_t n)
{
    return offsetof(struct shared, p) + n;
}

static struct shared *create(struct shared_table *t, struct trail_slice text)
{
    struct shared *s = text.n <= LONGEST ? slab_take(&t->slab, size_of(text.n)) : NULL;
    if (!s)
        return NULL;
    s->owners = 1;
    s->interned = 0;
    s->n = (uint32_t)text.n & LONGEST;
    s->hash = 0;
    if (text.n > 0)
        memcpy(s->p, text.p, text.n);
    return s;
}

static size_t find(const struct shared_table *t, uint32_t hash, struct trail_slice text)
{
    size_t i = hash & (t->room - 1);
    for (; t->slot[i]; i = (i + 1) & (t->room - 1)) {
        const struct shared *s = untag(t->slot[i]);
        if (tag_fits(t->slot[i], hash) && s->hash == hash && s->n == text.n &&
            memcmp(s->p, text.p, text.n) == 0)
            break;
    }
    return i;
}

static bool grow(struct shared_table *t)
{
    size_t room = t->room ? t->room * 2 : FIRST_ROOM;
    tagged *slot = slots_new(room, sizeof *slot);
    if (!slot)
        return false;
    for (size_t k = 0; k < t->room; k++) {
        tagged_prefetch(t->slot, k, t->room);
        if (!t->slot[k])
            continue;
        const struct shared *s = untag(t->slot[k]);
        size_t i = s->hash & (room - 1);
        while (slot[i])
            i = (i + 1) & (room - 1);
        slot[i] = t->slot[k];
    }
    free(t->slot);
    t->slot = slot;
    t->room = room;
    return true;
}

uint32_t shared_hash_of(uint64_t siphash)
{
    return (uint32_t)siphash;
}

uint32_t shared_hash(const struct shared_table *t, struct trail_slice text)
{
    return shared_hash_of(siphash(&t->key, text.p ? text.p : "", text.n));
}

void shared_fetch(const struct shared_table *t, uint32_t hash)
{
    if (t->room > 0)
        __builtin_prefetch(&t->slot[hash & (t->room - 1)]);
}

struct shared *shared_intern(struct shared_table *t, struct trail_slice text)
{
    return shared_intern_hashed(t, text, shared_hash(t, text));
}

struct shared *shared_intern_hashed(struct shared_table *t, struct trail_slice text, uint32_t hash)
{
    if (!text.p)
        text.p = "";
    if (t->n * 4 >= t->room * 3 && !grow(t))
        return NULL;
    size_t i = find(t, hash, text);
    if (t->slot[i])
        return shared_hold(untag(t->slot[i]));
    struct shared *s = create(t, text);
    if (!s)
        return NULL;
    s->interned = 1;
    s->hash = hash;
    t->slot[i] = tag(s, hash);
    t->n++;
    return s;
}

struct shared *shared_copy(struct shared_table *t, struct trail_slice text)
{
    return create(t, text);
}

struct shared *shared_hold(struct shared *s)
{
    if (s)
        s->owners++;
    return s;
}

static void take_out(struct shared_table *t, const struct shared *s)
{
    size_t mask = t->room - 1, hole = s->hash & mask;
    while (untag(t->slot[hole]) != s)
        hole = (hole + 1) & mask;
    for (size_t i = (hole + 1) & mask; t->slot[i]; i = (i + 1) & mask) {
        size_t home = ((const struct shared *)untag(t->slot[i]))->hash & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            t->slot[hole] = t->slot[i];
            hole = i;
        }
    }
    t->slot[hole] = 0;
    t->n--;
}

void shared_drop(struct shared_table *t, struct shared *s)
{
    if (!s || --s->owners > 0)
        return;
    if (s->interned)
        take_out(t, s);
    slab_give(&t->slab, s, size_of(s->n));
}

struct trail_slice shared_text(const struct shared *s)
{
    return s ? (struct trail_slice){s->p, s->n} : (struct trail_slice){"", 0};
}

size_t shared_size(const struct shared *s)
{
    return s ? size_of(s->n) : 0;
}

void shared_free(struct shared_table *t)
{
    free(t->slot);
    t->slot = NULL;
    t->room = t->n = 0;
    slab_free(&t->slab);
}

/*
 * shared.c - see shared.h. The table does not own its texts: the last owner takes a text out.
 */
#include "shared.h"

#include <stdlib.h>
#include <string.h>

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

/* The text with this hash; NULL: there is none. */
static struct shared *find(const struct tagged_table *t, uint32_t hash, struct trail_slice text)
{
    for (size_t i = tagged_home(t, hash);; i = tagged_next(t, i)) {
        i = tagged_find(t, i, hash);
        struct shared *s = untag(tagged_at(t, i));
        if (!s || (s->hash == hash && s->n == text.n && memcmp(s->p, text.p, text.n) == 0))
            return s;
    }
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
    tagged_fetch(&t->slots, hash);
}

struct shared *shared_intern(struct shared_table *t, struct trail_slice text)
{
    return shared_intern_hashed(t, text, shared_hash(t, text));
}

struct shared *shared_intern_hashed(struct shared_table *t, struct trail_slice text, uint32_t hash)
{
    if (!text.p)
        text.p = "";
    if (!tagged_reserve(&t->slots))
        return NULL;
    struct shared *s = find(&t->slots, hash, text);
    if (s)
        return shared_hold(s);
    s = create(t, text);
    if (!s)
        return NULL;
    s->interned = 1;
    s->hash = hash;
    tagged_put(&t->slots, s, hash);
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

static void take_out(struct tagged_table *t, const struct shared *s)
{
    size_t i = tagged_home(t, s->hash);
    while (untag(tagged_at(t, i)) != s)
        i = tagged_next(t, i);
    tagged_remove(t, i);
}

void shared_drop(struct shared_table *t, struct shared *s)
{
    if (!s || --s->owners > 0)
        return;
    if (s->interned)
        take_out(&t->slots, s);
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
    tagged_free(&t->slots);
    slab_free(&t->slab);
}

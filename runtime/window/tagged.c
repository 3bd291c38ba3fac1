/*
 * tagged.c - see tagged.h. Linear probing, and gaps are closed as in seen.c.
 */
#include "tagged.h"
#include "slots.h"

enum { FIRST_LINES = 8, FIRST_SHIFT = 32 - 3, TAG_BITS = 19 };

_Static_assert(sizeof(struct tagged_line) == 64, "a line of the cache");

static uint32_t hash_at(const struct tagged_table *t, size_t i)
{
    tagged at = tagged_at(t, i);
    return (uint32_t)t->line[i / TAGGED_STEP].rest[i % TAGGED_STEP] << TAG_BITS | (uint32_t)(at >> 48) << 3 |
           (uint32_t)(at & 7);
}

static void set(struct tagged_table *t, size_t i, tagged piece, uint32_t hash)
{
    t->line[i / TAGGED_STEP].slot[i % TAGGED_STEP] = piece;
    t->line[i / TAGGED_STEP].rest[i % TAGGED_STEP] = (uint16_t)(hash >> TAG_BITS);
}

static void put(struct tagged_table *t, tagged piece, uint32_t hash)
{
    size_t i = tagged_home(t, hash);
    while (tagged_at(t, i))
        i = tagged_next(t, i);
    set(t, i, piece, hash);
}

/* A quarter stays empty. */
bool tagged_reserve(struct tagged_table *t)
{
    size_t lines = t->end / TAGGED_STEP;
    if (t->n * 4 < lines * TAGGED_SLOTS * 3)
        return true;
    struct tagged_table more = {.n = t->n, .shift = lines > 0 ? t->shift - 1 : FIRST_SHIFT};
    lines = lines > 0 ? lines * 2 : FIRST_LINES;
    more.end = lines * TAGGED_STEP;
    more.line = more.shift > 0 ? slots_new(lines, sizeof *more.line) : NULL;
    if (!more.line)
        return false;
    for (size_t i = 0; i < t->end; i++)
        if (i % TAGGED_STEP < TAGGED_SLOTS && tagged_at(t, i))
            put(&more, tagged_at(t, i), hash_at(t, i));
    free(t->line);
    *t = more;
    return true;
}

void tagged_put(struct tagged_table *t, void *piece, uint32_t hash)
{
    put(t, (uintptr_t)piece | tag_of(hash), hash);
    t->n++;
}

void tagged_remove(struct tagged_table *t, size_t hole)
{
    size_t mask = t->end - 1;
    for (size_t i = tagged_next(t, hole); tagged_at(t, i); i = tagged_next(t, i)) {
        uint32_t hash = hash_at(t, i);
        if (((i - tagged_home(t, hash)) & mask) >=
            ((i - hole) & mask)) { /* its way from home passes the hole */
            set(t, hole, tagged_at(t, i), hash);
            hole = i;
        }
    }
    set(t, hole, 0, 0);
    t->n--;
}

void tagged_free(struct tagged_table *t)
{
    free(t->line);
    *t = (struct tagged_table){0};
}

/*
 * map.c - values by text: open addressing in the arena, so that packs of any size are looked up in one step.
 */
#include <string.h>

#include "trailc.h"

static uint64_t hash_of(struct slice key)
{
    uint64_t h = UINT64_C(1469598103934665603); /* FNV-1a */
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

static struct map_slot *slot_of(const struct map *t, uint64_t hash, struct slice key)
{
    size_t i = (size_t)hash & (t->room - 1);
    while (t->slots[i].used && !(t->slots[i].hash == hash && slice_eq(t->slots[i].key, key)))
        i = (i + 1) & (t->room - 1);
    return &t->slots[i];
}

static void grow(struct compile *c, struct map *t)
{
    struct map larger = {.n = t->n, .room = t->room ? t->room * 2 : 16};
    larger.slots = NEW_ARRAY(c, struct map_slot, larger.room);
    for (size_t i = 0; i < t->room; i++)
        if (t->slots[i].used)
            *slot_of(&larger, t->slots[i].hash, t->slots[i].key) = t->slots[i];
    *t = larger;
}

void **map_at(struct compile *c, struct map *t, struct slice key)
{
    if (t->n * 2 >= t->room)
        grow(c, t);
    uint64_t hash = hash_of(key);
    struct map_slot *slot = slot_of(t, hash, key);
    if (!slot->used) {
        *slot = (struct map_slot){.used = true, .hash = hash, .key = key};
        t->n++;
    }
    return &slot->value;
}

void *map_get(const struct map *t, struct slice key)
{
    return t->room ? slot_of(t, hash_of(key), key)->value : NULL;
}

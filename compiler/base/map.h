/*
 * map.h - values by text.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct map_slot {
    bool used;
    uint64_t hash;
    struct slice key;
    void *value;
};

/* Zero-initialise. In the arena; borrows the keys. */
struct map {
    size_t n, room;
    struct map_slot *slots;
};

/* The place of the key's value, NULL at first; it moves with the next key that is added. */
void **map_at(struct compile *, struct map *, struct slice key);
void *map_get(const struct map *, struct slice key); /* NULL: none */

#endif

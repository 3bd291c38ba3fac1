/*
 * table.h - things by the hash of what they are found by. Borrows them.
 */
#ifndef TRAIL_TABLE_H
#define TRAIL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cell {
    struct cell *next;
    uint64_t hash;
    void *item;
};

/* Zeroes are an empty one. */
struct table {
    struct cell **slot;
    size_t room, n; /* room: 0 or a power of two */
};

bool table_add(struct table *, uint64_t hash, void *item); /* false: no memory */
void table_remove(struct table *, uint64_t hash, const void *item);

/* The first of a hash; cell_next: those after it. NULL: there is none. */
struct cell *table_first(const struct table *, uint64_t hash);
struct cell *cell_next(const struct cell *);

void table_free(struct table *);

#endif

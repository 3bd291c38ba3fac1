/*
 * table.c - see table.h.
 */
#include "table.h"

#include <stdlib.h>

static bool grow(struct table *t)
{
    size_t room = t->room ? t->room * 2 : 64;
    struct cell **slot = calloc(room, sizeof(*slot));
    if (!slot)
        return false;
    for (size_t i = 0; i < t->room; i++) {
        while (t->slot[i]) {
            struct cell *c = t->slot[i];
            t->slot[i] = c->next;
            c->next = slot[c->hash & (room - 1)];
            slot[c->hash & (room - 1)] = c;
        }
    }
    free(t->slot);
    t->slot = slot;
    t->room = room;
    return true;
}

bool table_add(struct table *t, uint64_t hash, void *item)
{
    if (t->n >= t->room && !grow(t))
        return false;
    struct cell *c = malloc(sizeof *c);
    if (!c)
        return false;
    struct cell **slot = &t->slot[hash & (t->room - 1)];
    *c = (struct cell){*slot, hash, item};
    *slot = c;
    t->n++;
    return true;
}

void table_remove(struct table *t, uint64_t hash, const void *item)
{
    if (t->room == 0)
        return;
    for (struct cell **c = &t->slot[hash & (t->room - 1)]; *c; c = &(*c)->next) {
        if ((*c)->hash == hash && (*c)->item == item) {
            struct cell *gone = *c;
            *c = gone->next;
            free(gone);
            t->n--;
            return;
        }
    }
}

static struct cell *of_hash(struct cell *c, uint64_t hash)
{
    while (c && c->hash != hash)
        c = c->next;
    return c;
}

struct cell *table_first(const struct table *t, uint64_t hash)
{
    return t->room ? of_hash(t->slot[hash & (t->room - 1)], hash) : NULL;
}

struct cell *cell_next(const struct cell *c)
{
    return of_hash(c->next, c->hash);
}

void table_free(struct table *t)
{
    for (size_t i = 0; i < t->room; i++) {
        while (t->slot[i]) {
            struct cell *c = t->slot[i];
            t->slot[i] = c->next;
            free(c);
        }
    }
    free(t->slot);
    *t = (struct table){0};
}

/*
 * near.h - which of some words a misspelt one may be meant for.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/arena.h"

/* The one of some words that another may be a misspelling of. Set word, try them all, read best (n 0: none is near). */
struct nearest {
    struct slice word, best;
    size_t distance;
};
void nearest_try(struct nearest *, struct slice candidate);
/* Letters put in, left out, changed or swapped, whatever their case; SIZE_MAX for long words. */
size_t word_distance(struct slice, struct slice);

#endif

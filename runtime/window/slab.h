/*
 * slab.h - memory for very many small pieces: a million groups are four million of them, and what malloc
 * keeps beside each, and what it rounds up, would be a quarter of it all.
 *
 * Pieces are rounded up to 8 bytes, lie one behind the other in blocks of 64 KiB and, of many, 2 MiB, and are
 * used again for others of their size; large ones are malloc's. All go at once with the slab, without a look
 * at any. A slab does not give memory back before that.
 */
#ifndef TRAIL_SLAB_H
#define TRAIL_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLAB_LARGEST = 512, SLAB_CLASSES = SLAB_LARGEST / 8 };

struct slab {
    bool single;    /* every piece is malloc's: for tests, and for sanitizers, which then see each */
    size_t bytes;   /* of the pieces in use, rounded up */
    char *at, *end; /* what is left of the newest block */
    struct slab_block *blocks;
    struct slab_large *large;
    struct slab_piece *free[SLAB_CLASSES + 1]; /* by size / 8 */
};

/* Zeroes are an empty slab. */

/* NULL: no memory. Aligned to 8. */
void *slab_take(struct slab *, size_t n);

/* Gives a piece back, of the size that it was taken with. NULL is allowed. */
void slab_give(struct slab *, void *piece, size_t n);

void slab_free(struct slab *);

#endif

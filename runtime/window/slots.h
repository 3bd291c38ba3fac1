/*
 * slots.h - memory for the slots of a hash table, all 0: large ones on large pages where the system has any.
 *
 * A look into a table of many megabytes misses not only the cache but also, on pages of 4 KiB, what the
 * processor keeps of where pages are.
 */
#ifndef TRAIL_SLOTS_H
#define TRAIL_SLOTS_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SLOTS_LARGE_PAGE ((size_t)2 << 20)

/* free() gives it back; NULL: no memory. */
static inline void *slots_new(size_t n, size_t size)
{
    if (n < SLOTS_LARGE_PAGE / size || n > (SIZE_MAX - SLOTS_LARGE_PAGE) / size)
        return calloc(n, size);
    void *slots =
        aligned_alloc(SLOTS_LARGE_PAGE, (n * size + SLOTS_LARGE_PAGE - 1) & ~(SLOTS_LARGE_PAGE - 1));
    if (!slots)
        return NULL;
    madvise(slots, n * size, MADV_HUGEPAGE); /* where it cannot be, nothing is lost */
    return memset(slots, 0, n * size);
}

#endif

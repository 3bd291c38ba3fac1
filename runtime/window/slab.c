/*
 * slab.c - see slab.h.
 */
#include "slab.h"
#include "slots.h"
#include "tagged.h"

#include <stdlib.h>

/* What is used beyond SMALL is taken in large pages, where the system has any: fewer faults, and fewer misses
 * of what the processor keeps of where pages are. */
enum { BLOCK = 64 << 10, SMALL = 16 << 20 };

#if defined(__SANITIZE_ADDRESS__)
#define SINGLE true
#else
#define SINGLE false
#endif

struct slab_block {
    struct slab_block *next;
};

struct slab_piece {
    struct slab_piece *next;
};

/* In front of a large piece. */
struct slab_large {
    struct slab_large *next, *before;
};

static size_t rounded(size_t n)
{
    return n == 0 ? 8 : (n + 7) & ~(size_t)7;
}

static bool is_large(const struct slab *s, size_t n)
{
    return SINGLE || s->single || n > SLAB_LARGEST;
}

/* What has no room for a tag is as good as none. */
static void *in_reach(void *p, size_t n)
{
    if ((uint64_t)(uintptr_t)p + n <= TAGGED_BEYOND)
        return p;
    free(p);
    return NULL;
}

static void *allocate(size_t n)
{
    return in_reach(malloc(n), n);
}

static void *take_large(struct slab *s, size_t n)
{
    struct slab_large *l = n < SIZE_MAX - sizeof *l ? allocate(sizeof *l + n) : NULL;
    if (!l)
        return NULL;
    *l = (struct slab_large){.next = s->large};
    if (s->large)
        s->large->before = l;
    s->large = l;
    return l + 1;
}

static void give_large(struct slab *s, void *piece)
{
    struct slab_large *l = (struct slab_large *)piece - 1;
    if (l->next)
        l->next->before = l->before;
    if (l->before)
        l->before->next = l->next;
    else
        s->large = l->next;
    free(l);
}

static size_t block_size(const struct slab *s)
{
    return s->bytes < SMALL ? BLOCK : SLOTS_LARGE_PAGE;
}

static struct slab_block *new_block(size_t size)
{
    if (size == BLOCK)
        return allocate(size);
    void *p = aligned_alloc(size, size);
    if (p)
        madvise(p, size, MADV_HUGEPAGE); /* where it cannot be, nothing is lost */
    return in_reach(p, size);
}

/* What is left of the block before goes to the pieces of its size. */
static bool add_block(struct slab *s)
{
    size_t size = block_size(s);
    struct slab_block *b = new_block(size);
    if (!b)
        return false;
    size_t left = (size_t)(s->end - s->at) / 8;
    if (left > 0) {
        struct slab_piece *piece = (struct slab_piece *)(void *)s->at;
        piece->next = s->free[left];
        s->free[left] = piece;
    }
    b->next = s->blocks;
    s->blocks = b;
    s->at = (char *)(b + 1);
    s->end = (char *)b + size;
    return true;
}

void *slab_take(struct slab *s, size_t n)
{
    size_t size = rounded(n);
    void *piece;
    if (is_large(s, n)) {
        piece = take_large(s, n);
    } else if ((piece = s->free[size / 8]) != NULL) {
        s->free[size / 8] = s->free[size / 8]->next;
    } else if ((size_t)(s->end - s->at) >= size || add_block(s)) {
        piece = s->at;
        s->at += size;
    }
    s->bytes += piece ? size : 0;
    return piece;
}

void slab_give(struct slab *s, void *piece, size_t n)
{
    if (!piece)
        return;
    size_t size = rounded(n);
    s->bytes -= size;
    if (is_large(s, n)) {
        give_large(s, piece);
        return;
    }
    struct slab_piece *p = piece;
    p->next = s->free[size / 8];
    s->free[size / 8] = p;
}

void slab_free(struct slab *s)
{
    while (s->blocks) {
        struct slab_block *next = s->blocks->next;
        free(s->blocks);
        s->blocks = next;
    }
    while (s->large) {
        struct slab_large *next = s->large->next;
        free(s->large);
        s->large = next;
    }
    *s = (struct slab){.single = s->single};
}

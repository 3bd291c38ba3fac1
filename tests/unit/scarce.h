/*
 * scarce.h - memory that runs out: the allocations of the process are counted, and one fails, or all from there
 * on. For one program: it takes over malloc, calloc and realloc. A sanitizer has them already: then nothing is
 * counted.
 */
#ifndef SCARCE_H
#define SCARCE_H

#include <stdbool.h>
#include <stddef.h>

static struct {
    bool counting;
    long n;        /* so far */
    long fail_at;  /* this one fails; 0: none */
    bool for_good; /* and so do all behind it */
} scarce;

/* Counts from now on; this one fails, from 1. Until `scarce.counting` is false. */
static inline void scarce_start(long fail_at, bool for_good)
{
    scarce.n = 0;
    scarce.fail_at = fail_at;
    scarce.for_good = for_good;
    scarce.counting = true;
}

/* Whether there have been so many that one failed. */
static inline bool scarce_failed(void)
{
    return scarce.fail_at && scarce.n >= scarce.fail_at;
}

#ifndef __SANITIZE_ADDRESS__

/* The C library's own, below the names that this program takes over. */
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static bool scarce_has(void)
{
    if (!scarce.counting)
        return true;
    long n = __atomic_add_fetch(&scarce.n, 1, __ATOMIC_RELAXED);
    return scarce.for_good && scarce.fail_at ? n < scarce.fail_at : n != scarce.fail_at;
}

void *malloc(size_t n)
{
    return scarce_has() ? __libc_malloc(n) : NULL;
}

void *calloc(size_t n, size_t size)
{
    return scarce_has() ? __libc_calloc(n, size) : NULL;
}

void *realloc(void *p, size_t n)
{
    return scarce_has() ? __libc_realloc(p, n) : NULL;
}

#endif

#endif

/*
 * scarce.h - memory that runs out: the allocations of the process are counted, and one fails, or all from there on. For
 * one program: it takes over malloc, calloc and realloc. A sanitizer has them already: then nothing is counted.
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

#ifndef __SANITIZE_ADDRESS__

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

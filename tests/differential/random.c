/*
 * random.c - dice, and texts that grow.
 */
#include "random.h"

#include <stdlib.h>
#include <string.h>

/* SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t random_next(struct random *r)
{
    uint64_t z = r->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

unsigned random_below(struct random *r, unsigned n)
{
    return (unsigned)(random_next(r) >> 33) % n;
}

bool random_one_in(struct random *r, unsigned n)
{
    return random_below(r, n) == 0;
}

void draft_add(struct draft *d, const char *p, size_t n)
{
    if (d->n + n + 1 > d->room) {
        d->room = (d->n + n + 1) * 2;
        d->p = realloc(d->p, d->room);
        if (!d->p)
            abort();
    }
    if (n)
        memcpy(d->p + d->n, p, n);
    d->n += n;
    d->p[d->n] = '\0';
}

void draft_text(struct draft *d, const char *text)
{
    draft_add(d, text, strlen(text));
}

void draft_char(struct draft *d, char c)
{
    draft_add(d, &c, 1);
}

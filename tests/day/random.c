/* random.c - numbers that the seed decides. */
#include "day.h"

uint64_t random_next(struct random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Multiply and shift: the bias is far below what a day of records could show. */
uint64_t random_below(struct random *r, uint64_t n)
{
    return ((random_next(r) >> 32) * n) >> 32;
}

uint64_t random_mix(uint64_t a, uint64_t b)
{
    struct random r = {a ^ (b * 0xd6e8feb86659fd93u)};
    return random_next(&r);
}

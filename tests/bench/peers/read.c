/*
 * read.c - how fast the memory is: every byte of a file, loaded before, is read once with vectors and nothing is
 * done with it but one addition, so that the reading cannot be left out.
 *
 *     read FILE
 */
#include <stdint.h>
#include <string.h>

#include "memory.h"

typedef uint64_t vector __attribute__((vector_size(64)));

static uint64_t sum(const char *p, size_t n)
{
    vector a = {0}, b = {0}, c = {0}, d = {0}, v[4];
    size_t at = 0;
    for (; at + sizeof v <= n; at += sizeof v) {
        memcpy(v, p + at, sizeof v);
        a += v[0];
        b += v[1];
        c += v[2];
        d += v[3];
    }
    uint64_t total = 0;
    a += b + c + d;
    for (size_t i = 0; i < sizeof a / sizeof a[0]; i++)
        total += a[i];
    for (; at < n; at++)
        total += (unsigned char)p[at];
    return total;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: read FILE\n", stderr);
        return 2;
    }
    size_t n;
    char *p = peer_load(argv[1], &n);
    double start = peer_now();
    uint64_t total = sum(p, n);
    peer_tell(peer_now() - start);
    printf("%llu\n", (unsigned long long)total);
    free(p);
    return 0;
}

/*
 * sha256.c - SHA-256 of the compiler's texts; the runtime has the algorithm.
 */
#include "hash/sha256.h"

#include "document.h"

struct slice sha256_hex(struct compile *c, struct slice bytes)
{
    unsigned char hash[TRAIL_SHA256];
    char hex[TRAIL_SHA256_HEX];
    trail_sha256(hash, bytes.p, bytes.n);
    trail_sha256_print(hex, hash);
    return slice_copy(c, hex, TRAIL_SHA256_HEX - 1);
}

/*
 * sha256.h - SHA-256 (FIPS 180-4) and HMAC (RFC 2104) with it. The compiler links it, too.
 */
#ifndef TRAIL_SHA256_H
#define TRAIL_SHA256_H

#include <stddef.h>

enum { TRAIL_SHA256 = 32, TRAIL_SHA256_HEX = 65 };

void trail_sha256(unsigned char out[TRAIL_SHA256], const void *p, size_t n);

/* Of the pieces, one behind the other. */
struct trail_bytes {
    const void *p;
    size_t n;
};
void trail_hmac_sha256(unsigned char out[TRAIL_SHA256], const void *key, size_t n_key,
                       const struct trail_bytes *pieces, size_t n);

/* As 64 hexadecimal digits and a NUL. */
void trail_sha256_print(char out[TRAIL_SHA256_HEX], const unsigned char hash[TRAIL_SHA256]);

#endif

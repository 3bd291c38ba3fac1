/*
 * sha256.c - SHA-256, as FIPS 180-4 defines it, and HMAC.
 */
#include "sha256.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 64 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
static const uint32_t constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static void schedule(uint32_t w[ROUNDS], const unsigned char *block)
{
    for (size_t i = 0; i < 16; i++, block += 4)
        w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
    for (size_t i = 16; i < ROUNDS; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
}

static void compress(uint32_t hash[8], const unsigned char *block)
{
    uint32_t w[ROUNDS], v[8];
    schedule(w, block);
    memcpy(v, hash, sizeof v);
    for (size_t i = 0; i < ROUNDS; i++) {
        uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t t1 = v[7] + s1 + choice + constants[i] + w[i];
        uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + s0 + majority;
    }
    for (size_t i = 0; i < 8; i++)
        hash[i] += v[i];
}

struct hashing {
    uint32_t hash[8];
    unsigned char rest[BLOCK]; /* bytes that fill no block yet */
    uint64_t n;
};

static void start(struct hashing *h)
{
    *h = (struct hashing){.hash = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
                                   0x1f83d9ab, 0x5be0cd19}};
}

static void add(struct hashing *h, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    while (n) {
        size_t used = h->n % BLOCK, take = BLOCK - used < n ? BLOCK - used : n;
        memcpy(h->rest + used, p, take);
        h->n += take;
        p += take;
        n -= take;
        if (used + take == BLOCK)
            compress(h->hash, h->rest);
    }
}

/* A one bit, zeros, and the length in bits. */
static void end(struct hashing *h, unsigned char out[TRAIL_SHA256])
{
    static const unsigned char padding[BLOCK] = {0x80};
    unsigned char length[8];
    for (size_t i = 0; i < 8; i++)
        length[i] = (unsigned char)(h->n * 8 >> (56 - 8 * i));
    add(h, padding, (h->n % BLOCK < 56 ? 56 : 120) - h->n % BLOCK);
    add(h, length, sizeof length);
    for (size_t i = 0; i < TRAIL_SHA256; i++)
        out[i] = (unsigned char)(h->hash[i / 4] >> (24 - 8 * (i % 4)));
}

void trail_sha256(unsigned char out[TRAIL_SHA256], const void *p, size_t n)
{
    struct hashing h;
    start(&h);
    add(&h, p, n);
    end(&h, out);
}

void trail_hmac_sha256(unsigned char out[TRAIL_SHA256], const void *key, size_t n_key,
                       const struct trail_bytes *pieces, size_t n)
{
    unsigned char pad[BLOCK] = {0};
    struct hashing h;
    if (n_key > BLOCK)
        trail_sha256(pad, key, n_key);
    else if (n_key)
        memcpy(pad, key, n_key);
    for (size_t i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36;
    start(&h);
    add(&h, pad, BLOCK);
    for (size_t i = 0; i < n; i++)
        add(&h, pieces[i].p, pieces[i].n);
    end(&h, out);
    for (size_t i = 0; i < BLOCK; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    start(&h);
    add(&h, pad, BLOCK);
    add(&h, out, TRAIL_SHA256);
    end(&h, out);
    explicit_bzero(pad, sizeof pad);
}

void trail_sha256_print(char out[TRAIL_SHA256_HEX], const unsigned char hash[TRAIL_SHA256])
{
    for (size_t i = 0; i < TRAIL_SHA256; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

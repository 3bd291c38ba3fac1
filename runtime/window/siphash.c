/*
 * siphash.c - see siphash.h. The state takes eight bytes at a time; `tail` holds those that do not make eight
 * yet.
 */
#include "siphash.h"

#include <endian.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Digits of pi: a key with nothing up its sleeve. */
const struct siphash_key SIPHASH_FIXED = {{0x243f6a8885a308d3, 0x13198a2e03707344}};

struct siphash_key siphash_random(void)
{
    struct siphash_key key;
    if (getrandom(&key, sizeof key, GRND_NONBLOCK) == (ssize_t)sizeof key)
        return key;
    /* Early in a boot there may be no entropy yet. A clock and an address are better than a constant. */
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    key = SIPHASH_FIXED;
    key.k[0] ^= (uint64_t)now.tv_nsec * 0x9e3779b97f4a7c15 + (uint64_t)now.tv_sec;
    key.k[1] ^= (uint64_t)(uintptr_t)&now;
    return key;
}

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void rounds(uint64_t v[4], int n)
{
    for (int i = 0; i < n; i++) {
        v[0] += v[1], v[1] = rotate(v[1], 13), v[1] ^= v[0], v[0] = rotate(v[0], 32);
        v[2] += v[3], v[3] = rotate(v[3], 16), v[3] ^= v[2];
        v[0] += v[3], v[3] = rotate(v[3], 21), v[3] ^= v[0];
        v[2] += v[1], v[1] = rotate(v[1], 17), v[1] ^= v[2], v[2] = rotate(v[2], 32);
    }
}

static inline void compress(uint64_t v[4], uint64_t word)
{
    v[3] ^= word;
    rounds(v, 2);
    v[0] ^= word;
}

void siphash_start(struct siphash *s, const struct siphash_key *key)
{
    s->v[0] = key->k[0] ^ 0x736f6d6570736575;
    s->v[1] = key->k[1] ^ 0x646f72616e646f6d;
    s->v[2] = key->k[0] ^ 0x6c7967656e657261;
    s->v[3] = key->k[1] ^ 0x7465646279746573;
    s->tail = 0;
    s->n = 0;
}

void siphash128_start(struct siphash *s, const struct siphash_key *key)
{
    siphash_start(s, key);
    s->v[1] ^= 0xee;
}

static uint64_t little_endian(const unsigned char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return le64toh(word);
}

void siphash_add(struct siphash *s, const void *bytes, size_t n)
{
    const unsigned char *p = bytes, *end = p + n;
    for (; p < end && s->n % 8 != 0; p++) {
        s->tail |= (uint64_t)*p << s->n % 8 * 8;
        if (++s->n % 8 == 0) {
            compress(s->v, s->tail);
            s->tail = 0;
        }
    }
    /* In a copy, which no store through s can touch: the state stays in registers. */
    uint64_t v[4] = {s->v[0], s->v[1], s->v[2], s->v[3]};
    for (; end - p >= 8; p += 8, s->n += 8)
        compress(v, little_endian(p));
    memcpy(s->v, v, sizeof v);
    for (; p < end; p++, s->n++)
        s->tail |= (uint64_t)*p << s->n % 8 * 8;
}

static uint64_t mixed(const uint64_t v[4])
{
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t siphash_end(struct siphash *s)
{
    compress(s->v, s->tail | s->n << 56);
    s->v[2] ^= 0xff;
    rounds(s->v, 4);
    return mixed(s->v);
}

void siphash128_end(struct siphash *s, uint64_t out[2])
{
    compress(s->v, s->tail | s->n << 56);
    s->v[2] ^= 0xee;
    rounds(s->v, 4);
    out[0] = mixed(s->v);
    s->v[1] ^= 0xdd;
    rounds(s->v, 4);
    out[1] = mixed(s->v);
}

uint64_t siphash(const struct siphash_key *key, const void *p, size_t n)
{
    struct siphash s;
    siphash_start(&s, key);
    siphash_add(&s, p, n);
    return siphash_end(&s);
}

void siphash128(uint64_t out[2], const struct siphash_key *key, const void *p, size_t n)
{
    struct siphash s;
    siphash128_start(&s, key);
    siphash_add(&s, p, n);
    siphash128_end(&s, out);
}

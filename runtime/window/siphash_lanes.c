/*
 * siphash_lanes.c - see siphash_lanes.h. Messages are laid side by side word by word as they are copied, so
 * that a kernel's load is a word of each.
 */
#include "siphash_lanes.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "siphash_kernels.h"

const struct siphash_kernel *const siphash_kernels[] = {
#if defined(__x86_64__)
    &siphash_kernel_avx512,
    &siphash_kernel_avx2,
#endif
    NULL,
};

struct siphash_lanes *siphash_lanes_new(const char *kernel)
{
    struct siphash_lanes *l = aligned_alloc(_Alignof(struct siphash_lanes), sizeof *l);
    if (!l)
        return NULL;
    memset(l, 0, sizeof *l);
    for (const struct siphash_kernel *const *k = siphash_kernels; *k && !l->kernel; k++)
        if ((!kernel || strcmp((*k)->name, kernel) == 0) && (*k)->works())
            l->kernel = *k;
    return l;
}

void siphash_lanes_free(struct siphash_lanes *l)
{
    free(l);
}

static uint64_t word_at(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return le64toh(word);
}

/* The n % 8 bytes behind a message's last whole word, without a look behind its end. */
static uint64_t rest_of(const char *p, size_t n)
{
    uint64_t rest = 0;
    if (n % 8 > 0 && n > 8)
        return word_at(p + n - 8) >> (8 - n % 8) * 8;
    for (size_t i = n / 8 * 8; i < n; i++)
        rest |= (uint64_t)(unsigned char)p[i] << i % 8 * 8;
    return rest;
}

bool siphash_lanes_add(struct siphash_lanes *l, const void *message, size_t n)
{
    const char *p = message;
    size_t lane = l->n, words = n / 8, i = 0;
    if (n > SIPHASH_LONGEST || !l->kernel)
        return false;
    for (; i + 4 <= words; i += 4) {
        l->word[i][lane] = word_at(p + i * 8);
        l->word[i + 1][lane] = word_at(p + i * 8 + 8);
        l->word[i + 2][lane] = word_at(p + i * 8 + 16);
        l->word[i + 3][lane] = word_at(p + i * 8 + 24);
    }
    for (; i < words; i++)
        l->word[i][lane] = word_at(p + i * 8);
    l->word[words][lane] = rest_of(p, n) | (uint64_t)n << 56;
    l->words[lane] = words + 1;
    l->n++;
    return true;
}

/* What is in lanes that hold no message is hashed along with the others. */
static void begin(struct siphash_lanes *l, const struct siphash_key *key, uint64_t wide,
                  uint64_t v[4][SIPHASH_LANES])
{
    const uint64_t from[4] = {key->k[0] ^ 0x736f6d6570736575, key->k[1] ^ 0x646f72616e646f6d ^ wide,
                              key->k[0] ^ 0x6c7967656e657261, key->k[1] ^ 0x7465646279746573};
    for (size_t i = 0; i < 4; i++)
        for (size_t lane = 0; lane < SIPHASH_LANES; lane++)
            v[i][lane] = from[i];
    for (size_t lane = l->n; lane < SIPHASH_LANES; lane++)
        l->words[lane] = l->words[0];
    l->kernel->run(l, v);
}

/* Four rounds behind a change of one part of the state, and what they give. */
static void mix(const struct siphash_lanes *l, uint64_t v[4][SIPHASH_LANES], size_t part, uint64_t change,
                uint64_t out[SIPHASH_LANES])
{
    for (size_t lane = 0; lane < SIPHASH_LANES; lane++)
        v[part][lane] ^= change;
    l->kernel->finish(v);
    for (size_t lane = 0; lane < SIPHASH_LANES; lane++)
        out[lane] = v[0][lane] ^ v[1][lane] ^ v[2][lane] ^ v[3][lane];
}

void siphash_lanes_end(struct siphash_lanes *l, const struct siphash_key *key, uint64_t out[SIPHASH_LANES])
{
    uint64_t v[4][SIPHASH_LANES];
    if (l->n == 0)
        return;
    begin(l, key, 0, v);
    mix(l, v, 2, 0xff, out);
    l->n = 0;
}

void siphash128_lanes_end(struct siphash_lanes *l, const struct siphash_key *key,
                          uint64_t out[SIPHASH_LANES][2])
{
    uint64_t v[4][SIPHASH_LANES], half[2][SIPHASH_LANES];
    if (l->n == 0)
        return;
    begin(l, key, 0xee, v);
    mix(l, v, 2, 0xee, half[0]);
    mix(l, v, 1, 0xdd, half[1]);
    for (size_t lane = 0; lane < SIPHASH_LANES; lane++) {
        out[lane][0] = half[0][lane];
        out[lane][1] = half[1][lane];
    }
    l->n = 0;
}

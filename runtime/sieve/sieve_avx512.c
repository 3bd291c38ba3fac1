/*
 * sieve_avx512.c - the sieve by AVX-512 with VBMI: 64 bytes are one register, and a table of 128 bytes two.
 */
#include "kernels.h"

#if defined(__AVX512VBMI__)
#include <immintrin.h>

struct vectors {
    __m512i low[SIEVE_PRINT], high[SIEVE_PRINT];
    __m512i quote, bit_5, open, close;
};

#include "sieve_body.h"

TRAIL_INLINE __m512i bytes_at(const char *p)
{
    return _mm512_loadu_si512((const void *)p);
}

/* A byte 64 times, kept in a register: the compiler would make it anew for each block. */
TRAIL_INLINE __m512i all(char byte)
{
    __m512i v = _mm512_set1_epi8(byte);
    __asm__("" : "+v"(v));
    return v;
}

TRAIL_INLINE void sieve_load(struct vectors *v, const struct sieve_classes *c)
{
    for (int i = 0; i < SIEVE_PRINT; i++) {
        v->low[i] = _mm512_loadu_si512((const void *)c->of[i]);
        v->high[i] = _mm512_loadu_si512((const void *)(c->of[i] + 64));
    }
    v->quote = all('"');
    v->bit_5 = all(0x20);
    v->open = all('{');
    v->close = all('}');
}

/* Out of the mask registers, and once: arithmetic goes on in others, and the compiler would move a mask to and
 * fro, which is what a block waits for longest. */
TRAIL_INLINE uint64_t moved(__mmask64 mask)
{
    uint64_t bits = mask;
    __asm__("" : "+r"(bits));
    return bits;
}

TRAIL_INLINE void sieve_read(const char *p, const struct vectors *t, struct block *b)
{
    __m512i v = bytes_at(p), folded = _mm512_or_si512(v, t->bit_5);
    __m512i first = _mm512_permutex2var_epi8(t->low[0], v, t->high[0]);
    __m512i second = _mm512_permutex2var_epi8(t->low[1], bytes_at(p + 1), t->high[1]);
    __m512i third = _mm512_permutex2var_epi8(t->low[2], bytes_at(p + 2), t->high[2]);
    b->quote = moved(_mm512_cmpeq_epi8_mask(v, t->quote));
    b->special = moved(_mm512_movepi8_mask(_mm512_or_si512(v, first))); /* SIEVE_SPECIAL is the sign */
    b->open = moved(_mm512_cmpeq_epi8_mask(folded, t->open));
    b->close = moved(_mm512_cmpeq_epi8_mask(folded, t->close));
    b->square = moved(_mm512_testn_epi8_mask(v, t->bit_5));
    b->found = moved(_mm512_test_epi8_mask(_mm512_and_si512(first, second), third));
}

TRAIL_INLINE uint64_t sieve_equal(const char *p, char byte)
{
    return moved(_mm512_cmpeq_epi8_mask(bytes_at(p), all(byte)));
}

/* By the sign: what is not ASCII is below, too. */
TRAIL_INLINE uint64_t sieve_odd(const char *p)
{
    return moved(_mm512_cmplt_epi8_mask(bytes_at(p), all(0x20)));
}

TRAIL_INLINE uint64_t sieve_high(const char *p)
{
    return moved(_mm512_movepi8_mask(bytes_at(p)));
}

static enum trail_sieved sieve_avx512(const struct trail_sieve *v, const char *p, size_t n,
                                      struct trail_sifted *out)
{
    return sift(v, p, n, out);
}

static bool works(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt");
}

const struct sieve_kernel sieve_kernel_avx512 = {"avx512", works, sieve_avx512};
#endif

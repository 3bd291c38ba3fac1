/*
 * sieve_sse.c - the sieve by SSE4.2: 16 bytes a register; a byte's classes are looked up by its halves.
 */
#include "kernels.h"

#if defined(__SSE4_2__)
#include <immintrin.h>

struct vectors {
    __m128i low[SIEVE_PRINT], high[SIEVE_PRINT];
};

struct special {
    __m128i any;
};

#include "mask_body.h"

TRAIL_INLINE __m128i bytes_at(const void *p)
{
    return _mm_loadu_si128((const __m128i *)p);
}

TRAIL_INLINE void sieve_load(struct vectors *v, const struct sieve_classes *c)
{
    for (int i = 0; i < SIEVE_PRINT; i++) {
        v->low[i] = bytes_at(c->low[i]);
        v->high[i] = bytes_at(c->high[i]);
    }
}

TRAIL_INLINE uint64_t mask_of(__m128i v, int part)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << (16 * part);
}

/* The lookup gives 0 for bytes that are not ASCII, and else goes by the lower half alone. */
TRAIL_INLINE __m128i look_up(__m128i low, __m128i high, const char *p)
{
    __m128i v = bytes_at(p), half = _mm_and_si128(_mm_srli_epi16(v, 4), _mm_set1_epi8(0x0F));
    return _mm_and_si128(_mm_shuffle_epi8(low, v), _mm_shuffle_epi8(high, half));
}

TRAIL_INLINE __m128i classes(const struct vectors *t, int i, const char *p)
{
    return look_up(t->low[i], t->high[i], p);
}

/* The classes of the prints that begin at the bytes from p on. */
TRAIL_INLINE __m128i prints(const struct vectors *t, const char *p)
{
    __m128i all = _mm_and_si128(classes(t, 0, p), classes(t, 1, p + 1));
    return _mm_and_si128(all, classes(t, 2, p + 2));
}

TRAIL_INLINE uint64_t equal(__m128i v, char byte, int part)
{
    return mask_of(_mm_cmpeq_epi8(v, _mm_set1_epi8(byte)), part);
}

TRAIL_INLINE void sieve_brackets(const char *p, const struct vectors *t, struct brackets *b)
{
    (void)t;
    *b = (struct brackets){0};
    for (int i = 0; i < 4; i++, p += 16) {
        __m128i folded = _mm_or_si128(bytes_at(p), _mm_set1_epi8(0x20));
        b->open |= equal(folded, '{', i);
        b->close |= equal(folded, '}', i);
    }
}

TRAIL_INLINE void sieve_read(const char *p, const struct vectors *t, struct block *b)
{
    __m128i special = _mm_setzero_si128();
    *b = (struct block){.found = UINT64_MAX};
    sieve_brackets(p, t, &b->brackets);
    for (int i = 0; i < 4; i++, p += 16) {
        __m128i v = bytes_at(p), there = prints(t, p);
        b->quote |= equal(v, '"', i);
        special = _mm_or_si128(special, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
        special = _mm_or_si128(special, _mm_cmpgt_epi8(_mm_set1_epi8(0x20), v));
        b->found ^= mask_of(_mm_cmpeq_epi8(there, _mm_setzero_si128()), i);
    }
    b->special.any = special;
}

TRAIL_INLINE bool sieve_special(const struct special *special)
{
    return !_mm_testz_si128(special->any, special->any);
}

/* By the sign: what is not ASCII is below, too. */
TRAIL_INLINE uint64_t sieve_odd(const char *p)
{
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++)
        mask |= mask_of(_mm_cmpgt_epi8(_mm_set1_epi8(0x20), bytes_at(p + 16 * i)), i);
    return mask;
}

TRAIL_INLINE uint64_t sieve_high(const char *p)
{
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++)
        mask |= mask_of(bytes_at(p + 16 * i), i);
    return mask;
}

TRAIL_INLINE uint64_t sieve_equal(const char *p, char byte)
{
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++)
        mask |= equal(bytes_at(p + 16 * i), byte, i);
    return mask;
}

static enum trail_sieved sieve_sse(const struct trail_sieve *v, const char *p, size_t n,
                                   struct trail_sifted *out)
{
    return sift(v, p, n, out);
}

static bool works(void)
{
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("popcnt");
}

const struct sieve_kernel sieve_kernel_sse = {"sse4.2", works, sieve_sse};
#endif

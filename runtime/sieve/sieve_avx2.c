/*
 * sieve_avx2.c - the sieve by AVX2: 32 bytes a register; a byte's classes are looked up by its halves.
 */
#include "kernels.h"

#if defined(__AVX2__)
#include <immintrin.h>

struct vectors {
    __m256i low[SIEVE_PRINT], high[SIEVE_PRINT];
};

struct special {
    __m256i any;
};

#include "mask_body.h"

TRAIL_INLINE __m256i twice(const uint8_t *table)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table));
}

TRAIL_INLINE void sieve_load(struct vectors *v, const struct sieve_classes *c)
{
    for (int i = 0; i < SIEVE_PRINT; i++) {
        v->low[i] = twice(c->low[i]);
        v->high[i] = twice(c->high[i]);
    }
}

TRAIL_INLINE __m256i bytes_at(const char *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

TRAIL_INLINE uint64_t join(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

TRAIL_INLINE uint64_t equal(__m256i low, __m256i high, char byte)
{
    __m256i all = _mm256_set1_epi8(byte);
    return join(_mm256_cmpeq_epi8(low, all), _mm256_cmpeq_epi8(high, all));
}

/* The lookup gives 0 for bytes that are not ASCII, and else goes by the lower half alone. */
TRAIL_INLINE __m256i look_up(__m256i low, __m256i high, const char *p)
{
    __m256i v = bytes_at(p), half = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
    return _mm256_and_si256(_mm256_shuffle_epi8(low, v), _mm256_shuffle_epi8(high, half));
}

TRAIL_INLINE __m256i classes(const struct vectors *t, int i, const char *p)
{
    return look_up(t->low[i], t->high[i], p);
}

/* The classes of the prints that begin at the bytes from p on. */
TRAIL_INLINE __m256i prints(const struct vectors *t, const char *p)
{
    __m256i all = _mm256_and_si256(classes(t, 0, p), classes(t, 1, p + 1));
    return _mm256_and_si256(all, classes(t, 2, p + 2));
}

TRAIL_INLINE void sieve_brackets(const char *p, const struct vectors *t, struct brackets *b)
{
    __m256i bit = _mm256_set1_epi8(0x20);
    __m256i low = _mm256_or_si256(bytes_at(p), bit), high = _mm256_or_si256(bytes_at(p + 32), bit);
    (void)t;
    b->open = equal(low, high, '{');
    b->close = equal(low, high, '}');
}

TRAIL_INLINE void sieve_read(const char *p, const struct vectors *t, struct block *b)
{
    __m256i low = bytes_at(p), high = bytes_at(p + 32), bit = _mm256_set1_epi8(0x20);
    __m256i backslash = _mm256_set1_epi8('\\'), none = _mm256_setzero_si256();
    __m256i special = _mm256_or_si256(_mm256_cmpeq_epi8(low, backslash), _mm256_cmpgt_epi8(bit, low));
    special = _mm256_or_si256(special, _mm256_cmpeq_epi8(high, backslash));
    special = _mm256_or_si256(special, _mm256_cmpgt_epi8(bit, high));
    __m256i low_prints = prints(t, p), high_prints = prints(t, p + 32);
    b->quote = equal(low, high, '"');
    b->found = ~join(_mm256_cmpeq_epi8(low_prints, none), _mm256_cmpeq_epi8(high_prints, none));
    sieve_brackets(p, t, &b->brackets);
    b->special.any = special;
}

TRAIL_INLINE bool sieve_special(const struct special *special)
{
    return !_mm256_testz_si256(special->any, special->any);
}

TRAIL_INLINE uint64_t sieve_equal(const char *p, char byte)
{
    return equal(bytes_at(p), bytes_at(p + 32), byte);
}

/* By the sign: what is not ASCII is below, too. */
TRAIL_INLINE uint64_t sieve_odd(const char *p)
{
    __m256i bit = _mm256_set1_epi8(0x20);
    return join(_mm256_cmpgt_epi8(bit, bytes_at(p)), _mm256_cmpgt_epi8(bit, bytes_at(p + 32)));
}

TRAIL_INLINE uint64_t sieve_high(const char *p)
{
    return join(bytes_at(p), bytes_at(p + 32));
}

static enum trail_sieved sieve_avx2(const struct trail_sieve *v, const char *p, size_t n,
                                    struct trail_sifted *out)
{
    return sift(v, p, n, out);
}

static bool works(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("popcnt");
}

const struct sieve_kernel sieve_kernel_avx2 = {"avx2", works, sieve_avx2};
#endif

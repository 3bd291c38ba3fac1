/*
 * index_avx2.c - the index by AVX2: 32 bytes a register.
 */
#include "kernels.h"

#if defined(__AVX2__)
#include <immintrin.h>

#include "index_body.h"

TRAIL_INLINE uint64_t equal(__m256i low, __m256i high, char byte)
{
    __m256i all = _mm256_set1_epi8(byte);
    uint32_t first = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all));
    uint32_t second = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all));
    return first | (uint64_t)second << 32;
}

/* Bytes below 0x20: the greater of such a byte and 0x1F is 0x1F. */
TRAIL_INLINE uint64_t control(__m256i low, __m256i high)
{
    __m256i last = _mm256_set1_epi8(0x1F);
    return equal(_mm256_max_epu8(low, last), _mm256_max_epu8(high, last), 0x1F);
}

TRAIL_INLINE void block_read(const char *p, struct block *b)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    b->quote = equal(low, high, '"');
    b->backslash = equal(low, high, '\\');
    b->control = control(low, high);
    b->open_brace = equal(low, high, '{');
    b->close_brace = equal(low, high, '}');
    b->open_bracket = equal(low, high, '[');
    b->close_bracket = equal(low, high, ']');
    b->comma = equal(low, high, ',');
    b->colon = equal(low, high, ':');
    b->blank = equal(low, high, ' ');
    b->dot = equal(low, high, '.');
}

static enum trail_indexed index_avx2(const char *p, size_t n, struct trail_index *x)
{
    return index_object(p, n, x);
}

static bool works(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("pclmul");
}

const struct trail_kernel trail_kernel_avx2 = {"avx2", works, index_avx2};
#endif

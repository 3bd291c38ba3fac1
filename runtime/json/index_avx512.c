/*
 * index_avx512.c - the index by AVX-512: 64 bytes are one register, and a compare gives a mask at once.
 */
#include "kernels.h"

#if defined(__AVX512BW__)
#include <immintrin.h>

#include "index_body.h"

TRAIL_INLINE void block_read(const char *p, struct block *b)
{
    __m512i v = _mm512_loadu_si512((const void *)p);
    b->quote = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"'));
    b->backslash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\'));
    b->control = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
    b->open_brace = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('{'));
    b->close_brace = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('}'));
    b->open_bracket = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('['));
    b->close_bracket = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(']'));
    b->comma = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(','));
    b->colon = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(':'));
    b->blank = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(' '));
    b->dot = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('.'));
}

static enum trail_indexed index_avx512(const char *p, size_t n, struct trail_index *x)
{
    return index_object(p, n, x);
}

static bool works(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("bmi2");
}

const struct trail_kernel trail_kernel_avx512 = {"avx512", works, index_avx512};
#endif

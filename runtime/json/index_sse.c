/*
 * index_sse.c - the index by SSE4.2: 16 bytes a register.
 */
#include "kernels.h"

#if defined(__SSE4_2__)
#include <immintrin.h>

#include "index_body.h"

struct bytes {
    __m128i part[4];
};

TRAIL_INLINE uint64_t equal(const struct bytes *v, char byte)
{
    __m128i all = _mm_set1_epi8(byte);
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++)
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v->part[i], all)) << (16 * i);
    return mask;
}

/* Bytes below 0x20: the greater of such a byte and 0x1F is 0x1F. */
TRAIL_INLINE uint64_t control(const struct bytes *v)
{
    struct bytes raised;
    for (int i = 0; i < 4; i++)
        raised.part[i] = _mm_max_epu8(v->part[i], _mm_set1_epi8(0x1F));
    return equal(&raised, 0x1F);
}

TRAIL_INLINE void block_read(const char *p, struct block *b)
{
    struct bytes v;
    for (int i = 0; i < 4; i++)
        v.part[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
    b->quote = equal(&v, '"');
    b->backslash = equal(&v, '\\');
    b->control = control(&v);
    b->open_brace = equal(&v, '{');
    b->close_brace = equal(&v, '}');
    b->open_bracket = equal(&v, '[');
    b->close_bracket = equal(&v, ']');
    b->comma = equal(&v, ',');
    b->colon = equal(&v, ':');
    b->blank = equal(&v, ' ');
    b->dot = equal(&v, '.');
}

static enum trail_indexed index_sse(const char *p, size_t n, struct trail_index *x)
{
    return index_object(p, n, x);
}

static bool works(void)
{
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("popcnt");
}

const struct trail_kernel trail_kernel_sse = {"sse4.2", works, index_sse};
#endif

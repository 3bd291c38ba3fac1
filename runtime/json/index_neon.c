/*
 * index_neon.c - the index by NEON, which every 64-bit ARM has: 16 bytes a register.
 */
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

#include "index_body.h"

/* Four registers of ones and noughts as one mask: a bit of each byte is kept, and neighbours are added up. */
TRAIL_INLINE uint64_t gather(const uint8x16_t v[4])
{
    static const uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t weight = vld1q_u8(bits);
    uint8x16_t low = vpaddq_u8(vandq_u8(v[0], weight), vandq_u8(v[1], weight));
    uint8x16_t high = vpaddq_u8(vandq_u8(v[2], weight), vandq_u8(v[3], weight));
    low = vpaddq_u8(low, high);
    low = vpaddq_u8(low, low);
    return vgetq_lane_u64(vreinterpretq_u64_u8(low), 0);
}

TRAIL_INLINE uint64_t equal(const uint8x16_t v[4], char byte)
{
    uint8x16_t all = vdupq_n_u8((uint8_t)byte), same[4];
    for (int i = 0; i < 4; i++)
        same[i] = vceqq_u8(v[i], all);
    return gather(same);
}

TRAIL_INLINE uint64_t control(const uint8x16_t v[4])
{
    uint8x16_t below[4];
    for (int i = 0; i < 4; i++)
        below[i] = vcltq_u8(v[i], vdupq_n_u8(0x20));
    return gather(below);
}

TRAIL_INLINE void block_read(const char *p, struct block *b)
{
    uint8x16_t v[4];
    for (int i = 0; i < 4; i++)
        v[i] = vld1q_u8((const uint8_t *)p + 16 * i);
    b->quote = equal(v, '"');
    b->backslash = equal(v, '\\');
    b->control = control(v);
    b->open_brace = equal(v, '{');
    b->close_brace = equal(v, '}');
    b->open_bracket = equal(v, '[');
    b->close_bracket = equal(v, ']');
    b->comma = equal(v, ',');
    b->colon = equal(v, ':');
    b->blank = equal(v, ' ');
    b->dot = equal(v, '.');
}

static enum trail_indexed index_neon(const char *p, size_t n, struct trail_index *x)
{
    return index_object(p, n, x);
}

static bool works(void)
{
    return true;
}

const struct trail_kernel trail_kernel_neon = {"neon", works, index_neon};
#endif

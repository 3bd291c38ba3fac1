/*
 * sieve_neon.c - the sieve by NEON, which every 64-bit ARM has: 16 bytes a register; a byte's classes are
 * looked up by its halves.
 */
#include "kernels.h"

#if defined(__aarch64__)
#include <arm_neon.h>

struct vectors {
    uint8x16_t low[SIEVE_PRINT], high[SIEVE_PRINT];
};

struct special {
    uint8x16_t any;
};

#include "mask_body.h"

TRAIL_INLINE void sieve_load(struct vectors *v, const struct sieve_classes *c)
{
    for (int i = 0; i < SIEVE_PRINT; i++) {
        v->low[i] = vld1q_u8(c->low[i]);
        v->high[i] = vld1q_u8(c->high[i]);
    }
}

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

TRAIL_INLINE void bytes_at(const char *p, uint8x16_t v[4])
{
    for (int i = 0; i < 4; i++)
        v[i] = vld1q_u8((const uint8_t *)p + 16 * i);
}

TRAIL_INLINE uint64_t equal(const uint8x16_t v[4], char byte)
{
    uint8x16_t all = vdupq_n_u8((uint8_t)byte), same[4];
    for (int i = 0; i < 4; i++)
        same[i] = vceqq_u8(v[i], all);
    return gather(same);
}

/* By the sign: what is not ASCII is below, too. */
TRAIL_INLINE uint64_t below_blank(const uint8x16_t v[4])
{
    uint8x16_t below[4];
    for (int i = 0; i < 4; i++)
        below[i] = vcltq_s8(vreinterpretq_s8_u8(v[i]), vdupq_n_s8(0x20));
    return gather(below);
}

/* A byte that is not ASCII has an upper half from 8 on, where the table is 0. */
TRAIL_INLINE uint8x16_t look_up(uint8x16_t low, uint8x16_t high, const char *p)
{
    uint8x16_t v = vld1q_u8((const uint8_t *)p);
    return vandq_u8(vqtbl1q_u8(low, vandq_u8(v, vdupq_n_u8(0x0F))), vqtbl1q_u8(high, vshrq_n_u8(v, 4)));
}

TRAIL_INLINE uint8x16_t classes(const struct vectors *t, int i, const char *p)
{
    return look_up(t->low[i], t->high[i], p);
}

/* The classes of the prints that begin at the bytes from p on. */
TRAIL_INLINE uint8x16_t prints(const struct vectors *t, const char *p)
{
    return vandq_u8(vandq_u8(classes(t, 0, p), classes(t, 1, p + 1)), classes(t, 2, p + 2));
}

TRAIL_INLINE void sieve_brackets(const char *p, const struct vectors *t, struct brackets *b)
{
    uint8x16_t v[4];
    (void)t;
    bytes_at(p, v);
    for (int i = 0; i < 4; i++)
        v[i] = vorrq_u8(v[i], vdupq_n_u8(0x20));
    b->open = equal(v, '{');
    b->close = equal(v, '}');
}

TRAIL_INLINE void sieve_read(const char *p, const struct vectors *t, struct block *b)
{
    uint8x16_t v[4], there[4], special = vdupq_n_u8(0);
    bytes_at(p, v);
    for (int i = 0; i < 4; i++) {
        uint8x16_t all = prints(t, p + 16 * i);
        special = vorrq_u8(special, vceqq_u8(v[i], vdupq_n_u8('\\')));
        special = vorrq_u8(special, vcltq_s8(vreinterpretq_s8_u8(v[i]), vdupq_n_s8(0x20)));
        there[i] = vtstq_u8(all, all);
    }
    b->quote = equal(v, '"');
    b->found = gather(there);
    sieve_brackets(p, t, &b->brackets);
    b->special.any = special;
}

TRAIL_INLINE bool sieve_special(const struct special *special)
{
    return vmaxvq_u8(special->any) != 0;
}

TRAIL_INLINE uint64_t sieve_odd(const char *p)
{
    uint8x16_t v[4];
    bytes_at(p, v);
    return below_blank(v);
}

TRAIL_INLINE uint64_t sieve_high(const char *p)
{
    uint8x16_t v[4], high[4];
    bytes_at(p, v);
    for (int i = 0; i < 4; i++)
        high[i] = vcltq_s8(vreinterpretq_s8_u8(v[i]), vdupq_n_s8(0));
    return gather(high);
}

TRAIL_INLINE uint64_t sieve_equal(const char *p, char byte)
{
    uint8x16_t v[4];
    bytes_at(p, v);
    return equal(v, byte);
}

static enum trail_sieved sieve_neon(const struct trail_sieve *v, const char *p, size_t n,
                                    struct trail_sifted *out)
{
    return sift(v, p, n, out);
}

static bool works(void)
{
    return true;
}

const struct sieve_kernel sieve_kernel_neon = {"neon", works, sieve_neon};
#endif

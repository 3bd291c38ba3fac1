/*
 * sieve_plain.c - the sieve in plain C, for any processor.
 */
#include "kernels.h"

struct vectors {
    const struct sieve_classes *classes;
};

struct special {
    bool any;
};

#include "mask_body.h"

TRAIL_INLINE void sieve_load(struct vectors *v, const struct sieve_classes *c)
{
    v->classes = c;
}

/* The classes of the prints that begin with the byte at p. */
static uint8_t prints(const struct sieve_classes *c, const char *p)
{
    uint8_t all = 0xFF;
    for (int i = 0; i < SIEVE_PRINT; i++)
        all &= p[i] & 0x80 ? 0 : c->of[i][p[i] & 0x7F];
    return all;
}

static bool is_odd(char c)
{
    return (unsigned char)c < 0x20 || (unsigned char)c >= 0x80;
}

TRAIL_INLINE void sieve_brackets(const char *p, const struct vectors *t, struct brackets *b)
{
    (void)t;
    *b = (struct brackets){0};
    for (unsigned i = 0; i < 64; i++) {
        b->open |= (uint64_t)((p[i] | 0x20) == '{') << i;
        b->close |= (uint64_t)((p[i] | 0x20) == '}') << i;
    }
}

TRAIL_INLINE void sieve_read(const char *p, const struct vectors *t, struct block *b)
{
    bool special = false;
    *b = (struct block){0};
    for (unsigned i = 0; i < 64; i++) {
        uint8_t there = prints(t->classes, p + i);
        b->quote |= (uint64_t)(p[i] == '"') << i;
        special |= p[i] == '\\' || is_odd(p[i]);
        b->found |= (uint64_t)(there != 0) << i;
    }
    sieve_brackets(p, t, &b->brackets);
    b->special.any = special;
}

TRAIL_INLINE bool sieve_special(const struct special *special)
{
    return special->any;
}

TRAIL_INLINE uint64_t sieve_odd(const char *p)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++)
        mask |= (uint64_t)is_odd(p[i]) << i;
    return mask;
}

TRAIL_INLINE uint64_t sieve_high(const char *p)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++)
        mask |= (uint64_t)((unsigned char)p[i] >= 0x80) << i;
    return mask;
}

TRAIL_INLINE uint64_t sieve_equal(const char *p, char byte)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i++)
        mask |= (uint64_t)(p[i] == byte) << i;
    return mask;
}

static enum trail_sieved sieve_plain(const struct trail_sieve *v, const char *p, size_t n,
                                     struct trail_sifted *out)
{
    return sift(v, p, n, out);
}

static bool works(void)
{
    return true;
}

const struct sieve_kernel sieve_kernel_plain = {"plain", works, sieve_plain};

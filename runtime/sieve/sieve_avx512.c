/*
 * sieve_avx512.c - the sieve by AVX-512 with VBMI: 64 bytes are one register, and a table of 128 bytes two.
 */
#include "kernels.h"

#if defined(__AVX512VBMI__)
#include <immintrin.h>

struct vectors {
    __m512i of[SIEVE_PRINT];
    __m512i brackets[2];
    __m512i quote, backslash, blank;
};

/* 1 where a byte opens, -1 where it closes; bytes that are not ASCII count as if they were. */
struct brackets {
    __m512i steps;
};

struct tally {
    __m512i steps; /* a byte of each is a sum of SIEVE_TALLY at most */
};

struct special {
    __mmask64 below, backslash;
};

enum { SIEVE_TWO_LOOPS = 1 };

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
    static const int8_t brackets[128] = {['['] = 1, ['{'] = 1, [']'] = -1, ['}'] = -1};
    for (int i = 0; i < SIEVE_PRINT; i++)
        v->of[i] = _mm512_loadu_si512((const void *)c->few[i]);
    for (int i = 0; i < 2; i++) {
        v->brackets[i] = _mm512_loadu_si512((const void *)(brackets + 64 * i));
        __asm__("" : "+v"(v->brackets[i]));
    }
    v->quote = all('"');
    v->backslash = all('\\');
    v->blank = all(' ');
}

/* Out of the mask registers, and once: arithmetic goes on in others, and the compiler would move a mask to
 * and fro, which is what a block waits for longest. */
TRAIL_INLINE uint64_t moved(__mmask64 mask)
{
    uint64_t bits = mask;
    __asm__("" : "+r"(bits));
    return bits;
}

TRAIL_INLINE void sieve_brackets(const char *p, const struct vectors *t, struct brackets *b)
{
    b->steps = _mm512_permutex2var_epi8(t->brackets[0], bytes_at(p), t->brackets[1]);
}

TRAIL_INLINE void brackets_masks(const struct brackets *b, uint64_t *open, uint64_t *close)
{
    *close = moved(_mm512_movepi8_mask(b->steps));
    *open = moved(_mm512_cmpgt_epi8_mask(b->steps, _mm512_setzero_si512()));
}

TRAIL_INLINE void tally_add(struct tally *tally, const struct brackets *b, uint64_t mask)
{
    tally->steps = _mm512_mask_add_epi8(tally->steps, mask, tally->steps, b->steps);
}

/* The instruction that adds bytes takes them as unsigned. */
TRAIL_INLINE int64_t tally_sum(const struct tally *tally)
{
    __m512i raised = _mm512_xor_si512(tally->steps, _mm512_set1_epi8((char)0x80));
    return _mm512_reduce_add_epi64(_mm512_sad_epu8(raised, _mm512_setzero_si512())) - 64 * 0x80;
}

TRAIL_INLINE unsigned sieve_which(const struct kept *eight)
{
    static const uint64_t places[8] = {0, 2, 4, 6, 8, 10, 12, 14};
    __m512i first = _mm512_loadu_si512((const void *)eight),
            last = _mm512_loadu_si512((const void *)(eight + 4));
    __m512i found = _mm512_permutex2var_epi64(first, _mm512_loadu_si512((const void *)places), last);
    return _mm512_test_epi64_mask(found, found);
}

/* A byte's classes by its six lower bits: of others that have the same, some prints more. */
TRAIL_INLINE void sieve_read(const char *p, const struct vectors *t, struct block *b)
{
    __m512i v = bytes_at(p);
    __m512i first = _mm512_permutexvar_epi8(v, t->of[0]);
    __m512i second = _mm512_permutexvar_epi8(bytes_at(p + 1), t->of[1]);
    __m512i third = _mm512_permutexvar_epi8(bytes_at(p + 2), t->of[2]);
    __m512i there = _mm512_ternarylogic_epi64(first, second, third, 0x80);
    b->quote = moved(_mm512_cmpeq_epi8_mask(v, t->quote));
    b->special.below = _mm512_cmplt_epi8_mask(v, t->blank);
    b->special.backslash = _mm512_cmpeq_epi8_mask(v, t->backslash);
    b->found = _mm512_test_epi8_mask(there, there);
    sieve_brackets(p, t, &b->brackets);
}

TRAIL_INLINE bool sieve_special(const struct special *special)
{
    return !_kortestz_mask64_u8(special->below, special->backslash);
}

TRAIL_INLINE uint64_t sieve_equal(const char *p, char byte)
{
    return moved(_mm512_cmpeq_epi8_mask(bytes_at(p), all(byte)));
}

TRAIL_INLINE uint64_t sieve_pair(const char *p, const char *bytes)
{
    __mmask64 first = _mm512_cmpeq_epi8_mask(bytes_at(p), _mm512_set1_epi8(bytes[0]));
    return moved(_mm512_mask_cmpeq_epi8_mask(first, bytes_at(p + 1), _mm512_set1_epi8(bytes[1])));
}

TRAIL_INLINE bool sieve_far_pair(const char *p, const char *bytes)
{
    __m512i one = _mm512_set1_epi8(bytes[0]), other = _mm512_set1_epi8(bytes[1]);
    __mmask64 found = 0;
    for (int i = 0; i < SIEVE_FAR; i += 64) {
        __mmask64 first = _mm512_cmpeq_epi8_mask(bytes_at(p + i), one);
        found |= _mm512_mask_cmpeq_epi8_mask(first, bytes_at(p + i + 1), other);
    }
    return found != 0;
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

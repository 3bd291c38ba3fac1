/*
 * literals.c - many strings looked for in one value at once.
 */
#include "trail/literals.h"

#include <string.h>

/* Four bytes, in the same order on every machine, letters in lower case (and some marks in others' places). */
static inline uint32_t load4(const char *p)
{
    uint32_t bytes;
    memcpy(&bytes, p, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap32(bytes);
#endif
    return bytes | TRAIL_GRAM_CASE;
}

static inline uint32_t load3(const char *p)
{
    const unsigned char *u = (const unsigned char *)p;
    return (u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16) | (TRAIL_GRAM_CASE & 0xFFFFFF);
}

static bool is_ascii(const char *p, size_t n)
{
    uint64_t all = 0, word;
    for (; n >= sizeof word; p += sizeof word, n -= sizeof word) {
        memcpy(&word, p, sizeof word);
        all |= word;
    }
    for (; n; p++, n--)
        all |= (unsigned char)*p;
    return (all & UINT64_C(0x8080808080808080)) == 0;
}

static bool stands_at(const struct trail_literal *l, const char *p)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (((unsigned char)p[i] | 0x20) != ((unsigned char)l->p[i] | 0x20))
            return false;
    return true;
}

/* A group's bit is set: which strings stand around byte i of the value? */
static __attribute__((noinline)) bool follow(const struct trail_literals *l, size_t word, const char *p,
                                             size_t n, size_t i, uint64_t *tests)
{
    bool found = false;
    for (uint32_t next = l->heads[word]; next; next = l->grams[next - 1].next) {
        const struct trail_gram *gram = &l->grams[next - 1];
        const struct trail_literal *literal = &l->list[gram->literal];
        if (gram->at > i || literal->n > n - (i - gram->at) || !stands_at(literal, p + i - gram->at))
            continue;
        tests[literal->test / 64] |= (uint64_t)1 << (literal->test % 64);
        found = true;
    }
    return found;
}

static inline bool look(const struct trail_literals *l, uint32_t gram, const char *p, size_t n, size_t i,
                        uint64_t *tests)
{
    uint32_t hash = (gram * TRAIL_GRAM_FACTOR) >> l->shift;
    return (l->bits[hash / 64] >> (hash % 64) & 1) && follow(l, hash / 64, p, n, i, tests);
}

bool trail_literals_find(const struct trail_literals *l, const char *p, size_t n, uint64_t *tests)
{
    if (l->ascii && !is_ascii(p, n)) {
        for (uint32_t i = 0; i < l->tests; i++)
            tests[i / 64] |= (uint64_t)1 << (i % 64);
        return true;
    }
    bool found = false;
    uint32_t mask = l->width == 4 ? UINT32_MAX : 0xFFFFFF;
    size_t i = 0, step = l->step;
    for (; i + 4 <= n; i += step)
        found |= look(l, load4(p + i) & mask, p, n, i, tests);
    if (l->width == 3 && i + 3 == n)
        found |= look(l, load3(p + i), p, n, i, tests);
    return found;
}

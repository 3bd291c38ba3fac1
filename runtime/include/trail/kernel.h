/*
 * kernel.h - the byte searches that the walker is made of.
 *
 * Every function reads [p, end) at most, whatever the bytes are, and expects nothing of them but what its
 * comment says. Where the compiler's processor surely has vectors (SSE2: every x86-64), they are used, with the
 * same results.
 */
#ifndef TRAIL_KERNEL_H
#define TRAIL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Inlined into each matcher: the compiler then knows the visitor's functions and calls them directly. */
#define TRAIL_INLINE static inline __attribute__((always_inline))

/* The first byte that is not JSON's white space. */
TRAIL_INLINE const char *trail_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    return p;
}

/* Behind the last byte of [from, p) that is not white space. */
TRAIL_INLINE const char *trail_space_back(const char *p, const char *from)
{
    while (p > from && (p[-1] == ' ' || p[-1] == '\n' || p[-1] == '\r' || p[-1] == '\t'))
        p--;
    return p;
}

#if defined(__SSE2__)

enum { TRAIL_STEP = 32, TRAIL_BLOCK = 64 };

/* A bit for each of sixteen bytes that has this value. */
TRAIL_INLINE uint64_t trail_equal(__m128i bytes, char value)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(value)));
}

TRAIL_INLINE __m128i trail_load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* A bit for each of sixteen bytes that is a quote or a backslash. */
TRAIL_INLINE uint64_t trail_marked(__m128i bytes)
{
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
}

/* Of the next TRAIL_STEP bytes, how many come before a quote or a backslash. */
TRAIL_INLINE unsigned trail_plain_bytes(const char *p)
{
    uint64_t found = trail_marked(trail_load(p)) | trail_marked(trail_load(p + 16)) << 16;
    return (unsigned)__builtin_ctzll(found | (uint64_t)1 << TRAIL_STEP);
}

enum { TRAIL_SAFE_STEP = 16 };

/* Of the next TRAIL_SAFE_STEP bytes, how many come before one that is no printable ASCII, a quote or a
 * backslash. */
TRAIL_INLINE unsigned trail_safe_bytes(const char *p)
{
    __m128i bytes = trail_load(p);
    __m128i odd = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')), /* signed: beyond ASCII, too */
                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F)));
    uint64_t found = (unsigned)_mm_movemask_epi8(odd) | trail_marked(bytes);
    return (unsigned)__builtin_ctzll(found | (uint64_t)1 << TRAIL_SAFE_STEP);
}

/* The same for quotes, braces and brackets; a brace is a bracket with bit 5. */
TRAIL_INLINE unsigned trail_level_bytes(const char *p)
{
    uint64_t found = 0;
    for (unsigned i = 0; i < TRAIL_STEP; i += 16) {
        __m128i bytes = trail_load(p + i), folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        found |= (trail_equal(bytes, '"') | trail_equal(folded, '{') | trail_equal(folded, '}')) << i;
    }
    return (unsigned)__builtin_ctzll(found | (uint64_t)1 << TRAIL_STEP);
}

/* Of TRAIL_BLOCK bytes, a bit for each that is one of these. */
struct trail_marks {
    uint64_t quotes, backslashes, opens, closes;
};

TRAIL_INLINE struct trail_marks trail_marks_of(const char *p)
{
    struct trail_marks m = {0, 0, 0, 0};
    for (unsigned i = 0; i < TRAIL_BLOCK; i += 16) {
        __m128i bytes = trail_load(p + i), folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        m.quotes |= trail_equal(bytes, '"') << i;
        m.backslashes |= trail_equal(bytes, '\\') << i;
        m.opens |= trail_equal(folded, '{') << i;
        m.closes |= trail_equal(folded, '}') << i;
    }
    return m;
}

/* Where a container is left: its depth so far, and whether p is inside a string. */
struct trail_level {
    size_t depth;
    bool string;
};

/*
 * Passes the container's blocks, up to one with a backslash or to the last whole one. A quote turns the bits
 * from it on over, so between a string's quotes they are set, and its brackets do not count. True: *p is
 * behind the container.
 */
TRAIL_INLINE bool trail_level_blocks(const char **p, const char *end, struct trail_level *level)
{
    uint64_t inside = 0;
    for (; end - *p >= TRAIL_BLOCK; *p += TRAIL_BLOCK) {
        struct trail_marks m = trail_marks_of(*p);
        if (m.backslashes)
            break;
        uint64_t strings = m.quotes;
        for (unsigned i = 1; i < TRAIL_BLOCK; i *= 2)
            strings ^= strings << i;
        strings ^= inside;
        for (uint64_t bits = (m.opens | m.closes) & ~strings; bits; bits &= bits - 1) {
            level->depth += (m.opens & bits & -bits) ? 1 : (size_t)-1;
            if (level->depth == 0) {
                *p += __builtin_ctzll(bits) + 1;
                return true;
            }
        }
        inside = (strings >> 63) ? UINT64_MAX : 0;
    }
    level->string = inside != 0;
    return false;
}

#else

enum { TRAIL_STEP = 8, TRAIL_SAFE_STEP = 8 };

TRAIL_INLINE unsigned trail_plain_bytes(const char *p)
{
    unsigned i = 0;
    while (i < TRAIL_STEP && p[i] != '"' && p[i] != '\\')
        i++;
    return i;
}

TRAIL_INLINE unsigned trail_safe_bytes(const char *p)
{
    unsigned i = 0;
    while (i < TRAIL_SAFE_STEP && p[i] >= ' ' && p[i] < 0x7F && p[i] != '"' && p[i] != '\\')
        i++;
    return i;
}

TRAIL_INLINE unsigned trail_level_bytes(const char *p)
{
    unsigned i = 0;
    while (i < TRAIL_STEP && p[i] != '"' && (p[i] | 0x20) != '{' && (p[i] | 0x20) != '}')
        i++;
    return i;
}

struct trail_level {
    size_t depth;
    bool string;
};

TRAIL_INLINE bool trail_level_blocks(const char **p, const char *end, struct trail_level *level)
{
    (void)p;
    (void)end;
    (void)level;
    return false;
}

#endif

/* Whether n bytes are the same. For few bytes, of which a call would be most of the cost. */
TRAIL_INLINE bool trail_same(const char *p, const char *q, size_t n)
{
    uint64_t x, y;
    if (n < sizeof x)
        return memcmp(p, q, n) == 0;
    for (size_t i = 0; i + sizeof x < n; i += sizeof x) {
        memcpy(&x, p + i, sizeof x);
        memcpy(&y, q + i, sizeof y);
        if (x != y)
            return false;
    }
    memcpy(&x, p + n - sizeof x, sizeof x);
    memcpy(&y, q + n - sizeof y, sizeof y);
    return x == y;
}

/* p is behind a string's opening quote: its closing quote, or NULL. Sets *escaped if a backslash is in
 * between. */
TRAIL_INLINE const char *trail_string_end(const char *p, const char *end, bool *escaped)
{
    *escaped = false;
    for (;;) {
        unsigned plain = TRAIL_STEP;
        for (; end - p >= TRAIL_STEP && plain == TRAIL_STEP; p += plain)
            plain = trail_plain_bytes(p);
        while (plain == TRAIL_STEP && p < end && *p != '"' && *p != '\\')
            p++;
        if (p >= end)
            return NULL;
        if (*p == '"')
            return p;
        *escaped = true;
        if (end - p < 2)
            return NULL;
        p += 2;
    }
}

/* p is at an opening bracket or brace: behind the one that closes it, or NULL. */
TRAIL_INLINE const char *trail_container_end(const char *p, const char *end)
{
    struct trail_level level = {0, false};
    bool escaped = true; /* the string before had a backslash, or there was none: blocks may follow */
    for (; p < end; p++) {
        if (escaped && trail_level_blocks(&p, end, &level))
            return p;
        escaped = false;
        for (unsigned plain = TRAIL_STEP; !level.string && end - p >= TRAIL_STEP && plain == TRAIL_STEP;
             p += plain)
            plain = trail_level_bytes(p);
        if (p >= end)
            return NULL;
        if (level.string || *p == '"') {
            p = trail_string_end(level.string ? p : p + 1, end, &escaped);
            if (!p)
                return NULL;
            level.string = false;
        } else if (*p == '{' || *p == '[') {
            level.depth++;
        } else if ((*p == '}' || *p == ']') && --level.depth == 0) {
            return p + 1;
        }
    }
    return NULL;
}

/* p is at a number, true, false or null: behind it. Never p itself unless no such value starts here. */
TRAIL_INLINE const char *trail_scalar_end(const char *p, const char *end)
{
    while (p < end && *p != ',' && *p != '}' && *p != ']' && *p != ':' && *p != '"' &&
           (unsigned char)*p > ' ')
        p++;
    return p;
}

/* p is at a value: behind it, or NULL. */
TRAIL_INLINE const char *trail_value_end(const char *p, const char *end)
{
    bool escaped;
    if (p >= end)
        return NULL;
    if (*p == '"') {
        p = trail_string_end(p + 1, end, &escaped);
        return p ? p + 1 : NULL;
    }
    if (*p == '{' || *p == '[')
        return trail_container_end(p, end);
    const char *to = trail_scalar_end(p, end);
    return to > p ? to : NULL;
}

#endif

/*
 * kernel.h - the byte searches that the walker is made of, in plain C.
 *
 * Every function reads [p, end) at most, whatever the bytes are, and expects nothing of them but what its
 * comment says. A kernel for a processor's vectors gives the same results from the same bytes.
 */
#ifndef TRAIL_KERNEL_H
#define TRAIL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* Eight bytes at once: has one of them this value? (Anderson, "Bit Twiddling Hacks": determine if a word has
 * a byte equal to n) */
TRAIL_INLINE uint64_t trail_has(uint64_t word, unsigned char byte)
{
    uint64_t x = word ^ (0x0101010101010101u * byte);
    return (x - 0x0101010101010101u) & ~x & 0x8080808080808080u;
}

/* p is behind a string's opening quote: its closing quote, or NULL. Sets *escaped if a backslash is in
 * between. */
TRAIL_INLINE const char *trail_string_end(const char *p, const char *end, bool *escaped)
{
    *escaped = false;
    for (;;) {
        while (end - p >= 8) {
            uint64_t word;
            memcpy(&word, p, 8);
            if (trail_has(word, '"') | trail_has(word, '\\'))
                break;
            p += 8;
        }
        while (p < end && *p != '"' && *p != '\\')
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
    size_t depth = 0;
    bool escaped;
    for (; p < end; p++) {
        switch (*p) {
        case '{':
        case '[': depth++; break;
        case '}':
        case ']':
            if (--depth == 0)
                return p + 1;
            break;
        case '"':
            p = trail_string_end(p + 1, end, &escaped);
            if (!p)
                return NULL;
            break;
        default: break;
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

/*
 * regex.h - what a compiled regex's DFA reads: code points, not bytes.
 *
 * The DFA's alphabet is Unicode's code points, one symbol for each byte that is not part of valid UTF-8
 * (0xDC00 + the byte, as trail_decode() gives it) and one for the end of the text. Surrogates are no code
 * points of valid UTF-8, so none of these can be confused with text.
 */
#ifndef TRAIL_REGEX_H
#define TRAIL_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

#define TRAIL_END_OF_TEXT 0xD800

/* The symbol at p, and its length in bytes (0 at the end). */
static inline uint32_t trail_peek(const unsigned char *p, const unsigned char *end, unsigned *n)
{
    if (p == end) {
        *n = 0;
        return TRAIL_END_OF_TEXT;
    }
    if (*p < 0x80) {
        *n = 1;
        return *p;
    }
    return trail_decode(p, end, n);
}

#endif

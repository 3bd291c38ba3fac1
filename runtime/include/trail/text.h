/*
 * text.h - the text view of a value: the tokens that a filter's words are compared with.
 *
 * A value is split at the word boundaries of Unicode Standard Annex #29, segments that hold no letter, digit,
 * or other word character are dropped, tokens over TRAIL_MAX_TOKEN code points are split, and each
 * code point is mapped to lower case (the simple mapping). This is what Elasticsearch's `standard`
 * analyzer does; the Unicode version is TRAIL_UNICODE_VERSION.
 *
 * A byte that is not part of valid UTF-8 is a boundary and in no token.
 *
 * The compiler links this file too: a rule's word and a log's value are split by the same machine.
 */
#ifndef TRAIL_TEXT_H
#define TRAIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "limits.h"

#define TRAIL_UNICODE_VERSION "15.0"

/* A walk over the tokens of one value. Borrows the value; about 1 KiB, on the caller's stack. */
struct trail_tokens {
    const unsigned char *at, *end;
    const char *p; /* the current token, lower-cased UTF-8, in buf; not terminated */
    size_t n;      /* its length in bytes */
    char buf[TRAIL_MAX_TOKEN * 4 + 8];
};

/* Starts at the value's beginning; no token is current yet. Reads only [p, p + n). */
void trail_tokens_start(struct trail_tokens *, const char *p, size_t n);

/* Makes the next token current; false at the end. */
bool trail_tokens_next(struct trail_tokens *);

/* The simple lower-case mapping of one code point (itself when it has none). */
uint32_t trail_lower(uint32_t code_point);

/* Decodes one code point of well-formed UTF-8 (Unicode 15, table 3-7) at p < end and sets *n to its length. A
 * byte that starts no well-formed sequence gives 0xDC00 + the byte, with *n = 1. */
uint32_t trail_decode(const unsigned char *p, const unsigned char *end, unsigned *n);

/* Writes a code point as UTF-8, 1 to 4 bytes; returns how many. */
unsigned trail_encode(char *to, uint32_t code_point);

#endif

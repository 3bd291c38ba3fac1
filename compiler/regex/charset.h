/*
 * charset.h - sets of symbols, the letters of a regex's alphabet.
 *
 * A symbol is a code point that UTF-8 can hold, or a byte that is not part of valid UTF-8, as 0xDC00 + the
 * byte. Sets live in the compile's arena and are never changed once made.
 */
#ifndef CHARSET_H
#define CHARSET_H

#include "trailc.h"

enum { LAST_SYMBOL = 0x10FFFF, FIRST_BROKEN = 0xDC80, LAST_BROKEN = 0xDCFF };

struct range {
    uint32_t first, last;
};

/* In order, with a gap between neighbours. */
struct charset {
    size_t n;
    struct range *ranges;
};

/* A set in the making: ranges in any order, overlapping or not. Zero-initialise, set c. */
struct charset_builder {
    struct compile *c;
    size_t n, room;
    struct range *ranges;
};
void charset_add(struct charset_builder *, uint32_t first, uint32_t last);
void charset_add_all(struct charset_builder *, const struct charset *);
const struct charset *charset_build(struct charset_builder *);

const struct charset *charset_any(struct compile *); /* every symbol */
const struct charset *charset_one(struct compile *, uint32_t symbol);
const struct charset *charset_not(struct compile *, const struct charset *);
const struct charset *charset_union(struct compile *, const struct charset *, const struct charset *);

bool charset_eq(const struct charset *, const struct charset *);
int charset_cmp(const struct charset *, const struct charset *);
bool charset_has(const struct charset *, uint32_t symbol);
bool charset_meets(const struct charset *, const struct charset *);  /* they have a symbol in common */
bool charset_within(const struct charset *, const struct charset *); /* the second has all of the first */

/* With every symbol that differs only in case (Unicode's simple case folding). */
const struct charset *charset_any_case(struct compile *, const struct charset *);
/* Each symbol in lower case. */
const struct charset *charset_lower(struct compile *, const struct charset *);
/* The same to a lower-cased text, in fewer ranges: a gap that only capitals and broken bytes are in is
 * closed. */
const struct charset *charset_close_gaps(struct compile *, const struct charset *);

/* As a re2c class for code points: `[a-z\x2e]`. */
void charset_print(struct buffer *, const struct charset *);
/* One symbol inside a re2c class or string. */
void symbol_print(struct buffer *, uint32_t symbol);

#endif

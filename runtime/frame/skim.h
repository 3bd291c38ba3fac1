/*
 * skim.h - where a JSON value ends, by its quotes and brackets alone, over text that comes in pieces.
 */
#ifndef TRAIL_SKIM_H
#define TRAIL_SKIM_H

#include <stdbool.h>
#include <stddef.h>

#include "trail/limits.h"

/* The place in one value; `at` may be lowered when bytes in front of it are dropped. */
struct trail_skim {
    size_t at; /* bytes passed */
    unsigned depth;
    bool begun, in_string, escaped;
    unsigned char
        before; /* the last byte outside strings that is no white space; a quote stands for a string */
    unsigned char open[TRAIL_MAX_DEPTH];
};

static inline void trail_skim_start(struct trail_skim *s)
{
    s->at = 0;
    s->depth = 0;
    s->begun = s->in_string = s->escaped = false;
    s->before = 0;
}

enum trail_skimmed {
    TRAIL_SKIM_MORE,   /* the value goes on behind p + n */
    TRAIL_SKIM_END,    /* `at` is behind the value */
    TRAIL_SKIM_BROKEN, /* the byte at `at` cannot be part of valid JSON; a check of [p, p + at + 1) fails */
};

/*
 * Goes on with the value that begins at p, of which n bytes are there; looks at no byte twice. A container or
 * string ends with its last byte; a number or word before the comma, bracket, colon or white space behind it.
 * What is not about strings and brackets is not checked.
 */
enum trail_skimmed trail_skim(struct trail_skim *, const char *p, size_t n);

/* For damaged text: bookkeeping of quotes and brackets that never gives up. */
void trail_skim_lenient(struct trail_skim *, unsigned char byte, bool *broken);

#endif

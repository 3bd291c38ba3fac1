/*
 * source.h - files that were read, and places in them.
 */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"

/* One file that was read. */
struct source {
    const char *name; /* as the user named it */
    struct slice text;
};

/* A range of bytes in a source: what a caret points at. */
struct loc {
    uint32_t source; /* index in compile.sources; NOWHERE when the message has no place */
    uint32_t at;     /* byte offset */
    uint32_t n;      /* length in bytes; 0 is drawn as one caret */
};

#define NOWHERE UINT32_MAX

/*
 * A string taken out of a source (a YAML scalar), with the way back: byte i of s was written at
 * offset at[i] of the source; at[s.n] is its end. So the place of a filter's token is exact even in
 * a folded or an escaped scalar.
 */
struct text {
    struct slice s;
    uint32_t source;
    const uint32_t *at;
};

struct loc text_loc(const struct text *, size_t from, size_t to); /* bytes [from, to) of s */

/* What is left of a stream, or more than a source may have. */
struct slice stream_read(struct compile *, FILE *);

#endif

/*
 * resync.h - where the next record begins behind a damaged one.
 */
#ifndef TRAIL_RESYNC_H
#define TRAIL_RESYNC_H

#include <stdbool.h>
#include <stddef.h>

#include "skim.h"
#include "trail/pack.h"

enum trail_resync_rule {
    TRAIL_RESYNC_LINE,  /* top level: the next line, or value on this line */
    TRAIL_RESYNC_BLOCK, /* top level, of a value that had spread over lines: a line that begins as its first
                           one did, or the next value */
    TRAIL_RESYNC_LIST,  /* in an array: the next element, or the array's end */
    TRAIL_RESYNC_TAIL,  /* among the members of an object that wraps: a line that begins with a brace */
};

/* Set rule, indent, first_key and new_place, the rest to zero. `skim.at` counts from the damaged text's first
 * byte and may be lowered when bytes in front of it are dropped. */
struct trail_resync {
    enum trail_resync_rule rule;
    size_t indent;                /* blanks that the first line began with */
    struct trail_slice first_key; /* the first key of the records before; n 0: not known */
    struct trail_skim skim;
    bool broken;        /* quotes or brackets do not match */
    unsigned char last; /* the last byte that is no white space, in strings too */
    bool open;          /* the text begins with a brace or bracket */
    bool colon;         /* outside all brackets: an object without its brace */
    bool on_line;       /* only blanks since a line began */
    unsigned lines[2];  /* what this line and the one before begin with */
    bool new_place;     /* LIST: the array began on the line of the damage, and has had no record yet */
};

enum trail_resynced {
    TRAIL_RESYNC_MORE,   /* bytes before skim.at are passed */
    TRAIL_RESYNC_BEHIND, /* skim.at is behind the damaged text; go on there in the same array or at top level
                          */
    TRAIL_RESYNC_TOP,    /* skim.at is where something new begins at top level */
    TRAIL_RESYNC_RECORD, /* skim.at is at the brace of an element of an array, wherever that began */
};

/* Goes on with the text at p, n bytes of which are there; `over`: no more will come. Keeps a bounded look
 * ahead. */
enum trail_resynced trail_resync(struct trail_resync *, const char *p, size_t n, bool over);

#endif

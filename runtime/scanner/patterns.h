/*
 * patterns.h - what `sentry patterns` lists, and how.
 */
#ifndef TRAIL_SCANNER_PATTERNS_H
#define TRAIL_SCANNER_PATTERNS_H

#include "asking.h"
#include "patterns/set.h"

struct listing {
    struct asking a;
    const struct trail_pack *pack;
    const struct set *found, *known; /* known: those that are not listed; NULL: all are */
    enum set_order order;
    bool uncovered; /* only those that no alert wants */
    uint64_t limit; /* 0: none */
    size_t width;   /* of text; 0: as wide as it is */
    size_t listed;
};

/* Writes the list. False: no memory, or it cannot be written (asking_close tells). */
bool listing_print(struct listing *);

#endif

/*
 * gather.h - from records to a set of patterns: the two halves of struct trail_records (trail/trail.h).
 */
#ifndef TRAIL_PATTERNS_GATHER_H
#define TRAIL_PATTERNS_GATHER_H

#include "set.h"

struct gather {
    const struct trail_pack *pack;
    struct set *set;
    bool examples; /* events themselves are kept, the first of each pattern */
    bool failed;   /* out of memory */
};

/* On any thread, and changes nothing. */
void gather_summarize(const struct gather *, const struct trail_seen *, struct trail_text *);

void gather_take(struct gather *, const struct trail_source *, int64_t time, struct trail_slice summary);

#endif

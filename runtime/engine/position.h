/*
 * position.h - how far an input has been taken.
 */
#ifndef TRAIL_POSITION_H
#define TRAIL_POSITION_H

#include "frame/frame.h"
#include "trail/trail.h"

/*
 * Up to a place between two values, and what the input had brought by then. A worker that begins there finds
 * in the rest what one that has read all of it would have found.
 */
struct trail_position {
    uint64_t offset; /* in inflated bytes; what lies before it is never wanted again */
    uint64_t records, problems;
    int64_t newest, oldest; /* accepted times; TRAIL_NO_TIME: none yet */
    struct trail_stand stand;
    uint64_t skip; /* records behind that place that were taken, too: it was the last one to begin at again */
};

#define TRAIL_BEGINNING ((struct trail_position){.newest = TRAIL_NO_TIME, .oldest = TRAIL_NO_TIME})

#endif

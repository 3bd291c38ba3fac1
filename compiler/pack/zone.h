/*
 * zone.h - time zones.
 */
#ifndef PACK_ZONE_H
#define PACK_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* A time zone as the moments at which its offset changes, 1970 to 2100. */
struct zone {
    struct slice name;
    size_t n;
    int64_t *from;   /* seconds since the epoch; from[0] is the earliest */
    int32_t *offset; /* seconds east of UTC from then on */
};
struct zone *zone_find(struct compile *, struct slice name); /* NULL: no such zone. Interned */
struct slice zone_nearest(struct compile *,
                          struct slice name); /* an existing zone's name; n 0: none is near */
bool zone_database(struct compile *);         /* whether there is one to look zones up in */

#endif

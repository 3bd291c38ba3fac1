/*
 * stored.h - a notification, read again from the line of JSON that trail_fired_json() has written.
 */
#ifndef TRAIL_STORED_H
#define TRAIL_STORED_H

#include "trail/trail.h"

/* Borrows the line, and the alert from the pack where it still has it. `fired` may point into it: no copies. */
struct trail_stored {
    struct trail_fired fired;
    struct trail_usual usual;
    struct trail_alert alert; /* of a pack that no longer has it: ID and name */
    char *memory;
};

/* False: no such line, or no memory. Free it either way. */
bool trail_stored_read(struct trail_stored *, const struct trail_pack *, struct trail_slice line);
void trail_stored_free(struct trail_stored *);

#endif

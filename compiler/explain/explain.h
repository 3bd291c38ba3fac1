/*
 * explain.h - why an event matches or not.
 */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct explain_options {
    bool json, verbose, colour;
    uint64_t record;                     /* only the record of this number; 0: all */
    struct slice application, subsystem; /* labels of the input; n 0: none */
};

enum explain_result {
    EXPLAINED,
    EXPLAIN_UNKNOWN,  /* an argument is neither alert nor file */
    EXPLAIN_UNREAD,   /* not every event could be read, or there was none */
    EXPLAIN_NO_EVENTS /* options that are about events, and no file of them; nothing was said */
};

/*
 * Prints on standard output. Each argument is an alert of the pack, by ID or name, or a file of events;
 * without events the plan of the alerts is printed, or of the whole pack. What it cannot do is said on
 * standard error.
 */
enum explain_result explain_pack(struct compile *, const struct explain_options *, size_t n,
                                 char *const *arguments);

#endif

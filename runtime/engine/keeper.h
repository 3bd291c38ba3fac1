/*
 * keeper.h - what the engine tells somebody who keeps its state, and is told by it. The engine knows no file:
 * whoever scans without a state links none of it.
 *
 * All of it runs on the thread that calls trail_new, trail_scan, … Between two calls of `taken` everything
 * that the chunk held is in the windows, and nothing of the next one: there the state can be committed.
 */
#ifndef TRAIL_KEEPER_H
#define TRAIL_KEEPER_H

#include "position.h"

struct window;

enum trail_known {
    TRAIL_UNKNOWN, /* to be read from the beginning */
    TRAIL_BEGUN,   /* to be read from the position on */
    TRAIL_DONE,    /* nothing is there that has not been taken */
    TRAIL_UNSURE,  /* it cannot be said, and somebody has been told: do not scan */
};

struct trail_keeper {
    void *user;

    /* Makes a new window what it was, and writes down what is done with it from now on. */
    enum trail_status (*resume)(void *user, struct window *);

    /* What is known of an input that is about to be read. Never called for "-". */
    enum trail_known (*find)(void *user, const char *path, struct trail_position *);

    /* An input has been taken as far as this; `ended`: to its end. Paths of one call stay where they are until
     * it returns. False: stop, the state can take no more. */
    bool (*taken)(void *user, const char *path, const struct trail_position *, bool ended);
};

#endif

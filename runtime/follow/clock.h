/*
 * clock.h - what time it is, and waiting, for those that follow logs. Tests bring their own: days pass in it
 * in milliseconds.
 */
#ifndef TRAIL_CLOCK_H
#define TRAIL_CLOCK_H

#include <poll.h>
#include <stdint.h>

struct trail_clock {
    void *user;
    int64_t (*now)(void *user);    /* ms since 1970-01-01T00:00:00Z; may be set forward and back */
    int64_t (*steady)(void *user); /* ms since some moment; only goes forward */

    /* Waits until a descriptor is ready, as poll() says it, or `until` in steady time (INT64_MAX: for ever).
     * What poll() returns. */
    int (*wait)(void *user, struct pollfd *, nfds_t n, int64_t until);
};

extern const struct trail_clock trail_clock_system;

#endif

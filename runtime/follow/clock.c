/*
 * clock.c - the machine's clock.
 */
#include "clock.h"

#include <limits.h>

#include "window/timestamp.h"

static int64_t now(void *user)
{
    (void)user;
    return trail_time_now(CLOCK_REALTIME);
}

/* It goes on while the machine sleeps: what was idle then has been idle. */
static int64_t steady(void *user)
{
    (void)user;
    return trail_time_now(CLOCK_BOOTTIME);
}

static int wait(void *user, struct pollfd *fds, nfds_t n, int64_t until)
{
    int timeout = -1;
    if (until != INT64_MAX) {
        int64_t left = until - steady(user);
        timeout = left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
    }
    return poll(fds, n, timeout);
}

const struct trail_clock trail_clock_system = {.now = now, .steady = steady, .wait = wait};

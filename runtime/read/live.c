/*
 * live.c - bytes as they come.
 *
 * Needs: a path that is no directory. Guarantees: never waits longer than it was told to.
 */
#include "live.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void trouble(struct trail_live *l, const char *what)
{
    char buffer[96];
    snprintf(l->problem, sizeof l->problem, "%s: %s", what, strerror_r(errno, buffer, sizeof buffer));
}

bool trail_live_open(struct trail_live *l, const char *path)
{
    *l = (struct trail_live){.fd = -1, .wake = {-1, -1}};
    l->bytes = malloc(TRAIL_LIVE_BYTES);
    if (l->bytes && pipe2(l->wake, O_CLOEXEC | O_NONBLOCK) == 0)
        l->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (l->fd < 0)
        trouble(l, "cannot be opened");
    return l->fd >= 0;
}

void trail_live_close(struct trail_live *l)
{
    if (l->fd > STDIN_FILENO)
        close(l->fd);
    for (int i = 0; i < 2; i++)
        if (l->wake[i] >= 0)
            close(l->wake[i]);
    l->fd = l->wake[0] = l->wake[1] = -1;
    free(l->bytes);
    l->bytes = NULL;
}

enum trail_came trail_live_read(struct trail_live *l, int milliseconds, size_t *n)
{
    struct pollfd fds[] = {{.fd = l->fd, .events = POLLIN}, {.fd = l->wake[0], .events = POLLIN}};
    for (;;) {
        int ready = poll(fds, 2, milliseconds);
        if (ready == 0)
            return TRAIL_CAME_NONE;
        if (ready > 0 && fds[1].revents)
            return TRAIL_CAME_END;
        ssize_t got = ready > 0 ? read(l->fd, l->bytes, TRAIL_LIVE_BYTES) : -1;
        if (got > 0) {
            *n = (size_t)got;
            return TRAIL_CAME;
        }
        if (got == 0)
            return TRAIL_CAME_END;
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
            trouble(l, "cannot be read");
            return TRAIL_CAME_ERROR;
        }
    }
}

void trail_live_wake(struct trail_live *l)
{
    if (l->wake[1] >= 0 && write(l->wake[1], "", 1) < 0)
        return; /* full: it is awake */
}

bool trail_live_is_quiet(const struct trail_live *l)
{
    struct pollfd poll_fd = {.fd = l->fd, .events = POLLIN};
    return poll(&poll_fd, 1, 0) == 0;
}

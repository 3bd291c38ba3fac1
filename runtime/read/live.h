/*
 * live.h - bytes of standard input, a pipe or a terminal, as they come.
 */
#ifndef TRAIL_LIVE_H
#define TRAIL_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#define TRAIL_LIVE_BYTES ((size_t)256 * 1024) /* read at once */

struct trail_live {
    int fd;      /* -1: closed */
    int wake[2]; /* a pipe */
    char *bytes;
    char problem[160]; /* what went wrong: our own words and the system's */
};

enum trail_came {
    TRAIL_CAME,       /* *n bytes are in `bytes` */
    TRAIL_CAME_NONE,  /* nothing came in time */
    TRAIL_CAME_END,   /* nothing will */
    TRAIL_CAME_ERROR, /* `problem` says which */
};

/* "-" is standard input. False: `problem` says why; close it all the same. Owns its file and memory. */
bool trail_live_open(struct trail_live *, const char *path);
void trail_live_close(struct trail_live *);

/* Waits up to `milliseconds` for something to come; -1: for ever. */
enum trail_came trail_live_read(struct trail_live *, int milliseconds, size_t *n);

/* For another thread: what waits for input has come to its end. */
void trail_live_wake(struct trail_live *);

/* Whether nothing is there to be read without waiting. */
bool trail_live_is_quiet(const struct trail_live *);

#endif

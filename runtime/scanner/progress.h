/*
 * progress.h - one line on a terminal that says how far a long scan has come.
 */
#ifndef TRAIL_PROGRESS_H
#define TRAIL_PROGRESS_H

#include "trail/trail.h"

struct trail_progress {
    bool on;         /* standard error is a terminal that can erase a line */
    bool shown;      /* a line stands there now */
    int64_t started; /* ms of a clock that only goes forward */
    int64_t last;
};

void trail_progress_start(struct trail_progress *);

/* Draws the line anew, with n of `what` ("alert") found: not in the first second, not more than five times a
 * second. */
void trail_progress_show(struct trail_progress *, const struct trail_stats *, uint64_t n, const char *what);

/* Erases the line; before anything else is written to the terminal. */
void trail_progress_clear(struct trail_progress *);

/* Milliseconds since the start. */
int64_t trail_progress_elapsed(const struct trail_progress *);

/* The line's text: "1.2 GB, 850 MB/s, 812345 records, 12 alerts". Returns its length. */
size_t trail_progress_text(char *to, size_t room, const struct trail_stats *, uint64_t n, const char *what,
                           int64_t elapsed);

#endif

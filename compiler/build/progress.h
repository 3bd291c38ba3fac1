/*
 * progress.h - which of how many, on a terminal.
 */
#ifndef BUILD_PROGRESS_H
#define BUILD_PROGRESS_H

#include <stdint.h>

#include "base/arena.h"

struct progress {
    bool on;         /* standard error is a terminal that can erase a line */
    bool shown;      /* a line stands there now */
    bool drawn;      /* one has been drawn before */
    int64_t started; /* ms of a clock that only goes forward */
    int64_t first;   /* ms that pass before one is drawn: a second, or what TRAIL_PROGRESS says */
    int64_t last;
};

void progress_start(struct progress *);

/* Draws "cc 3 of 12: match.c", not more than ten times a second; `name` is safe for a terminal. */
void progress_show(struct progress *, const char *doing, size_t n, size_t of, struct slice name);

/* Erases the line; before anything else is written to the terminal, and at the end. */
void progress_clear(struct progress *);

#endif

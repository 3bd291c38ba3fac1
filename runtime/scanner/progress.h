/*
 * progress.h - one line on a terminal that says how far a long read has come. Every command that reads logs does this:
 *
 *     trail_progress_start(&progress);
 *     options.total = progress.on;                       so that percent and time left are known
 *     in on_progress: trail_progress_show(&progress, stats, n, "alert");
 *     before anything is written, and at the end: trail_progress_clear(&progress);
 *
 * Nothing is written where standard error is no terminal, or one that cannot erase a line. There is no colour in it.
 */
#ifndef TRAIL_PROGRESS_H
#define TRAIL_PROGRESS_H

#include "trail/trail.h"

struct trail_progress {
    bool on;         /* standard error is a terminal that can erase a line */
    bool shown;      /* a line stands there now */
    bool drawn;      /* one has been drawn before */
    int64_t started; /* ms of a clock that only goes forward */
    int64_t first;   /* ms that pass before one is drawn: a second, or what TRAIL_PROGRESS says */
    int64_t last;
};

void trail_progress_start(struct trail_progress *);

/* Draws the line anew with n of `what` ("alert") found, if it is time to. */
void trail_progress_show(struct trail_progress *, const struct trail_stats *, uint64_t n, const char *what);

/*
 * The same with other words, in two steps: whether it is time to draw the line, and with how many columns, which are as
 * many as the terminal has now but the last, behind which some go to the next line; 0: not in the first second, not more
 * than five times a second. Then the text, of printable characters, which takes no more.
 */
size_t trail_progress_columns(const struct trail_progress *);
void trail_progress_draw(struct trail_progress *, const char *text);

/* Erases the line; before anything else is written to the terminal. */
void trail_progress_clear(struct trail_progress *);

/* Milliseconds since the start. */
int64_t trail_progress_elapsed(const struct trail_progress *);

/*
 * The line's text: "41%, 1.2 GB, 850 MB/s, 1m20s left, 812345 records, 12 alerts"; the first and the time left only where
 * stats->total is known, which is of the files as they are stored, while the bytes and their rate are inflated ones. What
 * does not fit into room - 1 bytes is left out, the least telling part first. Returns its length.
 */
size_t trail_progress_text(char *to, size_t room, const struct trail_stats *, uint64_t n, const char *what,
                           int64_t elapsed);

#endif

/*
 * heard.h - in which pieces of time the log has any events at all: what waits of that for the watermark.
 *
 * Pieces are 2^20 ms (17m 28s) from the epoch on, so that what is known of them does not hang on how events
 * arrive.
 */
#ifndef TRAIL_HEARD_H
#define TRAIL_HEARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEARD_SHIFT = 20, HEARD_LAST = (1 << HEARD_SHIFT) - 1, HEARD_RUNS = 1 << 15 };

/* Pieces in a row. */
struct heard_run {
    int64_t first, last;
};

/* Zero it before use. */
struct heard {
    struct heard_run *run; /* in order, none touches the next */
    size_t n, room;
};

enum heard_added { HEARD_NEW, HEARD_BEFORE, HEARD_NO_MEMORY };

/* The piece that holds the moment. Where there are more than HEARD_RUNS runs the earliest goes: whoever
 * writes a log with dates all over the ages gets no baseline of the first of them. */
enum heard_added heard_add(struct heard *, int64_t time);

/* The last moment of the first piece; TRAIL_NO_TIME: there is none. */
int64_t heard_next(const struct heard *);

/* Takes out the first piece. Needs: there is one. */
void heard_pop(struct heard *);

void heard_free(struct heard *);

#endif

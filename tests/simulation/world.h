/*
 * world.h - a machine with logs on it, made of one seed: its clock, the files that are written, rotated and
 * delivered, and the events in them. What the alerts should be is worked out from the list of events alone
 * (expected.c), by an evaluator that knows nothing of files, watermarks and timers.
 */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include <trail/trail.h>

#include "follow/clock.h"

#define TICK   INT64_C(10000) /* every event's time is a multiple */
#define MINUTE INT64_C(60000)
#define HOUR   INT64_C(3600000)
#define BEGIN  INT64_C(1767571200000) /* the clock at the start: 2026-01-05, midnight */

enum { MAX_EVENTS = 4000, N_USERS = 3 };

enum kind { LOGIN, ADMIN, OTHER };

struct event {
    enum kind kind;
    unsigned user, id;
    int64_t time;
};

/* Who writes to a file, and the half of a line that it has not written yet. */
struct writer {
    char path[96];
    char rest[256];
    unsigned rotated;
    int64_t filled; /* since when there is something in it; 0: it is empty */
};

struct world {
    uint64_t seed, random;
    char directory[64];
    int64_t now, steady, next, until; /* of the clock; the next thing that happens; when all ends */
    struct trail_clock clock;
    int64_t lateness;
    struct event events[MAX_EVENTS];
    unsigned n_events;
    struct writer log, tree[3];
    int fifo;
    unsigned delivered;
    unsigned twice; /* events with an ID, as alerts see them, in files that were delivered twice */
    bool tells;
    bool verbose;
    bool over;    /* the clock has come to the end */
    bool crashes; /* the engine keeps a state, and is struck dead now and then */
    bool down;    /* it is to be, now */
    bool orderly; /* or to end */
    size_t log_bytes;
};

/* Makes the directory and what is in it at the start. */
void world_begin(struct world *, uint64_t seed, const char *directory, bool verbose);
void world_end(struct world *);

/* It is down: things go on for a while, and then it is to begin again. */
void world_restart(struct world *);

uint64_t draw(struct world *, uint64_t below);

/* ---- expected.c ---- */

struct lines {
    char **at;
    unsigned n, room;
};

void lines_add(struct lines *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_free(struct lines *);

extern const struct trail_pack world_pack;

/* The alerts, in the words of alert_line, whose time is before `end`. */
void expect(const struct world *, int64_t end, struct lines *);
void alert_line(struct lines *, const struct trail_fired *);

#endif

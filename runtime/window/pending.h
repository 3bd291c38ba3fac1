/*
 * pending.h - hits that wait for the watermark, by time, alert, event ID, record, group and source, so that
 * what comes out is in one order whatever the order it came in.
 *
 * A log is nearly in order. What comes behind all others, or before a few of them, goes to the end of a list
 * that is in order; a heap takes what comes much later than its neighbours.
 */
#ifndef TRAIL_PENDING_H
#define TRAIL_PENDING_H

#include "hit.h"
#include "shared.h"

/* A hit with texts of its own. Who pops it drops the texts (waiting_drop). */
struct waiting {
    int64_t time;
    int64_t until; /* of the newest hit that this one stands for too; time: of none */
    uint32_t alert;
    struct shared *group;
    struct shared *event_id, *breakdown, *fields; /* NULL: none, or not needed */
    uint64_t record_hash[2];
    struct trail_source source;
};

struct pending {
    struct waiting_key *heap; /* heap[i] is before heap[2i + 1] and heap[2i + 2] */
    struct waiting_key *run;  /* in order; a ring, its first at run_first */
    struct waiting *body;     /* the rest, at the index that its key names */
    uint32_t *free;           /* indices of body that hold nothing */
    size_t n, room;           /* in both; a power of two, of each array */
    size_t run_n, run_first;
    size_t bytes; /* what the waiting hits cost, about */
};

void pending_free(struct pending *); /* the texts of what waits go with their table */

/* Takes over the texts of *w; false: no memory, and the texts are still the caller's. *place is where it lies
 * until it is popped. */
bool pending_push(struct pending *, const struct waiting *w, uint32_t *place);

/* The earliest time; TRAIL_NO_TIME: nothing waits. */
int64_t pending_time(const struct pending *);

/* The hit at a place. Only `until` may be changed. */
struct waiting *pending_at(struct pending *, uint32_t place);

/* The first hit, and its place. Needs: one is there. */
const struct waiting *pending_first(const struct pending *, uint32_t *place);

/* Takes the first hit out, and its place. Needs: one is there. */
struct waiting pending_pop(struct pending *, uint32_t *place);

/* Puts all in order; pending_nth() needs it, and ends with the next push or pop. */
void pending_sort(struct pending *);
/* The i-th from the first, and its place; before pending_sort() in some order. */
const struct waiting *pending_nth(const struct pending *, size_t i, uint32_t *place);

/* The one that comes i hits after the first, as far as that is known without looking: what is fetched ahead.
 * NULL: none. pending_fetch() gets it on its way from memory. */
const struct waiting *pending_soon(const struct pending *, size_t i);
void pending_fetch(const struct pending *, size_t i);

/* Drops all, and keeps the room. */
void pending_clear(struct pending *, struct shared_table *);

/* Whether a comes out before b. */
bool waiting_before(const struct waiting *a, const struct waiting *b);

void waiting_drop(struct waiting *, struct shared_table *);

#endif

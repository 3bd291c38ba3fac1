/*
 * worker_inside.h - a worker from within.
 */
#ifndef TRAIL_WORKER_INSIDE_H
#define TRAIL_WORKER_INSIDE_H

#include "extract.h"
#include "presence.h"
#include "sieve/sieve.h"
#include "window/siphash_lanes.h"
#include "worker.h"

/* A label that the input gives, or that each record does. */
struct label {
    struct trail_slice given;
    bool from_record;
    struct trail_text of_record;
};

struct worker {
    struct worker_config config;
    struct framing own, *in;
    struct trail_match *match;
    struct trail_sieve *sieve;
    bool sieves; /* it is of use for the alerts that are wanted */
    struct extract *extract;
    struct chunk *chunk;
    uint64_t *wanted;
    struct presence presence;
    struct siphash_lanes *lanes;      /* of records whose hashes are not in the chunk yet, */
    size_t hashed_for[SIPHASH_LANES]; /* and their entries there */
    struct volume_places *volumes;    /* by alert, records behind them; NULL: nobody wants volumes */
    struct trail_text event_id;
    struct {
        char json[18]; /* "2026-03-14T10:00: as most times begin */
        int64_t time;  /* of that minute; TRAIL_NO_TIME: none is known */
    } minute;

    /* of the current input */
    const char *path;
    const struct trail_input_labels *labels;
    struct label application, subsystem;
    uint64_t *timed; /* the wanted alerts to which an event is its time and nothing else */
    bool any_timed;
    uint64_t *met; /* those of them that every record meets */
    int64_t clock;
    struct so_far so_far; /* without what was before a block that is framed ahead */
    uint64_t skip;        /* records that come first and are passed over */
    bool rested;          /* `rest` is in no chunk yet */
    bool unread;          /* the system could not read the block's input */
    uint64_t stored;      /* of a block: how far it comes in the input as it is stored; 0: the reader knows */
    struct trail_position rest;
    bool ahead;     /* nothing is handed on */
    bool full;      /* too much has been found ahead */
    bool at_border; /* the framer has stopped */
    bool ended;     /* it has come to the input's end */
    bool stopped;   /* nobody wants more */
};

/* give.c. Hands on what was found, up to where the reader has come or to an offset; tells what is wrong. What
 * is not in the chunk yet, comes into it first. */
void worker_give_rest(struct worker *w);
void worker_give_to(struct worker *w, uint64_t offset);
void worker_give(struct worker *w);
bool worker_has_failed(const struct worker *w);
struct entry *worker_add_entry(struct worker *w, enum entry_kind kind);
void worker_problem(struct worker *w, uint64_t offset, const char *what);
void worker_unread(struct worker *w, uint64_t offset, const char *what);
void worker_end(struct worker *w, uint64_t offset);

/* hits.c. worker_hash_rest: the hashes of records that are still missing in the chunk. */
void worker_hash_rest(struct worker *w);
void worker_take_record(struct worker *w, const struct trail_record *record);

/* worker.c. Takes records as long as there are any without waiting. */
void worker_drain(struct worker *w);

#endif

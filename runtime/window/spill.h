/*
 * spill.h - hits that wait on disk, when too many wait for memory: each time a run of them, in order, in a
 * temporary file of its own; what comes out is merged from the runs, in the order of pending.h.
 *
 * The files are in $TMPDIR, or /tmp where that is not set; without a name, readable by nobody else, and gone
 * with the process. A run is read through a small buffer, and many runs are merged into one, so that a few
 * MiB of memory are enough for any number of hits. Merging needs room for those runs once more.
 *
 * A file that can no longer be written (disk full) ends the taking in, and loses nothing that was taken in. A
 * file that can no longer be read loses the rest of its run, which is counted.
 */
#ifndef TRAIL_SPILL_H
#define TRAIL_SPILL_H

#include <stdio.h>

#include "pending.h"

/* Runs that are merged into one of the next level; levels. So at most SPILL_RUNS are open. */
enum { SPILL_FAN = 16, SPILL_LEVELS = 8, SPILL_RUNS = SPILL_FAN * SPILL_LEVELS };

struct spill {
    struct run *run[SPILL_RUNS]; /* of no lower level than the runs behind it */
    size_t n_runs;
    size_t first;   /* the run with the first hit of all, when there is one */
    uint64_t n;     /* hits that wait here */
    uint64_t taken; /* all that were ever taken in */
    uint64_t lost;  /* could not be read back */
    int error;      /* errno of the first failure to write: nothing is taken in any more; 0: none */
    int read_error; /* errno of the first failure to read; 0: none */
    size_t longest; /* the longest text taken in, for which there is room in `text` */
    char *text;
};

enum spill_status {
    SPILL_TAKEN,     /* all of it. Or all of it, and `error` says that this was the last time */
    SPILL_FAILED,    /* nothing of it; `error` says why */
    SPILL_NO_MEMORY, /* the spill may only be freed */
};

/* Copies what waits (pending_sort() comes first; one hit at least) into a run. */
enum spill_status spill_add(struct spill *, const struct pending *, struct shared_table *);

/* The first hit; NULL: none. */
const struct waiting *spill_first(const struct spill *);

/* Takes the first hit out; who takes it drops its texts. Needs: one is there. False: no memory to read the
 * next one; the hit is taken out all the same, and the spill may only be freed. */
bool spill_pop(struct spill *, struct waiting *, struct shared_table *);

/* Passes every hit, in no order; it stays. The callback borrows it; false: stop. SPILL_TAKEN: all of them;
 * SPILL_FAILED: some cannot be read, see read_error, or stopped. */
enum spill_status spill_each(struct spill *, bool (*each)(void *user, const struct waiting *), void *user,
                             struct shared_table *);

/* A new temporary file without a name, empty. NULL: see errno. */
FILE *spill_file(void);

/* Where temporary files are made. */
const char *spill_directory(void);

void spill_free(struct spill *); /* the texts of what waits go with their table */

#endif

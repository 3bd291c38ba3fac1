/*
 * live.h - a pack at work on logs as they grow: the engine of `--follow`.
 *
 *     struct live *l = live_new(pack, &config, &status);
 *     while (live_turn(l, fds, n) == LIVE_ON)       waits, reads, counts, tells
 *         …
 *     live_drain(l);                                what is there already
 *     live_finish(l);                               decides what is open, where no state will go on with it
 *     live_free(l);
 *
 * Time. Each input brings events with times of their own. The watermark is the earliest of the newest times
 * of the inputs that are not idle, less the lateness; an input is idle when its events' time has not moved
 * for a while (config.idle) and nothing of it waits to be read. When all are idle, the clock moves time on:
 * the watermark is the clock less the lateness. Until everything that was there at the start has been read,
 * nothing moves but the last input. So the events of a backlog are counted as a scan would count them, and
 * silence is decided at the end of its window and the lateness later, though no event comes.
 *
 * An input that fails makes silence unknown for what its labels feed, until it can be read again: then
 * silence is judged anew, in windows that begin there. Something missing in the midst of an input (damage)
 * does the same for the windows that begin before it was found.
 *
 * One thread. Callbacks run inside live_turn, live_drain and live_finish, and must not call back.
 */
#ifndef TRAIL_LIVE_LOOP_H
#define TRAIL_LIVE_LOOP_H

#include "clock.h"
#include "trail/trail.h"
#include "tree.h"

#define LIVE_IDLE 60000 /* ms */

struct live;
struct window;

/* Who keeps what is known from run to run. Calls stand between commits: all of a batch, or nothing. */
struct live_keeper {
    void *user;
    /* Makes a new window what it was. */
    enum trail_status (*resume)(void *user, struct window *);
    /* What is known of a file that is about to be read first. False: it cannot be told. */
    bool (*recall)(void *user, const char *path, struct tree_known *);
    /* A file has been taken up to tail->at. False: out of memory. */
    bool (*taken)(void *user, struct tail *);
    /* A file is gone, and all of it was read. */
    void (*forget)(void *user, const struct tail *);
    /* Stores the batch. False: it could not be; all of it is tried again with the next one. */
    bool (*commit)(void *user);
    /* Whether so much waits to be stored that no more is to be read. */
    bool (*is_full)(void *user);
    /* Whether anything waits to be stored. */
    bool (*is_dirty)(void *user);
};

struct live_config {
    struct trail_options options; /* without now, threads and on_progress */
    size_t n_inputs;
    const char *const *inputs;               /* paths; "-" is standard input */
    const struct trail_input_labels *labels; /* of each */
    const struct trail_clock *clock;
    int64_t idle;                     /* ms; 0: LIVE_IDLE */
    bool tells;                       /* inotify may be used */
    const struct live_keeper *keeper; /* NULL: nothing is kept */
};

/* What can be said of it at any moment. */
struct live_stats {
    struct trail_stats stats;
    size_t files, open_files, waiting, failing; /* files known, open, to be read; inputs that fail */
    size_t groups, pending;
    int64_t newest, watermark; /* event times; TRAIL_NO_TIME: none yet */
    uint64_t commits, failed_commits;
    bool caught_up; /* everything that was there at the start has been read */
};

struct live *live_new(const struct trail_pack *, const struct live_config *, enum trail_status *);
void live_free(struct live *);

enum live_went {
    LIVE_ON,
    LIVE_ENDED,  /* every input has ended: pipes and standard input do */
    LIVE_FAILED, /* live_outcome says why */
};

/* One round: waits until something is to be done, `until` (steady time), or one of the caller's descriptors
 * is ready, then does it. Their revents are set. */
enum live_went live_turn(struct live *, struct pollfd *fds, nfds_t n, int64_t until);

/* Reads what is there, and commits. */
void live_drain(struct live *);

/* Where nothing is kept: decides what waits. Call once, last. */
void live_finish(struct live *);

enum trail_status live_outcome(struct live *);
void live_stats(const struct live *, struct live_stats *);
struct trail_counts live_counts(const struct live *, size_t alert);
void live_stop(struct live *); /* as trail_stop */

#endif

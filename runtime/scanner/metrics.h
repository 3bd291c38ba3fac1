/*
 * metrics.h - what a service says of itself, in Prometheus' text format (exposition format 0.0.4).
 *
 * The engine's thread takes a picture after each round (metrics_take); whoever asks gets the last one.
 */
#ifndef TRAIL_METRICS_H
#define TRAIL_METRICS_H

#include <pthread.h>

#include "follow/live.h"

/* What is sent, by channel. */
struct metrics_channel {
    const char *name;
    uint64_t waiting, held, sent, retried, refused;
};

struct metrics_alert {
    uint64_t hits, fired;
    bool undecided;
};

struct metrics {
    const struct trail_pack *pack;
    pthread_mutex_t mutex;
    struct live_stats stats;
    struct metrics_alert *alerts; /* of the pack */
    struct metrics_channel *channels;
    size_t n_channels;
    int64_t started; /* when the first one was taken */
    int64_t steady;  /* when the last one was, by the clock that only goes forward */
    bool stores;     /* the last commit succeeded */
};

bool metrics_start(struct metrics *, const struct trail_pack *); /* false: no memory */
void metrics_end(struct metrics *);

/* Takes over the list of channels (their names stay the caller's); it may be NULL. */
void metrics_take(struct metrics *, const struct live *, struct metrics_channel *, size_t n_channels,
                  const struct trail_clock *);

/* Any thread. `now` is the clock's. */
void metrics_print(struct metrics *, int64_t now, struct trail_text *);

/* Whether the engine has come by lately, at this steady time; whether everything that was there has been read and
 * the last commit succeeded. */
bool metrics_is_healthy(struct metrics *, int64_t steady);
bool metrics_is_ready(struct metrics *);

#endif

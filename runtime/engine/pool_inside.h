/*
 * pool_inside.h - a pool from within: what threads and the caller share, and the functions that its files
 * have of each other.
 */
#ifndef TRAIL_POOL_INSIDE_H
#define TRAIL_POOL_INSIDE_H

#include <pthread.h>

#include "pool.h"
#include "split.h"

enum {
    QUEUE_BYTES = 4 << 20, /* of results that may wait for one input */
    POOL_BYTES = 16 << 20, /* of results that may wait for all inputs whose turn has not come */
};

struct queue {
    struct chunk *first, *last;
    size_t bytes;
};

struct pool {
    const struct pool_config *config;
    size_t block;
    unsigned threads;
    size_t at_once; /* as in struct worker_config */
    pthread_mutex_t mutex;
    pthread_cond_t ready; /* for the caller: a chunk of the current input */
    pthread_cond_t room;  /* in some queue */
    pthread_cond_t work;  /* there may be a job */
    /* under the mutex: */
    struct queue *queues; /* n_inputs */
    struct chunk *empty;
    size_t n_empty;
    size_t next, current; /* inputs: to be taken by a thread; whose turn it is */
    size_t bytes;         /* in all queues */
    bool listing;         /* some thread looks at what comes next */
    bool resting;         /* the caller does */
    bool hurried;         /* it should not */
    struct split *splits; /* in order */
    struct block *blocks; /* empty */
    size_t n_blocks;      /* that inputs have */
    bool stop, failed;
};

/* What a thread has in hand. */
struct seat {
    struct pool *pool;
    size_t input;
    struct queue found; /* chunks that nobody has been told of */
    pthread_t thread;
};

enum job_kind {
    JOB_READ,  /* the split's next bytes, into the block; no other thread does */
    JOB_FRAME, /* the split's block, which has been read */
    JOB_NEXT,  /* look at what comes next */
};

struct job {
    enum job_kind kind;
    struct split *split;
    struct block *block;
};

/* found.c. Those with the pool, but for pool_flush and pool_put, are called with the mutex held. */
void pool_queue_add(struct queue *, struct chunk *);
struct chunk *pool_queue_remove(struct queue *); /* needs one in it */
/* Ends the caller's rest. */
void pool_hurry(struct pool *);
/* Puts a thread's chunks into the queues. False: stopped. */
bool pool_hand_over(struct pool *, struct queue *found);
void pool_stop(struct pool *, bool failed);
/* pool_hand_over of what the seat has. */
bool pool_flush(struct seat *);
/* A worker's emit; `user` is its seat. */
bool pool_put(void *user, struct chunk **);

/* jobs.c, with the mutex held. Waits for a job; false: there are no more. */
bool pool_next_job(struct pool *, struct job *);
/* The split is done with the block. */
void pool_give_back(struct pool *, struct split *, struct block *);

/* thread.c. Whether an input is cut into blocks. */
bool pool_is_large(const struct pool *, const char *path, enum worker_input, const struct stat *);
/* What a thread does, all its life; `user` is its seat. */
void *pool_work(void *user);

#endif

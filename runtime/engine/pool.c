/*
 * pool.c - threads on one side, the caller on the other: how they start, work together and stop.
 *
 * Needs: see pool.h. Guarantees: the caller gets the chunks in the order of the inputs, whatever threads
 * there are; where none can be started it reads by itself.
 *
 * A thread (thread.c) asks for a job (jobs.c). In the order of the large inputs that are open: one that no
 * other thread is reading, for a block; a block that was read and waits to be framed. Else the inputs that
 * come next, for a batch of small files or a large one to open. So all threads work near the input whose turn
 * it is, and on it if it is large.
 *
 * Who has read a plain block frames it, too, for it is in that processor's cache. Inflating takes longer than
 * all that follows: who inflates goes on with that, and others frame the blocks. So the time of one compressed
 * input is that of inflating it.
 *
 * The caller rests for a moment after it has taken what was there, so that it is not woken for each block: with
 * as many threads as processors, one of them has to step aside for it. What cannot wait hurries it.
 *
 * What is found goes to the queue of its input (found.c). The lock is taken a few times for each block or
 * batch, never for a record, and only for moments: paths are looked at, files read and results taken without
 * it.
 *
 * Nobody waits for ever: the thread that has work on the current input never waits but for the caller, who
 * waits for nothing else; a thread that waits for its input's turn holds no other thread's.
 */
#include <stdlib.h>
#include <time.h>

#include "pool_inside.h"

enum {
    MAX_THREADS = 256,
    MAX_EMPTY = 64,          /* chunks that wait to be filled again */
    REST = 1000000,          /* ns */
    LEAST_AT_ONCE = 2 << 20, /* bytes of one thread, whatever its share is */
};

/* What one of so many threads may use to inflate files at once. */
static size_t share_at_once(const struct pool_config *config, unsigned threads)
{
    size_t share = config->at_once / threads;
    return share < LEAST_AT_ONCE && config->at_once ? LEAST_AT_ONCE : share;
}

/* ---- the caller's side -------------------------------------------------------------------- */

/* Lets results come together. Called with the mutex held. */
static void rest(struct pool *p)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += REST;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    p->resting = true;
    while (!p->stop && !p->hurried && pthread_cond_timedwait(&p->ready, &p->mutex, &until) == 0)
        ;
    p->resting = p->hurried = false;
}

/* All that waits for the caller: what there is of the current input and, if that is all of it, of those
 * behind. Waits until there is some; NULL: stopped. Called with the mutex held. */
static struct chunk *get(struct pool *p)
{
    struct queue got = {0};
    while (!p->stop && !p->queues[p->current].first)
        pthread_cond_wait(&p->ready, &p->mutex);
    while (!p->stop && p->current < p->config->n_inputs && p->queues[p->current].first &&
           got.bytes < QUEUE_BYTES) {
        struct chunk *c = pool_queue_remove(&p->queues[p->current]);
        p->bytes -= chunk_memory(c);
        pool_queue_add(&got, c);
        p->current += c->end;
    }
    pthread_cond_broadcast(&p->room);
    pthread_cond_broadcast(&p->work);
    return got.first;
}

/* Lets the caller take chunks. False: stop. */
static bool take_all(struct pool *p, struct chunk *c, bool *failed)
{
    const struct pool_config *config = p->config;
    bool go_on = true;
    for (; c; c = c->next) {
        if (go_on) {
            go_on = config->take(config->user, c->input, c) && !c->failed;
            *failed |= c->failed;
        }
        struct chunk *next = c->next;
        chunk_clear(c);
        c->next = next;
    }
    return go_on;
}

static void keep_empty(struct pool *p, struct chunk *c)
{
    while (c) {
        struct chunk *next = c->next;
        if (p->n_empty < MAX_EMPTY) {
            c->next = p->empty;
            p->empty = c;
            p->n_empty++;
        } else {
            chunk_free(c);
        }
        c = next;
    }
}

static void consume(struct pool *p)
{
    struct chunk *c;
    bool failed = false;
    pthread_mutex_lock(&p->mutex);
    while (!p->stop && p->current < p->config->n_inputs && (c = get(p))) {
        pthread_mutex_unlock(&p->mutex);
        bool go_on = take_all(p, c, &failed);
        pthread_mutex_lock(&p->mutex);
        keep_empty(p, c);
        if (!go_on)
            pool_stop(p, failed);
        else if (p->current < p->config->n_inputs)
            rest(p);
    }
    pool_stop(p, false);
    pthread_mutex_unlock(&p->mutex);
}

/* ---- beginning and end -------------------------------------------------------------------- */

/* False: the system has no clock that runs evenly, or no memory. */
static bool init_ready(struct pool *p)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool made = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(&p->ready, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return made;
}

/* How many threads have started. */
static unsigned start(struct pool *p, struct seat *seats, unsigned n)
{
    unsigned started = 0;
    for (unsigned i = 0; i < n; i++) {
        seats[started] = (struct seat){.pool = p};
        if (pthread_create(&seats[started].thread, NULL, pool_work, &seats[started]) == 0)
            started++;
    }
    return started;
}

static void free_pool(struct pool *p)
{
    pthread_cond_destroy(&p->ready);
    for (size_t i = 0; i < p->config->n_inputs; i++)
        chunk_free_list(p->queues[i].first);
    chunk_free_list(p->empty);
    while (p->splits) {
        struct split *next = p->splits->next;
        split_free(p->splits);
        p->splits = next;
    }
    while (p->blocks) {
        struct block *next = p->blocks->next;
        block_free(p->blocks);
        p->blocks = next;
    }
    free(p->queues);
}

/* ---- without threads ---------------------------------------------------------------------- */

/* A chunk is taken as soon as it is full. */
struct inline_seat {
    const struct pool_config *config;
    size_t input;
    bool failed;
};

static bool take_now(void *user, struct chunk **chunk)
{
    struct inline_seat *seat = user;
    bool go_on = seat->config->take(seat->config->user, seat->input, *chunk) && !(*chunk)->failed;
    seat->failed |= (*chunk)->failed;
    chunk_clear(*chunk);
    return go_on;
}

static bool read_inline(struct worker *w, const struct pool_input *i)
{
    return i->file ? worker_read_listed(w, i->path, i->labels, i->from)
                   : worker_read(w, i->path, i->labels, i->from);
}

static enum trail_status run_inline(const struct pool_config *config)
{
    struct inline_seat seat = {.config = config};
    struct worker_config worker = config->worker;
    worker.at_once = share_at_once(config, 1);
    worker.emit = take_now;
    worker.user = &seat;
    struct worker *w = worker_new(&worker);
    if (!w)
        return TRAIL_NO_MEMORY;
    for (; seat.input < config->n_inputs; seat.input++)
        if (!read_inline(w, &config->inputs[seat.input]))
            break;
    worker_free(w);
    return seat.failed ? TRAIL_NO_MEMORY : TRAIL_OK;
}

/* ---- with them, or not -------------------------------------------------------------------- */

static enum trail_status run_threads(const struct pool_config *config, unsigned threads)
{
    struct seat seats[MAX_THREADS];
    struct pool p = {.config = config,
                     .block = config->block ? config->block : TRAIL_BLOCK_BYTES,
                     .threads = threads,
                     .at_once = share_at_once(config, threads),
                     .mutex = PTHREAD_MUTEX_INITIALIZER,
                     .room = PTHREAD_COND_INITIALIZER,
                     .work = PTHREAD_COND_INITIALIZER};
    if (!init_ready(&p))
        return run_inline(config);
    p.queues = calloc(config->n_inputs, sizeof *p.queues);
    if (!p.queues)
        return TRAIL_NO_MEMORY;
    unsigned started = start(&p, seats, threads);
    if (started)
        consume(&p);
    for (unsigned i = 0; i < started; i++) {
        pthread_join(seats[i].thread, NULL);
        chunk_free_list(seats[i].found.first);
    }
    free_pool(&p);
    if (!started)
        return run_inline(config);
    return p.failed ? TRAIL_NO_MEMORY : TRAIL_OK;
}

/* One thread for each small file is enough, where there are few of them. */
static unsigned useful_threads(const struct pool_config *config)
{
    struct stat status;
    unsigned threads = config->threads < MAX_THREADS ? config->threads : MAX_THREADS;
    struct pool p = {.block = config->block ? config->block : TRAIL_BLOCK_BYTES,
                     .at_once = share_at_once(config, threads)};
    if (threads <= 1 || config->n_inputs >= threads)
        return threads;
    for (size_t i = 0; i < config->n_inputs; i++)
        if (pool_is_large(&p, config->inputs[i].path, worker_input(NULL, config->inputs[i].path, &status),
                          &status))
            return threads;
    return (unsigned)config->n_inputs;
}

enum trail_status pool_run(const struct pool_config *config)
{
    unsigned threads = useful_threads(config);
    return threads > 1 ? run_threads(config, threads) : run_inline(config);
}

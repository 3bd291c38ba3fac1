/*
 * pool.c - threads, their queues and their order.
 */
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    QUEUE_BYTES = 4 << 20, /* of results that may wait for one input */
    POOL_BYTES = 32 << 20, /* of results that may wait for all inputs whose turn has not come */
    MAX_THREADS = 256,
};

struct queue {
    struct chunk *first, *last;
    size_t bytes;
};

struct pool {
    const struct pool_config *config;
    pthread_mutex_t mutex;
    pthread_cond_t ready, room; /* a chunk of the current input; room in some queue */
    /* under the mutex: */
    struct queue *queues; /* n_inputs */
    struct chunk *empty;
    size_t next, current; /* inputs: to be taken by a worker; whose turn it is */
    size_t bytes;         /* in all queues */
    bool stop, failed;
};

/* What a thread's worker hands chunks to. */
struct seat {
    struct pool *pool;
    size_t input;
    pthread_t thread;
};

/* ---- the workers' side -------------------------------------------------------------------- */

/* An empty chunk to go on with. Called with the mutex held. */
static struct chunk *get_empty(struct pool *p)
{
    struct chunk *c = p->empty;
    if (c)
        p->empty = c->next;
    else
        c = chunk_new();
    return c;
}

static bool must_wait(const struct pool *p, size_t input, size_t bytes)
{
    const struct queue *q = &p->queues[input];
    if (p->stop || !q->first)
        return !p->stop && input != p->current && p->bytes + bytes > POOL_BYTES;
    return q->bytes + bytes > QUEUE_BYTES || (input != p->current && p->bytes + bytes > POOL_BYTES);
}

static bool put(void *user, struct chunk **chunk)
{
    struct seat *seat = user;
    struct pool *p = seat->pool;
    struct queue *q = &p->queues[seat->input];
    size_t bytes = chunk_memory(*chunk);
    pthread_mutex_lock(&p->mutex);
    while (must_wait(p, seat->input, bytes))
        pthread_cond_wait(&p->room, &p->mutex);
    struct chunk *empty = p->stop ? NULL : get_empty(p);
    if (empty) {
        (*chunk)->next = NULL;
        if (q->last)
            q->last->next = *chunk;
        else
            q->first = *chunk;
        q->last = *chunk;
        q->bytes += bytes;
        p->bytes += bytes;
        *chunk = empty;
    } else if (!p->stop) {
        p->failed = p->stop = true;
        pthread_cond_broadcast(&p->room);
    }
    if (p->stop || seat->input == p->current)
        pthread_cond_signal(&p->ready);
    pthread_mutex_unlock(&p->mutex);
    return empty != NULL;
}

/* The next input for a worker; n_inputs: no more. */
static size_t take_input(struct pool *p)
{
    pthread_mutex_lock(&p->mutex);
    size_t input = p->stop ? p->config->n_inputs : p->next;
    if (input < p->config->n_inputs)
        p->next++;
    pthread_mutex_unlock(&p->mutex);
    return input;
}

static void fail(struct pool *p)
{
    pthread_mutex_lock(&p->mutex);
    p->failed = p->stop = true;
    pthread_cond_signal(&p->ready);
    pthread_cond_broadcast(&p->room);
    pthread_mutex_unlock(&p->mutex);
}

static void *work(void *user)
{
    struct seat *seat = user;
    const struct pool_config *config = seat->pool->config;
    struct worker_config worker = config->worker;
    worker.emit = put;
    worker.user = seat;
    struct worker *w = worker_new(&worker);
    if (!w) {
        fail(seat->pool);
        return NULL;
    }
    while ((seat->input = take_input(seat->pool)) < config->n_inputs)
        if (!worker_read(w, config->inputs[seat->input].path, config->inputs[seat->input].labels))
            break;
    worker_free(w);
    return NULL;
}

/* ---- the caller's side -------------------------------------------------------------------- */

/* The next chunk of the current input, once it is there; NULL: stopped. Called with the mutex held. */
static struct chunk *get(struct pool *p)
{
    struct queue *q = &p->queues[p->current];
    while (!q->first && !p->stop)
        pthread_cond_wait(&p->ready, &p->mutex);
    struct chunk *c = p->stop ? NULL : q->first;
    if (c) {
        q->first = c->next;
        if (!q->first)
            q->last = NULL;
        q->bytes -= chunk_memory(c);
        p->bytes -= chunk_memory(c);
        pthread_cond_broadcast(&p->room);
    }
    return c;
}

static void consume(struct pool *p)
{
    const struct pool_config *config = p->config;
    pthread_mutex_lock(&p->mutex);
    while (!p->stop && p->current < config->n_inputs) {
        struct chunk *c = get(p);
        if (!c)
            break;
        size_t input = p->current;
        pthread_mutex_unlock(&p->mutex);
        bool end = c->end, failed = c->failed, go_on = config->take(config->user, input, c);
        chunk_clear(c);
        pthread_mutex_lock(&p->mutex);
        c->next = p->empty;
        p->empty = c;
        p->failed |= failed;
        if (failed || !go_on)
            p->stop = true;
        if (end)
            p->current++;
        if (end || p->stop)
            pthread_cond_broadcast(&p->room);
    }
    p->stop = true;
    pthread_cond_broadcast(&p->room);
    pthread_mutex_unlock(&p->mutex);
}

/* How many threads have started. */
static unsigned start(struct pool *p, struct seat *seats, unsigned n)
{
    unsigned started = 0;
    for (unsigned i = 0; i < n; i++) {
        seats[started].pool = p;
        if (pthread_create(&seats[started].thread, NULL, work, &seats[started]) == 0)
            started++;
    }
    return started;
}

/* The same without threads: a chunk is taken as soon as it is full. */
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

static enum trail_status run_inline(const struct pool_config *config)
{
    struct inline_seat seat = {.config = config};
    struct worker_config worker = config->worker;
    worker.emit = take_now;
    worker.user = &seat;
    struct worker *w = worker_new(&worker);
    if (!w)
        return TRAIL_NO_MEMORY;
    for (; seat.input < config->n_inputs; seat.input++)
        if (!worker_read(w, config->inputs[seat.input].path, config->inputs[seat.input].labels))
            break;
    worker_free(w);
    return seat.failed ? TRAIL_NO_MEMORY : TRAIL_OK;
}

static enum trail_status run_threads(const struct pool_config *config, unsigned threads)
{
    struct seat seats[MAX_THREADS];
    struct pool p = {.config = config,
                     .mutex = PTHREAD_MUTEX_INITIALIZER,
                     .ready = PTHREAD_COND_INITIALIZER,
                     .room = PTHREAD_COND_INITIALIZER};
    p.queues = calloc(config->n_inputs, sizeof *p.queues);
    if (!p.queues)
        return TRAIL_NO_MEMORY;
    unsigned started = start(&p, seats, threads);
    if (started)
        consume(&p);
    for (unsigned i = 0; i < started; i++)
        pthread_join(seats[i].thread, NULL);
    for (size_t i = 0; i < config->n_inputs; i++)
        chunk_free_list(p.queues[i].first);
    chunk_free_list(p.empty);
    free(p.queues);
    if (!started)
        return run_inline(config);
    return p.failed ? TRAIL_NO_MEMORY : TRAIL_OK;
}

enum trail_status pool_run(const struct pool_config *config)
{
    size_t threads = config->threads < MAX_THREADS ? config->threads : MAX_THREADS;
    if (threads > config->n_inputs)
        threads = config->n_inputs;
    return threads > 1 ? run_threads(config, (unsigned)threads) : run_inline(config);
}

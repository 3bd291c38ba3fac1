/*
 * pool.c - threads, what they do next, and the order of what they find.
 *
 * A thread asks for a job (next_job). In the order of the large inputs that are open: one that no other thread
 * is reading, for a block; a block that was read and waits to be framed. Else the inputs that come next, for a
 * batch of small files or a large one to open. So all threads work near the input whose turn it is, and on it
 * if it is large.
 *
 * Who has read a plain block frames it, too, for it is in that processor's cache. Inflating takes longer than
 * all that follows: who inflates goes on with that, and others frame the blocks. So the time of one compressed
 * input is that of inflating it.
 *
 * The caller rests for a moment after it has taken what was there, so that it is not woken for each block: with
 * as many threads as processors, one of them has to step aside for it. What cannot wait hurries it.
 *
 * What is found goes to the queue of its input. The lock is taken a few times for each block or batch, never
 * for a record, and only for moments: paths are looked at, files read and results taken without it.
 *
 * Nobody waits for ever: the thread that has work on the current input never waits but for the caller, who
 * waits for nothing else; a thread that waits for its input's turn holds no other thread's.
 */
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "split.h"

enum {
    QUEUE_BYTES = 4 << 20,  /* of results that may wait for one input */
    POOL_BYTES = 16 << 20,  /* of results that may wait for all inputs whose turn has not come */
    KEEP_BYTES = 256 << 10, /* of results that a thread keeps before it hands them on */
    MAX_THREADS = 256,
    MAX_BATCH = 32,   /* files */
    MAX_EMPTY = 64,   /* chunks that wait to be filled again */
    MAX_UNFRAMED = 2, /* blocks of one input, before the one who reads frames one, too */
    REST = 1000000,   /* ns */
};

struct queue {
    struct chunk *first, *last;
    size_t bytes;
};

struct pool {
    const struct pool_config *config;
    size_t block;
    unsigned threads;
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

/* ---- what is found ------------------------------------------------------------------------ */

static void add(struct queue *q, struct chunk *c)
{
    c->next = NULL;
    if (q->last)
        q->last->next = c;
    else
        q->first = c;
    q->last = c;
    q->bytes += chunk_memory(c);
}

static struct chunk *remove_first(struct queue *q)
{
    struct chunk *c = q->first;
    q->first = c->next;
    if (!q->first)
        q->last = NULL;
    q->bytes -= chunk_memory(c);
    return c;
}

static bool must_wait(const struct pool *p, size_t input, size_t bytes)
{
    const struct queue *q = &p->queues[input];
    bool others = input != p->current && p->bytes + bytes > POOL_BYTES;
    return !p->stop && (others || (q->first && q->bytes + bytes > QUEUE_BYTES));
}

/* Ends the caller's rest. */
static void hurry(struct pool *p)
{
    if (!p->resting)
        return;
    p->hurried = true;
    pthread_cond_signal(&p->ready);
}

/* A chunk of the current input has come. What a live input has brought before it pauses, and the end of all, are
 * wanted at once. */
static void tell_caller(struct pool *p, const struct chunk *c)
{
    if (c->paused || (c->end && c->input + 1 == p->config->n_inputs))
        hurry(p);
    if (!p->resting)
        pthread_cond_signal(&p->ready);
}

/* Puts a thread's chunks into the queues. False: stopped. Called with the mutex held. */
static bool hand_over(struct pool *p, struct queue *found)
{
    while (found->first) {
        struct chunk *c = found->first;
        size_t bytes = chunk_memory(c);
        while (must_wait(p, c->input, bytes)) {
            hurry(p);
            pthread_cond_wait(&p->room, &p->mutex);
        }
        if (p->stop)
            return false;
        remove_first(found);
        add(&p->queues[c->input], c);
        p->bytes += bytes;
        if (c->input == p->current)
            tell_caller(p, c);
    }
    return true;
}

static void stop(struct pool *p, bool failed)
{
    p->failed |= failed;
    p->stop = true;
    pthread_cond_signal(&p->ready);
    pthread_cond_broadcast(&p->room);
    pthread_cond_broadcast(&p->work);
    for (struct split *s = p->splits; s; s = s->next)
        trail_live_wake(&s->live);
}

static bool flush(struct seat *seat)
{
    struct pool *p = seat->pool;
    pthread_mutex_lock(&p->mutex);
    bool go_on = hand_over(p, &seat->found);
    pthread_mutex_unlock(&p->mutex);
    return go_on;
}

static struct chunk *get_empty(struct pool *p)
{
    pthread_mutex_lock(&p->mutex);
    struct chunk *c = p->empty;
    if (c) {
        p->empty = c->next;
        p->n_empty--;
    }
    pthread_mutex_unlock(&p->mutex);
    return c ? c : chunk_new();
}

/* A worker's emit. */
static bool put(void *user, struct chunk **chunk)
{
    struct seat *seat = user;
    struct chunk *empty = get_empty(seat->pool);
    if (!empty) {
        pthread_mutex_lock(&seat->pool->mutex);
        stop(seat->pool, true);
        pthread_mutex_unlock(&seat->pool->mutex);
        return false;
    }
    (*chunk)->input = seat->input;
    add(&seat->found, *chunk);
    *chunk = empty;
    return seat->found.bytes < KEEP_BYTES || flush(seat);
}

/* ---- what a thread does next -------------------------------------------------------------- */

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

/* Whether results of that input could wait. */
static bool has_room(const struct pool *p, size_t input)
{
    return input == p->current || p->bytes < POOL_BYTES / 2;
}

/* Whether one block more may be had. The input whose turn it is can always have as many as one alone. */
static bool has_blocks(const struct pool *p, const struct split *s)
{
    size_t most = (size_t)p->threads + 3;
    return s->n_blocks < most && (s->input == p->current || p->n_blocks < most);
}

/* NULL: no memory. */
static struct block *get_block(struct pool *p, struct split *s)
{
    struct block *b = p->blocks;
    if (b)
        p->blocks = b->next;
    else
        b = block_new(p->block);
    if (b) {
        p->n_blocks++;
        s->n_blocks++;
        b->guess = s->guess;
        s->reading = true;
    }
    return b;
}

static void give_back(struct pool *p, struct split *s, struct block *b)
{
    b->next = p->blocks;
    p->blocks = b;
    p->n_blocks--;
    s->n_blocks--;
}

/* The split's first block that waits to be framed by whoever is free; NULL: none. *n: how many do. */
static struct block *unframed(const struct split *s, size_t *n)
{
    struct block *first = NULL;
    *n = 0;
    for (struct block *b = s->first; b; b = b->next) {
        if (b->state != BLOCK_WAITING)
            continue;
        first = first ? first : b;
        ++*n;
    }
    return first;
}

/* Finds something to do for one of the large inputs. */
static bool split_job(struct pool *p, struct split *s, struct job *job)
{
    size_t waiting;
    struct block *b = unframed(s, &waiting);
    bool readable = !s->reading && !s->over && has_room(p, s->input) && has_blocks(p, s);
    if (readable && waiting < MAX_UNFRAMED) {
        *job = (struct job){JOB_READ, s, get_block(p, s)};
        if (!job->block)
            stop(p, true);
        return true;
    }
    if (b) {
        b->state = BLOCK_RUNNING;
        *job = (struct job){JOB_FRAME, s, b};
    }
    return b != NULL;
}

/* Waits for a job. False: there are no more. Called with the mutex held. */
static bool next_job(struct pool *p, struct job *job)
{
    for (;;) {
        bool more = p->listing || p->next < p->config->n_inputs;
        if (p->stop)
            return false;
        for (struct split *s = p->splits; s; s = s->next) {
            if (split_job(p, s, job))
                return !p->stop;
            more = more || !s->over;
        }
        if (!p->listing && p->next < p->config->n_inputs && has_room(p, p->next)) {
            p->listing = true;
            *job = (struct job){JOB_NEXT, NULL, NULL};
            return true;
        }
        if (!more)
            return false;
        if (p->bytes >= POOL_BYTES / 2)
            hurry(p);
        pthread_cond_wait(&p->work, &p->mutex);
    }
}

/* ---- small files -------------------------------------------------------------------------- */

/* How many of the next inputs a thread should have: a part of what is left, so that all have some. */
static size_t batch_size(const struct pool *p)
{
    size_t share = (p->config->n_inputs - p->next) / (4 * (size_t)p->threads);
    return share < 1 ? 1 : share > MAX_BATCH ? MAX_BATCH : share;
}

static bool is_large(const struct pool *p, enum worker_input kind, const struct stat *status)
{
    return kind == WORKER_LIVE || (status->st_size > 0 && (size_t)status->st_size >= 2 * p->block);
}

static bool open_split(struct seat *seat, enum worker_input kind, const struct stat *status)
{
    struct pool *p = seat->pool;
    struct split *s = split_new(&p->config->worker, p->next, p->config->inputs[p->next].path,
                                p->config->inputs[p->next].from, kind, status, p->block);
    pthread_mutex_lock(&p->mutex);
    struct split **at = &p->splits;
    while (*at)
        at = &(*at)->next;
    *at = s;
    p->next++;
    p->listing = false;
    if (!s)
        stop(p, true);
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->mutex);
    return s != NULL;
}

/* Looks at the next inputs, which nobody else does meanwhile: opens a large one, or reads some small files.
 */
static bool do_next(struct seat *seat, struct worker *w)
{
    struct pool *p = seat->pool;
    struct stat status[MAX_BATCH];
    size_t first = p->next, most = batch_size(p), n = 0, bytes = 0;
    for (; n < most && bytes < p->block; n++) {
        enum worker_input kind = worker_input(w, p->config->inputs[first + n].path, &status[n]);
        const struct trail_position *from = p->config->inputs[first + n].from;
        bool large = is_large(p, kind, &status[n]) && !(from && from->skip > 0);
        if (large && n == 0)
            return open_split(seat, kind, &status[0]);
        if (large)
            break;
        bytes += (size_t)status[n].st_size;
    }
    pthread_mutex_lock(&p->mutex);
    p->next += n;
    p->listing = false;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->mutex);
    for (size_t i = 0; i < n; i++) {
        const struct pool_input *input = &p->config->inputs[first + i];
        seat->input = first + i;
        if (!worker_read_file(w, input->path, input->labels, input->from, &status[i]))
            return false;
    }
    return flush(seat);
}

/* ---- large inputs ------------------------------------------------------------------------- */

static void append(struct split *s, struct block *b)
{
    b->next = NULL;
    if (s->last)
        s->last->next = b;
    else
        s->first = b;
    s->last = b;
}

/* The input has been handed on to its end. */
static void close_split(struct pool *p, struct split *s)
{
    struct split **at = &p->splits;
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    p->n_blocks -= s->n_blocks;
    split_free(s);
}

/* Learns from a block that was settled how to guess, and whether to. */
static void learn(struct split *s)
{
    if (s->clean)
        s->guess = s->stand;
    if (s->was_misfit) {
        s->misfits += s->misfits < 6;
        s->alone = 1u << s->misfits;
    } else if (s->alone > 0) {
        s->alone -= s->clean;
    } else {
        s->misfits = 0;
    }
}

/* Settles the blocks that can be, unless another thread does: that one will then see to these, too. Called
 * with the mutex held. */
static void settle(struct seat *seat, struct worker *w, struct split *s)
{
    struct pool *p = seat->pool;
    struct block *b;
    bool go_on = true;
    if (s->settling)
        return;
    s->settling = true;
    while (go_on && !p->stop && (b = s->first) && (b->state == BLOCK_READ || b->state == BLOCK_RUN)) {
        s->first = b->next;
        if (!s->first)
            s->last = NULL;
        pthread_mutex_unlock(&p->mutex);
        struct block *free_now = split_settle(s, w, b);
        if (free_now)
            block_clear(free_now);
        pthread_mutex_lock(&p->mutex);
        s->ended = b->ended && b->over;
        if (b->ended && !b->over) /* memory ran out */
            stop(p, true);
        go_on = hand_over(p, &seat->found);
        if (free_now)
            give_back(p, s, free_now);
        learn(s);
        pthread_cond_broadcast(&p->work);
    }
    s->settling = false;
    if (s->ended)
        close_split(p, s);
}

/* Frames a block ahead. Called with the mutex held. */
static void frame(struct seat *seat, struct worker *w, struct block *b)
{
    struct pool *p = seat->pool;
    b->state = BLOCK_RUNNING;
    pthread_mutex_unlock(&p->mutex);
    worker_ahead(w, b);
    pthread_mutex_lock(&p->mutex);
    b->state = BLOCK_RUN;
}

/* Reads a block. Called with the mutex held, which others have meanwhile. */
static void read_block(struct seat *seat, struct split *s, struct block *b)
{
    struct pool *p = seat->pool;
    pthread_mutex_unlock(&p->mutex);
    split_read(s, b);
    bool inflated = split_inflates(s);
    pthread_mutex_lock(&p->mutex);
    s->reading = false;
    s->over = b->over;
    b->state = !b->guessed || s->alone ? BLOCK_READ : inflated ? BLOCK_WAITING : BLOCK_RUNNING;
    append(s, b);
    pthread_cond_broadcast(&p->work);
}

/* Reads a block or frames one or both, and settles what it can. Called with the mutex held. */
static void do_block(struct seat *seat, struct worker *w, const struct job *job)
{
    struct pool *p = seat->pool;
    struct split *s = job->split;
    const struct pool_input *input = &p->config->inputs[s->input];
    seat->input = s->input;
    worker_turn_to(w, input->path, input->labels);
    if (job->kind == JOB_READ)
        read_block(seat, s, job->block);
    if (job->block->state == BLOCK_RUNNING)
        frame(seat, w, job->block);
    settle(seat, w, s);
}

static void *work(void *user)
{
    struct seat *seat = user;
    struct pool *p = seat->pool;
    struct worker_config config = p->config->worker;
    config.emit = put;
    config.user = seat;
    struct worker *w = worker_new(&config);
    struct job job;
    bool go_on = w != NULL;
    pthread_mutex_lock(&p->mutex);
    if (!w)
        stop(p, true);
    while (go_on && next_job(p, &job)) {
        if (job.kind == JOB_NEXT) {
            pthread_mutex_unlock(&p->mutex);
            go_on = do_next(seat, w);
            pthread_mutex_lock(&p->mutex);
        } else {
            do_block(seat, w, &job);
            go_on = !p->stop;
        }
    }
    pthread_mutex_unlock(&p->mutex);
    worker_free(w);
    return NULL;
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
        struct chunk *c = remove_first(&p->queues[p->current]);
        p->bytes -= chunk_memory(c);
        add(&got, c);
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
            stop(p, failed);
        else if (p->current < p->config->n_inputs)
            rest(p);
    }
    stop(p, false);
    pthread_mutex_unlock(&p->mutex);
}

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
        if (pthread_create(&seats[started].thread, NULL, work, &seats[started]) == 0)
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

/* ---- all together ------------------------------------------------------------------------- */

static enum trail_status run_threads(const struct pool_config *config, unsigned threads)
{
    struct seat seats[MAX_THREADS];
    struct pool p = {.config = config,
                     .block = config->block ? config->block : TRAIL_BLOCK_BYTES,
                     .threads = threads,
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
    struct pool p = {.block = config->block ? config->block : TRAIL_BLOCK_BYTES};
    struct stat status;
    unsigned threads = config->threads < MAX_THREADS ? config->threads : MAX_THREADS;
    if (threads <= 1 || config->n_inputs >= threads)
        return threads;
    for (size_t i = 0; i < config->n_inputs; i++)
        if (is_large(&p, worker_input(NULL, config->inputs[i].path, &status), &status))
            return threads;
    return (unsigned)config->n_inputs;
}

enum trail_status pool_run(const struct pool_config *config)
{
    unsigned threads = useful_threads(config);
    return threads > 1 ? run_threads(config, threads) : run_inline(config);
}

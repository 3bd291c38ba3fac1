/*
 * thread.c - a thread of the pool: its job done, small files whole, of a large input a block.
 *
 * Needs: a seat that is its own. Guarantees: blocks of an input are settled in their order, by one thread at
 * a time; what is read and framed is so without the mutex.
 */
#include "pool_inside.h"

enum { MAX_BATCH = 32 }; /* files */

/* How many of the next inputs a thread should have: a part of what is left, so that all have some. */
static size_t batch_size(const struct pool *p)
{
    size_t share = (p->config->n_inputs - p->next) / (4 * (size_t)p->threads);
    return share < 1 ? 1 : share > MAX_BATCH ? MAX_BATCH : share;
}

bool pool_is_large(const struct pool *p, const char *path, enum worker_input kind, const struct stat *status)
{
    if (kind == WORKER_LIVE)
        return true;
    return status->st_size > 0 && (size_t)status->st_size >= 2 * p->block &&
           !trail_reader_is_at_once(path, (uint64_t)status->st_size, p->at_once);
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
        pool_stop(p, true);
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
        bool large = pool_is_large(p, p->config->inputs[first + n].path, kind, &status[n]) &&
                     !(from && from->skip > 0);
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
    return pool_flush(seat);
}

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

/* Whether a thread is busy with it. */
static bool is_busy(const struct split *s)
{
    bool busy = s->reading || s->settling;
    for (const struct block *b = s->first; b; b = b->next)
        busy |= b->state == BLOCK_CLAIMED || b->state == BLOCK_RUNNING;
    return busy;
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
    while (go_on && !p->stop && !s->ended && (b = s->first) &&
           (b->state == BLOCK_READ || b->state == BLOCK_RUN)) {
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
            pool_stop(p, true);
        go_on = pool_hand_over(p, &seat->found);
        if (free_now)
            pool_give_back(p, s, free_now);
        learn(s);
        pthread_cond_broadcast(&p->work);
    }
    s->settling = false;
    if (s->ended && !is_busy(s)) /* blocks that are behind an end which came early are of no use */
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

/* The rest of a block, of which others know already where it ends. Called with the mutex held. */
static void fetch(struct pool *p, struct split *s, struct block *b)
{
    b->state = BLOCK_CLAIMED;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->mutex);
    split_fetch(b);
    pthread_mutex_lock(&p->mutex);
    s->over |= b->over;
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
    s->over |= b->over;
    append(s, b);
    if (b->to_fetch)
        fetch(p, s, b);
    b->state = !b->guessed || s->alone || s->ended ? BLOCK_READ : inflated ? BLOCK_WAITING : BLOCK_RUNNING;
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

void *pool_work(void *user)
{
    struct seat *seat = user;
    struct pool *p = seat->pool;
    struct worker_config config = p->config->worker;
    config.at_once = p->at_once;
    config.emit = pool_put;
    config.user = seat;
    struct worker *w = worker_new(&config);
    struct job job;
    bool go_on = w != NULL;
    pthread_mutex_lock(&p->mutex);
    if (!w)
        pool_stop(p, true);
    while (go_on && pool_next_job(p, &job)) {
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

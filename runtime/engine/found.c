/*
 * found.c - what threads find, in the queues of their inputs; and the caller, who is told of it.
 *
 * Needs: each input's chunks from one thread at a time, in order. Guarantees: what waits is bounded, by
 * QUEUE_BYTES for an input (or one chunk) and POOL_BYTES for all whose turn has not come; who waits for room
 * hurries the caller, and waits no more behind a stop.
 */
#include "pool_inside.h"

enum { KEEP_BYTES = 256 << 10 }; /* of results that a thread keeps before it hands them on */

void pool_queue_add(struct queue *q, struct chunk *c)
{
    c->next = NULL;
    if (q->last)
        q->last->next = c;
    else
        q->first = c;
    q->last = c;
    q->bytes += chunk_memory(c);
}

struct chunk *pool_queue_remove(struct queue *q)
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
void pool_hurry(struct pool *p)
{
    if (!p->resting)
        return;
    p->hurried = true;
    pthread_cond_signal(&p->ready);
}

/* A chunk of the current input has come. What a live input has brought before it pauses, and the end of all,
 * are wanted at once. */
static void tell_caller(struct pool *p, const struct chunk *c)
{
    if (c->paused || (c->end && c->input + 1 == p->config->n_inputs))
        pool_hurry(p);
    if (!p->resting)
        pthread_cond_signal(&p->ready);
}

/* Puts a thread's chunks into the queues. False: stopped. Called with the mutex held. */
bool pool_hand_over(struct pool *p, struct queue *found)
{
    while (found->first) {
        struct chunk *c = found->first;
        size_t bytes = chunk_memory(c);
        while (must_wait(p, c->input, bytes)) {
            pool_hurry(p);
            pthread_cond_wait(&p->room, &p->mutex);
        }
        if (p->stop)
            return false;
        pool_queue_remove(found);
        pool_queue_add(&p->queues[c->input], c);
        p->bytes += bytes;
        if (c->input == p->current)
            tell_caller(p, c);
    }
    return true;
}

void pool_stop(struct pool *p, bool failed)
{
    p->failed |= failed;
    p->stop = true;
    pthread_cond_signal(&p->ready);
    pthread_cond_broadcast(&p->room);
    pthread_cond_broadcast(&p->work);
    for (struct split *s = p->splits; s; s = s->next)
        trail_live_wake(&s->live);
}

bool pool_flush(struct seat *seat)
{
    struct pool *p = seat->pool;
    pthread_mutex_lock(&p->mutex);
    bool go_on = pool_hand_over(p, &seat->found);
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
bool pool_put(void *user, struct chunk **chunk)
{
    struct seat *seat = user;
    struct chunk *empty = get_empty(seat->pool);
    if (!empty) {
        pthread_mutex_lock(&seat->pool->mutex);
        pool_stop(seat->pool, true);
        pthread_mutex_unlock(&seat->pool->mutex);
        return false;
    }
    (*chunk)->input = seat->input;
    pool_queue_add(&seat->found, *chunk);
    *chunk = empty;
    return seat->found.bytes < KEEP_BYTES || pool_flush(seat);
}

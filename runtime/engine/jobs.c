/*
 * jobs.c - what a thread does next.
 *
 * Needs: the mutex held. Guarantees: the input whose turn it is can always go on; nobody waits here while
 * there is something to do; no two threads read one input.
 */
#include "pool_inside.h"

enum { MAX_UNFRAMED = 2 }; /* blocks of one input, before the one who reads frames one, too */

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

void pool_give_back(struct pool *p, struct split *s, struct block *b)
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
            pool_stop(p, true);
        return true;
    }
    if (b) {
        b->state = BLOCK_RUNNING;
        *job = (struct job){JOB_FRAME, s, b};
    }
    return b != NULL;
}

/* Waits for a job. False: there are no more. Called with the mutex held. */
bool pool_next_job(struct pool *p, struct job *job)
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
            pool_hurry(p);
        pthread_cond_wait(&p->work, &p->mutex);
    }
}

/*
 * timers.c - see timers.h. Place 0 of the heap is not used: timer_at == 0 means that no timer is set.
 */
#include "timers.h"

#include <stdlib.h>

static void place(struct timers *h, size_t i, struct timer x)
{
    h->heap[i] = x;
    x.group->state->timer_at = i;
}

/* Finds the place of x, which may be too early or too late at i. */
static void settle(struct timers *h, size_t i, struct timer x)
{
    for (; i > 1 && x.time < h->heap[i / 2].time; i /= 2)
        place(h, i, h->heap[i / 2]);
    for (size_t kid = 2 * i; kid <= h->n; kid = 2 * i) {
        if (kid < h->n && h->heap[kid + 1].time < h->heap[kid].time)
            kid++;
        if (x.time <= h->heap[kid].time)
            break;
        place(h, i, h->heap[kid]);
        i = kid;
    }
    place(h, i, x);
}

bool timers_set(struct timers *h, struct group *g, int64_t time)
{
    if (g->state->timer_at == 0) {
        if (h->n + 1 >= h->room) {
            size_t room = h->room ? h->room * 2 : 64;
            struct timer *heap = realloc(h->heap, room * sizeof *heap);
            if (!heap)
                return false;
            h->heap = heap;
            h->room = room;
        }
        g->state->timer_at = ++h->n;
    }
    settle(h, g->state->timer_at, (struct timer){time, g});
    return true;
}

void timers_clear(struct timers *h, struct group *g)
{
    size_t i = group_state(g)->timer_at;
    if (i == 0)
        return;
    g->state->timer_at = 0;
    struct timer last = h->heap[h->n--];
    if (last.group != g)
        settle(h, i, last);
}

int64_t timers_time(const struct timers *h)
{
    return h->n > 0 ? h->heap[1].time : TRAIL_NO_TIME;
}

int64_t timers_of(const struct timers *h, size_t at)
{
    return h->heap[at].time;
}

struct group *timers_pop(struct timers *h)
{
    struct group *g = h->heap[1].group;
    timers_clear(h, g);
    return g;
}

void timers_free(struct timers *h)
{
    free(h->heap);
    *h = (struct timers){0};
}

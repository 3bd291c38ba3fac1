/*
 * timers.h - the moments at which groups have to be judged though no event comes: a heap with one place a
 * group.
 */
#ifndef TRAIL_TIMERS_H
#define TRAIL_TIMERS_H

#include "group.h"

struct timer {
    int64_t time;
    struct group *group;
};

struct timers {
    struct timer *heap; /* heap[1 … n]; heap[i].group->state->timer_at == i; earliest first */
    size_t n, room;
};

/* Sets a group's timer, or changes it. Needs: the group has a state. False: no memory. */
bool timers_set(struct timers *, struct group *, int64_t time);
void timers_clear(struct timers *, struct group *); /* whether it has one or not */

/* The earliest time; TRAIL_NO_TIME: none is set. */
int64_t timers_time(const struct timers *);

/* Of the timer at a place of the heap: state.timer_at. */
int64_t timers_of(const struct timers *, size_t at);

/* Takes the group of the earliest timer; its timer is off then. Needs: one is set. */
struct group *timers_pop(struct timers *);

void timers_free(struct timers *);

#endif

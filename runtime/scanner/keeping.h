/*
 * keeping.h - a state (state/state.h) as what a live engine keeps (follow/live.h).
 */
#ifndef TRAIL_KEEPING_H
#define TRAIL_KEEPING_H

#include "follow/live.h"
#include "state/state.h"

/* Borrows the state. */
struct live_keeper keeping_of(struct state *);

#endif

/*
 * habits.h - what is usual for the groups of one condition: their counts by ticks, their baselines
 * (baseline/baseline.h), and how far the log is covered.
 *
 * Time goes one way: habits_cover() and what counts, closes and asks have to be called in its order, when every
 * event up to the moment is known. So all that is learnt depends on the events alone. A step's sample is learnt
 * once it is known that the log goes on behind it (BASELINE_GAP).
 *
 * Groups are those that had an event; they are kept when the group itself is quiet and forgotten, for their
 * history is what they are here for. Beyond a limit the least counted go.
 */
#ifndef TRAIL_HABITS_H
#define TRAIL_HABITS_H

#include "baseline/baseline.h"
#include "shared.h"
#include <trail/trail.h>

#define HABIT_NEVER (INT64_MIN / 4) /* a tick before all dates: of a group that has had no event */

struct habit_sample {
    int64_t step;
    uint64_t value;
    bool raw; /* it was not held against what was usual then */
};

/* Of one group. */
struct habit {
    struct shared *key; /* as the group's; interned */
    struct sampler sampler;
    struct baseline baseline;
    struct habit_sample *closed; /* samples of which it is not known whether the log goes on behind them */
    uint32_t n_closed, closed_room;
    uint64_t counted; /* events */
    int64_t asked;    /* the step that `usual` is of; INT64_MIN: none yet */
    struct usual usual;
    bool unusual;   /* BASELINE_LESS: as of the last step that was decided */
    uint64_t found; /* and its count */
};

/* Of one condition. */
struct habits {
    const struct trail_condition *condition;
    struct ticks ticks;
    enum baseline_side side;
    bool frozen;
    struct coverage coverage;
    struct covering covering;
    int64_t covered; /* the newest moment at which the log is known to have something; TRAIL_NO_TIME: none */
    int64_t taught;  /* steps up to this one were learnt elsewhere; INT64_MIN: none */
    int64_t decided; /* BASELINE_LESS: the last step that was; INT64_MIN: none */
    struct habit **list;
    size_t n, room, limit;
    struct habit **slot; /* open addressing, by key; twice `room` */
    uint64_t forgotten;  /* groups, because of the limit */
    bool said;           /* that some are */
};

/* limit 0: BASELINES_GROUPS. Allocates nothing. */
void habits_start(struct habits *, const struct trail_condition *, size_t limit, bool frozen);
void habits_free(struct habits *); /* the keys go with their table */

/* Takes what was learnt elsewhere. The samples of its time are not learnt a second time. False: no memory. */
bool habits_teach(struct habits *, const struct baseline_set *, const struct coverage *,
                  struct shared_table *);

/* The log has something at the moment. False: no memory. */
bool habits_cover(struct habits *, int64_t t);
/* Or somewhere in the piece: at its first moment, so that a missing day is a gap, but behind a gap at its
 * last, so that nothing before the log is covered. */
bool habits_hear(struct habits *, int64_t first, int64_t last);

/* NULL: none. */
struct habit *habits_find(const struct habits *, const struct shared *key);
/* The same, made when there is none; others may go. NULL: no memory. */
struct habit *habits_make(struct habits *, struct shared *key, struct shared_table *);

/* Time has come to the moment: steps before its own are closed and, when they are known to be covered,
 * learnt. False: no memory. */
bool habit_advance(struct habits *, struct habit *, int64_t t);
/* One event more, at the moment to which it was advanced. */
bool habit_count(struct habits *, struct habit *);

/* What is usual in the step that it was advanced to. NULL: not known yet. */
const struct usual *habit_ask(struct habits *, struct habit *);

/* BASELINE_LESS, at the end of a step, when what is usual in it is known: it had no event. A sample of 0 is
 * none, and a drop would become usual soon; so this teaches what the band's end does. */
bool habit_miss(struct habits *, struct habit *);

/* What a count has to be above, or below, to be unusual: the band's end, or as far as the margin. */
double habits_limit(const struct trail_condition *, const struct usual *);
/* Whether it is. */
bool habits_unusual(const struct trail_condition *, const struct usual *, uint64_t count);

/* Needs: unusual, BASELINE_MORE. The first moment at which it is not any more if no event comes, or the step
 * is over. */
int64_t habit_until(const struct habits *, const struct habit *);

/* BASELINE_LESS: the end of the next step to decide, where the log has something in the pieces up to `heard`
 * (its first; TRAIL_NO_TIME: none). TRAIL_NO_TIME: none is in sight. */
int64_t habits_next(const struct habits *, int64_t heard);

/* History that is still missing, ms; 0: what is usual is known. */
int64_t habits_wait(const struct habits *);

#endif

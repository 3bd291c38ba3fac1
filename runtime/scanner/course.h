/*
 * course.h - what `learn` keeps of one alert while it reads, and what it makes of it.
 */
#ifndef TRAIL_COURSE_H
#define TRAIL_COURSE_H

#include "baseline/baseline.h"
#include "counted.h"
#include "propose.h"

/* Bars of a line on a terminal: a week, three hours each. */
enum { LEARN_BARS = 56 };

/* Of one condition. */
struct learnt {
    struct baseline_set *set;
    unsigned condition;
    size_t groups;                                   /* that have a baseline now */
    uint64_t left_out;                               /* groups beyond the cap */
    uint64_t samples;                                /* of these events, zeros left out */
    struct usual usual;                              /* of the busiest group, at the end of what was read */
    size_t busiest;                                  /* its number; SIZE_MAX: no group */
    double actual[LEARN_BARS], expected[LEARN_BARS]; /* of the busiest group; -1: nothing is known */
    bool proposes;
    struct proposal proposal;
};

struct learning {
    const struct trail_pack *pack;
    struct baselines *baselines;
    size_t cap;       /* groups of a condition */
    double a_week;    /* firings that are wanted */
    int64_t from, to; /* of the log; TRAIL_NO_TIME: none */
    bool applications, subsystems;
};

/* Whether a condition has an N: one that asks for what is usual has none. */
bool learn_has_number(const struct trail_condition *);

/* Learns one condition from what its alert counted, and proposes. False: no memory, or the counts could not be read
 * again. */
bool learn_condition(const struct learning *, const struct trail_alert *, unsigned condition,
                     struct counted *, struct learnt *);

#endif

/*
 * series.h - counts of made-up alerts over some weeks, with what is unusual in them marked: what the baseline is
 * measured on. The same seed is the same series.
 */
#ifndef USUAL_SERIES_H
#define USUAL_SERIES_H

#include "baseline/baseline.h"

enum series_kind {
    SERIES_FLAT,     /* the same rate at all times: where a fixed number is as good as anything */
    SERIES_DAILY,    /* busy by day, quiet by night */
    SERIES_WEEKLY,   /* the same, and quiet at weekends */
    SERIES_TREND,    /* half as much again by the end */
    SERIES_LEVEL,    /* twice as much from one day on */
    SERIES_GAPS,     /* days without any log, and a holiday with little */
    SERIES_LOW,      /* an event an hour at most */
    SERIES_WILD,     /* the rate itself jumps: more spread than independent events have */
    SERIES_CLUSTERS, /* long nothing, then some at once: usual */
    SERIES_LOUD,     /* thousands a window */
    SERIES_BURSTS,   /* what is to be learnt has many bursts in it */
    SERIES_SHORT,    /* five days to learn from */
    SERIES_LONG,     /* a window of a day */
    SERIES_DROPS,    /* what is unusual is too little */
    SERIES_KINDS,
    SERIES_REAL = SERIES_KINDS /* of events that were counted */
};

extern const char *const series_names[SERIES_KINDS];

/* A stretch of time in which the count is unusual, in ticks: [from, to). */
struct series_mark {
    int64_t from, to;
};

struct series {
    enum series_kind kind;
    enum baseline_side side;
    struct ticks ticks;
    int64_t first; /* tick */
    size_t n;      /* ticks */
    size_t learn;  /* of them to learn from */
    double mean;   /* SERIES_REAL: events a tick */
    uint32_t *counts;
    bool *covered; /* whether there was a log */
    size_t n_marks;
    struct series_mark marks[400]; /* in order */
};

void series_make(struct series *, enum series_kind, uint64_t seed);
/*
 * The counts of real times, in order, in windows of `span`, with bursts added at random: the first half of the days
 * to learn from. By a toss a burst is as large as suits its hour, or the mean hour: one who guesses passwords at
 * night does as much of it as by day.
 */
void series_plant(struct series *, int64_t span, const int64_t *times, size_t n, uint64_t seed);

void series_free(struct series *);

#endif

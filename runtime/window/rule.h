/*
 * rule.h - what the window stage works out once for each alert.
 */
#ifndef TRAIL_RULE_H
#define TRAIL_RULE_H

#include <trail/trail.h>

enum {
    RULE_COUNTED = 1000, /* events up to which a firing group's count is exact, whatever N is */
    RULE_EVENT_IDS = 10, /* newest events whose IDs are kept */
    RULE_OFTEN =
        86400000, /* ms for which a silence is repeated each notify_every; then more and more seldom */
};

struct rule {
    const struct trail_alert *alert;
    size_t index;
    const struct trail_condition *immediate; /* the `immediately` of highest priority; NULL: none */
    bool counts;                             /* has a condition that counts */
    bool above, silence;                     /* has one for many, for few */
    bool by_application;                     /* window_by_application() */
    bool keeps_events;                       /* its notifications can name events: they have to be kept */
    int64_t presence;   /* only whether there are events matters: span of the shortest window; else 0 */
    bool unknown;       /* an input was unreadable: its silence is not decided */
    bool unlabelled;    /* by_application, and no input has had a label: the same */
    bool *unknown_name; /* by_application: the same for each name */
    int64_t every;      /* between repeats */
    int64_t retire;     /* a silent key is forgotten so long after its last event */
    int64_t longest;    /* the longest window */
    size_t keep;        /* newest events that a group keeps */
    uint64_t fired;
};

bool rule_start(struct rule *, const struct trail_alert *, size_t index); /* false: no memory */
void rule_free(struct rule *);

/* How many events are many enough (TRAIL_MORE_THAN, TRAIL_AT_LEAST) or too many for silence: the K of "count
 * ≥ K". */
size_t condition_threshold(const struct trail_condition *);
bool condition_is_silence(const struct trail_condition *);

#endif

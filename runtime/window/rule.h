/*
 * rule.h - what the window stage works out once for each alert.
 */
#ifndef TRAIL_RULE_H
#define TRAIL_RULE_H

#include "habits.h"
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
    uint64_t identity; /* of what the alert is, by its ID and hash: the same in every build of the pack */
    const struct trail_condition *immediate; /* the `immediately` of highest priority; NULL: none */
    bool counts;                             /* has a condition that counts */
    bool above, silence;                     /* has one for many, for few */
    bool by_application;                     /* window_by_application() */
    bool declares;                           /* by_application: some application is named, not a pattern */
    bool fed;                                /* an event has been counted */
    bool keeps_events;                       /* its notifications can name events: they have to be kept */
    bool presence;                           /* only whether there are events matters */
    int64_t joins;  /* hits that are less than this apart are joined while they wait: window_presence() */
    bool unknown;   /* an input was unreadable: its silence is not decided */
    unsigned wants; /* silence: WINDOW_NO_ bits of the labels without which nothing reaches a declared key */
    unsigned lacks; /* those of them that no input has */
    struct shared **unknown_keys; /* by_application: of inputs that were unreadable */
    size_t n_unknown;
    int64_t known_from;    /* declared keys: their windows begin there or later; TRAIL_NO_TIME: anywhere */
    int64_t every;         /* between repeats */
    int64_t retire;        /* a silent key is forgotten so long after its last event */
    int64_t longest;       /* the longest window */
    size_t keep;           /* newest events that a group keeps */
    struct habits *habits; /* what is usual, by condition; NULL: no condition asks */
    uint64_t fired;
    uint64_t forgotten; /* groups, since it was told last */
};

void rule_start(struct rule *, const struct trail_pack *, size_t index);
/* Begins to learn what is usual, where a condition asks. False: no memory. */
bool rule_learn(struct rule *, size_t limit, bool frozen);
void rule_free(struct rule *); /* its texts go with their table */

/* Whether an input was unreadable that could have fed the group of this key. */
bool rule_is_unknown(const struct rule *, const struct shared *key);

/* Takes over one owner of the key. False: no memory, and the key is still the caller's. */
bool rule_add_unknown(struct rule *, struct shared *key, struct shared_table *);

/* What rule_add_unknown and rule.unknown say is no longer so, for one key or (NULL) for all. */
void rule_forget_unknown(struct rule *, const struct shared *key, struct shared_table *);

/* How many events are many enough (TRAIL_MORE_THAN, TRAIL_AT_LEAST) or too many for silence: the K of "count
 * ≥ K"; of usual, how many are kept to be listed. */
size_t condition_threshold(const struct trail_condition *);
bool condition_is_silence(const struct trail_condition *);
bool condition_is_usual(const struct trail_condition *);

#endif

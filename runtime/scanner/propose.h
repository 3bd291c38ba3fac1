/*
 * propose.h - which N a count should have: the windows' own stage, run again over what an alert counted, with other
 * numbers in the place of N.
 *
 * What is said of an N is exact: the alert with this N, and this condition alone, tells as much on the same history.
 */
#ifndef TRAIL_PROPOSE_H
#define TRAIL_PROPOSE_H

#include "counted.h"

/* What an N would have done. */
struct proposed {
    uint64_t n;
    uint64_t firings; /* how often it began to fire, each group for itself */
    uint64_t told;    /* notifications: a firing that lasts is told again */
};

enum { PROPOSALS = 64 };

struct proposal {
    size_t n;
    struct proposed list[PROPOSALS]; /* by N, what was tried */
    bool found;
    uint64_t best; /* the N that is proposed: of those with few enough firings the one that sees most */
};

/* What is proposed for. */
struct proposing {
    const struct trail_pack *pack;
    const struct trail_alert *alert;
    unsigned condition;
    struct counted *counted;
    int64_t from, to;              /* of the log; trail_times() */
    bool applications, subsystems; /* whether inputs have labels */
    uint64_t most;                 /* firings that are wanted, at most */
    uint64_t guess;                /* where to look first; 0: nowhere */
    uint64_t limit; /* of silence: an N that is no more silence; 0: there is none to be found */
};

/* False: no memory, or the counts could not be read again. */
bool propose(const struct proposing *, struct proposal *);

#endif

/*
 * report.h - `trailc explain PACK ALERT EVENT`: an alert and an event, held against each other.
 */
#ifndef EXPLAIN_REPORT_H
#define EXPLAIN_REPORT_H

#include "verdict.h"

/* ---- firing.c: what else decides, beside the filter -------------------------------------------- */

/* The labels of the input, as a scanner is given them; n 0: none. */
struct given_labels {
    struct slice application, subsystem;
    bool complete; /* what is not given here the input does not have; else nobody knows */
};

struct circumstance {
    const char *name;                            /* "labels", "hours", "time", "count", "repeats" */
    enum { FULFILLED, PREVENTS, DEPENDS } state; /* DEPENDS: on other events */
    struct slice says;                           /* ready for a terminal */
};

enum { MAX_CIRCUMSTANCES = 6 };

/* Of an event that the filter matches, or would. Returns how many there are. */
size_t circumstances_of(struct compile *scratch, const struct compile *, const struct alert *,
                        const struct event *, const struct given_labels *,
                        struct circumstance out[MAX_CIRCUMSTANCES]);

/* ---- report.c, report_json.c --------------------------------------------------------------------- */

struct explained {
    const struct compile *c;
    const struct alert *alert;
    const struct recorded *where;
    const struct event *event;
    const struct verdict *verdict;
    size_t n;
    struct circumstance circumstances[MAX_CIRCUMSTANCES];
};

/* The filter as a tree, a verdict and the values that it saw at each node; last the reason in words. */
void report_tree(struct buffer *, const struct explained *, bool colour);
/* One line: `FILE:RECORD: ALERT does not match: …`. */
void report_line(struct buffer *, const struct explained *, bool colour);
/* "does not match: eventName is `ConsoleLogin`, not `AssumeRole`" */
void report_summary(struct buffer *, const struct explained *);
/* One JSON object on one line. */
void report_json(struct buffer *, const struct explained *);

#endif

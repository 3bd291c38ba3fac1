/*
 * verdict.h - what a filter says of an event, clause by clause, and why.
 *
 * The tree is the filter's own, as its author wrote it, not the plan's: nothing is folded away and every
 * clause is asked. tests/differential holds the verdicts against the compiled code.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include "event.h"

enum { MAX_SEEN = 4 }; /* values of a clause that are kept to be shown */

struct seen {
    size_t value; /* index in the event */
    bool holds;
};

struct verdict {
    const struct node *node;
    bool holds;
    size_t n;
    struct verdict **kids;
    /* NODE_CLAUSE */
    size_t n_values, n_holding; /* values that the clause was asked about, and those that pass */
    size_t n_seen;
    struct seen seen[MAX_SEEN]; /* the first values that pass; else the first ones */
    size_t other;               /* no value, but this null, object or array at the path; 0: not even that */
    size_t above;               /* on the way to the path, this null, {}, [] or plain value; 0: nothing */
};

/* The event is not borrowed, only its values' indices are kept. Memory comes from `scratch`. */
struct verdict *verdict_of(struct compile *scratch, const struct node *, const struct event *);

/* The clauses of a filter from left to right; the same for every event. */
size_t clauses_of(const struct node *);
/*
 * For each clause: whether the filter's verdict would be another one if the clause's were, all others
 * unchanged.
 */
void verdict_decisive(const struct verdict *, bool *decisive);

/* ---- clause_print.c ---------------------------------------------------------------------------- */

/* A clause as its author could have written it: `requestParameters.groupName.keyword:/.*admin.*\/i`. Not yet
 * safe for a terminal. `filter` is the text that the clause was read from. */
void clause_print(struct buffer *, const struct text *filter, const struct clause *);
/* The value's part of it. */
void clause_value_print(struct buffer *, const struct text *filter, const struct clause *);

/* A text from a log or a rule for a terminal, at most `columns` characters of it. */
void show_text(struct buffer *, struct slice, size_t columns);
/* The same between backquotes. */
void show_quoted(struct buffer *, struct slice, size_t columns);
/* As a JSON string, quotes included. */
void show_json(struct buffer *, struct slice);

/* ---- reason.c --------------------------------------------------------------------------------- */

/*
 * The fewest clauses that by themselves force the verdict, in words: "eventName is `ConsoleLogin`, not
 * `AssumeRole`; the event has no `errorCode`". Ready for a terminal. Returns how many clauses it names.
 */
size_t reason_print(struct buffer *, const struct text *filter, const struct event *, const struct verdict *);

/* One clause's part of it. */
void reason_clause(struct buffer *, const struct text *filter, const struct event *, const struct verdict *);

/* "`requestParameters` is null": what stands where the path of a verdict goes through. */
void reason_above(struct buffer *, const struct event *, const struct verdict *);

/* Paths of the event that a path without a value may have meant: at most `room`, longer ones left out. */
size_t near_paths(struct compile *, const struct event *, const struct path *, size_t room, struct slice *);

#endif

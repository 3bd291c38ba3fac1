/*
 * event.h - what event.c and near_event.c share: names of events and of event sources.
 */
#ifndef EVENT_H
#define EVENT_H

#include "recognise.h"

enum {
    MAX_NEAR = 3,   /* names that are offered for one */
    MAX_OWNERS = 3, /* sources that are told to have an event */
};

struct near {
    size_t n;
    struct {
        struct slice name;
        size_t distance;
    } list[MAX_NEAR];
};

/* near_event.c: the names that a value may have been meant to be, the nearest first. */
void event_near(const struct recognise *, const struct clause *, struct slice value, const struct scene *,
                struct near *);
/* The APIs whose name, or source, a pattern of the clause's view matches. */
struct rows event_matches(const struct recognise *, const struct regex *, const struct clause *);
/* Offers a pattern that matches something, for one that matches nothing. */
void event_repair(const struct recognise *, const struct clause *, struct diag *);
/* The clause with another value. */
struct slice event_clause(struct compile *, const struct clause *, struct slice value);

#endif

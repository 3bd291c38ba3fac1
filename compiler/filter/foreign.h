/*
 * foreign.h - filters as other query languages spell them.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "parse.h"

/* Says E103 or E107, and that the rest cannot be read, when the filter has one; false when it has none. */
bool refuse_foreign(struct parse *);

/* query.c: the condition in a query of another language, and what shows that it is one. */
struct query {
    size_t from, to;
    enum { QUERY_PLAIN, QUERY_PIPED, QUERY_COUNTED, QUERY_SELECT } kind;
    size_t mark_from, mark_to;
    bool certain; /* the condition is all that it says of one event */
};
struct query query_of(const struct parse *);

/* pattern.c: says E107, and that the rest cannot be read, when the filter is an event pattern of EventBridge. */
bool refuse_pattern(struct parse *);

#endif

/*
 * recognise.h - what the files of the pass share that holds filters against the catalogue.
 *
 *   recognise.c   the walk, and which APIs a filter pins where a clause stands
 *   field.c       E120, W206: fields
 *   event.c       W204: eventName and eventSource
 *   parameter.c   W207: requestParameters
 *
 * Only what is certain is said. A set of APIs is known where every event of the filter must be one of them.
 */
#ifndef RECOGNISE_H
#define RECOGNISE_H

#include "catalogue/catalogue.h"
#include "parse.h"

/* APIs, by row, ascending. */
struct rows {
    bool known; /* false: any API, or one that the catalogue has not */
    size_t n;
    uint32_t *list;
};

struct recognise {
    struct compile *c;
    const struct text *text; /* the filter */
    const struct catalogue *catalogue;
};

/* What holds where a clause stands. */
struct scene {
    bool negated;
    struct rows names, sources;  /* that eventName, that eventSource pins */
    const struct clause *source; /* a clause that pins eventSource; NULL: none */
};

/* `this excludes nothing`, where it stands below a NOT. */
const char *outcome(const struct scene *);
struct rows rows_both(struct compile *, struct rows, struct rows);
struct rows rows_either(struct compile *, struct rows, struct rows);

/* field.c */
void recognise_field(const struct recognise *, const struct clause *);
void recognise_named(struct compile *);
/* The path's keys with the one at `depth` replaced, as a field of a filter on the clause's view. */
struct slice field_with_key(struct compile *, const struct clause *, size_t depth, struct slice key);

/* The path with a backslash before the key at `depth`, which keeps the catalogue from it. */
struct slice field_as_is(struct compile *, const struct path *, size_t depth, const char *view);
/* Says so at the end of a message's note. */
void note_as_is(struct compile *, struct diag *, const struct clause *, size_t depth);

/* event.c */
enum event_field { EVENT_NAME, EVENT_SOURCE, EVENT_NEITHER };
enum event_field event_field(const struct clause *);
void recognise_event(const struct recognise *, const struct clause *, const struct scene *);
/* A line for `explain`, of a pattern of names. */
void event_print(const struct recognise *, struct buffer *, const struct clause *);
/* The APIs that a word, phrase or list names. */
struct rows event_rows(const struct recognise *, const struct clause *);

/* parameter.c */
void recognise_parameter(const struct recognise *, const struct clause *, const struct scene *);

#endif

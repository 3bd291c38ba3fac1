/*
 * catalogue.h - what CloudTrail's records hold, and every API of AWS.
 *
 * The facts are in the text files beside this one (fields.txt, events.txt, apis.txt; each names its source) and are
 * compiled in as tables. What the catalogue does not know may still exist: AWS adds APIs every week.
 *
 * An API is a row: an event name, the event sources that log it, and what is known of its request parameters. Rows are
 * numbers, in the order of their names.
 */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include "trailc.h"

enum field_kind {
    FIELD_TEXT,
    FIELD_BOOLEAN,
    FIELD_NUMBER,
    FIELD_TIME,
    FIELD_OBJECT,
    FIELD_ARRAY,
    FIELD_OPEN
};

struct field {
    const char *path; /* dotted */
    enum field_kind kind;
};

/* How well an API's parameters are known. */
enum certainty {
    EXACT,   /* they are logged as the catalogue spells them */
    LIKELY,  /* the first letter may be a capital */
    UNKNOWN, /* any may be there */
};

/* What rows are made of, decoded; in the compile's arena. Sorted by byte order. */
struct catalogue {
    size_t n_names, n_sources, n_words;
    struct slice *names;   /* of events */
    struct slice *sources; /* iam.amazonaws.com; by their first label */
    struct slice *words;   /* that name parameters */
};

enum { NO_NAME = UINT16_MAX };

/* Decoded when it is first asked for. */
const struct catalogue *catalogue(struct compile *);
/* Where the APIs are from: packages and versions. */
const char *catalogue_from(void);

/* The record's fields, sorted by byte order. */
const struct field *catalogue_fields(size_t *n);
/* The field of a path, or the open field that it lies below; NULL: CloudTrail has none. */
const struct field *catalogue_field(const struct path *);

/* Index of an event's name, or NO_NAME. With `any_case` letters count the same in both cases, and names before
 * `from` are passed over. */
size_t catalogue_name(const struct catalogue *, struct slice name);
size_t catalogue_name_any_case(const struct catalogue *, struct slice name, size_t from);
/* The same for a name that carries the version of its API (`CreateFunction20150331v2`): that of the API. */
size_t catalogue_versioned(const struct catalogue *, struct slice name, bool any_case);

/* The rows of a name: n, from *first on. */
size_t catalogue_rows(size_t name, size_t *first);
size_t catalogue_n_rows(void);
size_t row_name(size_t row);
bool row_has_source(size_t row, size_t source);
size_t row_sources(size_t row, size_t sources[3]); /* how many */

/* Whether an API may have the parameter at keys[0…n) below requestParameters. If not, *depth is the first key that it
 * has not. */
bool row_has_parameter(const struct catalogue *, size_t row, const struct slice *keys, size_t n,
                       size_t *depth);
/* Calls `each` with every name that may stand at that depth. */
void row_parameters(const struct catalogue *, size_t row, const struct slice *keys, size_t depth,
                    void (*each)(void *, struct slice), void *);
enum certainty row_certainty(size_t row);

#endif

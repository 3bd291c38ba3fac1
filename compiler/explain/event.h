/*
 * event.h - one event as the values that a filter can ask about: for `trailc explain` and `trailc test`.
 *
 * The bytes are walked with the runtime's own searches and unescaped by its own function, so that strings,
 * numbers as spelled, double keys, keys with dots and broken bytes read as they do in a scanner. Memory comes
 * from the arena of the compile that is passed: give it one of its own for each event (scratch_new).
 */
#ifndef EVENT_H
#define EVENT_H

#include "trail/trail.h"
#include "trailc.h"

enum value_kind { VALUE_STRING, VALUE_SCALAR, VALUE_NULL, VALUE_OBJECT, VALUE_ARRAY };

struct value {
    size_t parent; /* index of the object or array that it stands in; the event itself is its own */
    enum value_kind kind;
    bool element;      /* of an array: it has its array's path, and no key */
    struct slice key;  /* escapes undone */
    struct slice text; /* STRING: escapes undone; SCALAR (a number, true or false): as spelled */
    struct slice json; /* as it stands in the event */
};

/* Values in the order of the text; values[0] is the event itself, which is no value of any path. */
struct event {
    struct slice json;
    size_t n;
    struct value *values;
};

/* A compile of its own for what lives as long as one event: an arena, and nothing else. */
struct compile *scratch_new(void);
void scratch_free(struct compile *);

/* NULL: not one JSON object, or one that a scanner would reject. Borrows the bytes. */
struct event *event_read(struct compile *, const char *p, size_t n);

/* Where the values of an event stand, seen from one path. */
enum { AT_ELSEWHERE, AT_ABOVE, AT_PATH, AT_BELOW };
/* One of these for each value. */
unsigned char *event_places(struct compile *, const struct event *, const struct path *);

/* null, [] and {} are no values. */
bool value_absent(const struct value *);
static inline bool value_is_leaf(const struct value *v)
{
    return v->kind == VALUE_STRING || v->kind == VALUE_SCALAR;
}

/* The value's path, its keys joined with dots. */
struct slice value_path(struct compile *, const struct event *, size_t value);
/* Its length, without making it: a hostile event's paths may be long and many. */
size_t value_path_length(const struct event *, size_t value);

/* The first value at a path as text (a string's inside); n 0: none. The value itself in *json. */
struct slice event_first(struct compile *, const struct event *, const struct path *, struct slice *json);
/* The event's time by the pack's field, as a scanner reads it; TRAIL_NO_TIME: none. */
int64_t event_time(struct compile *scratch, const struct event *, const struct path *time);

/* ---- inputs.c: where events come from --------------------------------------------------------- */

struct recorded {
    const char *path;
    uint64_t number; /* of the record in its input, from 1 */
    struct slice json;
};

/* False: no more. Borrows all of it. */
typedef bool recorded_fn(void *user, const struct recorded *);

/*
 * Passes every event of a file, a directory's files or "-", in any of the forms that a scanner reads. What is
 * no event is said on standard error. False when something could not be read or was no event.
 */
bool events_each(const char *path, recorded_fn *, void *user);

#endif

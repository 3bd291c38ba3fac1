/*
 * elements.h - the parts of one JSON value, as they stand in its text.
 *
 * For values that trail_json_check() or a framer has accepted. On other bytes the parts are unspecified, but
 * nothing outside the value is read and every walk ends. Borrows the text; allocates nothing; no recursion.
 */
#ifndef TRAIL_ELEMENTS_H
#define TRAIL_ELEMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "trail/pack.h"

struct trail_elements {
    const char *at, *end;
};

/* The members of an object: key is its string's inside (escapes as logged), value its JSON text. */
void trail_members_start(struct trail_elements *, struct trail_slice object);
bool trail_members_next(struct trail_elements *, struct trail_slice *key, struct trail_slice *value);

/* The value of an object's member of this name; n 0: there is none, or it is no object. */
struct trail_slice trail_json_member(struct trail_slice object, const char *key);

/*
 * The values that a field's JSON text stands for: itself, or the elements of an array, nested arrays laid
 * flat. What a filter calls absent (null, [] and {}) is left out.
 */
void trail_values_start(struct trail_elements *, struct trail_slice json);
bool trail_values_next(struct trail_elements *, struct trail_slice *value);

/* Whether a value is an object, an array, a string. */
bool trail_is_object(struct trail_slice json);
bool trail_is_array(struct trail_slice json);
bool trail_is_string(struct trail_slice json);

/* A string's inside; any other value as it is. */
struct trail_slice trail_inside(struct trail_slice json);

#endif

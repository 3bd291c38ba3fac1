/*
 * tally.h - how the values of the breakdown fields are distributed over the events of a window.
 */
#ifndef TRAIL_TALLY_H
#define TRAIL_TALLY_H

#include <trail/json.h>

enum { TALLY_VALUES = 50 }; /* values that are listed one by one for a field */

struct tally {
    struct tallied *list;
    size_t n, room, texts;
    bool failed; /* memory ran out */
};

/* Counts `events` events of the same breakdown, {"field":[value,…],…}: a value that stands twice in it counts
 * once an event. Borrows the text until tally_clear. What is not of this form is left out. */
void tally_add(struct tally *, struct trail_slice breakdown, uint64_t events);

/*
 * Writes {"field":{"value":3,…},…}: fields in the order of `order` (indices into names), values by count,
 * then by text; beyond TALLY_VALUES one entry "(N other values)" holds the rest.
 */
void tally_print(struct tally *, const struct trail_fields *order, const char *const *names,
                 struct trail_text *);

void tally_clear(struct tally *);
void tally_free(struct tally *);

#endif

/*
 * extract.h - what a hit carries of its record: identity, labels, groups, breakdown, fields.
 *
 * Texts come out as canonical JSON: a string's spelling of a character (`a` or `\u0061`) makes no difference,
 * so that equal values are equal texts. Hostile records are bounded by TRAIL_MAX_TUPLES.
 */
#ifndef TRAIL_EXTRACT_H
#define TRAIL_EXTRACT_H

#include "chunk.h"
#include "trail/match.h"

/* Groups of one event, and different values of one field of it, that count: the first ones. The texts of an
 * event's groups are cut off likewise behind TRAIL_MAX_RECORD bytes. */
#define TRAIL_MAX_TUPLES 64

struct extract;

/* `render`: whether breakdown and fields are wanted at all. NULL: no memory. */
struct extract *extract_new(const struct trail_pack *, bool render);
void extract_free(struct extract *);

/* From now on `fields` that are not the whole event have it behind them: two JSON objects in one text, which go
 * through the windows together. take.c parts them. */
void extract_with_events(struct extract *);

/* Collects of a record, which stays borrowed until the next call, the fields that the alerts in the match's
 * hits carry. False: no memory. */
bool extract_record(struct extract *, struct trail_match *, const char *record, size_t n);

/* The first value of a field as text (a string's, escapes undone; anything else as spelled) in *to; n 0:
 * absent. Borrowed until `to` changes. False: no memory. */
bool extract_text(struct extract *, unsigned field, struct trail_text *to);

/* Adds the alert's hits to the chunk, one for each tuple of its group; `application` is the event's label.
 * False: no memory. */
bool extract_hits(struct extract *, size_t alert, struct trail_slice application, struct chunk *);

/* The same where only the presence of events matters (window_presence()): nothing of the record is needed. */
bool extract_presence(struct extract *, size_t alert, struct trail_slice application, struct chunk *);

#endif

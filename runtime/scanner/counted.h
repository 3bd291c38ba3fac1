/*
 * counted.h - what one alert counted over a history: a group and a time for each event, kept to be gone through
 * again and again.
 *
 * An event takes some five bytes. Beyond COUNTED_MEMORY they lie in a temporary file without a name, in $TMPDIR or
 * /tmp. Of groups beyond COUNTED_GROUPS nothing is kept but how many events they were.
 */
#ifndef TRAIL_COUNTED_H
#define TRAIL_COUNTED_H

#include "trail/trail.h"

enum { COUNTED_MEMORY = 32 << 20, COUNTED_GROUPS = 1000000 };

struct counted;

struct counted *counted_new(void);
void counted_free(struct counted *);

/* An event; times do not go back. False: no memory, or no room on the disk. */
bool counted_add(struct counted *, struct trail_slice group, int64_t time);

uint64_t counted_events(const struct counted *);
uint64_t counted_left_out(const struct counted *); /* events of groups that were too many */
size_t counted_groups(const struct counted *);
struct trail_slice counted_key(const struct counted *, size_t group);
uint64_t counted_of(const struct counted *, size_t group); /* its events */

/* All events in order. It ends where each() says false. False: the file could not be read. */
bool counted_walk(struct counted *, bool (*each)(void *user, size_t group, int64_t time), void *user);

#endif

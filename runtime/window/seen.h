/*
 * seen.h - which events came before: a set of the newest identities, for a log that delivers records more
 * than once.
 *
 * An identity is two hashes: of the alert, group and event ID, and of the record's bytes. When the set is
 * full the one that was added first is forgotten. Grows on demand; about 40 bytes an identity.
 */
#ifndef TRAIL_SEEN_H
#define TRAIL_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen {
    struct identity *ring; /* in the order of arrival; `room` long, the oldest at `first` */
    uint32_t *slot; /* open addressing by id: 1 + index into ring, above it bits of the id that save a look
                              there; 0 is empty; twice `room` long */
    size_t room, n, first, limit;
    size_t others; /* identities that are not the first of their id */
};

enum seen_verdict { SEEN_NEW, SEEN_AGAIN, SEEN_OTHER_BYTES, SEEN_NO_MEMORY };

/* limit: identities to remember, 1 … 2^30. Allocates nothing yet. */
void seen_start(struct seen *, size_t limit);
void seen_free(struct seen *);

/* Adds an identity unless it is there. SEEN_OTHER_BYTES: added, and the same id is there with other bytes. */
enum seen_verdict seen_add(struct seen *, uint64_t id, uint64_t bytes);

/* Gets the place of such an identity on its way from memory. */
void seen_fetch(const struct seen *, uint64_t id);

/* The i-th identity from the oldest, as seen_put() takes it: for a set that is made again elsewhere. */
void seen_nth(const struct seen *, size_t i, uint64_t *id, uint64_t *bytes);

/* Adds one that seen_nth() has given, behind those before it. The newest stay. False: no memory. */
bool seen_put(struct seen *, uint64_t id, uint64_t bytes);

#endif

/*
 * store.h - a set of patterns as a file: JSON, a pattern a line, in the order of their texts.
 *
 *     {"trailc":"patterns","version":1,"patterns":[
 *     {"fields":{…},"shapes":{…},"count":12,"first_seen":"2026-01-01T10:00:00Z","last_seen":"…","path":"a.json","record":3},
 *     …
 *     ]}
 *
 * Sets are merged by loading several into one: counts are added, times and places united.
 */
#ifndef TRAIL_PATTERNS_STORE_H
#define TRAIL_PATTERNS_STORE_H

#include "set.h"

enum { STORE_VERSION = 1, STORE_ERROR = 256 };

#define STORE_BYTES    ((size_t)64 << 20) /* of a file that is loaded */
#define STORE_PATTERNS 1000000            /* of a set */

/* Adds what the file has to the set. False: why not is in `error` (our words and the system's, without the path), and the
 * set may have a part. */
bool store_load(struct set *, const char *path, char error[STORE_ERROR]);

/* The same with the file's text, for tests. `text` has a NUL at n. */
bool store_read(struct set *, const char *text, size_t n, char error[STORE_ERROR]);

/* Writes the file anew, all or nothing. */
bool store_save(const struct set *, const char *path, char error[STORE_ERROR]);

#endif

/*
 * files.h - the tails of a tree: found by path and by what they are, waiting to be read, open within bounds.
 */
#ifndef TRAIL_FILES_H
#define TRAIL_FILES_H

#include "table.h"
#include "tail.h"

/* Zeroes are an empty one. */
struct files {
    struct table paths, identities;
    struct tail *first, **last; /* that wait to be read */
    size_t n_waiting;
    struct tail *newest, *oldest; /* that are open, by last use */
    size_t n_open;
};

void files_free(struct files *); /* and the tails */

bool files_add(struct files *, struct tail *);    /* false: no memory */
void files_remove(struct files *, struct tail *); /* and frees it */

/* NULL: there is none. By path: not one that is lost. */
struct tail *files_by_path(const struct files *, const char *path);
struct tail *files_by_identity(const struct files *, dev_t, ino_t);

/* The path leads elsewhere now. */
void files_lose(struct files *, struct tail *);
/* It is at another path. False: no memory. */
bool files_move(struct files *, struct tail *, const char *path);
/* Another file is at its path, and goes on as it: false: no memory. */
bool files_identify(struct files *, struct tail *, dev_t, ino_t);

void files_queue(struct files *, struct tail *, bool first);
struct tail *files_next(struct files *); /* NULL: none waits */

/* It is open, and was used now. */
void files_used(struct files *, struct tail *);
void files_park(struct files *, struct tail *);

void files_each(const struct files *, void (*fn)(void *user, struct tail *), void *user);

#endif

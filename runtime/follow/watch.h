/*
 * watch.h - which directories have something new in them: told by the system (inotify), or looked for.
 *
 * A directory is watched as a whole, so thousands of files cost one watch a directory. Where the system tells
 * of nothing (network file systems, FUSE) or has no watch to spare, watch_add says so, and its user looks
 * itself from time to time.
 */
#ifndef TRAIL_WATCH_H
#define TRAIL_WATCH_H

#include <stdbool.h>

struct watch;

/* NULL: no memory. `tells` false: as if nothing could be watched. */
struct watch *watch_new(bool tells);
void watch_free(struct watch *);

/* Becomes readable when watch_read has something to say; -1: never. */
int watch_descriptor(const struct watch *);

enum watched {
    WATCH_TOLD,   /* changes are told from now on */
    WATCH_SILENT, /* no: its file system tells of none, or not of all */
    WATCH_LIMIT,  /* no: too many are watched, see fs.inotify.max_user_watches */
    WATCH_FAILED, /* no: it cannot be opened; errno says why */
    WATCH_NO_MEMORY,
};

/* A directory that is given under several paths is told under each. */
enum watched watch_add(struct watch *, const char *directory);

enum watch_change {
    WATCH_CHANGED, /* `name` in `directory`, or (NULL) that itself: written to, made, renamed, removed, permissions */
    WATCH_WRITTEN, /* the same, and who wrote to it has closed it, or it came in whole by a rename */
    WATCH_GONE,    /* `directory` itself has gone; name is NULL */
    WATCH_MISSED,  /* too much at once: anything may have changed; both are NULL */
};

/* Borrowed for the call. It may add directories. */
typedef void watch_tell(void *user, enum watch_change, const char *directory, const char *name);

/* Tells what has changed since; does not wait. */
void watch_read(struct watch *, watch_tell *, void *user);

#endif

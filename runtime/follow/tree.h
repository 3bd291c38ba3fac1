/*
 * tree.h - the files that are followed: those that were named, and those in directories that were, now and
 * later.
 *
 *     struct tree *t = tree_new(&config);
 *     tree_list(t);                        everything that is there
 *     while ((tail = tree_next(t)))        those that may have something to be read
 *         …
 *     tree_notice(t);                      what has changed since
 *
 * A file that is renamed stays the same one, under its new name; what was written to it before is read first.
 * So does a file that is copied and emptied (logrotate's copytruncate): the copy holds what had not been read
 * yet. What a rotation compresses is known again, too. A file that was named is followed by its name: when that
 * leads to another file, the rest of the old one is read, then the new one from its beginning.
 *
 * Left out, as in a scan: hidden names and directories named CloudTrail-Digest.
 */
#ifndef TRAIL_TREE_H
#define TRAIL_TREE_H

#include "clock.h"
#include "tail.h"

struct tree;

/* What was known of a file before this run. */
struct tree_known {
    bool known; /* else it is new */
    bool done;  /* all of it was taken, as it is now */
    bool left;  /* another file was known by this path */
    bool moved; /* it is known by another path */
    struct tail_position position;
};

struct tree_config {
    size_t n_roots;
    const char *const *roots; /* paths of files and directories; outlive the tree */
    const struct trail_clock *clock;
    bool tells;        /* inotify may be used */
    size_t open_files; /* that may be open at once; 0: 256 */
    int64_t quiet;     /* ms after which a file without a name that brings nothing more is closed */

    /* What fails, with our own words and the system's (NULL: it works again). */
    void (*failed)(void *user, size_t root, const char *path, const char *what);
    /* One line, safe for a terminal. */
    void (*notice)(void *user, const char *message);
    /* A file is seen for the first time. May be NULL. False: out of memory, or the state fails. */
    bool (*recall)(void *user, const char *path, struct tree_known *);
    /* A file is new, begins anew, has another name, or goes on where another one was read up to: what is kept
     * of it is no longer so, though nothing of it may ever be read. May be NULL. */
    void (*changed)(void *user, struct tail *);
    /* A file is gone, and all of it was read. May be NULL. */
    void (*forget)(void *user, const struct tail *);
    void *user;
};

struct tree *tree_new(const struct tree_config *); /* NULL: no memory */
void tree_free(struct tree *);

/* Looks at everything; also where changes were missed. */
void tree_list(struct tree *);

/* Readable when tree_notice has something to say; -1: never. */
int tree_descriptor(const struct tree *);

/* Takes notice of what has changed, and looks where nothing is told. */
void tree_notice(struct tree *);

/* Steady time at which tree_notice should be called though nothing is told; INT64_MAX: never. */
int64_t tree_due(const struct tree *);

/* Takes the next file that may have something to be read, ready to be read; NULL: none. */
struct tail *tree_next(struct tree *);

/* It may have more; `first`: before the others. */
void tree_again(struct tree *, struct tail *, bool first);

/* Reading it has failed: errno. It is tried again later. */
void tree_failed(struct tree *, struct tail *, int error);

/* How many wait to be read; how many are known, and open. */
size_t tree_waiting(const struct tree *);
size_t tree_files(const struct tree *);
size_t tree_open_files(const struct tree *);

/* Every file that is known, in no order. It may not change what the tree knows. */
void tree_each(struct tree *, void (*fn)(void *user, struct tail *), void *user);

/* No memory was left at some time: something has been missed. */
bool tree_is_short(const struct tree *);

#endif

/*
 * tail.h - one file that may grow: where it is read up to, and whether it is still the same file.
 *
 * A file is known by device and inode, and by what its beginning and the bytes before the place of the last
 * read were: a number is used again, and a file can be emptied and filled anew.
 *
 * Reading it takes a descriptor, a window and a framer. These are given back (tail_park) and made again
 * whenever there is more to read: what is left between is a position.
 */
#ifndef TRAIL_TAIL_H
#define TRAIL_TAIL_H

#include <sys/stat.h>

#include "engine/worker.h"

enum {
    TAIL_HEAD = 1024,
    TAIL_END = 256
}; /* bytes by which a file is known: at its beginning, behind what was read */

/*
 * How far an input has been taken: up to a place between two values, what it had brought by then, and how many
 * records behind that place were taken, too. A worker that begins there and passes over so many finds in the
 * rest what one that has read all of it would have found.
 */
struct tail_position {
    uint64_t offset; /* in inflated bytes */
    struct so_far so_far;
    struct trail_stand stand;
    uint64_t skip;
};

#define TAIL_BEGINNING ((struct tail_position){.so_far = NOTHING_SO_FAR})

/* A piece of a file by which it is known. */
struct tail_mark {
    size_t n;
    uint64_t hash;
};

struct tail {
    /* the tree's */
    struct tail *before, *behind; /* in the list of those that are open, the one used last first */
    struct tail *next_queued;
    struct tail *copy_of; /* the file has been copied to this one, and is still there: not to be read */
    bool queued;

    /* the live engine's */
    bool active, listed; /* in its lists */
    bool cut;            /* the compressed data end in the midst of something */
    size_t greed;        /* bytes that were read since others had their turn */

    char *path; /* its own; where it was seen last */
    size_t given;
    const char *kept; /* the path, for notifications: struct turn */
    bool lost;        /* the path leads to another file, or nowhere */

    dev_t device;
    ino_t inode;
    enum trail_form form;
    uint64_t raw;               /* bytes of the file that were read */
    struct tail_mark head, end; /* its first bytes; those before `raw` */
    struct tail_position at;    /* as far as it can be begun at again */
    bool written;               /* who wrote to it has closed it */
    bool told;                  /* that it is cut off, since it grew last */
    bool changed;               /* since the position was stored */
    int64_t written_at;         /* ns: when the file had been changed last, as it was read last */
    int failing;                /* errno of what failed last; 0: all is well */
    int64_t read_at;            /* steady time: something came last */
    int64_t moved_at;           /* steady time: its events' time moved on last */
    int64_t newest;             /* accepted time of its events; TRAIL_NO_TIME: none */

    int fd;                /* -1: parked */
    struct stream *stream; /* NULL: parked */
};

struct tail *tail_new(const char *path, size_t given, const struct stat *); /* NULL: no memory */
void tail_free(struct tail *);

enum tail_opened {
    TAIL_OPEN,
    TAIL_OTHER,  /* another file than it was: emptied, or the path leads elsewhere */
    TAIL_FAILED, /* errno says why */
    TAIL_NO_MEMORY,
};

/* Makes it ready to be read from where it was, and looks whether it is still the file that it was. */
enum tail_opened tail_open(struct tail *);

/* The same of a file that is open. */
enum tail_opened tail_check(struct tail *);

/* Whether the file, which is this one, may have something that was not read. */
bool tail_may_have_more(const struct tail *, const struct stat *);

/* All of the file has been taken as it is now: it need not be opened. */
void tail_pass(struct tail *, const struct stat *);

/* Gives back what reading takes. */
void tail_park(struct tail *);

/* The file begins anew: nothing of it has been read. */
void tail_restart(struct tail *);

/* The next bytes behind the last ones, at most `room`. 0: no more for now; -1: errno says why. Needs: open. */
ssize_t tail_read(struct tail *, char *to, size_t room);

/* Brings `at` up to date with what has been taken. */
void tail_settle(struct tail *);

/* Whether a compressed stream is cut off where the file ends now. */
bool tail_is_cut(const struct tail *);

/* Whether the file at this path has the same bytes as this one, up to where this one has been read. A
 * compressed file is held by its beginning only. */
bool tail_is_copy(const struct tail *, const char *path);

/* Whether the file at this path, which was a copy of this one, has become another: it has bytes at its end that this one
 * has not, and this one has all that was read of it still. Of a compressed file that cannot be told. */
bool tail_outgrew(const struct tail *, const char *path);

/* Goes on where another file of the same content has been read up to. */
void tail_take_over(struct tail *, const struct tail *from);

/* Begins at a position that was stored. */
void tail_resume(struct tail *, const struct tail_position *);

#endif

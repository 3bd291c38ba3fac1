/*
 * block.h - a piece of one input's inflated bytes, and what was found in it.
 *
 * A block that begins where the one before was told to stop (its border) can be framed before that one has
 * been: with a guess how a framer stands there.
 */
#ifndef TRAIL_BLOCK_H
#define TRAIL_BLOCK_H

#include "chunk.h"
#include "frame/frame.h"

#define TRAIL_NO_BORDER UINT64_MAX

/* What reads records out of bytes. */
struct framing {
    struct trail_reader *reader;
    struct trail_framer *framer;
    uint64_t records; /* of the input before the framer's first one */
};

bool framing_init(struct framing *, size_t first); /* false: no memory; `first` as for a reader */
void framing_free(struct framing *);

enum block_state {
    BLOCK_CLAIMED, /* it is known where it ends, and one thread reads what is in it */
    BLOCK_READ,    /* nobody has framed it: that has to wait until the ones before have been */
    BLOCK_WAITING, /* it can be framed with the guess, by whoever is free */
    BLOCK_RUNNING, /* it is framed with the guess */
    BLOCK_RUN,     /* it was */
};

struct block {
    struct block *next;
    enum block_state state; /* the pool's, under its mutex */
    struct framing in;

    /* what was read */
    char *buffer;    /* as long as the reader's, with TRAIL_PADDING behind */
    size_t n;        /* from the buffer's beginning on */
    size_t to_fetch; /* of these, the first that are still to be read, */
    int fd;          /* from there */
    uint64_t offset;
    uint64_t stored;   /* bytes of the input as it is stored, up to the end of what was read */
    uint64_t border;   /* an offset up to which it is to be framed, not over its end; or TRAIL_NO_BORDER */
    bool troubled;     /* `trouble` is behind the bytes, to be told by the framer */
    bool lost;         /* `trouble` is behind the bytes, and the input ends there */
    bool over;         /* the input ends behind all this */
    bool paused;       /* nothing more has come yet */
    bool failed;       /* no memory */
    bool unread;       /* the system could not read the input */
    char trouble[256]; /* what is wrong */
    int64_t clock;     /* what is future */

    /* how it was framed ahead */
    bool guessed;
    struct trail_stand guess;
    struct chunk *chunk; /* found; there always is one, empty when it was not framed ahead */
    bool whole;          /* everything was found; else it has to be framed again */
    bool stopped;        /* at its border */
    bool ended;          /* the input's end has been found */
};

struct block *block_new(size_t size); /* NULL: no memory */
void block_free(struct block *);

/* Ready for other bytes. */
void block_clear(struct block *);

#endif

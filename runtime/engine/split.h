/*
 * split.h - one input, cut into blocks that several threads frame and match.
 *
 * The threads share the work like this, and split.c says why what they hand on is what one thread would have:
 *
 *   split_read    one thread at a time, in the order of the input: the next block's bytes, or of a plain file
 *                 the last of them, which tell where the one behind it begins
 *   split_fetch   any number of threads: the rest of them
 *   worker_ahead  any number of threads: what is in the block, if the guess is right how framing gets there
 *   split_settle  one thread at a time, in the order of the input: hands on what was found
 */
#ifndef TRAIL_SPLIT_H
#define TRAIL_SPLIT_H

#include "read/live.h"
#include "worker.h"

/* What several threads look at is the pool's: under its mutex. */
struct split {
    struct split *next; /* the pool's, as is all up to `misfits` */
    size_t input;
    bool reading;  /* some thread does */
    bool settling; /* some thread does */
    bool over;     /* the last block has been read */
    bool ended;    /* and handed on */
    struct block *first, *last;
    size_t n_blocks;          /* read and not given back */
    struct trail_stand guess; /* how framing stood last, so far as is known */
    unsigned misfits, alone;  /* wrong guesses in a row; blocks that are not framed ahead because of them */

    /* of the thread that reads */
    struct trail_reader *reader;
    size_t size; /* of a block */
    struct trail_live live;
    bool is_live, finishing;
    bool bordered, in_list; /* a block ended at a border, and that was in an array */
    int64_t clock;          /* live: 0 */
    const struct worker_config *config;
    char unopened[192]; /* why it could not be opened */
    bool unread;        /* that, or it could not be read further */

    /* of the thread that settles */
    struct block *carrier; /* the last block settled: its framing may go on */
    bool clean;            /* it has stopped at its border, with `stand` */
    struct trail_stand stand;
    struct so_far so_far;
    bool was_misfit; /* the last block had been framed ahead with a wrong guess */
};

/* Opens an input, from a position on if that is not NULL. NULL: no memory. `size`: of a block's buffer.
 * Borrows all it is given but the status. */
struct split *split_new(const struct worker_config *, size_t input, const char *path,
                        const struct trail_position *from, enum worker_input, const struct stat *,
                        size_t size);
/* Frees the blocks that it still has, too. */
void split_free(struct split *);

/* Fills an empty block with what comes next, for b->guess. The last has `over`. */
void split_read(struct split *, struct block *);

/* Reads what split_read has left out (b->to_fetch). If the file has become shorter, or cannot be read, the input ends
 * with this block, and is `over`. */
void split_fetch(struct block *);

/* For the thread that reads: whether what it reads is compressed. */
bool split_inflates(const struct split *);

/* Hands on what is in the next block in order. Returns a block that is not wanted any more, or NULL. */
struct block *split_settle(struct split *, struct worker *, struct block *);

#endif

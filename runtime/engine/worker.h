/*
 * worker.h - one input at a time: read, frame, match, extract; chunks come out.
 *
 * A worker is used by one thread at a time and knows nothing of windows. The same input gives the same
 * entries in the same order, whoever reads it and in whatever blocks.
 */
#ifndef TRAIL_WORKER_H
#define TRAIL_WORKER_H

#include <sys/stat.h>

#include "block.h"

/* Problems of one input that are told one by one; the others are counted. */
#define TRAIL_MAX_PROBLEMS 20

struct worker;

/* Takes *chunk and leaves an empty one in its place; there always is one. False: stop. */
typedef bool worker_emit(void *user, struct chunk **chunk);

struct worker_config {
    const struct trail_pack *pack;
    int64_t now, since, until; /* as in struct trail_options */
    int64_t lateness; /* ms; how far an event may be behind its input's newest to widen what was read */
    bool render;      /* hits carry breakdown and fields */
    bool keep_events; /* events carry their JSON */
    bool positions;   /* chunks have a rest */
    bool each_hit;    /* every hit is told of, those too of which only the time matters (presence.h) */
    int64_t late;     /* windows are past it: stretches hold no event dated before; INT64_MIN: none are */
    bool strict;      /* every record is checked, whatever it is */
    bool uncounted;   /* nobody wants hits */
    const struct trail_records *records; /* NULL: nobody wants to know of every record */
    void *records_user;
    bool events;    /* hits carry the whole event behind the fields */
    size_t at_once; /* memory for gzip files that are inflated at once */
    bool volumes;   /* chunks tell how many records each minute has, and how many events by presence.h */
    worker_emit *emit;
    void *user;
};

struct worker *worker_new(const struct worker_config *); /* NULL: no memory */
void worker_free(struct worker *);

/* Paths have to outlive the chunks, labels the worker. */

/*
 * Reads a whole input, or a file from a position on (NULL: all of it). Its last chunk has `end` set; where
 * memory ran out `failed` is set too. False: stopped.
 */
bool worker_read(struct worker *, const char *path, const struct trail_input_labels *,
                 const struct trail_position *from);

/* What a path leads to; the worker is the one that will read it, or NULL. `status` is the file's; zeroes for
 * standard input and for what is not there. */
enum worker_input {
    WORKER_FILE, /* or nothing: reading it will say so */
    WORKER_LIVE, /* standard input, a pipe, a device */
};
enum worker_input worker_input(struct worker *, const char *path, struct stat *status);

/* worker_read() for what was a regular file when it was listed: quicker, where it still is one. */
bool worker_read_listed(struct worker *, const char *path, const struct trail_input_labels *,
                        const struct trail_position *from);

/* worker_read() for a WORKER_FILE. */
bool worker_read_file(struct worker *, const char *path, const struct trail_input_labels *,
                      const struct trail_position *from, const struct stat *status);

/* The moment that events are held against: that of the replay, or of the file, or (NULL) of the machine. */
int64_t worker_clock(const struct worker_config *, const struct stat *);

/* The same in pieces: begin, push any number of times, push n 0. What a piece completes is emitted with it.
 * `paused`: nothing more is there at the moment. */
void worker_begin(struct worker *, const char *path, const struct trail_input_labels *);
bool worker_push(struct worker *, const char *p, size_t n, bool paused);

/* What stands where the labels of the last input stood are others now. */
void worker_forget_labels(struct worker *);

/* Changes config.late, before worker_begin. */
void worker_set_late(struct worker *, int64_t late);

/*
 * One of many inputs that come by and by, each with its own framing. The first `skip` records were taken
 * before, and are passed over. Zeroes and framing_init make one; so_far begins as NOTHING_SO_FAR.
 */
struct stream {
    struct framing in;
    struct so_far so_far;
    uint64_t skip;
    bool ended;
};

/* Starts a stream at its beginning, or in the middle of a plain one: at an offset, with a stand. */
void worker_stream_begin(struct stream *, const struct so_far *, uint64_t skip);
void worker_stream_begin_at(struct stream *, const struct so_far *, uint64_t skip, uint64_t offset,
                            const struct trail_stand *);

/* Pushes what came next; `clock` is what is future. Else as worker_push. */
bool worker_push_stream(struct worker *, struct stream *, const char *path, const struct trail_input_labels *,
                        int64_t clock, struct trail_slice bytes, bool paused);

/* Tells a problem of the stream at its place: something of it is missing. Nothing ends. */
bool worker_stream_problem(struct worker *, struct stream *, const char *path,
                           const struct trail_input_labels *, const char *what);

/*
 * An input that is cut into blocks. Before a block of another input than the last one's: worker_turn_to.
 *
 * worker_ahead frames a block with its guess, and keeps what was found in it. When all the blocks before it
 * have been handed on, worker_hand_on does it with this one, if the guess was right. Else worker_go_on frames
 * it then: with the stand at its beginning, or (NULL) with the framing that has been at work on the bytes
 * before it, which the caller has put in it. Both go on with what the input has brought so far.
 */
void worker_turn_to(struct worker *, const char *path, const struct trail_input_labels *);
void worker_ahead(struct worker *, struct block *);
void worker_hand_on(struct worker *, struct block *, struct so_far *);
void worker_go_on(struct worker *, struct block *, struct so_far *, const struct trail_stand *);

/* "FILE:OFFSET: what", or "FILE: what" for an offset of UINT64_MAX; safe for a terminal. */
void worker_message(struct trail_text *, const char *path, uint64_t offset, const char *what);

#endif

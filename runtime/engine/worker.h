/*
 * worker.h - one input at a time: read, frame, match, extract; chunks come out.
 *
 * A worker is used by one thread at a time and knows nothing of windows. The same input gives the same
 * entries in the same order, whoever reads it.
 */
#ifndef TRAIL_WORKER_H
#define TRAIL_WORKER_H

#include "chunk.h"

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
    worker_emit *emit;
    void *user;
};

struct worker *worker_new(const struct worker_config *); /* NULL: no memory */
void worker_free(struct worker *);

/*
 * Reads a whole input. Its last chunk has `end` set; where memory ran out `failed` is set too. The path has
 * to outlive the chunks. False: stopped.
 */
bool worker_read(struct worker *, const char *path, const struct trail_input_labels *);

/* The same in pieces: begin, push any number of times, push n 0. What a piece completes is emitted with it.
 */
void worker_begin(struct worker *, const char *path, const struct trail_input_labels *);
bool worker_push(struct worker *, const char *p, size_t n);

/* "FILE:OFFSET: what", or "FILE: what" for an offset of UINT64_MAX; safe for a terminal. */
void worker_message(struct trail_text *, const char *path, uint64_t offset, const char *what);

#endif

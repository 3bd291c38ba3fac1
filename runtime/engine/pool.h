/*
 * pool.h - workers on threads, their chunks in the order of the inputs.
 *
 * The caller takes chunks of the first input until it has ended, then those of the second, and so on. Chunks
 * of later inputs wait, in bounded memory: a thread whose input's turn has not come stops when too much
 * waits. The input whose turn it is never waits for another, so the pool cannot stand still.
 *
 * Small files are handed to threads by the dozen, and so are gzip files that can be inflated at once; a large
 * one, a pipe or standard input is cut into blocks, which go to whichever thread is free (split.h).
 */
#ifndef TRAIL_POOL_H
#define TRAIL_POOL_H

#include "worker.h"

#define TRAIL_AT_ONCE     ((size_t)24 << 20)
#define TRAIL_BLOCK_BYTES ((size_t)512 * 1024)

struct pool_input {
    const char *path;
    const struct trail_input_labels *labels;
    const struct trail_position *from; /* NULL: the beginning */
    bool file;                         /* a regular file, when it was listed */
};

/* Takes a chunk; it is emptied and used again afterwards. False: stop. */
typedef bool pool_take(void *user, size_t input, const struct chunk *);

struct pool_config {
    struct worker_config worker; /* without at_once, emit and user */
    size_t n_inputs;
    const struct pool_input *inputs;
    unsigned threads; /* at least 1 */
    size_t at_once;   /* memory of all threads to inflate gzip files at once, 2 MiB each or more; 0: none */
    size_t block;     /* inflated bytes of a block; 0: TRAIL_BLOCK_BYTES. A file of two blocks is large */
    pool_take *take;  /* runs on the thread that calls pool_run */
    void *user;
};

/* Reads all inputs. With one thread no thread is started. TRAIL_NO_MEMORY or TRAIL_OK (also when stopped). */
enum trail_status pool_run(const struct pool_config *);

#endif

/*
 * input.c - an input that is read whole: a file, or what a pipe brings.
 *
 * What a pipe or a terminal brings is pushed, so that what has come is handed on before the next read blocks.
 *
 * Needs: a worker that is in no other input. Guarantees: an input that cannot be opened is told of, and ends
 * like any other; the reader is closed behind it.
 */
#include <string.h>
#include <time.h>

#include "read/live.h"
#include "worker_inside.h"

/* Behind what was taken before. */
static void go_to(struct worker *w, const struct trail_position *from)
{
    trail_reader_skip(w->own.reader, from->offset);
    trail_framer_start_at(w->own.framer, &from->stand);
    w->own.records = from->records;
    w->so_far = so_far_at(from);
    w->skip = from->skip;
}

/* The reader has it open. */
static bool read_opened(struct worker *w, const struct trail_position *from, const struct stat *status)
{
    w->clock = worker_clock(&w->config, status);
    trail_framer_sieve(w->own.framer, w->sieves ? w->sieve : NULL);
    if (from)
        go_to(w, from);
    else
        trail_framer_start(w->own.framer);
    worker_drain(w);
    trail_reader_close(w->own.reader);
    return !w->stopped;
}

bool worker_read_file(struct worker *w, const char *path, const struct trail_input_labels *labels,
                      const struct trail_position *from, const struct stat *status)
{
    worker_turn_to(w, path, labels);
    if (trail_reader_open(w->own.reader, path)) {
        read_opened(w, from, status);
    } else {
        worker_unread(w, UINT64_MAX, trail_reader_problem(w->own.reader).text);
        worker_end(w, 0);
    }
    return !w->stopped;
}

void worker_set_late(struct worker *w, int64_t late)
{
    w->config.late = late;
}

void worker_begin(struct worker *w, const char *path, const struct trail_input_labels *labels)
{
    worker_turn_to(w, path, labels);
    trail_reader_open_push(w->own.reader);
    trail_reader_lend(w->own.reader);
    trail_framer_sieve(w->own.framer, w->sieves ? w->sieve : NULL);
    trail_framer_start(w->own.framer);
}

bool worker_push(struct worker *w, const char *p, size_t n, bool paused)
{
    if (w->ended || w->stopped)
        return !w->stopped;
    w->clock = worker_clock(&w->config, NULL);
    trail_reader_push(w->own.reader, p, n);
    worker_drain(w);
    w->chunk->paused = paused;
    if (!w->ended && !w->stopped && (paused || w->chunk->records + w->chunk->n_entries > 0))
        worker_give(w);
    if (n == 0)
        trail_reader_close(w->own.reader);
    return !w->stopped;
}

/* Pushes what comes. False: nothing more will. */
static bool read_piece(struct worker *w, struct trail_live *live)
{
    size_t n;
    switch (trail_live_read(live, -1, &n)) {
    case TRAIL_CAME: return worker_push(w, live->bytes, n, trail_live_is_quiet(live)) && !w->ended;
    case TRAIL_CAME_NONE: return true;
    case TRAIL_CAME_ERROR: worker_unread(w, UINT64_MAX, live->problem); break;
    case TRAIL_CAME_END: break;
    }
    return false;
}

static bool read_live(struct worker *w, const char *path, const struct trail_input_labels *labels)
{
    struct trail_live live;
    worker_begin(w, path, labels);
    if (trail_live_open(&live, path))
        while (read_piece(w, &live))
            ;
    else
        worker_unread(w, UINT64_MAX, live.problem);
    worker_push(w, NULL, 0, false);
    trail_live_close(&live);
    return !w->stopped;
}

enum worker_input worker_input(struct worker *w, const char *path, struct stat *status)
{
    *status = (struct stat){0};
    if (strcmp(path, "-") == 0)
        return WORKER_LIVE;
    int failed = w ? trail_reader_status(w->own.reader, path, status) : stat(path, status);
    return failed != 0 || S_ISREG(status->st_mode) ? WORKER_FILE : WORKER_LIVE;
}

bool worker_read(struct worker *w, const char *path, const struct trail_input_labels *labels,
                 const struct trail_position *from)
{
    struct stat status;
    return worker_input(w, path, &status) == WORKER_LIVE ? read_live(w, path, labels)
                                                         : worker_read_file(w, path, labels, from, &status);
}

bool worker_read_listed(struct worker *w, const char *path, const struct trail_input_labels *labels,
                        const struct trail_position *from)
{
    struct stat status;
    if (!trail_reader_open_file(w->own.reader, path, &status))
        return worker_read(w, path, labels, from);
    worker_turn_to(w, path, labels);
    return read_opened(w, from, &status);
}

/*
 * stream.c - inputs that come by and by: each has its framing, and the worker turns from one to the other.
 *
 * Needs: a stream that was begun, and pushes in the order of its bytes. Guarantees: what a stream gives does
 * not depend on the others, nor on the pieces in which it comes; between two pushes all that lasts is in it,
 * nothing in the worker.
 */
#include "worker_inside.h"

void worker_stream_begin(struct stream *s, const struct so_far *so_far, uint64_t skip)
{
    s->so_far = *so_far;
    s->skip = skip;
    s->ended = false;
    s->in.records = so_far->records;
    trail_reader_open_push(s->in.reader);
    trail_reader_lend(s->in.reader);
    trail_framer_start(s->in.framer);
}

void worker_stream_begin_at(struct stream *s, const struct so_far *so_far, uint64_t skip, uint64_t offset,
                            const struct trail_stand *stand)
{
    worker_stream_begin(s, so_far, skip);
    trail_reader_open_at(s->in.reader, NULL, 0, offset);
    trail_reader_lend(s->in.reader);
    trail_framer_start_at(s->in.framer, stand);
}

static void turn_to_stream(struct worker *w, const struct stream *s, const char *path,
                           const struct trail_input_labels *labels)
{
    worker_turn_to(w, path, labels);
    w->in = (struct framing *)&s->in;
    w->so_far = s->so_far;
    w->skip = s->skip;
    w->ended = s->ended;
}

static void leave_stream(struct worker *w, struct stream *s)
{
    s->so_far = w->so_far;
    s->skip = w->skip;
    s->ended = w->ended;
    w->in = &w->own;
}

bool worker_push_stream(struct worker *w, struct stream *s, const char *path,
                        const struct trail_input_labels *labels, int64_t clock, struct trail_slice bytes,
                        bool paused)
{
    if (s->ended)
        return true;
    turn_to_stream(w, s, path, labels);
    w->clock = clock;
    trail_framer_sieve(s->in.framer, w->sieves ? w->sieve : NULL);
    trail_reader_push(s->in.reader, bytes.p, bytes.n);
    worker_drain(w);
    w->chunk->paused = paused;
    if (!w->ended && !w->stopped)
        worker_give(w);
    leave_stream(w, s);
    return !w->stopped;
}

bool worker_stream_problem(struct worker *w, struct stream *s, const char *path,
                           const struct trail_input_labels *labels, const char *what)
{
    turn_to_stream(w, s, path, labels);
    worker_unread(w, UINT64_MAX, what);
    worker_give(w);
    leave_stream(w, s);
    return !w->stopped;
}

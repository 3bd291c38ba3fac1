/*
 * ahead.c - blocks of one input: framed ahead of those before them, when nothing is handed on until these are
 * known (worker_hand_on), or behind them. split.c says why.
 *
 * Needs: a block that was read, with a guess of where it stands. Guarantees: worker_ahead hands on nothing,
 * and keeps no more than AHEAD_BYTES of results and a record's; handed on or framed again, blocks give what
 * one reader of the input would.
 */
#include "worker_inside.h"

/* Frames what has come with the block, up to its border. */
static void run(struct worker *w, struct block *b)
{
    w->at_border = w->full = w->ended = false;
    w->unread = b->unread;
    w->clock = b->clock;
    trail_framer_sieve(b->in.framer, w->sieves ? w->sieve : NULL);
    trail_framer_stop_at(b->in.framer, b->border);
    worker_drain(w);
    if (!w->at_border && !w->full && !w->ended && !w->stopped) {
        if (b->troubled) {
            trail_reader_push_problem(b->in.reader, b->trouble);
            worker_drain(w);
        }
        if (b->lost)
            worker_unread(w, UINT64_MAX, b->trouble);
        w->chunk->failed |= b->failed;
        if (b->over) {
            trail_reader_push(b->in.reader, NULL, 0);
            worker_drain(w);
        }
    }
    b->stopped = w->at_border;
    b->ended = w->ended;
    w->in = &w->own;
}

static void begin_at(struct worker *w, struct block *b, const struct trail_stand *stand)
{
    w->in = &b->in;
    b->in.records = w->so_far.records;
    trail_reader_open_at(b->in.reader, b->buffer, b->n, b->offset);
    trail_framer_start_at(b->in.framer, stand);
}

static void swap_chunks(struct worker *w, struct block *b)
{
    struct chunk *c = w->chunk;
    w->chunk = b->chunk;
    b->chunk = c;
}

void worker_ahead(struct worker *w, struct block *b)
{
    w->ahead = true;
    w->rested = false;
    w->so_far = NOTHING_SO_FAR;
    begin_at(w, b, &b->guess);
    run(w, b);
    w->chunk->failed = worker_has_failed(w);
    w->chunk->newest = w->so_far.newest;
    w->chunk->oldest = w->so_far.oldest;
    worker_give_rest(w);
    b->whole = !w->full;
    swap_chunks(w, b);
    w->ahead = w->full = false;
}

static uint64_t end_of(const struct block *b)
{
    return b->border == TRAIL_NO_BORDER ? b->offset + b->n : b->border;
}

void worker_hand_on(struct worker *w, struct block *b, struct so_far *so_far)
{
    b->in.records = so_far->records;
    chunk_rebase(b->chunk, so_far, TRAIL_MAX_PROBLEMS, w->config.lateness);
    so_far_add(so_far, b->chunk);
    w->so_far = *so_far;
    swap_chunks(w, b);
    w->chunk->paused = b->paused;
    w->unread = b->unread;
    w->stored = b->stored;
    if (b->ended)
        worker_end(w, end_of(b));
    else
        worker_give_to(w, end_of(b));
    *so_far = w->so_far;
}

void worker_go_on(struct worker *w, struct block *b, struct so_far *so_far, const struct trail_stand *stand)
{
    w->so_far = *so_far;
    w->stored = b->stored;
    w->in = &b->in;
    if (stand) {
        begin_at(w, b, stand);
    } else {
        size_t seen = (size_t)(trail_reader_bytes(b->in.reader) - b->offset);
        if (seen < b->n)
            trail_reader_push(b->in.reader, b->buffer + seen, b->n - seen);
    }
    run(w, b);
    w->chunk->paused = b->paused;
    if (!b->ended && !w->stopped)
        worker_give_to(w, end_of(b));
    *so_far = w->so_far;
}

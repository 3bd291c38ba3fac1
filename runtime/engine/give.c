/*
 * give.c - what a worker hands on: chunks, and in them its messages and the input's end.
 *
 * Needs: config.emit, which leaves an empty chunk for the one it takes. Guarantees: the chunks of an input
 * tell of each of its bytes once; of its problems the first TRAIL_MAX_PROBLEMS are told and the others
 * counted; the last chunk has `end`.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "notify/terminal.h"
#include "worker_inside.h"

void worker_give_rest(struct worker *w)
{
    worker_hash_rest(w);
    if (w->rested) {
        w->chunk->rest = w->rest;
        w->chunk->rested = true;
    }
    w->rested = false;
}

/* Hands on what was found up to an offset. */
void worker_give_to(struct worker *w, uint64_t offset)
{
    struct chunk *c = w->chunk;
    uint64_t bytes = offset > w->so_far.bytes ? offset : w->so_far.bytes;
    c->inflated = bytes - w->so_far.bytes;
    c->stored = w->stored ? w->stored : trail_reader_stored(w->in->reader);
    w->so_far.bytes = bytes;
    worker_give_rest(w);
    c->newest = w->so_far.newest;
    c->oldest = w->so_far.oldest;
    presence_forget(&w->presence);
    w->stopped |= !w->config.emit(w->config.user, &w->chunk);
}

void worker_give(struct worker *w)
{
    worker_give_to(w, trail_reader_bytes(w->in->reader));
}

bool worker_has_failed(const struct worker *w)
{
    return w->chunk->failed || w->chunk->bytes.failed;
}

void worker_message(struct trail_text *to, const char *path, uint64_t offset, const char *what)
{
    char number[32];
    int n = snprintf(number, sizeof number, ":%" PRIu64 ": ", offset);
    trail_terminal_add(to, (struct trail_slice){path, strlen(path)});
    if (offset == UINT64_MAX)
        trail_text_add(to, ": ", 2);
    else
        trail_text_add(to, number, (size_t)n);
    trail_terminal_add(to, (struct trail_slice){what, strlen(what)});
}

/* NULL: no memory. */
struct entry *worker_add_entry(struct worker *w, enum entry_kind kind)
{
    struct entry *e = chunk_add_entry(w->chunk, kind);
    if (e) {
        e->newest = w->so_far.newest;
        e->oldest = w->so_far.oldest;
    }
    return e;
}

static void add_message(struct worker *w, uint64_t offset, const char *what)
{
    size_t from = w->chunk->bytes.n;
    worker_message(&w->chunk->bytes, w->path, offset, what);
    struct entry *e = worker_add_entry(w, ENTRY_PROBLEM);
    if (e)
        e->text = chunk_part(w->chunk, from);
}

void worker_problem(struct worker *w, uint64_t offset, const char *what)
{
    w->chunk->damaged = true;
    w->chunk->problems++;
    if (++w->so_far.problems <= TRAIL_MAX_PROBLEMS)
        add_message(w, offset, what);
}

/* Something of the input is missing, not just one record of it. */
void worker_unread(struct worker *w, uint64_t offset, const char *what)
{
    worker_problem(w, offset, what);
    worker_add_entry(w, ENTRY_UNREAD);
}

/* The input's last chunk. */
void worker_end(struct worker *w, uint64_t offset)
{
    char text[64];
    w->ended = true;
    w->chunk->unfinished = w->unread || trail_reader_failed(w->in->reader);
    w->chunk->failed = worker_has_failed(w);
    if (w->so_far.problems > TRAIL_MAX_PROBLEMS && !w->chunk->failed) {
        snprintf(text, sizeof text, "%" PRIu64 " more problems", w->so_far.problems - TRAIL_MAX_PROBLEMS);
        add_message(w, UINT64_MAX, text);
    }
    w->chunk->end = true;
    worker_give_to(w, offset);
}

/*
 * split.c - blocks of one input.
 *
 * Needs: split_read and split_settle called by one thread at a time each, and blocks settled in the order in
 * which they were read.
 * Guarantees: the chunks that are handed on hold, one after the other, what one worker would have found in
 * the whole input; whatever is in it.
 *
 * How an input reads depends on all that came before: in an array of records, behind a damaged one or within
 * one that is printed over many lines, a block of bytes says something else than on its own. But a framer
 * that stands between two values knows little of what it has passed: struct trail_stand is all of it. So a
 * block's bytes are cut where a value seems to begin (a line that begins with a brace, or an element like the
 * ones before), and framed at once from there, on any thread, with a guess of that stand: the last one that
 * is known.
 *
 * Then, in order, each block is judged by the one before it, which is known to be right: its framer has been
 * told to stop at the cut. If it has, with a stand that is as good as the guess, then what the block's own
 * framer did is what this one would have done, and is handed on. (Numbers of records and what else is counted
 * from the input's beginning is put right then: chunk_rebase.) If it has not (the cut was within a record,
 * damage has led it past it), or the stand is another one, what was found is thrown away and the block framed
 * again, in order, by the framer that comes there. So a guess costs time at worst; no heuristics decide what
 * an input says.
 *
 * Behind a wrong guess blocks are not framed ahead for a while, but read ahead all the same.
 *
 * A block's bytes go on over its border, up to where the reader has come: the framer that has to stop there
 * wants to see what follows a value. The next block begins with the same bytes.
 */
#include "split.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "frame/shape.h"
#include "window/timestamp.h"

enum {
    PATIENCE = 20,    /* ms in which a live input may fill a block */
    MAX_TRIES = 4096, /* places that are looked at for a border */
    TAIL = 64 << 10,  /* bytes in which a border is likely */
};

struct split *split_new(const struct worker_config *config, size_t input, const char *path,
                        const struct trail_position *from, enum worker_input kind, const struct stat *status,
                        size_t size)
{
    struct split *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->input = input;
    s->config = config;
    s->size = size;
    s->live = (struct trail_live){.fd = -1, .wake = {-1, -1}};
    s->so_far = NOTHING_SO_FAR;
    s->bordered = s->clean = true;
    s->is_live = kind == WORKER_LIVE;
    s->clock = s->is_live ? 0 : worker_clock(config, status);
    s->reader = trail_reader_new(size, size);
    if (!s->reader) {
        split_free(s);
        return NULL;
    }
    if (s->is_live) {
        trail_reader_open_push(s->reader);
        if (!trail_live_open(&s->live, path))
            memcpy(s->unopened, s->live.problem, sizeof s->live.problem);
    } else if (!trail_reader_open(s->reader, path)) {
        snprintf(s->unopened, sizeof s->unopened, "%s", trail_reader_problem(s->reader).text);
        trail_reader_open_push(s->reader);
    } else if (from) {
        trail_reader_skip(s->reader, from->offset);
        s->stand = s->guess = from->stand;
        s->in_list = from->stand.n_places > 0;
        s->so_far = so_far_at(from);
    }
    s->unread = s->unopened[0] != 0;
    s->finishing = s->unopened[0] != 0;
    return s;
}

void split_free(struct split *s)
{
    if (!s)
        return;
    while (s->first) {
        struct block *next = s->first->next;
        block_free(s->first);
        s->first = next;
    }
    block_free(s->carrier);
    trail_reader_free(s->reader);
    trail_live_close(&s->live);
    free(s);
}

/* ---- reading ------------------------------------------------------------------------------ */

/* Waits for what is pushed. False: the block ends here. A block that has bytes waits until `deadline`. */
static bool await(struct split *s, struct block *b, int64_t deadline)
{
    size_t n;
    if (s->finishing) {
        trail_reader_push(s->reader, NULL, 0);
        return true;
    }
    int64_t left = deadline - trail_time_now(CLOCK_MONOTONIC);
    bool some = trail_reader_window(s->reader)->n > 0;
    switch (trail_live_read(&s->live, !some ? -1 : left > 0 ? (int)left : 0, &n)) {
    case TRAIL_CAME: trail_reader_push(s->reader, s->live.bytes, n); return true;
    case TRAIL_CAME_NONE: b->paused = true; return false;
    case TRAIL_CAME_END: s->finishing = true; return true;
    case TRAIL_CAME_ERROR: break;
    }
    s->finishing = b->lost = true;
    snprintf(b->trouble, sizeof b->trouble, "%s", s->live.problem);
    return false;
}

static void fill(struct split *s, struct block *b)
{
    int64_t deadline = 0;
    for (;;) {
        switch (trail_reader_fill(s->reader, 0)) {
        case TRAIL_READ_MORE: continue;
        case TRAIL_READ_FULL: return;
        case TRAIL_READ_END: b->over = true; return;
        case TRAIL_READ_DAMAGED:
            b->troubled = true;
            snprintf(b->trouble, sizeof b->trouble, "%s", trail_reader_problem(s->reader).text);
            return;
        case TRAIL_READ_WAIT:
            if (!deadline && trail_reader_window(s->reader)->n > 0)
                deadline = trail_time_now(CLOCK_MONOTONIC) + PATIENCE;
            if (!await(s, b, deadline))
                return;
            continue;
        case TRAIL_READ_NO_MEMORY: b->failed = b->over = true; return;
        }
    }
}

/* The last line's beginning, if it begins with a brace or has not come yet; 0: none. */
static size_t line_border(const char *p, size_t n)
{
    if (n > 0 && p[n - 1] == '\n')
        return n;
    const char *line;
    size_t end = n;
    for (int i = 0; i < MAX_TRIES && (line = memrchr(p, '\n', end)); i++) {
        if (line[1] == '{')
            return (size_t)(line + 1 - p);
        end = (size_t)(line - p);
    }
    return 0;
}

/* The beginning of the last element that begins as the ones before did; 0: none. */
static size_t element_border(const char *p, size_t n, const struct trail_stand *guess)
{
    struct trail_slice first = {guess->first_key, guess->n_first_key}, key;
    const char *brace;
    size_t end = n, behind;
    if (!first.n)
        first = (struct trail_slice){"eventVersion", 12};
    for (int i = 0; i < MAX_TRIES && (brace = memrchr(p, '{', end)); i++) {
        end = (size_t)(brace - p);
        if (trail_key_at(brace + 1, n - end - 1, &key, &behind) != TRAIL_KEYED || key.n != first.n ||
            memcmp(key.p, first.p, key.n) != 0)
            continue;
        const char *before = brace;
        while (before > p &&
               (before[-1] == ' ' || before[-1] == '\n' || before[-1] == '\r' || before[-1] == '\t'))
            before--;
        if (before > p && before[-1] == ',')
            return end;
    }
    return 0;
}

/* Where the next block is to begin; 0: wherever this one ends, and not ahead. */
static size_t find_border(struct split *s, const struct block *b, const char *p, size_t n)
{
    s->in_list = b->guess.n_places > 0;
    size_t border = s->in_list ? 0 : line_border(p, n);
    if (border || b->paused)
        return b->paused && border < n ? 0 : border;
    border = element_border(p, n, &b->guess);
    s->in_list = border > 0;
    return border ? border : line_border(p, n);
}

/* As many bytes as there are, up to n; *error: why there are no more, 0 at the file's end. */
static size_t read_at(int fd, char *to, size_t n, uint64_t offset, int *error)
{
    size_t have = 0;
    *error = 0;
    while (have < n) {
        ssize_t got = pread(fd, to + have, n - have, (off_t)(offset + have));
        if (got == 0 || (got < 0 && errno != EINTR)) {
            *error = got < 0 ? errno : 0;
            break;
        }
        have += got > 0 ? (size_t)got : 0;
    }
    return have;
}

/* Bytes that the system has in memory; false: not all of them. */
static bool read_cached(int fd, char *to, size_t n, uint64_t offset)
{
    const struct iovec into = {to, n};
    return preadv2(fd, &into, 1, (off_t)offset, RWF_NOWAIT) == (ssize_t)n;
}

/*
 * Of a plain file nothing but a block's last bytes is needed to tell where the next one begins. So these are
 * read first, and the rest is left to whoever frames the block, while another thread claims the next. But what
 * has to come from a disk comes fastest in order. False: the reader stands where it did, and goes on.
 */
static bool claim(struct split *s, struct block *b)
{
    const struct trail_window *window = trail_reader_window(s->reader);
    size_t tail = s->size / 2 < TAIL ? s->size / 2 : TAIL, rest = s->size - tail;
    uint64_t there;
    if (s->is_live || !s->bordered || !trail_reader_shares(s->reader, &b->fd, &there) || there < s->size ||
        window->offset > there - s->size)
        return false;
    char *p = b->buffer + rest;
    memset(p + tail, 0, TRAIL_PADDING);
    if (!read_cached(b->fd, p, tail, window->offset + rest))
        return false;
    size_t border = find_border(s, b, p, tail);
    b->offset = window->offset;
    if (!border || !trail_reader_seek(s->reader, b->offset + rest + border))
        return false;
    b->border = b->offset + rest + border;
    b->n = s->size;
    b->to_fetch = rest;
    b->stored = b->offset + b->n;
    b->clock = s->clock;
    return true;
}

void split_fetch(struct block *b)
{
    int error;
    size_t want = b->to_fetch, got = read_at(b->fd, b->buffer, want, b->offset, &error);
    b->to_fetch = 0;
    if (got == want)
        return;
    b->lost = b->unread = error != 0;
    if (b->lost)
        snprintf(b->trouble, sizeof b->trouble, "cannot be read further: %s", strerror(error));
    b->n = got;
    memset(b->buffer + b->n, 0, TRAIL_PADDING);
    b->stored = b->offset + b->n;
    b->border = TRAIL_NO_BORDER;
    b->over = true;
}

void split_read(struct split *s, struct block *b)
{
    const struct trail_window *window = trail_reader_window(s->reader);
    b->guessed = s->bordered && s->in_list == (b->guess.n_places > 0);
    if (claim(s, b))
        return;
    if (s->unopened[0]) {
        b->lost = true;
        memcpy(b->trouble, s->unopened, sizeof s->unopened);
        s->unopened[0] = 0;
    } else {
        fill(s, b);
    }
    b->clock = s->is_live ? worker_clock(s->config, NULL) : s->clock;
    b->unread = s->unread || trail_reader_failed(s->reader);
    b->n = window->n;
    b->offset = window->offset;
    b->stored = trail_reader_stored(s->reader);
    bool goes_on = !b->over && !b->troubled && !b->lost;
    size_t border = goes_on ? find_border(s, b, window->p, window->n) : 0;
    s->bordered = border > 0;
    b->border = s->bordered ? b->offset + border : TRAIL_NO_BORDER;
    b->buffer = trail_reader_swap(s->reader, b->buffer, s->bordered ? border : b->n);
}

bool split_inflates(const struct split *s)
{
    enum trail_form form = trail_reader_form(s->reader);
    return form == TRAIL_GZIP || form == TRAIL_ZSTD;
}

/* ---- settling ----------------------------------------------------------------------------- */

/* The framing that has passed the blocks before goes on with this one. */
static void take_over(struct split *s, struct block *b)
{
    struct framing own = b->in;
    b->in = s->carrier->in;
    s->carrier->in = own;
    if (!trail_reader_keep(b->in.reader))
        b->failed = b->over = true;
}

struct block *split_settle(struct split *s, struct worker *w, struct block *b)
{
    struct block *before = s->carrier;
    bool ahead = b->state == BLOCK_RUN;
    bool right = ahead && s->clean && b->whole &&
                 trail_framer_guessed_well(b->in.framer, &b->guess, &s->stand) &&
                 chunk_can_rebase(b->chunk, &s->so_far, s->config->lateness);
    if (right) {
        worker_hand_on(w, b, &s->so_far);
    } else {
        chunk_clear(b->chunk);
        if (!s->clean)
            take_over(s, b);
        worker_go_on(w, b, &s->so_far, s->clean ? &s->stand : NULL);
    }
    s->was_misfit = ahead && !right;
    s->clean = b->stopped;
    if (s->clean)
        s->stand = trail_framer_stand(b->in.framer);
    s->carrier = b;
    return before;
}

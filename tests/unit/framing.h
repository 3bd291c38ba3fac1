/*
 * framing.h - what a framer makes of an input, as text to compare.
 */
#ifndef FRAMING_H
#define FRAMING_H

#include <inttypes.h>
#include <stdbool.h>

#include "frame/frame.h"
#include "packed.h"
#include "trail/json.h"

/* How an input is handed over: by pushes of `piece` bytes (0: random, SIZE_MAX: at once), through a window of
 * first so many bytes. */
struct feeding {
    size_t piece, window;
};

static inline const struct feeding *feedings(size_t *n)
{
    static const struct feeding all[] = {{SIZE_MAX, 0}, {SIZE_MAX, 64}, {1, 0},  {1, 16},
                                         {0, 0},        {0, 100},       {7, 333}};
    *n = sizeof all / sizeof *all;
    return all;
}

/* A run of the framer: each record's text on a line of its own, and all results with numbers and places. */
struct framed {
    struct trail_text records; /* compact JSON */
    struct trail_text all;     /* "+ NUMBER OFFSET TEXT", "- NUMBER OFFSET SIZE REASON", "! OFFSET REASON" */
    size_t accepted, rejected, damaged;
    enum trail_frame last;
};

static inline void framed_free(struct framed *f)
{
    trail_text_free(&f->records);
    trail_text_free(&f->all);
}

static inline void note(struct framed *f, enum trail_frame kind, const struct trail_record *r)
{
    char line[300];
    int n;
    if (kind == TRAIL_FRAME_RECORD) {
        size_t at;
        f->accepted++;
        if (trail_json_check(r->p, r->n, &at) != TRAIL_JSON_OK || *r->p != '{' || r->n > TRAIL_MAX_RECORD)
            ck_abort_msg("record %zu is none", f->accepted);
        volatile char behind = r->p[r->n + TRAIL_PADDING - 1];
        (void)behind;
        trail_json_rewrite(&f->records, (struct trail_slice){r->p, r->n});
        trail_text_add(&f->records, "\n", 1);
        n = snprintf(line, sizeof line, "+ %" PRIu64 " %" PRIu64 " %.*s\n", r->number, r->offset,
                     (int)(r->n < 100 ? r->n : 100), r->p);
    } else if (kind == TRAIL_FRAME_REJECTED) {
        f->rejected++;
        n = snprintf(line, sizeof line, "- %" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n", r->number, r->offset,
                     r->size, r->reason);
        if (r->number != f->accepted + f->rejected)
            ck_abort_msg("number %" PRIu64, r->number);
    } else {
        f->damaged++;
        n = snprintf(line, sizeof line, "! %" PRIu64 " %s\n", r->offset, r->reason);
    }
    trail_text_add(&f->all, line, (size_t)n + 1); /* with its NUL, for messages */
    f->all.n--;
}

static inline void drain(struct trail_framer *framer, struct framed *f)
{
    struct trail_record record;
    while ((f->last = trail_frame_next(framer, &record)) < TRAIL_FRAME_NEED_MORE)
        note(f, f->last, &record);
}

/* Pushes the input, in memory of its own so that a sanitizer sees what is used for too long. */
static inline struct framed frame_pushed(struct bytes input, struct feeding how)
{
    struct framed f = {0};
    uint64_t random = input.n;
    struct trail_reader *reader = trail_reader_new(how.window, 0);
    struct trail_framer *framer = trail_framer_new(reader);
    trail_reader_open_push(reader);
    trail_framer_start(framer);
    for (size_t i = 0; i < input.n;) {
        size_t n = how.piece ? how.piece : next_random(&random) % 900 + 1;
        n = n < input.n - i ? n : input.n - i;
        char *piece = malloc(n);
        memcpy(piece, input.p + i, n);
        trail_reader_push(reader, piece, n);
        drain(framer, &f);
        free(piece);
        if (f.last != TRAIL_FRAME_NEED_MORE && f.last != TRAIL_FRAME_END)
            ck_abort_msg("answered %d", (int)f.last);
        i += n;
    }
    trail_reader_push(reader, NULL, 0);
    drain(framer, &f);
    if (f.last != TRAIL_FRAME_END)
        ck_abort_msg("ended with %d", (int)f.last);
    trail_framer_free(framer);
    trail_reader_free(reader);
    return f;
}

static inline struct framed frame_text(const char *p, size_t n)
{
    return frame_pushed((struct bytes){(unsigned char *)(uintptr_t)p, n}, (struct feeding){SIZE_MAX, 0});
}

/* Text from pieces, for inputs that tests make. */
static inline void add(struct trail_text *t, const char *text)
{
    trail_text_add(t, text, strlen(text));
}

static inline struct bytes bytes_in(const struct trail_text *t)
{
    return (struct bytes){(unsigned char *)t->p, t->n};
}

#endif

/*
 * fuzz_frame.c - any bytes as an input, plain or compressed, through reader and framer.
 *
 * The first byte says how large the pieces are in a second run, which must give what the first gave: the same
 * results in the same order. Results must be what frame.h promises: valid objects, one behind the other.
 */
#include <stdlib.h>
#include <string.h>

#include "frame/frame.h"
#include "trail/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What a run gave: enough to tell two runs apart. */
struct trace {
    uint64_t hash, results;
    uint64_t behind; /* where the last result ends, as far as it is known */
    bool broken;     /* compressed data were: how much of them comes out then depends on the pieces */
};

static void mix(struct trace *t, const void *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t->hash = (t->hash ^ ((const unsigned char *)p)[i]) * 0x100000001B3u;
}

static void note(struct trace *t, enum trail_frame kind, const struct trail_record *r)
{
    size_t at;
    t->results++;
    mix(t, &kind, sizeof kind);
    mix(t, &r->offset, sizeof r->offset);
    mix(t, &r->number, sizeof r->number);
    if (kind == TRAIL_FRAME_RECORD) {
        if (r->n > TRAIL_MAX_RECORD || *r->p != '{' || trail_json_check(r->p, r->n, &at) != TRAIL_JSON_OK)
            abort();
        volatile char padding = r->p[r->n + TRAIL_PADDING - 1];
        (void)padding;
        mix(t, r->p, r->n);
    } else {
        mix(t, r->reason, strlen(r->reason));
    }
    if (kind == TRAIL_FRAME_DAMAGED && strstr(r->reason, "compressed"))
        t->broken = true;
    if (kind == TRAIL_FRAME_DAMAGED)
        return;
    if (r->offset < t->behind || (kind == TRAIL_FRAME_REJECTED && !r->size))
        abort();
    t->behind = r->offset + (kind == TRAIL_FRAME_REJECTED ? r->size : 1);
}

/* Takes what there is; the framer must say that it wants more, or that it is at the end. */
static void drain(struct trail_framer *framer, struct trace *t)
{
    struct trail_record record;
    enum trail_frame kind;
    while ((kind = trail_frame_next(framer, &record)) < TRAIL_FRAME_NEED_MORE) {
        note(t, kind, &record);
    }
    if (kind == TRAIL_FRAME_NO_MEMORY)
        abort();
}

static struct trace run(struct trail_reader *reader, struct trail_framer *framer, const uint8_t *data,
                        size_t n, size_t piece)
{
    struct trace t = {0};
    trail_reader_open_push(reader);
    trail_framer_start(framer);
    for (size_t i = 0; i < n; i += piece) {
        size_t some = n - i < piece ? n - i : piece;
        char *copy = malloc(some);
        if (!copy)
            abort();
        memcpy(copy, data + i, some);
        trail_reader_push(reader, copy, some);
        drain(framer, &t);
        free(copy);
    }
    trail_reader_push(reader, NULL, 0);
    drain(framer, &t);
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct trail_reader *reader, *small;
    static struct trail_framer *framer, *small_framer;
    if (!reader) {
        reader = trail_reader_new(0, 0);
        small = trail_reader_new(32, 0);
        framer = trail_framer_new(reader);
        small_framer = trail_framer_new(small);
    }
    if (!n)
        return 0;
    size_t piece = *data % 32 + 1u;
    struct trace whole = run(reader, framer, data + 1, n - 1, n);
    struct trace pieces = run(small, small_framer, data + 1, n - 1, piece);
    if (whole.broken || pieces.broken)
        return 0;
    if (whole.hash != pieces.hash || whole.results != pieces.results)
        abort();
    return 0;
}

/*
 * block.c - making and emptying blocks.
 */
#include "block.h"

#include <stdlib.h>

enum { SMALL_WINDOW = 4096, LARGE_WINDOW = 512 << 10 };

bool framing_init(struct framing *f, size_t first)
{
    f->reader = trail_reader_new(first, 0);
    f->framer = f->reader ? trail_framer_new(f->reader) : NULL;
    return f->framer != NULL;
}

void framing_free(struct framing *f)
{
    trail_framer_free(f->framer);
    trail_reader_free(f->reader);
}

struct block *block_new(size_t size)
{
    struct block *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->buffer = calloc(1, size + TRAIL_PADDING);
    b->chunk = chunk_new();
    if (b->buffer && b->chunk && framing_init(&b->in, SMALL_WINDOW))
        return b;
    block_free(b);
    return NULL;
}

void block_free(struct block *b)
{
    if (!b)
        return;
    framing_free(&b->in);
    chunk_free(b->chunk);
    free(b->buffer);
    free(b);
}

void block_clear(struct block *b)
{
    struct block kept = {.in = b->in, .buffer = b->buffer, .chunk = b->chunk};
    chunk_clear(kept.chunk);
    trail_reader_close(kept.in.reader);
    trail_reader_shrink(kept.in.reader, LARGE_WINDOW);
    *b = kept;
}

/*
 * fuzz_fmt.c - any bytes as a rule file that is to be formatted. What the formatter makes has to say the same and
 * must not change when it is formatted again: it tests that itself, and FORMAT_BUG is what it must never answer.
 */
#include <stdlib.h>

#include "format/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *arena = arena_new();
    struct compile *c = arena_alloc(arena, sizeof *c);
    c->arena = arena;
    struct slice text = slice_copy(c, (const char *)data, n), out = {NULL, 0};
    const char *why = NULL;
    if (format_text(c, "fuzz.yaml", text, &out, &why) == FORMAT_BUG)
        abort();
    arena_free(arena);
    return 0;
}

/*
 * fuzz_filter.c - any bytes as a filter: lexed, parsed, checked, lowered, planned and emitted.
 */
#include "emit/output.h"
#include "logic/redundant.h"
#include "trailc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct text text_of(struct compile *c, const uint8_t *data, size_t n)
{
    uint32_t *at = NEW_ARRAY(c, uint32_t, n + 1);
    for (size_t i = 0; i <= n; i++)
        at[i] = (uint32_t)i;
    struct source *source = PUSH(c, c->sources, c->n_sources);
    source->name = "fuzz";
    source->text = slice_copy(c, (const char *)data, n);
    return (struct text){.s = source->text, .source = 0, .at = at};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > 4096)
        return 0;
    struct arena *arena = arena_new();
    struct compile *c = arena_alloc(arena, sizeof *c);
    c->arena = arena;
    c->pack.name = SLICE("fuzz");
    c->pack.hash = SLICE("0");
    c->pack.time = path_intern(c, SLICE("eventTime"));
    c->pack.event_id = path_intern(c, SLICE("eventID"));
    struct alert *a = PUSH(c, c->pack.alerts, c->pack.n_alerts);
    a->name = a->id = a->symbol = SLICE("fuzz");
    a->filter = text_of(c, data, n);
    a->tree = parse_filter(c, &a->filter);
    if (a->tree && check_filter(c, &a->filter, a->tree) && !diag_errors(c)) {
        lower(c);
        redundant(c);
        plan(c);
        emit(c);
    }
    struct buffer out = {.c = c};
    if (a->tree)
        node_print(&out, a->tree);
    arena_free(arena);
    return 0;
}

/*
 * chunk.c - growing, emptying and reading chunks.
 */
#include "chunk.h"

#include <stdlib.h>
#include <string.h>

#include "window/timestamp.h"

enum { KEEP_BYTES = 64 << 10, KEEP_ITEMS = 1 << 8 };

struct chunk *chunk_new(void)
{
    struct chunk *c = calloc(1, sizeof *c);
    if (c)
        chunk_clear(c);
    return c;
}

void chunk_free(struct chunk *c)
{
    if (!c)
        return;
    trail_text_free(&c->bytes);
    free(c->entries);
    free(c->found);
    free(c->stretches);
    free(c->volumes);
    free(c);
}

void chunk_free_list(struct chunk *c)
{
    while (c) {
        struct chunk *next = c->next;
        chunk_free(c);
        c = next;
    }
}

void chunk_clear(struct chunk *c)
{
    struct chunk kept = {
        .bytes = c->bytes, .entries = c->entries, .found = c->found, .stretches = c->stretches};
    kept.bytes.n = 0;
    if (kept.bytes.room > KEEP_BYTES || kept.bytes.failed) {
        trail_text_free(&kept.bytes);
        kept.bytes = (struct trail_text){0};
    }
    kept.entry_room = c->entry_room;
    kept.found_room = c->found_room;
    if (kept.entry_room > KEEP_ITEMS || kept.found_room > KEEP_ITEMS) {
        free(kept.entries);
        free(kept.found);
        kept.entries = NULL;
        kept.found = NULL;
        kept.entry_room = kept.found_room = 0;
    }
    kept.stretch_room = c->stretch_room;
    if (kept.stretch_room > KEEP_ITEMS) {
        free(kept.stretches);
        kept.stretches = NULL;
        kept.stretch_room = 0;
    }
    kept.volumes = c->volumes;
    kept.volume_room = c->volume_room;
    if (kept.volume_room > KEEP_ITEMS) {
        free(kept.volumes);
        kept.volumes = NULL;
        kept.volume_room = 0;
    }
    kept.newest = kept.oldest = TRAIL_NO_TIME;
    *c = kept;
}

size_t chunk_filled(const struct chunk *c)
{
    return c->bytes.n + c->n_entries * sizeof *c->entries + c->n_found * sizeof *c->found +
           c->n_stretches * sizeof *c->stretches + c->n_volumes * sizeof *c->volumes;
}

size_t chunk_memory(const struct chunk *c)
{
    return sizeof *c + c->bytes.room + c->entry_room * sizeof *c->entries + c->found_room * sizeof *c->found +
           c->stretch_room * sizeof *c->stretches + c->volume_room * sizeof *c->volumes;
}

/* Room for one more; false and `failed`: no memory. */
static bool make_room(struct chunk *c, void **items, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return true;
    size_t more = *room ? *room * 2 : 32;
    void *grown = more > SIZE_MAX / size ? NULL : realloc(*items, more * size);
    if (!grown) {
        c->failed = true;
        return false;
    }
    *items = grown;
    *room = more;
    return true;
}

struct entry *chunk_add_entry(struct chunk *c, enum entry_kind kind)
{
    void *items = c->entries;
    if (!make_room(c, &items, c->n_entries, &c->entry_room, sizeof *c->entries))
        return NULL;
    c->entries = items;
    struct entry *e = &c->entries[c->n_entries++];
    *e = (struct entry){.kind = kind, .first_hit = c->n_found};
    return e;
}

struct found *chunk_add_found(struct chunk *c)
{
    void *items = c->found;
    if (!make_room(c, &items, c->n_found, &c->found_room, sizeof *c->found))
        return NULL;
    c->found = items;
    struct found *f = &c->found[c->n_found++];
    *f = (struct found){0};
    return f;
}

struct stretch *chunk_add_stretch(struct chunk *c)
{
    void *items = c->stretches;
    if (!make_room(c, &items, c->n_stretches, &c->stretch_room, sizeof *c->stretches))
        return NULL;
    c->stretches = items;
    return &c->stretches[c->n_stretches++];
}

/* A place may be left from another chunk: then it is another volume's, or nobody's, or by chance right. */
void chunk_add_volume(struct chunk *c, struct volume_places *places, size_t alert, int64_t minute)
{
    uint32_t *at = &places->at[(uint64_t)minute % VOLUME_PLACES];
    struct volume *v = *at < c->n_volumes ? &c->volumes[*at] : NULL;
    if (v && v->alert == alert && v->minute == minute) {
        v->n++;
        return;
    }
    void *items = c->volumes;
    if (!make_room(c, &items, c->n_volumes, &c->volume_room, sizeof *c->volumes))
        return;
    c->volumes = items;
    *at = (uint32_t)c->n_volumes;
    c->volumes[c->n_volumes++] = (struct volume){alert, minute, 1};
}

struct part chunk_part(const struct chunk *c, size_t from)
{
    return (struct part){from, c->bytes.n - from};
}

struct part chunk_add_text(struct chunk *c, struct trail_slice text)
{
    size_t from = c->bytes.n;
    trail_text_add(&c->bytes, text.p, text.n);
    return chunk_part(c, from);
}

struct trail_slice chunk_text(const struct chunk *c, struct part part)
{
    return (struct trail_slice){part.n ? c->bytes.p + part.at : "", part.n};
}

/* ---- where a chunk stands ----------------------------------------------------------------- */

int64_t earlier_time(int64_t a, int64_t b)
{
    return a == TRAIL_NO_TIME || (b != TRAIL_NO_TIME && b < a) ? b : a;
}

int64_t later_time(int64_t a, int64_t b)
{
    return a == TRAIL_NO_TIME || (b != TRAIL_NO_TIME && b > a) ? b : a;
}

int64_t late_before(const struct so_far *before, int64_t lateness)
{
    return before->newest == TRAIL_NO_TIME ? INT64_MIN : trail_time_add(before->newest, -lateness);
}

bool chunk_can_rebase(const struct chunk *c, const struct so_far *before, int64_t lateness)
{
    int64_t limit = late_before(before, lateness);
    for (size_t i = 0; i < c->n_stretches; i++)
        if (c->stretches[i].first < limit && limit <= c->stretches[i].last)
            return false;
    return c->oldest == TRAIL_NO_TIME || c->oldest >= limit ||
           (before->oldest != TRAIL_NO_TIME && before->oldest <= limit);
}

void chunk_rebase(struct chunk *c, const struct so_far *before, uint64_t told, int64_t lateness)
{
    int64_t limit = late_before(before, lateness);
    uint64_t problems = before->problems;
    size_t kept = 0;
    for (size_t i = 0; i < c->n_entries; i++) {
        struct entry *e = &c->entries[i];
        if (e->kind == ENTRY_PROBLEM && ++problems > told)
            continue;
        e->source.record += before->records;
        e->newest = later_time(before->newest, e->newest);
        e->oldest = e->oldest < limit ? before->oldest : earlier_time(before->oldest, e->oldest);
        c->entries[kept++] = *e;
    }
    c->n_entries = kept;
    c->rest.records += before->records;
    c->rest.problems += before->problems;
    c->rest.newest = later_time(before->newest, c->rest.newest);
    c->rest.oldest = c->rest.oldest < limit ? before->oldest : earlier_time(before->oldest, c->rest.oldest);
    c->newest = later_time(before->newest, c->newest);
    c->oldest = c->oldest < limit ? before->oldest : earlier_time(before->oldest, c->oldest);
}

struct so_far so_far_at(const struct trail_position *p)
{
    return (struct so_far){.newest = p->newest,
                           .oldest = p->oldest,
                           .records = p->records,
                           .problems = p->problems,
                           .bytes = p->offset};
}

void so_far_add(struct so_far *s, const struct chunk *c)
{
    s->newest = later_time(s->newest, c->newest);
    s->oldest = earlier_time(s->oldest, c->oldest);
    s->records += c->records;
    s->problems += c->problems;
}

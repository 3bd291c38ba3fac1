/*
 * pending.c - see pending.h. The heap moves small keys; bodies stay where they are.
 */
#include "pending.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

struct waiting_key {
    int64_t time;
    uint32_t alert, body;
    uint64_t
        id; /* the event ID's first bytes, as a number that has their order: most need no look at the body */
};

enum { FIRST_ROOM = 64 };

static size_t cost(const struct waiting *w)
{
    size_t bytes = sizeof(struct waiting) + sizeof(struct waiting_key) + sizeof(uint32_t);
    const struct shared *texts[] = {w->group, w->event_id, w->breakdown, w->fields};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        bytes += texts[i] ? sizeof *texts[i] + texts[i]->n : 0;
    return bytes;
}

static int compare_texts(const struct shared *a, const struct shared *b)
{
    if (a == b)
        return 0;
    struct trail_slice x = shared_text(a), y = shared_text(b);
    int c = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);
    return c ? c : (x.n > y.n) - (x.n < y.n);
}

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

static int compare_bodies(const struct waiting *a, const struct waiting *b)
{
    int c = compare_texts(a->event_id, b->event_id);
    for (int i = 0; c == 0 && i < 2; i++)
        c = ORDER(a->record_hash[i], b->record_hash[i]);
    if (c == 0)
        c = compare_texts(a->group, b->group);
    if (c == 0)
        c = strcmp(a->source.path ? a->source.path : "", b->source.path ? b->source.path : "");
    return c ? c : ORDER(a->source.record, b->source.record);
}

/* Shorter texts are as if zeros followed: where two are alike so far, the whole texts decide. */
static uint64_t first_bytes(const struct shared *text)
{
    uint64_t bytes = 0;
    struct trail_slice s = shared_text(text);
    memcpy(&bytes, s.p, s.n < sizeof bytes ? s.n : sizeof bytes);
    return be64toh(bytes);
}

static int compare(const struct pending *q, const struct waiting_key *a, const struct waiting_key *b)
{
    int c = ORDER(a->time, b->time);
    if (c == 0)
        c = ORDER(a->alert, b->alert);
    if (c == 0)
        c = ORDER(a->id, b->id);
    return c ? c : compare_bodies(&q->body[a->body], &q->body[b->body]);
}

static bool before(const struct pending *q, const struct waiting_key *a, const struct waiting_key *b)
{
    return compare(q, a, b) < 0;
}

bool waiting_before(const struct waiting *a, const struct waiting *b)
{
    int c = ORDER(a->time, b->time);
    if (c == 0)
        c = ORDER(a->alert, b->alert);
    return (c ? c : compare_bodies(a, b)) < 0;
}

static bool grow(struct pending *q)
{
    size_t room = q->room ? q->room * 2 : FIRST_ROOM;
    if (room > UINT32_MAX)
        return false;
    struct waiting_key *heap = realloc(q->heap, room * sizeof *heap);
    if (!heap)
        return false;
    q->heap = heap;
    struct waiting *body = realloc(q->body, room * sizeof *body);
    if (!body)
        return false;
    q->body = body;
    uint32_t *list = realloc(q->free, room * sizeof *list);
    if (!list)
        return false;
    q->free = list;
    for (size_t i = q->room; i < room; i++) /* free[n …] are the indices in use by nobody */
        q->free[i] = (uint32_t)i;
    q->room = room;
    return true;
}

bool pending_push(struct pending *q, const struct waiting *w, uint32_t *place)
{
    if (q->n == q->room && !grow(q))
        return false;
    uint32_t index = q->free[q->n];
    q->body[index] = *w;
    q->bytes += cost(w);
    struct waiting_key key = {w->time, w->alert, index, first_bytes(w->event_id)};
    size_t i = q->n++;
    for (; i > 0 && before(q, &key, &q->heap[(i - 1) / 2]); i = (i - 1) / 2)
        q->heap[i] = q->heap[(i - 1) / 2];
    q->heap[i] = key;
    *place = index;
    return true;
}

int64_t pending_time(const struct pending *q)
{
    return q->n > 0 ? q->heap[0].time : TRAIL_NO_TIME;
}

struct waiting *pending_at(struct pending *q, uint32_t place)
{
    return &q->body[place];
}

struct waiting pending_pop(struct pending *q, uint32_t *place)
{
    uint32_t index = q->heap[0].body;
    struct waiting_key last = q->heap[--q->n];
    size_t i = 0;
    for (size_t kid = 1; kid < q->n; kid = 2 * i + 1) {
        if (kid + 1 < q->n && before(q, &q->heap[kid + 1], &q->heap[kid]))
            kid++;
        if (!before(q, &q->heap[kid], &last))
            break;
        q->heap[i] = q->heap[kid];
        i = kid;
    }
    if (q->n > 0)
        q->heap[i] = last;
    q->free[q->n] = index;
    *place = index;
    q->bytes -= cost(&q->body[index]);
    return q->body[index];
}

static int by_order(const void *a, const void *b, void *q)
{
    return compare(q, a, b);
}

/* What is in order is a heap, too. */
void pending_sort(struct pending *q)
{
    if (q->n > 1)
        qsort_r(q->heap, q->n, sizeof *q->heap, by_order, q);
}

const struct waiting *pending_nth(const struct pending *q, size_t i, uint32_t *place)
{
    *place = q->heap[i].body;
    return &q->body[*place];
}

void waiting_drop(struct waiting *w, struct shared_table *texts)
{
    shared_drop(texts, w->group);
    shared_drop(texts, w->event_id);
    shared_drop(texts, w->breakdown);
    shared_drop(texts, w->fields);
    w->group = w->event_id = w->breakdown = w->fields = NULL;
}

void pending_clear(struct pending *q, struct shared_table *texts)
{
    for (size_t i = 0; i < q->n; i++)
        waiting_drop(&q->body[q->heap[i].body], texts);
    for (size_t i = 0; i < q->room; i++)
        q->free[i] = (uint32_t)i;
    q->n = q->bytes = 0;
}

void pending_free(struct pending *q)
{
    free(q->heap);
    free(q->body);
    free(q->free);
    *q = (struct pending){0};
}

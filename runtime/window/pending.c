/*
 * pending.c - see pending.h. Heap and run move small keys; bodies stay where they are. A key finds its place
 * in the run from the end, in no more than NEAR steps: no order of arrival makes that more work than the heap
 * is.
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

enum { FIRST_ROOM = 64, NEAR = 64 };

/* Heap and run have room for a key of each hit. */
static size_t cost(const struct waiting *w)
{
    size_t bytes = sizeof(struct waiting) + 2 * sizeof(struct waiting_key) + sizeof(uint32_t);
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

/* The i-th key of the run. */
static struct waiting_key *run_at(const struct pending *q, size_t i)
{
    return &q->run[(q->run_first + i) & (q->room - 1)];
}

static size_t heap_n(const struct pending *q)
{
    return q->n - q->run_n;
}

/* The run is unrolled into a larger ring. */
static bool grow_run(struct pending *q, size_t room)
{
    struct waiting_key *run = malloc(room * sizeof *run);
    if (!run)
        return false;
    for (size_t i = 0; i < q->run_n; i++)
        run[i] = *run_at(q, i);
    free(q->run);
    q->run = run;
    q->run_first = 0;
    return true;
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
    if (!grow_run(q, room))
        return false;
    for (size_t i = q->room; i < room; i++) /* free[n …] are the indices in use by nobody */
        q->free[i] = (uint32_t)i;
    q->room = room;
    return true;
}

static void heap_push(struct pending *q, const struct waiting_key *key)
{
    size_t i = heap_n(q);
    for (; i > 0 && before(q, key, &q->heap[(i - 1) / 2]); i = (i - 1) / 2)
        q->heap[i] = q->heap[(i - 1) / 2];
    q->heap[i] = *key;
}

static void heap_pop(struct pending *q)
{
    size_t n = heap_n(q) - 1, i = 0;
    struct waiting_key last = q->heap[n];
    for (size_t kid = 1; kid < n; kid = 2 * i + 1) {
        if (kid + 1 < n && before(q, &q->heap[kid + 1], &q->heap[kid]))
            kid++;
        if (!before(q, &q->heap[kid], &last))
            break;
        q->heap[i] = q->heap[kid];
        i = kid;
    }
    if (n > 0)
        q->heap[i] = last;
}

/* At its place near the end of the run. False: that is too far from the end. */
static bool run_push(struct pending *q, const struct waiting_key *key)
{
    size_t i = q->run_n;
    if (i >= NEAR && before(q, key, run_at(q, i - NEAR)))
        return false;
    for (; i > 0 && before(q, key, run_at(q, i - 1)); i--)
        *run_at(q, i) = *run_at(q, i - 1);
    *run_at(q, i) = *key;
    q->run_n++;
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
    if (!run_push(q, &key))
        heap_push(q, &key);
    q->n++;
    *place = index;
    return true;
}

static bool run_is_first(const struct pending *q)
{
    return q->run_n > 0 && (q->run_n == q->n || before(q, run_at(q, 0), &q->heap[0]));
}

static const struct waiting_key *first_key(const struct pending *q)
{
    return run_is_first(q) ? run_at(q, 0) : &q->heap[0];
}

int64_t pending_time(const struct pending *q)
{
    if (q->n == 0)
        return TRAIL_NO_TIME;
    if (q->run_n == 0 || (heap_n(q) > 0 && q->heap[0].time < run_at(q, 0)->time))
        return q->heap[0].time;
    return run_at(q, 0)->time;
}

struct waiting *pending_at(struct pending *q, uint32_t place)
{
    return &q->body[place];
}

const struct waiting *pending_first(const struct pending *q, uint32_t *place)
{
    *place = first_key(q)->body;
    return &q->body[*place];
}

struct waiting pending_pop(struct pending *q, uint32_t *place)
{
    bool run = run_is_first(q);
    uint32_t index = run ? run_at(q, 0)->body : q->heap[0].body;
    if (run) {
        q->run_first = (q->run_first + 1) & (q->room - 1);
        q->run_n--;
    } else {
        heap_pop(q);
    }
    q->n--;
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
    for (; q->run_n > 0; q->run_n--)
        q->heap[heap_n(q)] = *run_at(q, q->run_n - 1);
    if (q->n > 1)
        qsort_r(q->heap, q->n, sizeof *q->heap, by_order, q);
}

/* First those of the run, then those of the heap. */
static const struct waiting_key *key_at(const struct pending *q, size_t i)
{
    return i < q->run_n ? run_at(q, i) : &q->heap[i - q->run_n];
}

const struct waiting *pending_nth(const struct pending *q, size_t i, uint32_t *place)
{
    *place = key_at(q, i)->body;
    return &q->body[*place];
}

const struct waiting *pending_soon(const struct pending *q, size_t i)
{
    uint32_t place;
    return i < q->n ? pending_nth(q, i, &place) : NULL;
}

void pending_fetch(const struct pending *q, size_t i)
{
    const char *body = (const char *)pending_soon(q, i);
    if (!body)
        return;
    __builtin_prefetch(body);
    __builtin_prefetch(body + sizeof(struct waiting) - 1);
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
        waiting_drop(&q->body[key_at(q, i)->body], texts);
    for (size_t i = 0; i < q->room; i++)
        q->free[i] = (uint32_t)i;
    q->n = q->run_n = q->bytes = 0;
}

void pending_free(struct pending *q)
{
    free(q->heap);
    free(q->run);
    free(q->body);
    free(q->free);
    *q = (struct pending){0};
}

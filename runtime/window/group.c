/*
 * group.c - see group.h.
 */
#include "group.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

/* ---- events ---- */

static struct entry *at(const struct group *g, size_t i)
{
    return &g->ring[(g->first + i) % g->room];
}

const struct entry *group_entry(const struct group *g, size_t i)
{
    return at(g, i);
}

static void drop_oldest(struct group *g, struct shared_table *texts)
{
    struct entry *e = at(g, 0);
    shared_drop(texts, e->breakdown);
    shared_drop(texts, e->event_id);
    g->first = (g->first + 1) % g->room;
    g->n--;
}

/* Moves the events to a ring of another size ≥ n. */
static bool resize(struct group *g, size_t room)
{
    struct entry *ring = malloc(room * sizeof *ring);
    if (!ring)
        return false;
    for (size_t i = 0; i < g->n; i++)
        ring[i] = *at(g, i);
    free(g->ring);
    g->ring = ring;
    g->room = (uint32_t)room;
    g->first = 0;
    return true;
}

static size_t larger(const struct group *g, const struct rule *rule)
{
    size_t room = g->room ? (size_t)g->room * 2 : 1;
    return room < rule->keep ? room : rule->keep;
}

bool group_add(struct group *g, const struct rule *rule, const struct entry *e, struct shared_table *texts)
{
    group_prune(g, rule, e->time, texts);
    if (g->n == rule->keep) {
        g->dropped = at(g, 0)->time;
        drop_oldest(g, texts);
    } else if (g->n == g->room && !resize(g, larger(g, rule))) {
        return false;
    }
    g->n++;
    *at(g, g->n - 1) = *e;
    g->last = e->time;
    if (g->n > RULE_EVENT_IDS) {
        struct entry *old = at(g, g->n - 1 - RULE_EVENT_IDS);
        shared_drop(texts, old->event_id);
        old->event_id = NULL;
    }
    return true;
}

void group_prune(struct group *g, const struct rule *rule, int64_t t, struct shared_table *texts)
{
    int64_t horizon = trail_time_add(t, -rule->longest);
    while (g->n > 0 && at(g, 0)->time <= horizon)
        drop_oldest(g, texts);
    if (g->room > 16 && g->n < g->room / 4)
        resize(g, g->room / 2); /* a failure costs nothing but room */
}

size_t group_count(const struct group *g, int64_t t, int64_t span)
{
    int64_t from = trail_time_add(t, -span);
    size_t low = 0, high = g->n; /* the first event after `from` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (at(g, middle)->time <= from)
            low = middle + 1;
        else
            high = middle;
    }
    return g->n - low;
}

bool group_has_more(const struct group *g, int64_t t, int64_t span)
{
    return g->dropped != TRAIL_NO_TIME && g->dropped > trail_time_add(t, -span);
}

bool group_show(struct group *g, struct shared *fields, const struct trail_source *source,
                struct shared_table *texts)
{
    if (!g->detail && !(g->detail = calloc(1, sizeof *g->detail)))
        return false;
    shared_drop(texts, g->detail->fields);
    g->detail->fields = shared_hold(fields);
    g->detail->source = *source;
    return true;
}

void group_hide(struct group *g, struct shared_table *texts)
{
    if (g->detail)
        shared_drop(texts, g->detail->fields);
    free(g->detail);
    g->detail = NULL;
}

/* ---- the table ---- */

static uint64_t hash_of(const struct siphash_key *key, size_t rule, struct trail_slice group)
{
    struct siphash s;
    uint64_t number = rule;
    siphash_start(&s, key);
    siphash_add(&s, &number, sizeof number);
    siphash_add(&s, group.p, group.n);
    return siphash_end(&s);
}

struct group *group_find(const struct group_table *t, const struct siphash_key *key, size_t rule,
                         struct trail_slice text)
{
    if (t->room == 0)
        return NULL;
    uint64_t hash = hash_of(key, rule, text);
    for (size_t i = hash & (t->room - 1); t->slot[i]; i = (i + 1) & (t->room - 1)) {
        struct group *g = t->slot[i];
        if (g->hash == hash && g->rule == rule && g->key->n == text.n &&
            memcmp(g->key->p, text.p, text.n) == 0)
            return g;
    }
    return NULL;
}

bool group_table_full(const struct group_table *t)
{
    return (t->n + 1) * 4 > t->room * 3;
}

static void put(struct group **slot, size_t room, struct group *g)
{
    size_t i = g->hash & (room - 1);
    while (slot[i])
        i = (i + 1) & (room - 1);
    slot[i] = g;
}

bool group_table_enlarge(struct group_table *t)
{
    size_t room = t->room ? t->room * 2 : FIRST_SLOTS;
    struct group **slot = calloc(room, sizeof *slot);
    if (!slot)
        return false;
    for (size_t i = 0; i < t->room; i++)
        if (t->slot[i])
            put(slot, room, t->slot[i]);
    free(t->slot);
    t->slot = slot;
    t->room = room;
    return true;
}

struct group *group_create(struct group_table *t, const struct siphash_key *key, size_t rule,
                           struct shared *text)
{
    if (group_table_full(t) && !group_table_enlarge(t))
        return NULL;
    struct group *g = malloc(sizeof *g);
    if (!g)
        return NULL;
    *g = (struct group){.key = shared_hold(text),
                        .hash = hash_of(key, rule, shared_text(text)),
                        .rule = (uint32_t)rule,
                        .dropped = TRAIL_NO_TIME,
                        .last = TRAIL_NO_TIME,
                        .start = TRAIL_NO_TIME,
                        .said = TRAIL_NO_TIME};
    put(t->slot, t->room, g);
    t->n++;
    return g;
}

static void destroy(struct group *g, struct shared_table *texts)
{
    while (g->n > 0)
        drop_oldest(g, texts);
    group_hide(g, texts);
    shared_drop(texts, g->key);
    free(g->ring);
    free(g);
}

void group_remove(struct group_table *t, struct group *g, struct shared_table *texts)
{
    size_t mask = t->room - 1, hole = g->hash & mask;
    while (t->slot[hole] != g)
        hole = (hole + 1) & mask;
    for (size_t i = (hole + 1) & mask; t->slot[i]; i = (i + 1) & mask) {
        size_t home = t->slot[i]->hash & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            t->slot[hole] = t->slot[i];
            hole = i;
        }
    }
    t->slot[hole] = NULL;
    t->n--;
    destroy(g, texts);
}

void group_sweep(struct group_table *t, bool (*idle)(void *user, const struct group *), void *user,
                 struct shared_table *texts)
{
    /* In place: what stays is put again, from an empty slot on, so that every run is rebuilt in its order. */
    size_t mask = t->room - 1, first = 0;
    while (first < t->room && t->slot[first])
        first++;
    for (size_t k = 1; k <= t->room; k++) {
        size_t i = (first + k) & mask;
        struct group *g = t->slot[i];
        if (!g)
            continue;
        t->slot[i] = NULL;
        if (idle(user, g)) {
            t->n--;
            destroy(g, texts);
        } else {
            put(t->slot, t->room, g);
        }
    }
}

void group_table_free(struct group_table *t, struct shared_table *texts)
{
    for (size_t i = 0; i < t->room; i++)
        if (t->slot[i])
            destroy(t->slot[i], texts);
    free(t->slot);
    *t = (struct group_table){0};
}

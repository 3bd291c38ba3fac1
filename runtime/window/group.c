/*
 * group.c - see group.h.
 */
#include "group.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD = 2 * TAGGED_STEP }; /* slots */

_Static_assert(sizeof(struct group) == 64, "a line of the cache");

/* ---- events ---- */

static struct entry *at(struct group *g, size_t i)
{
    size_t mask = ((size_t)1 << g->room) - 1;
    return g->room > 0 ? &g->event.ring[(g->first + i) & mask] : &g->event.one;
}

const struct entry *group_entry(const struct group *g, size_t i)
{
    size_t mask = ((size_t)1 << g->room) - 1;
    return g->room > 0 ? &g->event.ring[(g->first + i) & mask] : &g->event.one;
}

/* What its pieces take besides a text's: two tables' slots, in which a third is empty; a timer's place. */
enum { SLOTS = 40, TIMER = 16 };

static size_t ring_bytes(const struct group *g)
{
    return g->room > 0 ? sizeof *g->event.ring << g->room : 0;
}

static size_t state_bytes(const struct state *s)
{
    size_t bytes = s ? sizeof *s + TIMER : 0;
    return s && s->detail ? bytes + sizeof *s->detail + shared_size(s->detail->fields) : bytes;
}

size_t group_bytes(const struct group *g)
{
    size_t bytes = sizeof *g + SLOTS + shared_size(g->key) + ring_bytes(g) + state_bytes(g->state);
    for (size_t i = 0; i < g->n; i++)
        bytes += shared_size(group_entry(g, i)->breakdown) + shared_size(group_entry(g, i)->event_id);
    return bytes;
}

void group_settle(struct group_table *t, struct group *g)
{
    if (g->settled)
        return;
    g->settled = true;
    t->settled++;
    t->bytes += group_bytes(g);
}

/* The group takes so much more, and less. */
static void account(struct group_table *t, const struct group *g, size_t more, size_t less)
{
    if (g->settled)
        t->bytes += more - less;
}

static void drop_text(struct group_table *t, const struct group *g, struct shared *text)
{
    account(t, g, 0, shared_size(text));
    shared_drop(t->texts, text);
}

static void drop_oldest(struct group_table *t, struct group *g)
{
    struct entry *e = at(g, 0);
    drop_text(t, g, e->breakdown);
    drop_text(t, g, e->event_id);
    g->first = (uint32_t)((g->first + 1) & (((size_t)1 << g->room) - 1));
    g->n--;
}

/* Moves the events to a ring of another size, 2^room ≥ n. */
static bool resize(struct group_table *t, struct group *g, uint8_t room)
{
    struct entry one, *ring = &one;
    size_t before = ring_bytes(g);
    if (room > 0 && !(ring = slab_take(&t->texts->slab, sizeof *ring << room)))
        return false;
    for (size_t i = 0; i < g->n; i++)
        ring[i] = *at(g, i);
    if (g->room > 0)
        slab_give(&t->texts->slab, g->event.ring, before);
    if (room > 0)
        g->event.ring = ring;
    else if (g->n > 0)
        g->event.one = one;
    g->room = room;
    g->first = 0;
    account(t, g, ring_bytes(g), before);
    return true;
}

/* The oldest makes room, though windows may hold it. */
static bool overflow(struct group_table *t, struct group *g)
{
    struct state *s = group_wake(t, g);
    if (!s)
        return false;
    s->dropped = at(g, 0)->time;
    drop_oldest(t, g);
    return true;
}

bool group_add(struct group_table *t, struct group *g, const struct rule *rule, const struct entry *e)
{
    group_settle(t, g);
    group_prune(t, g, rule, e->time);
    if (g->n == rule->keep) {
        if (!overflow(t, g))
            return false;
    } else if (g->n == (size_t)1 << g->room && !resize(t, g, (uint8_t)(g->room + 1))) {
        return false;
    }
    g->n++;
    *at(g, g->n - 1) = *e;
    g->last = e->time;
    account(t, g, shared_size(e->breakdown) + shared_size(e->event_id), 0);
    if (g->n > RULE_EVENT_IDS) {
        struct entry *old = at(g, g->n - 1 - RULE_EVENT_IDS);
        drop_text(t, g, old->event_id);
        old->event_id = NULL;
    }
    return true;
}

void group_prune(struct group_table *t, struct group *g, const struct rule *rule, int64_t now)
{
    int64_t horizon = trail_time_add(now, -rule->longest);
    while (g->n > 0 && at(g, 0)->time <= horizon)
        drop_oldest(t, g);
    if (g->room > 4 && g->n < (size_t)1 << (g->room - 2))
        resize(t, g, (uint8_t)(g->room - 1)); /* a failure costs nothing but room */
}

size_t group_count(const struct group *g, int64_t t, int64_t span)
{
    int64_t from = trail_time_add(t, -span);
    size_t low = 0, high = g->n; /* the first event after `from` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (group_entry(g, middle)->time <= from)
            low = middle + 1;
        else
            high = middle;
    }
    return g->n - low;
}

bool group_has_more(const struct group *g, int64_t t, int64_t span)
{
    int64_t dropped = group_state(g)->dropped;
    return dropped != TRAIL_NO_TIME && dropped > trail_time_add(t, -span);
}

/* ---- what is not quiet ---- */

#define QUIET                                                                   \
    {                                                                           \
        .said = TRAIL_NO_TIME, .start = TRAIL_NO_TIME, .dropped = TRAIL_NO_TIME \
    }

const struct state *group_state(const struct group *g)
{
    static const struct state quiet = QUIET;
    return g->state ? g->state : &quiet;
}

struct state *group_wake(struct group_table *t, struct group *g)
{
    if (!g->state && (g->state = slab_take(&t->texts->slab, sizeof *g->state))) {
        *g->state = (struct state)QUIET;
        account(t, g, state_bytes(g->state), 0);
    }
    return g->state;
}

void group_rest(struct group_table *t, struct group *g)
{
    const struct state *s = g->state;
    if (!s || s->timer_at > 0 || s->said != TRAIL_NO_TIME || s->start != TRAIL_NO_TIME || s->detail ||
        s->open > 0 || s->firing || s->fixed || (s->dropped != TRAIL_NO_TIME && g->n > 0))
        return;
    account(t, g, 0, state_bytes(s));
    slab_give(&t->texts->slab, g->state, sizeof *g->state);
    g->state = NULL;
}

bool group_show(struct group_table *t, struct group *g, struct shared *fields,
                const struct trail_source *source)
{
    struct state *s = group_wake(t, g);
    if (!s)
        return false;
    group_hide(t, g);
    struct detail *detail = slab_take(&t->texts->slab, sizeof *detail);
    if (!detail)
        return false;
    *detail = (struct detail){shared_hold(fields), *source};
    size_t before = state_bytes(s);
    s->detail = detail;
    account(t, g, state_bytes(s), before);
    return true;
}

void group_hide(struct group_table *t, struct group *g)
{
    struct state *s = g->state;
    if (!s || !s->detail)
        return;
    drop_text(t, g, s->detail->fields);
    account(t, g, 0, sizeof *s->detail);
    slab_give(&t->texts->slab, s->detail, sizeof *s->detail);
    s->detail = NULL;
}

/* ---- the table ---- */

/* The key's own is keyed; rules only move it. */
static uint32_t hash_of(size_t rule, const struct shared *key)
{
    return key->hash + (uint32_t)rule * UINT32_C(0x9e3779b1);
}

struct group *group_find(const struct group_table *t, size_t rule, const struct shared *key)
{
    const struct tagged_table *slots = &t->slots;
    if (slots->end == 0)
        return NULL;
    uint32_t hash = hash_of(rule, key);
    for (size_t i = tagged_home(slots, hash);; i = tagged_next(slots, i)) {
        i = tagged_find(slots, i, hash);
        struct group *g = untag(tagged_at(slots, i));
        if (!g || (g->key == key && g->rule == rule))
            return g;
    }
}

void group_fetch(const struct group_table *t, size_t rule, const struct shared *key)
{
    tagged_fetch(&t->slots, hash_of(rule, key));
}

struct group *group_create(struct group_table *t, size_t rule, struct shared *key)
{
    struct group *g = tagged_reserve(&t->slots) ? slab_take(&t->texts->slab, sizeof *g) : NULL;
    if (!g)
        return NULL;
    *g = (struct group){.key = shared_hold(key), .rule = (uint32_t)rule, .last = TRAIL_NO_TIME};
    tagged_put(&t->slots, g, hash_of(rule, key));
    return g;
}

static void destroy(struct group_table *t, struct group *g)
{
    while (g->n > 0)
        drop_oldest(t, g);
    group_hide(t, g);
    account(t, g, 0, group_bytes(g));
    t->settled -= g->settled;
    if (g->room > 0)
        slab_give(&t->texts->slab, g->event.ring, ring_bytes(g));
    slab_give(&t->texts->slab, g->state, sizeof *g->state);
    shared_drop(t->texts, g->key);
    slab_give(&t->texts->slab, g, sizeof *g);
}

void group_remove(struct group_table *t, struct group *g)
{
    size_t i = tagged_home(&t->slots, hash_of(g->rule, g->key));
    while (untag(tagged_at(&t->slots, i)) != g)
        i = tagged_next(&t->slots, i);
    tagged_remove(&t->slots, i);
    destroy(t, g);
}

/* What lies in slot i, or NULL. Slots are in no order of the groups, which had better come from memory
 * beforehand. */
static struct group *walk(const struct tagged_table *t, size_t i)
{
    if (i % TAGGED_STEP >= TAGGED_SLOTS)
        return NULL;
    __builtin_prefetch(untag(tagged_at(t, (i + AHEAD) & (t->end - 1))));
    return untag(tagged_at(t, i));
}

void group_sweep(struct group_table *t, bool (*idle)(void *user, const struct group *), void *user)
{
    for (size_t i = 0; i < t->slots.end; i++) {
        struct group *g;
        while ((g = walk(&t->slots, i)) && idle(user, g)) {
            tagged_remove(&t->slots, i); /* another may lie in it now */
            destroy(t, g);
        }
    }
}

void group_each(const struct group_table *t, void (*fn)(void *user, struct group *), void *user)
{
    for (size_t i = 0; i < t->slots.end; i++) {
        struct group *g = walk(&t->slots, i);
        if (g)
            fn(user, g);
    }
}

void group_table_free(struct group_table *t)
{
    tagged_free(&t->slots);
    *t = (struct group_table){0};
}

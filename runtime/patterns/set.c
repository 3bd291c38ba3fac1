/*
 * set.c - a table of patterns by their text, and one of the values of their fields, which counts shapes.
 *
 * Both are open-addressed, by hashes with a key of the process's own.
 */
#include "set.h"

#include <stdlib.h>
#include <string.h>

#include "window/siphash.h"

/* The values of fields that patterns share. */
struct family {
    uint64_t hash;
    uint32_t first; /* a pattern that has them */
    uint32_t shapes;
};

/* Places + 1 of a list; 0: free. */
struct table {
    uint32_t *slots;
    size_t room; /* a power of two */
};

struct set {
    struct siphash_key key;
    size_t max, n, n_families;
    struct set_pattern *patterns;
    struct family *families;
    size_t room, family_room;
    struct table by_text, by_fields;
    uint64_t events, left_out;
    size_t examples; /* bytes */
};

struct set *set_new(size_t max)
{
    struct set *s = calloc(1, sizeof *s);
    if (s) {
        s->key = siphash_random();
        s->max = max;
    }
    return s;
}

void set_free(struct set *s)
{
    for (size_t i = 0; s && i < s->n; i++) {
        free(s->patterns[i].text);
        free(s->patterns[i].path);
        free(s->patterns[i].event);
    }
    if (s) {
        free(s->patterns);
        free(s->families);
        free(s->by_text.slots);
        free(s->by_fields.slots);
    }
    free(s);
}

uint64_t set_hash(const struct set *s, struct trail_slice text)
{
    return siphash(&s->key, text.p, text.n);
}

/* ---- tables ------------------------------------------------------------------------------- */

static uint64_t hash_of(const struct set *s, const struct table *t, size_t i)
{
    return t == &s->by_text ? s->patterns[i].hash : s->families[i].hash;
}

static struct trail_slice text_of(const struct set *s, const struct table *t, size_t i)
{
    if (t == &s->by_text)
        return (struct trail_slice){s->patterns[i].text, s->patterns[i].n_text};
    const struct set_pattern *p = &s->patterns[s->families[i].first];
    return (struct trail_slice){p->text, p->n_fields};
}

/* The slot of a text, or the free one where it belongs. The table has one. */
static size_t slot_of(const struct set *s, const struct table *t, struct trail_slice text, uint64_t hash)
{
    size_t at = (size_t)hash & (t->room - 1);
    for (; t->slots[at]; at = (at + 1) & (t->room - 1)) {
        size_t i = t->slots[at] - 1;
        struct trail_slice other = text_of(s, t, i);
        if (hash_of(s, t, i) == hash && other.n == text.n && memcmp(other.p, text.p, text.n) == 0)
            break;
    }
    return at;
}

/* Room for one more than n. False: no memory. */
static bool grow_table(const struct set *s, struct table *t, size_t n)
{
    if (t->room > 0 && (n + 1) * 2 <= t->room)
        return true;
    struct table grown = {.room = t->room ? t->room * 2 : 64};
    grown.slots = calloc(grown.room, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)hash_of(s, t, i) & (grown.room - 1);
        while (grown.slots[at])
            at = (at + 1) & (grown.room - 1);
        grown.slots[at] = (uint32_t)i + 1;
    }
    free(t->slots);
    *t = grown;
    return true;
}

static void *grow_list(void *list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return list;
    size_t wanted = *room ? *room * 2 : 64;
    void *grown = realloc(list, wanted * size);
    if (grown)
        *room = wanted;
    return grown;
}

/* Room for one pattern and one family more. */
static bool make_room(struct set *s)
{
    void *patterns = grow_list(s->patterns, s->n, &s->room, sizeof *s->patterns);
    if (patterns)
        s->patterns = patterns;
    void *families = grow_list(s->families, s->n_families, &s->family_room, sizeof *s->families);
    if (families)
        s->families = families;
    return patterns && families && grow_table(s, &s->by_text, s->n) &&
           grow_table(s, &s->by_fields, s->n_families);
}

/* ---- adding ------------------------------------------------------------------------------- */

static char *copy(const char *p, size_t n)
{
    char *to = malloc(n + 1);
    if (to) {
        memcpy(to, p, n);
        to[n] = 0;
    }
    return to;
}

/* The slot of the family; it is new where the slot is 0. */
static size_t family_slot(struct set *s, struct trail_slice fields, uint64_t hash)
{
    return slot_of(s, &s->by_fields, fields, hash);
}

enum outcome { FOUND, NO_ROOM, NO_MEMORY };

/* A new pattern, in the table's free slot. */
static enum outcome insert(struct set *s, const struct set_event *e, struct set_pattern **to)
{
    const struct trail_slice fields = {e->text.p, e->n_fields};
    struct set_pattern p = {.text = copy(e->text.p, e->text.n),
                            .n_text = e->text.n,
                            .n_fields = e->n_fields,
                            .hash = e->hash,
                            .first = TRAIL_NO_TIME,
                            .last = TRAIL_NO_TIME,
                            .path = e->path ? copy(e->path, strlen(e->path)) : NULL,
                            .record = e->record};
    if (!p.text || (e->path && !p.path)) {
        free(p.text);
        free(p.path);
        return NO_MEMORY;
    }
    if (e->event.n && e->event.n <= SET_EXAMPLE && s->examples + e->event.n <= SET_EXAMPLES &&
        (p.event = copy(e->event.p, e->event.n)))
        s->examples += e->event.n;
    uint64_t hash = set_hash(s, fields);
    size_t at = family_slot(s, fields, hash);
    if (!s->by_fields.slots[at]) {
        s->families[s->n_families] = (struct family){hash, (uint32_t)s->n, 0};
        s->by_fields.slots[at] = (uint32_t)++s->n_families;
    }
    s->families[s->by_fields.slots[at] - 1].shapes++;
    s->by_text.slots[slot_of(s, &s->by_text, e->text, e->hash)] = (uint32_t)s->n + 1;
    s->patterns[s->n] = p;
    *to = &s->patterns[s->n++];
    return FOUND;
}

/* Whether the values of these fields have as many shapes as they may. */
static bool has_enough(struct set *s, struct trail_slice fields)
{
    size_t at = family_slot(s, fields, set_hash(s, fields));
    return s->by_fields.slots[at] && s->families[s->by_fields.slots[at] - 1].shapes >= SET_SHAPES;
}

/* The event's pattern; a new one, if there is room. */
static enum outcome find(struct set *s, const struct set_event *e, struct set_pattern **to)
{
    if (!make_room(s))
        return NO_MEMORY;
    uint32_t slot = s->by_text.slots[slot_of(s, &s->by_text, e->text, e->hash)];
    if (slot) {
        *to = &s->patterns[slot - 1];
        return FOUND;
    }
    const struct trail_slice fields = {e->text.p, e->n_fields};
    if (!has_enough(s, fields))
        return s->n < s->max ? insert(s, e, to) : NO_ROOM;
    struct trail_text others = {0};
    struct set_event other = *e;
    pattern_add_others(&others, fields);
    enum outcome found = NO_MEMORY;
    if (!others.failed) {
        other.text = (struct trail_slice){others.p, others.n};
        other.hash = set_hash(s, other.text);
        slot = s->by_text.slots[slot_of(s, &s->by_text, other.text, other.hash)];
        if (slot)
            *to = &s->patterns[slot - 1];
        found = slot ? FOUND : s->n < s->max ? insert(s, &other, to) : NO_ROOM;
    }
    trail_text_free(&others);
    return found;
}

static void note_times(struct set_pattern *p, int64_t first, int64_t last)
{
    if (first != TRAIL_NO_TIME && (p->first == TRAIL_NO_TIME || first < p->first))
        p->first = first;
    if (last != TRAIL_NO_TIME && (p->last == TRAIL_NO_TIME || last > p->last))
        p->last = last;
}

static void add_hit(struct set_pattern *p, size_t alert)
{
    for (unsigned i = 0; i < p->n_alerts; i++) {
        if (p->alerts[i].alert == alert) {
            p->alerts[i].hits++;
            return;
        }
    }
    if (p->n_alerts < SET_ALERTS)
        p->alerts[p->n_alerts++] = (struct set_alert){alert, 1};
    else
        p->more_alerts = true;
}

bool set_add(struct set *s, const struct set_event *e)
{
    struct set_pattern *p = NULL;
    enum outcome found = find(s, e, &p);
    if (found == NO_MEMORY)
        return false;
    s->events++;
    if (found == NO_ROOM) {
        s->left_out++;
        return true;
    }
    p->count++;
    note_times(p, e->time, e->time);
    p->covered += e->n_hits > 0;
    p->more_alerts |= e->more_hits;
    for (size_t i = 0; i < e->n_hits; i++)
        add_hit(p, e->hits[i]);
    return true;
}

bool set_merge(struct set *s, const struct set_pattern *other)
{
    struct set_pattern *p = NULL;
    struct set_event e = {.text = {other->text, other->n_text},
                          .n_fields = other->n_fields,
                          .path = other->path,
                          .record = other->record};
    e.hash = set_hash(s, e.text);
    enum outcome found = find(s, &e, &p);
    if (found != NO_MEMORY)
        s->events += other->count;
    if (found == NO_ROOM)
        s->left_out += other->count;
    if (found != FOUND)
        return found == NO_ROOM;
    p->count += other->count;
    p->covered += other->covered;
    note_times(p, other->first, other->last);
    return true;
}

/* ---- looking ------------------------------------------------------------------------------ */

const struct set_pattern *set_find(const struct set *s, struct trail_slice text)
{
    if (s->n == 0)
        return NULL;
    uint32_t slot = s->by_text.slots[slot_of(s, &s->by_text, text, set_hash(s, text))];
    return slot ? &s->patterns[slot - 1] : NULL;
}

size_t set_n(const struct set *s)
{
    return s->n;
}

const struct set_pattern *set_at(const struct set *s, size_t i)
{
    return &s->patterns[i];
}

uint64_t set_events(const struct set *s)
{
    return s->events;
}

uint64_t set_left_out(const struct set *s)
{
    return s->left_out;
}

struct ordering {
    const struct set *set;
    enum set_order order;
};

static int by_count(const void *a, const void *b, void *user)
{
    const struct ordering *o = user;
    const struct set_pattern *x = &o->set->patterns[*(const size_t *)a],
                             *y = &o->set->patterns[*(const size_t *)b];
    if (x->count != y->count && o->order != SET_BY_TEXT)
        return (x->count < y->count) == (o->order == SET_RARE) ? -1 : 1;
    size_t n = x->n_text < y->n_text ? x->n_text : y->n_text;
    int order = memcmp(x->text, y->text, n);
    return order ? order : (x->n_text > y->n_text) - (x->n_text < y->n_text);
}

size_t *set_order(const struct set *s, enum set_order by)
{
    size_t *order = malloc((s->n + 1) * sizeof *order);
    struct ordering o = {s, by};
    for (size_t i = 0; order && i < s->n; i++)
        order[i] = i;
    if (order)
        qsort_r(order, s->n, sizeof *order, by_count, &o);
    return order;
}

/*
 * baselines.c - a pack's baselines: a set for each condition, in it a baseline for each group.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"
#include "window/siphash.h"

/* Open addressing: numbers of groups + 1, 0 is free; under a key of the process's own, for whoever writes a log
 * chooses the groups. */
struct baseline_table {
    struct siphash_key key;
    size_t room; /* a power of 2, at least twice the groups */
    uint32_t *at;
};

struct baselines {
    struct coverage coverage;
    size_t n;
    struct baseline_set **sets;
};

struct baselines *baselines_new(void)
{
    return calloc(1, sizeof(struct baselines));
}

static void group_free(struct baseline_group *g)
{
    if (!g)
        return;
    baseline_free(&g->baseline);
    free(g);
}

static void set_free(struct baseline_set *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_groups; i++)
        group_free(s->groups[i]);
    free(s->groups);
    if (s->table)
        free(s->table->at);
    free(s->table);
    free(s->alert);
    free(s);
}

void baselines_free(struct baselines *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->n; i++)
        set_free(b->sets[i]);
    free(b->sets);
    coverage_free(&b->coverage);
    free(b);
}

struct coverage *baselines_coverage(struct baselines *b)
{
    return &b->coverage;
}

size_t baselines_count(const struct baselines *b)
{
    return b->n;
}

struct baseline_set *baselines_at(const struct baselines *b, size_t i)
{
    return b->sets[i];
}

/* ---- which set ---- */

static void hash_text(struct siphash *h, const char *p, size_t n)
{
    uint64_t length = n;
    siphash_add(h, &length, sizeof length);
    siphash_add(h, p, n);
}

static void hash_labels(struct siphash *h, const struct trail_labels *labels)
{
    for (size_t i = 0; i < labels->n; i++) {
        hash_text(h, labels->patterns[i].exclude ? "-" : "+", 1);
        hash_text(h, labels->patterns[i].pattern.p, labels->patterns[i].pattern.n);
    }
    hash_text(h, "", 0);
}

void baselines_subject(const struct trail_pack *pack, const struct trail_alert *alert, unsigned condition,
                       char to[33])
{
    const struct trail_condition *c = &alert->conditions[condition];
    char counted[64];
    uint64_t out[2];
    struct siphash h;
    siphash128_start(&h, &SIPHASH_FIXED);
    hash_text(&h, alert->filter, strlen(alert->filter));
    for (size_t i = 0; i < alert->group_by.n; i++) {
        const char *field = pack->fields[alert->group_by.ids[i]];
        hash_text(&h, field, strlen(field));
    }
    hash_text(&h, "", 0);
    hash_labels(&h, &alert->applications);
    hash_labels(&h, &alert->subsystems);
    snprintf(counted, sizeof counted, "%s %" PRId64, baseline_side(c) == BASELINE_MORE ? "more" : "less",
             c->span);
    hash_text(&h, counted, strlen(counted));
    siphash128_end(&h, out);
    snprintf(to, 33, "%016" PRIx64 "%016" PRIx64, out[0], out[1]);
}

static struct baseline_set *find(const struct baselines *b, const char *alert, const char *subject)
{
    for (size_t i = 0; i < b->n; i++)
        if (strcmp(b->sets[i]->alert, alert) == 0 && strcmp(b->sets[i]->subject, subject) == 0)
            return b->sets[i];
    return NULL;
}

struct baseline_set *baselines_find(const struct baselines *b, const struct trail_pack *pack,
                                    const struct trail_alert *alert, unsigned condition)
{
    char subject[33];
    baselines_subject(pack, alert, condition, subject);
    return find(b, alert->id, subject);
}

struct baseline_set *baselines_add_set(struct baselines *b, const char *alert, const char *subject)
{
    struct baseline_set *s = calloc(1, sizeof *s);
    struct baseline_set **sets = realloc(b->sets, (b->n + 1) * sizeof *sets);
    if (sets)
        b->sets = sets;
    if (s) {
        s->alert = strdup(alert);
        snprintf(s->subject, sizeof s->subject, "%s", subject);
        s->table = calloc(1, sizeof *s->table);
        if (s->table)
            s->table->key = siphash_random();
    }
    if (!s || !sets || !s->alert || !s->table) {
        set_free(s);
        return NULL;
    }
    return b->sets[b->n++] = s;
}

struct baseline_set *baselines_make(struct baselines *b, const struct trail_pack *pack,
                                    const struct trail_alert *alert, unsigned condition)
{
    char subject[33];
    baselines_subject(pack, alert, condition, subject);
    struct baseline_set *s = find(b, alert->id, subject);
    if (s || !(s = baselines_add_set(b, alert->id, subject)))
        return s;
    s->condition = condition;
    s->span = alert->conditions[condition].span;
    s->side = baseline_side(&alert->conditions[condition]);
    return s;
}

/* ---- groups ---- */

/* Where the key's number stands, or is to. */
static uint32_t *place(const struct baseline_set *s, struct trail_slice key)
{
    const struct baseline_table *t = s->table;
    size_t i = siphash(&t->key, key.p, key.n) & (t->room - 1);
    for (;; i = (i + 1) & (t->room - 1)) {
        if (t->at[i] == 0)
            return &t->at[i];
        struct trail_slice k = s->groups[t->at[i] - 1]->key;
        if (k.n == key.n && memcmp(k.p, key.p, k.n) == 0)
            return &t->at[i];
    }
}

static void fill(struct baseline_set *s)
{
    memset(s->table->at, 0, s->table->room * sizeof *s->table->at);
    for (size_t i = 0; i < s->n_groups; i++)
        *place(s, s->groups[i]->key) = (uint32_t)i + 1;
}

static bool grow(struct baseline_set *s)
{
    struct baseline_table *t = s->table;
    size_t room = t->room ? 2 * t->room : 16;
    uint32_t *at = s->n_groups < UINT32_MAX / 4 ? malloc(room * sizeof *at) : NULL;
    struct baseline_group **groups = at ? realloc(s->groups, room / 2 * sizeof *groups) : NULL;
    if (!groups) {
        free(at);
        return false;
    }
    free(t->at);
    t->at = at;
    t->room = room;
    s->groups = groups;
    fill(s);
    return true;
}

struct baseline_group *baseline_group_find(const struct baseline_set *s, struct trail_slice key)
{
    uint32_t at = s->table->room ? *place(s, key) : 0;
    return at ? s->groups[at - 1] : NULL;
}

struct baseline_group *baseline_group_make(struct baseline_set *s, struct trail_slice key)
{
    struct baseline_group *g = baseline_group_find(s, key);
    if (g || (2 * (s->n_groups + 1) > s->table->room && !grow(s)))
        return g;
    g = calloc(1, sizeof *g + key.n + 1);
    if (!g)
        return NULL;
    char *text = (char *)(g + 1);
    memcpy(text, key.p, key.n);
    g->key = (struct trail_slice){text, key.n};
    *place(s, key) = (uint32_t)s->n_groups + 1;
    return s->groups[s->n_groups++] = g;
}

static int by_key(const struct baseline_group *a, const struct baseline_group *b)
{
    int c = memcmp(a->key.p, b->key.p, a->key.n < b->key.n ? a->key.n : b->key.n);
    return c ? c : (a->key.n > b->key.n) - (a->key.n < b->key.n);
}

int baseline_groups_by_key(const void *a, const void *b)
{
    return by_key(*(struct baseline_group *const *)a, *(struct baseline_group *const *)b);
}

static int by_samples(const void *a, const void *b)
{
    const struct baseline_group *x = *(struct baseline_group *const *)a,
                                *y = *(struct baseline_group *const *)b;
    if (x->baseline.samples != y->baseline.samples)
        return x->baseline.samples > y->baseline.samples ? -1 : 1;
    return by_key(x, y);
}

void baseline_set_limit(struct baseline_set *s, size_t most)
{
    if (s->n_groups <= most)
        return;
    qsort(s->groups, s->n_groups, sizeof *s->groups, by_samples);
    for (size_t i = most; i < s->n_groups; i++)
        group_free(s->groups[i]);
    s->dropped += s->n_groups - most;
    s->n_groups = most;
    fill(s);
}

static bool merge_set(struct baseline_set *to, const struct baseline_set *from)
{
    for (size_t i = 0; i < from->n_groups; i++) {
        struct baseline_group *g = baseline_group_make(to, from->groups[i]->key);
        if (!g || !baseline_merge(&g->baseline, &from->groups[i]->baseline))
            return false;
    }
    to->dropped += from->dropped;
    return true;
}

bool baselines_merge(struct baselines *to, const struct baselines *from)
{
    for (size_t i = 0; i < from->coverage.n; i++)
        if (!coverage_add(&to->coverage, from->coverage.list[i].from, from->coverage.list[i].to))
            return false;
    for (size_t i = 0; i < from->n; i++) {
        const struct baseline_set *x = from->sets[i];
        struct baseline_set *s = find(to, x->alert, x->subject);
        if (!s && (s = baselines_add_set(to, x->alert, x->subject))) {
            s->condition = x->condition;
            s->span = x->span;
            s->side = x->side;
        }
        if (!s || !merge_set(s, x))
            return false;
    }
    return true;
}

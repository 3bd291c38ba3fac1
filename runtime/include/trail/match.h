/*
 * match.h - matching one record: what generated code is made of, and the walker that drives it.
 *
 * A compiled pack sees a record as a tree of *places*: the paths that its filters ask about. It
 * gives the walker switches (which place does this key lead to, which tests does a value at this place run)
 * and constants; the walker goes over the bytes once:
 *
 *   1. The root's keys: the values of those that the pack knows are remembered as spans, all others skipped.
 *   2. The discriminators' values are walked, where it is known which alerts are possible only theirs. A test
 *   that
 *      holds makes its alerts candidates. Most records have none and are left here.
 *   3. The spans that the candidates need are walked; a value runs its tests at once and sets bits.
 *   4. Each candidate's filter, a Boolean function of the bits, decides.
 *
 * A record whose root has a key twice, a key with a dot or a key with an escape is walked as a whole
 * instead: slower, the same verdict.
 *
 * Nothing here allocates, and nothing reads past the record's end (TRAIL_PADDING behind it stays unread).
 */
#ifndef TRAIL_MATCH_H
#define TRAIL_MATCH_H

#include "index.h"
#include "json.h"
#include "kernel.h"
#include "literals.h"
#include "pack.h"
#include "text.h"
#include "value.h"

/* The state of matching; one for each thread. */
struct trail_match {
    const struct trail_index *index; /* in: of the record's members, a plain one; NULL: none */
    const uint64_t *wanted;          /* in: a bit for each alert that the input's labels allow; NULL: all */
    const uint64_t *possible;        /* in: of those, the ones that the record may meet; NULL: any */
    uint64_t *hits;                  /* out: a bit for each alert whose filter the record meets */
    struct trail_slice time;         /* out: the raw JSON value of the time field; n 0: none */
    /* work space */
    size_t test_words, alert_words;
    uint64_t *tests, *candidates;
    char *key_space, *value_space; /* TRAIL_MAX_RECORD bytes each: where escapes are undone */
    /* fields_of: the fields that are wanted, a bit for each; NULL: all. Others may come as well. */
    const uint64_t *fields;
    /* fields_of: where its values go */
    trail_field_fn *field;
    void *field_user;
};

/* match.c of the runtime. NULL: no memory. */
struct trail_match *trail_match_new(const struct trail_pack *);
void trail_match_free(struct trail_match *);

/* A string, a number, true or false. (null is no value.) */
struct trail_value {
    const char *p; /* a string's inside, escapes undone; else as spelled */
    size_t n;
    bool string;
    struct trail_slice raw; /* as it stands in the record */
};

#define TRAIL_NOWHERE UINT32_MAX

/* How generated code looks at a tree of places. All functions are of the generated code and inlined. */
struct trail_visitor {
    uint32_t (*child)(uint32_t place, const char *key, size_t n);                    /* or TRAIL_NOWHERE */
    void (*value)(struct trail_match *, uint32_t place, const struct trail_value *); /* NULL: no tests */
    bool (*wants_whole)(uint32_t place); /* whether whole() is to be called for values here */
    void (*whole)(struct trail_match *, uint32_t place, struct trail_slice json,
                  bool element); /* element: of an array */
};

/* What the four steps need of a pack. */
struct trail_plan {
    size_t n_roots;                              /* root keys that the pack knows */
    uint32_t (*root)(const char *key, size_t n); /* number of a root key, or TRAIL_NOWHERE */
    const uint32_t *places;                      /* the place of each root key */
    size_t root_words;
    const uint64_t *first;      /* roots to walk in every record: time and discriminators */
    size_t time;                /* of those the time's */
    const uint64_t *needs;      /* root_words for each alert: the roots that its filter looks into */
    const uint64_t *residual;   /* alerts that are candidates in every record */
    const uint64_t *everything; /* alerts that ask about every value of the record */
    bool (*const *filters)(const uint64_t *tests); /* each alert's */
};

/* null, [] and {} are no values, so they have no JSON text either. */
TRAIL_INLINE bool trail_absent(struct trail_slice json)
{
    const char *end = json.p + json.n;
    return *json.p == 'n' || ((*json.p == '{' || *json.p == '[') && trail_space(json.p + 1, end) == end - 1);
}

/* A number, true or false as a token of the text view: as spelled, in lower case (1E5 has the only capital).
 */
TRAIL_INLINE const char *trail_scalar_token(struct trail_match *m, const struct trail_value *v)
{
    const char *e = memchr(v->p, 'E', v->n);
    if (!e)
        return v->p;
    memcpy(m->value_space, v->p, v->n);
    m->value_space[e - v->p] = 'e';
    return m->value_space;
}

TRAIL_INLINE void trail_set(uint64_t *bits, size_t i)
{
    bits[i / 64] |= (uint64_t)1 << (i % 64);
}

TRAIL_INLINE bool trail_get(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

/* ---- the walker ------------------------------------------------------------------------------ */

TRAIL_INLINE uint32_t trail_child(struct trail_match *m, const struct trail_visitor *v, uint32_t place,
                                  const char *key, size_t n, bool escaped)
{
    if (escaped) {
        n = trail_json_unescape(m->key_space, key, n);
        key = m->key_space;
    }
    if (!memchr(key, '.', n))
        return v->child(place, key, n);
    /* A key with dots reads the same as nested keys. */
    for (const char *end = key + n;;) {
        const char *dot = memchr(key, '.', (size_t)(end - key));
        place = v->child(place, key, (size_t)((dot ? dot : end) - key));
        if (place == TRAIL_NOWHERE || !dot)
            return place;
        key = dot + 1;
    }
}

/* p is at a string, number, true, false or null: runs its tests; behind it, or NULL. */
TRAIL_INLINE const char *trail_leaf(struct trail_match *m, const struct trail_visitor *v, uint32_t place,
                                    const char *p, const char *end)
{
    struct trail_value value = {.p = p};
    if (!v->value)
        return trail_value_end(p, end);
    if (*p == '"') {
        bool escaped;
        const char *to = trail_string_end(p + 1, end, &escaped);
        if (!to)
            return NULL;
        value = (struct trail_value){p + 1, (size_t)(to - p - 1), true, {p, (size_t)(to + 1 - p)}};
        if (escaped) {
            value.n = trail_json_unescape(m->value_space, value.p, value.n);
            value.p = m->value_space;
        }
        v->value(m, place, &value);
        return to + 1;
    }
    const char *to = trail_scalar_end(p, end);
    if (to == p)
        return NULL;
    value.n = (size_t)(to - p);
    value.raw = (struct trail_slice){p, value.n};
    if (*p != 'n')
        v->value(m, place, &value);
    return to;
}

/* p itself where the whole is not wanted; else behind the value, or NULL. */
TRAIL_INLINE const char *trail_whole(struct trail_match *m, const struct trail_visitor *v, uint32_t place,
                                     const char *p, const char *end, bool element)
{
    if (!v->wants_whole(place))
        return p;
    const char *to = trail_value_end(p, end);
    if (to)
        v->whole(m, place, (struct trail_slice){p, (size_t)(to - p)}, element);
    return to;
}

/*
 * Walks the value at p as one of `place`. Returns the byte behind it, or NULL when it is not JSON or nested
 * too deep; what was seen until then has been tested. The stack is fixed: no input makes it grow.
 */
TRAIL_INLINE const char *trail_walk(struct trail_match *m, const struct trail_visitor *v, uint32_t place,
                                    const char *p, const char *end)
{
    struct {
        uint32_t place;
        bool object;
    } stack[TRAIL_MAX_DEPTH];
    size_t depth = 0;
    const char *whole = p;

value:
    if (p >= end)
        return NULL;
    if (*p == '{' || *p == '[') {
        if (depth == TRAIL_MAX_DEPTH)
            return NULL;
        stack[depth].place = place;
        stack[depth++].object = *p == '{';
        p = trail_space(p + 1, end);
        if (p < end && (*p == '}' || *p == ']'))
            goto close;
        goto next;
    }
    p = !v->value && whole > p ? whole : trail_leaf(m, v, place, p, end);
    if (!p)
        return NULL;

after:
    if (depth == 0)
        return p;
    p = trail_space(p, end);
    if (p >= end)
        return NULL;
    if (*p == '}' || *p == ']')
        goto close;
    if (*p != ',')
        return NULL;
    p = trail_space(p + 1, end);

next:
    if (p >= end)
        return NULL;
    place = stack[depth - 1].place;
    if (stack[depth - 1].object) {
        bool escaped;
        const char *key = p + 1, *to = *p == '"' ? trail_string_end(key, end, &escaped) : NULL;
        if (!to)
            return NULL;
        place = trail_child(m, v, place, key, (size_t)(to - key), escaped);
        p = trail_space(to + 1, end);
        if (p >= end || *p != ':')
            return NULL;
        p = trail_space(p + 1, end);
        if (place == TRAIL_NOWHERE) {
            p = trail_value_end(p, end);
            if (!p)
                return NULL;
            goto after;
        }
    }
    whole = trail_whole(m, v, place, p, end, !stack[depth - 1].object);
    if (!whole)
        return NULL;
    goto value;

close:
    if ((*p == '}') != stack[--depth].object)
        return NULL;
    p++;
    goto after;
}

/* ---- the steps --------------------------------------------------------------------------------- */

struct trail_span {
    const char *p, *end;
};

/* The value of the index's key i. No byte but those around it is looked at. */
TRAIL_INLINE struct trail_span trail_index_value(const char *p, const struct trail_index *x, unsigned i)
{
    const char *next = p + (i + 1 < x->n ? x->keys[2 * i + 2] : x->size);
    const char *colon = trail_space(p + x->keys[2 * i + 1] + 1, next), *from = trail_space(colon + 1, next);
    const char *comma = trail_space_back(next, from) - 1; /* or the object's brace */
    return (struct trail_span){from, trail_space_back(comma, from)};
}

/* The same by the index that the check has made. */
TRAIL_INLINE bool trail_index_root(const struct trail_plan *plan, const char *p, const struct trail_index *x,
                                   struct trail_span *spans)
{
    for (unsigned i = 0; i < x->n; i++) {
        const char *key = p + x->keys[2 * i] + 1, *to = p + x->keys[2 * i + 1];
        uint32_t root = plan->root(key, (size_t)(to - key));
        if (root == TRAIL_NOWHERE)
            continue;
        if (spans[root].p)
            return false;
        spans[root] = trail_index_value(p, x, i);
    }
    return true;
}

/* Remembers the root's values. False: the record is not plain (or not JSON) and must be walked as a whole. */
TRAIL_INLINE bool trail_scan_root(const struct trail_plan *plan, const char *p, const char *end,
                                  struct trail_span *spans)
{
    p = trail_space(p, end);
    if (p >= end || *p != '{')
        return false;
    p = trail_space(p + 1, end);
    if (p < end && *p == '}')
        return true;
    for (;;) {
        bool escaped;
        if (p >= end || *p != '"')
            return false;
        const char *key = p + 1, *to = trail_string_end(key, end, &escaped);
        if (!to || escaped)
            return false;
        uint32_t root = plan->root(key, (size_t)(to - key));
        if (root == TRAIL_NOWHERE && memchr(key, '.', (size_t)(to - key)))
            return false;
        p = trail_space(to + 1, end);
        if (p >= end || *p != ':')
            return false;
        p = trail_space(p + 1, end);
        const char *from = p;
        p = trail_value_end(p, end);
        if (!p)
            return false;
        if (root != TRAIL_NOWHERE) {
            if (spans[root].p)
                return false;
            spans[root] = (struct trail_span){from, p};
        }
        p = trail_space(p, end);
        if (p >= end || (*p != ',' && *p != '}'))
            return false;
        if (*p == '}')
            return true;
        p = trail_space(p + 1, end);
    }
}

/* Walks the roots in `roots`, and forgets where they are. A value ends by itself: `end` is the record's, so
 * that vectors need not stop short of what follows. */
TRAIL_INLINE void trail_walk_roots(struct trail_match *m, const struct trail_visitor *v,
                                   const struct trail_plan *plan, struct trail_span *spans,
                                   const uint64_t *roots, const char *end)
{
    for (size_t w = 0; w < plan->root_words; w++) {
        for (uint64_t bits = roots[w]; bits; bits &= bits - 1) {
            size_t root = w * 64 + (size_t)__builtin_ctzll(bits);
            uint32_t place = plan->places[root];
            if (spans[root].p && trail_whole(m, v, place, spans[root].p, end, false))
                trail_walk(m, v, place, spans[root].p, end);
            spans[root].p = NULL;
        }
    }
}

/* The roots that some of the alerts look into. */
TRAIL_INLINE void trail_needs(const struct trail_match *m, const struct trail_plan *plan,
                              const uint64_t *alerts, uint64_t *needs)
{
    memset(needs, 0, plan->root_words * sizeof *needs);
    for (size_t w = 0; w < m->alert_words; w++)
        for (uint64_t bits = alerts[w]; bits; bits &= bits - 1)
            for (size_t i = 0, alert = w * 64 + (size_t)__builtin_ctzll(bits); i < plan->root_words; i++)
                needs[i] |= plan->needs[alert * plan->root_words + i];
}

/* Walks a record from its root; by the index, if there is one, only the values of keys that lead to something
 * wanted. */
TRAIL_INLINE void trail_walk_record(struct trail_match *m, const struct trail_visitor *v,
                                    bool (*leads)(const struct trail_match *, uint32_t place),
                                    const char *record, size_t n)
{
    const char *end = record + n;
    if (!m->index) {
        trail_walk(m, v, 0, trail_space(record, end), end);
        return;
    }
    for (unsigned i = 0; i < m->index->n; i++) {
        const char *key = record + m->index->keys[2 * i] + 1, *to = record + m->index->keys[2 * i + 1];
        uint32_t place = v->child(0, key, (size_t)(to - key));
        if (place == TRAIL_NOWHERE || !leads(m, place))
            continue;
        struct trail_span value = trail_index_value(record, m->index, i);
        if (v->wants_whole(place))
            v->whole(m, place, (struct trail_slice){value.p, (size_t)(value.end - value.p)}, false);
        if (v->value || *value.p == '{' || *value.p == '[')
            trail_walk(m, v, place, value.p, end);
    }
}

/* A word of bits: the alerts that are asked about. */
TRAIL_INLINE uint64_t trail_wanted(const struct trail_match *m, size_t word)
{
    return (m->wanted ? m->wanted[word] : UINT64_MAX) & (m->possible ? m->possible[word] : UINT64_MAX);
}

/* Whether the string, number or word at p, a value of the root, makes an alert that is wanted a candidate:
 * which ones is in m->candidates then. */
TRAIL_INLINE bool trail_ask_root(struct trail_match *m, const struct trail_visitor *v,
                                 const struct trail_plan *plan, uint32_t root, const char *p, const char *end)
{
    memset(m->candidates, 0, m->alert_words * sizeof *m->candidates);
    if (!trail_whole(m, v, plan->places[root], p, end, false) ||
        !trail_leaf(m, v, plan->places[root], p, end)) {
        memset(m->candidates, 0xFF, m->alert_words * sizeof *m->candidates);
        return true;
    }
    uint64_t any = 0;
    for (size_t w = 0; w < m->alert_words; w++)
        any |= m->candidates[w] & (m->wanted ? m->wanted[w] : UINT64_MAX);
    return any != 0;
}

/*
 * The whole match of one record; generated code wraps it with its own visitor and plan, as constants.
 * `spans` has plan->n_roots elements, `needs` plan->root_words.
 */
TRAIL_INLINE void trail_match_record(struct trail_match *m, const struct trail_visitor *v,
                                     const struct trail_plan *plan, const char *record, size_t n,
                                     struct trail_span *spans, uint64_t *needs)
{
    const char *end = record + n;
    m->time = (struct trail_slice){NULL, 0};
    memset(m->tests, 0, m->test_words * sizeof *m->tests);
    memset(m->hits, 0, m->alert_words * sizeof *m->hits);
    memcpy(m->candidates, plan->residual, m->alert_words * sizeof *m->candidates);
    if (n > TRAIL_MAX_RECORD)
        return;

    bool plain = m->index ? trail_index_root(plan, record, m->index, spans)
                          : trail_scan_root(plan, record, end, spans);
    const uint64_t *first = plan->first;
    if (m->possible) {
        trail_needs(m, plan, m->possible, needs);
        for (size_t i = 0; i < plan->root_words; i++)
            needs[i] &= plan->first[i];
        trail_set(needs, plan->time);
        first = needs;
    }
    if (plain)
        trail_walk_roots(m, v, plan, spans, first, end);
    else
        trail_walk(m, v, 0, trail_space(record, end), end);

    uint64_t everything = 0;
    for (size_t w = 0; w < m->alert_words; w++) {
        m->candidates[w] &= trail_wanted(m, w);
        everything |= m->candidates[w] & plan->everything[w];
    }

    if (plain && everything) {
        trail_walk(m, v, 0, trail_space(record, end), end);
    } else if (plain) {
        trail_needs(m, plan, m->candidates, needs);
        trail_walk_roots(m, v, plan, spans, needs, end);
    }
    for (size_t w = 0; w < m->alert_words; w++)
        for (uint64_t bits = m->candidates[w]; bits; bits &= bits - 1) {
            size_t alert = w * 64 + (size_t)__builtin_ctzll(bits);
            if (plan->filters[alert](m->tests))
                trail_set(m->hits, alert);
        }
}

#endif

/*
 * same.c - whether two sources say the same: the net under the formatter.
 *
 * Needs: two sources, read. Guarantees: true only if each document holds the same values in the same order,
 * but for keys that the tables know, whose order is free; filters of the same tree, conditions of the same
 * words; and the same comments, wherever they stand.
 */
#include <stdlib.h>

#include "format.h"

static bool same_value(struct compile *, const struct yaml *, const struct yaml *, const struct type *,
                       const struct shape *);

static bool same_text(struct compile *c, struct slice a, struct slice b, const struct type *type)
{
    if (is_filter(type))
        return filter_same(c, a, b);
    if (is_condition(type))
        return slice_eq(condition_spelled(c, a), condition_spelled(c, b));
    return slice_eq(a, b);
}

static bool same_key(const struct yaml *a, const struct yaml *b)
{
    return !a || (a->kind == b->kind && slice_eq(a->text.s, b->text.s));
}

/* The entry of b for the i-th of a, or NULL. Where the order is free, keys went as a few groups of neighbours: it is
 * mostly the one behind the last that was found, *next. */
static const struct yaml_entry *counterpart(const struct yaml *a, size_t i, const struct yaml *b,
                                            size_t *next)
{
    for (size_t k = 0; k < (next ? b->n : 1); k++) {
        size_t at = next ? (*next + k) % b->n : i;
        if (!same_key(a->entries[i].key, b->entries[at].key))
            continue;
        if (next)
            *next = at + 1;
        return &b->entries[at];
    }
    return NULL;
}

static bool same_entries(struct compile *c, const struct yaml *a, const struct yaml *b,
                         const struct type *type, const struct shape *shape)
{
    bool data = !type && !shape;
    size_t next = 0;
    for (size_t i = 0; i < a->n; i++) {
        const struct yaml_entry *entry = &a->entries[i], *other = counterpart(a, i, b, shape ? &next : NULL);
        const struct type *within = data ? NULL : type_within(type, shape, entry->key);
        bool map = entry->value->kind == YAML_MAP;
        if (!other || !same_value(c, entry->value, other->value, within, map ? shape_of(within) : NULL))
            return false;
    }
    return true;
}

static bool same_value(struct compile *c, const struct yaml *a, const struct yaml *b, const struct type *type,
                       const struct shape *shape)
{
    if (a->kind != b->kind || a->n != b->n)
        return false;
    if (a->kind == YAML_LIST || a->kind == YAML_MAP)
        return same_entries(c, a, b, type, shape);
    return a->kind == YAML_NULL || same_text(c, a->text.s, b->text.s, a->kind == YAML_TEXT ? type : NULL);
}

static int by_text(const void *left, const void *right)
{
    const struct comment *a = left, *b = right;
    return slice_cmp(a->text, b->text);
}

static struct comment *sorted(struct layout *l)
{
    struct comment *list = NEW_ARRAY(l->c, struct comment, l->n_comments + 1);
    for (size_t i = 0; i < l->n_comments; i++)
        list[i] = l->comments[i];
    qsort(list, l->n_comments, sizeof *list, by_text);
    return list;
}

static bool same_comments(struct layout *a, struct layout *b)
{
    const struct comment *first = sorted(a), *second = sorted(b);
    bool same = a->n_comments == b->n_comments;
    for (size_t i = 0; same && i < a->n_comments; i++)
        same = slice_eq(first[i].text, second[i].text);
    return same;
}

bool layout_same(struct layout *a, struct layout *b)
{
    bool same = a->n_documents == b->n_documents && same_comments(a, b);
    for (size_t i = 0; same && i < a->n_documents; i++)
        same = same_value(a->c, a->documents[i], b->documents[i], NULL, shape_of_document(a->documents[i]));
    return same;
}

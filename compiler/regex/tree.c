/*
 * tree.c - regexes as trees.
 *
 * Constructors keep a normal form, so that most ways of writing one language are one tree: sets of
 * alternatives are one set, neighbours that repeat one set are one repetition, repetitions of repetitions are
 * one.
 */
#include <stdlib.h>

#include "tree.h"

static struct tree *node(struct compile *c, enum regex_kind kind, size_t from, size_t to)
{
    struct tree *t = NEW(c, struct tree);
    t->kind = kind;
    t->from = from;
    t->to = to;
    return t;
}

const struct tree *tree_empty(struct compile *c, size_t from, size_t to)
{
    return node(c, RE_EMPTY, from, to);
}

const struct tree *tree_set(struct compile *c, const struct charset *set, size_t from, size_t to)
{
    struct tree *t = node(c, RE_SET, from, to);
    t->set = set;
    return t;
}

static const struct tree *with_kids(struct compile *c, enum regex_kind kind, size_t n,
                                    const struct tree **kids, size_t from, size_t to)
{
    if (n == 1)
        return kids[0];
    struct tree *t = node(c, n ? kind : RE_EMPTY, from, to);
    t->n = n;
    t->kids = kids;
    return t;
}

/* The set without symbols, as in `[^\s\S]`: nothing matches it. It stays only where nothing at all can match.
 */
static bool is_nothing(const struct tree *t)
{
    return t->kind == RE_SET && t->set->n == 0;
}

/* ---- repetition ------------------------------------------------------------------------------- */

static unsigned plus(unsigned a, unsigned b)
{
    return a >= UNBOUNDED - b ? UNBOUNDED : a + b;
}

const struct tree *tree_repeat(struct compile *c, const struct tree *kid, unsigned min, unsigned max,
                               size_t from, size_t to)
{
    if (max == 0 || kid->kind == RE_EMPTY || (min == 0 && is_nothing(kid)))
        return tree_empty(c, from, to);
    if (is_nothing(kid))
        return kid;
    if (kid->kind == RE_REPEAT && kid->min <= 1 && kid->max == UNBOUNDED)
        return tree_repeat(c, kid->kids[0], kid->min ? min : 0, UNBOUNDED, from, to);
    if (kid->kind == RE_REPEAT && kid->min == 0 && kid->max == 1)
        return tree_repeat(c, kid->kids[0], 0, max, from, to);
    if (min == 1 && max == 1)
        return kid;
    struct tree *t = node(c, RE_REPEAT, from, to);
    t->min = min;
    t->max = max;
    t->n = 1;
    t->kids = NEW(c, const struct tree *);
    t->kids[0] = kid;
    return t;
}

/* ---- concatenation ------------------------------------------------------------------------------ */

static const struct charset *repeated_set(const struct tree *t)
{
    if (t->kind == RE_REPEAT)
        t = t->kids[0];
    return t->kind == RE_SET ? t->set : NULL;
}

/* `x*x`, `xx{2,3}`: one repetition of x. `xx` stays a string. */
static const struct tree *join(struct compile *c, const struct tree *a, const struct tree *b)
{
    if (a->kind != RE_REPEAT && b->kind != RE_REPEAT)
        return NULL;
    const struct charset *x = repeated_set(a), *y = repeated_set(b);
    if (!x || !y || !charset_eq(x, y))
        return NULL;
    unsigned a_min = a->kind == RE_REPEAT ? a->min : 1, a_max = a->kind == RE_REPEAT ? a->max : 1;
    unsigned b_min = b->kind == RE_REPEAT ? b->min : 1, b_max = b->kind == RE_REPEAT ? b->max : 1;
    const struct tree *set = a->kind == RE_REPEAT ? a->kids[0] : a;
    return tree_repeat(c, set, plus(a_min, b_min), plus(a_max, b_max), a->from, b->to);
}

static void append(struct compile *c, const struct tree ***list, size_t *n, const struct tree *t)
{
    if (t->kind == RE_EMPTY)
        return;
    if (t->kind == RE_CAT) {
        for (size_t i = 0; i < t->n; i++)
            append(c, list, n, t->kids[i]);
        return;
    }
    const struct tree *joined = *n ? join(c, (*list)[*n - 1], t) : NULL;
    if (joined)
        (*list)[*n - 1] = joined;
    else
        *PUSH(c, *list, *n) = t;
}

const struct tree *tree_cat(struct compile *c, size_t n, const struct tree **kids, size_t from, size_t to)
{
    const struct tree **list = NULL;
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_nothing(kids[i]))
            return tree_set(c, kids[i]->set, from, to);
        append(c, &list, &length, kids[i]);
    }
    return with_kids(c, RE_CAT, length, list, from, to);
}

/* ---- alternatives ---------------------------------------------------------------------------------- */

/* A choice, taken apart: sets become one, the empty string a flag, equal kids one. */
struct choice {
    struct compile *c;
    const struct charset *set;
    bool empty;
    size_t n;
    const struct tree **kids;
};

static void choose(struct choice *choice, const struct tree *t)
{
    if (t->kind == RE_EMPTY) {
        choice->empty = true;
    } else if (t->kind == RE_SET) {
        choice->set = choice->set ? charset_union(choice->c, choice->set, t->set) : t->set;
    } else if (t->kind == RE_REPEAT && t->min == 0 && t->max == 1) {
        choice->empty = true;
        choose(choice, t->kids[0]);
    } else if (t->kind == RE_ALT) {
        for (size_t i = 0; i < t->n; i++)
            choose(choice, t->kids[i]);
    } else {
        *PUSH(choice->c, choice->kids, choice->n) = t;
    }
}

/* An order, whichever: two spellings of one choice become one tree. */
static int tree_cmp(const struct tree *a, const struct tree *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == RE_SET)
        return charset_cmp(a->set, b->set);
    if (a->min != b->min)
        return a->min < b->min ? -1 : 1;
    if (a->max != b->max)
        return a->max < b->max ? -1 : 1;
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        int order = tree_cmp(a->kids[i], b->kids[i]);
        if (order)
            return order;
    }
    return (a->n > b->n) - (a->n < b->n);
}

static int by_tree(const void *a, const void *b)
{
    return tree_cmp(*(const struct tree *const *)a, *(const struct tree *const *)b);
}

const struct tree *tree_alt(struct compile *c, size_t n, const struct tree **kids, size_t from, size_t to)
{
    struct choice choice = {.c = c};
    for (size_t i = 0; i < n; i++)
        choose(&choice, kids[i]);
    if (choice.set && (choice.set->n || (!choice.n && !choice.empty)))
        *PUSH(c, choice.kids, choice.n) = tree_set(c, choice.set, from, to);
    if (choice.n)
        qsort(choice.kids, choice.n, sizeof *choice.kids, by_tree);
    size_t kept = 0;
    for (size_t i = 0; i < choice.n; i++)
        if (kept == 0 || tree_cmp(choice.kids[kept - 1], choice.kids[i]) != 0)
            choice.kids[kept++] = choice.kids[i];
    const struct tree *t = with_kids(c, RE_ALT, kept, choice.kids, from, to);
    return choice.empty ? tree_repeat(c, t, 0, 1, from, to) : t;
}

const struct tree *tree_replace(struct compile *c, const struct tree *t, const struct tree *old,
                                const struct tree *new_node)
{
    if (t == old)
        return new_node;
    if (t->n == 0)
        return t;
    const struct tree **kids = NEW_ARRAY(c, const struct tree *, t->n);
    for (size_t i = 0; i < t->n; i++)
        kids[i] = tree_replace(c, t->kids[i], old, new_node);
    switch (t->kind) {
    case RE_CAT: return tree_cat(c, t->n, kids, t->from, t->to);
    case RE_ALT: return tree_alt(c, t->n, kids, t->from, t->to);
    case RE_REPEAT: return tree_repeat(c, kids[0], t->min, t->max, t->from, t->to);
    case RE_EMPTY:
    case RE_SET: break;
    }
    return t;
}

/* ---- re2c's spelling --------------------------------------------------------------------------------- */

static bool is_symbol(const struct tree *t)
{
    return t->kind == RE_SET && t->set->n == 1 && t->set->ranges[0].first == t->set->ranges[0].last;
}

/* Neighbours that are one symbol each are one string: `"arn\x3aaws"`. Returns how many were printed. */
static size_t print_string(struct buffer *b, size_t n, const struct tree *const *kids)
{
    size_t i = 0;
    for (; i < n && is_symbol(kids[i]); i++) {
        if (i == 0)
            buffer_char(b, '"');
        symbol_print(b, kids[i]->set->ranges[0].first);
    }
    if (i)
        buffer_char(b, '"');
    return i;
}

static void print_list(struct buffer *b, const struct tree *t)
{
    for (size_t i = 0; i < t->n;) {
        if (i)
            buffer_text(b, t->kind == RE_ALT ? " | " : " ");
        size_t printed = t->kind == RE_CAT ? print_string(b, t->n - i, t->kids + i) : 0;
        if (printed == 0) {
            bool group = t->kind == RE_CAT && t->kids[i]->kind == RE_ALT;
            buffer_text(b, group ? "(" : "");
            tree_print(b, t->kids[i]);
            buffer_text(b, group ? ")" : "");
        }
        i += printed ? printed : 1;
    }
}

static void print_repeat(struct buffer *b, const struct tree *t)
{
    bool group = t->kids[0]->kind != RE_SET;
    buffer_text(b, group ? "(" : "");
    tree_print(b, t->kids[0]);
    buffer_text(b, group ? ")" : "");
    if (t->max == UNBOUNDED && t->min <= 1)
        buffer_char(b, t->min ? '+' : '*');
    else if (t->min == 0 && t->max == 1)
        buffer_char(b, '?');
    else if (t->max == UNBOUNDED)
        buffer_printf(b, "{%u,}", t->min);
    else if (t->max == t->min)
        buffer_printf(b, "{%u}", t->min);
    else
        buffer_printf(b, "{%u,%u}", t->min, t->max);
}

void tree_print(struct buffer *b, const struct tree *t)
{
    switch (t->kind) {
    case RE_EMPTY: buffer_text(b, "\"\""); break;
    case RE_SET:
        if (print_string(b, 1, &t) == 0)
            charset_print(b, t->set);
        break;
    case RE_CAT:
    case RE_ALT: print_list(b, t); break;
    case RE_REPEAT: print_repeat(b, t); break;
    }
}

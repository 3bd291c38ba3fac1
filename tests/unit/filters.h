/*
 * filters.h - one filter through the front end, for the tests: what became of it, as a text.
 *
 * A tree is the S-expression of node_print(), with ' for ". Diagnostics are `CODE@COLUMN`, by place. A filter
 * that was refused has only these; one that was warned of has its tree first.
 */
#ifndef FILTERS_H
#define FILTERS_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trailc.h"

enum { MAX_FILTER = 4096 };

struct filtered {
    struct compile c;
    char text[MAX_FILTER];    /* tree, diagnostics */
    char rewrite[MAX_FILTER]; /* of the first diagnostic by place; "" without */
};

/* As if the text were the whole of a source. */
static inline struct text text_of(struct compile *c, const char *s)
{
    size_t n = strlen(s);
    uint32_t *at = NEW_ARRAY(c, uint32_t, n + 1);
    for (size_t i = 0; i <= n; i++)
        at[i] = (uint32_t)i;
    return (struct text){.s = slice_of(s), .source = 0, .at = at};
}

/* The lists that the filters may name. */
static inline void add_lists(struct compile *c)
{
    static const struct {
        const char *name, *values[3];
    } lists[] = {
        {"admins", {"root", "build-bot", NULL}}, {"nets", {"10.0.0.0/8", "::1", NULL}},
        {"ports", {"22", "3389.0", NULL}},       {"none", {NULL}},
        {"dashes", {"a", "--", NULL}},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct list *list = PUSH(c, c->pack.lists, c->pack.n_lists);
        list->name = slice_of(lists[i].name);
        for (size_t k = 0; lists[i].values[k]; k++)
            *PUSH(c, list->values, list->n) = text_of(c, lists[i].values[k]);
    }
}

static inline const struct diag *first_diag(const struct compile *c)
{
    const struct diag *first = NULL;
    for (size_t i = 0; i < c->n_diags; i++)
        if (!first || c->diags[i].loc.at < first->loc.at)
            first = &c->diags[i];
    return first;
}

/* Adds `CODE@COLUMN` for each diagnostic, in the order of places. */
static inline void add_diags(struct filtered *f)
{
    size_t n = strlen(f->text);
    for (uint32_t at = 0; at < MAX_FILTER; at++) {
        for (size_t i = 0; i < f->c.n_diags; i++) {
            const struct diag *d = &f->c.diags[i];
            if (d->loc.at == at && n < sizeof f->text)
                n +=
                    (size_t)snprintf(f->text + n, sizeof f->text - n, "%s%c%u@%u", n > 0 ? " " : "",
                                     code_is_error(d->code) ? 'E' : 'W', (unsigned)d->code, (unsigned)at + 1);
        }
    }
}

/* Free with filtered_free(). `checked`: through check_filter() too. */
static inline struct filtered *filter_of(const char *filter, bool checked)
{
    struct filtered *f = calloc(1, sizeof *f);
    f->c.arena = arena_new();
    add_lists(&f->c);
    struct text text = text_of(&f->c, filter);
    struct node *tree = parse_filter(&f->c, &text);
    if (tree && checked && !check_filter(&f->c, &text, tree))
        tree = NULL;
    if (tree) {
        struct buffer b = {.c = &f->c};
        node_print(&b, tree);
        for (size_t i = 0; i < b.n; i++)
            if (b.p[i] == '"')
                b.p[i] = '\'';
        snprintf(f->text, sizeof f->text, "%s", b.p);
    }
    add_diags(f);
    const struct diag *first = first_diag(&f->c);
    if (first)
        snprintf(f->rewrite, sizeof f->rewrite, "%.*s", (int)first->rewrite.n, first->rewrite.p);
    return f;
}

static inline void filtered_free(struct filtered *f)
{
    arena_free(f->c.arena);
    free(f);
}

struct filter_case {
    const char *filter, *text, *rewrite; /* rewrite: NULL when the case does not say */
};

static inline void check_case(const struct filter_case *expected, bool checked)
{
    struct filtered *f = filter_of(expected->filter, checked);
    ck_assert_msg(strcmp(f->text, expected->text) == 0, "%s\n  is   %s\n  not  %s", expected->filter, f->text,
                  expected->text);
    const char *rewrite = expected->rewrite ? expected->rewrite : "";
    ck_assert_msg(strcmp(f->rewrite, rewrite) == 0, "%s\n  has the rewrite %s\n  not             %s",
                  expected->filter, f->rewrite, rewrite);
    filtered_free(f);
}

/* Every rewrite is a filter without errors. */
static inline void check_rewrites(const char *filter, bool checked)
{
    struct filtered *f = filter_of(filter, checked);
    for (size_t i = 0; i < f->c.n_diags; i++) {
        const struct diag *d = &f->c.diags[i];
        if (d->rewrite.n == 0)
            continue;
        char rewrite[MAX_FILTER];
        snprintf(rewrite, sizeof rewrite, "%.*s", (int)d->rewrite.n, d->rewrite.p);
        struct filtered *again = filter_of(rewrite, checked);
        ck_assert_msg(diag_errors(&again->c) == 0, "%s\n  has the rewrite %s\n  which says      %s", filter,
                      rewrite, again->text);
        filtered_free(again);
    }
    filtered_free(f);
}

#endif

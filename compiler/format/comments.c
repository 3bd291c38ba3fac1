/*
 * comments.c - where the comments of a YAML source are.
 *
 * Needs: the documents, whose scalars say where a `#` is text. Guarantees: every comment, in the order of the
 * source. One behind the header of a block scalar is among them, though it is within the scalar's bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "format.h"

/* ---- lines ------------------------------------------------------------------------------------ */

static void find_lines(struct layout *l)
{
    *PUSH(l->c, l->starts, l->n_starts) = 0;
    for (uint32_t i = 0; i < l->text.n; i++)
        if (l->text.p[i] == '\n')
            *PUSH(l->c, l->starts, l->n_starts) = i + 1;
}

uint32_t line_of(const struct layout *l, uint32_t at)
{
    size_t low = 0, high = l->n_starts;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (l->starts[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

uint32_t column_of(const struct layout *l, uint32_t at)
{
    uint32_t start = l->starts[line_of(l, at)];
    return (uint32_t)width_of_text((struct slice){l->text.p + start, at - start});
}

bool line_is_blank(const struct layout *l, uint32_t line)
{
    for (uint32_t i = l->starts[line]; i < l->text.n && l->text.p[i] != '\n'; i++)
        if (l->text.p[i] != ' ' && l->text.p[i] != '\t')
            return false;
    return true;
}

/* ---- comments --------------------------------------------------------------------------------- */

static void add_comment(struct layout *l, uint32_t from)
{
    uint32_t to = from, line = line_of(l, from);
    while (to < l->text.n && l->text.p[to] != '\n')
        to++;
    while (l->text.p[to - 1] == ' ' || l->text.p[to - 1] == '\t')
        to--;
    bool own = true;
    for (uint32_t i = l->starts[line]; i < from; i++)
        own = own && (l->text.p[i] == ' ' || l->text.p[i] == '\t');
    *PUSH(l->c, l->comments, l->n_comments) =
        (struct comment){.text = {l->text.p + from, to - from},
                         .from = from,
                         .line = line,
                         .column = column_of(l, from),
                         .own = own,
                         .blank = line > 0 && line_is_blank(l, line - 1)};
}

/* The comments in bytes [from, to), which hold no scalar: to libyaml, `a: [b,#c` has one, too. */
static void find_between(struct layout *l, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        if (l->text.p[i] != '#')
            continue;
        add_comment(l, i);
        while (i < to && l->text.p[i] != '\n')
            i++;
    }
}

static void find_in_header(struct layout *l, const struct yaml *scalar)
{
    uint32_t end = scalar->loc.at;
    while (end < scalar->to && l->text.p[end] != '\n')
        end++;
    find_between(l, scalar->loc.at, end);
}

/* Bounded: no value is nested deeper than MAX_NESTING. */
static void pass_value(struct layout *l, const struct yaml *value, uint32_t *at)
{
    if (value->kind != YAML_LIST && value->kind != YAML_MAP) {
        find_between(l, *at, value->from);
        if (value->style >= SCALAR_LITERAL)
            find_in_header(l, value);
        *at = value->to > *at ? value->to : *at;
        return;
    }
    for (size_t i = 0; i < value->n; i++) {
        if (value->entries[i].key)
            pass_value(l, value->entries[i].key, at);
        if (!value->entries[i].alias.n)
            pass_value(l, value->entries[i].value, at);
    }
}

void comments_find(struct layout *l)
{
    uint32_t at = 0;
    find_lines(l);
    for (size_t i = 0; i < l->n_documents; i++)
        pass_value(l, l->documents[i], &at);
    find_between(l, at, (uint32_t)l->text.n);
}

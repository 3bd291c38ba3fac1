/*
 * clause_print.c - clauses and values as a person reads them.
 *
 * A clause of `f:(a OR b)` stands apart from its field, so clauses are spelled anew: the field, the view, and
 * the value as it was written. What a log or a rule brings is made safe for a terminal by show_text().
 */
#include <string.h>

#include "notify/terminal.h"
#include "verdict.h"

/* `[1 TO 9]` was read without its brackets, `>9` as it is. */
static void add_range(struct buffer *b, const struct text *filter, const struct clause *c)
{
    bool bracketed = c->from > 0 && strchr("[{", filter->s.p[c->from - 1]);
    buffer_add(b, filter->s.p + c->from - bracketed, c->to - c->from + 2 * bracketed);
}

void clause_value_print(struct buffer *b, const struct text *filter, const struct clause *c)
{
    struct slice written = {filter->s.p + c->from, c->to - c->from};
    switch (c->kind) {
    case CLAUSE_EXISTS: break;
    case CLAUSE_RANGE: add_range(b, filter, c); break;
    case CLAUSE_WORD:
    case CLAUSE_WILDCARD: buffer_add(b, written.p, written.n); break;
    case CLAUSE_PHRASE: buffer_printf(b, "\"%.*s\"", (int)written.n, written.p); break;
    case CLAUSE_REGEX: buffer_printf(b, "/%.*s/%s", (int)written.n, written.p, c->any_case ? "i" : ""); break;
    case CLAUSE_LIST: buffer_printf(b, "@%.*s", (int)c->value.n, c->value.p); break;
    }
}

void clause_print(struct buffer *b, const struct text *filter, const struct clause *c)
{
    if (c->kind == CLAUSE_EXISTS)
        buffer_text(b, "_exists_:");
    if (c->path)
        buffer_add(b, c->path->name.p, c->path->name.n);
    if (c->kind == CLAUSE_EXISTS)
        return;
    if (c->view != VIEW_TEXT)
        buffer_printf(b, ".%s", view_name(c->view));
    if (c->path)
        buffer_char(b, ':');
    clause_value_print(b, filter, c);
}

/* ---- for a terminal --------------------------------------------------------------------------- */

static void take(struct buffer *b, struct trail_text *text)
{
    if (text->n)
        buffer_add(b, text->p, text->n);
    trail_text_free(text);
}

void show_text(struct buffer *b, struct slice s, size_t columns)
{
    struct trail_text text = {0};
    trail_terminal_clip(&text, (struct trail_slice){s.p, s.n}, columns);
    take(b, &text);
}

void show_quoted(struct buffer *b, struct slice s, size_t columns)
{
    buffer_char(b, '`');
    show_text(b, s, columns);
    buffer_char(b, '`');
}

void show_json(struct buffer *b, struct slice s)
{
    struct trail_text text = {0};
    trail_json_quote(&text, (struct trail_slice){s.n ? s.p : "", s.n});
    take(b, &text);
}

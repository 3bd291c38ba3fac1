/*
 * lines.c - the lines of a formatted file, and the comments at their ends, which stand in one column as long
 * as line follows line.
 */
#include <string.h>

#include "format.h"

size_t width_of_text(struct slice s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

void lines_begin(struct lines *l, size_t indent)
{
    if (l->open) {
        buffer_char(&l->now, ' ');
        l->open = false;
        return;
    }
    l->now = (struct buffer){.c = l->c};
    while (indent-- > 0)
        buffer_char(&l->now, ' ');
}

void lines_end(struct lines *l, struct slice comment)
{
    *PUSH(l->c, l->list, l->n) = (struct line){buffer_slice(&l->now), comment};
    l->now = (struct buffer){.c = l->c};
}

/* A line of a text that holds blanks alone looks empty, and is taken for empty when it is read again. */
static bool looks_empty(const struct line *line)
{
    size_t i = 0;
    while (i < line->text.n && (line->text.p[i] == ' ' || line->text.p[i] == '\t'))
        i++;
    return i == line->text.n && !line->comment.n;
}

void lines_blank(struct lines *l)
{
    if (l->n && !looks_empty(&l->list[l->n - 1]))
        *PUSH(l->c, l->list, l->n) = (struct line){{NULL, 0}, {NULL, 0}};
}

static void add_line(struct buffer *b, const struct line *line, size_t column)
{
    buffer_add(b, line->text.p ? line->text.p : "", line->text.n);
    if (line->comment.n) {
        for (size_t at = width_of_text(line->text); at < column; at++)
            buffer_char(b, ' ');
        buffer_add(b, line->comment.p, line->comment.n);
    }
    buffer_char(b, '\n');
}

struct slice lines_text(struct lines *l)
{
    struct buffer b = {.c = l->c};
    for (size_t i = 0; i < l->n;) {
        size_t end = i, column = 0;
        for (; end < l->n && l->list[end].comment.n; end++) {
            size_t width = width_of_text(l->list[end].text) + 2;
            column = width > column ? width : column;
        }
        for (end = end > i ? end : i + 1; i < end; i++)
            add_line(&b, &l->list[i], column);
    }
    return buffer_slice(&b);
}

/*
 * emit_text.c - text of rules spelled in C, and the choice among many texts.
 *
 * Rule text can never become code: in a string all but a few harmless characters are octal escapes of three
 * digits (so that a digit behind one is no part of it), which leaves no quote, backslash, newline, NUL, or
 * trigraph; in a comment the slash, the question mark, the backslash and everything that is not printable
 * ASCII are.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "emit.h"

void emit_string(struct buffer *b, struct slice s)
{
    buffer_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch < 0x80 && (isalnum(ch) || (ch && strchr(" _.,:;-+=()[]{}<>@!&|/", ch))))
            buffer_char(b, (char)ch);
        else
            buffer_printf(b, "\\%03o", ch);
    }
    buffer_char(b, '"');
}

static void comment_char(struct buffer *b, unsigned char ch, unsigned char before)
{
    bool closes = ch == '/' && before == '*', opens = ch == '*' && before == '/';
    if (ch >= ' ' && ch < 0x7f && ch != '\\' && ch != '?' && !closes && !opens)
        buffer_char(b, (char)ch);
    else
        buffer_printf(b, "<%02x>", ch);
}

void emit_comment(struct buffer *b, const char *prefix, struct slice s)
{
    enum { WIDTH = 96 };
    for (size_t i = 0, column = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (column == 0)
            buffer_text(b, prefix);
        if (ch == '\n' || (ch == ' ' && column >= WIDTH)) {
            buffer_char(b, '\n');
            column = 0;
            continue;
        }
        comment_char(b, ch, column ? (unsigned char)b->p[b->n - 1] : '*');
        column++;
    }
    if (b->n && b->p[b->n - 1] != '\n')
        buffer_char(b, '\n');
}

void emit_lower(struct buffer *b, struct slice symbol)
{
    for (size_t i = 0; i < symbol.n; i++)
        buffer_char(b, (char)tolower((unsigned char)symbol.p[i]));
}

void emit_indent(struct buffer *b, unsigned indent)
{
    for (unsigned i = 0; i < indent; i++)
        buffer_text(b, "    ");
}

/* ---- the choice among texts -------------------------------------------------------------------- */

struct buffer *choice_code(struct compile *c, struct choices *choices, struct slice text)
{
    void **known = map_at(c, &choices->by_text, text);
    if (!*known) {
        struct choice_of_text *choice = *known = NEW(c, struct choice_of_text);
        choice->text = text;
        choice->code.c = c;
        choice->order = choices->n;
        *PUSH(c, choices->list, choices->n) = choice;
    }
    return &((struct choice_of_text *)*known)->code;
}

/* What tells texts of one length apart best: the position with the most different bytes. */
static size_t telling_position(struct choice_of_text *const *choices, size_t n)
{
    size_t best = 0, best_count = 0;
    for (size_t at = 0; at < choices[0]->text.n; at++) {
        bool seen[256] = {false};
        size_t count = 0;
        for (size_t i = 0; i < n; i++) {
            unsigned char ch = (unsigned char)choices[i]->text.p[at];
            count += !seen[ch];
            seen[ch] = true;
        }
        if (count > best_count) {
            best = at;
            best_count = count;
        }
    }
    return best;
}

/* Code is kept without indentation, a statement a line. */
static void emit_code(struct buffer *b, unsigned indent, const struct buffer *code)
{
    for (size_t from = 0; from < code->n;) {
        const char *line = code->p + from;
        size_t n = (size_t)((const char *)memchr(line, '\n', code->n - from) - line) + 1;
        emit_indent(b, indent);
        buffer_add(b, line, n);
        from += n;
    }
}

static void emit_one(struct buffer *b, unsigned indent, const struct choice_of_text *choice, const char *p)
{
    if (!choice->text.n) {
        emit_code(b, indent, &choice->code);
        return;
    }
    emit_indent(b, indent);
    buffer_printf(b, "if (memcmp(%s, ", p);
    emit_string(b, choice->text);
    buffer_printf(b, ", %zu) == 0) {\n", choice->text.n);
    emit_code(b, indent + 1, &choice->code);
    emit_indent(b, indent);
    buffer_text(b, "}\n");
}

enum { FEW = 4 };

/* Choices of one length, in an order of which each group shares a prefix of decided positions. */
static void emit_same_length(struct compile *c, struct buffer *b, unsigned indent,
                             struct choice_of_text *const *choices, size_t n, const char *p)
{
    if (n <= FEW) {
        for (size_t i = 0; i < n; i++)
            emit_one(b, indent, choices[i], p);
        return;
    }
    size_t at = telling_position(choices, n);
    bool done[256] = {false};
    emit_indent(b, indent);
    buffer_printf(b, "switch (%s[%zu]) {\n", p, at);
    for (size_t i = 0; i < n; i++) {
        unsigned char ch = (unsigned char)choices[i]->text.p[at];
        if (done[ch])
            continue;
        done[ch] = true;
        struct choice_of_text **group = NULL;
        size_t n_group = 0;
        for (size_t k = i; k < n; k++)
            if ((unsigned char)choices[k]->text.p[at] == ch)
                *PUSH(c, group, n_group) = choices[k];
        emit_indent(b, indent);
        if (isalnum(ch) && ch < 0x80)
            buffer_printf(b, "case '%c':\n", ch);
        else
            buffer_printf(b, "case '\\%03o':\n", ch);
        emit_same_length(c, b, indent + 1, group, n_group, p);
        emit_indent(b, indent + 1);
        buffer_text(b, "break;\n");
    }
    emit_indent(b, indent);
    buffer_text(b, "default: break;\n");
    emit_indent(b, indent);
    buffer_text(b, "}\n");
}

/* In the order of length; each length by the order of first use. */
static int by_length(const void *left, const void *right)
{
    const struct choice_of_text *a = *(struct choice_of_text *const *)left;
    const struct choice_of_text *b = *(struct choice_of_text *const *)right;
    if (a->text.n != b->text.n)
        return a->text.n < b->text.n ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

void emit_switch(struct compile *c, struct buffer *b, unsigned indent, const struct choices *choices,
                 const char *p, const char *n)
{
    if (!choices->n)
        return;
    struct choice_of_text **list = choices->list;
    qsort(list, choices->n, sizeof *list, by_length);
    emit_indent(b, indent);
    buffer_printf(b, "switch (%s) {\n", n);
    for (size_t from = 0, to; from < choices->n; from = to) {
        size_t length = list[from]->text.n;
        for (to = from; to < choices->n && list[to]->text.n == length; to++)
            ;
        emit_indent(b, indent);
        buffer_printf(b, "case %zu:\n", length);
        emit_same_length(c, b, indent + 1, list + from, to - from, p);
        emit_indent(b, indent + 1);
        buffer_text(b, "break;\n");
    }
    emit_indent(b, indent);
    buffer_text(b, "default: break;\n");
    emit_indent(b, indent);
    buffer_text(b, "}\n");
}

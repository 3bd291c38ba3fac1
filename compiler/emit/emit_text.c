/*
 * emit_text.c - text of rules spelled in C, and the choice among many texts.
 *
 * Rule text can never become code: in a string all but a few harmless characters are octal escapes of three
 * digits (so that a digit behind one is no part of it), which leaves no quote, backslash, newline, NUL, or
 * trigraph; in a comment the slash, the question mark, the backslash and everything that is not printable
 * ASCII are.
 */
#include <ctype.h>
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

struct buffer *choice_code(struct compile *c, struct choice_of_text **choices, size_t *n, struct slice text)
{
    for (size_t i = 0; i < *n; i++)
        if (slice_eq((*choices)[i].text, text))
            return &(*choices)[i].code;
    struct choice_of_text *choice = PUSH(c, *choices, *n);
    choice->text = text;
    choice->code.c = c;
    return &choice->code;
}

/* What tells texts of one length apart best: the position with the most different bytes. */
static size_t telling_position(const struct choice_of_text *choices, size_t n)
{
    size_t best = 0, best_count = 0;
    for (size_t at = 0; at < choices[0].text.n; at++) {
        bool seen[256] = {false};
        size_t count = 0;
        for (size_t i = 0; i < n; i++) {
            unsigned char ch = (unsigned char)choices[i].text.p[at];
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
                             struct choice_of_text *choices, size_t n, const char *p)
{
    if (n <= FEW) {
        for (size_t i = 0; i < n; i++)
            emit_one(b, indent, &choices[i], p);
        return;
    }
    size_t at = telling_position(choices, n);
    bool done[256] = {false};
    emit_indent(b, indent);
    buffer_printf(b, "switch (%s[%zu]) {\n", p, at);
    for (size_t i = 0; i < n; i++) {
        unsigned char ch = (unsigned char)choices[i].text.p[at];
        if (done[ch])
            continue;
        done[ch] = true;
        struct choice_of_text *group = NULL;
        size_t n_group = 0;
        for (size_t k = i; k < n; k++)
            if ((unsigned char)choices[k].text.p[at] == ch)
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

void emit_switch(struct compile *c, struct buffer *b, unsigned indent, struct choice_of_text *choices,
                 size_t n_choices, const char *p, const char *n)
{
    if (!n_choices)
        return;
    size_t longest = 0;
    for (size_t i = 0; i < n_choices; i++)
        longest = choices[i].text.n > longest ? choices[i].text.n : longest;
    emit_indent(b, indent);
    buffer_printf(b, "switch (%s) {\n", n);
    /* In the order of length; each length by the order of first use. */
    for (size_t length = 0; length <= longest; length++) {
        struct choice_of_text *group = NULL;
        size_t n_group = 0;
        for (size_t i = 0; i < n_choices; i++)
            if (choices[i].text.n == length)
                *PUSH(c, group, n_group) = choices[i];
        if (!n_group)
            continue;
        emit_indent(b, indent);
        buffer_printf(b, "case %zu:\n", length);
        emit_same_length(c, b, indent + 1, group, n_group, p);
        emit_indent(b, indent + 1);
        buffer_text(b, "break;\n");
    }
    emit_indent(b, indent);
    buffer_text(b, "default: break;\n");
    emit_indent(b, indent);
    buffer_text(b, "}\n");
}

/*
 * spell.c - a filter's one spelling: AND, OR and NOT as words, one space between lexemes, none inside
 * brackets.
 *
 * Needs: any bytes. Guarantees: the same lexemes but for the spelling of operators, so a filter that has a
 * meaning keeps it; spelling twice changes nothing. What is no filter is spelled, too, and stays none.
 */
#include <string.h>

#include "parse.h"

static void add_bound(struct buffer *b, const char *text, size_t from, size_t to, bool is_quoted)
{
    buffer_add(b, text + from - is_quoted, to - from + 2 * (size_t)is_quoted);
}

static void add_lexeme(struct buffer *b, const char *text, const struct lexeme *l)
{
    switch (l->kind) {
    case LEX_AND: buffer_text(b, "AND"); break;
    case LEX_OR: buffer_text(b, "OR"); break;
    case LEX_NOT: buffer_text(b, "NOT"); break;
    case LEX_FIELD:
        buffer_add(b, text + l->in_from, l->in_to - l->in_from);
        buffer_char(b, ':');
        break;
    case LEX_RANGE:
        buffer_char(b, text[l->from]);
        add_bound(b, text, l->low.from, l->low.to, l->low.quoted);
        buffer_text(b, " TO ");
        add_bound(b, text, l->high.from, l->high.to, l->high.quoted);
        buffer_char(b, text[l->to - 1]);
        break;
    default: buffer_add(b, text + l->from, l->to - l->from);
    }
}

/* Whether what follows a lexeme of this kind stands right behind it. */
static bool holds_next(enum lexeme_kind kind)
{
    return kind == LEX_FIELD || kind == LEX_OPEN || kind == LEX_PLUS || kind == LEX_MINUS;
}

struct slice filter_spelled(struct compile *c, struct slice filter)
{
    struct slice s = slice_copy(c, filter.p, filter.n);
    struct buffer b = {.c = c};
    enum lexeme_kind before = LEX_OPEN;
    struct lexeme l;
    for (size_t at = 0; (l = lex(s.p, s.n, at)).kind != LEX_END; at = l.to) {
        if (!holds_next(before) && l.kind != LEX_CLOSE)
            buffer_char(&b, ' ');
        add_lexeme(&b, s.p, &l);
        before = l.kind;
    }
    return buffer_slice(&b);
}

/* ---- over lines -------------------------------------------------------------------------------- */

struct folding {
    struct compile *c;
    struct slice s;
    size_t width, n_lexemes, n;
    struct lexeme *lexemes;
    struct slice *lines;
};

/* Whether a line may begin with lexeme i: an operator behind a space. (`a:OR` is no filter, and gets none.) */
static bool is_join(const struct folding *f, size_t i)
{
    const struct lexeme *l = &f->lexemes[i];
    return (l->kind == LEX_AND || l->kind == LEX_OR) && i > 0 && l->from > l[-1].to;
}

/* Parentheses open at each lexeme do not go below 0: what is spelled has a tree. */
static size_t deeper(size_t depth, const struct lexeme *l)
{
    return l->kind == LEX_OPEN ? depth + 1 : l->kind == LEX_CLOSE && depth ? depth - 1 : depth;
}

/* The depth of the outermost AND or OR behind the first of lexemes [from, to); SIZE_MAX: there is none. */
static size_t outermost(const struct folding *f, size_t from, size_t to, size_t depth)
{
    size_t best = SIZE_MAX;
    for (size_t i = from; i < to; i++) {
        depth = deeper(depth, &f->lexemes[i]);
        if (i > from && is_join(f, i) && depth < best)
            best = depth;
    }
    return best;
}

static size_t code_points(struct slice s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

/* Lexemes [from, to) on one line, or cut before their outermost operators. Goes as deep as parentheses do. */
static void fold(struct folding *f, size_t from, size_t to, size_t depth, bool whole)
{
    const struct lexeme *list = f->lexemes;
    struct slice line = {f->s.p + list[from].from, list[to - 1].to - list[from].from};
    size_t cut = outermost(f, from, to, depth), start = from, outside = depth;
    if (cut == SIZE_MAX || (!whole && code_points(line) <= f->width)) {
        *PUSH(f->c, f->lines, f->n) = line;
        return;
    }
    for (size_t i = from; i < to; i++) {
        depth = deeper(depth, &list[i]);
        if (i == from || !is_join(f, i) || depth != cut)
            continue;
        fold(f, start, i, outside, false);
        start = i;
        outside = depth;
    }
    fold(f, start, to, outside, false);
}

struct slice *filter_lines(struct compile *c, struct slice filter, size_t width, size_t *n)
{
    struct folding f = {.c = c, .s = filter, .width = width};
    struct lexeme l;
    for (size_t at = 0; (l = lex(filter.p, filter.n, at)).kind != LEX_END; at = l.to)
        *PUSH(c, f.lexemes, f.n_lexemes) = l;
    if (f.n_lexemes)
        fold(&f, 0, f.n_lexemes, 0, true);
    *n = f.n;
    return f.lines;
}

/* ---- what it says -------------------------------------------------------------------------------- */

/* The tree as text, or n 0 when the filter has none. */
static struct slice meaning(struct compile *c, struct slice filter)
{
    struct compile trial = {.arena = c->arena, .trial = true};
    uint32_t *at = NEW_ARRAY(c, uint32_t, filter.n + 1);
    struct text text = {.s = filter, .source = NOWHERE, .at = at};
    struct node *tree = parse_filter(&trial, &text);
    struct buffer b = {.c = c};
    if (tree)
        node_print(&b, tree);
    return buffer_slice(&b);
}

bool filter_same(struct compile *c, struct slice a, struct slice b)
{
    if (slice_eq(a, b))
        return true;
    struct slice first = meaning(c, a);
    return first.n && slice_eq(first, meaning(c, b));
}

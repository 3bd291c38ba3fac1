/*
 * node.c - trees as S-expressions: `--dump=ast`, and what the tests compare.
 *
 *   all                                    every event
 *   (and A B …) (or A B …) (not A)
 *   (word f "Value")                       f.keyword and so on for another view, * for every value
 *   (phrase f "a b" => "a" "b")            => the tokens, once check.c completed it and the view is text
 *   (wildcard f "ad*n?") (regex f "a|b" i) (exists f)
 *   (range f >= "5" < "50" number)         number: by value; else by byte order
 *   (list f name => "a" | "b" "c")         the list's values
 */
#include <string.h>

#include "trail/text.h"
#include "trailc.h"

void quote_print(struct buffer *b, struct slice s)
{
    buffer_char(b, '"');
    for (size_t at = 0; at < s.n;) {
        unsigned n;
        const unsigned char *p = (const unsigned char *)s.p + at;
        uint32_t c = trail_decode(p, (const unsigned char *)s.p + s.n, &n);
        if (c == '"' || c == '\\')
            buffer_printf(b, "\\%c", (char)c);
        else if (c < 0x20 || c == 0x7F || (c >= 0xDC80 && c <= 0xDCFF))
            buffer_printf(b, "\\x%02X", *p);
        else if (c >= 0x80 && c < 0xA0)
            buffer_printf(b, "\\u{%X}", (unsigned)c);
        else
            buffer_add(b, s.p + at, n);
        at += n;
    }
    buffer_char(b, '"');
}

static void add_field(struct buffer *b, const struct clause *clause)
{
    buffer_char(b, ' ');
    if (!clause->path)
        buffer_char(b, '*');
    else
        buffer_add(b, clause->path->name.p, clause->path->name.n);
    if (clause->view != VIEW_TEXT)
        buffer_printf(b, ".%s", view_name(clause->view));
}

static void add_bound(struct buffer *b, const struct bound *bound, char sign)
{
    if (bound->open)
        return;
    buffer_printf(b, " %c%s ", sign, bound->inclusive ? "=" : "");
    quote_print(b, bound->value);
}

static void add_literals(struct buffer *b, const struct clause *clause)
{
    bool list = clause->kind == CLAUSE_LIST;
    if (clause->n_literals == 0 || (clause->view != VIEW_TEXT && !list))
        return;
    buffer_text(b, " =>");
    for (size_t i = 0; i < clause->n_literals; i++) {
        const struct literal *literal = &clause->literals[i];
        buffer_text(b, i > 0 ? " | " : " ");
        if (clause->view != VIEW_TEXT)
            quote_print(b, literal->whole);
        for (size_t k = 0; clause->view == VIEW_TEXT && k < literal->n_tokens; k++) {
            if (k > 0)
                buffer_char(b, ' ');
            quote_print(b, literal->tokens[k]);
        }
    }
}

static void add_clause(struct buffer *b, const struct clause *clause)
{
    static const char *const names[] = {
        [CLAUSE_WORD] = "word",   [CLAUSE_PHRASE] = "phrase", [CLAUSE_WILDCARD] = "wildcard",
        [CLAUSE_REGEX] = "regex", [CLAUSE_RANGE] = "range",   [CLAUSE_EXISTS] = "exists",
        [CLAUSE_LIST] = "list",
    };
    buffer_printf(b, "(%s", names[clause->kind]);
    add_field(b, clause);
    if (clause->kind == CLAUSE_RANGE) {
        add_bound(b, &clause->low, '>');
        add_bound(b, &clause->high, '<');
    } else if (clause->kind != CLAUSE_EXISTS) {
        buffer_char(b, ' ');
        quote_print(b, clause->value);
    }
    if (clause->numeric)
        buffer_text(b, " number");
    if (clause->any_case)
        buffer_text(b, " i");
    add_literals(b, clause);
    buffer_char(b, ')');
}

void node_print(struct buffer *b, const struct node *node)
{
    static const char *const names[] = {[NODE_AND] = "and", [NODE_OR] = "or", [NODE_NOT] = "not"};
    if (node->kind == NODE_ALL) {
        buffer_text(b, "all");
        return;
    }
    if (node->kind == NODE_CLAUSE) {
        add_clause(b, node->clause);
        return;
    }
    buffer_printf(b, "(%s", names[node->kind]);
    for (size_t i = 0; i < node->n; i++) {
        buffer_char(b, ' ');
        node_print(b, node->kids[i]);
    }
    buffer_char(b, ')');
}

/*
 * tokens.c - a filter's lexemes, as text: `--dump=tokens`.
 *
 *   (field f) (word w) (word w?ld* wild) (phrase "a b") (regex "a|b" i) (range "[1 TO 9]") all
 *   and or not + - ( )
 *   (colon ":") (fuzzy "~2") …             what no filter may hold, by its name
 *
 * Needs: any text, also of a filter with errors. Guarantees: every byte that is no white space is in one
 * lexeme, in its order; one line.
 */
#include "parse.h"

static const char *const names[] = {
    [LEX_AND] = "and",
    [LEX_OR] = "or",
    [LEX_NOT] = "not",
    [LEX_PLUS] = "+",
    [LEX_MINUS] = "-",
    [LEX_OPEN] = "(",
    [LEX_CLOSE] = ")",
    [LEX_FIELD] = "field",
    [LEX_WORD] = "word",
    [LEX_PHRASE] = "phrase",
    [LEX_REGEX] = "regex",
    [LEX_RANGE] = "range",
    [LEX_ALL] = "all",
    [LEX_PATTERN_FIELD] = "pattern-field",
    [LEX_PHRASE_CUT] = "open-phrase",
    [LEX_REGEX_CUT] = "open-regex",
    [LEX_RANGE_BAD] = "no-range",
    [LEX_COLON] = "colon",
    [LEX_BRACKET] = "bracket",
    [LEX_FUZZY] = "fuzzy",
    [LEX_BOOST] = "boost",
    [LEX_SMART] = "typographic-quotes",
    [LEX_SINGLE] = "single-quotes",
    [LEX_BACKSLASH] = "backslash",
};

static bool stands_alone(enum lexeme_kind kind)
{
    return kind <= LEX_CLOSE || kind == LEX_ALL;
}

void tokens_print(struct buffer *b, const struct text *filter)
{
    struct slice s = slice_copy(b->c, filter->s.p, filter->s.n); /* terminated */
    struct lexeme l;
    for (size_t at = 0; (l = lex(s.p, s.n, at)).kind != LEX_END; at = l.to) {
        buffer_text(b, at ? " " : "");
        if (stands_alone(l.kind)) {
            buffer_text(b, names[l.kind]);
            continue;
        }
        bool whole = l.kind > LEX_ALL || l.kind == LEX_RANGE;
        size_t from = whole ? l.from : l.in_from, to = whole ? l.to : l.in_to;
        buffer_printf(b, "(%s ", names[l.kind]);
        quote_print(b, (struct slice){s.p + from, to - from});
        buffer_text(b, l.wild ? " wild" : l.any_case ? " i" : "");
        buffer_char(b, ')');
    }
}

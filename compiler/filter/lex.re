/*
 * lex.re - the filter's lexemes.
 *
 * Needs: bytes, and one readable byte behind them. Guarantees: a lexeme for any bytes, never empty but at the end; what
 * no filter may hold (an open quote, a fuzzy mark, a bracket that closes nothing) is a lexeme too, so that parse.c
 * can say what is wrong with it and go on behind it.
 *
 * The classes of bytes are those of Lucene's classic query parser. Bytes from 0x80 on are parts of words.
 */
#include <string.h>

#include "filter/parse.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = p;
    re2c:define:YYLIMIT = end;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    re2c:eof = 0;

    space   = [ \t\r\n];
    escape  = "\\" [^];
    start   = [^ \t\r\n+\-!():^[\]"{}~*?\\/] | escape;
    letter  = start | [-+];
    name    = start letter*;
    word    = (start | [*?]) (letter | [*?])*;
    inside  = [^"\\] | escape;
    phrase  = "\"" inside* "\"";
    body    = [^/\\] | escape;
    bound   = phrase | ([^ \t\r\n"\]}\\] | escape) ([^ \t\r\n\]}\\] | escape)*;
    range   = [[{] space* bound space+ "TO" space+ bound space* [\]}];
    smart   = "\xE2\x80" [\x98\x9A-\x9F];
    unsmart = "\xE2\x80" [\x99\x9B-\x9F];
    curly   = [^\xE2] | "\xE2" [^\x80] | "\xE2\x80" [^\x99\x9B-\x9F];
*/

bool lex_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t lex_run(const char *text, size_t n, size_t at)
{
    const unsigned char *p = (const unsigned char *)text + at, *end = (const unsigned char *)text + n, *marker;
    /*!re2c
        ([^ \t\r\n()"\\] | escape | phrase)+ "\\"? | "\\" { return (size_t)((const char *)p - text); }
        *                                    { return at; }
        $                                    { return at; }
    */
}

/* Whether an unescaped * or ? is among the bytes. */
static bool has_wildcard(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '\\')
            i++;
        else if (p[i] == '*' || p[i] == '?')
            return true;
    }
    return false;
}

static bool equals(const char *p, size_t n, const char *text)
{
    return strlen(text) == n && memcmp(p, text, n) == 0;
}

/* `AND :` is an operator and a stray colon, not a field. */
static enum lexeme_kind operator_named(const char *p, size_t n)
{
    if (equals(p, n, "AND") || equals(p, n, "&&"))
        return LEX_AND;
    if (equals(p, n, "OR") || equals(p, n, "||"))
        return LEX_OR;
    return equals(p, n, "NOT") ? LEX_NOT : LEX_END;
}

/* Whether the byte at `at` has an odd number of backslashes before it. */
static bool is_escaped(const char *text, size_t at)
{
    size_t n = 0;
    while (n < at && text[at - 1 - n] == '\\')
        n++;
    return n % 2 == 1;
}

static void finish_field(const char *text, struct lexeme *l)
{
    l->in_to = l->to - 1;
    while (l->in_to > l->from && lex_is_space(text[l->in_to - 1]) && !is_escaped(text, l->in_to - 1))
        l->in_to--;
    enum lexeme_kind operator = operator_named(text + l->from, l->in_to - l->from);
    if (operator != LEX_END) {
        l->kind = operator;
        l->to = l->in_to;
    }
}

/* One bound of a well-formed range from `at` on; returns its end. */
static size_t finish_bound(const char *text, size_t at, size_t *from, size_t *to, bool *is_quoted)
{
    while (lex_is_space(text[at]))
        at++;
    *is_quoted = text[at] == '"';
    *from = at += *is_quoted;
    while (*is_quoted ? text[at] != '"' : !lex_is_space(text[at]) && text[at] != ']' && text[at] != '}')
        at += text[at] == '\\' ? 2 : 1;
    *to = at;
    return at + *is_quoted;
}

static void finish_range(const char *text, struct lexeme *l)
{
    size_t at = finish_bound(text, l->from + 1, &l->low.from, &l->low.to, &l->low.quoted);
    while (lex_is_space(text[at]))
        at++;
    finish_bound(text, at + 2, &l->high.from, &l->high.to, &l->high.quoted);
}

/* Quotes of the other kinds. LEX_END: there are none here. */
static struct lexeme lex_quotes(const char *text, size_t n, size_t at)
{
    const unsigned char *p = (const unsigned char *)text + at, *end = (const unsigned char *)text + n, *marker;
    struct lexeme l = {.kind = LEX_END, .from = at};
    /*!re2c
        smart curly* unsmart    { l.kind = LEX_SMART; goto curly; }
        smart                   { l.kind = LEX_SMART; goto open; }
        "'" [^'"():\\]+ "'"     { l.kind = LEX_SINGLE; goto single; }
        *                       { return l; }
        $                       { return l; }
    */
single:
    if (p < end && !lex_is_space((char)*p) && *p != ')')
        return (struct lexeme){.kind = LEX_END, .from = at}; /* 'tis a word */
    l.to = (size_t)((const char *)p - text);
    l.in_from = at + 1;
    l.in_to = l.to - 1;
    return l;
curly:
    l.to = (size_t)((const char *)p - text);
    l.in_from = at + 3;
    l.in_to = l.to - 3;
    return l;
open:
    l.in_from = at + 3;
    l.to = l.in_to = lex_run(text, n, at);
    return l;
}

struct lexeme lex(const char *text, size_t n, size_t at)
{
    while (at < n && lex_is_space(text[at]))
        at++;
    struct lexeme l = lex_quotes(text, n, at);
    if (l.kind != LEX_END)
        return l;
    const unsigned char *p = (const unsigned char *)text + at, *end = (const unsigned char *)text + n, *marker;
    size_t open = 0, close = 0; /* bytes of the delimiters */
    /*!re2c
        "AND" | "&&"            { l.kind = LEX_AND; goto done; }
        "OR" | "||"             { l.kind = LEX_OR; goto done; }
        "NOT" | "!"             { l.kind = LEX_NOT; goto done; }
        "+"                     { l.kind = LEX_PLUS; goto done; }
        "-"                     { l.kind = LEX_MINUS; goto done; }
        "("                     { l.kind = LEX_OPEN; goto done; }
        ")"                     { l.kind = LEX_CLOSE; goto done; }
        name space* ":"         { l.kind = LEX_FIELD; goto done; }
        word space* ":"         { l.kind = LEX_PATTERN_FIELD; goto done; }
        "*:*"                   { l.kind = LEX_ALL; goto done; }
        word                    { l.kind = LEX_WORD; goto done; }
        phrase                  { l.kind = LEX_PHRASE; open = close = 1; goto done; }
        "\"" inside* "\\"?      { l.kind = LEX_PHRASE_CUT; open = 1; goto done; }
        "/" body* "/"           { l.kind = LEX_REGEX; open = close = 1; goto done; }
        "/" body* "/i"          { l.kind = LEX_REGEX; open = 1; close = 2; l.any_case = true; goto done; }
        "/" body* "\\"?         { l.kind = LEX_REGEX_CUT; open = 1; goto done; }
        range                   { l.kind = LEX_RANGE; open = close = 1; goto done; }
        [[{] [^[\]{}()"]* [\]}]? { l.kind = LEX_RANGE_BAD; goto done; }
        ":"                     { l.kind = LEX_COLON; goto done; }
        [\]}]                   { l.kind = LEX_BRACKET; goto done; }
        "~" [0-9.]*             { l.kind = LEX_FUZZY; goto done; }
        "^" [0-9.]*             { l.kind = LEX_BOOST; goto done; }
        "\\"                    { l.kind = LEX_BACKSLASH; goto done; }
        *                       { l.kind = LEX_WORD; goto done; }
        $                       { l.kind = LEX_END; goto done; }
    */
done:
    l.to = (size_t)((const char *)p - text);
    l.in_from = l.from + open;
    l.in_to = l.to - close;
    if (l.kind == LEX_FIELD || l.kind == LEX_PATTERN_FIELD)
        finish_field(text, &l);
    else if (l.kind == LEX_RANGE)
        finish_range(text, &l);
    else if (l.kind == LEX_WORD)
        l.wild = has_wildcard(text + l.from, l.to - l.from);
    return l;
}

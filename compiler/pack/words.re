/*
 * words.re - the words of a condition.
 *
 * Needs: any bytes. Guarantees: a word for any of them, never empty but at the end. The language's own words are
 * taken in any case.
 */
#include "pack/condition.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = p;
    re2c:define:YYLIMIT = end;
    re2c:define:YYMARKER = marker;
    re2c:yyfill:enable = 0;
    re2c:eof = 0;

    digits = [0-9]+;
    plain  = [^ \t\r\n"];
*/

struct word word_at(const char *text, size_t n, size_t at)
{
    const unsigned char *p = (const unsigned char *)text + at, *end = (const unsigned char *)text + n, *marker;
    const unsigned char *from;
    enum word_kind kind;
again:
    from = p;
    /*!re2c
        [ \t\r\n]+          { goto again; }
        $                   { kind = WORD_END; goto found; }

        digits              { kind = WORD_NUMBER; goto found; }
        digits "." digits   { kind = WORD_DECIMAL; goto found; }
        digits ("." digits)? "%" { kind = WORD_PERCENT; goto found; }
        digits [a-zA-Z] [a-zA-Z0-9]* { kind = WORD_DURATION; goto found; }
        "\"" [^"]* "\""     { kind = WORD_STRING; goto found; }

        'immediately'       { kind = WORD_IMMEDIATELY; goto found; }
        'more'              { kind = WORD_MORE; goto found; }
        'less'              { kind = WORD_LESS; goto found; }
        'at'                { kind = WORD_AT; goto found; }
        'least'             { kind = WORD_LEAST; goto found; }
        'most'              { kind = WORD_MOST; goto found; }
        'than'              { kind = WORD_THAN; goto found; }
        'in'                { kind = WORD_IN; goto found; }
        'usual'             { kind = WORD_USUAL; goto found; }
        'by'                { kind = WORD_BY; goto found; }
        'distinct'          { kind = WORD_DISTINCT; goto found; }
        'new'               { kind = WORD_NEW; goto found; }
        'ratio'             { kind = WORD_RATIO; goto found; }
        'to'                { kind = WORD_TO; goto found; }
        'times'             { kind = WORD_TIMES; goto found; }
        'last'              { kind = WORD_LAST; goto found; }
        'same'              { kind = WORD_SAME; goto found; }
        'hour'              { kind = WORD_HOUR; goto found; }
        'day'               { kind = WORD_DAY; goto found; }
        'week'              { kind = WORD_WEEK; goto found; }
        'yesterday'         { kind = WORD_YESTERDAY; goto found; }
        'then'              { kind = WORD_THEN; goto found; }
        'and'               { kind = WORD_AND; goto found; }
        'without'           { kind = WORD_WITHOUT; goto found; }
        'within'            { kind = WORD_WITHIN; goto found; }

        plain+              { kind = WORD_OTHER; goto found; }
        *                   { kind = WORD_OTHER; goto found; }
    */
found:;
    const unsigned char *begin = (const unsigned char *)text;
    return (struct word){kind, (size_t)(from - begin), (size_t)(p - begin)};
}

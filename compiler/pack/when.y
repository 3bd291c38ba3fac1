/*
 * when.y - the grammar of conditions.
 *
 * Needs: words. Guarantees: which kind of condition they make and where its numbers are, or the first word that cannot
 * stand where it does. Actions note, nothing else.
 *
 * An alert is named by its ID or, in quotes, by its name. A word of the language that cannot stand where it does is
 * taken for a field or an ID, which may have the same spelling.
 */
%name when_
%token_prefix WHEN_TOKEN_
%token_type { struct word }
%extra_context { struct condition *condition }
%fallback OTHER IMMEDIATELY MORE LESS AT LEAST MOST THAN IN USUAL BY DISTINCT NEW RATIO TO TIMES LAST SAME HOUR DAY WEEK
          YESTERDAY THEN AND WITHOUT WITHIN.

%include {
#include <assert.h>

#include "pack/condition.h"

static void note(struct condition *condition, enum when_kind kind)
{
    condition->kind = kind;
}
}

%type comparison { enum when_kind }

condition ::= IMMEDIATELY.                                           { note(condition, WHEN_IMMEDIATELY); }
condition ::= comparison(K) NUMBER(N) IN DURATION(D).                {
    note(condition, K);
    condition->number = N;
    condition->span = D;
}
condition ::= MORE THAN USUAL IN DURATION(D) margin floor.           {
    note(condition, WHEN_MORE_THAN_USUAL);
    condition->span = D;
}
condition ::= LESS THAN USUAL IN DURATION(D) margin floor.           {
    note(condition, WHEN_LESS_THAN_USUAL);
    condition->span = D;
}
condition ::= comparison NUMBER DISTINCT OTHER IN DURATION.          { note(condition, WHEN_DISTINCT); }
condition ::= NEW OTHER IN DURATION.                                 { note(condition, WHEN_NEW); }
condition ::= RATIO TO STRING comparison factor IN DURATION.         { note(condition, WHEN_RATIO); }
condition ::= comparison factor TIMES reference.                     { note(condition, WHEN_RELATIVE); }
condition ::= chain WITHIN DURATION.                                 { note(condition, WHEN_SEQUENCE); }

comparison(K) ::= MORE THAN.                                         { K = WHEN_MORE_THAN; }
comparison(K) ::= LESS THAN.                                         { K = WHEN_LESS_THAN; }
comparison(K) ::= AT LEAST.                                          { K = WHEN_AT_LEAST; }
comparison(K) ::= AT MOST.                                           { K = WHEN_AT_MOST; }

margin ::= .
margin ::= BY PERCENT(P).                                            { condition->margin = P; }
floor ::= .
floor ::= AT LEAST NUMBER(N).                                        { condition->number = N; }

factor ::= NUMBER.
factor ::= DECIMAL.

reference ::= LAST period.
reference ::= SAME HOUR YESTERDAY.
reference ::= SAME period LAST WEEK.
period ::= HOUR.
period ::= DAY.
period ::= WEEK.

chain ::= in_order.
chain ::= in_any_order.
chain ::= alert WITHOUT alert.
in_order ::= alert THEN alert.
in_order ::= in_order THEN alert.
in_any_order ::= alert AND alert.
in_any_order ::= in_any_order AND alert.

alert ::= OTHER.
alert ::= STRING.

%syntax_error {
    if (!condition->wrong)
        condition->at = TOKEN;
    condition->wrong = true;
}
%stack_overflow { condition->wrong = true; }

%code {
static int token_of(enum word_kind kind)
{
    static const int tokens[] = {
        [WORD_END] = 0,
        [WORD_NUMBER] = WHEN_TOKEN_NUMBER,
        [WORD_DECIMAL] = WHEN_TOKEN_DECIMAL,
        [WORD_PERCENT] = WHEN_TOKEN_PERCENT,
        [WORD_DURATION] = WHEN_TOKEN_DURATION,
        [WORD_STRING] = WHEN_TOKEN_STRING,
        [WORD_OTHER] = WHEN_TOKEN_OTHER,
        [WORD_IMMEDIATELY] = WHEN_TOKEN_IMMEDIATELY,
        [WORD_MORE] = WHEN_TOKEN_MORE,
        [WORD_LESS] = WHEN_TOKEN_LESS,
        [WORD_AT] = WHEN_TOKEN_AT,
        [WORD_LEAST] = WHEN_TOKEN_LEAST,
        [WORD_MOST] = WHEN_TOKEN_MOST,
        [WORD_THAN] = WHEN_TOKEN_THAN,
        [WORD_IN] = WHEN_TOKEN_IN,
        [WORD_USUAL] = WHEN_TOKEN_USUAL,
        [WORD_BY] = WHEN_TOKEN_BY,
        [WORD_DISTINCT] = WHEN_TOKEN_DISTINCT,
        [WORD_NEW] = WHEN_TOKEN_NEW,
        [WORD_RATIO] = WHEN_TOKEN_RATIO,
        [WORD_TO] = WHEN_TOKEN_TO,
        [WORD_TIMES] = WHEN_TOKEN_TIMES,
        [WORD_LAST] = WHEN_TOKEN_LAST,
        [WORD_SAME] = WHEN_TOKEN_SAME,
        [WORD_HOUR] = WHEN_TOKEN_HOUR,
        [WORD_DAY] = WHEN_TOKEN_DAY,
        [WORD_WEEK] = WHEN_TOKEN_WEEK,
        [WORD_YESTERDAY] = WHEN_TOKEN_YESTERDAY,
        [WORD_THEN] = WHEN_TOKEN_THEN,
        [WORD_AND] = WHEN_TOKEN_AND,
        [WORD_WITHOUT] = WHEN_TOKEN_WITHOUT,
        [WORD_WITHIN] = WHEN_TOKEN_WITHIN,
    };
    return tokens[kind];
}

void condition_parse(struct condition *condition)
{
    yyParser parser;
    when_Init(&parser, condition);
    struct word word = {WORD_END, 0, 0};
    do {
        word = word_at(condition->s.p, condition->s.n, word.to);
        when_(&parser, token_of(word.kind), word);
    } while (word.kind != WORD_END && !condition->wrong);
    when_Finalize(&parser);
}
}

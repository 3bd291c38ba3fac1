/*
 * filter.y - the grammar of filters.
 *
 * Needs: tokens that parse.c has mended, so that they always make a sentence. Guarantees: the groups of the filter as they
 * are written; what the operators mean together is group.c's to say. Actions build, nothing else.
 */
%name filter_
%token_prefix TOKEN_
%token_type { const struct lexeme * }
%extra_context { struct parse *parse }
%stack_size 1000

%include {
#include <assert.h>

#include "filter.h"
#include "filter/parse.h"

static struct group *add(struct parse *parse, struct group *group, enum join join, struct item item)
{
    if (!group)
        group = NEW(parse->c, struct group);
    item.join = join;
    *PUSH(parse->c, group->items, group->n) = item;
    return group;
}

static struct item of_value(const struct lexeme *field, const struct lexeme *value)
{
    size_t from = field ? field->from : value->from;
    return (struct item){.field = field, .value = value, .operand = from, .to = value->to};
}

static struct item of_group(const struct lexeme *field, size_t from, struct group *group, const struct lexeme *close)
{
    return (struct item){.field = field, .group = group, .operand = from, .to = close->to};
}

static struct item with_sign(const struct lexeme *mark, struct item item)
{
    item.mark = mark;
    item.sign = mark->kind == LEX_PLUS ? SIGN_MUST : SIGN_NOT;
    return item;
}
}

%token_class mark NOT|PLUS|MINUS.

%type list { struct group * }
%type item { struct item }
%type operand { struct item }

filter ::= list(G).                                  { parse->root = G; }

list(G) ::= item(I).                                 { G = add(parse, NULL, JOIN_NONE, I); }
list(G) ::= list(L) item(I).                         { G = add(parse, L, JOIN_NONE, I); }
list(G) ::= list(L) AND item(I).                     { G = add(parse, L, JOIN_AND, I); }
list(G) ::= list(L) OR item(I).                      { G = add(parse, L, JOIN_OR, I); }

item(I) ::= operand(O).                              { I = O; }
item(I) ::= mark(M) operand(O).                      { I = with_sign(M, O); }

operand(O) ::= VALUE(V).                             { O = of_value(NULL, V); }
operand(O) ::= FIELD(F) VALUE(V).                    { O = of_value(F, V); }
operand(O) ::= OPEN(P) list(G) CLOSE(Q).             { O = of_group(NULL, P->from, G, Q); }
operand(O) ::= FIELD(F) OPEN list(G) CLOSE(Q).       { O = of_group(F, F->from, G, Q); }

%syntax_error { assert(!"mended tokens make a sentence"); }
%stack_overflow { assert(!"parse.c bounds the depth"); }

%code {
static int token_of(enum lexeme_kind kind)
{
    switch (kind) {
    case LEX_END: return 0;
    case LEX_AND: return TOKEN_AND;
    case LEX_OR: return TOKEN_OR;
    case LEX_NOT: return TOKEN_NOT;
    case LEX_PLUS: return TOKEN_PLUS;
    case LEX_MINUS: return TOKEN_MINUS;
    case LEX_OPEN: return TOKEN_OPEN;
    case LEX_CLOSE: return TOKEN_CLOSE;
    case LEX_FIELD: return TOKEN_FIELD;
    default: return TOKEN_VALUE;
    }
}

void filter_group(struct parse *parse)
{
    yyParser parser;
    filter_Init(&parser, parse);
    for (size_t i = 0; i < parse->n_tokens; i++)
        filter_(&parser, token_of(parse->tokens[i]->kind), parse->tokens[i]);
    filter_(&parser, 0, NULL);
    filter_Finalize(&parser);
}
}

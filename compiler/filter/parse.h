/*
 * parse.h - what the files of the filter's front end share.
 *
 *   lex.re     text      -> lexemes   also those that no filter may hold, each with its extent
 *   parse.c    lexemes   -> tokens    that always make a sentence: what does not fit is said and mended,
 *   mend.c                            the values among them
 *   foreign.c  text      -> a message  when it compares as other languages do
 *   filter.y   tokens    -> groups    what is written, as it is written
 *   group.c    groups    -> nodes     operators judged, fields handed down
 *   clause.c   lexemes   -> clauses   field and value
 *   rewrite.c  what to write instead, and whether that compiles
 *
 * Offsets are bytes of the filter's text.
 */
#ifndef PARSE_H
#define PARSE_H

#include "trailc.h"

enum { MAX_PARENTHESES = 100 }; /* open at once */

enum lexeme_kind {
    LEX_END,
    LEX_AND,
    LEX_OR,
    LEX_NOT, /* NOT and ! */
    LEX_PLUS,
    LEX_MINUS,
    LEX_OPEN,
    LEX_CLOSE,
    LEX_FIELD, /* name and colon */
    LEX_WORD,  /* also >=5, @list, w?ld* */
    LEX_PHRASE,
    LEX_REGEX,
    LEX_RANGE,
    LEX_ALL, /* *:* */

    /* no part of any filter */
    LEX_BAD,           /* stands for a value of which something was said */
    LEX_PATTERN_FIELD, /* wildcards and a colon */
    LEX_PHRASE_CUT,    /* the closing quote, slash, bracket is missing, or the range is none */
    LEX_REGEX_CUT,
    LEX_RANGE_BAD,
    LEX_COLON,
    LEX_BRACKET, /* ] or } that closes nothing */
    LEX_FUZZY,
    LEX_BOOST,
    LEX_SMART,     /* “…” */
    LEX_SINGLE,    /* '…' */
    LEX_BACKSLASH, /* the text's last byte */
};

struct lexeme {
    enum lexeme_kind kind;
    size_t from, to;       /* all of it */
    size_t in_from, in_to; /* FIELD: the name; values: without quotes, slashes, brackets */
    bool any_case;         /* REGEX: /…/i */
    bool wild;             /* WORD: an unescaped * or ? */
    struct {
        size_t from, to; /* without quotes */
        bool quoted;
    } low, high; /* RANGE */
};

/* lex.re. The lexeme at or after `at`. text[n] must be readable. */
struct lexeme lex(const char *text, size_t n, size_t at);
/* The end of what is written without a gap from `at` on: white space and parentheses end it, but not inside
 * quotes. */
size_t lex_run(const char *text, size_t n, size_t at);
bool lex_is_space(char);

enum join { JOIN_NONE, JOIN_AND, JOIN_OR };
enum sign { SIGN_NONE, SIGN_NOT, SIGN_MUST };

/* One operand of a group with what stands before it. */
struct item {
    enum join join; /* with the item before; the first has none */
    enum sign sign;
    const struct lexeme *mark;  /* the sign as written; NULL without */
    const struct lexeme *field; /* NULL without */
    const struct lexeme *value; /* NULL when it is a group */
    struct group *group;
    size_t operand, to; /* where the operand is written, its field included */
};

/* What stands between one pair of parentheses, or in the whole filter. */
struct group {
    size_t n;
    struct item *items;
};

/* One filter on its way through the front end. */
struct parse {
    struct compile *c;
    const struct text *text;
    struct slice s; /* the same bytes, terminated */
    size_t at;      /* where the lexer goes on */

    size_t n_tokens;
    const struct lexeme **tokens;
    bool need; /* an operand is due */
    bool cut;  /* the rest was taken for one unfinished value: what is missing at the end is not said again */
    bool hopeless; /* the text cannot be read on */
    size_t n_open;
    size_t open[MAX_PARENTHESES];

    struct group *root;
};

/* Says something about bytes [from, to) of the filter. */
struct diag *say(struct parse *, enum code, size_t from, size_t to, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* For `%.*s`. */
#define SHOW(slice) (int)(slice).n, (slice).p

/* filter.y */
void filter_group(struct parse *);

/* group.c. `field` is what an enclosing `f:( … )` hands down; NULL without. */
struct node *group_node(struct parse *, const struct group *, const struct lexeme *field);

/* clause.c. NULL when something was said. */
struct node *clause_node(struct parse *, const struct lexeme *field, const struct lexeme *value);
bool escapable(char);
bool among(const char *chars, char); /* never the terminator */
struct slice unescaped(struct compile *, struct slice raw);

/* rewrite.c */
struct slice raw(const struct parse *, size_t from, size_t to);
struct slice clipped(struct compile *, struct slice);              /* short enough for a message */
struct slice spaced(const struct parse *, size_t from, size_t to); /* every gap one space */
struct slice quoted(struct compile *, struct slice raw);
struct slice escaped(struct compile *, struct slice raw);
/* What is written, as one value: in quotes, unless quotes would change what it is. */
struct slice as_value(struct compile *, struct slice raw);
struct slice clause_text(const struct parse *, const struct lexeme *field,
                         struct slice value); /* field:value */
/* A field as one writes it, on a view ("": text); a last key that is named like a view gets its backslash. */
struct slice field_text(struct compile *, const struct path *, const char *view);
/* A word, phrase, wildcard or regex as it was written. */
struct slice value_text(struct compile *, const struct text *, const struct clause *);
/* Whether there is any use in making one: not of a rewrite that is tried itself, nor of the hundredth error.
 */
bool wants_rewrite(const struct compile *);
enum { TRY_PARSE, TRY_CHECK };
/* Sets the diagnostic's rewrite, if that is a filter without errors. */
void suggest(struct compile *, struct diag *, struct slice rewrite, int how);
/* Says, where a whole filter becomes one phrase, how YAML leaves it its quotes. Of the diagnostics from `said` on. */
void note_quotes(struct compile *, const struct text *, size_t said);
/* Sets the fix of a rewrite that is a clause: it stands for the clause, or for the value where the field is that of a
 * group. */
void fix_clause(struct compile *, const struct clause *, struct diag *);
/* The same, and a fix: the rewrite is what bytes [from, to) shall be. */
void suggest_for(const struct parse *, struct diag *, struct slice rewrite, int how, size_t from, size_t to);

#endif

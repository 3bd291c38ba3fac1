/*
 * node.h - a filter's tree: parse.c builds it, check.c completes it; and how filters are written.
 */
#ifndef FILTER_NODE_H
#define FILTER_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/intern.h"
#include "base/source.h"

struct alert;
struct regex;

enum view { VIEW_TEXT, VIEW_KEYWORD, VIEW_NUMERIC, VIEW_IP, VIEW_JSON };
const char *view_name(enum view); /* "text", "keyword", … */

enum node_kind { NODE_ALL, NODE_AND, NODE_OR, NODE_NOT, NODE_CLAUSE };

enum clause_kind {
    CLAUSE_WORD,     /* bare value */
    CLAUSE_PHRASE,   /* "…" */
    CLAUSE_WILDCARD, /* has an unescaped * or ? */
    CLAUSE_REGEX,    /* /…/ or /…/i */
    CLAUSE_RANGE,    /* [ ] { } and < <= > >= */
    CLAUSE_EXISTS,   /* f:* and _exists_:f */
    CLAUSE_LIST,     /* @name */
};

struct bound {
    bool open;   /* `*`: no bound on this side */
    bool quoted; /* "…": on the text view, compared as text */
    bool inclusive;
    struct slice value; /* escapes undone */
    struct loc loc;
};

/* A decimal number by value: digits × 10^exponent. No leading or trailing zero digits; zero has none. */
struct decimal {
    bool negative;
    int64_t exponent;
    struct slice digits;
};

/* A literal as a view sees it. */
struct literal {
    struct slice whole;              /* the value, escapes undone */
    size_t n_tokens;                 /* text view: at least 1 */
    struct slice *tokens;            /* lower-cased */
    struct decimal number;           /* .numeric */
    uint8_t low_ip[16], high_ip[16]; /* .ip: an address or a block, inclusive */
};

struct clause {
    enum clause_kind kind;
    struct path *path; /* NULL: every value of the event */
    bool as_is;        /* a key is behind a backslash: the catalogue is not asked about the clause */
    enum view view;
    struct loc field_loc, value_loc;
    size_t from, to;    /* the value's bytes in the filter's text, without quotes or slashes */
    struct slice value; /* escapes undone (WORD, PHRASE, LIST: the name) */
    bool any_case;      /* REGEX: /…/i */
    struct bound low, high;

    /* completed by check.c */
    size_t n_literals; /* WORD, PHRASE: 1, or 2 for a number that splits (`-3`); LIST: one each */
    struct literal *literals;
    const struct regex *regex; /* WILDCARD, REGEX */
    bool numeric;              /* RANGE on numbers; also WORD on `.numeric` (low == high) */
    struct decimal low_number, high_number;
    uint8_t low_ip[16], high_ip[16]; /* VIEW_IP: inclusive; IPv4 as ::ffff:a.b.c.d */
};

struct node {
    enum node_kind kind;
    struct loc loc;
    size_t n;
    struct node **kids; /* AND, OR: 2 or more; NOT: 1 */
    struct clause *clause;
};

/* parse.c. Needs: pack. Guarantees: every alert has a tree, or errors E101–E107, E111 were said. */
bool parse(struct compile *);
/* One filter: for tests and the fuzzer. NULL when errors were said. */
struct node *parse_filter(struct compile *, const struct text *);
/* check.c. Needs: trees. Guarantees: clauses completed, or errors E104, E108–E112 were said. */
bool check(struct compile *);
bool check_filter(struct compile *, const struct text *, struct node *);
/* recognise.c. Needs: checked trees, of a pack whose schema is cloudtrail. Guarantees: every field is one that
 * CloudTrail's records have, or E120 was said; W204, W206, W207 of what a record has, but not so. */
bool recognise(struct compile *);
/* For `explain`: how many event names each pattern of a filter matches, a line each. */
void recognise_print(struct compile *, struct buffer *, const struct alert *);
/* `--dump=ast`: one S-expression a filter, deterministic. */
void node_print(struct buffer *, const struct node *);
/* The same of texts: in quotes, escaped for a terminal. */
void quote_print(struct buffer *, struct slice);
/* tokens.c. `--dump=tokens`: one filter's lexemes on a line, deterministic; also of a filter with errors. */
void tokens_print(struct buffer *, const struct text *filter);

/* filter/spell.c. A filter with its operators as words and one space between lexemes: what `trailc fmt`
 * writes. */
struct slice filter_spelled(struct compile *, struct slice);
/* A spelled filter, NUL-terminated, cut before AND and OR, the outermost ones first, into lines that fit
 * where they can. */
struct slice *filter_lines(struct compile *, struct slice filter, size_t width, size_t *n);
/* Whether two filters have one tree. */
bool filter_same(struct compile *, struct slice, struct slice);
/* pattern.c. An event pattern of EventBridge as a filter; n 0: none says the same. *is_pattern: the JSON is an
 * object. */
struct slice pattern_filter(struct compile *, struct slice json, bool *is_pattern);

#endif

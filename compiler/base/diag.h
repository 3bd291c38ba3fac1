/*
 * diag.h - what is said about a place: errors, warnings, and what to write instead.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdio.h>

#include "base/source.h"

/*
 * Codes: E0xx the rule file, E1xx the filter, W2xx filters that work but may not mean what they say.
 * The meaning of each is listed in trailc-rules(5).
 */
enum code {
    E001 = 1,   /* not YAML, or unreadable */
    E002,       /* unknown key */
    E003,       /* duplicate key */
    E004,       /* ill-typed or invalid value */
    E005,       /* a key that must be there is not */
    E006,       /* two alerts of one name */
    E007,       /* condition: not one that we know, or a bad number or duration in it */
    E008,       /* condition that the language has and the runtime cannot run yet */
    E009,       /* time zone, weekday or hour */
    E010,       /* --strict: an alert without description or tests */
    E101 = 101, /* AND and OR mixed without parentheses */
    E102,       /* a OR NOT b */
    E103,       /* two clauses and no operator */
    E104,       /* no value */
    E105,       /* unbalanced, empty, or an operator without operand */
    E106,       /* and, or, not in lower case */
    E107,       /* unescaped : or / in a value; = and the like where : is meant */
    E108,       /* can never match */
    E109,       /* no DFA has this, or Lucene reads it as an operator */
    E110,       /* DFA over the limit */
    E111,       /* fuzzy, proximity, boost */
    E112,       /* unknown list, view that does not fit, bad number or address */
    E120 = 120, /* a field that no CloudTrail record has */
    W201 = 201, /* a word of several tokens, read as a phrase */
    W202,       /* capitals in a text regex */
    W203,       /* \d \w \s */
    W204,       /* eventName or eventSource: nothing that AWS has */
    W205,       /* always true, always false, or contained in another alert */
    W206,       /* numeric bounds on a field of text */
    W207,       /* a request parameter that the API has not */
};

/*
 * A change that does what a message says. Passes say it as they see it; fix_resolve() makes bytes of a file of it.
 */
struct fix {
    struct loc loc;    /* what is replaced; source is NOWHERE when there is no fix */
    struct slice text; /* by this */
    bool inside;       /* loc and text are of a scalar's value: its quotes are not in them */
    bool certain;      /* nothing else can have been meant; else a person should look */
};

struct diag {
    enum code code;
    struct loc loc;
    struct slice message; /* one line, no final stop */
    struct slice rewrite; /* what to write instead; n is 0 when there is none */
    struct slice note;    /* a second line of explanation; n is 0 when there is none */
    struct fix fix;       /* the rewrite, where it is clear what it replaces */
};

bool code_is_error(enum code);

/* Sets the fix: bytes [from, to) of the text become `by`. For one with a rewrite only: else there is none. */
void diag_fix(struct diag *, const struct text *, size_t from, size_t to, struct slice by, bool certain);
/* The same for a place of the source, in YAML's spelling. */
void diag_fix_source(struct diag *, struct loc, struct slice by, bool certain);

/* Adds a message; returns it so that rewrite and note can be set. */
struct diag *diag(struct compile *, enum code, struct loc, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct slice diag_format(struct compile *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Errors said so far (warnings count with compile.werror). A pass that ends with more stops the compile. */
size_t diag_errors(const struct compile *);

/* Prints all, sorted by place: `file:line:col: error[E101]: message`, the line, carets, rewrite. At most 20
 * errors. */
void diag_print(struct compile *, FILE *, bool colour);
/* One JSON document of the diagnostics of some packs: trailc(1) has its shape. */
void diag_print_json_all(size_t n, struct compile *const *, FILE *);
void diag_print_json(struct compile *, FILE *);

#endif

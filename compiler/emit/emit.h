/*
 * emit.h - what the emitter's files share: emit.c (the whole), emit_match.c (places and tests), emit_ranges.c,
 * emit_sets.c (large sets of values), emit_literals.c and emit_needles.c (texts that must be there), emit_tables.c
 * (the pack's constants), emit_regexes.c, emit_text.c (how text of rules is spelled in C).
 */
#ifndef EMIT_H
#define EMIT_H

#include "emit/output.h"
#include "trailc.h"

/* ---- emit_text.c: the only ways in which text of a rule reaches generated files --------------- */

/* As a C string literal: letters, digits and a few harmless marks as they are, all else in three-digit octal.
 */
void emit_string(struct buffer *, struct slice);
/* Inside a block comment, each line behind `prefix`: nothing in it can end the comment, splice a line or be a
 * trigraph. */
void emit_comment(struct buffer *, const char *prefix, struct slice);
/* An enumerator's text in lower case, as a function's name. */
void emit_lower(struct buffer *, struct slice symbol);

/* A text to be told from others, and the code that runs when it is the one: whole lines without indentation.
 */
struct choice_of_text {
    struct slice text;
    struct buffer code;
    size_t order; /* of first use */
};

/* Zero-initialise. */
struct choices {
    size_t n;
    struct choice_of_text **list;
    struct map by_text;
};

/* The body for `text`, found or made. */
struct buffer *choice_code(struct compile *, struct choices *, struct slice text);
/* Nested switches that run the code of the text at (p, n), if any; bodies that return or fall to the end. */
void emit_switch(struct compile *, struct buffer *, unsigned indent, const struct choices *, const char *p,
                 const char *n);
/* indent times four spaces. */
void emit_indent(struct buffer *, unsigned indent);

/* ---- emit_literals.c: strings that predicates need, looked for at once -------------------------- */

enum { SCAN_SHORTEST = 3 }; /* strings of fewer bytes are everywhere */

struct scanned {
    struct slice text;
    size_t test;
};

/* A scan of a value for what some predicates of one place and view need; n 0: not worth its while. */
struct scan {
    size_t n;
    struct pred **tests; /* regexes to be run if the test's bit is set; NULL: words to be looked up */
    size_t n_list, shortest;
    struct scanned *list;
    bool sufficient; /* no predicate here can hold without one of the strings */
    bool ascii;
};

/* Of words and regexes among the predicates. */
struct scan scan_of(struct compile *, enum view, size_t n, struct pred *const *preds);
bool scan_has(const struct scan *, const struct pred *);
size_t scan_words(const struct scan *); /* of bits, one a test */
bool scan_regexes(const struct scan *); /* it has some */
/* What trail_literals_find() reads: trail/literals.h. */
struct trail_literals *scan_table(struct compile *, const struct scan *);
/* The same as C, `static const struct trail_literals NAME`. */
void emit_scan(struct compile *, struct buffer *, const struct scan *, const char *name);

/* ---- the files -------------------------------------------------------------------------------- */

/* Every different regex of the pack once; regexes are named by their position. */
struct regexes {
    size_t n;
    struct pred **first; /* a predicate that asks it */
    struct map by_text;  /* canonical text -> number, a size_t */
};

size_t regex_number(struct compile *, const struct regexes *, const struct pred *);

void emit_match(struct compile *, struct buffer *, const struct regexes *);
void emit_fields(struct compile *, struct buffer *);
void emit_filters(struct compile *, struct buffer *);
void emit_tables(struct compile *, struct buffer *);
void emit_needles(struct compile *, struct buffer *); /* part of pack.c */
void emit_regexes(struct compile *, const struct regexes *);

/* ---- emit_sets.c: values that share one bit ----------------------------------------------------- */

/* The enumerator of the bit that a predicate sets; whether it is the one that stands for the bit. */
const char *emit_bit(const struct pred *);
bool emit_is_first(const struct pred *);
/* Appends the tests of the predicates that are in sets, as tables that are searched. What a test that holds does is
 * emit_hold()'s. Words of phrases are none of them. */
void emit_sets(struct compile *, struct buffer *, size_t n, struct pred *const *preds);
/* Whether emit_sets() is to have it. */
bool emit_in_set(const struct pred *);
/* emit_match.c. */
void emit_hold(const struct compile *, struct buffer *, unsigned indent, const struct pred *);

/* ---- emit_ranges.c ---------------------------------------------------------------------------------- */

bool emit_is_range(const struct pred *);
/* Appends the tests of the ranges among the predicates: of whole values, or of JSON text. */
void emit_range_tests(struct compile *, struct buffer *, size_t n, struct pred *const *preds, bool json);
/* A `.low = …, .high = …` initialiser. */
void emit_number_range(struct buffer *, const struct pred *);
void emit_address(struct buffer *, const uint8_t ip[16]);

/* ---- emit.c ---------------------------------------------------------------------------------------- */

/* A new file of the output. */
struct buffer *emit_file(struct compile *, const char *name);

/* The pack's name as a C identifier: cloudtrail_ten_pack. */
struct slice emit_pack_symbol(struct compile *);

#endif

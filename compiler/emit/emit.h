/*
 * emit.h - what the emitter's files share: emit.c (the whole), emit_match.c (places and tests), emit_tables.c
 * (the pack's constants), emit_regexes.c, emit_text.c (how text of rules is spelled in C).
 */
#ifndef EMIT_H
#define EMIT_H

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
};

/* The body for `text`, found or made. */
struct buffer *choice_code(struct compile *, struct choice_of_text **, size_t *n, struct slice text);
/* Nested switches that run the code of the text at (p, n), if any; bodies that return or fall to the end. */
void emit_switch(struct compile *, struct buffer *, unsigned indent, struct choice_of_text *,
                 size_t n_choices, const char *p, const char *n);
/* indent times four spaces. */
void emit_indent(struct buffer *, unsigned indent);

/* ---- the files -------------------------------------------------------------------------------- */

/* Every different regex of the pack once; regexes are named by their position. */
struct regexes {
    size_t n;
    struct pred **first; /* a predicate that asks it */
};

size_t regex_number(struct compile *, const struct regexes *, const struct pred *);

void emit_match(struct compile *, struct buffer *, const struct regexes *);
void emit_fields(struct compile *, struct buffer *);
void emit_filters(struct compile *, struct buffer *);
void emit_tables(struct compile *, struct buffer *);
void emit_regexes(struct compile *, const struct regexes *);

/* A new file of the output. */
struct buffer *emit_file(struct compile *, const char *name);

/* The pack's name as a C identifier: cloudtrail_ten_pack. */
struct slice emit_pack_symbol(struct compile *);

#endif

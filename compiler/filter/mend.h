/*
 * mend.h - what parse.c and mend.c share: the lexemes of a filter on their way to the grammar.
 */
#ifndef MEND_H
#define MEND_H

#include "parse.h"

/* parse.c: the lexeme that comes next, looked at or taken; a token for the grammar, or one that stands for a
 * broken value. */
struct lexeme peek(const struct parse *);
struct lexeme next(struct parse *);
const struct lexeme *push(struct parse *, struct lexeme);
void push_bad(struct parse *, size_t from, size_t to);

/* mend.c: takes what was read, says what is wrong with it, pushes what the grammar needs. */
void take_field(struct parse *, struct lexeme);
void take_value(struct parse *, const struct lexeme *field, struct lexeme);
void take_stray(struct parse *, struct lexeme);
/* `~` and `^` right behind what started at `from`. */
void take_marks(struct parse *, const struct lexeme *field, size_t from);

#endif

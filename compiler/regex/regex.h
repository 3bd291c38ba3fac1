/*
 * regex.h - languages of strings.
 */
#ifndef REGEX_REGEX_H
#define REGEX_REGEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/source.h"

/*
 * A regular language over code points. The alphabet is 0…0x10FFFF without the surrogates, plus one
 * symbol for each byte that is not part of valid UTF-8: 0xDC00 + byte.
 */
struct regex;

enum regex_dialect {
    REGEX_KEYWORD,     /* the whole value, as it is */
    REGEX_KEYWORD_ANY, /* the whole value, any case */
    REGEX_TOKEN,       /* one lower-cased token: any case */
};

/*
 * Parses bytes [from, to) of the filter's text (without the slashes; `\/` is a slash).
 * Says E104 (empty), E105, E108 (empty language, or, for a token, one that no token is in), E109, E110, W202,
 * W203.
 */
struct regex *regex_parse(struct compile *, const struct text *, size_t from, size_t to, enum regex_dialect);

/* A wildcard pattern: bytes [from, to) with `*`, `?` and backslash escapes. Says E108, E110. */
struct regex *regex_wildcard(struct compile *, const struct text *, size_t from, size_t to,
                             enum regex_dialect);

/* Equal texts are equal languages: the identity by which predicates are shared. */
struct slice regex_canonical(struct compile *, const struct regex *);

/* In the syntax of re2c, in letters, digits, its operators and \x \u \U escapes only. */
void regex_print(struct buffer *, const struct regex *);

/* Number of states of its minimal DFA, without the dead one. Never over TRAIL_MAX_STATES: E110 was said then.
 */
size_t regex_states(const struct regex *);
/* That DFA, for emit; see regex/automaton.h. */
struct dfa;
const struct dfa *regex_dfa(const struct regex *);

/* Whether the text (any bytes) is in the language. */
bool regex_match(struct compile *, const struct regex *, struct slice);

#endif

/*
 * literals.h - strings that a predicate cannot do without: one of them is somewhere in every text that passes it.
 *
 * A scan that looks for the strings of many predicates at once, and finds none, has answered them all. So the strings
 * that are given are the rarest that the predicate has, as far as the bytes of a log are known.
 */
#ifndef LITERALS_H
#define LITERALS_H

#include "trailc.h"

/*
 * Every text that passes has one of `list` in it, letter case aside (`list` is in lower case, as far as ASCII's letters
 * go): as bytes of the value itself, whatever escapes the log has it in. None is empty.
 */
struct literals {
    size_t n; /* 0: there are no such strings, or too many */
    struct slice *list;
    size_t shortest;
    bool ascii; /* it is so of texts of ASCII alone: others may pass without (`K`, the Kelvin sign, is a k) */
};

/* Of words, equalities, wildcards and regexes; n is 0 for what asks something else. */
struct literals literals_of(struct compile *, const struct pred *);

/* How seldom the bytes are met in a log, at least once in a text: bits, more are rarer. 0 for none. */
unsigned literal_rarity(struct slice);
/* Where its rarest n bytes begin; n is at most its length. */
size_t literal_rarest(struct slice, size_t n);

#endif

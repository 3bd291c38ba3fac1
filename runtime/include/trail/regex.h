/*
 * regex.h - what a compiled regex's DFA reads: code points, not bytes.
 *
 * The DFA's alphabet is Unicode's code points, one symbol for each byte that is not part of valid UTF-8
 * (0xDC00 + the byte, as trail_decode() gives it) and one for the end of the text. Surrogates are no code
 * points of valid UTF-8, so none of these can be confused with text.
 */
#ifndef TRAIL_REGEX_H
#define TRAIL_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

#define TRAIL_END_OF_TEXT 0xD800

/* The symbol at *at, which moves behind it; at the end it stays. */
static inline uint32_t trail_next(const unsigned char **at, const unsigned char *end)
{
    const unsigned char *p = *at;
    if (p == end)
        return TRAIL_END_OF_TEXT;
    if (*p < 0x80) {
        *at = p + 1;
        return *p;
    }
    unsigned n;
    uint32_t symbol = trail_decode(p, end, &n);
    *at = p + n;
    return symbol;
}

/* ---- a DFA as data: one that would be too much code ---- */

/* Symbols from `from` up to the next one's are of class `class`; class 0 leads nowhere from any state. */
struct trail_class {
    uint32_t from, class;
};

#define TRAIL_DFA_NO  UINT16_MAX       /* no state: nothing that follows matches */
#define TRAIL_DFA_YES (UINT16_MAX - 1) /* … everything does */

/* On class k, state s goes to moves[start + k - 1].to if that is s's own, or else to `otherwise`. */
struct trail_state {
    uint32_t start;
    uint16_t otherwise;
    uint16_t match; /* whether the text may end here */
};

struct trail_move {
    uint16_t state, to;
};

struct trail_dfa {
    const uint32_t *ascii; /* the classes of the first 128 symbols */
    size_t n_classes;
    const struct trail_class *classes; /* from 0 on */
    const struct trail_state *states;  /* 0 is the start */
    const struct trail_move *moves;
};

static inline uint32_t trail_class_of(const struct trail_dfa *dfa, uint32_t symbol)
{
    if (symbol < 0x80)
        return dfa->ascii[symbol];
    const struct trail_class *classes = dfa->classes;
    for (size_t n = dfa->n_classes; n > 1;) {
        size_t half = n / 2;
        classes += classes[half].from <= symbol ? half : 0;
        n -= half;
    }
    return classes->class;
}

/* Whether the DFA matches the whole text. */
static inline bool trail_dfa_match(const struct trail_dfa *dfa, const char *p, size_t n)
{
    const unsigned char *at = (const unsigned char *)p, *end = at + n;
    uint32_t s = 0;
    while (at < end) {
        uint32_t class = trail_class_of(dfa, trail_next(&at, end));
        if (class == 0)
            return false;
        const struct trail_state *state = &dfa->states[s];
        const struct trail_move *move = &dfa->moves[state->start + class - 1];
        uint32_t to = move->state == s ? move->to : state->otherwise;
        if (to >= TRAIL_DFA_YES)
            return to == TRAIL_DFA_YES;
        s = to;
    }
    return dfa->states[s].match;
}

#endif

/*
 * tree.h - between the files that know what a regex is made of:
 *
 *   charset.c      sets of symbols
 *   tree.c         regexes as trees, in a normal form; printing them
 *   regex.c        reading regexes and wildcards
 *   class.c        reading what stands for one symbol
 *   reader.c       what is said about them, and what to write instead
 *   automaton.c    NFAs
 *   subsets.c      DFAs of them
 *   simulation.c   what a DFA need not tell apart
 *   minimal.c      minimal DFAs, and what can be asked of them
 *   token.c        the language of tokens
 */
#ifndef TREE_H
#define TREE_H

#include <limits.h>

#include "regex/charset.h"
#include "regex/regex.h"

enum regex_kind {
    RE_EMPTY, /* the empty string */
    RE_SET,
    RE_CAT,
    RE_ALT,
    RE_REPEAT,
};

#define UNBOUNDED UINT_MAX

struct tree {
    enum regex_kind kind;
    size_t from, to; /* where it was written, in bytes of the filter's text */
    const struct charset *set;
    size_t n;
    const struct tree **kids; /* CAT, ALT: 2 or more; REPEAT: 1 */
    unsigned min, max;        /* REPEAT */
};

struct regex {
    const struct tree *tree;
    const struct dfa *dfa; /* minimal */
    struct slice canonical;
};

/* ---- tree.c: constructors, each giving the simplest tree of its language that it sees ---- */

const struct tree *tree_empty(struct compile *, size_t from, size_t to);
const struct tree *tree_set(struct compile *, const struct charset *, size_t from, size_t to);
const struct tree *tree_cat(struct compile *, size_t n, const struct tree **, size_t from, size_t to);
const struct tree *tree_alt(struct compile *, size_t n, const struct tree **, size_t from, size_t to);
const struct tree *tree_repeat(struct compile *, const struct tree *, unsigned min, unsigned max, size_t from,
                               size_t to);
/* The tree with one node in the place of another; nodes are known by their address. */
const struct tree *tree_replace(struct compile *, const struct tree *, const struct tree *old,
                                const struct tree *new_node);
void tree_print(struct buffer *, const struct tree *);

/* ---- automaton.c, subsets.c, minimal.c: a DFA has no dead state; a move that is missing is a failure ---- */

struct dfa;

/* NULL: more work than a compile may take (`work` steps, each some nanoseconds). Not minimal. */
struct dfa *dfa_build(struct compile *, const struct tree *, uint64_t work);
/* The minimal DFA of the regex. NULL: it has more than TRAIL_MAX_STATES, or (*found is false) cannot be found with
 * so much work. */
struct dfa *dfa_of(struct compile *, const struct tree *, uint64_t work, bool *found);
size_t dfa_states(const struct dfa *);
bool dfa_is_empty(const struct dfa *);
bool dfa_is_universal(const struct dfa *); /* of a minimal one */
/* Keeps what leads to a match, merges what cannot be told apart. Numbers the states in the order of first
 * reach by the least symbol, so that equal languages give equal DFAs. Made in `into`, and needs nothing of the
 * first one. */
struct dfa *dfa_minimal(struct compile *into, const struct dfa *);
/* Whether some string is in both. */
bool dfa_meets(struct compile *, const struct dfa *, const struct tree *);
/* As text: equal texts are equal languages. n 0 when it would be longer than `limit`. */
struct slice dfa_text(struct compile *, const struct dfa *, size_t limit);
bool tree_matches(const struct tree *, struct slice);

/* ---- token.c ---- */

/* Every token, lower-cased, is in it; and nothing else, but for the limit on a token's length. */
const struct tree *token_language(struct compile *);
/* Whether some token holds the symbol. */
bool token_has(uint32_t symbol);

/* ---- reader.c: what regex.c and class.c share while one regex is read ---- */

/* Bytes [from, to) of the filter, and what to write there instead. */
struct repair {
    size_t from, to;
    struct slice text;
};

struct reader {
    struct compile *c;
    const struct text *text;
    struct slice s; /* the filter */
    size_t from, to, at;
    enum regex_dialect dialect;
    bool wildcard;
    unsigned depth;

    size_t first_diag;
    unsigned n_said;
    bool bad;         /* an error was said */
    bool beyond;      /* … or something else that no repair is known of */
    bool any_case;    /* the repair needs /…/i */
    bool capital;     /* W202 was said */
    unsigned escapes; /* W203 was said of these: bits of the letter & 31 */
    size_t n_repairs;
    struct repair *repairs;
};

/* Says something about bytes [from, to) of the filter; NULL when enough was said of this regex. */
struct diag *reader_say(struct reader *, enum code, size_t from, size_t to, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* The note under a message, which may be NULL. */
void reader_note(struct diag *, const char *note);
void reader_repair(struct reader *, size_t from, size_t to, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The filter's bytes, for a message: short. */
struct slice reader_quote(const struct reader *, size_t from, size_t to);
/* Gives what was said its rewrite: the regex with all repairs, if that is one without fault and of the same
 * language. */
void reader_rewrite(struct reader *, const struct regex *);
/* Completes a regex: says E108 and E110. NULL when one was said. */
struct regex *reader_finish(struct reader *, const struct tree *);

/* What a symbol, or a set of them, is in this dialect. */
const struct charset *reader_set(struct reader *, const struct charset *);
uint32_t reader_next(struct reader *);          /* reads a symbol */
bool reader_ahead(const struct reader *, char); /* it is the next byte */

/* ---- class.c: `[…]` and `\d` ---- */

/* At `[`. NULL when the bracket does not end. */
const struct tree *class_read(struct reader *);
/* After a backslash that stood at `from`: a class such as `\d`, with a warning; NULL, and nothing read, for
 * another escape. */
const struct charset *class_escape(struct reader *, size_t from, bool in_brackets);
/* After a backslash, in brackets or not: one symbol, with E109 where it is none. */
uint32_t class_escaped_symbol(struct reader *, size_t from);
/* W202, of a symbol that was written at [from, at). */
void class_check_capital(struct reader *, size_t from, uint32_t symbol);

#endif

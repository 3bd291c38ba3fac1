/*
 * automaton.h - NFA and DFA from the inside: for the files that build, ask and write them.
 */
#ifndef AUTOMATON_H
#define AUTOMATON_H

#include "tree.h"

#define NONE UINT32_MAX

struct nfa_state {
    enum { NFA_SET, NFA_SPLIT, NFA_MATCH } kind;
    uint32_t set;      /* NFA_SET: index in nfa.sets */
    uint32_t out, alt; /* alt: NFA_SPLIT */
};

struct nfa {
    struct compile *c;
    size_t n, n_sets;
    struct nfa_state *states;
    const struct charset **sets; /* each once */
    uint32_t start;
};

/* NULL: too large. */
struct nfa *nfa_build(struct compile *, const struct tree *);

/* States that a string can be in: those that read a symbol, and whether the end is one of them. */
struct members {
    size_t n;
    uint32_t *states;
    bool match;
    uint32_t stamp, *seen; /* seen[s] == stamp: s was visited */
    uint32_t *stack;
    uint64_t work;
};

struct members members_new(struct compile *, const struct nfa *);
void members_clear(struct members *);
/* Adds what can be reached from a state without reading. */
void members_add(struct members *, const struct nfa *, uint32_t from);

/* simulation.c. NULL: more work than it may save. */
struct simulation *simulation_new(struct compile *, const struct nfa *);
/* Leaves out what another member stands in for. */
void simulation_prune(struct simulation *, struct members *);

/* Symbols that no set of a regex tells apart. */
struct atoms {
    size_t n, n_ranges;
    uint32_t *starts;  /* ranges, in order; each goes on to the next one's start, the last to LAST_SYMBOL */
    uint32_t *atom_of; /* range -> atom, NONE where no set is; atoms are numbered by their least symbol */
    size_t *n_of_set;  /* set -> how many atoms … */
    uint32_t **of_set; /* … and which, in order */
};

struct move {
    uint32_t atom, to;
};

/* The symbols of range i. */
struct range atoms_range(const struct atoms *, size_t i);
/* Whether each symbol is in one. */
bool atoms_are_all(const struct atoms *);

struct dfa {
    const struct atoms *atoms;
    size_t n, n_moves;
    uint32_t start;
    uint32_t *first;    /* state -> its first move; first[n] is n_moves */
    struct move *moves; /* a state's are in the order of atoms */
    bool *match;
};

/* Whether the text (any bytes) is in the language. */
bool dfa_accepts(const struct dfa *, struct slice);

#endif

/*
 * departures.h - where this filter language and Lucene's part, filter by filter.
 */
#ifndef DEPARTURES_H
#define DEPARTURES_H

#include "trailc.h"

/* The departures, as the filter language's description names them. */
enum reason {
    PHRASES,       /* a word of several tokens is a phrase, not any of its tokens */
    TWO_READINGS,  /* a filter that can be read in two ways is refused */
    NOT_A_FILTER,  /* broken syntax, refused; Lucene refuses it too, or guesses */
    NEVER_MATCHES, /* what can match nothing is refused */
    DIGITS,        /* \d \w \s are classes */
    NUMBERS,       /* numeric strings are in numeric ranges, by value; a word is compared as spelled */
    ANY_CASE,      /* text regexes match any case */
    WHOLE_STRINGS, /* string bounds compare whole values */
    NO_SCORES,     /* fuzzy, proximity and boost are refused */
    NO_DFA,        /* regex operators beyond regular expressions are refused */
    PLAIN_FIELDS,  /* names of fields hold no wildcards, and no special names but _exists_ */
};

const char *reason_text(enum reason);

struct departure {
    const char *id; /* of the case; q1, q2, … for the filters over the corpus */
    enum code said; /* by the compiler: the first error, else the first warning, else 0 */
    bool differs;   /* accepted, and some verdict is not Lucene's */
    enum reason reason;
    const char *because;
};

extern const struct departure departures[];
extern const size_t n_departures;

const struct departure *departure_of(const char *id);

#endif

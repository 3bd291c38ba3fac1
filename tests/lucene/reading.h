/*
 * reading.h - a filter as Lucene has to be given it, to mean what this compiler said that it means.
 *
 * Where the two languages part, the compiler warns or the language's description names the departure. A
 * reading is the filter with these clauses alone rewritten, in Lucene's own terms: whatever else differs,
 * Lucene shows.
 */
#ifndef READING_H
#define READING_H

#include "filters.h"

enum departure_kind {
    /* warned of */
    PHRASE,   /* W201: a word of several tokens is a phrase */
    ANY_CASE, /* W202: capitals in a text regex */
    CLASSES,  /* W203: \d \w \s are classes */
    /* named in compiler/README.md */
    CASE_FLAG,     /* /…/i; Lucene's parser has no flags */
    CONTROLS,      /* \t \n \r in a regex; the letters to Lucene. Warned of, too: W203 */
    LIST,          /* @name; Lucene has no lists */
    NUMBERS,       /* numeric bounds on text: what is wholly a number, by value */
    WHOLE_STRINGS, /* other bounds on text: the whole value */
    VIEW_EXISTS,   /* f.keyword:* asks for f */
    COMPARED,      /* \> or \< at a word's start is a character; query_string compares all the same */
    N_DEPARTURES
};

/* Beside the departures: brackets that nothing is in, as `[^\s\S]`. Lucene repeats them zero times and has nothing,
 * where the empty string is due. */
enum { EMPTY_BRACKETS = 1 << N_DEPARTURES };

const char *departure_name(enum departure_kind);
/* The warning that goes with it; 0: none. */
enum code departure_code(enum departure_kind);

struct reading {
    bool left_out;       /* Lucene cannot be given it: EMPTY_BRACKETS */
    unsigned departures; /* bits: 1 << enum departure_kind */
    struct draft text;   /* what to give Lucene; the filter itself when it departs nowhere */
    /* The filter with each clause that W202 or W203 was said of as the message's rewrite has it; n 0: some
     * has no rewrite, or one whose \t Lucene does not know. */
    struct draft rewritten;
};

/* Of an accepted filter. Free both drafts. */
struct reading reading_of(const struct filter *);

/* reading_regex.c: the regex between the slashes in Lucene's terms. `fold`: to be held against text without
 * case; `lower`: against text in lower case. Adds to the departures what is met. */
enum regex_case { AS_IS, LOWER, FOLD };
void reading_regex(struct draft *, struct slice source, enum regex_case, unsigned *departures);

#endif

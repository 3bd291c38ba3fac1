/*
 * naive.h - what a filter says of an event, found the slow way: the reference that compiled code is held
 * against.
 *
 * Nothing here is shared with the compiler behind its checks, nor with the runtime: values come from cJSON,
 * words from libunistring, regexes go to PCRE2, numbers and addresses are compared by code of its own. Speed
 * does not matter, being plain does.
 *
 * Two things are not for this reference: U+0000 in a string and lone surrogate escapes, which cJSON cannot
 * hold.
 */
#ifndef NAIVE_H
#define NAIVE_H

#include "trailc.h"

/* A list of words. */
struct naive_words {
    size_t n;
    char **list; /* NUL-terminated */
};

/* The words of a text, lower-cased, as the text view sees them. Free with naive_words_free. */
struct naive_words naive_words_of(const char *text, size_t n);
void naive_words_free(struct naive_words *);

/* A JSON value of an event: a leaf or a container. */
struct naive_value {
    char *path; /* keys joined with dots, the first one with a dot before it */
    enum { NAIVE_STRING, NAIVE_SCALAR, NAIVE_NULL, NAIVE_OBJECT, NAIVE_ARRAY } kind;
    char *text;               /* STRING: escapes undone; SCALAR (numbers, true, false): as spelled */
    struct naive_words words; /* of STRING and SCALAR */
    struct slice json;        /* where it stands in the event */
    size_t key;               /* bytes of its key and colon before that; 0 in an array */
};

struct naive_event {
    struct slice json; /* borrowed */
    size_t n;
    struct naive_value *values; /* all values but the event itself, in order */
};

/* NULL: cJSON does not take it. Borrows the text. */
struct naive_event *naive_event_read(const char *json, size_t n);
void naive_event_free(struct naive_event *);

struct naive;

/* Borrows the compile (its lists), the filter's text and its checked tree. Never NULL: what PCRE2 refuses
 * ends the program. */
struct naive *naive_new(const struct compile *, const struct text *, const struct node *);
void naive_free(struct naive *);

bool naive_match(const struct naive *, const struct naive_event *);

/* Compares two numbers of the form [+-] digits [. digits] [e [+-] digits]: -1, 0, 1. */
int naive_compare_numbers(const char *a, const char *b);
/* Whether the text has that form. */
bool naive_is_number(const char *);

#endif

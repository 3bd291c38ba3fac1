/*
 * condition.h - what the files of the conditions' front end share.
 *
 *   words.re     text   -> words      every byte is in a word or between words
 *   when.y       words  -> condition  what is written, unjudged
 *   condition.c  drives both, judges numbers, and finds what a text that is no condition was meant to be
 *
 * Offsets are bytes of the condition's text.
 */
#ifndef CONDITION_H
#define CONDITION_H

#include "trailc.h"

enum word_kind {
    WORD_END,
    WORD_NUMBER,   /* 100 */
    WORD_DECIMAL,  /* 1.5 */
    WORD_PERCENT,  /* 20% */
    WORD_DURATION, /* 10m, 1h30m; also 10min, which duration_parse refuses */
    WORD_STRING,   /* "…" */
    WORD_OTHER,    /* a field, an alert's ID, or nothing of the language */
    WORD_IMMEDIATELY,
    WORD_MORE,
    WORD_LESS,
    WORD_AT,
    WORD_LEAST,
    WORD_MOST,
    WORD_THAN,
    WORD_IN,
    WORD_USUAL,
    WORD_BY,
    WORD_DISTINCT,
    WORD_NEW,
    WORD_RATIO,
    WORD_TO,
    WORD_TIMES,
    WORD_LAST,
    WORD_SAME,
    WORD_HOUR,
    WORD_DAY,
    WORD_WEEK,
    WORD_YESTERDAY,
    WORD_THEN,
    WORD_AND,
    WORD_WITHOUT,
    WORD_WITHIN,
};

struct word {
    enum word_kind kind;
    size_t from, to;
};

/* words.re. The word at or after `at`. */
struct word word_at(const char *text, size_t n, size_t at);

/* What the grammar makes of a text. */
struct condition {
    struct slice s;
    enum when_kind kind;
    struct word number, span; /* of the four kinds of counts; unset otherwise */
    bool wrong;               /* no sentence; `at` is the word that cannot stand there */
    struct word at;
};

/* when.y */
void condition_parse(struct condition *);

#endif

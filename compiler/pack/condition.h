/*
 * condition.h - what the files of the conditions' front end share.
 *
 *   words.re     text   -> words      every byte is in a word or between words
 *   when.y       words  -> condition  what is written, unjudged
 *   condition.c  drives both, judges numbers, and finds what a text that is no condition was meant to be
 *   usual.c      the same for what is usual
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
    struct word number, span; /* of the kinds of counts; unset otherwise */
    struct word margin;       /* of usual. It and its number may be unset: WORD_END */
    bool wrong;               /* no sentence; `at` is the word that cannot stand there */
    struct word at;
};

/* when.y */
void condition_parse(struct condition *);

/* condition.c */
struct slice slice_of_word(struct slice, struct word);

/* A duration in one word, `10min`, or in two, `10 minutes`; n 0: neither. */
struct slice duration_of(struct compile *, struct slice digits, struct slice unit);

/* E007 at a word: "`WORD` message". */
struct diag *condition_say(struct compile *, const struct text *, struct word, const char *message);

/* usual.c. Needs: one of the kinds of usual, its span and number read. False: E007 was said. */
bool usual_judge(struct compile *, const struct text *, const struct condition *, struct when *out);

/* Whether a text that is no condition asks for what is usual; *rewrite stays where it cannot be told how. */
bool usual_meant(struct compile *, struct slice, struct slice *rewrite);

#endif

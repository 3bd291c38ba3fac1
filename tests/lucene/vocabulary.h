/*
 * vocabulary.h - the fields and values of a corpus, for random_filters.c: takes the place of random_words.c.
 *
 * The functions of random.h that draw paths and values draw from the corpus that vocabulary_read() was given.
 * A value is mostly one of the path that was drawn before it, so that filters hit.
 */
#ifndef VOCABULARY_H
#define VOCABULARY_H

#include "naive.h"
#include "random.h"

/* The records of a corpus, one a line; NULL: cannot be read. */
struct corpus {
    size_t n;
    char *text;
    struct naive_event **records;
};
struct corpus *corpus_read(const char *path);
void corpus_free(struct corpus *);

/* Copies what it needs. Once a program: the vocabulary is the program's. */
void vocabulary_read(const struct corpus *);
void vocabulary_free(void);

#endif

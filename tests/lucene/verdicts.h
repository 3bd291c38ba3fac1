/*
 * verdicts.h - what each of several filters says of each record of a corpus, by whom.
 */
#ifndef VERDICTS_H
#define VERDICTS_H

#include "filters.h"
#include "vocabulary.h"

/* One filter's: hits[i] is of record i. */
struct verdict {
    bool *hits;  /* NULL: there is none; `error` says why */
    char *error; /* NULL: none */
};
void verdict_free(struct verdict *);
size_t verdict_count(const struct verdict *, size_t n_records);
bool verdict_eq(const struct verdict *, const struct verdict *, size_t n_records);
/* The same numbers on every machine. */
uint32_t verdict_hash(const struct verdict *, size_t n_records);

/* Where programs put what they make, and what they run. */
struct site {
    const char *directory;
    const char *trailc; /* a command */
    const char *lucene; /* a command that Verdicts.java's arguments are added to */
    const char *corpus; /* a path */
};

/*
 * Builds packs of the filters and runs them over the corpus. A filter with a regex that re2c finds too large
 * has no verdict. False, with a message, if something failed.
 */
bool verdicts_compiled(const struct site *, size_t n, const char *const *filters, size_t n_records,
                       struct verdict *out);

/* By tests/differential's evaluator. */
struct verdict verdict_naive(const struct filter *, const struct corpus *);

/* Lucene's. False, with a message, if it did not run. */
bool verdicts_lucene(const struct site *, size_t n, const char *const *filters, size_t n_records,
                     struct verdict *out);

#endif

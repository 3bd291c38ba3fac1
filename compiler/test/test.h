/*
 * test.h - `trailc test` from the inside.
 *
 *   test.c      runs each test's events through the compiled scanner, and judges what fired
 *   why.c       asks the filter about the events of a test that failed
 *   notes.c     says when events of a test could not count
 *   coverage.c  which clauses decided a test
 *   results.c   the results as text, TAP and JUnit's XML
 */
#ifndef TEST_H
#define TEST_H

#include "explain/report.h"
#include "test/report.h"

struct result {
    const struct alert *alert;
    const struct test *test;
    struct slice name; /* safe for a terminal like all texts here */
    struct slice at;   /* FILE:LINE */
    struct slice why;  /* one line; n 0: passed */
    size_t n_details, n_notes;
    struct slice *details; /* more lines about a failure */
    struct slice *notes;   /* worth knowing, whether it passed or failed */
};

/* One clause of an alert's filter, in how many of its tests the filter's verdict hung on it alone. */
struct covered {
    struct slice clause;
    size_t when_true, when_false;
};

struct coverage {
    const struct alert *alert;
    size_t n;
    struct covered *clauses;
};

/* The results of one pack. */
struct suite {
    struct slice name; /* as the pack was named on the command line */
    size_t n, failed;
    struct result *results;
    size_t n_coverage;
    struct coverage *coverage; /* with --coverage: of each alert */
};

/* ---- why.c -------------------------------------------------------------------------------------- */

/* Adds lines to r->details: which of the events match and which do not, and why; `more`: it should have fired
 * more often. */
void why_failed(struct compile *, struct result *r, const char *input, bool more);

/* ---- notes.c ------------------------------------------------------------------------------------ */

/* `log`: the scanner's standard error, with --stats. */
void note_uncounted(struct compile *, struct result *, const char *log);

/* ---- coverage.c --------------------------------------------------------------------------------- */

struct coverage *coverage_new(struct compile *, size_t *n);
/* Counts the clauses that the events of one of the alert's tests hang on. */
void coverage_note(struct compile *, struct coverage *, const char *input);
/* Clauses in all, and those that decided both when they held and when they did not. */
void coverage_sum(const struct suite *, size_t *clauses, size_t *both);

/* ---- results.c ---------------------------------------------------------------------------------- */

void results_add(struct test_report *, const struct suite *);
const struct test_options *test_report_options(const struct test_report *);

#endif

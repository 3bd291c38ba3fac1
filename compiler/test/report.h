/*
 * report.h - the alerts' own tests, run, and their results told.
 */
#ifndef TEST_REPORT_H
#define TEST_REPORT_H

#include <stdio.h>

#include "base/arena.h"

struct test_options {
    bool verbose;  /* names the tests that pass, too */
    bool tap;      /* TAP instead of text */
    bool coverage; /* which clauses decided a test */
    bool colour;
    const char *junit; /* file for JUnit's XML; NULL: none */
};

/* The results of one run of `trailc test`, over all its packs. */
struct test_report;
struct test_report *test_report_new(const struct test_options *);
/* A pack whose tests could not be run, since it has errors: its diagnostics are reported. */
void test_report_broken(struct test_report *, struct compile *pack, const char *path);
/* A pack whose tests could not be run, since a tool failed or a file could not be written: compile.failure. Of TAP this
 * is the end: false, and nothing may follow. */
bool test_report_stopped(struct test_report *, struct compile *pack, const char *path);
/* Writes what is still to be written, and frees it; false (and a message) when it cannot. */
bool test_report_finish(struct test_report *);

/* Runs the alerts' tests through the compiled scanner and reports them. False (and a message) when they could
 * not be run. */
bool test_run(struct compile *, const char *scanner, const char *pack, struct test_report *, size_t *failed);

#endif

/*
 * build.h - driving the tools that make a scanner of the emitted files.
 */
#ifndef BUILD_BUILD_H
#define BUILD_BUILD_H

#include "build/progress.h"

/* A command that runs by itself. Its output is shown if it fails. */
struct job {
    char *const *argv;
    const char *log;   /* file that takes its standard error, and its standard output unless `out` does */
    const char *out;   /* or NULL */
    struct slice name; /* for progress */
};

/* Says on standard error what could not be done, and keeps the first such text in compile.failure; returns false. */
bool tool_failed(struct compile *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Jobs that are run together. */
struct jobs {
    size_t n;
    const struct job *list;
    unsigned parallel;               /* so many at a time */
    const char *doing;               /* for progress: "cc"; NULL: the caller shows what is under way */
    struct trail_progress *progress; /* erased before a message; NULL: none is shown */
};

/* Runs them; false when one failed (its command and output were printed on standard error). */
bool jobs_run(struct compile *, const struct jobs *);

struct build_options {
    const char *output;                /* the scanner */
    const char *keep;                  /* directory for the intermediate files; NULL: a temporary one */
    const char *cc, *cflags, *ldflags; /* NULL: the environment's CC, CFLAGS, LDFLAGS, or cc, -O2, nothing */
    unsigned jobs;                     /* 0: all processors */
};

/* A new temporary directory; NULL (and a message) when there is none. directory_remove() removes it with its
 * files. */
char *directory_temporary(struct compile *);
void directory_remove(struct compile *, const char *directory);

/* Writes compile.files. Says what it could not write on standard error. */
bool emit_write(struct compile *, const char *directory);
bool build(struct compile *, const struct build_options *);

#endif

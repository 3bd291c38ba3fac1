/*
 * arguments.h - a scanner's command line, read.
 */
#ifndef TRAIL_ARGUMENTS_H
#define TRAIL_ARGUMENTS_H

#include "notify/terminal.h"
#include "trail/trail.h"

enum trail_action {
    TRAIL_ACT_SCAN,
    TRAIL_ACT_LIST,
    TRAIL_ACT_CHECK_CONFIG,
    TRAIL_ACT_HELP,
    TRAIL_ACT_VERSION
};
enum trail_output { TRAIL_OUTPUT_AUTO, TRAIL_OUTPUT_JSON, TRAIL_OUTPUT_TEXT };

struct trail_arguments {
    const char *program; /* the last part of argv[0] */
    const char *config;  /* the file's path; NULL: none */
    enum trail_action action;
    enum trail_output output;
    enum trail_colour colour;
    bool hits, events, stats, exit_code, strict;
    bool follow;
    int64_t idle;                        /* with follow; 0: default */
    const char *http;                    /* ADDRESS:PORT; NULL: no server */
    unsigned threads;                    /* 0: default */
    int64_t now, lateness, since, until; /* as in struct trail_options */
    const char *state;                   /* NULL: none */
    const char *baseline;                /* what is usual, a file of `learn`; NULL: none */
    bool frozen;
    size_t n_inputs;
    const char **inputs;               /* borrows argv */
    struct trail_input_labels *labels; /* of each input */
    char error[256];                   /* what is wrong, safe for a terminal */
};

/* Reads the command line; false: wrong use, see `error`. Free the arguments either way. Not for two threads
 * at once (getopt). */
bool trail_arguments_read(struct trail_arguments *, int argc, char **argv);
void trail_arguments_free(struct trail_arguments *);

/* A moment as people write it; a date alone is its midnight, UTC. False: it is none. */
bool trail_argument_time(const char *text, int64_t *to);

/* The same, or a duration: so long before now, by the machine's clock. */
bool trail_argument_moment(const char *text, int64_t *to);

#define TRAIL_NOT_A_MOMENT                                                                                \
    "'%s' is not a time (write 2026-01-31, 2026-01-31T10:00:00Z, seconds since 1970, or 24h for so long " \
    "ago)"

/* A number from 1 on. */
bool trail_argument_number(const char *text, uint64_t *to);

/* A number of threads: 1 to 256. */
bool trail_argument_threads(const char *text, unsigned *to);

const char *trail_program_name(int argc, char **argv); /* the last part of argv[0] */

#endif

/*
 * arguments.h - a scanner's command line, read: that of a scan, and that of each command (commands.h).
 *
 * A command says which options it has of its own, and which ones of a scan's it takes as well; all are read by the
 * same rules, and what is wrong is said in the same words:
 *
 *     const struct trail_option own[] = {{"limit", 'n', TRAIL_OPTION_VALUE, trail_option_number, &limit}};
 *     const struct trail_syntax syntax = {"list", shared, own, 1};
 *     if (!trail_arguments_read(&arguments, &syntax, argc, argv))
 *         return trail_arguments_wrong(&arguments, "%s", arguments.error);
 */
#ifndef TRAIL_ARGUMENTS_H
#define TRAIL_ARGUMENTS_H

#include "notify/terminal.h"
#include "trail/trail.h"

enum trail_action {
    TRAIL_ACT_SCAN, /* or what the command is for */
    TRAIL_ACT_LIST,
    TRAIL_ACT_CHECK_CONFIG,
    TRAIL_ACT_HELP,
    TRAIL_ACT_VERSION
};
enum trail_output { TRAIL_OUTPUT_AUTO, TRAIL_OUTPUT_JSON, TRAIL_OUTPUT_TEXT };

struct trail_arguments {
    const char *program; /* the last part of argv[0] */
    const char *command; /* NULL: a scan */
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
    const char **inputs; /* borrows argv; all words that are no options */
    struct trail_input_labels
        *labels;     /* of each input, and one more: where none is named, of standard input */
    char error[256]; /* what is wrong, safe for a terminal */
};

/* ---- options ---- */

struct trail_option;

/* Takes an option's value. False: it is wrong, as trail_arguments_fail() has said. */
typedef bool trail_option_fn(struct trail_arguments *, const struct trail_option *, const char *value);

/* As getopt_long(3) numbers them. */
enum trail_option_kind { TRAIL_OPTION_FLAG, TRAIL_OPTION_VALUE, TRAIL_OPTION_MAYBE };

struct trail_option {
    const char *name;
    char letter; /* 0: none */
    enum trail_option_kind kind;
    trail_option_fn *read;
    void *to; /* what it is for */
};

enum { TRAIL_OPTIONS = 48 }; /* that a command has at most */

struct trail_syntax {
    const char *command;            /* NULL: a scan, with all of its options */
    const char *const *shared;      /* names of a scan's options, ends with NULL; NULL: none */
    const struct trail_option *own; /* they go before a scan's of the same name or letter */
    size_t n_own;
};

trail_option_fn trail_option_flag;   /* bool: sets it */
trail_option_fn trail_option_text;   /* const char *: as it stands in argv */
trail_option_fn trail_option_file;   /* the same, and not empty */
trail_option_fn trail_option_number; /* uint64_t: from 1 on */
/* int64_t: a moment as people write it (a date alone is its midnight, UTC), or so long before now as a duration says */
trail_option_fn trail_option_moment;

/* ---- the command line ---- */

/* Reads it, without the command's own word, and `--help` in any case (TRAIL_ACT_HELP). False: wrong use, see `error`.
 * Free the arguments either way. Not for two threads at once (getopt). */
bool trail_arguments_read(struct trail_arguments *, const struct trail_syntax *, int argc, char **argv);
void trail_arguments_free(struct trail_arguments *);

/* Notes what is wrong, made safe for a terminal; false. */
bool trail_arguments_fail(struct trail_arguments *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One line on standard error behind the program's name, made safe for a terminal. */
void trail_arguments_say(const struct trail_arguments *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void trail_arguments_sayv(const struct trail_arguments *, const char *format, va_list);

/* The same, with a hint at --help; the exit code of wrong use. */
int trail_arguments_wrong(const struct trail_arguments *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const char *trail_program_name(int argc, char **argv); /* the last part of argv[0] */

/* A number from 1 on. */
bool trail_argument_number(const char *text, uint64_t *to);

#endif

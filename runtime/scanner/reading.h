/*
 * reading.h - what all that reads logs has in common: the command line, the configuration, the line of progress, and
 * the engine from its options to its end. A command adds what it does with what is read:
 *
 *     struct reading r;
 *     if (!reading_start(&r, pack, &syntax, argc, argv))
 *         code = trail_arguments_wrong(&r.arguments, "%s", r.arguments.error);
 *     else if (r.arguments.action == TRAIL_ACT_HELP)
 *         print_help();
 *     else if (!reading_configure(&r))
 *         code = TRAIL_EXIT_WRONG;
 *     else if (!reading_has_input(&r))
 *         code = trail_arguments_wrong(&r.arguments, READING_NO_INPUT);
 *     ...
 *     struct trail_options options = reading_options(&r);
 *     options.on_alert = ...
 *     status = reading_scan(&r, &options);
 *     reading_end(&r);
 */
#ifndef TRAIL_SCANNER_READING_H
#define TRAIL_SCANNER_READING_H

#include "arguments.h"
#include "config/config.h"
#include "progress.h"

struct reading {
    const struct trail_pack *pack;
    struct trail_arguments arguments;
    struct trail_config *config; /* NULL: none */
    struct trail_progress progress;
    struct trail *trail; /* from reading_scan() on */
};

#define READING_NO_INPUT "no input: name files or directories, or pipe a log in (- reads the terminal)"

/* Reads the command line. False: wrong use, see arguments.error. End it either way. */
bool reading_start(struct reading *, const struct trail_pack *, const struct trail_syntax *, int argc,
                   char **argv);
void reading_end(struct reading *);

/* Reads the configuration, where one is named, and takes its inputs and labels. False: it was said why. */
bool reading_configure(struct reading *);

/* False: no input is named, and standard input is a terminal. */
bool reading_has_input(const struct reading *);

/* Inputs in order: standard input where none is named. */
const char *const *reading_inputs(const struct reading *, size_t *n);

/* What the command line and the configuration say; callbacks are the caller's to add. */
struct trail_options reading_options(const struct reading *);

/* Reads all inputs to their end. r->trail is then there for what is asked of it; NULL: the engine could not be made,
 * and the status says why. */
enum trail_status reading_scan(struct reading *, const struct trail_options *);

/* As trail_arguments_say(), in the place of the line of progress. */
void reading_say(struct reading *, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

/*
 * commands.h - a scanner's sub-commands: the first word of its command line.
 *
 * A word that is a command's name never names a file: that is ./word, or stands behind `--`.
 */
#ifndef TRAIL_COMMANDS_H
#define TRAIL_COMMANDS_H

#include <stdbool.h>

#include "trail/pack.h"

/* What they all end with. */
enum trail_exit {
    TRAIL_EXIT_FINE = 0,
    TRAIL_EXIT_FOUND = 1, /* something fired or is listed (--exit-code); a sample did not arrive */
    TRAIL_EXIT_WRONG = 2, /* wrong use, no memory, or nothing could be written */
    TRAIL_EXIT_DAMAGED = 3
};

struct trail_command {
    const char *name;
    /* argv[0] is the program, argv[1] the command's name; returns the exit code. */
    int (*run)(const struct trail_pack *, int argc, char **argv);
};

/* The command of this name; NULL: there is none. */
const struct trail_command *trail_command_find(const char *word);

int trail_channels_command(const struct trail_pack *, int argc, char **argv); /* channels.c */
int trail_history_command(const struct trail_pack *, int argc, char **argv);  /* history.c */
int trail_learn_command(const struct trail_pack *, int argc, char **argv);    /* learn.c */
int trail_outbox_command(const struct trail_pack *, int argc, char **argv);   /* outbox.c */
int trail_patterns_command(const struct trail_pack *, int argc, char **argv); /* patterns.c */
int trail_report_command(const struct trail_pack *, int argc, char **argv);   /* report.c */

#endif

/*
 * asking.h - what `history` and `outbox` have in common: a state that is looked at, and answers as text, JSON or
 * CSV on standard output.
 */
#ifndef TRAIL_ASKING_H
#define TRAIL_ASKING_H

#include "arguments.h"
#include "state/look.h"

enum asking_output { ASKING_AUTO, ASKING_TEXT, ASKING_JSON, ASKING_CSV };

struct asking {
    const struct trail_arguments *arguments;
    const char *file; /* --state */
    enum asking_output output;
    struct state *state;
    struct trail_text line; /* being written */
    bool failed;            /* standard output */
};

/* Options: an `enum asking_output`; the latter without CSV. */
trail_option_fn asking_option_output, asking_option_plain_output;

/* Opens the state, and decides how to answer. False: it was said why. */
bool asking_open(struct asking *, const struct trail_pack *);

/* Ends it; the exit code. `ok`: all could be read. */
int asking_close(struct asking *, bool ok);

/* Adds a text or a moment (TRAIL_NO_TIME: -) to the line, for a terminal; `width` columns at least, and two
 * blanks. */
void asking_cell(struct asking *, const char *text, size_t width);
void asking_time(struct asking *, int64_t time);

/* Adds a field of a CSV line: in quotes, and no formula to a spreadsheet. */
void asking_field(struct asking *, struct trail_slice text, bool last);

/* `"key":"value"` or null, behind `before`. */
void asking_member(struct asking *, const char *before, const char *key, const char *value);
void asking_member_time(struct asking *, const char *before, const char *key, int64_t time);

/* Ends the line and writes it. False: it cannot be written. */
bool asking_end_line(struct asking *);

#endif

/*
 * terminal.h - texts from a log, a path or a rule on their way to a person's terminal.
 */
#ifndef TRAIL_TERMINAL_H
#define TRAIL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "trail/json.h"

/*
 * Adds a text so that it can do nothing to the terminal or the eye: C0, DEL and C1 controls, line separators,
 * bidirectional and invisible characters, and bytes that are not UTF-8 are spelled out (\n, \x1b, \u{202e}).
 * One line in, one line out. A backslash stays as it is.
 */
void trail_terminal_add(struct trail_text *, struct trail_slice);

/* The same, cut with an ellipsis to at most `columns` characters (at least 1). */
void trail_terminal_clip(struct trail_text *, struct trail_slice, size_t columns);

/* Characters of valid UTF-8 text: what it takes on a terminal, wide scripts aside. */
size_t trail_terminal_columns(struct trail_slice);

enum trail_colour { TRAIL_COLOUR_AUTO, TRAIL_COLOUR_ALWAYS, TRAIL_COLOUR_NEVER };

/* Whether to write ANSI colours to a descriptor: automatically means a terminal that is not `dumb`, and no
 * NO_COLOR. */
bool trail_terminal_colour(enum trail_colour, int descriptor);

#endif

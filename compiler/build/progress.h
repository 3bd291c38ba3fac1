/*
 * progress.h - which of how many pieces of work is under way, on a terminal: files that
 * are compiled, tests that are run.
 * The line is the one that a scanner draws; starting and clearing it is said there.
 */
#ifndef BUILD_PROGRESS_H
#define BUILD_PROGRESS_H

#include "base/arena.h"
#include "scanner/progress.h"

/* Draws "cc 3 of 12: match.c"; `name` is safe for a terminal. */
void progress_show(struct trail_progress *, const char *doing, size_t n, size_t of, struct slice name);

#endif

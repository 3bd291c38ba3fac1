/*
 * sparkline.h - a count over time on a terminal: what was counted above what was expected, a bar for each
 * stretch of time, on one scale.
 */
#ifndef TRAIL_SPARKLINE_H
#define TRAIL_SPARKLINE_H

#include <stddef.h>

#include "trail/json.h"

/*
 * Adds a row of `actual`, and where some of it is known one of `expected`, n columns each; a value < 0 is not
 * known. Returns what the highest bar stands for; 0: there is none, and nothing was added.
 */
double trail_sparklines(struct trail_text *, const double *actual, const double *expected, size_t n);

#endif

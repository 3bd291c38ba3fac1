/*
 * naive_pattern.h - wildcards and regexes over one text, for naive.c.
 *
 * A byte that is not part of valid UTF-8 counts as one character, equal to nothing that a filter can name.
 */
#ifndef NAIVE_PATTERN_H
#define NAIVE_PATTERN_H

#include "trailc.h"

struct naive_pattern;

/* The pattern as it is written in the filter: with `*`, `?` and backslashes. */
struct naive_pattern *naive_wildcard(struct slice source, bool any_case);
/* As written between the slashes; `lower`: for texts in lower case. A regex that PCRE2 does not compile ends
 * the program. */
struct naive_pattern *naive_regex(struct slice source, bool any_case, bool lower);
void naive_pattern_free(struct naive_pattern *); /* NULL is fine */

/* Whether the whole text is in the language. */
bool naive_pattern_matches(const struct naive_pattern *, const char *text);

#endif

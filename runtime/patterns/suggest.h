/*
 * suggest.h - the beginning of a rule for the events of a pattern: YAML that `trailc check` takes as it is.
 */
#ifndef TRAIL_PATTERNS_SUGGEST_H
#define TRAIL_PATTERNS_SUGGEST_H

#include "set.h"

void suggest_add(struct trail_text *, const struct set_pattern *);

#endif

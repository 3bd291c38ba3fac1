/*
 * configured.h - what a configuration says to a scan: inputs, their labels, limits.
 */
#ifndef TRAIL_CONFIGURED_H
#define TRAIL_CONFIGURED_H

#include "arguments.h"
#include "config/config.h"

/* Reads the configuration that the arguments name, and holds it against the pack. What is wrong, and what is only
 * odd, goes to standard error. NULL: there are errors. */
struct trail_config *trail_configured_load(const struct trail_arguments *, const struct trail_pack *);

/* Inputs of the configuration where the command line names none, and labels for inputs that have none there. False:
 * out of memory. */
bool trail_configured_inputs(struct trail_arguments *, const struct trail_config *);

#endif

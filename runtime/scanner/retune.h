/*
 * retune.h - puts other Ns into a pack's rule files: the digits in the `when:` of an alert, and no byte besides.
 *
 * All or nothing: every place is found and checked before any file is written; a file is written beside the old one
 * and then takes its place.
 */
#ifndef TRAIL_RETUNE_H
#define TRAIL_RETUNE_H

#include "trail/trail.h"

struct retune {
    const struct trail_alert *alert;
    unsigned condition;
    uint64_t n; /* instead of that of the condition, which has to stand in the file */
};

/*
 * `pack` is a directory of rule files, or one. *files: how many were written. False: `error` says what is wrong, and
 * nothing was changed (or, where a file could not be replaced, which).
 */
bool retune_pack(const char *pack, const struct retune *, size_t n, size_t *files, char *error, size_t room);

#endif

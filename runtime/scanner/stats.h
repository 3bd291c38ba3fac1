/*
 * stats.h - what a scan counted, for `--stats`.
 */
#ifndef TRAIL_STATS_H
#define TRAIL_STATS_H

#include "trail/trail.h"

/* One line of JSON, without its end; counts are of each alert of the pack, `elapsed` is ms. To be freed; NULL: no
 * memory. */
char *stats_json(const struct trail_pack *, const struct trail_stats *, const struct trail_counts *,
                 int64_t elapsed);

#endif

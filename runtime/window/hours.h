/*
 * hours.h - when an alert may fire.
 *
 * The hours are those of the local clock. A reading that the clock skips in spring is in no window that day;
 * one that it shows twice in autumn is in the window both times. An entry whose end lies before its start
 * passes midnight and belongs to the day on which it starts; equal ones are the whole day. Ends are
 * exclusive.
 */
#ifndef TRAIL_HOURS_H
#define TRAIL_HOURS_H

#include <trail/trail.h>

/* Whether the alert may fire at t. Without entries it always may. */
bool trail_hours_active(const struct trail_alert *, int64_t t);

/* The first moment ≥ t at which it may; TRAIL_NO_TIME: never again. */
int64_t trail_hours_next(const struct trail_alert *, int64_t t);

/* Seconds east of UTC at t. Before the zone's first entry the first one holds. */
int32_t trail_zone_offset(const struct trail_zone *, int64_t t);

#endif

/*
 * timestamp.h - moments and durations, and what they are as texts.
 *
 * A moment is milliseconds since 1970-01-01T00:00:00Z, without leap seconds; the years are 0000 to 9999. What
 * is finer than a millisecond is cut off (towards the past). TRAIL_NO_TIME stands for "no time" and "not a
 * time". (Named so, and not `time.h`, because the C library's header of that name has to stay reachable.)
 */
#ifndef TRAIL_TIMESTAMP_H
#define TRAIL_TIMESTAMP_H

#include <time.h>

#include <trail/trail.h>

/*
 * The moment that a raw JSON value names: a string with an RFC 3339 time (any fraction, any offset; a blank
 * for the T, small letters, and offsets without colon or minutes are taken too), or epoch seconds or
 * milliseconds as a number or as a string that is wholly a number. A magnitude from 10^11 on is milliseconds
 * (1973 and later), below it is seconds (until 5138). A leap second, 23:59:60 UTC, is the second after it.
 * White space around the value, but not inside the string, is allowed. Anything else is TRAIL_NO_TIME.
 */
int64_t trail_time_parse(struct trail_slice json);

/* The same for a plain text: `2026-01-01T10:00:00Z`, `1767261600`. */
int64_t trail_time_parse_text(struct trail_slice text);

/* The same as people write it, for options such as --now: a date alone, `2026-01-01`, is its midnight, UTC. */
int64_t trail_time_parse_given(struct trail_slice text);

#define TRAIL_TIME_ROOM 32

/* Writes `2026-01-01T10:00:00Z`, or with `.123` when there are milliseconds, and a NUL; returns the length.
 * Outside the years 0000 to 9999, and for TRAIL_NO_TIME, it writes nothing but the NUL. */
size_t trail_time_format(char to[TRAIL_TIME_ROOM], int64_t ms);

/* `500ms`, `90s`, `10m`, `36h`, `7d`, `2w` in milliseconds; -1: not a duration, or too long. */
int64_t trail_duration_parse(struct trail_slice text);

/* Writes a duration ≥ 0 with the largest unit that leaves no remainder (days from two on: 24h, 2d) and a NUL.
 */
size_t trail_duration_format(char to[TRAIL_TIME_ROOM], int64_t ms);

/* The moment that it is, by one of the machine's clocks: CLOCK_REALTIME, or one that only goes forward. */
int64_t trail_time_now(clockid_t);

/* a + b, held within the range of a moment instead of overflowing; never TRAIL_NO_TIME. */
int64_t trail_time_add(int64_t a, int64_t b);

/* Whether an event's time is past the clock by more than TRAIL_FUTURE. Without a time or a clock it is not.
 */
bool trail_time_is_future(int64_t time, int64_t clock);

#endif

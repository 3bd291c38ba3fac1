/*
 * hit.h - what the engine hands to the window stage: one event that meets one alert, in one group.
 *
 * An event with several values in a group_by field is several hits, one for each tuple of values. Everything
 * is borrowed for the call only, except source.path, which has to outlive the window. The JSON
 * texts are as trail_json_rewrite() makes them: they are printed as they are.
 */
#ifndef TRAIL_HIT_INTERNAL_H
#define TRAIL_HIT_INTERNAL_H

#include <trail/trail.h>

/* Who the event is, to an alert and group: keyed hashes. */
struct identity_of_hit {
    uint64_t id, bytes;
};

struct hit_hashes {
    struct identity_of_hit who;
    uint32_t group;
};

struct hit {
    size_t alert; /* index into trail_pack.alerts */
    int64_t time; /* TRAIL_NO_TIME: none, or not a time */

    /*
     * Dated too far past the clock of its input: trail_time_is_future(time, clock). The clock is --now where
     * it is given; else, in a replay of a file, the file's own time (its modification time); else the
     * system's. An event's own time is never the clock: one absurd date could make all others late. Such an
     * event must not count for the watermark or for what was read first and last either.
     */
    bool future;

    struct trail_source source;
    struct trail_slice event_id; /* text, escapes undone; n 0: none */
    uint64_t record_hash[2];     /* siphash128 of the record's bytes under SIPHASH_FIXED */

    struct trail_slice
        group; /* canonical JSON object: {"userIdentity.userName":"alice"}; {} without group_by */
    struct trail_slice breakdown; /* JSON object: field -> array of its values in the event; n 0: none */
    struct trail_slice fields;    /* JSON object: the alert's `show`, or the whole event */

    const struct hit_hashes *hashes; /* by window_expect() for this alert, group and event; NULL: not asked */
};

#endif

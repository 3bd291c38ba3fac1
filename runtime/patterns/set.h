/*
 * set.h - the patterns that were found in logs, with counts. Bounded, whoever writes the logs:
 *
 *   - of the same values of fields at most SET_SHAPES patterns; events of further shapes are those of one pattern more,
 *     whose shapes are `*`
 *   - at most `max` patterns; events of further ones are counted, and that is all
 *   - examples take at most SET_EXAMPLES bytes; later patterns have their example's place alone
 *
 * Which ones these are depends on the order of the events alone.
 */
#ifndef TRAIL_PATTERNS_SET_H
#define TRAIL_PATTERNS_SET_H

#include "pattern.h"
#include "trail/trail.h"

enum { SET_SHAPES = 100, SET_ALERTS = 16, SET_EXAMPLE = 64 << 10, SET_EXAMPLES = 64 << 20 };

#define SET_MAX 10000 /* patterns, if nobody says otherwise */

struct set_alert {
    size_t alert; /* of the pack */
    uint64_t hits;
};

struct set_pattern {
    char *text; /* the set's, as all here; no NUL behind it */
    size_t n_text, n_fields;
    uint64_t hash;
    uint64_t count;
    int64_t first, last; /* TRAIL_NO_TIME: none of the events has one */
    uint64_t covered;    /* events that some alert wants */
    unsigned n_alerts;   /* those that want events of it: the first SET_ALERTS */
    bool more_alerts;    /* there are others */
    struct set_alert alerts[SET_ALERTS];
    char *path; /* of the first event; NULL: not known */
    uint64_t record;
    char *event; /* its JSON, with a NUL; NULL: not kept */
};

struct set;

/* `max`: patterns, at most 2^31. NULL: no memory. */
struct set *set_new(size_t max);
void set_free(struct set *);

/* What an event brings. Texts are borrowed; hits are of different alerts. */
struct set_event {
    struct trail_slice text;
    size_t n_fields;
    uint64_t hash; /* set_hash() of the text */
    int64_t time;
    size_t n_hits;
    const uint32_t *hits;
    bool more_hits;
    const char *path;
    uint64_t record;
    struct trail_slice event; /* n 0: not wanted */
};

/* On any thread. */
uint64_t set_hash(const struct set *, struct trail_slice text);

/* False: no memory. */
bool set_add(struct set *, const struct set_event *);

/* Adds what another run counted of a pattern: its text, counts, times, place; not its alerts. False: no memory. */
bool set_merge(struct set *, const struct set_pattern *);

/* NULL: it is not there. */
const struct set_pattern *set_find(const struct set *, struct trail_slice text);

size_t set_n(const struct set *);
const struct set_pattern *set_at(const struct set *, size_t i); /* in the order in which they came */

uint64_t set_events(const struct set *);   /* all, those left out too */
uint64_t set_left_out(const struct set *); /* events of patterns for which there was no room */

enum set_order { SET_FREQUENT, SET_RARE, SET_BY_TEXT };

/* Places in the set, the most frequent first, or the rarest, and of equals by their text. NULL: no memory. */
size_t *set_order(const struct set *, enum set_order);

#endif

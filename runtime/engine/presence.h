/*
 * presence.h - hits of alerts to which an event is its time, and nothing else: those that ask whether there
 * are events at all (window_presence()).
 *
 * Most records of a log may meet such an alert, so none is handed on for itself. Time is cut into pieces
 * shorter than the alert's shortest window; of the events of a piece the first and the last say all, for
 * between two that lie so close together no window can be empty. A chunk keeps those two and how many there
 * were: a stretch (chunk.h).
 */
#ifndef TRAIL_PRESENCE_H
#define TRAIL_PRESENCE_H

#include "chunk.h"

enum { LANE_PLACES = 32, PRESENCE_AGAIN = 4 };

/* The stretches of one alert in the chunk that is being filled. */
struct lane {
    size_t alert;             /* or STRETCH_RECORDS, STRETCH_HEARD */
    unsigned shift;           /* a piece of time is 2^shift ms */
    uint32_t at[LANE_PLACES]; /* by the piece's number: where its stretch may be */
};

struct presence {
    struct lane records; /* events that no other alert is met by */
    struct lane heard;   /* all events */
    bool hears;          /* which somebody wants: window_learns() */
    size_t n;
    struct lane *lanes;
    uint32_t *lane_of;              /* by alert; UINT32_MAX: it is no such alert */
    uint32_t added[PRESENCE_AGAIN]; /* the stretches of the event that was started last, */
    size_t n_added;                 /* so many */
    int64_t first, last; /* an event of these times, and no others, is like that one; first > last: none is */
};

/* False: no memory. */
bool presence_init(struct presence *, const struct trail_pack *);
void presence_free(struct presence *);

bool presence_has(const struct presence *, size_t alert);

/* What is added from here on is of one event. */
void presence_start(struct presence *);

/* An event that meets the same alerts is like that one, if it is of these times, and falls into the same
 * stretches. */
void presence_allow(struct presence *, int64_t first, int64_t last);

/* Adds an event like the one that was started last. False: it is not like it, and nothing is added; it has
 * to be started, and added, like any other. Costs two comparisons and what there is to add. */
bool presence_again(const struct presence *, struct chunk *, int64_t time);

/* No event is like the one that was started last: to be called where something is added that belongs to
 * none, where another chunk comes next, or other times are to be allowed. */
void presence_forget(struct presence *);

/* One event more; false: no memory. Chunks may change from call to call. */
bool presence_add(struct presence *, struct chunk *, size_t alert, int64_t time);
bool presence_add_record(struct presence *, struct chunk *, int64_t time);
bool presence_hear(struct presence *, struct chunk *, int64_t time);

#endif

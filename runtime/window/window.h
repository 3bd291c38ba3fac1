/*
 * window.h - the counting stage: hits in, notifications out. Event time, sliding windows (t - D, t], exact.
 *
 *     struct window *w = window_new(&config, &status);
 *     window_hit(w, &hit, &what);               for each hit, in any order within the lateness
 *     window_advance(w, from, watermark);       after each batch: everything before the watermark is decided
 *     window_unknown(w, &application, NULL);    an input of this label could not be read
 *     window_finish(w, from, to);               the rest, up to the clock
 *     window_free(w);
 *
 * How it works. Hits of alerts that count wait in a heap (pending.h) until the watermark has passed them, and
 * are then released in the order of their times, so that groups (group.h) see time go one way only and need
 * no more than their last events. Between releases run the groups' timers: a window that empties, a repeat,
 * hours that begin, silence. At one moment all its hits enter first; then each group that they or a timer
 * touch is judged once, in the order of alert and group. So the notifications are the same whatever order the
 * hits came in.
 *
 * Hits that find no room in memory wait in temporary files (spill.h) and come out in the same order: that
 * changes no notification.
 *
 * Where groups take more memory than they may, those furthest from firing are forgotten, and that is told: as
 * an alert of its own, trail.memory, once in TRAIL_NOTIFY_EVERY (forget.c).
 *
 * If the disk is full or not to be written, on_problem is told once, and the scan
 * goes on: the earliest hits are released before their time (stats.early), and one that comes after them is
 * late.
 *
 * `immediately` without notify_every waits for nothing: on_alert runs inside window_hit, once a hit. With
 * notify_every it is ordered like the others; a hit that has no place in that order (late, future, without a
 * time) is taken as of the watermark.
 * Outside the alert's hours, by the event's time, `immediately` says nothing and counts nothing as held back;
 * an event without a time is told at any hour.
 *
 * Callbacks borrow nothing longer than the call and must not call back into the window. One thread at a time.
 * After TRAIL_NO_MEMORY the window may only be freed.
 */
#ifndef TRAIL_WINDOW_H
#define TRAIL_WINDOW_H

#include "hit.h"

struct window;
struct baselines; /* baseline/baseline.h */

struct window_config {
    const struct trail_pack *pack; /* outlives the window */
    void (*on_alert)(void *user, const struct trail_fired *);
    void (*on_problem)(void *user, const char *message); /* one line; each kind is said once. May be NULL */
    void (*on_count)(void *user, size_t alert, struct trail_slice group, int64_t time); /* see trail.h. May be
                                                                                           NULL */
    void *user;
    size_t pending_bytes; /* of memory for hits that wait; 0: 64 MiB. Beyond it they wait on disk */
    size_t groups_limit;  /* of memory for groups; 0: 512 MiB. Beyond it some are forgotten (forget.c) */
    size_t seen_limit;    /* identities remembered against duplicates; 0: 2^20 */
    const struct baselines
        *baselines;      /* what is usual, to begin with; borrowed by window_new() alone. NULL: none */
    bool frozen;         /* what is usual stays so */
    size_t habits_limit; /* groups of a condition for which what is usual is known; 0: BASELINES_GROUPS */
    bool single;         /* see slab.h: for tests of memory that runs out */
};

/* What became of a hit. */
enum {
    WINDOW_DUPLICATE = 1,  /* came before, byte for byte: left out. No other bit is set */
    WINDOW_OTHER = 2,      /* its event ID came before with other bytes: kept */
    WINDOW_LATE = 4,       /* dated before the watermark: `immediately` only */
    WINDOW_FUTURE = 8,     /* hit.future: `immediately` only */
    WINDOW_TIMELESS = 16,  /* no time: `immediately` only */
    WINDOW_UNCOUNTED = 32, /* with one of the last two: the alert counts, and not this hit */
};

struct window_stats {
    uint64_t duplicates, other, late, future, timeless; /* hits; as the bits above */
    uint64_t early;     /* hits released before the watermark had passed them: memory and disk were full */
    uint64_t lost;      /* hits that waited on disk and could not be read back: they entered no window */
    uint64_t spilled;   /* hits that had to wait on disk */
    uint64_t fired;     /* notifications, without those that something is resolved */
    uint64_t forgotten; /* groups for which there was no memory */
    uint64_t unlearnt;  /* groups of which what is usual for them was forgotten: habits_limit */
    size_t groups, groups_bytes, pending, pending_peak_bytes;
};

/* TRAIL_NO_MEMORY or TRAIL_OK in *status. */
struct window *window_new(const struct window_config *, enum trail_status *status);
void window_free(struct window *);

/* *what (may be NULL) gets WINDOW_ bits. TRAIL_OK, TRAIL_NO_MEMORY, or TRAIL_INVALID (no such alert, or after
 * finish). */
enum trail_status window_hit(struct window *, const struct hit *, unsigned *what);

/* Hits with event IDs that are handed in soon, WINDOW_EXPECTED at most: gets what they will be asked for on
 * its way from memory. *to are for their hit.hashes. Needs of a hit its alert, group, event ID and
 * record_hash. */
enum { WINDOW_EXPECTED = 8 };
void window_expect(const struct window *, const struct hit *hits, size_t n, struct hit_hashes *to);

/*
 * window_hit() for hits of an alert to which an event is its time and nothing else, window_presence(): they are
 * dated `first`, `last`, and any number of times between; none is in the future or late, and they are closer
 * together than window_presence() says. `application`: the input's label.
 */
enum trail_status window_hits_between(struct window *, size_t alert, struct trail_slice application,
                                      int64_t first, int64_t last);

/* Whether some condition asks for what is usual: then the window has to know where the log has events at
 * all. */
bool window_learns(const struct trail_pack *);

/* The log has an event of any kind at this time, in time and not of the future. One of those that lie in one
 * piece (heard.h) says all. */
enum trail_status window_heard(struct window *, int64_t time);

/* What is dated before is late. */
int64_t window_watermark(const struct window *);

/*
 * The watermark: no event dated before it will come in time any more. It never goes back (an earlier one is
 * ignored); INT64_MIN (TRAIL_NO_TIME) while an input holds it back. `from` is the earliest time among the
 * events read so far, matching or not (or
 * --since), TRAIL_NO_TIME when there is none: silence is judged in windows that begin there or later. An
 * event dated exactly the watermark is still in time, so the moment itself is decided only when the watermark
 * passes it.
 */
enum trail_status window_advance(struct window *, int64_t from, int64_t watermark);

/*
 * Everything that was handed in, and every timer up to and including `to`: the end of what was read, which is
 * the newest accepted event's time, or --now where that is later (TRAIL_NO_TIME: nothing had a time). What
 * still fires then stays open: no notification.
 */
enum trail_status window_finish(struct window *, int64_t from, int64_t to);

/*
 * An input could not be read: what it held is unknown, so the silence of what it would have fed is not
 * decided from now on. NULL is "could be any" (no label given, and the pack takes labels from the events).
 * TRAIL_OK or TRAIL_NO_MEMORY.
 */
enum trail_status window_unknown(struct window *, const struct trail_slice *application,
                                 const struct trail_slice *subsystem);

/* The inputs of this label, or of any (NULL), can be read again: silence that was not decided is decided
 * again, in windows that begin at `from` or later. A silence that was told before goes on. TRAIL_OK or
 * TRAIL_NO_MEMORY. */
enum trail_status window_known(struct window *, const struct trail_slice *application,
                               const struct trail_slice *subsystem, int64_t from);

/* The next moment at which something happens when the watermark has passed it: a hit waits for it, or a timer.
 * TRAIL_NO_TIME: none. */
int64_t window_next(const struct window *);

/* Whether inputs have labels at all; true until told otherwise. Where none has one, nobody can say that a
 * named application or subsystem is silent. */
void window_labelled(struct window *, bool applications, bool subsystems);

/* Why an alert's silence, or whether its count is usual, is not decided, or not for some of its groups. */
enum {
    WINDOW_NO_APPLICATION = 1, /* no input has a label of the kind that the alert names */
    WINDOW_NO_SUBSYSTEM = 2,
    WINDOW_UNREAD = 4, /* window_unknown() */
    WINDOW_SHORT = 16, /* what is usual is not known yet: window_short() */
    WINDOW_UNFED = 8,  /* it names applications by patterns alone, and no event came from one: so far */
};

/* Those bits; 0: decided, or not an alert for silence. */
unsigned window_undecided(const struct window *, size_t alert);

/* How much history is missing to know what is usual for an alert, ms; 0: it is known, or not asked. */
int64_t window_short(const struct window *, size_t alert);

/*
 * Whether each application is a key of its own: the alert is for silence, has no group_by, and names
 * `applications`. The hits of such an alert go into the group {"application":"LABEL"} (as trail_json_quote
 * spells the label). An application that is named without a wildcard is a key from the start, and silent when
 * nothing ever came from it; others are keys from their first event until they retire.
 */
bool window_by_application(const struct trail_alert *);
void window_add_application(struct trail_text *, struct trail_slice application); /* adds that group */

/*
 * Where every condition of an alert is "none at all", and its groups are the inputs' (no group_by, nor
 * `applications` in a pack that takes them from the events): the shortest window. Then an event is its time
 * to the alert, and one between two others that are less than this apart changes nothing, not even whether it
 * came before. Else 0.
 */
int64_t window_presence(const struct trail_pack *, const struct trail_alert *);

void window_stats(const struct window *, struct window_stats *);
/* The same of one alert. */
uint64_t window_fired(const struct window *, size_t alert);

#endif

/*
 * baseline.h - what is usual: how many events a counting alert sees in its window, by hour of the week, for each
 * of its groups. Pure: times and counts in, an expected value and a band out; baseline.md has the formulas.
 *
 *     struct ticks ticks = ticks_of(span);                      a condition's window, cut
 *     sampler_add(&s, &ticks, 1);                               an event of the group, in order of time
 *     sampler_advance(&s, &ticks, tick, BASELINE_MORE, take, b);  hands closed steps' samples to take(), which
 *     baseline_add(b, &ticks, step, value);                                adds them to the group's baseline
 *     coverage_add(&coverage, from, to);                        the log had events there, of any kind
 *     covering_update(&covering, &coverage, step);              so these steps are known; those without a sample are 0
 *     baseline_usual(b, &covering, step, &usual);               expected, low, high; or unknown, and for how long
 *
 * Words. A window of length `span` is cut into `per_window` ticks; a step is `per_step` of them: the span
 * itself up to an hour, above it the span divided by its hours (at most 168). Ticks and steps are numbered
 * from the epoch: tick k is ((k-1) span/per_window, k span/per_window], step s is the ticks (s-1) per_step +
 * 1 … s per_step. All in integers, exact for every span. The count at a tick is that of the window that ends
 * with it. A sample is one number a step: for BASELINE_MORE the greatest count at any of the step's ticks,
 * for BASELINE_LESS the count at its last. The same numbers are what "usual" conditions compare with the
 * band.
 *
 * A baseline holds, for each of the newest BASELINE_WEEKS weeks, a histogram of samples for each of 168 hours
 * of the week (UTC, from Monday). It depends on the samples alone, not on their order, and two are merged by
 * addition. Samples of 0 are not stored: they are the covered steps that have no sample. So a group that was
 * never seen has a baseline, too: NULL, all zeros.
 *
 * Memory: an entry is 4 bytes: an hour of a week with one value. baseline_bytes() tells. False and NULL mean that
 * memory ran out, unless said otherwise; what was there is unchanged then. No global state, no threads.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z, as everywhere.
 */
#ifndef TRAIL_BASELINE_H
#define TRAIL_BASELINE_H

#include <stdio.h>

#include <trail/json.h>

#include "window/tape.h"

enum { BASELINE_SLOTS = 168, BASELINE_WEEKS = 8 };

/* Which way a condition looks, and so what a step's sample is. */
enum baseline_side { BASELINE_MORE, BASELINE_LESS };

/* BASELINE_MORE for `more than`, `at least`; BASELINE_LESS for `less than`, `at most`. */
enum baseline_side baseline_side(const struct trail_condition *);

/* ---- ticks and steps --------------------------------------------------------------------------- */

/* A million years: what lies beyond is no date, and no arithmetic is to overflow by it. */
#define BASELINE_TIME_MOST (INT64_C(1) << 55)

enum { TICKS_MOST = 168 };

struct ticks {
    int64_t span;                  /* ms, > 0 */
    unsigned per_window, per_step; /* per_window is a multiple of per_step, and at most TICKS_MOST */
};

struct ticks ticks_of(int64_t span);

int64_t ticks_at(const struct ticks *, int64_t time);       /* the tick that holds the moment */
int64_t ticks_end(const struct ticks *, int64_t tick);      /* its last moment; the window's end */
int64_t ticks_step(const struct ticks *, int64_t tick);     /* the step that holds the tick */
int64_t ticks_last(const struct ticks *, int64_t step);     /* the step's last tick */
int64_t ticks_step_at(const struct ticks *, int64_t time);  /* the step that holds the moment */
int64_t ticks_step_end(const struct ticks *, int64_t step); /* its last moment */
/* Its week, from Monday, 0 that of 1970-01-05; and the hour of the week (0: Monday 00h UTC) in which it ends. */
int64_t ticks_week(const struct ticks *, int64_t step);
unsigned ticks_slot(const struct ticks *, int64_t step);

/* ---- the sampler: counts of one group ------------------------------------------------------------ */

/* Zero it before use. While a window is empty it holds no memory. */
struct sampler {
    uint32_t *ring; /* events of each of the last per_window ticks, at tick mod per_window; NULL: none */
    int64_t tick;   /* up to which it has come */
    uint64_t count; /* of the window that ends with that tick */
    uint64_t peak;  /* the greatest count at a tick of the step so far */
};

/* A closed step and its sample, which is > 0. */
typedef void sampler_fn(void *user, int64_t step, uint64_t value);

/* Time goes on to the tick: the samples of steps that end before it are handed over (fn may be NULL), in
 * order. A tick that lies behind is ignored. */
void sampler_advance(struct sampler *, const struct ticks *, int64_t tick, enum baseline_side, sampler_fn *fn,
                     void *user);

/* n events at the sampler's tick: advance to theirs first. */
bool sampler_add(struct sampler *, const struct ticks *, uint32_t n);

void sampler_free(struct sampler *);

/* To and from a state. sampler_load() gives an empty one and sets the tape's `bad` for what no sampler wrote, and
 * returns false only when memory ran out. */
void sampler_save(const struct sampler *, const struct ticks *, struct trail_text *);
bool sampler_load(struct sampler *, const struct ticks *, struct tape *);

/* ---- coverage: where there is a log at all ---------------------------------------------------------- */

/* Longer than this without any event of any kind, and the time between is a gap: no samples come from it. */
#define BASELINE_GAP (INT64_C(24) * 3600 * 1000)

struct coverage_span {
    int64_t from, to; /* dates of events, both included */
};

/* In order, more than BASELINE_GAP apart. Zero it before use. */
struct coverage {
    struct coverage_span *list;
    size_t n, room;
};

/* Events are dated `from` and `to`, and no two neighbours between them are more than BASELINE_GAP apart. In any
 * order. */
bool coverage_add(struct coverage *, int64_t from, int64_t to);

/* Whether the windows that end in this step lie wholly inside what is covered. */
bool coverage_has(const struct coverage *, const struct ticks *, int64_t step);

void coverage_free(struct coverage *);
void coverage_save(const struct coverage *, struct trail_text *);
bool coverage_load(struct coverage *, struct tape *); /* as sampler_load() */

/* How many steps of one span are covered, in each week and hour: what a condition's baselines share. */
struct covering {
    struct ticks ticks;
    int64_t step;                                   /* all up to this one are in it */
    int64_t week;                                   /* the newest week, 0 before there is any */
    uint32_t steps[BASELINE_WEEKS][BASELINE_SLOTS]; /* [week mod BASELINE_WEEKS] */
};

void covering_start(struct covering *, int64_t span);

/* Takes in the covered steps up to and including this one; those before the last update are not looked at again
 * (start anew when coverage of the past was added). */
void covering_update(struct covering *, const struct coverage *, int64_t step);

/* Covered history in it, ms; at most BASELINE_WEEKS weeks. */
int64_t covering_length(const struct covering *);

/* ---- the baseline ------------------------------------------------------------------------------------- */

/* Zero it before use. */
struct baseline {
    struct baseline_week *weeks; /* the oldest first; inside.h */
    unsigned n_weeks;
    uint64_t samples; /* added in all, aged ones too; saturated */
};

/*
 * One step's sample (> 0; 0 is ignored). Weeks older than the newest BASELINE_WEEKS are left out: a sample that is
 * too old changes nothing but `samples`. The caller adds those of covered steps only.
 */
bool baseline_add(struct baseline *, const struct ticks *, int64_t step, uint64_t value);

/* Adds all that `from` has. */
bool baseline_merge(struct baseline *to, const struct baseline *from);

size_t baseline_bytes(const struct baseline *); /* of memory, the struct itself left out */
void baseline_free(struct baseline *);

void baseline_save(const struct baseline *, struct trail_text *);
bool baseline_load(struct baseline *, struct tape *); /* as sampler_load() */

/* How much of the season the answer knows. */
enum baseline_season {
    BASELINE_UNKNOWN, /* too little history */
    BASELINE_PLAIN,   /* one level for all hours */
    BASELINE_DAILY,   /* by hour of the day, from 3 days on */
    BASELINE_WEEKLY,  /* by hour of the week, from 14 days on */
};

struct usual {
    enum baseline_season season;
    int64_t wait;     /* BASELINE_UNKNOWN: ms of covered history that are still missing */
    double expected;  /* the rest is 0 while it is unknown */
    double low, high; /* the band: 0 <= low <= expected <= high; a count above or below is unusual */
};

/*
 * What is usual in this step, from all that is learnt so far. `baseline` NULL: a group without samples. About a
 * microsecond for each KiB of the baseline: ask once a step and keep the answer.
 */
void baseline_usual(const struct baseline *, const struct covering *, int64_t step, struct usual *);

/*
 * What a step's sample teaches when it is learnt while running: not more than what is four times as far from the
 * expected as the band's end (BASELINE_LESS: nor less), so that what is unusual for days does not become usual at
 * once, but for good does.
 */
uint64_t baseline_clip(const struct usual *, enum baseline_side, uint64_t value);

/* ---- baselines of a pack, and their file ----------------------------------------------------------------- */

enum { BASELINES_GROUPS = 10000 }; /* of a condition, unless told otherwise */

struct baselines; /* for each condition its groups' baselines, and the coverage */

struct baseline_group {
    struct trail_slice key; /* the group's JSON, {"userIdentity.userName":"alice"}; the set's */
    struct baseline baseline;
};

struct baseline_set {
    char *alert;      /* its id */
    char subject[33]; /* baselines_subject(); hexadecimal */
    unsigned condition;
    int64_t span;
    enum baseline_side side;
    size_t n_groups;
    struct baseline_group **groups; /* in the order they came */
    uint64_t dropped;               /* groups for which there was no room */
    struct baseline_table *table;   /* by key */
};

struct baselines *baselines_new(void);
void baselines_free(struct baselines *);
struct coverage *baselines_coverage(struct baselines *);

/*
 * What a condition counts, as a hash: its alert's filter, groups and labels, its span and side. Not N, the
 * priority, the hours: a baseline is still good when these change.
 */
void baselines_subject(const struct trail_pack *, const struct trail_alert *, unsigned condition,
                       char to[33]);

/* The condition's set: the one with the alert's id and the same subject. NULL: there is none. */
struct baseline_set *baselines_find(const struct baselines *, const struct trail_pack *,
                                    const struct trail_alert *, unsigned condition);
/* The same, made when there is none. */
struct baseline_set *baselines_make(struct baselines *, const struct trail_pack *, const struct trail_alert *,
                                    unsigned condition);

struct baseline_group *baseline_group_find(const struct baseline_set *, struct trail_slice key);
/* Copies the key. */
struct baseline_group *baseline_group_make(struct baseline_set *, struct trail_slice key);

/* Leaves the `most` groups with the most samples (of equals, those first by key); counts the others as dropped. */
void baseline_set_limit(struct baseline_set *, size_t most);

size_t baselines_count(const struct baselines *);
struct baseline_set *baselines_at(const struct baselines *, size_t i);

/* Adds all that `from` has: coverage, sets, groups. Where the same time was learnt twice it counts twice. */
bool baselines_merge(struct baselines *to, const struct baselines *from);

/* Writes the file's text (JSON, a line for each group). False: writing failed, see errno. */
bool baselines_write(const struct baselines *, const struct trail_pack *, FILE *);

/*
 * Reads a file's text. NULL: it is not one, or is damaged, or memory ran out: `error` says what and where,
 * safe for a terminal. Conditions of other packs are read, too: baselines_find() decides what belongs.
 */
struct baselines *baselines_parse(const char *p, size_t n, char *error, size_t room);
/* The same from a file, whose name the error has. */
struct baselines *baselines_read(const char *path, char *error, size_t room);

#endif

/*
 * model.h - what a report is made of, shared by those who collect it and those who write it.
 */
#ifndef TRAIL_REPORT_MODEL_H
#define TRAIL_REPORT_MODEL_H

#include "baseline/baseline.h"
#include "report.h"
#include "window/siphash.h"

/* ---- records by time (minutes.c) ---------------------------------------------------------- */

/* ms; a shorter window of an alert that only asks whether there are events is not drawn. */
#define REPORT_MINUTE INT64_C(60000)

/* Counts by pieces of 2^shift minutes, sparse: a date far off takes one place. */
struct piece {
    int64_t at; /* its number */
    uint64_t n; /* 0: nothing here (in the table) */
};
struct pieces {
    struct piece *table; /* open-addressed; in order once pieces_sort() was called */
    size_t n, room;
    unsigned shift;
};
bool pieces_add(struct pieces *, int64_t minute, uint64_t n);
void pieces_sort(struct pieces *);
void pieces_free(struct pieces *);

struct period {
    int64_t from, to;
};

/* ---- groups (tracks.c) -------------------------------------------------------------------- */

/* Some steps of a group that lie side by side, as one: the one with the greatest sample (for silence the
 * least). */
struct point {
    int64_t step;
    uint32_t value;
    uint32_t steps; /* that had a sample > 0 */
};

struct track {
    struct trail_slice key; /* the group's JSON */
    uint64_t events;        /* counted; notifications, where nothing is counted */
    uint64_t fired;
    uint64_t peak;
    struct pieces minutes; /* where events come by the minute, until the end */
    struct sampler sampler;
    struct baseline baseline;
    struct point *points;
    size_t n, room;
};

/* What is counted for one alert over one span; span 0: its notifications. */
struct subject {
    const struct trail_alert *alert;
    size_t index; /* of the alert */
    int64_t span;
    enum baseline_side side;
    struct ticks ticks;
    unsigned condition; /* the first of the alert that counts over the span */
    struct covering covering;
    unsigned shift; /* a point is 2^shift steps */
    struct track **tracks;
    size_t n, room;
    size_t bytes; /* of keys, minutes and points */
    struct siphash_key key;
    size_t *slots; /* hash to 1 + index */
    size_t n_slots;
    uint64_t events, dropped; /* dropped: groups for which there was no room */
    struct track *last;       /* that an event was counted for */
};

void subject_start(struct subject *, const struct trail_alert *, size_t index, int64_t span,
                   enum baseline_side);
void subject_free(struct subject *);
struct track *subject_track(struct subject *, struct trail_slice key); /* NULL: no memory */
struct track *subject_find(const struct subject *, struct trail_slice key);
bool subject_count(struct subject *, struct trail_slice key, int64_t time);
/* The same of `n` events of a minute since the epoch, in any order. */
bool subject_count_minute(struct subject *, struct trail_slice key, int64_t minute, uint64_t n);
/* The last steps; baselines; tracks in order: those to look at first. */
bool subject_finish(struct subject *, const struct coverage *, int64_t to);

/* ---- notifications (collect.c) ------------------------------------------------------------ */

struct mark {
    int64_t time;
    uint32_t alert; /* index */
    uint32_t fired, resolved;
    unsigned priority; /* the highest */
};

struct listed {
    int64_t time;
    uint64_t order; /* as they came */
    uint32_t alert;
    unsigned priority;
    enum trail_state state;
    struct trail_slice line;  /* as trail_fired_json() writes it */
    struct trail_slice event; /* n 0: none */
    bool event_left_out;      /* there was one */
};

/* What is known of an alert. */
struct about {
    size_t subject;    /* the first: of its notifications */
    size_t n_subjects; /* with one more for each span */
    struct trail_counts counts;
    uint64_t fired, resolved;
    unsigned priority;            /* the highest that fired; 0: none did */
    int64_t last;                 /* that it fired */
    uint64_t most;                /* the greatest count of a notification */
    struct trail_slice most_line; /* that notification */
};

/* ---- what is drawn (series.c) ------------------------------------------------------------- */

/* A group's line: a value for each bin, and what is usual there. */
struct line {
    const struct track *track;
    bool known; /* whether anything is usual */
    int64_t wait;
    enum baseline_season season;
    uint64_t actual[REPORT_BINS];
    double expected[REPORT_BINS], low[REPORT_BINS], high[REPORT_BINS]; /* < 0: unknown */
};

struct chart {
    const struct subject *subject;
    int64_t from, width; /* ms; bin i is (from + i width, from + (i + 1) width] */
    size_t bins;
    size_t n_lines;
    struct line *lines;
};

/* ---- the whole ---------------------------------------------------------------------------- */

struct report {
    struct report_config config;
    struct trail_stats stats;
    bool has_stats;
    size_t n_alerts; /* the pack's, and REPORT_BESIDE behind them */
    struct about *alerts;
    struct pieces minutes;
    struct mark *marks;
    size_t n_marks, mark_room;
    int64_t mark_width; /* ms */
    struct listed *listed;
    size_t n_listed, listed_room;
    uint64_t notifications, events_left_out;
    struct subject *subjects;
    size_t n_subjects;
    struct trail_text problems; /* lines */
    uint64_t n_problems;

    /* Worked out at the end. */
    uint64_t fired;      /* notifications, without those that something is resolved */
    size_t alerts_fired; /* of the pack */
    int64_t from, to;    /* the axis */
    uint64_t outside;    /* records dated elsewhere */
    struct coverage coverage;
    struct period *gaps;
    size_t n_gaps;
    int64_t volume_width;
    size_t volume_bins;
    uint64_t volume[REPORT_BINS];
    struct chart *charts;
    size_t n_charts, charts_left_out;
    size_t *lanes; /* indices of alerts in the order they are shown */
    size_t n_lanes;
};

/*
 * What a count has to be above (below) in a bin for a condition that asks for what is usual; < 0: not known
 * there, or the condition cannot hold.
 */
double chart_limit(const struct line *, const struct trail_condition *, size_t bin);

/* By index. Behind the pack's alerts are that of groups_limit, and one for all that a state remembers and the
 * pack has no more: they have but name, ID and priority. */
enum { REPORT_BESIDE = 2 };
const struct trail_alert *report_alert(const struct report *, size_t alert);
const char *report_title(const struct report *);

bool minutes_finish(struct report *); /* axis, volume, gaps */

/* Whether there is an axis of time: a record or a notification with a date. Behind minutes_finish(). */
bool report_is_dated(const struct report *);
bool series_finish(struct report *);

/* The number of bins of this width (ms) that cover the axis, the first of which begins at *from, a multiple
 * of it. */
size_t report_bins(const struct report *, int64_t width, int64_t *from);

int64_t floor_div(int64_t a, int64_t b); /* b > 0 */

#endif

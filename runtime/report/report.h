/*
 * report.h - what a scan found, as one page, or parts of it: an alert's times, counts expected and actual,
 * groups, techniques, the inputs and their gaps.
 *
 *     struct report *r = report_new(&config);
 *     options.on_alert = …: report_fired(r, fired)            each notification
 *     options.on_count = …: report_counted(r, alert, group, time)
 *     options.on_records = …: report_records(r, alert, group, minute, n)
 *     report_inputs(r, &stats, hits)                          at the end
 *     report_finish(r)
 *     report_html(r, &text); report_text(…); report_json(…); report_csv(…); report_svg(…)
 *     report_free(r)
 *
 * Memory is bounded, whatever the log: what is listed, drawn and counted by group has limits (below), and
 * what is beyond them is counted and said. The output depends on the log and the options alone, not on the
 * clock, threads or the machine.
 *
 * Everything that a log holds is hostile: it is escaped for where it goes, on its way out.
 *
 * Functions that return bool or take a text: false, or text->failed, is "out of memory". One thread at a
 * time.
 */
#ifndef TRAIL_REPORT_H
#define TRAIL_REPORT_H

#include "trail/trail.h"

struct report;
struct baselines;

enum {
    REPORT_LISTED = 400,    /* notifications that are listed one by one */
    REPORT_EVENTS = 240000, /* bytes of their events and fields */
    REPORT_GROUPS = 5,      /* that a chart can show */
    REPORT_CHARTS = 40,     /* counts that are drawn */
    REPORT_BINS = 480,      /* points of a line */
    REPORT_TRACKED = 10000, /* groups that are counted, of each condition */
    REPORT_MARKS = 3000,    /* on the time line, then those close together are one */
    REPORT_PROBLEMS = 50,   /* messages */
};

struct report_config {
    const struct trail_pack *pack; /* outlives the report */
    const char *title;             /* NULL: the pack's name */
    const char *date;              /* when it was made, as it is to be printed; NULL: not said */
    bool from_state;               /* from a history: nothing is known but the notifications */
    struct baselines
        *baselines; /* what is usual, from a file; NULL: it is learnt from the log. Outlives the report */
};

struct report *report_new(const struct report_config *);
void report_free(struct report *);

bool report_fired(struct report *, const struct trail_fired *);
bool report_counted(struct report *, const struct trail_alert *, struct trail_slice group, int64_t time);
bool report_records(struct report *, const struct trail_alert *, struct trail_slice group, int64_t minute,
                    uint64_t n);
bool report_problem(struct report *, const char *message);
void report_inputs(struct report *, const struct trail_stats *, const struct trail_counts *of_alerts);

/* Works out what the writers need: once, after all of that. */
bool report_finish(struct report *);

/* A page that needs nothing but itself. */
void report_html(const struct report *, struct trail_text *);

/* For a terminal: what fired, and a sparkline of each count, expected and actual, of the group to look at
 * first. */
void report_text(const struct report *, struct trail_text *);

/* One object; report.md describes it. */
void report_json(const struct report *, struct trail_text *);

enum report_part { REPORT_PART_ALERTS, REPORT_PART_SERIES, REPORT_PART_GROUPS, REPORT_PART_INPUTS };
void report_csv(const struct report *, enum report_part, struct trail_text *);

/* A picture: the time line (NULL), or the counts of an alert, by ID. False: that alert has none. */
bool report_svg(const struct report *, const char *alert, struct trail_text *);

#endif

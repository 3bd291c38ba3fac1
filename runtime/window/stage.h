/*
 * stage.h - the inside of the window stage, for its own files: arrive.c (hits in), waiting.c (until their
 * moment), window.c (time forward), moment.c (what happens then), judge.c (what a group's state becomes),
 * notice.c (what is said about it), doubt.c (what could not be read).
 */
#ifndef TRAIL_STAGE_H
#define TRAIL_STAGE_H

#include "group.h"
#include "heard.h"
#include "pending.h"
#include "seen.h"
#include "siphash_lanes.h"
#include "spill.h"
#include "tally.h"
#include "tape.h"
#include "timers.h"
#include "window.h"

enum { LABELLED_APPLICATIONS = 1, LABELLED_SUBSYSTEMS = 2, LABELLED_TOLD = 4 };

#define BEFORE_ALL \
    (INT64_MIN + 1) /* the moment of a hit without place in the order while there is no watermark */

/* Room for the texts of one notification, used again for each. */
struct notice {
    struct trail_text breakdown, event_ids;
    struct tally tally;
    const struct shared **breakdowns;
    size_t room;
    char reason[256];
    char dedup_key[33];
};

struct window {
    struct window_config config;
    const struct trail_pack *pack;
    struct rule *rules; /* by alert */
    struct siphash_key key;
    struct siphash_lanes *lanes; /* what is expected is hashed in them */
    struct shared_table texts;
    struct seen seen;
    struct pending pending; /* hits that wait, */
    struct spill spill;     /* and those of them for which there was no room in memory */
    struct group_table groups;
    struct timers timers;
    struct heard heard;     /* where the log has anything; learns: pieces that time has not passed */
    bool learns;            /* some condition asks for what is usual */
    struct group **touched; /* the groups of the current moment */
    size_t n_touched, touched_room;
    struct {
        size_t sweep_at; /* so many groups whose memory counts: then the idle ones go */
        uint64_t unsaid; /* groups forgotten since it was told last */
        int64_t said;    /* when that was; TRAIL_NO_TIME: not yet */
        bool news;       /* some were forgotten since forget_say() */
        int64_t now;     /* as of which groups are idle */
    } memory;
    int64_t from;      /* silence is judged from here on; TRAIL_NO_TIME: nothing read yet */
    int64_t watermark; /* TRAIL_NO_TIME: an input holds it back */
    int64_t now;       /* the newest moment that was decided; TRAIL_NO_TIME: none */
    bool begun;        /* `from` is settled, and the declared keys are there */
    bool finished, failed;
    bool said_early, said_lost, said_other;
    unsigned labelled; /* LABELLED_ bits; 0: nobody has told */
    bool muted;        /* calls are made again: nothing is said */
    struct recording {
        struct trail_text *to; /* NULL: nobody records */
        const char *path;      /* the last that was written */
        bool unsaid;           /* something has happened that the calls do not say */
    } recording;
    struct paths {
        struct shared **list; /* that were read from a tape */
        size_t n, room;
    } paths;
    struct notice notice;
    struct window_stats stats;
};

/* TRAIL_NO_TIME is before all. */
static inline int64_t later_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* ---- window.c ---- */

/* What a call returns; after a failure (!ok: no memory) every one fails. */
enum trail_status window_outcome(struct window *, bool ok);

/* Tells the message, unless *said. */
void window_problem(struct window *, bool *said, const char *message);

/* Finds or makes the group of an interned key; NULL: no memory. */
struct group *window_group_of(struct window *, size_t rule, struct shared *key);

/* Finds or makes the group of a key; NULL: no memory. */
struct group *window_group(struct window *, size_t rule, struct trail_slice key);

/* The key of rule.by_application's groups; NULL: no memory. */
struct shared *window_application_key(struct window *, struct trail_slice application);

/* The keys of a silence that are there from the start, from a moment on. False: no memory. */
bool window_declare(struct window *, const struct rule *, int64_t from);

/* ---- waiting.c ---- */

/* How many hits wait. */
size_t window_waiting(const struct window *);

/* Of the first hit that waits; TRAIL_NO_TIME: none. */
int64_t window_waiting_time(const struct window *);

/* Takes the first hit that waits, and its place. False: no memory; *x is to be dropped all the same. */
bool window_take_first(struct window *, struct waiting *x, uint32_t *place);

/* Too much waits in memory: all of it goes to disk. Where that fails it stays. False: no memory. */
bool window_shed(struct window *);

/* "temporary file in "/tmp": No space left on device; …" */
void window_file_problem(struct window *, bool *said, int error, const char *what);

/* ---- moment.c ---- */

/* The group is to be judged at the current moment. False: no memory. */
bool window_touch(struct window *, struct group *);

/* Outside the alert's hours an event fires nothing; one whose time is not known is let through. */
bool window_may_fire(const struct rule *, int64_t t);

/* Decides all moments before `limit`. False: no memory. */
bool window_run(struct window *, int64_t limit);

/* ---- ahead.c ---- */

/* Needs: the hit's event_id.n > 0. */
struct identity_of_hit identity_of(const struct window *, const struct hit *);

/* The group of the first hit that waits is looked for soon. */
void fetch_next(const struct window *);

/* ---- calls.c: what was done, for window_record() ---- */

/* `wanted`: the hit is more than its identity to the window. */
void record_hit(struct window *, const struct rule *, const struct hit *, const struct identity_of_hit *,
                bool wanted);
void record_between(struct window *, size_t alert, struct trail_slice application, int64_t first,
                    int64_t last);
void record_advance(struct window *, int64_t from, int64_t watermark);
void record_unknown(struct window *, const struct trail_slice *application,
                    const struct trail_slice *subsystem);
void record_known(struct window *, const struct trail_slice *application, const struct trail_slice *subsystem,
                  int64_t from);
void record_labelled(struct window *);
void record_heard(struct window *, int64_t time);

/* ---- judge.c; false: no memory ---- */

/* Decides the group's state at t, when every event of that moment is in it, and sets its timer. May forget
 * it. */
bool judge(struct window *, struct group *, int64_t t);

/* Whether any of the rule's conditions for many holds at t. */
bool judge_above(struct window *, const struct rule *, const struct group *, int64_t t);

/* An `immediately` that is held back to one in notify_every: says the hit or counts it, as of t. */
bool judge_immediate(struct window *, struct group *, const struct hit *, int64_t t);

/* Whether nothing would be lost with the group, as of window.memory.now. */
bool judge_idle(void *window, const struct group *);

/* ---- usual.c; false: no memory ---- */

struct outlook {
    bool holds;
    int64_t changes; /* by itself, without an event; INT64_MAX: never */
};

/* What a notification says of a count and what is usual for it. */
struct usual_sight {
    uint64_t count;
    int64_t from, to; /* it is that of (from, to] */
    struct trail_usual usual;
    double limit; /* the most, or least, that would not be told */
};

/* What is usual from a file. */
bool usual_teach(struct window *, const struct baselines *);

/* Time comes to t: where the log has something before is known. */
bool usual_hear(struct window *, int64_t t);
/* The next end of a step that is to be decided; TRAIL_NO_TIME: none. */
int64_t usual_next(const struct window *);
/* Decides the steps that end at t, when every event of that moment is in: touches the groups for which that
 * changes something. */
bool usual_decide(struct window *, int64_t t);

/* An event of the group. Needs: rule.habits. */
bool usual_count(struct window *, const struct rule *, const struct group *, int64_t t);
struct outlook usual_look(struct window *, const struct rule *, size_t condition, const struct group *,
                          bool unknown, int64_t t);
/* Groups of which what is usual was forgotten. */
uint64_t usual_unlearnt(const struct window *);
/* The group goes: it is not below what is usual any more. */
void usual_forget(const struct rule *, const struct group *);
/* As of t. False: what is usual is not known; the rest of *to is. */
bool usual_seen(const struct rule *, size_t condition, const struct group *, int64_t t,
                struct usual_sight *to);

/* ---- forget.c; false: no memory ---- */

/* Forgets groups if they take too much memory, as of t. Pointers to them are no longer good then, but for those
 * in w->touched. */
bool forget(struct window *, int64_t t);

/* Tells that groups were forgotten, if some were since this was asked last, and it was not told a short while
 * before t; or at the `end`. */
bool forget_say(struct window *, int64_t t, bool end);

/* ---- notice.c; false: no memory, and nothing was said ---- */

bool notice_hit(struct window *, const struct hit *, uint64_t held_back);
bool notice_count(struct window *, const struct group *, const struct trail_condition *, enum trail_state,
                  int64_t t);
/* That w->memory.unsaid groups were forgotten. */
bool notice_forgotten(struct window *, int64_t t);
void notice_free(struct notice *);

#endif

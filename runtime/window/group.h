/*
 * group.h - the state of one (alert, group): its newest events and whether it fires. And the table of all
 * groups.
 *
 * There may be millions of groups, and most of them are quiet: a few events that are no reason to say anything.
 * So a group is one line of the processor's cache, in which its only event lies, too; what few of them need (a
 * timer, a firing) is a piece of its own, and the key's hash, which is the group's, stands with its text. All
 * of it lies in the slab of the texts.
 *
 * A group's events come in the order of their times. It keeps as many of the newest as its rule says
 * (rule.keep), and none that every window of the rule has left behind.
 */
#ifndef TRAIL_GROUP_H
#define TRAIL_GROUP_H

#include "rule.h"
#include "shared.h"

struct entry {
    int64_t time;
    struct shared *breakdown, *event_id; /* may be NULL; IDs only of the newest RULE_EVENT_IDS */
};

/* The newest event of a group whose condition holds: what a notification shows. */
struct detail {
    struct shared *fields;
    struct trail_source source;
};

/* What a group has that is not quiet. */
struct state {
    size_t timer_at;  /* see timers.h */
    int64_t since;    /* the start of this firing */
    int64_t stands;   /* since when fired_by is what it is; when firing */
    int64_t notified; /* the last notification of this firing */
    int64_t said;     /* `immediately` with notify_every: the last notification; TRAIL_NO_TIME: none */
    uint64_t held;    /* and those held back since */
    int64_t start;    /* windows of silence begin here or later; TRAIL_NO_TIME: no event yet */
    int64_t dropped;  /* newest event that was dropped though a window may hold it; TRAIL_NO_TIME: none */
    struct detail *detail; /* NULL while no condition for many holds */
    uint32_t open;         /* rule.joins: 1 + the place of the hit that waits for the group and may stand for
                              more; 0: none */
    uint16_t fired_by;     /* index of the condition that fires; when firing */
    bool firing;
    bool fixed; /* a declared key of a silence: never forgotten */
};

struct group {
    struct shared *key;  /* the group as JSON; interned */
    struct state *state; /* NULL: it is quiet */
    int64_t last;        /* newest event; TRAIL_NO_TIME: none */
    uint32_t rule;       /* index */
    uint32_t n, first;   /* events; the oldest is at `first` */
    uint8_t room;        /* for 2^room of them */
    bool touched;        /* is to be judged at the current moment */
    bool settled;        /* its memory counts */
    bool doomed;         /* it is to be forgotten */
    union {
        struct entry one; /* room 0 */
        struct entry *ring;
    } event;
};

struct group_table {
    struct shared_table *texts; /* and their slab */
    struct tagged_table slots;
    size_t settled; /* groups whose memory counts */
    size_t bytes;   /* of memory that they take, about: a text that several events share counts for each */
};

/* Adds an event, not older than those before; takes over the texts. The group's memory counts from now on.
 * False: no memory, the texts still the caller's. */
bool group_add(struct group_table *, struct group *, const struct rule *, const struct entry *);
/* Forgets events that no window ending now or later holds. */
void group_prune(struct group_table *, struct group *, const struct rule *, int64_t now);
/* i counts from the oldest, 0 … n - 1. */
const struct entry *group_entry(const struct group *, size_t i);
/* How many of the kept events are in (t - span, t], where t is not before the newest. */
size_t group_count(const struct group *, int64_t t, int64_t span);
/* Whether more events than those kept are in that window. */
bool group_has_more(const struct group *, int64_t t, int64_t span);

/* Its state to be read: that of a quiet group where it has none. */
const struct state *group_state(const struct group *);
/* Its state to be changed. NULL: no memory. */
struct state *group_wake(struct group_table *, struct group *);
/* Gives the state back where the group is quiet. */
void group_rest(struct group_table *, struct group *);

bool group_show(struct group_table *, struct group *, struct shared *fields, const struct trail_source *);
void group_hide(struct group_table *, struct group *);

/* The group of a rule and an interned key. NULL: there is none. */
struct group *group_find(const struct group_table *, size_t rule, const struct shared *key);

/* Gets its place on its way from memory. */
void group_fetch(const struct group_table *, size_t rule, const struct shared *key);

/* Makes one that is not there. `key` is held. Its memory does not count yet: a group may be made when a hit
 * arrives, which is no moment of the log. NULL: no memory. */
struct group *group_create(struct group_table *, size_t rule, struct shared *key);
/* From now on its memory counts. */
void group_settle(struct group_table *, struct group *);
/* What it takes then. */
size_t group_bytes(const struct group *);

/* Takes a group out of the table and frees it. It must have no timer. */
void group_remove(struct group_table *, struct group *);

/* Removes every group of which `idle` says that nothing would be lost. */
void group_sweep(struct group_table *, bool (*idle)(void *user, const struct group *), void *user);

/* Calls fn with every group, in no order. */
void group_each(const struct group_table *, void (*fn)(void *user, struct group *), void *user);

/* The table alone: its groups go with the slab. */
void group_table_free(struct group_table *);

#endif

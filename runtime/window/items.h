/*
 * items.h - what stands on a window's tape (save.h), for calls.c, save.c and load.c: items, each a kind and
 * what it says. A piece holds whole items and needs no other piece's path.
 */
#ifndef TRAIL_ITEMS_H
#define TRAIL_ITEMS_H

#include "save.h"
#include "stage.h"
#include "tape.h"

enum item {
    /* what was done */
    ITEM_PATH =
        1, /* source.path of the items that follow; behind a NUL source.application, where there is one */
    ITEM_HIT,
    ITEM_IDENTITY, /* of a hit that left nothing else */
    ITEM_ADVANCE,
    ITEM_UNKNOWN,
    ITEM_LABELLED,
    ITEM_KNOWN,
    ITEM_BETWEEN,
    ITEM_HEARD,
    /* what a window is */
    ITEM_START = 32, /* version, key, alerts */
    ITEM_CLOCK,
    ITEM_MEMORY,
    ITEM_SEEN,
    ITEM_RULE,
    ITEM_GROUP,
    ITEM_WAITING,
    ITEM_END,    /* how many of SEEN, GROUP and WAITING there were */
    ITEM_PIECES, /* where the log has something: heard.h */
    ITEM_HABITS, /* what is usual, of a condition; its own text, which is left out where the alert is */
    ITEM_HABIT,  /* and of a group */
};

/* The texts and numbers that an item may have. */
enum {
    HAS_TIME = 1,
    HAS_FUTURE = 2,
    HAS_ID = 4,
    HAS_BREAKDOWN = 8,
    HAS_FIELDS = 16,
    HAS_GROUP = 32, /* another one than {} */
    HAS_UNTIL = 64,
    HAS_OPEN = 128,
};

/* Writes path and label, if it is another path than the last: *last is what was written. Texts are told apart
 * by where they are, so a path stands for its label, too. */
void item_path(struct trail_text *, const char **last, const struct trail_source *);

/* A moment, or none. */
void item_time(struct trail_text *, int64_t);
int64_t item_get_time(struct tape *);

void item_labelled(struct trail_text *, unsigned labelled);

/* habits_tape.c: the text of ITEM_HABITS, and of ITEM_HABIT behind the key. Reading: into habits that are
 * there and know nothing, or a group of theirs; what makes no sense sets the tape's `bad`. False: no
 * memory. */
void habits_save(const struct habits *, struct trail_text *);
bool habits_load(struct habits *, struct tape *);
void habit_save(const struct habits *, const struct habit *, struct trail_text *);
bool habit_load(struct habits *, struct habit *, struct tape *);

#endif

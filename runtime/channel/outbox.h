/*
 * outbox.h - messages on their way: what the router puts in, and the sender takes out.
 *
 * A row is one message to one channel, and for mail to one recipient. The outbox is an interface, so that it
 * can be a table of the state file, or a list in memory (outbox_memory.c: `channels test`, and tests).
 *
 *     add ──▶ WAITING ──take──▶ SENDING ──sent──▶ SENT
 *                ▲                 │  ├────park──▶ PARKED     a person looks: sentry outbox retry|drop
 *                └──────retry──────┘  └────sent, again──▶ WAITING, repeats
 *     add ──▶ HELD     never sent: muted, or left out in quiet hours; there to be counted and seen
 *
 * Units: times are milliseconds since 1970-01-01T00:00:00Z of the wall clock, by the clock that the caller
 * was given. Texts are UTF-8, terminated, without control characters; a payload is one JSON object on one
 * line, written by us (see message.h), up to a few MiB.
 *
 * Threads: `add`, `find`, `replace` and `waiting` are called on the counting thread, within the transaction
 * that commits what was counted; `take`, `sent`, `retry`, `park`, `next_due` and `recover` on the sender's
 * thread, each a transaction of its own. An implementation allows one thread of each kind at once. The
 * sender sees a row once the router's transaction is committed; trail_sender_wake() tells it so.
 *
 * Durability: when `sent`, `retry` or `park` returns OK, a crash does not undo it. `take` may be undone by a
 * crash: the row is then sent again, with the same key.
 *
 * Ownership: what is passed in is borrowed for the call; what comes out is a copy in `struct
 * trail_outbox_message`, freed with trail_outbox_message_free().
 */
#ifndef TRAIL_OUTBOX_H
#define TRAIL_OUTBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "trail/pack.h"

enum trail_outbox_state {
    TRAIL_OUTBOX_WAITING, /* to be sent at `due` */
    TRAIL_OUTBOX_SENDING, /* in flight */
    TRAIL_OUTBOX_SENT,
    TRAIL_OUTBOX_PARKED, /* refused for good; `last_error` says why */
    TRAIL_OUTBOX_HELD,   /* not to be sent; `last_error` says why */
};

enum trail_outbox_result {
    TRAIL_OUTBOX_OK,
    TRAIL_OUTBOX_NONE,   /* no such row */
    TRAIL_OUTBOX_FAILED, /* the storage failed, and has said so itself; nothing was changed */
};

/* A row. */
struct trail_outbox_row {
    int64_t id;            /* given by add; later rows have higher ones */
    const char *channel;   /* its name in the configuration */
    const char *recipient; /* an address of mail; "" elsewhere */
    const char *dedup_key; /* of the message: 32 hexadecimal digits, at most 64 characters */
    const char *thread;    /* what messages of one firing have in common; "": stands alone */
    const char *bunch;     /* name of a message that still grows, see `find`; "": it does not */
    struct trail_slice payload;
    int64_t created, due;
    int64_t updated;   /* when its state, attempts or payload changed last */
    unsigned attempts; /* times that it was taken since the last success */
    bool repeats;      /* it was sent, and is sent again at `due` */
    enum trail_outbox_state state;
    const char *last_error; /* "": none. Never holds a secret */
};

/* A row with its texts, of the caller's own. */
struct trail_outbox_message {
    struct trail_outbox_row row;
    char *memory;
};
void trail_outbox_message_free(struct trail_outbox_message *);
/* Copies a row with all its texts; false: out of memory. */
bool trail_outbox_message_copy(struct trail_outbox_message *, const struct trail_outbox_row *);

struct trail_outbox {
    void *user;

    /* ---- for the router ---- */

    /*
     * Puts a row in, WAITING or HELD; `id`, `attempts` and `repeats` are ignored. A row with the same channel,
     * recipient and dedup_key, in whatever state, is the same message: nothing is added, and the result is OK (a
     * restart may count a piece of a log a second time). So the keys of rows that were sent are remembered as
     * long as a log may be read again.
     * Rows of the same channel, recipient and thread that repeat and are WAITING become SENT: a newer message
     * replaces them.
     */
    enum trail_outbox_result (*add)(void *user, const struct trail_outbox_row *);

    /* The newest row of this channel, recipient and bunch that is HELD, or WAITING with no attempt so far and
     * due after `now`; one that is due within a second may be left out. NONE: there is none. */
    enum trail_outbox_result (*find)(void *user, const char *channel, const char *recipient,
                                     const char *bunch, int64_t now, struct trail_outbox_message *);

    /* Another payload for a row that `find` gave within the same transaction. */
    enum trail_outbox_result (*replace)(void *user, int64_t id, int64_t now, struct trail_slice payload);

    /* How many rows of the channel are WAITING or SENDING; repeating ones left out. Called for each
     * notification: it should not count rows each time. */
    uint64_t (*waiting)(void *user, const char *channel);

    /* ---- for the sender ---- */

    /* At start, once: what was SENDING when the process ended becomes WAITING, due at once. */
    enum trail_outbox_result (*recover)(void *user, int64_t now);

    /*
     * The row of this channel to be sent next: WAITING, due at or before `now`, and no older row (of a lower
     * id) of the same channel, recipient and thread is SENDING, or WAITING and not repeating; of several the
     * one with the earliest due, then the lowest id. It becomes SENDING, and its attempts one more. NONE: nothing
     * is to be sent now.
     */
    enum trail_outbox_result (*take)(void *user, const char *channel, int64_t now,
                                     struct trail_outbox_message *);

    /*
     * It has arrived: SENDING becomes SENT. With `again` other than 0 it becomes WAITING, due at `again`,
     * repeating, with 0 attempts; unless a newer row of its channel, recipient and thread was put in
     * meanwhile: then it is SENT.
     */
    enum trail_outbox_result (*sent)(void *user, int64_t id, int64_t now, int64_t again);

    /* It has not: SENDING becomes WAITING, due at `due`, with `error` as last_error. */
    enum trail_outbox_result (*retry)(void *user, int64_t id, int64_t now, int64_t due, const char *error);

    /* It never will: SENDING becomes PARKED. Does not hold back later rows of its thread. */
    enum trail_outbox_result (*park)(void *user, int64_t id, int64_t now, const char *error);

    /* When the next row of the channel is due (it may be past, and held back by an older row of its thread);
     * INT64_MAX: no row is WAITING. */
    int64_t (*next_due)(void *user, const char *channel);
};

/* An outbox in memory. Free it after the last use. One mutex, any thread. */
struct trail_outbox *trail_outbox_memory_new(void);
void trail_outbox_memory_free(struct trail_outbox *);

/* Its rows, in the order of their ids, for those that look at it; the pointers hold until the next change. */
size_t trail_outbox_memory_rows(const struct trail_outbox *, const struct trail_outbox_row **rows);

#endif

/*
 * look.h - what people ask a state: what fired, what is to be sent. For `history` and `outbox`, beside a
 * running scanner (STATE_LOOK).
 */
#ifndef TRAIL_STATE_LOOK_H
#define TRAIL_STATE_LOOK_H

#include "channel/outbox.h"
#include "state.h"

/* A notification that was told. Texts are borrowed for the call. */
struct state_told {
    int64_t id, stored; /* stored: ms since 1970 by the machine's clock */
    int64_t time;       /* of the events; TRAIL_NO_TIME: none */
    const char *alert, *state, *dedup_key;
    const char *muted; /* why nobody was told; NULL: somebody was */
    unsigned priority;
    struct trail_slice group, json;
};

struct state_wanted {
    int64_t since, until; /* time in [since, until); 0: any */
    const char *alert;    /* ID; NULL: any */
    const char *state;    /* "firing", "resolved"; NULL: any */
    bool newest;          /* first; else the oldest */
};

/* False of `each`: stop. False: the state cannot be read; on_problem was told. */
bool state_history(struct state *, const struct state_wanted *,
                   bool (*each)(void *user, const struct state_told *), void *user);

/* The messages that are not sent (`all`: sent ones, too), oldest first. */
bool state_messages(struct state *, const char *channel, bool all,
                    bool (*each)(void *user, const struct trail_outbox_row *), void *user);

/* How many messages wait, by channel. False as above. */
bool state_waiting_messages(struct state *, void (*each)(void *user, const char *channel, uint64_t n),
                            void *user);

/* Of a message by its number, or (0) of all that are parked: of one channel, or (NULL) of any. Sent at once, when
 * the scanner runs; or never. *n: how many. False as above. */
bool state_retry(struct state *, int64_t id, const char *channel, uint64_t *n);
bool state_drop(struct state *, int64_t id, const char *channel, uint64_t *n);

#endif

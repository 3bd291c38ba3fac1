/*
 * sender.h - takes messages out of the outbox and delivers them, each channel at its own pace.
 *
 *     struct trail_sender *s = trail_sender_new(config, outbox, &options);
 *     pthread_create(&thread, NULL, run, s);        run calls trail_sender_run(s)
 *     … trail_sender_wake(s);                       after a commit that put messages in
 *     trail_sender_stop(s, 5000);                   then pthread_join, trail_sender_free
 *
 * One thread does it all: no channel waits for another, since each has its own limits of what is in flight,
 * its own rate, and its own pauses. A channel that fails gets one attempt at a time, further and further
 * apart (from a second to five minutes, with jitter), or as far apart as it asks for; what waits stays in the
 * outbox, not in memory.
 *
 * A storage that fails: what became of a message is kept until it can be stored, and nothing else is begun
 * before. What stands as in flight and is not is taken back.
 *
 * Threads: trail_sender_run() or trail_sender_round() on one thread, on which they block SIGPIPE; wake, stop
 * and reload on any.
 */
#ifndef TRAIL_SENDER_H
#define TRAIL_SENDER_H

#include "config/config.h"
#include "outbox.h"
#include "transfer.h"

struct trail_sender;

/* How one attempt ended, for metrics and messages. Borrowed for the call. */
struct trail_sent {
    const char *channel, *recipient, *dedup_key;
    enum trail_delivery delivery;
    unsigned attempts;
    const char *reason;
};

struct trail_sender_options {
    void *user;
    int64_t (*now)(void *user); /* the wall clock, in ms; NULL: the machine's */
    void (*on_sent)(void *user, const struct trail_sent *);
    /* One line, safe for a terminal: what the operator has to know (libcurl is missing). */
    void (*on_problem)(void *user, const char *message);
    /* The sender will not look at this configuration again: it was replaced, and nothing of it is in flight. */
    void (*on_released)(void *user, const struct trail_config *);
    uint64_t seed; /* of the jitter; 0: by chance */
};

/* Borrows the configuration (until on_released, or the sender is freed) and the outbox. NULL: out of memory, or no
 * descriptor was left. */
struct trail_sender *trail_sender_new(const struct trail_config *, const struct trail_outbox *,
                                      const struct trail_sender_options *);

/* Sends until it is stopped. Calls the outbox's `recover` first. */
void trail_sender_run(struct trail_sender *);

/*
 * One step, for those who have a loop of their own, and for tests: starts what is due, waits for what is in
 * flight, at most `most` ms, and ends what is over. Returns the ms until something is due by the clock (0:
 * now; INT64_MAX: nothing waits). Call `recover` yourself.
 */
int64_t trail_sender_round(struct trail_sender *, int64_t most);
size_t trail_sender_in_flight(const struct trail_sender *);

/* There is something new in the outbox. */
void trail_sender_wake(struct trail_sender *);

/* Starts nothing more. What is in flight may end within `grace` ms; what does not goes back to the outbox, to
 * be sent with the same key. trail_sender_run() then returns. */
void trail_sender_stop(struct trail_sender *, int64_t grace);

/* Sends by another configuration from now on; what is in flight ends by the old one. */
void trail_sender_reload(struct trail_sender *, const struct trail_config *);

/* Ends what is in flight as trail_sender_stop() does with no grace. */
void trail_sender_free(struct trail_sender *);

#endif

/*
 * delivery.h - from an alert to those who are to hear of it: the router on the engine's thread, the sender on its own,
 * the outbox between them.
 *
 *     d = delivery_new(&config)
 *     delivery_route(d, fired)        in on_alert: into the outbox, with the batch
 *     delivery_start(d)               once the state is resumed: a thread begins to send
 *     delivery_wake(d)                after a commit
 *     delivery_reload(d, other)       SIGHUP
 *     delivery_free(d)                what is in flight may end
 */
#ifndef TRAIL_DELIVERY_H
#define TRAIL_DELIVERY_H

#include "channel/outbox.h"
#include "config/config.h"
#include "metrics.h"

struct delivery;
struct state;

struct delivery_config {
    struct trail_config *config; /* the caller's, to the end: inputs are of it */
    const struct trail_pack *pack;
    const struct trail_outbox *outbox;            /* NULL: one in memory */
    struct state *state;                          /* that it is of: small things are kept there. NULL: none */
    void (*say)(void *user, const char *message); /* any thread; one line, safe for a terminal */
    void *user;
};

struct delivery *
delivery_new(const struct delivery_config *); /* NULL: no memory, or no descriptor was left */
void delivery_free(struct delivery *);

/* False: no thread could be made. */
bool delivery_start(struct delivery *);

/* False: the outbox failed. */
bool delivery_route(struct delivery *, const struct trail_fired *);
void delivery_wake(struct delivery *);

/* Takes over the configuration. False: no memory, and the old one stays. */
bool delivery_reload(struct delivery *, struct trail_config *);

/* What is sent, by channel, in a list of the caller's own with texts that live until the next reload; NULL: no
 * memory. On the engine's thread. */
struct metrics_channel *delivery_channels(struct delivery *, size_t *n);

#endif

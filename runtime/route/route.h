/*
 * route.h - from a notification to rows of the outbox: which channels hear of it, and which hear later, less,
 * or not.
 *
 *     names    the alert's `notify` are channels, or names that `routes: names` explains
 *     defaults an alert without `notify` goes where its priority, or `any`, says
 *     tags     are in addition
 *
 * Then, for each channel, the first of these that holds:
 *
 *     muted        a row that is held, one for each mute, which counts
 *     quiet hours  one message at their end, or (then: drop) a row that is held
 *     grouped      the first few of an interval go by themselves, the rest as one message at its end
 *     full         more wait than limits: outbox allows: the rest are counted in one message
 *     sent         a row of its own, one for each recipient of mail
 *
 * Nothing vanishes: each notification is in a row, or counted in one. How far an interval is used up goes
 * over into another configuration, and with recall and remember into another run.
 *
 * Threads: all on the counting thread, within the transaction that commits what was counted.
 */
#ifndef TRAIL_ROUTE_H
#define TRAIL_ROUTE_H

#include "channel/outbox.h"
#include "config/config.h"

enum trail_routed {
    TRAIL_ROUTED_SENT,    /* to be sent by itself */
    TRAIL_ROUTED_GROUPED, /* counted in one message, of a storm or of quiet hours */
    TRAIL_ROUTED_FULL,    /* the same, since too many wait */
    TRAIL_ROUTED_MUTED,   /* held */
    TRAIL_ROUTED_QUIET,   /* held: quiet hours that drop */
};

struct trail_router_options {
    void *user;
    int64_t (*now)(void *user); /* the wall clock, in ms; NULL: the machine's */
    /* For metrics: what became of a notification at a channel. */
    void (*on_routed)(void *user, const char *channel, enum trail_routed);
    /* How far a channel's interval is used up: a short text that is the router's own, stored with the batch.
     * What recall gives is freed by the router; NULL: nothing. remember: false, no memory. NULL, both: it is
     * forgotten at the end. */
    char *(*recall)(void *user, const char *channel);
    bool (*remember)(void *user, const char *channel, const char *interval);
};

struct trail_router;

/* Borrows all three. NULL: out of memory. */
struct trail_router *trail_router_new(const struct trail_config *, const struct trail_pack *,
                                      const struct trail_outbox *, const struct trail_router_options *);
/* FAILED: the outbox failed, and the transaction has to be given up. */
enum trail_outbox_result trail_router_route(struct trail_router *, const struct trail_fired *);
/* Another configuration from now on; the old one is not looked at again. False: out of memory, nothing changed. */
bool trail_router_reload(struct trail_router *, const struct trail_config *);
void trail_router_free(struct trail_router *);

#endif

/*
 * service.h - a scanner that follows logs, as a service: signals, the supervisor, the HTTP server, and in between
 * the engine's rounds (follow/live.h).
 *
 *   SIGTERM, SIGINT   reads what is there, commits and ends; a second one ends at once
 *   SIGHUP            the configuration is read again
 */
#ifndef TRAIL_SERVICE_H
#define TRAIL_SERVICE_H

#include "delivery.h"
#include "follow/live.h"
#include "supervisor.h"

struct service {
    const struct trail_pack *pack;
    struct live_config live;
    const char *http;          /* ADDRESS:PORT; NULL: no server */
    struct delivery *delivery; /* NULL: there are no channels */
    struct live **engine;      /* filled in, as soon as it is there: the caller's to free */
    void (*flush)(void *user); /* after each round */
    void (*say)(void *user, enum supervisor_level, const char *message); /* one line, safe for a terminal */
    /* Reads the configuration again. False: the old one stays, and it was said why. May be NULL. */
    bool (*reload)(void *user);
    void *user; /* of all three */
};

/* Runs until it is told to end, or every input has ended. TRAIL_INVALID: it did not begin, and it was said why. */
enum trail_status service_run(const struct service *);

#endif

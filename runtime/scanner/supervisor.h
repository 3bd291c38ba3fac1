/*
 * supervisor.h - what systemd gives a service, and wants to be told: sd_notify(3)'s datagrams, the watchdog, and
 * levels in front of lines for the journal (sd-daemon(3)). Does nothing where nobody asks.
 */
#ifndef TRAIL_SUPERVISOR_H
#define TRAIL_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

/* As syslog(3) counts. */
enum supervisor_level { SUPERVISOR_ERROR = 3, SUPERVISOR_WARNING = 4, SUPERVISOR_INFO = 6 };

/* `<4>` where standard error goes to the journal; else the empty text. */
const char *supervisor_level(enum supervisor_level);

/* Sends `READY=1` and the like to $NOTIFY_SOCKET, several lines at once. False: nobody listens. */
bool supervisor_tell(const char *state);

/* The same with the time, which RELOADING=1 wants. */
bool supervisor_tell_reloading(void);

/* How often the watchdog wants to hear of us, in ms: half of what systemd says. 0: never. */
int64_t supervisor_watchdog(void);

#endif

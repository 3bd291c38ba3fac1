/*
 * bodies.h - what a message becomes for each kind of channel: bytes, and nothing sent yet.
 *
 * Each function adds one body. They differ in nothing but their inputs: the same message, channel and time
 * give the same bytes. `now` is in milliseconds of the wall clock.
 */
#ifndef TRAIL_BODIES_H
#define TRAIL_BODIES_H

#include "config/config.h"
#include "message.h"

/* What file, exec and webhooks get that ask for nothing else: the notification as the scanner prints it, or a
 * storm's payload. */
struct trail_slice trail_plain_body(const struct trail_message *);

/* chat.c: incoming webhooks of Slack (Block Kit) and of Teams (a workflow's webhook: an Adaptive Card). */
void trail_slack_body(const struct trail_message *, struct trail_text *);
void trail_teams_body(const struct trail_message *, struct trail_text *);

/* incident.c: PagerDuty's Events API v2; `thread` is the key by which a trigger and its resolve belong together.
 * Alertmanager's API v2: a list of one alert. */
void trail_pagerduty_body(const struct trail_channel *, const struct trail_message *, const char *thread,
                          struct trail_text *);
void trail_alertmanager_body(const struct trail_channel *, const struct trail_message *, int64_t now,
                             struct trail_text *);
/* When the alert has to be sent again to stay alive there; 0: never. */
int64_t trail_alertmanager_again(const struct trail_channel *, const struct trail_message *, int64_t now);

/* mail.c: a whole mail, headers and all (RFC 5322), text and HTML. */
struct trail_mail {
    const char *recipient;
    const char *key;    /* of the message: becomes its Message-ID, so that one that comes twice is known */
    const char *thread; /* what the mail's conversation is known by; "": it begins its own */
    int64_t now;
};
void trail_mail_body(const struct trail_channel *, const struct trail_message *, const struct trail_mail *,
                     struct trail_text *);

/* syslog.c: one message of RFC 5424, without framing. */
void trail_syslog_body(const struct trail_channel *, const struct trail_message *, int64_t now,
                       struct trail_text *);

#endif

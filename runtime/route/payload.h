/*
 * payload.h - writes what channel/message.h reads.
 */
#ifndef TRAIL_PAYLOAD_H
#define TRAIL_PAYLOAD_H

#include "channel/message.h"

/* A notification; `kind` is "alert" or "test". */
void trail_payload_alert(struct trail_text *, const struct trail_pack *, const struct trail_fired *,
                         const char *kind);

/* A storm of one notification, or an older storm with one more. `why` says why they are one message. */
struct trail_storm_entry {
    const char *why;
    const struct trail_fired *fired;
    struct trail_slice notification; /* its JSON */
    int64_t now;
};
void trail_payload_storm(struct trail_text *, const struct trail_message *old,
                         const struct trail_storm_entry *);

#endif

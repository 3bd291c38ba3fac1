/*
 * message.h - what a row of the outbox says: a payload, read.
 *
 * A payload is one JSON object on one line, the same for every channel:
 *
 *     {"kind":"alert","about":"build-bot","description":"…","resolves":true,"every":600000,"notification":{…}}
 *     {"kind":"test", … the same}
 *     {"kind":"storm","why":"…","from":MS,"to":MS,"count":17,"alerts":[{"id":…,"alert":…,"priority":"P1",
 *      "firing":15,"resolved":2},…],"more_alerts":3,"notifications":[{…},…]}
 *
 * A notification is what trail_fired_json() writes. A storm stands for many: all are counted by alert, and the
 * first few are there in full; `more_alerts` are notifications of alerts beyond TRAIL_STORM_ALERTS.
 *
 * The slices borrow the payload. They are JSON texts, with the escapes in them; trail_value_text() has the
 * text that one stands for. All of it may hold what an attacker wrote: see escape.h.
 */
#ifndef TRAIL_MESSAGE_H
#define TRAIL_MESSAGE_H

#include "trail/trail.h"

enum {
    TRAIL_STORM_ALERTS = 50,       /* alerts that a storm counts one by one */
    TRAIL_STORM_NOTIFICATIONS = 5, /* notifications that it holds in full */
};

enum trail_message_kind { TRAIL_MESSAGE_ALERT, TRAIL_MESSAGE_TEST, TRAIL_MESSAGE_STORM };

/* JSON texts; n 0: absent. */
struct trail_notification {
    struct trail_slice json; /* all of it */
    struct trail_slice alert, id, priority, state, reason, group, count, expected, band, held_back, window,
        first_event, last_event, breakdown, fields, event_ids, dedup_key, source, tags, pack;
};

struct trail_message {
    enum trail_message_kind kind;
    struct trail_slice json;  /* the payload */
    struct trail_slice about; /* whom or what it is about, for the subject */
    struct trail_slice description;
    bool resolves; /* the alert tells when it is over */
    int64_t every; /* ms between its repeats */
    struct trail_notification one;
    /* a storm */
    struct trail_slice why, alerts, notifications, more_alerts;
    uint64_t total;
    int64_t from, to;
};

/* False: it is no payload (a foreign row). */
bool trail_message_read(struct trail_message *, struct trail_slice payload);
void trail_notification_read(struct trail_notification *, struct trail_slice json);

/* The priority as a number, 1 to 5 (3 when there is none); of a storm the most urgent of its alerts. */
unsigned trail_message_priority(const struct trail_message *);
/* Whether it says that something is over. */
bool trail_message_is_resolved(const struct trail_message *);

/* "[P1] New admin: build-bot" as a text, not escaped. The caller frees it. */
struct trail_text trail_message_subject(const struct trail_message *);

/* The value of a field, by the name that templates have for it: `alert`, `group.userIdentity.userName`,
 * `window.from`, `subject`. n 0: absent. What is made for it is put into `scratch`. */
struct trail_slice trail_message_field(const struct trail_message *, const char *name,
                                       struct trail_text *scratch);
/* Whether templates know a field of this name; the list of the names before a dot ends with NULL. */
bool trail_message_has_field(const char *name);
extern const char *const trail_message_fields[];

/* ---- values ---- */

/* Adds what a JSON value reads like: a string's text; numbers and words as they are; of objects and lists
 * their JSON text. */
void trail_value_text(struct trail_text *, struct trail_slice json);
uint64_t trail_value_number(struct trail_slice json);

/* ---- rows ---- */

/* Takes one line of a message for people: texts, not escaped. */
struct trail_row_sink {
    void *user;
    void (*row)(void *user, struct trail_slice label, struct trail_slice value);
};

/*
 * What a notification says besides its subject, in the order in which people need it: reason, group, count,
 * window, distribution, fields (at most `most` rows of them), event ids, source. Or a storm's alerts with
 * their counts.
 */
void trail_message_rows(const struct trail_message *, size_t most, const struct trail_row_sink *);

/* The message as lines of plain text, "label: value", for where there is nothing better. */
void trail_message_lines(const struct trail_message *, struct trail_text *);

#endif

/*
 * config.h - the configuration of a scanner: where alerts go, what inputs are called, limits.
 *
 * The file is YAML; trailc-sentry.5 describes each key. Reading it is all or nothing: a file with one mistake
 * gives no configuration, and every mistake is told with its place. A configuration is constant once read, so any
 * thread may look at it; whoever replaces it frees the old one when nobody uses it any more.
 *
 * Secrets (passwords, tokens, URLs that are one) are given as {env: NAME}, {file: PATH} or {credential: NAME}
 * and read with the configuration. They are nowhere but here: trail_config_redact() takes them out of any
 * text that others have a hand in, and freeing wipes them.
 *
 * Times are milliseconds.
 */
#ifndef TRAIL_CONFIG_H
#define TRAIL_CONFIG_H

#include <stdio.h>

#include "trail/trail.h"

enum trail_channel_type {
    TRAIL_CHANNEL_EMAIL,
    TRAIL_CHANNEL_SLACK,
    TRAIL_CHANNEL_WEBHOOK,
    TRAIL_CHANNEL_ALERTMANAGER,
    TRAIL_CHANNEL_PAGERDUTY,
    TRAIL_CHANNEL_TEAMS,
    TRAIL_CHANNEL_EXEC,
    TRAIL_CHANNEL_FILE,
    TRAIL_CHANNEL_SYSLOG,
    TRAIL_CHANNEL_TYPES
};

enum trail_tls {
    TRAIL_TLS_START, /* STARTTLS, and nothing is said before it succeeds */
    TRAIL_TLS_DIRECT,
    TRAIL_TLS_NONE, /* to this machine alone; checked against the address that is connected to */
};

/* A text that may be a secret. */
struct trail_setting {
    const char *text; /* NULL: not given */
    bool secret;
};

struct trail_header {
    const char *name;
    struct trail_setting value;
};

struct trail_pair {
    const char *name, *value;
};

/* Messages per interval. */
struct trail_rate {
    unsigned n;
    int64_t per;
};

struct trail_template; /* channel/template.h */

struct trail_channel {
    const char *name;
    enum trail_channel_type type;

    /* Delivery. */
    int64_t timeout, connect_timeout;
    int64_t give_up;        /* age at which a message that cannot be delivered is parked */
    unsigned parallel;      /* messages in flight at once */
    struct trail_rate rate; /* n 0: any */
    struct trail_rate
        group; /* the first n of an interval go by themselves, the rest in one message; per 0: all go */

    /* Network. */
    struct trail_setting url;
    const char *ca_file;
    struct trail_strings
        allow_addresses; /* networks that may be reached though they are link-local or metadata */

    /* webhook, alertmanager */
    const char *method;
    size_t n_headers;
    const struct trail_header *headers;
    const struct trail_template *body; /* NULL: the notification itself */
    struct trail_setting sign_secret;
    const char *sign_header;

    /* email */
    const char *host;
    unsigned port;
    enum trail_tls tls;
    struct trail_setting user, password;
    const char *from;        /* the address alone */
    const char *from_name;   /* NULL: none */
    struct trail_strings to; /* addresses alone */

    /* alertmanager */
    size_t n_labels;
    const struct trail_pair *labels;
    int64_t resend, ends_after;

    /* pagerduty */
    struct trail_setting routing_key;

    /* exec */
    struct trail_strings command;
    size_t n_environment;
    const struct trail_header *environment;

    /* file */
    const char *path;

    /* syslog */
    const char *address; /* a socket's path, udp://ADDRESS:PORT, tcp://HOST:PORT or tls://HOST:PORT */
    unsigned facility;
    const char *app_name;
};

/* Indices of channels. */
struct trail_channels {
    size_t n;
    const size_t *list;
};

struct trail_named_route {
    const char *name; /* a name of the packs' notify, or a pattern of tags */
    struct trail_channels to;
};

struct trail_routes {
    size_t n_names, n_tags;
    const struct trail_named_route *names; /* what names in notify mean, where that is no channel's name */
    const struct trail_named_route *tags;  /* in addition, for alerts with such a tag */
    bool has_default[6];
    struct trail_channels defaults[6]; /* by priority, for alerts without notify; 0: any */
};

/* A mute or quiet hours choose by these; NULL and 0: any. Patterns: `*` any characters, `?` one. */
struct trail_mute {
    const char *alert; /* pattern of its id or name */
    const char *tag;
    size_t n_group;
    const struct trail_pair *group; /* field and pattern of its value */
    struct trail_channels channels; /* n 0: all */
    int64_t until;
    const char *reason;
    unsigned line;
};

struct trail_quiet {
    size_t n_hours;
    const struct trail_hours *hours;
    bool priorities[6];
    struct trail_channels channels; /* n 0: all that can group */
    bool drop;                      /* hold back for good, instead of one message at the end */
    const char *name;               /* "quiet hours (line 12)" */
};

struct trail_input_config {
    const char *path;
    struct trail_input_labels labels;
};

struct trail_config {
    const char *path;
    size_t n_channels;
    const struct trail_channel *channels;
    struct trail_routes routes;
    size_t n_mutes, n_quiets, n_inputs;
    const struct trail_mute *mutes;
    const struct trail_quiet *quiets;
    const struct trail_input_config *inputs;
    struct {
        size_t groups;   /* bytes of memory for what is counted; 0: as without a configuration */
        size_t waiting;  /* bytes, as in struct trail_options; 0: default */
        uint64_t outbox; /* messages of one channel that wait */
    } limits;
    struct {
        const char *host; /* NULL: no server */
        unsigned port;
    } http;
};

enum { TRAIL_CONFIG_WITHOUT_SECRETS = 1 }; /* they stay unread, and their text is "" */

/* NULL: there are errors. Messages (warnings, too) are added as lines, safe for a terminal. */
struct trail_config *trail_config_load(const char *path, unsigned flags, struct trail_text *messages);
/* The same of a text; `path` is for the messages. */
struct trail_config *trail_config_parse(const char *path, struct trail_slice text, unsigned flags,
                                        struct trail_text *messages);
void trail_config_free(struct trail_config *);

/*
 * Whether it fits the pack: every name that an alert notifies is a channel's, or is routed. False: an alert
 * would be told to nobody by mistake; messages say which, where from, and what to write. Warnings come for
 * alerts that go nowhere on purpose or not, and for mutes that name no alert of the pack.
 */
bool trail_config_fits(const struct trail_config *, const struct trail_pack *, struct trail_text *messages);

/* The channel of this name; NULL: there is none. */
const struct trail_channel *trail_config_channel(const struct trail_config *, const char *name);

/* Sets those of `chosen`, one of each channel, that a notification of the alert goes to when it has this priority: the
 * alert's `notify`, else the defaults; and its tags. The others stay. */
void trail_config_choose(const struct trail_config *, const struct trail_alert *, unsigned priority,
                         bool *chosen);

const char *trail_channel_type_name(enum trail_channel_type);

/* Whether a message may stand for several notifications there. */
bool trail_channel_groups(const struct trail_channel *);

/* Replaces every secret in the text, and the parts of URLs that are one, by ***, in place. */
void trail_config_redact(const struct trail_config *, char *text);

/* Whether text fits the pattern, byte by byte: `*` any characters, `?` one. */
bool trail_pattern_fits(const char *pattern, const char *text);

/* Whether one of the alert's tags fits it. */
bool trail_has_tag(const struct trail_alert *, const char *pattern);

#endif

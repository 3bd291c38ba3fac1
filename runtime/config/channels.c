/*
 * channels.c - the section `channels:`: which keys each type of channel has, and what they may hold.
 *
 * A new type is a row of `types`, its keys in `keys`, and a case in channel/send.c.
 */
#include <stdlib.h>
#include <string.h>

#include "channel/template.h"
#include "reading.h"
#include "template.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, DAY = 24 * 60 * MINUTE };

static const char *const type_names[TRAIL_CHANNEL_TYPES + 1] = {
    "email", "slack", "webhook", "alertmanager", "pagerduty", "teams", "exec", "file", "syslog", NULL};

/* Sets of types. */
enum {
    EMAIL = 1 << TRAIL_CHANNEL_EMAIL,
    SLACK = 1 << TRAIL_CHANNEL_SLACK,
    WEBHOOK = 1 << TRAIL_CHANNEL_WEBHOOK,
    ALERTMANAGER = 1 << TRAIL_CHANNEL_ALERTMANAGER,
    PAGERDUTY = 1 << TRAIL_CHANNEL_PAGERDUTY,
    TEAMS = 1 << TRAIL_CHANNEL_TEAMS,
    EXEC = 1 << TRAIL_CHANNEL_EXEC,
    A_FILE = 1 << TRAIL_CHANNEL_FILE,
    SYSLOG = 1 << TRAIL_CHANNEL_SYSLOG,
    HTTP = SLACK | WEBHOOK | ALERTMANAGER | PAGERDUTY | TEAMS,
    NETWORK = HTTP | EMAIL | SYSLOG,
    ALL = (1 << TRAIL_CHANNEL_TYPES) - 1,
};

const char *trail_channel_type_name(enum trail_channel_type type)
{
    return type_names[type];
}

bool trail_channel_groups(const struct trail_channel *channel)
{
    return !((1 << channel->type) & (ALERTMANAGER | PAGERDUTY));
}

/* A channel being read: the key's words for messages. */
struct key_of {
    struct trail_reading *r;
    struct trail_channel *channel;
    const char *what; /* "channel security-mail: password" */
};

/* ---- URLs and addresses ------------------------------------------------------------------- */

static bool is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

/* Never shows a URL that is a secret. */
static void check_url(const struct key_of *k, const struct trail_node *node, bool needs_tls)
{
    struct trail_reading *r = k->r;
    const char *url = k->channel->url.text, *shown = k->channel->url.secret ? "the URL" : url, *host;
    unsigned port;
    if (!*url)
        return; /* unread, or told already */
    bool tls = strncmp(url, "https://", 8) == 0;
    if (!tls && strncmp(url, "http://", 7) != 0) {
        trail_complain(r->complaints, node, "%s: %s begins neither with https:// nor with http://", k->what,
                       shown);
        return;
    }
    const char *name = url + (tls ? 8 : 7);
    for (const char *p = url; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || strchr("{}<>\"\\^`|", *p)) {
            trail_complain(
                r->complaints, node,
                "%s: %s has a character that a URL has not (spell it as %%XX); a URL takes no {{field}}",
                k->what, shown);
            return;
        }
    char *authority = trail_arena_text(r->arena, (struct trail_slice){name, strcspn(name, "/?#")});
    if (strchr(authority, '@')) {
        trail_complain(r->complaints, node,
                       "%s: a URL with a password in it: give it as a header, Authorization: {env: NAME}",
                       k->what);
        return;
    }
    if (k->channel->url.secret ? !*authority : !trail_read_host(r, node, k->what, authority, &host, &port)) {
        if (k->channel->url.secret)
            trail_complain(r->complaints, node, "%s: the URL has no host", k->what);
        return;
    }
    authority[*authority == '[' ? strcspn(authority, "]") : strcspn(authority, ":")] = '\0';
    if (needs_tls && !tls && !is_loopback(authority + (*authority == '[')))
        trail_complain(r->complaints, node,
                       "%s: http:// would show what is sent to everyone on the way: write https://", k->what);
}

static void read_url(const struct key_of *k, const struct trail_node *node)
{
    k->channel->url = trail_read_setting(k->r, node, k->what);
    check_url(k, node, k->channel->url.secret);
}

static void read_secret_url(const struct key_of *k, const struct trail_node *node)
{
    k->channel->url = trail_read_secret(k->r, node, k->what);
    check_url(k, node, true);
}

/* An address of mail, alone: letters, digits and what else needs no quotes. */
static bool is_address(const char *text)
{
    const char *at = strchr(text, '@');
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+-/=?^_`{|}~";
    size_t n = at ? (size_t)(at - text) : 0;
    return n && n <= 64 && strspn(text, letters) == n && at[1] && at[1] != '.' && strlen(at) < 255 &&
           strspn(at + 1, letters) == strlen(at + 1) && !strpbrk(at + 1, "!#$%&'*+/=?^_`{|}~");
}

static const char *read_address(const struct key_of *k, const struct trail_node *node, const char *text)
{
    if (*text && !is_address(text))
        trail_complain(k->r->complaints, node, "%s: '%s' is no address (write name@example.com)", k->what,
                       text);
    return text;
}

/* ---- one function a key ------------------------------------------------------------------- */

static void read_server(const struct key_of *k, const struct trail_node *node)
{
    const char *text = trail_read_text(k->r, node, k->what);
    if (*text)
        trail_read_host(k->r, node, k->what, text, &k->channel->host, &k->channel->port);
}

static void read_tls(const struct key_of *k, const struct trail_node *node)
{
    static const char *const choices[] = {"starttls", "direct", "none", NULL};
    k->channel->tls = (enum trail_tls)trail_read_choice(k->r, node, k->what, choices);
}

static void read_user(const struct key_of *k, const struct trail_node *node)
{
    k->channel->user = trail_read_setting(k->r, node, k->what);
}

static void read_password(const struct key_of *k, const struct trail_node *node)
{
    k->channel->password = trail_read_secret(k->r, node, k->what);
}

static void read_from(const struct key_of *k, const struct trail_node *node)
{
    const char *text = trail_read_text(k->r, node, k->what), *open = strchr(text, '<');
    size_t n = strlen(text);
    if (!open) {
        k->channel->from = read_address(k, node, text);
        return;
    }
    size_t name = (size_t)(open - text);
    while (name && text[name - 1] == ' ')
        name--;
    if (text[n - 1] != '>') {
        trail_complain(k->r->complaints, node, "%s: '%s' is no sender (write Sentry <sentry@example.com>)",
                       k->what, text);
        return;
    }
    k->channel->from_name = trail_arena_text(k->r->arena, (struct trail_slice){text, name});
    k->channel->from = read_address(
        k, node,
        trail_arena_text(k->r->arena, (struct trail_slice){open + 1, n - (size_t)(open - text) - 2}));
}

static void read_to(const struct key_of *k, const struct trail_node *node)
{
    k->channel->to = trail_read_strings(k->r, node, k->what);
    for (size_t i = 0; i < k->channel->to.n; i++)
        read_address(k, node->kind == TRAIL_NODE_LIST ? node->values[i] : node, k->channel->to.list[i]);
    if (!k->channel->to.n)
        trail_complain(k->r->complaints, node, "%s: nobody is named", k->what);
}

static void read_method(const struct key_of *k, const struct trail_node *node)
{
    static const char *const choices[] = {"POST", "PUT", "PATCH", NULL};
    k->channel->method = choices[trail_read_choice(k->r, node, k->what, choices)];
}

/* Headers that are the transport's, or that we write. */
static bool is_taken(const char *name)
{
    static const char *const taken[] = {"host",   "content-length", "transfer-encoding", "connection",
                                        "expect", "upgrade",        "idempotency-key",   "content-type",
                                        NULL};
    for (size_t i = 0; taken[i]; i++)
        if (strcasecmp(name, taken[i]) == 0)
            return true;
    return false;
}

static bool is_token(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return *name && strspn(name, letters) == strlen(name);
}

static bool is_one_line(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

/* Words that a header has whose value should be no plain text. */
static bool sounds_secret(const char *name)
{
    static const char *const words[] = {"authorization", "token",    "secret", "api-key",
                                        "apikey",        "password", NULL};
    for (size_t i = 0; words[i]; i++)
        if (strcasestr(name, words[i]))
            return true;
    return false;
}

static void read_headers(const struct key_of *k, const struct trail_node *node)
{
    struct trail_header *headers = trail_arena_get(k->r->arena, (node->n + 1) * sizeof *headers);
    if (node->kind != TRAIL_NODE_MAP)
        trail_complain(k->r->complaints, node, "%s: write NAME: VALUE for each", k->what);
    for (size_t i = 0; node->kind == TRAIL_NODE_MAP && i < node->n && !k->r->arena->failed; i++) {
        const char *name = node->keys[i]->text.p;
        bool secret = sounds_secret(name);
        if (!is_token(name))
            trail_complain(k->r->complaints, node->keys[i], "%s: '%s' is no header's name", k->what, name);
        else if (is_taken(name))
            trail_complain(k->r->complaints, node->keys[i], "%s: %s is written by the scanner itself",
                           k->what, name);
        headers[i].name = name;
        headers[i].value = (secret ? trail_read_secret : trail_read_setting)(k->r, node->values[i], k->what);
        if (!is_one_line(headers[i].value.text))
            trail_complain(k->r->complaints, node->values[i], "%s: the value of %s has a line break in it",
                           k->what, name);
    }
    k->channel->headers = headers;
    k->channel->n_headers = node->kind == TRAIL_NODE_MAP && !k->r->arena->failed ? node->n : 0;
}

static void read_body(const struct key_of *k, const struct trail_node *node)
{
    k->channel->body = trail_template_read(k->r, node);
}

static void read_sign(const struct key_of *k, const struct trail_node *node)
{
    static const char *const keys[] = {"secret", "header", NULL};
    if (!trail_read_keys(k->r, node, k->what, keys))
        return;
    const struct trail_node *secret = trail_node_get(node, "secret"),
                            *header = trail_node_get(node, "header");
    if (!secret)
        trail_complain(k->r->complaints, node, "%s needs a secret: {secret: {env: NAME}}", k->what);
    else
        k->channel->sign_secret = trail_read_secret(k->r, secret, k->what);
    k->channel->sign_header = header ? trail_read_text(k->r, header, k->what) : "X-Trail-Signature";
    if (header && *k->channel->sign_header &&
        (!is_token(k->channel->sign_header) || is_taken(k->channel->sign_header)))
        trail_complain(k->r->complaints, header, "%s: '%s' is no header for it", k->what,
                       k->channel->sign_header);
}

static void read_labels(const struct key_of *k, const struct trail_node *node)
{
    struct trail_pair *labels = trail_arena_get(k->r->arena, (node->n + 1) * sizeof *labels);
    if (node->kind != TRAIL_NODE_MAP) {
        trail_complain(k->r->complaints, node, "%s: write NAME: VALUE for each", k->what);
        return;
    }
    for (size_t i = 0; i < node->n && !k->r->arena->failed; i++) {
        labels[i] =
            (struct trail_pair){node->keys[i]->text.p, trail_read_text(k->r, node->values[i], k->what)};
        if (!is_token(labels[i].name) || strchr(labels[i].name, '-') ||
            (*labels[i].name >= '0' && *labels[i].name <= '9'))
            trail_complain(k->r->complaints, node->keys[i],
                           "%s: '%s' is no label's name (letters, digits and _)", k->what, labels[i].name);
    }
    k->channel->labels = labels;
    k->channel->n_labels = k->r->arena->failed ? 0 : node->n;
}

static void read_resend(const struct key_of *k, const struct trail_node *node)
{
    k->channel->resend = trail_read_duration(k->r, node, k->what, 10 * SECOND, 60 * MINUTE);
}

static void read_ends_after(const struct key_of *k, const struct trail_node *node)
{
    k->channel->ends_after = trail_read_duration(k->r, node, k->what, MINUTE, 7 * DAY);
}

static void read_routing_key(const struct key_of *k, const struct trail_node *node)
{
    k->channel->routing_key = trail_read_secret(k->r, node, k->what);
}

static void read_command(const struct key_of *k, const struct trail_node *node)
{
    if (node->kind != TRAIL_NODE_LIST || !node->n) {
        trail_complain(
            k->r->complaints, node,
            "%s is a list, the program with its path first: [/usr/local/bin/page, --urgent]; no shell reads "
            "it",
            k->what);
        return;
    }
    k->channel->command = trail_read_strings(k->r, node, k->what);
    if (k->channel->command.n && *k->channel->command.list[0] && *k->channel->command.list[0] != '/')
        trail_complain(k->r->complaints, node->values[0],
                       "%s: '%s' is no whole path (write /usr/local/bin/%s)", k->what,
                       k->channel->command.list[0], k->channel->command.list[0]);
}

static void read_environment(const struct key_of *k, const struct trail_node *node)
{
    struct trail_header *list = trail_arena_get(k->r->arena, (node->n + 1) * sizeof *list);
    if (node->kind != TRAIL_NODE_MAP) {
        trail_complain(k->r->complaints, node, "%s: write NAME: VALUE for each", k->what);
        return;
    }
    for (size_t i = 0; i < node->n && !k->r->arena->failed; i++) {
        list[i].name = node->keys[i]->text.p;
        bool secret = sounds_secret(list[i].name);
        list[i].value = (secret ? trail_read_secret : trail_read_setting)(k->r, node->values[i], k->what);
        if (!is_token(list[i].name) || strchr(list[i].name, '-'))
            trail_complain(k->r->complaints, node->keys[i], "%s: '%s' is no variable's name", k->what,
                           list[i].name);
    }
    k->channel->environment = list;
    k->channel->n_environment = k->r->arena->failed ? 0 : node->n;
}

static void read_path(const struct key_of *k, const struct trail_node *node)
{
    k->channel->path = trail_read_text(k->r, node, k->what);
}

/* udp://192.0.2.1:514, tcp://HOST:601, tls://HOST:6514, or the path of a socket. */
static void read_syslog(const struct key_of *k, const struct trail_node *node)
{
    static const struct {
        const char *scheme;
        unsigned port;
    } schemes[] = {{"udp://", 514}, {"tcp://", 601}, {"tls://", 6514}};
    const char *text = trail_read_text(k->r, node, k->what);
    k->channel->address = text;
    if (!*text || *text == '/')
        return;
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(schemes[i].scheme);
        if (strncmp(text, schemes[i].scheme, n) != 0)
            continue;
        bool read = trail_read_host(k->r, node, k->what, text + n, &k->channel->host, &k->channel->port);
        k->channel->port = k->channel->port ? k->channel->port : schemes[i].port;
        if (read && i == 0 && k->channel->host[strspn(k->channel->host, "0123456789abcdefABCDEF.:")])
            trail_complain(k->r->complaints, node,
                           "%s: udp:// needs an address, not a name (udp://192.0.2.1:514)", k->what);
        return;
    }
    trail_complain(
        k->r->complaints, node,
        "%s: '%s' is no log (write /dev/log, udp://192.0.2.1:514, tcp://HOST:601 or tls://HOST:6514)",
        k->what, text);
}

static void read_facility(const struct key_of *k, const struct trail_node *node)
{
    static const char *const names[] = {
        "kern",   "user",     "mail",   "daemon", "auth",   "syslog", "lpr",   "news",   "uucp",
        "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock", "local0", "local1",
        "local2", "local3",   "local4", "local5", "local6", "local7", NULL};
    k->channel->facility = (unsigned)trail_read_choice(k->r, node, k->what, names);
}

static void read_app_name(const struct key_of *k, const struct trail_node *node)
{
    k->channel->app_name = trail_read_text(k->r, node, k->what);
    for (const char *p = k->channel->app_name; *p; p++)
        if (*p <= ' ' || *p > '~' || strlen(k->channel->app_name) > 48) {
            trail_complain(k->r->complaints, node, "%s: at most 48 letters, digits and signs, without blanks",
                           k->what);
            return;
        }
}

static void read_timeout(const struct key_of *k, const struct trail_node *node)
{
    k->channel->timeout = trail_read_duration(k->r, node, k->what, SECOND, 10 * MINUTE);
}

static void read_connect_timeout(const struct key_of *k, const struct trail_node *node)
{
    k->channel->connect_timeout = trail_read_duration(k->r, node, k->what, SECOND, 10 * MINUTE);
}

static void read_give_up(const struct key_of *k, const struct trail_node *node)
{
    k->channel->give_up = trail_read_duration(k->r, node, k->what, MINUTE, 365 * (int64_t)DAY);
}

static void read_parallel(const struct key_of *k, const struct trail_node *node)
{
    k->channel->parallel = (unsigned)trail_read_number(k->r, node, k->what, 1, 16);
}

static void read_rate(const struct key_of *k, const struct trail_node *node)
{
    k->channel->rate = trail_read_rate(k->r, node, k->what);
}

static void read_grouping(const struct key_of *k, const struct trail_node *node)
{
    static const char *const keys[] = {"after", "every", NULL};
    if (node->kind == TRAIL_NODE_TEXT && node->plain &&
        (trail_node_is(node, "off") || trail_node_is(node, "false"))) {
        k->channel->group = (struct trail_rate){0, 0};
        return;
    }
    if (!trail_read_keys(k->r, node, k->what, keys))
        return;
    const struct trail_node *after = trail_node_get(node, "after"), *every = trail_node_get(node, "every");
    k->channel->group.n = after ? (unsigned)trail_read_number(k->r, after, k->what, 0, 100000) : 10;
    k->channel->group.per = every ? trail_read_duration(k->r, every, k->what, SECOND, DAY) : 5 * MINUTE;
}

static void read_ca_file(const struct key_of *k, const struct trail_node *node)
{
    k->channel->ca_file = trail_read_text(k->r, node, k->what);
    FILE *file = *k->channel->ca_file ? fopen(k->channel->ca_file, "re") : NULL;
    if (*k->channel->ca_file && !file && !(k->r->flags & TRAIL_CONFIG_WITHOUT_SECRETS))
        trail_complain(k->r->complaints, node, "%s: cannot read %s", k->what, k->channel->ca_file);
    if (file)
        fclose(file);
}

static void read_allow(const struct key_of *k, const struct trail_node *node)
{
    k->channel->allow_addresses = trail_read_strings(k->r, node, k->what);
    for (size_t i = 0; i < k->channel->allow_addresses.n; i++) {
        const char *text = k->channel->allow_addresses.list[i];
        if (*text && text[strspn(text, "0123456789abcdefABCDEF.:/")])
            trail_complain(k->r->complaints, node,
                           "%s: '%s' is no network (write 169.254.10.0/24 or fe80::1)", k->what, text);
    }
}

/* ---- which keys --------------------------------------------------------------------------- */

static const struct key {
    const char *name;
    int types;
    int required; /* for these */
    void (*read)(const struct key_of *, const struct trail_node *);
} keys[] = {
    {"server", EMAIL, EMAIL, read_server},
    {"tls", EMAIL, 0, read_tls},
    {"user", EMAIL, 0, read_user},
    {"password", EMAIL, 0, read_password},
    {"from", EMAIL, EMAIL, read_from},
    {"to", EMAIL, EMAIL, read_to},
    {"url", SLACK | TEAMS, SLACK | TEAMS, read_secret_url},
    {"url", WEBHOOK | ALERTMANAGER | PAGERDUTY, WEBHOOK | ALERTMANAGER, read_url},
    {"method", WEBHOOK, 0, read_method},
    {"headers", WEBHOOK | ALERTMANAGER, 0, read_headers},
    {"body", WEBHOOK, 0, read_body},
    {"sign", WEBHOOK, 0, read_sign},
    {"labels", ALERTMANAGER, 0, read_labels},
    {"resend", ALERTMANAGER, 0, read_resend},
    {"ends_after", ALERTMANAGER, 0, read_ends_after},
    {"routing_key", PAGERDUTY, PAGERDUTY, read_routing_key},
    {"command", EXEC, EXEC, read_command},
    {"environment", EXEC, 0, read_environment},
    {"path", A_FILE, A_FILE, read_path},
    {"address", SYSLOG, 0, read_syslog},
    {"facility", SYSLOG, 0, read_facility},
    {"app_name", SYSLOG, 0, read_app_name},
    {"timeout", ALL & ~A_FILE, 0, read_timeout},
    {"connect_timeout", NETWORK, 0, read_connect_timeout},
    {"give_up", ALL, 0, read_give_up},
    {"parallel", HTTP | EMAIL | EXEC, 0, read_parallel},
    {"rate", ALL, 0, read_rate},
    {"grouping", ALL & ~(ALERTMANAGER | PAGERDUTY), 0, read_grouping},
    {"ca_file", NETWORK, 0, read_ca_file},
    {"allow_addresses", NETWORK, 0, read_allow},
};
enum { KEYS = sizeof keys / sizeof *keys };

static void set_defaults(struct trail_channel *channel)
{
    int type = 1 << channel->type;
    channel->timeout = 30 * SECOND;
    channel->connect_timeout = 10 * SECOND;
    channel->give_up = 3 * (int64_t)DAY;
    channel->parallel = type & (A_FILE | SYSLOG) ? 1 : 2;
    channel->method = "POST";
    channel->resend = MINUTE;
    channel->ends_after = 15 * MINUTE;
    channel->facility = 4;
    channel->app_name = "trail";
    channel->address = "/dev/log";
    if (type & (EMAIL | SLACK | TEAMS))
        channel->group = (struct trail_rate){10, 5 * MINUTE};
    if (type & (SLACK | TEAMS))
        channel->rate = (struct trail_rate){60, MINUTE}; /* what both take: one a second */
    if (type & EMAIL)
        channel->rate = (struct trail_rate){60, MINUTE};
    if (type & PAGERDUTY)
        channel->url = (struct trail_setting){"https://events.pagerduty.com/v2/enqueue", false};
}

static void check_key_names(const struct key_of *k, const struct trail_node *node)
{
    const char *names[KEYS + 2] = {"type"};
    size_t n = 1;
    char what[160];
    for (size_t i = 0; i < KEYS; i++)
        if (keys[i].types >> k->channel->type & 1)
            names[n++] = keys[i].name;
    snprintf(what, sizeof what, "channel %s: %s %s channel", k->channel->name,
             strchr("aeiou", *type_names[k->channel->type]) ? "an" : "a", type_names[k->channel->type]);
    trail_read_keys(k->r, node, what, names);
}

/* What keys say only together. */
static void check_channel(const struct key_of *k, const struct trail_node *node)
{
    struct trail_channel *c = k->channel;
    struct trail_complaints *to = k->r->complaints;
    if (c->type == TRAIL_CHANNEL_EMAIL && c->host) {
        if (!c->port)
            c->port = c->tls == TRAIL_TLS_DIRECT ? 465 : c->tls == TRAIL_TLS_NONE ? 25 : 587;
        if (c->tls == TRAIL_TLS_NONE && *c->host && !is_loopback(c->host))
            trail_complain(
                to, trail_node_get(node, "tls"),
                "channel %s: tls: none is for a server on this machine alone (localhost); write starttls or "
                "direct",
                c->name);
        if (!c->user.text != !c->password.text)
            trail_complain(to, node, "channel %s: user and password go together", c->name);
        if (c->tls == TRAIL_TLS_NONE && c->password.text)
            trail_complain(to, node, "channel %s: a password is not sent without tls", c->name);
    }
    if (c->connect_timeout > c->timeout)
        c->connect_timeout = c->timeout;
}

static void read_channel(struct trail_reading *r, const struct trail_node *node,
                         struct trail_channel *channel)
{
    char what[160];
    const struct trail_node *type = trail_node_get(node, "type");
    if (node->kind != TRAIL_NODE_MAP || !type) {
        trail_complain(r->complaints, node,
                       "channel %s has no type (email, slack, webhook, alertmanager, pagerduty, "
                       "teams, exec, file or syslog)",
                       channel->name);
        return;
    }
    snprintf(what, sizeof what, "channel %s: type", channel->name);
    size_t errors = r->complaints->errors;
    channel->type = (enum trail_channel_type)trail_read_choice(r, type, what, type_names);
    if (r->complaints->errors > errors)
        return;
    struct key_of k = {r, channel, what};
    set_defaults(channel);
    check_key_names(&k, node);
    for (size_t i = 0; i < KEYS; i++) {
        const struct trail_node *value = trail_node_get(node, keys[i].name);
        snprintf(what, sizeof what, "channel %s: %s", channel->name, keys[i].name);
        if (value && (keys[i].types >> channel->type & 1))
            keys[i].read(&k, value);
        else if (!value && (keys[i].required >> channel->type & 1))
            trail_complain(r->complaints, node, "channel %s needs the key %s", channel->name, keys[i].name);
    }
    check_channel(&k, node);
}

static bool is_channel_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    return *name && strlen(name) <= 64 && strspn(name, letters) == strlen(name);
}

void trail_read_channels(struct trail_reading *r, const struct trail_node *node)
{
    struct trail_channel *channels = trail_arena_get(r->arena, (node->n + 1) * sizeof *channels);
    if (node->kind != TRAIL_NODE_MAP && !trail_node_is_null(node))
        trail_complain(r->complaints, node, "channels is %s: write NAME: {type: …} for each",
                       trail_node_kind_name(node));
    if (node->kind != TRAIL_NODE_MAP || r->arena->failed)
        return;
    r->config->channels = channels;
    for (size_t i = 0; i < node->n; i++) {
        channels[i].name = node->keys[i]->text.p;
        if (!is_channel_name(channels[i].name))
            trail_complain(r->complaints, node->keys[i],
                           "'%s' is no name of a channel: letters, digits, - _ and ., at most 64",
                           channels[i].name);
        read_channel(r, node->values[i], &channels[i]);
        r->config->n_channels = i + 1;
    }
}

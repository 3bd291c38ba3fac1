/*
 * values.c - values of a configuration by their kind, secrets among them. See reading.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reading.h"
#include "window/timestamp.h"

enum { MAX_SECRET = 64 * 1024 };

const char *trail_read_text(struct trail_reading *r, const struct trail_node *node, const char *what)
{
    if (node->kind == TRAIL_NODE_TEXT && node->text.n && !trail_node_is_null(node))
        return node->text.p;
    trail_complain(r->complaints, node, "%s is %s: it needs a text", what,
                   node->kind == TRAIL_NODE_TEXT ? "empty" : trail_node_kind_name(node));
    return "";
}

/* Digits alone. */
static bool number_of(const char *text, uint64_t *to)
{
    char *end;
    errno = 0;
    *to = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno;
}

uint64_t trail_read_number(struct trail_reading *r, const struct trail_node *node, const char *what,
                           uint64_t least, uint64_t most)
{
    uint64_t n;
    if (node->kind == TRAIL_NODE_TEXT && number_of(node->text.p, &n) && n >= least && n <= most)
        return n;
    trail_complain(r->complaints, node, "%s is no number from %" PRIu64 " to %" PRIu64, what, least, most);
    return least;
}

size_t trail_read_choice(struct trail_reading *r, const struct trail_node *node, const char *what,
                         const char *const *choices)
{
    char list[256] = "";
    size_t n = 0;
    for (size_t i = 0; choices[i]; i++) {
        if (trail_node_is(node, choices[i]))
            return i;
        if (n < sizeof list)
            n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", choices[i]);
    }
    trail_complain(r->complaints, node, "%s is none of %s", what, list);
    return 0;
}

int64_t trail_read_duration(struct trail_reading *r, const struct trail_node *node, const char *what,
                            int64_t least, int64_t most)
{
    char from[TRAIL_TIME_ROOM], to[TRAIL_TIME_ROOM];
    int64_t d = node->kind == TRAIL_NODE_TEXT ? trail_duration_parse(node->text) : -1;
    if (d >= least && d <= most)
        return d;
    trail_duration_format(from, least);
    trail_duration_format(to, most);
    trail_complain(r->complaints, node, "%s is no duration from %s to %s (write 90s, 15m, 36h or 7d)", what,
                   from, to);
    return least;
}

uint64_t trail_read_size(struct trail_reading *r, const struct trail_node *node, const char *what)
{
    static const struct {
        const char *unit;
        unsigned shift;
    } units[] = {{"", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
    char *unit = NULL;
    uint64_t n = 0;
    bool digits = node->kind == TRAIL_NODE_TEXT && node->text.p[0] >= '0' && node->text.p[0] <= '9';
    if (digits)
        n = strtoull(node->text.p, &unit, 10);
    while (unit && *unit == ' ')
        unit++;
    for (size_t i = 0; unit && i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].unit) == 0 && n && n <= (uint64_t)(SIZE_MAX / 4) >> units[i].shift)
            return n << units[i].shift;
    trail_complain(r->complaints, node, "%s is no size (write 512KiB, 64MiB or 2GiB)", what);
    return 1 << 20;
}

int64_t trail_read_time(struct trail_reading *r, const struct trail_node *node, const char *what)
{
    int64_t t = node->kind == TRAIL_NODE_TEXT ? trail_time_parse_given(node->text) : TRAIL_NO_TIME;
    if (t == TRAIL_NO_TIME)
        trail_complain(r->complaints, node, "%s is no time (write 2026-01-31 or 2026-01-31T10:00:00Z)", what);
    return t == TRAIL_NO_TIME ? 0 : t;
}

struct trail_rate trail_read_rate(struct trail_reading *r, const struct trail_node *node, const char *what)
{
    struct trail_rate rate = {0, 0};
    char n[16] = "", per[32] = "";
    uint64_t number;
    int used = 0;
    if (node->kind == TRAIL_NODE_TEXT &&
        sscanf(node->text.p, "%15[0-9] per %31[0-9a-z]%n", n, per, &used) == 2 && !node->text.p[used] &&
        number_of(n, &number) && number >= 1 && number <= 1000000) {
        rate.n = (unsigned)number;
        rate.per = trail_duration_parse((struct trail_slice){per, strlen(per)});
    }
    if (rate.per >= 1000)
        return rate;
    trail_complain(r->complaints, node, "%s is no rate (write 30 per 1m)", what);
    return (struct trail_rate){1, 1000};
}

struct trail_strings trail_read_strings(struct trail_reading *r, const struct trail_node *node,
                                        const char *what)
{
    size_t n = node->kind == TRAIL_NODE_LIST ? node->n : 1;
    const char **list = trail_arena_get(r->arena, (n + 1) * sizeof *list);
    if (node->kind == TRAIL_NODE_MAP || r->arena->failed) {
        if (!r->arena->failed)
            trail_complain(r->complaints, node, "%s is a mapping: it needs a text, or a list of them", what);
        return (struct trail_strings){0, NULL};
    }
    for (size_t i = 0; i < n; i++)
        list[i] = trail_read_text(r, node->kind == TRAIL_NODE_LIST ? node->values[i] : node, what);
    return (struct trail_strings){n, list};
}

bool trail_read_keys(struct trail_reading *r, const struct trail_node *node, const char *what,
                     const char *const *keys)
{
    char list[400] = "";
    size_t used = 0;
    if (node->kind != TRAIL_NODE_MAP) {
        trail_complain(r->complaints, node, "%s is %s: it needs a mapping", what, trail_node_kind_name(node));
        return false;
    }
    for (size_t i = 0; keys[i] && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", keys[i]);
    for (size_t i = 0; i < node->n; i++) {
        bool known = false;
        for (size_t k = 0; keys[k] && !known; k++)
            known = trail_node_is(node->keys[i], keys[k]);
        const char *near = known ? NULL : trail_nearest(node->keys[i]->text.p, keys);
        if (near)
            trail_complain(r->complaints, node->keys[i], "%s has no key '%s': is %s meant?", what,
                           node->keys[i]->text.p, near);
        else if (!known)
            trail_complain(r->complaints, node->keys[i], "%s has no key '%s'; it has %s", what,
                           node->keys[i]->text.p, list);
    }
    return true;
}

static bool port_of(const char *text, unsigned *port)
{
    uint64_t n;
    if (!number_of(text, &n) || n < 1 || n > 65535)
        return false;
    *port = (unsigned)n;
    return true;
}

bool trail_read_host(struct trail_reading *r, const struct trail_node *node, const char *what,
                     const char *text, const char **host, unsigned *port)
{
    const char *name = text, *end, *colon;
    *port = 0;
    if (*text == '[') {
        name = text + 1;
        end = strchr(name, ']');
        colon = end && end[1] == ':' ? end + 1 : NULL;
        if (end && end[1] && !colon)
            end = NULL;
    } else {
        colon = strrchr(text, ':');
        end = colon ? colon : text + strlen(text);
        if (colon && strchr(text, ':') != colon)
            end = NULL; /* an IPv6 address without brackets */
    }
    bool good = end && end > name && (!colon || port_of(colon + 1, port));
    for (const char *p = name; good && p < end; p++)
        good = (*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
               strchr(*text == '[' ? ".:" : ".-_", *p);
    if (!good) {
        trail_complain(r->complaints, node,
                       "%s: '%s' is no host with a port (write mail.example.com:587 or "
                       "[2001:db8::1]:587)",
                       what, text);
        *host = "";
        return false;
    }
    *host = trail_arena_text(r->arena, (struct trail_slice){name, (size_t)(end - name)});
    return true;
}

/* ---- secrets ------------------------------------------------------------------------------ */

static void remember(struct trail_reading *r, const char *text)
{
    struct trail_secret *secret = trail_arena_get(r->arena, sizeof *secret);
    if (r->arena->failed || strlen(text) < 4)
        return;
    struct trail_secret **at = &r->secrets; /* the longest first: it may hold a shorter one */
    while (*at && (*at)->n > strlen(text))
        at = &(*at)->next;
    *secret = (struct trail_secret){text, strlen(text), *at};
    *at = secret;
    const char *scheme = strstr(text, "://"), *path = scheme ? strchr(scheme + 3, '/') : NULL;
    if (path)
        remember(r, path);
}

/* A text from outside as a setting. */
static struct trail_setting keep_secret(struct trail_reading *r, const struct trail_node *node,
                                        const char *what, struct trail_slice text)
{
    while (text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
        text.n--;
    const char *copy = trail_arena_text(r->arena, text);
    bool printable = text.n > 0;
    for (size_t i = 0; i < text.n; i++)
        printable = printable && (unsigned char)text.p[i] >= ' ' && text.p[i] != 0x7f;
    if (!printable)
        trail_complain(r->complaints, node, "%s: the secret is %s", what,
                       text.n ? "no single line of text" : "empty");
    remember(r, copy);
    return (struct trail_setting){copy, true};
}

static struct trail_setting read_secret_file(struct trail_reading *r, const struct trail_node *node,
                                             const char *what, const char *path, const char *fix)
{
    struct trail_setting setting = {"", true};
    struct stat status;
    char *room = calloc(1, MAX_SECRET + 1);
    FILE *file = room ? fopen(path, "re") : NULL;
    size_t n = file ? fread(room, 1, MAX_SECRET + 1, file) : 0;
    if (!file || ferror(file))
        trail_complain(r->complaints, node, "%s: cannot read %s: %s%s", what, path, strerror(errno), fix);
    else if (n > MAX_SECRET)
        trail_complain(r->complaints, node, "%s: %s is longer than %d bytes", what, path, MAX_SECRET);
    else
        setting = keep_secret(r, node, what, (struct trail_slice){room, n});
    if (file && fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 04))
        trail_warn(r->complaints, node, "%s: every user of the machine can read %s (chmod o= it)", what,
                   path);
    if (file)
        fclose(file);
    if (room)
        explicit_bzero(room, MAX_SECRET + 1);
    free(room);
    return setting;
}

static struct trail_setting read_credential(struct trail_reading *r, const struct trail_node *node,
                                            const char *what, const char *name)
{
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    char path[4096];
    if (!directory || !*directory) {
        trail_complain(
            r->complaints, node,
            "%s: no credential '%s': $CREDENTIALS_DIRECTORY is not set (systemd sets it for a unit "
            "with LoadCredential=%s:…)",
            what, name, name);
    } else if (strchr(name, '/') || *name == '.') {
        trail_complain(r->complaints, node, "%s: a credential is named without a path", what);
    } else {
        snprintf(path, sizeof path, "%s/%s", directory, name);
        return read_secret_file(r, node, what, path, " (LoadCredential= in the unit brings it)");
    }
    return (struct trail_setting){"", true};
}

static struct trail_setting read_environment(struct trail_reading *r, const struct trail_node *node,
                                             const char *what, const char *name)
{
    const char *value = getenv(name);
    if (value)
        return keep_secret(r, node, what, (struct trail_slice){value, strlen(value)});
    trail_complain(r->complaints, node, "%s: the environment has no variable %s", what, name);
    return (struct trail_setting){"", true};
}

static struct trail_setting read_reference(struct trail_reading *r, const struct trail_node *node,
                                           const char *what)
{
    static const char *const keys[] = {"env", "file", "credential", NULL};
    struct trail_setting none = {"", true};
    if (!trail_read_keys(r, node, what, keys))
        return none;
    if (node->n != 1) {
        trail_complain(r->complaints, node, "%s: one of env, file and credential says where the secret is",
                       what);
        return none;
    }
    const char *name = trail_read_text(r, node->values[0], what);
    if (!*name || (r->flags & TRAIL_CONFIG_WITHOUT_SECRETS))
        return none;
    if (trail_node_is(node->keys[0], "env"))
        return read_environment(r, node->values[0], what, name);
    if (trail_node_is(node->keys[0], "file"))
        return read_secret_file(r, node->values[0], what, name, "");
    if (trail_node_is(node->keys[0], "credential"))
        return read_credential(r, node->values[0], what, name);
    return none;
}

struct trail_setting trail_read_setting(struct trail_reading *r, const struct trail_node *node,
                                        const char *what)
{
    if (node->kind == TRAIL_NODE_MAP)
        return read_reference(r, node, what);
    return (struct trail_setting){trail_read_text(r, node, what), false};
}

struct trail_setting trail_read_secret(struct trail_reading *r, const struct trail_node *node,
                                       const char *what)
{
    if (node->kind == TRAIL_NODE_MAP)
        return read_reference(r, node, what);
    /* The text itself is not shown: it may be the secret. */
    trail_complain(
        r->complaints, node,
        "%s is a secret, and does not stand in a configuration: write {env: NAME}, {file: PATH} or "
        "{credential: NAME}",
        what);
    return (struct trail_setting){"", true};
}

/* The text behind `at` after the n bytes there became ***. */
static char *blot(char *at, size_t n)
{
    size_t rest = strlen(at + n), stars = n < 3 ? n : 3;
    memmove(at + stars, at + n, rest + 1);
    memset(at, '*', stars);
    return at + stars;
}

void trail_config_redact(const struct trail_config *config, char *text)
{
    const struct trail_loaded *loaded = (const struct trail_loaded *)config;
    for (const struct trail_secret *s = loaded->secrets; s; s = s->next)
        for (char *at = text; (at = strstr(at, s->text));)
            at = blot(at, s->n);
    /* A text that was cut may end within a secret. */
    for (const struct trail_secret *s = loaded->secrets; s; s = s->next) {
        size_t n = strlen(text), cut = s->n < n ? s->n : n;
        while (cut >= 4 && memcmp(text + n - cut, s->text, cut) != 0)
            cut--;
        if (cut >= 4)
            blot(text + n - cut, cut);
    }
}

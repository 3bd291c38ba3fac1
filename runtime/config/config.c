/*
 * config.c - a configuration file as a whole: its sections in order, and whether it fits a pack.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reading.h"
#include "window/labels.h"

enum { MAX_FILE = 1024 * 1024 };

/* ---- small sections ----------------------------------------------------------------------- */

static void read_input(struct trail_reading *r, const struct trail_node *node,
                       struct trail_input_config *input)
{
    static const char *const keys[] = {"path", "application", "subsystem", NULL};
    if (!trail_read_keys(r, node, "an input", keys))
        return;
    const struct trail_node *path = trail_node_get(node, "path"),
                            *application = trail_node_get(node, "application"),
                            *subsystem = trail_node_get(node, "subsystem");
    if (path)
        input->path = trail_read_text(r, path, "path");
    else
        trail_complain(r->complaints, node, "an input needs a path: a file, a directory, or -");
    if (application)
        input->labels.application.p = trail_read_text(r, application, "application");
    if (subsystem)
        input->labels.subsystem.p = trail_read_text(r, subsystem, "subsystem");
    input->labels.application.n = application ? strlen(input->labels.application.p) : 0;
    input->labels.subsystem.n = subsystem ? strlen(input->labels.subsystem.p) : 0;
}

static void read_inputs(struct trail_reading *r, const struct trail_node *node)
{
    struct trail_input_config *inputs = trail_arena_get(r->arena, (node->n + 1) * sizeof *inputs);
    if (node->kind != TRAIL_NODE_LIST) {
        trail_complain(r->complaints, node,
                       "inputs is %s: write - {path: /var/log/cloudtrail, application: prod}",
                       trail_node_kind_name(node));
        return;
    }
    for (size_t i = 0; i < node->n && !r->arena->failed; i++)
        read_input(r, node->values[i], &inputs[i]);
    r->config->inputs = inputs;
    r->config->n_inputs = r->arena->failed ? 0 : node->n;
}

static void read_limits(struct trail_reading *r, const struct trail_node *node)
{
    static const char *const keys[] = {"groups", "waiting", "outbox", NULL};
    if (!trail_read_keys(r, node, "limits", keys))
        return;
    const struct trail_node *groups = trail_node_get(node, "groups"),
                            *waiting = trail_node_get(node, "waiting"),
                            *outbox = trail_node_get(node, "outbox");
    if (groups)
        r->config->limits.groups = (size_t)trail_read_size(r, groups, "groups");
    if (waiting)
        r->config->limits.waiting = (size_t)trail_read_size(r, waiting, "waiting");
    if (outbox)
        r->config->limits.outbox = trail_read_number(r, outbox, "outbox", 10, UINT64_C(100000000));
}

static void read_http(struct trail_reading *r, const struct trail_node *node)
{
    static const char *const keys[] = {"listen", NULL};
    if (!trail_read_keys(r, node, "http", keys))
        return;
    const struct trail_node *listen = trail_node_get(node, "listen");
    const char *text = listen ? trail_read_text(r, listen, "listen") : NULL;
    if (!listen)
        trail_complain(r->complaints, node, "http needs an address: listen: 127.0.0.1:9464");
    else if (*text &&
             trail_read_host(r, listen, "listen", text, &r->config->http.host, &r->config->http.port) &&
             !r->config->http.port)
        r->config->http.port = 9464;
}

/* ---- the file ----------------------------------------------------------------------------- */

static void read_sections(struct trail_reading *r, const struct trail_node *root)
{
    static const char *const names[] = {"channels", "inputs", "routes", "quiet_hours",
                                        "mutes",    "limits", "http",   NULL};
    static const struct {
        const char *name;
        void (*read)(struct trail_reading *, const struct trail_node *);
    } sections[] = {{"channels", trail_read_channels},
                    {"inputs", read_inputs},
                    {"routes", trail_read_routes},
                    {"quiet_hours", trail_read_quiets},
                    {"mutes", trail_read_mutes},
                    {"limits", read_limits},
                    {"http", read_http}};
    if (!trail_read_keys(r, root, "the configuration", names))
        return;
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        const struct trail_node *node = trail_node_get(root, sections[i].name);
        if (node && !r->arena->failed)
            sections[i].read(r, node);
    }
}

struct trail_config *trail_config_parse(const char *path, struct trail_slice text, unsigned flags,
                                        struct trail_text *messages)
{
    struct trail_loaded *loaded = calloc(1, sizeof *loaded);
    struct trail_complaints complaints = {.path = path, .to = messages};
    if (!loaded) {
        messages->failed = true;
        return NULL;
    }
    struct trail_reading r = {
        .config = &loaded->config, .arena = &loaded->arena, .complaints = &complaints, .flags = flags};
    loaded->config.path = trail_arena_text(r.arena, (struct trail_slice){path, strlen(path)});
    loaded->config.limits.outbox = 100000;
    struct trail_node *root = trail_tree_read(r.arena, text, &complaints);
    if (root)
        read_sections(&r, root);
    loaded->secrets = r.secrets;
    if (complaints.errors > TRAIL_CONFIG_MESSAGES) {
        char more[64];
        snprintf(more, sizeof more, "%zu more errors\n", complaints.errors - TRAIL_CONFIG_MESSAGES);
        trail_text_add(messages, more, strlen(more));
    }
    if (root && !complaints.errors && !r.arena->failed)
        return &loaded->config;
    messages->failed |= r.arena->failed;
    trail_config_free(&loaded->config);
    return NULL;
}

struct trail_config *trail_config_load(const char *path, unsigned flags, struct trail_text *messages)
{
    struct trail_complaints complaints = {.path = path, .to = messages};
    char *text = calloc(1, MAX_FILE + 1);
    FILE *file = text ? fopen(path, "re") : NULL;
    size_t n = file ? fread(text, 1, MAX_FILE + 1, file) : 0;
    struct trail_config *config = NULL;
    if (!text)
        messages->failed = true;
    else if (!file || ferror(file))
        trail_complain(&complaints, NULL, "cannot read it: %s", strerror(errno));
    else if (n > MAX_FILE)
        trail_complain(&complaints, NULL, "longer than 1 MiB");
    else
        config = trail_config_parse(path, (struct trail_slice){text, n}, flags, messages);
    if (file)
        fclose(file);
    free(text);
    return config;
}

void trail_config_free(struct trail_config *config)
{
    struct trail_loaded *loaded = (struct trail_loaded *)config;
    if (!loaded)
        return;
    trail_arena_free(&loaded->arena);
    free(loaded);
}

/* ---- looking at it ------------------------------------------------------------------------ */

const struct trail_channel *trail_config_channel(const struct trail_config *config, const char *name)
{
    for (size_t i = 0; i < config->n_channels; i++)
        if (strcmp(config->channels[i].name, name) == 0)
            return &config->channels[i];
    return NULL;
}

bool trail_pattern_fits(const char *pattern, const char *text)
{
    const struct trail_label label = {false, {pattern, strlen(pattern)}};
    const struct trail_labels labels = {1, &label};
    return trail_labels_accept(&labels, (struct trail_slice){text, strlen(text)});
}

static void choose(const struct trail_channels *channels, bool *chosen)
{
    for (size_t i = 0; i < channels->n; i++)
        chosen[channels->list[i]] = true;
}

static void choose_name(const struct trail_config *config, const char *name, bool *chosen)
{
    const struct trail_channel *channel = trail_config_channel(config, name);
    const struct trail_routes *routes = &config->routes;
    if (channel)
        chosen[channel - config->channels] = true;
    for (size_t i = 0; !channel && i < routes->n_names; i++)
        if (strcmp(routes->names[i].name, name) == 0)
            choose(&routes->names[i].to, chosen);
}

bool trail_has_tag(const struct trail_alert *alert, const char *pattern)
{
    for (size_t i = 0; i < alert->tags.n; i++)
        if (trail_pattern_fits(pattern, alert->tags.list[i]))
            return true;
    return false;
}

void trail_config_choose(const struct trail_config *config, const struct trail_alert *alert,
                         unsigned priority, bool *chosen)
{
    const struct trail_routes *routes = &config->routes;
    for (size_t i = 0; i < alert->notify.n; i++)
        choose_name(config, alert->notify.list[i], chosen);
    if (!alert->notify.n)
        choose(&routes->defaults[priority <= 5 && routes->has_default[priority] ? priority : 0], chosen);
    for (size_t i = 0; i < routes->n_tags; i++)
        if (trail_has_tag(alert, routes->tags[i].name))
            choose(&routes->tags[i].to, chosen);
}

static bool is_routed(const struct trail_config *config, const char *name)
{
    if (trail_config_channel(config, name))
        return true;
    for (size_t i = 0; i < config->routes.n_names; i++)
        if (strcmp(config->routes.names[i].name, name) == 0)
            return true;
    return false;
}

/* A priority of the alert's at which no route takes it; 0: there is none. */
static unsigned unrouted(const struct trail_config *config, const struct trail_alert *alert)
{
    const struct trail_routes *routes = &config->routes;
    unsigned priority = alert->n_conditions ? alert->conditions[0].priority : alert->priority;
    bool routed = alert->notify.n > 0 || routes->has_default[0];
    for (size_t i = 0; i < routes->n_tags && !routed; i++)
        routed = trail_has_tag(alert, routes->tags[i].name);
    for (size_t i = 1; i < alert->n_conditions && routes->has_default[priority % 6]; i++)
        priority = alert->conditions[i].priority;
    return routed || routes->has_default[priority % 6] ? 0 : priority;
}

static bool names_an_alert(const struct trail_mute *mute, const struct trail_pack *pack)
{
    for (size_t i = 0; i < pack->n_alerts; i++)
        if (trail_pattern_fits(mute->alert, pack->alerts[i].id) ||
            trail_pattern_fits(mute->alert, pack->alerts[i].name))
            return true;
    return false;
}

bool trail_config_fits(const struct trail_config *config, const struct trail_pack *pack,
                       struct trail_text *messages)
{
    struct trail_complaints complaints = {.path = config->path, .to = messages};
    for (size_t i = 0; i < pack->n_alerts; i++) {
        const struct trail_alert *alert = &pack->alerts[i];
        for (size_t k = 0; k < alert->notify.n; k++)
            if (!is_routed(config, alert->notify.list[k]))
                trail_complain(
                    &complaints, NULL,
                    "the alert %s notifies '%s', and there is no channel of that name: add it under "
                    "channels:, "
                    "or say under routes: what it means (names: {%s: [channel, …]}, or [] for nobody)",
                    alert->id, alert->notify.list[k], alert->notify.list[k]);
        if (config->n_channels && unrouted(config, alert))
            trail_warn(&complaints, NULL,
                       "the alert %s goes to no channel: it has no notify, and routes: has no default for "
                       "P%u (write "
                       "defaults: {any: [channel, …]}, or [] for nobody)",
                       alert->id, unrouted(config, alert));
    }
    for (size_t i = 0; i < config->n_mutes; i++) {
        const struct trail_node place = {.line = config->mutes[i].line, .column = 1};
        if (config->mutes[i].alert && !names_an_alert(&config->mutes[i], pack))
            trail_warn(&complaints, &place, "no alert of the pack is called '%s'", config->mutes[i].alert);
    }
    return complaints.errors == 0;
}

/*
 * routes.c - the sections `routes:`, `mutes:` and `quiet_hours:`: who hears of what, and when not.
 *
 * Needs the channels to be read.
 */
#include <stdlib.h>
#include <string.h>

#include "reading.h"

static size_t channel_of(struct trail_reading *r, const struct trail_node *node)
{
    const char *name = trail_read_text(r, node, "a channel");
    const char **names = trail_arena_get(r->arena, (r->config->n_channels + 1) * sizeof *names);
    for (size_t i = 0; i < r->config->n_channels; i++) {
        if (strcmp(r->config->channels[i].name, name) == 0)
            return i;
        if (!r->arena->failed)
            names[i] = r->config->channels[i].name;
    }
    const char *near = *name && !r->arena->failed ? trail_nearest(name, names) : NULL;
    if (near)
        trail_complain(r->complaints, node, "there is no channel '%s': is %s meant?", name, near);
    else if (*name)
        trail_complain(r->complaints, node, "there is no channel '%s' under channels:", name);
    return 0;
}

/* A list of names of channels, or one. */
static struct trail_channels read_channels(struct trail_reading *r, const struct trail_node *node)
{
    size_t n = node->kind == TRAIL_NODE_LIST ? node->n : 1;
    size_t *list = trail_arena_get(r->arena, (n + 1) * sizeof *list);
    if (node->kind == TRAIL_NODE_MAP) {
        trail_complain(r->complaints, node, "names of channels are wanted here: [ops-slack, pager]");
        return (struct trail_channels){0, NULL};
    }
    for (size_t i = 0; i < n && !r->arena->failed; i++)
        list[i] = channel_of(r, node->kind == TRAIL_NODE_LIST ? node->values[i] : node);
    return (struct trail_channels){r->arena->failed ? 0 : n, list};
}

/* NAME: [channel, …] */
static size_t read_named(struct trail_reading *r, const struct trail_node *node, const char *what,
                         const struct trail_named_route **to)
{
    if (!node)
        return 0;
    struct trail_named_route *routes = trail_arena_get(r->arena, (node->n + 1) * sizeof *routes);
    if (node->kind != TRAIL_NODE_MAP) {
        trail_complain(r->complaints, node, "%s is %s: write NAME: [channel, …]", what,
                       trail_node_kind_name(node));
        return 0;
    }
    for (size_t i = 0; i < node->n && !r->arena->failed; i++)
        routes[i] = (struct trail_named_route){node->keys[i]->text.p, read_channels(r, node->values[i])};
    *to = routes;
    return r->arena->failed ? 0 : node->n;
}

static void read_defaults(struct trail_reading *r, const struct trail_node *node)
{
    static const char *const keys[] = {"any", "P1", "P2", "P3", "P4", "P5", NULL};
    if (!node || !trail_read_keys(r, node, "routes: defaults", keys))
        return;
    for (size_t i = 0; keys[i]; i++) {
        const struct trail_node *value = trail_node_get(node, keys[i]);
        if (!value)
            continue;
        r->config->routes.has_default[i] = true;
        r->config->routes.defaults[i] = read_channels(r, value);
    }
}

void trail_read_routes(struct trail_reading *r, const struct trail_node *node)
{
    static const char *const keys[] = {"names", "defaults", "tags", NULL};
    struct trail_routes *routes = &r->config->routes;
    if (!trail_read_keys(r, node, "routes", keys))
        return;
    routes->n_names = read_named(r, trail_node_get(node, "names"), "routes: names", &routes->names);
    routes->n_tags = read_named(r, trail_node_get(node, "tags"), "routes: tags", &routes->tags);
    read_defaults(r, trail_node_get(node, "defaults"));
    const struct trail_node *names = trail_node_get(node, "names");
    for (size_t i = 0; i < routes->n_names; i++)
        if (trail_config_channel(r->config, routes->names[i].name))
            trail_complain(
                r->complaints, names->keys[i],
                "'%s' is the name of a channel already: take another, or route it with defaults or tags",
                routes->names[i].name);
}

/* ---- mutes -------------------------------------------------------------------------------- */

static void read_group(struct trail_reading *r, const struct trail_node *node, struct trail_mute *mute)
{
    struct trail_pair *pairs = trail_arena_get(r->arena, (node->n + 1) * sizeof *pairs);
    if (node->kind != TRAIL_NODE_MAP || !node->n) {
        trail_complain(r->complaints, node,
                       "a mute's group is {FIELD: VALUE}, such as {userIdentity.userName: alice}");
        return;
    }
    for (size_t i = 0; i < node->n && !r->arena->failed; i++)
        pairs[i] = (struct trail_pair){node->keys[i]->text.p,
                                       trail_read_text(r, node->values[i], "a group's value")};
    mute->group = pairs;
    mute->n_group = r->arena->failed ? 0 : node->n;
}

static void read_mute(struct trail_reading *r, const struct trail_node *node, struct trail_mute *mute)
{
    static const char *const keys[] = {"alert", "tag", "group", "channels", "until", "reason", NULL};
    if (!trail_read_keys(r, node, "a mute", keys))
        return;
    const struct trail_node *alert = trail_node_get(node, "alert"), *tag = trail_node_get(node, "tag"),
                            *group = trail_node_get(node, "group"),
                            *channels = trail_node_get(node, "channels"),
                            *until = trail_node_get(node, "until"), *reason = trail_node_get(node, "reason");
    mute->line = node->line;
    mute->alert = alert ? trail_read_text(r, alert, "alert") : NULL;
    mute->tag = tag ? trail_read_text(r, tag, "tag") : NULL;
    if (group)
        read_group(r, group, mute);
    if (channels)
        mute->channels = read_channels(r, channels);
    if (!alert && !tag && !group)
        trail_complain(r->complaints, node,
                       "a mute says what it mutes: alert, tag or group (alert: \"*\" is all)");
    if (until)
        mute->until = trail_read_time(r, until, "until");
    else
        trail_complain(r->complaints, node, "a mute needs an end: until: 2026-01-31T10:00:00Z");
    if (reason)
        mute->reason = trail_read_text(r, reason, "reason");
    else
        trail_complain(r->complaints, node,
                       "a mute needs a reason, for those who wonder later: reason: \"…\"");
}

/* Room for a list's items; 0: it is no list, or empty. */
static size_t list_of(struct trail_reading *r, const struct trail_node *node, const char *what)
{
    if (node->kind == TRAIL_NODE_LIST)
        return r->arena->failed ? 0 : node->n;
    if (!trail_node_is_null(node))
        trail_complain(r->complaints, node, "%s is %s: it needs a list", what, trail_node_kind_name(node));
    return 0;
}

void trail_read_mutes(struct trail_reading *r, const struct trail_node *node)
{
    struct trail_mute *mutes = trail_arena_get(r->arena, (node->n + 1) * sizeof *mutes);
    size_t n = list_of(r, node, "mutes");
    for (size_t i = 0; i < n && !r->arena->failed; i++)
        read_mute(r, node->values[i], &mutes[i]);
    r->config->mutes = mutes;
    r->config->n_mutes = r->arena->failed ? 0 : n;
}

/* ---- quiet hours -------------------------------------------------------------------------- */

static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", NULL};

static int day_of(const char *text, size_t n)
{
    for (int i = 0; i < 7; i++)
        if (n == 3 && strncasecmp(text, days[i], 3) == 0)
            return i;
    return -1;
}

/* Mon, or Mon-Fri, also over the week's end. */
static unsigned read_days(struct trail_reading *r, const struct trail_node *node)
{
    struct trail_strings list = trail_read_strings(r, node, "days");
    unsigned set = 0;
    for (size_t i = 0; i < list.n; i++) {
        const char *text = list.list[i], *dash = strchr(text, '-');
        int from = day_of(text, dash ? (size_t)(dash - text) : strlen(text));
        int to = dash ? day_of(dash + 1, strlen(dash + 1)) : from;
        if (from < 0 || to < 0) {
            trail_complain(r->complaints, node, "'%s' are no days (write Mon, or Mon-Fri)", text);
            continue;
        }
        for (int day = from;; day = (day + 1) % 7) {
            set |= 1u << day;
            if (day == to)
                break;
        }
    }
    return set;
}

/* 22:00 in minutes; 24:00 is an end. */
static unsigned read_minutes(struct trail_reading *r, const struct trail_node *quiet, const char *key)
{
    const struct trail_node *node = trail_node_get(quiet, key);
    unsigned hours = 99, minutes = 99;
    int used = 0;
    if (node && node->kind == TRAIL_NODE_TEXT)
        sscanf(node->text.p, "%2u:%2u%n", &hours, &minutes, &used);
    if (node && node->kind == TRAIL_NODE_TEXT && used == 5 && !node->text.p[used] &&
        ((hours < 24 && minutes < 60) || (hours == 24 && minutes == 0)))
        return hours * 60 + minutes;
    trail_complain(r->complaints, node ? node : quiet,
                   "quiet hours need %s as a time of day in quotes: %s: \"22:00\"", key, key);
    return 0;
}

static void read_priorities(struct trail_reading *r, const struct trail_node *node, bool to[6])
{
    struct trail_strings list = trail_read_strings(r, node, "priorities");
    memset(to, 0, 6 * sizeof *to);
    for (size_t i = 0; i < list.n; i++) {
        const char *text = list.list[i];
        bool range = strlen(text) == 5 && text[2] == '-' && text[3] == 'P' && text[4] >= text[1];
        if (text[0] != 'P' || text[1] < '1' || text[1] > '5' ||
            !(strlen(text) == 2 || (range && text[4] <= '5'))) {
            trail_complain(r->complaints, node, "'%s' are no priorities (write P3, or P3-P5)", text);
            continue;
        }
        for (char p = text[1]; p <= (range ? text[4] : text[1]); p++)
            to[p - '0'] = true;
    }
}

static void check_quiet_channels(struct trail_reading *r, const struct trail_node *node,
                                 const struct trail_quiet *quiet)
{
    for (size_t i = 0; i < quiet->channels.n && r->config->n_channels; i++) {
        const struct trail_channel *channel = &r->config->channels[quiet->channels.list[i]];
        if (!quiet->drop && !trail_channel_groups(channel))
            trail_complain(
                r->complaints, node,
                "%s cannot take one message for many at the end of quiet hours: write then: drop, or leave "
                "it out",
                channel->name);
    }
}

static void read_quiet(struct trail_reading *r, const struct trail_node *node, struct trail_quiet *quiet)
{
    static const char *const keys[] = {"days",       "from",     "to",   "timezone",
                                       "priorities", "channels", "then", NULL};
    static const char *const ends[] = {"tell", "drop", NULL};
    struct trail_hours *hours = trail_arena_get(r->arena, sizeof *hours);
    char name[64];
    if (!trail_read_keys(r, node, "quiet hours", keys))
        return;
    const struct trail_node *on = trail_node_get(node, "days"), *zone = trail_node_get(node, "timezone"),
                            *priorities = trail_node_get(node, "priorities"),
                            *channels = trail_node_get(node, "channels"),
                            *then = trail_node_get(node, "then");
    snprintf(name, sizeof name, "quiet hours (line %u)", node->line);
    quiet->name = trail_arena_text(r->arena, (struct trail_slice){name, strlen(name)});
    hours->days = on ? read_days(r, on) : 127;
    hours->from = read_minutes(r, node, "from");
    hours->to = read_minutes(r, node, "to");
    const char *zone_name = zone ? trail_read_text(r, zone, "timezone") : "UTC";
    hours->zone = trail_zone_read(r->arena, zone_name);
    if (!hours->zone && *zone_name)
        trail_complain(r->complaints, zone,
                       "there is no time zone '%s' on this machine (write Europe/Berlin; the "
                       "package tzdata has them)",
                       zone_name);
    quiet->hours = hours;
    quiet->n_hours = 1;
    for (size_t p = 2; p <= 5; p++)
        quiet->priorities[p] = true;
    if (priorities)
        read_priorities(r, priorities, quiet->priorities);
    quiet->drop = then && trail_read_choice(r, then, "then", ends) == 1;
    if (channels) {
        quiet->channels = read_channels(r, channels);
        check_quiet_channels(r, channels, quiet);
    }
}

void trail_read_quiets(struct trail_reading *r, const struct trail_node *node)
{
    struct trail_quiet *quiets = trail_arena_get(r->arena, (node->n + 1) * sizeof *quiets);
    size_t n = list_of(r, node, "quiet_hours");
    for (size_t i = 0; i < n && !r->arena->failed; i++)
        read_quiet(r, node->values[i], &quiets[i]);
    r->config->quiets = quiets;
    r->config->n_quiets = r->arena->failed ? 0 : n;
}

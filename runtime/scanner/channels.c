/*
 * channels.c - `sentry channels`: the channels of a configuration, what goes where, and a sample to one of them.
 *
 *     sentry channels -c FILE                 a list
 *     sentry channels test NAME… -c FILE      a sample message, now; exit code 1 when it does not arrive
 *
 * A sample goes the way that all messages go, out of an outbox in memory, but is tried once.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "channel/sender.h"
#include "commands.h"
#include "route/payload.h"
#include "window/timestamp.h"

struct command {
    const struct trail_pack *pack;
    struct trail_arguments arguments;
    bool test;
    size_t n_names;
    const char *const *names;
    bool failed; /* some sample did not arrive */
};

/* ---- the list ----------------------------------------------------------------------------- */

/* Where it leads, as far as that is no secret. */
static void print_destination(const struct trail_channel *c, char *to, size_t room)
{
    switch (c->type) {
    case TRAIL_CHANNEL_EMAIL:
        snprintf(to, room, "%s:%u, %s%s", c->host, c->port, c->to.list[0], c->to.n > 1 ? " and others" : "");
        break;
    case TRAIL_CHANNEL_EXEC: snprintf(to, room, "%s", c->command.list[0]); break;
    case TRAIL_CHANNEL_FILE: snprintf(to, room, "%s", c->path); break;
    case TRAIL_CHANNEL_SYSLOG: snprintf(to, room, "%s", c->address); break;
    default: snprintf(to, room, "%s", c->url.secret ? "(a secret URL)" : c->url.text); break;
    }
}

/* Of each channel, how many alerts go there, with one of their priorities at least. NULL: no memory. */
static size_t *count_alerts(const struct trail_config *config, const struct trail_pack *pack)
{
    size_t *counts = calloc(config->n_channels + 1, sizeof *counts);
    bool *chosen = calloc(config->n_channels + 1, sizeof *chosen);
    for (size_t i = 0; counts && chosen && i < pack->n_alerts; i++) {
        const struct trail_alert *alert = &pack->alerts[i];
        memset(chosen, 0, config->n_channels * sizeof *chosen);
        for (unsigned k = 0; k < alert->n_conditions; k++)
            trail_config_choose(config, alert, alert->conditions[k].priority, chosen);
        for (size_t k = 0; k < config->n_channels; k++)
            counts[k] += chosen[k];
    }
    if (!chosen) {
        free(counts);
        counts = NULL;
    }
    free(chosen);
    return counts;
}

static void list_text(const struct trail_config *config, const size_t *alerts)
{
    size_t widest = 4;
    for (size_t i = 0; i < config->n_channels; i++)
        if (strlen(config->channels[i].name) > widest)
            widest = strlen(config->channels[i].name);
    for (size_t i = 0; i < config->n_channels; i++) {
        const struct trail_channel *channel = &config->channels[i];
        char destination[300];
        struct trail_text safe = {0};
        print_destination(channel, destination, sizeof destination);
        trail_terminal_add(&safe, (struct trail_slice){destination, strlen(destination)});
        printf("%-*s  %-12s  %3zu alert%s  %.*s\n", (int)widest, channel->name,
               trail_channel_type_name(channel->type), alerts[i], alerts[i] == 1 ? " " : "s", (int)safe.n,
               safe.p ? safe.p : "");
        trail_text_free(&safe);
    }
}

static void list_json(const struct trail_config *config, const size_t *alerts)
{
    for (size_t i = 0; i < config->n_channels; i++) {
        const struct trail_channel *channel = &config->channels[i];
        char destination[300];
        struct trail_text line = {0};
        print_destination(channel, destination, sizeof destination);
        trail_json_add_member(&line, "{", "channel", channel->name);
        trail_json_add_member(&line, ",", "type", trail_channel_type_name(channel->type));
        trail_json_add_member(&line, ",", "destination", destination);
        printf("%.*s,\"alerts\":%zu}\n", (int)line.n, line.p ? line.p : "", alerts[i]);
        trail_text_free(&line);
    }
}

/* ---- a sample ----------------------------------------------------------------------------- */

static void on_sent(void *user, const struct trail_sent *sent)
{
    struct command *c = user;
    bool arrived = sent->delivery == TRAIL_DELIVERY_SENT;
    struct trail_text reason = {0};
    trail_terminal_add(&reason, (struct trail_slice){sent->reason, strlen(sent->reason)});
    printf("%s%s%s: %s%.*s\n", sent->channel, *sent->recipient ? " " : "", sent->recipient,
           arrived ? "sent" : "not sent: ", (int)reason.n, reason.p ? reason.p : "");
    c->failed |= !arrived;
    trail_text_free(&reason);
}

static void write_sample(const struct trail_pack *pack, const char *key, struct trail_text *to)
{
    static const char *const tags[] = {"test"};
    static const uint16_t shown[] = {0};
    static const char fields[] = "{\"userIdentity.userName\":\"nobody\"}";
    const struct trail_alert alert = {.id = "test",
                                      .name = "Test of a channel",
                                      .description = "Somebody asked for this sample. Nothing has happened.",
                                      .priority = 5,
                                      .show = {1, shown},
                                      .tags = {1, tags}};
    int64_t now = trail_time_now(CLOCK_REALTIME);
    const struct trail_fired fired = {.alert = &alert,
                                      .state = TRAIL_FIRING,
                                      .priority = 5,
                                      .reason = "a sample",
                                      .group = {"{}", 2},
                                      .count = 1,
                                      .time = now,
                                      .window_from = TRAIL_NO_TIME,
                                      .window_to = TRAIL_NO_TIME,
                                      .first_event = now,
                                      .last_event = now,
                                      .breakdown = {"{}", 2},
                                      .fields = {fields, sizeof fields - 1},
                                      .event_ids = {"[]", 2},
                                      .dedup_key = key};
    trail_payload_alert(to, pack, &fired, "test");
}

static bool add_samples(const struct command *c, const struct trail_channel *channel,
                        const struct trail_outbox *outbox)
{
    struct trail_text payload = {0};
    char key[64];
    size_t n = channel->type == TRAIL_CHANNEL_EMAIL ? channel->to.n : 1;
    bool added = true;
    for (size_t i = 0; i < n && added; i++) {
        snprintf(key, sizeof key, "test-%016" PRIx64 "-%zu", (uint64_t)trail_time_now(CLOCK_REALTIME), i);
        payload.n = 0;
        write_sample(c->pack, key, &payload);
        const struct trail_outbox_row row = {
            .channel = channel->name,
            .recipient = channel->type == TRAIL_CHANNEL_EMAIL ? channel->to.list[i] : "",
            .dedup_key = key,
            .thread = "",
            .bunch = "",
            .payload = {payload.p, payload.n},
            .created = trail_time_now(CLOCK_REALTIME),
            .due = 0,
            .last_error = ""};
        added = !payload.failed && outbox->add(outbox->user, &row) == TRAIL_OUTBOX_OK;
    }
    trail_text_free(&payload);
    return added;
}

/* Whether each row was tried. */
static bool all_tried(const struct trail_outbox *outbox)
{
    const struct trail_outbox_row *rows;
    size_t n = trail_outbox_memory_rows(outbox, &rows);
    for (size_t i = 0; i < n; i++)
        if (rows[i].state == TRAIL_OUTBOX_SENDING ||
            (rows[i].state == TRAIL_OUTBOX_WAITING && !rows[i].attempts))
            return false;
    return true;
}

static int send_samples(struct command *c, const struct trail_config *config)
{
    struct trail_outbox *outbox = trail_outbox_memory_new();
    const struct trail_sender_options options = {.user = c, .on_sent = on_sent};
    struct trail_sender *sender = outbox ? trail_sender_new(config, outbox, &options) : NULL;
    bool added = sender != NULL;
    for (size_t i = 0; i < c->n_names && added; i++)
        added = add_samples(c, trail_config_channel(config, c->names[i]), outbox);
    while (added && !all_tried(outbox))
        trail_sender_round(sender, 1000);
    trail_sender_free(sender);
    trail_outbox_memory_free(outbox);
    if (!added)
        trail_arguments_say(&c->arguments, "out of memory");
    return !added ? TRAIL_EXIT_WRONG : c->failed ? TRAIL_EXIT_FOUND : TRAIL_EXIT_FINE;
}

static int test_channels(struct command *c, struct trail_config *config)
{
    if (!c->n_names)
        return trail_arguments_wrong(&c->arguments, "channels: test needs the name of a channel");
    for (size_t i = 0; i < c->n_names; i++)
        if (!trail_config_channel(config, c->names[i]))
            return trail_arguments_wrong(&c->arguments, "channels: the configuration has no channel %s",
                                         c->names[i]);
    return send_samples(c, config);
}

/* ---- the command line --------------------------------------------------------------------- */

static int list(const struct command *c, const struct trail_config *config)
{
    size_t *alerts = count_alerts(config, c->pack);
    if (!alerts) {
        trail_arguments_say(&c->arguments, "out of memory");
        return TRAIL_EXIT_WRONG;
    }
    (c->arguments.output == TRAIL_OUTPUT_JSON ? list_json : list_text)(config, alerts);
    free(alerts);
    return TRAIL_EXIT_FINE;
}

static int answer(struct command *c)
{
    struct trail_text messages = {0};
    struct trail_config *config =
        trail_config_load(c->arguments.config, c->test ? 0 : TRAIL_CONFIG_WITHOUT_SECRETS, &messages);
    int code = TRAIL_EXIT_WRONG;
    if (config && !c->test)
        trail_config_fits(config, c->pack, &messages);
    fprintf(stderr, "%.*s", (int)messages.n, messages.p ? messages.p : "");
    if (config)
        code = c->test ? test_channels(c, config) : list(c, config);
    trail_text_free(&messages);
    trail_config_free(config);
    return code;
}

static void print_help(const char *program)
{
    printf("Usage: %s channels -c FILE [-o json|text]\n"
           "       %s channels test NAME... -c FILE\n",
           program, program);
    fputs("Lists the channels of a configuration, and how many alerts go to each.\n\n"
          "  test NAME...            sends a sample to each of these channels, once\n"
          "  -c, --config=FILE       the configuration\n"
          "  -o, --output=json|text  of the list (default: text)\n"
          "  -h, --help              this\n\n"
          "Exit: 0 fine, 1 a sample did not arrive, 2 wrong use or configuration.\n",
          stdout);
}

static int run(struct command *c)
{
    const struct trail_arguments *a = &c->arguments;
    if (a->action == TRAIL_ACT_HELP) {
        print_help(a->program);
        return TRAIL_EXIT_FINE;
    }
    c->test = a->n_inputs > 0 && strcmp(a->inputs[0], "test") == 0;
    c->names = a->inputs + c->test;
    c->n_names = a->n_inputs - c->test;
    if (c->n_names && !c->test)
        return trail_arguments_wrong(
            a, "channels: there is no command %s (a file of that name is ./channels)", c->names[0]);
    if (!a->config)
        return trail_arguments_wrong(a, "channels: it needs a configuration: -c FILE");
    return answer(c);
}

int trail_channels_command(const struct trail_pack *pack, int argc, char **argv)
{
    static const char *const shared[] = {"config", "output", NULL};
    const struct trail_syntax syntax = {"channels", shared, NULL, 0};
    struct command c = {.pack = pack};
    bool read = trail_arguments_read(&c.arguments, &syntax, argc, argv);
    int code = read ? run(&c) : trail_arguments_wrong(&c.arguments, "%s", c.arguments.error);
    trail_arguments_free(&c.arguments);
    return fflush(stdout) == 0 ? code : TRAIL_EXIT_WRONG;
}

/*
 * deliver.c - router, outbox and sender, with a clock that the script moves: what the tests of channels drive.
 *
 *     deliver CONFIG <commands
 *
 * Commands, one a line:
 *     fire CHANNEL KEY STATE JSON   a notification to the channel; STATE is firing, resolved or once (an alert that fires
 *                                   at once); JSON is a value as a log has it: it becomes group, field and breakdown
 *     send                          rounds of the sender, until nothing is in flight and nothing is due
 *     start                         one round that waits for nothing
 *     clock MS                      moves the clock on; `clock real`: to the machine's time
 *     reload CONFIG                 another configuration, for router and sender
 *     restart                       another sender; what was in flight is abandoned
 *     rows                          the outbox: "row ID CHANNEL RECIPIENT STATE attempts=N in=MS repeats=B ERROR"
 * What happens is printed: "sent CHANNEL RECIPIENT RESULT attempts=N REASON", "routed CHANNEL HOW", "problem
 * TEXT".
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "channel/sender.h"
#include "route/route.h"

struct drive {
    struct trail_config *config;
    struct trail_outbox *outbox;
    struct trail_router *router;
    struct trail_sender *sender;
    int64_t clock;
};

static int64_t now(void *user)
{
    return ((struct drive *)user)->clock;
}

static void on_sent(void *user, const struct trail_sent *s)
{
    static const char *const names[] = {"sent", "retry", "park"};
    (void)user;
    printf("sent %s %s %s attempts=%u %s\n", s->channel, *s->recipient ? s->recipient : "-",
           names[s->delivery], s->attempts, s->reason);
}

static void on_routed(void *user, const char *channel, enum trail_routed how)
{
    static const char *const names[] = {"sent", "grouped", "full", "muted", "quiet"};
    (void)user;
    printf("routed %s %s\n", channel, names[how]);
}

static void on_problem(void *user, const char *message)
{
    (void)user;
    printf("problem %s\n", message);
}

static void on_released(void *user, const struct trail_config *config)
{
    (void)user;
    trail_config_free((struct trail_config *)(uintptr_t)config);
    puts("released");
}

static struct trail_config *load(const char *path)
{
    struct trail_text messages = {0};
    struct trail_config *config = trail_config_load(path, 0, &messages);
    printf("%.*s", (int)messages.n, messages.p ? messages.p : "");
    trail_text_free(&messages);
    return config;
}

static void start_sender(struct drive *d)
{
    const struct trail_sender_options options = {.user = d,
                                                 .now = now,
                                                 .on_sent = on_sent,
                                                 .on_problem = on_problem,
                                                 .on_released = on_released,
                                                 .seed = 42};
    d->sender = trail_sender_new(d->config, d->outbox, &options);
    d->outbox->recover(d->outbox->user, d->clock);
}

/* {"userIdentity.userName":JSON} */
static void make_object(struct trail_text *to, const char *before, const char *json, const char *after)
{
    trail_text_add(to, before, strlen(before));
    trail_json_rewrite(to, (struct trail_slice){json, strlen(json)});
    trail_text_add(to, after, strlen(after));
}

static void fire(struct drive *d, const char *channel, const char *key, const char *state, const char *json)
{
    static const char *const tags[] = {"attack.t1098"};
    struct trail_text group = {0}, breakdown = {0};
    bool once = strcmp(state, "once") == 0;
    make_object(&group, "{\"userIdentity.userName\":", json, "}");
    make_object(&breakdown, "{\"userAgent\":{", json, ":3}}");
    const struct trail_alert alert = {.id = "new-admin",
                                      .name = "New admin",
                                      .description = "Somebody became an administrator.",
                                      .priority = 1,
                                      .notify = {1, &channel},
                                      .tags = {1, tags},
                                      .notify_resolved = !once};
    const struct trail_fired fired = {.alert = &alert,
                                      .state = strcmp(state, "resolved") == 0 ? TRAIL_RESOLVED : TRAIL_FIRING,
                                      .priority = 1,
                                      .reason = "4 in 10m, more than 3",
                                      .group = {group.p, group.n},
                                      .count = 4,
                                      .held_back = 2,
                                      .time = d->clock,
                                      .window_from = once ? TRAIL_NO_TIME : d->clock - 600000,
                                      .window_to = once ? TRAIL_NO_TIME : d->clock,
                                      .first_event = d->clock - 5000,
                                      .last_event = d->clock,
                                      .breakdown = {breakdown.p, breakdown.n},
                                      .fields = {group.p, group.n},
                                      .event_ids = {"[\"e-1\",\"e-2\"]", 13},
                                      .dedup_key = key,
                                      .source = {.path = "logs/a.json.gz", .record = 17}};
    if (trail_router_route(d->router, &fired) != TRAIL_OUTBOX_OK)
        puts("failed");
    trail_text_free(&group);
    trail_text_free(&breakdown);
}

static void print_rows(const struct drive *d)
{
    static const char *const states[] = {"waiting", "sending", "sent", "parked", "held"};
    const struct trail_outbox_row *rows;
    size_t n = trail_outbox_memory_rows(d->outbox, &rows);
    for (size_t i = 0; i < n; i++)
        printf("row %" PRId64 " %s %s %s attempts=%u in=%" PRId64 " repeats=%d %s\n", rows[i].id,
               rows[i].channel, *rows[i].recipient ? rows[i].recipient : "-", states[rows[i].state],
               rows[i].attempts, rows[i].due - d->clock, rows[i].repeats, rows[i].last_error);
}

/* Bounded, so that a mistake ends the test and does not hold it up. */
static void send_all(struct drive *d)
{
    int64_t next = 0;
    for (int i = 0; i < 2000 && (trail_sender_in_flight(d->sender) || next == 0); i++)
        next = trail_sender_round(d->sender, trail_sender_in_flight(d->sender) ? 100 : 0);
    if (trail_sender_in_flight(d->sender))
        puts("still in flight");
}

static void command(struct drive *d, char *line)
{
    char *save, *word = strtok_r(line, " ", &save), *argument[3] = {"", "", ""};
    for (int i = 0; i < 3 && (i == 0 || strcmp(word, "fire") == 0); i++) {
        char *next = strtok_r(NULL, " ", &save);
        argument[i] = next ? next : "";
    }
    if (strcmp(word, "fire") == 0) {
        fire(d, argument[0], argument[1], argument[2], save);
    } else if (strcmp(word, "send") == 0) {
        send_all(d);
    } else if (strcmp(word, "start") == 0) {
        trail_sender_round(d->sender, 0);
    } else if (strcmp(word, "clock") == 0) {
        d->clock = strcmp(argument[0], "real") == 0 ? (int64_t)time(NULL) * 1000
                                                    : d->clock + strtoll(argument[0], NULL, 10);
    } else if (strcmp(word, "rows") == 0) {
        print_rows(d);
    } else if (strcmp(word, "restart") == 0) {
        trail_sender_free(d->sender);
        start_sender(d);
    } else if (strcmp(word, "reload") == 0) {
        struct trail_config *config = load(argument[0]);
        if (!config)
            return;
        trail_router_reload(d->router, config);
        trail_sender_reload(d->sender, config);
        d->config = config;
        trail_sender_round(d->sender, 0);
    } else {
        printf("no such command: %s\n", word);
    }
}

int main(int argc, char **argv)
{
    struct drive d = {.clock = INT64_C(1767261600000)}; /* 2026-01-01T10:00:00Z */
    const struct trail_router_options options = {.user = &d, .now = now, .on_routed = on_routed};
    static const struct trail_pack pack = {.name = "fixture", .hash = "feed"};
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    setvbuf(stdout, NULL, _IOLBF, 0);
    d.config = argc > 1 ? load(argv[1]) : NULL;
    if (!d.config)
        return 2;
    d.outbox = trail_outbox_memory_new();
    d.router = trail_router_new(d.config, &pack, d.outbox, &options);
    start_sender(&d);
    while ((n = getline(&line, &room, stdin)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (*line && *line != '#')
            command(&d, line);
    }
    free(line);
    trail_sender_free(d.sender);
    trail_router_free(d.router);
    trail_outbox_memory_free(d.outbox);
    trail_config_free(d.config);
    return 0;
}

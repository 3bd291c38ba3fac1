/*
 * outbox.c - `sentry outbox`: messages that are not sent, or never will be unless somebody says so.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "asking.h"
#include "commands.h"

struct outbox_command {
    struct asking a;
    const char *channel;
    bool all;
};

static const char *const state_names[] = {"waiting", "sending", "sent", "parked", "held"};

static void print_help(const char *program)
{
    printf("Usage: %s outbox list --state=FILE [--all] [OPTION...]\n"
           "       %s outbox retry|drop --state=FILE NUMBER...|--all [OPTION...]\n",
           program, program);
    fputs("Messages that wait to be sent, were refused (parked), or are held back.\n\n"
          "  list                    those that are not sent; with --all, the sent ones too\n"
          "  retry                   sends again what is parked; --all: each parked one\n"
          "  drop                    sends it never; --all: each parked one\n"
          "      --state=FILE        the state of the scanner\n"
          "      --channel=NAME      of one channel\n"
          "  -o, --output=text|json  of the list (text on a terminal, else json)\n"
          "  -h, --help              this\n",
          stdout);
}

static const char *name_of(enum trail_outbox_state state)
{
    return (size_t)state < sizeof state_names / sizeof *state_names ? state_names[state] : "?";
}

static void add_text(struct asking *a, const struct trail_outbox_row *row)
{
    char number[24], attempts[24];
    snprintf(number, sizeof number, "%" PRId64, row->id);
    snprintf(attempts, sizeof attempts, "%u", row->attempts);
    asking_cell(a, number, 6);
    asking_cell(a, name_of(row->state), strlen("waiting"));
    asking_time(a, row->created);
    asking_cell(a, row->channel, 16);
    asking_cell(a, row->recipient, 0);
    asking_cell(a, attempts, 3);
    asking_cell(a, row->last_error, 0);
}

static void add_json(struct asking *a, const struct trail_outbox_row *row)
{
    char start[96];
    snprintf(start, sizeof start, "{\"number\":%" PRId64 ",\"attempts\":%u,\"repeats\":%s,", row->id,
             row->attempts, row->repeats ? "true" : "false");
    asking_member(a, start, "state", name_of(row->state));
    asking_member(a, ",", "channel", row->channel);
    asking_member(a, ",", "recipient", *row->recipient ? row->recipient : NULL);
    asking_member(a, ",", "dedup_key", row->dedup_key);
    asking_member_time(a, ",", "created", row->created);
    asking_member_time(a, ",", "due", row->due);
    asking_member(a, ",", "error", *row->last_error ? row->last_error : NULL);
    trail_text_add(&a->line, ",\"message\":", strlen(",\"message\":"));
    trail_text_add(&a->line, row->payload.n ? row->payload.p : "null", row->payload.n ? row->payload.n : 4);
    trail_text_add(&a->line, "}", 1);
}

static bool each(void *user, const struct trail_outbox_row *row)
{
    struct outbox_command *o = user;
    (o->a.output == ASKING_JSON ? add_json : add_text)(&o->a, row);
    return asking_end_line(&o->a);
}

typedef bool change_fn(struct state *, int64_t id, const char *channel, uint64_t *n);

/* By numbers, or all. Says how many. */
static int change(struct outbox_command *o, change_fn *fn, const char *done, char **numbers, int n)
{
    bool later = fn == state_retry;
    uint64_t total = 0, some = 0;
    bool ok = true, missing = false;
    if (o->all)
        ok = fn(o->a.state, 0, o->channel, &total);
    for (int i = 0; i < n && ok; i++) {
        ok = fn(o->a.state, strtoll(numbers[i], NULL, 10), o->channel, &some);
        if (ok && some == 0) {
            fprintf(stderr, "%s: outbox: no message %s is there to be %s\n", o->a.program, numbers[i], done);
            missing = true;
        }
        total += ok ? some : 0;
    }
    if (ok)
        printf("%" PRIu64 " message%s %s%s\n", total, total == 1 ? "" : "s", later ? "to be " : "", done);
    int code = asking_close(&o->a, ok);
    return code == 0 && missing ? 2 : code;
}

static int run(struct outbox_command *o, const struct trail_pack *pack, char **words, int n)
{
    const char *what = n > 0 ? words[0] : NULL;
    bool list = what && strcmp(what, "list") == 0, retry = what && strcmp(what, "retry") == 0;
    if (!list && !retry && (!what || strcmp(what, "drop") != 0))
        return asking_wrong(
            &o->a, what ? "outbox: '%s' is not list, retry or drop" : "outbox%s: say list, retry or drop",
            what ? what : "");
    if (!o->a.file)
        return asking_wrong(&o->a, "--state is missing: it names the state whose messages are meant");
    if (list && n > 1)
        return asking_wrong(&o->a, "'%s': list takes no number", words[1]);
    if (!list && (n > 1) == o->all)
        return asking_wrong(&o->a, "%s: name messages by their numbers, or --all", what);
    for (int i = 1; i < n; i++)
        if (!*words[i] || strspn(words[i], "0123456789") != strlen(words[i]) || strlen(words[i]) > 18 ||
            strtoll(words[i], NULL, 10) == 0)
            return asking_wrong(&o->a, "'%s' is not the number of a message", words[i]);
    if (!asking_open(&o->a, pack))
        return 2;
    if (list)
        return asking_close(&o->a, state_messages(o->a.state, o->channel, o->all, each, o));
    return retry ? change(o, state_retry, "sent again", words + 1, n - 1)
                 : change(o, state_drop, "dropped", words + 1, n - 1);
}

int trail_outbox_command(const struct trail_pack *pack, int argc, char **argv)
{
    static const struct option options[] = {
        {"state", required_argument, NULL, 'f'}, {"channel", required_argument, NULL, 'c'},
        {"all", no_argument, NULL, 'a'},         {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    struct outbox_command o = {.a = {.command = "outbox"}};
    o.a.program = trail_program_name(argc, argv);
    optind = 2;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":o:h", options, NULL)) >= 0;) {
        switch (option) {
        case 'f': o.a.file = optarg; break;
        case 'c': o.channel = optarg; break;
        case 'a': o.all = true; break;
        case 'o':
            if (!asking_set_output(&o.a, optarg, false))
                return asking_wrong(&o.a, "--output: '%s' is neither text nor json", optarg);
            break;
        case 'h': print_help(o.a.program); return 0;
        case ':': return asking_wrong(&o.a, "%s needs a value", argv[optind - 1]);
        default: return asking_wrong(&o.a, "there is no option %s", argv[optind - 1]);
        }
    }
    return run(&o, pack, argv + optind, argc - optind);
}

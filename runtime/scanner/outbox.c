/*
 * outbox.c - `sentry outbox`: messages that are not sent, or never will be unless somebody says so.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asking.h"
#include "commands.h"

struct outbox_command {
    struct trail_arguments arguments;
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
static int change(struct outbox_command *o, change_fn *fn, const char *done, const char *const *numbers,
                  size_t n)
{
    bool later = fn == state_retry;
    uint64_t total = 0, some = 0;
    bool ok = true, missing = false;
    if (o->all)
        ok = fn(o->a.state, 0, o->channel, &total);
    for (size_t i = 0; i < n && ok; i++) {
        ok = fn(o->a.state, strtoll(numbers[i], NULL, 10), o->channel, &some);
        if (ok && some == 0) {
            trail_arguments_say(&o->arguments, "outbox: no message %s is there to be %s", numbers[i], done);
            missing = true;
        }
        total += ok ? some : 0;
    }
    if (ok)
        printf("%" PRIu64 " message%s %s%s\n", total, total == 1 ? "" : "s", later ? "to be " : "", done);
    int code = asking_close(&o->a, ok);
    return code == TRAIL_EXIT_FINE && missing ? TRAIL_EXIT_WRONG : code;
}

static int run(struct outbox_command *o, const struct trail_pack *pack)
{
    const struct trail_arguments *a = &o->arguments;
    const char *const *words = a->inputs;
    size_t n = a->n_inputs;
    if (a->action == TRAIL_ACT_HELP) {
        print_help(a->program);
        return TRAIL_EXIT_FINE;
    }
    const char *what = n > 0 ? words[0] : NULL;
    bool list = what && strcmp(what, "list") == 0, retry = what && strcmp(what, "retry") == 0;
    if (!list && !retry && (!what || strcmp(what, "drop") != 0))
        return trail_arguments_wrong(
            a, what ? "outbox: '%s' is not list, retry or drop" : "outbox%s: say list, retry or drop",
            what ? what : "");
    if (!o->a.file)
        return trail_arguments_wrong(a, "--state is missing: it names the state whose messages are meant");
    if (list && n > 1)
        return trail_arguments_wrong(a, "'%s': list takes no number", words[1]);
    if (!list && (n > 1) == o->all)
        return trail_arguments_wrong(a, "%s: name messages by their numbers, or --all", what);
    for (size_t i = 1; i < n; i++)
        if (!*words[i] || strspn(words[i], "0123456789") != strlen(words[i]) || strlen(words[i]) > 18 ||
            strtoll(words[i], NULL, 10) == 0)
            return trail_arguments_wrong(a, "'%s' is not the number of a message", words[i]);
    if (!asking_open(&o->a, pack))
        return TRAIL_EXIT_WRONG;
    if (list)
        return asking_close(&o->a, state_messages(o->a.state, o->channel, o->all, each, o));
    return retry ? change(o, state_retry, "sent again", words + 1, n - 1)
                 : change(o, state_drop, "dropped", words + 1, n - 1);
}

int trail_outbox_command(const struct trail_pack *pack, int argc, char **argv)
{
    struct outbox_command o = {.a = {.arguments = &o.arguments}};
    const struct trail_option own[] = {
        {"state", 0, TRAIL_OPTION_VALUE, trail_option_file, &o.a.file},
        {"channel", 0, TRAIL_OPTION_VALUE, trail_option_text, &o.channel},
        {"all", 0, TRAIL_OPTION_FLAG, trail_option_flag, &o.all},
        {"output", 'o', TRAIL_OPTION_VALUE, asking_option_plain_output, &o.a.output},
    };
    const struct trail_syntax syntax = {"outbox", NULL, own, sizeof own / sizeof *own};
    bool read = trail_arguments_read(&o.arguments, &syntax, argc, argv);
    int code = read ? run(&o, pack) : trail_arguments_wrong(&o.arguments, "%s", o.arguments.error);
    trail_arguments_free(&o.arguments);
    return code;
}

/*
 * history.c - `sentry history`: the alerts that fired, as the state has them.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "asking.h"
#include "commands.h"
#include "notify/stored.h"
#include "window/timestamp.h"
#include "json/elements.h"

struct history {
    struct asking a;
    const struct trail_pack *pack;
    struct state_wanted wanted;
    const char *group;
};

static void print_help(const char *program)
{
    printf("Usage: %s history --state=FILE [OPTION...]\n"
           "Lists the alerts that fired, oldest first.\n\n",
           program);
    fputs("      --state=FILE        the state of the scanner\n"
          "      --since=TIME        by the events' time: from then on\n"
          "      --until=TIME        and before\n"
          "      --alert=ID          of one alert\n"
          "      --group=VALUE       of groups that have this value\n"
          "      --firing, --resolved\n"
          "                          only those\n"
          "  -o, --output=text|json|csv\n"
          "                          (default: text on a terminal, json otherwise)\n"
          "  -h, --help              this\n",
          stdout);
}

/* Whether one of the group's values is the text. */
static bool has_value(struct trail_slice group, const char *text)
{
    struct trail_elements members;
    struct trail_slice key, value;
    size_t n = strlen(text);
    trail_members_start(&members, group);
    while (trail_members_next(&members, &key, &value)) {
        struct trail_slice inside = trail_inside(value);
        char *plain = malloc(inside.n + 1);
        size_t length = plain ? trail_json_unescape(plain, inside.p, inside.n) : 0;
        bool same = plain && length == n && memcmp(plain, text, n) == 0;
        free(plain);
        if (same)
            return true;
    }
    return false;
}

static void add_text(struct history *h, const struct state_told *t, const struct trail_fired *f)
{
    char priority[] = {'P', (char)('0' + t->priority % 10), 0};
    struct trail_text group = {0};
    trail_text_add(&group, t->group.p, t->group.n);
    trail_text_add(&group, "", 1);
    asking_time(&h->a, t->time);
    asking_cell(&h->a, priority, 2);
    asking_cell(&h->a, t->muted ? "muted" : t->state, strlen("resolved"));
    asking_cell(&h->a, t->alert, 28);
    asking_cell(&h->a, t->group.n > 2 && !group.failed ? group.p : "", 0);
    asking_cell(&h->a, f->reason, 0);
    trail_text_free(&group);
}

static void add_csv(struct history *h, const struct state_told *t, const struct trail_fired *f)
{
    char times[2][TRAIL_TIME_ROOM], number[32];
    trail_time_format(times[0], t->stored);
    trail_time_format(times[1], t->time);
    snprintf(number, sizeof number, "%llu", (unsigned long long)f->count);
    const char *fields[] = {times[1],  t->alert, f->alert->name,           t->state,
                            f->reason, number,   t->muted ? t->muted : "", t->dedup_key,
                            times[0]};
    char priority[] = {'P', (char)('0' + t->priority % 10), 0};
    asking_field(&h->a, (struct trail_slice){priority, 2}, false);
    asking_field(&h->a, t->group, false);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        asking_field(&h->a, (struct trail_slice){fields[i], strlen(fields[i])},
                     i + 1 == sizeof fields / sizeof *fields);
}

/* The line as it was printed, and what the history knows besides. */
static void add_json(struct history *h, const struct state_told *t)
{
    if (t->json.n < 2)
        return;
    trail_text_add(&h->a.line, t->json.p, t->json.n - 1);
    asking_member_time(&h->a, ",", "stored", t->stored);
    asking_member(&h->a, ",", "muted", t->muted);
    trail_text_add(&h->a.line, "}", 1);
}

static bool each(void *user, const struct state_told *t)
{
    struct history *h = user;
    struct trail_stored stored;
    if (h->group && !has_value(t->group, h->group))
        return true;
    if (h->a.output == ASKING_JSON) {
        add_json(h, t);
        return asking_end_line(&h->a);
    }
    if (trail_stored_read(&stored, h->pack, t->json))
        (h->a.output == ASKING_CSV ? add_csv : add_text)(h, t, &stored.fired);
    trail_stored_free(&stored);
    return asking_end_line(&h->a);
}

static int run(struct history *h)
{
    static const char columns[] = "priority,group,time,id,alert,state,reason,count,muted,dedup_key,stored\n";
    if (!h->a.file)
        return asking_wrong(&h->a, "--state is missing: it names the state whose history is wanted");
    if (!asking_open(&h->a, h->pack))
        return 2;
    if (h->a.output == ASKING_CSV)
        fputs(columns, stdout);
    return asking_close(&h->a, state_history(h->a.state, &h->wanted, each, h));
}

int trail_history_command(const struct trail_pack *pack, int argc, char **argv)
{
    static const struct option options[] = {
        {"state", required_argument, NULL, 'f'}, {"since", required_argument, NULL, 's'},
        {"until", required_argument, NULL, 'u'}, {"alert", required_argument, NULL, 'a'},
        {"group", required_argument, NULL, 'g'}, {"firing", no_argument, NULL, 'F'},
        {"resolved", no_argument, NULL, 'R'},    {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    struct history h = {.pack = pack, .a = {.command = "history"}};
    h.a.program = trail_program_name(argc, argv);
    optind = 2;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":o:h", options, NULL)) >= 0;) {
        switch (option) {
        case 'f': h.a.file = optarg; break;
        case 'a': h.wanted.alert = optarg; break;
        case 'g': h.group = optarg; break;
        case 'F': h.wanted.state = "firing"; break;
        case 'R': h.wanted.state = "resolved"; break;
        case 's':
        case 'u':
            if (!trail_argument_time(optarg, option == 's' ? &h.wanted.since : &h.wanted.until))
                return asking_wrong(&h.a,
                                    "'%s' is not a time (write 2026-01-31, 2026-01-31T10:00:00Z or "
                                    "seconds since 1970)",
                                    optarg);
            break;
        case 'o':
            if (!asking_set_output(&h.a, optarg, true))
                return asking_wrong(&h.a, "--output: '%s' is not text, json or csv", optarg);
            break;
        case 'h': print_help(h.a.program); return 0;
        case ':': return asking_wrong(&h.a, "%s needs a value", argv[optind - 1]);
        default: return asking_wrong(&h.a, "there is no option %s", argv[optind - 1]);
        }
    }
    if (optind < argc)
        return asking_wrong(&h.a, "'%s': history takes no input", argv[optind]);
    return run(&h);
}

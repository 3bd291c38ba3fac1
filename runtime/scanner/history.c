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
#include "notify/terminal.h"
#include "window/labels.h"
#include "window/timestamp.h"
#include "json/elements.h"

struct history {
    struct asking a;
    const struct trail_pack *pack;
    struct state_wanted wanted;
    const char *alert, *group, *tag; /* patterns; NULL: any */
    unsigned priorities;             /* bit i: Pi; 0: any */
    bool muted, told;                /* only what nobody heard of, or somebody did */
    uint64_t limit, listed;          /* 0: no limit */
};

static void print_help(const char *program)
{
    printf("Usage: %s history --state=FILE [OPTION...]\n"
           "Lists the alerts that fired, oldest first.\n\n",
           program);
    fputs("      --state=FILE        the state of the scanner\n"
          "      --since=TIME        by the events' time: from then on\n"
          "      --until=TIME        and before\n"
          "      --alert=PATTERN     of alerts of this ID or name\n"
          "      --group=PATTERN     of groups that have this value; FIELD=PATTERN: there\n"
          "      --priority=P1,P2    of these priorities\n"
          "      --tag=PATTERN       of alerts with this tag\n"
          "      --firing, --resolved   only those\n"
          "      --muted, --told     only what nobody heard of, or what somebody did\n"
          "      --newest            first\n"
          "  -n, --limit=N           no more than N of them\n"
          "  -o, --output=text|json|csv\n"
          "                          (default: text on a terminal, json otherwise)\n"
          "  -h, --help              this\n\n"
          "TIME: 2026-01-31, 2026-01-31T10:00:00Z, seconds since 1970; 24h: so long ago.\n"
          "PATTERN: * stands for any characters, ? for one.\n",
          stdout);
}

/* ---- what is wanted ----------------------------------------------------------------------- */

static struct trail_slice slice(const char *text)
{
    return (struct trail_slice){text, strlen(text)};
}

static bool fits(const char *pattern, const char *text)
{
    return trail_glob(slice(pattern), slice(text));
}

/* A string's text, or a number as it stands. NULL: no memory. */
static char *plain(struct trail_slice json)
{
    struct trail_slice inside = trail_inside(json);
    char *text = malloc(inside.n + 1);
    if (text)
        text[trail_json_unescape(text, inside.p, inside.n)] = 0;
    return text;
}

/* Whether one of the group's values is as the pattern says, or (FIELD=PATTERN) that field's. */
static bool has_value(struct trail_slice group, const char *pattern)
{
    struct trail_elements members;
    struct trail_slice key, value;
    bool found = false;
    trail_members_start(&members, group);
    while (!found && trail_members_next(&members, &key, &value)) {
        char *field = plain((struct trail_slice){key.p, key.n}), *text = plain(value);
        size_t n = field ? strlen(field) : 0;
        found = text && (fits(pattern, text) || (field && strncmp(pattern, field, n) == 0 &&
                                                 pattern[n] == '=' && fits(pattern + n + 1, text)));
        free(field);
        free(text);
    }
    return found;
}

/* The alert as the pack has it now; NULL: it has it no more. */
static const struct trail_alert *alert_of(const struct trail_pack *pack, const char *id)
{
    for (size_t i = 0; i < pack->n_alerts; i++)
        if (strcmp(pack->alerts[i].id, id) == 0)
            return &pack->alerts[i];
    return NULL;
}

static bool has_tag(const struct trail_alert *alert, const char *pattern)
{
    for (size_t i = 0; alert && i < alert->tags.n; i++)
        if (fits(pattern, alert->tags.list[i]))
            return true;
    return false;
}

static bool is_alert(const struct trail_alert *alert, const char *id, const char *pattern)
{
    return fits(pattern, id) || (alert && fits(pattern, alert->name));
}

static bool is_wanted(const struct history *h, const struct state_told *t)
{
    const struct trail_alert *alert = h->alert || h->tag ? alert_of(h->pack, t->alert) : NULL;
    return (!h->alert || is_alert(alert, t->alert, h->alert)) && (!h->tag || has_tag(alert, h->tag)) &&
           (!h->group || has_value(t->group, h->group)) &&
           (!h->priorities || (t->priority < 32 && h->priorities >> t->priority & 1)) &&
           !(h->muted && !t->muted) && !(h->told && t->muted);
}

/* P1,P2 */
static bool read_priorities(const char *text, unsigned *to)
{
    *to = 0;
    for (;; text += 3) {
        if (text[0] != 'P' || text[1] < '1' || text[1] > '5' || (text[2] && text[2] != ','))
            return false;
        *to |= 1u << (text[1] - '0');
        if (!text[2])
            return true;
    }
}

/* ---- the list ----------------------------------------------------------------------------- */

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
    if (!is_wanted(h, t))
        return true;
    h->listed++;
    if (h->a.output == ASKING_JSON) {
        add_json(h, t);
    } else {
        if (trail_stored_read(&stored, h->pack, t->json))
            (h->a.output == ASKING_CSV ? add_csv : add_text)(h, t, &stored.fired);
        trail_stored_free(&stored);
    }
    return asking_end_line(&h->a) && (!h->limit || h->listed < h->limit);
}

/* A word that is misspelled finds nothing, too. */
static void tell_unknown(const struct history *h)
{
    struct trail_text safe = {0};
    bool known = !h->alert || h->listed > 0;
    for (size_t i = 0; !known && i < h->pack->n_alerts; i++)
        known = is_alert(&h->pack->alerts[i], h->pack->alerts[i].id, h->alert);
    if (known)
        return;
    trail_terminal_add(&safe, slice(h->alert));
    fprintf(stderr, "%s: no alert of the pack has the ID or the name '%.*s' (--list names them)\n",
            h->a.program, (int)safe.n, safe.p ? safe.p : "");
    trail_text_free(&safe);
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
    bool read = state_history(h->a.state, &h->wanted, each, h);
    if (read && !h->a.failed)
        tell_unknown(h);
    return asking_close(&h->a, read);
}

enum { OPT_PRIORITY = 256, OPT_TAG, OPT_MUTED, OPT_TOLD, OPT_NEWEST };

/* 0, or the exit code + 1. */
static int read_option(struct history *h, int option, const char *word)
{
    struct asking *a = &h->a;
    switch (option) {
    case 'f': a->file = optarg; return 0;
    case 'a': h->alert = optarg; return 0;
    case 'g': h->group = optarg; return 0;
    case OPT_TAG: h->tag = optarg; return 0;
    case OPT_MUTED: h->muted = true; return 0;
    case OPT_TOLD: h->told = true; return 0;
    case OPT_NEWEST: h->wanted.newest = true; return 0;
    case 'F': h->wanted.state = "firing"; return 0;
    case 'R': h->wanted.state = "resolved"; return 0;
    case OPT_PRIORITY:
        return read_priorities(optarg, &h->priorities)
                   ? 0
                   : asking_wrong(a, "--priority: '%s' is not P1 to P5, or several with commas", optarg) + 1;
    case 'n':
        return trail_argument_number(optarg, &h->limit)
                   ? 0
                   : asking_wrong(a, "--limit: '%s' is not a number from 1 on", optarg) + 1;
    case 's':
    case 'u':
        return trail_argument_moment(optarg, option == 's' ? &h->wanted.since : &h->wanted.until)
                   ? 0
                   : asking_wrong(a, TRAIL_NOT_A_MOMENT, optarg) + 1;
    case 'o':
        return asking_set_output(a, optarg, true)
                   ? 0
                   : asking_wrong(a, "--output: '%s' is not text, json or csv", optarg) + 1;
    case 'h': print_help(a->program); return 1;
    case ':': return asking_wrong(a, "%s needs a value", word) + 1;
    default: return asking_wrong(a, "there is no option %s", word) + 1;
    }
}

int trail_history_command(const struct trail_pack *pack, int argc, char **argv)
{
    static const struct option options[] = {
        {"state", required_argument, NULL, 'f'},   {"since", required_argument, NULL, 's'},
        {"until", required_argument, NULL, 'u'},   {"alert", required_argument, NULL, 'a'},
        {"group", required_argument, NULL, 'g'},   {"priority", required_argument, NULL, OPT_PRIORITY},
        {"tag", required_argument, NULL, OPT_TAG}, {"firing", no_argument, NULL, 'F'},
        {"resolved", no_argument, NULL, 'R'},      {"muted", no_argument, NULL, OPT_MUTED},
        {"told", no_argument, NULL, OPT_TOLD},     {"newest", no_argument, NULL, OPT_NEWEST},
        {"limit", required_argument, NULL, 'n'},   {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    struct history h = {.pack = pack, .a = {.command = "history"}};
    h.a.program = trail_program_name(argc, argv);
    optind = 2;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":o:n:h", options, NULL)) >= 0;) {
        int stop = read_option(&h, option, argv[optind - 1]);
        if (stop)
            return stop - 1;
    }
    if (optind < argc)
        return asking_wrong(&h.a, "'%s': history takes no input", argv[optind]);
    if (h.muted && h.told)
        return asking_wrong(&h.a, "--muted and --told leave nothing: name one");
    if (h.wanted.since && h.wanted.until && h.wanted.since >= h.wanted.until)
        return asking_wrong(&h.a, "--since is not before --until: nothing lies between them");
    return run(&h);
}

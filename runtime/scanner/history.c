/*
 * history.c - `sentry history`: the alerts that fired, as the state has them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asking.h"
#include "commands.h"
#include "notify/stored.h"
#include "notify/terminal.h"
#include "window/labels.h"
#include "window/timestamp.h"
#include "json/elements.h"

struct history {
    struct trail_arguments arguments;
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
static bool read_priorities(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    unsigned *to = o->to;
    *to = 0;
    for (const char *text = value;; text += 3) {
        if (text[0] != 'P' || text[1] < '1' || text[1] > '5' || (text[2] && text[2] != ','))
            return trail_arguments_fail(a, "--priority: '%s' is not P1 to P5, or several with commas", value);
        *to |= 1u << (text[1] - '0');
        if (!text[2])
            return true;
    }
}

/* --firing or --resolved */
static bool read_state(struct trail_arguments *a, const struct trail_option *o, const char *value)
{
    (void)a, (void)value;
    *(const char **)o->to = o->name;
    return true;
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
    bool known = !h->alert || h->listed > 0;
    for (size_t i = 0; !known && i < h->pack->n_alerts; i++)
        known = is_alert(&h->pack->alerts[i], h->pack->alerts[i].id, h->alert);
    if (!known)
        trail_arguments_say(&h->arguments,
                            "no alert of the pack has the ID or the name '%s' (--list names them)", h->alert);
}

static int list(struct history *h)
{
    static const char columns[] = "priority,group,time,id,alert,state,reason,count,muted,dedup_key,stored\n";
    if (!asking_open(&h->a, h->pack))
        return TRAIL_EXIT_WRONG;
    if (h->a.output == ASKING_CSV)
        fputs(columns, stdout);
    bool read = state_history(h->a.state, &h->wanted, each, h);
    if (read && !h->a.failed)
        tell_unknown(h);
    return asking_close(&h->a, read);
}

/* ---- the command line --------------------------------------------------------------------- */

static bool read_arguments(struct history *h, int argc, char **argv)
{
    const struct trail_option own[] = {
        {"state", 0, TRAIL_OPTION_VALUE, trail_option_file, &h->a.file},
        {"since", 0, TRAIL_OPTION_VALUE, trail_option_moment, &h->arguments.since},
        {"until", 0, TRAIL_OPTION_VALUE, trail_option_moment, &h->arguments.until},
        {"alert", 0, TRAIL_OPTION_VALUE, trail_option_text, &h->alert},
        {"group", 0, TRAIL_OPTION_VALUE, trail_option_text, &h->group},
        {"priority", 0, TRAIL_OPTION_VALUE, read_priorities, &h->priorities},
        {"tag", 0, TRAIL_OPTION_VALUE, trail_option_text, &h->tag},
        {"firing", 0, TRAIL_OPTION_FLAG, read_state, &h->wanted.state},
        {"resolved", 0, TRAIL_OPTION_FLAG, read_state, &h->wanted.state},
        {"muted", 0, TRAIL_OPTION_FLAG, trail_option_flag, &h->muted},
        {"told", 0, TRAIL_OPTION_FLAG, trail_option_flag, &h->told},
        {"newest", 0, TRAIL_OPTION_FLAG, trail_option_flag, &h->wanted.newest},
        {"limit", 'n', TRAIL_OPTION_VALUE, trail_option_number, &h->limit},
        {"output", 'o', TRAIL_OPTION_VALUE, asking_option_output, &h->a.output},
    };
    const struct trail_syntax syntax = {"history", NULL, own, sizeof own / sizeof *own};
    return trail_arguments_read(&h->arguments, &syntax, argc, argv);
}

static int run(struct history *h)
{
    const struct trail_arguments *a = &h->arguments;
    if (a->action == TRAIL_ACT_HELP) {
        print_help(a->program);
        return TRAIL_EXIT_FINE;
    }
    if (a->n_inputs > 0)
        return trail_arguments_wrong(a, "'%s': history takes no input", a->inputs[0]);
    if (h->muted && h->told)
        return trail_arguments_wrong(a, "--muted and --told leave nothing: name one");
    if (!h->a.file)
        return trail_arguments_wrong(a, "--state is missing: it names the state whose history is wanted");
    h->wanted.since = a->since;
    h->wanted.until = a->until;
    return list(h);
}

int trail_history_command(const struct trail_pack *pack, int argc, char **argv)
{
    struct history h = {.pack = pack, .a = {.arguments = &h.arguments}};
    bool read = read_arguments(&h, argc, argv);
    int code = read ? run(&h) : trail_arguments_wrong(&h.arguments, "%s", h.arguments.error);
    trail_arguments_free(&h.arguments);
    return code;
}

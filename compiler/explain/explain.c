/*
 * explain.c - `trailc explain PACK [ALERT…] [EVENT…]`: what is an alert, what is an event, and what is said.
 *
 * An argument that names an alert is the alert; else it is a file. Without events the plan is printed, with
 * them each event is held against each alert (all of the pack's, when none is named). One event is shown as a
 * tree; of several each gets a line, so that the one to look at can be chosen.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "explain/explain.h"
#include "explain/plan_text.h"
#include "notify/terminal.h"
#include "report.h"

struct explaining {
    struct compile *c;
    const struct explain_options *options;
    size_t n_alerts;
    const struct alert **alerts;
    size_t *matched; /* events, by alert */
    uint64_t events;
    struct buffer tree, line; /* of the first event, until it is known whether there is a second */
};

/* ---- arguments -------------------------------------------------------------------------------- */

static const struct alert *find_alert(const struct compile *c, struct slice name)
{
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        if (slice_eq(c->pack.alerts[i].id, name) || slice_eq(c->pack.alerts[i].name, name))
            return &c->pack.alerts[i];
    return NULL;
}

enum argument { ARGUMENT_FILE, ARGUMENT_UNREADABLE, ARGUMENT_UNKNOWN };

/* What is no alert's name: a file, or what looks like a file's name, as IDs do not: in it are dots or slashes. */
static enum argument argument_kind(const char *argument)
{
    struct stat status;
    if (strcmp(argument, "-") == 0 || stat(argument, &status) == 0)
        return ARGUMENT_FILE;
    bool missing = errno == ENOENT || errno == ENOTDIR;
    return !missing || strpbrk(argument, "./") ? ARGUMENT_UNREADABLE : ARGUMENT_UNKNOWN;
}

static void say(const char *before, const char *argument, const char *after)
{
    struct trail_text text = {0};
    trail_terminal_add(&text, (struct trail_slice){argument, strlen(argument)});
    fprintf(stderr, "trailc: %s%.*s%s\n", before, (int)text.n, text.p ? text.p : "", after);
    trail_text_free(&text);
}

static void complain_unknown(struct compile *c, const char *argument)
{
    say("`", argument, "` is no alert of this pack, and no file; its alerts are:");
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        fprintf(stderr, "  %s\n", c->pack.alerts[i].id.p);
}

/* ---- events ----------------------------------------------------------------------------------- */

static void flush(struct buffer *b)
{
    if (b->n)
        fwrite(b->p, 1, b->n, stdout);
    b->n = 0;
}

static void explain_one(struct explaining *e, struct compile *scratch, const struct recorded *where,
                        const struct event *event, size_t alert)
{
    const struct explain_options *o = e->options;
    const struct given_labels labels = {o->application, o->subsystem, false};
    struct explained x = {.c = e->c, .alert = e->alerts[alert], .where = where, .event = event};
    struct buffer b = {.c = scratch};
    bool first = e->events == 1;
    x.verdict = verdict_of(scratch, x.alert->tree, event);
    x.n = circumstances_of(scratch, e->c, x.alert, event, &labels, x.circumstances);
    e->matched[alert] += x.verdict->holds;
    if (o->json) {
        report_json(&b, &x);
    } else if (o->verbose || first) {
        struct buffer *tree = first ? &e->tree : &b;
        buffer_text(tree, first && alert == 0 ? "" : "\n");
        report_tree(tree, &x, o->colour);
    }
    if (!o->json && !o->verbose)
        report_line(first ? &e->line : &b, &x, o->colour);
    flush(&b);
}

static bool take_event(void *user, const struct recorded *where)
{
    struct explaining *e = user;
    if (e->options->record && e->options->record != where->number)
        return true;
    struct compile *scratch = scratch_new();
    struct event *event = event_read(scratch, where->json.p, where->json.n);
    e->events += event != NULL;
    if (event && e->events == 2)
        flush(e->options->verbose ? &e->tree : &e->line);
    for (size_t i = 0; event && i < e->n_alerts; i++)
        explain_one(e, scratch, where, event, i);
    scratch_free(scratch);
    return true;
}

static void print_sums(const struct explaining *e)
{
    for (size_t i = 0; i < e->n_alerts; i++)
        printf("%s: %zu of %ju events match\n", e->alerts[i]->id.p, e->matched[i], (uintmax_t)e->events);
    if (!e->options->verbose)
        puts("-v shows each event's filter as a tree, --record N that of one");
}

/* ---- the whole -------------------------------------------------------------------------------- */

static bool explain_events(struct explaining *e, size_t n, char *const *paths)
{
    bool fine = true;
    if (!e->n_alerts)
        for (size_t i = 0; i < e->c->pack.n_alerts; i++)
            *PUSH(e->c, e->alerts, e->n_alerts) = &e->c->pack.alerts[i];
    e->matched = NEW_ARRAY(e->c, size_t, e->n_alerts);
    for (size_t i = 0; i < n; i++)
        fine &= events_each(paths[i], take_event, e);
    if (e->events == 1)
        flush(&e->tree);
    else if (e->events && !e->options->json)
        print_sums(e);
    if (!e->events && e->options->record)
        fprintf(stderr, "trailc: there is no event with the number %ju\n", (uintmax_t)e->options->record);
    else if (!e->events && fine) /* else more was said */
        fputs("trailc: there is no event to explain\n", stderr);
    return fine && e->events;
}

static void explain_plan(const struct explaining *e)
{
    struct buffer b = {.c = e->c};
    for (size_t i = 0; i < e->n_alerts; i++)
        plan_print_alert(e->c, &b, e->alerts[i]);
    if (!e->n_alerts)
        plan_print(e->c, &b);
    flush(&b);
}

enum explain_result explain_pack(struct compile *c, const struct explain_options *options, size_t n,
                                 char *const *arguments)
{
    struct explaining e = {.c = c, .options = options, .tree = {.c = c}, .line = {.c = c}};
    char **paths = NULL;
    size_t n_paths = 0;
    for (size_t i = 0; i < n; i++) {
        const struct alert *alert = find_alert(c, slice_of(arguments[i]));
        if (alert) {
            *PUSH(c, e.alerts, e.n_alerts) = alert;
            continue;
        }
        switch (argument_kind(arguments[i])) {
        case ARGUMENT_FILE: *PUSH(c, paths, n_paths) = arguments[i]; break;
        case ARGUMENT_UNREADABLE:
            say("cannot open ", arguments[i], diag_format(c, ": %s", strerror(errno)).p);
            return EXPLAIN_UNREAD;
        case ARGUMENT_UNKNOWN: complain_unknown(c, arguments[i]); return EXPLAIN_UNKNOWN;
        }
    }
    if (!n_paths && (options->json || options->record || options->application.n || options->subsystem.n))
        return EXPLAIN_NO_EVENTS;
    if (!n_paths)
        explain_plan(&e);
    return !n_paths || explain_events(&e, n_paths, paths) ? EXPLAINED : EXPLAIN_UNREAD;
}

/*
 * firing.c - what decides beside the filter whether an event makes an alert fire: labels, hours, time, count.
 *
 * Asked of the runtime's own functions, with the alert as a compiled pack would describe it.
 */
#include <string.h>

#include "pack/zone.h"
#include "report.h"
#include "window/hours.h"
#include "window/labels.h"
#include "window/timestamp.h"

enum { COLUMNS = 80 };

struct firing {
    struct compile *scratch;
    const struct compile *c;
    const struct alert *alert;
    const struct event *event;
    bool labels_complete;
    int64_t time;
    size_t n;
    struct circumstance *out;
};

static void add(struct firing *f, const char *name, int state, const struct buffer *says)
{
    struct circumstance *to = &f->out[f->n++];
    to->name = name;
    to->state = state;
    to->says = buffer_slice(says);
}

/* ---- labels ----------------------------------------------------------------------------------- */

static struct trail_labels labels_of(struct compile *c, size_t n, const struct label *labels)
{
    struct trail_label *patterns = NEW_ARRAY(c, struct trail_label, n);
    for (size_t i = 0; i < n; i++)
        patterns[i] = (struct trail_label){labels[i].exclude, {labels[i].pattern.p, labels[i].pattern.n}};
    return (struct trail_labels){n, patterns};
}

static void add_label(struct firing *f, const char *name, size_t n, const struct label *labels,
                      struct slice given, const struct path *field)
{
    struct buffer b = {.c = f->scratch};
    struct slice json, label = given.n ? given : event_first(f->scratch, f->event, field, &json);
    struct trail_labels patterns = labels_of(f->scratch, n, labels);
    if (!n)
        return;
    bool takes = trail_labels_accept(&patterns, (struct trail_slice){label.n ? label.p : "", label.n});
    if (label.n) {
        buffer_printf(&b, "%s ", name);
        show_quoted(&b, label, COLUMNS);
    } else if (f->labels_complete || takes) {
        buffer_printf(&b, "no %s", name);
    } else {
        buffer_printf(&b, "the input's %s, which is not known (give it with --%s)", name, name);
    }
    buffer_text(&b, takes ? ", of those that the alert takes:" : "; the alert takes");
    for (size_t i = 0; i < n; i++) {
        buffer_text(&b, labels[i].exclude ? (i ? ", not " : " all but ") : i ? ", " : " ");
        show_quoted(&b, labels[i].pattern, COLUMNS);
    }
    add(f, "labels", takes ? FULFILLED : label.n || f->labels_complete ? PREVENTS : DEPENDS, &b);
}

/* ---- hours ------------------------------------------------------------------------------------ */

static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static struct trail_alert alert_of(struct compile *c, const struct alert *a)
{
    struct trail_hours *hours = NEW_ARRAY(c, struct trail_hours, a->n_active);
    for (size_t i = 0; i < a->n_active; i++) {
        const struct hours *from = &a->active[i];
        struct trail_zone *zone = NEW(c, struct trail_zone);
        *zone = (struct trail_zone){from->zone->name.p, from->zone->n, from->zone->from, from->zone->offset};
        hours[i] = (struct trail_hours){from->days, from->from, from->to, zone};
    }
    return (struct trail_alert){.n_active = a->n_active, .active = hours};
}

static void add_days(struct buffer *b, unsigned days)
{
    const char *between = "";
    for (unsigned day = 0; day < 7; day++) {
        unsigned last = day;
        if (!(days >> day & 1))
            continue;
        while (last + 1 < 7 && (days >> (last + 1) & 1))
            last++;
        buffer_printf(b, "%s%s", between, weekdays[day]);
        if (last > day)
            buffer_printf(b, "-%s", weekdays[last]);
        between = ",";
        day = last;
    }
}

static void add_minutes(struct buffer *b, unsigned minutes)
{
    buffer_printf(b, "%02u:%02u", minutes / 60, minutes % 60);
}

/* The clock on the wall there: `Sat 11:05 in Europe/Berlin`. */
static void add_local(struct buffer *b, int64_t time, const struct trail_zone *zone)
{
    int64_t minutes = time / 60000 - (time % 60000 < 0) + trail_zone_offset(zone, time) / 60;
    int64_t day = minutes / 1440 - (minutes % 1440 < 0);
    /* 1970-01-01 was a Thursday. */
    buffer_printf(b, "%s ", weekdays[((day + 3) % 7 + 7) % 7]);
    add_minutes(b, (unsigned)(minutes - day * 1440));
    buffer_printf(b, " in %s", zone->name);
}

static void add_hours(struct firing *f)
{
    char text[TRAIL_TIME_ROOM];
    struct buffer b = {.c = f->scratch};
    if (!f->alert->n_active || f->time == TRAIL_NO_TIME)
        return; /* without a time the hours are not asked */
    struct trail_alert a = alert_of(f->scratch, f->alert);
    trail_time_format(text, f->time);
    buffer_printf(&b, "%s is ", text);
    add_local(&b, f->time, a.active[0].zone);
    buffer_text(&b, "; the alert fires ");
    for (size_t i = 0; i < a.n_active; i++) {
        buffer_text(&b, i ? ", and " : "");
        add_days(&b, a.active[i].days);
        buffer_char(&b, ' ');
        add_minutes(&b, a.active[i].from);
        buffer_text(&b, " to ");
        add_minutes(&b, a.active[i].to);
        if (i)
            buffer_printf(&b, " in %s", a.active[i].zone->name);
    }
    add(f, "hours", trail_hours_active(&a, f->time) ? FULFILLED : PREVENTS, &b);
}

/* ---- conditions ------------------------------------------------------------------------------- */

static void add_group(struct firing *f, struct buffer *b)
{
    const struct alert *a = f->alert;
    for (size_t i = 0; i < a->n_group_by; i++) {
        struct slice json, value = event_first(f->scratch, f->event, a->group_by[i], &json);
        buffer_text(b, i ? ", " : "; counted for each ");
        show_text(b, a->group_by[i]->name, COLUMNS);
        buffer_text(b, " (here ");
        if (json.n)
            show_quoted(b, value, COLUMNS);
        else
            buffer_text(b, "it has none");
        buffer_char(b, ')');
    }
}

static void add_every(struct firing *f)
{
    char every[TRAIL_TIME_ROOM];
    struct buffer b = {.c = f->scratch};
    if (!f->alert->notify_every)
        return;
    trail_duration_format(every, f->alert->notify_every);
    buffer_printf(&b, "at most once in %s", every);
    add_group(f, &b);
    add(f, "repeats", DEPENDS, &b);
}

/* Why the event enters no window. */
static void add_no_time(struct firing *f)
{
    struct buffer b = {.c = f->scratch};
    struct slice json, value = event_first(f->scratch, f->event, f->c->pack.time, &json);
    if (json.n) {
        show_text(&b, f->c->pack.time->name, COLUMNS);
        buffer_text(&b, " is ");
        show_quoted(&b, value, COLUMNS);
        buffer_text(
            &b, ", which is no time, so the event enters no window; a time is like `2026-01-31T10:00:00Z`, "
                "or seconds or milliseconds since 1970");
    } else {
        buffer_text(&b, "the event has no time in ");
        show_quoted(&b, f->c->pack.time->name, COLUMNS);
        buffer_text(&b, ", so it enters no window");
    }
    add(f, "time", PREVENTS, &b);
}

static void add_when(struct firing *f)
{
    const struct alert *a = f->alert;
    struct buffer b = {.c = f->scratch};
    bool silence = false, usual = false, immediate = false;
    for (size_t i = 0; i < a->n_when; i++) {
        silence |= a->when[i].kind == WHEN_LESS_THAN || a->when[i].kind == WHEN_AT_MOST;
        usual |= a->when[i].kind == WHEN_MORE_THAN_USUAL || a->when[i].kind == WHEN_LESS_THAN_USUAL;
        immediate |= a->when[i].kind == WHEN_IMMEDIATELY;
        buffer_text(&b, i ? ", or " : "");
        show_text(&b, a->when[i].text.s, COLUMNS);
    }
    if (immediate) {
        add_every(f);
        return;
    }
    if (f->time == TRAIL_NO_TIME)
        add_no_time(f);
    buffer_text(&b, silence ? "; a matching event puts the silence off" : "");
    buffer_text(&b, usual ? "; what is usual is learnt from the log itself" : "");
    add_group(f, &b);
    add(f, "count", DEPENDS, &b);
}

size_t circumstances_of(struct compile *scratch, const struct compile *c, const struct alert *a,
                        const struct event *e, const struct given_labels *given,
                        struct circumstance out[MAX_CIRCUMSTANCES])
{
    struct firing f = {.scratch = scratch, .c = c, .alert = a, .event = e, .out = out};
    f.labels_complete = given->complete;
    f.time = event_time(scratch, e, c->pack.time);
    add_label(&f, "application", a->n_applications, a->applications, given->application, c->pack.application);
    add_label(&f, "subsystem", a->n_subsystems, a->subsystems, given->subsystem, c->pack.subsystem);
    add_hours(&f);
    add_when(&f);
    return f.n;
}

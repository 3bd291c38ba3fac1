/*
 * collect.c - takes in what a scan tells.
 */
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "window/window.h"

enum { MARKS_MOST = 1 << 16 }; /* while reading */

/* ---- life --------------------------------------------------------------------------------- */

static bool counts(const struct trail_condition *c)
{
    return c->when != TRAIL_IMMEDIATELY;
}

/* One for the alert's notifications, and one for each span that it counts over. */
static void add_subjects(struct report *r, size_t alert)
{
    const struct trail_alert *a = &r->config.pack->alerts[alert];
    r->alerts[alert].subject = r->n_subjects;
    subject_start(&r->subjects[r->n_subjects++], a, alert, 0, BASELINE_MORE);
    bool by_minute = window_presence(r->config.pack, a) > 0;
    for (size_t i = 0; i < a->n_conditions && !r->config.from_state; i++) {
        bool first = counts(&a->conditions[i]) && !(by_minute && a->conditions[i].span < REPORT_MINUTE);
        for (size_t k = 0; k < i; k++)
            first = first && (!counts(&a->conditions[k]) || a->conditions[k].span != a->conditions[i].span);
        if (!first)
            continue;
        struct subject *s = &r->subjects[r->n_subjects++];
        subject_start(s, a, alert, a->conditions[i].span, baseline_side(&a->conditions[i]));
        s->condition = (unsigned)i;
    }
    r->alerts[alert].n_subjects = r->n_subjects - r->alerts[alert].subject;
}

struct report *report_new(const struct report_config *config)
{
    struct report *r = calloc(1, sizeof *r);
    size_t n = config->pack->n_alerts, subjects = 0;
    if (!r)
        return NULL;
    r->config = *config;
    r->mark_width = 1;
    for (size_t i = 0; i < n; i++)
        subjects += 1 + config->pack->alerts[i].n_conditions;
    r->n_alerts = n + REPORT_BESIDE;
    r->alerts = calloc(r->n_alerts, sizeof *r->alerts);
    r->subjects = calloc(subjects + 1, sizeof *r->subjects);
    r->lanes = calloc(r->n_alerts, sizeof *r->lanes);
    if (!r->alerts || !r->subjects || !r->lanes) {
        report_free(r);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        add_subjects(r, i);
    return r;
}

static void free_text(struct trail_slice *s)
{
    free((char *)(uintptr_t)s->p);
    *s = (struct trail_slice){NULL, 0};
}

static void free_listed(struct listed *l)
{
    free_text(&l->line);
    free_text(&l->event);
}

void report_free(struct report *r)
{
    if (!r)
        return;
    for (size_t i = 0; r->alerts && i < r->n_alerts; i++)
        free_text(&r->alerts[i].most_line);
    for (size_t i = 0; i < r->n_subjects; i++)
        subject_free(&r->subjects[i]);
    for (size_t i = 0; i < r->n_listed; i++)
        free_listed(&r->listed[i]);
    for (size_t i = 0; i < r->n_charts; i++)
        free(r->charts[i].lines);
    pieces_free(&r->minutes);
    coverage_free(&r->coverage);
    trail_text_free(&r->problems);
    free(r->alerts);
    free(r->subjects);
    free(r->listed);
    free(r->marks);
    free(r->charts);
    free(r->gaps);
    free(r->lanes);
    free(r);
}

const struct trail_alert *report_alert(const struct report *r, size_t alert)
{
    static const struct trail_alert beside[REPORT_BESIDE] = {
        {.id = "trail.memory", .name = "Groups forgotten", .priority = 2},
        {.id = "trail.removed", .name = "Alerts that the pack has no more", .priority = 5}};
    size_t n = r->config.pack->n_alerts;
    return alert < n ? &r->config.pack->alerts[alert] : &beside[alert - n];
}

const char *report_title(const struct report *r)
{
    return r->config.title ? r->config.title : r->config.pack->name;
}

/* ---- notifications ------------------------------------------------------------------------ */

static size_t index_of(const struct report *r, const struct trail_alert *alert)
{
    const struct trail_pack *p = r->config.pack;
    for (size_t i = 0; i < p->n_alerts; i++)
        if (&p->alerts[i] == alert)
            return i;
    return p->n_alerts + (strcmp(alert->id, "trail.memory") != 0);
}

static bool copy(struct trail_slice *to, struct trail_slice from)
{
    char *p = malloc(from.n + 1);
    if (!p)
        return false;
    memcpy(p, from.p ? from.p : "", from.n);
    p[from.n] = 0;
    *to = (struct trail_slice){p, from.n};
    return true;
}

static int by_lane(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    if (x->alert != y->alert)
        return x->alert < y->alert ? -1 : 1;
    return (x->time > y->time) - (x->time < y->time);
}

/* Makes marks of one alert that are closer together than `width` one. */
static void coarsen(struct report *r, int64_t width)
{
    size_t n = 0;
    qsort(r->marks, r->n_marks, sizeof *r->marks, by_lane);
    for (size_t i = 0; i < r->n_marks; i++) {
        struct mark *last = n ? &r->marks[n - 1] : NULL, m = r->marks[i];
        if (last && last->alert == m.alert && floor_div(last->time, width) == floor_div(m.time, width)) {
            last->fired += m.fired;
            last->resolved += m.resolved;
            last->priority = m.priority < last->priority ? m.priority : last->priority;
        } else {
            r->marks[n++] = m;
        }
    }
    r->n_marks = n;
    r->mark_width = width;
}

static void coarsen_to(struct report *r, size_t most)
{
    for (int64_t width = r->mark_width; r->n_marks > most && width < INT64_MAX / 4; width *= 2)
        coarsen(r, width);
}

static bool add_mark(struct report *r, const struct mark *m)
{
    if (r->n_marks == MARKS_MOST)
        coarsen_to(r, MARKS_MOST / 2);
    if (r->n_marks == r->mark_room) {
        size_t room = r->mark_room ? 2 * r->mark_room : 64;
        struct mark *grown = realloc(r->marks, room * sizeof *grown);
        if (!grown)
            return false;
        r->marks = grown;
        r->mark_room = room;
    }
    r->marks[r->n_marks++] = *m;
    return true;
}

/* Those to keep: the highest priority, then the newest. */
static int by_rank(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    if (x->priority != y->priority)
        return x->priority < y->priority ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? 1 : -1;
    return (x->order < y->order) - (x->order > y->order);
}

static void keep_listed(struct report *r, size_t most)
{
    if (r->n_listed <= most)
        return;
    qsort(r->listed, r->n_listed, sizeof *r->listed, by_rank);
    for (size_t i = most; i < r->n_listed; i++)
        free_listed(&r->listed[i]);
    r->n_listed = most;
}

static bool add_listed(struct report *r, const struct trail_fired *f, size_t alert, struct trail_slice line)
{
    if (r->n_listed == r->listed_room) {
        keep_listed(r, REPORT_LISTED);
        if (!r->listed)
            r->listed = calloc(4 * REPORT_LISTED, sizeof *r->listed);
        if (!r->listed)
            return false;
        r->listed_room = 4 * REPORT_LISTED;
    }
    struct listed *l = &r->listed[r->n_listed];
    *l = (struct listed){.time = f->time,
                         .order = r->notifications,
                         .alert = (uint32_t)alert,
                         .priority = f->priority,
                         .state = f->state};
    bool whole = f->event.n > 0 && f->event.p == f->fields.p; /* then the line has it */
    if (!copy(&l->line, line) || (f->event.n > 0 && !whole && !copy(&l->event, f->event))) {
        free_listed(l);
        return false;
    }
    r->n_listed++;
    return true;
}

static bool note_alert(struct report *r, const struct trail_fired *f, size_t alert, struct trail_slice line)
{
    struct about *a = &r->alerts[alert];
    if (f->state == TRAIL_FIRING && (a->fired == 0 || f->time > a->last))
        a->last = f->time;
    a->fired += f->state == TRAIL_FIRING;
    a->resolved += f->state == TRAIL_RESOLVED;
    if (f->state == TRAIL_FIRING && (a->priority == 0 || f->priority < a->priority))
        a->priority = f->priority;
    if (f->breakdown.n > 2 && f->count > a->most) {
        free_text(&a->most_line);
        a->most = f->count;
        if (!copy(&a->most_line, line))
            return false;
    }
    if (alert >= r->config.pack->n_alerts || f->state != TRAIL_FIRING)
        return true;
    struct track *t = subject_track(&r->subjects[a->subject], f->group);
    if (t) {
        t->fired++;
        t->events++;
    }
    return t != NULL;
}

bool report_fired(struct report *r, const struct trail_fired *fired)
{
    struct trail_fired f = *fired;
    struct trail_text line = {0};
    size_t alert = index_of(r, f.alert);
    /* An event without a time has a place on the line all the same: where time has come. */
    if (f.time == TRAIL_NO_TIME)
        f.time = r->n_marks ? r->marks[r->n_marks - 1].time : 0;
    trail_fired_json(r->config.pack, fired, &line);
    struct trail_slice text = {line.p, line.n};
    struct mark mark = {f.time, (uint32_t)alert, f.state == TRAIL_FIRING, f.state == TRAIL_RESOLVED,
                        f.priority};
    bool ok = !line.failed && add_mark(r, &mark) && add_listed(r, &f, alert, text) &&
              note_alert(r, &f, alert, text);
    r->notifications++;
    trail_text_free(&line);
    return ok;
}

/* ---- counts, records, messages ------------------------------------------------------------ */

/* The alert's subjects but the first, which is of its notifications. */
static struct subject *counting_subjects(struct report *r, const struct trail_alert *alert, size_t *n)
{
    const struct about *a = &r->alerts[alert - r->config.pack->alerts];
    *n = a->n_subjects - 1;
    return &r->subjects[a->subject + 1];
}

bool report_counted(struct report *r, const struct trail_alert *alert, struct trail_slice group, int64_t time)
{
    size_t n;
    struct subject *s = counting_subjects(r, alert, &n);
    for (; n > 0; n--, s++)
        if (!subject_count(s, group, time))
            return false;
    return true;
}

bool report_records(struct report *r, const struct trail_alert *alert, struct trail_slice group,
                    int64_t minute, uint64_t n)
{
    minute = floor_div(minute, REPORT_MINUTE);
    if (!alert)
        return pieces_add(&r->minutes, minute, n);
    size_t subjects;
    struct subject *s = counting_subjects(r, alert, &subjects);
    for (; subjects > 0; subjects--, s++)
        if (!subject_count_minute(s, group, minute, n))
            return false;
    return true;
}

bool report_problem(struct report *r, const char *message)
{
    if (r->n_problems++ < REPORT_PROBLEMS) {
        trail_text_add(&r->problems, message, strlen(message));
        trail_text_add(&r->problems, "\n", 1);
    }
    return !r->problems.failed;
}

void report_inputs(struct report *r, const struct trail_stats *stats, const struct trail_counts *of_alerts)
{
    r->stats = *stats;
    r->has_stats = true;
    for (size_t i = 0; i < r->config.pack->n_alerts; i++)
        r->alerts[i].counts = of_alerts[i];
}

/* ---- the end ------------------------------------------------------------------------------ */

/* The newest first. */
static int by_newest(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? 1 : -1;
    return (x->order < y->order) - (x->order > y->order);
}

/* Leaves out events, of the lowest rank first, until the rest has room on a page. */
static void finish_listed(struct report *r)
{
    size_t bytes = 0;
    keep_listed(r, REPORT_LISTED);
    if (r->n_listed == 0)
        return;
    qsort(r->listed, r->n_listed, sizeof *r->listed, by_rank);
    for (size_t i = 0; i < r->n_listed; i++) {
        struct listed *l = &r->listed[i];
        bytes += l->line.n + l->event.n;
        if (bytes <= REPORT_EVENTS || l->event.n == 0)
            continue;
        bytes -= l->event.n;
        free_text(&l->event);
        l->event_left_out = true;
        r->events_left_out++;
    }
    qsort(r->listed, r->n_listed, sizeof *r->listed, by_newest);
}

/* Alerts that fired first: the highest priority, then as in the pack; then those of the pack that did not. */
static void finish_lanes(struct report *r)
{
    size_t n = r->config.pack->n_alerts;
    for (size_t i = 0; i < r->n_alerts; i++) {
        r->fired += r->alerts[i].fired;
        r->alerts_fired += i < n && r->alerts[i].fired > 0;
    }
    for (unsigned priority = 1; priority <= 5; priority++)
        for (size_t i = 0; i < r->n_alerts; i++)
            if (r->alerts[i].fired + r->alerts[i].resolved > 0 &&
                (r->alerts[i].priority ? r->alerts[i].priority : 5) == priority)
                r->lanes[r->n_lanes++] = i;
    for (size_t i = 0; i < n; i++)
        if (r->alerts[i].fired + r->alerts[i].resolved == 0)
            r->lanes[r->n_lanes++] = i;
}

/* Groups that fired stand before others, also where they are counted. */
static void tell_fired(struct report *r)
{
    for (size_t i = 0; i < r->n_subjects; i++) {
        struct subject *s = &r->subjects[i];
        const struct subject *own = &r->subjects[r->alerts[s->index].subject];
        for (size_t k = 0; k < s->n && s != own; k++) {
            const struct track *t = subject_find(own, s->tracks[k]->key);
            s->tracks[k]->fired = t ? t->fired : 0;
        }
    }
}

bool report_finish(struct report *r)
{
    finish_listed(r);
    finish_lanes(r);
    if (!minutes_finish(r))
        return false;
    for (size_t i = 0; i < r->minutes.n; i++) {
        int64_t at = r->minutes.table[i].at * (REPORT_MINUTE << r->minutes.shift);
        if (!coverage_add(&r->coverage, at, at))
            return false;
    }
    tell_fired(r);
    for (size_t i = 0; i < r->n_subjects; i++)
        if (!subject_finish(&r->subjects[i], &r->coverage, r->to))
            return false;
    if (r->n_marks)
        coarsen(r, r->mark_width);
    coarsen_to(r, REPORT_MARKS);
    return series_finish(r);
}

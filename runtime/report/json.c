/*
 * json.c - a report as one JSON object: for machines, and for the page's own script.
 */
#include <inttypes.h>
#include <string.h>

#include "parts.h"
#include "window/timestamp.h"

bool is_threshold(const struct chart *chart, const struct trail_condition *c)
{
    return c->span == chart->subject->span && (c->when == TRAIL_MORE_THAN || c->when == TRAIL_AT_LEAST ||
                                               c->when == TRAIL_LESS_THAN || c->when == TRAIL_AT_MOST);
}

bool is_limit(const struct chart *chart, const struct trail_condition *c)
{
    return c->span == chart->subject->span &&
           (c->when == TRAIL_MORE_THAN_USUAL || c->when == TRAIL_LESS_THAN_USUAL);
}

static void put_usual_threshold(struct trail_text *to, const struct trail_condition *c)
{
    put(to, c->when == TRAIL_LESS_THAN_USUAL ? "less than usual" : "more than usual");
    if (c->margin) {
        put(to, " by ");
        put_decimal(to, (double)c->margin / 1000);
        put(to, "%");
    }
    if (c->n) {
        put(to, ", at least ");
        put_count(to, c->n);
    }
}

void put_threshold(struct trail_text *to, const struct trail_condition *c)
{
    static const char *const words[] = {"", "more than ", "at least ", "less than ", "at most "};
    if (c->when == TRAIL_MORE_THAN_USUAL || c->when == TRAIL_LESS_THAN_USUAL) {
        put_usual_threshold(to, c);
        return;
    }
    put(to, words[c->when]);
    put_count(to, c->n);
}

static void add_time(struct trail_text *to, const char *before, const char *key, int64_t time)
{
    char text[TRAIL_TIME_ROOM];
    trail_time_format(text, time);
    put_member(to, before, key, *text ? text : NULL);
}

static void add_number(struct trail_text *to, const char *before, const char *key, uint64_t n)
{
    putf(to, "%s\"%s\":%" PRIu64, before, key, n);
}

/* ---- parts -------------------------------------------------------------------------------- */

void input_counts(const struct report *r, struct input_count to[INPUT_COUNTS])
{
    const struct trail_stats *s = &r->stats;
    const struct input_count counts[INPUT_COUNTS] = {
        {"inputs", "files and streams read", s->inputs, false},
        {"bytes", "inflated", s->bytes, false},
        {"records", "", s->records, false},
        {"matched", "wanted by some alert", s->matched, false},
        {"unmatched", "wanted by none, or outside the time asked for", s->unmatched, false},
        {"rejected", "no valid JSON", s->rejected, false},
        {"late", "came too late to be counted", s->late, false},
        {"duplicates", "delivered more than once", s->duplicates, false},
        {"undated", "without a readable time", s->undated, false},
        {"future", "dated past the clock", s->future, false},
        {"early", "counted before their turn: memory and disk were full", s->early, true},
        {"lost", "could not be read back from disk", s->lost, true},
        {"forgotten", "groups for which there was no memory", s->forgotten, true},
        {"outside", "dated far from all others, not drawn", r->outside, true},
    };
    memcpy(to, counts, sizeof counts);
}

static void add_head(struct trail_text *to, const struct report *r)
{
    const struct trail_pack *p = r->config.pack;
    put_member(to, "{\"report\":1,", "title", report_title(r));
    put_member(to, ",", "date", r->config.date);
    put_member(to, ",\"pack\":{", "name", p->name);
    put_member(to, ",", "version", p->version);
    put_member(to, ",", "hash", p->hash);
    put_member(to, "},", "source", r->config.from_state ? "state" : "scan");
    bool any = report_is_dated(r);
    add_time(to, ",", "from", any ? r->from : TRAIL_NO_TIME);
    add_time(to, ",", "to", any ? r->to : TRAIL_NO_TIME);
}

static void add_inputs(struct trail_text *to, const struct report *r)
{
    struct input_count counts[INPUT_COUNTS];
    input_counts(r, counts);
    put(to, ",\"inputs\":");
    for (size_t i = 0; i < INPUT_COUNTS && r->has_stats; i++)
        add_number(to, i ? "," : "{", counts[i].key, counts[i].n);
    put(to, r->has_stats ? "}" : "null");
    add_number(to, ",\"problems\":{", "n", r->n_problems);
    put(to, ",\"messages\":[");
    const char *p = r->problems.p, *end = p ? p + r->problems.n : p;
    for (bool first = true; p < end; first = false) {
        size_t n = (size_t)((const char *)memchr(p, '\n', (size_t)(end - p)) - p);
        put(to, first ? "" : ",");
        trail_json_quote(to, (struct trail_slice){p, n});
        p += n + 1;
    }
    put(to, "]},\"gaps\":[");
    for (size_t i = 0; i < r->n_gaps; i++) {
        add_time(to, i ? ",{" : "{", "from", r->gaps[i].from);
        add_time(to, ",", "to", r->gaps[i].to);
        put(to, "}");
    }
    put(to, "]");
}

static void add_records(struct trail_text *to, const struct report *r)
{
    int64_t from;
    put(to, ",\"records\":");
    if (r->volume_bins == 0) {
        put(to, "null");
        return;
    }
    report_bins(r, r->volume_width, &from);
    putf(to, "{\"from\":%" PRId64 ",\"width\":%" PRId64 ",\"values\":[", from, r->volume_width);
    for (size_t i = 0; i < r->volume_bins; i++)
        putf(to, "%s%" PRIu64, i ? "," : "", r->volume[i]);
    put(to, "]}");
}

static void add_alert(struct trail_text *to, const struct report *r, size_t i)
{
    const struct about *about = &r->alerts[i];
    const struct trail_alert *a = report_alert(r, i);
    char priority[] = {'P', (char)('0' + a->priority % 10), 0};
    put_member(to, "{", "id", a->id);
    put_member(to, ",", "alert", a->name);
    put_member(to, ",", "priority", priority);
    put_member(to, ",", "when", a->when ? a->when : "");
    put_member(to, ",", "filter", a->filter ? a->filter : "");
    put_member(to, ",", "description", a->description ? a->description : "");
    put(to, ",\"tags\":[");
    for (size_t k = 0; k < a->tags.n; k++) {
        put(to, k ? "," : "");
        trail_json_quote(to, text_slice(a->tags.list[k]));
    }
    put(to, "],\"hits\":");
    if (r->has_stats && i < r->config.pack->n_alerts)
        putf(to, "%" PRIu64, about->counts.hits);
    else
        put(to, "null");
    add_number(to, ",", "fired", about->fired);
    add_number(to, ",", "resolved", about->resolved);
    putf(to, ",\"undecided\":%s}", about->counts.undecided ? "true" : "false");
}

static void add_alerts(struct trail_text *to, const struct report *r)
{
    size_t n = r->n_alerts;
    while (n > r->config.pack->n_alerts && r->alerts[n - 1].fired + r->alerts[n - 1].resolved == 0)
        n--;
    put(to, ",\"alerts\":[");
    for (size_t i = 0; i < n; i++) {
        put(to, i ? "," : "");
        add_alert(to, r, i);
    }
    put(to, "],\"lanes\":[");
    for (size_t i = 0; i < r->n_lanes; i++)
        putf(to, "%s%zu", i ? "," : "", r->lanes[i]);
    putf(to, "],\"mark_width\":%" PRId64 ",\"marks\":[", r->mark_width);
    for (size_t i = 0; i < r->n_marks; i++) {
        const struct mark *m = &r->marks[i];
        putf(to, "%s[%u,%" PRId64 ",%u,%u,%u]", i ? "," : "", (unsigned)m->alert, m->time, m->priority,
             (unsigned)m->fired, (unsigned)m->resolved);
    }
    put(to, "]");
}

static void add_listed(struct trail_text *to, const struct report *r)
{
    put(to, ",\"fired\":[");
    for (size_t i = 0; i < r->n_listed; i++) {
        const struct listed *l = &r->listed[i];
        put(to, i ? "," : "");
        trail_text_add(to, l->line.p, l->line.n - 1);
        if (l->event.n) {
            put(to, ",\"event\":");
            put_slice(to, l->event);
        }
        put(to, "}");
    }
    put(to, "]");
}

static void add_left_out(struct trail_text *to, const struct report *r)
{
    add_number(to, ",\"left_out\":{", "notifications", r->notifications - r->n_listed);
    add_number(to, ",", "events", r->events_left_out);
    add_number(to, ",", "charts", r->charts_left_out);
    put(to, "}");
}

/* ---- series and groups -------------------------------------------------------------------- */

static void add_values(struct trail_text *to, const char *key, const double *values, size_t n)
{
    putf(to, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        put(to, i ? "," : "");
        if (values[i] < 0)
            put(to, "null");
        else
            put_decimal(to, values[i]);
    }
    put(to, "]");
}

/* What the alert's conditions on what is usual ask for in each bin. */
static void add_limits(struct trail_text *to, const struct chart *c, const struct line *l)
{
    const struct trail_alert *a = c->subject->alert;
    size_t n = 0;
    for (size_t i = 0; i < a->n_conditions; i++) {
        double values[REPORT_BINS];
        const struct trail_condition *t = &a->conditions[i];
        if (!is_limit(c, t))
            continue;
        for (size_t bin = 0; bin < c->bins; bin++)
            values[bin] = chart_limit(l, t, bin);
        put(to, n++ ? ",{\"when\":\"" : ",\"limits\":[{\"when\":\"");
        put_threshold(to, t);
        putf(to, "\",\"priority\":\"P%u\"", t->priority % 10);
        add_values(to, "values", values, c->bins);
        put(to, "}");
    }
    put(to, n ? "]" : "");
}

static void add_line(struct trail_text *to, const struct chart *c, const struct line *l)
{
    static const char *const seasons[] = {"unknown", "plain", "daily", "weekly"};
    put(to, "{\"group\":");
    put_slice(to, l->track->key);
    add_number(to, ",", "events", l->track->events);
    add_number(to, ",", "fired", l->track->fired);
    add_number(to, ",", "peak", l->track->peak);
    put_member(to, ",", "usual", seasons[l->season]);
    putf(to, ",\"wait\":%" PRId64 ",\"actual\":[", l->wait);
    for (size_t i = 0; i < c->bins; i++)
        putf(to, "%s%" PRIu64, i ? "," : "", l->actual[i]);
    put(to, "]");
    if (l->known) {
        add_values(to, "expected", l->expected, c->bins);
        add_values(to, "low", l->low, c->bins);
        add_values(to, "high", l->high, c->bins);
        add_limits(to, c, l);
    }
    put(to, "}");
}

static void add_chart(struct trail_text *to, const struct chart *c, size_t lines)
{
    const struct subject *s = c->subject;
    char window[TRAIL_TIME_ROOM];
    trail_duration_format(window, s->span);
    put_member(to, "{", "alert", s->alert->id);
    put_member(to, ",", "window", window);
    put_member(to, ",", "side", s->side == BASELINE_LESS ? "less" : "more");
    put(to, ",\"thresholds\":[");
    for (size_t i = 0, n = 0; i < s->alert->n_conditions; i++) {
        const struct trail_condition *t = &s->alert->conditions[i];
        if (!is_threshold(c, t))
            continue;
        put(to, n++ ? ",{\"when\":\"" : "{\"when\":\"");
        put_threshold(to, t);
        putf(to, "\",\"n\":%" PRIu64 ",\"priority\":\"P%u\"}", t->n, t->priority % 10);
    }
    putf(to, "],\"from\":%" PRId64 ",\"width\":%" PRId64, c->from, c->width);
    add_number(to, ",", "events", s->events);
    add_number(to, ",", "groups", s->n);
    add_number(to, ",", "dropped", s->dropped);
    put(to, ",\"lines\":[");
    for (size_t i = 0; i < c->n_lines && i < lines; i++) {
        put(to, i ? "," : "");
        add_line(to, c, &c->lines[i]);
    }
    put(to, "]}");
}

static void add_series(struct trail_text *to, const struct report *r, size_t lines)
{
    put(to, ",\"series\":[");
    for (size_t i = 0; i < r->n_charts; i++) {
        put(to, i ? "," : "");
        add_chart(to, &r->charts[i], lines);
    }
    put(to, "]");
}

static void add_groups(struct trail_text *to, const struct report *r)
{
    enum { TOP = 20 };
    size_t n = 0;
    put(to, ",\"groups\":[");
    for (size_t i = 0; i < r->n_subjects; i++) {
        const struct subject *s = &r->subjects[i];
        if (s->n == 0)
            continue;
        put_member(to, n++ ? ",{" : "{", "alert", s->alert->id);
        putf(to, ",\"of\":\"%s\"", s->span ? "events" : "notifications");
        add_number(to, ",", "groups", s->n);
        add_number(to, ",", "dropped", s->dropped);
        put(to, ",\"top\":[");
        for (size_t k = 0; k < s->n && k < TOP; k++) {
            put(to, k ? ",{\"group\":" : "{\"group\":");
            put_slice(to, s->tracks[k]->key);
            add_number(to, ",", "events", s->tracks[k]->events);
            add_number(to, ",", "fired", s->tracks[k]->fired);
            add_number(to, ",", "peak", s->tracks[k]->peak);
            put(to, "}");
        }
        put(to, "]}");
    }
    put(to, "]");
}

static void add_techniques(struct trail_text *to, const struct report *r)
{
    struct technique list[TECHNIQUES_MOST];
    size_t n = list_techniques(r, list, TECHNIQUES_MOST);
    put(to, ",\"techniques\":[");
    for (size_t i = 0; i < n; i++) {
        const struct attack_technique *t = list[i].tag.technique;
        put_member(to, i ? ",{" : "{", "id", list[i].tag.id);
        put_member(to, ",", "name", t ? t->name : NULL);
        put(to, ",\"tactics\":[");
        for (size_t k = 0, m = 0; k < ATTACK_OTHER; k++)
            if (attack_is_of(&list[i].tag, k))
                putf(to, "%s\"%s\"", m++ ? "," : "", attack_tactics[k].id);
        add_number(to, "],", "alerts", list[i].alerts);
        add_number(to, ",", "fired", list[i].fired);
        put(to, "}");
    }
    put(to, "]");
}

void report_json(const struct report *r, struct trail_text *to)
{
    add_head(to, r);
    add_inputs(to, r);
    add_records(to, r);
    add_alerts(to, r);
    add_listed(to, r);
    add_left_out(to, r);
    add_series(to, r, REPORT_GROUPS);
    add_groups(to, r);
    add_techniques(to, r);
    put(to, "}\n");
}

/* Lines of a chart that have room on a page. */
static size_t page_lines(const struct report *r)
{
    enum { LINES = 25 };
    size_t n = r->n_charts ? LINES / r->n_charts : 0;
    return n < 1 ? 1 : n > REPORT_GROUPS ? REPORT_GROUPS : n;
}

/* An end tag or a comment in it would end the script. */
static void put_for_script(struct trail_text *to, const struct trail_text *json)
{
    for (size_t i = 0; i < json->n; i++) {
        char c = json->p[i];
        if (c == '<' || c == '>' || c == '&')
            putf(to, "\\u%04x", (unsigned)c);
        else
            trail_text_add(to, &c, 1);
    }
    to->failed |= json->failed;
}

void put_page_data(struct trail_text *to, const struct report *r)
{
    struct trail_text json = {0};
    add_head(&json, r);
    add_records(&json, r);
    add_alerts(&json, r);
    add_series(&json, r, page_lines(r));
    put(&json, ",\"gaps\":[");
    for (size_t i = 0; i < r->n_gaps && i < REPORT_BINS; i++)
        putf(&json, "%s[%" PRId64 ",%" PRId64 "]", i ? "," : "", r->gaps[i].from, r->gaps[i].to);
    put(&json, "]}");
    put_for_script(to, &json);
    trail_text_free(&json);
}

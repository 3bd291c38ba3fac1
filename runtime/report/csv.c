/*
 * csv.c - parts of a report as tables: RFC 4180, each field in quotes, and no field a formula to a spreadsheet.
 */
#include <inttypes.h>
#include <string.h>

#include "notify/stored.h"
#include "parts.h"
#include "window/timestamp.h"
#include "json/elements.h"

static void field(struct trail_text *to, struct trail_slice s, bool last)
{
    put(to, "\"");
    if (s.n > 0 && *s.p && strchr("=+-@\t\r\n|%", *s.p))
        put(to, "'");
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        put(to, c == '"' ? "\"" : "");
        trail_text_add(to, c < ' ' || c == 127 ? " " : s.p + i, 1);
    }
    put(to, last ? "\"\r\n" : "\",");
}

static void text_field(struct trail_text *to, const char *text, bool last)
{
    field(to, text_slice(text), last);
}

static void time_field(struct trail_text *to, int64_t time, bool last)
{
    char text[TRAIL_TIME_ROOM];
    trail_time_format(text, time);
    text_field(to, text, last);
}

static void number_field(struct trail_text *to, uint64_t n, bool last)
{
    putf(to, "\"%" PRIu64 "\"%s", n, last ? "\r\n" : ",");
}

static void decimal_field(struct trail_text *to, double x, bool last)
{
    put(to, "\"");
    if (x >= 0)
        put_decimal(to, x);
    put(to, last ? "\"\r\n" : "\",");
}

static void alerts(const struct report *r, struct trail_text *to)
{
    put(to, "time,id,alert,priority,state,reason,group,count,first_event,last_event,path,record,dedup_key,"
            "expected,low,"
            "high\r\n");
    for (size_t i = 0; i < r->n_listed; i++) {
        struct trail_stored stored;
        if (trail_stored_read(&stored, r->config.pack, r->listed[i].line)) {
            const struct trail_fired *f = &stored.fired;
            char priority[] = {'P', (char)('0' + f->priority % 10), 0};
            time_field(to, r->listed[i].time, false);
            text_field(to, f->alert->id, false);
            text_field(to, f->alert->name, false);
            text_field(to, priority, false);
            text_field(to, f->state == TRAIL_FIRING ? "firing" : "resolved", false);
            text_field(to, f->reason, false);
            field(to, f->group, false);
            number_field(to, f->count, false);
            time_field(to, f->first_event, false);
            time_field(to, f->last_event, false);
            text_field(to, f->source.path ? f->source.path : "", false);
            number_field(to, f->source.record, false);
            text_field(to, f->dedup_key, false);
            decimal_field(to, f->usual ? f->usual->expected : -1, false);
            decimal_field(to, f->usual ? f->usual->low : -1, false);
            decimal_field(to, f->usual ? f->usual->high : -1, true);
        }
        trail_stored_free(&stored);
    }
}

static void series(const struct report *r, struct trail_text *to)
{
    put(to, "id,window,group,from,to,actual,expected,low,high\r\n");
    for (size_t i = 0; i < r->n_charts; i++) {
        const struct chart *c = &r->charts[i];
        char window[TRAIL_TIME_ROOM];
        trail_duration_format(window, c->subject->span);
        for (size_t k = 0; k < c->n_lines; k++)
            for (size_t bin = 0; bin < c->bins; bin++) {
                const struct line *l = &c->lines[k];
                text_field(to, c->subject->alert->id, false);
                text_field(to, window, false);
                field(to, l->track->key, false);
                time_field(to, c->from + (int64_t)bin * c->width, false);
                time_field(to, c->from + (int64_t)(bin + 1) * c->width, false);
                number_field(to, l->actual[bin], false);
                decimal_field(to, l->expected[bin], false);
                decimal_field(to, l->low[bin], false);
                decimal_field(to, l->high[bin], true);
            }
    }
}

static void groups(const struct report *r, struct trail_text *to)
{
    put(to, "id,of,window,group,events,fired,peak\r\n");
    for (size_t i = 0; i < r->n_subjects; i++) {
        const struct subject *s = &r->subjects[i];
        char window[TRAIL_TIME_ROOM] = "";
        if (s->span)
            trail_duration_format(window, s->span);
        for (size_t k = 0; k < s->n; k++) {
            text_field(to, s->alert->id, false);
            text_field(to, s->span ? "events" : "notifications", false);
            text_field(to, window, false);
            field(to, s->tracks[k]->key, false);
            number_field(to, s->tracks[k]->events, false);
            number_field(to, s->tracks[k]->fired, false);
            number_field(to, s->tracks[k]->peak, true);
        }
    }
}

static void inputs(const struct report *r, struct trail_text *to)
{
    struct input_count counts[INPUT_COUNTS];
    input_counts(r, counts);
    put(to, "what,from,to,n\r\n");
    for (size_t i = 0; i <= INPUT_COUNTS && r->has_stats; i++) {
        text_field(to, i < INPUT_COUNTS ? counts[i].key : "problems", false);
        put(to, "\"\",\"\",");
        number_field(to, i < INPUT_COUNTS ? counts[i].n : r->n_problems, true);
    }
    int64_t from = 0;
    if (r->volume_bins)
        report_bins(r, r->volume_width, &from);
    for (size_t i = 0; i < r->volume_bins; i++) {
        text_field(to, "records", false);
        time_field(to, from + (int64_t)i * r->volume_width, false);
        time_field(to, from + (int64_t)(i + 1) * r->volume_width, false);
        number_field(to, r->volume[i], true);
    }
    for (size_t i = 0; i < r->n_gaps; i++) {
        text_field(to, "gap", false);
        time_field(to, r->gaps[i].from, false);
        time_field(to, r->gaps[i].to, false);
        number_field(to, 0, true);
    }
}

void report_csv(const struct report *r, enum report_part part, struct trail_text *to)
{
    switch (part) {
    case REPORT_PART_ALERTS: alerts(r, to); break;
    case REPORT_PART_SERIES: series(r, to); break;
    case REPORT_PART_GROUPS: groups(r, to); break;
    case REPORT_PART_INPUTS: inputs(r, to); break;
    }
}

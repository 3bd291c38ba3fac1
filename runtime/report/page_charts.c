/*
 * page_charts.c - what was counted: against what is usual and the threshold, and for whom.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "notify/stored.h"
#include "parts.h"
#include "window/window.h"

static void fields_of(struct trail_text *to, const struct report *r, const struct trail_fields *fields)
{
    for (size_t i = 0; i < fields->n; i++) {
        put(to, i ? ", " : "");
        put_html(to, r->config.pack->fields[fields->ids[i]], 60);
    }
}

static void heading(struct trail_text *to, const struct report *r, const struct chart *c, size_t number)
{
    const struct subject *s = c->subject;
    const struct about *a = &r->alerts[s->index];
    putf(to, "<article class=\"card chart\" aria-labelledby=\"chart-%zu\"><h3 id=\"chart-%zu\">", number,
         number);
    draw_glyph(to, a->priority ? a->priority : s->alert->priority);
    put_html(to, s->alert->name, 80);
    put(to, "</h3><p class=\"quiet\">");
    put_html(to, s->alert->when, 120);
    if (s->alert->group_by.n || window_by_application(s->alert)) {
        put(to, ", for each ");
        if (s->alert->group_by.n)
            fields_of(to, r, &s->alert->group_by);
        else
            put(to, "application");
        put(to, ": ");
        put_counted(to, s->n + s->dropped, "group");
    }
    put(to, " &middot; ");
    put_counted(to, s->events, "event");
    put(to, "</p>");
}

static void choice(struct trail_text *to, const struct chart *c, size_t number)
{
    if (c->n_lines < 2)
        return;
    putf(to, "<label class=\"choice needs-script\">Group <select data-chart=\"%zu\">", number);
    for (size_t i = 0; i < c->n_lines; i++) {
        putf(to, "<option value=\"%zu\">", i);
        put_html_group(to, c->lines[i].track->key, 60);
        put(to, "</option>");
    }
    put(to, "</select></label>");
}

void put_usual_note(struct trail_text *to, const struct report *r, const struct line *l)
{
    static const char *const seasons[] = {"", "the same at all hours", "by the hour of the day",
                                          "by the hour of the week"};
    if (l->known) {
        put(to, r->config.baselines ? "Expected and its band are those of the baseline file, "
                                    : "Expected and its band are learnt from this log, ");
        put(to, seasons[l->season]);
        put(to, ".");
    } else if (r->config.baselines) {
        put(to, "What is usual is not known: the baseline file does not say it of this alert.");
    } else if (l->wait > 0) {
        put(to, "What is usual is not known yet: the log would have to be ");
        put_duration(to, (l->wait + 3599999) / 3600000 * 3600000);
        put(to, " longer.");
    } else {
        put(to, "What is usual is not known.");
    }
}

/* What this chart's alert asks for: a number, what is usual, or both. */
static void threshold_key(struct trail_text *to, const struct chart *c, const struct line *l)
{
    const struct trail_alert *a = c->subject->alert;
    for (size_t i = 0; i < a->n_conditions; i++)
        if (is_threshold(c, &a->conditions[i]) || (l->known && is_limit(c, &a->conditions[i]))) {
            put(to, "<li><span class=\"swatch threshold-swatch\"></span>threshold: ");
            put_threshold(to, &a->conditions[i]);
            put(to, "</li>");
        }
}

/* What is to be known to read this chart's band. */
static void band_note(struct trail_text *to, const struct report *r, const struct chart *c,
                      const struct line *l)
{
    const struct trail_alert *a = c->subject->alert;
    size_t silent = 0;
    bool asks = false;
    for (size_t i = 0; i < c->bins; i++)
        silent += l->actual[i] == 0;
    for (size_t i = 0; i < a->n_conditions; i++)
        asks = asks || is_limit(c, &a->conditions[i]);
    if (l->known && c->subject->side == BASELINE_MORE && 2 * silent > c->bins)
        put(to, " Here there is mostly nothing: the band reaches up to what is counted when there is "
                "something.");
    if (c->subject->side == BASELINE_LESS)
        put(to,
            " Counted are windows one behind the other; the first and the last may reach beyond the log.");
    if (asks && l->known && !r->config.baselines)
        put(to, " The alert knew, each time, only what had come before: the band it went by stands with each "
                "notification.");
}

static void key(struct trail_text *to, const struct report *r, const struct chart *c)
{
    const struct line *l = &c->lines[0];
    put(to, "<ul class=\"legend\" aria-label=\"Lines\"><li><span class=\"swatch "
            "actual-swatch\"></span>actual, the ");
    put(to, c->subject->side == BASELINE_LESS ? "lowest" : "highest");
    put(to, " window of each ");
    put_duration(to, c->width);
    put(to, "</li>");
    if (l->known)
        put(to, "<li><span class=\"swatch expected-swatch\"></span>expected</li><li><span class=\"swatch "
                "band-swatch\"></span>usual band</li>");
    threshold_key(to, c, l);
    put(to, "</ul><p class=\"quiet\">");
    put_usual_note(to, r, l);
    band_note(to, r, c, l);
    put(to, "</p>");
}

/* Bins that are nearest to firing first; then in the order of time. */
struct place {
    size_t bin;
    uint64_t n; /* how near */
};

static int by_height(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? 1 : -1;
    return (x->bin > y->bin) - (x->bin < y->bin);
}

static void table(struct trail_text *to, const struct chart *c, size_t number)
{
    enum { SHOWN = 10 };
    const struct line *l = &c->lines[0];
    bool less = c->subject->side == BASELINE_LESS;
    struct place places[REPORT_BINS];
    for (size_t i = 0; i < c->bins; i++)
        places[i] = (struct place){i, less ? UINT64_MAX - l->actual[i] : l->actual[i]};
    qsort(places, c->bins, sizeof *places, by_height);
    putf(to,
         "<details class=\"values\" data-chart=\"%zu\"><summary>Values as a table</summary><div "
         "class=\"scroll\" tabindex=\"0\" "
         "role=\"group\" aria-label=\"Values\"><table><caption>The %s of ",
         number, less ? "lowest" : "highest");
    put_html_group(to, l->track->key, 60);
    put(to, "</caption><thead><tr><th scope=\"col\">From</th><th scope=\"col\" class=\"n\">Actual</th><th "
            "scope=\"col\" "
            "class=\"n\">Expected</th><th scope=\"col\" class=\"n\">Usual</th></tr></thead><tbody>");
    for (size_t i = 0; i < c->bins && i < SHOWN; i++) {
        size_t bin = places[i].bin;
        put(to, "<tr><th scope=\"row\">");
        put_time(to, c->from + (int64_t)bin * c->width, false);
        put(to, "</th><td class=\"n\">");
        put_count(to, l->actual[bin]);
        put(to, "</td><td class=\"n\">");
        if (l->known)
            put_decimal(to, l->expected[bin]);
        put(to, "</td><td class=\"n\">");
        if (l->known) {
            put_decimal(to, l->low[bin]);
            put(to, " to ");
            put_decimal(to, l->high[bin]);
        }
        put(to, "</td></tr>");
    }
    put(to, "</tbody></table></div></details>");
}

/* Alerts that ask whether there are events are counted by the minute: which have a shorter window, and where
 * to look. */
static void not_drawn(struct trail_text *to, const struct report *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->config.pack->n_alerts && !r->config.from_state; i++) {
        const struct trail_alert *a = &r->config.pack->alerts[i];
        int64_t shortest = window_presence(r->config.pack, a);
        if (shortest == 0 || shortest >= REPORT_MINUTE)
            continue;
        put(to, n++ ? "; " : "<p class=\"note presence\">Not drawn, for windows of less than a minute: ");
        put_html(to, a->name, 80);
        put(to, " (");
        put_html(to, a->when, 120);
        put(to, ")");
    }
    put(to, n ? ". When there was nothing is on the <a href=\"#timeline\">time line</a>.</p>\n" : "");
}

void page_charts(struct trail_text *to, const struct report *r)
{
    put(to, "<section id=\"counts\" aria-labelledby=\"h-counts\"><h2 id=\"h-counts\">Expected against "
            "actual</h2>\n");
    if (r->config.from_state)
        put(to, "<p class=\"note\">Not known: a state keeps what fired, and not every count.</p>\n");
    else if (r->n_charts == 0)
        put(to, "<p>No alert that counts was met by any event.</p>\n");
    for (size_t i = 0; i < r->n_charts; i++) {
        const struct chart *c = &r->charts[i];
        heading(to, r, c, i);
        choice(to, c, i);
        putf(to, "<div class=\"picture plot\" data-chart=\"%zu\"><div class=\"static\">", i);
        draw_chart(to, r, c, false);
        put(to, "</div></div><p class=\"readout quiet needs-script\" aria-live=\"polite\"></p>");
        key(to, r, c);
        table(to, c, i);
        put(to, "</article>\n");
    }
    if (r->charts_left_out) {
        put(to, "<p class=\"note\">");
        put_count(to, r->charts_left_out);
        put(to, " more alerts have counts, which are not drawn.</p>\n");
    }
    not_drawn(to, r);
    put(to, "</section>\n");
}

/* ---- groups ------------------------------------------------------------------------------- */

static void group_rows(struct trail_text *to, const struct subject *s)
{
    enum { SHOWN = 8 };
    uint64_t most = 1;
    for (size_t i = 0; i < s->n && i < SHOWN; i++)
        most = s->tracks[i]->events > most ? s->tracks[i]->events : most;
    put(to, "<table class=\"shares\"><thead><tr><th scope=\"col\">Group</th><th scope=\"col\"><span "
            "class=\"hidden\">Share</span>"
            "</th><th scope=\"col\" class=\"n\">");
    put(to, s->span ? "Events" : "Notifications");
    put(to, s->span ? "</th><th scope=\"col\" class=\"n\">Peak</th></tr></thead><tbody>"
                    : "</th></tr></thead><tbody>");
    for (size_t i = 0; i < s->n && i < SHOWN; i++) {
        const struct track *t = s->tracks[i];
        put(to, "<tr><th scope=\"row\">");
        put_html_group(to, t->key, 60);
        put(to, s->span && t->fired ? " <span class=\"chip hot\">fired</span></th><td>" : "</th><td>");
        draw_bar(to, t->events, most);
        put(to, "</td><td class=\"n\">");
        put_count(to, t->events);
        if (s->span) {
            put(to, "</td><td class=\"n\">");
            put_count(to, t->peak);
        }
        put(to, "</td></tr>");
    }
    put(to, "</tbody></table>");
    if (s->n + s->dropped > SHOWN) {
        put(to, "<p class=\"quiet\">and ");
        put_count(to, s->n + s->dropped - SHOWN);
        put(to, " more</p>");
    }
}

static void highest(struct trail_text *to, const struct report *r, size_t alert)
{
    struct trail_stored stored;
    if (r->alerts[alert].most == 0)
        return;
    if (trail_stored_read(&stored, r->config.pack, r->alerts[alert].most_line)) {
        const struct trail_fired *f = &stored.fired;
        put(to, "<p class=\"quiet\">At its highest: ");
        put_html(to, f->reason, 160);
        if (f->group.n > 2) {
            put(to, ", ");
            put_html_group(to, f->group, 60);
        }
        put(to, "</p>");
        put_breakdown(to, f->breakdown, f->count, 8);
    }
    trail_stored_free(&stored);
}

/* What shows an alert's groups best: its counts, or else its notifications. */
static const struct subject *shown_subject(const struct report *r, size_t alert)
{
    const struct subject *best = NULL;
    const struct subject *s = &r->subjects[r->alerts[alert].subject];
    for (size_t i = 0; i < r->alerts[alert].n_subjects; i++)
        if (s[i].n > 0 && (!best || best->span == 0))
            best = &s[i];
    return best;
}

void page_groups(struct trail_text *to, const struct report *r)
{
    enum { SHOWN = 40 };
    size_t n = 0;
    put(to, "<section id=\"groups\" aria-labelledby=\"h-groups\"><h2 id=\"h-groups\">Groups and "
            "breakdowns</h2>\n<div "
            "class=\"cards\">");
    for (size_t i = 0; i < r->n_lanes && n < SHOWN; i++) {
        size_t alert = r->lanes[i];
        const struct subject *s = alert < r->config.pack->n_alerts ? shown_subject(r, alert) : NULL;
        bool grouped = s && s->alert->group_by.n > 0;
        if (!s || (!grouped && r->alerts[alert].most == 0))
            continue;
        n++;
        put(to, "<article class=\"card\"><h3>");
        draw_glyph(to, r->alerts[alert].priority ? r->alerts[alert].priority : s->alert->priority);
        put_html(to, s->alert->name, 80);
        put(to, "</h3>");
        if (grouped) {
            put(to, "<p class=\"quiet\">By ");
            fields_of(to, r, &s->alert->group_by);
            put(to, "</p>");
            group_rows(to, s);
        }
        highest(to, r, alert);
        put(to, "</article>\n");
    }
    put(to, n ? "</div></section>\n"
              : "</div><p>No alert with groups or a breakdown has anything to show.</p></section>\n");
}

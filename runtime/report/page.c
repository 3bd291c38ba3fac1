/*
 * page.c - the page: one file that a browser opens from anywhere and that asks nobody for anything.
 *
 * All of it is there without a script: texts, tables, pictures. The script adds what moves. The content
 * security policy allows the two scripts and the style by their hashes, and nothing else: were a text of a
 * log ever to become markup, it could still run nothing and load nothing.
 */
#include <string.h>

#include "assets.h"
#include "hash/base64.h"
#include "hash/sha256.h"
#include "parts.h"

/* ---- head --------------------------------------------------------------------------------- */

static void put_hash(struct trail_text *to, struct trail_slice text)
{
    unsigned char hash[TRAIL_SHA256];
    trail_sha256(hash, text.p, text.n);
    put(to, " 'sha256-");
    trail_base64_add(to, hash, sizeof hash);
    put(to, "'");
}

static void head(struct trail_text *to, const struct report *r)
{
    struct trail_text style = {0};
    put_slice(&style, asset_uplot_style);
    put_slice(&style, asset_style);
    struct trail_slice all = {style.p, style.n};
    put(to, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; "
            "form-action "
            "'none'; script-src");
    put_hash(to, asset_uplot_script);
    put_hash(to, asset_script);
    put(to, "; style-src");
    put_hash(to, all);
    put(to, "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
            "name=\"referrer\" "
            "content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    put_html(to, report_title(r), 120);
    put(to, ": alerts</title>\n<style>");
    put_slice(to, all);
    put(to, "</style>\n</head>\n");
    to->failed |= style.failed;
    trail_text_free(&style);
}

static void top(struct trail_text *to, const struct report *r)
{
    put(to, "<a class=\"skip\" href=\"#main\">To the content</a>\n<header class=\"top\"><div "
            "class=\"wide\">\n<div "
            "class=\"title\"><p class=\"brand\">trailc <span>security report</span></p><h1>");
    put_html(to, report_title(r), 120);
    put(to, "</h1><p class=\"when\">");
    if (report_is_dated(r))
        put_period(to, r->from, r->to);
    else
        put(to, "No dated event was counted");
    if (r->config.date) {
        put(to, " · made ");
        put_html(to, r->config.date, 60);
    }
    put(to,
        "</p></div>\n<nav aria-label=\"Sections\"><a href=\"#overview\">Overview</a><a "
        "href=\"#timeline\">Time line</a>"
        "<a href=\"#counts\">Counts</a><a href=\"#groups\">Groups</a><a href=\"#techniques\">ATT&amp;CK</a>"
        "<a href=\"#alerts\">Alerts</a><a href=\"#inputs\">Inputs</a></nav>\n"
        "<label class=\"theme needs-script\">Theme <select id=\"theme\"><option value=\"\">System</option>"
        "<option value=\"light\">Light</option><option value=\"dark\">Dark</option></select></label>\n"
        "</div></header>\n");
}

/* ---- overview ----------------------------------------------------------------------------- */

static const char *const priorities[] = {"", "critical", "high", "medium", "low", "info"};

static void tile(struct trail_text *to, unsigned priority, uint64_t n)
{
    putf(to, "<li class=\"tile%s\"><span class=\"tile-name\">", n ? "" : " none");
    draw_glyph(to, priority);
    putf(to, "P%u %s</span><span class=\"tile-n\">", priority, priorities[priority]);
    put_count(to, n);
    put(to, "</span></li>");
}

static void number_tile(struct trail_text *to, const char *name, uint64_t n, const char *note)
{
    put(to, "<li class=\"tile\"><span class=\"tile-name\">");
    put(to, name);
    put(to, "</span><span class=\"tile-n\">");
    put_count(to, n);
    put(to, "</span>");
    if (note) {
        put(to, "<span class=\"tile-note\">");
        put(to, note);
        put(to, "</span>");
    }
    put(to, "</li>");
}

static void tiles(struct trail_text *to, const struct report *r)
{
    uint64_t fired[6] = {0};
    for (size_t i = 0; i < r->n_marks; i++)
        fired[r->marks[i].priority <= 5 ? r->marks[i].priority : 5] += r->marks[i].fired;
    put(to, "<ul class=\"tiles\" aria-label=\"Notifications by priority\">");
    for (unsigned p = 1; p <= 5; p++)
        tile(to, p, fired[p]);
    if (r->has_stats) {
        number_tile(to, "Records read", r->stats.records, NULL);
        number_tile(to, "Data gaps", r->n_gaps, r->n_gaps ? "see inputs" : "none found");
    }
    put(to, "</ul>\n");
}

static void first_look(struct trail_text *to, const struct report *r)
{
    enum { SHOWN = 6 };
    size_t n = 0;
    for (size_t i = 0; i < r->n_lanes && n < SHOWN; i++) {
        size_t alert = r->lanes[i];
        const struct about *a = &r->alerts[alert];
        if (a->fired == 0)
            continue;
        if (n++ == 0)
            put(to, "<h3 id=\"first\">What to look at first</h3>\n<ol class=\"first\" "
                    "aria-labelledby=\"first\">");
        put(to, "<li>");
        draw_glyph(to, a->priority);
        putf(to, "<span class=\"prio\">P%u</span> <a class=\"pick\" href=\"#alerts\" data-alert=\"%zu\">",
             a->priority, alert);
        put_html(to, report_alert(r, alert)->name, 80);
        put(to, "</a> <span class=\"quiet\">");
        put_counted(to, a->fired, "notification");
        put(to, a->fired == 1 ? ", " : ", last ");
        put_time_element(to, a->last);
        put(to, "</span></li>");
    }
    put(to, n ? "</ol>\n" : "<p>No alert fired.</p>\n");
}

static void overview(struct trail_text *to, const struct report *r)
{
    put(to, "<section id=\"overview\" aria-labelledby=\"h-overview\"><h2 id=\"h-overview\">Overview</h2>\n<p "
            "class=\"lead\"><b>");
    put_count(to, r->alerts_fired);
    put(to, " of ");
    put_count(to, r->config.pack->n_alerts);
    put(to, " alerts</b> fired, with ");
    put_counted(to, r->fired, "notification");
    if (r->has_stats) {
        put(to, ", in ");
        put_counted(to, r->stats.records, "record");
    }
    put(to, ".</p>\n");
    if (r->config.from_state)
        put(to, "<p class=\"note\">Made from the history of a scanner: it has the notifications. Counts, "
                "records and inputs "
                "are not in it.</p>\n");
    tiles(to, r);
    first_look(to, r);
    put(to, "</section>\n");
}

/* ---- the time line ------------------------------------------------------------------------ */

static void legend(struct trail_text *to)
{
    put(to, "<ul class=\"legend\" aria-label=\"Signs\">");
    for (unsigned p = 1; p <= 5; p++) {
        put(to, "<li>");
        draw_glyph(to, p);
        putf(to, "P%u %s</li>", p, priorities[p]);
    }
    put(to, "<li><svg class=\"sign\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path class=\"resolved\" "
            "d=\"M4 8l3 3 "
            "5-6\"/></svg>resolved</li><li><span class=\"swatch gap-swatch\"></span>no records</li></ul>\n");
}

static void quiet_alerts(struct trail_text *to, const struct report *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_lanes; i++) {
        const struct about *a = &r->alerts[r->lanes[i]];
        if (a->fired + a->resolved > 0)
            continue;
        put(to, n++ ? ", " : "<p class=\"quiet\">Did not fire: ");
        put_html(to, report_alert(r, r->lanes[i])->name, 60);
        if (a->counts.undecided)
            put(to, " (not decided: see inputs)");
    }
    put(to, n ? ".</p>\n" : "");
}

static void timeline(struct trail_text *to, const struct report *r)
{
    put(to, "<section id=\"timeline\" aria-labelledby=\"h-timeline\"><h2 id=\"h-timeline\">Time line</h2>\n"
            "<div class=\"card\"><div class=\"bar-tools needs-script\"><div class=\"buttons\">"
            "<button type=\"button\" id=\"zoom-in\" aria-label=\"Zoom in\">+</button>"
            "<button type=\"button\" id=\"zoom-out\" aria-label=\"Zoom out\">&minus;</button>"
            "<button type=\"button\" id=\"pan-left\" aria-label=\"Earlier\">&larr;</button>"
            "<button type=\"button\" id=\"pan-right\" aria-label=\"Later\">&rarr;</button>"
            "<button type=\"button\" id=\"zoom-all\">All</button></div>"
            "<p id=\"range\" class=\"quiet\" aria-live=\"polite\"></p></div>\n"
            "<div id=\"lanes\" class=\"picture\"><div class=\"static\">");
    draw_timeline(to, r, false);
    put(to, "</div></div>\n");
    legend(to);
    put(to, "<p class=\"quiet needs-script\">Drag to zoom in, or turn the wheel with Ctrl held; with the "
            "keyboard: + and &minus;, "
            "arrows, 0 for all. The list and the counts follow. A lane&rsquo;s name shows its alerts in the "
            "list.</p>");
    quiet_alerts(to, r);
    put(to, "</div></section>\n");
}

/* ---- inputs ------------------------------------------------------------------------------- */

static void input_table(struct trail_text *to, const struct report *r)
{
    struct input_count counts[INPUT_COUNTS];
    input_counts(r, counts);
    put(to, "<div class=\"card scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Counts of the "
            "inputs\"><table><caption>What "
            "was read</caption><thead><tr><th scope=\"col\">What</th><th scope=\"col\" class=\"n\">How "
            "many</th><th "
            "scope=\"col\">Which are</th></tr></thead><tbody>");
    for (size_t i = 0; i < INPUT_COUNTS; i++) {
        if (counts[i].odd && counts[i].n == 0)
            continue;
        putf(to, "<tr><th scope=\"row\">%c", counts[i].key[0] - 'a' + 'A');
        put(to, counts[i].key + 1);
        put(to, "</th><td class=\"n\">");
        put_count(to, counts[i].n);
        put(to, "</td><td>");
        put(to, counts[i].what);
        put(to, "</td></tr>");
    }
    put(to, "</tbody></table></div>\n");
}

/* Ends a card with a list of the first `shown` of `n`; of none there is no list. */
static void end_list(struct trail_text *to, uint64_t n, uint64_t shown, const char *more)
{
    if (n > shown) {
        put(to, "<li>and ");
        put_count(to, n - shown);
        put(to, more);
        put(to, "</li>");
    }
    put(to, n ? "</ul></div>\n" : "</div>\n");
}

static void input_gaps(struct trail_text *to, const struct report *r)
{
    enum { SHOWN = 30 };
    put(to, "<div class=\"card\"><h3>Data gaps</h3>");
    put(to, r->n_gaps ? "<p class=\"quiet\">Ten minutes or more without any record, and ten times longer "
                        "than 99 of 100 "
                        "pauses in this log. What happened there is unknown.</p><ul class=\"plain\">"
                      : "<p>None: no pause is out of proportion to the others.</p>");
    for (size_t i = 0; i < r->n_gaps && i < SHOWN; i++) {
        put(to, "<li>");
        put_period(to, r->gaps[i].from, r->gaps[i].to);
        put(to, " <span class=\"quiet\">(");
        put_duration(to, r->gaps[i].to - r->gaps[i].from);
        put(to, ")</span></li>");
    }
    end_list(to, r->n_gaps, SHOWN, " more");
}

static void input_problems(struct trail_text *to, const struct report *r)
{
    const char *p = r->problems.p, *end = p ? p + r->problems.n : p;
    put(to, "<div class=\"card\"><h3>Messages</h3>");
    put(to, p < end ? "<ul class=\"plain messages\">" : "<p>None: everything was read.</p>");
    for (const char *line; p < end; p = line + 1) {
        line = memchr(p, '\n', (size_t)(end - p));
        put(to, "<li>");
        put_html_slice(to, (struct trail_slice){p, (size_t)(line - p)}, 400);
        put(to, "</li>");
    }
    end_list(to, r->n_problems, REPORT_PROBLEMS, " more, which standard error had");
}

static void inputs(struct trail_text *to, const struct report *r)
{
    put(to, "<section id=\"inputs\" aria-labelledby=\"h-inputs\"><h2 id=\"h-inputs\">Inputs</h2>\n");
    if (!r->has_stats) {
        put(to, "<p class=\"note\">Not known: the report is made from a state, which keeps what fired and "
                "not what was read."
                "</p></section>\n");
        return;
    }
    put(to, "<div class=\"two\">");
    input_table(to, r);
    put(to, "<div>");
    input_gaps(to, r);
    input_problems(to, r);
    put(to, "</div></div></section>\n");
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void foot(struct trail_text *to, const struct report *r)
{
    const struct trail_pack *p = r->config.pack;
    put(to, "</main>\n<footer><div class=\"wide\"><p>Made by trailc " TRAIL_VERSION " from the pack ");
    put_html(to, p->name, 80);
    put(to, " ");
    put_html(to, p->version, 40);
    put(to, ", <span class=\"hash\">");
    put_html(to, p->hash, 80);
    put(to, "</span>. All times are UTC. This page is complete: it loads nothing from anywhere.</p>"
            "<p>ATT&amp;CK &copy; The MITRE Corporation, reproduced and distributed with its permission. "
            "Charts by uPlot 1.6.32 "
            "(MIT).</p></div></footer>\n<script type=\"application/json\" id=\"data\">");
    put_page_data(to, r);
    put(to, "</script>\n<script>");
    put_slice(to, asset_uplot_script);
    put(to, "</script>\n<script>");
    put_slice(to, asset_script);
    put(to, "</script>\n</body>\n</html>\n");
}

void report_html(const struct report *r, struct trail_text *to)
{
    head(to, r);
    put(to, "<body>\n");
    top(to, r);
    put(to, "<main id=\"main\" class=\"wide\" tabindex=\"-1\">\n");
    overview(to, r);
    timeline(to, r);
    page_charts(to, r);
    page_groups(to, r);
    page_attack(to, r);
    page_list(to, r);
    inputs(to, r);
    foot(to, r);
}

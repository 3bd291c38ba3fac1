/*
 * page_list.c - the alerts, one by one: each opens to what it carries, and to its event.
 */
#include <inttypes.h>
#include <string.h>

#include "notify/stored.h"
#include "parts.h"
#include "json/elements.h"

static void filters(struct trail_text *to, const struct report *r)
{
    put(to,
        "<form class=\"filters needs-script\" id=\"filters\" role=\"search\" aria-label=\"Filter the "
        "alerts\"><label "
        "class=\"grow\">Search <input type=\"search\" id=\"search\" placeholder=\"name, group, address, "
        "anything in the "
        "event\" autocomplete=\"off\" spellcheck=\"false\"></label><label>Alert <select id=\"which\"><option "
        "value=\"\">All alerts</option>");
    for (size_t i = 0; i < r->n_lanes; i++) {
        size_t alert = r->lanes[i];
        if (r->alerts[alert].fired + r->alerts[alert].resolved == 0)
            continue;
        putf(to, "<option value=\"%zu\">", alert);
        put_html(to, report_alert(r, alert)->name, 60);
        put(to, "</option>");
    }
    put(to, "</select></label><label>State <select id=\"state\"><option value=\"\">Any</option><option "
            "value=\"firing\">Firing</option><option "
            "value=\"resolved\">Resolved</option></select></label><label>Order <select "
            "id=\"order\"><option value=\"new\">Newest first</option><option value=\"old\">Oldest "
            "first</option><option "
            "value=\"priority\">Priority</option></select></label><fieldset><legend>Priority</legend>");
    for (unsigned p = 1; p <= 5; p++)
        putf(to,
             "<label class=\"check\"><input type=\"checkbox\" name=\"priority\" value=\"%u\" "
             "checked>P%u</label>",
             p, p);
    put(to, "</fieldset><button type=\"reset\">Clear</button></form>\n<p id=\"found\" class=\"quiet "
            "needs-script\" role=\"status\" "
            "aria-live=\"polite\"></p>\n");
}

static void fact(struct trail_text *to, const char *name)
{
    put(to, "<dt>");
    put(to, name);
    put(to, "</dt><dd>");
}

static uint64_t number_of(struct trail_slice s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
        n = n * 10 + (uint64_t)(s.p[i] - '0');
    return n;
}

/* {"198.51.100.7":60,"192.0.2.1":41} as rows with bars. */
static void shares(struct trail_text *to, struct trail_slice values, uint64_t of, size_t shown)
{
    struct trail_elements e;
    struct trail_slice key, value;
    size_t n = 0;
    trail_members_start(&e, values);
    put(to, "<table class=\"shares\"><tbody>");
    for (; trail_members_next(&e, &key, &value); n++) {
        if (n >= shown)
            continue;
        struct trail_slice quoted = {key.p - 1, key.n + 2};
        struct trail_text object = {0};
        put(&object, "{\"\":");
        put_slice(&object, quoted);
        put(&object, "}");
        put(to, "<tr><th scope=\"row\">");
        put_html_group(to, (struct trail_slice){object.p, object.n}, 60);
        put(to, "</th><td>");
        draw_bar(to, number_of(value), of);
        put(to, "</td><td class=\"n\">");
        put_count(to, number_of(value));
        put(to, "</td></tr>");
        to->failed |= object.failed;
        trail_text_free(&object);
    }
    if (n > shown) {
        put(to, "<tr><th scope=\"row\">");
        put_count(to, n - shown);
        put(to, " others</th><td></td><td></td></tr>");
    }
    put(to, "</tbody></table>");
}

void put_breakdown(struct trail_text *to, struct trail_slice breakdown, uint64_t of, size_t shown)
{
    struct trail_elements e;
    struct trail_slice field, values;
    trail_members_start(&e, breakdown);
    while (trail_members_next(&e, &field, &values)) {
        put(to, "<p class=\"small-head\">");
        put_html_slice(to, field, 80);
        put(to, "</p>");
        shares(to, values, of, shown);
    }
}

static void facts(struct trail_text *to, const struct listed *l, const struct trail_fired *f, bool first)
{
    put(to, "<dl>");
    if (first && *f->alert->description) {
        put(to, "<dt class=\"about\">About</dt><dd>");
        put_html(to, f->alert->description, 1000);
    }
    if (f->group.n > 2) {
        fact(to, "Group");
        put(to, "<code>");
        put_html_json(to, f->group);
        put(to, "</code>");
    }
    fact(to, "Window");
    if (f->window_from != TRAIL_NO_TIME) {
        put_time_element(to, f->window_from);
        put(to, " to ");
        put_time_element(to, f->window_to);
    } else {
        put(to, "one event");
    }
    if (f->usual) {
        fact(to, "Expected");
        put_decimal(to, f->usual->expected);
        put(to, ", usual ");
        put_decimal(to, f->usual->low);
        put(to, " to ");
        put_decimal(to, f->usual->high);
        put(to, "; counted ");
        put_count(to, f->count);
    }
    if (f->held_back) {
        fact(to, "Held back");
        put_count(to, f->held_back);
        put(to, " notifications since the last");
    }
    if (f->source.path && *f->source.path) {
        fact(to, "Record");
        put(to, "<code>");
        put_html(to, f->source.path, 300);
        putf(to, "</code>, number %" PRIu64, f->source.record);
    }
    fact(to, "Key");
    put(to, "<code>");
    put_html(to, f->dedup_key, 64);
    put(to, "</code></dl>");
    if (f->breakdown.n > 2)
        put_breakdown(to, f->breakdown, f->count, 5);
    if (l->event_left_out)
        put(to, "<p class=\"quiet\">The event is left out for room; the record above has it.</p>");
}

static void json_block(struct trail_text *to, const char *title, struct trail_slice json)
{
    if (json.n <= 2)
        return;
    put(to, "<p class=\"small-head\">");
    put(to, title);
    put(to, "</p><pre class=\"json\" tabindex=\"0\">");
    put_html_json(to, json);
    put(to, "</pre>");
}

/* What an alert is about is said with its newest notification; the page's script adds it to the others. */
static bool is_first(const struct report *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (r->listed[k].alert == r->listed[i].alert)
            return false;
    return true;
}

static void item(struct trail_text *to, const struct report *r, size_t i)
{
    const struct listed *l = &r->listed[i];
    struct trail_stored stored;
    if (!trail_stored_read(&stored, r->config.pack, l->line)) {
        trail_stored_free(&stored);
        return;
    }
    const struct trail_fired *f = &stored.fired;
    bool firing = f->state == TRAIL_FIRING;
    putf(to,
         "<li data-alert=\"%u\" data-priority=\"%u\" data-state=\"%s\" data-time=\"%" PRId64
         "\"><details id=\"alert-%zu\"><summary>",
         (unsigned)l->alert, l->priority, firing ? "firing" : "resolved", l->time, i);
    draw_glyph(to, l->priority);
    putf(to, "<span class=\"prio\">P%u</span> ", l->priority % 10);
    put_time_element(to, l->time);
    put(to, " <span class=\"name\">");
    put_html(to, f->alert->name, 80);
    put(to, firing ? "</span> " : "</span> <span class=\"chip\">resolved</span> ");
    if (f->group.n > 2) {
        put(to, "<span class=\"group\">");
        put_html_group(to, f->group, 60);
        put(to, "</span> ");
    }
    put(to, "<span class=\"reason\">");
    put_html(to, f->reason, 160);
    put(to, "</span></summary><div class=\"inside\">");
    facts(to, l, f, is_first(r, i));
    bool whole = l->event.n == 0 && f->alert->show.n == 0;
    json_block(to, whole ? "Event" : "Shown fields", f->fields);
    json_block(to, "Event", l->event);
    put(to, "</div></details></li>\n");
    trail_stored_free(&stored);
}

void page_list(struct trail_text *to, const struct report *r)
{
    put(to, "<section id=\"alerts\" aria-labelledby=\"h-alerts\"><h2 id=\"h-alerts\">Alerts</h2>\n");
    if (r->n_listed == 0) {
        put(to, "<p>No alert fired.</p></section>\n");
        return;
    }
    filters(to, r);
    if (r->notifications > r->n_listed || r->events_left_out) {
        put(to, "<p class=\"note\">");
        if (r->notifications > r->n_listed) {
            put_count(to, r->n_listed);
            put(to, " of ");
            put_count(to, r->notifications);
            put(to, " notifications are listed: those of the highest priority, and of these the newest. ");
        }
        if (r->events_left_out) {
            put_count(to, r->events_left_out);
            put(to, " are listed without their event.");
        }
        put(to, "</p>\n");
    }
    put(to, "<ol class=\"list\" id=\"list\">\n");
    for (size_t i = 0; i < r->n_listed; i++)
        item(to, r, i);
    put(to, "</ol></section>\n");
}

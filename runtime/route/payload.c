/*
 * payload.c - see payload.h. Everything becomes JSON by trail_json_quote(), or is JSON that was written so.
 */
#include "payload.h"

#include <inttypes.h>
#include <string.h>

#include "json/elements.h"

enum { SAMPLE_MOST = 16 * 1024, ABOUT = 200 };

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static void add_slice(struct trail_text *to, struct trail_slice s)
{
    trail_text_add(to, s.p, s.n);
}

static void add_number(struct trail_text *to, uint64_t n)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, n);
    add(to, digits);
}

static void add_quoted(struct trail_text *to, const char *text)
{
    trail_json_quote(to, (struct trail_slice){text, text ? strlen(text) : 0});
}

/* ---- an alert ----------------------------------------------------------------------------- */

/* Whom it is about: the group's values, or the first value that the alert shows. */
static void add_about(struct trail_text *to, const struct trail_fired *f)
{
    struct trail_elements e;
    struct trail_slice key, value;
    struct trail_text about = {0};
    size_t n = 0;
    trail_members_start(&e, f->group);
    while (trail_members_next(&e, &key, &value) && about.n < ABOUT) {
        add(&about, n++ ? ", " : "");
        trail_value_text(&about, value);
    }
    trail_members_start(&e, f->fields);
    while (!n && f->alert->show.n && trail_members_next(&e, &key, &value))
        if (trail_is_string(value) && value.n > 2) {
            trail_value_text(&about, value);
            n++;
        }
    trail_json_quote(to, (struct trail_slice){about.p, about.n});
    to->failed |= about.failed;
    trail_text_free(&about);
}

void trail_payload_alert(struct trail_text *to, const struct trail_pack *pack, const struct trail_fired *f,
                         const char *kind)
{
    bool resolves = f->alert->notify_resolved && f->window_from != TRAIL_NO_TIME;
    add(to, "{\"kind\":");
    add_quoted(to, kind);
    add(to, ",\"about\":");
    add_about(to, f);
    add(to, ",\"description\":");
    add_quoted(to, f->alert->description);
    add(to, resolves ? ",\"resolves\":true,\"every\":" : ",\"resolves\":false,\"every\":");
    add_number(to, f->window_from == TRAIL_NO_TIME ? 0
                   : f->alert->notify_every > 0    ? (uint64_t)f->alert->notify_every
                                                   : TRAIL_NOTIFY_EVERY);
    add(to, ",\"notification\":");
    trail_fired_json(pack, f, to);
    add(to, "}");
}

/* ---- a storm ------------------------------------------------------------------------------ */

struct counted {
    uint64_t firing, resolved;
    unsigned priority;
};

static void add_alert(struct trail_text *to, struct trail_slice id, struct trail_slice name,
                      const struct counted *c, size_t before)
{
    char priority[] = {'"', 'P', (char)('0' + c->priority % 10), '"', 0};
    add(to, before ? ",{\"id\":" : "{\"id\":");
    add_slice(to, id);
    add(to, ",\"alert\":");
    add_slice(to, name);
    add(to, ",\"priority\":");
    add(to, priority);
    add(to, ",\"firing\":");
    add_number(to, c->firing);
    add(to, ",\"resolved\":");
    add_number(to, c->resolved);
    add(to, "}");
}

/* The alerts with one more; returns how many notifications are of alerts that have no room. */
static uint64_t add_alerts(struct trail_text *to, const struct trail_message *old,
                           const struct trail_fired *f)
{
    struct trail_elements e;
    struct trail_slice alert;
    struct trail_text id = {0}, name = {0};
    struct counted one = {f->state == TRAIL_FIRING, f->state == TRAIL_RESOLVED, f->priority};
    bool found = false;
    size_t n = 0;
    add_quoted(&id, f->alert->id);
    add_quoted(&name, f->alert->name);
    if (old)
        trail_values_start(&e, old->alerts);
    while (old && trail_values_next(&e, &alert)) {
        struct trail_slice old_id = trail_json_member(alert, "id"),
                           text = trail_inside(trail_json_member(alert, "priority"));
        struct counted c = {trail_value_number(trail_json_member(alert, "firing")),
                            trail_value_number(trail_json_member(alert, "resolved")),
                            text.n == 2 ? (unsigned)(text.p[1] - '0') : 3};
        if (old_id.n == id.n && memcmp(old_id.p, id.p, id.n) == 0) {
            found = true;
            c.firing += one.firing;
            c.resolved += one.resolved;
            c.priority = one.priority < c.priority ? one.priority : c.priority;
        }
        add_alert(to, old_id, trail_json_member(alert, "alert"), &c, n++);
    }
    bool fits = n < TRAIL_STORM_ALERTS;
    if (!found && fits)
        add_alert(to, (struct trail_slice){id.p, id.n}, (struct trail_slice){name.p, name.n}, &one, n);
    to->failed |= id.failed || name.failed;
    trail_text_free(&id);
    trail_text_free(&name);
    return (old ? trail_value_number(old->more_alerts) : 0) + (!found && !fits);
}

static void add_samples(struct trail_text *to, const struct trail_message *old,
                        struct trail_slice notification)
{
    struct trail_elements e;
    struct trail_slice json;
    size_t n = 0;
    if (old)
        trail_values_start(&e, old->notifications);
    while (old && trail_values_next(&e, &json)) {
        add(to, n++ ? "," : "");
        add_slice(to, json);
    }
    if (n < TRAIL_STORM_NOTIFICATIONS && notification.n <= SAMPLE_MOST) {
        add(to, n ? "," : "");
        add_slice(to, notification);
    }
}

void trail_payload_storm(struct trail_text *to, const struct trail_message *old,
                         const struct trail_storm_entry *entry)
{
    add(to, "{\"kind\":\"storm\",\"why\":");
    add_quoted(to, entry->why);
    add(to, ",\"from\":");
    add_number(to, (uint64_t)(old ? old->from : entry->now));
    add(to, ",\"to\":");
    add_number(to, (uint64_t)entry->now);
    add(to, ",\"count\":");
    add_number(to, old ? old->total + 1 : 1);
    add(to, ",\"alerts\":[");
    uint64_t more = add_alerts(to, old, entry->fired);
    add(to, "],\"more_alerts\":");
    add_number(to, more);
    add(to, ",\"notifications\":[");
    add_samples(to, old, entry->notification);
    add(to, "]}");
}

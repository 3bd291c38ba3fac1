/*
 * incident.c - messages for PagerDuty and Alertmanager, which keep a state of their own for each firing.
 *
 * PagerDuty (developer.pagerduty.com, "Send an event", Events API v2): a trigger and its resolve carry the
 * same dedup_key. Alertmanager (its api/v2/openapi.yaml): an alert is known by its labels, is firing until
 * `endsAt`, and goes out by itself when nobody sends it again.
 */
#include <inttypes.h>
#include <string.h>

#include "bodies.h"
#include "escape.h"
#include "window/timestamp.h"
#include "json/elements.h"

enum { SUMMARY = 1000, VALUE = 2000, LABEL = 200, RESENDS = 3 };

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

/* "key":"value" of ours. */
static void add_pair(struct trail_text *to, const char *key, const char *value)
{
    trail_json_quote(to, (struct trail_slice){key, strlen(key)});
    add(to, ":");
    trail_json_quote(to, (struct trail_slice){value, strlen(value)});
}

/* A value of the notification's as a plain line. */
static void add_value(struct trail_text *to, struct trail_slice json, size_t most)
{
    struct trail_text text = {0};
    trail_value_text(&text, json);
    trail_escape_json(to, (struct trail_slice){text.p, text.n}, most);
    to->failed |= text.failed;
    trail_text_free(&text);
}

static void add_subject(struct trail_text *to, const struct trail_message *m)
{
    struct trail_text subject = trail_message_subject(m);
    trail_escape_json(to, (struct trail_slice){subject.p, subject.n}, SUMMARY);
    to->failed |= subject.failed;
    trail_text_free(&subject);
}

static bool is_given(struct trail_slice json)
{
    return json.n > 2 && !(json.n == 4 && memcmp(json.p, "null", 4) == 0);
}

static const char *severity(const struct trail_message *m)
{
    static const char *const names[] = {"info", "critical", "error", "warning", "info", "info"};
    return names[trail_message_priority(m)];
}

/* Rows as members of an object. */
struct members {
    struct trail_text *to;
    size_t n;
};

static void add_member(void *user, struct trail_slice label, struct trail_slice value)
{
    struct members *members = user;
    add(members->to, members->n++ ? "," : "");
    trail_escape_json(members->to, label, LABEL);
    add(members->to, ":");
    trail_escape_json(members->to, value, VALUE);
}

/* ---- PagerDuty ---------------------------------------------------------------------------- */

void trail_pagerduty_body(const struct trail_channel *channel, const struct trail_message *m,
                          const char *thread, struct trail_text *to)
{
    struct members members = {.to = to};
    struct trail_row_sink sink = {&members, add_member};
    add(to, "{");
    add_pair(to, "routing_key", channel->routing_key.text);
    add(to, ",");
    add_pair(to, "event_action", trail_message_is_resolved(m) ? "resolve" : "trigger");
    add(to, ",");
    add_pair(to, "dedup_key", thread);
    add(to, ",\"client\":\"trailc\",\"payload\":{\"summary\":");
    add_subject(to, m);
    add(to, ",\"source\":");
    struct trail_slice source = trail_json_member(m->one.source, "path");
    add_value(to, is_given(source) ? source : trail_json_member(m->one.pack, "name"), LABEL);
    add(to, ",");
    add_pair(to, "severity", severity(m));
    add(to, ",\"class\":");
    add_value(to, m->one.id, LABEL);
    if (is_given(m->one.last_event)) {
        add(to, ",\"timestamp\":");
        add_value(to, m->one.last_event, LABEL);
    }
    add(to, ",\"custom_details\":{");
    trail_message_rows(m, 40, &sink);
    add(to, "}}}");
}

/* ---- Alertmanager ------------------------------------------------------------------------- */

/* A name of a label or an annotation from a field's: letters, digits and _. */
static void add_name(struct trail_text *to, const char *before, struct trail_slice field)
{
    add(to, "\"");
    add(to, before);
    if (!*before && field.n && field.p[0] >= '0' && field.p[0] <= '9')
        add(to, "_");
    for (size_t i = 0; i < field.n && i < LABEL; i++) {
        char c = field.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        trail_text_add(to, plain ? &c : "_", 1);
    }
    add(to, "\":");
}

static void add_annotation(void *user, struct trail_slice label, struct trail_slice value)
{
    struct trail_text *to = user;
    add(to, ",");
    add_name(to, "", label);
    trail_escape_json(to, value, VALUE);
}

/* The labels are what an alert is known by: nothing may be in them that changes while it fires. */
static void add_labels(const struct trail_channel *channel, const struct trail_message *m,
                       struct trail_text *to)
{
    struct trail_elements e;
    struct trail_slice key, value;
    char priority[8] = {'P', (char)('0' + trail_message_priority(m)), 0};
    add(to, "\"labels\":{\"alertname\":");
    if (m->kind == TRAIL_MESSAGE_STORM) {
        add(to, "\"Many notifications\",");
    } else {
        add_value(to, m->one.alert, LABEL);
        add(to, ",\"alert_id\":");
        add_value(to, m->one.id, LABEL);
        add(to, ",");
    }
    add_pair(to, "priority", priority);
    add(to, ",");
    add_pair(to, "severity", severity(m));
    if (m->kind == TRAIL_MESSAGE_TEST)
        add(to, ",\"test\":\"true\"");
    for (size_t i = 0; i < channel->n_labels; i++) {
        add(to, ",");
        add_pair(to, channel->labels[i].name, channel->labels[i].value);
    }
    trail_members_start(&e, m->one.group);
    while (trail_members_next(&e, &key, &value)) {
        if (!is_given(value) && !(value.n && *value.p != '"'))
            continue; /* Alertmanager knows no empty label */
        add(to, ",");
        add_name(to, "group_", key);
        add_value(to, value, VALUE);
    }
    if (!m->resolves && is_given(m->one.dedup_key)) {
        /* Each event of an alert that fires at once is an alert of its own. */
        add(to, ",\"firing\":");
        add_value(to, m->one.dedup_key, LABEL);
    }
    add(to, "}");
}

static void add_time(struct trail_text *to, const char *key, int64_t time)
{
    char text[TRAIL_TIME_ROOM];
    trail_time_format(text, time);
    add(to, ",");
    add_pair(to, key, text);
}

int64_t trail_alertmanager_again(const struct trail_channel *channel, const struct trail_message *m,
                                 int64_t now)
{
    bool stays = m->kind == TRAIL_MESSAGE_ALERT && m->resolves && !trail_message_is_resolved(m);
    return stays ? now + channel->resend : 0;
}

static int64_t ends_at(const struct trail_channel *channel, const struct trail_message *m, int64_t now)
{
    if (trail_message_is_resolved(m))
        return now;
    if (trail_alertmanager_again(channel, m, now))
        return now + RESENDS * channel->resend;
    if (m->kind == TRAIL_MESSAGE_TEST)
        return now + 60000;
    return now + (2 * m->every > channel->ends_after ? 2 * m->every : channel->ends_after);
}

void trail_alertmanager_body(const struct trail_channel *channel, const struct trail_message *m, int64_t now,
                             struct trail_text *to)
{
    struct trail_row_sink sink = {to, add_annotation};
    int64_t starts =
        trail_time_parse(m->one.first_event.n ? m->one.first_event : (struct trail_slice){"null", 4});
    add(to, "[{");
    add_labels(channel, m, to);
    add(to, ",\"annotations\":{\"summary\":");
    add_subject(to, m);
    trail_message_rows(m, 20, &sink);
    add(to, "}");
    if (starts != TRAIL_NO_TIME && starts > 0)
        add_time(to, "startsAt", starts < now ? starts : now - 1);
    add_time(to, "endsAt", ends_at(channel, m, now));
    add(to, "}]");
}

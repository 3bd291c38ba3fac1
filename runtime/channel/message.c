/*
 * message.c - a payload, read, and what it says to people. See message.h.
 *
 * Nothing is escaped here. The walks over JSON are those of json/elements.h: on bytes that are no JSON they end,
 * and what they give is unspecified.
 */
#include "message.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "window/timestamp.h"
#include "json/elements.h"

static struct trail_slice text_of(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

static struct trail_slice slice_of(const struct trail_text *text)
{
    return (struct trail_slice){text->p, text->n};
}

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

/* ---- values ------------------------------------------------------------------------------- */

/* Adds the text of a JSON string's inside. */
static void add_unescaped(struct trail_text *to, struct trail_slice inside)
{
    size_t before = to->n;
    trail_text_add(to, inside.p, inside.n);
    if (!to->failed && inside.n)
        to->n = before + trail_json_unescape(to->p + before, inside.p, inside.n);
}

void trail_value_text(struct trail_text *to, struct trail_slice json)
{
    if (trail_is_string(json))
        add_unescaped(to, trail_inside(json));
    else
        trail_text_add(to, json.p, json.n);
}

uint64_t trail_value_number(struct trail_slice json)
{
    uint64_t n = 0;
    for (size_t i = 0; i < json.n && json.p[i] >= '0' && json.p[i] <= '9' && n < UINT64_MAX / 16; i++)
        n = n * 10 + (uint64_t)(json.p[i] - '0');
    return n;
}

static bool is_text(struct trail_slice json, const char *text)
{
    struct trail_slice inside = trail_inside(json);
    return inside.n == strlen(text) && memcmp(inside.p, text, inside.n) == 0;
}

static bool is_null(struct trail_slice json)
{
    return !json.n || is_text(json, "null") || is_text(json, "{}") || is_text(json, "[]") ||
           (json.n == 2 && json.p[0] == '"');
}

/* ---- payloads ----------------------------------------------------------------------------- */

void trail_notification_read(struct trail_notification *n, struct trail_slice json)
{
    struct {
        const char *key;
        struct trail_slice *to;
    } members[] = {{"alert", &n->alert},
                   {"id", &n->id},
                   {"priority", &n->priority},
                   {"state", &n->state},
                   {"reason", &n->reason},
                   {"group", &n->group},
                   {"count", &n->count},
                   {"expected", &n->expected},
                   {"band", &n->band},
                   {"held_back", &n->held_back},
                   {"window", &n->window},
                   {"first_event", &n->first_event},
                   {"last_event", &n->last_event},
                   {"breakdown", &n->breakdown},
                   {"fields", &n->fields},
                   {"event_ids", &n->event_ids},
                   {"dedup_key", &n->dedup_key},
                   {"source", &n->source},
                   {"tags", &n->tags},
                   {"pack", &n->pack}};
    *n = (struct trail_notification){.json = json};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        *members[i].to = trail_json_member(json, members[i].key);
}

bool trail_message_read(struct trail_message *m, struct trail_slice payload)
{
    size_t at;
    *m = (struct trail_message){.json = payload};
    enum trail_json_error error = trail_json_check(payload.p, payload.n, &at);
    /* An event may be nested as deep as a record may, and is some levels deeper here. */
    if (error != TRAIL_JSON_OK && error != TRAIL_JSON_DEPTH)
        return false;
    struct trail_slice kind = trail_json_member(payload, "kind");
    m->about = trail_json_member(payload, "about");
    m->description = trail_json_member(payload, "description");
    m->resolves = is_text(trail_json_member(payload, "resolves"), "true");
    m->every = (int64_t)trail_value_number(trail_json_member(payload, "every"));
    if (is_text(kind, "alert") || is_text(kind, "test")) {
        m->kind = is_text(kind, "test") ? TRAIL_MESSAGE_TEST : TRAIL_MESSAGE_ALERT;
        trail_notification_read(&m->one, trail_json_member(payload, "notification"));
        return m->one.id.n > 0;
    }
    m->kind = TRAIL_MESSAGE_STORM;
    m->why = trail_json_member(payload, "why");
    m->alerts = trail_json_member(payload, "alerts");
    m->notifications = trail_json_member(payload, "notifications");
    m->more_alerts = trail_json_member(payload, "more_alerts");
    m->total = trail_value_number(trail_json_member(payload, "count"));
    m->from = (int64_t)trail_value_number(trail_json_member(payload, "from"));
    m->to = (int64_t)trail_value_number(trail_json_member(payload, "to"));
    return is_text(kind, "storm") && trail_is_array(m->alerts);
}

static unsigned priority_of(struct trail_slice json)
{
    struct trail_slice text = trail_inside(json);
    return text.n == 2 && text.p[0] == 'P' && text.p[1] >= '1' && text.p[1] <= '5'
               ? (unsigned)(text.p[1] - '0')
               : 3;
}

unsigned trail_message_priority(const struct trail_message *m)
{
    struct trail_elements e;
    struct trail_slice alert;
    unsigned best = 5;
    if (m->kind != TRAIL_MESSAGE_STORM)
        return priority_of(m->one.priority);
    trail_values_start(&e, m->alerts);
    while (trail_values_next(&e, &alert)) {
        unsigned p = priority_of(trail_json_member(alert, "priority"));
        best = p < best ? p : best;
    }
    return best;
}

bool trail_message_is_resolved(const struct trail_message *m)
{
    return m->kind != TRAIL_MESSAGE_STORM && is_text(m->one.state, "resolved");
}

static void add_storm_subject(struct trail_text *to, const struct trail_message *m)
{
    struct trail_elements e;
    struct trail_slice alert;
    char text[64];
    size_t n = 0;
    snprintf(text, sizeof text, "%" PRIu64 " notifications: ", m->total);
    add(to, text);
    trail_values_start(&e, m->alerts);
    while (trail_values_next(&e, &alert))
        if (n++ < 3) {
            add(to, n > 1 ? ", " : "");
            trail_value_text(to, trail_json_member(alert, "alert"));
        }
    if (n > 3) {
        snprintf(text, sizeof text, " and %zu more", n - 3);
        add(to, text);
    }
}

struct trail_text trail_message_subject(const struct trail_message *m)
{
    struct trail_text to = {0};
    char head[16];
    snprintf(head, sizeof head, "[P%u] ", trail_message_priority(m));
    if (m->kind == TRAIL_MESSAGE_TEST)
        add(&to, "[test] ");
    add(&to, trail_message_is_resolved(m) ? "[resolved] " : head);
    if (m->kind == TRAIL_MESSAGE_STORM) {
        add_storm_subject(&to, m);
        return to;
    }
    trail_value_text(&to, m->one.alert);
    /* Before what a log says, which can look like anything. */
    struct trail_slice label = trail_json_member(m->one.source, "application");
    if (!is_null(label)) {
        add(&to, " (");
        trail_value_text(&to, label);
        add(&to, ")");
    }
    if (!is_null(m->about)) {
        add(&to, ": ");
        trail_value_text(&to, m->about);
    }
    return to;
}

/* ---- fields by name ----------------------------------------------------------------------- */

const char *const trail_message_fields[] = {
    "alert",      "id",        "priority",      "state",        "reason",    "group",
    "count",      "expected",  "band",          "held_back",    "window",    "first_event",
    "last_event", "breakdown", "fields",        "event_ids",    "dedup_key", "source",
    "tags",       "pack",      "description",   "subject",      "text",      "kind",
    "total",      "alerts",    "notifications", "notification", NULL};

bool trail_message_has_field(const char *name)
{
    size_t n = strcspn(name, ".");
    static const char *const deep[] = {"group", "window", "breakdown", "fields", "source", "pack", NULL};
    const char *const *list = name[n] ? deep : trail_message_fields;
    for (; *list; list++)
        if (strlen(*list) == n && memcmp(*list, name, n) == 0)
            return !name[n] || name[n + 1];
    return false;
}

/* A member by a dotted name: keys have dots themselves, so the longest key goes first. */
static struct trail_slice member_at(struct trail_slice object, const char *name)
{
    char key[256];
    for (int depth = 0; depth < 32 && *name; depth++) {
        struct trail_slice whole = trail_json_member(object, name);
        if (whole.n)
            return whole;
        size_t n = strlen(name);
        struct trail_slice part = {NULL, 0};
        while (n && !part.n) {
            while (n && name[n] != '.')
                n--;
            if (!n || n >= sizeof key)
                break;
            memcpy(key, name, n);
            key[n] = '\0';
            part = trail_json_member(object, key);
            if (!part.n)
                n--;
        }
        if (!part.n)
            break;
        object = part;
        name += n + 1;
    }
    return (struct trail_slice){NULL, 0};
}

static struct trail_slice quoted(struct trail_text *scratch, struct trail_text *text)
{
    scratch->n = 0;
    trail_json_quote(scratch, slice_of(text));
    trail_text_free(text);
    return slice_of(scratch);
}

struct trail_slice trail_message_field(const struct trail_message *m, const char *name,
                                       struct trail_text *scratch)
{
    struct trail_text made = {0};
    if (strcmp(name, "subject") == 0) {
        made = trail_message_subject(m);
        return quoted(scratch, &made);
    }
    if (strcmp(name, "text") == 0) {
        trail_message_lines(m, &made);
        return quoted(scratch, &made);
    }
    if (strcmp(name, "total") == 0)
        return m->kind == TRAIL_MESSAGE_STORM ? trail_json_member(m->json, "count") : text_of("1");
    if (strcmp(name, "priority") == 0) {
        char text[8];
        snprintf(text, sizeof text, "\"P%u\"", trail_message_priority(m));
        scratch->n = 0;
        add(scratch, text);
        return slice_of(scratch);
    }
    static const char *const outside[] = {"description",   "kind",         "alerts",
                                          "notifications", "notification", NULL};
    for (size_t i = 0; outside[i]; i++)
        if (strcmp(name, outside[i]) == 0)
            return trail_json_member(m->json, name);
    return member_at(m->one.json, name);
}

/* ---- rows --------------------------------------------------------------------------------- */

enum { FLAT_DEPTH = 4, SHARES = 8 };

/* Rows on their way to the sink. */
struct rows {
    const struct trail_row_sink *sink;
    struct trail_text label, value;
    size_t fields, most;     /* rows of fields so far, and at most */
    struct trail_slice told; /* an object whose members need not be told again */
    size_t left_out;
};

static void row(struct rows *r, struct trail_slice label)
{
    r->sink->row(r->sink->user, label, slice_of(&r->value));
    r->value.n = 0;
}

static void value_row(struct rows *r, const char *label, struct trail_slice json)
{
    if (is_null(json))
        return;
    trail_value_text(&r->value, json);
    row(r, text_of(label));
}

static bool has_key(struct trail_slice object, struct trail_slice key)
{
    struct trail_elements e;
    struct trail_slice name, value;
    trail_members_start(&e, object);
    while (object.n && trail_members_next(&e, &name, &value))
        if (name.n == key.n && memcmp(name.p, key.p, key.n) == 0)
            return true;
    return false;
}

/* An object's members, each a row with its path; deeper than FLAT_DEPTH as JSON. */
static void flat_rows(struct rows *r, struct trail_slice object, unsigned depth)
{
    struct trail_elements e;
    struct trail_slice key, value;
    size_t path = r->label.n;
    trail_members_start(&e, object);
    while (trail_members_next(&e, &key, &value)) {
        if (is_null(value) || (!depth && has_key(r->told, key)))
            continue;
        r->label.n = path;
        if (path)
            add(&r->label, ".");
        add_unescaped(&r->label, key);
        if (trail_is_object(value) && depth < FLAT_DEPTH) {
            flat_rows(r, value, depth + 1);
        } else if (r->fields++ < r->most) {
            trail_value_text(&r->value, value);
            row(r, slice_of(&r->label));
        } else {
            r->left_out++;
        }
    }
    r->label.n = path;
}

/* 198.51.100.7 (98), 203.0.113.9 (3), 4 more */
static void share_rows(struct rows *r, struct trail_slice breakdown)
{
    struct trail_elements e, inner;
    struct trail_slice field, counts, key, count;
    char more[48];
    trail_members_start(&e, breakdown);
    while (trail_members_next(&e, &field, &counts)) {
        size_t n = 0;
        trail_members_start(&inner, counts);
        while (trail_members_next(&inner, &key, &count))
            if (n++ < SHARES) {
                add(&r->value, n > 1 ? ", " : "");
                add_unescaped(&r->value, key);
                add(&r->value, " (");
                trail_text_add(&r->value, count.p, count.n);
                add(&r->value, ")");
            }
        snprintf(more, sizeof more, ", %zu more", n - SHARES);
        if (n > SHARES)
            add(&r->value, more);
        r->label.n = 0;
        add_unescaped(&r->label, field);
        if (n)
            row(r, slice_of(&r->label));
        r->value.n = r->label.n = 0;
    }
}

static void window_row(struct rows *r, struct trail_slice window)
{
    if (is_null(window))
        return;
    trail_value_text(&r->value, trail_json_member(window, "from"));
    add(&r->value, " to ");
    trail_value_text(&r->value, trail_json_member(window, "to"));
    row(r, text_of("window"));
}

static void source_row(struct rows *r, struct trail_slice source)
{
    if (is_null(source))
        return;
    trail_value_text(&r->value, trail_json_member(source, "path"));
    add(&r->value, ", record ");
    trail_value_text(&r->value, trail_json_member(source, "record"));
    row(r, text_of("source"));
    trail_value_text(&r->value, trail_json_member(source, "application"));
    if (r->value.n)
        row(r, text_of("application"));
}

static void list_row(struct rows *r, const char *label, struct trail_slice list)
{
    struct trail_elements e;
    struct trail_slice value;
    size_t n = 0;
    trail_values_start(&e, list);
    while (list.n && trail_values_next(&e, &value)) {
        add(&r->value, n++ ? ", " : "");
        trail_value_text(&r->value, value);
    }
    if (n)
        row(r, text_of(label));
}

static void notification_rows(struct rows *r, const struct trail_message *m,
                              const struct trail_notification *n)
{
    char more[64];
    value_row(r, "what", m->description);
    value_row(r, "reason", n->reason);
    flat_rows(r, n->group, 0);
    r->fields = 0;
    r->told = n->group;
    if (!is_null(n->window))
        value_row(r, "count", n->count);
    if (n->expected.n) {
        trail_value_text(&r->value, n->expected);
        add(&r->value, ", band ");
        trail_value_text(&r->value, n->band);
        row(r, text_of("expected"));
    }
    value_row(r, "held back", n->held_back);
    window_row(r, n->window);
    value_row(r, "first event", n->first_event);
    if (!is_null(n->window))
        value_row(r, "last event", n->last_event);
    share_rows(r, n->breakdown);
    flat_rows(r, n->fields, 0);
    if (r->left_out) {
        snprintf(more, sizeof more, "%zu more fields", r->left_out);
        add(&r->value, more);
        row(r, text_of("…"));
    }
    list_row(r, "event ids", n->event_ids);
    source_row(r, n->source);
    list_row(r, "tags", n->tags);
    value_row(r, "pack", trail_json_member(n->pack, "name"));
}

static void add_time(struct trail_text *to, int64_t time)
{
    char text[TRAIL_TIME_ROOM];
    trail_text_add(to, text, trail_time_format(text, time));
}

static void storm_rows(struct rows *r, const struct trail_message *m)
{
    struct trail_elements e;
    struct trail_slice alert;
    char text[80];
    value_row(r, "why", m->why);
    add_time(&r->value, m->from);
    add(&r->value, " to ");
    add_time(&r->value, m->to);
    row(r, text_of("time"));
    trail_values_start(&e, m->alerts);
    while (trail_values_next(&e, &alert)) {
        uint64_t firing = trail_value_number(trail_json_member(alert, "firing")),
                 resolved = trail_value_number(trail_json_member(alert, "resolved"));
        snprintf(text, sizeof text, "%" PRIu64 " firing", firing);
        add(&r->value, text);
        snprintf(text, sizeof text, ", %" PRIu64 " resolved", resolved);
        if (resolved)
            add(&r->value, text);
        r->label.n = 0;
        trail_value_text(&r->label, trail_json_member(alert, "priority"));
        add(&r->label, " ");
        trail_value_text(&r->label, trail_json_member(alert, "alert"));
        if (r->fields++ < r->most)
            row(r, slice_of(&r->label));
        else
            r->left_out++;
        r->value.n = 0;
    }
    if (r->left_out) {
        snprintf(text, sizeof text, "%zu more alerts", r->left_out);
        add(&r->value, text);
        row(r, text_of("…"));
    }
    if (trail_value_number(m->more_alerts)) {
        snprintf(text, sizeof text, "%" PRIu64 " notifications of other alerts",
                 trail_value_number(m->more_alerts));
        add(&r->value, text);
        row(r, text_of("…"));
    }
}

/* ": alice, 198.51.100.7" */
static void add_values(struct trail_text *to, struct trail_slice object)
{
    struct trail_elements e;
    struct trail_slice key, value;
    size_t n = 0;
    if (!trail_is_object(object))
        return;
    trail_members_start(&e, object);
    while (trail_members_next(&e, &key, &value)) {
        add(to, n++ ? ", " : ": ");
        trail_value_text(to, value);
    }
}

/* The first notifications of a storm, a row each. */
static void sample_rows(struct rows *r, const struct trail_message *m)
{
    struct trail_elements e;
    struct trail_slice json;
    trail_values_start(&e, m->notifications);
    while (m->notifications.n && trail_values_next(&e, &json)) {
        struct trail_notification n;
        trail_notification_read(&n, json);
        trail_value_text(&r->value, n.alert);
        add_values(&r->value, n.group);
        add(&r->value, ", ");
        trail_value_text(&r->value, n.reason);
        if (!is_null(n.last_event)) {
            add(&r->value, ", ");
            trail_value_text(&r->value, n.last_event);
        }
        row(r, text_of("for instance"));
    }
}

void trail_message_rows(const struct trail_message *m, size_t most, const struct trail_row_sink *sink)
{
    struct rows r = {.sink = sink, .most = most};
    if (m->kind == TRAIL_MESSAGE_STORM) {
        storm_rows(&r, m);
        sample_rows(&r, m);
    } else {
        notification_rows(&r, m, &m->one);
    }
    trail_text_free(&r.label);
    trail_text_free(&r.value);
}

static void add_line(void *user, struct trail_slice label, struct trail_slice value)
{
    struct trail_text *to = user;
    trail_text_add(to, label.p, label.n);
    add(to, ": ");
    trail_text_add(to, value.p, value.n);
    add(to, "\n");
}

void trail_message_lines(const struct trail_message *m, struct trail_text *to)
{
    struct trail_row_sink sink = {to, add_line};
    trail_message_rows(m, 20, &sink);
}

/*
 * pattern.c - see pattern.h.
 */
#include "pattern.h"

#include <stdio.h>
#include <string.h>

#include "shape.h"
#include "window/siphash.h"
#include "json/elements.h"

const char *const pattern_choice[] = {"eventSource", "eventName",
                                      "event",       "event.action",
                                      "event.type",  "event_type",
                                      "eventType",   "type",
                                      "kind",        "verb",
                                      "action",      "operation",
                                      "method",      "objectRef.resource",
                                      "service",     "logger",
                                      "level",       "log.level",
                                      "severity",    "status",
                                      "outcome",     "event.outcome",
                                      "errorCode",   "error.code",
                                      NULL};

enum { CHOICES = sizeof pattern_choice / sizeof *pattern_choice - 1 };

static const struct trail_slice ANY = {"*", 1};

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static bool equals(struct trail_slice s, const char *text)
{
    return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

/* ---- values ------------------------------------------------------------------------------- */

static bool is_plain(struct trail_slice value)
{
    if (value.n == 0 || value.n > PATTERN_VALUE)
        return false;
    for (size_t i = 0; i < value.n; i++)
        if (value.p[i] < ' ' || value.p[i] > '~' || value.p[i] == '"' || value.p[i] == '\\')
            return false;
    return true;
}

/* What of any log may choose among kinds of events. */
static bool is_choice(struct trail_slice json)
{
    if (trail_is_string(json))
        return shape_is_name(trail_inside(json));
    if (equals(json, "true") || equals(json, "false"))
        return true;
    for (size_t i = 0; i < json.n; i++)
        if (json.p[i] < '0' || json.p[i] > '9')
            return false;
    return json.n >= 1 && json.n <= 3;
}

static bool is_present(struct trail_slice json)
{
    return json.n && !equals(json, "null") && !trail_is_object(json) && !trail_is_array(json);
}

static void add_field(struct trail_text *to, const char *name, struct trail_slice value, bool first)
{
    add(to, first ? "\"" : ",\"");
    add(to, name);
    add(to, "\":\"");
    trail_text_add(to, value.p, value.n);
    add(to, "\"");
}

static void add_shape(struct trail_text *to, const char *name, struct trail_slice json, bool *first)
{
    size_t before = to->n;
    add(to, *first ? "\"" : ",\"");
    add(to, name);
    add(to, "\":\"");
    size_t from = to->n;
    if (json.n)
        shape_add(to, json);
    if (to->n == from) {
        to->n = before;
        return;
    }
    add(to, "\"");
    *first = false;
}

/* ---- CloudTrail's ------------------------------------------------------------------------- */

/* Members of the record and of userIdentity; the first of each name. */
struct trail_parts {
    struct trail_slice source, name, error, identity, type, parameters;
};

static void note(struct trail_slice *to, struct trail_slice value)
{
    if (!to->n)
        *to = value;
}

static void read_parts(struct trail_parts *parts, struct trail_slice record)
{
    struct trail_elements e;
    struct trail_slice key, value;
    trail_members_start(&e, record);
    while (trail_members_next(&e, &key, &value)) {
        if (equals(key, "eventSource"))
            note(&parts->source, value);
        else if (equals(key, "eventName"))
            note(&parts->name, value);
        else if (equals(key, "errorCode"))
            note(&parts->error, value);
        else if (equals(key, "userIdentity"))
            note(&parts->identity, value);
        else if (equals(key, "requestParameters"))
            note(&parts->parameters, value);
    }
    if (!trail_is_object(parts->identity))
        return;
    trail_members_start(&e, parts->identity);
    while (trail_members_next(&e, &key, &value))
        if (equals(key, "type"))
            note(&parts->type, value);
}

static void add_cloudtrail(struct trail_text *to, const struct trail_parts *parts, size_t from,
                           size_t *n_fields)
{
    const struct {
        const char *name;
        struct trail_slice value;
    } fields[] = {{"eventSource", parts->source},
                  {"eventName", parts->name},
                  {"errorCode", parts->error},
                  {"userIdentity.type", parts->type}};
    bool first = true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!is_present(fields[i].value))
            continue;
        struct trail_slice inside = trail_inside(fields[i].value);
        add_field(to, fields[i].name, is_plain(inside) ? inside : ANY, first);
        first = false;
    }
    add(to, "}");
    *n_fields = to->n - from;
    add(to, ",\"shapes\":{");
    first = true;
    add_shape(to, "userIdentity", parts->identity, &first);
    add_shape(to, "requestParameters", parts->parameters, &first);
    add(to, "}");
}

/* ---- others ------------------------------------------------------------------------------- */

/* Notes a member that is one of the choice; `prefix`: the key of the object that it is in, or NULL. */
static void choose(struct trail_slice found[CHOICES], const struct trail_slice *prefix,
                   struct trail_slice key, struct trail_slice value)
{
    for (size_t i = 0; i < CHOICES; i++) {
        const char *path = pattern_choice[i];
        size_t n = prefix ? prefix->n + 1 : 0;
        if (*path != *(prefix ? prefix->p : key.p))
            continue;
        if (prefix && (strncmp(path, prefix->p, prefix->n) != 0 || path[prefix->n] != '.'))
            continue;
        if (equals(key, path + n) && is_present(value))
            note(&found[i], value);
    }
}

static bool is_prefix(struct trail_slice key)
{
    for (size_t i = 0; i < CHOICES; i++)
        if (*pattern_choice[i] == *key.p && strncmp(pattern_choice[i], key.p, key.n) == 0 &&
            pattern_choice[i][key.n] == '.')
            return true;
    return false;
}

static void add_any(struct trail_text *to, struct trail_slice record, size_t from, size_t *n_fields)
{
    struct trail_slice found[CHOICES] = {{NULL, 0}}, key, value, inner;
    struct trail_elements e, inside;
    unsigned n = 0;
    bool first = true;
    trail_members_start(&e, record);
    while (trail_members_next(&e, &key, &value)) {
        choose(found, NULL, key, value);
        if (key.n > SHAPE_KEY || !trail_is_object(value) || !is_prefix(key))
            continue;
        struct trail_slice prefix = key;
        trail_members_start(&inside, value);
        while (trail_members_next(&inside, &key, &inner))
            choose(found, &prefix, key, inner);
    }
    for (size_t i = 0; i < CHOICES && n < PATTERN_FIELDS; i++)
        if (found[i].n)
            add_field(to, pattern_choice[i], is_choice(found[i]) ? trail_inside(found[i]) : ANY, n++ == 0);
    add(to, "}");
    *n_fields = to->n - from;
    add(to, ",\"shapes\":{");
    add_shape(to, "event", record, &first);
    add(to, "}");
}

void pattern_add(struct trail_text *to, struct trail_slice record, size_t *n_fields)
{
    struct trail_parts parts = {0};
    size_t from = to->n;
    add(to, "\"fields\":{");
    read_parts(&parts, record);
    if (trail_is_string(parts.source) && trail_is_string(parts.name))
        add_cloudtrail(to, &parts, from, n_fields);
    else
        add_any(to, record, from, n_fields);
}

void pattern_add_others(struct trail_text *to, struct trail_slice fields)
{
    trail_text_add(to, fields.p, fields.n);
    add(to, ",\"shapes\":{\"*\":\"*\"}");
}

void pattern_id(char to[PATTERN_ID], struct trail_slice pattern)
{
    uint64_t hash[2];
    siphash128(hash, &SIPHASH_FIXED, pattern.p, pattern.n);
    snprintf(to, PATTERN_ID, "%016llx", (unsigned long long)hash[0]);
}

/* ---- names -------------------------------------------------------------------------------- */

bool pattern_has_field(const char *name)
{
    for (size_t i = 0; i < CHOICES; i++)
        if (strcmp(pattern_choice[i], name) == 0)
            return true;
    return strcmp(name, "userIdentity.type") == 0;
}

bool pattern_has_shape(const char *name)
{
    static const char *const names[] = {"userIdentity", "requestParameters", "event", "*"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* ---- looking into one --------------------------------------------------------------------- */

/* The object behind a key of the pattern. Its strings hold neither quotes nor backslashes. */
static struct trail_slice object_of(struct trail_slice pattern, const char *key)
{
    size_t n = strlen(key);
    const char *at = memmem(pattern.p, pattern.n, key, n);
    if (!at)
        return (struct trail_slice){"{}", 2};
    at += n;
    return (struct trail_slice){at, (size_t)(pattern.p + pattern.n - at)};
}

struct trail_slice pattern_fields(struct trail_slice pattern)
{
    return object_of(pattern, "\"fields\":");
}

struct trail_slice pattern_shapes(struct trail_slice pattern)
{
    return object_of(pattern, ",\"shapes\":");
}

static struct trail_slice member_of(struct trail_slice object, const char *name)
{
    struct trail_elements e;
    struct trail_slice key, value;
    trail_members_start(&e, object);
    while (trail_members_next(&e, &key, &value))
        if (equals(key, name))
            return trail_inside(value);
    return (struct trail_slice){NULL, 0};
}

struct trail_slice pattern_field(struct trail_slice pattern, const char *name)
{
    return member_of(pattern_fields(pattern), name);
}

struct trail_slice pattern_shape(struct trail_slice pattern, const char *name)
{
    return member_of(pattern_shapes(pattern), name);
}

bool pattern_is_cloudtrail(struct trail_slice pattern)
{
    return pattern_field(pattern, "eventSource").p && pattern_field(pattern, "eventName").p &&
           !pattern_shape(pattern, "event").p;
}

/*
 * elements.c - walks over the members of an object and the values of an array.
 */
#include "elements.h"

#include <string.h>

#include "trail/kernel.h"

static struct trail_slice slice(const char *from, const char *to)
{
    return (struct trail_slice){from, (size_t)(to - from)};
}

void trail_members_start(struct trail_elements *e, struct trail_slice object)
{
    const char *p = object.n ? object.p : "";
    e->end = p + object.n;
    e->at = trail_space(p, e->end);
    if (e->at < e->end && *e->at == '{')
        e->at++;
    else
        e->at = e->end;
}

bool trail_members_next(struct trail_elements *e, struct trail_slice *key, struct trail_slice *value)
{
    bool escaped;
    const char *p = trail_space(e->at, e->end), *to;
    if (p < e->end && *p == ',')
        p = trail_space(p + 1, e->end);
    if (p == e->end || *p != '"' || !(to = trail_string_end(p + 1, e->end, &escaped)))
        return false;
    *key = slice(p + 1, to);
    p = trail_space(to + 1, e->end);
    if (p == e->end || *p != ':')
        return false;
    p = trail_space(p + 1, e->end);
    to = trail_value_end(p, e->end);
    if (!to)
        return false;
    *value = slice(p, to);
    e->at = to;
    return true;
}

struct trail_slice trail_json_member(struct trail_slice object, const char *key)
{
    struct trail_elements e;
    struct trail_slice name, value;
    size_t n = strlen(key);
    trail_members_start(&e, object);
    while (trail_members_next(&e, &name, &value))
        if (name.n == n && memcmp(name.p, key, n) == 0)
            return value;
    return (struct trail_slice){NULL, 0};
}

void trail_values_start(struct trail_elements *e, struct trail_slice json)
{
    e->at = json.n ? json.p : "";
    e->end = e->at + json.n;
}

static bool is_absent(struct trail_slice v)
{
    if (v.n == 4 && memcmp(v.p, "null", 4) == 0)
        return true;
    return *v.p == '{' && trail_space(v.p + 1, v.p + v.n) + 1 == v.p + v.n;
}

bool trail_values_next(struct trail_elements *e, struct trail_slice *value)
{
    for (;;) {
        const char *p = e->at, *to;
        while (p < e->end && (*p == ',' || *p == '[' || *p == ']' || (unsigned char)*p <= ' '))
            p++;
        to = trail_value_end(p, e->end);
        if (!to)
            return false;
        e->at = to;
        *value = slice(p, to);
        if (!is_absent(*value))
            return true;
    }
}

bool trail_is_object(struct trail_slice json)
{
    return json.n && *json.p == '{';
}

bool trail_is_array(struct trail_slice json)
{
    return json.n && *json.p == '[';
}

bool trail_is_string(struct trail_slice json)
{
    return json.n && *json.p == '"';
}

struct trail_slice trail_inside(struct trail_slice json)
{
    if (json.n >= 2 && *json.p == '"')
        return (struct trail_slice){json.p + 1, json.n - 2};
    return json;
}

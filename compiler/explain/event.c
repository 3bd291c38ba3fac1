/*
 * event.c - one event's values, in the order of its text.
 *
 * Needs: any bytes. Guarantees: the values that a compiled filter sees of them. No recursion: the stack is as
 * deep as a record may be nested.
 */
#include "event.h"

#include <string.h>

#include "trail/kernel.h"
#include "window/timestamp.h"

struct compile *scratch_new(void)
{
    struct arena *arena = arena_new();
    struct compile *c = arena_alloc(arena, sizeof *c);
    c->arena = arena;
    return c;
}

void scratch_free(struct compile *c)
{
    arena_free(c->arena);
}

/* ---- reading ---------------------------------------------------------------------------------- */

struct reader {
    struct compile *c;
    struct event *event;
    const char *p, *end;
    size_t depth;
    size_t stack[TRAIL_MAX_DEPTH]; /* the objects and arrays that are open */
};

static struct slice unescaped(struct compile *c, const char *p, size_t n, bool escaped)
{
    if (!escaped)
        return (struct slice){p, n};
    char *to = arena_alloc(c->arena, n);
    return (struct slice){to, trail_json_unescape(to, p, n)};
}

/* r->p is at a string's opening quote, in a text that was checked. */
static struct slice read_string(struct reader *r)
{
    bool escaped;
    const char *from = r->p + 1, *to = trail_string_end(from, r->end, &escaped);
    r->p = to + 1;
    return unescaped(r->c, from, (size_t)(to - from), escaped);
}

static void pass_space(struct reader *r)
{
    r->p = trail_space(r->p, r->end);
}

/* r->p is at the value, whose key is known. Objects and arrays stay open. */
static void read_value(struct reader *r, struct value *v)
{
    const char *from = r->p;
    switch (*from) {
    case '{':
    case '[':
        v->kind = *from == '{' ? VALUE_OBJECT : VALUE_ARRAY;
        r->stack[r->depth++] = (size_t)(v - r->event->values);
        r->p++;
        return;
    case '"':
        v->kind = VALUE_STRING;
        v->text = read_string(r);
        break;
    default:
        v->kind = *from == 'n' ? VALUE_NULL : VALUE_SCALAR;
        r->p = trail_scalar_end(from, r->end);
        v->text = (struct slice){from, (size_t)(r->p - from)};
        break;
    }
    v->json = (struct slice){from, (size_t)(r->p - from)};
}

/* Closes the innermost object or array; its text is known now. */
static void close_value(struct reader *r)
{
    struct value *v = &r->event->values[r->stack[--r->depth]];
    r->p++;
    v->json.n = (size_t)(r->p - v->json.p);
}

static void read_member(struct reader *r)
{
    struct event *e = r->event;
    size_t parent = r->depth ? r->stack[r->depth - 1] : 0;
    struct value v = {.parent = parent};
    if (r->depth && e->values[parent].kind == VALUE_OBJECT) {
        v.key = read_string(r);
        pass_space(r);
        r->p++; /* the colon */
        pass_space(r);
    } else {
        v.element = r->depth > 0;
    }
    v.json.p = r->p;
    struct value *to = PUSH(r->c, e->values, e->n);
    *to = v;
    read_value(r, to);
}

struct event *event_read(struct compile *c, const char *p, size_t n)
{
    size_t at;
    const char *start = trail_space(p, p + n);
    if (n > TRAIL_MAX_RECORD || start == p + n || *start != '{' ||
        trail_json_check(p, n, &at) != TRAIL_JSON_OK)
        return NULL;
    struct reader r = {.c = c, .event = NEW(c, struct event), .p = start, .end = p + n};
    r.event->json = (struct slice){p, n};
    do {
        read_member(&r);
        for (pass_space(&r); r.depth && (*r.p == '}' || *r.p == ']'); pass_space(&r))
            close_value(&r);
        if (r.depth && *r.p == ',')
            r.p++;
        pass_space(&r);
    } while (r.depth);
    return r.event;
}

/* ---- places ----------------------------------------------------------------------------------- */

/* How much of the path's name the keys down to a value have used up; or one of these. */
enum { NOTHING_USED = UINT32_MAX, ELSEWHERE = UINT32_MAX - 1, BELOW = UINT32_MAX - 2 };

/* A key with dots reads the same as nested keys, so keys are compared with the joined name. */
static uint32_t step(struct slice name, uint32_t used, struct slice key)
{
    if (used == ELSEWHERE || used == BELOW)
        return used;
    if (used == name.n)
        return BELOW;
    size_t from = used == NOTHING_USED ? 0 : (size_t)used + 1; /* behind the dot */
    size_t rest = name.n - from;
    size_t common = key.n < rest ? key.n : rest;
    if (common && memcmp(name.p + from, key.p, common) != 0)
        return ELSEWHERE;
    if (key.n > rest)
        return key.p[rest] == '.' ? BELOW : ELSEWHERE;
    return key.n == rest || name.p[from + key.n] == '.' ? (uint32_t)(from + key.n) : ELSEWHERE;
}

unsigned char *event_places(struct compile *c, const struct event *e, const struct path *path)
{
    uint32_t *used = NEW_ARRAY(c, uint32_t, e->n);
    unsigned char *places = NEW_ARRAY(c, unsigned char, e->n);
    used[0] = NOTHING_USED;
    for (size_t i = 1; i < e->n; i++) {
        const struct value *v = &e->values[i];
        used[i] = v->element ? used[v->parent] : step(path->name, used[v->parent], v->key);
        places[i] = used[i] == BELOW                                  ? AT_BELOW
                    : used[i] == path->name.n                         ? AT_PATH
                    : used[i] == ELSEWHERE || used[i] == NOTHING_USED ? AT_ELSEWHERE
                                                                      : AT_ABOVE;
    }
    return places;
}

bool value_absent(const struct value *v)
{
    if (value_is_leaf(v))
        return false;
    const char *end = v->json.p + v->json.n;
    return v->kind == VALUE_NULL || trail_space(v->json.p + 1, end) == end - 1;
}

size_t value_path_length(const struct event *e, size_t value)
{
    size_t n = 0, keys = 0;
    for (; value; value = e->values[value].parent)
        if (!e->values[value].element) {
            n += e->values[value].key.n;
            keys++;
        }
    return n + (keys ? keys - 1 : 0);
}

struct slice value_path(struct compile *c, const struct event *e, size_t value)
{
    size_t n = value_path_length(e, value), at = n;
    char *name = arena_alloc(c->arena, n + 1);
    for (; value; value = e->values[value].parent) {
        struct slice key = e->values[value].key;
        if (e->values[value].element)
            continue;
        if (at < n)
            name[--at] = '.';
        at -= key.n;
        if (key.n)
            memcpy(name + at, key.p, key.n);
    }
    return (struct slice){name, n};
}

struct slice event_first(struct compile *c, const struct event *e, const struct path *path,
                         struct slice *json)
{
    unsigned char *places = path ? event_places(c, e, path) : NULL;
    for (size_t i = 1; places && i < e->n; i++)
        if (places[i] == AT_PATH && value_is_leaf(&e->values[i])) {
            *json = e->values[i].json;
            return e->values[i].text;
        }
    *json = (struct slice){NULL, 0};
    return *json;
}

int64_t event_time(struct compile *scratch, const struct event *e, const struct path *time)
{
    struct slice json;
    event_first(scratch, e, time, &json);
    return json.n ? trail_time_parse((struct trail_slice){json.p, json.n}) : TRAIL_NO_TIME;
}

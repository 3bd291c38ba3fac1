/*
 * report_json.c - an explained event for a program: one JSON object on one line.
 *
 *     {"alert":"new-admin","source":{"path":"event.json","record":1},"event_id":"…","matches":false,
 *      "fires":"no","reason":"does not match:
 * …","filter":NODE,
 *      "circumstances":[{"name":"hours","state":"yes","says":"…"}]}
 *
 * NODE is {"verdict":true,"op":"and","of":[NODE …]}, with op and, or, not, all; or for a clause
 * {"verdict":true,"clause":"f:x","field":"f","view":"text","values":[{"path":"f","json":"…","holds":true}],
 * "count":1,"near":["g"]}. `values` are at most MAX_SEEN, cut at MAX_VALUE bytes; `count` is how many there
 * are.
 */
#include <string.h>

#include "report.h"

enum { MAX_VALUE = 4096, MAX_NEAR = 3 };

static void add_key(struct buffer *b, const char *key, struct slice text)
{
    buffer_printf(b, "\"%s\":", key);
    show_json(b, text);
}

static struct slice cut(struct slice s)
{
    return (struct slice){s.p, s.n > MAX_VALUE ? MAX_VALUE : s.n};
}

static void add_values(struct buffer *b, const struct explained *x, const struct verdict *v)
{
    buffer_text(b, ",\"values\":[");
    for (size_t i = 0; i < v->n_seen; i++) {
        const struct value *value = &x->event->values[v->seen[i].value];
        buffer_text(b, i ? ",{" : "{");
        add_key(b, "path", value_path(b->c, x->event, v->seen[i].value));
        buffer_char(b, ',');
        add_key(b, "json", cut(value->json));
        buffer_printf(b, ",\"holds\":%s}", v->seen[i].holds ? "true" : "false");
    }
    buffer_printf(b, "],\"count\":%zu", v->n_values);
}

static void add_near(struct buffer *b, const struct explained *x, const struct clause *c)
{
    struct slice near[MAX_NEAR + 1];
    size_t n = near_paths(b->c, x->event, c->path, MAX_NEAR, near);
    buffer_text(b, ",\"near\":[");
    for (size_t i = 0; i < n; i++) {
        buffer_text(b, i ? "," : "");
        show_json(b, near[i]);
    }
    buffer_char(b, ']');
}

static void add_clause(struct buffer *b, const struct explained *x, const struct verdict *v)
{
    const struct clause *c = v->node->clause;
    struct buffer text = {.c = b->c};
    clause_print(&text, &x->alert->filter, c);
    buffer_char(b, ',');
    add_key(b, "clause", buffer_slice(&text));
    buffer_char(b, ',');
    if (c->path)
        add_key(b, "field", c->path->name);
    else
        buffer_text(b, "\"field\":null");
    buffer_printf(b, ",\"view\":\"%s\"", view_name(c->view));
    add_values(b, x, v);
    if (c->path && !v->n_values && !v->other && !v->above)
        add_near(b, x, c);
}

static void add_node(struct buffer *b, const struct explained *x, const struct verdict *v)
{
    static const char *const names[] = {
        [NODE_ALL] = "all", [NODE_AND] = "and", [NODE_OR] = "or", [NODE_NOT] = "not"};
    buffer_printf(b, "{\"verdict\":%s", v->holds ? "true" : "false");
    if (v->node->kind == NODE_CLAUSE) {
        add_clause(b, x, v);
    } else {
        buffer_printf(b, ",\"op\":\"%s\",\"of\":[", names[v->node->kind]);
        for (size_t i = 0; i < v->n; i++) {
            buffer_text(b, i ? "," : "");
            add_node(b, x, v->kids[i]);
        }
        buffer_char(b, ']');
    }
    buffer_char(b, '}');
}

/* yes, no, or depends: on other events. */
static const char *fires(const struct explained *x)
{
    bool depends = false;
    for (size_t i = 0; i < x->n; i++) {
        if (x->circumstances[i].state == PREVENTS)
            return "no";
        depends |= x->circumstances[i].state == DEPENDS;
    }
    return !x->verdict->holds ? "no" : depends ? "depends" : "yes";
}

void report_json(struct buffer *b, const struct explained *x)
{
    static const char *const states[] = {[FULFILLED] = "yes", [PREVENTS] = "no", [DEPENDS] = "depends"};
    struct buffer summary = {.c = b->c};
    struct slice json;
    report_summary(&summary, x);
    buffer_char(b, '{');
    add_key(b, "alert", x->alert->id);
    buffer_text(b, ",\"source\":{");
    add_key(b, "path", slice_of(x->where->path));
    buffer_printf(b, ",\"record\":%ju},", (uintmax_t)x->where->number);
    add_key(b, "event_id", event_first(b->c, x->event, x->c->pack.event_id, &json));
    buffer_printf(b, ",\"matches\":%s,\"fires\":\"%s\",", x->verdict->holds ? "true" : "false", fires(x));
    add_key(b, "reason", buffer_slice(&summary));
    buffer_text(b, ",\"filter\":");
    add_node(b, x, x->verdict);
    buffer_text(b, ",\"circumstances\":[");
    for (size_t i = 0; i < x->n; i++) {
        buffer_text(b, i ? ",{" : "{");
        add_key(b, "name", slice_of(x->circumstances[i].name));
        buffer_printf(b, ",\"state\":\"%s\",", states[x->circumstances[i].state]);
        add_key(b, "says", x->circumstances[i].says);
        buffer_char(b, '}');
    }
    buffer_text(b, "]}\n");
}

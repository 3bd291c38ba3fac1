/*
 * template.c - compiles a webhook's body: fields and filters that do not exist are mistakes of the configuration,
 * told at the text that holds them. See channel/template.h.
 */
#include <stdlib.h>
#include <string.h>

#include "channel/template.h"
#include "reading.h"
#include "template.h"

const char *const trail_filter_names[TRAIL_FILTERS + 1] = {"text",     "json",    "upper", "lower",
                                                           "truncate", "default", "join",  NULL};

static struct trail_slice trim(struct trail_slice s)
{
    while (s.n && s.p[0] == ' ') {
        s.p++;
        s.n--;
    }
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

/* One filter: `upper`, `truncate(40)`, `default(nobody)`. */
static void read_filter(struct trail_reading *r, const struct trail_node *node,
                        struct trail_template_piece *piece, struct trail_slice text)
{
    const char *open = memchr(text.p, '(', text.n);
    bool closed = open && text.p[text.n - 1] == ')';
    struct trail_slice argument = {open ? open + 1 : NULL, closed ? text.n - (size_t)(open - text.p) - 2 : 0};
    char *name = trail_arena_text(
        r->arena, trim((struct trail_slice){text.p, open ? (size_t)(open - text.p) : text.n}));
    size_t i = 0;
    while (trail_filter_names[i] && strcmp(trail_filter_names[i], name) != 0)
        i++;
    bool wants = i == TRAIL_FILTER_TRUNCATE || i == TRAIL_FILTER_DEFAULT || i == TRAIL_FILTER_JOIN;
    if (i == TRAIL_FILTERS) {
        trail_complain(
            r->complaints, node,
            "there is no filter '%s'; there are text, json, upper, lower, truncate(N), default(TEXT), "
            "join(TEXT)",
            name);
    } else if (wants != (open != NULL) || (open && !closed)) {
        trail_complain(r->complaints, node,
                       wants ? "the filter %s needs a value in parentheses: %s(…)"
                             : "the filter %s takes no value",
                       name, name);
    } else if (piece->n_filters == sizeof piece->filters / sizeof *piece->filters) {
        trail_complain(r->complaints, node, "more than %zu filters on one field", piece->n_filters);
    } else {
        size_t n = piece->n_filters++;
        piece->filters[n].filter = (enum trail_filter)i;
        piece->filters[n].text = trail_arena_text(r->arena, argument);
        piece->filters[n].n =
            i == TRAIL_FILTER_TRUNCATE ? (unsigned)strtoul(piece->filters[n].text, NULL, 10) : 0;
        if (i == TRAIL_FILTER_TRUNCATE && (piece->filters[n].n < 1 || piece->filters[n].n > 100000))
            trail_complain(r->complaints, node, "truncate(%s): a number from 1 to 100000 is needed",
                           piece->filters[n].text);
    }
}

/* What stands between {{ and }}. */
static void read_field(struct trail_reading *r, const struct trail_node *node,
                       struct trail_template_piece *piece, struct trail_slice text)
{
    for (bool first = true; text.p; first = false) {
        const char *bar = memchr(text.p, '|', text.n);
        struct trail_slice part = trim((struct trail_slice){text.p, bar ? (size_t)(bar - text.p) : text.n});
        text = bar ? (struct trail_slice){bar + 1, text.n - (size_t)(bar + 1 - text.p)}
                   : (struct trail_slice){NULL, 0};
        if (!first) {
            read_filter(r, node, piece, part);
            continue;
        }
        piece->field = trail_arena_text(r->arena, part);
        if (trail_message_has_field(piece->field))
            continue;
        const char *near = trail_nearest(piece->field, trail_message_fields);
        if (near)
            trail_complain(r->complaints, node, "there is no field {{%s}}: is {{%s}} meant?", piece->field,
                           near);
        else
            trail_complain(r->complaints, node, "there is no field {{%s}}", piece->field);
    }
}

static void read_pieces(struct trail_reading *r, const struct trail_node *node, struct trail_template *t)
{
    const char *at = node->text.p, *end = at + node->text.n;
    size_t room = 2;
    for (const char *p = at; (p = strstr(p, "{{")); p += 2)
        room += 2;
    struct trail_template_piece *pieces = trail_arena_get(r->arena, room * sizeof *pieces);
    if (r->arena->failed)
        return;
    while (at < end) {
        const char *open = strstr(at, "{{"), *stop = open ? open : end;
        if (stop > at)
            pieces[t->n_pieces++].literal =
                trail_arena_text(r->arena, (struct trail_slice){at, (size_t)(stop - at)});
        if (!open)
            break;
        const char *close = strstr(open, "}}");
        if (!close) {
            trail_complain(r->complaints, node, "a {{ without its }}");
            break;
        }
        read_field(r, node, &pieces[t->n_pieces++],
                   (struct trail_slice){open + 2, (size_t)(close - open - 2)});
        at = close + 2;
    }
    t->pieces = pieces;
}

/* A plain scalar that JSON has, too. */
static const char *raw_value(const struct trail_node *node)
{
    size_t at;
    if (!node->plain)
        return NULL;
    if (trail_node_is_null(node))
        return "null";
    if (trail_node_is(node, "true") || trail_node_is(node, "false"))
        return node->text.p;
    bool number = (node->text.p[0] >= '0' && node->text.p[0] <= '9') || node->text.p[0] == '-';
    return number && trail_json_check(node->text.p, node->text.n, &at) == TRAIL_JSON_OK ? node->text.p : NULL;
}

/* As deep as the tree, which is bounded. */
struct trail_template *trail_template_read(struct trail_reading *r, const struct trail_node *node)
{
    struct trail_template *t = trail_arena_get(r->arena, sizeof *t);
    if (node->kind == TRAIL_NODE_TEXT) {
        t->raw = raw_value(node);
        t->kind = t->raw ? TRAIL_TEMPLATE_RAW : TRAIL_TEMPLATE_TEXT;
        if (!t->raw)
            read_pieces(r, node, t);
        return t;
    }
    t->kind = node->kind == TRAIL_NODE_LIST ? TRAIL_TEMPLATE_LIST : TRAIL_TEMPLATE_MAP;
    t->keys = trail_arena_get(r->arena, (node->n + 1) * sizeof *t->keys);
    t->values = trail_arena_get(r->arena, (node->n + 1) * sizeof *t->values);
    for (size_t i = 0; i < node->n && !r->arena->failed; i++, t->n++) {
        if (node->keys[i])
            t->keys[i] = node->keys[i]->text.p;
        t->values[i] = trail_template_read(r, node->values[i]);
    }
    return t;
}

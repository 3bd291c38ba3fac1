/*
 * report.c - an explained event for a person.
 *
 *     new-admin
 *       events.json, record 1, 2026-03-14T11:00:00Z
 *       no   AND
 *       no     eventName.keyword:AddUserToGroup
 *                = `ConsoleLogin`
 *       yes    NOT
 *       no       _exists_:errorCode
 *                  no such field
 *       does not match: eventName is `ConsoleLogin`, not `AddUserToGroup`
 *
 * The marks say it without colour. Whatever comes from a log or a rule goes through show_text().
 */
#include <string.h>

#include "report.h"
#include "trail/text.h"
#include "window/timestamp.h"

enum { VALUE_COLUMNS = 100, CLAUSE_COLUMNS = 200, MAX_WORDS = 12, MAX_NEAR = 3 };

enum paint { PLAIN, YES, NO, FAINT, BOLD };

struct report {
    struct buffer *b;
    const struct explained *x;
    bool colour;
};

static void paint(const struct report *r, enum paint paint)
{
    static const char *const codes[] = {"\033[0m", "\033[32m", "\033[31m", "\033[2m", "\033[1m"};
    if (r->colour)
        buffer_text(r->b, codes[paint]);
}

static void mark(const struct report *r, bool holds)
{
    buffer_text(r->b, "  ");
    paint(r, holds ? YES : NO);
    buffer_text(r->b, holds ? "yes" : "no ");
    paint(r, PLAIN);
    buffer_text(r->b, "  ");
}

static void indent(struct buffer *b, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        buffer_char(b, ' ');
}

/* ---- values ----------------------------------------------------------------------------------- */

/* The words that the text view sees, unless they are what stands there. */
static void add_words(const struct report *r, const struct value *v)
{
    size_t n = 0;
    struct buffer words = {.c = r->b->c};
    struct trail_tokens t;
    if (v->kind != VALUE_STRING)
        return;
    for (trail_tokens_start(&t, v->text.p, v->text.n); trail_tokens_next(&t); n++) {
        if (n == MAX_WORDS) {
            buffer_text(&words, " …");
            break;
        }
        buffer_char(&words, ' ');
        show_quoted(&words, (struct slice){t.p, t.n}, VALUE_COLUMNS);
    }
    if (n == 1 && words.n == v->text.n + 3 && strncasecmp(words.p + 2, v->text.p, v->text.n) == 0)
        return;
    buffer_printf(r->b, n ? ", words:%s" : ", no words", words.p);
}

static void add_seen(const struct report *r, const struct verdict *v, const struct seen *seen)
{
    const struct clause *c = v->node->clause;
    const struct value *value = &r->x->event->values[seen->value];
    struct slice path = value_path_length(r->x->event, seen->value) <= VALUE_COLUMNS
                            ? value_path(r->b->c, r->x->event, seen->value)
                            : SLICE("…");
    /* Where the clause names no path, or one above, the value says where it stands. */
    if (!c->path || !slice_eq(c->path->name, path)) {
        show_text(r->b, path, VALUE_COLUMNS);
        buffer_char(r->b, ' ');
    }
    buffer_text(r->b, "= ");
    if (c->view == VIEW_JSON)
        show_text(r->b, value->json, VALUE_COLUMNS);
    else
        show_quoted(r->b, value->text, VALUE_COLUMNS);
    if (c->view == VIEW_TEXT && c->kind != CLAUSE_EXISTS && c->kind != CLAUSE_RANGE)
        add_words(r, value);
}

static void add_absent(const struct report *r, const struct verdict *v)
{
    const struct clause *c = v->node->clause;
    struct slice near[MAX_NEAR + 1];
    if (v->other || !c->path) {
        reason_clause(r->b, &r->x->alert->filter, r->x->event, v);
        return;
    }
    buffer_text(r->b, "no such field");
    if (v->above) {
        buffer_text(r->b, ": ");
        reason_above(r->b, r->x->event, v);
        return;
    }
    size_t n = near_paths(r->b->c, r->x->event, c->path, MAX_NEAR, near);
    for (size_t i = 0; i < n; i++) {
        buffer_text(r->b, i ? ", " : "; the event has ");
        show_quoted(r->b, near[i], VALUE_COLUMNS);
    }
}

static void add_values(const struct report *r, const struct verdict *v, size_t depth)
{
    size_t shown = v->n_seen, all = v->holds ? v->n_holding : v->n_values;
    paint(r, FAINT);
    for (size_t i = 0; i < shown; i++) {
        indent(r->b, depth);
        add_seen(r, v, &v->seen[i]);
        buffer_char(r->b, '\n');
    }
    if (!shown) {
        indent(r->b, depth);
        add_absent(r, v);
        buffer_char(r->b, '\n');
    } else if (all > shown) {
        indent(r->b, depth);
        buffer_printf(r->b, "and %zu more%s\n", all - shown, v->holds ? " that match" : "");
    }
    paint(r, PLAIN);
}

/* ---- the tree --------------------------------------------------------------------------------- */

/* Recursion is bounded by the parser's limit on parentheses. */
static void add_node(const struct report *r, const struct verdict *v, size_t depth)
{
    static const char *const names[] = {
        [NODE_ALL] = "*, every event", [NODE_AND] = "AND", [NODE_OR] = "OR", [NODE_NOT] = "NOT"};
    mark(r, v->holds);
    indent(r->b, depth * 2);
    if (v->node->kind == NODE_CLAUSE) {
        struct buffer text = {.c = r->b->c};
        clause_print(&text, &r->x->alert->filter, v->node->clause);
        show_text(r->b, buffer_slice(&text), CLAUSE_COLUMNS);
        buffer_char(r->b, '\n');
        add_values(r, v, depth * 2 + 9);
        return;
    }
    buffer_printf(r->b, "%s\n", names[v->node->kind]);
    for (size_t i = 0; i < v->n; i++)
        add_node(r, v->kids[i], depth + 1);
}

/* ---- around it -------------------------------------------------------------------------------- */

static const struct circumstance *first_of(const struct explained *x, int state)
{
    for (size_t i = 0; i < x->n; i++)
        if ((int)x->circumstances[i].state == state)
            return &x->circumstances[i];
    return NULL;
}

static void add_dependencies(struct buffer *b, const struct explained *x)
{
    const char *between = "matches; whether it fires depends on the ";
    for (size_t i = 0; i < x->n; i++) {
        if (x->circumstances[i].state != DEPENDS)
            continue;
        buffer_printf(b, "%s%s: %s", between, x->circumstances[i].name, x->circumstances[i].says.p);
        between = ", and on the ";
    }
}

void report_summary(struct buffer *b, const struct explained *x)
{
    const struct circumstance *prevents = first_of(x, PREVENTS);
    bool depends = first_of(x, DEPENDS);
    if (!x->verdict->holds || (!prevents && !depends)) {
        buffer_text(b, x->verdict->holds ? "matches and fires: " : "does not match: ");
        reason_print(b, &x->alert->filter, x->event, x->verdict);
    } else if (prevents) {
        buffer_text(b, "matches, but cannot fire: ");
        buffer_add(b, prevents->says.p, prevents->says.n);
    } else {
        add_dependencies(b, x);
    }
}

static void add_where(const struct report *r)
{
    char time[TRAIL_TIME_ROOM];
    const struct explained *x = r->x;
    struct slice json, id = event_first(r->b->c, x->event, x->c->pack.event_id, &json);
    show_text(r->b, slice_of(x->where->path), CLAUSE_COLUMNS);
    buffer_printf(r->b, ", record %ju", (uintmax_t)x->where->number);
    if (trail_time_format(time, event_time(r->b->c, x->event, x->c->pack.time)))
        buffer_printf(r->b, ", %s", time);
    if (id.n) {
        buffer_text(r->b, ", ");
        show_text(r->b, id, VALUE_COLUMNS);
    }
}

static void add_circumstance(const struct report *r, const struct circumstance *c)
{
    static const enum paint paints[] = {[FULFILLED] = YES, [PREVENTS] = NO, [DEPENDS] = FAINT};
    static const char *const marks[] = {[FULFILLED] = "yes", [PREVENTS] = "no ", [DEPENDS] = "?  "};
    buffer_text(r->b, "  ");
    paint(r, paints[c->state]);
    buffer_text(r->b, marks[c->state]);
    paint(r, PLAIN);
    buffer_printf(r->b, "  %s: ", c->name);
    buffer_add(r->b, c->says.p, c->says.n);
    buffer_char(r->b, '\n');
}

void report_tree(struct buffer *b, const struct explained *x, bool colour)
{
    struct report r = {b, x, colour};
    paint(&r, BOLD);
    buffer_add(b, x->alert->id.p, x->alert->id.n);
    paint(&r, PLAIN);
    buffer_text(b, "\n  ");
    add_where(&r);
    buffer_char(b, '\n');
    add_node(&r, x->verdict, 0);
    for (size_t i = 0; i < x->n; i++)
        add_circumstance(&r, &x->circumstances[i]);
    buffer_text(b, "  ");
    paint(&r, BOLD);
    report_summary(b, x);
    paint(&r, PLAIN);
    buffer_char(b, '\n');
}

void report_line(struct buffer *b, const struct explained *x, bool colour)
{
    struct report r = {b, x, colour};
    show_text(b, slice_of(x->where->path), CLAUSE_COLUMNS);
    buffer_printf(b, ":%ju: ", (uintmax_t)x->where->number);
    buffer_add(b, x->alert->id.p, x->alert->id.n);
    buffer_char(b, ' ');
    paint(&r, x->verdict->holds ? YES : NO);
    report_summary(b, x);
    paint(&r, PLAIN);
    buffer_char(b, '\n');
}

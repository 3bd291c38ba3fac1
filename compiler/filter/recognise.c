/*
 * recognise.c - filters held against the catalogue: does CloudTrail have what they ask for?
 *
 * Needs: trees that check.c completed, in a pack whose schema is cloudtrail (in others nothing is said).
 * Guarantees: every field, of a filter and of the keys that name fields, is one that CloudTrail's records have, or
 * E120 was said; W204, W206 and W207 of what a record has, but not with such a value. Trees stay as they are.
 */
#include "recognise.h"

const char *outcome(const struct scene *scene)
{
    return scene->negated ? ": this excludes nothing" : "";
}

/* ---- sets of APIs -------------------------------------------------------------------------------------- */

struct rows rows_both(struct compile *c, struct rows a, struct rows b)
{
    if (!a.known || !b.known)
        return a.known ? a : b;
    struct rows both = {.known = true, .list = NEW_ARRAY(c, uint32_t, a.n + 1)};
    for (size_t i = 0, k = 0; i < a.n && k < b.n;) {
        if (a.list[i] == b.list[k])
            both.list[both.n++] = a.list[i];
        if (a.list[i] <= b.list[k])
            i++;
        else
            k++;
    }
    return both;
}

struct rows rows_either(struct compile *c, struct rows a, struct rows b)
{
    struct rows either = {.known = a.known && b.known};
    if (!either.known)
        return either;
    either.list = NEW_ARRAY(c, uint32_t, a.n + b.n + 1);
    for (size_t i = 0, k = 0; i < a.n || k < b.n;) {
        uint32_t next = k == b.n || (i < a.n && a.list[i] <= b.list[k]) ? a.list[i] : b.list[k];
        i += i < a.n && a.list[i] == next;
        k += k < b.n && b.list[k] == next;
        either.list[either.n++] = next;
    }
    return either;
}

/* ---- what a filter pins ---------------------------------------------------------------------------------- */

/* The APIs of which an event must be one to meet the node, as far as that field says. */
static struct rows pinned(const struct recognise *r, const struct node *node, enum event_field field)
{
    struct rows rows = {0};
    if (node->kind == NODE_CLAUSE)
        return event_field(node->clause) == field ? event_rows(r, node->clause) : rows;
    if (node->kind != NODE_AND && node->kind != NODE_OR)
        return rows;
    for (size_t i = 0; i < node->n; i++) {
        struct rows kid = pinned(r, node->kids[i], field);
        rows = node->kind == NODE_AND ? rows_both(r->c, rows, kid)
               : i == 0               ? kid
                                      : rows_either(r->c, rows, kid);
    }
    return rows;
}

/* The first clause in a node that could pin eventSource. */
static const struct clause *source_clause(const struct node *node)
{
    if (node->kind == NODE_CLAUSE)
        return event_field(node->clause) == EVENT_SOURCE ? node->clause : NULL;
    const struct clause *found = NULL;
    for (size_t i = 0; i < node->n && !found && node->kind != NODE_NOT; i++)
        found = source_clause(node->kids[i]);
    return found;
}

/* ---- the walk -------------------------------------------------------------------------------------------- */

static void recognise_clause(const struct recognise *r, const struct clause *clause,
                             const struct scene *scene)
{
    if (!clause->path || clause->as_is)
        return;
    recognise_field(r, clause);
    recognise_event(r, clause, scene);
    recognise_parameter(r, clause, scene);
}

/* Recursion is bounded by the parser's limit on parentheses. */
static void recognise_node(const struct recognise *r, const struct node *node, struct scene scene)
{
    if (node->kind == NODE_CLAUSE)
        recognise_clause(r, node->clause, &scene);
    scene.negated ^= node->kind == NODE_NOT;
    for (size_t i = 0; i < node->n && node->kind == NODE_AND; i++) {
        struct rows sources = pinned(r, node->kids[i], EVENT_SOURCE);
        scene.names = rows_both(r->c, scene.names, pinned(r, node->kids[i], EVENT_NAME));
        scene.sources = rows_both(r->c, scene.sources, sources);
        if (sources.known)
            scene.source = source_clause(node->kids[i]);
    }
    for (size_t i = 0; i < node->n; i++)
        recognise_node(r, node->kids[i], scene);
}

static struct recognise of_alert(struct compile *c, const struct alert *alert)
{
    return (struct recognise){.c = c, .text = &alert->filter, .catalogue = catalogue(c)};
}

bool recognise(struct compile *c)
{
    size_t errors = diag_errors(c);
    if (c->pack.schema != SCHEMA_CLOUDTRAIL || c->headless)
        return true;
    recognise_named(c);
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        const struct alert *alert = &c->pack.alerts[i];
        struct recognise r = of_alert(c, alert);
        if (alert->tree)
            recognise_node(&r, alert->tree, (struct scene){0});
    }
    return diag_errors(c) == errors;
}

static void print_node(const struct recognise *r, struct buffer *b, const struct node *node)
{
    if (node->kind == NODE_CLAUSE)
        event_print(r, b, node->clause);
    for (size_t i = 0; i < node->n; i++)
        print_node(r, b, node->kids[i]);
}

void recognise_print(struct compile *c, struct buffer *b, const struct alert *alert)
{
    if (c->pack.schema != SCHEMA_CLOUDTRAIL)
        return;
    struct recognise r = of_alert(c, alert);
    print_node(&r, b, alert->tree);
}

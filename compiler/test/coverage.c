/*
 * coverage.c - which clauses of a filter decided a test.
 *
 * A clause decides an event when the filter's verdict would be another one if only the clause's were: what is
 * called modified condition/decision coverage. One that never decides while it holds, or never while it does
 * not, could be dropped or wrong without a test that fails.
 */
#include <string.h>

#include "test.h"

/* Of one test: which clauses decided an event of it. */
struct walk {
    const struct node *tree;
    size_t n;
    bool *when_true, *when_false, *decisive;
};

static void add_clauses(struct compile *c, struct coverage *coverage, const struct node *node)
{
    if (node->kind == NODE_CLAUSE) {
        struct buffer written = {.c = c}, safe = {.c = c};
        clause_print(&written, &coverage->alert->filter, node->clause);
        show_text(&safe, buffer_slice(&written), SIZE_MAX);
        PUSH(c, coverage->clauses, coverage->n)->clause = buffer_slice(&safe);
    }
    for (size_t i = 0; i < node->n; i++)
        add_clauses(c, coverage, node->kids[i]);
}

struct coverage *coverage_new(struct compile *c, size_t *n)
{
    struct coverage *list = NEW_ARRAY(c, struct coverage, c->pack.n_alerts);
    *n = c->pack.n_alerts;
    for (size_t i = 0; i < *n; i++) {
        list[i].alert = &c->pack.alerts[i];
        add_clauses(c, &list[i], list[i].alert->tree);
    }
    return list;
}

/* In the order of verdict_decisive(). */
static void collect(const struct verdict *v, struct walk *w, size_t *clause)
{
    if (v->node->kind == NODE_CLAUSE) {
        bool *decided = v->holds ? w->when_true : w->when_false;
        decided[*clause] |= w->decisive[*clause];
        ++*clause;
    }
    for (size_t i = 0; i < v->n; i++)
        collect(v->kids[i], w, clause);
}

static bool take_event(void *user, const struct recorded *where)
{
    struct walk *w = user;
    struct compile *scratch = scratch_new();
    const struct event *event = event_read(scratch, where->json.p, where->json.n);
    size_t clause = 0;
    if (event) {
        const struct verdict *v = verdict_of(scratch, w->tree, event);
        verdict_decisive(v, w->decisive);
        collect(v, w, &clause);
    }
    scratch_free(scratch);
    return true;
}

void coverage_note(struct compile *c, struct coverage *coverage, const char *input)
{
    size_t n = coverage->n;
    struct walk w = {coverage->alert->tree, n, NEW_ARRAY(c, bool, n), NEW_ARRAY(c, bool, n),
                     NEW_ARRAY(c, bool, n)};
    events_each(input, take_event, &w);
    for (size_t i = 0; i < n; i++) {
        coverage->clauses[i].when_true += w.when_true[i];
        coverage->clauses[i].when_false += w.when_false[i];
    }
}

void coverage_sum(const struct suite *s, size_t *clauses, size_t *both)
{
    *clauses = *both = 0;
    for (size_t i = 0; i < s->n_coverage; i++)
        for (size_t k = 0; k < s->coverage[i].n; k++) {
            const struct covered *covered = &s->coverage[i].clauses[k];
            *both += covered->when_true && covered->when_false;
            ++*clauses;
        }
}

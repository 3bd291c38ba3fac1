/*
 * cost.c - what each alert costs in records that it does not concern, and what to write instead.
 *
 * Needs: plan. Guarantees: words and an order, no times: what a field costs depends on the log. The order is by the work
 * that every record brings because of the alert: all its values, fields split into words, regexes that have to be run
 * because no string stands for them, objects that are walked. What happens in the few records that its discriminators
 * let through is not in it.
 */
#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"
#include "explain/plan_text.h"
#include "plan/literals.h"
#include "trailc.h"

enum work {
    COMPARES, /* a value, with a text or a bound */
    LOOKS,    /* for strings, many alerts' at once */
    RUNS,     /* a regex */
    SPLITS,   /* into words */
    N_WORK
};

/* For the order alone. */
static const unsigned weights[N_WORK] = {[COMPARES] = 1, [LOOKS] = 4, [RUNS] = 40, [SPLITS] = 60};
enum { WALKING = 20, EVERYTHING = 1000, LITTLE = 10 };

struct cost {
    const struct alert *alert;
    const struct need *need;
    unsigned weight;
    size_t n_roots;
    struct place **roots;         /* objects that are walked in every record */
    struct path **fields[N_WORK]; /* what is done to which fields */
    size_t n_fields[N_WORK];
};

/* ---- finding out ------------------------------------------------------------------------------------- */

static struct place *place_at(const struct compile *c, const struct path *path)
{
    struct place *p = c->plan.tests.list[0];
    for (size_t i = 0; i < path->n; i++) {
        size_t k = 0;
        while (!slice_eq(p->kids[k]->key, path->keys[i]))
            k++;
        p = p->kids[k];
    }
    return p;
}

/* Whether strings are looked for in texts there before they are split. Told once: every test there is asked. */
static bool looks_for_strings(struct compile *c, struct place *place)
{
    if (place->looks == LOOKS_UNKNOWN)
        place->looks = scan_of(c, VIEW_TEXT, place->n_preds, place->preds).n ? LOOKS_FOR_STRINGS : LOOKS_NOT;
    return place->looks == LOOKS_FOR_STRINGS;
}

static enum work work_of(struct compile *c, const struct pred *pred)
{
    if (!pred->regex && pred->kind != TEST_TOKENS)
        return COMPARES;
    struct literals found = literals_of(c, pred);
    bool known = found.n && found.shortest >= SCAN_SHORTEST;
    if (pred->view == VIEW_TEXT)
        return known && looks_for_strings(c, place_at(c, pred->path)) ? LOOKS : SPLITS;
    return known ? LOOKS : RUNS;
}

static void add_field(struct compile *c, struct cost *cost, enum work work, struct path *path)
{
    for (size_t i = 0; i < cost->n_fields[work]; i++)
        if (cost->fields[work][i] == path)
            return;
    *PUSH(c, cost->fields[work], cost->n_fields[work]) = path;
    cost->weight += weights[work];
}

static void add_root(struct compile *c, struct cost *cost, const struct place *place)
{
    while (place->parent->parent)
        place = place->parent;
    for (size_t i = 0; i < cost->n_roots; i++)
        if (cost->roots[i] == place)
            return;
    *PUSH(c, cost->roots, cost->n_roots) = c->plan.tests.list[place->id];
    cost->weight += WALKING;
}

static void add_pred(struct compile *c, struct cost *cost, const struct pred *pred)
{
    if (pred->path->n > 1)
        add_root(c, cost, place_at(c, pred->path));
    add_field(c, cost, work_of(c, pred), pred->path);
}

/* Whether a clause without a field has every value split into words. */
static bool splits_everything(struct compile *c)
{
    return !scan_of(c, VIEW_TEXT, c->plan.n_any, c->plan.any).sufficient;
}

static void add_expr(struct compile *c, struct cost *cost, const struct expr *e)
{
    if (e->kind == EXPR_PRED)
        add_pred(c, cost, e->pred);
    for (size_t i = 0; i < e->n; i++)
        add_expr(c, cost, e->kids[i]);
}

/* Of every record, whatever it holds. */
static bool is_asked(const struct need *need)
{
    return !need->n_discriminators && !need->n_inner && !need->never;
}

static struct cost cost_of(struct compile *c, size_t alert)
{
    struct cost cost = {.alert = &c->pack.alerts[alert], .need = &c->plan.needs[alert]};
    for (size_t i = 0; i < cost.need->n_discriminators; i++)
        add_pred(c, &cost, cost.need->discriminators[i]);
    for (size_t i = 0; i < cost.need->n_inner; i++)
        add_pred(c, &cost, cost.need->inner[i]);
    if (!is_asked(cost.need))
        return cost;
    cost.weight = LITTLE + (cost.need->everything ? EVERYTHING : 0);
    if (!cost.need->everything)
        add_expr(c, &cost, cost.alert->expr);
    return cost;
}

/* Other alerts have it walked, too. */
static bool is_shared(struct compile *c, const struct cost *cost, const struct place *root)
{
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        if (&c->pack.alerts[i] == cost->alert)
            continue;
        const struct need *need = &c->plan.needs[i];
        for (size_t k = 0; k < need->n_roots && is_asked(need); k++)
            if (need->roots[k] == root)
                return true;
        for (size_t k = 0; k < need->n_discriminators; k++)
            if (slice_eq(need->discriminators[k]->path->keys[0], root->key))
                return true;
        for (size_t k = 0; k < need->n_inner; k++)
            if (slice_eq(need->inner[k]->path->keys[0], root->key))
                return true;
    }
    return false;
}

/* ---- in words ---------------------------------------------------------------------------------------- */

static void print_work(struct compile *c, struct buffer *b, const struct cost *cost)
{
    static const char *const words[N_WORK] = {[COMPARES] = "compares ",
                                              [LOOKS] = "looks for strings in ",
                                              [RUNS] = "runs a regex over ",
                                              [SPLITS] = "splits "};
    const char *between = "";
    if (cost->need->everything && is_asked(cost->need)) {
        buffer_text(b, splits_everything(c) ? "splits every value into words"
                                            : "looks for strings in every value");
        return;
    }
    for (size_t i = 0; i < cost->n_roots; i++) {
        buffer_text(b, i ? ", " : between);
        buffer_text(b, i ? "" : "walks ");
        plain_print(b, cost->roots[i]->key);
        buffer_text(b, is_shared(c, cost, cost->roots[i]) ? "" : " (for this alert alone)");
        between = "; ";
    }
    for (int work = SPLITS; work >= COMPARES; work--) {
        for (size_t i = 0; i < cost->n_fields[work]; i++) {
            buffer_printf(b, "%s%s", i ? ", " : between, i ? "" : words[work]);
            plain_print(b, cost->fields[work][i]->name);
            between = "; ";
        }
        buffer_text(b, work == SPLITS && cost->n_fields[work] ? " into words" : "");
    }
    buffer_text(b, *between ? "" : "asks its filter");
}

/* What would make it cheaper; NULL: nothing that is known. */
static const char *advice(const struct cost *cost)
{
    if (cost->alert->expr->kind == EXPR_TRUE || cost->need->never)
        return NULL;
    if (cost->need->everything && is_asked(cost->need))
        return "name the field; or add a clause that has to hold on eventName, or on another field of the "
               "event's top level";
    if (is_asked(cost->need))
        return "say what an event must have, not only what it must not: best on eventName, or on another "
               "field of the top level";
    if (cost->need->n_inner)
        return "add a clause that has to hold on eventName, or on another field of the event's top level";
    if (cost->n_fields[SPLITS] || cost->n_fields[RUNS])
        return "give each word and regex three characters in a row that every match has";
    return NULL;
}

void cost_print_alert(struct compile *c, struct buffer *b, size_t alert)
{
    struct cost cost = cost_of(c, alert);
    if (cost.weight < LITTLE)
        return;
    buffer_text(b, "  in every record: ");
    print_work(c, b, &cost);
    buffer_char(b, '\n');
    if (advice(&cost))
        buffer_printf(b, "  cheaper: %s\n", advice(&cost));
}

static int by_weight(const void *a, const void *b)
{
    const struct cost *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return (x->alert > y->alert) - (x->alert < y->alert);
}

void cost_print(struct compile *c, struct buffer *b)
{
    struct cost *costs = NEW_ARRAY(c, struct cost, c->pack.n_alerts);
    size_t n = 0;
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        costs[n] = cost_of(c, i);
        n += costs[n].weight >= LITTLE;
    }
    qsort(costs, n, sizeof *costs, by_weight);
    buffer_text(b, "what alerts do in every record, the dearest first:\n");
    for (size_t i = 0; i < n; i++) {
        buffer_printf(b, "  %s: ", costs[i].alert->id.p);
        print_work(c, b, &costs[i]);
        buffer_char(b, '\n');
    }
    if (n < c->pack.n_alerts)
        buffer_printf(b, "  %s%zu: nothing that matters; a field of the event's top level rules them out\n",
                      n ? "the other " : "all ", c->pack.n_alerts - n);
}

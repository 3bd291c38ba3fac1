/*
 * plan.c - where the pack's questions live in a record, and which of them to ask first.
 *
 * Needs: expressions over predicates. Guarantees: two trees of places (what match() walks, what fields_of()
 * walks), and for each alert its discriminators: predicates on root fields one of which must hold if the filter does.
 * An alert with none is residual. It may have inner discriminators, which lie below: what they lie in is walked in every
 * record. Of one that has neither, every record is asked.
 */
#include <ctype.h>
#include <string.h>

#include "trailc.h"

/* ---- places ------------------------------------------------------------------------------------ */

/* ANY is what the functions for every value are called: at_any_token. */
static bool symbol_taken(const struct places *tree, struct slice symbol)
{
    return map_get(&tree->by_symbol, symbol) || slice_eq(symbol, SLICE("ANY"));
}

/* `requestParameters.groupName` -> REQUEST_PARAMETERS_GROUP_NAME; made unique by the number if need be. */
static struct slice place_symbol(struct compile *c, const struct places *tree, struct slice name, unsigned id)
{
    struct buffer b = {.c = c};
    bool was_lower = false;
    for (size_t i = 0; i < name.n && b.n < 64; i++) {
        unsigned char ch = (unsigned char)name.p[i];
        bool word = ch < 0x80 && isalnum(ch);
        if (b.n && b.p[b.n - 1] != '_' && (!word || (isupper(ch) && was_lower)))
            buffer_char(&b, '_');
        if (word)
            buffer_char(&b, (char)toupper(ch));
        was_lower = word && (islower(ch) || isdigit(ch));
    }
    if (!b.n || b.p[b.n - 1] == '_')
        buffer_printf(&b, "PLACE_%u", id);
    while (symbol_taken(tree, buffer_slice(&b)))
        buffer_printf(&b, "_%u", id);
    return buffer_slice(&b);
}

static struct place *place_new(struct compile *c, struct places *tree, struct place *parent, struct slice key)
{
    struct place *p = NEW(c, struct place);
    struct buffer name = {.c = c};
    if (parent && parent->name.n)
        buffer_printf(&name, "%.*s.", (int)parent->name.n, parent->name.p);
    buffer_add(&name, key.p, key.n);
    p->id = (unsigned)tree->n;
    p->key = key;
    p->name = buffer_slice(&name);
    p->parent = parent;
    p->symbol = parent ? place_symbol(c, tree, p->name, p->id) : SLICE("RECORD");
    *map_at(c, &tree->by_symbol, p->symbol) = p;
    *PUSH(c, tree->list, tree->n) = p;
    return p;
}

static struct place *place_kid(struct compile *c, struct places *tree, struct place *parent, struct slice key)
{
    void **known = map_at(c, &parent->by_key, key);
    if (*known)
        return *known;
    struct place *kid = *known = place_new(c, tree, parent, key);
    kid->index = parent->n_kids;
    *PUSH(c, parent->kids, parent->n_kids) = kid;
    return kid;
}

static struct place *place_of(struct compile *c, struct places *tree, const struct path *path)
{
    struct place *p = tree->list[0];
    for (size_t i = 0; i < path->n; i++)
        p = place_kid(c, tree, p, path->keys[i]);
    return p;
}

static struct place *root_of(struct places *tree, const struct path *path)
{
    return map_get(&tree->list[0]->by_key, path->keys[0]);
}

/*
 * A value at a place answers EXISTS for the place and all above it. Where such a question stands, or one
 * about every value, keys that the tree does not know must be followed too: they lead `below`.
 */
static void spread_exists(struct compile *c, struct places *tree, struct place *p, bool any)
{
    size_t own = p->n_exists;
    struct pred **exists = p->exists;
    p->n_exists = 0;
    p->exists = NULL;
    for (size_t i = 0; i < own; i++)
        *PUSH(c, p->exists, p->n_exists) = exists[i];
    for (size_t i = 0; p->parent && i < p->parent->n_exists; i++)
        *PUSH(c, p->exists, p->n_exists) = p->parent->exists[i];
    if (own || (any && !p->parent)) {
        p->below = place_new(c, tree, p, SLICE("anything below"));
        p->below->n_exists = p->n_exists;
        p->below->exists = p->exists;
        p->below->below = p->below;
    } else if (p->parent) {
        p->below = p->parent->below;
    }
    for (size_t i = 0; i < p->n_kids; i++)
        spread_exists(c, tree, p->kids[i], any);
}

static void plant_tests(struct compile *c, struct plan *plan)
{
    place_new(c, &plan->tests, NULL, SLICE(""));
    place_of(c, &plan->tests, c->pack.time)->is_time = true;
    for (size_t i = 0; i < c->n_preds; i++) {
        struct pred *pred = c->preds[i];
        if (!pred->path) {
            *PUSH(c, plan->any, plan->n_any) = pred;
            continue;
        }
        struct place *p = place_of(c, &plan->tests, pred->path);
        if (pred->kind == TEST_EXISTS)
            *PUSH(c, p->exists, p->n_exists) = pred;
        else
            *PUSH(c, p->preds, p->n_preds) = pred;
    }
    spread_exists(c, &plan->tests, plan->tests.list[0], plan->n_any > 0);
}

/* ---- fields ------------------------------------------------------------------------------------ */

static void add_field(struct compile *c, struct plan *plan, struct path *path)
{
    if (path && plan->field[path->id])
        return;
    *PUSH(c, plan->names, plan->n_names) = path;
    if (path)
        place_of(c, &plan->fields, path)->field = plan->field[path->id] = plan->n_names;
}

size_t plan_field(const struct compile *c, const struct path *path)
{
    return c->plan.field[path->id] - 1;
}

static void add_fields(struct compile *c, struct plan *plan, size_t n, struct path **paths)
{
    for (size_t i = 0; i < n; i++)
        add_field(c, plan, paths[i]);
}

static void plant_fields(struct compile *c, struct plan *plan)
{
    const struct pack *pack = &c->pack;
    plan->field = NEW_ARRAY(c, size_t, c->n_paths + 1);
    place_new(c, &plan->fields, NULL, SLICE(""));
    add_field(c, plan, pack->time);
    /* The fixed fields keep their positions even where two are the same path. */
    struct path *fixed[] = {pack->event_id, pack->application, pack->subsystem};
    for (size_t i = 0; i < 3; i++) {
        size_t before = plan->n_names;
        add_field(c, plan, fixed[i]);
        if (plan->n_names == before)
            *PUSH(c, plan->names, plan->n_names) = NULL;
    }
    for (size_t i = 0; i < pack->n_alerts; i++) {
        const struct alert *a = &pack->alerts[i];
        add_fields(c, plan, a->n_group_by, a->group_by);
        add_fields(c, plan, a->n_breakdown, a->breakdown);
        add_fields(c, plan, a->n_show, a->show);
    }
}

/* ---- discriminators ------------------------------------------------------------------------------ */

/* A set of predicates and how often one of them is expected to hold, in arbitrary units. */
struct choice {
    bool possible;
    unsigned cost;
    size_t n;
    struct pred **preds;
};

/* What a record costs that passes: names of API calls are rare, services are few. */
static unsigned cost_of(const struct pred *pred)
{
    static const struct {
        const char *field;
        unsigned cost;
    } rare[] = {{"eventName", 1}, {"errorCode", 4}, {"eventSource", 24}, {"eventType", 64}};
    static const unsigned by_kind[] = {
        [TEST_TOKENS] = 1,  [TEST_EQUALS] = 1,        [TEST_TOKEN_REGEX] = 4,   [TEST_REGEX] = 4,
        [TEST_EXISTS] = 32, [TEST_STRING_RANGE] = 16, [TEST_NUMBER_RANGE] = 16, [TEST_IP_RANGE] = 16,
    };
    unsigned field = 12;
    for (size_t i = 0; i < sizeof rare / sizeof *rare; i++)
        if (slice_eq(pred->path->name, slice_of(rare[i].field)))
            field = rare[i].cost;
    return field * by_kind[pred->kind];
}

/* The cheapest set of predicates of which one holds whenever the expression does: of those on root fields, or of
 * all that have a field. */
static struct choice choose(struct compile *c, const struct expr *e, bool roots)
{
    struct choice best = {0};
    switch (e->kind) {
    case EXPR_PRED:
        if (e->pred->path && (!roots || e->pred->path->n == 1)) {
            best.possible = true;
            best.cost = cost_of(e->pred);
            *PUSH(c, best.preds, best.n) = e->pred;
        }
        break;
    case EXPR_AND:
        for (size_t i = 0; i < e->n; i++) {
            struct choice kid = choose(c, e->kids[i], roots);
            if (kid.possible && (!best.possible || kid.cost < best.cost))
                best = kid;
        }
        break;
    case EXPR_OR:
        best.possible = true;
        for (size_t i = 0; i < e->n && best.possible; i++) {
            struct choice kid = choose(c, e->kids[i], roots);
            best.possible = kid.possible;
            best.cost += kid.cost;
            for (size_t k = 0; kid.possible && k < kid.n; k++)
                *PUSH(c, best.preds, best.n) = kid.preds[k];
        }
        break;
    case EXPR_FALSE: best.possible = true; break; /* the empty set: never a candidate */
    case EXPR_TRUE:
    case EXPR_NOT: break; /* holds where fields are absent */
    }
    return best;
}

static void add_roots(struct compile *c, struct plan *plan, struct need *need, const struct expr *e)
{
    for (size_t i = 0; i < e->n; i++)
        add_roots(c, plan, need, e->kids[i]);
    if (e->kind != EXPR_PRED)
        return;
    if (!e->pred->path) {
        need->everything = true;
        return;
    }
    struct place *root = root_of(&plan->tests, e->pred->path);
    for (size_t i = 0; i < need->n_roots; i++)
        if (need->roots[i] == root)
            return;
    *PUSH(c, need->roots, need->n_roots) = root;
}

static void plan_alert(struct compile *c, struct plan *plan, size_t alert)
{
    const struct expr *e = c->pack.alerts[alert].expr;
    struct need *need = &plan->needs[alert];
    struct choice choice = choose(c, e, true);
    need->never = e->kind == EXPR_FALSE;
    if (choice.possible) {
        need->n_discriminators = choice.n;
        need->discriminators = choice.preds;
    } else if ((choice = choose(c, e, false)).possible) {
        need->n_inner = choice.n;
        need->inner = choice.preds;
    }
    for (size_t i = 0; i < choice.n && choice.possible; i++) {
        struct wanted *w = &plan->wanted[choice.preds[i]->id];
        *PUSH(c, w->alerts, w->n) = alert;
    }
    add_roots(c, plan, need, e);
}

void plan(struct compile *c)
{
    struct plan *plan = &c->plan;
    *plan = (struct plan){0};
    unite(c);
    plant_tests(c, plan);
    plant_fields(c, plan);
    plan->needs = NEW_ARRAY(c, struct need, c->pack.n_alerts);
    plan->wanted = NEW_ARRAY(c, struct wanted, c->n_preds + 1);
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        plan_alert(c, plan, i);
    sieve(c);
    within(c);
}

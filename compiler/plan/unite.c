/*
 * unite.c - values that are only ever asked about together share one bit.
 *
 * Needs: expressions. Guarantees: pred.set for each value of a list, or of a long OR, that no filter asks about
 * without the others. A list of 100,000 addresses then is one test of a record, and one term of a filter.
 *
 * Two predicates are in one set if they are in the same ORs, and nowhere else. Each OR divides the sets that were
 * there before into what is in it and what is not: a predicate's class is what its ORs were, and the next OR makes
 * a new class of the old one.
 */
#include "trailc.h"

enum { MIN_SET = 64 /* fewer are better read as a switch */ };

struct classes {
    struct compile *c;
    uint32_t n_places; /* ANDs, ORs and NOTs so far */
    uint32_t n;
    uint32_t *of;         /* by predicate */
    struct map divisions; /* {old class, place} -> the same and the new class */
};

static bool can_unite(const struct pred *p)
{
    return p->kind == TEST_EQUALS || p->kind == TEST_TOKENS || p->kind == TEST_IP_RANGE ||
           p->kind == TEST_NUMBER_RANGE;
}

static void divide(struct classes *s, const struct pred *p, uint32_t place)
{
    uint32_t *key = NEW_ARRAY(s->c, uint32_t, 3);
    key[0] = s->of[p->id];
    key[1] = place;
    void **made = map_at(s->c, &s->divisions, (struct slice){(const char *)key, 2 * sizeof *key});
    if (!*made) {
        key[2] = ++s->n;
        *made = key;
    }
    s->of[p->id] = ((const uint32_t *)*made)[2];
}

/* Recursion is bounded by the parser's limit on parentheses. */
static void divide_all(struct classes *s, const struct expr *e)
{
    uint32_t place = ++s->n_places;
    for (size_t i = 0; i < e->n; i++) {
        if (e->kids[i]->kind != EXPR_PRED)
            divide_all(s, e->kids[i]);
        else
            divide(s, e->kids[i]->pred, e->kind == EXPR_OR ? place : ++s->n_places);
    }
    if (e->kind == EXPR_PRED)
        divide(s, e->pred, place);
}

void unite(struct compile *c)
{
    struct classes s = {.c = c, .of = NEW_ARRAY(c, uint32_t, c->n_preds + 1)};
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        divide_all(&s, c->pack.alerts[i].expr);
    struct value_set **sets = NEW_ARRAY(c, struct value_set *, (size_t)s.n + 1);
    for (size_t i = 0; i < c->n_preds; i++) {
        struct pred *p = c->preds[i];
        struct value_set **set = &sets[s.of[i]];
        if (!can_unite(p))
            continue;
        if (!*set) {
            *set = NEW(c, struct value_set);
            (*set)->first = p;
        }
        (*set)->n++;
        p->set = *set;
    }
    for (size_t i = 0; i < c->n_preds; i++) {
        struct pred *p = c->preds[i];
        if (p->set && p->set->n < MIN_SET)
            p->set = NULL;
        else if (p->set && p->set->first == p)
            p->set->symbol = diag_format(c, "ONE_OF_%zu_%s", p->set->n, p->symbol.p);
    }
}

/*
 * satisfy.c - can these formulas be so at once?
 *
 * Needs: expressions, and the implications of their predicates. Guarantees: NO only if no truth of the
 * predicates that the implications allow meets the demands, YES only if one does.
 *
 * A search with forced moves first (DPLL, on the formulas as they stand): what must hold for a demand to be
 * met is set, with all that it implies, until nothing is forced any more; then one open predicate is tried
 * both ways. Implications are closed under setting, so the predicates that are left open at the end can all
 * be false.
 */
#include <string.h>

#include "logic.h"

enum { MAX_GUESSES = 64 }; /* on top of each other */

enum { OPEN = -1 };

/* 1, 0 or OPEN. Recursion is bounded by the parser's limit on parentheses. */
static int truth_of(struct logic *s, const struct expr *e)
{
    if (s->steps > 0)
        s->steps--;
    switch (e->kind) {
    case EXPR_TRUE: return 1;
    case EXPR_FALSE: return 0;
    case EXPR_PRED: return s->truth[e->pred->id];
    case EXPR_NOT: {
        int kid = truth_of(s, e->kids[0]);
        return kid == OPEN ? OPEN : !kid;
    }
    case EXPR_AND:
    case EXPR_OR: break;
    }
    int neutral = e->kind == EXPR_AND, result = neutral;
    for (size_t i = 0; i < e->n && result != !neutral; i++) {
        int kid = truth_of(s, e->kids[i]);
        if (kid != neutral)
            result = kid;
    }
    return result;
}

/* ---- forced moves ---------------------------------------------------------------------------------- */

/* Sets a predicate and what follows from it; false: it is the other way already. */
static bool set_pred(struct logic *s, unsigned id, int to)
{
    size_t next = s->n_set;
    if (s->truth[id] != OPEN)
        return s->truth[id] == to;
    s->truth[id] = (signed char)to;
    s->set[s->n_set++] = id;
    for (; next < s->n_set; next++) {
        const struct ids *follow = to ? &s->implications.of[s->set[next]] : &s->implications.by[s->set[next]];
        for (size_t i = 0; i < follow->n; i++) {
            signed char *truth = &s->truth[follow->list[i]];
            if (*truth != OPEN && *truth != to)
                return false;
            if (*truth == OPEN) {
                *truth = (signed char)to;
                s->set[s->n_set++] = follow->list[i];
            }
        }
    }
    return true;
}

static bool force(struct logic *s, const struct expr *e, int to);

/* An AND that is to be false, an OR that is to be true: the last kid that is left open has to make it so. */
static bool force_one(struct logic *s, const struct expr *e, int to)
{
    const struct expr *left = NULL;
    size_t n_left = 0;
    for (size_t i = 0; i < e->n && n_left < 2; i++) {
        int kid = truth_of(s, e->kids[i]);
        if (kid == to)
            return true;
        if (kid == OPEN) {
            left = e->kids[i];
            n_left++;
        }
    }
    return n_left == 0 ? false : n_left == 1 ? force(s, left, to) : true;
}

/* Sets what the demand leaves no choice about; false: it cannot be met. */
static bool force(struct logic *s, const struct expr *e, int to)
{
    if (s->steps > 0)
        s->steps--;
    switch (e->kind) {
    case EXPR_TRUE: return to == 1;
    case EXPR_FALSE: return to == 0;
    case EXPR_PRED: return set_pred(s, e->pred->id, to);
    case EXPR_NOT: return force(s, e->kids[0], !to);
    case EXPR_AND:
    case EXPR_OR: break;
    }
    if ((e->kind == EXPR_AND) != (to == 1))
        return force_one(s, e, to);
    for (size_t i = 0; i < e->n; i++)
        if (!force(s, e->kids[i], to))
            return false;
    return true;
}

static bool force_all(struct logic *s)
{
    size_t before;
    do {
        before = s->n_set;
        for (size_t i = 0; i < s->n; i++)
            if (!force(s, s->demands[i].expr, s->demands[i].is))
                return false;
    } while (s->n_set > before);
    return true;
}

/* ---- guesses --------------------------------------------------------------------------------------- */

static const struct pred *open_pred(struct logic *s, const struct expr *e)
{
    if (e->kind == EXPR_PRED)
        return s->truth[e->pred->id] == OPEN ? e->pred : NULL;
    for (size_t i = 0; i < e->n; i++) {
        const struct pred *p = truth_of(s, e->kids[i]) == OPEN ? open_pred(s, e->kids[i]) : NULL;
        if (p)
            return p;
    }
    return NULL;
}

/* A predicate that a demand still hangs on; NULL: all are met. */
static const struct pred *undecided(struct logic *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (truth_of(s, s->demands[i].expr) == OPEN)
            return open_pred(s, s->demands[i].expr);
    return NULL;
}

static enum answer search(struct logic *s, unsigned guesses)
{
    size_t before = s->n_set;
    enum answer answer = ANSWER_NO;
    if (force_all(s)) {
        const struct pred *p = undecided(s);
        if (!p)
            return ANSWER_YES;
        if (guesses == MAX_GUESSES || s->steps == 0)
            answer = ANSWER_UNKNOWN;
        for (int to = 1; to >= 0 && answer == ANSWER_NO; to--) {
            size_t here = s->n_set;
            if (set_pred(s, p->id, to))
                answer = search(s, guesses + 1);
            if (answer == ANSWER_YES)
                return answer;
            while (s->n_set > here)
                s->truth[s->set[--s->n_set]] = OPEN;
        }
    }
    while (s->n_set > before)
        s->truth[s->set[--s->n_set]] = OPEN;
    return answer;
}

struct logic *logic_new(struct compile *c)
{
    struct logic *s = NEW(c, struct logic);
    s->implications = implications(c);
    s->truth = NEW_ARRAY(c, signed char, c->n_preds + 1);
    s->set = NEW_ARRAY(c, unsigned, c->n_preds + 1);
    memset(s->truth, OPEN, c->n_preds + 1);
    return s;
}

enum answer satisfiable(struct logic *s, size_t n, const struct demand *demands)
{
    s->n = n;
    s->demands = demands;
    enum answer answer = search(s, 0);
    while (s->n_set > 0)
        s->truth[s->set[--s->n_set]] = OPEN;
    return answer;
}

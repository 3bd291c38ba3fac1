/*
 * automaton.c - NFAs of regexes.
 *
 * Thompson's NFA, and its simulation. Its size is bounded before it is built: a regex comes from whoever writes
 * rules, and may be anything.
 */
#include <stdlib.h>
#include <string.h>

#include "automaton.h"
#include "trail/text.h"

enum { MAX_NFA = 1 << 16 /* states of an NFA: counted repetitions are written out */ };

/* ---- NFA ----------------------------------------------------------------------------------------- */

/* How many states the tree needs, MAX_NFA + 1 for any number above. */
static size_t nfa_size(const struct tree *t)
{
    size_t n = t->kind == RE_SET;
    for (size_t i = 0; i < t->n && n <= MAX_NFA; i++)
        n += nfa_size(t->kids[i]) + (t->kind == RE_ALT);
    if (t->kind == RE_REPEAT) {
        size_t copies = t->max == UNBOUNDED ? (t->min ? t->min : 1) : t->max;
        if (n > MAX_NFA || copies > MAX_NFA || (n + 1) * copies > MAX_NFA)
            return MAX_NFA + 1;
        n = (n + 1) * copies;
    }
    return n > MAX_NFA ? MAX_NFA + 1 : n;
}

static uint32_t add_state(struct nfa *nfa, struct nfa_state state)
{
    *PUSH(nfa->c, nfa->states, nfa->n) = state;
    return (uint32_t)(nfa->n - 1);
}

static uint32_t set_index(struct nfa *nfa, const struct charset *set)
{
    for (size_t i = 0; i < nfa->n_sets; i++)
        if (nfa->sets[i] == set || charset_eq(nfa->sets[i], set))
            return (uint32_t)i;
    *PUSH(nfa->c, nfa->sets, nfa->n_sets) = set;
    return (uint32_t)(nfa->n_sets - 1);
}

static uint32_t add_tree(struct nfa *, const struct tree *, uint32_t next);

static uint32_t add_repeat(struct nfa *nfa, const struct tree *t, uint32_t next)
{
    const struct tree *kid = t->kids[0];
    unsigned more = t->max == UNBOUNDED ? 0 : t->max - t->min, copies = t->min;
    if (t->max == UNBOUNDED) {
        uint32_t loop = add_state(nfa, (struct nfa_state){.kind = NFA_SPLIT, .alt = next});
        uint32_t body = add_tree(nfa, kid, loop);
        nfa->states[loop].out = body;
        /* `x+`: the loop's own body is the one that must be. */
        next = copies ? body : loop;
        copies -= copies > 0;
    }
    for (uint32_t after = next; more > 0; more--) {
        uint32_t body = add_tree(nfa, kid, next);
        next = add_state(nfa, (struct nfa_state){.kind = NFA_SPLIT, .out = body, .alt = after});
    }
    for (; copies > 0; copies--)
        next = add_tree(nfa, kid, next);
    return next;
}

/* Adds states that read the tree and go on at `next`; returns the first. */
static uint32_t add_tree(struct nfa *nfa, const struct tree *t, uint32_t next)
{
    switch (t->kind) {
    case RE_EMPTY: return next;
    case RE_SET: {
        uint32_t set = set_index(nfa, t->set);
        return add_state(nfa, (struct nfa_state){.kind = NFA_SET, .set = set, .out = next});
    }
    case RE_CAT:
        for (size_t i = t->n; i > 0; i--)
            next = add_tree(nfa, t->kids[i - 1], next);
        return next;
    case RE_ALT: {
        uint32_t first = add_tree(nfa, t->kids[t->n - 1], next);
        for (size_t i = t->n - 1; i > 0; i--) {
            uint32_t kid = add_tree(nfa, t->kids[i - 1], next);
            first = add_state(nfa, (struct nfa_state){.kind = NFA_SPLIT, .out = kid, .alt = first});
        }
        return first;
    }
    case RE_REPEAT: break;
    }
    return add_repeat(nfa, t, next);
}

/* NULL: too large. */
struct nfa *nfa_build(struct compile *c, const struct tree *t)
{
    if (nfa_size(t) > MAX_NFA)
        return NULL;
    struct nfa *nfa = NEW(c, struct nfa);
    nfa->c = c;
    uint32_t match = add_state(nfa, (struct nfa_state){.kind = NFA_MATCH});
    nfa->start = add_tree(nfa, t, match);
    return nfa;
}

/* ---- sets of NFA states ------------------------------------------------------------------------------ */

struct members members_new(struct compile *c, const struct nfa *nfa)
{
    return (struct members){.states = NEW_ARRAY(c, uint32_t, nfa->n),
                            .seen = NEW_ARRAY(c, uint32_t, nfa->n),
                            .stack = NEW_ARRAY(c, uint32_t, nfa->n * 2 + 1)};
}

void members_clear(struct members *m)
{
    m->n = 0;
    m->match = false;
    m->stamp++;
}

/* Adds what can be reached from `from` without reading. */
void members_add(struct members *m, const struct nfa *nfa, uint32_t from)
{
    size_t depth = 0;
    m->stack[depth++] = from;
    while (depth > 0) {
        uint32_t at = m->stack[--depth];
        const struct nfa_state *s = &nfa->states[at];
        m->work++;
        if (m->seen[at] == m->stamp)
            continue;
        m->seen[at] = m->stamp;
        switch (s->kind) {
        case NFA_MATCH: m->match = true; break;
        case NFA_SET: m->states[m->n++] = at; break;
        case NFA_SPLIT:
            m->stack[depth++] = s->alt;
            m->stack[depth++] = s->out;
            break;
        }
    }
}

bool tree_matches(const struct tree *t, struct slice text)
{
    struct compile scratch = {.arena = arena_new()};
    struct nfa *nfa = nfa_build(&scratch, t);
    bool match = false;
    if (nfa) {
        struct members now = members_new(&scratch, nfa), next = members_new(&scratch, nfa);
        const unsigned char *at = (const unsigned char *)text.p, *end = at + text.n;
        members_clear(&now);
        members_add(&now, nfa, nfa->start);
        while (at < end && now.n > 0) {
            unsigned width;
            uint32_t symbol = trail_decode(at, end, &width);
            members_clear(&next);
            for (size_t i = 0; i < now.n; i++) {
                const struct nfa_state *s = &nfa->states[now.states[i]];
                if (charset_has(nfa->sets[s->set], symbol))
                    members_add(&next, nfa, s->out);
            }
            struct members swap = now;
            now = next;
            next = swap;
            at += width;
        }
        match = at == end && now.match;
    }
    arena_free(scratch.arena);
    return match;
}

/* ---- the same by a DFA --------------------------------------------------------------------------- */

/* The atom of a symbol, or NONE. */
static uint32_t atom_of(const struct atoms *a, uint32_t symbol)
{
    size_t low = 0, high = a->n_ranges;
    if (high == 0 || symbol < a->starts[0])
        return NONE;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (a->starts[middle] <= symbol)
            low = middle;
        else
            high = middle;
    }
    return a->atom_of[low];
}

/* Where an atom leads, or NONE: no text that goes on so is in the language. */
static uint32_t move_to(const struct dfa *d, uint32_t state, uint32_t atom)
{
    uint32_t low = d->first[state], end = d->first[state + 1], high = end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (d->moves[middle].atom < atom)
            low = middle + 1;
        else
            high = middle;
    }
    return low < end && d->moves[low].atom == atom ? d->moves[low].to : NONE;
}

bool dfa_accepts(const struct dfa *d, struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.p, *end = at + text.n;
    uint32_t state = d->start;
    unsigned width;
    for (; at < end && state != NONE; at += width) {
        uint32_t atom = atom_of(d->atoms, trail_decode(at, end, &width));
        state = atom == NONE ? NONE : move_to(d, state, atom);
    }
    return state != NONE && d->match[state];
}

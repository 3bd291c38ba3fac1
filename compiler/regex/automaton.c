/*
 * automaton.c - machines of regexes.
 *
 * Thompson's NFA and the subset construction. Everything is bounded before it is built: a regex comes from
 * whoever writes rules, and may be anything.
 */
#include <stdlib.h>
#include <string.h>

#include "automaton.h"
#include "trail/text.h"

enum {
    MAX_NFA = 1 << 16,       /* states of an NFA: counted repetitions are written out */
    MAX_ATOM_WORK = 4000000, /* sets times ranges */
    MAX_MEMBERS = 16 << 20,  /* NFA states in all DFA states together */
    MAX_MOVES = 4 << 20,     /* of a DFA */
};

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

/* ---- atoms: symbols that no set tells apart ----------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t range_at(const struct atoms *a, uint32_t symbol)
{
    size_t low = 0, high = a->n_ranges;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (a->starts[middle] <= symbol)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void cut_ranges(struct compile *c, struct atoms *a, const struct nfa *nfa)
{
    size_t n = 0;
    *PUSH(c, a->starts, n) = 0;
    for (size_t i = 0; i < nfa->n_sets; i++) {
        for (size_t j = 0; j < nfa->sets[i]->n; j++) {
            *PUSH(c, a->starts, n) = nfa->sets[i]->ranges[j].first;
            *PUSH(c, a->starts, n) = nfa->sets[i]->ranges[j].last + 1;
        }
    }
    qsort(a->starts, n, sizeof *a->starts, by_value);
    for (size_t i = 0; i < n; i++)
        if (a->n_ranges == 0 || a->starts[a->n_ranges - 1] != a->starts[i])
            a->starts[a->n_ranges++] = a->starts[i];
}

/* One group of ranges on the way: what it becomes when the set `by` takes part of it. */
struct split {
    uint32_t by, to;
};

/* Splits groups of ranges by each set in turn. A range in no set stays in group 0. False: too much work. */
static bool group_ranges(struct compile *c, struct atoms *a, const struct nfa *nfa)
{
    uint32_t *group = NEW_ARRAY(c, uint32_t, a->n_ranges);
    struct split *splits = NULL;
    size_t n_groups = 0, work = 0;
    PUSH(c, splits, n_groups)->by = NONE;
    for (uint32_t i = 0; i < nfa->n_sets; i++) {
        for (size_t j = 0; j < nfa->sets[i]->n; j++) {
            struct range in = nfa->sets[i]->ranges[j];
            for (size_t r = range_at(a, in.first); r < a->n_ranges && a->starts[r] <= in.last; r++) {
                if (++work > MAX_ATOM_WORK)
                    return false;
                uint32_t old = group[r];
                if (splits[old].by != i) {
                    splits[old] = (struct split){i, (uint32_t)n_groups};
                    PUSH(c, splits, n_groups)->by = NONE;
                }
                group[r] = splits[old].to;
            }
        }
    }
    uint32_t *atom = NEW_ARRAY(c, uint32_t, n_groups);
    a->atom_of = NEW_ARRAY(c, uint32_t, a->n_ranges);
    for (size_t r = 0; r < a->n_ranges; r++) {
        if (group[r] && !atom[group[r]])
            atom[group[r]] = (uint32_t)++a->n;
        a->atom_of[r] = group[r] ? atom[group[r]] - 1 : NONE;
    }
    return true;
}

static struct atoms *atoms_build(struct compile *c, const struct nfa *nfa)
{
    struct atoms *a = NEW(c, struct atoms);
    cut_ranges(c, a, nfa);
    if (!group_ranges(c, a, nfa))
        return NULL;
    a->n_of_set = NEW_ARRAY(c, size_t, nfa->n_sets);
    a->of_set = NEW_ARRAY(c, uint32_t *, nfa->n_sets);
    uint32_t *seen = NEW_ARRAY(c, uint32_t, a->n);
    for (uint32_t i = 0; i < nfa->n_sets; i++) {
        for (size_t j = 0; j < nfa->sets[i]->n; j++) {
            struct range in = nfa->sets[i]->ranges[j];
            for (size_t r = range_at(a, in.first); r < a->n_ranges && a->starts[r] <= in.last; r++) {
                uint32_t atom = a->atom_of[r];
                if (seen[atom] == i + 1)
                    continue;
                seen[atom] = i + 1;
                *PUSH(c, a->of_set[i], a->n_of_set[i]) = atom;
            }
        }
    }
    return a;
}

/* ---- subset construction ---------------------------------------------------------------------------------
 */

/* A DFA state while its moves are not known: its NFA states. */
struct subset {
    uint32_t *states;
    size_t n;
    uint32_t next; /* with the same hash */
    bool match;
};

/* NFA states to go on at, after one atom. */
struct targets {
    size_t n, room;
    uint32_t *states;
};

struct construction {
    struct compile *c;
    const struct nfa *nfa;
    const struct atoms *atoms;
    struct members members;
    size_t n_subsets, max_states, n_members;
    struct subset *subsets;
    uint32_t *table; /* hash -> subset */
    size_t n_moves;
    struct move *moves;
    struct targets *targets; /* by atom */
};

enum { TABLE = 1 << 14 };

/* The subset of the members; NONE when there would be too many. */
static uint32_t subset_of(struct construction *k)
{
    struct members *m = &k->members;
    qsort(m->states, m->n, sizeof *m->states, by_value);
    uint32_t hash = m->match;
    for (size_t i = 0; i < m->n; i++)
        hash = (hash ^ m->states[i]) * 0x9E3779B1U;
    m->work += m->n;
    uint32_t *bucket = &k->table[hash >> 18];
    for (uint32_t i = *bucket; i != NONE; i = k->subsets[i].next) {
        const struct subset *s = &k->subsets[i];
        if (s->n == m->n && s->match == m->match &&
            (s->n == 0 || memcmp(s->states, m->states, s->n * sizeof *s->states) == 0))
            return i;
    }
    k->n_members += m->n;
    if (k->n_subsets >= k->max_states || k->n_members > MAX_MEMBERS)
        return NONE;
    struct subset *s = PUSH(k->c, k->subsets, k->n_subsets);
    *s = (struct subset){.n = m->n, .match = m->match, .next = *bucket};
    if (m->n) {
        s->states = NEW_ARRAY(k->c, uint32_t, m->n);
        memcpy(s->states, m->states, m->n * sizeof *s->states);
    }
    *bucket = (uint32_t)(k->n_subsets - 1);
    return *bucket;
}

static void target(struct compile *c, struct targets *t, uint32_t state)
{
    if (t->n == t->room) {
        uint32_t *grown = NEW_ARRAY(c, uint32_t, t->room * 2 + 4);
        if (t->n)
            memcpy(grown, t->states, t->n * sizeof *grown);
        t->states = grown;
        t->room = t->room * 2 + 4;
    }
    t->states[t->n++] = state;
}

/* Adds the moves of subset i; false when that is too much. */
static bool add_moves(struct construction *k, uint32_t i, uint64_t work)
{
    struct subset subset = k->subsets[i];
    for (size_t a = 0; a < k->atoms->n; a++)
        k->targets[a].n = 0;
    for (size_t j = 0; j < subset.n; j++) {
        const struct nfa_state *s = &k->nfa->states[subset.states[j]];
        for (size_t a = 0; a < k->atoms->n_of_set[s->set]; a++) {
            uint32_t atom = k->atoms->of_set[s->set][a];
            target(k->c, &k->targets[atom], s->out);
            k->members.work++;
        }
    }
    for (uint32_t a = 0; a < k->atoms->n; a++) {
        if (k->targets[a].n == 0)
            continue;
        members_clear(&k->members);
        for (size_t j = 0; j < k->targets[a].n; j++)
            members_add(&k->members, k->nfa, k->targets[a].states[j]);
        uint32_t to = subset_of(k);
        if (to == NONE || k->members.work > work || k->n_moves >= MAX_MOVES)
            return false;
        *PUSH(k->c, k->moves, k->n_moves) = (struct move){a, to};
    }
    return true;
}

struct dfa *dfa_build(struct compile *c, const struct tree *t, size_t max_states, uint64_t work)
{
    const struct nfa *nfa = nfa_build(c, t);
    const struct atoms *atoms = nfa ? atoms_build(c, nfa) : NULL;
    if (!atoms)
        return NULL;
    struct construction k = {.c = c, .nfa = nfa, .atoms = atoms, .max_states = max_states};
    k.members = members_new(c, nfa);
    k.targets = NEW_ARRAY(c, struct targets, atoms->n);
    k.table = NEW_ARRAY(c, uint32_t, TABLE);
    memset(k.table, 0xFF, TABLE * sizeof *k.table);
    members_clear(&k.members);
    members_add(&k.members, nfa, nfa->start);
    if (subset_of(&k) == NONE)
        return NULL;
    struct dfa *dfa = NEW(c, struct dfa);
    size_t n_first = 0;
    for (uint32_t i = 0; i < k.n_subsets; i++) {
        *PUSH(c, dfa->first, n_first) = (uint32_t)k.n_moves;
        if (!add_moves(&k, i, work))
            return NULL;
    }
    *PUSH(c, dfa->first, n_first) = (uint32_t)k.n_moves;
    dfa->atoms = atoms;
    dfa->n = k.n_subsets;
    dfa->n_moves = k.n_moves;
    dfa->moves = k.moves;
    dfa->match = NEW_ARRAY(c, bool, dfa->n);
    for (size_t i = 0; i < dfa->n; i++)
        dfa->match[i] = k.subsets[i].match;
    return dfa;
}

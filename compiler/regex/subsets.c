/*
 * subsets.c - DFAs, by the subset construction.
 *
 * Needs: a regex of any size. Guarantees: a DFA of its language, not minimal; or NULL after a bounded amount of
 * work and memory. What a subset can do without is left out before it is looked up, so that the DFA is seldom
 * much larger than the minimal one.
 */
#include <stdlib.h>
#include <string.h>

#include "automaton.h"

enum {
    MAX_ATOM_WORK = 4000000, /* sets times ranges */
    MAX_SUBSETS = 1 << 18,
    MAX_MEMBERS = 16 << 20, /* in all subsets together */
    MAX_MOVES = 1 << 20,
    MAX_CLOSURES = 4 << 20, /* NFA states in those that are kept */
    SUBSET_WORK = 256,      /* steps that a new subset costs … */
    MOVE_WORK = 128,        /* … and a move, minimisation included */
};

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

/* ---- construction --------------------------------------------------------------------------------------- */

/* A DFA state while its moves are not known: its NFA states, in any order. */
struct subset {
    uint32_t *states;
    size_t n;
    uint32_t hash, next; /* of those in the same bucket */
    bool match;
};

/* NFA states, to go on at after one atom. */
struct targets {
    size_t n, room;
    uint32_t *states;
};

/* What can be reached from an NFA state without reading. */
struct closure {
    bool known, match;
    uint32_t n;
    uint32_t *states;
};

struct construction {
    struct compile *c;
    const struct nfa *nfa;
    const struct atoms *atoms;
    struct simulation *simulation; /* or NULL */
    uint32_t sink;                 /* a state that reads all that follows; NONE */
    struct members members, alone;
    uint32_t *kept; /* state -> the members' stamp, if it is one that was not left out */
    size_t n_closures, n_subsets, n_members, n_moves;
    struct closure *closures; /* by NFA state */
    struct subset *subsets;
    uint32_t *table; /* hash -> subset */
    struct move *moves;
    struct targets *targets; /* by atom */
};

enum { TABLE_BITS = 14 };

/* The state of a `.*` at the end: it stands in for every other. It is looked for apart, for regexes that are too
 * long for simulation.c. */
static uint32_t sink_of(struct compile *c, const struct nfa *nfa)
{
    enum { MAX_WORK = 1 << 16 };
    struct members m = members_new(c, nfa);
    const struct charset *any = charset_any(c);
    for (uint32_t i = 0; i < nfa->n && m.work < MAX_WORK; i++) {
        const struct nfa_state *s = &nfa->states[i];
        if (s->kind != NFA_SET || !charset_eq(nfa->sets[s->set], any))
            continue;
        members_clear(&m);
        members_add(&m, nfa, s->out);
        if (m.match && m.seen[i] == m.stamp)
            return i;
    }
    return NONE;
}

/* Leaves out members without which the language is the same. */
static void leave_out(struct construction *k)
{
    struct members *m = &k->members;
    if (k->sink != NONE && m->match && m->seen[k->sink] == m->stamp) {
        m->states[0] = k->sink;
        m->n = 1;
    } else if (k->simulation) {
        simulation_prune(k->simulation, m);
    }
}

static uint32_t mixed(uint32_t x)
{
    x = (x ^ x >> 16) * 0x7FEB352DU;
    x = (x ^ x >> 15) * 0x846CA68BU;
    return x ^ x >> 16;
}

static bool is_subset(const struct construction *k, const struct subset *s, uint32_t hash)
{
    const struct members *m = &k->members;
    if (s->hash != hash || s->n != m->n || s->match != m->match)
        return false;
    for (size_t i = 0; i < s->n; i++)
        if (k->kept[s->states[i]] != m->stamp)
            return false;
    return true;
}

static uint32_t *copy_states(struct compile *c, const struct members *m)
{
    uint32_t *states = NEW_ARRAY(c, uint32_t, m->n);
    if (m->n)
        memcpy(states, m->states, m->n * sizeof *states);
    return states;
}

/* The subset of the members; NONE when there would be too many. */
static uint32_t subset_of(struct construction *k)
{
    struct members *m = &k->members;
    leave_out(k);
    uint32_t hash = m->match;
    for (size_t i = 0; i < m->n; i++) {
        hash += mixed(m->states[i] + 2);
        k->kept[m->states[i]] = m->stamp;
    }
    m->work += m->n;
    uint32_t *bucket = &k->table[hash >> (32 - TABLE_BITS)];
    for (uint32_t i = *bucket; i != NONE; i = k->subsets[i].next)
        if (is_subset(k, &k->subsets[i], hash))
            return i;
    k->n_members += m->n;
    m->work += SUBSET_WORK;
    if (k->n_subsets >= MAX_SUBSETS || k->n_members > MAX_MEMBERS)
        return NONE;
    struct subset *s = PUSH(k->c, k->subsets, k->n_subsets);
    *s = (struct subset){.n = m->n, .match = m->match, .hash = hash, .next = *bucket};
    s->states = copy_states(k->c, m);
    *bucket = (uint32_t)(k->n_subsets - 1);
    return *bucket;
}

/* Adds what can be reached from a state, and keeps that for the next time, if there is room. */
static void add_closure(struct construction *k, uint32_t from)
{
    struct members *m = &k->members;
    struct closure *closure = &k->closures[from];
    if (!closure->known && k->n_closures > MAX_CLOSURES) {
        members_add(m, k->nfa, from);
        return;
    }
    if (!closure->known) {
        struct members *alone = &k->alone;
        uint64_t before = alone->work;
        members_clear(alone);
        members_add(alone, k->nfa, from);
        *closure = (struct closure){true, alone->match, (uint32_t)alone->n, NULL};
        closure->states = copy_states(k->c, alone);
        k->n_closures += alone->n;
        m->work += alone->work - before;
    }
    m->match |= closure->match;
    m->work += closure->n;
    for (uint32_t i = 0; i < closure->n; i++) {
        uint32_t state = closure->states[i];
        if (m->seen[state] != m->stamp)
            m->states[m->n++] = state;
        m->seen[state] = m->stamp;
    }
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
            add_closure(k, k->targets[a].states[j]);
        uint32_t to = subset_of(k);
        k->members.work += MOVE_WORK;
        if (to == NONE || k->members.work > work || k->n_moves >= MAX_MOVES)
            return false;
        *PUSH(k->c, k->moves, k->n_moves) = (struct move){a, to};
    }
    return true;
}

struct dfa *dfa_build(struct compile *c, const struct tree *t, uint64_t work)
{
    const struct nfa *nfa = nfa_build(c, t);
    const struct atoms *atoms = nfa ? atoms_build(c, nfa) : NULL;
    if (!atoms)
        return NULL;
    struct construction k = {.c = c, .nfa = nfa, .atoms = atoms, .sink = sink_of(c, nfa)};
    k.simulation = simulation_new(c, nfa);
    k.members = members_new(c, nfa);
    k.alone = members_new(c, nfa);
    k.targets = NEW_ARRAY(c, struct targets, atoms->n);
    k.kept = NEW_ARRAY(c, uint32_t, nfa->n);
    k.closures = NEW_ARRAY(c, struct closure, nfa->n);
    k.table = NEW_ARRAY(c, uint32_t, 1 << TABLE_BITS);
    memset(k.table, 0xFF, sizeof *k.table << TABLE_BITS);
    members_clear(&k.members);
    members_add(&k.members, nfa, nfa->start);
    if (subset_of(&k) == NONE)
        return NULL;
    struct dfa *dfa = NEW(c, struct dfa);
    size_t n_first = 0;
    bool built = true;
    for (uint32_t i = 0; i < k.n_subsets && built; i++) {
        *PUSH(c, dfa->first, n_first) = (uint32_t)k.n_moves;
        built = add_moves(&k, i, work);
    }
    c->work += k.members.work;
    if (!built)
        return NULL;
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

/*
 * minimal.c - minimal DFAs, and what can be asked of them.
 *
 * The minimisation is Valmari and Lehtinen's ("Efficient Minimization of DFAs with Partial Transition
 * Functions", 2008): blocks of states and bundles of moves refine each other, in n log n of the number of
 * moves.
 */
#include <stdlib.h>
#include <string.h>

#include "automaton.h"
#include "trail/limits.h"

/* ---- partitions of 0 … n - 1 ------------------------------------------------------------------------- */

struct partition {
    uint32_t n;                     /* blocks */
    uint32_t *elements;             /* a block's stand together, the marked ones first */
    uint32_t *place;                /* element -> index in elements */
    uint32_t *block;                /* element -> block */
    uint32_t *first, *end, *marked; /* block -> its bounds in elements, how many are marked */
    uint32_t n_touched, *touched;   /* blocks with marks */
};

static struct partition partition_new(struct compile *c, size_t n)
{
    struct partition p = {.n = n > 0};
    p.elements = NEW_ARRAY(c, uint32_t, n);
    p.place = NEW_ARRAY(c, uint32_t, n);
    p.block = NEW_ARRAY(c, uint32_t, n);
    p.first = NEW_ARRAY(c, uint32_t, n + 1);
    p.end = NEW_ARRAY(c, uint32_t, n + 1);
    p.marked = NEW_ARRAY(c, uint32_t, n + 1);
    p.touched = NEW_ARRAY(c, uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++)
        p.elements[i] = p.place[i] = i;
    p.end[0] = (uint32_t)n;
    return p;
}

static void mark(struct partition *p, uint32_t element)
{
    uint32_t block = p->block[element], from = p->place[element], to = p->first[block] + p->marked[block];
    p->elements[from] = p->elements[to];
    p->place[p->elements[from]] = from;
    p->elements[to] = element;
    p->place[element] = to;
    if (p->marked[block]++ == 0)
        p->touched[p->n_touched++] = block;
}

/* Parts the marked from the unmarked; the smaller part becomes a block of its own. */
static void split(struct partition *p)
{
    while (p->n_touched > 0) {
        uint32_t old = p->touched[--p->n_touched], middle = p->first[old] + p->marked[old];
        uint32_t new_block = p->n;
        if (middle == p->end[old]) {
            p->marked[old] = 0;
            continue;
        }
        if (p->marked[old] <= p->end[old] - middle) {
            p->first[new_block] = p->first[old];
            p->end[new_block] = p->first[old] = middle;
        } else {
            p->end[new_block] = p->end[old];
            p->first[new_block] = p->end[old] = middle;
        }
        for (uint32_t i = p->first[new_block]; i < p->end[new_block]; i++)
            p->block[p->elements[i]] = new_block;
        p->marked[old] = 0;
        p->n++;
    }
}

/* ---- minimisation ----------------------------------------------------------------------------------------
 */

/* Indices of moves, grouped by a key below n_keys: those of key k are at[first[k]] … at[first[k + 1] - 1]. */
struct groups {
    uint32_t *first, *at;
};

static struct groups group_by(struct compile *c, size_t n, const uint32_t *keys, size_t n_keys)
{
    struct groups g = {NEW_ARRAY(c, uint32_t, n_keys + 2), NEW_ARRAY(c, uint32_t, n)};
    for (size_t i = 0; i < n; i++)
        g.first[keys[i] + 2]++;
    for (size_t k = 2; k <= n_keys + 1; k++)
        g.first[k] += g.first[k - 1];
    for (size_t i = 0; i < n; i++)
        g.at[g.first[keys[i] + 1]++] = (uint32_t)i;
    return g;
}

/* A DFA's moves, each with its three ends. */
struct moves {
    size_t n;
    uint32_t *from, *atom, *to;
};

static struct moves moves_of(struct compile *c, const struct dfa *dfa)
{
    struct moves m = {.n = dfa->n_moves};
    m.from = NEW_ARRAY(c, uint32_t, m.n);
    m.atom = NEW_ARRAY(c, uint32_t, m.n);
    m.to = NEW_ARRAY(c, uint32_t, m.n);
    for (uint32_t s = 0; s < dfa->n; s++) {
        for (uint32_t i = dfa->first[s]; i < dfa->first[s + 1]; i++) {
            m.from[i] = s;
            m.atom[i] = dfa->moves[i].atom;
            m.to[i] = dfa->moves[i].to;
        }
    }
    return m;
}

/* Moves of one atom are one bundle to begin with. */
static struct partition bundles_of(struct compile *c, const struct moves *m, size_t n_atoms)
{
    struct partition bundles = partition_new(c, m->n);
    struct groups by_atom = group_by(c, m->n, m->atom, n_atoms);
    bundles.n = 0;
    for (size_t a = 0; a < n_atoms; a++) {
        if (by_atom.first[a] == by_atom.first[a + 1])
            continue;
        bundles.first[bundles.n] = by_atom.first[a];
        bundles.end[bundles.n] = by_atom.first[a + 1];
        for (uint32_t i = by_atom.first[a]; i < by_atom.first[a + 1]; i++) {
            bundles.elements[i] = by_atom.at[i];
            bundles.place[by_atom.at[i]] = i;
            bundles.block[by_atom.at[i]] = bundles.n;
        }
        bundles.n++;
    }
    return bundles;
}

/* Blocks of states that no string tells apart. */
static struct partition refine(struct compile *c, const struct dfa *dfa)
{
    struct partition blocks = partition_new(c, dfa->n);
    for (uint32_t s = 0; s < dfa->n; s++)
        if (dfa->match[s])
            mark(&blocks, s);
    split(&blocks);
    if (dfa->n_moves == 0)
        return blocks;
    struct moves m = moves_of(c, dfa);
    struct partition bundles = bundles_of(c, &m, dfa->atoms->n);
    struct groups into = group_by(c, m.n, m.to, dfa->n);
    for (uint32_t bundle = 0, block = 1; bundle < bundles.n; bundle++) {
        for (uint32_t i = bundles.first[bundle]; i < bundles.end[bundle]; i++)
            mark(&blocks, m.from[bundles.elements[i]]);
        split(&blocks);
        for (; block < blocks.n; block++) {
            for (uint32_t i = blocks.first[block]; i < blocks.end[block]; i++) {
                uint32_t s = blocks.elements[i];
                for (uint32_t j = into.first[s]; j < into.first[s + 1]; j++)
                    mark(&bundles, into.at[j]);
            }
            split(&bundles);
        }
    }
    return blocks;
}

/* ---- trimming and numbering ------------------------------------------------------------------------ */

/* State -> whether a match can follow. */
static bool *alive_states(struct compile *c, const struct dfa *dfa)
{
    struct moves m = moves_of(c, dfa);
    struct groups into = group_by(c, m.n, m.to, dfa->n);
    bool *alive = NEW_ARRAY(c, bool, dfa->n);
    uint32_t *queue = NEW_ARRAY(c, uint32_t, dfa->n);
    size_t n = 0;
    for (uint32_t s = 0; s < dfa->n; s++)
        if ((alive[s] = dfa->match[s]))
            queue[n++] = s;
    for (size_t i = 0; i < n; i++) {
        for (uint32_t j = into.first[queue[i]]; j < into.first[queue[i] + 1]; j++) {
            uint32_t from = m.from[into.at[j]];
            if (!alive[from])
                queue[n++] = from;
            alive[from] = true;
        }
    }
    return alive;
}

/*
 * The DFA in which states of one class (NONE: none) are one, as far as it can be reached, numbered breadth
 * first. All states of a class have the same moves, up to classes.
 */
static struct dfa *quotient(struct compile *c, const struct dfa *dfa, const uint32_t *class_of,
                            size_t n_classes)
{
    struct dfa *q = NEW(c, struct dfa);
    uint32_t *number = NEW_ARRAY(c, uint32_t, n_classes), *example = NEW_ARRAY(c, uint32_t, n_classes + 1);
    memset(number, 0xFF, n_classes * sizeof *number);
    q->atoms = dfa->atoms;
    q->first = NEW_ARRAY(c, uint32_t, n_classes + 2);
    q->match = NEW_ARRAY(c, bool, n_classes + 1);
    q->moves = NEW_ARRAY(c, struct move, dfa->n_moves);
    q->n = 1;
    example[0] = dfa->start;
    if (class_of[dfa->start] != NONE)
        number[class_of[dfa->start]] = 0;
    for (uint32_t s = 0; s < q->n; s++) {
        uint32_t old = example[s];
        q->first[s] = (uint32_t)q->n_moves;
        q->match[s] = dfa->match[old];
        for (uint32_t i = dfa->first[old]; i < dfa->first[old + 1]; i++) {
            uint32_t to = class_of[dfa->moves[i].to];
            if (to == NONE || class_of[old] == NONE)
                continue;
            if (number[to] == NONE) {
                number[to] = (uint32_t)q->n;
                example[q->n++] = dfa->moves[i].to;
            }
            q->moves[q->n_moves++] = (struct move){dfa->moves[i].atom, number[to]};
        }
    }
    q->first[q->n] = (uint32_t)q->n_moves;
    return q;
}

static void *copy_of(struct compile *into, const void *from, size_t n, size_t size)
{
    void *to = arena_alloc(into->arena, n * size);
    if (n)
        memcpy(to, from, n * size);
    return to;
}

static struct dfa *copy(struct compile *into, const struct dfa *dfa)
{
    struct dfa *d = NEW(into, struct dfa);
    struct atoms *a = NEW(into, struct atoms);
    *a = (struct atoms){.n = dfa->atoms->n, .n_ranges = dfa->atoms->n_ranges};
    a->starts = copy_of(into, dfa->atoms->starts, a->n_ranges, sizeof *a->starts);
    a->atom_of = copy_of(into, dfa->atoms->atom_of, a->n_ranges, sizeof *a->atom_of);
    *d = (struct dfa){.atoms = a, .n = dfa->n, .n_moves = dfa->n_moves, .start = dfa->start};
    d->first = copy_of(into, dfa->first, d->n + 1, sizeof *d->first);
    d->moves = copy_of(into, dfa->moves, d->n_moves, sizeof *d->moves);
    d->match = copy_of(into, dfa->match, d->n, sizeof *d->match);
    return d;
}

struct dfa *dfa_minimal(struct compile *into, const struct dfa *dfa)
{
    struct compile scratch = {.arena = arena_new()};
    const bool *alive = alive_states(&scratch, dfa);
    uint32_t *class_of = NEW_ARRAY(&scratch, uint32_t, dfa->n);
    for (uint32_t s = 0; s < dfa->n; s++)
        class_of[s] = alive[s] ? s : NONE;
    const struct dfa *trimmed = quotient(&scratch, dfa, class_of, dfa->n);
    struct partition blocks = refine(&scratch, trimmed);
    struct dfa *minimal = copy(into, quotient(&scratch, trimmed, blocks.block, blocks.n));
    arena_free(scratch.arena);
    return minimal;
}

struct dfa *dfa_of(struct compile *into, const struct tree *t, uint64_t work, bool *found)
{
    struct compile scratch = {.arena = arena_new()};
    const struct dfa *dfa = dfa_build(&scratch, t, work);
    struct dfa *minimal = dfa ? dfa_minimal(into, dfa) : NULL;
    *found = dfa != NULL;
    into->work += scratch.work;
    arena_free(scratch.arena);
    return minimal && minimal->n <= TRAIL_MAX_STATES ? minimal : NULL;
}

/* ---- questions ------------------------------------------------------------------------------------- */

struct range atoms_range(const struct atoms *a, size_t i)
{
    return (struct range){a->starts[i], i + 1 < a->n_ranges ? a->starts[i + 1] - 1 : LAST_SYMBOL};
}

size_t dfa_states(const struct dfa *dfa)
{
    return dfa->n;
}

bool dfa_is_empty(const struct dfa *dfa)
{
    for (size_t i = 0; i < dfa->n; i++)
        if (dfa->match[i])
            return false;
    return true;
}

bool atoms_are_all(const struct atoms *a)
{
    uint32_t symbols = 0;
    for (size_t i = 0; i < a->n_ranges; i++)
        if (a->atom_of[i] != NONE)
            symbols += atoms_range(a, i).last - atoms_range(a, i).first + 1;
    return symbols == LAST_SYMBOL + 1 - 0x800 + (LAST_BROKEN - FIRST_BROKEN + 1);
}

bool dfa_is_universal(const struct dfa *dfa)
{
    return dfa->n == 1 && dfa->match[0] && dfa->n_moves == dfa->atoms->n && atoms_are_all(dfa->atoms);
}

/* The target of each atom's move from a state, NONE where there is none. */
static void targets_of(const struct dfa *dfa, uint32_t state, uint32_t *to)
{
    memset(to, 0xFF, dfa->atoms->n * sizeof *to);
    for (uint32_t i = dfa->first[state]; i < dfa->first[state + 1]; i++)
        to[dfa->moves[i].atom] = dfa->moves[i].to;
}

struct slice dfa_text(struct compile *c, const struct dfa *dfa, size_t limit)
{
    struct buffer b = {.c = c};
    const struct atoms *a = dfa->atoms;
    uint32_t *to = NEW_ARRAY(c, uint32_t, a->n + 1);
    if (dfa->n * 2 > limit)
        return (struct slice){0};
    for (uint32_t s = 0; s < dfa->n && b.n <= limit; s++) {
        targets_of(dfa, s, to);
        buffer_text(&b, dfa->match[s] ? "(" : "<");
        uint32_t now = NONE;
        for (size_t i = 0; i < a->n_ranges; i++) {
            uint32_t next = a->atom_of[i] == NONE ? NONE : to[a->atom_of[i]];
            if (next != now)
                buffer_printf(&b, next == NONE ? "-%x" : ",%x:%u", a->starts[i], next);
            now = next;
        }
        buffer_text(&b, dfa->match[s] ? ")" : ">");
    }
    return b.n <= limit ? buffer_slice(&b) : (struct slice){0};
}

/* ---- a DFA and a regex at once --------------------------------------------------------------------- */

/* A state of each; a pair is visited once. */
struct pairs {
    const struct dfa *dfa;
    const struct nfa *nfa;
    const bool *common; /* [atom * nfa.n_sets + set]: some symbol is in both */
    bool *seen;         /* [state * nfa.n + nfa state] */
    size_t n;
    struct pair {
        uint32_t state, nfa_state;
    } * queue;
};

static const bool *common_symbols(struct compile *c, const struct dfa *dfa, const struct nfa *nfa)
{
    const struct atoms *a = dfa->atoms;
    bool *common = NEW_ARRAY(c, bool, a->n * nfa->n_sets);
    for (size_t i = 0; i < a->n_ranges; i++) {
        struct range r = atoms_range(a, i);
        struct charset range = {1, &r};
        for (size_t set = 0; set < nfa->n_sets && a->atom_of[i] != NONE; set++)
            common[a->atom_of[i] * nfa->n_sets + set] |= charset_meets(&range, nfa->sets[set]);
    }
    return common;
}

/* Adds the pairs of a state and the members; true if both match here. */
static bool visit(struct compile *c, struct pairs *p, uint32_t state, const struct members *m)
{
    for (size_t i = 0; i < m->n; i++) {
        bool *seen = &p->seen[state * p->nfa->n + m->states[i]];
        if (!*seen)
            *PUSH(c, p->queue, p->n) = (struct pair){state, m->states[i]};
        *seen = true;
    }
    return m->match && p->dfa->match[state];
}

bool dfa_meets(struct compile *c, const struct dfa *dfa, const struct tree *t)
{
    const struct nfa *nfa = nfa_build(c, t);
    struct pairs p = {.dfa = dfa, .nfa = nfa};
    struct members m = members_new(c, nfa);
    p.common = common_symbols(c, dfa, nfa);
    p.seen = NEW_ARRAY(c, bool, dfa->n * nfa->n);
    members_clear(&m);
    members_add(&m, nfa, nfa->start);
    bool met = visit(c, &p, dfa->start, &m);
    for (size_t i = 0; i < p.n && !met; i++) {
        struct pair at = p.queue[i];
        const struct nfa_state *s = &nfa->states[at.nfa_state];
        members_clear(&m);
        members_add(&m, nfa, s->out);
        for (uint32_t j = dfa->first[at.state]; j < dfa->first[at.state + 1] && !met; j++)
            if (p.common[dfa->moves[j].atom * nfa->n_sets + s->set])
                met = visit(c, &p, dfa->moves[j].to, &m);
    }
    c->work += m.work + p.n;
    return met;
}

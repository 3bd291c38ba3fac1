/*
 * simulation.c - NFA states that others stand in for.
 *
 * Needs: an NFA. Guarantees: a set of its states with those left out that another of the set stands in for is
 * of the same language.
 *
 * State q stands in for p when it reads every symbol that p reads and then has, for each state that p can be
 * in, one that stands in for that. Of `.*a.{0,30}b` only the last `a` counts, so a set never needs more than
 * one place within the `.{0,30}`; without this a DFA state would be made for each way in which `a`s can stand
 * among the last 31 symbols, only to be merged again.
 */
#include "automaton.h"

enum {
    MAX_READERS = 1024,      /* states that read; the relation is one bit for each two of them */
    MAX_STAND_WORK = 1 << 25 /* words looked at */
};

struct simulation {
    size_t n, words;   /* readers; words of a row */
    uint32_t *reader;  /* NFA state -> its number among those that read */
    uint32_t *state;   /* … and back */
    uint64_t *after;   /* row of reader: the readers that it goes on to */
    bool *match;       /* reader -> whether the end is there, too */
    uint64_t *betters; /* row of reader: those that stand in for it, itself among them */
    uint64_t *present; /* a row, for pruning */
    uint64_t work;     /* words looked at, so far */
};

static bool has(const uint64_t *row, size_t i)
{
    return row[i / 64] >> (i % 64) & 1;
}

static void put(uint64_t *row, size_t i)
{
    row[i / 64] |= UINT64_C(1) << (i % 64);
}

static void drop(uint64_t *row, size_t i)
{
    row[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static bool rows_meet(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = 0; w < words; w++)
        if (a[w] & b[w])
            return true;
    return false;
}

static void number_readers(struct compile *c, struct simulation *s, const struct nfa *nfa)
{
    s->reader = NEW_ARRAY(c, uint32_t, nfa->n);
    s->state = NEW_ARRAY(c, uint32_t, s->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < nfa->n; i++) {
        if (nfa->states[i].kind != NFA_SET)
            continue;
        s->reader[i] = n;
        s->state[n++] = i;
    }
}

static bool follow(struct compile *c, struct simulation *s, const struct nfa *nfa)
{
    struct members m = members_new(c, nfa);
    for (size_t p = 0; p < s->n && m.work < MAX_STAND_WORK; p++) {
        members_clear(&m);
        members_add(&m, nfa, nfa->states[s->state[p]].out);
        s->match[p] = m.match;
        for (size_t i = 0; i < m.n; i++)
            put(s->after + p * s->words, s->reader[m.states[i]]);
    }
    s->work = m.work;
    return m.work < MAX_STAND_WORK;
}

/* To begin with, all that reads no less and ends no less stands in. False: too many sets. */
static bool suppose(struct compile *c, struct simulation *s, const struct nfa *nfa)
{
    size_t ranges = 0;
    for (size_t a = 0; a < nfa->n_sets; a++)
        ranges += nfa->sets[a]->n;
    if (ranges * nfa->n_sets > MAX_STAND_WORK)
        return false;
    bool *within = NEW_ARRAY(c, bool, nfa->n_sets * nfa->n_sets);
    for (size_t a = 0; a < nfa->n_sets; a++)
        for (size_t b = 0; b < nfa->n_sets; b++)
            within[a * nfa->n_sets + b] = charset_within(nfa->sets[a], nfa->sets[b]);
    for (size_t p = 0; p < s->n; p++) {
        const bool *wide = within + nfa->states[s->state[p]].set * nfa->n_sets;
        for (size_t q = 0; q < s->n; q++)
            if (wide[nfa->states[s->state[q]].set] && s->match[p] <= s->match[q])
                put(s->betters + p * s->words, q);
    }
    return true;
}

/* Whether each state after p has one after q that stands in for it, as far as is known. */
static bool stands_in(struct simulation *s, size_t p, size_t q)
{
    const uint64_t *after = s->after + p * s->words;
    for (size_t w = 0; w < s->words; w++) {
        for (uint64_t left = after[w]; left; left &= left - 1) {
            size_t r = w * 64 + (size_t)__builtin_ctzll(left);
            s->work += s->words;
            if (!rows_meet(s->betters + r * s->words, s->after + q * s->words, s->words))
                return false;
        }
    }
    return true;
}

/* Drops what was wrongly supposed, until nothing is; false when that is too much work. The NFA's end has the
 * lowest numbers, so most passes but the first change nothing. */
static bool refute(struct simulation *s)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t p = 0; p < s->n; p++) {
            uint64_t *betters = s->betters + p * s->words;
            for (size_t q = 0; q < s->n; q++) {
                if (q == p || !has(betters, q) || stands_in(s, p, q))
                    continue;
                drop(betters, q);
                changed = true;
            }
            s->work += s->n / 16;
            if (s->work > MAX_STAND_WORK)
                return false;
        }
    }
    return true;
}

struct simulation *simulation_new(struct compile *c, const struct nfa *nfa)
{
    struct simulation *s = NEW(c, struct simulation);
    for (size_t i = 0; i < nfa->n; i++)
        s->n += nfa->states[i].kind == NFA_SET;
    if (s->n == 0 || s->n > MAX_READERS)
        return NULL;
    s->words = (s->n + 63) / 64;
    s->after = NEW_ARRAY(c, uint64_t, s->n * s->words);
    s->betters = NEW_ARRAY(c, uint64_t, s->n * s->words);
    s->present = NEW_ARRAY(c, uint64_t, s->words);
    s->match = NEW_ARRAY(c, bool, s->n);
    number_readers(c, s, nfa);
    bool known = follow(c, s, nfa) && suppose(c, s, nfa) && refute(s);
    c->work += s->work;
    return known ? s : NULL;
}

/* Of two that stand in for each other the first stays. */
static bool is_needed(const struct simulation *s, size_t p)
{
    const uint64_t *betters = s->betters + p * s->words;
    for (size_t w = 0; w < s->words; w++) {
        for (uint64_t left = betters[w] & s->present[w]; left; left &= left - 1) {
            size_t q = w * 64 + (size_t)__builtin_ctzll(left);
            if (q != p && (q < p || !has(s->betters + q * s->words, p)))
                return false;
        }
    }
    return true;
}

void simulation_prune(struct simulation *s, struct members *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->n; i++)
        put(s->present, s->reader[m->states[i]]);
    for (size_t i = 0; i < m->n; i++) {
        m->work += s->words;
        if (is_needed(s, s->reader[m->states[i]]))
            m->states[kept++] = m->states[i];
    }
    for (size_t w = 0; w < s->words; w++)
        s->present[w] = 0;
    m->n = kept;
}

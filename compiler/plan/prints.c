/*
 * prints.c - of each needle the three bytes that the sieve looks for first, its print; and the few classes in
 * which it looks for all of them at once.
 *
 * Needs: needles. Guarantees: needle.at and needle.print_class. Alerts whose needles are beyond MAX_PRINTS
 * different prints (but for keys of the record), or beyond TRAIL_MAX_NEEDLES, have none.
 *
 * The sieve has for each of a print's three places a set of bytes, class by class: where three bytes are in
 * those of one class, a needle may stand. So a class finds, beside its prints, whatever is mixed of their
 * bytes; and what is found in vain is most of what many needles cost. Hence:
 *
 *   few prints     needles with three bytes in common share them: chosen is, again and again, the print by
 *                  which most needles are found for what it costs; where that leaves some without, for the
 *                  number alone
 *   alike classes  a print is moved to the class with which all find least, until none is better elsewhere;
 *                  from several beginnings
 *
 * What a class finds is told by a typical record's bytes, and by the sets as the kernels have them: of a
 * byte's six lower bits, or of its halves.
 */
#include <ctype.h>
#include <string.h>

#include "trail/limits.h"
#include "trail/pack.h"
#include "trailc.h"

enum {
    MAX_PRINTS = 64, /* more, and they would be found everywhere */
    MAX_MOVED = 512, /* prints: with more, classes find nearly everything, wherever these are */
    MAX_PASSES = 16, /* of moving prints, from each of so many beginnings */
    STARTS = 8,
    ASCII = 128,
    SIX = 64, /* values of six bits */

    /* Costs are how often a record is expected to have what is found. */
    UNIT = 1024,       /* once, as the typical one does */
    COST_WORD = 128,   /* of what stands in a common word */
    ANY_ORDER = 3,     /* of as many as the same bytes in any order have: names may be any */
    COST_PRINT = 1024, /* of each print, for what is mixed of its bytes and others' */
};

/* Some bytes, as the kernels tell them from others. */
struct bytes {
    bool six[SIX], low[16], high[ASCII / 16];
};

struct print_class {
    size_t n; /* prints */
    struct bytes at[PLAN_PRINT];
};

struct print {
    char bytes[PLAN_PRINT]; /* in small letters, if any_case */
    bool any_case;
    size_t needles; /* that have it, and no other one yet */
    uint64_t cost;  /* 0: not told yet */
    unsigned class;
};

struct prints {
    struct compile *c;
    unsigned habits[ASCII], all; /* how often a typical record has each byte */
    struct map by_bytes;
    bool scarce; /* there may not be enough */
    size_t n, n_chosen;
    struct print *list;    /* those of the needles, each once */
    struct print **chosen; /* some of them */
    struct print **of;     /* by needle; NULL: none yet */
};

/* ---- what is found ----------------------------------------------------------------------------------- */

/* Each byte once more, so that none is thought never to stand there. */
static void read_habits(struct prints *all)
{
    struct slice text = plan_typical();
    for (size_t i = 0; i < ASCII; i++)
        all->habits[i] = 1;
    for (size_t i = 0; i < text.n; i++)
        all->habits[(unsigned char)text.p[i]]++;
    all->all = ASCII + (unsigned)text.n;
}

static void add_byte(struct bytes *set, unsigned char byte)
{
    set->six[byte % SIX] = set->low[byte % 16] = set->high[byte / 16] = true;
}

/* What each kernel takes for one of the bytes: a bit of those that go by six bits, and one of those by
 * halves. */
static void find_taken(const struct bytes *set, uint8_t taken[ASCII])
{
    for (unsigned i = 0; i < ASCII; i++)
        taken[i] = (uint8_t)(set->six[i % SIX] | (set->low[i % 16] && set->high[i / 16]) << 1);
}

/* How often the text has what the class finds, by the one kind of sets and by the other. */
static uint64_t times_found(uint8_t taken[PLAN_PRINT][ASCII], struct slice text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    uint64_t times = 0;
    for (size_t i = 0; i + PLAN_PRINT <= text.n; i++) {
        unsigned both = taken[0][p[i]] & taken[1][p[i + 1]] & taken[2][p[i + 2]];
        times += (both & 1) + (both >> 1);
    }
    return times;
}

/* How often a record is expected to have what the class finds: as the typical one and common words do, and
 * as one that has the same bytes in any order. The mean of both kinds of sets. */
static uint64_t cost_of(const struct prints *all, const struct print_class *class)
{
    uint8_t taken[PLAN_PRINT][ASCII];
    uint64_t by_six = plan_typical().n * UNIT, by_halves = by_six;
    for (size_t k = 0; k < PLAN_PRINT; k++) {
        uint64_t six = 0, halves = 0;
        find_taken(&class->at[k], taken[k]);
        for (unsigned i = 0; i < ASCII; i++) {
            six += taken[k][i] & 1 ? all->habits[i] : 0;
            halves += taken[k][i] & 2 ? all->habits[i] : 0;
        }
        by_six = by_six * six / all->all;
        by_halves = by_halves * halves / all->all;
    }
    uint64_t found = times_found(taken, plan_typical()) * UNIT + times_found(taken, plan_words()) * COST_WORD;
    return (found + ANY_ORDER * (by_six + by_halves)) / 2;
}

static void add_print(struct print_class *class, const struct print *x)
{
    class->n++;
    for (size_t k = 0; k < PLAN_PRINT; k++) {
        unsigned char byte = (unsigned char)x->bytes[k];
        add_byte(&class->at[k], byte);
        if (x->any_case)
            add_byte(&class->at[k], (unsigned char)toupper(byte));
    }
}

/* ---- few prints -------------------------------------------------------------------------------------- */

/* The print of the needle's bytes there. One of any case finds those that are as they stand, too. */
static struct print *print_at(struct prints *all, const struct needle *x, size_t at, bool any_case)
{
    char key[PLAN_PRINT + 1] = {any_case ? 'a' : 'x'};
    memcpy(key + 1, x->text.p + at, PLAN_PRINT);
    for (size_t k = 1; any_case && k <= PLAN_PRINT; k++)
        key[k] = (char)tolower((unsigned char)key[k]);
    size_t *number = map_get(&all->by_bytes, (struct slice){key, sizeof key});
    if (number)
        return &all->list[*number];
    struct print *new = PUSH(all->c, all->list, all->n);
    *new = (struct print){.any_case = any_case};
    memcpy(new->bytes, key + 1, PLAN_PRINT);
    number = arena_alloc(all->c->arena, sizeof *number);
    *number = all->n - 1;
    char *kept = arena_alloc(all->c->arena, sizeof key);
    memcpy(kept, key, sizeof key);
    *map_at(all->c, &all->by_bytes, (struct slice){kept, sizeof key}) = number;
    return new;
}

/* Adds so many to the needles of each print that it has. */
static void count_prints(struct prints *all, const struct needle *x, size_t times)
{
    for (size_t at = 0; at + PLAN_PRINT <= x->text.n; at++) {
        print_at(all, x, at, true)->needles += times;
        if (!x->any_case)
            print_at(all, x, at, false)->needles += times;
    }
}

static void tell_cost(const struct prints *all, struct print *x)
{
    struct print_class class = {.n = 0};
    if (x->cost)
        return;
    add_print(&class, x);
    x->cost = 1 + cost_of(all, &class);
}

/* What it costs for all its needles: where it stands each of them is compared, which is half of what
 * finding it is. */
static uint64_t cost_for_all(const struct prints *all, const struct print *x)
{
    return all->scarce ? COST_PRINT : COST_PRINT + x->cost + x->cost * x->needles / 2;
}

/* Whether more needles have the first for what it costs. */
static bool is_better(const struct prints *all, struct print *a, const struct print *b)
{
    if (b && a->needles * cost_for_all(all, b) <= b->needles * COST_PRINT)
        return false;
    tell_cost(all, a);
    return !b || a->needles * cost_for_all(all, b) > b->needles * cost_for_all(all, a);
}

static bool has_print_at(const struct needle *x, size_t at, const struct print *print)
{
    if (x->any_case && !print->any_case)
        return false;
    for (size_t k = 0; k < PLAN_PRINT; k++) {
        char c = x->text.p[at + k];
        if ((print->any_case ? (char)tolower((unsigned char)c) : c) != print->bytes[k])
            return false;
    }
    return true;
}

/* All needles that have it have no other one. */
static void choose(struct prints *all, struct print *print)
{
    struct plan *plan = &all->c->plan;
    *PUSH(all->c, all->chosen, all->n_chosen) = print;
    for (size_t i = 0; i < plan->n_needles; i++) {
        struct needle *x = &plan->needles[i];
        size_t at = 0, end = x->text.n - PLAN_PRINT;
        if (all->of[i])
            continue;
        while (at <= end && !has_print_at(x, at, print))
            at++;
        if (at > end)
            continue;
        x->at = (unsigned)at;
        all->of[i] = print;
        count_prints(all, x, (size_t)-1);
    }
}

static struct print *best_of_needle(struct prints *all, const struct needle *x)
{
    struct print *best = NULL;
    for (size_t at = 0; at + PLAN_PRINT <= x->text.n; at++) {
        struct print *print = print_at(all, x, at, x->any_case);
        tell_cost(all, print);
        if (!best || print->cost < best->cost)
            best = print;
    }
    return best;
}

static struct print *best_of_all(struct prints *all)
{
    struct print *best = NULL;
    for (size_t i = 0; i < all->n; i++)
        if (all->list[i].needles && is_better(all, &all->list[i], best))
            best = &all->list[i];
    return best;
}

/* The keys of the record that are asked about in any case, then as many as may be. `scarce`: those that
 * most needles have, whatever they cost. False: some needle has none. */
static bool choose_prints(struct prints *all, bool scarce)
{
    const struct plan *plan = &all->c->plan;
    struct print *best;
    all->scarce = scarce;
    all->n_chosen = 0;
    for (size_t i = 0; i < all->n; i++)
        all->list[i].needles = 0;
    for (size_t i = 0; i < plan->n_needles; i++) {
        all->of[i] = NULL;
        count_prints(all, &plan->needles[i], 1);
    }
    for (size_t i = 0; i < plan->n_needles; i++)
        if (plan->needles[i].root && !all->of[i])
            choose(all, best_of_needle(all, &plan->needles[i]));
    while ((best = best_of_all(all)) != NULL && all->n_chosen < MAX_PRINTS)
        choose(all, best);
    return !best;
}

/* ---- alike classes ----------------------------------------------------------------------------------- */

/* What the class finds with the prints that are in it, with one more or without one; either may be NULL. */
static uint64_t cost_with(const struct prints *all, unsigned class, const struct print *more,
                          const struct print *less)
{
    struct print_class found = {.n = 0};
    for (size_t i = 0; i < all->n_chosen; i++) {
        const struct print *x = all->chosen[i];
        if (x == more || (x->class == class && x != less))
            add_print(&found, x);
    }
    return found.n ? cost_of(all, &found) : 0;
}

/* Moves the print to where all classes, of which the costs are known, together find least; false: it is
 * there. */
static bool move(const struct prints *all, struct print *x, uint64_t costs[TRAIL_PRINT_CLASSES])
{
    unsigned from = x->class;
    uint64_t without = cost_with(all, from, NULL, x), with = costs[from], gain = 0;
    for (unsigned to = 0; to < TRAIL_PRINT_CLASSES; to++) {
        uint64_t before = costs[from] + costs[to], there = to == from ? 0 : cost_with(all, to, x, NULL);
        if (to == from || without + there >= before || before - without - there <= gain)
            continue;
        gain = before - without - there;
        with = there;
        x->class = to;
    }
    if (x->class == from)
        return false;
    costs[from] = without;
    costs[x->class] = with;
    return true;
}

/* Returns what all classes find in the end. */
static uint64_t settle(const struct prints *all)
{
    uint64_t costs[TRAIL_PRINT_CLASSES], cost = 0;
    bool moved = true;
    for (unsigned k = 0; k < TRAIL_PRINT_CLASSES; k++)
        costs[k] = cost_with(all, k, NULL, NULL);
    for (unsigned pass = 0; moved && pass < MAX_PASSES && all->n_chosen <= MAX_MOVED; pass++) {
        moved = false;
        for (size_t i = 0; i < all->n_chosen; i++)
            moved |= move(all, all->chosen[i], costs);
    }
    for (unsigned k = 0; k < TRAIL_PRINT_CLASSES; k++)
        cost += costs[k];
    return cost;
}

/* Where they settle depends on where they are at first: of several beginnings, the same each time, the
 * best. */
static void make_classes(struct prints *all)
{
    unsigned *best = NEW_ARRAY(all->c, unsigned, all->n_chosen + 1);
    uint64_t least = UINT64_MAX, state = 1;
    unsigned starts = all->n_chosen > TRAIL_PRINT_CLASSES ? STARTS : 1;
    for (unsigned start = 0; start < starts; start++) {
        for (size_t i = 0; i < all->n_chosen; i++) {
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
            all->chosen[i]->class = (unsigned)((start ? state >> 33 : i) % TRAIL_PRINT_CLASSES);
        }
        uint64_t cost = settle(all);
        for (size_t i = 0; i < all->n_chosen && cost < least; i++)
            best[i] = all->chosen[i]->class;
        least = cost < least ? cost : least;
    }
    for (size_t i = 0; i < all->n_chosen; i++)
        all->chosen[i]->class = best[i];
}

/* ---- needles ----------------------------------------------------------------------------------------- */

/* Of those that are too many the alerts have no needle. */
static void keep_needles(struct prints *all)
{
    struct plan *plan = &all->c->plan;
    size_t kept = 0;
    for (size_t i = 0; i < plan->n_needles; i++) {
        struct needle x = plan->needles[i];
        if (!all->of[i] || kept == TRAIL_MAX_NEEDLES) {
            for (size_t k = 0; k < x.n; k++)
                plan->unsifted[x.alerts[k]] = true;
            continue;
        }
        x.print_class = all->of[i]->class;
        plan->needles[kept++] = x;
    }
    plan->n_needles = kept;
}

void prints(struct compile *c)
{
    struct prints all = {.c = c, .of = NEW_ARRAY(c, struct print *, c->plan.n_needles + 1)};
    read_habits(&all);
    if (!choose_prints(&all, false))
        choose_prints(&all, true);
    make_classes(&all);
    keep_needles(&all);
}

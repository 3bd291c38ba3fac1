/*
 * charset.c - sets of symbols as ranges; letter case.
 */
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "match/lowercase.h"
#include "trail/text.h"

#include "fold_table.h"
#include "match/lowercase_table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

void charset_add(struct charset_builder *b, uint32_t first, uint32_t last)
{
    if (first > last)
        return;
    if (b->n == b->room) {
        size_t room = b->room ? b->room * 2 : 4;
        struct range *grown = NEW_ARRAY(b->c, struct range, room);
        if (b->n)
            memcpy(grown, b->ranges, b->n * sizeof *grown);
        b->ranges = grown;
        b->room = room;
    }
    b->ranges[b->n++] = (struct range){first, last};
}

void charset_add_all(struct charset_builder *b, const struct charset *set)
{
    for (size_t i = 0; i < set->n; i++)
        charset_add(b, set->ranges[i].first, set->ranges[i].last);
}

static int by_first(const void *a, const void *b)
{
    const struct range *left = a, *right = b;
    return (left->first > right->first) - (left->first < right->first);
}

const struct charset *charset_build(struct charset_builder *b)
{
    struct charset *set = NEW(b->c, struct charset);
    if (b->n == 0)
        return set;
    qsort(b->ranges, b->n, sizeof *b->ranges, by_first);
    set->ranges = b->ranges;
    for (size_t i = 0; i < b->n; i++) {
        struct range r = b->ranges[i], *last = &set->ranges[set->n ? set->n - 1 : 0];
        if (set->n == 0 || r.first > last->last + 1)
            set->ranges[set->n++] = r;
        else if (r.last > last->last)
            last->last = r.last;
    }
    *b = (struct charset_builder){.c = b->c};
    return set;
}

const struct charset *charset_any(struct compile *c)
{
    struct charset_builder b = {.c = c};
    charset_add(&b, 0, 0xD7FF);
    charset_add(&b, FIRST_BROKEN, LAST_BROKEN);
    charset_add(&b, 0xE000, LAST_SYMBOL);
    return charset_build(&b);
}

const struct charset *charset_one(struct compile *c, uint32_t symbol)
{
    struct charset_builder b = {.c = c};
    charset_add(&b, symbol, symbol);
    return charset_build(&b);
}

/* What `any` has in [first, last]. */
static void add_symbols(struct charset_builder *b, const struct charset *any, uint32_t first, uint32_t last)
{
    for (size_t i = 0; i < any->n; i++) {
        struct range r = any->ranges[i];
        uint32_t from = r.first > first ? r.first : first, to = r.last < last ? r.last : last;
        if (from <= to)
            charset_add(b, from, to);
    }
}

const struct charset *charset_not(struct compile *c, const struct charset *set)
{
    const struct charset *any = charset_any(c);
    struct charset_builder b = {.c = c};
    uint32_t next = 0;
    for (size_t i = 0; i < set->n; i++) {
        if (set->ranges[i].first > next)
            add_symbols(&b, any, next, set->ranges[i].first - 1);
        next = set->ranges[i].last + 1;
    }
    if (next <= LAST_SYMBOL)
        add_symbols(&b, any, next, LAST_SYMBOL);
    return charset_build(&b);
}

const struct charset *charset_union(struct compile *c, const struct charset *a, const struct charset *b)
{
    struct charset_builder both = {.c = c};
    charset_add_all(&both, a);
    charset_add_all(&both, b);
    return charset_build(&both);
}

bool charset_eq(const struct charset *a, const struct charset *b)
{
    return charset_cmp(a, b) == 0;
}

int charset_cmp(const struct charset *a, const struct charset *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        struct range x = a->ranges[i], y = b->ranges[i];
        if (x.first != y.first)
            return x.first < y.first ? -1 : 1;
        if (x.last != y.last)
            return x.last < y.last ? -1 : 1;
    }
    return (a->n > b->n) - (a->n < b->n);
}

bool charset_has(const struct charset *set, uint32_t symbol)
{
    size_t low = 0, high = set->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (set->ranges[middle].last < symbol)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->n && set->ranges[low].first <= symbol;
}

bool charset_meets(const struct charset *a, const struct charset *b)
{
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->ranges[i].last < b->ranges[j].first)
            i++;
        else if (b->ranges[j].last < a->ranges[i].first)
            j++;
        else
            return true;
    }
    return false;
}

bool charset_within(const struct charset *a, const struct charset *b)
{
    size_t j = 0;
    for (size_t i = 0; i < a->n; i++) {
        while (j < b->n && b->ranges[j].last < a->ranges[i].first)
            j++;
        if (j == b->n || b->ranges[j].first > a->ranges[i].first || b->ranges[j].last < a->ranges[i].last)
            return false;
    }
    return true;
}

/* ---- letter case ------------------------------------------------------------------------------- */

/* Adds, for each symbol of [from, to] that the run maps, that symbol + delta. */
static void add_mapped(struct charset_builder *b, const struct case_run *run, int32_t delta, uint32_t from,
                       uint32_t to)
{
    uint32_t first = from > run->first ? from : run->first, last = to < run->last ? to : run->last;
    if (first > last)
        return;
    if (run->step == 1) {
        charset_add(b, (uint32_t)((int32_t)first + delta), (uint32_t)((int32_t)last + delta));
        return;
    }
    for (uint32_t at = first + (first - run->first) % run->step; at <= last; at += run->step)
        charset_add(b, (uint32_t)((int32_t)at + delta), (uint32_t)((int32_t)at + delta));
}

const struct charset *charset_any_case(struct compile *c, const struct charset *set)
{
    struct charset_builder folded = {.c = c};
    charset_add_all(&folded, set);
    for (size_t i = 0; i < set->n; i++)
        for (size_t j = 0; j < COUNT(fold_runs); j++)
            add_mapped(&folded, &fold_runs[j], fold_runs[j].delta, set->ranges[i].first, set->ranges[i].last);
    const struct charset *images = charset_build(&folded);

    struct charset_builder b = {.c = c};
    charset_add_all(&b, images);
    for (size_t i = 0; i < images->n; i++) {
        for (size_t j = 0; j < COUNT(fold_runs); j++) {
            int64_t delta = fold_runs[j].delta;
            int64_t from = images->ranges[i].first - delta, to = images->ranges[i].last - delta;
            if (to >= 0)
                add_mapped(&b, &fold_runs[j], 0, from < 0 ? 0 : (uint32_t)from, (uint32_t)to);
        }
    }
    return charset_build(&b);
}

const struct charset *charset_lower(struct compile *c, const struct charset *set)
{
    struct charset_builder capitals = {.c = c}, b = {.c = c};
    for (size_t i = 0; i < set->n; i++) {
        for (size_t j = 0; j < COUNT(lower_runs); j++) {
            add_mapped(&capitals, &lower_runs[j], 0, set->ranges[i].first, set->ranges[i].last);
            add_mapped(&b, &lower_runs[j], lower_runs[j].delta, set->ranges[i].first, set->ranges[i].last);
        }
    }
    /* set without capitals = not (not set or capitals) */
    charset_add_all(&capitals, charset_not(c, set));
    charset_add_all(&b, charset_not(c, charset_build(&capitals)));
    return charset_build(&b);
}

enum { LONGEST_GAP = 256 }; /* no run of capitals is longer */

static bool no_token_has(uint32_t first, uint32_t last)
{
    if (last - first > LONGEST_GAP)
        return false;
    for (uint32_t at = first; at <= last; at++)
        if ((at < 0xD800 || at > 0xDFFF) && trail_lower(at) == at)
            return false;
    return true;
}

const struct charset *charset_close_gaps(struct compile *c, const struct charset *set)
{
    struct charset_builder b = {.c = c};
    charset_add_all(&b, set);
    for (size_t i = 0; i + 1 < set->n; i++) {
        uint32_t first = set->ranges[i].last + 1, last = set->ranges[i + 1].first - 1;
        if (no_token_has(first, last))
            add_symbols(&b, charset_any(c), first, last);
    }
    return charset_build(&b);
}

/* ---- re2c's spelling ----------------------------------------------------------------------------- */

static bool is_plain(uint32_t c)
{
    return (c | 0x20) - 'a' < 26 || c - '0' < 10;
}

void symbol_print(struct buffer *b, uint32_t symbol)
{
    if (is_plain(symbol))
        buffer_char(b, (char)symbol);
    else if (symbol <= 0xFF)
        buffer_printf(b, "\\x%02x", symbol);
    else
        buffer_printf(b, symbol <= 0xFFFF ? "\\u%04x" : "\\U%08x", symbol);
}

static void print_ranges(struct buffer *b, const struct charset *set)
{
    for (size_t i = 0; i < set->n; i++) {
        symbol_print(b, set->ranges[i].first);
        if (set->ranges[i].last == set->ranges[i].first)
            continue;
        if (set->ranges[i].last > set->ranges[i].first + 1)
            buffer_char(b, '-');
        symbol_print(b, set->ranges[i].last);
    }
}

/*
 * A set that has most symbols is spelled by what it lacks: always U+D800, which stands for the end of the
 * text. That takes in the other surrogates, which nothing reads.
 */
void charset_print(struct buffer *b, const struct charset *set)
{
    const struct charset *rest = charset_not(b->c, set);
    buffer_char(b, '[');
    if (rest->n < set->n) {
        buffer_char(b, '^');
        print_ranges(b, rest);
        symbol_print(b, 0xD800);
    } else {
        print_ranges(b, set);
    }
    buffer_char(b, ']');
}

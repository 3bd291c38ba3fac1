/*
 * emit_sets.c - large sets of values as tables in order, which are searched by halves: a C compiler takes a table of
 * 100,000 values in no time, and hours for a switch.
 *
 *     if (n == 5) {
 *         static const char values[70][6] = {
 *             "alice",
 *             ...
 *         };
 *         if (trail_is_among(p, n, values[0], 70)) {
 *
 * Needs: predicates of one place that are in sets, all of texts, or of one kind of range: these stand where the value has
 * been read (emit_ranges.c). A table for each length of texts; one of addresses, in which ranges that touch are one; one
 * of numbers, which alone are tried one by one.
 */
#include <stdlib.h>
#include <string.h>

#include "emit.h"

const char *emit_bit(const struct pred *p)
{
    return p->set ? p->set->symbol.p : p->symbol.p;
}

bool emit_is_first(const struct pred *p)
{
    return !p->set || p->set->first == p;
}

bool emit_in_set(const struct pred *p)
{
    return p->set && (p->kind != TEST_TOKENS || p->literal.n_tokens == 1);
}

/* ---- in order -------------------------------------------------------------------------------------- */

static struct slice text_of(const struct pred *p)
{
    return p->kind == TEST_TOKENS ? p->literal.tokens[0] : p->literal.whole;
}

static int sign(bool less, bool more)
{
    return more - less;
}

/* By set, kind, then texts by length, addresses by where they begin; the rest as it came. */
static int by_table(const void *left, const void *right)
{
    const struct pred *a = *(struct pred *const *)left, *b = *(struct pred *const *)right;
    unsigned x = a->set->first->id, y = b->set->first->id;
    int order = sign(x<y, x> y);
    if (!order)
        order = sign(a->kind<b->kind, a->kind> b->kind);
    if (!order && (a->kind == TEST_EQUALS || a->kind == TEST_TOKENS)) {
        struct slice s = text_of(a), t = text_of(b);
        order = s.n != t.n ? sign(s.n<t.n, s.n> t.n) : slice_cmp(s, t);
    } else if (!order && a->kind == TEST_IP_RANGE) {
        order = memcmp(a->low_ip, b->low_ip, 16);
    }
    return order ? order : sign(a->id<b->id, a->id> b->id);
}

static void hold(const struct compile *c, struct buffer *b, const struct pred *p)
{
    emit_hold(c, b, 3, p);
    buffer_text(b, "        }\n");
}

/* ---- tables ---------------------------------------------------------------------------------------- */

/* Texts of one length. */
static void emit_texts(const struct compile *c, struct buffer *b, struct pred *const *list, size_t n)
{
    size_t length = text_of(list[0]).n;
    buffer_printf(b, "    if (n == %zu) {\n        static const char values[%zu][%zu] = {\n", length, n,
                  length + 1);
    for (size_t i = 0; i < n; i++) {
        buffer_text(b, "            ");
        emit_string(b, text_of(list[i]));
        buffer_text(b, ",\n");
    }
    buffer_printf(b, "        };\n        if (trail_is_among(p, n, values[0], %zu)) {\n", n);
    hold(c, b, list[0]);
    buffer_text(b, "    }\n");
}

/* Whether a range ends where the next one begins, or behind that. */
static bool touches(const uint8_t high[16], const uint8_t next[16])
{
    uint8_t after[16];
    size_t i = 16;
    memcpy(after, high, 16);
    while (i > 0 && ++after[i - 1] == 0)
        i--;
    return i == 0 || memcmp(next, after, 16) <= 0;
}

static void emit_addresses(const struct compile *c, struct buffer *b, struct pred *const *list, size_t n)
{
    size_t rows = 0;
    buffer_printf(b, "        static const struct trail_ip_range ranges_%u[] = {\n", list[0]->id);
    for (size_t i = 0; i < n; rows++) {
        const uint8_t *low = list[i]->low_ip, *high = list[i]->high_ip;
        for (i++; i < n && touches(high, list[i]->low_ip); i++)
            if (memcmp(list[i]->high_ip, high, 16) > 0)
                high = list[i]->high_ip;
        buffer_text(b, "            {");
        emit_address(b, low);
        buffer_text(b, ", ");
        emit_address(b, high);
        buffer_text(b, "},\n");
    }
    buffer_printf(b, "        };\n        if (trail_ip_is_among(address, ranges_%u, %zu)) {\n", list[0]->id,
                  rows);
    hold(c, b, list[0]);
}

static void emit_numbers(const struct compile *c, struct buffer *b, struct pred *const *list, size_t n)
{
    buffer_printf(b, "        static const struct trail_number_range ranges_%u[] = {\n", list[0]->id);
    for (size_t i = 0; i < n; i++) {
        buffer_text(b, "            ");
        emit_number_range(b, list[i]);
        buffer_text(b, ",\n");
    }
    buffer_printf(b, "        };\n        if (trail_number_is_among(&number, ranges_%u, %zu)) {\n",
                  list[0]->id, n);
    hold(c, b, list[0]);
}

static bool in_one_table(const struct pred *a, const struct pred *b)
{
    bool text = a->kind == TEST_EQUALS || a->kind == TEST_TOKENS;
    return a->set == b->set && a->kind == b->kind && (!text || text_of(a).n == text_of(b).n);
}

void emit_sets(struct compile *c, struct buffer *b, size_t n, struct pred *const *preds)
{
    struct pred **list = NEW_ARRAY(c, struct pred *, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = preds[i];
    qsort(list, n, sizeof *list, by_table);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && in_one_table(list[from], list[to]); to++)
            ;
        void (*table)(const struct compile *, struct buffer *, struct pred *const *, size_t) =
            list[from]->kind == TEST_IP_RANGE       ? emit_addresses
            : list[from]->kind == TEST_NUMBER_RANGE ? emit_numbers
                                                    : emit_texts;
        table(c, b, list + from, to - from);
    }
}

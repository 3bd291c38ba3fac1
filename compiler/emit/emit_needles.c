/*
 * emit_needles.c - the texts that the sieve looks for, as trail/pack.h describes them.
 */
#include <string.h>

#include "emit.h"
#include "trail/pack.h"

static void emit_alerts(struct compile *c, struct buffer *b, const struct needle *x, size_t number)
{
    if (!x->n)
        return;
    buffer_printf(b, "static const uint32_t wanted_by_%zu[] = {", number);
    for (size_t i = 0; i < x->n; i++)
        buffer_printf(b, "%sALERT_%s", i ? ", " : "", c->pack.alerts[x->alerts[i]].symbol.p);
    buffer_text(b, "};\n");
}

enum {
    VALUE_WORDS = 1024 / 64,
    MANY_VALUES = 64, /* so many have a table of all that they are, with eight bits or more for each */
    LEAST_BITS = 9,
    MOST_BITS = 20
};

static void emit_words(struct buffer *b, const char *name, size_t number, const uint64_t *words, size_t n)
{
    buffer_printf(b, "static const uint64_t %s_of_%zu[%zu] = {", name, number, n);
    for (size_t i = 0; i < n; i++)
        buffer_printf(b, "%s0x%jx", i ? ", " : "", (uintmax_t)words[i]);
    buffer_text(b, "};\n");
}

/* As many as trail_whole_bit() is to tell; 0: the values are few. */
static unsigned whole_bits(const struct needle *x)
{
    unsigned bits = LEAST_BITS;
    if (!x->n_begin || x->n_values < MANY_VALUES)
        return 0;
    while (bits < MOST_BITS && (size_t)1 << bits < x->n_values * 8)
        bits++;
    return bits;
}

static void emit_wholes(struct compile *c, struct buffer *b, const struct needle *x, size_t number)
{
    unsigned bits = whole_bits(x);
    if (!bits)
        return;
    size_t n = ((size_t)1 << bits) / 64;
    uint64_t *words = NEW_ARRAY(c, uint64_t, n);
    for (size_t i = 0; i < x->n_values; i++) {
        char whole[TRAIL_WHOLE] = {0};
        memcpy(whole, x->values[i].p, x->values[i].n < sizeof whole ? x->values[i].n : sizeof whole);
        size_t bit = trail_whole_bit(whole, bits);
        words[bit / 64] |= (uint64_t)1 << (bit % 64);
    }
    emit_words(b, "wholes", number, words, n);
}

/* The bits of what the values begin with. */
static void emit_values(struct buffer *b, const struct needle *x, size_t number)
{
    uint64_t words[VALUE_WORDS] = {0};
    if (!x->n_begin)
        return;
    for (size_t i = 0; i < x->n_values; i++) {
        char begin[8] = {0};
        memcpy(begin, x->values[i].p, x->n_begin);
        unsigned bit = trail_begin_bit(begin, x->n_begin);
        words[bit / 64] |= (uint64_t)1 << (bit % 64);
    }
    emit_words(b, "values", number, words, VALUE_WORDS);
}

static void emit_needle(struct buffer *b, const struct needle *x, size_t number)
{
    buffer_text(b, "    {.text = {");
    emit_string(b, x->text);
    buffer_printf(b, ", %zu}, .at = %u", x->text.n, x->at);
    if (x->print_class)
        buffer_printf(b, ", .print_class = %u", x->print_class);
    buffer_text(b, x->any_case ? ", .any_case = true" : "");
    buffer_text(b, x->time ? ", .time = true" : "");
    if (x->root)
        buffer_printf(b, ", .root = true, .number = %zu", x->root->index);
    if (x->n)
        buffer_printf(b, ", .n = %zu, .alerts = wanted_by_%zu", x->n, number);
    if (x->n_begin)
        buffer_printf(b, ", .n_begin = %u, .values = values_of_%zu", x->n_begin, number);
    if (whole_bits(x))
        buffer_printf(b, ", .whole_bits = %u, .wholes = wholes_of_%zu", whole_bits(x), number);
    buffer_text(b, "},\n");
}

static bool is_unsifted(const struct compile *c, size_t alert)
{
    return c->plan.unsifted[alert];
}

static bool is_ascii(const struct compile *c, size_t alert)
{
    return c->plan.sifted_ascii[alert];
}

static bool takes_all(const struct compile *c, size_t alert)
{
    return c->pack.alerts[alert].expr->kind == EXPR_TRUE;
}

static void emit_bits(struct compile *c, struct buffer *b, const char *comment, const char *name,
                      bool (*in)(const struct compile *, size_t alert))
{
    buffer_printf(b, "/* %s */\nstatic const uint64_t %s[ALERTS / 64 + 1] = {", comment, name);
    for (size_t w = 0; w <= c->pack.n_alerts / 64; w++) {
        const char *between = "";
        for (size_t i = w * 64; i < c->pack.n_alerts && i < (w + 1) * 64; i++)
            if (in(c, i)) {
                buffer_printf(b, "%s(uint64_t)1 << (ALERT_%s %% 64)", between, c->pack.alerts[i].symbol.p);
                between = " | ";
            }
        buffer_text(b, *between ? ", " : "0, ");
    }
    buffer_text(b, "};\n\n");
}

/* Texts as trail/pack.h wants them: the keys with what stands beside them. */
static void emit_within_of(struct compile *c, struct buffer *b, const struct within *w)
{
    struct buffer key = {.c = c}, name = {.c = c};
    buffer_char(&key, '"');
    buffer_add(&key, w->root.p, w->root.n);
    buffer_add(&name, w->last.p, w->last.n);
    if (!w->open)
        buffer_char(&name, '"');
    buffer_text(b, "{.key = {");
    emit_string(b, buffer_slice(&key));
    buffer_printf(b, ", %zu}, .name = {", key.n);
    emit_string(b, buffer_slice(&name));
    buffer_printf(b, ", %zu}}", name.n);
}

/* What two that are the same have in common, and no others. */
static struct slice within_key(struct compile *c, const struct within *w)
{
    struct buffer key = {.c = c};
    buffer_printf(&key, "%zu%c", w->root.n, w->open ? '.' : ':');
    buffer_add(&key, w->root.p, w->root.n);
    buffer_add(&key, w->last.p, w->last.n);
    return buffer_slice(&key);
}

/* False: there is nothing to tell. */
static bool emit_within(struct compile *c, struct buffer *b)
{
    const struct within *within = c->plan.within;
    struct buffer of = {.c = c}, list = {.c = c};
    struct map numbers = {0};
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        if (!within[i].root.n)
            continue;
        size_t **number = (size_t **)map_at(c, &numbers, within_key(c, &within[i]));
        if (!*number) {
            *number = NEW(c, size_t);
            **number = numbers.n;
            buffer_text(&list, "    ");
            emit_within_of(c, &list, &within[i]);
            buffer_text(&list, ",\n");
        }
        buffer_printf(&of, "    [ALERT_%s] = %zu,\n", c->pack.alerts[i].symbol.p, **number);
    }
    if (!numbers.n)
        return false;
    buffer_text(b, "/* What records hold behind a key of the root, */\n"
                   "static const struct trail_within within[] = {\n");
    buffer_add(b, list.p, list.n);
    buffer_text(b, "};\n\n/* and which of these each alert's do. */\n"
                   "static const uint32_t within_of[ALERTS + 1] = {\n");
    buffer_add(b, of.p, of.n);
    buffer_text(b, "};\n\n");
    return true;
}

void emit_needles(struct compile *c, struct buffer *b)
{
    const struct plan *plan = &c->plan;
    if (!plan->sieves)
        return;
    buffer_text(b, "/* What the sieve looks for. */\n");
    for (size_t i = 0; i < plan->n_needles; i++)
        emit_alerts(c, b, &plan->needles[i], i);
    for (size_t i = 0; i < plan->n_needles; i++)
        emit_values(b, &plan->needles[i], i);
    for (size_t i = 0; i < plan->n_needles; i++)
        emit_wholes(c, b, &plan->needles[i], i);
    buffer_text(b, "\nstatic const struct trail_needle needle_list[] = {\n");
    for (size_t i = 0; i < plan->n_needles; i++)
        emit_needle(b, &plan->needles[i], i);
    buffer_text(b, "};\n\n");
    emit_bits(c, b, "Of these no text is known: any record may meet them.", "always", is_unsifted);
    emit_bits(c, b, "Every record does meet these.", "every", takes_all);
    emit_bits(c, b, "Of these the texts tell in records of ASCII alone.", "ascii", is_ascii);
    bool holds_within = emit_within(c, b);
    buffer_printf(
        b,
        "static const struct trail_needles needles = {\n    .n = %zu,\n    .list = needle_list,\n"
        "    .always = always,\n    .every = every,\n    .ascii = ascii,\n%s    .asks = asks,\n};\n\n",
        plan->n_needles, holds_within ? "    .within = within,\n    .within_of = within_of,\n" : "");
}

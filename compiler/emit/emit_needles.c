/*
 * emit_needles.c - the texts that the sieve looks for, as trail/pack.h describes them.
 */
#include <string.h>

#include "emit.h"
#include "trail/pack.h"

static size_t root_number(const struct compile *c, const struct place *root)
{
    const struct place *record = c->plan.tests.list[0];
    size_t i = 0;
    while (record->kids[i] != root)
        i++;
    return i;
}

static void emit_alerts(struct compile *c, struct buffer *b, const struct needle *x, size_t number)
{
    if (!x->n)
        return;
    buffer_printf(b, "static const uint32_t wanted_by_%zu[] = {", number);
    for (size_t i = 0; i < x->n; i++)
        buffer_printf(b, "%sALERT_%s", i ? ", " : "", c->pack.alerts[x->alerts[i]].symbol.p);
    buffer_text(b, "};\n");
}

enum { VALUE_WORDS = 1024 / 64 };

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
    buffer_printf(b, "static const uint64_t values_of_%zu[%d] = {", number, VALUE_WORDS);
    for (size_t i = 0; i < VALUE_WORDS; i++)
        buffer_printf(b, "%s0x%jx", i ? ", " : "", (uintmax_t)words[i]);
    buffer_text(b, "};\n");
}

static void emit_needle(struct compile *c, struct buffer *b, const struct needle *x, size_t number)
{
    buffer_text(b, "    {.text = {");
    emit_string(b, x->text);
    buffer_printf(b, ", %zu}, .at = %u", x->text.n, x->at);
    buffer_text(b, x->any_case ? ", .any_case = true" : "");
    buffer_text(b, x->time ? ", .time = true" : "");
    if (x->root)
        buffer_printf(b, ", .root = true, .number = %zu", root_number(c, x->root));
    if (x->n)
        buffer_printf(b, ", .n = %zu, .alerts = wanted_by_%zu", x->n, number);
    if (x->n_begin)
        buffer_printf(b, ", .n_begin = %u, .values = values_of_%zu", x->n_begin, number);
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

/* False: there is nothing to tell. */
static bool emit_within(struct compile *c, struct buffer *b)
{
    bool any = false;
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        const struct within *w = &c->plan.within[i];
        if (!w->root.n)
            continue;
        if (!any)
            buffer_text(b, "/* What their records hold behind a key of the root. */\n"
                           "static const struct trail_within within[ALERTS + 1] = {\n");
        any = true;
        buffer_printf(b, "    [ALERT_%s] = ", c->pack.alerts[i].symbol.p);
        emit_within_of(c, b, w);
        buffer_text(b, ",\n");
    }
    buffer_text(b, any ? "};\n\n" : "");
    return any;
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
    buffer_text(b, "\nstatic const struct trail_needle needle_list[] = {\n");
    for (size_t i = 0; i < plan->n_needles; i++)
        emit_needle(c, b, &plan->needles[i], i);
    buffer_text(b, "};\n\n");
    emit_bits(c, b, "Of these no text is known: any record may meet them.", "always", is_unsifted);
    emit_bits(c, b, "Every record does meet these.", "every", takes_all);
    emit_bits(c, b, "Of these the texts tell in records of ASCII alone.", "ascii", is_ascii);
    bool holds_within = emit_within(c, b);
    buffer_printf(
        b,
        "static const struct trail_needles needles = {\n    .n = %zu,\n    .list = needle_list,\n"
        "    .always = always,\n    .every = every,\n    .ascii = ascii,\n%s    .asks = asks,\n};\n\n",
        plan->n_needles, holds_within ? "    .within = within,\n" : "");
}

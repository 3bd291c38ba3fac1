/*
 * emit_literals.c - the strings that a place's predicates need, as the tables that trail_literals_find() reads.
 *
 * Needs: predicates of one place and view. Guarantees: a scan of those that have such strings, if there are enough of
 * them that it is worth its while; the rest are to be asked of every value.
 */
#include <string.h>

#include "emit.h"
#include "plan/literals.h"
#include "trail/literals.h"

enum {
    MOST_STEP = 4,    /* bytes from one group to the next: more make tables larger, and the pass no shorter */
    BITS_A_GRAM = 32, /* so that one group in 32 that is no string's is taken for one */
    FEW = 4           /* so many regexes are as soon run as looked for */
};

/* ---- which ------------------------------------------------------------------------------------------- */

static bool asks_view(const struct pred *pred, enum view view)
{
    return pred->view == view && (pred->kind == TEST_TOKENS || pred->regex);
}

static void add_literals(struct compile *c, struct scan *scan, const struct literals *found, size_t test)
{
    scan->ascii = scan->ascii || found->ascii;
    for (size_t i = 0; i < found->n; i++)
        *PUSH(c, scan->list, scan->n_list) = (struct scanned){found->list[i], test};
    if (scan->shortest == 0 || found->shortest < scan->shortest)
        scan->shortest = found->shortest;
}

/* Words share the test 0: if one may be there, the value is split, and all are looked up. */
struct scan scan_of(struct compile *c, enum view view, size_t n, struct pred *const *preds)
{
    struct scan scan = {.sufficient = true};
    size_t regexes = 0;
    bool words = false;
    for (size_t i = 0; i < n; i++)
        words = words || (asks_view(preds[i], view) && !preds[i]->regex);
    if (words)
        *PUSH(c, scan.tests, scan.n) = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!asks_view(preds[i], view))
            continue;
        struct literals found = literals_of(c, preds[i]);
        if (found.n == 0 || found.shortest < SCAN_SHORTEST) {
            scan.sufficient = false;
            continue;
        }
        size_t test = 0;
        if (preds[i]->regex) {
            test = scan.n;
            *PUSH(c, scan.tests, scan.n) = preds[i];
            regexes++;
        }
        add_literals(c, &scan, &found, test);
    }
    /* A text that need not be split is worth it for one word; else it is the regexes that are not run. */
    if (scan.n_list == 0 || (view == VIEW_TEXT && scan.sufficient ? 0 : regexes < FEW))
        return (struct scan){0};
    return scan;
}

bool scan_has(const struct scan *scan, const struct pred *pred)
{
    for (size_t i = 0; i < scan->n; i++)
        if (scan->tests[i] == pred)
            return true;
    return false;
}

size_t scan_words(const struct scan *scan)
{
    return (scan->n + 63) / 64;
}

bool scan_regexes(const struct scan *scan)
{
    return scan->n > 1 || (scan->n == 1 && scan->tests[0]);
}

/* ---- the tables -------------------------------------------------------------------------------------- */

/* A table in the making: what is constant in it later. */
struct table {
    const struct scan *scan;
    struct trail_literals *t;
    uint64_t *bits;
    uint32_t *heads;
    uint32_t n_grams;
    struct trail_gram *grams;
};

static uint32_t gram_hash(const struct trail_literals *t, const char *p)
{
    uint32_t gram = 0;
    for (uint32_t i = 0; i < t->width; i++)
        gram |= (uint32_t)((unsigned char)p[i] | 0x20) << (8 * i);
    return (gram * TRAIL_GRAM_FACTOR) >> t->shift;
}

static void add_gram(struct table *t, uint32_t literal, size_t at)
{
    uint32_t hash = gram_hash(t->t, t->scan->list[literal].text.p + at);
    t->bits[hash / 64] |= (uint64_t)1 << (hash % 64);
    t->grams[t->n_grams] = (struct trail_gram){literal, (uint32_t)at, t->heads[hash / 64]};
    t->heads[hash / 64] = ++t->n_grams;
}

/* So many bits that few groups are taken for ones of a string. */
static uint32_t shift_for(size_t grams)
{
    uint32_t log = 6;
    while (log < 26 && ((size_t)1 << log) < grams * BITS_A_GRAM)
        log++;
    return 32 - log;
}

static size_t words_of_table(const struct trail_literals *t)
{
    return (size_t)1 << (32 - t->shift - 6);
}

struct trail_literals *scan_table(struct compile *c, const struct scan *scan)
{
    struct trail_literals *t = NEW(c, struct trail_literals);
    size_t room = scan->shortest - (scan->shortest < 4 ? 3 : 4) + 1;
    t->width = scan->shortest < 4 ? 3 : 4;
    t->step = room > MOST_STEP ? MOST_STEP : (uint32_t)room;
    t->shift = shift_for(scan->n_list * t->step);
    t->tests = (uint32_t)scan->n;
    t->ascii = scan->ascii;
    struct table making = {.scan = scan, .t = t};
    making.bits = NEW_ARRAY(c, uint64_t, words_of_table(t));
    making.heads = NEW_ARRAY(c, uint32_t, words_of_table(t));
    making.grams = NEW_ARRAY(c, struct trail_gram, scan->n_list * t->step);
    struct trail_literal *list = NEW_ARRAY(c, struct trail_literal, scan->n_list);
    for (uint32_t i = 0; i < scan->n_list; i++) {
        const struct scanned *s = &scan->list[i];
        size_t from = literal_rarest(s->text, t->width + t->step - 1);
        list[i] = (struct trail_literal){s->text.p, (uint32_t)s->text.n, (uint32_t)s->test};
        for (size_t k = 0; k < t->step; k++)
            add_gram(&making, i, from + k);
    }
    t->bits = making.bits;
    t->heads = making.heads;
    t->grams = making.grams;
    t->list = list;
    return t;
}

/* ---- writing them ------------------------------------------------------------------------------------ */

static void next_number(struct buffer *b, size_t i, size_t a_line)
{
    buffer_text(b, i % a_line ? " " : "\n    ");
}

static void emit_list(struct buffer *b, const struct scan *scan, const char *name)
{
    buffer_printf(b,
                  "/* Strings without which tests here cannot hold: text, length, test. */\n"
                  "static const struct trail_literal %s_list[] = {\n",
                  name);
    for (size_t i = 0; i < scan->n_list; i++) {
        buffer_text(b, "    {");
        emit_string(b, scan->list[i].text);
        buffer_printf(b, ", %zu, %zu},\n", scan->list[i].text.n, scan->list[i].test);
    }
    buffer_text(b, "};\n");
}

void emit_scan(struct compile *c, struct buffer *b, const struct scan *scan, const char *name)
{
    const struct trail_literals *t = scan_table(c, scan);
    emit_list(b, scan, name);
    buffer_printf(b, "static const struct trail_gram %s_grams[] = {", name);
    for (size_t i = 0; i < scan->n_list * t->step; i++) {
        next_number(b, i, 8);
        buffer_printf(b, "{%u, %u, %u},", t->grams[i].literal, t->grams[i].at, t->grams[i].next);
    }
    buffer_printf(b, "\n};\nstatic const uint64_t %s_bits[] = {", name);
    for (size_t i = 0; i < words_of_table(t); i++) {
        next_number(b, i, 5);
        buffer_printf(b, "0x%jx,", (uintmax_t)t->bits[i]);
    }
    buffer_printf(b, "\n};\nstatic const uint32_t %s_heads[] = {", name);
    for (size_t i = 0; i < words_of_table(t); i++) {
        next_number(b, i, 16);
        buffer_printf(b, "%u,", t->heads[i]);
    }
    buffer_printf(
        b,
        "\n};\nstatic const struct trail_literals %s = {\n"
        "    .width = %u,\n    .step = %u,\n    .shift = %u,\n    .tests = %u,\n    .ascii = %s,\n"
        "    .bits = %s_bits,\n    .heads = %s_heads,\n    .grams = %s_grams,\n    .list = %s_list,\n};\n\n",
        name, t->width, t->step, t->shift, t->tests, t->ascii ? "true" : "false", name, name, name, name);
}

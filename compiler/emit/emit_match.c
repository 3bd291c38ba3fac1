/*
 * emit_match.c - the generated matcher: switches from keys to places, the tests at each place, the plan as
 * constants. What drives it is in trail/match.h.
 */
#include <string.h>

#include "emit.h"

/* ---- from keys to places -------------------------------------------------------------------------- */

static void emit_child_of(struct compile *c, struct buffer *b, const struct place *p)
{
    struct choices choices = {0};
    for (size_t i = 0; i < p->n_kids; i++)
        buffer_printf(choice_code(c, &choices, p->kids[i]->key), "return AT_%s;\n", p->kids[i]->symbol.p);
    buffer_printf(b, "    case AT_%s:\n", p->symbol.p);
    emit_switch(c, b, 2, &choices, "key", "n");
    if (p->below)
        buffer_printf(b, "        return AT_%s;\n", p->below->symbol.p);
    else
        buffer_text(b, "        return TRAIL_NOWHERE;\n");
}

static void emit_child(struct compile *c, struct buffer *b, const struct places *tree)
{
    buffer_text(b, "/* The place that a key leads to. */\n"
                   "static inline uint32_t child(uint32_t place, const char *key, size_t n)\n"
                   "{\n    switch (place) {\n");
    for (size_t i = 0; i < tree->n; i++)
        if (tree->list[i]->n_kids || tree->list[i]->below)
            emit_child_of(c, b, tree->list[i]);
    buffer_text(b, "    default: return TRAIL_NOWHERE;\n    }\n}\n\n");
}

/* ---- tests ---------------------------------------------------------------------------------------- */

/* What a test that holds does: its bit, and the alerts for which it is a discriminator. */
void emit_hold(const struct compile *c, struct buffer *b, unsigned indent, const struct pred *pred)
{
    emit_indent(b, indent);
    buffer_printf(b, "trail_set(m->tests, %s);\n", emit_bit(pred));
    const struct wanted *w = &c->plan.wanted[pred->id];
    for (size_t i = 0; i < w->n; i++) {
        emit_indent(b, indent);
        buffer_printf(b, "trail_set(m->candidates, ALERT_%s);\n", c->pack.alerts[w->alerts[i]].symbol.p);
    }
}

/* A place's name in function names. */
static void emit_place(struct buffer *b, const struct place *p)
{
    buffer_text(b, "at_");
    emit_lower(b, p ? p->symbol : SLICE("ANY"));
}

static bool asks(size_t n, struct pred *const *preds, enum view view)
{
    for (size_t i = 0; i < n; i++)
        if (preds[i]->view == view && preds[i]->kind != TEST_EXISTS)
            return true;
    return false;
}

static void emit_regex_test(struct compile *c, struct buffer *b, const struct regexes *regexes,
                            unsigned indent, const struct pred *pred)
{
    emit_indent(b, indent);
    buffer_printf(b, "if (regex_%zu(p, n)) {\n", regex_number(c, regexes, pred));
    emit_hold(c, b, indent + 1, pred);
    emit_indent(b, indent);
    buffer_text(b, "}\n");
}

/* Regexes whose strings were met, and those that have none. */
static void emit_regex_tests(struct compile *c, struct buffer *b, const struct regexes *regexes,
                             const struct scan *scan, size_t n, struct pred *const *preds, enum view view)
{
    for (size_t i = 0; i < n; i++)
        if (preds[i]->view == view && preds[i]->regex && !scan_has(scan, preds[i]))
            emit_regex_test(c, b, regexes, 1, preds[i]);
    if (!scan_regexes(scan))
        return;
    buffer_printf(b,
                  "    for (size_t w = 0; w < %zu; w++) {\n"
                  "        for (uint64_t bits = maybe[w]; bits; bits &= bits - 1) {\n"
                  "            switch (w * 64 + (size_t)__builtin_ctzll(bits)) {\n",
                  scan_words(scan));
    for (size_t i = 0; i < scan->n; i++) {
        if (!scan->tests[i])
            continue;
        buffer_printf(b, "            case %zu:\n", i);
        emit_regex_test(c, b, regexes, 4, scan->tests[i]);
        buffer_text(b, "                break;\n");
    }
    buffer_text(b, "            default: break;\n            }\n        }\n    }\n");
}

/* The tables of a scan, if there is to be one, and what they are called. */
static struct scan emit_place_scan(struct compile *c, struct buffer *b, struct buffer *name,
                                   const struct place *place, size_t n, struct pred *const *preds,
                                   enum view view)
{
    struct scan scan = scan_of(c, view, n, preds);
    emit_place(name, place);
    buffer_printf(name, "_%s_literals", view_name(view));
    if (scan.n)
        emit_scan(c, b, &scan, name->p);
    return scan;
}

/* Those of values and words that are in sets. */
static void emit_set_tests(struct compile *c, struct buffer *b, size_t n, struct pred *const *preds,
                           enum view view)
{
    struct pred **list = NULL;
    size_t n_list = 0;
    for (size_t i = 0; i < n; i++)
        if (preds[i]->view == view && !emit_is_range(preds[i]) && emit_in_set(preds[i]))
            *PUSH(c, list, n_list) = preds[i];
    emit_sets(c, b, n_list, list);
}

/* ---- the whole value ---- */

static void emit_equals_tests(struct compile *c, struct buffer *b, size_t n, struct pred *const *preds,
                              enum view view)
{
    struct choices choices = {0};
    for (size_t i = 0; i < n; i++)
        if (preds[i]->view == view && preds[i]->kind == TEST_EQUALS && !emit_in_set(preds[i]))
            emit_hold(c, choice_code(c, &choices, preds[i]->literal.whole), 0, preds[i]);
    emit_switch(c, b, 1, &choices, "p", "n");
}

static void emit_whole_function(struct compile *c, struct buffer *b, const struct regexes *regexes,
                                const struct place *place, size_t n, struct pred *const *preds,
                                enum view view)
{
    struct buffer name = {.c = c};
    struct scan scan = emit_place_scan(c, b, &name, place, n, preds, view);
    buffer_printf(b, "/* %s. */\nstatic void ",
                  view == VIEW_JSON ? "The JSON text of a value here" : "A whole value here");
    emit_place(b, place);
    buffer_printf(b, "_%s(struct trail_match *m, const char *p, size_t n)\n{\n", view_name(view));
    emit_equals_tests(c, b, n, preds, view);
    emit_set_tests(c, b, n, preds, view);
    if (scan.n)
        buffer_printf(b,
                      "    uint64_t maybe[%zu] = {0};\n"
                      "    trail_literals_find(&%s, p, n, maybe);\n",
                      scan_words(&scan), buffer_slice(&name).p);
    emit_regex_tests(c, b, regexes, &scan, n, preds, view);
    emit_range_tests(c, b, n, preds, view == VIEW_JSON);
    buffer_text(b, "}\n\n");
}

/* ---- tokens ---- */

/*
 * Phrases of a place are rows of bits, one bit a token, packed into words (a row does not cross words). A
 * token moves every row that it fits one bit on: rows = ((rows << 1) | first) & here. A row's last bit is a
 * match.
 */
struct rows {
    size_t words;
    uint64_t *first, *last;
    struct pred **done; /* by bit: whose last token it is */
};

static struct rows rows_of(struct compile *c, size_t n, struct pred *const *preds, struct choices *choices)
{
    struct rows rows = {.words = 0};
    size_t bit = 0;
    rows.first = NEW_ARRAY(c, uint64_t, n);
    rows.last = NEW_ARRAY(c, uint64_t, n);
    rows.done = NEW_ARRAY(c, struct pred *, n * 64);
    for (size_t i = 0; i < n; i++) {
        const struct literal *l = &preds[i]->literal;
        if (preds[i]->kind != TEST_TOKENS || l->n_tokens < 2)
            continue;
        if (bit % 64 + l->n_tokens > 64)
            bit = (bit / 64 + 1) * 64;
        rows.words = (bit + l->n_tokens - 1) / 64 + 1;
        rows.first[bit / 64] |= (uint64_t)1 << (bit % 64);
        for (size_t t = 0; t < l->n_tokens; t++, bit++)
            buffer_printf(choice_code(c, choices, l->tokens[t]), "here[%zu] |= (uint64_t)1 << %zu;\n",
                          bit / 64, bit % 64);
        rows.last[(bit - 1) / 64] |= (uint64_t)1 << ((bit - 1) % 64);
        rows.done[bit - 1] = preds[i];
    }
    return rows;
}

static void emit_words(struct buffer *b, const char *name, size_t n, const uint64_t *words)
{
    buffer_printf(b, "    static const uint64_t %s[%zu] = {", name, n);
    for (size_t i = 0; i < n; i++)
        buffer_printf(b, "%s0x%jx", i ? ", " : "", (uintmax_t)words[i]);
    buffer_text(b, "};\n");
}

static void emit_rows_step(const struct compile *c, struct buffer *b, const struct rows *rows)
{
    buffer_printf(b,
                  "    for (size_t w = 0; w < %zu; w++) {\n"
                  "        rows[w] = (rows[w] << 1 | first[w]) & here[w];\n"
                  "        for (uint64_t done = rows[w] & last[w]; done; done &= done - 1) {\n"
                  "            switch (w * 64 + (size_t)__builtin_ctzll(done)) {\n",
                  rows->words);
    for (size_t bit = 0; bit < rows->words * 64; bit++) {
        if (!rows->done[bit])
            continue;
        buffer_printf(b, "            case %zu:\n", bit);
        emit_hold(c, b, 4, rows->done[bit]);
        buffer_text(b, "                break;\n");
    }
    buffer_text(b, "            default: break;\n            }\n        }\n    }\n");
}

static size_t emit_token_function(struct compile *c, struct buffer *b, const struct regexes *regexes,
                                  const struct scan *scan, const struct place *place, size_t n,
                                  struct pred *const *preds)
{
    struct choices choices = {0};
    for (size_t i = 0; i < n; i++)
        if (preds[i]->kind == TEST_TOKENS && preds[i]->literal.n_tokens == 1 && !emit_in_set(preds[i]))
            emit_hold(c, choice_code(c, &choices, preds[i]->literal.tokens[0]), 0, preds[i]);
    struct rows rows = rows_of(c, n, preds, &choices);

    buffer_text(b, "static void ");
    emit_place(b, place);
    buffer_printf(b, "_token(struct trail_match *m, const char *p, size_t n%s%s)\n{\n",
                  scan_regexes(scan) ? ", const uint64_t *maybe" : "", rows.words ? ", uint64_t *rows" : "");
    if (rows.words) {
        emit_words(b, "first", rows.words, rows.first);
        emit_words(b, "last", rows.words, rows.last);
        buffer_printf(b, "    uint64_t here[%zu] = {0};\n", rows.words);
    }
    emit_switch(c, b, 1, &choices, "p", "n");
    emit_set_tests(c, b, n, preds, VIEW_TEXT);
    emit_regex_tests(c, b, regexes, scan, n, preds, VIEW_TEXT);
    if (rows.words)
        emit_rows_step(c, b, &rows);
    buffer_text(b, "}\n\n");
    return rows.words;
}

static bool asks_tokens(size_t n, struct pred *const *preds)
{
    for (size_t i = 0; i < n; i++)
        if (preds[i]->kind == TEST_TOKENS || preds[i]->kind == TEST_TOKEN_REGEX)
            return true;
    return false;
}

static void emit_text_function(struct compile *c, struct buffer *b, const struct regexes *regexes,
                               const struct place *place, size_t n, struct pred *const *preds)
{
    struct buffer name = {.c = c}, call = {.c = c};
    struct scan scan = emit_place_scan(c, b, &name, place, n, preds, VIEW_TEXT);
    buffer_text(b, "/* One token of a value here. */\n");
    size_t words = emit_token_function(c, b, regexes, &scan, place, n, preds);
    emit_place(&call, place);
    buffer_text(&call, "_token(m, ");
    const char *rows = words ? ", rows" : "", *maybe = scan_regexes(&scan) ? ", maybe" : "";

    buffer_text(b, "static void ");
    emit_place(b, place);
    buffer_text(b, "_text(struct trail_match *m, const struct trail_value *v)\n{\n");
    if (words)
        buffer_printf(b, "    uint64_t rows[%zu] = {0};\n", words);
    if (scan.n)
        buffer_printf(b, "    uint64_t maybe[%zu] = {0};\n", scan_words(&scan));
    buffer_text(b, "    if (!v->string) {\n");
    if (*maybe)
        buffer_text(b, "        memset(maybe, 0xff, sizeof maybe);\n");
    buffer_printf(b, "        %strail_scalar_token(m, v), v->n%s%s);\n        return;\n    }\n", call.p,
                  maybe, rows);
    if (scan.n && scan.sufficient)
        buffer_printf(b, "    if (!trail_literals_find(&%s, v->p, v->n, maybe))\n        return;\n", name.p);
    else if (scan.n)
        buffer_printf(b, "    trail_literals_find(&%s, v->p, v->n, maybe);\n", name.p);
    buffer_printf(b,
                  "    struct trail_tokens t;\n"
                  "    for (trail_tokens_start(&t, v->p, v->n); trail_tokens_next(&t);)\n"
                  "        %st.p, t.n%s%s);\n}\n\n",
                  call.p, maybe, rows);
}

/* ---- the places' functions -------------------------------------------------------------------- */

static bool asks_whole(size_t n, struct pred *const *preds)
{
    for (size_t i = 0; i < n; i++)
        if (preds[i]->view == VIEW_KEYWORD || (emit_is_range(preds[i]) && preds[i]->view != VIEW_JSON))
            return true;
    return false;
}

static void emit_functions(struct compile *c, struct buffer *b, const struct regexes *regexes,
                           const struct place *place, size_t n, struct pred *const *preds)
{
    if (n) {
        buffer_text(b, "/* --------\n");
        emit_comment(b, " * ", place ? place->name : SLICE("every value"));
        buffer_text(b, " */\n\n");
    }
    if (asks_tokens(n, preds))
        emit_text_function(c, b, regexes, place, n, preds);
    if (asks_whole(n, preds))
        emit_whole_function(c, b, regexes, place, n, preds, VIEW_KEYWORD);
    if (asks(n, preds, VIEW_JSON))
        emit_whole_function(c, b, regexes, place, n, preds, VIEW_JSON);
}

static void emit_calls(struct buffer *b, unsigned indent, const struct place *place, size_t n,
                       struct pred *const *preds)
{
    if (asks_tokens(n, preds)) {
        emit_indent(b, indent);
        emit_place(b, place);
        buffer_text(b, "_text(m, v);\n");
    }
    if (asks_whole(n, preds)) {
        emit_indent(b, indent);
        emit_place(b, place);
        buffer_text(b, "_keyword(m, v->p, v->n);\n");
    }
}

static void emit_value(struct compile *c, struct buffer *b, const struct plan *plan)
{
    buffer_text(
        b,
        "/* A value at a place: runs its tests. */\n"
        "static inline void value(struct trail_match *m, uint32_t place, const struct trail_value *v)\n{\n");
    emit_calls(b, 1, NULL, plan->n_any, plan->any);
    buffer_text(b, "    switch (place) {\n");
    for (size_t i = 0; i < plan->tests.n; i++) {
        const struct place *p = plan->tests.list[i];
        if (!p->is_time && !p->n_preds && !p->n_exists)
            continue;
        buffer_printf(b, "    case AT_%s:\n", p->symbol.p);
        if (p->is_time)
            buffer_text(b, "        if (!m->time.n)\n            m->time = v->raw;\n");
        for (size_t k = 0; k < p->n_exists; k++)
            emit_hold(c, b, 2, p->exists[k]);
        emit_calls(b, 2, p, p->n_preds, p->preds);
        buffer_text(b, "        break;\n");
    }
    buffer_text(b, "    default: break;\n    }\n}\n\n");
}

static void emit_json_calls(struct buffer *b, const struct places *tree)
{
    buffer_text(b, "/* Places whose JSON text is asked about. */\n"
                   "static inline bool wants_whole(uint32_t place)\n{\n    switch (place) {\n");
    for (size_t i = 0; i < tree->n; i++)
        if (asks(tree->list[i]->n_preds, tree->list[i]->preds, VIEW_JSON))
            buffer_printf(b, "    case AT_%s: return true;\n", tree->list[i]->symbol.p);
    buffer_text(b, "    default: return false;\n    }\n}\n\n"
                   "static inline void whole(struct trail_match *m, uint32_t place, struct trail_slice json, "
                   "bool element)\n"
                   "{\n    (void)m;\n    (void)element;\n    if (trail_absent(json))\n        return;\n    "
                   "switch (place) {\n");
    for (size_t i = 0; i < tree->n; i++) {
        const struct place *p = tree->list[i];
        if (!asks(p->n_preds, p->preds, VIEW_JSON))
            continue;
        buffer_printf(b, "    case AT_%s: ", p->symbol.p);
        emit_place(b, p);
        buffer_text(b, "_json(m, json.p, json.n); break;\n");
    }
    buffer_text(b, "    default: break;\n    }\n}\n\n");
}

/* ---- the plan as constants ---------------------------------------------------------------------- */

static void emit_roots(struct compile *c, struct buffer *b, const struct place *record)
{
    struct choices choices = {0};
    buffer_text(b, "/* The root's keys that the pack knows. */\nenum root {\n");
    for (size_t i = 0; i < record->n_kids; i++)
        buffer_printf(b, "    ROOT_%s,\n", record->kids[i]->symbol.p);
    buffer_text(b, "    ROOTS\n};\n\nstatic const uint32_t root_places[ROOTS] = {\n");
    for (size_t i = 0; i < record->n_kids; i++) {
        buffer_printf(b, "    [ROOT_%s] = AT_%s,\n", record->kids[i]->symbol.p, record->kids[i]->symbol.p);
        buffer_printf(choice_code(c, &choices, record->kids[i]->key), "return ROOT_%s;\n",
                      record->kids[i]->symbol.p);
    }
    buffer_text(b, "};\n\nstatic inline uint32_t root(const char *key, size_t n)\n{\n");
    emit_switch(c, b, 1, &choices, "key", "n");
    buffer_text(b, "    return TRAIL_NOWHERE;\n}\n\n");
}

/* A set of roots as words of bits, each named. */
static void emit_root_set(struct buffer *b, const struct place *record, const bool *in)
{
    size_t words = record->n_kids / 64 + 1;
    for (size_t w = 0; w < words; w++) {
        const char *between = "";
        for (size_t i = w * 64; i < record->n_kids && i < (w + 1) * 64; i++)
            if (in[i]) {
                buffer_printf(b, "%sBIT(ROOT_%s)", between, record->kids[i]->symbol.p);
                between = " | ";
            }
        buffer_text(b, *between ? ", " : "0, ");
    }
}

static size_t root_above(const struct compile *c, const struct path *path)
{
    const struct place *root = map_get(&c->plan.tests.list[0]->by_key, path->keys[0]);
    return root->index;
}

static void emit_needs(struct compile *c, struct buffer *b)
{
    const struct place *record = c->plan.tests.list[0];
    bool *in = NEW_ARRAY(c, bool, record->n_kids + 1);
    in[root_above(c, c->pack.time)] = true;
    for (size_t i = 0; i < c->n_preds; i++)
        if (c->plan.wanted[i].n)
            in[root_above(c, c->preds[i]->path)] = true;
    buffer_text(b, "#define BIT(i) ((uint64_t)1 << ((i) % 64))\n\n"
                   "/* Looked into in every record: the time and the discriminators. */\n"
                   "static const uint64_t first[ROOTS / 64 + 1] = {");
    emit_root_set(b, record, in);
    buffer_text(b, "};\n\n/* What each alert's filter looks into. */\n"
                   "static const uint64_t needs[ALERTS][ROOTS / 64 + 1] = {\n");
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        const struct need *need = &c->plan.needs[i];
        memset(in, 0, record->n_kids + 1);
        for (size_t k = 0; k < need->n_roots; k++)
            in[need->roots[k]->index] = true;
        buffer_printf(b, "    [ALERT_%s] = {", c->pack.alerts[i].symbol.p);
        emit_root_set(b, record, in);
        buffer_text(b, "},\n");
    }
    buffer_text(b, "};\n\n");
}

/* A set of alerts as words of bits. */
static void emit_alert_set(struct compile *c, struct buffer *b, const char *comment, const char *name,
                           bool (*in)(const struct need *))
{
    buffer_printf(b, "/* %s */\nstatic const uint64_t %s[ALERTS / 64 + 1] = {", comment, name);
    for (size_t w = 0; w <= c->pack.n_alerts / 64; w++) {
        const char *between = "";
        for (size_t i = w * 64; i < c->pack.n_alerts && i < (w + 1) * 64; i++)
            if (in(&c->plan.needs[i])) {
                buffer_printf(b, "%sBIT(ALERT_%s)", between, c->pack.alerts[i].symbol.p);
                between = " | ";
            }
        buffer_text(b, *between ? ", " : "0, ");
    }
    buffer_text(b, "};\n\n");
}

static bool is_asked(const struct need *need)
{
    return !need->never && need->n_discriminators == 0 && need->n_inner == 0;
}

static bool asks_everything(const struct need *need)
{
    return need->everything;
}

static void emit_places(struct buffer *b, const char *comment, const struct places *tree)
{
    buffer_printf(b, "/* %s */\nenum place {\n", comment);
    for (size_t i = 0; i < tree->n; i++) {
        buffer_printf(b, "    AT_%s,\n", tree->list[i]->symbol.p);
    }
    buffer_text(b, "};\n\n");
}

static const char plan_begin[] =
    "static const struct trail_visitor visitor = {child, value, wants_whole, whole};\n\n"
    "static const struct trail_plan plan = {\n"
    "    .n_roots = ROOTS,\n"
    "    .root = root,\n"
    "    .places = root_places,\n"
    "    .root_words = ROOTS / 64 + 1,\n"
    "    .first = first,\n";

static const char match_function[] =
    "    .needs = &needs[0][0],\n"
    "    .residual = residual,\n"
    "    .everything = everything,\n"
    "    .filters = filters,\n"
    "};\n\n"
    "void match(struct trail_match *m, const char *record, size_t n)\n"
    "{\n"
    "    struct trail_span spans[ROOTS] = {{NULL, NULL}};\n"
    "    uint64_t needed[ROOTS / 64 + 1];\n"
    "    trail_match_record(m, &visitor, &plan, record, n, spans, needed);\n"
    "}\n"
    "\nbool asks(struct trail_match *m, uint32_t root_number, const char *p, const char *end)\n"
    "{\n"
    "    return trail_ask_root(m, &visitor, &plan, root_number, p, end);\n"
    "}\n";

void emit_match(struct compile *c, struct buffer *b, const struct regexes *regexes)
{
    const struct plan *plan = &c->plan;
    buffer_text(b,
                "/* match.c - which alerts' filters does a record meet? The steps are in trail/match.h. */\n"
                "#include \"pack.h\"\n\n#include \"trail/match.h\"\n\n");
    emit_places(b, "The paths that filters ask about, and those on the way to them.", &plan->tests);
    emit_child(c, b, &plan->tests);
    emit_functions(c, b, regexes, NULL, plan->n_any, plan->any);
    for (size_t i = 0; i < plan->tests.n; i++)
        emit_functions(c, b, regexes, plan->tests.list[i], plan->tests.list[i]->n_preds,
                       plan->tests.list[i]->preds);
    emit_value(c, b, plan);
    emit_json_calls(b, &plan->tests);
    emit_roots(c, b, plan->tests.list[0]);
    emit_needs(c, b);
    emit_alert_set(c, b, "Asked of every record: no discriminator rules them out.", "residual", is_asked);
    emit_alert_set(c, b, "Ask about every value of the record.", "everything", asks_everything);
    buffer_text(b, plan_begin);
    buffer_printf(b, "    .time = ROOT_%s,\n",
                  plan->tests.list[0]->kids[root_above(c, c->pack.time)]->symbol.p);
    buffer_text(b, match_function);
}

/* ---- fields ------------------------------------------------------------------------------------- */

/* One `||` for each field at the place or below it. */
static void emit_fields_under(struct buffer *b, const struct place *place, const char **between)
{
    if (place->field) {
        buffer_printf(b, "%strail_get(m->fields, %zu)", *between, place->field - 1);
        *between = " ||\n               ";
    }
    for (size_t i = 0; i < place->n_kids; i++)
        emit_fields_under(b, place->kids[i], between);
}

static void emit_leads(struct buffer *b, const struct places *tree)
{
    const struct place *record = tree->list[0];
    buffer_text(b, "/* Whether a key of the record leads to a field that is wanted. */\n"
                   "static inline bool leads(const struct trail_match *m, uint32_t place)\n"
                   "{\n    if (!m->fields) {\n        return true;\n    }\n    switch (place) {\n");
    for (size_t i = 0; i < record->n_kids; i++) {
        const char *between = "";
        buffer_printf(b, "    case AT_%s:\n        return ", record->kids[i]->symbol.p);
        emit_fields_under(b, record->kids[i], &between);
        buffer_text(b, *between ? ";\n" : "true;\n");
    }
    buffer_text(b, "    default: return true;\n    }\n}\n\n");
}

void emit_fields(struct compile *c, struct buffer *b)
{
    const struct places *tree = &c->plan.fields;
    buffer_text(b, "/* fields.c - the values that output and counting need of a record that matched. */\n"
                   "#include \"pack.h\"\n\n#include \"trail/match.h\"\n\n");
    emit_places(b, "The fields, and the paths on the way to them.", tree);
    emit_child(c, b, tree);
    buffer_text(b, "static inline bool wants_whole(uint32_t place)\n{\n    switch (place) {\n");
    for (size_t i = 0; i < tree->n; i++)
        if (tree->list[i]->field)
            buffer_printf(b, "    case AT_%s: return true;\n", tree->list[i]->symbol.p);
    buffer_text(b, "    default: return false;\n    }\n}\n\n"
                   "static inline void whole(struct trail_match *m, uint32_t place, struct trail_slice json, "
                   "bool element)\n"
                   "{\n    if (element)\n        return;\n    switch (place) {\n");
    for (size_t i = 0; i < tree->n; i++)
        if (tree->list[i]->field)
            buffer_printf(b, "    case AT_%s: m->field(m->field_user, %zu, json); break;\n",
                          tree->list[i]->symbol.p, tree->list[i]->field - 1);
    buffer_text(b, "    default: break;\n    }\n}\n\n"
                   "static const struct trail_visitor visitor = {child, NULL, wants_whole, whole};\n\n");
    emit_leads(b, tree);
    buffer_text(b, "void fields_of(struct trail_match *m, const char *record, size_t n, trail_field_fn *fn, "
                   "void *user)\n"
                   "{\n"
                   "    m->field = fn;\n"
                   "    m->field_user = user;\n"
                   "    trail_walk_record(m, &visitor, leads, record, n);\n"
                   "}\n");
}

/*
 * Logic: what follows from what. Formulas against all truths of their predicates; implications of real
 * filters; W205.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "filters.h"
#include "logic/logic.h"
#include "logic/redundant.h"
#include "suite.h"

/* ---- formulas against brute force -------------------------------------------------------------------- */

enum { PREDS = 7, FORMULAS = 20000 };

struct draw {
    uint64_t state;
    struct compile c;
    bool implied[PREDS][PREDS];
};

static unsigned below(struct draw *d, unsigned n)
{
    d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(d->state >> 33) % n;
}

/* Implications as they come: closed, so that they are those of something. */
static void draw_implications(struct draw *d)
{
    memset(d->implied, 0, sizeof d->implied);
    for (unsigned i = below(d, 5); i > 0; i--)
        d->implied[below(d, PREDS)][below(d, PREDS)] = true;
    for (unsigned k = 0; k < PREDS; k++)
        for (unsigned i = 0; i < PREDS; i++)
            for (unsigned j = 0; j < PREDS; j++)
                d->implied[i][j] |= d->implied[i][k] && d->implied[k][j];
}

static struct logic *logic_of(struct draw *d)
{
    struct logic *l = logic_new(&d->c);
    for (unsigned i = 0; i < PREDS; i++)
        for (unsigned j = 0; j < PREDS; j++)
            if (i != j && d->implied[i][j]) {
                *PUSH(&d->c, l->implications.of[i].list, l->implications.of[i].n) = j;
                *PUSH(&d->c, l->implications.by[j].list, l->implications.by[j].n) = i;
            }
    return l;
}

static struct expr *draw_formula(struct draw *d, unsigned depth)
{
    struct expr *e = NEW(&d->c, struct expr);
    unsigned what = depth == 0 ? 0 : below(d, 12);
    if (what < 4) {
        e->kind = EXPR_PRED;
        e->pred = d->c.preds[below(d, PREDS)];
        if (below(d, 30) == 0)
            e->kind = below(d, 2) ? EXPR_TRUE : EXPR_FALSE;
        return e;
    }
    e->kind = what < 6 ? EXPR_NOT : what < 9 ? EXPR_AND : EXPR_OR;
    for (unsigned n = e->kind == EXPR_NOT ? 1 : 2 + below(d, 3); n > 0; n--)
        *PUSH(&d->c, e->kids, e->n) = draw_formula(d, depth - 1);
    return e;
}

static bool holds(const struct expr *e, unsigned truth)
{
    switch (e->kind) {
    case EXPR_TRUE: return true;
    case EXPR_FALSE: return false;
    case EXPR_PRED: return truth >> e->pred->id & 1;
    case EXPR_NOT: return !holds(e->kids[0], truth);
    case EXPR_AND:
    case EXPR_OR: break;
    }
    for (size_t i = 0; i < e->n; i++)
        if (holds(e->kids[i], truth) != (e->kind == EXPR_AND))
            return e->kind == EXPR_OR;
    return e->kind == EXPR_AND;
}

static bool allowed(const struct draw *d, unsigned truth)
{
    for (unsigned i = 0; i < PREDS; i++)
        for (unsigned j = 0; j < PREDS; j++)
            if (d->implied[i][j] && (truth >> i & 1) && !(truth >> j & 1))
                return false;
    return true;
}

static bool possible(const struct draw *d, size_t n, const struct demand *demands)
{
    for (unsigned truth = 0; truth < 1u << PREDS; truth++) {
        size_t met = 0;
        while (met < n && holds(demands[met].expr, truth) == demands[met].is)
            met++;
        if (met == n && allowed(d, truth))
            return true;
    }
    return false;
}

START_TEST(formulas_are_as_by_all_truths)
{
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : 20260101;
    size_t answers[3] = {0};
    for (unsigned i = 0; i < FORMULAS; i++) {
        struct draw d = {.state = seed + i};
        d.c.arena = arena_new();
        for (unsigned k = 0; k < PREDS; k++) {
            struct pred *p = NEW(&d.c, struct pred);
            p->id = k;
            p->kind = TEST_EXISTS;
            p->path = path_intern(&d.c, slice_of((const char *[]){"a", "b", "c", "d", "e", "f", "g"}[k]));
            *PUSH(&d.c, d.c.preds, d.c.n_preds) = p;
        }
        draw_implications(&d);
        struct logic *l = logic_of(&d);
        struct demand demands[2];
        for (unsigned k = 0; k < 2; k++)
            demands[k] = (struct demand){draw_formula(&d, 4), below(&d, 2)};
        l->steps = 1000000;
        enum answer answer = satisfiable(l, 1 + i % 2, demands);
        answers[answer]++;
        ck_assert_msg(answer == (possible(&d, 1 + i % 2, demands) ? ANSWER_YES : ANSWER_NO),
                      "SEED=%ju: formula %u is answered %d", (uintmax_t)seed, i, (int)answer);
        arena_free(d.c.arena);
    }
    ck_assert_uint_gt(answers[ANSWER_YES], FORMULAS / 10);
    ck_assert_uint_gt(answers[ANSWER_NO], FORMULAS / 20);
}
END_TEST

START_TEST(little_patience_is_never_wrong)
{
    for (unsigned i = 0; i < 2000; i++) {
        struct draw d = {.state = i};
        d.c.arena = arena_new();
        for (unsigned k = 0; k < PREDS; k++) {
            struct pred *p = NEW(&d.c, struct pred);
            p->id = k;
            p->kind = TEST_EXISTS;
            p->path = path_intern(&d.c, slice_of((const char *[]){"a", "b", "c", "d", "e", "f", "g"}[k]));
            *PUSH(&d.c, d.c.preds, d.c.n_preds) = p;
        }
        struct logic *l = logic_of(&d);
        struct demand demand = {draw_formula(&d, 5), i % 2};
        l->steps = i % 50;
        enum answer answer = satisfiable(l, 1, &demand);
        bool really = possible(&d, 1, &demand);
        ck_assert_msg(answer == ANSWER_UNKNOWN || (answer == ANSWER_YES) == really, "formula %u", i);
        arena_free(d.c.arena);
    }
}
END_TEST

/* ---- implications of clauses ------------------------------------------------------------------------- */

static const struct {
    const char *p, *q;
    bool implied;
} pairs[] = {
    {"a:x", "_exists_:a", true},
    {"a.b:x", "_exists_:a", true},
    {"_exists_:a.b", "_exists_:a", true},
    {"_exists_:a", "_exists_:a.b", false},
    {"ab:x", "_exists_:a", false},
    {"a.json:x", "_exists_:a", false},
    {"_exists_:a", "a:x", false},
    {"a:x", "x", true},
    {"x", "a:x", false},
    {"a:\"x y z\"", "a:\"y z\"", true},
    {"a:\"x y z\"", "a:\"x z\"", false},
    {"a:\"x y z\"", "y", true},
    {"a:x", "a:\"x y\"", false},
    {"a:Foo", "a:/fo+/", true},
    {"a:Foo", "a:f*", true},
    {"a:Foo", "a:g*", false},
    {"a:\"x Foo\"", "a:fo?", true},
    {"a.keyword:Foo", "a.keyword:F*", true},
    {"a.keyword:Foo", "a.keyword:f*", false},
    {"a.keyword:Foo", "a.keyword:/foo/i", true},
    {"a.keyword:\"Foo bar\"", "a:bar", true},
    {"a.keyword:\"Foo bar\"", "a:ba?", true},
    {"a.keyword:\"Foo bar\"", "a:\"bar foo\"", false},
    {"a.keyword:\"1e5\"", "a:\"1e5\"", false}, /* a number of the log may be spelled 1e5, too: not said */
    {"a:foo", "a.keyword:foo", false},
    {"a.keyword:m", "a.keyword:[a TO z]", true},
    {"a.keyword:m", "a.keyword:[a TO m}", false},
    {"a.json:\"1\"", "a.keyword:\"1\"", false},
    {"n:[2 TO 3]", "n:[1 TO 3]", true},
    {"n:[2 TO 3]", "n:[1 TO 3}", false},
    {"n:[2 TO 3}", "n:[1 TO 3}", true},
    {"n:{2 TO 3]", "n:[2 TO *]", true},
    {"n:[2 TO *]", "n:[2 TO 9]", false},
    {"n:>10", "n:>9", true},
    {"n:>9", "n:>10", false},
    {"n:[2.0 TO 3]", "n:[20e-1 TO 30]", true},
    {"n:[2 TO 3]", "m:[1 TO 4]", false},
    {"a.keyword:[b TO c]", "a.keyword:[a TO d]", true},
    {"a.keyword:[b TO c]", "a.keyword:[bb TO d]", false},
    {"a.ip:\"10.1.0.0/16\"", "a.ip:\"10.0.0.0/8\"", true},
    {"a.ip:\"10.0.0.0/8\"", "a.ip:\"10.1.0.0/16\"", false},
    {"a.keyword:/x+/", "a.keyword:/x+/", true},
};

static struct expr *lowered(struct filtered **f, const char *p, const char *q)
{
    static struct alert alerts[2];
    *f = calloc(1, sizeof **f);
    struct compile *c = &(*f)->c;
    c->arena = arena_new();
    add_lists(c);
    const char *texts[2] = {p, q};
    memset(alerts, 0, sizeof alerts);
    for (size_t i = 0; i < 2; i++) {
        alerts[i].filter = text_of(c, texts[i]);
        alerts[i].tree = parse_filter(c, &alerts[i].filter);
        ck_assert_msg(alerts[i].tree && check_filter(c, &alerts[i].filter, alerts[i].tree), "%s", texts[i]);
    }
    c->pack.n_alerts = 2;
    c->pack.alerts = alerts;
    lower(c);
    return alerts[0].expr;
}

START_TEST(clause_implies_clause)
{
    struct filtered *f;
    const char *p = pairs[_i].p, *q = pairs[_i].q;
    lowered(&f, p, q);
    const struct pred *first = f->c.preds[0], *second = f->c.preds[f->c.n_preds - 1];
    ck_assert_msg(implies(&f->c, first, second) == pairs[_i].implied, "%s => %s", p, q);
    filtered_free(f);
}
END_TEST

/* ---- implications of a pack --------------------------------------------------------------------------- */

static const char *const fields[] = {"a", "a.b", "a.b.c", "n"};
static const char *const values[] = {
    "foo", "Foo", "fop",     "\"foo bar\"", "\"bar foo bar\"", "\"x foo bar\"", "bar",
    "b",   "m",   "\"1e5\"", "3",           "\"foo 3\""};
static const char *const texts[] = {"f*", "fo?", "/.*o+/", "/ba[rz]/"};
static const char *const ranges[] = {"[1 TO 3]",   "{1 TO 3}", "[1 TO *]",   "[* TO 3}", "[2 TO 2]",
                                     "[-1 TO 30]", "[a TO f]", "{foo TO *]", "[b TO z]", "[foo TO foo]"};
static const char *const blocks[] = {"\"10.0.0.0/8\"", "\"10.1.0.0/16\"", "\"10.1.2.3\"", "\"::/0\"",
                                     "\"fe80::/10\""};

#define ONE_OF(d, list) (list)[below(d, sizeof(list) / sizeof *(list))]

static void draw_clause(struct draw *d, struct buffer *b)
{
    static const char *const views[] = {"", ".keyword", ".json"};
    const char *field = ONE_OF(d, fields), *view = ONE_OF(d, views);
    switch (below(d, 8)) {
    case 0: buffer_printf(b, "_exists_:%s", field); return;
    case 1: buffer_text(b, ONE_OF(d, values)); return;
    case 2: buffer_text(b, ONE_OF(d, texts)); return;
    case 3: buffer_printf(b, "%s%s:%s", field, view, ONE_OF(d, texts)); return;
    case 4: buffer_printf(b, "%s.ip:%s", field, ONE_OF(d, blocks)); return;
    case 5: buffer_printf(b, "%s%s:%s", field, view, ONE_OF(d, ranges)); return;
    default: buffer_printf(b, "%s%s:%s", field, view, ONE_OF(d, values)); return;
    }
}

static bool is_among(const struct ids *ids, unsigned id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (ids->list[i] == id)
            return true;
    return false;
}

/* What is found by sweeps and by text is what each two of the predicates say. */
START_TEST(packs_are_related_as_each_two_are)
{
    struct draw d = {.state = (uint64_t)_i + 1};
    struct compile c = {.arena = arena_new()};
    struct buffer b = {.c = &c};
    size_t found = 0;
    buffer_text(&b, "alert: a\nfilter: >\n  ");
    for (unsigned i = 0; i < 120; i++) {
        buffer_text(&b, i ? " OR " : "");
        draw_clause(&d, &b);
    }
    buffer_text(&b, "\n---\npack: p\nschema: none\n");
    ck_assert(pack_load_text(&c, "p.yaml", buffer_slice(&b)) && parse(&c) && check(&c));
    lower(&c);
    struct implications all = implications(&c);
    for (unsigned p = 0; p < c.n_preds; p++)
        for (unsigned q = 0; q < c.n_preds; q++) {
            bool want = p != q && implies(&c, c.preds[p], c.preds[q]);
            found += want;
            ck_assert_msg(is_among(&all.of[p], q) == want && is_among(&all.by[q], p) == want, "%s => %s: %s",
                          c.preds[p]->symbol.p, c.preds[q]->symbol.p, want ? "missed" : "invented");
        }
    ck_assert_uint_gt(found, 50);
    arena_free(c.arena);
}
END_TEST

/* ---- W205 -------------------------------------------------------------------------------------------- */

static const struct {
    const char *alerts, *says; /* line:code, by place */
} packs[] = {
    {"alert: a\nfilter: \"*\"\n", ""},
    {"alert: a\nfilter: x:1 OR (NOT x:1)\n", "2 always"},
    {"alert: a\nfilter: x:1 AND NOT x:1\n", "2 never"},
    {"alert: a\nfilter: x:1 AND x:2\n", ""}, /* an array has both */
    {"alert: a\nfilter: _exists_:x OR (NOT x.y:1)\n", "2 always"},
    {"alert: a\nfilter: x:1\n---\nalert: b\nfilter: x:1\n", "5 same"},
    {"alert: a\nfilter: x:1 AND y:2\n---\nalert: b\nfilter: x:1\n", "2 every"},
    {"alert: a\nfilter: x:1\n---\nalert: b\nfilter: x:1 AND y:2\n", "5 every"},
    {"alert: a\nfilter: x:1\n---\nalert: b\nfilter: x:1 AND y:2\npriority: P1\n", ""},
    {"alert: a\nfilter: x:1\n---\nalert: b\nfilter: x:1 AND y:2\nnotify: [mail]\n", ""},
    {"alert: a\nfilter: x:1\n---\nalert: b\nfilter: x:1 AND y:2\nwhen: more than 2 in 10m\n", ""},
    {"alert: a\nfilter: x:1\n---\nalert: b\nfilter: x:1 AND y:2\napplications: [p]\n", ""},
    {"alert: a\nfilter: x:1\n---\nalert: b\nfilter: x:1 AND y:2\ngroup_by: [z]\n", ""},
    {"alert: a\nfilter: x:1\n---\nalert: b\nfilter: z:1 AND y:2\n", ""},
    {"alert: a\nfilter: x:f*\n---\nalert: b\nfilter: x:foo\n", "5 every"},
    {"alert: a\nfilter: x:(p OR q OR r)\n---\nalert: b\nfilter: x:(q OR r)\n", "5 every"},
    {"alert: a\nfilter: \"*\"\n---\nalert: b\nfilter: x:1\n", ""}, /* a count of all is no rule */
    {"alert: a\nfilter: x:1\nwhen: less than 2 in 5m\n---\nalert: b\nfilter: x:1 AND y:2\nwhen: less than 2 "
     "in 5m\n",
     "6 silent"},
};

static void add_said(const struct compile *c, char *to, size_t room)
{
    to[0] = 0;
    for (size_t i = 0; i < c->n_diags; i++) {
        const struct diag *d = &c->diags[i];
        if (d->code != W205)
            continue;
        size_t line = 1, n = strlen(to);
        for (size_t k = 0; k < d->loc.at; k++)
            line += c->sources[d->loc.source].text.p[k] == '\n';
        const char *word = strstr(d->message.p, "always true")    ? "always"
                           : strstr(d->message.p, "never true")   ? "never"
                           : strstr(d->message.p, "is silent")    ? "silent"
                           : strstr(d->message.p, "same events")  ? "same"
                           : strstr(d->message.p, "every event ") ? "every"
                                                                  : "?";
        snprintf(to + n, room - n, "%s%zu %s", n ? ", " : "", line, word);
    }
}

START_TEST(packs_are_told)
{
    struct compile c = {.arena = arena_new()};
    struct slice text = diag_format(&c, "%s", packs[_i].alerts);
    ck_assert(pack_load_text(&c, "p.yaml", text) && parse(&c) && check(&c));
    lower(&c);
    redundant(&c);
    char said[256];
    add_said(&c, said, sizeof said);
    ck_assert_msg(strcmp(said, packs[_i].says) == 0, "%s is told `%s`, not `%s`", packs[_i].alerts, said,
                  packs[_i].says);
    arena_free(c.arena);
}
END_TEST

/* Five hundred alerts that all ask the same first question: told at once, and of the right ones. */
START_TEST(many_alerts_are_compared)
{
    struct compile c = {.arena = arena_new()};
    struct buffer b = {.c = &c};
    for (unsigned i = 0; i < 500; i++)
        buffer_printf(&b, "%salert: a%u\nfilter: s:iam AND n:(v%u OR w%u)\n", i ? "---\n" : "", i, i, i);
    buffer_printf(&b, "---\nalert: one\nfilter: s:iam AND n:w77\n");
    ck_assert(pack_load_text(&c, "p.yaml", buffer_slice(&b)) && parse(&c) && check(&c));
    lower(&c);
    redundant(&c);
    ck_assert_uint_eq(c.n_diags, 1);
    ck_assert(strstr(c.diags[0].message.p, "`a77`") != NULL);
    arena_free(c.arena);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("logic");
    TCase *t = tcase_create("logic");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, formulas_are_as_by_all_truths);
    tcase_add_test(t, little_patience_is_never_wrong);
    tcase_add_loop_test(t, clause_implies_clause, 0, (int)(sizeof pairs / sizeof *pairs));
    tcase_add_loop_test(t, packs_are_related_as_each_two_are, 0, 200);
    tcase_add_loop_test(t, packs_are_told, 0, (int)(sizeof packs / sizeof *packs));
    tcase_add_test(t, many_alerts_are_compared);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

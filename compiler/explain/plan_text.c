/*
 * plan_text.c - the plan in words: `trailc explain` and --dump=ir|plan. Deterministic.
 */
#include <arpa/inet.h>
#include <string.h>

#include "explain/plan_text.h"
#include "regex/regex.h"
#include "trailc.h"

/* Rule text on a terminal: nothing but printable ASCII and valid-looking high bytes passes. */
void plain_print(struct buffer *b, struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if (ch < 0x20 || ch >= 0x7f)
            buffer_printf(b, "\\x%02x", ch);
        else
            buffer_char(b, (char)ch);
    }
}

static void print_bound(struct buffer *b, const struct bound *bound)
{
    if (bound->open)
        buffer_char(b, '*');
    else
        plain_print(b, bound->value);
}

static void print_ip(struct buffer *b, const uint8_t ip[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    char text[INET6_ADDRSTRLEN];
    bool four = memcmp(ip, mapped, sizeof mapped) == 0;
    inet_ntop(four ? AF_INET : AF_INET6, four ? ip + 12 : ip, text, sizeof text);
    buffer_text(b, text);
}

static void print_pred(struct buffer *b, const struct pred *p)
{
    buffer_text(b, "(");
    plain_print(b, p->path ? p->path->name : SLICE("any"));
    if (p->view != VIEW_TEXT)
        buffer_printf(b, " as %s", view_name(p->view));
    switch (p->kind) {
    case TEST_EXISTS: buffer_text(b, " exists"); break;
    case TEST_TOKENS:
        buffer_text(b, p->literal.n_tokens > 1 ? " has the phrase" : " has");
        for (size_t i = 0; i < p->literal.n_tokens; i++) {
            buffer_char(b, ' ');
            plain_print(b, p->literal.tokens[i]);
        }
        break;
    case TEST_EQUALS:
        buffer_text(b, " is ");
        plain_print(b, p->literal.whole);
        break;
    case TEST_TOKEN_REGEX:
    case TEST_REGEX:
        buffer_text(b, p->kind == TEST_REGEX ? " matches " : " has a token that matches ");
        plain_print(b, p->literal.whole);
        buffer_printf(b, ", %zu states", regex_states(p->regex));
        break;
    case TEST_STRING_RANGE:
    case TEST_NUMBER_RANGE:
        buffer_text(b, p->low.inclusive || p->low.open ? " in [" : " in {");
        print_bound(b, &p->low);
        buffer_text(b, " TO ");
        print_bound(b, &p->high);
        buffer_text(b, p->high.inclusive || p->high.open ? "]" : "}");
        break;
    case TEST_IP_RANGE:
        buffer_text(b, " from ");
        print_ip(b, p->low_ip);
        buffer_text(b, " to ");
        print_ip(b, p->high_ip);
        break;
    }
    buffer_text(b, ")");
}

void expr_print(struct buffer *b, const struct expr *e)
{
    static const char *const names[] = {[EXPR_NOT] = "(not", [EXPR_AND] = "(and", [EXPR_OR] = "(or"};
    switch (e->kind) {
    case EXPR_TRUE: buffer_text(b, "every event"); return;
    case EXPR_FALSE: buffer_text(b, "no event"); return;
    case EXPR_PRED: print_pred(b, e->pred); return;
    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR: break;
    }
    buffer_text(b, names[e->kind]);
    for (size_t i = 0; i < e->n; i++) {
        buffer_char(b, ' ');
        expr_print(b, e->kids[i]);
    }
    buffer_char(b, ')');
}

static void print_reason(struct buffer *b, const struct need *need, const struct expr *e)
{
    if (need->never)
        buffer_text(b, "  never: the filter is always false\n");
    else if (need->n_discriminators)
        return;
    else if (e->kind == EXPR_TRUE)
        buffer_text(b, "  residual: it matches every event\n");
    else if (need->everything)
        buffer_text(b, "  residual: it asks about every value of the event\n");
    else
        buffer_text(b, "  residual: no field of the event's top level has to hold a certain value\n");
}

/* Not of what is not ASCII. */
static void print_within(struct buffer *b, const char *before, const struct within *w)
{
    if (!w->root.n)
        return;
    buffer_text(b, before);
    buffer_text(b, "of these, records without ");
    plain_print(b, w->last);
    buffer_text(b, " in ");
    plain_print(b, w->root);
    buffer_text(b, " are passed over\n");
}

/* The texts of which a record has one before it is read for the alert. */
static void print_sieve(struct compile *c, struct buffer *b, size_t alert)
{
    const struct plan *plan = &c->plan;
    const char *before = "  sieve:  ";
    if (plan->needs[alert].never)
        return;
    if (!plan->sieves || plan->unsifted[alert]) {
        buffer_text(b, before);
        buffer_text(b, plan->sieves ? "none: no rare text is known that its records hold; each is read\n"
                                    : "none: the time is no field of the event's top level\n");
        return;
    }
    for (size_t i = 0; i < plan->n_needles; i++) {
        const struct needle *x = &plan->needles[i];
        bool wanted = false;
        for (size_t k = 0; k < x->n; k++)
            wanted = wanted || x->alerts[k] == alert;
        if (!wanted)
            continue;
        buffer_text(b, before);
        plain_print(b, x->text);
        buffer_text(b, x->root ? ", if its value is one of them\n" : x->any_case ? ", in any case\n" : "\n");
        before = "          ";
    }
    print_within(b, before, &plan->within[alert]);
    if (plan->sifted_ascii[alert]) {
        buffer_text(b, before);
        buffer_text(b, "what is not ASCII\n");
    }
}

static void print_alert(struct compile *c, struct buffer *b, size_t alert)
{
    const struct alert *a = &c->pack.alerts[alert];
    const struct need *need = &c->plan.needs[alert];
    buffer_printf(b, "%s\n  filter: ", a->id.p);
    plain_print(b, a->filter.s);
    buffer_text(b, "\n  tests:  ");
    expr_print(b, a->expr);
    buffer_char(b, '\n');
    for (size_t i = 0; i < need->n_discriminators + need->n_inner; i++) {
        buffer_text(b, i ? "          " : "  first:  ");
        print_pred(b, need->n_inner ? need->inner[i] : need->discriminators[i]);
        buffer_char(b, '\n');
    }
    print_reason(b, need, a->expr);
    cost_print_alert(c, b, alert);
    print_sieve(c, b, alert);
    recognise_print(c, b, a);
    buffer_text(b, "  looks into:");
    for (size_t i = 0; i < need->n_roots; i++) {
        buffer_char(b, ' ');
        plain_print(b, need->roots[i]->key);
    }
    buffer_text(b, need->everything ? " everything\n" : need->n_roots ? "\n" : " nothing\n");
}

void plan_print_alert(struct compile *c, struct buffer *b, const struct alert *alert)
{
    print_alert(c, b, (size_t)(alert - c->pack.alerts));
}

void plan_print(struct compile *c, struct buffer *b)
{
    size_t residual = 0, regexes = 0;
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        residual += !c->plan.needs[i].never && !c->plan.needs[i].n_discriminators;
    for (size_t i = 0; i < c->n_preds; i++)
        regexes += c->preds[i]->regex != NULL;
    buffer_printf(b, "%s: %zu alerts, %zu tests, %zu of them regexes, %zu alerts residual\n\n",
                  c->pack.name.p, c->pack.n_alerts, c->n_preds, regexes, residual);
    buffer_text(b, "fields that filters look at:\n");
    for (size_t i = 0; i < c->plan.tests.n; i++) {
        const struct place *p = c->plan.tests.list[i];
        if (p->below == p || (!p->n_preds && !p->n_exists))
            continue;
        size_t n = p->n_preds + p->n_exists;
        buffer_text(b, "  ");
        plain_print(b, p->name);
        buffer_printf(b, ": %zu %s\n", n, n == 1 ? "test" : "tests");
    }
    buffer_char(b, '\n');
    cost_print(c, b);
    buffer_char(b, '\n');
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        print_alert(c, b, i);
        buffer_char(b, '\n');
    }
}

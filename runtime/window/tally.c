/*
 * tally.c - see tally.h. Every (field, value) becomes an item of a list; sorting brings equal ones together.
 * The breakdowns are JSON of our own making, but nothing here trusts that.
 */
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tallied {
    struct trail_slice field, value; /* raw JSON; the field with its quotes */
    size_t rank;                     /* the field's place in the order of printing */
    size_t text;                     /* which tally_add it came from */
    uint64_t events;
};

/* ---- reading a breakdown ---- */

struct cursor {
    const char *p, *end;
};

static void blanks(struct cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
        c->p++;
}

static bool take(struct cursor *c, char wanted)
{
    blanks(c);
    if (c->p >= c->end || *c->p != wanted)
        return false;
    c->p++;
    return true;
}

static void skip_string(struct cursor *c)
{
    for (c->p++; c->p < c->end && *c->p != '"'; c->p++)
        if (*c->p == '\\')
            c->p++;
    c->p = c->p < c->end ? c->p + 1 : c->end;
}

/* Takes one value of any kind, brackets and all; n is 0 at the end or before a closing bracket. */
static struct trail_slice value(struct cursor *c)
{
    blanks(c);
    const char *first = c->p;
    size_t depth = 0;
    while (c->p < c->end) {
        if (*c->p == '"') {
            skip_string(c);
        } else if (*c->p == '{' || *c->p == '[') {
            depth++;
            c->p++;
        } else if (*c->p == '}' || *c->p == ']') {
            if (depth == 0)
                break;
            depth--;
            c->p++;
        } else if (depth == 0 && (*c->p == ',' || *c->p == ':')) {
            break;
        } else {
            c->p++;
        }
    }
    return (struct trail_slice){first, (size_t)(c->p - first)};
}

static void push(struct tally *t, struct trail_slice field, struct trail_slice v, uint64_t events)
{
    if (t->n == t->room) {
        size_t room = t->room ? t->room * 2 : 64;
        struct tallied *list = realloc(t->list, room * sizeof *list);
        if (!list) {
            t->failed = true;
            return;
        }
        t->list = list;
        t->room = room;
    }
    t->list[t->n++] = (struct tallied){.field = field, .value = v, .text = t->texts, .events = events};
}

void tally_add(struct tally *t, struct trail_slice breakdown, uint64_t events)
{
    t->texts++;
    struct cursor c = {breakdown.p, breakdown.p + breakdown.n};
    if (!take(&c, '{'))
        return;
    do {
        struct trail_slice field = value(&c);
        if (field.n == 0 || !take(&c, ':') || !take(&c, '['))
            return;
        do {
            struct trail_slice v = value(&c);
            if (v.n > 0)
                push(t, field, v, events);
        } while (take(&c, ','));
        if (!take(&c, ']'))
            return;
    } while (take(&c, ','));
}

/* ---- writing the distribution ---- */

static int compare_slices(struct trail_slice a, struct trail_slice b)
{
    int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))

static int by_value(const void *a, const void *b)
{
    const struct tallied *x = a, *y = b;
    int c = ORDER(x->rank, y->rank);
    if (c == 0)
        c = compare_slices(x->field, y->field);
    if (c == 0)
        c = compare_slices(x->value, y->value);
    return c ? c : ORDER(x->text, y->text);
}

static int by_events(const void *a, const void *b)
{
    const struct tallied *x = a, *y = b;
    return x->events != y->events ? ORDER(y->events, x->events) : compare_slices(x->value, y->value);
}

static size_t rank_of(struct trail_slice field, const struct trail_fields *order, const char *const *names)
{
    for (size_t i = 0; i < order->n; i++) {
        const char *name = names[order->ids[i]];
        size_t n = strlen(name);
        if (field.n == n + 2 && memcmp(field.p + 1, name, n) == 0)
            return i;
    }
    return order->n; /* a name with escapes: behind the others, by its bytes */
}

/* Makes one item of each (field, value). */
static void merge(struct tally *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct tallied *x = &t->list[i], *last = n > 0 ? &t->list[n - 1] : NULL;
        if (!last || compare_slices(last->field, x->field) != 0 ||
            compare_slices(last->value, x->value) != 0) {
            t->list[n++] = *x;
        } else if (last->text != x->text) {
            last->events += x->events;
            last->text = x->text;
        }
    }
    t->n = n;
}

static void add(struct trail_text *out, const char *text)
{
    trail_text_add(out, text, strlen(text));
}

static void print_values(const struct tallied *list, size_t n, struct trail_text *out)
{
    char number[64];
    uint64_t rest = 0;
    for (size_t i = 0; i < n; i++) {
        if (i >= TALLY_VALUES) {
            rest += list[i].events;
            continue;
        }
        add(out, i > 0 ? "," : "");
        if (*list[i].value.p == '"')
            trail_text_add(out, list[i].value.p, list[i].value.n);
        else
            trail_json_quote(out, list[i].value);
        snprintf(number, sizeof number, ":%llu", (unsigned long long)list[i].events);
        add(out, number);
    }
    if (n > TALLY_VALUES) {
        snprintf(number, sizeof number, ",\"(%zu other value%s)\":%llu", n - TALLY_VALUES,
                 n - TALLY_VALUES == 1 ? "" : "s", (unsigned long long)rest);
        add(out, number);
    }
}

void tally_print(struct tally *t, const struct trail_fields *order, const char *const *names,
                 struct trail_text *out)
{
    for (size_t i = 0; i < t->n; i++)
        t->list[i].rank = rank_of(t->list[i].field, order, names);
    if (t->n > 0)
        qsort(t->list, t->n, sizeof *t->list, by_value);
    merge(t);
    add(out, "{");
    for (size_t i = 0, end; i < t->n; i = end) {
        for (end = i + 1; end < t->n && compare_slices(t->list[end].field, t->list[i].field) == 0; end++)
            ;
        qsort(t->list + i, end - i, sizeof *t->list, by_events);
        add(out, i > 0 ? "," : "");
        trail_text_add(out, t->list[i].field.p, t->list[i].field.n);
        add(out, ":{");
        print_values(t->list + i, end - i, out);
        add(out, "}");
    }
    add(out, "}");
}

void tally_clear(struct tally *t)
{
    t->n = t->texts = 0;
}

void tally_free(struct tally *t)
{
    free(t->list);
    *t = (struct tally){0};
}

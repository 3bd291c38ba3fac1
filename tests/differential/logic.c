/*
 * logic.c - what the compiler says of filters for every event, against random events: a filter that is never
 * true meets none, one that is always true meets all, one that is within another meets no event that the
 * other leaves out. Prints TAP.
 *
 *     logic SEED FILTERS EVENTS
 */
#include "logic/logic.h"

#include <stdlib.h>
#include <string.h>

#include "filters.h"
#include "naive.h"
#include "random.h"

struct drawn {
    size_t n, n_events;
    char **texts;
    bool *met; /* event * n + filter */
};

static void *array_of(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p)
        abort();
    return p;
}

static void draw_filters(struct drawn *d, struct random *r, size_t wanted)
{
    d->texts = array_of(wanted, sizeof *d->texts);
    for (size_t tried = 0; d->n < wanted && tried < wanted * 10; tried++) {
        struct draft draft = {0};
        if (d->n > 0 && random_one_in(r, 2))
            random_twin(r, d->texts[d->n - 1], &draft);
        else
            random_filter(r, &draft, random_one_in(r, 2));
        struct filter f = filter_read(draft.p);
        if (f.tree)
            d->texts[d->n++] = draft.p;
        else
            free(draft.p);
        filter_free(&f);
    }
}

/* All filters in one compile: their predicates are shared. */
static struct compile *compile_all(const struct drawn *d)
{
    struct filter f = filter_read("*");
    struct compile *c = f.c;
    for (size_t i = 0; i < d->n; i++) {
        struct alert *a = PUSH(c, c->pack.alerts, c->pack.n_alerts);
        size_t n = strlen(d->texts[i]);
        uint32_t *at = NEW_ARRAY(c, uint32_t, n + 1);
        a->filter = (struct text){slice_copy(c, d->texts[i], n), 0, at};
        a->tree = parse_filter(c, &a->filter);
        if (!a->tree || !check_filter(c, &a->filter, a->tree))
            abort();
    }
    lower(c);
    return c;
}

static void judge_events(struct drawn *d, const struct compile *c, struct random *r, size_t wanted)
{
    struct naive **naives = array_of(d->n, sizeof *naives);
    for (size_t i = 0; i < d->n; i++)
        naives[i] = naive_new(c, &c->pack.alerts[i].filter, c->pack.alerts[i].tree);
    d->met = array_of(wanted * d->n, sizeof *d->met);
    while (d->n_events < wanted) {
        struct draft draft = {0};
        random_event(r, &draft, false);
        struct naive_event *e = naive_event_read(draft.p, draft.n);
        for (size_t i = 0; e && i < d->n; i++)
            d->met[d->n_events * d->n + i] = naive_match(naives[i], e);
        d->n_events += e != NULL;
        naive_event_free(e);
        free(draft.p);
    }
    for (size_t i = 0; i < d->n; i++)
        naive_free(naives[i]);
    free(naives);
}

struct told {
    size_t claims, wrong;
};

/* What is said not to be: a's filter is `a_is` and b's is `b_is`. */
static void hold_to(const struct drawn *d, struct logic *l, const struct compile *c, size_t a, bool a_is,
                    size_t b, bool b_is, struct told *told)
{
    struct demand demands[2] = {{c->pack.alerts[a].expr, a_is}, {c->pack.alerts[b].expr, b_is}};
    l->steps = 100000;
    if (satisfiable(l, 2, demands) != ANSWER_NO)
        return;
    told->claims++;
    for (size_t e = 0; e < d->n_events; e++) {
        const bool *met = d->met + e * d->n;
        if (met[a] != a_is || met[b] != b_is)
            continue;
        told->wrong++;
        printf("# %s  IS %d, AND  %s  IS %d\n", d->texts[a], a_is, d->texts[b], b_is);
        return;
    }
}

static bool report(const char *what, const struct told *told, size_t least, const char *seed)
{
    bool good = told->wrong == 0 && told->claims >= least;
    printf("%sok - SEED=%s: %s: %zu claims, %zu wrong\n", good ? "" : "not ", seed, what, told->claims,
           told->wrong);
    return good;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    struct random r = {.state = strtoull(argv[1], NULL, 10)};
    struct drawn d = {0};
    draw_filters(&d, &r, strtoul(argv[2], NULL, 10));
    struct compile *c = compile_all(&d);
    judge_events(&d, c, &r, strtoul(argv[3], NULL, 10));
    struct logic *l = logic_new(c);
    struct told constant = {0}, within = {0}, apart = {0};
    for (size_t a = 0; a < d.n; a++) {
        hold_to(&d, l, c, a, true, a, true, &constant);
        hold_to(&d, l, c, a, false, a, false, &constant);
        for (size_t b = 0; b < d.n; b++)
            if (a != b) {
                hold_to(&d, l, c, a, true, b, false, &within);
                hold_to(&d, l, c, a, true, b, true, &apart);
            }
    }
    size_t least = d.n / 10;
    bool good = report("filters that are always or never true", &constant, 0, argv[1]);
    good &= report("filters within filters", &within, least, argv[1]);
    good &= report("filters that no event meets both of", &apart, 0, argv[1]);
    for (size_t i = 0; i < d.n; i++)
        free(d.texts[i]);
    free(d.texts);
    free(d.met);
    arena_free(c->arena);
    return good ? 0 : 1;
}

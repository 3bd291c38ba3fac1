/*
 * why.c - what the filter says of the events of a test that failed.
 *
 * The scanner has said that the test failed; the tree of `trailc explain` says where to look. Only the few
 * events that tell most are named: those that need the fewest clauses to be otherwise come first.
 */
#include "test.h"

enum { MAX_NAMED = 3 };

struct named {
    size_t cost;
    struct slice says; /* `event 2 does not match: …` */
};

struct asking {
    struct compile *c;
    const struct result *result;
    struct given_labels labels;
    bool more;
    size_t events, matched;
    size_t n;
    struct named named[MAX_NAMED + 1];
    struct slice prevents; /* what keeps the first event that matches from firing; n 0: nothing */
};

static void keep_named(struct asking *a, struct named named)
{
    size_t at = a->n;
    while (at > 0 && a->named[at - 1].cost > named.cost) {
        a->named[at] = a->named[at - 1];
        at--;
    }
    a->named[at] = named;
    a->n += a->n < MAX_NAMED;
}

static void name_event(struct asking *a, struct compile *scratch, const struct recorded *where,
                       const struct event *event, const struct verdict *v)
{
    struct buffer says = {.c = scratch};
    if (a->result->test->file.n) {
        show_text(&says, slice_of(where->path), SIZE_MAX);
        buffer_printf(&says, ", record %ju", (uintmax_t)where->number);
    } else {
        buffer_printf(&says, "event %ju", (uintmax_t)where->number);
    }
    buffer_text(&says, a->more ? " does not match: " : " matches: ");
    size_t cost = reason_print(&says, &a->result->alert->filter, event, v);
    if (a->n < MAX_NAMED || cost < a->named[MAX_NAMED - 1].cost)
        keep_named(a, (struct named){cost, slice_copy(a->c, says.p, says.n)});
}

static void keep_prevention(struct asking *a, struct compile *scratch, const struct event *event)
{
    struct circumstance list[MAX_CIRCUMSTANCES];
    size_t n = circumstances_of(scratch, a->c, a->result->alert, event, &a->labels, list);
    for (size_t i = 0; i < n && !a->prevents.n; i++)
        if (list[i].state == PREVENTS)
            a->prevents = slice_copy(a->c, list[i].says.p, list[i].says.n);
}

static bool take_event(void *user, const struct recorded *where)
{
    struct asking *a = user;
    struct compile *scratch = scratch_new();
    const struct event *event = event_read(scratch, where->json.p, where->json.n);
    if (event) {
        const struct verdict *v = verdict_of(scratch, a->result->alert->tree, event);
        a->events++;
        a->matched += v->holds;
        if (v->holds && a->more)
            keep_prevention(a, scratch, event);
        if (v->holds != a->more)
            name_event(a, scratch, where, event, v);
    }
    scratch_free(scratch);
    return true;
}

static void add_detail(struct compile *c, struct result *r, const struct buffer *line)
{
    *PUSH(c, r->details, r->n_details) = buffer_slice(line);
}

static void add_count(struct asking *a, struct result *r)
{
    struct buffer line = {.c = a->c};
    const struct alert *alert = r->alert;
    buffer_printf(&line, "%zu of %zu events match the filter", a->matched, a->events);
    if (alert->when[0].kind != WHEN_IMMEDIATELY || alert->n_when > 1) {
        buffer_text(&line, "; it fires when: ");
        for (size_t i = 0; i < alert->n_when; i++) {
            buffer_text(&line, i ? ", or " : "");
            show_text(&line, alert->when[i].text.s, SIZE_MAX);
        }
    }
    add_detail(a->c, r, &line);
}

void why_failed(struct compile *c, struct result *r, const char *input, bool more)
{
    struct asking a = {.c = c, .result = r, .more = more};
    a.labels = (struct given_labels){r->test->application, r->test->subsystem, true};
    events_each(input, take_event, &a);
    add_count(&a, r);
    if (a.prevents.n) {
        struct buffer line = {.c = c};
        buffer_printf(&line, "it cannot fire: %s", a.prevents.p);
        add_detail(c, r, &line);
    }
    for (size_t i = 0; i < a.n; i++)
        *PUSH(c, r->details, r->n_details) = a.named[i].says;
    size_t others = (more ? a.events - a.matched : a.matched) - a.n;
    if (others) {
        struct buffer line = {.c = c};
        buffer_printf(&line, "and %zu more %s", others,
                      more          ? others == 1 ? "does not match" : "do not match"
                      : others == 1 ? "matches"
                                    : "match");
        add_detail(c, r, &line);
    }
}

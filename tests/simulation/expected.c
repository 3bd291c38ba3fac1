/*
 * expected.c - the pack of the simulation, and what its alerts should be: looked up in the list of all
 * events, tick by tick.
 */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/fixture_pack.h"

enum { MANY = 3 }; /* the alert fires on more logins in the span */

#define SPAN   (10 * MINUTE)
#define QUIET  (30 * MINUTE)
#define REPEAT (10 * MINUTE)

static const struct trail_condition at_once[] = {{TRAIL_IMMEDIATELY, 1, 0, 0, 0}};
static const struct trail_condition many[] = {{TRAIL_MORE_THAN, 2, MANY, SPAN, 0}};
static const struct trail_condition none[] = {{TRAIL_LESS_THAN, 2, 1, QUIET, 0}};

static const struct trail_alert alerts[] = {
    {.id = "admin",
     .name = "",
     .description = "",
     .filter = "",
     .when = "",
     .priority = 1,
     .n_conditions = 1,
     .conditions = at_once,
     .show = {1, fixture_user},
     .hash = "a"},
    {.id = "logins",
     .name = "",
     .description = "",
     .filter = "",
     .when = "",
     .priority = 2,
     .n_conditions = 1,
     .conditions = many,
     .group_by = {1, fixture_user},
     .show = {1, fixture_user},
     .notify_resolved = true,
     .hash = "b"},
    {.id = "silence",
     .name = "",
     .description = "",
     .filter = "",
     .when = "",
     .priority = 2,
     .n_conditions = 1,
     .conditions = none,
     .applications = {1, fixture_trail},
     .notify_resolved = true,
     .hash = "c"},
};

static void match(struct trail_match *m, const char *record, size_t n)
{
    static const char *const texts[] = {"AddUserToGroup", "ConsoleLogin", "{"};
    memset(m->hits, 0, m->alert_words * sizeof *m->hits);
    m->time = fixture_member(record, n, "eventTime");
    for (size_t i = 0; i < 3; i++)
        if ((!m->wanted || trail_get(m->wanted, i)) && memmem(record, n, texts[i], strlen(texts[i])))
            trail_set(m->hits, i);
}

const struct trail_pack world_pack = {.abi = TRAIL_ABI,
                                      .name = "simulation",
                                      .version = "1",
                                      .hash = "00",
                                      .n_alerts = 3,
                                      .alerts = alerts,
                                      .n_fields = FIXTURE_FIELDS,
                                      .fields = fixture_fields,
                                      .match = match,
                                      .fields_of = fixture_fields_of};

/* ---- lines ---- */

void lines_add(struct lines *l, const char *format, ...)
{
    va_list args;
    if (l->n == l->room) {
        l->room = l->room ? l->room * 2 : 256;
        l->at = realloc(l->at, l->room * sizeof *l->at);
    }
    va_start(args, format);
    if (!l->at || vasprintf(&l->at[l->n++], format, args) < 0)
        abort();
    va_end(args);
}

void lines_free(struct lines *l)
{
    for (unsigned i = 0; i < l->n; i++)
        free(l->at[i]);
    free(l->at);
    *l = (struct lines){0};
}

static long long at(int64_t time)
{
    return (time - BEGIN) / 1000;
}

void alert_line(struct lines *l, const struct trail_fired *f)
{
    if (f->window_from == TRAIL_NO_TIME)
        lines_add(l, "%07lld %s %.*s", at(f->time), f->alert->id, (int)f->event_ids.n, f->event_ids.p);
    else
        lines_add(l, "%07lld %s %s %.*s n=%d", at(f->time), f->alert->id,
                  f->state == TRAIL_FIRING ? "fires" : "resolved", (int)f->group.n, f->group.p,
                  (int)f->count);
}

/* ---- the evaluator ---- */

/* Events in (from, to]: logins of one user, or (user N_USERS) all events. */
static unsigned count(const struct world *w, unsigned user, int64_t from, int64_t to)
{
    unsigned n = 0;
    for (unsigned i = 0; i < w->n_events; i++) {
        const struct event *e = &w->events[i];
        n += e->time > from && e->time <= to && (user == N_USERS || (e->kind == LOGIN && e->user == user));
    }
    return n;
}

struct firing {
    bool is;
    int64_t told;
};

static void judge(struct lines *to, struct firing *f, bool holds, bool news, const char *name,
                  const char *group, int64_t t, unsigned n)
{
    if (holds && ((!f->is && news) || (f->is && t >= f->told + REPEAT))) {
        lines_add(to, "%07lld %s fires %s n=%u", at(t), name, group, n);
        f->is = true;
        f->told = t;
    } else if (!holds && f->is) {
        lines_add(to, "%07lld %s resolved %s n=%u", at(t), name, group, n);
        f->is = false;
    }
}

void expect(const struct world *w, int64_t end, struct lines *to)
{
    struct firing logins[N_USERS] = {0}, silence = {0};
    int64_t from = BEGIN;
    for (unsigned i = 0; i < w->n_events; i++) {
        const struct event *e = &w->events[i];
        from = e->time < from ? e->time : from;
        if (e->kind == ADMIN)
            lines_add(to, "%07lld admin [\"e%u\"]", at(e->time), e->id);
    }
    for (int64_t t = from; t < end; t += TICK) {
        for (unsigned u = 0; u < N_USERS; u++) {
            char group[64];
            unsigned n = count(w, u, t - SPAN, t);
            snprintf(group, sizeof group, "{\"userIdentity.userName\":\"u%u\"}", u);
            judge(to, &logins[u], n > MANY, count(w, u, t - TICK, t) > 0, "logins", group, t, n);
        }
        unsigned n = count(w, N_USERS, t - QUIET, t);
        judge(to, &silence, n == 0 && t - QUIET >= from, true, "silence", "{\"application\":\"prod-trail\"}",
              t, n > 0); /* how many more is not counted */
    }
}

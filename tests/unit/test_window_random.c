/*
 * The window stage against an evaluator that knows nothing of heaps, rings and timers: it looks at every tick
 * at the whole list of events and counts. Random alerts and events, several orders of arrival, hits that wait
 * in memory and on disk; every line has to agree. In the last order the window is saved now and then, and now
 * and then it is gone and begins where it was saved last.
 *
 *     test_window_random [SEED [SCENARIOS]]
 */
#include "kept.h"
#include "scene.h"
#include "window/hours.h"

enum { MAX_EVENTS = 60, MAX_ALERTS = 3, MAX_CONDITIONS = 3, N_KEYS = 4, ORDERS = 4, RESTARTS = 3 };

#define TICK  (30 * SECOND) /* every time and every duration is a multiple */
#define OFTEN (24 * HOUR)   /* a silence that has stood so long is said more and more seldom */

struct event {
    size_t alert, key;
    int64_t time;
    char id[32], fields[48];
    const char *breakdown;
    int arrival[ORDERS];
    bool twice; /* is delivered again */
};

struct world {
    unsigned seed;
    size_t n_alerts, n_events;
    struct trail_alert alerts[MAX_ALERTS];
    struct trail_condition conditions[MAX_ALERTS][MAX_CONDITIONS];
    struct trail_hours hours[MAX_ALERTS];
    struct event events[MAX_EVENTS];
    int64_t lateness, from, to;
    char *said[100000];
    size_t n_said;
};

static const char *const users[N_KEYS] = {"{\"user\":\"a\"}", "{\"user\":\"b\"}", "{\"user\":\"ba\"}",
                                          "{\"user\":\"c\"}"};
static const char *const applications[2] = {"{\"application\":\"p\"}", "{\"application\":\"q\"}"};
/* Both applications are named, one is, none is. */
static const struct trail_label names[][2] = {{{false, {"p", 1}}, {false, {"q", 1}}},
                                              {{false, {"p", 1}}, {false, {"q*", 2}}},
                                              {{false, {"?", 1}}, {true, {"dev", 3}}}};
static const char *const addresses[] = {"", "{\"ip\":[\"1\"]}", "{\"ip\":[\"2\"]}", "{\"ip\":[\"1\",\"2\"]}"};

static const int64_t zone_from[] = {0, (START + 30 * MINUTE) / 1000};
static const int32_t zone_offset[] = {3600, 7200};
static const struct trail_zone zone = {"Summer", 2, zone_from, zone_offset};

static int below(int n)
{
    return rand() % n;
}

static bool by_name(const struct trail_alert *a)
{
    return window_by_application(a);
}

static const char *key_text(const struct trail_alert *a, size_t key)
{
    return a->group_by.n > 0 ? users[key] : by_name(a) ? applications[key] : "{}";
}

static size_t n_keys(const struct trail_alert *a)
{
    return a->group_by.n > 0 ? N_KEYS : by_name(a) ? 2 : 1;
}

/* ---- a random world ---- */

static void random_alert(struct world *w, size_t i)
{
    static const char *const ids[MAX_ALERTS] = {"x", "y", "z"};
    struct trail_alert *a = &w->alerts[i];
    *a = (struct trail_alert){.id = ids[i], .name = ids[i], .conditions = w->conditions[i]};
    a->n_conditions = 1 + (size_t)below(MAX_CONDITIONS);
    for (size_t k = 0; k < a->n_conditions; k++)
        w->conditions[i][k] = (struct trail_condition){.when = below(8) ? 1 + (enum trail_when)below(4) : 0,
                                                       .priority = 1 + (unsigned)below(5),
                                                       .n = (uint64_t)below(below(3) ? 5 : 12),
                                                       .span = (1 + below(20)) * TICK};
    if (below(4) == 0) /* only presence matters */
        for (size_t k = 0; k < a->n_conditions; k++) {
            w->conditions[i][k].n = (uint64_t)below(2);
            w->conditions[i][k].when = w->conditions[i][k].n ? TRAIL_LESS_THAN : TRAIL_AT_MOST;
        }
    if (below(2))
        a->group_by = (struct trail_fields){1, scene_user};
    if (below(3) == 0)
        a->applications = (struct trail_labels){2, names[below(3)]};
    if (below(2))
        a->breakdown = (struct trail_fields){1, scene_ip};
    if (below(3))
        a->notify_every = (1 + below(20)) * TICK;
    a->notify_resolved = below(2);
    a->retire = below(2) ? (1 + below(60)) * TICK : 0;
    if (below(3) == 0) {
        unsigned from = 600 + (unsigned)below(120), to = 600 + (unsigned)below(120);
        w->hours[i] = (struct trail_hours){(unsigned)below(128) | 1, from, to, below(2) ? &zone : NULL};
        a->n_active = 1;
        a->active = &w->hours[i];
    }
}

static void random_world(struct world *w, unsigned seed)
{
    srand(seed);
    *w = (struct world){.seed = seed, .from = TRAIL_NO_TIME, .to = TRAIL_NO_TIME};
    w->n_alerts = 1 + (size_t)below(MAX_ALERTS);
    for (size_t i = 0; i < w->n_alerts; i++)
        random_alert(w, i);
    w->n_events = (size_t)below(MAX_EVENTS + 1);
    int ticks = 1 + below(240), crowd = 1 + below(4);
    w->lateness = below(4) ? below(60) * TICK : 0;
    for (size_t i = 0; i < w->n_events; i++) {
        struct event *e = &w->events[i];
        e->alert = (size_t)below((int)w->n_alerts);
        e->key = (size_t)below((int)n_keys(&w->alerts[e->alert]));
        e->time = START + below(ticks) / crowd * crowd * TICK;
        snprintf(e->id, sizeof e->id, "%c%zu", 'a' + below(4), i);
        snprintf(e->fields, sizeof e->fields, "{\"n\":%zu}", i);
        e->breakdown = addresses[below(4)];
        e->twice = below(10) == 0;
        if (w->from == TRAIL_NO_TIME || e->time < w->from)
            w->from = e->time;
        if (w->to == TRAIL_NO_TIME || e->time > w->to)
            w->to = e->time;
    }
    if (w->to != TRAIL_NO_TIME)
        w->to += (below(2) ? 0 : below(100)) * TICK;
}

/* ---- the naive evaluator ---- */

/* What it remembers of a group; everything else it counts anew. */
struct state {
    bool firing, known;
    size_t condition;
    int64_t notified, stands, since_key, last, said;
    uint64_t held;
};

static void write_line(struct world *w, const struct trail_fired *f)
{
    w->said[w->n_said++] = scene_line(f);
}

/* The events of a group with from < time <= to, oldest first, by ID within one moment. */
static size_t between(const struct world *w, size_t alert, size_t key, int64_t from, int64_t to,
                      const struct event *list[])
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_events; i++) {
        const struct event *e = &w->events[i];
        if (e->alert != alert || e->key != key || e->time <= from || e->time > to)
            continue;
        size_t at = n++;
        for (; at > 0 && (list[at - 1]->time > e->time ||
                          (list[at - 1]->time == e->time && strcmp(list[at - 1]->id, e->id) > 0));
             at--)
            list[at] = list[at - 1];
        list[at] = e;
    }
    return n;
}

static void distribution(char *to, const struct event *const list[], size_t n)
{
    int one = 0, two = 0;
    for (size_t i = 0; i < n; i++) {
        one += strchr(list[i]->breakdown, '1') != NULL;
        two += strchr(list[i]->breakdown, '2') != NULL;
    }
    if (one && two)
        sprintf(to, one >= two ? "{\"ip\":{\"1\":%d,\"2\":%d}}" : "{\"ip\":{\"2\":%d,\"1\":%d}}",
                one >= two ? one : two, one >= two ? two : one);
    else if (one || two)
        sprintf(to, "{\"ip\":{\"%d\":%d}}", one ? 1 : 2, one + two);
    else
        strcpy(to, "{}");
}

static bool silence(const struct trail_condition *c)
{
    return c->when == TRAIL_LESS_THAN || c->when == TRAIL_AT_MOST;
}

static void newest_ids(char *to, const struct event *const list[], size_t n)
{
    strcpy(to, "[");
    for (size_t i = n; i > 0 && n - i < 10; i--)
        sprintf(to + strlen(to), "%s\"%s\"", i < n ? "," : "", list[i - 1]->id);
    strcat(to, "]");
}

static void tell(struct world *w, size_t alert, size_t key, size_t condition, enum trail_state state,
                 int64_t t)
{
    static const char *const words[] = {"", "more than", "at least", "less than", "at most"};
    const struct trail_alert *a = &w->alerts[alert];
    const struct trail_condition *c = &a->conditions[condition];
    const struct event *list[MAX_EVENTS], *all[MAX_EVENTS];
    char ids[1024], by[64], why[128], span[TRAIL_TIME_ROOM];
    size_t n = between(w, alert, key, t - c->span, t, list),
           n_all = between(w, alert, key, INT64_MIN, t, all);
    bool few_only = true, many = false; /* every condition is "none": events are not kept */
    bool presence = true;               /* and nothing else is asked: not even counted */
    size_t keep = 1;                    /* events that a group for silence keeps */
    for (size_t i = 0; i < a->n_conditions; i++) {
        const struct trail_condition *x = &a->conditions[i];
        size_t k = (size_t)x->n + (x->when == TRAIL_AT_MOST);
        if (x->when != TRAIL_IMMEDIATELY && (!silence(x) || k > 1))
            few_only = false;
        many = many || (x->when != TRAIL_IMMEDIATELY && !silence(x));
        presence = presence && x->when != TRAIL_IMMEDIATELY;
        keep = silence(x) && k > keep ? k : keep;
    }
    bool more = !many && n > keep;
    if (more) {
        memmove(list, list + n - keep, keep * sizeof *list);
        n = keep;
    }
    more = more || (few_only && presence && n > 0);
    newest_ids(ids, list, few_only ? 0 : n);
    distribution(by, list, few_only ? 0 : n);
    trail_duration_format(span, c->span);
    sprintf(why, "%s%zu in %s, %s%s %d", more ? "at least " : "", n, span,
            state == TRAIL_RESOLVED ? "no longer " : "", words[c->when], (int)c->n);
    struct trail_fired f = {.alert = a,
                            .state = state,
                            .priority = c->priority,
                            .reason = why,
                            .group = str(key_text(a, key)),
                            .count = n,
                            .time = t,
                            .window_from = t - c->span,
                            .window_to = t,
                            .first_event = n > 0 ? list[0]->time : TRAIL_NO_TIME,
                            .last_event = n > 0 ? list[n - 1]->time : TRAIL_NO_TIME,
                            .event_ids = str(ids),
                            .breakdown = str(by),
                            .fields = str("{}")};
    if (!silence(c)) {
        f.fields = str(all[n_all - 1]->fields);
        f.source.record = 1 + (uint64_t)(all[n_all - 1] - w->events);
    }
    write_line(w, &f);
}

static bool holds(const struct world *w, size_t alert, size_t key, const struct trail_condition *c,
                  const struct state *s, int64_t t)
{
    const struct event *list[MAX_EVENTS];
    size_t n = between(w, alert, key, t - c->span, t, list);
    bool whole = s->known && t - c->span >= s->since_key;
    switch (c->when) {
    case TRAIL_MORE_THAN: return n > c->n;
    case TRAIL_AT_LEAST: return n >= c->n && n > 0;
    case TRAIL_LESS_THAN: return n < c->n && whole;
    case TRAIL_AT_MOST: return n <= c->n && whole;
    case TRAIL_IMMEDIATELY:
    case TRAIL_MORE_THAN_USUAL:
    case TRAIL_LESS_THAN_USUAL: break; /* see test_usual_random.c */
    }
    return false;
}

static bool is_declared(const struct trail_alert *a, size_t key)
{
    if (a->group_by.n > 0 || !by_name(a))
        return a->group_by.n == 0;
    return a->applications.patterns == names[0] || (a->applications.patterns == names[1] && key == 0);
}

/* A key is forgotten so long after its last event. */
static int64_t retirement(const struct trail_alert *a)
{
    int64_t retire = a->retire ? a->retire : TRAIL_RETIRE;
    for (size_t i = 0; i < a->n_conditions; i++) {
        int64_t least = a->conditions[i].when == TRAIL_IMMEDIATELY ? a->notify_every : a->conditions[i].span;
        if (retire < least)
            retire = least;
    }
    return retire;
}

static void step(struct world *w, size_t alert, size_t key, struct state *s, int64_t t)
{
    const struct trail_alert *a = &w->alerts[alert];
    const struct event *now[MAX_EVENTS];
    bool quiet = false, declared = is_declared(a, key);
    int64_t longest = 0;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < a->n_conditions; i++) {
        if (a->conditions[i].when == TRAIL_IMMEDIATELY)
            continue;
        quiet = quiet || silence(&a->conditions[i]);
        if (a->conditions[i].span > longest)
            longest = a->conditions[i].span;
    }
    if (longest == 0)
        return;
    if (declared && !s->known) {
        s->known = true;
        s->since_key = w->from;
    }
    if (between(w, alert, key, t - 1, t, now) > 0) {
        s->last = t;
        if (!s->known)
            s->since_key = t;
        s->known = true;
    }
    for (size_t i = 0; i < a->n_conditions; i++) {
        const struct trail_condition *c = &a->conditions[i];
        /* A count is decided when an event arrives in the hours; afterwards it can only go on. */
        bool decided = silence(c) ||
                       (between(w, alert, key, t - 1, t, now) > 0 && trail_hours_active(a, t)) ||
                       (s->firing && c->priority >= a->conditions[s->condition].priority);
        if (decided && holds(w, alert, key, c, s, t) &&
            (best == SIZE_MAX || c->priority < a->conditions[best].priority))
            best = i;
    }
    int64_t every = a->notify_every ? a->notify_every : TRAIL_NOTIFY_EVERY;
    if (best != SIZE_MAX && s->firing &&
        a->conditions[best].priority >= a->conditions[s->condition].priority) {
        if (best != s->condition)
            s->stands = t;
        s->condition = best;
        if (silence(&a->conditions[best]) && s->notified - s->stands >= OFTEN &&
            s->notified - s->stands > every)
            every = s->notified - s->stands;
    }
    if (best == SIZE_MAX) {
        if (s->firing && a->notify_resolved)
            tell(w, alert, key, s->condition, TRAIL_RESOLVED, t);
        s->firing = false;
    } else if (!s->firing || a->conditions[best].priority < a->conditions[s->condition].priority ||
               t >= s->notified + every) {
        if (trail_hours_active(a, t)) {
            tell(w, alert, key, best, TRAIL_FIRING, t);
            if (!s->firing || best != s->condition)
                s->stands = t;
            s->firing = true;
            s->notified = t;
            s->condition = best;
        }
    }
    if (quiet && !declared && s->known && t >= s->last + retirement(a))
        *s = (struct state){.said = s->said, .held = s->held};
}

/* `immediately` with notify_every: the events of a moment, by ID over all groups. */
static void ration(struct world *w, size_t alert, struct state *states, int64_t t)
{
    const struct trail_alert *a = &w->alerts[alert];
    const struct trail_condition *c = NULL;
    for (size_t i = 0; i < a->n_conditions; i++)
        if (a->conditions[i].when == TRAIL_IMMEDIATELY && (!c || a->conditions[i].priority < c->priority))
            c = &a->conditions[i];
    if (!c || a->notify_every == 0)
        return;
    int64_t retire = retirement(a);
    const struct event *list[MAX_EVENTS];
    size_t n = 0;
    for (size_t key = 0; key < N_KEYS; key++)
        n += between(w, alert, key, t - 1, t, list + n);
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && strcmp(list[k - 1]->id, list[k]->id) > 0; k--) {
            const struct event *e = list[k];
            list[k] = list[k - 1];
            list[k - 1] = e;
        }
    for (size_t i = 0; i < n; i++) {
        if (!trail_hours_active(a, t))
            continue;
        struct state *s = &states[list[i]->key];
        if (t >= s->said + retire)
            s->held = 0; /* forgotten */
        if (s->said && t < s->said + a->notify_every) {
            s->held++;
            continue;
        }
        char ids[64], by[64], why[64] = "1 matching event";
        sprintf(ids, "[\"%s\"]", list[i]->id);
        distribution(by, &list[i], 1);
        if (s->held > 0)
            sprintf(why + strlen(why), ", %d held back", (int)s->held);
        struct trail_fired f = {.alert = a,
                                .priority = c->priority,
                                .reason = why,
                                .group = str(key_text(a, list[i]->key)),
                                .count = 1,
                                .held_back = s->held,
                                .time = t,
                                .window_from = TRAIL_NO_TIME,
                                .window_to = TRAIL_NO_TIME,
                                .first_event = t,
                                .last_event = t,
                                .event_ids = str(ids),
                                .breakdown = str(by),
                                .fields = str(list[i]->fields),
                                .source.record = 1 + (uint64_t)(list[i] - w->events)};
        write_line(w, &f);
        s->said = t;
        s->held = 0;
    }
}

static void evaluate(struct world *w)
{
    if (w->n_events == 0)
        return;
    static struct state states[MAX_ALERTS][N_KEYS];
    memset(states, 0, sizeof states);
    int64_t end = w->to;
    for (size_t i = 0; i < w->n_events; i++)
        if (w->events[i].time > end)
            end = w->events[i].time;
    for (int64_t t = w->from; t <= end; t += TICK) {
        for (size_t a = 0; a < w->n_alerts; a++)
            ration(w, a, states[a], t);
        for (size_t a = 0; a < w->n_alerts; a++)
            for (size_t key = 0; key < n_keys(&w->alerts[a]); key++)
                step(w, a, key, &states[a][key], t);
    }
}

/* ---- the same through the stage ---- */

static bool at_once(const struct trail_fired *f)
{
    return f->window_from == TRAIL_NO_TIME && f->alert->notify_every == 0;
}

static size_t
    immediate; /* notifications of `immediately` without notify_every: said in the order of arrival */

static void collect(void *user, const struct trail_fired *f)
{
    if (at_once(f))
        immediate++;
    else
        scene_alert(user, f);
}

static struct hit hit_of(const struct world *w, const struct event *e)
{
    struct hit h = {.alert = e->alert,
                    .time = e->time,
                    .event_id = str(e->id),
                    .group = str(key_text(&w->alerts[e->alert], e->key)),
                    .breakdown = str(e->breakdown),
                    .fields = str(e->fields)};
    h.source.path = "log";
    h.source.record = 1 + (uint64_t)(e - w->events);
    siphash128(h.record_hash, &SIPHASH_FIXED, e->id, strlen(e->id));
    return h;
}

struct arrival {
    int64_t at;
    size_t event;
};

static int by_arrival(const void *a, const void *b)
{
    const struct arrival *x = a, *y = b;
    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->event > y->event) - (x->event < y->event);
}

/* An order in which nothing is late: each event moves back by at most the lateness. */
static size_t random_order(const struct world *w, struct arrival *list)
{
    size_t n = 0;
    int ticks = (int)(w->lateness / TICK) + 1;
    for (size_t i = 0; i < w->n_events; i++)
        for (int copy = 0; copy <= w->events[i].twice; copy++)
            list[n++] = (struct arrival){w->events[i].time + below(ticks) * TICK, i};
    qsort(list, n, sizeof *list, by_arrival);
    return n;
}

static size_t wanted_at_once(const struct world *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_events; i++) {
        const struct trail_alert *a = &w->alerts[w->events[i].alert];
        bool any = false;
        for (size_t k = 0; k < a->n_conditions; k++)
            any = any || a->conditions[k].when == TRAIL_IMMEDIATELY;
        n += any && a->notify_every == 0 && trail_hours_active(a, w->events[i].time);
    }
    return n;
}

static uint64_t spilled; /* hits that waited on disk, in all replays */

/* Room in memory for all, for none, or for some. */
static size_t room_of(int order)
{
    return order == 0 ? 0 : order == 1 ? (below(4) ? 500 : 1) : 1 + (size_t)below(8000);
}

static void new_window(struct scene *s, int order)
{
    enum trail_status status;
    struct window_config config = {.pack = &s->pack,
                                   .on_alert = collect,
                                   .on_problem = scene_problem,
                                   .user = s,
                                   .pending_bytes = room_of(order)};
    window_free(s->w);
    s->w = window_new(&config, &status);
    ck_assert_int_eq(status, TRAIL_OK);
}

static size_t restarts;

/* The process ends, and another goes on. Returns the event that comes next. */
static size_t restart(struct scene *s, struct kept *k)
{
    while (s->n > k->lines) {
        free(s->lines[--s->n]);
        free(s->keys[s->n]);
    }
    immediate = k->at_once;
    s->newest = k->newest;
    s->from = k->from;
    new_window(s, RESTARTS);
    kept_load(k, s->w);
    restarts++;
    return k->next;
}

static void commit(struct scene *s, struct kept *k, size_t next)
{
    kept_commit(k, s->w, below(6) == 0);
    k->lines = s->n;
    k->at_once = immediate;
    k->newest = s->newest;
    k->from = s->from;
    k->next = next;
}

static struct scene *replay(struct world *w, int order)
{
    struct scene *s = scene_new(w->alerts, w->n_alerts, 0, 0);
    struct kept kept = {0};
    int crashes = order == RESTARTS ? below(5) : 0;
    new_window(s, order);
    struct arrival list[2 * MAX_EVENTS];
    size_t n = random_order(w, list);
    int batch = 1 + below(10);
    size_t held = below(2) ? (size_t)below((int)n + 1) : 0; /* no watermark before: other inputs wait */
    immediate = 0;
    if (order == RESTARTS)
        commit(s, &kept, 0);
    for (size_t i = 0; i < n; i++) {
        struct hit h = hit_of(w, &w->events[list[i].event]);
        struct hit_hashes hashes;
        unsigned what = 0;
        if (i % 2 && h.event_id.n > 0) { /* which must make no difference */
            window_expect(s->w, &h, 1, &hashes);
            h.hashes = &hashes;
        }
        ck_assert_int_eq(window_hit(s->w, &h, &what), TRAIL_OK);
        ck_assert_msg((what & ~(unsigned)WINDOW_DUPLICATE) == 0, "seed %u: event is %u", w->seed, what);
        scene_saw(s, h.time);
        if (i >= held && below(batch) == 0)
            scene_advance(s, w->lateness);
        if (order == RESTARTS && below(4) == 0)
            commit(s, &kept, i + 1);
        if (crashes > 0 && below((int)n) < 4) {
            crashes--;
            i = restart(s, &kept) - 1;
        }
    }
    kept_free(&kept);
    ck_assert_int_eq(window_finish(s->w, s->from, w->to), TRAIL_OK);
    struct window_stats stats;
    window_stats(s->w, &stats);
    ck_assert_msg(stats.early + stats.lost + stats.pending == 0, "seed %u: %s", w->seed, s->problem);
    spilled += stats.spilled;
    return s;
}

static void compare(const struct world *w, const struct scene *s, int order)
{
    size_t n = s->n < w->n_said ? s->n : w->n_said;
    for (size_t i = 0; i <= n; i++) {
        const char *got = i < s->n ? s->lines[i] : "(nothing)",
                   *wanted = i < w->n_said ? w->said[i] : "(nothing)";
        if (strcmp(got, wanted) != 0)
            ck_abort_msg("seed %u, order %d, line %zu: the stage says\n%s\nthe list says\n%s", w->seed, order,
                         i, got, wanted);
    }
}

static unsigned first_seed = 1, scenarios = 3000;

START_TEST(the_stage_agrees_with_the_list_in_every_order)
{
    static struct world w;
    size_t lines = 0;
    for (unsigned i = 0; i < scenarios; i++) {
        random_world(&w, first_seed + i);
        evaluate(&w);
        struct scene *first = NULL;
        for (int order = 0; order < ORDERS; order++) {
            struct scene *s = replay(&w, order);
            compare(&w, s, order);
            ck_assert_uint_eq(immediate, wanted_at_once(&w));
            for (size_t k = 0; first && k < s->n; k++)
                ck_assert_msg(strcmp(s->keys[k], first->keys[k]) == 0, "seed %u: keys differ", w.seed);
            if (first)
                scene_free(s);
            else
                first = s;
        }
        scene_free(first);
        lines += w.n_said;
        for (size_t k = 0; k < w.n_said; k++)
            free(w.said[k]);
    }
    printf("# %u scenarios from seed %u, %zu notifications, %d orders each; %llu hits waited on disk, %zu "
           "restarts\n",
           scenarios, first_seed, lines, ORDERS, (unsigned long long)spilled, restarts);
    ck_assert_uint_gt(spilled, scenarios);
    ck_assert_uint_gt(lines, scenarios); /* else nothing was tested */
}
END_TEST

int main(int argc, char **argv)
{
    first_seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
    scenarios = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 3000;
    Suite *suite = suite_create("window against a list");
    TCase *t = tcase_create("random");
    tcase_set_timeout(t, 600);
    tcase_add_test(t, the_stage_agrees_with_the_list_in_every_order);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

/*
 * What is usual, in the window, against an evaluator that knows nothing of heaps, rings, timers and samplers: it counts
 * the whole list of events anew for every tick. (What a baseline makes of its samples is asked of the library by both.)
 * Random alerts and logs, several orders of arrival; in the last the window is saved now and then, and now and then it
 * is gone and begins where it was saved last.
 *
 *     test_usual_random [SEED [SCENARIOS]]
 */
#include "baseline/baseline.h"
#include "kept.h"
#include "scene.h"
#include "window/heard.h"

enum { N_KEYS = 3, MAX_EVENTS = 3000, ORDERS = 3, MAX_LINES = 20000 };

#define DAY (24 * HOUR)

struct event {
    int64_t time, arrival;
    int key; /* -1: of no alert */
    int64_t tick;
};

struct world {
    struct trail_alert alert;
    struct trail_condition condition;
    struct event *events; /* by time */
    size_t n;
    int64_t lateness;
    bool grouped;
    char *lines[MAX_LINES];
    size_t n_lines;
};

static const char *const users[N_KEYS] = {"{\"user\":\"a\"}", "{\"user\":\"b\"}", "{\"user\":\"c\"}"};

static int below(int n)
{
    return rand() % n;
}

static char *line_of(int64_t t, enum trail_state state, const char *group, size_t n, uint64_t count,
                     int64_t from, int64_t to, const struct trail_usual *u)
{
    char *line = NULL;
    ck_assert_int_ge(asprintf(&line, "%lld %s %.*s n=%llu (%lld,%lld] %.9g in %.9g..%.9g",
                              (long long)(t - START), state == TRAIL_FIRING ? "FIRING" : "RESOLVED", (int)n,
                              group, (unsigned long long)count, (long long)(from - START),
                              (long long)(to - START), u ? u->expected : -1, u ? u->low : -1,
                              u ? u->high : -1),
                     0);
    return line;
}

/* ---- a random world ---- */

static int by_time(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    return x->time != y->time ? (x->time > y->time) - (x->time < y->time) : x->key - y->key;
}

static int by_arrival(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    return x->arrival != y->arrival ? (x->arrival > y->arrival) - (x->arrival < y->arrival) : by_time(a, b);
}

static void add(struct world *w, int64_t time, int key)
{
    if (w->n < MAX_EVENTS)
        w->events[w->n++] = (struct event){time / 1000 * 1000 + below(3), 0, key, 0};
}

/* Days with a peak, a burst, a drop, and perhaps a gap, longer than a day or not. */
static void random_log(struct world *w, int64_t span)
{
    int days = 3 + below(5), gap = below(3) ? -1 : 1 + below(3), burst = 2 + below(days - 2),
        drop = 2 + below(days - 2);
    int64_t length = span < HOUR ? span : HOUR, skip = gap > 0 ? (18 + below(20)) * HOUR : 0;
    for (int64_t t = START, n = 0; t < START + days * DAY && w->n < MAX_EVENTS - 100; t += length, n++) {
        int day = (int)((t - START) / DAY), hour = (int)(t / HOUR % 24);
        int64_t shifted = gap > 0 && day >= gap ? t + skip : t;
        int rate = hour > 8 && hour < 18 ? 12 : 5;
        if (length < HOUR)
            rate /= 2;
        rate += day == burst && hour == 3 ? 30 : 0;
        if (day == drop && hour > 10 && hour < 15)
            rate = 0;
        for (int i = below(3); i < rate; i++)
            add(w, shifted + below((int)(length / 1000)) * SECOND,
                below(w->grouped ? 1 + (int)(n % N_KEYS) : 1));
        if (below(3) || rate == 0)
            add(w, shifted + below((int)(length / 1000)) * SECOND, -1);
    }
}

static void random_world(struct world *w, unsigned seed)
{
    static const int64_t spans[] = {10 * MINUTE, HOUR, 3 * HOUR, 90 * MINUTE, 25 * MINUTE};
    srand(seed);
    *w = (struct world){.events = calloc(MAX_EVENTS, sizeof *w->events)};
    w->grouped = below(2);
    w->condition = (struct trail_condition){.when = below(2) ? TRAIL_MORE_THAN_USUAL : TRAIL_LESS_THAN_USUAL,
                                            .priority = 3,
                                            .n = (uint64_t)(below(2) ? 0 : below(5)),
                                            .span = spans[below(5)],
                                            .margin = below(2) ? 0 : (uint32_t)below(80000)};
    w->alert = (struct trail_alert){.id = "a",
                                    .name = "a",
                                    .hash = "1",
                                    .n_conditions = 1,
                                    .conditions = &w->condition,
                                    .notify_every = 3660 * DAY,
                                    .notify_resolved = true,
                                    .retire = 3660 * DAY};
    if (w->grouped)
        w->alert.group_by = (struct trail_fields){1, scene_user};
    w->lateness = below(3) ? below(60) * MINUTE : 0;
    random_log(w, w->condition.span);
    qsort(w->events, w->n, sizeof *w->events, by_time);
}

/* ---- the naive evaluator ---- */

struct key {
    struct baseline baseline;
    int64_t settled; /* the last step of which it is known what it taught */
    int64_t first;   /* event */
    int64_t asked;
    struct usual usual;
    bool firing;
    struct asked {
        int64_t step;
        struct usual usual;
        bool missed; /* LESS: it was decided without an event where some were usual */
    } was[24 * 60];  /* what was usual in the steps in which it was asked */
    size_t n_was;
};

struct naive {
    struct world *w;
    struct ticks ticks;
    bool less;
    struct coverage coverage;
    struct covering covering;
    int64_t covered;
    struct key keys[N_KEYS];
    size_t next_event; /* not heard yet */
    int64_t piece;     /* the newest that was heard of */
};

static const char *group_of(const struct world *w, int key)
{
    return w->grouped ? users[key] : "{}";
}

/* Events up to t in the window that ends with a tick. */
static uint64_t count_at(const struct naive *n, int key, int64_t tick, int64_t t)
{
    uint64_t count = 0;
    for (size_t i = 0; i < n->w->n && n->w->events[i].time <= t; i++)
        count += n->w->events[i].key == key && n->w->events[i].tick <= tick &&
                 n->w->events[i].tick > tick - (int64_t)n->ticks.per_window;
    return count;
}

static void cover(struct naive *n, int64_t t)
{
    if (n->covered != TRAIL_NO_TIME && t <= n->covered)
        return;
    n->covered = t;
    ck_assert(coverage_add(&n->coverage, t, t));
    int64_t step = ticks_step_at(&n->ticks, t);
    if (ticks_step_end(&n->ticks, step) > t)
        step--;
    covering_update(&n->covering, &n->coverage, step);
}

/* What is known of the log at t: pieces of time that are over, in which something is. */
static void hear(struct naive *n, int64_t t)
{
    for (; n->next_event < n->w->n; n->next_event++) {
        int64_t piece = n->w->events[n->next_event].time >> HEARD_SHIFT, first = piece << HEARD_SHIFT;
        if (first + HEARD_LAST > t)
            return;
        if (piece == n->piece)
            continue;
        n->piece = piece;
        bool begins = n->covered == TRAIL_NO_TIME || first - n->covered > BASELINE_GAP;
        cover(n, begins ? first + HEARD_LAST : first);
    }
}

static uint64_t sample(const struct naive *n, int key, int64_t step)
{
    int64_t last = ticks_last(&n->ticks, step);
    uint64_t most = 0;
    for (int64_t tick = n->less ? last : last - n->ticks.per_step + 1; tick <= last; tick++) {
        uint64_t count = count_at(n, key, tick, INT64_MAX);
        most = count > most ? count : most;
    }
    return most;
}

static struct asked *asked_in(struct key *k, int64_t step)
{
    for (size_t i = 0; i < k->n_was; i++)
        if (k->was[i].step == step)
            return &k->was[i];
    return NULL;
}

/* Learns of the steps before that of t. */
static void settle(struct naive *n, int key, int64_t t)
{
    struct key *k = &n->keys[key];
    int64_t now = ticks_step_at(&n->ticks, t), first = ticks_step_at(&n->ticks, k->first);
    if (k->settled < first - 1)
        k->settled = first - 1;
    for (int64_t s = k->settled + 1; s < now && ticks_step_end(&n->ticks, s) <= n->covered; s++) {
        k->settled = s;
        uint64_t value = sample(n, key, s);
        const struct asked *asked = asked_in(k, s);
        if ((value == 0 && !(asked && asked->missed)) || !coverage_has(&n->coverage, &n->ticks, s))
            continue;
        struct usual u;
        if (asked)
            u = asked->usual;
        else
            baseline_usual(&k->baseline, &n->covering, s, &u);
        uint64_t learnt = baseline_clip(&u, n->less ? BASELINE_LESS : BASELINE_MORE, value);
        ck_assert(baseline_add(&k->baseline, &n->ticks, s, learnt));
    }
}

static bool is_unusual(struct naive *n, int key, int64_t t, uint64_t count)
{
    struct key *k = &n->keys[key];
    const struct trail_condition *c = &n->w->condition;
    int64_t step = ticks_step_at(&n->ticks, t);
    if (k->asked != step) {
        baseline_usual(&k->baseline, &n->covering, step, &k->usual);
        k->asked = step;
        ck_assert_uint_lt(k->n_was, sizeof k->was / sizeof *k->was);
        k->was[k->n_was++] = (struct asked){step, k->usual, false};
    }
    const struct usual *u = &k->usual;
    if (u->season == BASELINE_UNKNOWN)
        return false;
    double more = u->expected * (1 + (double)c->margin / 100000),
           less = u->expected * (1 - (double)c->margin / 100000);
    return n->less ? (double)count < u->low && (double)count < less && u->expected >= (double)c->n
                   : (double)count > u->high && (double)count > more && count >= c->n;
}

static void tell(struct naive *n, int key, int64_t t, enum trail_state state, uint64_t count)
{
    struct key *k = &n->keys[key];
    int64_t end = ticks_end(&n->ticks, ticks_at(&n->ticks, t));
    struct trail_usual u = {k->usual.expected, k->usual.low, k->usual.high};
    const char *group = group_of(n->w, key);
    ck_assert_uint_lt(n->w->n_lines, MAX_LINES);
    n->w->lines[n->w->n_lines++] = line_of(t, state, group, strlen(group), count, end - n->ticks.span, t,
                                           k->usual.season == BASELINE_UNKNOWN ? NULL : &u);
    k->firing = state == TRAIL_FIRING;
}

static bool look(struct naive *n, int key, int64_t t)
{
    settle(n, key, t);
    uint64_t count = count_at(n, key, ticks_at(&n->ticks, t), t);
    bool unusual = is_unusual(n, key, t, count);
    if (unusual != n->keys[key].firing)
        tell(n, key, t, unusual ? TRAIL_FIRING : TRAIL_RESOLVED, count);
    return unusual;
}

/* MORE: what fires goes on until a tick at which it does not, and is looked at anew in each step. The next such moment. */
static int64_t until(struct naive *n, int key, int64_t t)
{
    for (int64_t tick = ticks_at(&n->ticks, t) + 1;; tick++) {
        int64_t at = ticks_end(&n->ticks, tick - 1) + 1;
        bool other = ticks_step(&n->ticks, tick) != n->keys[key].asked;
        if (other || !is_unusual(n, key, at, count_at(n, key, tick, t)))
            return at;
    }
}

/* LESS: the end of a step. */
static void decide(struct naive *n, int64_t e)
{
    struct usual u;
    if (n->covered == TRAIL_NO_TIME || e - n->covered > BASELINE_GAP)
        return;
    baseline_usual(NULL, &n->covering, n->covering.step == INT64_MIN ? 0 : n->covering.step, &u);
    if (u.season == BASELINE_UNKNOWN)
        return;
    for (int key = 0; key < N_KEYS; key++) {
        int64_t start = n->w->grouped ? n->keys[key].first : n->w->events[0].time;
        if (n->keys[key].first == TRAIL_NO_TIME)
            continue;
        settle(n, key, e);
        uint64_t count = count_at(n, key, ticks_at(&n->ticks, e), e);
        bool unusual = is_unusual(n, key, e, count) && e - n->ticks.span >= start;
        struct key *k = &n->keys[key];
        if (count == 0 && k->usual.season != BASELINE_UNKNOWN && k->usual.low > 0)
            asked_in(k, k->asked)->missed = true;
        if (unusual != n->keys[key].firing)
            tell(n, key, e, unusual ? TRAIL_FIRING : TRAIL_RESOLVED, count);
    }
}

static void evaluate(struct world *w)
{
    struct naive n = {.w = w, .covered = TRAIL_NO_TIME, .piece = INT64_MIN};
    int64_t timer[N_KEYS], last = w->events[w->n - 1].time;
    n.ticks = ticks_of(w->condition.span);
    n.less = w->condition.when == TRAIL_LESS_THAN_USUAL;
    covering_start(&n.covering, w->condition.span);
    for (size_t i = 0; i < w->n; i++)
        w->events[i].tick = ticks_at(&n.ticks, w->events[i].time);
    for (int i = 0; i < N_KEYS; i++) {
        n.keys[i] = (struct key){.settled = INT64_MIN / 4, .first = TRAIL_NO_TIME, .asked = INT64_MIN};
        timer[i] = INT64_MAX;
    }
    int64_t step = ticks_step_at(&n.ticks, w->events[0].time);
    for (size_t i = 0;;) {
        /* the next moment: an event, a timer, or a step's end */
        int64_t t = i < w->n ? w->events[i].time : INT64_MAX,
                end = n.less ? ticks_step_end(&n.ticks, step) : INT64_MAX;
        for (int k = 0; k < N_KEYS; k++)
            t = timer[k] < t ? timer[k] : t;
        t = end < t ? end : t;
        if (t > last)
            break;
        hear(&n, t);
        bool touched[N_KEYS] = {false};
        for (; i < w->n && w->events[i].time == t; i++) {
            int key = w->events[i].key;
            if (key < 0)
                continue;
            if (n.keys[key].first == TRAIL_NO_TIME)
                n.keys[key].first = t;
            cover(&n, t);
            touched[key] = true;
            settle(&n, key, t);
        }
        for (int key = 0; key < N_KEYS && !n.less; key++) {
            if (!touched[key] && timer[key] != t)
                continue;
            timer[key] = look(&n, key, t) ? until(&n, key, t) : INT64_MAX;
        }
        if (t == end) {
            decide(&n, end);
            step++;
        }
    }
    for (int i = 0; i < N_KEYS; i++)
        baseline_free(&n.keys[i].baseline);
    coverage_free(&n.coverage);
}

/* ---- the window ---- */

struct told {
    char *lines[MAX_LINES];
    size_t n;
};

static void on_alert(void *user, const struct trail_fired *f)
{
    struct told *t = user;
    ck_assert_uint_lt(t->n, MAX_LINES);
    t->lines[t->n++] =
        line_of(f->time, f->state, f->group.p, f->group.n, f->count, f->window_from, f->window_to, f->usual);
}

static struct window *new_window(const struct trail_pack *pack, struct told *told)
{
    struct window_config config = {.pack = pack, .on_alert = on_alert, .user = told, .single = true};
    enum trail_status status;
    struct window *w = window_new(&config, &status);
    ck_assert_int_eq(status, TRAIL_OK);
    return w;
}

static void arrive(struct world *w, struct event *e, struct window *win, size_t i)
{
    char id[32];
    unsigned what;
    ck_assert_int_eq(window_heard(win, e->time), TRAIL_OK);
    if (e->key < 0)
        return;
    snprintf(id, sizeof id, "%zu", i);
    struct hit h = scene_hit(e->time, id);
    h.group = str(group_of(w, e->key));
    ck_assert_int_eq(window_hit(win, &h, &what), TRAIL_OK);
    ck_assert_uint_eq(what, 0);
}

static void run(struct world *w, const struct trail_pack *pack, int order, struct told *told)
{
    struct event *events = malloc(w->n * sizeof *events);
    struct window *win = new_window(pack, told);
    struct kept kept = {0};
    int64_t newest = TRAIL_NO_TIME, last = w->events[w->n - 1].time;
    size_t lines = 0;
    memcpy(events, w->events, w->n * sizeof *events);
    for (size_t i = 0; i < w->n; i++)
        events[i].arrival =
            events[i].time + (order > 0 && w->lateness ? below((int)(w->lateness / 1000)) * SECOND : 0);
    qsort(events, w->n, sizeof *events, by_arrival);
    if (order == ORDERS - 1)
        kept_commit(&kept, win, false);
    for (size_t i = 0; i < w->n; i++) {
        arrive(w, &events[i], win, i);
        newest = newest == TRAIL_NO_TIME || events[i].time > newest ? events[i].time : newest;
        if (order == 1 && below(20))
            continue; /* now and then, as where a long input holds time back */
        ck_assert_int_eq(window_advance(win, w->events[0].time, newest - w->lateness), TRAIL_OK);
        if (order < ORDERS - 1)
            continue;
        if (below(10) == 0) {
            kept_commit(&kept, win, below(3) == 0);
            lines = told->n;
        }
        if (below(40) == 0) { /* gone: what was done since is done again */
            kept_commit(&kept, win, false);
            lines = told->n;
            window_free(win);
            win = new_window(pack, told);
            kept_load(&kept, win);
            ck_assert_uint_eq(told->n, lines);
        }
    }
    ck_assert_int_eq(window_finish(win, w->events[0].time, last), TRAIL_OK);
    kept_free(&kept);
    window_free(win);
    free(events);
}

static void scenario(unsigned seed)
{
    struct world w;
    random_world(&w, seed);
    struct trail_pack pack = {.abi = TRAIL_ABI,
                              .name = "random",
                              .hash = "",
                              .n_alerts = 1,
                              .alerts = &w.alert,
                              .n_fields = N_FIELDS,
                              .fields = scene_fields};
    evaluate(&w);
    if (getenv("COUNT"))
        printf("# %u %s: %zu lines of %zu events\n", seed,
               w.condition.when == TRAIL_LESS_THAN_USUAL ? "less" : "more", w.n_lines, w.n);
    for (int order = 0; order < ORDERS; order++) {
        struct told *told = calloc(1, sizeof *told);
        run(&w, &pack, order, told);
        for (size_t i = 0; i < told->n && i < w.n_lines; i++)
            ck_assert_msg(strcmp(told->lines[i], w.lines[i]) == 0,
                          "seed %u, order %d, line %zu is\n%s\nnot\n%s", seed, order, i, told->lines[i],
                          w.lines[i]);
        ck_assert_msg(told->n == w.n_lines, "seed %u, order %d: %zu lines, not %zu; the next is %s", seed,
                      order, told->n, w.n_lines,
                      told->n > w.n_lines ? told->lines[w.n_lines] : w.lines[told->n]);
        while (told->n > 0)
            free(told->lines[--told->n]);
        free(told);
    }
    while (w.n_lines > 0)
        free(w.lines[--w.n_lines]);
    free(w.events);
}

static unsigned first_seed = 1, scenarios = 40;

START_TEST(the_window_tells_what_the_naive_evaluator_tells)
{
    for (unsigned i = 0; i < scenarios; i++)
        scenario(first_seed + i);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        first_seed = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        scenarios = (unsigned)strtoul(argv[2], NULL, 10);
    Suite *suite = suite_create("usual_random");
    TCase *t = tcase_create("random");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, the_window_tells_what_the_naive_evaluator_tells);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

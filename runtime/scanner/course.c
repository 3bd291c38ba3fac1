/*
 * course.c - from counted events to baselines and thresholds, one condition after the other.
 *
 * Only the groups with the most events are learnt, so what learning takes does not grow with how many there are.
 */
#include "course.h"

#include <stdlib.h>
#include <string.h>

#define WEEK (INT64_C(7) * 24 * 3600 * 1000)
#define DAY  (INT64_C(24) * 3600 * 1000)

/* Powers of two, halved twice: where the greatest counts of groups' days lie. */
enum { CLASSES = 4 * 64 };

/* A group that is learnt. */
struct learner {
    struct course *course;
    struct sampler sampler;
    struct baseline *baseline;
    bool busiest;
    int64_t day;
    uint64_t peak; /* of the day */
};

struct course {
    const struct learning *l;
    struct learnt *learnt;
    struct ticks ticks;
    struct learner *learners; /* by group */
    uint64_t days[CLASSES];
    bool again; /* an earlier condition counts the same: its samples are there */
    bool failed;
};

/* ---- which groups ---- */

struct rank {
    uint64_t events;
    size_t group;
};

static int by_events(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    if (x->events != y->events)
        return x->events > y->events ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

/* Gives baselines to the groups with the most events; of equals, to those that came first. */
static bool enrol(struct course *c, struct counted *counted)
{
    size_t n = counted_groups(counted), most = n < c->l->cap ? n : c->l->cap;
    struct rank *ranks = malloc((n + 1) * sizeof *ranks);
    if (!ranks)
        return false;
    for (size_t i = 0; i < n; i++)
        ranks[i] = (struct rank){counted_of(counted, i), i};
    qsort(ranks, n, sizeof *ranks, by_events);
    bool ok = true;
    for (size_t i = 0; i < most && ok; i++) {
        struct baseline_group *g = baseline_group_make(c->learnt->set, counted_key(counted, ranks[i].group));
        ok = g != NULL;
        c->learners[ranks[i].group] =
            (struct learner){.course = c, .baseline = g ? &g->baseline : NULL, .busiest = i == 0};
    }
    c->learnt->groups = most;
    c->learnt->left_out = n - most;
    c->learnt->busiest = n > 0 ? ranks[0].group : SIZE_MAX;
    free(ranks);
    return ok;
}

/* ---- samples ---- */

static void add_bar(struct course *c, int64_t step, double value)
{
    int64_t from = c->l->to - WEEK, end = ticks_step_end(&c->ticks, step);
    if (end <= from || end > c->l->to)
        return;
    double *bar = &c->learnt->actual[(end - from - 1) / (WEEK / LEARN_BARS)];
    *bar = value > *bar ? value : *bar;
}

static unsigned class_of(uint64_t value)
{
    unsigned octave = 0;
    while (octave < 63 && value >> (octave + 1) > 0)
        octave++;
    return 4 * octave + (octave >= 2 ? (unsigned)(value >> (octave - 2) & 3) : 0);
}

static uint64_t class_end(unsigned class)
{
    unsigned octave = class / 4;
    return octave < 2 ? UINT64_C(2) << octave : (UINT64_C(5) + class % 4) << (octave - 2);
}

static void end_day(struct course *c, struct learner *g)
{
    c->days[class_of(g->peak)] += g->peak > 0;
    g->peak = 0;
}

static void take(void *user, int64_t step, uint64_t value)
{
    struct learner *g = user;
    struct course *c = g->course;
    int64_t day = ticks_step_end(&c->ticks, step) / DAY;
    if (day != g->day)
        end_day(c, g);
    g->day = day;
    g->peak = value > g->peak ? value : g->peak;
    if (g->busiest)
        add_bar(c, step, (double)value);
    if (!coverage_has(baselines_coverage(c->l->baselines), &c->ticks, step))
        return;
    if (!c->again && !baseline_add(g->baseline, &c->ticks, step, value))
        c->failed = true;
    c->learnt->samples++;
}

static bool each(void *user, size_t group, int64_t time)
{
    struct course *c = user;
    struct learner *g = &c->learners[group];
    if (!g->baseline)
        return true;
    sampler_advance(&g->sampler, &c->ticks, ticks_at(&c->ticks, time), c->learnt->set->side, take, g);
    if (!sampler_add(&g->sampler, &c->ticks, 1))
        c->failed = true;
    return !c->failed;
}

static bool sample(struct course *c, struct counted *counted)
{
    size_t n = counted_groups(counted);
    bool ok = counted_walk(counted, each, c);
    for (size_t i = 0; i < n; i++)
        if (c->learners[i].baseline) {
            sampler_advance(&c->learners[i].sampler, &c->ticks, ticks_at(&c->ticks, c->l->to) + 1,
                            c->learnt->set->side, take, &c->learners[i]);
            end_day(c, &c->learners[i]);
        }
    for (size_t i = 0; i < n; i++)
        sampler_free(&c->learners[i].sampler);
    return ok && !c->failed;
}

/* ---- what is usual at the end ---- */

static void draw(struct course *c, const struct baseline *busiest)
{
    struct covering covering;
    int64_t last = ticks_step_at(&c->ticks, c->l->to), from = c->l->to - WEEK;
    const struct coverage *coverage = baselines_coverage(c->l->baselines);
    struct usual usual;
    covering_start(&covering, c->ticks.span);
    covering_update(&covering, coverage, last);
    baseline_usual(busiest, &covering, last, &c->learnt->usual);
    for (int i = 0; i < LEARN_BARS; i++) {
        int64_t step = ticks_step_at(&c->ticks, from + (WEEK / LEARN_BARS) * i + WEEK / LEARN_BARS / 2);
        baseline_usual(busiest, &covering, step, &usual);
        bool known = usual.season != BASELINE_UNKNOWN && coverage_has(coverage, &c->ticks, step);
        c->learnt->expected[i] = known ? usual.expected : -1;
        if (!coverage_has(coverage, &c->ticks, step) && c->learnt->actual[i] <= 0)
            c->learnt->actual[i] = -1;
    }
}

/* The count that only so many of the groups' days passed. */
static uint64_t guess(const struct course *c, uint64_t most)
{
    uint64_t days = 0;
    for (unsigned class = CLASSES; class -- > 0;) {
        days += c->days[class];
        if (days > most)
            return class_end(class);
    }
    return 0;
}

static struct proposing question(const struct course *c, const struct trail_alert *alert, unsigned condition,
                                 struct counted *counted)
{
    double weeks = (double)(c->l->to - c->l->from) / (double)WEEK, most = c->l->a_week * weeks;
    struct proposing q = {.pack = c->l->pack,
                          .alert = alert,
                          .condition = condition,
                          .counted = counted,
                          .from = c->l->from,
                          .to = c->l->to,
                          .applications = c->l->applications,
                          .subsystems = c->l->subsystems,
                          .most = most < 1e15 ? (uint64_t)most : (uint64_t)1e15};
    q.guess = c->learnt->set->side == BASELINE_MORE ? guess(c, q.most) : 0;
    q.limit = c->learnt->usual.season ? (uint64_t)(c->learnt->usual.expected / 2) : 0;
    return q;
}

bool learn_has_number(const struct trail_condition *c)
{
    return c->when >= TRAIL_MORE_THAN && c->when <= TRAIL_AT_MOST;
}

bool learn_condition(const struct learning *l, const struct trail_alert *alert, unsigned condition,
                     struct counted *counted, struct learnt *to)
{
    struct course c = {.l = l, .learnt = to};
    *to = (struct learnt){.condition = condition, .busiest = SIZE_MAX};
    to->set = baselines_make(l->baselines, l->pack, alert, condition);
    if (!to->set)
        return false;
    for (unsigned i = 0; i < condition; i++)
        c.again |= alert->conditions[i].when != TRAIL_IMMEDIATELY &&
                   baselines_find(l->baselines, l->pack, alert, i) == to->set;
    c.ticks = ticks_of(to->set->span);
    c.learners = calloc(counted_groups(counted) + 1, sizeof *c.learners);
    bool ok = c.learners && enrol(&c, counted) && sample(&c, counted);
    if (ok && l->to != TRAIL_NO_TIME) {
        draw(&c, to->busiest == SIZE_MAX ? NULL : c.learners[to->busiest].baseline);
        struct proposing q = question(&c, alert, condition, counted);
        to->proposes = learn_has_number(&alert->conditions[condition]) &&
                       (to->set->side == BASELINE_MORE || q.limit > 0);
        ok = !to->proposes || propose(&q, &to->proposal);
    }
    free(c.learners);
    return ok;
}

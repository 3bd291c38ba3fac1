/*
 * series.c - from groups to lines: what each bin of the axis had, and what was usual there.
 */
#include <stdlib.h>

#include "model.h"
#include "window/habits.h"
#include "window/timestamp.h"

static int64_t step_width(const struct subject *s)
{
    return s->span * s->ticks.per_step / s->ticks.per_window;
}

/* Bins that are whole steps, a power of two of them, and not more than there is room for. */
static void lay_out(const struct report *r, struct chart *c)
{
    const struct subject *s = c->subject;
    c->width = step_width(s) << s->shift;
    c->width = c->width > 0 ? c->width : 1;
    while ((c->bins = report_bins(r, c->width, &c->from)) > REPORT_BINS)
        c->width *= 2;
}

static int64_t first_step(const struct chart *c, size_t bin)
{
    int64_t at = trail_time_add(c->from, (int64_t)bin * c->width);
    return ticks_step_at(&c->subject->ticks, trail_time_add(at, 1));
}

static size_t bin_of(const struct chart *c, int64_t step)
{
    int64_t end = ticks_step_end(&c->subject->ticks, step) - 1;
    return end < c->from || (end - c->from) / c->width >= (int64_t)c->bins
               ? SIZE_MAX
               : (size_t)((end - c->from) / c->width);
}

/* How many of a bin's steps the log covers: those of them without a sample are 0. */
static uint32_t covered(const struct report *r, const struct chart *c, size_t bin)
{
    uint32_t n = 0;
    int64_t last = first_step(c, bin + 1);
    for (int64_t step = first_step(c, bin); step < last; step++)
        n += coverage_has(&r->coverage, &c->subject->ticks, step);
    return n;
}

/* The value of each bin, and the step that it is of. */
static void fill_actual(const struct report *r, const struct chart *c, struct line *l, int64_t *steps)
{
    bool less = c->subject->side == BASELINE_LESS;
    uint32_t seen[REPORT_BINS] = {0};
    for (size_t i = 0; i < c->bins; i++) {
        l->actual[i] = less ? UINT64_MAX : 0;
        steps[i] = first_step(c, i);
    }
    for (size_t i = 0; i < l->track->n; i++) {
        const struct point *p = &l->track->points[i];
        size_t bin = bin_of(c, p->step);
        if (bin == SIZE_MAX)
            continue;
        seen[bin] += p->steps;
        if (less ? p->value < l->actual[bin] : p->value > l->actual[bin]) {
            l->actual[bin] = p->value;
            steps[bin] = p->step;
        }
    }
    for (size_t i = 0; i < c->bins && less; i++)
        if (l->actual[i] == UINT64_MAX || seen[i] < covered(r, c, i))
            l->actual[i] = 0;
}

/* What a group is held against: its baseline in the file that was given, or what this log taught. */
static const struct baseline *baseline_of(const struct report *r, const struct chart *c, const struct line *l)
{
    const struct subject *s = c->subject;
    if (!r->config.baselines)
        return &l->track->baseline;
    const struct baseline_set *set =
        baselines_find(r->config.baselines, r->config.pack, s->alert, s->condition);
    const struct baseline_group *group = set ? baseline_group_find(set, l->track->key) : NULL;
    return group ? &group->baseline : NULL;
}

static void fill_usual(const struct report *r, struct chart *c, struct line *l, const int64_t *steps)
{
    const struct baseline *baseline = baseline_of(r, c, l);
    for (size_t i = 0; i < c->bins; i++) {
        struct usual u;
        baseline_usual(baseline, &c->subject->covering, steps[i], &u);
        bool known = u.season != BASELINE_UNKNOWN;
        l->season = u.season;
        l->wait = u.wait;
        l->known = l->known || known;
        l->expected[i] = known ? u.expected : -1;
        l->low[i] = known ? u.low : -1;
        l->high[i] = known ? u.high : -1;
    }
}

static bool draw(struct report *r, struct chart *c, struct subject *s)
{
    int64_t steps[REPORT_BINS];
    *c = (struct chart){.subject = s};
    c->n_lines = s->n < REPORT_GROUPS ? s->n : REPORT_GROUPS;
    c->lines = calloc(c->n_lines, sizeof *c->lines);
    if (!c->lines)
        return false;
    lay_out(r, c);
    const struct coverage *coverage =
        r->config.baselines ? baselines_coverage(r->config.baselines) : &r->coverage;
    /* A set that the file does not have was not learnt: no step of it is known. */
    if (!r->config.baselines || baselines_find(r->config.baselines, r->config.pack, s->alert, s->condition))
        covering_update(&s->covering, coverage, ticks_step_at(&s->ticks, r->to));
    for (size_t i = 0; i < c->n_lines; i++) {
        c->lines[i].track = s->tracks[i];
        fill_actual(r, c, &c->lines[i], steps);
        fill_usual(r, c, &c->lines[i], steps);
    }
    return true;
}

double chart_limit(const struct line *l, const struct trail_condition *condition, size_t bin)
{
    struct usual u = {.expected = l->expected[bin], .low = l->low[bin], .high = l->high[bin]};
    if (u.expected < 0)
        return -1;
    double limit = habits_limit(condition, &u), least = (double)condition->n;
    if (condition->when == TRAIL_LESS_THAN_USUAL)
        return u.expected < least || limit <= 0 ? -1 : limit;
    return limit > least ? limit : least;
}

/* Charts in the order of the lanes. */
bool series_finish(struct report *r)
{
    r->charts = calloc(REPORT_CHARTS, sizeof *r->charts);
    if (!r->charts)
        return false;
    for (size_t lane = 0; lane < r->n_lanes; lane++) {
        const struct about *a = &r->alerts[r->lanes[lane]];
        for (size_t i = 1; i < a->n_subjects; i++) {
            struct subject *s = &r->subjects[a->subject + i];
            if (s->n == 0)
                continue;
            if (r->n_charts == REPORT_CHARTS)
                r->charts_left_out++;
            else if (!draw(r, &r->charts[r->n_charts++], s))
                return false;
        }
    }
    return true;
}

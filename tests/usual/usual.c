/*
 * usual.c - how well what is unusual is found: precision, recall and F1 of the baseline, beside two plain ways, on
 * the series of series.c.
 *
 *     usual [SEED [SEEDS]]      the table
 *     usual times               the same of events from standard input, with bursts added: for each count a line
 *                               `count MINUTES NAME` (its window), then the events' times in order, one a line
 *     usual series KIND SEED    one series from where it is learnt from on: step, count, expected, the band, told, marked
 *
 * All ways see the same samples and learn from the same first weeks, whose marks they may look at; then they run
 * on. A fixed number is the one that does best on what is learnt from, marks and all; "any fixed number" is the one
 * that would have done best in the end, which nobody can know. Mean and 3 sigma are taken anew each day, from all
 * samples so far. The baseline looks at no mark.
 *
 * What is counted is alerts, not samples: samples above the line that follow each other (but for one) are one alert,
 * told again each hour. One that no mark covers is wrong, a mark without an alert is missed. A mark lasts until the
 * last window that has something of it ends.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "series.h"
#include "window/timestamp.h"

/* PLANT_SEED, of the bursts in events from outside, was written down before anything was measured with it. */
enum { SEED = 101, SEEDS = 4, PLANT_SEED = 2001 };

/* The samples of a series, step by step. */
struct samples {
    const struct series *series;
    int64_t first; /* step */
    size_t n, learn;
    uint64_t *values;
    bool *covered, *marked;
    struct coverage coverage;
};

struct score {
    unsigned right, wrong, missed;
};

enum { USUAL, FIXED, SIGMA, ORACLE, WAYS };
static const char *const ways[WAYS] = {"baseline", "fixed number", "mean + 3 sigma", "any fixed number"};

/* ---- samples ---- */

static void take(void *user, int64_t step, uint64_t value)
{
    struct samples *s = user;
    if (step >= s->first && (size_t)(step - s->first) < s->n)
        s->values[step - s->first] = value;
}

static void cover(struct samples *s)
{
    const struct series *x = s->series;
    int64_t from = 0;
    for (size_t i = 0; i <= x->n; i++) {
        bool has = i < x->n && x->covered[i], had = i > 0 && x->covered[i - 1];
        if (has && !had)
            from = ticks_end(&x->ticks, x->first + (int64_t)i - 1) + 1;
        if (had && !has && !coverage_add(&s->coverage, from, ticks_end(&x->ticks, x->first + (int64_t)i - 1)))
            abort();
    }
}

static void sample(struct samples *s, const struct series *x)
{
    struct sampler sampler = {0};
    *s = (struct samples){.series = x, .first = ticks_step(&x->ticks, x->first)};
    s->n = x->n / x->ticks.per_step;
    s->learn = x->learn / x->ticks.per_step;
    s->values = calloc(s->n, sizeof *s->values);
    s->covered = calloc(s->n, sizeof *s->covered);
    s->marked = calloc(s->n, sizeof *s->marked);
    if (!s->values || !s->covered || !s->marked)
        abort();
    for (size_t i = 0; i < x->n; i++) {
        sampler_advance(&sampler, &x->ticks, x->first + (int64_t)i, x->side, take, s);
        if (!sampler_add(&sampler, &x->ticks, x->counts[i]))
            abort();
    }
    sampler_advance(&sampler, &x->ticks, x->first + (int64_t)x->n, x->side, take, s);
    sampler_free(&sampler);
    cover(s);
    for (size_t i = 0; i < s->n; i++)
        s->covered[i] = coverage_has(&s->coverage, &x->ticks, s->first + (int64_t)i);
    for (size_t m = 0; m < x->n_marks; m++)
        for (int64_t t = x->marks[m].from; t < x->marks[m].to; t++)
            s->marked[ticks_step(&x->ticks, t) - s->first] = true;
}

static void samples_free(struct samples *s)
{
    free(s->values);
    free(s->covered);
    free(s->marked);
    coverage_free(&s->coverage);
}

/* ---- scores ---- */

/* Whether one of the steps [from, to) is told. */
static bool any(const bool *told, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (told[i])
            return true;
    return false;
}

static struct score judge(const struct samples *s, const bool *told, size_t from, size_t to)
{
    struct score score = {0};
    for (size_t i = from, end; i < to; i = end) { /* stretches of the same mark */
        for (end = i + 1; end < to && s->marked[end] == s->marked[i]; end++)
            ;
        if (s->marked[i]) {
            score.right += any(told, i, end);
            score.missed += !any(told, i, end);
        }
    }
    size_t hour =
        (size_t)(3600000 / (s->series->ticks.span / s->series->ticks.per_window * s->series->ticks.per_step));
    for (size_t i = from, end; i < to; i = end) { /* alerts where nothing is marked */
        end = i + 1;
        if (!told[i] || s->marked[i])
            continue;
        while (end < to && !s->marked[end] && (told[end] || (end + 1 < to && told[end + 1])))
            end++;
        score.wrong += (unsigned)((end - i + hour - 1) / hour);
    }
    return score;
}

static double f1(struct score s)
{
    return s.right ? 2.0 * s.right / (2.0 * s.right + s.wrong + s.missed) : 0;
}

static bool beyond(const struct samples *s, size_t i, double line)
{
    double value = (double)s->values[i];
    return s->covered[i] && (s->series->side == BASELINE_MORE ? value > line : value < line);
}

/* ---- the ways ---- */

static void told_by_line(const struct samples *s, double line, bool *told)
{
    for (size_t i = 0; i < s->n; i++)
        told[i] = beyond(s, i, line);
}

/* The number that does best in [from, to). Every number that a sample has is tried, but of many only 400. */
static double best_line(const struct samples *s, size_t from, size_t to, bool *told)
{
    uint64_t most = 0;
    double best = 0, best_f1 = -1;
    for (size_t i = from; i < to; i++)
        most = s->values[i] > most ? s->values[i] : most;
    double step = most > 400 ? (double)most / 400 : 1;
    for (double line = 0; line <= (double)most; line += step) {
        told_by_line(s, line, told);
        double f = f1(judge(s, told, from, to));
        if (f > best_f1) {
            best_f1 = f;
            best = line;
        }
    }
    return best;
}

static void told_by_sigma(const struct samples *s, bool *told)
{
    double sum = 0, squares = 0, n = 0, line = 0;
    int64_t day = 0;
    for (size_t i = 0; i < s->n; i++) {
        int64_t today = ticks_step_end(&s->series->ticks, s->first + (int64_t)i) / 86400000;
        if (today != day && n > 1) {
            double mean = sum / n, sigma = sqrt(squares / n - mean * mean);
            line = s->series->side == BASELINE_MORE ? mean + 3 * sigma : mean - 3 * sigma;
            day = today;
        }
        told[i] = beyond(s, i, line);
        if (!s->covered[i])
            continue;
        sum += (double)s->values[i];
        squares += (double)s->values[i] * (double)s->values[i];
        n++;
    }
}

static void told_by_baseline(const struct samples *s, bool *told, bool print)
{
    struct baseline b = {0};
    struct covering c;
    const struct ticks *t = &s->series->ticks;
    covering_start(&c, t->span);
    for (size_t i = 0; i < s->n; i++) {
        int64_t step = s->first + (int64_t)i;
        struct usual u = {0};
        uint64_t value = s->values[i];
        if (i >= s->learn) {
            baseline_usual(&b, &c, step, &u);
            told[i] = u.season != BASELINE_UNKNOWN &&
                      beyond(s, i, s->series->side == BASELINE_MORE ? u.high : u.low);
            value = baseline_clip(&u, s->series->side, value);
            if (print)
                printf("%zu %llu %.1f %.1f %.1f %d %d\n", i, (unsigned long long)s->values[i], u.expected,
                       u.low, u.high, told[i], s->marked[i]);
        }
        if (s->covered[i] && !baseline_add(&b, t, step, value))
            abort();
        covering_update(&c, &s->coverage, step);
    }
    baseline_free(&b);
}

/* ---- the table ---- */

static void add(struct score *to, struct score s)
{
    to->right += s.right;
    to->wrong += s.wrong;
    to->missed += s.missed;
}

/* Frees the series. */
static void measure(struct series *x, struct score scores[WAYS])
{
    struct samples s;
    sample(&s, x);
    bool *told = calloc(s.n, sizeof *told);
    if (!told)
        abort();
    told_by_baseline(&s, told, false);
    add(&scores[USUAL], judge(&s, told, s.learn, s.n));
    told_by_line(&s, best_line(&s, 0, s.learn, told), told);
    add(&scores[FIXED], judge(&s, told, s.learn, s.n));
    told_by_sigma(&s, told);
    add(&scores[SIGMA], judge(&s, told, s.learn, s.n));
    told_by_line(&s, best_line(&s, s.learn, s.n, told), told);
    add(&scores[ORACLE], judge(&s, told, s.learn, s.n));
    free(told);
    samples_free(&s);
    series_free(x);
}

static void print_row(const char *name, const struct score scores[WAYS])
{
    printf("%-18s %5u", name, scores[USUAL].right + scores[USUAL].missed);
    for (int w = 0; w < WAYS; w++) {
        const struct score *s = &scores[w];
        double told = s->right + s->wrong;
        printf("   %4.2f %4.2f %4.2f", told > 0 ? s->right / told : 1.0,
               s->right / (double)(s->right + s->missed), f1(*s));
    }
    printf("\n");
}

static void print_head(void)
{
    printf("%-18s %5s", "precision recall F1", "");
    for (int w = 0; w < WAYS; w++)
        printf("   %-14s", ways[w]);
    printf("\n");
}

static void print_table(uint64_t seed, unsigned seeds)
{
    struct score all[WAYS] = {0};
    struct series x;
    print_head();
    for (int kind = 0; kind < SERIES_KINDS; kind++) {
        struct score scores[WAYS] = {0};
        for (unsigned i = 0; i < seeds; i++) {
            series_make(&x, (enum series_kind)kind, seed + i);
            measure(&x, scores);
        }
        for (int w = 0; w < WAYS; w++)
            add(&all[w], scores[w]);
        print_row(series_names[kind], scores);
    }
    print_row("all", all);
}

/* ---- real events ---- */

/* One count: its events' times, in order. */
struct counted {
    char name[40];
    int64_t span;
    int64_t *times;
    size_t n, room;
};

/* A row of the count, over some sets of bursts; no two counts have theirs at the same times. */
static void print_counted(const struct counted *c, unsigned index, struct score all[WAYS])
{
    struct score scores[WAYS] = {0};
    for (unsigned i = 0; i < SEEDS && c->n > 0; i++) {
        struct series x;
        series_plant(&x, c->span, c->times, c->n, (PLANT_SEED + i) * 1000 + index);
        measure(&x, scores);
    }
    for (int w = 0; w < WAYS; w++)
        add(&all[w], scores[w]);
    print_row(c->name, scores);
}

static bool add_time(struct counted *c, const char *line)
{
    if (c->n == c->room &&
        !(c->times = realloc(c->times, (c->room = c->room ? 2 * c->room : 1024) * sizeof *c->times)))
        abort();
    c->times[c->n] = trail_time_parse_text((struct trail_slice){line, strcspn(line, "\n")});
    return c->times[c->n] != TRAIL_NO_TIME && (c->n++ == 0 || c->times[c->n - 1] >= c->times[c->n - 2]);
}

/* `count MINUTES NAME`, and the times of its events, one a line; and so on. */
static int print_times(void)
{
    struct score all[WAYS] = {0};
    struct counted c = {.n = 0};
    char line[64];
    unsigned counts = 0, minutes;
    print_head();
    for (size_t i = 1; fgets(line, sizeof line, stdin); i++) {
        if (strncmp(line, "count ", 6) != 0) {
            if (counts > 0 && add_time(&c, line))
                continue;
            fprintf(stderr, "usual: line %zu is no time, or goes back\n", i);
            return 2;
        }
        if (counts++ > 0)
            print_counted(&c, counts - 1, all);
        c.n = 0;
        if (sscanf(line, "count %u %39[^\n]", &minutes, c.name) != 2)
            return 2;
        c.span = minutes * INT64_C(60000);
    }
    print_counted(&c, counts, all);
    print_row("all", all);
    free(c.times);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "times") == 0)
        return print_times();
    if (argc == 4 && strcmp(argv[1], "series") == 0) {
        struct series x;
        struct samples s;
        series_make(&x, (enum series_kind)atoi(argv[2]), (uint64_t)atoll(argv[3]));
        sample(&s, &x);
        bool *told = calloc(s.n, sizeof *told);
        told_by_baseline(&s, told, true);
        return 0;
    }
    print_table(argc > 1 ? (uint64_t)atoll(argv[1]) : SEED, argc > 2 ? (unsigned)atoi(argv[2]) : SEEDS);
    return 0;
}

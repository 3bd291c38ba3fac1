/*
 * Baselines: independent of the order, merged, aged, stored; what they say is usual; and their file, also a
 * damaged one.
 */
#include <check.h>
#include <stdlib.h>

#include "baseline/baseline.h"
#include "baseline/inside.h"
#include "fixture_pack.h"
#include "suite.h"

#define HOUR   INT64_C(3600000)
#define MONDAY INT64_C(1767571200000)

static uint64_t chance = 1;
static uint32_t draw(uint32_t n)
{
    chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(chance >> 33) % n;
}

static void save(const struct baseline *b, struct trail_text *to)
{
    to->n = 0;
    baseline_save(b, to);
    ck_assert(!to->failed);
}

static bool same(const struct baseline *a, const struct baseline *b)
{
    struct trail_text x = {0}, y = {0};
    save(a, &x);
    save(b, &y);
    bool equal = x.n == y.n && memcmp(x.p, y.p, x.n) == 0;
    trail_text_free(&x);
    trail_text_free(&y);
    return equal;
}

START_TEST(classes_are_in_order_and_their_middles_near)
{
    for (uint64_t v = 1; v < UINT64_MAX / 3; v += 1 + v / 97) {
        unsigned class = baseline_class(v);
        double off = baseline_class_middle(class) / (double)v;
        ck_assert_uint_lt(class, CLASSES);
        ck_assert_uint_ge(baseline_class(v + 1), class);
        ck_assert_uint_le(baseline_class(v + 1), class + 1);
        ck_assert(v < CLASS_EXACT ? off == 1 : off > 0.968 && off < 1.032);
    }
    ck_assert_uint_eq(baseline_class(UINT64_MAX), CLASSES - 1);
}
END_TEST

/* Samples over `weeks` weeks, in a random order, into one baseline or parted over several that are merged. */
START_TEST(neither_order_nor_parts_matter)
{
    enum { SAMPLES = 4000 };
    static int64_t steps[SAMPLES];
    static uint64_t values[SAMPLES];
    struct ticks t = ticks_of(600000);
    int64_t first = ticks_step_at(&t, MONDAY);
    for (int round = 0; round < 20; round++) {
        struct baseline one = {0}, other = {0}, parts[3] = {{0}};
        for (int i = 0; i < SAMPLES; i++) {
            steps[i] = first + draw(12 * 1008);
            values[i] = draw(10) ? draw(60) : draw(100000);
            ck_assert(baseline_add(&one, &t, steps[i], values[i]));
            ck_assert(baseline_add(&parts[draw(3)], &t, steps[i], values[i]));
        }
        for (int i = SAMPLES; i-- > 0;)
            ck_assert(baseline_add(&other, &t, steps[i], values[i]));
        ck_assert(same(&one, &other));
        ck_assert(baseline_merge(&parts[2], &parts[0]) && baseline_merge(&parts[2], &parts[1]));
        ck_assert(same(&one, &parts[2]));
        ck_assert_uint_eq(one.n_weeks, BASELINE_WEEKS);
        baseline_free(&one);
        baseline_free(&other);
        for (int i = 0; i < 3; i++)
            baseline_free(&parts[i]);
    }
}
END_TEST

START_TEST(counts_of_an_entry_are_saturated)
{
    struct ticks t = ticks_of(600000);
    struct baseline b = {0};
    for (int i = 0; i < ENTRY_MOST + 10; i++)
        ck_assert(baseline_add(&b, &t, 5, 3));
    ck_assert(baseline_merge(&b, &b));
    ck_assert_uint_eq(b.weeks[0].n, 1);
    ck_assert_uint_eq(entry_count(b.weeks[0].entries[0]), ENTRY_MOST);
    ck_assert_uint_eq(entry_class(b.weeks[0].entries[0]), 3);
    baseline_free(&b);
}
END_TEST

START_TEST(a_tape_brings_it_back_or_is_refused)
{
    struct ticks t = ticks_of(600000);
    struct baseline b = {0}, back;
    struct trail_text text = {0};
    for (int i = 0; i < 500; i++)
        ck_assert(baseline_add(&b, &t, ticks_step_at(&t, MONDAY) + draw(5000), draw(300)));
    save(&b, &text);
    struct tape tape = {text.p, text.p + text.n, false};
    ck_assert(baseline_load(&back, &tape) && !tape.bad && tape.p == tape.end);
    ck_assert(same(&b, &back));
    baseline_free(&back);
    for (size_t n = 0; n < text.n; n++) {
        tape = (struct tape){text.p, text.p + n, false};
        ck_assert(baseline_load(&back, &tape) && tape.bad && !back.weeks && back.n_weeks == 0);
    }
    for (int i = 0; i < 20000; i++) {
        size_t at = draw((uint32_t)text.n);
        char was = text.p[at];
        text.p[at] = (char)draw(256);
        tape = (struct tape){text.p, text.p + text.n, false};
        ck_assert(baseline_load(&back, &tape));
        if (!tape.bad) { /* then it is one, and says the same of itself */
            struct baseline again = {0};
            ck_assert(baseline_merge(&again, &back));
            ck_assert(same(&again, &back));
            baseline_free(&again);
        }
        baseline_free(&back);
        text.p[at] = was;
    }
    trail_text_free(&text);
    baseline_free(&b);
}
END_TEST

/* ---- what is usual ---- */

/* A group that has so many in each hour, for so many days. */
static void learn(struct baseline *b, struct coverage *c, struct covering *g, int64_t span, int days,
                  uint64_t (*rate)(int64_t step, unsigned slot))
{
    struct ticks t = ticks_of(span);
    int64_t first = ticks_step_at(&t, MONDAY), last = ticks_step_at(&t, MONDAY + days * 24 * HOUR);
    *b = (struct baseline){0};
    *c = (struct coverage){0};
    ck_assert(coverage_add(c, MONDAY - span, MONDAY + days * 24 * HOUR));
    for (int64_t s = first + 1; s <= last; s++)
        ck_assert(baseline_add(b, &t, s, rate(s - first, ticks_slot(&t, s))));
    covering_start(g, span);
    covering_update(g, c, last);
}

static struct usual ask(const struct baseline *b, const struct covering *g, int64_t moment)
{
    struct usual u;
    baseline_usual(b, g, ticks_step_at(&g->ticks, moment), &u);
    ck_assert(u.low >= 0 && u.low <= u.expected && u.expected <= u.high);
    return u;
}

static uint64_t by_day(int64_t step, unsigned slot)
{
    unsigned hour = slot % 24;
    return (hour >= 8 && hour < 18 ? 50 : 5) + (uint64_t)(step % 3);
}

static uint64_t by_week(int64_t step, unsigned slot)
{
    return slot >= 120 ? 3 : by_day(step, slot);
}

START_TEST(a_short_history_says_how_long_still)
{
    struct baseline b;
    struct coverage c;
    struct covering g;
    learn(&b, &c, &g, HOUR, 0, by_day);
    ck_assert_int_eq(ask(&b, &g, MONDAY).season, BASELINE_UNKNOWN);
    ck_assert_int_eq(ask(&b, &g, MONDAY).wait, 24 * HOUR - covering_length(&g));
    baseline_free(&b);
    coverage_free(&c);
    learn(&b, &c, &g, 24 * HOUR, 3, by_day);
    ck_assert_int_eq(ask(&b, &g, MONDAY).wait, 20 * 24 * HOUR - covering_length(&g));
    baseline_free(&b);
    coverage_free(&c);
}
END_TEST

START_TEST(the_season_grows_with_the_history)
{
    static const struct {
        int days;
        enum baseline_season season;
    } wanted[] = {{2, BASELINE_PLAIN},
                  {4, BASELINE_DAILY},
                  {13, BASELINE_DAILY},
                  {15, BASELINE_WEEKLY},
                  {100, BASELINE_WEEKLY}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct baseline b;
        struct coverage c;
        struct covering g;
        learn(&b, &c, &g, HOUR, wanted[i].days, by_day);
        struct usual noon = ask(&b, &g, MONDAY + wanted[i].days * 24 * HOUR + 12 * HOUR);
        struct usual night = ask(&b, &g, MONDAY + wanted[i].days * 24 * HOUR + 3 * HOUR);
        ck_assert_int_eq(noon.season, wanted[i].season);
        if (noon.season != BASELINE_PLAIN) {
            ck_assert(noon.expected > 47 && noon.expected < 55 && noon.high > 60 && noon.high < 100 &&
                      noon.low > 15);
            ck_assert(night.expected > 4 && night.expected < 8 && night.high < 30 && night.low < 1);
        }
        baseline_free(&b);
        coverage_free(&c);
    }
}
END_TEST

START_TEST(weekends_are_known_from_two_weeks_on)
{
    struct baseline b;
    struct coverage c;
    struct covering g;
    learn(&b, &c, &g, HOUR, 21, by_week);
    ck_assert(ask(&b, &g, MONDAY + (21 + 5) * 24 * HOUR + 12 * HOUR).high < 20);
    ck_assert(ask(&b, &g, MONDAY + (21 + 4) * 24 * HOUR + 12 * HOUR).low > 20);
    baseline_free(&b);
    coverage_free(&c);
}
END_TEST

static uint64_t twice_later(int64_t step, unsigned slot)
{
    return by_day(step, slot) * (step > 28 * 24 ? 3 : 1);
}

START_TEST(a_new_level_is_taken_on_within_two_weeks)
{
    struct baseline b;
    struct coverage c;
    struct covering g;
    learn(&b, &c, &g, HOUR, 42, twice_later);
    struct usual noon = ask(&b, &g, MONDAY + 42 * 24 * HOUR + 12 * HOUR);
    ck_assert(noon.low < 150 && noon.high > 156);
    baseline_free(&b);
    coverage_free(&c);
}
END_TEST

static uint64_t burst(int64_t step, unsigned slot)
{
    return by_day(step, slot) + (step % 75 == 0 ? 1000 : 0);
}

START_TEST(bursts_do_not_become_usual)
{
    struct baseline b, clean;
    struct coverage c;
    struct covering g;
    learn(&clean, &c, &g, HOUR, 30, by_day);
    coverage_free(&c);
    learn(&b, &c, &g, HOUR, 30, burst);
    for (int h = 0; h < 168; h++) {
        struct usual u = ask(&b, &g, MONDAY + 30 * 24 * HOUR + h * HOUR);
        struct usual v = ask(&clean, &g, MONDAY + 30 * 24 * HOUR + h * HOUR);
        ck_assert(u.high < 2 * v.high + 10);
    }
    baseline_free(&b);
    baseline_free(&clean);
    coverage_free(&c);
}
END_TEST

static uint64_t once(int64_t step, unsigned slot)
{
    (void)slot;
    return step >= 500 && step < 503 ? 100 : 0;
}

static uint64_t each_week_once(int64_t step, unsigned slot)
{
    (void)slot;
    return step % 168 >= 100 && step % 168 < 103 ? 100 : 0;
}

START_TEST(a_burst_in_silence_is_usual_when_two_weeks_have_had_it)
{
    struct baseline b;
    struct coverage c;
    struct covering g;
    learn(&b, &c, &g, HOUR, 30, once);
    ck_assert(ask(&b, &g, MONDAY + 30 * 24 * HOUR).high < 10);
    baseline_free(&b);
    coverage_free(&c);
    learn(&b, &c, &g, HOUR, 30, each_week_once);
    ck_assert(ask(&b, &g, MONDAY + 30 * 24 * HOUR).high > 100);
    baseline_free(&b);
    coverage_free(&c);
}
END_TEST

/* The same while running: three weeks in which nothing is told, then `days` days of more in the hours that
 * `has`. On how many of these days something is unusual, and of the last day on which. */
struct running {
    unsigned told, last;
};

static struct running run_on(enum baseline_side side, unsigned days, unsigned of, uint64_t before,
                             uint64_t after, bool (*has)(int64_t i))
{
    struct baseline b = {0};
    struct coverage c = {0};
    struct covering g;
    struct ticks t = ticks_of(600000);
    struct running r = {0};
    int64_t first = ticks_step_at(&t, MONDAY) + 1;
    ck_assert(coverage_add(&c, MONDAY - HOUR, MONDAY + 200 * 24 * HOUR));
    covering_start(&g, t.span);
    for (int64_t i = 0; i < (21 + of) * 144; i++) {
        unsigned day = (unsigned)(i / 144);
        uint64_t value = day >= 21 && day < 21 + days && has(i) ? after : before + (uint64_t)(i % 3);
        struct usual u;
        baseline_usual(&b, &g, first + i, &u);
        bool unusual = u.season != BASELINE_UNKNOWN &&
                       (side == BASELINE_MORE ? (double)value > u.high : (double)value < u.low);
        if (unusual && r.last != day - 20) {
            r.told++;
            r.last = day - 20;
        }
        ck_assert(baseline_add(&b, &t, first + i, baseline_clip(&u, side, value)));
        covering_update(&g, &c, first + i);
    }
    baseline_free(&b);
    coverage_free(&c);
    return r;
}

static bool always(int64_t i)
{
    return i >= 0;
}

static bool at_night(int64_t i)
{
    return i % 144 == 18;
}

static bool on_mondays(int64_t i)
{
    return i % 1008 / 6 == 3;
}

static bool each_hour(int64_t i)
{
    return i % 6 == 0;
}

START_TEST(what_stays_becomes_usual)
{
    ck_assert_uint_le(run_on(BASELINE_MORE, 100, 100, 25, 50, always).last, 7);
    ck_assert_uint_le(run_on(BASELINE_MORE, 100, 100, 25, 250, always).last, 14);
    ck_assert_uint_le(run_on(BASELINE_MORE, 100, 100, 10, 1000, always).last, 14);
    ck_assert_uint_le(run_on(BASELINE_MORE, 100, 100, 25, 250, each_hour).last, 70);
    ck_assert_uint_le(run_on(BASELINE_MORE, 100, 100, 25, 250, at_night).last, 70);
    ck_assert_uint_le(run_on(BASELINE_MORE, 100, 100, 10, 1000, at_night).last, 70);
    ck_assert_uint_le(run_on(BASELINE_MORE, 100, 100, 25, 250, on_mondays).last, 70);
    ck_assert_uint_le(run_on(BASELINE_LESS, 100, 100, 200, 2, always).last, 14);
    ck_assert_uint_le(run_on(BASELINE_LESS, 100, 100, 200, 2, at_night).last, 70);
}
END_TEST

START_TEST(what_lasts_some_days_does_not)
{
    /* Told on each of its days, and the same again would be told. */
    ck_assert_uint_eq(run_on(BASELINE_MORE, 1, 30, 25, 250, always).told, 1);
    ck_assert_uint_eq(run_on(BASELINE_MORE, 5, 30, 25, 250, always).told, 5);
    ck_assert_uint_eq(run_on(BASELINE_MORE, 5, 30, 10, 1000, always).told, 5);
    ck_assert_uint_eq(run_on(BASELINE_MORE, 14, 30, 25, 250, at_night).told, 14);
    ck_assert_uint_eq(run_on(BASELINE_LESS, 1, 30, 200, 2, always).told, 1);
}
END_TEST

START_TEST(a_lesson_is_bounded)
{
    struct usual u = {.season = BASELINE_DAILY, .expected = 25, .low = 16, .high = 36};
    ck_assert_uint_eq(baseline_clip(&u, BASELINE_MORE, 37), 37);
    ck_assert_uint_eq(baseline_clip(&u, BASELINE_MORE, 0), 0);
    uint64_t most = baseline_clip(&u, BASELINE_MORE, UINT64_MAX);
    ck_assert(most > 75 && most < 85); /* (5 + 4)^2 */
    ck_assert_uint_eq(baseline_clip(&u, BASELINE_LESS, UINT64_MAX), most);
    u = (struct usual){.season = BASELINE_DAILY, .expected = 1024, .low = 961, .high = 1089};
    uint64_t least = baseline_clip(&u, BASELINE_LESS, 0);
    ck_assert(least > 775 && least < 800); /* (32 - 4)^2 */
    u = (struct usual){.season = BASELINE_DAILY, .expected = 1, .low = 0, .high = 1e30};
    ck_assert_uint_eq(baseline_clip(&u, BASELINE_MORE, UINT64_MAX), UINT64_MAX);
    u.season = BASELINE_UNKNOWN;
    ck_assert_uint_eq(baseline_clip(&u, BASELINE_LESS, 5), 5);
}
END_TEST

START_TEST(a_group_that_was_never_seen_has_zeros)
{
    struct baseline b;
    struct coverage c;
    struct covering g;
    learn(&b, &c, &g, 600000, 20, by_day);
    struct usual u = ask(NULL, &g, MONDAY + 21 * 24 * HOUR);
    ck_assert(u.expected == 0 && u.low == 0 && u.high >= 3 && u.high < 6);
    baseline_free(&b);
    coverage_free(&c);
}
END_TEST

static uint64_t rare(int64_t step, unsigned slot)
{
    (void)slot;
    return step % 144 == 7;
}

START_TEST(memory_is_four_bytes_for_an_hour_of_a_week_and_value)
{
    struct baseline b;
    struct coverage c;
    struct covering g;
    learn(&b, &c, &g, 600000, 100, by_day); /* three values an hour */
    ck_assert_uint_le(baseline_bytes(&b),
                      BASELINE_WEEKS * (BASELINE_SLOTS * 3 * 4 * 3 / 2 + sizeof(struct baseline_week)));
    printf("# a group with events in each 10m: %zu bytes", baseline_bytes(&b));
    baseline_free(&b);
    coverage_free(&c);
    learn(&b, &c, &g, 600000, 100, rare);
    ck_assert_uint_le(baseline_bytes(&b), 600);
    printf("; with one a day: %zu\n", baseline_bytes(&b));
    baseline_free(&b);
    coverage_free(&c);
}
END_TEST

/* ---- the file ---- */

static struct trail_slice slice(const char *text)
{
    return (struct trail_slice){text, strlen(text)};
}

static struct baselines *example(void)
{
    struct baselines *all = baselines_new();
    const struct trail_alert *alert = &fixture_pack.alerts[FIXTURE_FAILURES];
    struct baseline_set *set = baselines_make(all, &fixture_pack, alert, 0);
    ck_assert_ptr_nonnull(set);
    ck_assert_ptr_eq(set, baselines_make(all, &fixture_pack, alert, 0));
    for (int i = 0; i < 300; i++) {
        char key[64];
        snprintf(key, sizeof key, "{\"userIdentity.userName\":\"u\\u001b%d\"}", i % 100);
        struct baseline_group *group = baseline_group_make(set, slice(key));
        struct ticks t = ticks_of(set->span);
        ck_assert_ptr_nonnull(group);
        ck_assert_ptr_eq(group, baseline_group_find(set, slice(key)));
        ck_assert(baseline_add(&group->baseline, &t, ticks_step_at(&t, MONDAY) + draw(3000), 1 + draw(50)));
    }
    ck_assert(coverage_add(baselines_coverage(all), MONDAY, MONDAY + 500 * HOUR));
    ck_assert(coverage_add(baselines_coverage(all), MONDAY + 600 * HOUR, MONDAY + 601 * HOUR));
    return all;
}

static char *text_of(const struct baselines *all, size_t *n)
{
    char *text;
    FILE *f = open_memstream(&text, n);
    ck_assert(baselines_write(all, &fixture_pack, f));
    ck_assert_int_eq(fclose(f), 0);
    return text;
}

START_TEST(a_file_brings_all_back)
{
    char error[200];
    size_t n, m;
    struct baselines *all = example();
    char *text = text_of(all, &n);
    struct baselines *back = baselines_parse(text, n, error, sizeof error);
    ck_assert_msg(back != NULL, "%s", error);
    char *again = text_of(back, &m);
    ck_assert_uint_eq(n, m);
    ck_assert_mem_eq(text, again, n);
    struct baseline_set *set = baselines_find(back, &fixture_pack, &fixture_pack.alerts[FIXTURE_FAILURES], 0);
    ck_assert_ptr_nonnull(set);
    ck_assert_uint_eq(set->n_groups, 100);
    ck_assert_ptr_null(baselines_find(back, &fixture_pack, &fixture_pack.alerts[FIXTURE_SILENCE], 0));
    free(text);
    free(again);
    baselines_free(all);
    baselines_free(back);
}
END_TEST

START_TEST(merged_twice_is_twice)
{
    struct baselines *all = example(), *sum = baselines_new();
    ck_assert(baselines_merge(sum, all) && baselines_merge(sum, all));
    ck_assert_uint_eq(baselines_coverage(sum)->n, 2);
    struct baseline_set *a = baselines_at(all, 0), *b = baselines_at(sum, 0);
    ck_assert_uint_eq(a->n_groups, b->n_groups);
    for (size_t i = 0; i < a->n_groups; i++)
        ck_assert_uint_eq(2 * a->groups[i]->baseline.samples,
                          baseline_group_find(b, a->groups[i]->key)->baseline.samples);
    baselines_free(all);
    baselines_free(sum);
}
END_TEST

START_TEST(a_limit_leaves_the_groups_with_most_samples)
{
    struct baselines *all = example();
    struct baseline_set *set = baselines_at(all, 0);
    struct ticks t = ticks_of(set->span);
    struct baseline_group *busy = baseline_group_make(set, slice("{\"x\":1}"));
    for (int i = 0; i < 10; i++)
        ck_assert(baseline_add(&busy->baseline, &t, i + 1, 4));
    baseline_set_limit(set, 11);
    ck_assert_uint_eq(set->n_groups, 11);
    ck_assert_uint_eq(set->dropped, 90);
    ck_assert_ptr_eq(baseline_group_find(set, slice("{\"x\":1}")), busy);
    ck_assert_ptr_nonnull(baseline_group_find(set, slice("{\"userIdentity.userName\":\"u\\u001b0\"}")));
    ck_assert_ptr_null(baseline_group_find(set, slice("{\"userIdentity.userName\":\"u\\u001b99\"}")));
    ck_assert_ptr_nonnull(baseline_group_make(set, slice("{}")));
    ck_assert_uint_eq(set->n_groups, 12);
    baselines_free(all);
}
END_TEST

START_TEST(what_counts_is_what_matters_and_not_its_threshold)
{
    struct trail_alert alert = fixture_pack.alerts[FIXTURE_FAILURES];
    struct trail_condition condition = alert.conditions[0];
    char was[33], now[33];
    baselines_subject(&fixture_pack, &alert, 0, was);
    alert.conditions = &condition;
    condition.n = 4711;
    condition.priority = 1;
    condition.when = TRAIL_AT_LEAST;
    baselines_subject(&fixture_pack, &alert, 0, now);
    ck_assert_str_eq(was, now);
    condition.span++;
    baselines_subject(&fixture_pack, &alert, 0, now);
    ck_assert_str_ne(was, now);
    condition.span--;
    condition.when = TRAIL_LESS_THAN;
    baselines_subject(&fixture_pack, &alert, 0, now);
    ck_assert_str_ne(was, now);
    condition.when = TRAIL_MORE_THAN;
    alert.filter = "eventName:Other";
    baselines_subject(&fixture_pack, &alert, 0, now);
    ck_assert_str_ne(was, now);
}
END_TEST

START_TEST(damaged_and_foreign_files_are_refused)
{
    static const struct {
        const char *text, *error;
    } files[] = {
        {"", "no file that learn wrote, or a damaged one: "},
        {"alert: Name", "no file that learn wrote, or a damaged one: "},
        {"[]", "this is no baseline"},
        {"{\"format\":\"other\"}", "this is no baseline"},
        {"{\"format\":\"trailc baseline\"}", "\"version\" is missing"},
        {"{\"format\":\"trailc baseline\",\"version\":99}", "of another version"},
        {"{\"format\":\"trailc baseline\",\"version\":1}", "\"coverage\" is missing"},
        {"{\"format\":\"trailc baseline\",\"version\":1,\"coverage\":[1]}", "pairs of times"},
        {"{\"format\":\"trailc baseline\",\"version\":1,\"coverage\":[2,1]}", "pairs of times"},
        {"{\"format\":\"trailc baseline\",\"version\":1,\"coverage\":[]}", "\"conditions\" is missing"},
        {"{\"format\":\"trailc baseline\",\"version\":1,\"coverage\":[],\"conditions\":[{\"alert\":\"a\"}]}",
         "\"condition\" is missing"},
        {"{\"format\":\"trailc baseline\",\"version\":1,\"coverage\":[],\"conditions\":[{\"alert\":\"a\","
         "\"condition\":0,\"side\":\"more\",\"span\":600000,\"dropped\":0,\"groups\":[],"
         "\"subject\":\"0123456789abcdef0123456789abcd\\\\f\"}]}",
         "32 hexadecimal digits"},
    };
    char error[200];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        ck_assert_ptr_null(baselines_parse(files[i].text, strlen(files[i].text), error, sizeof error));
        ck_assert_msg(strstr(error, files[i].error) != NULL, "%s: %s", files[i].text, error);
    }
    size_t n;
    struct baselines *all = example();
    char *text = text_of(all, &n);
    for (int i = 0; i < 3000; i++) {
        size_t at = draw((uint32_t)n);
        char was = text[at];
        text[at] = (char)(draw(2) ? draw(256) : ' ' + draw(95));
        *error = 0;
        struct baselines *back =
            baselines_parse(text, n - (draw(4) ? 0 : draw((uint32_t)n)), error, sizeof error);
        ck_assert(back || *error);
        baselines_free(back);
        text[at] = was;
    }
    ck_assert_ptr_null(baselines_read("/nonexistent", error, sizeof error));
    ck_assert_str_eq(error, "/nonexistent: No such file or directory");
    free(text);
    baselines_free(all);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("baseline");
    TCase *tests = tcase_create("baseline");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, classes_are_in_order_and_their_middles_near);
    tcase_add_test(tests, neither_order_nor_parts_matter);
    tcase_add_test(tests, counts_of_an_entry_are_saturated);
    tcase_add_test(tests, a_tape_brings_it_back_or_is_refused);
    tcase_add_test(tests, a_short_history_says_how_long_still);
    tcase_add_test(tests, the_season_grows_with_the_history);
    tcase_add_test(tests, weekends_are_known_from_two_weeks_on);
    tcase_add_test(tests, a_new_level_is_taken_on_within_two_weeks);
    tcase_add_test(tests, bursts_do_not_become_usual);
    tcase_add_test(tests, a_burst_in_silence_is_usual_when_two_weeks_have_had_it);
    tcase_add_test(tests, what_stays_becomes_usual);
    tcase_add_test(tests, what_lasts_some_days_does_not);
    tcase_add_test(tests, a_lesson_is_bounded);
    tcase_add_test(tests, a_group_that_was_never_seen_has_zeros);
    tcase_add_test(tests, memory_is_four_bytes_for_an_hour_of_a_week_and_value);
    tcase_add_test(tests, a_file_brings_all_back);
    tcase_add_test(tests, merged_twice_is_twice);
    tcase_add_test(tests, a_limit_leaves_the_groups_with_most_samples);
    tcase_add_test(tests, what_counts_is_what_matters_and_not_its_threshold);
    tcase_add_test(tests, damaged_and_foreign_files_are_refused);
    return run_tap(suite);
}

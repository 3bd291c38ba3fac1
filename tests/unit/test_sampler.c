/*
 * Ticks and steps, the sampler's counts beside a count by hand, and what is covered.
 */
#include <check.h>
#include <stdlib.h>

#include "baseline/baseline.h"
#include "suite.h"

#define HOUR INT64_C(3600000)
/* 2026-01-05T00:00:00Z, a Monday. */
#define MONDAY INT64_C(1767571200000)

static const int64_t spans[] = {1000,       7000,       60000,     600000,    3599999,
                                HOUR,       HOUR + 1,   3 * HOUR,  24 * HOUR, 36 * HOUR,
                                168 * HOUR, 720 * HOUR, 100000007, 1,         INT64_MAX};

START_TEST(a_step_is_the_window_up_to_an_hour_and_about_an_hour_above)
{
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        struct ticks t = ticks_of(spans[i]);
        ck_assert_uint_le(t.per_window, TICKS_MOST);
        ck_assert_uint_ge(t.per_window, 60);
        ck_assert_uint_eq(t.per_window % t.per_step, 0);
        if (spans[i] <= HOUR)
            ck_assert_uint_eq(t.per_step, t.per_window);
        else if (spans[i] <= 168 * HOUR)
            ck_assert_int_le(spans[i] / (t.per_window / t.per_step), HOUR);
    }
    struct ticks day = ticks_of(24 * HOUR);
    ck_assert_uint_eq(day.per_window / day.per_step, 24);
}
END_TEST

START_TEST(a_moment_is_in_its_tick_and_its_step)
{
    static const int64_t moments[] = {0,      1,          -1,         999,     1000,
                                      MONDAY, MONDAY + 1, MONDAY - 1, -MONDAY, MONDAY + 12345678};
    for (size_t i = 0; i < sizeof spans / sizeof *spans - 2; i++)
        for (size_t j = 0; j < sizeof moments / sizeof *moments; j++) {
            struct ticks t = ticks_of(spans[i]);
            int64_t m = moments[j], k = ticks_at(&t, m), s = ticks_step(&t, k);
            ck_assert_int_le(m, ticks_end(&t, k));
            ck_assert_int_gt(m, ticks_end(&t, k - 1));
            ck_assert_int_le(k, ticks_last(&t, s));
            ck_assert_int_gt(k, ticks_last(&t, s - 1));
            ck_assert_int_eq(s, ticks_step_at(&t, m));
            ck_assert_int_eq(ticks_end(&t, k) - ticks_end(&t, k - t.per_window), t.span);
        }
}
END_TEST

START_TEST(moments_far_off_do_not_overflow)
{
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        struct ticks t = ticks_of(spans[i]);
        ck_assert_int_lt(ticks_at(&t, INT64_MIN), 0);
        ck_assert_int_gt(ticks_at(&t, INT64_MAX), 0);
        ck_assert_uint_lt(ticks_slot(&t, ticks_step_at(&t, INT64_MAX)), BASELINE_SLOTS);
        ck_assert_uint_lt(ticks_slot(&t, ticks_step_at(&t, INT64_MIN)), BASELINE_SLOTS);
    }
}
END_TEST

START_TEST(slots_are_hours_from_monday)
{
    struct ticks t = ticks_of(HOUR);
    for (int h = -200; h < 400; h++) {
        int64_t step = ticks_step_at(&t, MONDAY + h * HOUR + 1);
        ck_assert_uint_eq(ticks_slot(&t, step), (unsigned)((h + 168 * 4) % 168));
        ck_assert_int_eq(ticks_week(&t, step) - ticks_week(&t, ticks_step_at(&t, MONDAY + 1)),
                         (h + 168 * 4) / 168 - 4);
    }
    ck_assert_int_eq(ticks_week(&t, ticks_step_at(&t, 4 * 24 * HOUR + 1)), 0);
}
END_TEST

/* ---- the sampler ---- */

enum { STEPS = 400 };
static uint64_t sampled[STEPS];
static int64_t first_step;

static void take(void *user, int64_t step, uint64_t value)
{
    ck_assert_uint_gt(value, 0);
    ck_assert_int_ge(step - first_step, 0);
    ck_assert_int_lt(step - first_step, STEPS);
    ck_assert_uint_eq(sampled[step - first_step], 0);
    sampled[step - first_step] = value;
    (void)user;
}

static uint64_t chance = 1;
static uint32_t draw(uint32_t n)
{
    chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(chance >> 33) % n;
}

/* Events at random ticks, with long pauses; each step's sample by hand. */
static void compare(int64_t span, enum baseline_side side, bool restarts)
{
    enum { EVENTS = 3000 };
    static int64_t at[EVENTS];
    struct ticks t = ticks_of(span);
    struct sampler s = {0};
    int64_t tick = ticks_at(&t, MONDAY) + 5, n = 0, last;
    first_step = ticks_step(&t, tick) - 1;
    memset(sampled, 0, sizeof sampled);
    last = ticks_last(&t, first_step + STEPS - t.per_window / t.per_step - 3);
    while (n < EVENTS) {
        tick += draw(20) ? draw(4) : draw(3 * t.per_window);
        if (tick > last)
            break;
        sampler_advance(&s, &t, tick, side, take, NULL);
        ck_assert(sampler_add(&s, &t, 1));
        at[n++] = tick;
        uint64_t count = 0;
        for (int64_t i = 0; i < n; i++)
            count += at[i] > tick - t.per_window;
        ck_assert_uint_eq(s.count, count);
        if (restarts && draw(10) == 0) {
            struct trail_text text = {0};
            struct sampler back;
            sampler_save(&s, &t, &text);
            struct tape tape = {text.p, text.p + text.n, false};
            ck_assert(sampler_load(&back, &t, &tape));
            ck_assert(!tape.bad && tape.p == tape.end);
            sampler_free(&s);
            s = back;
            trail_text_free(&text);
        }
    }
    sampler_advance(&s, &t, ticks_last(&t, first_step + STEPS - 1) + 1, side, take, NULL);
    ck_assert_ptr_null(s.ring);
    for (int64_t step = 0; step < STEPS; step++) {
        uint64_t most = 0, count = 0;
        for (int64_t k = ticks_last(&t, first_step + step - 1) + 1; k <= ticks_last(&t, first_step + step);
             k++) {
            count = 0;
            for (int64_t i = 0; i < n; i++)
                count += at[i] <= k && at[i] > k - t.per_window;
            most = count > most ? count : most;
        }
        ck_assert_uint_eq(sampled[step], side == BASELINE_MORE ? most : count);
    }
    sampler_free(&s);
}

START_TEST(samples_are_what_a_count_by_hand_gives)
{
    for (int i = 0; i < 4; i++) {
        compare(600000, BASELINE_MORE, false);
        compare(600000, BASELINE_LESS, false);
        compare(5 * HOUR, BASELINE_MORE, false);
        compare(100 * HOUR, BASELINE_LESS, false);
    }
}
END_TEST

START_TEST(a_sampler_goes_on_where_it_was_saved)
{
    compare(600000, BASELINE_MORE, true);
    compare(24 * HOUR, BASELINE_LESS, true);
}
END_TEST

START_TEST(what_no_sampler_wrote_is_refused)
{
    struct ticks t = ticks_of(600000);
    for (int i = 0; i < 20000; i++) {
        char bytes[24];
        size_t n = draw(sizeof bytes);
        for (size_t j = 0; j < n; j++)
            bytes[j] = (char)(draw(3) ? draw(8) : draw(256));
        struct tape tape = {bytes, bytes + n, false};
        struct sampler s;
        ck_assert(sampler_load(&s, &t, &tape));
        ck_assert(!tape.bad || !s.ring);
        ck_assert_uint_ge(s.peak, s.count);
        sampler_advance(&s, &t, s.tick + 3, BASELINE_MORE, NULL, NULL);
        sampler_free(&s);
    }
}
END_TEST

/* ---- coverage ---- */

START_TEST(coverage_is_the_same_in_any_order)
{
    for (int round = 0; round < 300; round++) {
        struct coverage a = {0}, b = {0};
        int64_t from[12], to[12];
        int n = 1 + (int)draw(12);
        for (int i = 0; i < n; i++) {
            from[i] = (int64_t)draw(400) * HOUR;
            to[i] = from[i] + (int64_t)draw(20) * HOUR;
            ck_assert(coverage_add(&a, from[i], to[i]));
        }
        for (int i = n; i-- > 0;)
            ck_assert(coverage_add(&b, from[i], to[i]));
        ck_assert_uint_eq(a.n, b.n);
        for (size_t i = 0; i < a.n; i++) {
            ck_assert_int_eq(a.list[i].from, b.list[i].from);
            ck_assert_int_eq(a.list[i].to, b.list[i].to);
            if (i > 0)
                ck_assert_int_gt(a.list[i].from - a.list[i - 1].to, BASELINE_GAP);
        }
        coverage_free(&a);
        coverage_free(&b);
    }
}
END_TEST

START_TEST(a_step_is_covered_where_all_its_windows_are)
{
    struct ticks t = ticks_of(3 * HOUR);
    struct coverage c = {0};
    struct covering all, pieces;
    int64_t from = MONDAY + 17 * HOUR + 5, to = MONDAY + 90 * HOUR;
    ck_assert(coverage_add(&c, from, to) && coverage_add(&c, MONDAY + 200 * HOUR, MONDAY + 2000 * HOUR));
    int64_t first = ticks_step_at(&t, MONDAY), covered = 0;
    for (int64_t s = first; s < first + 2000; s++) {
        bool whole = false;
        for (size_t i = 0; i < c.n; i++) {
            bool fits = true;
            for (int64_t k = ticks_last(&t, s - 1) + 1; k <= ticks_last(&t, s); k++)
                fits =
                    fits && ticks_end(&t, k) - t.span >= c.list[i].from && ticks_end(&t, k) <= c.list[i].to;
            whole = whole || fits;
        }
        ck_assert_int_eq(coverage_has(&c, &t, s), whole);
    }
    covering_start(&all, t.span);
    covering_update(&all, &c, first + 1999);
    covering_start(&pieces, t.span);
    for (int64_t s = first; s < first + 2000; s += 1 + draw(30))
        covering_update(&pieces, &c, s);
    covering_update(&pieces, &c, first + 1999);
    ck_assert_mem_eq(&all.steps, &pieces.steps, sizeof all.steps);
    ck_assert_int_eq(all.week, pieces.week);
    for (int64_t s = first; s < first + 2000; s++)
        covered += coverage_has(&c, &t, s) && ticks_week(&t, s) > all.week - BASELINE_WEEKS;
    ck_assert_int_eq(covering_length(&all), covered * HOUR);
    coverage_free(&c);
}
END_TEST

START_TEST(coverage_comes_back_from_a_tape)
{
    struct coverage c = {0}, back;
    struct trail_text text = {0};
    for (int i = 0; i < 9; i++)
        ck_assert(coverage_add(&c, -MONDAY + i * 90 * HOUR, -MONDAY + i * 90 * HOUR + i));
    coverage_save(&c, &text);
    struct tape tape = {text.p, text.p + text.n, false};
    ck_assert(coverage_load(&back, &tape) && !tape.bad && tape.p == tape.end);
    ck_assert_uint_eq(back.n, 9);
    ck_assert_mem_eq(back.list, c.list, 9 * sizeof *c.list);
    coverage_free(&back);
    for (size_t n = 0; n < text.n; n++) {
        tape = (struct tape){text.p, text.p + n, false};
        ck_assert(coverage_load(&back, &tape) && tape.bad && back.n == 0);
    }
    trail_text_free(&text);
    coverage_free(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sampler");
    TCase *tests = tcase_create("sampler");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_step_is_the_window_up_to_an_hour_and_about_an_hour_above);
    tcase_add_test(tests, a_moment_is_in_its_tick_and_its_step);
    tcase_add_test(tests, moments_far_off_do_not_overflow);
    tcase_add_test(tests, slots_are_hours_from_monday);
    tcase_add_test(tests, samples_are_what_a_count_by_hand_gives);
    tcase_add_test(tests, a_sampler_goes_on_where_it_was_saved);
    tcase_add_test(tests, what_no_sampler_wrote_is_refused);
    tcase_add_test(tests, coverage_is_the_same_in_any_order);
    tcase_add_test(tests, a_step_is_covered_where_all_its_windows_are);
    tcase_add_test(tests, coverage_comes_back_from_a_tape);
    return run_tap(suite);
}

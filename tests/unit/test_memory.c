/*
 * Memory that runs out: each allocation of a scan fails once, and then each with all that follow. A scan
 * either says so, or has told everything.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

int main(void)
{
    puts("ok - memory: each allocation fails # SKIP a sanitizer has the allocator");
    return 0;
}

#else

#include "packed.h"
#include "recorder.h"
#include "scarce.h"

/* What is to be a file's text becomes a gzip member: shorter, as those are that are inflated at once. */
static void pack_text(void)
{
    struct bytes packed = gzip_of(file_text.p, file_text.n);
    ck_assert_uint_lt(packed.n, file_text.n);
    memcpy(file_text.p, packed.p, packed.n);
    file_text.n = packed.n;
    free(packed.p);
}

static void write_logs(void)
{
    for (int i = 0; i < 5; i++)
        numbered_event(i, i, i == 4 ? "AddUserToGroup" : "ConsoleLogin", "alice",
                       ",\"sourceIPAddress\":\"192.0.2.1\",\"tags\":[1,2]");
    write_file("one");
    line("{\"broken\":}\n");
    event(9, "AddUserToGroup", "bob", "b", "");
    write_file("two");
    for (int i = 20; i < 30; i++)
        numbered_event(i, i, "AddUserToGroup", "carol", "");
    pack_text();
    write_file("packed");
}

/* Callbacks that allocate nothing. */
static unsigned alerts, problems;

static void count_alert(void *user, const struct trail_fired *fired)
{
    (void)user, (void)fired;
    alerts++;
}

static void count_problem(void *user, const char *message)
{
    (void)user, (void)message;
    problems++;
}

/* A whole use of the library. */
static enum trail_status use(unsigned threads)
{
    struct trail_options options = {.on_alert = count_alert, .on_problem = count_problem, .threads = threads};
    enum trail_status status;
    alerts = problems = 0;
    struct trail *t = trail_new(&fixture_pack, &options, &status);
    if (!t)
        return status;
    status = trail_scan_all(t, 4, PATHS("one", "two", "packed", "missing"), NULL);
    struct trail_input_labels labels = {{"prod-trail", 10}, {"s", 1}};
    trail_feed_begin(t, "three", &labels);
    enum trail_status fed = trail_feed(t, "{\"eventName\":\"AddUserToGroup\"}", 30);
    enum trail_status finished = trail_finish(t);
    trail_free(t);
    return fed == TRAIL_NO_MEMORY || finished == TRAIL_NO_MEMORY ? TRAIL_NO_MEMORY : status;
}

static void fail_each(unsigned threads, bool for_good)
{
    unsigned all_alerts, all_problems;
    ck_assert_int_eq(use(threads), TRAIL_DAMAGED);
    all_alerts = alerts;
    all_problems = problems;
    ck_assert_uint_ge(all_alerts, 5);
    bool failed = true;
    for (long i = 1; failed; i++) {
        scarce_start(i, for_good);
        enum trail_status status = use(threads);
        scarce.counting = false;
        failed = scarce_failed();
        if (status != TRAIL_NO_MEMORY) {
            ck_assert_msg(status == TRAIL_DAMAGED, "allocation %ld: status %d", i, status);
            ck_assert_msg(alerts == all_alerts, "allocation %ld: %u alerts of %u", i, alerts, all_alerts);
            ck_assert_msg(problems == all_problems, "allocation %ld: %u problems", i, problems);
        }
        ck_assert_int_le(i, 5000);
    }
}

START_TEST(each_allocation_fails_once)
{
    write_logs();
    fail_each(1, false);
    fail_each(2, false);
}
END_TEST

START_TEST(all_allocations_fail_from_one_on)
{
    write_logs();
    fail_each(1, true);
    fail_each(2, true);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("memory");
    TCase *t = tcase_create("memory");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, each_allocation_fails_once);
    tcase_add_test(t, all_allocations_fail_from_one_on);
    suite_add_tcase(s, t);
    return run_suite(s);
}

#endif

/*
 * test_heard_memory.c - memory that runs out between an alert and its message: each allocation fails once, and
 * then each with all that follow. Either it is said, or everything is there.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

int main(void)
{
    puts("ok - heard: each allocation fails # SKIP a sanitizer has the allocator");
    return 0;
}

#else

#include <string.h>

#include "channel/sender.h"
#include "route/route.h"
#include "scarce.h"
#include "suite.h"

static const char text[] =
    "channels:\n"
    "  log: {type: file, path: /nonexistent/x, grouping: {after: 1, every: 5m}}\n"
    "  siem: {type: syslog, address: /nonexistent/socket}\n"
    "  hook: {type: webhook, url: 'http://localhost/', body: {a: ['{{alert | upper}} {{group.u}}', "
    "'{{text}}', 1]}}\n"
    "mutes: [{tag: noisy, until: 2100-01-01, reason: x}]\n"
    "quiet_hours: [{from: '00:00', to: '24:00', timezone: Europe/Berlin, priorities: P5}]\n"
    "routes: {defaults: {any: [log, siem]}}\n";

static const struct trail_pack pack = {.name = "fixture", .hash = "feed"};

/* Routes two notifications; how many rows that makes, or -1 when it was said that memory ran out. */
static int route(struct trail_router *router, const struct trail_outbox *outbox)
{
    static const struct trail_alert alert = {.id = "a", .name = "A", .description = "d", .priority = 1};
    const struct trail_outbox_row *rows;
    for (int i = 0; i < 3; i++) {
        static const char *const keys[] = {"k1", "k2", "k3"};
        const struct trail_fired fired = {.alert = &alert,
                                          .priority = 1,
                                          .reason = "r",
                                          .group = {"{\"u\":\"alice\"}", 13},
                                          .count = 1,
                                          .window_from = TRAIL_NO_TIME,
                                          .breakdown = {"{}", 2},
                                          .fields = {"{}", 2},
                                          .event_ids = {"[]", 2},
                                          .dedup_key = keys[i]};
        if (trail_router_route(router, &fired) != TRAIL_OUTBOX_OK)
            return -1;
    }
    scarce.counting = false;
    return (int)trail_outbox_memory_rows(outbox, &rows);
}

static int64_t now(void *user)
{
    (void)user;
    return INT64_C(1767261600000);
}

static int use(void)
{
    struct trail_text messages = {0};
    struct trail_config *config =
        trail_config_parse("c.yaml", (struct trail_slice){text, sizeof text - 1}, 0, &messages);
    const struct trail_router_options options = {.now = now};
    const struct trail_sender_options sending = {.now = now, .seed = 1};
    struct trail_outbox *outbox = config ? trail_outbox_memory_new() : NULL;
    struct trail_router *router = outbox ? trail_router_new(config, &pack, outbox, &options) : NULL;
    struct trail_sender *sender = router ? trail_sender_new(config, outbox, &sending) : NULL;
    int rows = sender ? route(router, outbox) : -1;
    scarce.counting = false;
    if (!config)
        ck_assert(messages.failed || messages.n);
    for (int i = 0; sender && i < 8; i++)
        trail_sender_round(sender, 0);
    trail_sender_free(sender);
    trail_router_free(router);
    trail_outbox_memory_free(outbox);
    trail_config_free(config);
    trail_text_free(&messages);
    return rows;
}

static void fail_each(bool for_good)
{
    int all = use();
    ck_assert_int_eq(all, 5); /* two by themselves and one message for one; three to the log */
    bool failed = true;
    for (long i = 1; failed; i++) {
        scarce_start(i, for_good);
        int rows = use();
        failed = scarce_failed();
        ck_assert_msg(rows == all || (failed && rows == -1), "allocation %ld: %d rows", i, rows);
        ck_assert_int_le(i, 5000);
    }
}

START_TEST(each_allocation_fails_once)
{
    fail_each(false);
}
END_TEST

START_TEST(all_allocations_fail_from_one_on)
{
    fail_each(true);
}
END_TEST

/* While it sends: nothing is lost, whatever fails. */
START_TEST(sending_loses_nothing)
{
    for (long i = 0; i < 60; i++) {
        struct trail_text messages = {0};
        struct trail_config *config =
            trail_config_parse("c.yaml", (struct trail_slice){text, sizeof text - 1}, 0, &messages);
        const struct trail_router_options options = {.now = now};
        const struct trail_sender_options sending = {.now = now, .seed = 1};
        struct trail_outbox *outbox = trail_outbox_memory_new();
        struct trail_router *router = trail_router_new(config, &pack, outbox, &options);
        struct trail_sender *sender = trail_sender_new(config, outbox, &sending);
        ck_assert_int_eq(route(router, outbox), 5);
        scarce_start(i + 1, i % 2);
        for (int k = 0; k < 4; k++)
            trail_sender_round(sender, 0);
        scarce.counting = false;
        trail_sender_free(sender);
        const struct trail_outbox_row *rows;
        size_t n = trail_outbox_memory_rows(outbox, &rows);
        ck_assert_uint_eq(n, 5);
        for (size_t k = 0; k < n; k++)
            ck_assert_msg(rows[k].state == TRAIL_OUTBOX_WAITING || rows[k].state == TRAIL_OUTBOX_SENDING,
                          "allocation %ld: row %zu is %d", i, k, (int)rows[k].state);
        trail_router_free(router);
        trail_outbox_memory_free(outbox);
        trail_config_free(config);
        trail_text_free(&messages);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("heard");
    TCase *t = tcase_create("memory");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, each_allocation_fails_once);
    tcase_add_test(t, all_allocations_fail_from_one_on);
    tcase_add_test(t, sending_loses_nothing);
    suite_add_tcase(s, t);
    return run_tap(s);
}

#endif

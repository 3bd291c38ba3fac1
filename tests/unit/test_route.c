/*
 * test_route.c - which channels hear of a notification, and when: names, defaults, tags, mutes, quiet hours,
 * storms, a full outbox. And that nothing vanishes: what was routed is in a row, or counted in one.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "channel/message.h"
#include "route/payload.h"
#include "route/route.h"
#include "suite.h"
#include "window/timestamp.h"

static int64_t clock_now;
static size_t routed[5];

static int64_t now(void *user)
{
    (void)user;
    return clock_now;
}

static void on_routed(void *user, const char *channel, enum trail_routed how)
{
    (void)user;
    (void)channel;
    routed[how]++;
}

/* A router with all that it needs. */
struct scene {
    struct trail_config *config;
    struct trail_outbox *outbox;
    struct trail_router *router;
};

static const struct trail_pack pack = {.name = "fixture", .hash = "feed"};

static struct scene scene(const char *text)
{
    struct scene s = {0};
    struct trail_text said = {0};
    const struct trail_router_options options = {.now = now, .on_routed = on_routed};
    memset(routed, 0, sizeof routed);
    clock_now = INT64_C(1767261600000); /* Thursday, 2026-01-01T10:00:00Z */
    s.config = trail_config_parse("c.yaml", (struct trail_slice){text, strlen(text)}, 0, &said);
    ck_assert_msg(s.config != NULL, "%.*s", (int)said.n, said.p);
    trail_text_free(&said);
    s.outbox = trail_outbox_memory_new();
    s.router = trail_router_new(s.config, &pack, s.outbox, &options);
    ck_assert_ptr_nonnull(s.router);
    return s;
}

static char *interval; /* of the one channel */

static char *recall(void *user, const char *channel)
{
    (void)user;
    ck_assert_str_eq(channel, "a");
    return interval ? strdup(interval) : NULL;
}

static bool remember(void *user, const char *channel, const char *text)
{
    (void)user;
    ck_assert_str_eq(channel, "a");
    free(interval);
    interval = strdup(text);
    return true;
}

/* Another run, over the same outbox. */
static void restart(struct scene *s, bool remembers)
{
    struct trail_router_options options = {.now = now, .on_routed = on_routed};
    if (remembers) {
        options.recall = recall;
        options.remember = remember;
    }
    trail_router_free(s->router);
    s->router = trail_router_new(s->config, &pack, s->outbox, &options);
    ck_assert_ptr_nonnull(s->router);
}

static void end(struct scene *s)
{
    trail_router_free(s->router);
    trail_outbox_memory_free(s->outbox);
    trail_config_free(s->config);
}

/* A notification's differences. */
struct what {
    const char *id, *notify, *tag, *user, *key;
    unsigned priority;
    enum trail_state state;
};

static void fire(struct scene *s, struct what w)
{
    char group[200];
    const char *user = w.user ? w.user : "alice";
    int n = snprintf(group, sizeof group, "{\"userIdentity.userName\":\"%s\"}", user);
    const struct trail_alert alert = {.id = w.id ? w.id : "new-admin",
                                      .name = "New admin",
                                      .description = "",
                                      .notify = {w.notify != NULL, &w.notify},
                                      .tags = {w.tag != NULL, &w.tag},
                                      .notify_resolved = true};
    const struct trail_fired fired = {.alert = &alert,
                                      .state = w.state,
                                      .priority = w.priority ? w.priority : 3,
                                      .reason = "4 in 10m, more than 3",
                                      .group = {group, (size_t)n},
                                      .count = 4,
                                      .time = clock_now,
                                      .window_from = clock_now - 600000,
                                      .window_to = clock_now,
                                      .first_event = clock_now,
                                      .last_event = clock_now,
                                      .breakdown = {"{}", 2},
                                      .fields = {"{}", 2},
                                      .event_ids = {"[]", 2},
                                      .dedup_key = w.key ? w.key : "00aa"};
    ck_assert_int_eq(trail_router_route(s->router, &fired), TRAIL_OUTBOX_OK);
}

static size_t rows_of(struct scene *s, const char *channel, const struct trail_outbox_row *first[2])
{
    const struct trail_outbox_row *rows;
    size_t n = trail_outbox_memory_rows(s->outbox, &rows), found = 0;
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].channel, channel) == 0 && found++ < 2)
            first[found - 1] = &rows[i];
    return found;
}

static size_t count(struct scene *s, const char *channel)
{
    const struct trail_outbox_row *first[2];
    return rows_of(s, channel, first);
}

/* How many notifications the channel's rows stand for. */
static uint64_t stands_for(struct scene *s, const char *channel)
{
    const struct trail_outbox_row *rows;
    size_t n = trail_outbox_memory_rows(s->outbox, &rows);
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        struct trail_message m;
        if (strcmp(rows[i].channel, channel) != 0)
            continue;
        ck_assert(trail_message_read(&m, rows[i].payload));
        sum += m.kind == TRAIL_MESSAGE_STORM ? m.total : 1;
    }
    return sum;
}

#define CHANNELS \
    "channels:\n  a: {type: file, path: /x}\n  b: {type: file, path: /x}\n  c: {type: file, path: /x}\n"

START_TEST(names_defaults_and_tags)
{
    struct scene s = scene(CHANNELS "routes: {names: {ops: [a, b], soar: []}, defaults: {P1: [b], any: [c]}, "
                                    "tags: {'attack.*': a}}\n");
    fire(&s, (struct what){.notify = "a"});
    ck_assert(count(&s, "a") == 1 && count(&s, "b") == 0 && count(&s, "c") == 0);
    fire(&s, (struct what){.notify = "ops", .key = "01"});
    ck_assert(count(&s, "a") == 2 && count(&s, "b") == 1 && count(&s, "c") == 0);
    fire(&s, (struct what){.notify = "soar", .key = "02"});
    ck_assert(count(&s, "a") == 2 && count(&s, "b") == 1 && count(&s, "c") == 0);
    fire(&s, (struct what){.priority = 1, .key = "03"});
    ck_assert(count(&s, "a") == 2 && count(&s, "b") == 2 && count(&s, "c") == 0);
    fire(&s, (struct what){.priority = 2, .key = "04"});
    ck_assert(count(&s, "a") == 2 && count(&s, "b") == 2 && count(&s, "c") == 1);
    fire(&s, (struct what){.notify = "b", .tag = "attack.t1098", .key = "05"});
    ck_assert(count(&s, "a") == 3 && count(&s, "b") == 3 && count(&s, "c") == 1);
    end(&s);
}
END_TEST

START_TEST(each_recipient_a_row)
{
    struct scene s = scene(
        "channels: {m: {type: email, server: localhost, from: a@b.c, to: [x@y.z, u@v.w], grouping: off}}");
    const struct trail_outbox_row *rows[2];
    fire(&s, (struct what){.notify = "m"});
    ck_assert_uint_eq(rows_of(&s, "m", rows), 2);
    ck_assert_str_eq(rows[0]->recipient, "x@y.z");
    ck_assert_str_eq(rows[1]->recipient, "u@v.w");
    ck_assert_str_ne(rows[0]->dedup_key, rows[1]->dedup_key);
    ck_assert_str_eq(rows[0]->thread, "00aa");
    end(&s);
}
END_TEST

/* The same notification twice is one message; its end, its repeat and another's are others. */
START_TEST(the_same_is_one_message)
{
    struct scene s = scene(CHANNELS);
    fire(&s, (struct what){.notify = "a"});
    fire(&s, (struct what){.notify = "a"});
    ck_assert_uint_eq(count(&s, "a"), 1);
    fire(&s, (struct what){.notify = "a", .state = TRAIL_RESOLVED});
    ck_assert_uint_eq(count(&s, "a"), 2);
    clock_now += 600000;
    fire(&s, (struct what){.notify = "a"});
    ck_assert_uint_eq(count(&s, "a"), 3);
    fire(&s, (struct what){.notify = "a", .key = "00ab"});
    ck_assert_uint_eq(count(&s, "a"), 4);
    end(&s);
}
END_TEST

START_TEST(mutes_hold_and_count)
{
    struct scene s =
        scene(CHANNELS "mutes:\n"
                       "  - {alert: 'new-*', group: {userIdentity.userName: 'build-*'}, until: 2026-01-02, "
                       "reason: the move, channels: a}\n");
    const struct trail_outbox_row *rows[2];
    struct trail_message m;
    fire(&s, (struct what){.notify = "a", .user = "build-1", .key = "01"});
    fire(&s, (struct what){.notify = "a", .user = "build-2", .key = "02", .state = TRAIL_RESOLVED});
    fire(&s, (struct what){.notify = "b", .user = "build-1", .key = "03"});
    fire(&s, (struct what){.notify = "a", .user = "alice", .key = "04"});
    fire(&s, (struct what){.notify = "a", .user = "build-1", .id = "other", .key = "05"});
    ck_assert_uint_eq(rows_of(&s, "a", rows), 3);
    ck_assert_int_eq(rows[0]->state, TRAIL_OUTBOX_HELD);
    ck_assert_str_eq(rows[0]->last_error, "muted until 2026-01-02T00:00:00Z: the move");
    ck_assert(trail_message_read(&m, rows[0]->payload));
    ck_assert_uint_eq(m.total, 2);
    ck_assert_uint_eq(routed[TRAIL_ROUTED_MUTED], 2);
    ck_assert_int_eq(rows[1]->state, TRAIL_OUTBOX_WAITING);
    clock_now += 86400000;
    fire(&s, (struct what){.notify = "a", .user = "build-1", .key = "06"});
    ck_assert_uint_eq(routed[TRAIL_ROUTED_MUTED], 2);
    end(&s);
}
END_TEST

START_TEST(the_end_is_always_told_to_who_keeps_a_state)
{
    struct scene s =
        scene("channels: {p: {type: pagerduty, routing_key: {env: HOME}}, f: {type: file, path: /x}}\n"
              "mutes: [{alert: '*', until: 2026-01-02, reason: x}]\n");
    const struct trail_outbox_row *rows[2];
    fire(&s, (struct what){.notify = "p", .key = "01"});
    fire(&s, (struct what){.notify = "p", .key = "02", .state = TRAIL_RESOLVED});
    fire(&s, (struct what){.notify = "f", .key = "03", .state = TRAIL_RESOLVED});
    ck_assert_uint_eq(rows_of(&s, "p", rows), 2);
    ck_assert_int_eq(rows[0]->state, TRAIL_OUTBOX_HELD);
    ck_assert_int_eq(rows[1]->state, TRAIL_OUTBOX_WAITING);
    ck_assert_uint_eq(rows_of(&s, "f", rows), 1);
    ck_assert_int_eq(rows[0]->state, TRAIL_OUTBOX_HELD);
    end(&s);
}
END_TEST

START_TEST(a_name_with_more_behind_a_nul_is_another)
{
    struct scene s =
        scene(CHANNELS "mutes: [{group: {userIdentity.userName: build}, until: 2026-01-02, reason: x}]\n");
    fire(&s, (struct what){.notify = "a", .user = "build\\u0000evil"});
    ck_assert_uint_eq(routed[TRAIL_ROUTED_MUTED], 0);
    fire(&s, (struct what){.notify = "a", .user = "buil\\u0064"});
    ck_assert_uint_eq(routed[TRAIL_ROUTED_MUTED], 1);
    end(&s);
}
END_TEST

START_TEST(quiet_hours_tell_at_their_end)
{
    struct scene s =
        scene(CHANNELS "quiet_hours:\n"
                       "  - {from: '10:30', to: '12:00', timezone: Europe/Berlin, priorities: P3-P5, "
                       "channels: a}\n"
                       "  - {from: '10:00', to: '11:00', priorities: P4, channels: b, then: drop}\n");
    const struct trail_outbox_row *rows[2];
    struct trail_message m;
    fire(&s, (struct what){.notify = "a", .priority = 2, .key = "01"});
    fire(&s, (struct what){.notify = "a", .priority = 3, .key = "02"});
    fire(&s, (struct what){.notify = "a", .priority = 5, .key = "03"});
    ck_assert_uint_eq(rows_of(&s, "a", rows), 2);
    ck_assert_int_eq(rows[0]->due, clock_now);
    ck_assert_int_eq(rows[1]->due, clock_now + 3600000); /* 12:00 in Berlin */
    ck_assert_int_eq(rows[1]->state, TRAIL_OUTBOX_WAITING);
    ck_assert(trail_message_read(&m, rows[1]->payload));
    ck_assert_uint_eq(m.total, 2);
    ck_assert_uint_eq(trail_message_priority(&m), 3);
    fire(&s, (struct what){.notify = "b", .priority = 4, .key = "04"});
    ck_assert_uint_eq(rows_of(&s, "b", rows), 1);
    ck_assert_int_eq(rows[0]->state, TRAIL_OUTBOX_HELD);
    ck_assert_uint_eq(routed[TRAIL_ROUTED_QUIET], 1);
    clock_now += 3600000;
    fire(&s, (struct what){.notify = "a", .priority = 3, .key = "05"});
    ck_assert_uint_eq(rows_of(&s, "a", rows), 3);
    end(&s);
}
END_TEST

START_TEST(a_storm_becomes_one_message)
{
    struct scene s = scene("channels: {a: {type: file, path: /x, grouping: {after: 3, every: 5m}}}");
    const struct trail_outbox_row *rows[2];
    char key[16], id[16];
    struct trail_message m;
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "%04d", i);
        snprintf(id, sizeof id, "alert-%d", i % 60);
        fire(&s, (struct what){.notify = "a", .id = id, .key = key, .priority = 1 + (unsigned)i % 5});
    }
    ck_assert_uint_eq(count(&s, "a"), 4);
    ck_assert_uint_eq(stands_for(&s, "a"), 1000);
    const struct trail_outbox_row *all;
    ck_assert_uint_eq(trail_outbox_memory_rows(s.outbox, &all), 4);
    ck_assert_int_eq(all[3].due, clock_now + 300000);
    ck_assert(trail_message_read(&m, all[3].payload));
    ck_assert_uint_eq(m.total, 997);
    ck_assert_uint_lt(all[3].payload.n, 10000);
    ck_assert_uint_eq(trail_message_priority(&m), 1);
    struct trail_text subject = trail_message_subject(&m);
    trail_text_add(&subject, "", 1);
    ck_assert_str_eq(subject.p, "[P1] 997 notifications: New admin, New admin, New admin and 47 more");
    trail_text_free(&subject);
    clock_now += 300000;
    fire(&s, (struct what){.notify = "a", .key = "after"});
    ck_assert_uint_eq(rows_of(&s, "a", rows), 5);
    end(&s);
}
END_TEST

/* How far an interval is used up is known after a restart, and with another configuration. */
START_TEST(a_storm_goes_on_after_a_restart)
{
    struct scene s = scene("channels: {a: {type: file, path: /x, grouping: {after: 3, every: 5m}}}");
    const struct trail_outbox_row *rows;
    char key[16];
    interval = NULL;
    restart(&s, true);
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "%04d", i);
        fire(&s, (struct what){.notify = "a", .key = key});
        if (i % 3 == 1)
            restart(&s, true);
        if (i % 7 == 1)
            ck_assert(trail_router_reload(s.router, s.config));
    }
    ck_assert_uint_eq(trail_outbox_memory_rows(s.outbox, &rows), 4);
    ck_assert_uint_eq(stands_for(&s, "a"), 100);
    clock_now += 300000;
    fire(&s, (struct what){.notify = "a", .key = "after"});
    ck_assert_uint_eq(trail_outbox_memory_rows(s.outbox, &rows), 5);
    restart(&s, false);
    free(interval);
    end(&s);
}
END_TEST

START_TEST(a_full_outbox_counts)
{
    struct scene s =
        scene("channels: {a: {type: pagerduty, routing_key: {env: HOME}}}\nlimits: {outbox: 10}");
    char key[16];
    for (int i = 0; i < 50; i++) {
        snprintf(key, sizeof key, "%04d", i);
        fire(&s, (struct what){.notify = "a", .key = key});
    }
    ck_assert_uint_eq(count(&s, "a"), 11);
    ck_assert_uint_eq(stands_for(&s, "a"), 50);
    ck_assert_uint_eq(routed[TRAIL_ROUTED_FULL], 40);
    end(&s);
}
END_TEST

/* Whatever comes, whenever: nothing vanishes. */
START_TEST(nothing_vanishes)
{
    struct scene s = scene("channels:\n"
                           "  a: {type: file, path: /x, grouping: {after: 2, every: 1m}}\n"
                           "  b: {type: file, path: /x}\n"
                           "quiet_hours: [{from: '11:00', to: '12:30', priorities: P4-P5}]\n"
                           "mutes: [{tag: noisy, until: 2026-01-01T13:00:00Z, reason: x}]\n"
                           "limits: {outbox: 300}\n");
    uint64_t n[2] = {0, 0};
    srand((unsigned)_i + 1);
    for (int i = 0; i < 2000; i++) {
        char key[16], id[16];
        int to = rand() % 2;
        snprintf(key, sizeof key, "%08x", i);
        snprintf(id, sizeof id, "alert-%d", rand() % 70);
        fire(&s, (struct what){.notify = to ? "b" : "a",
                               .id = id,
                               .key = key,
                               .tag = rand() % 4 ? NULL : "noisy",
                               .priority = 1 + (unsigned)rand() % 5,
                               .state = rand() % 3 ? TRAIL_FIRING : TRAIL_RESOLVED});
        n[to]++;
        clock_now += rand() % 20000;
        struct trail_outbox_message row;
        while (rand() % 2 &&
               s.outbox->take(s.outbox->user, to ? "b" : "a", clock_now, &row) == TRAIL_OUTBOX_OK) {
            s.outbox->sent(s.outbox->user, row.row.id, clock_now, 0);
            trail_outbox_message_free(&row);
        }
    }
    ck_assert_uint_eq(stands_for(&s, "a"), n[0]);
    ck_assert_uint_eq(stands_for(&s, "b"), n[1]);
    end(&s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("route");
    TCase *t = tcase_create("route");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, names_defaults_and_tags);
    tcase_add_test(t, each_recipient_a_row);
    tcase_add_test(t, the_same_is_one_message);
    tcase_add_test(t, mutes_hold_and_count);
    tcase_add_test(t, the_end_is_always_told_to_who_keeps_a_state);
    tcase_add_test(t, a_name_with_more_behind_a_nul_is_another);
    tcase_add_test(t, quiet_hours_tell_at_their_end);
    tcase_add_test(t, a_storm_becomes_one_message);
    tcase_add_test(t, a_storm_goes_on_after_a_restart);
    tcase_add_test(t, a_full_outbox_counts);
    tcase_add_loop_test(t, nothing_vanishes, 0, 5);
    suite_add_tcase(s, t);
    return run_tap(s);
}

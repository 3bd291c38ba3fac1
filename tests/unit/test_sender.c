/*
 * test_sender.c - the sender on a thread of its own: messages that are put in while it runs, stopping, another
 * configuration. Its channels are programs and files; tests/channels has those on a network.
 */
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channel/sender.h"
#include "suite.h"

/* A sender that runs, and what it told. */
struct scene {
    struct trail_config *config;
    struct trail_outbox *outbox;
    struct trail_sender *sender;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t told;
    unsigned sent, retried, parked, released;
};

static char directory[] = "/tmp/trail-sender-XXXXXX";

static void on_sent(void *user, const struct trail_sent *sent)
{
    struct scene *s = user;
    pthread_mutex_lock(&s->mutex);
    s->sent += sent->delivery == TRAIL_DELIVERY_SENT;
    s->retried += sent->delivery == TRAIL_DELIVERY_RETRY;
    s->parked += sent->delivery == TRAIL_DELIVERY_PARK;
    pthread_cond_signal(&s->told);
    pthread_mutex_unlock(&s->mutex);
}

static void on_released(void *user, const struct trail_config *config)
{
    struct scene *s = user;
    pthread_mutex_lock(&s->mutex);
    s->released++;
    trail_config_free((struct trail_config *)(uintptr_t)config);
    pthread_cond_signal(&s->told);
    pthread_mutex_unlock(&s->mutex);
}

static void *run(void *sender)
{
    trail_sender_run(sender);
    return NULL;
}

static struct trail_config *configuration(const char *text)
{
    struct trail_text said = {0};
    struct trail_config *config =
        trail_config_parse("c.yaml", (struct trail_slice){text, strlen(text)}, 0, &said);
    ck_assert_msg(config != NULL, "%.*s", (int)said.n, said.p);
    trail_text_free(&said);
    return config;
}

static void start(struct scene *s, const char *text)
{
    const struct trail_sender_options options = {.user = s, .on_sent = on_sent, .on_released = on_released};
    *s = (struct scene){.mutex = PTHREAD_MUTEX_INITIALIZER, .told = PTHREAD_COND_INITIALIZER};
    s->config = configuration(text);
    s->outbox = trail_outbox_memory_new();
    s->sender = trail_sender_new(s->config, s->outbox, &options);
    ck_assert_ptr_nonnull(s->sender);
    ck_assert_int_eq(pthread_create(&s->thread, NULL, run, s->sender), 0);
}

/* Waits for what it tells, not for a time. */
static void wait_for(struct scene *s, const unsigned *what, unsigned n)
{
    pthread_mutex_lock(&s->mutex);
    while (*what < n)
        pthread_cond_wait(&s->told, &s->mutex);
    pthread_mutex_unlock(&s->mutex);
}

static void stop(struct scene *s, int64_t grace)
{
    trail_sender_stop(s->sender, grace);
    pthread_join(s->thread, NULL);
    trail_sender_free(s->sender);
    trail_config_free(s->config);
}

static int64_t put_at; /* by the wall clock; 0: long ago */

static void put(struct scene *s, const char *channel, unsigned i)
{
    static const char payload[] = "{\"kind\":\"alert\",\"notification\":{\"id\":\"a\",\"alert\":\"A\"}}";
    char key[16];
    snprintf(key, sizeof key, "%u", i);
    const struct trail_outbox_row row = {.channel = channel,
                                         .recipient = "",
                                         .dedup_key = key,
                                         .thread = "",
                                         .bunch = "",
                                         .payload = {payload, sizeof payload - 1},
                                         .created = put_at,
                                         .last_error = ""};
    ck_assert_int_eq(s->outbox->add(s->outbox->user, &row), TRAIL_OUTBOX_OK);
    trail_sender_wake(s->sender);
}

static enum trail_outbox_state state_of(struct scene *s, size_t i)
{
    const struct trail_outbox_row *rows;
    ck_assert_uint_gt(trail_outbox_memory_rows(s->outbox, &rows), i);
    return rows[i].state;
}

START_TEST(sends_what_is_put_in)
{
    struct scene s;
    char text[200];
    snprintf(text, sizeof text,
             "channels: {f: {type: file, path: %s/lines}, p: {type: exec, command: [/bin/cat]}}", directory);
    start(&s, text);
    for (unsigned i = 0; i < 200; i++)
        put(&s, i % 4 ? "f" : "p", i);
    wait_for(&s, &s.sent, 200);
    stop(&s, 0);
    ck_assert_uint_eq(s.sent, 200);
    ck_assert_uint_eq(s.retried + s.parked, 0);
    trail_outbox_memory_free(s.outbox);
}
END_TEST

START_TEST(stops_when_what_is_in_flight_has_ended)
{
    struct scene s;
    char text[200];
    snprintf(text, sizeof text,
             "channels: {p: {type: exec, command: [/bin/sh, -c, 'while [ ! -e %s/go ]; do sleep 0.01; "
             "done'], timeout: 60s, parallel: 1}}",
             directory);
    start(&s, text);
    put(&s, "p", 1);
    while (state_of(&s, 0) != TRAIL_OUTBOX_SENDING)
        usleep(1000);
    trail_sender_stop(s.sender, 60000);
    put(&s, "p", 2);
    snprintf(text, sizeof text, "%s/go", directory);
    fclose(fopen(text, "w"));
    pthread_join(s.thread, NULL);
    ck_assert_int_eq(state_of(&s, 0), TRAIL_OUTBOX_SENT);
    ck_assert_int_eq(state_of(&s, 1), TRAIL_OUTBOX_WAITING);
    trail_sender_free(s.sender);
    trail_config_free(s.config);
    trail_outbox_memory_free(s.outbox);
    unlink(text);
}
END_TEST

START_TEST(what_does_not_end_goes_back)
{
    struct scene s;
    start(&s, "channels: {p: {type: exec, command: [/bin/sleep, '300'], timeout: 5m}}");
    put(&s, "p", 1);
    while (state_of(&s, 0) != TRAIL_OUTBOX_SENDING)
        usleep(1000);
    stop(&s, 0);
    ck_assert_int_eq(state_of(&s, 0), TRAIL_OUTBOX_WAITING);
    trail_outbox_memory_free(s.outbox);
}
END_TEST

START_TEST(another_configuration)
{
    struct scene s;
    char text[200];
    snprintf(text, sizeof text, "channels: {a: {type: file, path: %s/a}}", directory);
    start(&s, text);
    put(&s, "a", 1);
    wait_for(&s, &s.sent, 1);
    for (unsigned i = 0; i < 20; i++) {
        snprintf(text, sizeof text, "channels: {a%u: {type: file, path: %s/a}}", i, directory);
        s.config = configuration(text);
        trail_sender_reload(s.sender, s.config);
    }
    put(&s, "a19", 2);
    wait_for(&s, &s.sent, 2);
    wait_for(&s, &s.released, 20);
    stop(&s, 0);
    ck_assert_uint_eq(s.released, 20);
    trail_outbox_memory_free(s.outbox);
}
END_TEST

/* ---- a storage that fails ---- */

/* An outbox in front of another, which fails as it is told; and a clock. */
static struct {
    struct trail_outbox face;
    const struct trail_outbox *behind;
    bool fails, loses; /* loses: what it takes stays taken though it says that it failed */
    unsigned asked;
    int64_t now;
    unsigned sent, retried;
} storage;

static int64_t storage_now(void *user)
{
    (void)user;
    return storage.now;
}

static enum trail_outbox_result storage_take(void *user, const char *channel, int64_t now,
                                             struct trail_outbox_message *to)
{
    (void)user;
    enum trail_outbox_result result = storage.behind->take(storage.behind->user, channel, now, to);
    if (!storage.loses || result != TRAIL_OUTBOX_OK)
        return result;
    storage.loses = false;
    trail_outbox_message_free(to);
    return TRAIL_OUTBOX_FAILED;
}

static enum trail_outbox_result storage_sent(void *user, int64_t id, int64_t now, int64_t again)
{
    (void)user;
    storage.asked++;
    return storage.fails ? TRAIL_OUTBOX_FAILED : storage.behind->sent(storage.behind->user, id, now, again);
}

static enum trail_outbox_result storage_retry(void *user, int64_t id, int64_t now, int64_t due,
                                              const char *why)
{
    (void)user;
    storage.asked++;
    return storage.fails ? TRAIL_OUTBOX_FAILED
                         : storage.behind->retry(storage.behind->user, id, now, due, why);
}

static enum trail_outbox_result storage_recover(void *user, int64_t now)
{
    (void)user;
    storage.asked++;
    return storage.fails ? TRAIL_OUTBOX_FAILED : storage.behind->recover(storage.behind->user, now);
}

static void storage_heard(void *user, const struct trail_sent *sent)
{
    (void)user;
    storage.sent += sent->delivery == TRAIL_DELIVERY_SENT;
    storage.retried += sent->delivery == TRAIL_DELIVERY_RETRY;
}

static void storage_start(struct scene *s, const char *text)
{
    const struct trail_sender_options options = {.now = storage_now, .on_sent = storage_heard, .seed = 1};
    *s = (struct scene){0};
    memset(&storage, 0, sizeof storage);
    storage.now = put_at = INT64_C(1767261600000);
    storage.behind = s->outbox = trail_outbox_memory_new();
    storage.face = *s->outbox;
    storage.face.take = storage_take;
    storage.face.sent = storage_sent;
    storage.face.retry = storage_retry;
    storage.face.recover = storage_recover;
    s->config = configuration(text);
    s->sender = trail_sender_new(s->config, &storage.face, &options);
    ck_assert_ptr_nonnull(s->sender);
}

/* Rounds, over so many seconds. */
static void pass(struct scene *s, int seconds)
{
    for (int i = 0; i <= seconds; i++, storage.now += 1000)
        trail_sender_round(s->sender, 0);
}

static void storage_end(struct scene *s)
{
    put_at = 0;
    trail_sender_free(s->sender);
    trail_config_free(s->config);
    trail_outbox_memory_free(s->outbox);
}

/* What was sent is not sent again when only the storage failed, and what comes behind it waits. */
START_TEST(what_was_sent_is_stored_when_it_can_be)
{
    struct scene s;
    char text[200];
    snprintf(text, sizeof text, "channels: {f: {type: file, path: %s/lines}}", directory);
    storage_start(&s, text);
    put(&s, "f", 1);
    put(&s, "f", 2);
    storage.fails = true;
    pass(&s, 60);
    ck_assert_uint_ge(storage.asked, 5);
    ck_assert_uint_le(storage.asked, 20); /* it is asked now and then */
    ck_assert_int_eq(state_of(&s, 0), TRAIL_OUTBOX_SENDING);
    storage.fails = false;
    pass(&s, 10);
    ck_assert_int_eq(state_of(&s, 0), TRAIL_OUTBOX_SENT);
    ck_assert_int_eq(state_of(&s, 1), TRAIL_OUTBOX_SENT);
    ck_assert_uint_eq(storage.sent, 2);
    storage_end(&s);
}
END_TEST

START_TEST(what_was_not_sent_is_not_forgotten)
{
    struct scene s;
    char text[200];
    snprintf(text, sizeof text, "channels: {f: {type: file, path: %s/none/lines}}", directory);
    storage_start(&s, text);
    put(&s, "f", 1);
    storage.fails = true;
    pass(&s, 20);
    storage.fails = false;
    pass(&s, 120);
    ck_assert_uint_gt(storage.retried, 2);
    ck_assert_int_ne(state_of(&s, 0), TRAIL_OUTBOX_SENDING);
    storage_end(&s);
}
END_TEST

START_TEST(what_was_taken_by_nobody_is_taken_back)
{
    struct scene s;
    char text[200];
    snprintf(text, sizeof text, "channels: {f: {type: file, path: %s/lines}}", directory);
    storage_start(&s, text);
    put(&s, "f", 1);
    storage.loses = true;
    pass(&s, 1);
    ck_assert_int_eq(state_of(&s, 0), TRAIL_OUTBOX_SENDING);
    pass(&s, 20);
    ck_assert_int_eq(state_of(&s, 0), TRAIL_OUTBOX_SENT);
    storage_end(&s);
}
END_TEST

/* Its end wakes the sender; what it closed long before does not, over and over. */
START_TEST(a_program_that_closes_standard_error_is_waited_for)
{
    struct scene s;
    unsigned rounds = 0;
    storage_start(&s, "channels: {p: {type: exec, command: [/bin/sh, -c, 'exec 2>&-; sleep 0.3']}}");
    put(&s, "p", 1);
    for (; storage.sent + storage.retried == 0; rounds++)
        trail_sender_round(s.sender, 60000);
    ck_assert_uint_eq(storage.sent, 1);
    ck_assert_uint_le(rounds, 20);
    storage_end(&s);
}
END_TEST

static void clean_up(void)
{
    char path[100];
    static const char *const names[] = {"lines", "a", "go"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        unlink(path);
    }
    rmdir(directory);
}

int main(void)
{
    if (!mkdtemp(directory))
        return 1;
    Suite *s = suite_create("sender");
    TCase *t = tcase_create("sender");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, sends_what_is_put_in);
    tcase_add_test(t, stops_when_what_is_in_flight_has_ended);
    tcase_add_test(t, what_does_not_end_goes_back);
    tcase_add_test(t, another_configuration);
    tcase_add_test(t, what_was_sent_is_stored_when_it_can_be);
    tcase_add_test(t, what_was_not_sent_is_not_forgotten);
    tcase_add_test(t, what_was_taken_by_nobody_is_taken_back);
    tcase_add_test(t, a_program_that_closes_standard_error_is_waited_for);
    suite_add_tcase(s, t);
    int failed = run_tap(s);
    clean_up();
    return failed;
}

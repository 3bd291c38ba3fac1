/*
 * The live engine by a clock of the test's own: days pass in milliseconds. Real files, real inotify.
 */
#include <check.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture_pack.h"
#include "follow/live.h"
#include "scanner/keeping.h"
#include "suite.h"

#define MINUTE INT64_C(60000)
#define HOUR   INT64_C(3600000)
#define T0     INT64_C(1672567200000) /* 2023-01-01, 10:00 */

struct bench {
    struct trail_clock clock;
    int64_t now, jumped; /* jumped: how far the wall clock was set */
    struct live *l;
    struct state *state; /* NULL: none */
    struct live_keeper keeper;
    struct trail_text said; /* lines: what, and when by the clock, in seconds since T0 */
    size_t problems;
    size_t open_files;
};

static char directory[] = "/tmp/test_live-XXXXXX";

static int64_t now_of(void *user)
{
    const struct bench *b = user;
    return b->now + b->jumped;
}

static int64_t steady_of(void *user)
{
    return ((struct bench *)user)->now - T0 + HOUR;
}

/* Time goes on when nothing is to be done. */
static int wait_for(void *user, struct pollfd *fds, nfds_t n, int64_t until)
{
    struct bench *b = user;
    int ready = poll(fds, n, 0);
    if (ready == 0 && until > steady_of(b))
        b->now += until - steady_of(b);
    return ready;
}

static void add_line(struct bench *b, const char *format, const char *what)
{
    char line[512];
    int n = snprintf(line, sizeof line, format, (long long)((b->now - T0) / 1000), what);
    trail_text_add(&b->said, line, (size_t)n);
}

static void on_alert(void *user, const struct trail_fired *f)
{
    char what[128];
    snprintf(what, sizeof what, "%s %s", f->alert->id, f->state == TRAIL_FIRING ? "fires" : "resolved");
    add_line(user, "%lld %s\n", what);
}

static void on_problem(void *user, const char *message)
{
    struct bench *b = user;
    b->problems++;
    add_line(b, "%lld ! %s\n", message);
}

static void on_fired(void *user, const struct trail_fired *f)
{
    struct bench *b = user;
    on_alert(user, f);
    ck_assert_int_eq(state_fired(b->state, f, NULL), TRAIL_OK);
}

/* At a moment; with a state, or (NULL) without. */
static void begin_at(struct bench *b, const char *const *inputs, size_t n, int64_t now, const char *state)
{
    static const struct trail_input_labels labels[4] = {
        {{"prod-trail", 10}, {"", 0}}, {{"prod-trail", 10}, {"", 0}}, {{"", 0}, {"", 0}}, {{"", 0}, {"", 0}}};
    enum trail_status status;
    *b = (struct bench){.now = now};
    b->clock = (struct trail_clock){b, now_of, steady_of, wait_for};
    struct live_config config = {.options = {.on_alert = on_alert, .on_problem = on_problem, .user = b},
                                 .n_inputs = n,
                                 .inputs = inputs,
                                 .labels = labels,
                                 .clock = &b->clock,
                                 .tells = true};
    if (state) {
        char error[STATE_ERROR];
        struct state_config kept = {
            .path = state, .mode = STATE_RUN, .pack = &fixture_pack, .on_problem = on_problem, .user = b};
        b->state = state_open(&kept, error);
        ck_assert_msg(b->state != NULL, "%s", error);
        b->keeper = keeping_of(b->state);
        config.keeper = &b->keeper;
        config.options.on_alert = on_fired;
    }
    b->l = live_new(&fixture_pack, &config, &status);
    ck_assert_ptr_nonnull(b->l);
}

static void begin(struct bench *b, const char *const *inputs, size_t n)
{
    begin_at(b, inputs, n, T0, NULL);
}

/* Lets the engine work until `seconds` after T0. */
static void run_to(struct bench *b, int64_t seconds)
{
    int64_t until = steady_of(b) + T0 + seconds * 1000 - b->now;
    while (b->now < T0 + seconds * 1000)
        ck_assert_int_eq(live_turn(b->l, NULL, 0, until), LIVE_ON);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(live_turn(b->l, NULL, 0, steady_of(b)), LIVE_ON);
}

static void finish(struct bench *b)
{
    if (b->state) {
        live_drain(b->l);
        ck_assert(state_commit_snapshot(b->state));
    }
    state_close(b->state);
    live_free(b->l);
    trail_text_free(&b->said);
}

static bool says(const struct bench *b, const char *line)
{
    return b->said.n > 0 && memmem(b->said.p, b->said.n, line, strlen(line));
}

#define SAYS(b, line)     ck_assert_msg(says(b, line), "not `%s` in\n%.*s", line, (int)(b)->said.n, (b)->said.p)
#define SAYS_NOT(b, line) ck_assert_msg(!says(b, line), "`%s` in\n%.*s", line, (int)(b)->said.n, (b)->said.p)

static void append(const char *path, int64_t seconds, const char *name, const char *id)
{
    FILE *f = fopen(path, "a");
    ck_assert_ptr_nonnull(f);
    fprintf(f, "{\"eventTime\":\"%lld\",\"eventName\":\"%s\",\"eventID\":\"%s\"}\n",
            (long long)(T0 / 1000 + seconds), name, id);
    ck_assert_int_eq(fclose(f), 0);
}

static uint64_t records(const struct bench *b)
{
    struct live_stats stats;
    live_stats(b->l, &stats);
    return stats.stats.records;
}

/* ---- time ---- */

START_TEST(silence_is_told_by_the_clock_at_the_window_and_the_lateness)
{
    struct bench b;
    append("log", 0, "ListUsers", "e1");
    begin(&b, (const char *[]){"log"}, 1);
    run_to(&b, 44 * 60);
    ck_assert_uint_eq(b.problems, 0);
    SAYS_NOT(&b, "no-logs fires");
    run_to(&b, 46 * 60);
    SAYS(&b, "2700 no-logs fires"); /* 30m and the 15m of the lateness */
    run_to(&b, 3 * 24 * 3600);
    append("log", 3 * 24 * 3600, "ListUsers", "e2");
    run_to(&b, 3 * 24 * 3600 + 3600);
    ck_assert_uint_eq(records(&b), 2);
    finish(&b);
}
END_TEST

START_TEST(nothing_ever_came)
{
    struct bench b;
    close(open("log", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    begin(&b, (const char *[]){"log"}, 1);
    run_to(&b, 60 * 60);
    SAYS(&b, "2700 no-logs fires");
    finish(&b);
}
END_TEST

START_TEST(an_input_that_is_not_idle_holds_time_back)
{
    struct bench b;
    append("log", -7200, "ListUsers", "e1");
    begin(&b, (const char *[]){"log"}, 1);
    /* It brings old events, newer and newer ones, in each minute: a backlog. */
    for (int i = 1; i < 60; i++) {
        char id[16];
        snprintf(id, sizeof id, "b%d", i);
        run_to(&b, i * 50);
        append("log", -7200 + i * 60, "ListUsers", id);
    }
    SAYS_NOT(&b, "no-logs");
    struct live_stats stats;
    live_stats(b.l, &stats);
    ck_assert_int_lt(stats.watermark, T0 - HOUR);
    ck_assert_uint_eq(stats.stats.late, 0);
    finish(&b);
}
END_TEST

/* ---- what fails ---- */

START_TEST(an_input_that_fails_makes_silence_unknown_until_it_is_back)
{
    struct bench b;
    append("log", 0, "ListUsers", "e1");
    begin(&b, (const char *[]){"log"}, 1);
    run_to(&b, 60);
    ck_assert_int_eq(rename("log", "away/log"), 0);
    run_to(&b, 2 * 3600);
    SAYS(&b, "! log: cannot be opened: No such file or directory");
    SAYS_NOT(&b, "no-logs fires");
    ck_assert_int_eq(rename("away/log", "log"), 0);
    run_to(&b, 2 * 3600 + 60);
    SAYS(&b, "! log: can be read again");
    ck_assert_uint_eq(b.problems, 2);
    run_to(&b, 2 * 3600 + 44 * 60);
    SAYS_NOT(&b, "no-logs fires"); /* judged anew, in windows since then */
    run_to(&b, 2 * 3600 + 50 * 60);
    SAYS(&b, "no-logs fires");
    finish(&b);
}
END_TEST

START_TEST(damage_is_told_and_got_over)
{
    struct bench b;
    static const char cut[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\x56\x4a";
    append("log", 0, "ListUsers", "e1");
    begin(&b, (const char *[]){"log", "tree"}, 2);
    run_to(&b, 30);
    int fd = open("tree/cut.gz", O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    ck_assert_int_eq(write(fd, cut, sizeof cut - 1), sizeof cut - 1);
    close(fd);
    run_to(&b, 85);
    ck_assert_uint_eq(b.problems, 0); /* its rest may come */
    run_to(&b, 120);
    SAYS(&b, "tree/cut.gz: cut off");
    run_to(&b, 45 * 60);
    SAYS_NOT(&b, "no-logs fires");
    run_to(&b, 50 * 60);
    SAYS(&b, "no-logs fires"); /* 30m after the damage, and the lateness */
    ck_assert_uint_eq(b.problems, 1);
    finish(&b);
}
END_TEST

/* ---- files ---- */

START_TEST(thousands_of_files_cost_few_descriptors)
{
    struct bench b;
    char path[64], id[64];
    struct live_stats stats;
    begin(&b, (const char *[]){"tree"}, 1);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1500; i++) {
            snprintf(path, sizeof path, "tree/%04d.log", i);
            snprintf(id, sizeof id, "r%d-%d", round, i);
            append(path, round * 60, "ListUsers", id);
        }
        run_to(&b, round * 60 + 30);
        live_stats(b.l, &stats);
        ck_assert_uint_eq(stats.stats.records, 1500 * (uint64_t)(round + 1));
        ck_assert_uint_le(stats.open_files, 256);
        ck_assert_uint_eq(stats.files, 1500);
    }
    ck_assert_uint_eq(b.problems, 0);
    finish(&b);
}
END_TEST

START_TEST(a_file_that_is_written_anew_begins_anew)
{
    struct bench b;
    append("log", 0, "ListUsers", "e1");
    append("log", 0, "ListUsers", "e2");
    begin(&b, (const char *[]){"log"}, 1);
    run_to(&b, 1);
    ck_assert_int_eq(truncate("log", 0), 0);
    append("log", 0, "ListUsers", "e3"); /* shorter than it was */
    run_to(&b, 2);
    ck_assert_uint_eq(records(&b), 3);
    ck_assert_int_eq(truncate("log", 0), 0);
    for (int i = 0; i < 5; i++)
        append("log", 0, "DescribeVolumes", "e4"); /* longer than it was */
    run_to(&b, 3);
    ck_assert_uint_eq(records(&b), 8);
    ck_assert_uint_eq(b.problems, 0);
    finish(&b);
}
END_TEST

START_TEST(two_names_of_one_file_are_one)
{
    struct bench b;
    append("tree/a", 0, "ListUsers", "e1");
    ck_assert_int_eq(link("tree/a", "tree/b"), 0);
    ck_assert_int_eq(symlink("a", "tree/c"), 0);
    ck_assert_int_eq(symlink("..", "tree/up"), 0);
    begin(&b, (const char *[]){"tree", "tree/a"}, 2);
    run_to(&b, 5);
    ck_assert_uint_eq(records(&b), 1);
    append("tree/b", 1, "ListUsers", "e2");
    run_to(&b, 10);
    ck_assert_uint_eq(records(&b), 2);
    finish(&b);
}
END_TEST

START_TEST(half_a_record_waits_though_its_file_is_parked)
{
    struct bench b;
    char path[64];
    FILE *f = fopen("tree/half", "a");
    fprintf(f, "{\"Records\":[\n{\"eventTime\":1,\"n\":1},\n{\"eventTi");
    fclose(f);
    begin(&b, (const char *[]){"tree"}, 1);
    run_to(&b, 1);
    for (int i = 0; i < 300; i++) { /* more than may be open */
        snprintf(path, sizeof path, "tree/%03d", i);
        append(path, 0, "ListUsers", path);
    }
    run_to(&b, 2);
    ck_assert_uint_eq(records(&b), 301);
    f = fopen("tree/half", "a");
    fprintf(f, "me\":1,\"n\":2}\n]}\n");
    fclose(f);
    run_to(&b, 3);
    ck_assert_uint_eq(records(&b), 302);
    ck_assert_uint_eq(b.problems, 0);
    finish(&b);
}
END_TEST

/* A number that is used again by a file that nobody looked at meanwhile. */
START_TEST(another_file_of_the_same_number_is_another_file)
{
    struct bench b;
    char path[64];
    struct stat before, after;
    unsigned used_again = 0;
    begin(&b, (const char *[]){"tree"}, 1);
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "tree/%03d", i);
        append(path, 0, "ListUsers", path);
        append(path, 1, "ListUsers", "second");
    }
    run_to(&b, 1);
    for (int i = 0; i < 20; i++) { /* they were read first, and are closed by now */
        snprintf(path, sizeof path, "tree/%03d", i);
        ck_assert_int_eq(stat(path, &before), 0);
        ck_assert_int_eq(unlink(path), 0);
        append(path, 2, "DescribeVolumes", "another");
        append(path, 2, "DescribeVolumes",
               "another one, and longer than what was read of the file before it");
        append(path, 2, "DescribeVolumes", "and one");
        ck_assert_int_eq(stat(path, &after), 0);
        used_again += before.st_ino == after.st_ino;
    }
    run_to(&b, 2);
    ck_assert_uint_eq(records(&b), 600 + 60);
    ck_assert_uint_eq(b.problems, 0);
    printf("# %u of 20 numbers were used again\n", used_again);
    finish(&b);
}
END_TEST

/* ---- the clock is set ---- */

START_TEST(a_clock_that_is_set_back_tells_nothing_twice)
{
    struct bench b;
    append("log", 0, "ListUsers", "e1");
    begin(&b, (const char *[]){"log"}, 1);
    run_to(&b, 46 * 60);
    SAYS(&b, "2700 no-logs fires");
    b.said.n = 0;
    b.jumped = -24 * HOUR;
    run_to(&b, 3 * 3600);
    SAYS_NOT(&b, "no-logs"); /* time stands until the clock is where it was */
    append("log", 3 * 3600, "AddUserToGroup", "e2");
    run_to(&b, 3 * 3600 + 5);
    SAYS(&b, "new-admin fires"); /* what is told at once still is */
    ck_assert_uint_eq(records(&b), 2);
    finish(&b);
}
END_TEST

START_TEST(a_clock_that_is_set_forward_ends_and_crashes_nothing)
{
    struct bench b;
    append("log", 0, "ListUsers", "e1");
    begin(&b, (const char *[]){"log"}, 1);
    run_to(&b, 60);
    b.jumped = 400 * 24 * HOUR;
    run_to(&b, 5 * 60);
    SAYS(&b, "no-logs fires");
    append("log", 300, "AddUserToGroup", "e2"); /* late, by this clock */
    run_to(&b, 6 * 60);
    SAYS(&b, "new-admin fires");
    b.jumped = 0;
    append("log", 360, "AddUserToGroup", "e3");
    run_to(&b, 7 * 60);
    ck_assert_uint_eq(records(&b), 3);
    finish(&b);
}
END_TEST

/* ---- from run to run ---- */

/* It ended while an input could not be read; that can be read again when it begins. */
START_TEST(what_was_unknown_at_the_end_is_judged_after_the_start)
{
    struct bench b;
    append("log", 0, "ListUsers", "e1");
    begin_at(&b, (const char *[]){"log"}, 1, T0, "state");
    run_to(&b, 60);
    ck_assert_int_eq(rename("log", "away/log"), 0);
    run_to(&b, 2 * 3600);
    SAYS(&b, "! log: cannot be opened");
    SAYS_NOT(&b, "no-logs fires");
    finish(&b);
    ck_assert_int_eq(rename("away/log", "log"), 0);
    begin_at(&b, (const char *[]){"log"}, 1, T0 + 3 * HOUR, "state");
    run_to(&b, 3 * 3600 + 44 * 60);
    SAYS_NOT(&b, "no-logs fires"); /* judged anew, in windows since the start */
    run_to(&b, 3 * 3600 + 50 * 60);
    SAYS(&b, "no-logs fires");
    finish(&b);
}
END_TEST

/* A silence that was known goes on over a restart: its window does not begin anew. */
START_TEST(silence_goes_on_over_a_restart)
{
    struct bench b;
    append("log", 0, "ListUsers", "e1");
    begin_at(&b, (const char *[]){"log"}, 1, T0, "state");
    run_to(&b, 40 * 60);
    SAYS_NOT(&b, "no-logs fires");
    finish(&b);
    begin_at(&b, (const char *[]){"log"}, 1, T0 + 41 * MINUTE, "state");
    run_to(&b, 46 * 60);
    SAYS(&b, "2700 no-logs fires");
    finish(&b);
}
END_TEST

/* As if the power had gone: what was committed is there. */
static void crash(struct bench *b)
{
    state_close(b->state);
    live_free(b->l);
    trail_text_free(&b->said);
}

static uint64_t commits(const struct bench *b)
{
    struct live_stats stats;
    live_stats(b->l, &stats);
    return stats.commits;
}

/* A rotation copies a file, and empties it when the copy has been seen; nothing more comes to the copy. */
START_TEST(a_copy_that_was_read_as_its_original_is_known_after_a_crash)
{
    struct bench b;
    append("tree/log", 0, "ListUsers", "e1");
    append("tree/log", 0, "ListUsers", "e2");
    begin_at(&b, (const char *[]){"tree"}, 1, T0, "state");
    run_to(&b, 5);
    ck_assert_int_eq(system("cp tree/log tree/log.1"), 0);
    run_to(&b, 10);
    ck_assert_int_eq(truncate("tree/log", 0), 0);
    append("tree/log", 10, "ListUsers", "e3");
    run_to(&b, 20);
    ck_assert_uint_eq(records(&b), 3);
    crash(&b);
    unlink("tree/log"); /* what it was copied from is nowhere */
    begin_at(&b, (const char *[]){"tree"}, 1, T0 + 40000, "state");
    run_to(&b, 50);
    ck_assert_uint_eq(records(&b), 0);
    crash(&b);
}
END_TEST

/* Copied and emptied while nothing runs. The second time it has been known by itself. */
START_TEST(a_copy_that_was_known_by_its_original_is_known_by_itself)
{
    struct bench b;
    append("tree/log", 0, "ListUsers", "e1");
    begin_at(&b, (const char *[]){"tree"}, 1, T0, "state");
    run_to(&b, 5);
    crash(&b);
    ck_assert_int_eq(system("cp tree/log tree/log.1"), 0);
    ck_assert_int_eq(truncate("tree/log", 0), 0);
    append("tree/log", 6, "ListUsers", "e2");
    begin_at(&b, (const char *[]){"tree"}, 1, T0 + 10000, "state");
    run_to(&b, 20);
    ck_assert_uint_eq(records(&b), 1);
    crash(&b);
    unlink("tree/log");
    begin_at(&b, (const char *[]){"tree"}, 1, T0 + 30000, "state");
    run_to(&b, 40);
    ck_assert_uint_eq(records(&b), 0);
    crash(&b);
}
END_TEST

/* What was stored last is older than what was read last. */
START_TEST(a_copy_goes_on_where_its_original_was_read_up_to)
{
    struct bench b;
    append("tree/log", 0, "ListUsers", "e1");
    begin_at(&b, (const char *[]){"tree"}, 1, T0, "state");
    run_to(&b, 5);
    append("tree/log", 5, "ListUsers", "e2");
    run_to(&b, 10);
    uint64_t stored = commits(&b);
    append("tree/log", 10, "ListUsers", "e3");
    ck_assert_int_eq(live_turn(b.l, NULL, 0, steady_of(&b)), LIVE_ON);
    ck_assert_uint_eq(commits(&b), stored + 1);
    append("tree/log", 10, "ListUsers", "e4"); /* before a second has passed */
    ck_assert_int_eq(live_turn(b.l, NULL, 0, steady_of(&b)), LIVE_ON);
    ck_assert_uint_eq(commits(&b), stored + 1);
    ck_assert_uint_eq(records(&b), 4);
    ck_assert_int_eq(system("cp tree/log tree/log.1"), 0);
    ck_assert_int_eq(truncate("tree/log", 0), 0);
    append("tree/log", 11, "ListUsers", "e5");
    run_to(&b, 20);
    ck_assert_uint_eq(records(&b), 5);
    crash(&b);
}
END_TEST

static int inputs_at(const char *path)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    ck_assert_int_eq(sqlite3_open("state", &db), SQLITE_OK);
    ck_assert_int_eq(
        sqlite3_prepare_v2(db, "SELECT count(*) FROM inputs WHERE CAST(path AS TEXT) = ?1", -1, &q, NULL),
        SQLITE_OK);
    sqlite3_bind_text(q, 1, path, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(q), SQLITE_ROW);
    int n = sqlite3_column_int(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

/* Rows without a path of their own are kept for a month only. */
START_TEST(a_renamed_file_is_kept_under_its_new_name)
{
    struct bench b;
    append("tree/log", 0, "ListUsers", "e1");
    begin_at(&b, (const char *[]){"tree"}, 1, T0, "state");
    run_to(&b, 5);
    ck_assert_int_eq(rename("tree/log", "tree/log.1"), 0);
    append("tree/log", 5, "ListUsers", "e2");
    run_to(&b, 10);
    ck_assert_int_eq(inputs_at("tree/log"), 1);
    ck_assert_int_eq(inputs_at("tree/log.1"), 1);
    crash(&b);
    ck_assert_int_eq(rename("tree/log.1", "tree/log.2"), 0);
    ck_assert_int_eq(rename("tree/log", "tree/log.1"), 0);
    append("tree/log", 15, "ListUsers", "e3");
    begin_at(&b, (const char *[]){"tree"}, 1, T0 + 20000, "state");
    run_to(&b, 30);
    ck_assert_uint_eq(records(&b), 1);
    ck_assert_int_eq(inputs_at("tree/log"), 1);
    ck_assert_int_eq(inputs_at("tree/log.1"), 1);
    ck_assert_int_eq(inputs_at("tree/log.2"), 1);
    crash(&b);
}
END_TEST

/* Each log begins with the same line, and of the new one nothing else is there yet. */
START_TEST(a_renamed_file_is_no_copy_of_one_that_begins_alike)
{
    struct bench b;
    append("tree/log", 0, "ListUsers", "e1");
    begin_at(&b, (const char *[]){"tree"}, 1, T0, "state");
    run_to(&b, 5);
    crash(&b);
    append("tree/log", 6, "ListUsers", "e2");
    ck_assert_int_eq(rename("tree/log", "tree/log.1"), 0);
    append("tree/log", 0, "ListUsers", "e1");
    begin_at(&b, (const char *[]){"tree"}, 1, T0 + 10000, "state");
    run_to(&b, 20);
    ck_assert_uint_eq(records(&b), 1);
    crash(&b);
}
END_TEST

/* Two logs that begin with the same line, and one of them is quiet. */
START_TEST(a_log_that_begins_like_another_is_read)
{
    struct bench b;
    append("tree/worker.log", 0, "ListUsers", "e1");
    begin(&b, (const char *[]){"tree"}, 1);
    run_to(&b, 5);
    append("tree/worker-2.log", 0, "ListUsers", "e1");
    run_to(&b, 10);
    append("tree/worker-2.log", 10, "ListUsers", "e2");
    run_to(&b, 20);
    append("tree/worker.log", 20, "ListUsers", "e3");
    append("tree/worker-2.log", 20, "ListUsers", "e4");
    run_to(&b, 30);
    ck_assert_uint_ge(records(&b), 4);
    finish(&b);
}
END_TEST

/* Copied and left as it was, by who rotates otherwise, and begun again. */
START_TEST(a_copy_of_what_is_there_is_not_read_after_a_restart)
{
    struct bench b;
    append("log", 0, "ListUsers", "e1");
    begin_at(&b, (const char *[]){"log"}, 1, T0, "state");
    run_to(&b, 5);
    ck_assert_int_eq(system("cp log log.1"), 0);
    run_to(&b, 10);
    finish(&b);
    begin_at(&b, (const char *[]){"log"}, 1, T0 + 20000, "state");
    run_to(&b, 30);
    ck_assert_uint_eq(records(&b), 0);
    ck_assert_int_eq(truncate("log", 0), 0);
    append("log", 31, "ListUsers", "e2");
    run_to(&b, 40);
    ck_assert_uint_eq(records(&b), 1);
    finish(&b);
}
END_TEST

/* ---- where ---- */

static void enter(void)
{
    ck_assert_int_eq(system("rm -rf log log.1 tree away state*; mkdir tree away"), 0);
}

int main(void)
{
    (void)fixture_labelled_pack;
    if (!mkdtemp(directory) || chdir(directory) != 0)
        return 2;
    Suite *suite = suite_create("live");
    TCase *t = tcase_create("live");
    tcase_set_timeout(t, 300);
    tcase_add_checked_fixture(t, enter, NULL);
    tcase_add_test(t, silence_is_told_by_the_clock_at_the_window_and_the_lateness);
    tcase_add_test(t, nothing_ever_came);
    tcase_add_test(t, an_input_that_is_not_idle_holds_time_back);
    tcase_add_test(t, an_input_that_fails_makes_silence_unknown_until_it_is_back);
    tcase_add_test(t, damage_is_told_and_got_over);
    tcase_add_test(t, thousands_of_files_cost_few_descriptors);
    tcase_add_test(t, a_file_that_is_written_anew_begins_anew);
    tcase_add_test(t, two_names_of_one_file_are_one);
    tcase_add_test(t, half_a_record_waits_though_its_file_is_parked);
    tcase_add_test(t, another_file_of_the_same_number_is_another_file);
    tcase_add_test(t, a_clock_that_is_set_back_tells_nothing_twice);
    tcase_add_test(t, a_clock_that_is_set_forward_ends_and_crashes_nothing);
    tcase_add_test(t, what_was_unknown_at_the_end_is_judged_after_the_start);
    tcase_add_test(t, silence_goes_on_over_a_restart);
    tcase_add_test(t, a_copy_that_was_read_as_its_original_is_known_after_a_crash);
    tcase_add_test(t, a_copy_that_was_known_by_its_original_is_known_by_itself);
    tcase_add_test(t, a_copy_goes_on_where_its_original_was_read_up_to);
    tcase_add_test(t, a_renamed_file_is_kept_under_its_new_name);
    tcase_add_test(t, a_renamed_file_is_no_copy_of_one_that_begins_alike);
    tcase_add_test(t, a_log_that_begins_like_another_is_read);
    tcase_add_test(t, a_copy_of_what_is_there_is_not_read_after_a_restart);
    suite_add_tcase(suite, t);
    int failed = run_tap(suite);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    if (chdir("/") != 0 || system(command) != 0)
        return 2;
    return failed;
}

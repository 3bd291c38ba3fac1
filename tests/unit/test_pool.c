/*
 * Many inputs and threads: the same in any number, in the order of the inputs; progress, and an early stop.
 */
#include "packed.h"
#include "recorder.h"

enum { FILES = 60 };

/* Files of very different sizes, damaged records between the others. */
static void write_tree(void)
{
    mkdir("tree", 0777);
    for (int f = 0; f < FILES; f++) {
        char path[32], id[32];
        int records = f == 7 ? 40000 : f == 30 ? 9000 : f % 5 * 3;
        for (int i = 0; i < records; i++) {
            snprintf(id, sizeof id, "f%d-%d", f, i);
            event(f * 10 + i % 10,
                  i % 97 == 3   ? "AddUserToGroup"
                  : i % 11 == 2 ? "ConsoleLogin"
                                : "ListUsers",
                  i % 3 ? "alice" : "bob", id,
                  i % 13 ? "" : ",\"sourceIPAddress\":\"192.0.2.1\",\"tags\":[1,2]");
            if (i % 1000 == 5)
                line("{\"broken\":}\n");
        }
        snprintf(path, sizeof path, "tree/%02d.json", f);
        write_file(path);
    }
}

START_TEST(any_number_of_threads_tells_the_same)
{
    static const unsigned threads[] = {1, 2, 4, 16};
    struct run runs[4] = {0};
    write_tree();
    for (size_t i = 0; i < 4; i++) {
        runs[i].options = told(&runs[i]);
        runs[i].options.threads = threads[i];
        runs[i].options.on_hit = on_hit;
        scan(&runs[i], &fixture_pack, NULL, PATHS("tree", "missing"));
    }
    ck_assert_uint_gt(runs[0].alerts, 400);
    ck_assert_uint_gt(runs[0].hits, 4000);
    ck_assert_uint_ge(runs[0].problems, 30);
    ck_assert_int_eq(runs[0].status, TRAIL_DAMAGED);
    for (size_t i = 1; i < 4; i++)
        assert_same(&runs[0], &runs[i]);
    for (size_t i = 0; i < 4; i++)
        free_run(&runs[i]);
}
END_TEST

/* The text becomes a gzip file without its end. */
static void pack_and_cut(void)
{
    struct bytes b = gzip_of(file_text.p, file_text.n);
    file_text.n = 0;
    trail_text_add(&file_text, (const char *)b.p, b.n - 9);
    free(b.p);
}

/* Large files, with hours of silence in them, and times that go back. */
static void write_long_day(const char *path, bool packed)
{
    for (int i = 0; i < 30000; i++) {
        int at = i * 2 + i / 5000 * 7200 - (i % 100 == 99 ? 1500 : 0) - (i == 17 ? 40000 : 0);
        numbered_event(i, at,
                       i % 997 == 3  ? "AddUserToGroup"
                       : i % 11 == 2 ? "ConsoleLogin"
                                     : "ListUsers",
                       i % 3 ? "alice" : "bob", "");
        if (i % 7000 == 6999)
            line("{\"broken\":}\n");
    }
    if (packed)
        pack_and_cut();
    write_file(path);
}

START_TEST(large_files_are_counted_the_same_by_any_number_of_threads)
{
    static const unsigned threads[] = {1, 2, 3, 8};
    static const char *const paths[][3] = {{"plain", NULL}, {"packed", NULL}, {"packed", "plain", NULL}};
    write_long_day("plain", false);
    write_long_day("packed", true);
    for (size_t p = 0; p < 3; p++) {
        struct run runs[4] = {0};
        for (size_t i = 0; i < 4; i++) {
            runs[i].options = told(&runs[i]);
            runs[i].options.threads = threads[i];
            scan(&runs[i], &fixture_pack, "prod-trail", paths[p]);
        }
        if (p < 2) /* else something had not been read before any silence was decided */
            ck_assert_uint_gt(count(runs[0].said.p, "\"id\":\"no-logs\""), 4);
        ck_assert_uint_gt(count(runs[0].said.p, "\"id\":\"login-failures\""), 40);
        ck_assert_int_eq(runs[0].status, TRAIL_DAMAGED);
        for (size_t i = 1; i < 4; i++)
            assert_same(&runs[0], &runs[i]);
        for (size_t i = 0; i < 4; i++)
            free_run(&runs[i]);
    }
}
END_TEST

/* Few events meet an alert, and one of them is late: where pieces of the input end must not be seen. */
START_TEST(silence_is_the_same_on_any_number_of_threads)
{
    static const unsigned threads[] = {1, 2, 3, 8};
    struct trail_alert alerts[FIXTURE_ALERTS];
    struct trail_pack pack = fixture_pack;
    memcpy(alerts, fixture_alerts, sizeof alerts);
    alerts[FIXTURE_TAGS].conditions = fixture_less;
    alerts[FIXTURE_TAGS].group_by = (struct trail_fields){0, NULL};
    pack.alerts = alerts;
    for (int packed = 0; packed < 2; packed++) {
        struct run runs[4] = {0};
        for (int i = 0; i < 30000; i++)
            event(i - (i == 18000 ? 50000 : 0), "ListUsers", "alice", "x", i == 20000 ? ",\"tags\":[]" : "");
        if (packed)
            pack_and_cut();
        write_file("input");
        for (size_t i = 0; i < 4; i++) {
            runs[i].options = told(&runs[i]);
            runs[i].options.threads = threads[i];
            scan(&runs[i], &pack, NULL, PATHS("input"));
        }
        ck_assert_uint_gt(count(runs[0].said.p, "\"id\":\"tagged\""), 20); /* from the late event on */
        assert_has(&runs[0],
                   "\"window\":{\"from\":\"2023-01-01T17:33:20Z\",\"to\":\"2023-01-01T18:03:20Z\"}");
        for (size_t i = 1; i < 4; i++)
            assert_same(&runs[0], &runs[i]);
        for (size_t i = 0; i < 4; i++)
            free_run(&runs[i]);
    }
}
END_TEST

static unsigned failures_in_order(const char *const *paths, unsigned threads)
{
    struct run r = {0};
    r.options = told(&r);
    r.options.threads = threads;
    scan(&r, &fixture_pack, NULL, paths);
    unsigned alerts = count(r.said.p, "\"id\":\"login-failures\"");
    ck_assert_uint_eq(r.stats.late, 0);
    free_run(&r);
    return alerts;
}

START_TEST(the_order_of_files_changes_no_alert)
{
    /* four failures within ten minutes, one a file; a busy hour later in another */
    for (int i = 0; i < 4; i++) {
        char path[2] = {(char)('a' + i), 0};
        event(i * 100, "ConsoleLogin", "alice", path, "");
        write_file(path);
    }
    event(3600, "ListUsers", "alice", "l", "");
    write_file("z");
    for (unsigned threads = 1; threads <= 2; threads++) {
        ck_assert_uint_eq(failures_in_order(PATHS("a", "b", "c", "d", "z"), threads), 1);
        ck_assert_uint_eq(failures_in_order(PATHS("z", "d", "c", "b", "a"), threads), 1);
        ck_assert_uint_eq(failures_in_order(PATHS("c", "z", "a", "d", "b"), threads), 1);
    }
}
END_TEST

/* A failed login every 150 s from `first` on, every `step`-th, of ten users in turn, five each. */
static void write_failures(const char *path, int first, int step)
{
    for (int i = first; i < 6000; i += step) {
        char user[16], address[48];
        snprintf(user, sizeof user, "u%d", i / 5 % 10);
        snprintf(address, sizeof address, ",\"sourceIPAddress\":\"192.0.2.%d\"", i % 7);
        numbered_event(i, i * 150, "ConsoleLogin", user, address);
    }
    write_file(path);
}

static void count_failures(struct run *r, const char *const *paths, size_t waiting, unsigned threads)
{
    *r = (struct run){0};
    r->options = told(r);
    r->options.threads = threads;
    r->options.waiting = waiting;
    scan(r, &fixture_pack, NULL, paths);
    ck_assert_uint_eq(r->stats.late + r->stats.early + r->stats.lost, 0);
    ck_assert_uint_eq(r->problems, 1); /* no input has a label */
    ck_assert_int_eq(r->status, TRAIL_OK);
}

/* The decisive event's place is another in other files. */
static void without_sources(struct run *r)
{
    char *to = r->said.p;
    for (const char *from = r->said.p; *from;) {
        if (strncmp(from, ",\"source\":", 10) == 0)
            from = strchr(from, '}') + 1;
        else
            *to++ = *from++;
    }
    *to = 0;
}

START_TEST(two_long_files_are_counted_like_one_in_memory_and_on_disk)
{
    static const size_t waiting[] = {0, 100000, 1000};
    struct run merged;
    write_failures("merged", 0, 1);
    write_failures("even", 0, 2);
    write_failures("odd", 1, 2);
    count_failures(&merged, PATHS("merged"), 0, 1);
    without_sources(&merged);
    ck_assert_uint_eq(merged.alerts, 1200); /* the fourth of five within 600 s */
    for (size_t i = 0; i < 6; i++) {
        struct run r;
        count_failures(&r, i < 3 ? PATHS("even", "odd") : PATHS("odd", "even"), waiting[i % 3],
                       1 + (unsigned)i % 2);
        without_sources(&r);
        ck_assert_uint_eq(r.alerts, merged.alerts);
        ck_assert_str_eq(r.said.p, merged.said.p);
        free_run(&r);
    }
    free_run(&merged);
}
END_TEST

START_TEST(without_room_for_what_waits_the_scan_says_so)
{
    struct run r = {0};
    write_failures("even", 0, 2);
    write_failures("odd", 1, 2);
    r.options = told(&r);
    r.options.waiting = 1000;
    setenv("TMPDIR", "/nowhere", 1);
    scan(&r, &fixture_pack, NULL, PATHS("even", "odd"));
    unsetenv("TMPDIR");
    ck_assert_int_eq(r.status, TRAIL_DAMAGED);
    ck_assert_uint_eq(r.problems, 2);
    ck_assert_ptr_nonnull(strstr(r.said.p, "! temporary file in \"/nowhere\": No such file or directory; "));
    ck_assert_uint_gt(r.stats.early, 0);
    ck_assert_uint_gt(r.stats.late, 0);
    free_run(&r);
}
END_TEST

START_TEST(several_scans_are_one_replay)
{
    struct run r = {0};
    for (int i = 0; i < 4; i++) {
        char path[2] = {(char)('a' + i), 0};
        event(i * 100, "ConsoleLogin", "alice", path, "");
        write_file(path);
    }
    struct trail_options options = told(&r);
    r = new_run(&fixture_pack, options);
    ck_assert_int_eq(trail_scan(r.t, "a", NULL), TRAIL_OK);
    ck_assert_int_eq(trail_scan(r.t, "b", NULL), TRAIL_OK);
    ck_assert_int_eq(trail_scan(r.t, "missing", NULL), TRAIL_DAMAGED);
    ck_assert_int_eq(trail_scan(r.t, "c", NULL), TRAIL_OK);
    ck_assert_int_eq(trail_scan(r.t, "d", NULL), TRAIL_OK);
    finish(&r);
    ck_assert_uint_eq(r.alerts, 1);
    free_run(&r);
}
END_TEST

START_TEST(a_callback_can_stop_the_scan)
{
    write_tree();
    for (unsigned threads = 1; threads <= 4; threads += 3) {
        struct run r = {0};
        r.options = told(&r);
        r.options.threads = threads;
        r.stop_after = 2;
        struct trail_options options = r.options;
        options.user = &r;
        r.t = trail_new(&fixture_pack, &options, NULL);
        trail_scan(r.t, "tree", NULL);
        ck_assert_int_eq(trail_scan(r.t, "tree", NULL), TRAIL_OK);
        ck_assert_int_eq(trail_finish(r.t), TRAIL_OK);
        ck_assert_uint_eq(r.alerts, 2);
        free_run(&r);
    }
}
END_TEST

START_TEST(progress_is_told_as_it_goes)
{
    write_tree();
    struct run r = {0};
    r.options = told(&r);
    r.options.threads = 2;
    scan(&r, &fixture_pack, NULL, PATHS("tree"));
    ck_assert_uint_ge(r.progress, FILES);
    ck_assert_uint_eq(r.stats.inputs, FILES);
    struct stat status;
    uint64_t bytes = 0;
    for (int f = 0; f < FILES; f++) {
        char path[32];
        snprintf(path, sizeof path, "tree/%02d.json", f);
        ck_assert_int_eq(stat(path, &status), 0);
        bytes += (uint64_t)status.st_size;
    }
    ck_assert_uint_eq(r.stats.bytes, bytes);
    free_run(&r);
}
END_TEST

/* Both are of the files as they are stored, and what was read never goes back. */
static void on_stored(void *user, const struct trail_stats *stats)
{
    struct run *r = user;
    ck_assert_uint_ge(stats->stored, r->stats.stored);
    ck_assert_uint_le(stats->stored, stats->total);
    r->progress += stats->stored > r->stats.stored;
    r->stats = *stats;
}

START_TEST(how_much_is_read_of_the_total_is_told)
{
    struct trail_text text = {0};
    for (int i = 0; i < 40000; i++) {
        char line[96];
        int n = snprintf(line, sizeof line, "{\"eventName\":\"Quiet%d\",\"eventID\":\"%d\"}\n", i, i * 7919);
        trail_text_add(&text, line, (size_t)n);
    }
    struct bytes packed = gzip_of(text.p, text.n);
    struct trail_slice both[] = {{text.p, text.n}, {(const char *)packed.p, packed.n}};
    for (size_t i = 0; i < 2; i++) {
        FILE *f = fopen(i ? "total.gz" : "total.json", "w");
        ck_assert_uint_eq(fwrite(both[i].p, 1, both[i].n, f), both[i].n);
        fclose(f);
    }
    for (unsigned threads = 1; threads <= 2; threads++) {
        struct run r = {0};
        r.options = told(&r);
        r.options.threads = threads;
        r.options.total = true;
        r.options.on_progress = on_stored;
        scan(&r, &fixture_pack, NULL, PATHS("total.json", "total.gz"));
        ck_assert_uint_eq(r.stats.total, text.n + packed.n);
        ck_assert_uint_eq(r.stats.stored, text.n + packed.n);
        /* In the midst of a file, too, where it is read in pieces. */
        if (threads == 2)
            ck_assert_uint_gt(r.progress, 2);
        free_run(&r);
    }
    struct run untold = {0};
    untold.options = told(&untold);
    scan(&untold, &fixture_pack, NULL, PATHS("total.json"));
    ck_assert_uint_eq(untold.stats.total, 0);
    free_run(&untold);
    trail_text_free(&text);
    free(packed.p);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pool");
    TCase *t = tcase_create("pool");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, any_number_of_threads_tells_the_same);
    tcase_add_test(t, large_files_are_counted_the_same_by_any_number_of_threads);
    tcase_add_test(t, silence_is_the_same_on_any_number_of_threads);
    tcase_add_test(t, the_order_of_files_changes_no_alert);
    tcase_add_test(t, two_long_files_are_counted_like_one_in_memory_and_on_disk);
    tcase_add_test(t, without_room_for_what_waits_the_scan_says_so);
    tcase_add_test(t, several_scans_are_one_replay);
    tcase_add_test(t, a_callback_can_stop_the_scan);
    tcase_add_test(t, progress_is_told_as_it_goes);
    tcase_add_test(t, how_much_is_read_of_the_total_is_told);
    suite_add_tcase(s, t);
    return run_suite(s);
}

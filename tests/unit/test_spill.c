/*
 * Hits that wait on disk: the same is said, in bounded memory; and what happens when the disk fails. The
 * files are in a directory of the test's own, and have no names there.
 */
#include "scene.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/trail-spill-XXXXXX";

static struct window_stats stats_of(const struct scene *s)
{
    struct window_stats stats;
    window_stats(s->w, &stats);
    return stats;
}

static size_t names_in(const char *path)
{
    DIR *d = opendir(path);
    size_t n = 0;
    ck_assert_ptr_nonnull(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2; /* "." and ".." */
}

/* Open files of the directory: all without a name. Truncates the first of them, and each fourth after it, to
 * `size`, when it is not negative. */
static size_t nameless(off_t size)
{
    size_t n = 0;
    for (int fd = 3; fd < 256; fd++) {
        struct stat status;
        char link[64], path[256];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, path, sizeof path);
        if (length < (ssize_t)sizeof directory || strncmp(path, directory, strlen(directory)) != 0)
            continue;
        ck_assert_int_eq(fstat(fd, &status), 0);
        ck_assert_uint_eq(status.st_nlink, 0);
        ck_assert_uint_eq(status.st_mode & 0777, 0600);
        if (n++ % 4 == 0 && size >= 0)
            ck_assert_int_eq(ftruncate(fd, size), 0);
    }
    return n;
}

static int64_t told; /* the sum of the notifications' seconds: the same number of others is not the same */

static void count_alert(void *user, const struct trail_fired *f)
{
    struct scene *s = user;
    told += (f->time - START) / SECOND;
    s->n++;
}

/* A scene that only counts, and asserts nothing while the window runs: assertions write to a file, too. */
static struct scene *scene_that_counts(struct trail_alert *a, size_t room)
{
    struct scene *s = scene_new(a, 1, 0, 0);
    struct window_config config = {.pack = &s->pack,
                                   .on_alert = count_alert,
                                   .on_problem = scene_problem,
                                   .user = s,
                                   .pending_bytes = room};
    enum trail_status status;
    window_free(s->w);
    s->w = window_new(&config, &status);
    ck_assert_int_eq(status, TRAIL_OK);
    return s;
}

/* One at `seconds`, while no file can be longer than `bytes`. Without assertions: they write to a file, too.
 */
static bool is_late_on_disk(struct scene *s, int64_t seconds, rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
    char id[32];
    snprintf(id, sizeof id, "e%lld", (long long)seconds);
    struct hit h = scene_hit(START + seconds * SECOND, id);
    unsigned what = 0;
    setrlimit(RLIMIT_FSIZE, &limit);
    enum trail_status status = window_hit(s->w, &h, &what);
    setrlimit(RLIMIT_FSIZE, &none);
    ck_assert_int_eq(status, TRAIL_OK);
    s->newest = h.time > s->newest ? h.time : s->newest;
    return what == WINDOW_LATE;
}

/* ---- it works ---- */

START_TEST(what_waits_backwards_fires_in_its_order)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(3, 4 * MINUTE)));
    struct scene *s = scene_new(&a, 1, 4096, 0);
    for (int i = 100; i > 0; i--)
        ck_assert_uint_eq(scene_at(s, i * 100), 0);
    struct window_stats stats = stats_of(s);
    ck_assert_uint_le(stats.pending_peak_bytes, 4096 + 512);
    ck_assert_uint_eq(stats.pending, 100);
    ck_assert_uint_gt(stats.spilled, 50);
    ck_assert_uint_gt(nameless(-1), 0);
    ck_assert_uint_eq(names_in(directory), 0);
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_uint_eq(s->n, 98); /* the third and each after it; in between the first of three leaves */
    ck_assert_int_eq(strncmp(s->lines[0], "300 a FIRING P3 {} \"3 in 4m", 27), 0);
    ck_assert_uint_eq(s->problems, 0);
    stats = stats_of(s);
    ck_assert_uint_eq(stats.early + stats.late + stats.pending, 0);
    ck_assert_uint_eq(nameless(-1), 0); /* what is empty is closed */
    scene_free(s);
}
END_TEST

START_TEST(few_files_are_open_however_many_hits_wait)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(5000, 2 * HOUR)));
    struct scene *s = scene_new(&a, 1, 1, 0); /* a file for each hit, at first */
    size_t most = 0;
    for (int i = 0; i < 5000; i++) {
        scene_at(s, i * 2711 % 5000); /* every second once, in no order */
        size_t n = i % 5 == 0 ? nameless(-1) : 0;
        most = n > most ? n : most;
    }
    ck_assert_uint_gt(most, 16);
    ck_assert_uint_le(most, 4 * 16);
    ck_assert_uint_eq(stats_of(s).pending, 5000);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT(s, "4999 a FIRING P3 {} \"5000 in 2h");
    scene_free(s);
    ck_assert_uint_eq(nameless(-1), 0);
}
END_TEST

START_TEST(files_are_closed_with_the_window)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(3, MINUTE)));
    struct scene *s = scene_new(&a, 1, 1000, 0);
    for (int i = 0; i < 100; i++)
        scene_at(s, i);
    ck_assert_uint_gt(nameless(-1), 0);
    scene_free(s);
    ck_assert_uint_eq(nameless(-1), 0);
}
END_TEST

START_TEST(texts_of_any_length_come_back)
{
    struct trail_alert a =
        ALERT(WHEN(AT_LEAST(1, SECOND), IMMEDIATELY), BY_IP, BY_USER, .notify_every = SECOND);
    size_t length = 300000;
    char *fields = malloc(length + 1);
    memset(fields, 'x', length);
    fields[0] = fields[length - 1] = '"';
    fields[length] = 0;
    struct scene *memory = scene_new(&a, 1, 0, 0), *disk = scene_new(&a, 1, 1, 0);
    for (int i = 0; i < 40; i++) {
        struct hit h = scene_hit(START + (i * 7 % 40) * 3 * SECOND, i % 3 ? "id" : NULL);
        h.record_hash[1] += (uint64_t)i;
        h.group = str(i % 2 ? "{\"user\":\"a\"}" : "{\"user\":\"b\"}");
        h.breakdown = str(i % 5 ? "{\"ip\":[\"1\"]}" : "");
        h.fields = i % 4 ? (struct trail_slice){fields, length - (size_t)i} : str("{}");
        scene_push(memory, h);
        scene_push(disk, h);
    }
    scene_finish(memory, TRAIL_NO_TIME);
    scene_finish(disk, TRAIL_NO_TIME);
    ck_assert_uint_eq(stats_of(disk).spilled, 40);
    ck_assert_uint_eq(stats_of(memory).spilled, 0);
    ck_assert_uint_ge(memory->n, 80);
    ck_assert_uint_eq(memory->n, disk->n);
    for (size_t i = 0; i < memory->n; i++)
        ck_assert_str_eq(memory->lines[i], disk->lines[i]);
    scene_free(memory);
    scene_free(disk);
    free(fields);
}
END_TEST

START_TEST(a_group_that_waits_on_disk_alone_needs_no_memory)
{
    struct trail_alert a = ALERT(WHEN(LESS_THAN(1, MINUTE)), BY_USER, .notify_every = NEVER * SECOND);
    struct scene *s = scene_new(&a, 1, 20000, 0);
    size_t most = 0;
    for (int i = 0; i < 3000; i++) {
        char user[16];
        snprintf(user, sizeof user, "u%d", i);
        push_user(s, i, user);
        most = stats_of(s).groups > most ? stats_of(s).groups : most;
    }
    ck_assert_uint_le(most, 200);
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_uint_eq(s->n, 2940); /* all but those of the last minute have fallen silent */
    scene_free(s);
}
END_TEST

/* ---- it does not ---- */

START_TEST(without_a_directory_the_earliest_are_counted_early_and_it_is_said)
{
    setenv("TMPDIR", "/nowhere/\x1b[31m", 1);
    struct trail_alert a = ALERT(WHEN(AT_LEAST(3, MINUTE)));
    struct scene *s = scene_new(&a, 1, 4096, 0);
    for (int i = 100; i > 0; i--)
        scene_at(s, i * 100); /* backwards: the earliest is always the newest arrival */
    setenv("TMPDIR", directory, 1);
    struct window_stats stats = stats_of(s);
    ck_assert_uint_le(stats.pending_peak_bytes, 4096 + 512);
    ck_assert_uint_gt(stats.early, 0);
    ck_assert_uint_eq(stats.spilled, 0);
    ck_assert_uint_eq(stats.early + stats.late + stats.pending, 100);
    ck_assert_uint_eq(s->problems, 1);
    ck_assert_msg(strncmp(s->problem,
                          "temporary file in \"/nowhere/\\u001b[31m\": No such file or directory; ", 68) == 0,
                  "%s", s->problem);
    scene_finish(s, TRAIL_NO_TIME);
    EXPECT_NOTHING(s);
    scene_free(s);
}
END_TEST

START_TEST(early_release_in_order_changes_nothing)
{
    setenv("TMPDIR", "/nowhere", 1);
    struct trail_alert a = ALERT(WHEN(AT_LEAST(50, MINUTE)));
    struct scene *s = scene_new(&a, 1, 4096, 0);
    for (int i = 0; i < 1000; i++)
        scene_push(s, scene_hit(START + i * SECOND, NULL));
    setenv("TMPDIR", directory, 1);
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_uint_gt(stats_of(s).early, 0);
    EXPECT(s, "49 a FIRING P3 {} \"50 in 1m", "649 a FIRING P3 {} \"60 in 1m");
    scene_free(s);
}
END_TEST

/* Hits in no order until the disk takes no more, and after so many of them the watermark at `watermark`
 * seconds; all that were accepted have to be counted. */
static void fill_disk(size_t room, rlim_t file_size, int after, int watermark)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, SECOND)), .notify_every = SECOND);
    struct scene *s = scene_that_counts(&a, room);
    size_t late = 0;
    int64_t taken = 0;
    told = 0;
    for (int i = 0; i < 2000; i++) {
        int second = 1 + i * 1327 % 2000;
        bool is_late = is_late_on_disk(s, second, file_size);
        late += is_late;
        taken += is_late ? 0 : second;
        if (i == after)
            ck_assert_int_eq(window_advance(s->w, START, START + watermark * SECOND), TRAIL_OK);
    }
    struct window_stats stats = stats_of(s);
    ck_assert_uint_gt(stats.early, 0);
    ck_assert_uint_gt(late, 0);
    ck_assert_uint_eq(stats.lost, 0);
    ck_assert_uint_eq(s->problems, 1);
    ck_assert_ptr_nonnull(strstr(s->problem, "File too large"));
    scene_finish(s, TRAIL_NO_TIME);
    ck_assert_uint_eq(stats_of(s).lost, 0);
    ck_assert_uint_eq(s->n, 2000 - late); /* a second that was accepted, a notification */
    ck_assert_int_eq(told, taken);
    scene_free(s);
}

START_TEST(a_full_disk_loses_nothing_that_waits)
{
    fill_disk(100000, 4096, 0, 0); /* not even one run */
}
END_TEST

START_TEST(a_disk_too_full_to_merge_loses_nothing_that_waits)
{
    fill_disk(4096, 20000, 0, 0);     /* sixteen runs, but not the one of all */
    fill_disk(1024, 20000, 0, 0);     /* and once more */
    fill_disk(4096, 20000, 300, 500); /* when some of the runs have been read in part */
}
END_TEST

START_TEST(what_cannot_be_read_back_is_counted_as_lost_and_said)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, SECOND)), .notify_every = SECOND);
    for (off_t size = 0; size < 100000; size = size * 3 + 1) {
        struct scene *s = scene_new(&a, 1, 230000, 0);
        for (int i = 0; i < 2000; i++)
            scene_at(s, 1 + i * 1327 % 2000);
        ck_assert_uint_eq(nameless(size), 1);
        uint64_t spilled = stats_of(s).spilled;
        scene_finish(s, TRAIL_NO_TIME);
        struct window_stats stats = stats_of(s);
        ck_assert_uint_gt(stats.lost, 0);
        ck_assert_uint_le(stats.lost, spilled);
        ck_assert_uint_eq(stats.pending, 0);
        ck_assert_uint_eq(s->n, 2000 - stats.lost);
        ck_assert_uint_eq(s->problems, 1);
        ck_assert_ptr_nonnull(strstr(s->problem, "lost to counts"));
        scene_free(s);
    }
}
END_TEST

START_TEST(what_is_lost_while_runs_are_merged_is_lost_once)
{
    struct trail_alert a = ALERT(WHEN(AT_LEAST(1, SECOND)), .notify_every = SECOND);
    /* sixteen runs that are longer than what is read at once */
    for (int full = 0; full < 2; full++) {
        struct scene *s = scene_that_counts(&a, 200000);
        size_t late = 0;
        bool cut = false;
        for (int i = 0; i < 30000; i++) {
            if (!cut && i % 400 == 0 && nameless(-1) == 15)
                cut = nameless(8192) > 0;
            late += is_late_on_disk(s, 1 + i * 1327 % 30000, cut && full ? 1500000 : RLIM_INFINITY);
        }
        scene_finish(s, TRAIL_NO_TIME);
        struct window_stats stats = stats_of(s);
        ck_assert_uint_gt(stats.lost, 0);
        ck_assert_uint_le(stats.lost, 4 * 1200); /* all that was in the four */
        ck_assert_int_eq(stats.early > 0, full);
        ck_assert_uint_eq(s->n, 30000 - stats.lost - late);
        ck_assert_uint_eq(stats.pending, 0);
        scene_free(s);
    }
}
END_TEST

int main(void)
{
    if (!mkdtemp(directory))
        return 1;
    setenv("TMPDIR", directory, 1);
    signal(SIGXFSZ, SIG_IGN);
    Suite *suite = suite_create("hits that wait on disk");
    TCase *t = tcase_create("works");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, what_waits_backwards_fires_in_its_order);
    tcase_add_test(t, few_files_are_open_however_many_hits_wait);
    tcase_add_test(t, files_are_closed_with_the_window);
    tcase_add_test(t, texts_of_any_length_come_back);
    tcase_add_test(t, a_group_that_waits_on_disk_alone_needs_no_memory);
    suite_add_tcase(suite, t);
    t = tcase_create("fails");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, without_a_directory_the_earliest_are_counted_early_and_it_is_said);
    tcase_add_test(t, early_release_in_order_changes_nothing);
    tcase_add_test(t, a_full_disk_loses_nothing_that_waits);
    tcase_add_test(t, a_disk_too_full_to_merge_loses_nothing_that_waits);
    tcase_add_test(t, what_cannot_be_read_back_is_counted_as_lost_and_said);
    tcase_add_test(t, what_is_lost_while_runs_are_merged_is_lost_once);
    suite_add_tcase(suite, t);
    int bad = run_tap(suite);
    rmdir(directory);
    return bad;
}

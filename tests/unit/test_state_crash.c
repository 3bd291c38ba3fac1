/*
 * A scan with a state is ended at any step it takes with a file, and started again, until it comes to its end: it
 * has told what a scan tells that nobody disturbs. And the steps fail, once and for good.
 *
 *     test_state_crash [KILLS [SEED]]
 */
#include "crash.h"

/* ---- the log ---- */

static const char *const inputs[] = {"a.log", "b.log", "c.log", "d.log"};

static void make_log(void)
{
    char id[32], filler[3001];
    memset(filler, 'x', sizeof filler - 1);
    filler[3000] = 0;
    for (int i = 0; i < 40; i++) {
        snprintf(id, sizeof id, "a%d", i);
        event(i * 20, i % 3 ? "ConsoleLogin" : "AddUserToGroup", i % 2 ? "ann" : "bob", id,
              ",\"sourceIPAddress\":\"198.51.100.7\"");
    }
    write_file("a.log");
    line("{\"Records\":[");
    for (int i = 0; i < 120; i++) { /* several pieces, most of them one alert each */
        snprintf(id, sizeof id, "b%d", i);
        line("%s", i ? ",\n" : "");
        line("{\"eventTime\":\"%" PRId64 "\",\"eventName\":\"DeleteTrail\",\"eventID\":\"%s\",\"x\":\"",
             T0 + 900 + i, id);
        trail_text_add(&file_text, filler, 3000);
        line("\"}");
    }
    line("]}\n");
    write_file("b.log");
    line("{\"broken\":\n");
    event(1000, "ConsoleLogin", "ann", "c1", ",\"tags\":[\"x\",\"y\"]");
    event(1010, "ConsoleLogin", "ann", "c2", ",\"tags\":[\"x\"]");
    event(5000, "ConsoleLogin", "ann", "c2", ",\"tags\":[\"x\"]");
    write_file("c.log");
    for (int i = 0; i < 30; i++) {
        snprintf(id, sizeof id, "d%d", i);
        event(6000 + i * (i > 20 ? 400 : 15), "ConsoleLogin", "cid", id,
              ",\"sourceIPAddress\":\"203.0.113.9\"");
    }
    write_file("d.log");
}

/* ---- one run ---- */

/* The scanner itself, in a process that may be ended. Its wait status. */
static int run_scanner(const char *state, const char *out, const char *threads)
{
    fflush(NULL);
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        int fd = open(out, O_WRONLY | O_CREAT | O_APPEND, 0600);
        int err = open("messages", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(fd, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        char *argv[] = {"sentry",
                        "--state",
                        (char *)(uintptr_t)state,
                        "-o",
                        "json",
                        "-j",
                        (char *)(uintptr_t)threads,
                        "--application=prod-trail",
                        (char *)(uintptr_t)inputs[0],
                        (char *)(uintptr_t)inputs[1],
                        (char *)(uintptr_t)inputs[2],
                        (char *)(uintptr_t)inputs[3],
                        NULL};
        become_scanner(12, argv);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static void remove_state(const char *state)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char path[64];
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s%s", state, ends[i]);
        unlink(path);
    }
}

static char *history_of(const char *path)
{
    return rows_of(path, "SELECT json FROM history ORDER BY id");
}

/* Lines of `out` that came before, each at most `crashes` times and whole; the others are what was wanted, in
 * order. Returns how many came again. A last line may be torn by the end of a process: the next begins in it. */
static unsigned compare_lines(const char *out, const char *wanted, long which)
{
    unsigned again = 0;
    const char *next = wanted;
    while (*out) {
        const char *end = strchr(out, '\n');
        size_t n = end ? (size_t)(end + 1 - out) : strlen(out);
        if (strncmp(out, next, n) == 0 && end) {
            next += n;
            out += n;
            continue;
        }
        /* Not the next one: one that came before, or torn and told again. */
        const char *torn = NULL;
        for (const char *p = out + 1; p < out + n && !torn; p++)
            if (strncmp(p, "{\"alert\":", 9) == 0)
                torn = p;
        char *copy = strndup(out, n);
        bool before = end && strstr(wanted, copy) != NULL && strstr(wanted, copy) < next;
        free(copy);
        ck_assert_msg(before || torn, "step %ld: a line that nobody wants: %.200s", which, out);
        again++;
        out = before ? out + n : torn;
    }
    ck_assert_msg(!*next, "step %ld: lost: %.300s", which, next);
    return again;
}

static char *wanted_history, *wanted_out;
static long steps_of_all;

static void scan_undisturbed(const char *threads)
{
    remove_state("r.db");
    unlink("r.out");
    shim.kill_at = 0;
    int status = run_scanner("r.db", "r.out", threads);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 3, "status %x: %s", (unsigned)status,
                  read_all("messages"));
    steps_of_all = read_number("steps");
    free(wanted_history);
    free(wanted_out);
    wanted_history = history_of("r.db");
    wanted_out = read_all("r.out");
    ck_assert_str_eq(wanted_history, wanted_out);
}

/* Ends a scan at a step, and what follows at others, until one comes to its end; then compares. */
static unsigned disturb(long step, unsigned *random, const char *threads)
{
    unsigned crashes = 0;
    remove_state("k.db");
    unlink("k.out");
    for (;;) {
        shim.kill_at = step;
        int status = run_scanner("k.db", "k.out", threads);
        shim.kill_at = 0;
        if (!was_killed(status)) {
            char *messages = read_all("messages");
            ck_assert_msg(WIFEXITED(status) && (WEXITSTATUS(status) == 3 || WEXITSTATUS(status) == 0),
                          "step %ld, status %x: %s", step, (unsigned)status, messages);
            free(messages);
            break;
        }
        crashes++;
        step = crashes < 4 ? 1 + (long)rand_r(random) % (steps_of_all + 20) : 0;
    }
    char *history = history_of("k.db"), *out = read_all("k.out");
    if (strcmp(history, wanted_history) != 0) {
        size_t same = 0;
        while (history[same] && history[same] == wanted_history[same])
            same++;
        ck_abort_msg("step %ld, %u crashes: after %zu of %zu bytes the history is\n%.300s\nnot\n%.300s", step,
                     crashes, same, strlen(wanted_history), history + same, wanted_history + same);
    }
    compare_lines(out, wanted_out, step);
    free(history);
    free(out);
    return crashes;
}

static void kill_many(const char *threads, long wanted)
{
    unsigned random = seed;
    long done = 0, runs = 0;
    scan_undisturbed(threads);
    ck_assert_int_gt(steps_of_all, 60);
    for (; done < wanted; runs++) { /* spread over all steps, whatever `wanted` is */
        shim.keep = shim.lose && random % 3 ? random : 0;
        done += disturb(1 + runs * 7919 % steps_of_all, &random, threads);
    }
    printf("# %ld steps; %ld scans ended %ld times, threads %s%s\n", steps_of_all, runs, done, threads,
           shim.lose ? ", unsynced writes lost" : "");
}

START_TEST(ended_anywhere_a_scan_goes_on)
{
    kill_many("1", kills / 2);
}
END_TEST

START_TEST(so_it_does_with_threads)
{
    kill_many("2", kills / 4);
}
END_TEST

START_TEST(what_is_not_synced_is_not_counted_on)
{
    shim.lose = true;
    kill_many("1", kills / 2);
    shim.lose = false;
}
END_TEST

/* ---- failing steps ---- */

/* A scan whose steps fail; then one that nobody disturbs. */
static void fail_at(long step, bool for_good, int error)
{
    remove_state("k.db");
    unlink("k.out");
    shim.fail_at = step;
    shim.for_good = for_good;
    shim.error = error;
    int status = run_scanner("k.db", "k.out", "1");
    shim.fail_at = 0;
    char *messages = read_all("messages");
    ck_assert_msg(WIFEXITED(status), "step %ld: status %x: %s", step, (unsigned)status, messages);
    int code = WEXITSTATUS(status);
    ck_assert_msg(code == 0 || code == 2 || code == 3, "step %ld: code %d: %s", step, code, messages);
    if (code == 2)
        ck_assert_msg(strstr(messages, "k.db: ") != NULL, "step %ld: %s", step, messages);
    free(messages);
    status = run_scanner("k.db", "k.out", "1");
    messages = read_all("messages");
    ck_assert_msg(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3),
                  "step %ld, again: status %x: %s", step, (unsigned)status, messages);
    free(messages);
    char *history = history_of("k.db"), *out = read_all("k.out");
    ck_assert_msg(strcmp(history, wanted_history) == 0, "step %ld: another history", step);
    compare_lines(out, wanted_out, step);
    free(history);
    free(out);
}

START_TEST(any_step_may_fail)
{
    static const int errors[] = {SQLITE_IOERR_WRITE, SQLITE_FULL};
    scan_undisturbed("1");
    long apart = kills >= 10000 ? 1 : 7;
    for (long step = 1; step <= steps_of_all; step += apart)
        for (int i = 0; i < 2; i++) {
            fail_at(step, false, errors[i]);
            fail_at(step, true, errors[i]);
        }
}
END_TEST

/* ---- no memory ---- */

#ifndef __SANITIZE_ADDRESS__

START_TEST(any_allocation_may_fail)
{
    scan_undisturbed("1");
    long n = read_number("allocations"), tries = kills >= 10000 ? n : 150;
    ck_assert_int_gt(n, 500);
    for (long i = 0; i < tries; i++) {
        remove_state("k.db");
        unlink("k.out");
        scarce.fail_at = 1 + i * n / tries;
        int status = run_scanner("k.db", "k.out", "1");
        char *messages = read_all("messages");
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) != 1, "allocation %ld: status %x: %s",
                      scarce.fail_at, (unsigned)status, messages);
        ck_assert_msg(WEXITSTATUS(status) == 3 || strstr(messages, "memory") || WEXITSTATUS(status) == 0,
                      "allocation %ld: code %d: %s", scarce.fail_at, WEXITSTATUS(status), messages);
        free(messages);
        scarce.fail_at = 0;
        status = run_scanner("k.db", "k.out", "1");
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) != 2, "allocation %ld, again: status %x", i,
                      (unsigned)status);
        char *history = history_of("k.db"), *out = read_all("k.out");
        ck_assert_msg(strcmp(history, wanted_history) == 0, "allocation %ld of %ld: another history", i,
                      tries);
        compare_lines(out, wanted_out, i);
        free(history);
        free(out);
    }
    printf("# %ld of %ld allocations\n", tries, n);
}
END_TEST

#endif

int main(int argc, char **argv)
{
    TCase *t = tcase_create("state");
    setenv("TRAIL_COMMIT", "-1", 1);
    tcase_set_timeout(t, 3600);
    tcase_add_checked_fixture(t, make_log, NULL);
    tcase_add_test(t, ended_anywhere_a_scan_goes_on);
    tcase_add_test(t, so_it_does_with_threads);
    tcase_add_test(t, what_is_not_synced_is_not_counted_on);
    tcase_add_test(t, any_step_may_fail);
#ifndef __SANITIZE_ADDRESS__
    tcase_add_test(t, any_allocation_may_fail);
#endif
    int bad = run_crashes(t, argc, argv, 1000);
    free(wanted_history);
    free(wanted_out);
    return bad;
}

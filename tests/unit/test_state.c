/*
 * The state file: what is refused, and left as it is; older versions; which file is which; messages; another build
 * of the pack.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>

#include "channel/outbox.h"
#include "recorder.h"
#include "state/inside.h"
#include "state/look.h"

static char error[STATE_ERROR];
static struct trail_text heard;

static void tell(void *user, const char *message)
{
    (void)user;
    trail_text_add(&heard, message, strlen(message));
    trail_text_add(&heard, "\n", 1);
}

static const char *was_told(void)
{
    trail_text_add(&heard, "", 1);
    heard.n = 0;
    return heard.p;
}

static struct state *try_open(const char *path, const struct trail_pack *pack)
{
    struct state_config config = {.path = path, .mode = STATE_RUN, .pack = pack, .on_problem = tell};
    return state_open(&config, error);
}

static struct state *open_state(const char *path)
{
    struct state *s = try_open(path, &fixture_pack);
    ck_assert_msg(s != NULL, "%s", error);
    return s;
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    int code = sqlite3_exec(db, sql, NULL, NULL, &why);
    ck_assert_msg(code == SQLITE_OK, "%s", why);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static int64_t ask(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(q), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

static struct trail_text bytes_of(const char *path)
{
    struct trail_text text = {0};
    char piece[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        trail_text_add(&text, piece, n);
    fclose(f);
    return text;
}

/* Refused with these words, and not a byte is another. */
static void assert_refused(const char *path, const char *words)
{
    struct trail_text before = bytes_of(path);
    struct state *s = try_open(path, &fixture_pack);
    ck_assert_msg(s == NULL, "%s was taken", path);
    ck_assert_msg(strstr(error, words) != NULL, "%s", error);
    ck_assert_msg(strncmp(error, path, strlen(path)) == 0, "%s", error);
    struct trail_text after = bytes_of(path);
    ck_assert_uint_eq(before.n, after.n);
    ck_assert(memcmp(before.p, after.p, before.n) == 0);
    trail_text_free(&before);
    trail_text_free(&after);
}

/* ---- opening ---- */

START_TEST(a_new_file_is_for_its_owner)
{
    struct stat status;
    mode_t mask = umask(0);
    struct state *s = open_state("mode.db");
    state_set(s, "x", "1");
    ck_assert(state_commit(s));
    ck_assert_int_eq(stat("mode.db", &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    ck_assert_int_eq(stat("mode.db-wal", &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    state_close(s);
    umask(mask);
    ck_assert_int_eq(ask("mode.db", "PRAGMA application_id"), STATE_APPLICATION_ID);
    ck_assert_int_eq(ask("mode.db", "PRAGMA user_version"), state_version);
}
END_TEST

START_TEST(what_is_no_state_is_left_as_it_is)
{
    line("not a database at all, whatever its name says, and long enough for a header of a hundred bytes, or "
         "so "
         "one thinks\n");
    write_file("text.db");
    assert_refused("text.db", "not a state file");
    line("x");
    write_file("short.db");
    assert_refused("short.db", "not a state file");
    run_sql("other.db", "CREATE TABLE t(x); PRAGMA user_version = 1");
    assert_refused("other.db", "another program");
    ck_assert_int_eq(mkdir("directory.db", 0700), 0);
    ck_assert_ptr_null(try_open("directory.db", &fixture_pack));
    ck_assert_ptr_null(try_open("nowhere/x.db", &fixture_pack));
    ck_assert_msg(strstr(error, "No such file") != NULL, "%s", error);
}
END_TEST

START_TEST(a_newer_version_is_left_as_it_is)
{
    state_close(open_state("new.db"));
    run_sql("new.db", "PRAGMA user_version = 99");
    assert_refused("new.db", "newer scanner");
}
END_TEST

static void damage(const char *path, long at)
{
    FILE *f = fopen(path, "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, at, SEEK_SET), 0);
    for (int i = 0; i < 64; i++)
        fputc(0xa5, f);
    fclose(f);
}

START_TEST(a_damaged_file_is_left_as_it_is)
{
    state_close(open_state("damaged.db"));
    damage("damaged.db", 4096 + 2); /* a page behind the first */
    assert_refused("damaged.db", "damaged");
    state_close(open_state("head.db"));
    damage("head.db", 0);
    assert_refused("head.db", "not a state file");
    state_close(open_state("cut.db"));
    ck_assert_int_eq(truncate("cut.db", 5000), 0);
    assert_refused("cut.db", "damaged");
}
END_TEST

START_TEST(another_packs_state_is_left_as_it_is)
{
    struct trail_pack other = fixture_pack;
    other.name = "other";
    state_close(open_state("pack.db"));
    ck_assert_ptr_null(try_open("pack.db", &other));
    ck_assert_msg(strstr(error, "the state of the pack fixture, and this scanner is of other") != NULL, "%s",
                  error);
}
END_TEST

START_TEST(a_second_scanner_is_told_who_has_it)
{
    char pid[32];
    struct state *s = open_state("lock.db");
    ck_assert_ptr_null(try_open("lock.db", &fixture_pack));
    snprintf(pid, sizeof pid, "process %ld", (long)getpid());
    ck_assert_msg(strstr(error, pid) != NULL, "%s", error);
    struct state_config look = {.path = "lock.db", .mode = STATE_LOOK};
    struct state *beside = state_open(&look, error);
    ck_assert_msg(beside != NULL, "%s", error);
    state_close(beside);
    /* Nor has the other one, by closing the file, taken the lock away. */
    ck_assert_ptr_null(try_open("lock.db", &fixture_pack));
    state_set(s, "x", "1");
    ck_assert(state_commit(s));
    state_close(s);
    state_close(open_state("lock.db"));
}
END_TEST

/* Lets go of the state after a moment, as a process does that is being taken apart. */
static void *let_go(void *state)
{
    const struct timespec moment = {.tv_nsec = 100000000};
    nanosleep(&moment, NULL);
    state_close(state);
    return NULL;
}

START_TEST(who_is_about_to_end_is_waited_for)
{
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, let_go, open_state("lock.db")), 0);
    state_close(open_state("lock.db"));
    pthread_join(thread, NULL);
}
END_TEST

START_TEST(an_older_version_is_brought_up_to_date)
{
    char sql[200];
    for (int version = 1; version < state_version; version++) {
        unlink("old.db");
        for (int i = 0; i < version; i++)
            run_sql("old.db", state_steps[i]);
        snprintf(sql, sizeof sql,
                 "PRAGMA application_id = %d; PRAGMA user_version = %d;"
                 "INSERT INTO facts VALUES('kept', 'yes'), ('state.pack', 'fixture')",
                 STATE_APPLICATION_ID, version);
        run_sql("old.db", sql);
        struct state_config look = {.path = "old.db", .mode = STATE_LOOK};
        ck_assert_ptr_null(state_open(&look, error));
        ck_assert_msg(strstr(error, "older scanner") != NULL, "%s", error);
        struct state *s = open_state("old.db");
        char *kept = NULL;
        ck_assert(state_get(s, "kept", &kept));
        ck_assert_str_eq(kept, "yes");
        free(kept);
        state_close(s);
        ck_assert_int_eq(ask("old.db", "PRAGMA user_version"), state_version);
        ck_assert_int_eq(ask("old.db", "SELECT count(*) FROM outbox"), 0);
    }
}
END_TEST

/* ---- which file is which ---- */

static struct state *inputs;

/* Looks at the file, and finds it. */
static struct state_found find(const char *path)
{
    struct state_file f;
    struct state_found found;
    ck_assert(state_look_at(&f, path, -1));
    ck_assert_int_eq(state_find_input(inputs, &f, -1, &found), TRAIL_OK);
    return found;
}

/* It waits for a commit. */
static void set(const char *path, uint64_t offset, bool ended)
{
    struct state_file f;
    struct trail_position p = TRAIL_BEGINNING;
    ck_assert(state_look_at(&f, path, -1));
    p.offset = offset;
    p.records = offset / 10;
    p.stand.n_places = 1;
    p.stand.places[0] = (struct trail_place){true, TRAIL_CARRY_RECORD};
    memcpy(p.stand.first_key, "eventVersion", 12);
    p.stand.n_first_key = 12;
    ck_assert_int_eq(state_set_input(inputs, &f, -1, &p, ended), TRAIL_OK);
}

static void take(const char *path, uint64_t offset, bool ended)
{
    set(path, offset, ended);
    ck_assert(state_commit(inputs));
}

static void append(const char *path, int from, int n)
{
    FILE *f = fopen(path, "ab");
    ck_assert_ptr_nonnull(f);
    for (int i = 0; i < n; i++)
        fprintf(f, "line %04d\n", from + i); /* ten bytes */
    fclose(f);
}

START_TEST(files_are_known_by_what_is_in_them)
{
    inputs = open_state("inputs.db");
    append("log", 0, 300);
    ck_assert_int_eq(find("log").known, TRAIL_UNKNOWN);
    take("log", 2000, false);
    struct state_found found = find("log");
    ck_assert_int_eq(found.known, TRAIL_BEGUN);
    ck_assert_uint_eq(found.position.offset, 2000);
    ck_assert_uint_eq(found.position.records, 200);
    ck_assert_uint_eq(found.position.stand.n_places, 1);
    ck_assert(memcmp(found.position.stand.first_key, "eventVersion", 12) == 0);
    ck_assert(found.position.newest == TRAIL_NO_TIME);
    take("log", 3000, true);
    ck_assert_int_eq(find("log").known, TRAIL_DONE);
    append("log", 300, 5);
    ck_assert_int_eq(find("log").known, TRAIL_BEGUN);
    take("log", 3050, true);

    /* Renamed, and a new one in its place. */
    ck_assert_int_eq(rename("log", "log.1"), 0);
    append("log", 5000, 10);
    found = find("log.1");
    ck_assert_int_eq(found.known, TRAIL_DONE);
    ck_assert(found.moved);
    found = find("log");
    ck_assert_int_eq(found.known, TRAIL_UNKNOWN);
    ck_assert(found.shrunk);
    take("log", 100, true);
    ck_assert_int_eq(find("log.1").known, TRAIL_DONE);
    ck_assert_int_eq(find("log").known, TRAIL_DONE);
    ck_assert_int_eq(ask("inputs.db", "SELECT count(*) FROM inputs"), 2);
    state_close(inputs);
}
END_TEST

START_TEST(a_copy_goes_on_and_what_was_emptied_begins_anew)
{
    inputs = open_state("copies.db");
    append("grown", 0, 400);
    take("grown", 4000, true);
    ck_assert_int_eq(system("cp grown grown.1"), 0);
    ck_assert_int_eq(find("grown.1").known, TRAIL_UNKNOWN); /* the first is still there: both are logs */
    ck_assert_int_eq(truncate("grown", 0), 0);
    append("grown", 9000, 3);
    struct state_found found = find("grown.1");
    ck_assert_int_eq(found.known, TRAIL_BEGUN + (found.known == TRAIL_DONE));
    ck_assert_uint_eq(found.position.offset, 4000);
    ck_assert_int_eq(find("grown").known, TRAIL_UNKNOWN);
    take("grown", 30, true);
    ck_assert_int_ne(find("grown.1").known, TRAIL_UNKNOWN); /* though its path is another file's by now */
    ck_assert_int_eq(find("grown").known, TRAIL_DONE);

    /* The same length and beginning, other bytes where it was read up to. */
    append("same", 0, 300);
    take("same", 3000, true);
    unlink("same");
    append("same", 0, 200);
    append("same", 7000, 100);
    ck_assert_int_eq(find("same").known, TRAIL_UNKNOWN);

    /* Brought once more from elsewhere: another inode, the same bytes. */
    append("object", 0, 200);
    take("object", 2000, true);
    ck_assert_int_eq(system("cp object object.new && mv object.new object"), 0);
    ck_assert_int_eq(find("object").known, TRAIL_DONE);
    state_close(inputs);
}
END_TEST

/* What a log rotated by copying and emptying goes on from, once it has been filled again. */
static void assert_copy_goes_on(int lines)
{
    append("refilled", 0, lines);
    take("refilled", (uint64_t)lines * 10, true);
    ck_assert_int_eq(system("cp refilled refilled.1"), 0);
    ck_assert_int_eq(find("refilled.1").known, TRAIL_UNKNOWN); /* both are there */
    ck_assert_int_eq(truncate("refilled", 0), 0);
    append("refilled", 5000, lines + 10); /* longer than it was */
    ck_assert_uint_eq(find("refilled.1").position.offset, (uint64_t)lines * 10);
    ck_assert_int_eq(find("refilled").known, TRAIL_UNKNOWN);
    ck_assert_int_eq(system("cp refilled.1 other"), 0);
    ck_assert_int_eq(find("other").known,
                     lines < 100 ? TRAIL_UNKNOWN : TRAIL_DONE); /* short: by its name, too */
    unlink("other");

    /* Renamed after that, too. */
    ck_assert_int_eq(rename("refilled.1", "refilled.2"), 0);
    ck_assert_int_eq(rename("refilled", "refilled.1"), 0);
    append("refilled", 7000, 3);
    ck_assert_uint_eq(find("refilled.2").position.offset, (uint64_t)lines * 10);

    /* And after another file was taken under the old path. */
    take("refilled.1", 50, false);
    take("refilled", 30, true);
    ck_assert_uint_eq(find("refilled.2").position.offset, (uint64_t)lines * 10);
    ck_assert_uint_eq(find("refilled.1").position.offset, 50);
    ck_assert_int_eq(find("refilled").known, TRAIL_DONE);
    ck_assert_int_eq(system("rm refilled*"), 0);
}

START_TEST(a_copy_goes_on_though_its_original_was_filled_again)
{
    inputs = open_state("filled-again.db");
    assert_copy_goes_on(300);
    assert_copy_goes_on(5);
    append("x.log", 0, 5);
    take("x.log", 50, true);
    ck_assert_int_eq(system("cp x.log x-20260101.log"), 0);
    ck_assert_int_eq(truncate("x.log", 0), 0);
    ck_assert_uint_eq(find("x-20260101.log").position.offset, 50);
    state_close(inputs);
}
END_TEST

/* Another file that begins alike, where nothing was emptied: the first was renamed, or is gone. */
START_TEST(a_short_beginning_alone_says_nothing)
{
    inputs = open_state("alike.db");
    append("short", 0, 5);
    take("short", 50, true);
    ck_assert_int_eq(rename("short", "short.2"), 0);
    append("short.1", 0, 6);
    append("short", 100, 5);
    ck_assert_int_eq(find("short.1").known, TRAIL_UNKNOWN);
    ck_assert_int_eq(find("short.2").known, TRAIL_DONE);
    state_close(inputs);
}
END_TEST

/* A short file has been renamed, and one with a longer beginning has its path, or its number, by now. */
START_TEST(a_row_stays_its_files_when_another_has_the_path)
{
    inputs = open_state("rows.db");
    append("row.1", 0, 5);
    take("row.1", 50, true);
    ck_assert_int_eq(rename("row.1", "row.2"), 0);
    append("row.1", 1000, 50);
    take("row.1", 500, true);
    ck_assert_int_eq(find("row.2").known, TRAIL_DONE);
    ck_assert_int_eq(find("row.1").known, TRAIL_DONE);
    ck_assert_int_eq(ask("rows.db", "SELECT count(*) FROM inputs"), 2);
    append("row.1", 1050, 50); /* it has grown: the same row */
    take("row.1", 1000, true);
    ck_assert_int_eq(ask("rows.db", "SELECT count(*) FROM inputs"), 2);

    /* Nothing was read of what had the path before, stored or not: that fits any file. */
    append("empty", 0, 5);
    take("empty", 50, true);
    append("empty.1", 0, 0);
    set("empty.1", 0, true);
    ck_assert_int_eq(system("cp empty empty.new && mv empty.new empty.1"), 0);
    ck_assert_int_eq(truncate("empty", 0), 0);
    ck_assert_uint_eq(find("empty.1").position.offset, 50);
    ck_assert(state_commit(inputs));
    ck_assert_uint_eq(find("empty.1").position.offset, 50);
    state_close(inputs);
}
END_TEST

/* ---- scans ---- */

static struct state *scanned;

static void store(void *user, const struct trail_fired *fired)
{
    (void)user;
    ck_assert_int_eq(state_fired(scanned, fired, NULL), TRAIL_OK);
}

/* A scan of these files that goes on from the state; what it has stored is counted. */
static struct trail_stats scan_on(const char *state, const struct trail_pack *pack, const char *const *paths)
{
    struct trail_stats stats;
    size_t n = 0;
    while (paths[n])
        n++;
    scanned = try_open(state, pack);
    ck_assert_msg(scanned != NULL, "%s", error);
    struct trail_options options = {
        .on_alert = store, .on_problem = tell, .keeper = state_keeper(scanned), .threads = 1};
    enum trail_status status;
    struct trail *t = trail_new(pack, &options, &status);
    ck_assert_int_eq(status, TRAIL_OK);
    trail_scan_all(t, n, paths, NULL);
    trail_finish(t);
    trail_stats(t, &stats);
    ck_assert(state_commit_snapshot(scanned));
    state_close(scanned);
    trail_free(t);
    return stats;
}

/* Commits something, as if the last pass had been long ago. */
static void commit_later(const char *path)
{
    struct state *s = open_state(path);
    state_set(s, "state.swept", NULL);
    state_set(s, "x", "1");
    ck_assert(state_commit(s));
    state_set(s, "state.swept", NULL);
    ck_assert(state_commit(s));
    state_close(s);
}

START_TEST(inputs_that_are_long_gone_are_forgotten)
{
    inputs = open_state("gone.db");
    append("stays", 0, 10);
    take("stays", 100, true);
    append("goes", 0, 10);
    take("goes", 100, true);
    append("back", 0, 10);
    take("back", 100, true);
    state_close(inputs);
    run_sql("gone.db", "UPDATE inputs SET taken = 1"); /* that alone is no reason */
    unlink("goes");
    ck_assert_int_eq(rename("back", "away"), 0);
    commit_later("gone.db");
    ck_assert_int_eq(ask("gone.db", "SELECT count(*) FROM inputs"), 3);
    ck_assert_int_eq(ask("gone.db", "SELECT count(*) FROM inputs WHERE gone IS NULL OR gone = 0"), 1);
    run_sql("gone.db", "UPDATE inputs SET gone = gone - 29 * 86400000 WHERE gone > 0");
    ck_assert_int_eq(rename("away", "back"), 0);
    commit_later("gone.db");
    ck_assert_int_eq(ask("gone.db", "SELECT count(*) FROM inputs"), 3);
    ck_assert_int_eq(ask("gone.db", "SELECT count(*) FROM inputs WHERE gone > 0"), 1);
    run_sql("gone.db", "UPDATE inputs SET gone = gone - 2 * 86400000 WHERE gone > 0");
    commit_later("gone.db");
    ck_assert_int_eq(
        ask("gone.db", "SELECT count(*) FROM inputs WHERE CAST(path AS TEXT) IN ('stays', 'back')"), 2);
    ck_assert_int_eq(ask("gone.db", "SELECT count(*) FROM inputs"), 2);
    inputs = open_state("gone.db");
    ck_assert_int_eq(find("back").known, TRAIL_DONE);
    state_close(inputs);
}
END_TEST

START_TEST(what_was_read_is_not_read_again)
{
    event(0, "AddUserToGroup", "ann", "1", "");
    event(1, "AddUserToGroup", "bob", "2", "");
    write_file("one.log");
    ck_assert_uint_eq(scan_on("scan.db", &fixture_pack, PATHS("one.log")).records, 2);
    ck_assert_uint_eq(scan_on("scan.db", &fixture_pack, PATHS("one.log")).inputs, 0);
    ck_assert_int_eq(ask("scan.db", "SELECT count(*) FROM history"), 2);

    /* It has grown, by a line and a half. */
    event(0, "AddUserToGroup", "ann", "1", "");
    event(1, "AddUserToGroup", "bob", "2", "");
    event(2, "AddUserToGroup", "cid", "3", "");
    line("{\"eventTime\":\"%" PRId64 "\",\"eventName\":\"AddUser", T0 + 3);
    write_file("one.log");
    was_told();
    struct trail_stats stats = scan_on("scan.db", &fixture_pack, PATHS("one.log"));
    ck_assert_uint_eq(stats.records, 2);
    ck_assert_uint_eq(stats.rejected, 1);
    ck_assert_int_eq(ask("scan.db", "SELECT count(*) FROM history"), 3);

    /* The other half. */
    event(0, "AddUserToGroup", "ann", "1", "");
    event(1, "AddUserToGroup", "bob", "2", "");
    event(2, "AddUserToGroup", "cid", "3", "");
    event(3, "AddUserToGroup", "dan", "4", "");
    write_file("one.log");
    stats = scan_on("scan.db", &fixture_pack, PATHS("one.log"));
    ck_assert_uint_eq(stats.records, 1);
    ck_assert_uint_eq(stats.rejected, 0);
    ck_assert_int_eq(ask("scan.db", "SELECT count(*) FROM history"), 4);
    ck_assert_int_eq(ask("scan.db", "SELECT count(*) FROM history WHERE json LIKE '%\"record\":4}%'"), 1);
}
END_TEST

START_TEST(counts_go_on_from_scan_to_scan)
{
    for (int i = 0; i < 3; i++)
        event(i, "ConsoleLogin", "ann", i == 0 ? "1" : i == 1 ? "2" : "3", "");
    write_file("first.log");
    scan_on("counts.db", &fixture_pack, PATHS("first.log"));
    event(3, "ConsoleLogin", "ann", "4", "");
    event(4, "ConsoleLogin", "ann", "3", ""); /* with other bytes: counts as well, and is told */
    event(7200, "ConsoleLogin", "bob", "5", "");
    write_file("second.log");
    scan_on("counts.db", &fixture_pack, PATHS("first.log", "second.log"));
    ck_assert_int_eq(
        ask("counts.db", "SELECT count(*) FROM history WHERE json LIKE '%4 in 10m, more than 3%'"), 1);
}
END_TEST

START_TEST(a_changed_alert_begins_anew_and_the_others_go_on)
{
    struct trail_alert alerts[FIXTURE_ALERTS];
    struct trail_pack pack = fixture_pack;
    for (int i = 0; i < 3; i++)
        event(i, "ConsoleLogin", "ann", i == 0 ? "1" : i == 1 ? "2" : "3", ",\"tags\":[\"x\"]");
    write_file("before.log");
    scan_on("changed.db", &fixture_pack, PATHS("before.log"));
    was_told();

    /* Another order, one with another hash, one gone. */
    memcpy(alerts, fixture_alerts, sizeof alerts);
    alerts[0] = fixture_alerts[FIXTURE_FAILURES];
    alerts[1] = fixture_alerts[FIXTURE_ADMIN];
    alerts[FIXTURE_TAGS].hash = "changed";
    pack.alerts = alerts;
    pack.hash = "another";
    pack.n_alerts = FIXTURE_ALERTS;
    scanned = try_open("changed.db", &pack);
    ck_assert_msg(scanned != NULL, "%s", error);
    struct window_config config = {.pack = &pack};
    enum trail_status status;
    struct window *w = window_new(&config, &status);
    ck_assert_int_eq(state_resume(scanned, w), TRAIL_OK);
    const char *said = was_told();
    ck_assert_msg(strstr(said, "counted afresh: tagged\n") != NULL, "%s", said);
    struct window_stats stats;
    window_stats(w, &stats);
    ck_assert_uint_eq(stats.pending, 3); /* the failures; not what was tagged */
    ck_assert(state_commit(scanned));
    state_close(scanned);
    window_free(w);
    scanned = try_open("changed.db", &pack);
    w = window_new(&config, &status);
    ck_assert_int_eq(state_resume(scanned, w), TRAIL_OK);
    ck_assert_str_eq(was_told(), "");
    state_close(scanned);
    window_free(w);
}
END_TEST

START_TEST(damaged_windows_are_refused)
{
    event(0, "ConsoleLogin", "ann", "1", "");
    write_file("w.log");
    scan_on("windows.db", &fixture_pack, PATHS("w.log"));
    run_sql("windows.db",
            "UPDATE windows SET bytes = CAST(replace(bytes, 'new-admin', 'new-odmin') AS BLOB)");
    struct state *s = open_state("windows.db");
    struct window_config config = {.pack = &fixture_pack};
    enum trail_status status;
    struct window *w = window_new(&config, &status);
    was_told();
    ck_assert_int_eq(state_resume(s, w), TRAIL_INVALID);
    const char *said = was_told();
    ck_assert_msg(strstr(said, "damaged, and left as it is") != NULL, "%s", said);
    state_close(s);
    window_free(w);
}
END_TEST

/* ---- messages ---- */

static struct trail_outbox_row message(const char *key, const char *thread, int64_t due)
{
    return (struct trail_outbox_row){.channel = "mail",
                                     .recipient = "",
                                     .dedup_key = key,
                                     .thread = thread,
                                     .bunch = key,
                                     .payload = {"{\"n\":1}", 7},
                                     .created = 1000,
                                     .due = due,
                                     .last_error = ""};
}

static void put(struct trail_outbox *o, const char *key, const char *thread, int64_t due)
{
    struct trail_outbox_row row = message(key, thread, due);
    ck_assert_int_eq(o->add(o->user, &row), TRAIL_OUTBOX_OK);
}

static char taken_key[80];

/* What is to be sent at `now`, "" for nothing; its number. */
static int64_t take_one(struct trail_outbox *o, int64_t now)
{
    struct trail_outbox_message m;
    taken_key[0] = 0;
    if (o->take(o->user, "mail", now, &m) != TRAIL_OUTBOX_OK)
        return 0;
    snprintf(taken_key, sizeof taken_key, "%s", m.row.dedup_key);
    int64_t id = m.row.id;
    trail_outbox_message_free(&m);
    return id;
}

START_TEST(messages_are_there_with_the_commit)
{
    struct state *s = open_state("outbox.db");
    struct trail_outbox *o = state_outbox(s);
    struct trail_outbox_message m;
    put(o, "a", "t", 2000);
    put(o, "a", "t", 2000); /* once */
    put(o, "b", "t", 1500);
    put(o, "c", "", 9000);
    ck_assert_int_eq(take_one(o, 5000), 0);
    ck_assert_uint_eq(o->waiting(o->user, "mail"), 3);
    ck_assert_int_eq(o->find(o->user, "mail", "", "c", 5000, &m), TRAIL_OUTBOX_OK);
    ck_assert_int_eq(o->replace(o->user, m.row.id, 5000, (struct trail_slice){"{\"n\":2}", 7}),
                     TRAIL_OUTBOX_OK);
    trail_outbox_message_free(&m);
    ck_assert(state_commit(s));
    ck_assert_uint_eq(o->waiting(o->user, "mail"), 3);
    ck_assert_int_eq(o->next_due(o->user, "mail"), 1500);

    /* Of a thread the older first. */
    int64_t a = take_one(o, 5000);
    ck_assert_str_eq(taken_key, "a");
    ck_assert_int_eq(take_one(o, 5000), 0);
    ck_assert_int_eq(o->retry(o->user, a, 5000, 7000, "later"), TRAIL_OUTBOX_OK);
    ck_assert_int_eq(take_one(o, 5000), 0);
    ck_assert_int_eq(take_one(o, 7000), a);
    ck_assert_int_eq(o->sent(o->user, a, 7001, 0), TRAIL_OUTBOX_OK);
    ck_assert_int_eq(o->sent(o->user, a, 7001, 0), TRAIL_OUTBOX_NONE);
    int64_t b = take_one(o, 7000);
    ck_assert_str_eq(taken_key, "b");
    ck_assert_int_eq(o->park(o->user, b, 7002, "refused"), TRAIL_OUTBOX_OK);

    /* It has grown since; then it is due too soon to grow. */
    ck_assert_int_eq(o->find(o->user, "mail", "", "c", 5000, &m), TRAIL_OUTBOX_OK);
    ck_assert_str_eq(m.row.payload.p, "{\"n\":2}");
    ck_assert_int_eq(o->replace(o->user, m.row.id, 5000, (struct trail_slice){"{\"n\":3}", 7}),
                     TRAIL_OUTBOX_OK);
    trail_outbox_message_free(&m);
    int64_t c = take_one(o, 9000); /* before the commit */
    ck_assert_str_eq(taken_key, "c");
    ck_assert(state_commit(s));
    ck_assert_int_eq(
        ask("outbox.db", "SELECT count(*) FROM outbox WHERE payload = '{\"n\":3}' AND state = 0"), 1);
    ck_assert_int_eq(o->find(o->user, "mail", "", "c", 8500, &m), TRAIL_OUTBOX_NONE);

    /* The end of the process: what was being sent is sent again, with its key. */
    state_close(s);
    s = open_state("outbox.db");
    o = state_outbox(s);
    ck_assert_int_eq(o->recover(o->user, 10000), TRAIL_OUTBOX_OK);
    put(o, "c", "", 9000); /* known */
    ck_assert(state_commit(s));
    int64_t first = take_one(o, 10000);
    ck_assert(first == c || strncmp(taken_key, "c-", 2) == 0);

    /* By hand. */
    uint64_t n;
    ck_assert(state_retry(s, 0, NULL, &n));
    ck_assert_uint_eq(n, 1);
    ck_assert(state_drop(s, b, "mail", &n));
    ck_assert_uint_eq(n, 1);
    ck_assert(state_drop(s, b, "mail", &n));
    ck_assert_uint_eq(n, 0);
    state_close(s);
}
END_TEST

START_TEST(what_is_sent_again_gives_way_to_what_is_newer)
{
    struct state *s = open_state("again.db");
    struct trail_outbox *o = state_outbox(s);
    put(o, "firing", "t", 1000);
    ck_assert(state_commit(s));
    int64_t firing = take_one(o, 1000);
    ck_assert_int_eq(o->sent(o->user, firing, 1000, 5000), TRAIL_OUTBOX_OK);
    ck_assert_uint_eq(o->waiting(o->user, "mail"), 0);
    ck_assert_int_eq(take_one(o, 5000), firing);
    ck_assert_int_eq(o->sent(o->user, firing, 5000, 6000), TRAIL_OUTBOX_OK);
    put(o, "resolved", "t", 5500);
    ck_assert(state_commit(s));
    take_one(o, 9000);
    ck_assert_str_eq(taken_key, "resolved");
    ck_assert_int_eq(take_one(o, 9000), 0);
    state_close(s);
}
END_TEST

static void clean_up(void)
{
    trail_text_free(&heard);
    heard = (struct trail_text){0};
}

int main(void)
{
    Suite *suite = suite_create("state");
    TCase *t = tcase_create("file");
    tcase_set_timeout(t, 120);
    tcase_add_checked_fixture(t, NULL, clean_up);
    tcase_add_test(t, a_new_file_is_for_its_owner);
    tcase_add_test(t, what_is_no_state_is_left_as_it_is);
    tcase_add_test(t, a_newer_version_is_left_as_it_is);
    tcase_add_test(t, a_damaged_file_is_left_as_it_is);
    tcase_add_test(t, another_packs_state_is_left_as_it_is);
    tcase_add_test(t, a_second_scanner_is_told_who_has_it);
    tcase_add_test(t, who_is_about_to_end_is_waited_for);
    tcase_add_test(t, an_older_version_is_brought_up_to_date);
    tcase_add_test(t, files_are_known_by_what_is_in_them);
    tcase_add_test(t, a_copy_goes_on_and_what_was_emptied_begins_anew);
    tcase_add_test(t, a_copy_goes_on_though_its_original_was_filled_again);
    tcase_add_test(t, a_short_beginning_alone_says_nothing);
    tcase_add_test(t, a_row_stays_its_files_when_another_has_the_path);
    tcase_add_test(t, inputs_that_are_long_gone_are_forgotten);
    tcase_add_test(t, what_was_read_is_not_read_again);
    tcase_add_test(t, counts_go_on_from_scan_to_scan);
    tcase_add_test(t, a_changed_alert_begins_anew_and_the_others_go_on);
    tcase_add_test(t, damaged_windows_are_refused);
    tcase_add_test(t, messages_are_there_with_the_commit);
    tcase_add_test(t, what_is_sent_again_gives_way_to_what_is_newer);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}

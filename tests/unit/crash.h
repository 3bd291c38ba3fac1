/*
 * crash.h - for tests that end a process of the scanner at any step, and look at what it left.
 */
#ifndef CRASH_H
#define CRASH_H

#include <sys/wait.h>

#include "recorder.h"
#include "scarce.h"
#include "shim.h"

static long kills;        /* how often processes are ended, in all */
static unsigned seed = 1; /* of the steps at which they are */

static inline bool was_killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* ---- what is left ---- */

static inline char *read_all(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct trail_text text = {0};
    char piece[65536];
    size_t n;
    while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
        trail_text_add(&text, piece, n);
    if (f)
        fclose(f);
    trail_text_add(&text, "", 1);
    ck_assert(!text.failed);
    return text.p;
}

static inline void write_number(const char *path, long n)
{
    FILE *f = fopen(path, "w");
    if (f) {
        fprintf(f, "%ld\n", n);
        fclose(f);
    }
}

static inline long read_number(const char *path)
{
    char *text = read_all(path);
    long n = strtol(text, NULL, 10);
    free(text);
    return n;
}

/* Rows of the state that a query gives, a line each. */
static inline char *rows_of(const char *path, const char *query)
{
    sqlite3 *db;
    sqlite3_stmt *q;
    struct trail_text text = {0};
    ck_assert_int_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, query, -1, &q, NULL), SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        trail_text_add(&text, (const char *)sqlite3_column_text(q, 0), (size_t)sqlite3_column_bytes(q, 0));
        trail_text_add(&text, "\n", 1);
    }
    sqlite3_finalize(q);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
    trail_text_add(&text, "", 1);
    return text.p;
}

/* The scanner in the process that was forked for it: it says how many steps and allocations it took, and ends. */
static inline void become_scanner(int n, char **argv)
{
    shim_install();
    shim.steps = 0;
    scarce.counting = true;
    int code = trail_main(&fixture_pack, n, argv);
    scarce.counting = false;
    write_number("steps", shim.steps);
    write_number("allocations", scarce.n);
    _exit(code);
}

/* ---- running ---- */

/* [KILLS [SEED]]; in a directory in memory, if there is one. */
static inline int run_crashes(TCase *tests, int argc, char **argv, long usual_kills)
{
    Suite *s = suite_create("crash");
    suite_add_tcase(s, tests);
    kills = argc > 1 ? strtol(argv[1], NULL, 10) : usual_kills;
    seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;
    if (access("/dev/shm", W_OK) == 0)
        memcpy(directory, "/dev/shm/trail.XXXXXX", sizeof "/dev/shm/trail.XXXXXX");
    return run_suite(s);
}

#endif

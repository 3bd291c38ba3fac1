/*
 * recorder.h - for tests of whole scans: log files in a directory of their own, and everything that a scan
 * says, written down.
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <check.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture_pack.h"
#include "suite.h"

#define T0 INT64_C(1672567200) /* 2023-01-01T10:00:00Z */

/* ---- files and what is written down ------------------------------------------------------- */

static struct trail_text file_text;

static inline void line(const char *format, ...)
{
    char text[4096];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    trail_text_add(&file_text, text, (size_t)n);
}

/* One event, `at` seconds after T0; `more` are further members. */
static inline void event(int at, const char *name, const char *user, const char *id, const char *more)
{
    line("{\"eventTime\":\"%" PRId64
         "\",\"eventName\":\"%s\",\"userIdentity\":{\"userName\":\"%s\"},\"eventID\":\"%s\"%s}\n",
         T0 + at, name, user, id, more);
}

/* The same; its ID is of a number. */
static inline void numbered_event(int i, int at, const char *name, const char *user, const char *more)
{
    char id[16];
    snprintf(id, sizeof id, "e%d", i);
    event(at, name, user, id, more);
}

static inline void write_file(const char *path)
{
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    if (file_text.n)
        ck_assert_uint_eq(fwrite(file_text.p, 1, file_text.n, f), file_text.n);
    ck_assert_int_eq(fclose(f), 0);
    file_text.n = 0;
}

static inline void set_file_time(const char *path, int64_t seconds)
{
    struct timespec times[2] = {{.tv_sec = (time_t)seconds}, {.tv_sec = (time_t)seconds}};
    ck_assert_int_eq(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A scan that writes down what it is told. */
struct run {
    struct trail_options options;
    struct trail *t;
    struct trail_text said;
    unsigned alerts, hits, problems, progress;
    unsigned stop_after; /* alerts; 0: never */
    struct trail_stats stats;
    enum trail_status status;
};

static inline void add(struct run *r, const char *text)
{
    trail_text_add(&r->said, text, strlen(text));
}

static inline void on_alert(void *user, const struct trail_fired *fired)
{
    struct run *r = user;
    r->alerts++;
    trail_fired_json(&fixture_pack, fired, &r->said);
    add(r, "\n");
    if (r->stop_after && r->alerts == r->stop_after)
        trail_stop(r->t);
}

static inline void on_hit(void *user, const struct trail_hit *hit)
{
    struct run *r = user;
    r->hits++;
    trail_hit_json(hit, true, &r->said);
    add(r, "\n");
}

static inline void on_problem(void *user, const char *message)
{
    struct run *r = user;
    r->problems++;
    add(r, "! ");
    add(r, message);
    add(r, "\n");
}

static inline void on_progress(void *user, const struct trail_stats *stats)
{
    struct run *r = user;
    r->progress++;
    r->stats = *stats;
}

static inline struct run new_run(const struct trail_pack *pack, struct trail_options options)
{
    struct run r = {.options = options};
    enum trail_status status;
    r.t = trail_new(pack, &options, &status);
    ck_assert_ptr_nonnull(r.t);
    return r;
}

static inline struct trail_options told(struct run *r)
{
    return (struct trail_options){
        .on_alert = on_alert, .on_problem = on_problem, .on_progress = on_progress, .user = r, .threads = 1};
}

static inline void finish(struct run *r)
{
    enum trail_status status = trail_finish(r->t);
    if (status != TRAIL_OK)
        r->status = status;
    trail_stats(r->t, &r->stats);
    ck_assert_uint_eq(r->stats.records, r->stats.matched + r->stats.unmatched + r->stats.rejected);
    trail_text_add(&r->said, "", 1);
}

static inline void free_run(struct run *r)
{
    trail_free(r->t);
    trail_text_free(&r->said);
}

/* Nothing that was said has the text. */
static inline void assert_lacks(const struct run *r, const char *text)
{
    ck_assert_msg(!strstr(r->said.p, text), "%s", r->said.p);
}

static inline void assert_has(const struct run *r, const char *text)
{
    ck_assert_msg(strstr(r->said.p, text) != NULL, "%s", r->said.p);
}

/* Scans paths (up to a NULL) with labels for all of them. */
static inline void scan(struct run *r, const struct trail_pack *pack, const char *application,
                        const char *const *paths)
{
    struct trail_input_labels labels[16] = {0};
    size_t n = 0;
    for (; paths[n]; n++)
        labels[n].application = (struct trail_slice){application, application ? strlen(application) : 0};
    struct trail_options options = r->options;
    options.user = r;
    *r = new_run(pack, options);
    r->status = trail_scan_all(r->t, n, paths, labels);
    finish(r);
}

#define PATHS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Two runs tell the same: else, the first line that differs. */
static inline void assert_same(const struct run *a, const struct run *b)
{
    const char *p = a->said.p, *q = b->said.p;
    size_t same = 0;
    while (p[same] && p[same] == q[same])
        same++;
    bool differ = p[same] != q[same];
    while (same > 0 && p[same - 1] != '\n')
        same--;
    ck_assert_msg(!differ, "%.700s\nand\n%.700s", p + same, q + same);
    ck_assert_int_eq(a->status, b->status);
    ck_assert(memcmp(&a->stats, &b->stats, sizeof a->stats) == 0);
}

static char directory[] = "/tmp/trail_test.XXXXXX";

static inline void remove_directory(void)
{
    char command[64];
    if (chdir("/") != 0)
        return;
    snprintf(command, sizeof command, "rm -rf %s", directory);
    if (system(command) != 0)
        perror(command);
}

static inline unsigned count(const char *text, const char *what)
{
    unsigned n = 0;
    for (const char *p = text; (p = strstr(p, what)); p++)
        n++;
    return n;
}

static inline unsigned alerts_of(const struct trail_pack *pack, const char *application, const char *path)
{
    struct run r = {0};
    r.options = told(&r);
    scan(&r, pack, application, PATHS(path));
    unsigned alerts = r.alerts;
    free_run(&r);
    return alerts;
}

/* Runs a suite in a directory of its own, as TAP. */
static inline int run_suite(Suite *s)
{
    if (!mkdtemp(directory) || chdir(directory) != 0)
        return 1;
    int bad = run_tap(s);
    trail_text_free(&file_text);
    remove_directory();
    return bad;
}

#endif

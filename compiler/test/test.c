/*
 * test.c - the alerts' own tests, run through the compiled scanner.
 *
 * Needs: a scanner of this pack. Each test is one run over its events; what the scanner prints for the test's
 * alert is held against what the test expects. The other alerts of the pack may fire as they like.
 */
#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "trailc.h"

struct runner {
    struct compile *c;
    const char *scanner, *directory;
    bool verbose;
    struct test_counts *counts;
};

/* ---- running --------------------------------------------------------------------------------------- */

/* A test's events may be dated as the author likes: the file is dated behind them all. */
static void date_file_late(const char *path)
{
    const struct timespec late[2] = {{.tv_sec = INT64_C(253402300799)}, {.tv_sec = INT64_C(253402300799)}};
    utimensat(AT_FDCWD, path, late, 0);
}

static bool write_events(const struct test *t, const char *path)
{
    FILE *f = fopen(path, "wb");
    for (size_t i = 0; f && i < t->n_events; i++) {
        fwrite(t->events[i].p, 1, t->events[i].n, f);
        fputc('\n', f);
    }
    bool failed = !f || ferror(f);
    if ((f && fclose(f) != 0) || failed) {
        fprintf(stderr, "trailc: cannot write %s: %s\n", path, strerror(errno));
        return false;
    }
    date_file_late(path);
    return true;
}

static void add_option(struct compile *c, char ***argv, size_t *n, const char *option, struct slice value)
{
    if (!value.n)
        return;
    *PUSH(c, *argv, *n) = (char *)(uintptr_t)option;
    *PUSH(c, *argv, *n) = (char *)(uintptr_t)slice_copy(c, value.p, value.n).p;
}

/* Where the scanner's standard error goes. */
static const char *log_of(const struct runner *r)
{
    return diag_format(r->c, "%s/test.log", r->directory).p;
}

/* The file of alerts that the scanner printed, or NULL. */
static const char *run_scanner(const struct runner *r, const struct test *t)
{
    struct compile *c = r->c;
    const char *out = diag_format(c, "%s/alerts.ndjson", r->directory).p;
    struct slice input = t->file.n ? t->file : diag_format(c, "%s/events.ndjson", r->directory);
    char **argv = NULL;
    size_t n = 0;
    if (!t->file.n && !write_events(t, input.p))
        return NULL;
    *PUSH(c, argv, n) = (char *)(uintptr_t)r->scanner;
    add_option(c, &argv, &n, "--output", SLICE("json"));
    add_option(c, &argv, &n, "--threads", SLICE("1"));
    add_option(c, &argv, &n, "--application", t->application);
    add_option(c, &argv, &n, "--subsystem", t->subsystem);
    add_option(c, &argv, &n, "--now", t->now);
    *PUSH(c, argv, n) = (char *)(uintptr_t) "--stats";
    add_option(c, &argv, &n, "--", input);
    *PUSH(c, argv, n) = NULL;
    struct job job = {.argv = argv, .log = log_of(r), .out = out};
    return jobs_run(c, 1, &job, 1) ? out : NULL;
}

static cJSON *read_alerts(const char *path, const struct alert *a)
{
    cJSON *alerts = cJSON_CreateArray();
    FILE *f = fopen(path, "rb");
    char *line = NULL;
    size_t room = 0;
    while (f && getline(&line, &room, f) > 0) {
        cJSON *fired = cJSON_Parse(line);
        const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(fired, "id"));
        const char *state = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(fired, "state"));
        if (id && state && slice_eq(slice_of(id), a->id) && strcmp(state, "firing") == 0)
            cJSON_AddItemToArray(alerts, fired);
        else
            cJSON_Delete(fired);
    }
    free(line);
    if (f)
        fclose(f);
    return alerts;
}

/* ---- judging --------------------------------------------------------------------------------------- */

/* When it fired: the end of its window, or its event's time. */
static const char *time_of(const cJSON *fired)
{
    const cJSON *window = cJSON_GetObjectItemCaseSensitive(fired, "window");
    const char *to = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(window, "to"));
    return to ? to : cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(fired, "last_event"));
}

/* A plain value stands for a group of one field. */
static bool group_is(const cJSON *group, struct slice expected)
{
    cJSON *wanted = cJSON_Parse(expected.p);
    bool same = cJSON_IsObject(wanted) && cJSON_Compare(group, wanted, true);
    if (!cJSON_IsObject(wanted) && group && group->child && !group->child->next) {
        const char *value = cJSON_GetStringValue(group->child);
        same = (value && slice_eq(slice_of(value), expected)) ||
               (wanted && cJSON_Compare(group->child, wanted, true));
    }
    cJSON_Delete(wanted);
    return same;
}

static bool is_expected(const cJSON *fired, const struct expectation *e)
{
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(fired, "count");
    const char *time = time_of(fired);
    return (!e->time.n || (time && slice_eq(slice_of(time), e->time))) &&
           (e->count < 0 || (count && count->valuedouble == (double)e->count)) &&
           (!e->group.n || group_is(cJSON_GetObjectItemCaseSensitive(fired, "group"), e->group));
}

/* Each expectation takes one alert away; what is left on either side is a failure. */
static struct slice judge_list(struct compile *c, cJSON *alerts, const struct test *t)
{
    for (size_t i = 0; i < t->n_expected; i++) {
        const struct expectation *e = &t->expected[i];
        cJSON *fired;
        cJSON *found = NULL;
        cJSON_ArrayForEach(fired, alerts) if (!found && is_expected(fired, e)) found = fired;
        if (!found)
            return diag_format(c, "nothing fired at time `%.*s`, group `%.*s`, count %jd", (int)e->time.n,
                               e->time.p ? e->time.p : "", (int)e->group.n, e->group.p ? e->group.p : "",
                               (intmax_t)e->count);
        cJSON_Delete(cJSON_DetachItemViaPointer(alerts, found));
    }
    int more = cJSON_GetArraySize(alerts);
    return more ? diag_format(c, "fired %d times more than expected", more) : (struct slice){NULL, 0};
}

/* n 0: as expected. */
static struct slice judge(struct compile *c, cJSON *alerts, const struct test *t)
{
    int fired = cJSON_GetArraySize(alerts);
    switch (t->kind) {
    case TEST_FIRES: return fired ? (struct slice){NULL, 0} : SLICE("expected it to fire, and it did not");
    case TEST_SILENT:
        return fired ? diag_format(c, "expected nothing, and it fired %d times", fired)
                     : (struct slice){NULL, 0};
    case TEST_COUNT:
        return (uint64_t)fired == t->count
                   ? (struct slice){NULL, 0}
                   : diag_format(c, "expected %ju alerts, got %d", (uintmax_t)t->count, fired);
    case TEST_LIST: break;
    }
    return judge_list(c, alerts, t);
}

/* `rules/a.yaml:17: FAILED new-admin: by a group: why`, up to the colon before the reason. */
static void print_place(const struct runner *r, const char *word, const struct alert *a, const struct test *t)
{
    const struct source *source = &r->c->sources[t->loc.source];
    size_t line = 1;
    for (size_t i = 0; i < t->loc.at; i++)
        line += source->text.p[i] == '\n';
    printf("%s:%zu: %s %s: %s: ", source->name, line, word, a->id.p, t->name.p);
}

static void report_failure(const struct runner *r, const struct alert *a, const struct test *t,
                           struct slice why, cJSON *alerts)
{
    print_place(r, "FAILED", a, t);
    puts(why.p);
    cJSON *fired;
    cJSON_ArrayForEach(fired, alerts)
    {
        char *text = cJSON_PrintUnformatted(fired);
        printf("    it fired: %s\n", text);
        cJSON_free(text);
    }
}

/* ---- what no count takes --------------------------------------------------------------------------- */

/* What --stats printed, the last line of the scanner's standard error; NULL: none. */
static cJSON *read_stats(const char *path)
{
    cJSON *stats = NULL;
    FILE *f = fopen(path, "rb");
    char *line = NULL;
    size_t room = 0;
    while (f && getline(&line, &room, f) > 0)
        if (line[0] == '{') {
            cJSON_Delete(stats);
            stats = cJSON_Parse(line);
        }
    free(line);
    if (f)
        fclose(f);
    return stats;
}

static double stat_of(const cJSON *stats, const char *key)
{
    double n = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(stats, key));
    return n > 0 ? n : 0; /* absent is not a number */
}

static bool counts(const struct alert *a)
{
    for (size_t i = 0; i < a->n_when; i++)
        if (a->when[i].kind != WHEN_IMMEDIATELY)
            return true;
    return false;
}

/* A test whose events no count can take says nothing about the rule: it may pass for the wrong reason. */
static void note_uncounted(const struct runner *r, const struct alert *a, const struct test *t)
{
    cJSON *stats = read_stats(log_of(r));
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(stats, "alerts");
    double undated = stat_of(stats, "undated"), future = stat_of(stats, "future");
    if (counts(a) && stat_of(cJSON_GetObjectItemCaseSensitive(own, a->id.p), "hits") > 0) {
        struct slice field = r->c->pack.time->name;
        if (undated > 0) {
            print_place(r, "note", a, t);
            printf("no readable time in %.*s (the pack's `time`): %.0f matching event%s in no count\n",
                   (int)field.n, field.p, undated, undated > 1 ? "s are" : " is");
        }
        if (future > 0) {
            print_place(r, "note", a, t);
            printf("dated more than 5m past %s: %.0f matching event%s in no count\n",
                   t->now.n ? "the test's `now`" : "the file's own time", future,
                   future > 1 ? "s are" : " is");
        }
    }
    cJSON_Delete(stats);
}

static bool run_one(const struct runner *r, const struct alert *a, const struct test *t)
{
    const char *out = run_scanner(r, t);
    if (!out)
        return false;
    cJSON *alerts = read_alerts(out, a);
    cJSON *all = cJSON_Duplicate(alerts, true);
    struct slice why = judge(r->c, alerts, t);
    if (why.n) {
        r->counts->failed++;
        report_failure(r, a, t, why, all);
    } else {
        r->counts->passed++;
        if (r->verbose)
            printf("passed %s: %s\n", a->id.p, t->name.p);
    }
    note_uncounted(r, a, t);
    cJSON_Delete(alerts);
    cJSON_Delete(all);
    return true;
}

bool test_run(struct compile *c, const char *scanner, bool verbose, struct test_counts *counts)
{
    struct runner r = {.c = c, .scanner = scanner, .verbose = verbose, .counts = counts};
    r.directory = directory_temporary(c);
    bool ran = r.directory != NULL;
    for (size_t i = 0; ran && i < c->pack.n_alerts; i++)
        for (size_t k = 0; ran && k < c->pack.alerts[i].n_tests; k++)
            ran = run_one(&r, &c->pack.alerts[i], &c->pack.alerts[i].tests[k]);
    if (r.directory)
        directory_remove(c, r.directory);
    return ran;
}

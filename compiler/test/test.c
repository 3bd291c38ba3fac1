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

#include "build/build.h"
#include "test.h"

struct runner {
    struct compile *c;
    const char *scanner, *directory;
    struct suite *suite;
    struct trail_progress *progress;
    size_t n_tests;
    struct {
        uint32_t source, at;
        size_t line;
    } last; /* place of a test: the next one mostly follows */
};

/* ---- running --------------------------------------------------------------------------------------- */

/* A test's events may be dated as the author likes: the file is dated behind them all. */
static void date_file_late(const char *path)
{
    const struct timespec late[2] = {{.tv_sec = INT64_C(253402300799)}, {.tv_sec = INT64_C(253402300799)}};
    utimensat(AT_FDCWD, path, late, 0);
}

static bool write_events(struct compile *c, const struct test *t, const char *path)
{
    FILE *f = fopen(path, "wb");
    for (size_t i = 0; f && i < t->n_events; i++) {
        fwrite(t->events[i].p, 1, t->events[i].n, f);
        fputc('\n', f);
    }
    bool failed = !f || ferror(f);
    if ((f && fclose(f) != 0) || failed)
        return tool_failed(c, "cannot write %s: %s", path, strerror(errno));
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

/* The file or directory that holds a test's events; NULL when it cannot be written. */
static const char *input_of(const struct runner *r, const struct test *t)
{
    const char *path = diag_format(r->c, "%s/events.ndjson", r->directory).p;
    if (t->file.n)
        return t->file.p;
    return write_events(r->c, t, path) ? path : NULL;
}

/* Where the scanner's standard error goes. */
static const char *log_of(const struct runner *r)
{
    return diag_format(r->c, "%s/test.log", r->directory).p;
}

/* The file of alerts that the scanner printed, or NULL. */
static const char *run_scanner(const struct runner *r, const struct test *t, const char *input)
{
    struct compile *c = r->c;
    const char *out = diag_format(c, "%s/alerts.ndjson", r->directory).p;
    char **argv = NULL;
    size_t n = 0;
    *PUSH(c, argv, n) = (char *)(uintptr_t)r->scanner;
    add_option(c, &argv, &n, "--output", SLICE("json"));
    add_option(c, &argv, &n, "--threads", SLICE("1"));
    add_option(c, &argv, &n, "--application", t->application);
    add_option(c, &argv, &n, "--subsystem", t->subsystem);
    add_option(c, &argv, &n, "--now", t->now);
    *PUSH(c, argv, n) = (char *)(uintptr_t) "--stats";
    add_option(c, &argv, &n, "--", slice_of(input));
    *PUSH(c, argv, n) = NULL;
    struct job job = {.argv = argv, .log = log_of(r), .out = out};
    struct jobs jobs = {.n = 1, .list = &job, .parallel = 1, .progress = r->progress};
    return jobs_run(c, &jobs) ? out : NULL;
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

static void add_expectation(struct buffer *b, const struct expectation *e)
{
    const char *between = " with";
    if (e->time.n) {
        buffer_printf(b, "%s time %s", between, e->time.p);
        between = ",";
    }
    if (e->group.n) {
        buffer_printf(b, "%s group ", between);
        show_quoted(b, e->group, SIZE_MAX);
        between = ",";
    }
    if (e->count >= 0)
        buffer_printf(b, "%s count %jd", between, (intmax_t)e->count);
}

/* n 0: as expected. */
struct judgement {
    struct slice why;
    bool more; /* it should have fired more often */
};

/* Each expectation takes one alert away; what is left on either side is a failure. */
static struct judgement judge_list(struct compile *c, cJSON *alerts, const struct test *t)
{
    for (size_t i = 0; i < t->n_expected; i++) {
        const struct expectation *e = &t->expected[i];
        cJSON *fired;
        cJSON *found = NULL;
        cJSON_ArrayForEach(fired, alerts) if (!found && is_expected(fired, e)) found = fired;
        if (!found) {
            struct buffer b = {.c = c};
            buffer_text(&b, "expected an alert");
            add_expectation(&b, e);
            buffer_text(&b, ", and there is none");
            return (struct judgement){buffer_slice(&b), true};
        }
        cJSON_Delete(cJSON_DetachItemViaPointer(alerts, found));
    }
    int more = cJSON_GetArraySize(alerts);
    if (!more)
        return (struct judgement){{NULL, 0}, false};
    return (struct judgement){
        diag_format(c, "fired %d time%s more than expected", more, more == 1 ? "" : "s"), false};
}

static struct judgement judge(struct compile *c, cJSON *alerts, const struct test *t)
{
    static const struct judgement good = {{NULL, 0}, false};
    int fired = cJSON_GetArraySize(alerts);
    switch (t->kind) {
    case TEST_FIRES:
        return fired ? good : (struct judgement){SLICE("expected it to fire, and it did not"), true};
    case TEST_SILENT:
        return fired ? (struct judgement){diag_format(c, "expected nothing, and it fired %d time%s", fired,
                                                      fired == 1 ? "" : "s"),
                                          false}
                     : good;
    case TEST_COUNT:
        return (uint64_t)fired == t->count ? good
                                           : (struct judgement){diag_format(c, "expected %ju alerts, got %d",
                                                                            (uintmax_t)t->count, fired),
                                                                (uint64_t)fired < t->count};
    case TEST_LIST: break;
    }
    return judge_list(c, alerts, t);
}

/* ---- one test -------------------------------------------------------------------------------------- */

static struct slice place_of(struct runner *r, const struct test *t)
{
    const struct source *source = &r->c->sources[t->loc.source];
    struct buffer b = {.c = r->c};
    if (!r->last.line || r->last.source != t->loc.source || r->last.at > t->loc.at) {
        r->last.source = t->loc.source;
        r->last.at = 0;
        r->last.line = 1;
    }
    for (; r->last.at < t->loc.at; r->last.at++)
        r->last.line += source->text.p[r->last.at] == '\n';
    show_text(&b, slice_of(source->name), SIZE_MAX);
    buffer_printf(&b, ":%zu", r->last.line);
    return buffer_slice(&b);
}

/* What the alert says, without what is the same for all and where the temporary file is. Parsing has undone
 * the escapes that made the scanner's line safe. */
static void add_fired(struct compile *c, struct result *r, cJSON *alerts)
{
    static const char *const known[] = {"alert", "id",   "state",     "description", "priority",
                                        "tags",  "pack", "dedup_key", "source"};
    cJSON *fired;
    cJSON_ArrayForEach(fired, alerts)
    {
        struct buffer line = {.c = c};
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            cJSON_DeleteItemFromObjectCaseSensitive(fired, known[i]);
        char *text = cJSON_PrintUnformatted(fired);
        buffer_text(&line, "it fired: ");
        show_text(&line, slice_of(text ? text : ""), SIZE_MAX);
        cJSON_free(text);
        *PUSH(c, r->details, r->n_details) = buffer_slice(&line);
    }
}

static bool run_one(struct runner *r, const struct alert *a, const struct test *t)
{
    struct compile *c = r->c;
    struct buffer name = {.c = c};
    show_text(&name, t->name, SIZE_MAX);
    progress_show(r->progress, "test", r->suite->n + 1, r->n_tests, buffer_slice(&name));
    const char *input = input_of(r, t), *out = input ? run_scanner(r, t, input) : NULL;
    if (!out)
        return false;
    cJSON *alerts = read_alerts(out, a), *all = cJSON_Duplicate(alerts, true);
    struct judgement judgement = judge(c, alerts, t);
    struct result *result = PUSH(c, r->suite->results, r->suite->n);
    *result = (struct result){a, t, buffer_slice(&name), place_of(r, t), judgement.why, 0, 0, NULL, NULL};
    note_uncounted(c, result, log_of(r));
    if (judgement.why.n) {
        r->suite->failed++;
        why_failed(c, result, input, judgement.more);
        add_fired(c, result, all);
    }
    if (r->suite->n_coverage)
        coverage_note(c, &r->suite->coverage[a - c->pack.alerts], input);
    cJSON_Delete(alerts);
    cJSON_Delete(all);
    return true;
}

bool test_run(struct compile *c, const char *scanner, const char *pack, struct test_report *report,
              size_t *failed)
{
    struct buffer name = {.c = c};
    struct suite suite = {.n = 0};
    struct trail_progress progress;
    struct runner r = {.c = c, .scanner = scanner, .suite = &suite, .progress = &progress};
    show_text(&name, slice_of(pack), SIZE_MAX);
    suite.name = buffer_slice(&name);
    if (test_report_options(report)->coverage)
        suite.coverage = coverage_new(c, &suite.n_coverage);
    r.directory = directory_temporary(c);
    bool ran = r.directory != NULL;
    trail_progress_start(&progress);
    for (size_t i = 0; i < c->pack.n_alerts; i++)
        r.n_tests += c->pack.alerts[i].n_tests;
    for (size_t i = 0; ran && i < c->pack.n_alerts; i++)
        for (size_t k = 0; ran && k < c->pack.alerts[i].n_tests; k++)
            ran = run_one(&r, &c->pack.alerts[i], &c->pack.alerts[i].tests[k]);
    trail_progress_clear(&progress);
    if (r.directory)
        directory_remove(c, r.directory);
    if (ran)
        results_add(report, &suite);
    *failed = suite.failed;
    return ran;
}

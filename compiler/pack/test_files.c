/*
 * test_files.c - tests that stand beside their rule file: `NAME.test.yaml` has those of `NAME.yaml`.
 *
 * Needs: the pack's alerts. Guarantees: each alert has the tests of one place, or errors were said. A
 * document names its alert where the rule file has several.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/near.h"
#include "document.h"

static const char *const endings[] = {".yaml", ".yml", ".json"};
static const char middle[] = ".test";

/* Bytes of a path without `ending`, or 0. */
static size_t without(const char *path, const char *middle_or_none, const char *ending)
{
    size_t n = strlen(path), m = strlen(middle_or_none), e = strlen(ending);
    bool ends = n > m + e && strcmp(path + n - e, ending) == 0 &&
                memcmp(path + n - e - m, middle_or_none, m) == 0 && path[n - e - m - 1] != '/';
    return ends ? n - e - m : 0;
}

/* The same without any of the endings. */
static size_t stem(const char *path, const char *middle_or_none)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t n = without(path, middle_or_none, endings[i]);
        if (n)
            return n;
    }
    return 0;
}

bool is_test_file(const char *path)
{
    return stem(path, middle) > 0;
}

size_t test_files_of(struct compile *c, const char *rules, const char ***paths)
{
    size_t n = stem(rules, ""), found = 0;
    for (size_t i = 0; n && i < sizeof endings / sizeof *endings; i++) {
        struct stat status;
        const char *path = diag_format(c, "%.*s%s%s", (int)n, rules, middle, endings[i]).p;
        if (stat(path, &status) == 0)
            *PUSH(c, *paths, found) = path;
    }
    return found;
}

/* ---- whose tests ------------------------------------------------------------------------------ */

/* The alerts of one rule file. */
struct owner {
    const char *path; /* NULL: there is no such file; two: ambiguous */
    size_t n_files, n_alerts;
    struct alert *only; /* when it is one */
};

static bool is_of(const char *rules, const char *tests)
{
    size_t n = stem(tests, middle);
    return !is_test_file(rules) && stem(rules, "") == n && memcmp(rules, tests, n) == 0;
}

static struct owner owner_of(const struct compile *c, const char *tests, uint32_t n_rules)
{
    struct owner owner = {0};
    for (uint32_t i = 0; i < n_rules; i++) {
        if (!is_of(c->sources[i].name, tests))
            continue;
        owner.path = c->sources[i].name;
        owner.n_files++;
    }
    for (size_t i = 0; owner.path && i < c->pack.n_alerts; i++)
        if (strcmp(c->sources[c->pack.alerts[i].loc.source].name, owner.path) == 0) {
            owner.only = &c->pack.alerts[i];
            owner.n_alerts++;
        }
    return owner;
}

static struct alert *named_alert(struct compile *c, const struct owner *owner, const struct yaml *name)
{
    struct nearest near = {.word = name->text.s};
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        struct alert *a = &c->pack.alerts[i];
        if (strcmp(c->sources[a->loc.source].name, owner->path) != 0)
            continue;
        if (slice_eq(a->name, name->text.s) || slice_eq(a->id, name->text.s))
            return a;
        nearest_try(&near, a->name);
        nearest_try(&near, a->id);
    }
    struct diag *d = diag(c, E004, name->loc, "%s has no alert `%s`", owner->path, shown(c, name->text.s));
    d->rewrite = near.best;
    return NULL;
}

/* Which alert a document is about; NULL after an error. */
static struct alert *alert_of(struct compile *c, const struct owner *owner, const struct yaml *document)
{
    const struct yaml *name = yaml_get(document, "alert");
    if (name && name->kind == YAML_TEXT)
        return named_alert(c, owner, name);
    if (!name && owner->n_alerts == 1)
        return owner->only;
    if (!name)
        diag(c, E005, document->loc, "%s has %zu alerts; say whose tests these are: `alert: NAME`",
             owner->path, owner->n_alerts);
    return NULL;
}

static void take_tests(struct compile *c, const struct owner *owner, const struct yaml *document)
{
    struct alert read = {.n_tests = 0};
    size_t before = c->n_diags;
    if (!shape_read(c, &shape_test_file, document, &read) || c->n_diags != before)
        return;
    struct alert *a = alert_of(c, owner, document);
    if (!a)
        return;
    if (a->n_tests) {
        const struct source *first = &c->sources[a->tests[0].loc.source];
        diag(c, E003, document->loc, "the alert `%s` has tests in %s already", shown(c, a->name), first->name)
            ->note = SLICE("an alert's tests stand in its rule file, or in one document beside it");
        return;
    }
    a->n_tests = read.n_tests;
    a->tests = read.tests;
}

static void read_one(struct compile *c, const char *path, uint32_t n_rules, bool sound)
{
    struct yaml **documents = NULL;
    size_t n = 0, name = stem(path, middle);
    uint32_t source;
    if (!source_read(c, path, &source) || !yaml_parse(c, source, &documents, &n))
        return;
    struct loc start = {source, 0, 0};
    struct owner owner = owner_of(c, path, n_rules);
    if (owner.n_files != 1) {
        if (owner.n_files)
            diag(c, E004, start, "these may be the tests of two rule files: %.*s.yaml, .yml or .json",
                 (int)name, path);
        else
            diag(c, E005, start, "tests without rules: there is no %.*s.yaml", (int)name, path);
        return;
    }
    /* Where the rule file has errors its alerts may be missing: what the tests lack then is not said. */
    for (size_t i = 0; i < n && (sound || owner.n_alerts); i++)
        take_tests(c, &owner, documents[i]);
}

void test_files_read(struct compile *c, size_t n, const char *const *paths)
{
    uint32_t n_rules = (uint32_t)c->n_sources;
    bool sound = diag_errors(c) == 0;
    for (size_t i = 0; i < n; i++)
        read_one(c, paths[i], n_rules, sound);
}

/*
 * examples.c - `tests:` of an alert: events, and what the alert has to make of them.
 *
 * Guarantees: every event is a JSON object's text on one line; times are RFC 3339; files exist.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "document.h"

/* ---- times ------------------------------------------------------------------------------------ */

/* The value of the n digits at i, or -1. */
static int number_at(struct slice s, size_t i, size_t n)
{
    int value = 0;
    for (size_t k = i; k < i + n; k++) {
        if (k >= s.n || s.p[k] < '0' || s.p[k] > '9')
            return -1;
        value = value * 10 + (s.p[k] - '0');
    }
    return value;
}

static bool is_in(int value, int low, int high)
{
    return value >= low && value <= high;
}

static bool is_at(struct slice s, size_t i, char ch)
{
    return i < s.n && s.p[i] == ch;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2);
}

/* RFC 3339: 2026-01-01T10:00:00Z, with a fraction or an offset where wanted. */
static bool is_time(struct slice s)
{
    int year = number_at(s, 0, 4), month = number_at(s, 5, 2);
    bool date = is_at(s, 4, '-') && is_at(s, 7, '-') && is_at(s, 10, 'T') && year >= 0 &&
                is_in(month, 1, 12) && is_in(number_at(s, 8, 2), 1, days_of(year, month));
    bool clock = is_at(s, 13, ':') && is_at(s, 16, ':') && is_in(number_at(s, 11, 2), 0, 23) &&
                 is_in(number_at(s, 14, 2), 0, 59) && is_in(number_at(s, 17, 2), 0, 60);
    size_t i = 19;
    if (!date || !clock)
        return false;
    if (is_at(s, i, '.')) {
        size_t from = ++i;
        while (number_at(s, i, 1) >= 0)
            i++;
        if (i == from)
            return false;
    }
    if (is_at(s, i, 'Z'))
        return i + 1 == s.n;
    return (is_at(s, i, '+') || is_at(s, i, '-')) && is_in(number_at(s, i + 1, 2), 0, 23) &&
           is_at(s, i + 3, ':') && is_in(number_at(s, i + 4, 2), 0, 59) && i + 6 == s.n;
}

static void read_time(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (value->kind == YAML_TEXT && is_time(value->text.s))
        RESULT(struct slice, key, to) = value->text.s;
    else
        wrong_type(c, key, value);
}

const struct type type_time = {
    "a time such as 2026-01-01T10:00:00Z",
    "{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    "T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)([.][0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$\"}",
    read_time};

/* Whether the value is a list; of a mapping it is said how it becomes the one entry of a list. */
static bool is_list_of_maps(struct compile *c, const struct key *key, const struct yaml *value)
{
    if (value->kind != YAML_MAP)
        return is_kind(c, key, value, YAML_LIST);
    struct diag *d = diag(c, E004, value->loc, "`%s` takes a list, and this is one mapping", key->name);
    bool flow = value->loc.n == 0 || c->sources[value->loc.source].text.p[value->loc.at] == '{';
    d->note = flow ? diag_format(c, "write it in brackets: `%s: [{...}]`", key->name)
                   : diag_format(c, "write `- ` before its first key, and indent the others by two more");
    return false;
}

/* ---- events ----------------------------------------------------------------------------------- */

static void read_events(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct slice *events = NULL;
    size_t n = 0;
    if (!is_list_of_maps(c, key, value))
        return;
    for (size_t i = 0; i < value->n; i++) {
        const struct yaml *item = value->entries[i].value;
        struct buffer json = {.c = c};
        if (!is_kind(c, key, item, YAML_MAP))
            continue;
        json_add(&json, item);
        *PUSH(c, events, n) = buffer_slice(&json);
    }
    RESULT(struct slice *, key, to) = events;
    RESULT_COUNT(key, to) = n;
}

const struct type type_events = {"a list of events, each a mapping",
                                 "{\"type\":\"array\",\"items\":{\"type\":\"object\"}}", read_events};

static void read_test_file(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct slice file;
    if (!read_file_name(c, key, value, &file))
        return;
    const char *path = source_beside(c, value->loc.source, file);
    struct stat status;
    if (stat(path, &status) != 0)
        diag(c, E004, value->loc, "cannot read %s: %s", path, strerror(errno));
    else
        RESULT(struct slice, key, to) = slice_of(path);
}

const struct type type_test_file = {"a file beside the rule file", SCHEMA_FILE, read_test_file};

/* ---- what is expected ------------------------------------------------------------------------- */

/* The digits of a number from 0 to 10^9, or -1. */
static int64_t count_of(const struct yaml *value)
{
    struct slice s = value->text.s;
    if (value->kind != YAML_NUMBER || s.n > 9)
        return -1;
    return number_at(s, 0, s.n);
}

static void read_count(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    int64_t count = count_of(value);
    if (count >= 0)
        RESULT(int64_t, key, to) = count;
    else
        wrong_type(c, key, value);
}

const struct type type_count = {"a number of events",
                                "{\"type\":\"integer\",\"minimum\":0,\"maximum\":999999999}", read_count};

/* The values of `group_by`: a mapping of fields to values, or the one value. */
static void read_group(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (value->kind == YAML_LIST || value->kind == YAML_NULL ||
        (value->kind != YAML_MAP && !value->text.s.n)) {
        wrong_type(c, key, value);
        return;
    }
    for (size_t i = 0; value->kind == YAML_MAP && i < value->n; i++) {
        const struct yaml *field = value->entries[i].value;
        if (field->kind == YAML_LIST || field->kind == YAML_MAP) {
            diag(c, E004, field->loc, "the value of a field in `%s` is a text or a number", key->name);
            return;
        }
    }
    struct buffer json = {.c = c};
    if (value->kind == YAML_MAP)
        json_add(&json, value);
    RESULT(struct slice, key, to) = value->kind == YAML_MAP ? buffer_slice(&json) : value->text.s;
}

const struct type type_group = {
    "a value, or a mapping of fields to values",
    "{\"oneOf\":[{\"type\":[\"string\",\"number\",\"boolean\"],\"minLength\":1},{\"type\":\"object\","
    "\"additionalProperties\":{\"type\":[\"string\",\"number\",\"boolean\",\"null\"]}}]}",
    read_group};

static void read_expected(struct compile *c, const struct yaml *value, struct test *test)
{
    test->kind = TEST_LIST;
    for (size_t i = 0; i < value->n; i++) {
        struct expectation expected = {.count = -1};
        if (shape_read(c, &shape_expectation, value->entries[i].value, &expected))
            *PUSH(c, test->expected, test->n_expected) = expected;
    }
}

static void read_fires(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct test *test = to;
    int64_t count = count_of(value);
    if (value->kind == YAML_BOOL) {
        test->kind = (value->text.s.p[0] | 0x20) == 't' ? TEST_FIRES : TEST_SILENT;
    } else if (value->kind == YAML_LIST && value->n > 0) {
        read_expected(c, value, test);
    } else if (count >= 0) {
        test->kind = TEST_COUNT;
        test->count = (uint64_t)count;
    } else {
        wrong_type_write(c, key, value, flag_meant(value));
    }
}

const struct type type_fires = {
    "true, false, how many times, or a list of {time, group, count}",
    "{\"oneOf\":[{\"type\":\"boolean\"},{\"type\":\"integer\",\"minimum\":0,\"maximum\":999999999},"
    "{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/expectation\"}}]}",
    read_fires};

/* ---- the whole -------------------------------------------------------------------------------- */

static bool has_one_source(struct compile *c, const struct yaml *value)
{
    const struct yaml *file = yaml_get(value, "file"), *events = yaml_get(value, "events");
    bool one = (file != NULL) != (events != NULL);
    if (file && events)
        diag(c, E004, file->loc, "a test has `events` or a `file`, not both");
    else if (!one && !shape_misspelt(&shape_test, value, "events") &&
             !shape_misspelt(&shape_test, value, "file"))
        diag(c, E005, value->loc, "a test needs `events` or a `file`");
    return one;
}

static void read_tests(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct test *tests = NULL;
    size_t n = 0;
    if (!is_list_of_maps(c, key, value))
        return;
    for (size_t i = 0; i < value->n; i++) {
        const struct yaml *item = value->entries[i].value;
        struct test test = {.loc = item->loc};
        if (!shape_read(c, &shape_test, item, &test) || !has_one_source(c, item))
            continue;
        if (!test.name.n)
            test.name = diag_format(c, "test %zu", i + 1);
        *PUSH(c, tests, n) = test;
    }
    RESULT(struct test *, key, to) = tests;
    RESULT_COUNT(key, to) = n;
}

const struct type type_tests = {
    "a list of tests", "{\"type\":\"array\",\"items\":{\"$ref\":\"#/definitions/test\"}}", read_tests};

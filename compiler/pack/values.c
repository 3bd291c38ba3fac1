/*
 * values.c - the values that most keys of a rule file take: texts, paths, durations, conditions, labels.
 *
 * Each type stands with its reader and with the JSON Schema that says the same to an editor.
 */
#include <string.h>

#include "base/near.h"
#include "document.h"
#include "format/format.h"
#include "trail/limits.h"

#define NAME "[A-Za-z0-9][A-Za-z0-9_.-]*"
/* Not nothing in sum; each unit once, larger ones first, and none for more than ten years: 3660 days are 522 weeks, 87840
 * hours, 5270400 minutes, 316224000 seconds. */
#define SECONDS                                                                                             \
    "316224000|31622[0-3][0-9]{3}|3162[01][0-9]{4}|316[01][0-9]{5}|31[0-5][0-9]{6}|30[0-9]{7}|[0-2]?[0-9]{" \
    "1,8}"
#define DURATION                                                                                          \
    "(?=[0-9a-z]*[1-9])(0*(52[0-2]|5[01][0-9]|[0-4]?[0-9]{1,2})w)?"                                       \
    "(0*(3660|36[0-5][0-9]|3[0-5][0-9]{2}|[0-2]?[0-9]{1,3})d)?"                                           \
    "(0*(87840|878[0-3][0-9]|87[0-7][0-9]{2}|8[0-6][0-9]{3}|[0-7]?[0-9]{1,4})h)?"                         \
    "(0*(5270400|5270[0-3][0-9]{2}|52[0-6][0-9]{4}|5[01][0-9]{5}|[0-4]?[0-9]{1,6})m)?(0*(" SECONDS ")s)?" \
    "(0*(316224000000|(?!316224000[0-9]{3}ms)(" SECONDS ")[0-9]{3}|[0-9]{1,3})ms)?"

static bool is_alnum(char ch)
{
    return (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

/* ---- texts ------------------------------------------------------------------------------------ */

static bool is_blank_text(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr(" \t\n", s.p[i]) || !s.p[i])
            return false;
    return true;
}

/* The control characters that escapes can put into a scalar; `allowed` are those that the text may have. */
static bool without_controls(struct compile *c, const struct key *key, const struct yaml *value,
                             const char *allowed)
{
    struct slice s = value->text.s;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if ((ch >= 0x20 && ch != 0x7F) || (ch && strchr(allowed, ch)))
            continue;
        struct loc loc = text_loc(&value->text, i, i + 1);
        if (ch == '\n')
            diag(c, E004, loc, "`%s` is one line", key->name);
        else
            diag(c, E004, loc, "control character 0x%02X in `%s`", ch, key->name);
        return false;
    }
    return true;
}

bool read_line(struct compile *c, const struct key *key, const struct yaml *value, struct slice *out)
{
    if (!is_kind(c, key, value, YAML_TEXT))
        return false;
    if (is_blank_text(value->text.s)) {
        wrong_type(c, key, value);
        return false;
    }
    *out = value->text.s;
    return without_controls(c, key, value, "");
}

static void read_name(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct slice name;
    if (!read_line(c, key, value, &name))
        return;
    if (name.n > MAX_NAME)
        diag(c, E004, value->loc, "`%s` is longer than %d bytes", key->name, MAX_NAME);
    else
        RESULT(struct slice, key, to) = name;
}

const struct type type_name = {"a text of one line", SCHEMA_NAME, read_name};

static void read_text(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (is_kind(c, key, value, YAML_TEXT) && without_controls(c, key, value, "\t\n"))
        RESULT(struct slice, key, to) = value->text.s;
}

const struct type type_text = {
    "a text", "{\"type\":\"string\",\"pattern\":\"^[^\\\\u0000-\\\\u0008\\\\u000B-\\\\u001F\\\\u007F]*$\"}",
    read_text};

/* Small letters and digits, in words joined by single hyphens. */
static bool is_id(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool hyphen = s.p[i] == '-' && i > 0 && i + 1 < s.n && s.p[i - 1] != '-';
        if (!hyphen && (!is_alnum(s.p[i]) || (s.p[i] >= 'A' && s.p[i] <= 'Z')))
            return false;
    }
    return s.n > 0 && s.n <= MAX_NAME;
}

static void read_id(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (!is_kind(c, key, value, YAML_TEXT))
        return;
    if (is_id(value->text.s)) {
        RESULT(struct slice, key, to) = value->text.s;
        return;
    }
    wrong_type_write(c, key, value, alert_slug(c, value->text.s))->fix.certain = false;
}

const struct type type_id = {
    "small letters, digits and single hyphens",
    "{\"type\":\"string\",\"pattern\":\"^[a-z0-9]+(-[a-z0-9]+)*$\",\"maxLength\":200}", read_id};

/* As spelled: 1.10 is not 1.1. */
static void read_version(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (value->kind == YAML_NUMBER)
        RESULT(struct slice, key, to) = value->text.s;
    else
        read_name(c, key, value, to);
}

const struct type type_version = {"a text of one line or a number",
                                  "{\"oneOf\":[{\"type\":\"number\"}," SCHEMA_NAME "]}", read_version};

static void read_log_schema(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct slice s = value->text.s;
    if (value->kind == YAML_TEXT && slice_eq(s, SLICE("cloudtrail")))
        RESULT(enum schema, key, to) = SCHEMA_CLOUDTRAIL;
    else if (value->kind == YAML_TEXT && slice_eq(s, SLICE("none")))
        RESULT(enum schema, key, to) = SCHEMA_NONE;
    else
        wrong_type(c, key, value);
}

const struct type type_log_schema = {"cloudtrail or none", "{\"enum\":[\"cloudtrail\",\"none\"]}",
                                     read_log_schema};

static void read_priority(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct slice s = value->text.s;
    if (value->kind == YAML_TEXT && s.n == 2 && s.p[0] == 'P' && s.p[1] >= '1' && s.p[1] <= '5') {
        RESULT(unsigned, key, to) = (unsigned)(s.p[1] - '0');
        return;
    }
    static const char *const words[][2] = {{"critical", "P1"}, {"high", "P2"}, {"medium", "P3"},
                                           {"low", "P4"},      {"info", "P5"}, {"error", "P2"},
                                           {"warning", "P3"}};
    for (size_t i = 0; value->kind == YAML_TEXT && i < sizeof words / sizeof *words; i++)
        if (s.n == strlen(words[i][0]) && word_distance(s, slice_of(words[i][0])) == 0) {
            wrong_type_write(c, key, value, slice_of(words[i][1]))->fix.certain = false;
            return;
        }
    char digit = value->kind < YAML_LIST && s.n ? s.p[s.n - 1] : '\0';
    bool meant = (s.n == 1 || (s.n == 2 && (s.p[0] | 0x20) == 'p')) && digit >= '1' && digit <= '5';
    wrong_type_write(c, key, value, meant ? diag_format(c, "P%c", digit) : (struct slice){NULL, 0});
}

const struct type type_priority = {"P1 to P5", "{\"enum\":[\"P1\",\"P2\",\"P3\",\"P4\",\"P5\"]}",
                                   read_priority};

/* `filter: &x AND y`: YAML takes `&x` for an anchor, and the filter for what is behind it. */
static bool lost_to_anchor(struct compile *c, const struct yaml *value)
{
    bool plain = value->kind < YAML_LIST && value->style == SCALAR_PLAIN;
    if (!plain || !value->anchor.n || value->repeated)
        return false;
    const char *name = shown(c, value->anchor);
    struct loc loc = {value->loc.source, value->from, (uint32_t)value->anchor.n + 1};
    struct diag *d = diag(c, E004, loc, "YAML takes `&%s` for an anchor, not for a part of the filter", name);
    d->note = SLICE("a text that begins with `&` needs quotes; an anchor that no alias repeats can go");
    misread_quote(c, d, loc.source, loc.at);
    return true;
}

/* A pattern of EventBridge, which is JSON, and so YAML. */
static void refuse_mapping(struct compile *c, const struct key *key, const struct yaml *value)
{
    bool is_pattern;
    struct buffer json = {.c = c};
    json_add(&json, value);
    struct slice filter = pattern_filter(c, buffer_slice(&json), &is_pattern);
    struct diag *d = wrong_type(c, key, value);
    if (!filter.n)
        return;
    d->rewrite = is_plain(filter, value->flow) ? filter : quoted_text(c, filter, true);
    d->note = SLICE("as a pattern of EventBridge it asks for this");
}

static void read_filter(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (lost_to_anchor(c, value))
        return;
    if (value->kind == YAML_TEXT && !is_blank_text(value->text.s)) {
        RESULT(struct text, key, to) = value->text;
        return;
    }
    if (value->kind == YAML_TEXT || value->kind == YAML_NULL)
        wrong_type(c, key, value)->note = SLICE("`filter: '*'` takes every event");
    else if (value->kind == YAML_MAP)
        refuse_mapping(c, key, value);
    else
        is_kind(c, key, value, YAML_TEXT);
}

const struct type type_filter = {"a filter, as a text",
                                 "{\"type\":\"string\",\"pattern\":\"[^ \\\\t\\\\n]\"}", read_filter};

struct slice flag_meant(const struct yaml *value)
{
    static const char *const words[][2] = {{"yes", "true"},  {"no", "false"},   {"on", "true"},
                                           {"off", "false"}, {"y", "true"},     {"n", "false"},
                                           {"true", "true"}, {"false", "false"}};
    for (size_t i = 0; value->kind == YAML_TEXT && i < sizeof words / sizeof *words; i++)
        if (strlen(words[i][0]) == value->text.s.n &&
            word_distance(value->text.s, slice_of(words[i][0])) == 0)
            return slice_of(words[i][1]);
    return (struct slice){NULL, 0};
}

static void read_flag(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    if (value->kind == YAML_BOOL)
        RESULT(bool, key, to) = (value->text.s.p[0] | 0x20) == 't';
    else
        wrong_type_write(c, key, value, flag_meant(value));
}

const struct type type_flag = {"true or false", "{\"type\":\"boolean\"}", read_flag};

static void read_duration(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    int64_t ms = value->kind == YAML_TEXT ? duration_parse(value->text.s) : -1;
    if (ms > 0)
        RESULT(int64_t, key, to) = ms;
    else
        wrong_type_write(c, key, value,
                         value->kind == YAML_TEXT ? duration_meant(c, value->text.s)
                                                  : (struct slice){NULL, 0});
}

const struct type type_duration = {"a duration such as 90s, 10m, 36h or 7d",
                                   "{\"type\":\"string\",\"pattern\":\"^" DURATION "$\"}", read_duration};

/* ---- conditions ------------------------------------------------------------------------------- */

static void read_condition(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct when when = RESULT(struct when, key, to);
    if (is_kind(c, key, value, YAML_TEXT) && when_parse(c, &value->text, &when))
        RESULT(struct when, key, to) = when;
}

/* The conditions that the runtime can run, in capitals or not. */
#define GAP "[ \\\\t\\\\r\\\\n]"
#define COUNTED                                                                        \
    "(([Mm][Oo][Rr][Ee]" GAP "+[Tt][Hh][Aa][Nn]|[Aa][Tt]" GAP "+[Mm][Oo][Ss][Tt])" GAP \
    "+0*([0-9]{1,6}|1000000)|([Ll][Ee][Ss][Ss]" GAP "+[Tt][Hh][Aa][Nn]|[Aa][Tt]" GAP   \
    "+[Ll][Ee][Aa][Ss][Tt])" GAP "+0*([1-9][0-9]{0,5}|1000000))" GAP "+[Ii][Nn]" GAP "+" DURATION
/* What is usual: of windows that are too short or too long those of one unit are told, not sums. */
#define USUAL                                                                                        \
    GAP "+[Tt][Hh][Aa][Nn]" GAP "+[Uu][Ss][Uu][Aa][Ll]" GAP "+[Ii][Nn]" GAP "+(?!0*[1-5]?[0-9]s" GAP \
        "|0*[1-5]?[0-9]s$|0*([89]|[1-9][0-9]+)d|0*([2-9]|[1-9][0-9]+)w)" DURATION
#define MARGIN(percent) "(" GAP "+[Bb][Yy]" GAP "+0*" percent "%)?"
#define FLOOR           "(" GAP "+[Aa][Tt]" GAP "+[Ll][Ee][Aa][Ss][Tt]" GAP "+0*([0-9]{1,6}|1000000))?"
#define LEAVES                                                                                        \
    "([Mm][Oo][Rr][Ee]" USUAL                                                                         \
        MARGIN("([0-9]{1,5}(\\\\.[0-9]{1,3}0*)?|100000(\\\\.0+)?)") "|[Ll][Ee][Ss][Ss]" USUAL MARGIN( \
            "[0-9]{1,2}(\\\\.[0-9]{1,3}0*)?") ")" FLOOR
#define CONDITION                                                                                        \
    "{\"type\":\"string\",\"pattern\":\"^" GAP "*([Ii][Mm][Mm][Ee][Dd][Ii][Aa][Tt][Ee][Ll][Yy]|" COUNTED \
    "|" LEAVES ")" GAP "*$\"}"

const struct type type_condition = {"a condition, as a text", CONDITION, read_condition};

/* `[more than 5 in 10m]`, of which each is to be a mapping. */
static bool is_condition_map(struct compile *c, const struct yaml *entry)
{
    if (entry->kind != YAML_TEXT)
        return true;
    struct diag *d = diag(c, E004, entry->loc, "an entry of a list of conditions is a mapping");
    d->note = SLICE("each may have a priority; one condition needs no list");
    if (!is_plain(entry->text.s, true))
        return false;
    d->rewrite = diag_format(c, "{when: %s}", shown(c, entry->text.s));
    if (entry->style == SCALAR_PLAIN)
        diag_fix_source(d, entry->loc, d->rewrite, true);
    return false;
}

static void read_when(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct when *list = NULL;
    size_t n = 0;
    bool text = value->kind == YAML_TEXT;
    if (!text && (value->kind != YAML_LIST || value->n == 0)) {
        wrong_type(c, key, value);
        return;
    }
    for (size_t i = 0; i < (text ? 1 : value->n); i++) {
        struct when when = {0};
        const struct yaml *entry = text ? value : value->entries[i].value;
        bool good = text ? when_parse(c, &value->text, &when)
                         : is_condition_map(c, entry) && shape_read(c, &shape_condition, entry, &when);
        if (good)
            *PUSH(c, list, n) = when;
    }
    RESULT(struct when *, key, to) = list;
    RESULT_COUNT(key, to) = n;
}

const struct type type_when = {
    "a condition, or a list of conditions each with a priority",
    "{\"oneOf\":[" CONDITION ","
    "{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":\"#/definitions/condition\"}}]}",
    read_when};

/* ---- paths of fields -------------------------------------------------------------------------- */

/* A path that ends as a view does is meant as one, which a field to show or group by has not. */
static bool names_view(struct slice s)
{
    const char *dot = NULL;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '.')
            dot = s.p + i;
    if (!dot)
        return false;
    struct slice last = {dot + 1, s.n - (size_t)(dot + 1 - s.p)};
    return slice_eq(last, SLICE("keyword")) || slice_eq(last, SLICE("numeric")) ||
           slice_eq(last, SLICE("text")) || slice_eq(last, SLICE("ip")) || slice_eq(last, SLICE("json"));
}

/* Offset of the first thing that no path has: an empty key, a wildcard, a blank at an end; s.n when there is
 * none. */
static size_t path_fault(struct slice s)
{
    size_t keys = 1;
    for (size_t i = 0; i < s.n; i++) {
        bool first = i == 0 || s.p[i - 1] == '.', last = i + 1 == s.n || s.p[i + 1] == '.';
        keys += s.p[i] == '.';
        if ((s.p[i] == '.' && (first || i + 1 == s.n)) || s.p[i] == '*' || (s.p[i] == ' ' && (first || last)))
            return i;
        if (keys > TRAIL_MAX_DEPTH)
            return i;
    }
    return s.n;
}

/* Whether a key is behind a backslash. */
static bool has_backslash(struct slice s)
{
    for (size_t i = 0; i + 1 < s.n; i++)
        if (s.p[i] == '\\' && (i == 0 || s.p[i - 1] == '.'))
            return true;
    return false;
}

static struct path *read_one_path(struct compile *c, const struct key *key, const struct yaml *value)
{
    struct slice s;
    if (!read_line(c, key, value, &s))
        return NULL;
    size_t fault = path_fault(s);
    if (fault < s.n) {
        struct diag *d =
            diag(c, E004, text_loc(&value->text, fault, fault + 1), "`%s` is not a field", shown(c, s));
        d->note = SLICE("a field is its keys joined with dots, such as userIdentity.userName");
        return NULL;
    }
    if (names_view(s)) {
        size_t dot = s.n - 1;
        while (s.p[dot] != '.')
            dot--;
        struct diag *d =
            diag(c, E004, text_loc(&value->text, dot, s.n), "`%s` is a view, which only filters have",
                 shown(c, (struct slice){s.p + dot, s.n - dot}));
        d->rewrite = (struct slice){s.p, dot};
        diag_fix(d, &value->text, dot, s.n, SLICE(""), true);
        d->note = diag_format(c, "a field whose last key is really named so is written `%.*s.\\%s`", (int)dot,
                              s.p, s.p + dot + 1);
        return NULL;
    }
    struct path *path = path_intern(c, s);
    *PUSH(c, c->named, c->n_named) = (struct named_path){.key = key->name,
                                                         .path = path,
                                                         .as_is = has_backslash(s),
                                                         .loc = text_loc(&value->text, 0, value->text.s.n)};
    return path;
}

static void read_path(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct path *path = read_one_path(c, key, value);
    if (path)
        RESULT(struct path *, key, to) = path;
}

/* Keys joined with dots: none is empty or begins or ends with a space, and the last is no view. */
#define PATH_EDGE "[^.* " SCHEMA_CONTROL "]"
#define PATH_KEY  PATH_EDGE "([^.*" SCHEMA_CONTROL "]*" PATH_EDGE ")?"
#define PATH                                                                                                \
    "{\"type\":\"string\",\"pattern\":\"^(?!.*[.](keyword|numeric|text|ip|json)$)" PATH_KEY "([.]" PATH_KEY \
    "){0,127}$\"}"

const struct type type_path = {"a field", PATH, read_path};

static bool has_path(struct path *const *list, size_t n, const struct path *path)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == path)
            return true;
    return false;
}

static void read_paths(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct path **list = NULL;
    size_t n = 0;
    if (!is_kind(c, key, value, YAML_LIST))
        return;
    for (size_t i = 0; i < value->n; i++) {
        const struct yaml *item = value->entries[i].value;
        struct path *path = read_one_path(c, key, item);
        if (path && has_path(list, n, path))
            diag(c, E004, item->loc, "`%s` is in the list already", shown(c, path->name));
        else if (path)
            *PUSH(c, list, n) = path;
    }
    RESULT(struct path **, key, to) = list;
    RESULT_COUNT(key, to) = n;
}

const struct type type_paths = {"a list of fields",
                                "{\"type\":\"array\",\"uniqueItems\":true,\"items\":" PATH "}", read_paths};

/* ---- labels ----------------------------------------------------------------------------------- */

static void read_label(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct label label = {.exclude = true};
    if (read_line(c, key, value, &label.pattern))
        RESULT(struct label, key, to) = label;
}

const struct type type_label = {"a label, in which * and ? are wildcards", "{" SCHEMA_LINE "}", read_label};

/* `not:x`, one word to YAML, is a label of that name; nobody means it. */
static bool is_glued_not(struct compile *c, const struct yaml *item, struct slice pattern)
{
    if (pattern.n < 5 || memcmp(pattern.p, "not:", 4) != 0)
        return false;
    struct diag *d =
        diag(c, E004, item->loc, "`%.*s` is a label of that name: YAML wants a blank behind the colon",
             (int)pattern.n, pattern.p);
    struct slice label = {pattern.p + 4, pattern.n - 4};
    while (label.n && *label.p == ' ')
        label = (struct slice){label.p + 1, label.n - 1};
    if (!is_plain(label, true))
        label = quoted_text(c, label, false);
    d->rewrite = diag_format(c, "{not: %.*s}", (int)label.n, label.p);
    diag_fix_source(d, item->loc, d->rewrite, true);
    return true;
}

static void read_labels(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    struct label *list = NULL;
    size_t n = 0;
    if (!is_kind(c, key, value, YAML_LIST))
        return;
    for (size_t i = 0; i < value->n; i++) {
        const struct yaml *item = value->entries[i].value;
        struct label label = {0};
        bool good = item->kind == YAML_MAP
                        ? shape_read(c, &shape_label, item, &label)
                        : read_line(c, key, item, &label.pattern) && !is_glued_not(c, item, label.pattern);
        if (good)
            *PUSH(c, list, n) = label;
    }
    RESULT(struct label *, key, to) = list;
    RESULT_COUNT(key, to) = n;
}

const struct type type_labels = {"a list of labels, each a text or `{not: text}`",
                                 "{\"type\":\"array\",\"items\":{\"oneOf\":[{" SCHEMA_LINE
                                 ",\"not\":{\"pattern\":\"^not:.\"}},"
                                 "{\"$ref\":\"#/definitions/label\"}]}}",
                                 read_labels};

/* ---- lists of texts --------------------------------------------------------------------------- */

static void read_texts(struct compile *c, const struct key *key, const struct yaml *value, void *to,
                       bool (*good)(struct slice))
{
    struct slice *list = NULL;
    size_t n = 0;
    if (!is_kind(c, key, value, YAML_LIST))
        return;
    for (size_t i = 0; i < value->n; i++) {
        const struct yaml *item = value->entries[i].value;
        struct slice s;
        if (!read_line(c, key, item, &s))
            continue;
        if (good(s))
            *PUSH(c, list, n) = s;
        else
            wrong_type(c, key, item);
    }
    RESULT(struct slice *, key, to) = list;
    RESULT_COUNT(key, to) = n;
}

static bool is_channel(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_alnum(s.p[i]) && (i == 0 || !strchr("_.-", s.p[i])))
            return false;
    return s.n > 0 && s.n <= MAX_NAME;
}

static void read_channels(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    read_texts(c, key, value, to, is_channel);
}

const struct type type_channels = {
    "a list of channels, named by letters, digits, `_`, `.` and `-`",
    "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"maxLength\":200,\"pattern\":\"^" NAME "$\"}}",
    read_channels};

static bool is_tag(struct slice s)
{
    return s.n > 0 && s.n <= MAX_NAME;
}

static void read_tags(struct compile *c, const struct key *key, const struct yaml *value, void *to)
{
    read_texts(c, key, value, to, is_tag);
}

const struct type type_tags = {"a list of texts of one line each",
                               "{\"type\":\"array\",\"items\":" SCHEMA_NAME "}", read_tags};

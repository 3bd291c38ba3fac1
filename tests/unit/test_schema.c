/*
 * The JSON Schema says of a document what the loader says. A small validator for the keywords that the schema
 * uses reads it as any editor would; an unknown keyword fails the test.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "packs.h"

static cJSON *schema;

static bool valid(const cJSON *rule, const cJSON *value);

static bool is_type(const char *type, const cJSON *value)
{
    return strcmp(type, "object") == 0    ? cJSON_IsObject(value)
           : strcmp(type, "array") == 0   ? cJSON_IsArray(value)
           : strcmp(type, "string") == 0  ? cJSON_IsString(value)
           : strcmp(type, "boolean") == 0 ? cJSON_IsBool(value)
           : strcmp(type, "null") == 0    ? cJSON_IsNull(value)
           : strcmp(type, "number") == 0  ? cJSON_IsNumber(value)
           : strcmp(type, "integer") == 0
               ? cJSON_IsNumber(value) && value->valuedouble == (double)(int64_t)value->valuedouble
               : false;
}

static bool any_type(const cJSON *types, const cJSON *value)
{
    const cJSON *type;
    if (cJSON_IsString(types))
        return is_type(types->valuestring, value);
    cJSON_ArrayForEach(type, types) if (is_type(type->valuestring, value)) return true;
    return false;
}

static bool fits(const char *pattern, const char *text)
{
    int error;
    PCRE2_SIZE at;
    /* As JavaScript has it: \u, and `$` only at the very end. */
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_DOLLAR_ENDONLY, &error, &at, NULL);
    ck_assert_msg(code != NULL, "%s", pattern);
    pcre2_match_data *found = pcre2_match_data_create_from_pattern(code, NULL);
    bool match = pcre2_match(code, (PCRE2_SPTR)text, strlen(text), 0, 0, found, NULL) >= 0;
    pcre2_match_data_free(found);
    pcre2_code_free(code);
    return match;
}

static bool valid_properties(const cJSON *rule, const cJSON *value)
{
    const cJSON *properties = cJSON_GetObjectItem(rule, "properties"), *member;
    const cJSON *others = cJSON_GetObjectItem(rule, "additionalProperties");
    cJSON_ArrayForEach(member, value)
    {
        const cJSON *property = cJSON_GetObjectItemCaseSensitive(properties, member->string);
        if (property ? !valid(property, member) : others && !valid(others, member))
            return false;
    }
    return true;
}

static size_t alternatives(const cJSON *rules, const cJSON *value)
{
    size_t n = 0;
    const cJSON *rule;
    cJSON_ArrayForEach(rule, rules) n += valid(rule, value);
    return n;
}

static bool all_items(const cJSON *rule, const cJSON *value)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, value) if (!valid(rule, item)) return false;
    return true;
}

static bool unique(const cJSON *value)
{
    for (const cJSON *a = value->child; a; a = a->next)
        for (const cJSON *b = a->next; b; b = b->next)
            if (cJSON_Compare(a, b, true))
                return false;
    return true;
}

static bool has_all(const cJSON *names, const cJSON *value)
{
    const cJSON *name;
    cJSON_ArrayForEach(name,
                       names) if (!cJSON_GetObjectItemCaseSensitive(value, name->valuestring)) return false;
    return true;
}

static bool is_one(const cJSON *values, const cJSON *value)
{
    const cJSON *other;
    cJSON_ArrayForEach(other, values) if (cJSON_Compare(other, value, true)) return true;
    return false;
}

static bool names_fit(const cJSON *rule, const cJSON *value)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, value)
    {
        cJSON *name = cJSON_CreateString(member->string);
        bool good = valid(rule, name);
        cJSON_Delete(name);
        if (!good)
            return false;
    }
    return true;
}

static bool holds(const cJSON *rule, const cJSON *keyword, const cJSON *value)
{
    const char *k = keyword->string;
    bool text = cJSON_IsString(value), object = cJSON_IsObject(value), array = cJSON_IsArray(value),
         number = cJSON_IsNumber(value);
    if (strcmp(k, "description") == 0 || strcmp(k, "title") == 0 || strcmp(k, "definitions") == 0 ||
        k[0] == '$')
        return k[0] != '$' || strcmp(k, "$ref") != 0 ||
               valid(cJSON_GetObjectItem(cJSON_GetObjectItem(schema, "definitions"),
                                         strrchr(keyword->valuestring, '/') + 1),
                     value);
    if (strcmp(k, "type") == 0)
        return any_type(keyword, value);
    if (strcmp(k, "enum") == 0)
        return is_one(keyword, value);
    if (strcmp(k, "oneOf") == 0)
        return alternatives(keyword, value) == 1;
    if (strcmp(k, "allOf") == 0)
        return alternatives(keyword, value) == (size_t)cJSON_GetArraySize(keyword);
    if (strcmp(k, "anyOf") == 0)
        return alternatives(keyword, value) > 0;
    if (strcmp(k, "not") == 0)
        return !valid(keyword, value);
    if (strcmp(k, "pattern") == 0)
        return !text || fits(keyword->valuestring, value->valuestring);
    if (strcmp(k, "minLength") == 0)
        return !text || strlen(value->valuestring) >= (size_t)keyword->valueint;
    if (strcmp(k, "maxLength") == 0)
        return !text || strlen(value->valuestring) <= (size_t)keyword->valueint;
    if (strcmp(k, "minimum") == 0)
        return !number || value->valuedouble >= keyword->valuedouble;
    if (strcmp(k, "maximum") == 0)
        return !number || value->valuedouble <= keyword->valuedouble;
    if (strcmp(k, "minItems") == 0)
        return !array || cJSON_GetArraySize(value) >= keyword->valueint;
    if (strcmp(k, "uniqueItems") == 0)
        return !array || unique(value);
    if (strcmp(k, "items") == 0)
        return !array || all_items(keyword, value);
    if (strcmp(k, "required") == 0)
        return !object || has_all(keyword, value);
    if (strcmp(k, "propertyNames") == 0)
        return !object || names_fit(keyword, value);
    if (strcmp(k, "properties") == 0 || strcmp(k, "additionalProperties") == 0)
        return !object || valid_properties(rule, value);
    ck_abort_msg("the validator does not know `%s`", k);
    return false;
}

static bool valid(const cJSON *rule, const cJSON *value)
{
    const cJSON *keyword;
    if (cJSON_IsBool(rule))
        return cJSON_IsTrue(rule);
    ck_assert_msg(cJSON_IsObject(rule), "a rule is an object");
    cJSON_ArrayForEach(keyword, rule) if (!holds(rule, keyword, value)) return false;
    return true;
}

static void read_schema(void)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    schema_print(f);
    fclose(f);
    schema = cJSON_Parse(text);
    ck_assert_msg(schema != NULL, "%s", text);
    free(text);
}

static void forget_schema(void)
{
    cJSON_Delete(schema);
}

/* Whether every document of a YAML text is valid. */
static bool all_valid(const char *yaml)
{
    struct compile *c = new_compile();
    struct yaml **documents = NULL;
    size_t n = 0;
    uint32_t source;
    ck_assert(source_add(c, "t", slice_of(yaml), &source) && yaml_parse(c, source, &documents, &n));
    bool all = true;
    for (size_t i = 0; i < n; i++) {
        struct buffer b = {.c = c};
        json_add(&b, documents[i]);
        cJSON *value = cJSON_Parse(buffer_slice(&b).p);
        ck_assert_ptr_nonnull(value);
        all = all && valid(schema, value);
        cJSON_Delete(value);
    }
    end_compile(c);
    return all;
}

/* Whole documents, and lines that go behind `alert: a`, `filter: x`. */
static const char *const documents[] = {
    "alert: a\n",
    "{alert: a, filter: x, priority: P1}",
    "filter: x\n",
    "alert: a\nfilter: 5\n",
    "alert: ''\n",
    "alert: 5\n",
    "pack: p\n",
    "pack: p\nalert: a\n",
    "pack: p\nversion: 1.0\nschema: none\ntime: t\nevent_id: e\napplication: a\nsubsystem: s\n",
    "version: [1]\n",
    "schema: other\n",
    "lists: {a: [1, x, true], b: {file: schema.txt}}\n",
    "lists: {a: []}\n",
    "lists: {a: ['']}\n",
    "lists: {a b: [x]}\n",
    "lists: {a: {files: x}}\n",
    "defaults: {priority: P1, filter: y, notify: [n]}\n",
    "defaults: {alert: x}\n",
    "defaults: {id: x}\n",
    "defaults: {priority: 1}\n",
    "defaults: {prio: P1}\n",
    "nonsense: 1\n",
};

static const char *const lines[] = {
    "id: a-b1",
    "id: a_b",
    "id: A",
    "description: x",
    "description: [x]",
    "priority: P5",
    "priority: P0",
    "priority: 1",
    "filtre: x",
    "when: more than 5 in 1m",
    "when: [{when: immediately, priority: P1}, {when: at least 1 in 1h}]",
    "when: []",
    "when: [immediately]",
    "when: [{priority: P1}]",
    "when: {when: immediately}",
    "group_by: [a, b.c]",
    "group_by: a",
    "group_by: [a, a]",
    "group_by: ['']",
    "group_by: []",
    "show: [1]",
    "breakdown: [a]",
    "active: {days: Mon-Fri, from: '08:00', to: '24:00', timezone: Europe/Berlin}",
    "active: [{days: [Mon, Wed-Thu]}, {}]",
    "active: {days: []}",
    "active: {days: Monday}",
    "active: {from: '24:00'}",
    "active: {from: '9:00'}",
    "active: {to: '24:01'}",
    "active: {tz: UTC}",
    "active: always",
    "applications: [a, {not: b*}]",
    "applications: a",
    "applications: [{no: b}]",
    "applications: [{}]",
    "subsystems: ['']",
    "notify: [a-b.c_d, 9]",
    "notify: [mail]",
    "notify: [a b]",
    "notify_every: 1h30m",
    "notify_every: 90",
    "notify_every: 1.5h",
    "notify_resolved: true",
    "notify_resolved: yes",
    "retire: 7d",
    "retire: never",
    "tags: [a, b]",
    "tags: a",
    "tags: ['']",
    "tests: []",
    "tests: [{name: n, events: [{a: [1]}], fires: true, application: a, subsystem: s, now: "
    "2026-01-01T00:00:00Z}]",
    "tests: [{events: [], fires: 3}]",
    "tests: [{events: [], fires: -3}]",
    "tests: [{events: [], fires: 1.5}]",
    "tests: [{events: [], fires: x}]",
    "tests: [{events: [], fires: []}]",
    "tests: [{events: [], fires: [{time: 2026-01-01T00:00:00+01:00, group: g, count: 0}, {group: {a: 1}}, "
    "{}]}]",
    "tests: [{events: [], fires: [{count: -1}]}]",
    "tests: [{events: [], fires: [{group: [a]}]}]",
    "tests: [{events: [], fires: [{group: {a: []}}]}]",
    "tests: [{events: [], fires: [{time: today}]}]",
    "tests: [{events: []}]",
    "tests: [{fires: true}]",
    "tests: [{events: [], file: x, fires: true}]",
    "tests: [{events: [1], fires: true}]",
    "tests: [{events: {}, fires: true}]",
    "tests: [{events: [], fires: true, when: x}]",
    "tests: {}",
};

/* What the loader alone can know: other documents and files. */
static bool knows_more(const struct compile *c, const char *code)
{
    bool no_alert = c->n_diags == 1 && slice_eq(c->diags[0].message, SLICE("the pack has no alert"));
    return no_alert || (strstr(code, "filter: '*'") && !strchr(code, ';'));
}

static void agree(const char *yaml)
{
    struct compile *c = load(yaml);
    const char *loader = said(c);
    bool good = !*loader || knows_more(c, loader) || strstr(yaml, "schema.txt");
    ck_assert_msg(all_valid(yaml) == good, "%s: the schema takes it %s, the loader says %s", yaml,
                  good ? "not" : "", loader);
    end_compile(c);
}

START_TEST(document)
{
    agree(documents[_i]);
}
END_TEST

START_TEST(line)
{
    struct compile *c = new_compile();
    agree(diag_format(c, "alert: a\nfilter: x\n%s\n", lines[_i]).p);
    end_compile(c);
}
END_TEST

/* Every key that is in a table is in the schema, described. */
START_TEST(complete)
{
    const cJSON *defs = cJSON_GetObjectItem(schema, "definitions");
    for (size_t i = 0; all_shapes[i]; i++) {
        const cJSON *properties =
            cJSON_GetObjectItem(cJSON_GetObjectItem(defs, all_shapes[i]->name), "properties");
        for (size_t k = 0; k < all_shapes[i]->n; k++) {
            const struct key *key = &all_shapes[i]->keys[k];
            const cJSON *property = cJSON_GetObjectItemCaseSensitive(properties, key->name);
            ck_assert_msg((property != NULL) == !(all_shapes[i]->defaults && key->own), "%s", key->name);
            ck_assert_msg(!property || cJSON_GetObjectItem(property, "description"), "%s", key->name);
        }
    }
}
END_TEST

/* The example of every key, which messages show, is one that the loader and the schema take. */
START_TEST(examples)
{
    for (size_t i = 0; i < shape_alert.n; i++) {
        const struct key *key = &shape_alert.keys[i];
        struct compile *c = new_compile();
        const char *alert = strcmp(key->name, "alert") == 0 ? "" : "alert: a\n";
        const char *filter = strcmp(key->name, "filter") == 0 ? "" : "filter: x\n";
        const char *yaml = diag_format(c, "%s%s%s: %s\n", alert, filter, key->name, key->example).p;
        struct compile *loaded = load(yaml);
        ck_assert_msg(!*said(loaded), "%s: %s", yaml, said(loaded));
        ck_assert_msg(all_valid(yaml), "%s", yaml);
        end_compile(loaded);
        end_compile(c);
    }
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tcase, test, 0, sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("schema");
    TCase *tcase = tcase_create("schema");
    tcase_add_checked_fixture(tcase, read_schema, forget_schema);
    LOOP(document, documents);
    LOOP(line, lines);
    tcase_add_test(tcase, complete);
    tcase_add_test(tcase, examples);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}

/*
 * Shapes, patterns, sets of them and their files: what is told apart, what is not, and the bounds.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "patterns/set.h"
#include "patterns/shape.h"
#include "patterns/store.h"
#include "patterns/suggest.h"
#include "suite.h"

static struct trail_slice slice(const char *text)
{
    return (struct trail_slice){text, strlen(text)};
}

static char *ended(struct trail_text *text)
{
    trail_text_add(text, "", 1);
    ck_assert(!text->failed);
    return text->p;
}

/* A copy with padding behind it, as framers give records. */
static char *shape_of(const char *json)
{
    struct trail_text text = {0};
    size_t n = strlen(json);
    char *padded = calloc(1, n + TRAIL_PADDING);
    memcpy(padded, json, n);
    shape_add(&text, (struct trail_slice){padded, n});
    free(padded);
    return ended(&text);
}

static const struct {
    const char *json, *shape;
} shapes[] = {
    {"{\"userName\":\"ann\",\"tags\":[{\"key\":\"a\",\"value\":1},{\"key\":\"b\"}],\"dryRun\":null}",
     "{tags:[{key:string,value:number}],userName:string}"},
    {"\"text\"", "string"},
    {"-1.5e3", "number"},
    {"true", "boolean"},
    {"null", ""},
    {"[]", ""},
    {"{}", ""},
    {"[[],[null,{}]]", ""},
    {"{\"a\":{},\"b\":[],\"c\":[[{\"d\":null}]]}", "{c:[{}]}"},
    {"{\"b\":1,\"a\":2}", "{a:number,b:number}"},
    {" { \"a\" : [ 1 , \"x\" , true , { \"k\" : [ [ 2 ] ] } ] } ",
     "{a:[{k:[number]}|boolean|number|string]}"},
    {"{\"a\":1,\"a\":\"x\"}", "{a:number|string}"},
    {"{\"a\":[1],\"a\":2}", "{a:[number]}"},
    {"{\"arn:aws:s3:::a\":1,\"192.0.2.1\":2,\"i-0123456789abcdef0\":3,\"2026-01-01\":\"x\"}",
     "{*:number|string}"},
    {"{\"a b\":{\"c\":1},\"a\\\"b\":{\"d\":1},\"a\":1}", "{*:{c:number,d:number},a:number}"},
    {"{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}",
     "{a:{a:{a:{a:{a:{a:{a:{a:{...}}}}}}}}}"},
};

START_TEST(shapes_say_keys_types_and_nesting)
{
    char *shape = shape_of(shapes[_i].json);
    ck_assert_str_eq(shape, shapes[_i].shape);
    free(shape);
}
END_TEST

START_TEST(names_are_told_from_data)
{
    static const char *const names[] = {"userName",        "x-amz-acl", "ipv4Address", "$ref",
                                        "@timestamp",      "_id",       "log.level",   "sha256",
                                        "SOME_CONSTANT_1", "a"};
    static const char *const data[] = {"",
                                       "1a",
                                       "AKIAIOSFODNN7EXAMPLE",
                                       "123456789012",
                                       "a:b",
                                       "a/b",
                                       "a b",
                                       "ann@example.com",
                                       "user1234",
                                       "a1b2c3d4e5f6a7",
                                       "i-000a077d",
                                       "x1g2h3i4j5k6l7",
                                       "f3c1f7a5-8f0e-4e0b-9d4a-000000000101",
                                       "\xc3\xa4",
                                       "a\\u0061",
                                       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_msg(shape_is_name(slice(names[i])), "%s", names[i]);
    for (size_t i = 0; i < sizeof data / sizeof *data; i++)
        ck_assert_msg(!shape_is_name(slice(data[i])), "%s", data[i]);
    ck_assert(!shape_is_name((struct trail_slice){"\0", 1}));
}
END_TEST

/* An object of n keys, in words of letters; backwards: the last first. */
static char *keys(unsigned n, bool backwards, const char *value)
{
    struct trail_text text = {0};
    for (unsigned i = 0; i < n; i++) {
        unsigned k = backwards ? n - 1 - i : i;
        char key[64];
        snprintf(key, sizeof key, "%s\"k%c%c%c\":", i ? "," : "{", 'a' + k % 26, 'a' + k / 26 % 26,
                 'a' + k / 676);
        trail_text_add(&text, key, strlen(key));
        trail_text_add(&text, value, strlen(value));
    }
    trail_text_add(&text, "}", 1);
    return ended(&text);
}

START_TEST(objects_with_many_keys_have_any)
{
    for (unsigned n = SHAPE_KEYS; n <= SHAPE_KEYS + 1; n++) {
        char *forth = keys(n, false, "1"), *back = keys(n, true, "1");
        char *a = shape_of(forth), *b = shape_of(back);
        ck_assert_str_eq(a, b);
        ck_assert_int_eq(strcmp(a, "{*}") == 0, n > SHAPE_KEYS);
        free(a);
        free(b);
        free(forth);
        free(back);
    }
}
END_TEST

START_TEST(large_shapes_are_cut_where_they_are_deep)
{
    char *inner = keys(50, false, "1"), *outer = keys(50, false, inner), *shape = shape_of(outer);
    ck_assert_uint_le(strlen(shape), SHAPE_TEXT);
    ck_assert_ptr_nonnull(strstr(shape, "kaaa:{...}"));
    free(inner);
    free(outer);
    free(shape);
    /* However long its keys are. */
    struct trail_text text = {0};
    for (int i = 0; i < 60; i++) {
        char key[128];
        snprintf(key, sizeof key, "%s\"%c%c%058d\":{\"a\":1}", i ? "," : "{", 'a' + i % 26, 'a' + i / 26, 0);
        memset(strstr(key, "00"), 'x', 58);
        trail_text_add(&text, key, strlen(key));
    }
    trail_text_add(&text, "}", 1);
    shape = shape_of(ended(&text));
    ck_assert_str_eq(shape, "{...}");
    trail_text_free(&text);
    free(shape);
}
END_TEST

START_TEST(shapes_of_hostile_values_end)
{
    struct trail_text text = {0};
    for (int i = 0; i < TRAIL_MAX_DEPTH; i++)
        trail_text_add(&text, i % 2 ? "[" : "{\"a\":", i % 2 ? 1 : 5);
    trail_text_add(&text, "1", 1);
    for (int i = TRAIL_MAX_DEPTH; i-- > 0;)
        trail_text_add(&text, i % 2 ? "]" : "}", 1);
    char *shape = shape_of(ended(&text));
    ck_assert_ptr_nonnull(strstr(shape, "{...}"));
    trail_text_free(&text);
    free(shape);
}
END_TEST

/* ---- patterns ----------------------------------------------------------------------------- */

static char *pattern_of(const char *json, size_t *n_fields)
{
    struct trail_text text = {0};
    size_t n = strlen(json);
    char *padded = calloc(1, n + TRAIL_PADDING);
    memcpy(padded, json, n);
    pattern_add(&text, (struct trail_slice){padded, n}, n_fields);
    free(padded);
    return ended(&text);
}

#define CALL   "\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"AddUserToGroup\""
#define CALLED "\"fields\":{\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"AddUserToGroup\""

static const struct {
    const char *json, *pattern;
} patterns[] = {
    {"{" CALL ",\"errorCode\":\"AccessDenied\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"a\"},"
     "\"requestParameters\":{\"userName\":\"b\",\"groupName\":\"c\"},\"responseElements\":{\"x\":1}}",
     CALLED ",\"errorCode\":\"AccessDenied\",\"userIdentity.type\":\"IAMUser\"},\"shapes\":{\"userIdentity\":"
            "\"{arn:string,type:string}\",\"requestParameters\":\"{groupName:string,userName:string}\"}"},
    {"{" CALL ",\"errorCode\":null,\"requestParameters\":null}", CALLED "},\"shapes\":{}"},
    {"{" CALL ",\"errorCode\":\"a\\\"b\",\"userIdentity\":{\"type\":\"\xc3\xa4\"}}", CALLED
     ",\"errorCode\":\"*\",\"userIdentity.type\":\"*\"},\"shapes\":{\"userIdentity\":\"{type:string}\"}"},
    {"{\"level\":\"error\",\"type\":\"login\",\"status\":500,\"user\":\"ann\"}",
     "\"fields\":{\"type\":\"login\",\"level\":\"error\",\"status\":\"500\"},\"shapes\":{\"event\":"
     "\"{level:string,status:number,type:string,user:string}\"}"},
    {"{\"log\":{\"level\":\"info\"},\"event\":{\"action\":\"read\"},\"status\":12345}",
     "\"fields\":{\"event.action\":\"read\",\"log.level\":\"info\",\"status\":\"*\"},\"shapes\":{\"event\":"
     "\"{event:{action:string},log:{level:string},status:number}\"}"},
    {"{\"event.action\":\"read\",\"type\":\"GET /a/17\"}",
     "\"fields\":{\"event.action\":\"read\",\"type\":\"*\"},\"shapes\":{\"event\":\"{event.action:string,"
     "type:string}\"}"},
    {"{\"eventSource\":1,\"eventName\":\"x\"}",
     "\"fields\":{\"eventSource\":\"1\",\"eventName\":\"x\"},\"shapes\":{\"event\":\"{eventName:string,"
     "eventSource:number}\"}"},
    {"{}", "\"fields\":{},\"shapes\":{}"},
};

START_TEST(patterns_say_what_kind_an_event_is)
{
    size_t n = 0;
    char *pattern = pattern_of(patterns[_i].json, &n);
    ck_assert_str_eq(pattern, patterns[_i].pattern);
    ck_assert_int_eq(memcmp(pattern + n, ",\"shapes\":{", 11), 0);
    free(pattern);
}
END_TEST

/* ---- sets --------------------------------------------------------------------------------- */

static void add_event(struct set *s, const char *json, int64_t time, const char *path, uint64_t record)
{
    static const uint32_t hits[] = {3};
    struct set_event e = {.time = time, .path = path, .record = record, .hits = hits, .n_hits = record % 2};
    char *pattern = pattern_of(json, &e.n_fields);
    e.text = slice(pattern);
    e.event = slice(json);
    e.hash = set_hash(s, e.text);
    ck_assert(set_add(s, &e));
    free(pattern);
}

START_TEST(sets_count)
{
    struct set *s = set_new(10);
    add_event(s, "{\"type\":\"a\"}", 2000, "x", 1);
    add_event(s, "{\"type\":\"b\"}", TRAIL_NO_TIME, "x", 2);
    add_event(s, "{\"type\":\"a\"}", 1000, "y", 3);
    add_event(s, "{\"type\":\"a\"}", TRAIL_NO_TIME, "y", 4);
    ck_assert_uint_eq(set_n(s), 2);
    ck_assert_uint_eq(set_events(s), 4);
    const struct set_pattern *a = set_at(s, 0), *b = set_at(s, 1);
    ck_assert_uint_eq(a->count, 3);
    ck_assert_int_eq(a->first, 1000);
    ck_assert_int_eq(a->last, 2000);
    ck_assert_str_eq(a->path, "x");
    ck_assert_uint_eq(a->record, 1);
    ck_assert_str_eq(a->event, "{\"type\":\"a\"}");
    ck_assert_uint_eq(a->covered, 2);
    ck_assert_uint_eq(a->n_alerts, 1);
    ck_assert_uint_eq(a->alerts[0].alert, 3);
    ck_assert_uint_eq(a->alerts[0].hits, 2);
    ck_assert_int_eq(b->first, TRAIL_NO_TIME);
    size_t *frequent = set_order(s, SET_FREQUENT), *rare = set_order(s, SET_RARE);
    ck_assert_uint_eq(frequent[0], 0);
    ck_assert_uint_eq(rare[0], 1);
    free(frequent);
    free(rare);
    set_free(s);
}
END_TEST

START_TEST(sets_are_bounded)
{
    struct set *s = set_new(150);
    char json[64];
    for (int i = 0; i < 300; i++) {
        snprintf(json, sizeof json, "{\"type\":\"a\",\"k%c%c\":1}", 'a' + i % 26, 'a' + i / 26);
        add_event(s, json, i, "x", 2);
    }
    /* So many shapes, and the others as one. */
    ck_assert_uint_eq(set_n(s), SET_SHAPES + 1);
    const struct set_pattern *others = set_at(s, SET_SHAPES);
    ck_assert_uint_eq(others->count, 200);
    ck_assert_uint_eq(pattern_shape((struct trail_slice){others->text, others->n_text}, "*").n, 1);
    for (int i = 0; i < 100; i++) {
        snprintf(json, sizeof json, "{\"type\":\"t%c%c\"}", 'a' + i % 26, 'a' + i / 26);
        add_event(s, json, i, "x", 2);
    }
    ck_assert_uint_eq(set_n(s), 150);
    ck_assert_uint_eq(set_left_out(s), 100 - (150 - SET_SHAPES - 1));
    ck_assert_uint_eq(set_events(s), 400);
    set_free(s);
}
END_TEST

/* ---- files -------------------------------------------------------------------------------- */

static struct set *example(void)
{
    struct set *s = set_new(100);
    add_event(s, patterns[0].json, 1000, "a\n\"b\".json", 7);
    add_event(s, patterns[3].json, TRAIL_NO_TIME, "c", 8);
    add_event(s, patterns[3].json, 5000, "c", 9);
    return s;
}

START_TEST(files_hold_sets_and_merge)
{
    char error[STORE_ERROR] = "";
    char path[] = "/tmp/test-patterns-XXXXXX";
    close(mkstemp(path));
    struct set *s = example(), *again = set_new(100);
    ck_assert_msg(store_save(s, path, error), "%s", error);
    for (unsigned times = 1; times <= 2; times++) {
        ck_assert_msg(store_load(again, path, error), "%s", error);
        ck_assert_uint_eq(set_n(again), 2);
        ck_assert_uint_eq(set_events(again), 3 * times);
        for (size_t i = 0; i < 2; i++) {
            const struct set_pattern *p = set_at(s, i),
                                     *q = set_find(again, (struct trail_slice){p->text, p->n_text});
            ck_assert_ptr_nonnull(q);
            ck_assert_uint_eq(q->count, p->count * times);
            ck_assert_int_eq(q->first, p->first);
            ck_assert_int_eq(q->last, p->last);
            ck_assert_str_eq(q->path, p->path);
            ck_assert_uint_eq(q->record, p->record);
        }
    }
    unlink(path);
    set_free(s);
    set_free(again);
}
END_TEST

static const struct {
    const char *text, *error;
} damaged[] = {
    {"", "is no set"},
    {"hello", "is no set"},
    {"{\"patterns\":[]}", "is no set"},
    {"[]", "is no set"},
    {"{\"trailc\":\"patterns\",\"version\":1,\"patterns\":[", "is damaged"},
    {"{\"trailc\":\"patterns\",\"version\":1,\"patterns\":[]} x", "is damaged"},
    {"{\"trailc\":\"patterns\",\"version\":1}", "is damaged"},
    {"{\"trailc\":\"patterns\",\"version\":\"1\",\"patterns\":[]}", "is damaged"},
    {"{\"trailc\":\"patterns\",\"version\":2,\"patterns\":[]}", "newer version"},
#define WITH(pattern) "{\"trailc\":\"patterns\",\"version\":1,\"patterns\":[" pattern "]}"
    {WITH("7"), "is damaged"},
    {WITH("{\"fields\":{},\"count\":1}"), "is damaged"},
    {WITH("{\"fields\":{\"type\":1},\"shapes\":{}}"), "is damaged"},
    {WITH("{\"fields\":{\"a) OR (b\":\"x\"},\"shapes\":{}}"), "is damaged"},
    {WITH("{\"fields\":{\"type\":\"a\\nb\"},\"shapes\":{}}"), "is damaged"},
    {WITH("{\"fields\":{\"type\":\"a\\\"b\"},\"shapes\":{}}"), "is damaged"},
    {WITH("{\"fields\":{\"type\":\"\\u009b\"},\"shapes\":{}}"), "is damaged"},
    {WITH("{\"fields\":{\"type\":\"\"},\"shapes\":{}}"), "is damaged"},
    {WITH("{\"fields\":{},\"shapes\":{\"x\":\"y\"}}"), "is damaged"},
    {WITH("{\"fields\":{},\"shapes\":{},\"count\":-1}"), "is damaged"},
    {WITH("{\"fields\":{},\"shapes\":{},\"count\":1e300}"), "is damaged"},
    {WITH("{\"fields\":{},\"shapes\":{},\"first_seen\":\"soon\"}"), "is damaged"},
};

START_TEST(damaged_and_foreign_files_are_refused)
{
    char error[STORE_ERROR] = "";
    struct set *s = set_new(100);
    ck_assert(!store_read(s, damaged[_i].text, strlen(damaged[_i].text), error));
    ck_assert_msg(strstr(error, damaged[_i].error), "%s", error);
    set_free(s);
}
END_TEST

START_TEST(suggestions_hold_the_fields)
{
    struct set *s = example();
    struct trail_text text = {0};
    suggest_add(&text, set_at(s, 0));
    char *rule = ended(&text);
    ck_assert_ptr_nonnull(strstr(rule, "\n  eventSource.keyword:\"iam.amazonaws.com\"\n"
                                       "  AND eventName.keyword:\"AddUserToGroup\"\n"
                                       "  AND errorCode.keyword:\"AccessDenied\"\n"
                                       "  AND userIdentity.type.keyword:\"IAMUser\"\n"));
    ck_assert_ptr_nonnull(strstr(rule, "# requestParameters: {groupName:string,userName:string}\n"));
    trail_text_free(&text);
    set_free(s);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

int main(void)
{
    Suite *s = suite_create("patterns");
    TCase *t = tcase_create("patterns");
    tcase_add_loop_test(t, shapes_say_keys_types_and_nesting, 0, COUNT(shapes));
    tcase_add_test(t, names_are_told_from_data);
    tcase_add_test(t, objects_with_many_keys_have_any);
    tcase_add_test(t, large_shapes_are_cut_where_they_are_deep);
    tcase_add_test(t, shapes_of_hostile_values_end);
    tcase_add_loop_test(t, patterns_say_what_kind_an_event_is, 0, COUNT(patterns));
    tcase_add_test(t, sets_count);
    tcase_add_test(t, sets_are_bounded);
    tcase_add_test(t, files_hold_sets_and_merge);
    tcase_add_loop_test(t, damaged_and_foreign_files_are_refused, 0, COUNT(damaged));
    tcase_add_test(t, suggestions_hold_the_fields);
    suite_add_tcase(s, t);
    return run_tap(s);
}

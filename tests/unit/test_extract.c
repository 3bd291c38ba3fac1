/*
 * What hits carry: groups, breakdowns and shown fields, from values as a record may hold them.
 */
#include "engine/extract.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fixture_pack.h"
#include "suite.h"
#include "json/elements.h"

/* Its alert is met. */
static uint64_t hits[1] = {1};
static struct trail_match met = {.hits = hits};

/* The "record" of these tests is an array of [field, value] pairs: what fields_of passes on. */
static void pass_pairs(struct trail_match *m, const char *record, size_t n, trail_field_fn *fn, void *user)
{
    struct trail_elements e;
    struct trail_slice key, value;
    (void)m;
    trail_members_start(&e, (struct trail_slice){record, n});
    while (trail_members_next(&e, &key, &value))
        fn(user, (unsigned)(*key.p - '0'), value);
}

enum { G = 4, H, S };

static const uint16_t two_fields[] = {G, H};
static const uint16_t one_field[] = {S};
static const struct trail_condition counts[] = {{TRAIL_MORE_THAN, 1, 1, 60000, 0}};

static const struct trail_alert alert = {.id = "a",
                                         .n_conditions = 1,
                                         .conditions = counts,
                                         .group_by = {2, two_fields},
                                         .breakdown = {2, two_fields},
                                         .show = {1, one_field}};
static const struct trail_alert whole = {.id = "w", .n_conditions = 1, .conditions = counts};
static const struct trail_alert silent = {.id = "s", .n_conditions = 1, .conditions = fixture_less};

static const char *const fields[] = {"t", "id", NULL, NULL, "g", "h.k", "s"};

/* Everything that the hits of one record carry, a line for each. */
static char *carried(const struct trail_alert *a, const char *record, bool render)
{
    static char text[1 << 16];
    struct trail_pack pack = {.abi = TRAIL_ABI,
                              .n_alerts = 1,
                              .alerts = a,
                              .n_fields = sizeof fields / sizeof *fields,
                              .fields = fields,
                              .fields_of = pass_pairs};
    struct extract *x = extract_new(&pack, render);
    struct chunk *c = chunk_new();
    size_t n = 0;
    text[0] = 0;
    ck_assert(extract_record(x, &met, record, strlen(record)));
    ck_assert(extract_hits(x, 0, (struct trail_slice){"", 0}, c));
    for (size_t i = 0; i < c->n_found && n < sizeof text - 4096; i++) {
        struct trail_slice group = chunk_text(c, c->found[i].group),
                           shown = chunk_text(c, c->found[i].fields),
                           breakdown = chunk_text(c, c->found[i].breakdown);
        n += (size_t)snprintf(text + n, sizeof text - n, "%.*s %.*s %.*s\n", (int)group.n, group.p,
                              (int)breakdown.n, breakdown.p, (int)shown.n, shown.p);
    }
    chunk_free(c);
    extract_free(x);
    return text;
}

static const struct {
    const char *name, *record, *carried;
} cases[] = {
    {"one value each", "{\"4\":\"a\",\"5\":1,\"6\":true}",
     "{\"g\":\"a\",\"h.k\":1} {\"g\":[\"a\"],\"h.k\":[1]} {\"s\":true}\n"},
    {"nothing", "{}", "{\"g\":null,\"h.k\":null}  {}\n"},
    {"absent values", "{\"4\":null,\"5\":[],\"6\":{}}", "{\"g\":null,\"h.k\":null}  {}\n"},
    {"an array", "{\"4\":[\"a\",\"b\"]}",
     "{\"g\":\"a\",\"h.k\":null} {\"g\":[\"a\",\"b\"]} {}\n{\"g\":\"b\",\"h.k\":null} {\"g\":[\"a\",\"b\"]} "
     "{}\n"},
    {"every pair", "{\"4\":[1,2],\"5\":[3,4]}",
     "{\"g\":1,\"h.k\":3} {\"g\":[1,2],\"h.k\":[3,4]} {}\n{\"g\":1,\"h.k\":4} {\"g\":[1,2],\"h.k\":[3,4]} "
     "{}\n"
     "{\"g\":2,\"h.k\":3} {\"g\":[1,2],\"h.k\":[3,4]} {}\n{\"g\":2,\"h.k\":4} {\"g\":[1,2],\"h.k\":[3,4]} "
     "{}\n"},
    {"equal values in other spellings", "{\"4\":[\"a\",\"\\u0061\",\"a\"]}",
     "{\"g\":\"a\",\"h.k\":null} {\"g\":[\"a\"]} {}\n"},
    {"values in several places", "{\"4\":\"a\",\"4\":[\"a\"]}",
     "{\"g\":\"a\",\"h.k\":null} {\"g\":[\"a\"]} {}\n"},
    {"a number is no string", "{\"4\":[1,\"1\"]}",
     "{\"g\":1,\"h.k\":null} {\"g\":[1,\"1\"]} {}\n{\"g\":\"1\",\"h.k\":null} {\"g\":[1,\"1\"]} {}\n"},
    {"an object is a value", "{\"4\":{\"x\": [1, 2]}}",
     "{\"g\":{\"x\":[1,2]},\"h.k\":null} {\"g\":[{\"x\":[1,2]}]} {}\n"},
    {"a shown array", "{\"6\":[1,[2]]}", "{\"g\":null,\"h.k\":null}  {\"s\":[1,[2]]}\n"},
    {"shown twice", "{\"6\":\"x\",\"6\":\"y\"}", "{\"g\":null,\"h.k\":null}  {\"s\":[\"x\",\"y\"]}\n"},
    {"shown three times, one absent", "{\"6\":1,\"6\":null,\"6\":[2],\"6\":3}",
     "{\"g\":null,\"h.k\":null}  {\"s\":[1,[2],3]}\n"},
    {"controls are escaped", "{\"4\":\"\\u001b\",\"6\":\"\\u202e\"}",
     "{\"g\":\"\\u001b\",\"h.k\":null} {\"g\":[\"\\u001b\"]} {\"s\":\"\\u202e\"}\n"},
    {"an empty text is a value", "{\"4\":\"\"}", "{\"g\":\"\",\"h.k\":null} {\"g\":[\"\"]} {}\n"},
};

START_TEST(hits_carry)
{
    char *got = carried(&alert, cases[_i].record, true);
    ck_assert_msg(strcmp(got, cases[_i].carried) == 0, "%s: %s", cases[_i].name, got);
}
END_TEST

START_TEST(without_show_it_is_the_whole_event)
{
    ck_assert_str_eq(carried(&whole, "{\"4\" : 1}", true), "{}  {\"4\":1}\n");
}
END_TEST

START_TEST(nothing_is_rendered_that_nobody_wants)
{
    ck_assert_str_eq(carried(&whole, "{\"4\" : 1}", false), "{}  {}\n");
    ck_assert_str_eq(carried(&silent, "{\"4\" : 1}", true), "{}  {}\n");
    ck_assert_str_eq(carried(&alert, "{\"4\":1,\"5\":2,\"6\":3}", false), "{\"g\":1,\"h.k\":2}  {}\n");
}
END_TEST

static size_t n_lines(const char *text)
{
    size_t n = 0;
    for (; (text = strchr(text, '\n')); text++)
        n++;
    return n;
}

START_TEST(tuples_are_bounded_by_number)
{
    char record[4096] = "{\"4\":[0", pair[32];
    for (int i = 1; i < 100; i++) {
        snprintf(pair, sizeof pair, ",%d", i);
        strcat(record, pair);
    }
    strcat(record, "],\"5\":[1,2]}");
    ck_assert_uint_eq(n_lines(carried(&alert, record, false)), TRAIL_MAX_TUPLES);
}
END_TEST

START_TEST(tuples_are_bounded_by_size)
{
    enum { LONG = 400000 };
    char *record = malloc(LONG + 200);
    size_t n = (size_t)sprintf(record, "{\"4\":\"");
    memset(record + n, 'x', LONG);
    strcpy(record + n + LONG, "\",\"5\":[1,2,3,4,5,6,7,8,9]}");
    struct trail_pack pack = {.n_alerts = 1,
                              .alerts = &alert,
                              .n_fields = sizeof fields / sizeof *fields,
                              .fields = fields,
                              .fields_of = pass_pairs};
    struct extract *x = extract_new(&pack, false);
    struct chunk *c = chunk_new();
    ck_assert(extract_record(x, &met, record, strlen(record)));
    ck_assert(extract_hits(x, 0, (struct trail_slice){"", 0}, c));
    ck_assert_uint_eq(c->n_found, 3);
    chunk_free(c);
    extract_free(x);
    free(record);
}
END_TEST

START_TEST(texts_are_first_values)
{
    static const struct {
        const char *record, *text;
    } texts[] = {
        {"{\"1\":\"a\\nb\"}", "a\nb"}, {"{\"1\":17}", "17"},   {"{\"1\":[null,[\"x\"],\"y\"]}", "x"},
        {"{\"1\":null,\"1\":2}", "2"}, {"{\"4\":\"no\"}", ""}, {"{\"1\":\"\\u0061\"}", "a"},
    };
    struct trail_pack pack = {.n_alerts = 1,
                              .alerts = &alert,
                              .n_fields = sizeof fields / sizeof *fields,
                              .fields = fields,
                              .fields_of = pass_pairs};
    struct extract *x = extract_new(&pack, false);
    struct trail_text to = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert(extract_record(x, &met, texts[i].record, strlen(texts[i].record)));
        ck_assert(extract_text(x, TRAIL_FIELD_EVENT_ID, &to));
        ck_assert_msg(to.n == strlen(texts[i].text) && (to.n == 0 || memcmp(to.p, texts[i].text, to.n) == 0),
                      "%s", texts[i].record);
    }
    trail_text_free(&to);
    extract_free(x);
}
END_TEST

/* Whatever stands where in a text: what comes out is safe to print, and otherwise as it was. */
START_TEST(texts_of_all_lengths)
{
    static const struct {
        const char *in, *out;
    } odd[] = {{" ", " "},
               {"~", "~"},
               {"\x7f", "\\u007f"},
               {"\xc3\xa9", "\xc3\xa9"},
               {"\xc2\x85", "\\u0085"},
               {"\\\"", "\\\""},
               {"\\\\", "\\\\"},
               {"\\u0041", "A"},
               {"!", "!"},
               {"]", "]"}};
    static const char plain[] = "0123456789abcdefghij";
    char record[128], expected[256];
    for (size_t k = 0; k < sizeof odd / sizeof *odd; k++)
        for (int n = 0; n <= 20; n++)
            for (int at = 0; at <= n; at++) {
                const char *behind = plain + at, *in = odd[k].in, *out = odd[k].out;
                snprintf(record, sizeof record, "{\"4\":\"%.*s%s%.*s\"}", at, plain, in, n - at, behind);
                snprintf(expected, sizeof expected, "{\"g\":\"%.*s%s%.*s\",\"h.k\":null}", at, plain, out,
                         n - at, behind);
                const char *got = carried(&alert, record, false);
                ck_assert_msg(strncmp(got, expected, strlen(expected)) == 0, "%s: %s", record, got);
            }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("extract");
    TCase *t = tcase_create("extract");
    tcase_add_loop_test(t, hits_carry, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(t, without_show_it_is_the_whole_event);
    tcase_add_test(t, nothing_is_rendered_that_nobody_wants);
    tcase_add_test(t, tuples_are_bounded_by_number);
    tcase_add_test(t, tuples_are_bounded_by_size);
    tcase_add_test(t, texts_are_first_values);
    tcase_add_test(t, texts_of_all_lengths);
    suite_add_tcase(s, t);
    return run_tap(s);
}

/*
 * Walks over members and values, on JSON and on what is none.
 */
#include "json/elements.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "trail/json.h"

static struct trail_slice text(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

static const struct {
    const char *json, *walked;
} members[] = {
    {"{}", ""},
    {"{\"a\":1}", "a=1;"},
    {" { \"a\" : 1 , \"b\" : \"x,}\" } ", "a=1;b=\"x,}\";"},
    {"{\"a\":{\"b\":[1,2]},\"c\":null}", "a={\"b\":[1,2]};c=null;"},
    {"{\"a\\\"b\":true}", "a\\\"b=true;"},
    {"{\"a\":1,\"a\":2}", "a=1;a=2;"},
    {"{\"\":\"\"}", "=\"\";"},
    {"[1,2]", ""},
    {"\"text\"", ""},
    {"", ""},
    {"{", ""},
    {"{\"a", ""},
    {"{\"a\"", ""},
    {"{\"a\":", ""},
    {"{\"a\":\"x", ""},
    {"{\"a\":1,", "a=1;"},
    {"{1:2}", ""},
};

START_TEST(members_are_walked)
{
    struct trail_elements e;
    struct trail_slice key, value;
    char walked[256] = "";
    size_t n = 0;
    trail_members_start(&e, text(members[_i].json));
    while (trail_members_next(&e, &key, &value))
        n += (size_t)snprintf(walked + n, sizeof walked - n, "%.*s=%.*s;", (int)key.n, key.p, (int)value.n,
                              value.p);
    ck_assert_str_eq(walked, members[_i].walked);
}
END_TEST

static const struct {
    const char *json, *walked;
} values[] = {
    {"1", "1;"},
    {"\"a\"", "\"a\";"},
    {"null", ""},
    {"[]", ""},
    {"{}", ""},
    {"{ }", ""},
    {"{\"a\":[1]}", "{\"a\":[1]};"},
    {"[1,2,3]", "1;2;3;"},
    {"[1,null,[2,[3,{}]],\"[4]\"]", "1;2;3;\"[4]\";"},
    {"[[[[]]]]", ""},
    {"[ {\"a\":1} , {\"b\":[2]} ]", "{\"a\":1};{\"b\":[2]};"},
    {"[\"a,b\",\"\\\"]\"]", "\"a,b\";\"\\\"]\";"},
    {"", ""},
    {"[\"x", ""},
    {"[{\"x\":1", ""},
    {"[1,:", "1;"},
};

START_TEST(values_are_laid_flat)
{
    struct trail_elements e;
    struct trail_slice value;
    char walked[256] = "";
    size_t n = 0;
    trail_values_start(&e, text(values[_i].json));
    while (trail_values_next(&e, &value))
        n += (size_t)snprintf(walked + n, sizeof walked - n, "%.*s;", (int)value.n, value.p);
    ck_assert_str_eq(walked, values[_i].walked);
}
END_TEST

/* Every walk ends and stays inside, whatever the bytes: all texts of six bytes over JSON's own. */
START_TEST(walks_end_on_any_bytes)
{
    static const char letters[] = "{}[]\",:\\ n";
    enum { LENGTH = 6, LETTERS = sizeof letters - 1 };
    for (unsigned i = 0; i < 1000000; i++) {
        char *bytes = malloc(LENGTH); /* exactly as long: a sanitizer sees what is read behind it */
        for (unsigned k = 0, n = i; k < LENGTH; k++, n /= LETTERS)
            bytes[k] = letters[n % LETTERS];
        struct trail_elements e;
        struct trail_slice key, value, json = {bytes, LENGTH};
        unsigned steps = 0;
        trail_members_start(&e, json);
        while (trail_members_next(&e, &key, &value))
            ck_assert_uint_le(++steps, LENGTH);
        trail_values_start(&e, json);
        while (trail_values_next(&e, &value))
            ck_assert_uint_le(++steps, 2 * LENGTH);
        free(bytes);
    }
}
END_TEST

START_TEST(insides)
{
    ck_assert_uint_eq(trail_inside(text("\"abc\"")).n, 3);
    ck_assert_uint_eq(trail_inside(text("\"\"")).n, 0);
    ck_assert_uint_eq(trail_inside(text("123")).n, 3);
    ck_assert_uint_eq(trail_inside(text("\"")).n, 1);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("elements");
    TCase *t = tcase_create("elements");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, members_are_walked, 0, (int)(sizeof members / sizeof *members));
    tcase_add_loop_test(t, values_are_laid_flat, 0, (int)(sizeof values / sizeof *values));
    tcase_add_test(t, walks_end_on_any_bytes);
    tcase_add_test(t, insides);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(suite());
}

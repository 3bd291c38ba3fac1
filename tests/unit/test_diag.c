/*
 * Diagnostics as people and editors get them.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "suite.h"
#include "trailc.h"

static struct compile c;

static void setup(void)
{
    c = (struct compile){.arena = arena_new()};
}

static void teardown(void)
{
    arena_free(c.arena);
}

static uint32_t add_source(const char *name, const char *text)
{
    *PUSH(&c, c.sources, c.n_sources) = (struct source){name, slice_of(text)};
    return (uint32_t)(c.n_sources - 1);
}

/* A message on the first place of `what` in the source. */
static struct diag *say(uint32_t source, enum code code, const char *what, const char *message)
{
    const char *text = c.sources[source].text.p;
    struct loc loc = {source, (uint32_t)(strstr(text, what) - text), (uint32_t)strlen(what)};
    return diag(&c, code, loc, "%s", message);
}

/* All that is printed; valid until the next call. */
static const char *printed(bool colour)
{
    static char *text;
    static size_t n;
    free(text);
    FILE *f = open_memstream(&text, &n);
    diag_print(&c, f, colour);
    fclose(f);
    return text;
}

static const cJSON *get(const cJSON *object, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(value != NULL, "%s", key);
    return value;
}

static cJSON *printed_json(void)
{
    char *text;
    size_t n;
    FILE *f = open_memstream(&text, &n);
    diag_print_json(&c, f);
    fclose(f);
    cJSON *json = cJSON_Parse(text);
    free(text);
    cJSON *list = cJSON_DetachItemFromObject(json, "diagnostics");
    ck_assert_ptr_nonnull(list);
    int all = get(json, "errors")->valueint + get(json, "warnings")->valueint;
    ck_assert_int_eq(all, cJSON_GetArraySize(list));
    cJSON_Delete(json);
    return list;
}

/* ---- for people ------------------------------------------------------------------------------------------
 */

START_TEST(a_message_has_its_place_line_carets_rewrite_and_note)
{
    uint32_t s = add_source("rules/a.yaml", "alert: x\nfilter: a:b:c\n");
    struct diag *d = say(s, E107, "b:c", "unescaped");
    d->rewrite = SLICE("a:\"b:c\"");
    d->note = SLICE("so it is");
    ck_assert_str_eq(printed(false), "rules/a.yaml:2:11: error[E107]: unescaped\n"
                                     "    filter: a:b:c\n"
                                     "              ^~~\n"
                                     "  = write: a:\"b:c\"\n"
                                     "  = note: so it is\n");
}
END_TEST

START_TEST(a_message_without_a_place_has_no_line)
{
    diag(&c, E001, (struct loc){.source = NOWHERE}, "cannot read %s", "x");
    ck_assert_str_eq(printed(false), "trailc: error[E001]: cannot read x\n");
}
END_TEST

START_TEST(an_empty_place_is_one_caret)
{
    uint32_t s = add_source("f", "abc");
    diag(&c, E104, (struct loc){s, 3, 0}, "no value");
    ck_assert_str_eq(printed(false), "f:1:4: error[E104]: no value\n    abc\n       ^\n");
}
END_TEST

START_TEST(a_place_outside_the_source_is_its_end)
{
    uint32_t s = add_source("f", "abc");
    diag(&c, E104, (struct loc){s, 1000, 1000}, "x");
    ck_assert_str_eq(printed(false), "f:1:4: error[E104]: x\n    abc\n       ^\n");
}
END_TEST

START_TEST(an_empty_source_has_a_place)
{
    uint32_t s = add_source("f", "");
    diag(&c, E001, (struct loc){s, 0, 0}, "x");
    ck_assert_str_eq(printed(false), "f:1:1: error[E001]: x\n    \n    ^\n");
}
END_TEST

START_TEST(a_place_of_several_lines_shows_the_first)
{
    uint32_t s = add_source("f", "ab cd\r\nef\r\n");
    diag(&c, E101, (struct loc){s, 3, 6}, "x");
    ck_assert_str_eq(printed(false), "f:1:4: error[E101]: x\n    ab cd\n       ^~\n");
}
END_TEST

START_TEST(tabs_are_columns_of_their_width)
{
    uint32_t s = add_source("f", "\ta\tbc\n");
    say(s, E101, "bc", "x");
    ck_assert_str_eq(printed(false), "f:1:4: error[E101]: x\n        a   bc\n            ^~\n");
}
END_TEST

START_TEST(wide_and_combining_characters_keep_carets_in_place)
{
    uint32_t s = add_source("f", "日本 e\xCC\x81 bc\n");
    say(s, E101, "bc", "x");
    ck_assert_str_eq(printed(false), "f:1:7: error[E101]: x\n    日本 e\xCC\x81 bc\n           ^~\n");
}
END_TEST

START_TEST(carets_are_as_wide_as_what_they_mark)
{
    uint32_t s = add_source("f", "a 日本 b\n");
    say(s, E101, "日本", "x");
    ck_assert_str_eq(printed(false), "f:1:3: error[E101]: x\n    a 日本 b\n      ^~~~\n");
}
END_TEST

START_TEST(control_characters_are_shown_escaped)
{
    uint32_t s = add_source("f", "a\033[31m\x7F\xFF b\xE2\x80\xAE q\n");
    say(s, E101, "q", "bad \033]0;x\a");
    ck_assert_str_eq(printed(false), "f:1:13: error[E101]: bad \\x1B]0;x\\x07\n"
                                     "    a\\x1B[31m\\x7F\\xFF b\\u{202E} q\n"
                                     "                                ^\n");
}
END_TEST

START_TEST(file_names_and_rewrites_are_escaped_too)
{
    uint32_t s = add_source("f\033[2J", "a\n");
    struct diag *d = say(s, E101, "a", "x");
    d->rewrite = SLICE("a\nb");
    ck_assert_str_eq(printed(false), "f\\x1B[2J:1:1: error[E101]: x\n    a\n    ^\n  = write: a\\x0Ab\n");
}
END_TEST

START_TEST(a_long_line_is_cut_around_its_carets)
{
    char text[1001];
    memset(text, 'a', 1000);
    memcpy(text + 700, "XYZ", 3);
    text[1000] = '\0';
    uint32_t s = add_source("f", text);
    say(s, E101, "XYZ", "x");
    const char *line = strchr(printed(false), '\n') + 1;
    const char *carets = strchr(line, '\n') + 1;
    ck_assert_uint_lt((size_t)(carets - line), 130);
    ck_assert_int_eq(strncmp(line, "   …", 6), 0);
    /* The ellipsis is one column of three bytes. */
    ck_assert_int_eq(strstr(line, "XYZ") - line - 2, strchr(carets, '^') - carets);
    ck_assert_ptr_nonnull(strstr(carets, "^~~\n"));
}
END_TEST

START_TEST(a_place_longer_than_the_cut_is_cut_too)
{
    char text[2001];
    memset(text, 'a', 2000);
    text[2000] = '\0';
    uint32_t s = add_source("f", text);
    diag(&c, E101, (struct loc){s, 500, 1400}, "x");
    ck_assert_uint_lt(strlen(printed(false)), 300);
}
END_TEST

START_TEST(colour_is_only_there_when_asked_for)
{
    uint32_t s = add_source("f", "abc\n");
    say(s, E101, "b", "x");
    ck_assert_ptr_null(strchr(printed(false), '\033'));
    ck_assert_ptr_nonnull(strstr(printed(true), "\033[1;31merror[E101]: "));
}
END_TEST

/* ---- order and number ------------------------------------------------------------------------------ */

START_TEST(messages_are_sorted_by_place)
{
    uint32_t a = add_source("a", "1\n2\n"), b = add_source("b", "3\n");
    diag(&c, E001, (struct loc){.source = NOWHERE}, "nowhere");
    say(b, E101, "3", "third");
    say(a, E102, "2", "second");
    say(a, E103, "1", "first");
    const char *text = printed(false), *last = text;
    static const char *const order[] = {"first", "second", "third", "nowhere"};
    for (size_t i = 0; i < 4; i++) {
        const char *at = strstr(text, order[i]);
        ck_assert_msg(at && at >= last, "%s", order[i]);
        last = at;
    }
    ck_assert_ptr_nonnull(strstr(text, "a:2:1: error[E102]"));
}
END_TEST

START_TEST(what_is_said_twice_of_a_place_is_printed_once)
{
    uint32_t s = add_source("f", "abc\n");
    say(s, E101, "b", "x");
    say(s, E101, "a", "x");
    say(s, E101, "b", "x");
    const char *first = strstr(printed(false), ":2: error");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(strstr(first + 1, ":2: error"));
}
END_TEST

static void say_many(enum code code, unsigned n)
{
    uint32_t s = add_source("f", "abc\n");
    for (unsigned i = 0; i < n; i++)
        diag(&c, code, (struct loc){s, 0, 1}, "number %u.", i);
}

START_TEST(twenty_errors_are_shown_and_the_rest_counted)
{
    say_many(E101, 23);
    ck_assert_ptr_nonnull(strstr(printed(false), "number 19."));
    ck_assert_ptr_null(strstr(printed(false), "number 20."));
    ck_assert_ptr_nonnull(strstr(printed(false), "\ntrailc: 3 more errors\n"));
}
END_TEST

START_TEST(twenty_errors_are_all_shown)
{
    say_many(E101, 20);
    ck_assert_ptr_null(strstr(printed(false), "more"));
}
END_TEST

START_TEST(warnings_take_no_errors_place)
{
    say_many(W201, 21);
    say_many(E101, 1);
    ck_assert_ptr_nonnull(strstr(printed(false), "error[E101]: number 0."));
    ck_assert_ptr_nonnull(strstr(printed(false), "\ntrailc: 1 more warning\n"));
}
END_TEST

START_TEST(warnings_are_errors_when_asked)
{
    uint32_t s = add_source("f", "abc\n");
    say(s, W201, "b", "x");
    ck_assert_uint_eq(diag_errors(&c), 0);
    ck_assert_ptr_nonnull(strstr(printed(false), "warning[W201]: x"));
    c.werror = true;
    ck_assert_uint_eq(diag_errors(&c), 1);
    ck_assert_ptr_nonnull(strstr(printed(false), "error[W201]: x"));
}
END_TEST

START_TEST(codes_are_errors_or_warnings)
{
    ck_assert(code_is_error(E001));
    ck_assert(code_is_error(E112));
    ck_assert(!code_is_error(W201));
    ck_assert(!code_is_error(W203));
}
END_TEST

/* ---- places of texts ------------------------------------------------------------------------------- */

START_TEST(a_texts_place_is_where_its_bytes_were_written)
{
    /* a folded scalar: "ab cd", its space was a newline and an indent */
    static const uint32_t at[] = {10, 11, 12, 15, 16, 17};
    struct text text = {.s = SLICE("ab cd"), .source = 2, .at = at};
    struct loc word = text_loc(&text, 3, 5), all = text_loc(&text, 0, 5), end = text_loc(&text, 5, 5);
    ck_assert_uint_eq(word.source, 2);
    ck_assert_uint_eq(word.at, 15);
    ck_assert_uint_eq(word.n, 2);
    ck_assert_uint_eq(all.n, 7);
    ck_assert_uint_eq(end.at, 17);
    ck_assert_uint_eq(end.n, 0);
}
END_TEST

START_TEST(a_range_outside_a_text_is_clamped)
{
    static const uint32_t at[] = {10, 11, 12};
    struct text text = {.s = SLICE("ab"), .source = 0, .at = at};
    struct loc loc = text_loc(&text, 1, 100), behind = text_loc(&text, 100, 200);
    ck_assert_uint_eq(loc.at, 11);
    ck_assert_uint_eq(loc.n, 1);
    ck_assert_uint_eq(behind.at, 12);
    ck_assert_uint_eq(behind.n, 0);
}
END_TEST

/* ---- for editors ----------------------------------------------------------------------------------- */

START_TEST(json_has_every_key)
{
    uint32_t s = add_source("rules/a.yaml", "é\nfilter: a:b:c\n");
    struct diag *d = say(s, E107, "b:c", "unescaped");
    d->rewrite = SLICE("a:\"b:c\"");
    cJSON *json = printed_json();
    ck_assert_int_eq(cJSON_GetArraySize(json), 1);
    const cJSON *o = cJSON_GetArrayItem(json, 0);
    ck_assert_str_eq(get(o, "code")->valuestring, "E107");
    ck_assert_str_eq(get(o, "severity")->valuestring, "error");
    ck_assert_str_eq(get(o, "file")->valuestring, "rules/a.yaml");
    ck_assert_int_eq(get(o, "line")->valueint, 2);
    ck_assert_int_eq(get(o, "column")->valueint, 11);
    ck_assert_int_eq(get(o, "endLine")->valueint, 2);
    ck_assert_int_eq(get(o, "endColumn")->valueint, 14);
    ck_assert_str_eq(get(o, "message")->valuestring, "unescaped");
    ck_assert_str_eq(get(o, "rewrite")->valuestring, "a:\"b:c\"");
    ck_assert(cJSON_IsNull(get(o, "note")));
    ck_assert(cJSON_IsNull(get(o, "fix")));
    cJSON_Delete(json);
}
END_TEST

START_TEST(json_has_the_fix)
{
    uint32_t s = add_source("rules/a.yaml", "é: x\nprority: P1\n");
    struct diag *d = say(s, E002, "prority", "unknown");
    diag_fix_source(d, d->loc, SLICE("priority"), true); /* none without a rewrite */
    ck_assert_uint_eq(d->fix.loc.source, NOWHERE);
    d->rewrite = SLICE("priority");
    diag_fix_source(d, d->loc, d->rewrite, true);
    cJSON *json = printed_json();
    const cJSON *fix = get(cJSON_GetArrayItem(json, 0), "fix"), *range = get(fix, "range");
    ck_assert_int_eq(get(range, "line")->valueint, 2);
    ck_assert_int_eq(get(range, "column")->valueint, 1);
    ck_assert_int_eq(get(range, "endLine")->valueint, 2);
    ck_assert_int_eq(get(range, "endColumn")->valueint, 8);
    ck_assert_str_eq(get(fix, "text")->valuestring, "priority");
    ck_assert(cJSON_IsTrue(get(fix, "certain")));
    cJSON_Delete(json);
}
END_TEST

START_TEST(json_ends_on_the_line_where_the_place_ends)
{
    uint32_t s = add_source("f", "ab\ncd\n");
    diag(&c, E101, (struct loc){s, 1, 3}, "x");
    cJSON *json = printed_json();
    ck_assert_int_eq(get(cJSON_GetArrayItem(json, 0), "endLine")->valueint, 2);
    ck_assert_int_eq(get(cJSON_GetArrayItem(json, 0), "endColumn")->valueint, 2);
    cJSON_Delete(json);
}
END_TEST

START_TEST(json_of_nowhere_has_nulls)
{
    diag(&c, W201, (struct loc){.source = NOWHERE}, "x");
    cJSON *json = printed_json();
    const cJSON *o = cJSON_GetArrayItem(json, 0);
    ck_assert_str_eq(get(o, "severity")->valuestring, "warning");
    ck_assert(cJSON_IsNull(get(o, "file")));
    ck_assert(cJSON_IsNull(get(o, "line")));
    cJSON_Delete(json);
}
END_TEST

START_TEST(json_is_utf_8_whatever_the_source)
{
    diag(&c, E101, (struct loc){.source = NOWHERE},
         "a\xFF"
         "b\xC3\xA9");
    cJSON *json = printed_json();
    ck_assert_str_eq(get(cJSON_GetArrayItem(json, 0), "message")->valuestring, "a\xEF\xBF\xBD"
                                                                               "b\xC3\xA9");
    cJSON_Delete(json);
}
END_TEST

START_TEST(json_has_all_errors)
{
    say_many(E101, 50);
    cJSON *json = printed_json();
    ck_assert_int_eq(cJSON_GetArraySize(json), 50);
    cJSON_Delete(json);
}
END_TEST

START_TEST(json_of_nothing_is_an_empty_array)
{
    cJSON *json = printed_json();
    ck_assert(cJSON_IsArray(json));
    ck_assert_int_eq(cJSON_GetArraySize(json), 0);
    cJSON_Delete(json);
}
END_TEST

static Suite *diag_suite(void)
{
    Suite *s = suite_create("diag");
    TCase *t = tcase_create("diagnostics");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_message_has_its_place_line_carets_rewrite_and_note);
    tcase_add_test(t, a_message_without_a_place_has_no_line);
    tcase_add_test(t, an_empty_place_is_one_caret);
    tcase_add_test(t, a_place_outside_the_source_is_its_end);
    tcase_add_test(t, an_empty_source_has_a_place);
    tcase_add_test(t, a_place_of_several_lines_shows_the_first);
    tcase_add_test(t, tabs_are_columns_of_their_width);
    tcase_add_test(t, wide_and_combining_characters_keep_carets_in_place);
    tcase_add_test(t, carets_are_as_wide_as_what_they_mark);
    tcase_add_test(t, control_characters_are_shown_escaped);
    tcase_add_test(t, file_names_and_rewrites_are_escaped_too);
    tcase_add_test(t, a_long_line_is_cut_around_its_carets);
    tcase_add_test(t, a_place_longer_than_the_cut_is_cut_too);
    tcase_add_test(t, colour_is_only_there_when_asked_for);
    tcase_add_test(t, messages_are_sorted_by_place);
    tcase_add_test(t, what_is_said_twice_of_a_place_is_printed_once);
    tcase_add_test(t, twenty_errors_are_shown_and_the_rest_counted);
    tcase_add_test(t, twenty_errors_are_all_shown);
    tcase_add_test(t, warnings_take_no_errors_place);
    tcase_add_test(t, warnings_are_errors_when_asked);
    tcase_add_test(t, codes_are_errors_or_warnings);
    tcase_add_test(t, a_texts_place_is_where_its_bytes_were_written);
    tcase_add_test(t, a_range_outside_a_text_is_clamped);
    tcase_add_test(t, json_has_every_key);
    tcase_add_test(t, json_has_the_fix);
    tcase_add_test(t, json_ends_on_the_line_where_the_place_ends);
    tcase_add_test(t, json_of_nowhere_has_nulls);
    tcase_add_test(t, json_is_utf_8_whatever_the_source);
    tcase_add_test(t, json_has_all_errors);
    tcase_add_test(t, json_of_nothing_is_an_empty_array);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(diag_suite());
}

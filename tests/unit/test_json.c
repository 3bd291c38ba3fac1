/*
 * test_json.c - RFC 8259, case by case: what is JSON, where the error is, what strings say, what is written
 * back.
 *
 * Each text is checked in a buffer of exactly its size, so that a sanitizer sees a byte read behind it.
 */
#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_cases.h"
#include "suite.h"
#include "trail/json.h"

/* The text in memory of its own, nothing readable behind it. */
static char *exactly(const char *text, size_t n)
{
    char *p = malloc(n ? n : 1);
    ck_assert_ptr_nonnull(p);
    memcpy(p, text, n);
    return p;
}

static enum trail_json_error check(const char *text, size_t n, size_t *at)
{
    char *p = exactly(text, n);
    enum trail_json_error error = trail_json_check(p, n, at);
    free(p);
    return error;
}

START_TEST(cases_of_the_grammar)
{
    const struct json_case *c = &json_cases[_i];
    size_t at = SIZE_MAX, want = c->error ? c->at : c->n;
    enum trail_json_error error = check(c->text, c->n, &at);
    ck_assert_msg(error == c->error && at == want, "case %d <%s>: %s at %zu, expected %s at %zu", _i, c->text,
                  trail_json_error_text(error), at, trail_json_error_text(c->error), want);
}
END_TEST

START_TEST(table_is_large)
{
    ck_assert_uint_ge(n_json_cases, 300);
}
END_TEST

START_TEST(every_byte_in_a_string)
{
    for (int byte = 0; byte < 256; byte++) {
        for (size_t pad = 0; pad < 20; pad++) { /* each place of the eight that are looked at together */
            char text[32];
            memset(text, 'x', sizeof text);
            text[0] = '"';
            text[1 + pad] = (char)byte;
            text[2 + pad] = text[3 + pad] = '"';
            size_t n = byte == '"' ? pad + 2 : pad + 3, at;
            enum trail_json_error want = byte < 0x20    ? TRAIL_JSON_STRING
                                         : byte == '\\' ? TRAIL_JSON_TRUNCATED
                                                        : TRAIL_JSON_OK;
            ck_assert_msg(check(text, n, &at) == want, "byte %d at %zu", byte, pad);
            ck_assert_uint_eq(at, byte < 0x20 ? pad + 1 : n);
        }
    }
}
END_TEST

START_TEST(every_escape_letter)
{
    for (int byte = 0; byte < 256; byte++) {
        char text[] = "\"\\?0041\"";
        text[2] = (char)byte;
        size_t at;
        bool known = byte == 'u' || (byte && strchr("\"\\/bfnrt", byte));
        enum trail_json_error error = check(text, sizeof text - 1, &at);
        if (byte == '"')
            ck_assert_int_eq(error, TRAIL_JSON_OK); /* "\"0041" */
        else
            ck_assert_msg(error == (known ? TRAIL_JSON_OK : TRAIL_JSON_ESCAPE), "escape %d", byte);
    }
}
END_TEST

START_TEST(every_byte_where_a_value_begins)
{
    for (int byte = 0; byte < 256; byte++) {
        char text[] = "[?";
        text[1] = (char)byte;
        size_t at;
        enum trail_json_error error = check(text, 2, &at);
        bool may = byte && strchr("{[]\"-0123456789tfn \t\r\n", byte);
        ck_assert_msg(error == (byte == ']' ? TRAIL_JSON_OK
                                : may       ? TRAIL_JSON_TRUNCATED
                                            : TRAIL_JSON_SYNTAX),
                      "byte %d: %s", byte, trail_json_error_text(error));
    }
}
END_TEST

static char *nested(size_t depth, char open, char close)
{
    char *text = malloc(depth * 2);
    ck_assert_ptr_nonnull(text);
    memset(text, open, depth);
    memset(text + depth, close, depth);
    return text;
}

START_TEST(depth_has_a_limit)
{
    size_t at;
    char *text = nested(TRAIL_MAX_DEPTH, '[', ']');
    ck_assert_int_eq(check(text, (size_t)2 * TRAIL_MAX_DEPTH, &at), TRAIL_JSON_OK);
    free(text);
    text = nested(TRAIL_MAX_DEPTH + 1, '[', ']');
    ck_assert_int_eq(check(text, (size_t)2 * TRAIL_MAX_DEPTH + 2, &at), TRAIL_JSON_DEPTH);
    ck_assert_uint_eq(at, TRAIL_MAX_DEPTH);
    free(text);
}
END_TEST

START_TEST(depth_of_objects_has_the_same_limit)
{
    for (size_t depth = TRAIL_MAX_DEPTH; depth <= TRAIL_MAX_DEPTH + 1; depth++) {
        struct trail_text text = {0};
        for (size_t i = 0; i < depth; i++)
            trail_text_add(&text, "{\"a\":", 5);
        trail_text_add(&text, "1", 1);
        for (size_t i = 0; i < depth; i++)
            trail_text_add(&text, "}", 1);
        size_t at;
        enum trail_json_error error = check(text.p, text.n, &at);
        ck_assert_int_eq(error, depth > TRAIL_MAX_DEPTH ? TRAIL_JSON_DEPTH : TRAIL_JSON_OK);
        trail_text_free(&text);
    }
}
END_TEST

START_TEST(a_million_brackets_are_no_trouble)
{
    size_t at;
    char *text = nested(1000000, '[', ']');
    ck_assert_int_eq(check(text, 2000000, &at), TRAIL_JSON_DEPTH);
    free(text);
}
END_TEST

START_TEST(numbers_may_be_of_any_length)
{
    size_t n = 100000, at;
    char *text = malloc(n);
    ck_assert_ptr_nonnull(text);
    memset(text, '7', n);
    ck_assert_int_eq(check(text, n, &at), TRAIL_JSON_OK);
    text[1] = '.';
    ck_assert_int_eq(check(text, n, &at), TRAIL_JSON_OK);
    text[n - 1] = 'e';
    ck_assert_int_eq(check(text, n, &at), TRAIL_JSON_TRUNCATED);
    free(text);
}
END_TEST

START_TEST(value_stops_behind_the_value)
{
    static const struct {
        const char *text;
        size_t at;
    } cases[] = {{"{} {}", 2}, {" [1] x", 4}, {"\"a\"\"b\"", 3}, {"1,", 1}, {"true]", 4}, {"{\"a\":{}}}", 8}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at;
        ck_assert_int_eq(trail_json_value(cases[i].text, strlen(cases[i].text), &at), TRAIL_JSON_OK);
        ck_assert_msg(at == cases[i].at, "%s: %zu", cases[i].text, at);
    }
}
END_TEST

START_TEST(every_error_has_a_text)
{
    for (int e = TRAIL_JSON_OK; e <= TRAIL_JSON_TRAILING; e++)
        ck_assert_str_ne(trail_json_error_text((enum trail_json_error)e), "unknown error");
    ck_assert_str_eq(trail_json_error_text(TRAIL_JSON_DEPTH), "nested deeper than 128");
}
END_TEST

/* ---- a sample record, damaged everywhere ---- */

static const char sample[] = "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"userName\":"
                             "\"Jos\xC3\xA9 \\\"J\\\" \\u00e9\\ud83d\\ude00\","
                             "\"tags\":[]},\"eventTime\":\"2026-01-01T10:00:00Z\",\"n\":[0,-1.5e+10,true,"
                             "false,null,{}],\n\"requestParameters\":{\"a\\/b\":"
                             "[[1,2],{\"k\":\"\\b\\f\\n\\r\\t\\\\\"}]},\"readOnly\":true}";

/* Whatever the bytes: rewriting gives JSON, on one line, and rewriting that changes nothing more. Check notes
 * each assertion in a file, so what is asserted a hundred thousand times is asserted only when it fails. */
static void assert_rewrites(const char *p, size_t n)
{
    size_t at;
    struct trail_text once = {0}, twice = {0};
    trail_json_rewrite(&once, (struct trail_slice){p, n});
    if (once.failed || trail_json_check(once.p, once.n, &at) != TRAIL_JSON_OK)
        ck_abort_msg("rewritten: %.*s", (int)once.n, once.p);
    trail_json_rewrite(&twice, (struct trail_slice){once.p, once.n});
    if (once.n != twice.n || memcmp(once.p, twice.p, once.n) != 0)
        ck_abort_msg("not stable: %.*s", (int)once.n, once.p);
    for (size_t i = 0; i < once.n; i++)
        if ((unsigned char)once.p[i] < 0x20)
            ck_abort_msg("byte %d in %.*s", once.p[i], (int)once.n, once.p);
    trail_text_free(&once);
    trail_text_free(&twice);
}

START_TEST(every_prefix_is_truncated)
{
    ck_assert_int_eq(check(sample, sizeof sample - 1, &(size_t){0}), TRAIL_JSON_OK);
    for (size_t n = 0; n < sizeof sample - 1; n++) {
        size_t at;
        char *p = exactly(sample, n);
        ck_assert_msg(trail_json_check(p, n, &at) == (n ? TRAIL_JSON_TRUNCATED : TRAIL_JSON_EMPTY),
                      "%zu bytes", n);
        ck_assert_uint_eq(at, n);
        assert_rewrites(p, n);
        free(p);
    }
}
END_TEST

START_TEST(every_change_of_a_byte_is_survived)
{
    size_t i = (size_t)_i, n = sizeof sample - 1;
    char *p = exactly(sample, n);
    for (int byte = 0; byte < 256; byte++) {
        size_t at, again; /* what is in front of an error decides that it is one */
        p[i] = (char)byte;
        enum trail_json_error error = trail_json_check(p, n, &at);
        if (at > n ||
            (error && error != TRAIL_JSON_TRUNCATED && trail_json_check(p, at + 1, &again) != error))
            ck_abort_msg("byte %zu as %d: error %d at %zu", i, byte, (int)error, at);
        assert_rewrites(p, n);
    }
    free(p);
}
END_TEST

START_TEST(every_deleted_byte_is_survived)
{
    size_t n = sizeof sample - 2;
    for (size_t i = 0; i <= n; i++) {
        char *p = malloc(n);
        ck_assert_ptr_nonnull(p);
        memcpy(p, sample, i);
        memcpy(p + i, sample + i + 1, n - i);
        size_t at;
        trail_json_check(p, n, &at);
        assert_rewrites(p, n);
        free(p);
    }
}
END_TEST

/* ---- what strings say ---- */

struct pair {
    const char *in;
    size_t n_in;
    const char *out;
    size_t n_out;
};
#define PAIR(in, out)                            \
    {                                            \
        in, sizeof(in) - 1, out, sizeof(out) - 1 \
    }

static const struct pair unescaped[] = {
    PAIR("", ""),
    PAIR("plain", "plain"),
    PAIR("\\\"\\\\\\/", "\"\\/"),
    PAIR("\\b\\f\\n\\r\\t", "\b\f\n\r\t"),
    PAIR("\\u0041\\u005a", "AZ"),
    PAIR("\\u00e9", "\xC3\xA9"),
    PAIR("\\u00E9", "\xC3\xA9"),
    PAIR("\\u20ac", "\xE2\x82\xAC"),
    PAIR("\\ud83d\\ude00", "\xF0\x9F\x98\x80"),
    PAIR("\\uD83D\\uDE00!", "\xF0\x9F\x98\x80!"),
    PAIR("\\udbff\\udfff", "\xF4\x8F\xBF\xBF"),
    PAIR("\\ud800", "\xEF\xBF\xBD"),
    PAIR("\\udc00", "\xEF\xBF\xBD"),
    PAIR("\\ud800x", "\xEF\xBF\xBDx"),
    PAIR("\\ud800\\n", "\xEF\xBF\xBD\n"),
    PAIR("\\ud800\\u0041", "\xEF\xBF\xBD"
                           "A"),
    PAIR("\\ud800\\ud800", "\xEF\xBF\xBD\xEF\xBF\xBD"),
    PAIR("\\ude00\\ud83d", "\xEF\xBF\xBD\xEF\xBF\xBD"),
    PAIR("\\ud83d\\ud83d\\ude00", "\xEF\xBF\xBD\xF0\x9F\x98\x80"),
    PAIR("a\\u0000b", "a\0b"),
    PAIR("\\u000a", "\n"),
    PAIR("\xFF\xC3", "\xFF\xC3"),
    PAIR("\\", "\\"),
    PAIR("\\x41", "\\x41"),
    PAIR("\\u12", "\\u12"),
    PAIR("\\u12g4", "\\u12g4"),
    PAIR("\\u", "\\u"),
    PAIR("\\ud83d\\u", "\xEF\xBF\xBD\\u"),
    PAIR("\\\\u0041", "\\u0041"),
    PAIR("a\\", "a\\"),
};

START_TEST(escapes_are_undone)
{
    const struct pair *c = &unescaped[_i];
    char *in = exactly(c->in, c->n_in), *out = malloc(c->n_in ? c->n_in : 1);
    ck_assert_ptr_nonnull(out);
    size_t n = trail_json_unescape(out, in, c->n_in);
    ck_assert_msg(n == c->n_out && memcmp(out, c->out, n) == 0, "<%s>: %.*s", c->in, (int)n, out);
    free(in);
    free(out);
}
END_TEST

START_TEST(escapes_can_be_undone_in_place)
{
    char text[] = "x\\u00e9\\n\\ud83d\\ude00 tail";
    size_t n = trail_json_unescape(text, text, sizeof text - 1);
    ck_assert_uint_eq(n, 13);
    ck_assert_mem_eq(text, "x\xC3\xA9\n\xF0\x9F\x98\x80 tail", n);
}
END_TEST

/* ---- what is written back ---- */

static const struct pair rewritten[] = {
    PAIR("{}", "{}"),
    PAIR(" { } ", "{}"),
    PAIR("{ \"b\" : 1 ,\r\n \"a\" : [ 1.50e+01 , -0 , 1e999 ] , \"b\" : null }",
         "{\"b\":1,\"a\":[1.50e+01,-0,1e999],\"b\":null}"),
    PAIR("\"a b\"", "\"a b\""),
    PAIR("\"\\/\\\"\\\\\\n\"", "\"\\/\\\"\\\\\\n\""),
    PAIR("\"\\u0000\\u001b[31m\"", "\"\\u0000\\u001b[31m\""),
    PAIR("\"\x7F\"", "\"\\u007f\""),
    PAIR("\"\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0\"", "\"\\u0080\\u009b\\u009f\xC2\xA0\""),
    PAIR("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"", "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""),
    PAIR("\"\xE2\x80\xA8\xE2\x80\xA9\"", "\"\\u2028\\u2029\""),
    PAIR("\"\xE2\x80\xAA\xE2\x80\xAE\xE2\x81\xA6\xE2\x81\xA9\"", "\"\\u202a\\u202e\\u2066\\u2069\""),
    PAIR("\"\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C\"", "\"\\u200e\\u200f\\u061c\""),
    PAIR("\"\xFF\"", "\"\xEF\xBF\xBD\""),
    PAIR("\"a\xC3\"", "\"a\xEF\xBF\xBD\""),
    PAIR("\"\xED\xA0\x80\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""),
    PAIR("\"\xC0\xAF\"", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""),
    PAIR("\"\\ud800\"", "\"\\ufffd\""),
    PAIR("\"\\udc00x\"", "\"\\ufffdx\""),
    PAIR("\"\\ud83d\\ude00\"", "\"\\ud83d\\ude00\""),
    PAIR("\"\\u202E\"", "\"\\u202E\""),
    PAIR("{\"\x7F\":\"\"}", "{\"\\u007f\":\"\"}"),
    PAIR("", "\"\""),
    PAIR("{", "\"{\""),
    PAIR("{\"a\":1", "\"{\\\"a\\\":1\""),
    PAIR("a\nb\x1B\xFF", "\"a\\nb\\u001b\xEF\xBF\xBD\""),
    PAIR("nul", "\"nul\""),
    PAIR("1 2", "\"1 2\""),
};

START_TEST(values_are_rewritten)
{
    const struct pair *c = &rewritten[_i];
    char *in = exactly(c->in, c->n_in);
    struct trail_text text = {0};
    trail_json_rewrite(&text, (struct trail_slice){in, c->n_in});
    ck_assert_msg(text.n == c->n_out && memcmp(text.p, c->out, text.n) == 0, "<%s>: %.*s", c->in, (int)text.n,
                  text.p);
    assert_rewrites(in, c->n_in);
    trail_text_free(&text);
    free(in);
}
END_TEST

static const struct pair quoted[] = {
    PAIR("", "\"\""),
    PAIR("plain", "\"plain\""),
    PAIR("\"\\", "\"\\\"\\\\\""),
    PAIR("a\nb\rc\td", "\"a\\nb\\rc\\td\""),
    PAIR("\x1B[0m\0", "\"\\u001b[0m\\u0000\""),
    PAIR("\\u0041", "\"\\\\u0041\""),
    PAIR("\xE2\x80\xAE", "\"\\u202e\""),
    PAIR("\xC3", "\"\xEF\xBF\xBD\""),
    PAIR("\xF4\x90\x80\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""),
};

START_TEST(texts_are_quoted)
{
    const struct pair *c = &quoted[_i];
    char *in = exactly(c->in, c->n_in);
    struct trail_text text = {0};
    trail_json_quote(&text, (struct trail_slice){in, c->n_in});
    ck_assert_msg(text.n == c->n_out && memcmp(text.p, c->out, text.n) == 0, "<%s>: %.*s", c->in, (int)text.n,
                  text.p);
    trail_text_free(&text);
    free(in);
}
END_TEST

START_TEST(quoting_and_undoing_gives_the_text_back)
{
    char in[128];
    for (int i = 0; i < 128; i++)
        in[i] = (char)i;
    struct trail_text text = {0};
    trail_json_quote(&text, (struct trail_slice){in, sizeof in});
    char *out = malloc(text.n);
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(trail_json_unescape(out, text.p + 1, text.n - 2), sizeof in);
    ck_assert_mem_eq(out, in, sizeof in);
    free(out);
    trail_text_free(&text);
}
END_TEST

START_TEST(text_grows)
{
    struct trail_text text = {0};
    for (int i = 0; i < 10000; i++)
        trail_text_add(&text, "0123456789", 10);
    ck_assert_uint_eq(text.n, 100000);
    ck_assert_mem_eq(text.p + 99990, "0123456789", 10);
    trail_text_free(&text);
    ck_assert_ptr_null(text.p);
}
END_TEST

START_TEST(a_formatted_text_is_whole_however_long)
{
    char *many = malloc(10001);
    struct trail_text text = {0};
    memset(many, 'x', 10000);
    many[10000] = 0;
    trail_text_addf(&text, "%d: ", 7);
    trail_text_addf(&text, "%s", "");
    trail_text_addf(&text, "%s|%u", many, 9u);
    ck_assert_uint_eq(text.n, 3 + 10000 + 2);
    ck_assert_int_eq(memcmp(text.p, "7: xx", 5), 0);
    ck_assert_int_eq(memcmp(text.p + 10002, "x|9", 3), 0);
    trail_text_free(&text);
    free(many);
}
END_TEST

START_TEST(a_member_is_quoted_or_null)
{
    struct trail_text text = {0};
    trail_json_add_member(&text, "{", "a\"b", "c\n");
    trail_json_add_member(&text, ",", "d", NULL);
    trail_text_add(&text, "", 1);
    ck_assert_str_eq(text.p, "{\"a\\\"b\":\"c\\n\",\"d\":null");
    trail_text_free(&text);
}
END_TEST

START_TEST(text_that_failed_stays_failed)
{
    struct trail_text text = {0};
    trail_text_add(&text, "x", 1);
    trail_text_add(&text, "x", SIZE_MAX - 1);
    ck_assert(text.failed);
    trail_text_add(&text, "y", 1);
    ck_assert_uint_eq(text.n, 1);
    trail_text_free(&text);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static Suite *suite(void)
{
    Suite *s = suite_create("json");
    TCase *t = tcase_create("check");
    tcase_add_loop_test(t, cases_of_the_grammar, 0, (int)n_json_cases);
    tcase_add_test(t, table_is_large);
    tcase_add_test(t, every_byte_in_a_string);
    tcase_add_test(t, every_escape_letter);
    tcase_add_test(t, every_byte_where_a_value_begins);
    tcase_add_test(t, depth_has_a_limit);
    tcase_add_test(t, depth_of_objects_has_the_same_limit);
    tcase_add_test(t, a_million_brackets_are_no_trouble);
    tcase_add_test(t, numbers_may_be_of_any_length);
    tcase_add_test(t, value_stops_behind_the_value);
    tcase_add_test(t, every_error_has_a_text);
    tcase_add_test(t, every_prefix_is_truncated);
    tcase_add_loop_test(t, every_change_of_a_byte_is_survived, 0, COUNT(sample) - 1);
    tcase_add_test(t, every_deleted_byte_is_survived);
    suite_add_tcase(s, t);
    t = tcase_create("text");
    tcase_add_loop_test(t, escapes_are_undone, 0, COUNT(unescaped));
    tcase_add_test(t, escapes_can_be_undone_in_place);
    tcase_add_loop_test(t, values_are_rewritten, 0, COUNT(rewritten));
    tcase_add_loop_test(t, texts_are_quoted, 0, COUNT(quoted));
    tcase_add_test(t, quoting_and_undoing_gives_the_text_back);
    tcase_add_test(t, text_grows);
    tcase_add_test(t, a_formatted_text_is_whole_however_long);
    tcase_add_test(t, a_member_is_quoted_or_null);
    tcase_add_test(t, text_that_failed_stays_failed);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run_tap(suite());
}

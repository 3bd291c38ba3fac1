/*
 * Bytes as text and back: the examples of RFC 4648, section 10, all bytes, and what is no base64.
 */
#include <stdlib.h>
#include <string.h>

#include "hash/base64.h"
#include "suite.h"

static const struct {
    const char *bytes, *text;
} known[] = {{"", ""},
             {"f", "Zg=="},
             {"fo", "Zm8="},
             {"foo", "Zm9v"},
             {"foob", "Zm9vYg=="},
             {"fooba", "Zm9vYmE="},
             {"foobar", "Zm9vYmFy"}};

START_TEST(what_the_standard_shows)
{
    struct trail_text text = {0};
    char back[16];
    size_t n = strlen(known[_i].bytes);
    trail_base64_add(&text, known[_i].bytes, n);
    ck_assert_uint_eq(text.n, strlen(known[_i].text));
    ck_assert(text.n == 0 || memcmp(text.p, known[_i].text, text.n) == 0);
    ck_assert_uint_eq(trail_base64_read(back, (struct trail_slice){known[_i].text, text.n}), n);
    ck_assert(memcmp(back, known[_i].bytes, n) == 0);
    trail_text_free(&text);
}
END_TEST

START_TEST(all_bytes_come_back)
{
    unsigned char bytes[256], back[sizeof bytes + 2];
    struct trail_text text = {0};
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7);
    trail_base64_add(&text, bytes, sizeof bytes);
    ck_assert_uint_eq(trail_base64_read((char *)back, (struct trail_slice){text.p, text.n}), sizeof bytes);
    ck_assert(memcmp(back, bytes, sizeof bytes) == 0);
    trail_text_free(&text);
}
END_TEST

static const char *const wrong[] = {"Z", "Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm-_", "Zm9 "};

START_TEST(what_is_none_is_refused)
{
    char back[16];
    ck_assert_uint_eq(trail_base64_read(back, (struct trail_slice){wrong[_i], strlen(wrong[_i])}), SIZE_MAX);
}
END_TEST

START_TEST(a_nul_is_no_digit)
{
    char back[16];
    ck_assert_uint_eq(trail_base64_read(back, (struct trail_slice){"Zm\0v", 4}), SIZE_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base64");
    TCase *tests = tcase_create("base64");
    tcase_add_loop_test(tests, what_the_standard_shows, 0, sizeof known / sizeof *known);
    tcase_add_test(tests, all_bytes_come_back);
    tcase_add_loop_test(tests, what_is_none_is_refused, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(tests, a_nul_is_no_digit);
    suite_add_tcase(suite, tests);
    return run_tap(suite);
}

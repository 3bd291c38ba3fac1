/*
 * Labels against patterns, and which inputs an alert takes.
 */
#include "suite.h"
#include "window/labels.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct trail_slice text(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

static const struct {
    const char *pattern, *label;
    bool accepted;
} globs[] = {
    {"prod", "prod", true},
    {"prod", "Prod", false},
    {"prod", "prod2", false},
    {"prod", "pro", false},
    {"prod", "", false},
    {"prod-*", "prod-trail", true},
    {"prod-*", "prod-", true},
    {"prod-*", "prod", false},
    {"*", "", true},
    {"*", "anything", true},
    {"**", "", true},
    {"*-trail", "prod-trail", true},
    {"*-trail", "prod-trail-2", false},
    {"*-trail", "-trail-trail", true},
    {"a*b*c", "abc", true},
    {"a*b*c", "a-b-b-c", true},
    {"a*b*c", "a-c-b", false},
    {"a*b*c", "abcb", false},
    {"?", "a", true},
    {"?", "", false},
    {"?", "ab", false},
    {"?", "\303\244", true},
    {"??", "\303\244", false},
    {"?", "\360\237\230\200", true},
    {"?", "\377", true},
    {"??", "\377\200", true},
    {"p?od", "prod", true},
    {"*?", "", false},
    {"*?", "a", true},
    {"?*", "\303\244", true},
    {"*\244", "\303\244", false}, /* half a character is none */
    {"[a]", "a", false},
    {"a.b", "axb", false},
    {"", "", true},
    {"", "a", false},
};

START_TEST(one_pattern)
{
    struct trail_label l = {false, text(globs[_i].pattern)};
    struct trail_labels labels = {1, &l};
    ck_assert_msg(trail_labels_accept(&labels, text(globs[_i].label)) == globs[_i].accepted, "case %d: %s",
                  _i, globs[_i].pattern);
}
END_TEST

static const struct {
    const char *patterns[4]; /* `!` in front excludes */
    const char *label;
    bool accepted;
} lists[] = {
    {{0}, "anything", true},
    {{0}, "", true},
    {{"prod-*", "stage"}, "stage", true},
    {{"prod-*", "stage"}, "dev", false},
    {{"!dev"}, "prod", true},
    {{"!dev"}, "", true},
    {{"!dev"}, "dev", false},
    {{"!dev", "!test-*"}, "test-1", false},
    {{"!dev", "!test-*"}, "prod", true},
    {{"prod-*", "!prod-old"}, "prod-new", true},
    {{"prod-*", "!prod-old"}, "prod-old", false},
    {{"!prod-old", "prod-*"}, "prod-old", false},
    {{"!prod-old", "prod-*"}, "dev", false},
    {{"prod-*", "!*"}, "prod-new", false},
};

static struct trail_labels labels_of(const char *const patterns[4], struct trail_label list[4])
{
    struct trail_labels labels = {0, list};
    for (; labels.n < 4 && patterns[labels.n]; labels.n++) {
        const char *p = patterns[labels.n];
        bool exclude = *p == '!';
        list[labels.n] = (struct trail_label){exclude, text(p + exclude)};
    }
    return labels;
}

START_TEST(several_patterns)
{
    struct trail_label list[4];
    struct trail_labels labels = labels_of(lists[_i].patterns, list);
    ck_assert_msg(trail_labels_accept(&labels, text(lists[_i].label)) == lists[_i].accepted, "case %d", _i);
}
END_TEST

START_TEST(an_absent_label_is_the_empty_text)
{
    struct trail_label list[4];
    const char *const star[4] = {"*"}, *const name[4] = {"prod"};
    struct trail_labels labels = labels_of(star, list);
    ck_assert(trail_labels_accept(&labels, (struct trail_slice){NULL, 0}));
    labels = labels_of(name, list);
    ck_assert(!trail_labels_accept(&labels, (struct trail_slice){NULL, 0}));
}
END_TEST

START_TEST(an_alert_wants_both_labels)
{
    struct trail_label a = {false, text("prod-*")}, s = {true, text("iam")};
    struct trail_alert alert = {.applications = {1, &a}, .subsystems = {1, &s}};
    ck_assert(trail_alert_accepts(&alert, text("prod-1"), text("s3")));
    ck_assert(!trail_alert_accepts(&alert, text("prod-1"), text("iam")));
    ck_assert(!trail_alert_accepts(&alert, text("dev"), text("s3")));
}
END_TEST

static const struct {
    const char *patterns[4];
    bool declares[4];
} plain[] = {
    {{"prod"}, {true}},
    {{"prod", "stage"}, {true, true}},
    {{"prod-*"}, {false}},
    {{"prod", "s?", "x"}, {true, false, true}},
    {{"!dev"}, {false}},
    {{"prod", "!dev"}, {true, false}},
    {{"prod-a", "stage", "!prod-*"}, {false, true, false}},
};

START_TEST(plain_names_are_declared_unless_excluded)
{
    struct trail_label list[4];
    struct trail_labels labels = labels_of(plain[_i].patterns, list);
    for (size_t i = 0; i < labels.n; i++)
        ck_assert_msg(trail_labels_declare(&labels, i) == plain[_i].declares[i], "case %d, pattern %zu", _i,
                      i);
}
END_TEST

START_TEST(many_stars_take_no_more_than_linear_steps_a_star)
{
    static char pattern[2001], label[100000];
    for (size_t i = 0; i < 2000; i += 2)
        memcpy(pattern + i, "*a", 2);
    pattern[2000] = 'b';
    memset(label, 'a', sizeof label);
    struct trail_label l = {false, {pattern, sizeof pattern}};
    struct trail_labels labels = {1, &l};
    clock_t start = clock();
    ck_assert(!trail_labels_accept(&labels, (struct trail_slice){label, sizeof label}));
    ck_assert((double)(clock() - start) / CLOCKS_PER_SEC < 1.0);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof *(array))

int main(void)
{
    Suite *suite = suite_create("labels");
    TCase *t = tcase_create("labels");
    tcase_add_loop_test(t, one_pattern, 0, COUNT(globs));
    tcase_add_loop_test(t, several_patterns, 0, COUNT(lists));
    tcase_add_test(t, an_absent_label_is_the_empty_text);
    tcase_add_test(t, an_alert_wants_both_labels);
    tcase_add_loop_test(t, plain_names_are_declared_unless_excluded, 0, COUNT(plain));
    tcase_add_test(t, many_stars_take_no_more_than_linear_steps_a_star);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

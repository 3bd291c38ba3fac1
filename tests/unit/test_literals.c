/*
 * test_literals.c - the strings that a regex cannot do without. That they are in every text that matches is held on
 * random regexes by tests/differential/regexes.c.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "plan/literals.h"
#include "regex/regex.h"
#include "suite.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { W = 16, K = REGEX_KEYWORD, I = REGEX_KEYWORD_ANY, T = REGEX_TOKEN };

/* The strings in order, between bars; behind `!` for texts of ASCII alone. */
static const struct {
    int how;
    const char *pattern, *literals;
} cases[] = {
    {K, "abc", "abc"},
    {K, "AbC", "abc"},
    {K, ".*admin.*", "admin"},
    {K, "payroll-7-[a-z0-9]+", "payroll-7-"},
    {K, "arn:aws:sts::[0-9]{12}:assumed-role\\/canary-12-.*", ":assumed-role/canary-12-"},
    {K, "x(ab|cd)y", "xaby|xcdy"},
    {K, "(ab|cd.*ef)", "ab|cd"},
    {K, "qu?x", "qx|qux"},
    {K, "(jq)+", "jq"},
    {K, "(jq){3}z", "jqjqjqz"},
    {K, "(jq){2,}z", "jqjq"},
    {K, "(jq)*", ""},
    {K, "[a-z]+", ""},
    {K, "[ab][cd]z", "acz|adz|bcz|bdz"},
    {K, "[0-9]{3}", ""},
    {K, "(a|b*)", ""},
    {K, "", ""},
    {K, "(Create|Delete)(User|Role).*zqzqzq", "zqzqzq"},
    {K, "\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9"},
    {K, "[a\xC3\xA9]zz", "!azz"},
    {I, ".*ADMIN.*", "admin"},
    {I, "mask", "!mask"},
    {T, "mask[0-9]*", "!mask"},
    {W | K, "*role?payroll\\-7*", "payroll-7"},
    {W | T, "kali*", "!kali"},
};

static struct slice literals_text(struct compile *c, const struct literals *l)
{
    struct buffer b = {.c = c};
    buffer_text(&b, l->n && l->ascii ? "!" : "");
    for (size_t i = 0; i < l->n; i++)
        buffer_printf(&b, "%s%.*s", i ? "|" : "", (int)l->list[i].n, l->list[i].p);
    buffer_text(&b, "");
    return buffer_slice(&b);
}

static struct pred pred_of(struct compile *c, const char *pattern, int how)
{
    size_t n = strlen(pattern);
    uint32_t *at = NEW_ARRAY(c, uint32_t, n + 1);
    for (size_t i = 0; i <= n; i++)
        at[i] = (uint32_t)i;
    struct source *source = PUSH(c, c->sources, c->n_sources);
    *source = (struct source){"rule", slice_of(pattern)};
    struct text *text = NEW(c, struct text);
    *text = (struct text){source->text, 0, at};
    enum regex_dialect dialect = (enum regex_dialect)(how & ~W);
    struct pred pred = {.view = dialect == REGEX_TOKEN ? VIEW_TEXT : VIEW_KEYWORD, .kind = TEST_REGEX};
    pred.regex = how & W ? regex_wildcard(c, text, 0, n, dialect) : regex_parse(c, text, 0, n, dialect);
    return pred;
}

START_TEST(test_regexes)
{
    struct compile c = {.arena = arena_new()};
    struct pred pred = pred_of(&c, cases[_i].pattern, cases[_i].how);
    struct literals l = {0};
    if (pred.regex)
        l = literals_of(&c, &pred);
    ck_assert_str_eq(literals_text(&c, &l).p ? literals_text(&c, &l).p : "", cases[_i].literals);
    for (size_t i = 0; i < l.n; i++)
        ck_assert_uint_ge(l.list[i].n, l.shortest);
    arena_free(c.arena);
}
END_TEST

START_TEST(test_words)
{
    struct compile c = {.arena = arena_new()};
    struct slice tokens[] = {SLICE("aws"), SLICE("quarantine"), SLICE("e")};
    struct pred phrase = {
        .view = VIEW_TEXT, .kind = TEST_TOKENS, .literal = {.tokens = tokens, .n_tokens = 3}};
    struct literals l = literals_of(&c, &phrase);
    ck_assert_str_eq(literals_text(&c, &l).p, "!quarantine");
    struct pred equals = {
        .view = VIEW_KEYWORD, .kind = TEST_EQUALS, .literal = {.whole = SLICE("RunInstances")}};
    l = literals_of(&c, &equals);
    ck_assert_str_eq(literals_text(&c, &l).p, "runinstances");
    struct pred exists = {.view = VIEW_TEXT, .kind = TEST_EXISTS};
    ck_assert_uint_eq(literals_of(&c, &exists).n, 0);
    arena_free(c.arena);
}
END_TEST

START_TEST(test_rarity)
{
    ck_assert_uint_eq(literal_rarity(SLICE("")), 0);
    ck_assert_uint_gt(literal_rarity(SLICE("quark")), literal_rarity(SLICE("eaten")));
    ck_assert_uint_gt(literal_rarity(SLICE("pay")), literal_rarity(SLICE("arn:aws:iam::")));
    ck_assert_uint_eq(literal_rarest(SLICE("role/aws-service-role/zebra"), 4),
                      strlen("role/aws-service-role"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("literals");
    TCase *tcase = tcase_create("literals");
    tcase_add_loop_test(tcase, test_regexes, 0, (int)COUNT(cases));
    tcase_add_test(tcase, test_words);
    tcase_add_test(tcase, test_rarity);
    suite_add_tcase(suite, tcase);
    return run_tap(suite);
}

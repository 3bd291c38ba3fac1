/*
 * test_regex_messages.c - what is said of regexes and wildcards, and what to write instead.
 */
#include "regexes.h"

/* The column is the byte of the pattern, from 1, under the first caret; 0: the whole regex's first. */
static const struct {
    int how;
    const char *pattern;
    enum code code;
    unsigned column, carets;
    const char *rewrite;
} messages[] = {
    {K, "", E104, 0, 1, NULL},
    {K, "(", E105, 1, 1, NULL},
    {K, "(a", E105, 1, 1, NULL},
    {K, "x((a)", E105, 2, 1, NULL},
    {K, ")", E105, 1, 0, NULL},
    {K, "a)", E105, 2, 1, "/a\\)/"},
    {K, "a)b", E105, 2, 1, "/a\\)b/"},
    {K, "[a", E105, 1, 1, "/\\[a/"},
    {K, "x[", E105, 2, 1, "/x\\[/"},
    {K, "[^", E105, 1, 1, "/\\[^/"},
    {K, "[]", E105, 1, 2, NULL},
    {K, "[]a]", E105, 1, 2, "/[\\]a]/"},
    {K, "[^]a]", E105, 1, 3, "/[^\\]a]/"},
    {K, "()", E105, 1, 2, NULL},
    {K, "a()", E105, 2, 2, NULL},
    {K, "a|", E105, 3, 0, NULL},
    {K, "|a", E105, 1, 1, NULL},
    {K, "a||b", E105, 3, 1, NULL},
    {K, "(a|)", E105, 4, 1, NULL},
    {K, "*a*", E105, 1, 1, "/.*a.*/"},
    {K, "*a?b", E105, 1, 1, "/.*a.b/"},
    {K, "+a", E105, 1, 1, "/\\+a/"},
    {K, "a|*b", E105, 3, 1, "/a|.*b/"},
    {K, "(?", E109, 1, 2, NULL},
    {K, "?a", E105, 1, 1, "/\\?a/"},
    {K, "{2}", E105, 1, 1, "/\\{2}/"},
    {K, "a{", E105, 2, 1, "/a\\{/"},
    {K, "a{x}", E105, 2, 1, "/a\\{x}/"},
    {K, "a{,3}", E105, 2, 4, "/a{0,3}/"},
    {K, "a{1,2", E105, 2, 1, "/a\\{1,2/"},
    {K, "a**", E105, 3, 1, "/(a*)*/"},
    {K, "a{2}{3}", E105, 5, 1, "/(a{2}){3}/"},
    {K, "ab+*", E105, 4, 1, "/a(b+)*/"},
    {K, "a\\", E105, 2, 1, "/a\\\\/"},
    {K, "[a-\\d]", E105, 2, 4, NULL},
    {K, "[z-a]", E108, 2, 3, "/[a-z]/"},
    {K, "[^Z-Ax9-0]", E108, 3, 3, "/[^A-Zx0-9]/"},
    {T, "[Z-A]", E108, 2, 3, "/[a-z]/"},
    {K, "[\\}-\\{]", E108, 2, 5, "/[\\{-\\}]/"},
    {K, "a{3,1}", E108, 2, 5, "/a{1,3}/"},
    {K, "[^\\s\\S]", E108, 1, 7, NULL},
    {K, "a[^\\d\\D]b|[^\\w\\W]", E108, 1, 17, NULL},
    {K, "^a", E109, 1, 1, "/a/"},
    {K, "a$", E109, 2, 1, "/a/"},
    {K, "^a$", E109, 1, 1, "/a/"},
    {K, "(^a|b$)", E109, 2, 1, "/(a|b)/"},
    {K, "^", E109, 1, 1, NULL},
    {K, "a@b", E109, 2, 1, "/a\\@b/"},
    {K, "a&b", E109, 2, 1, "/a\\&b/"},
    {K, "~a", E109, 1, 1, "/\\~a/"},
    {K, "a#", E109, 2, 1, "/a\\#/"},
    {K, "<1-5>", E109, 1, 1, "/\\<1-5\\>/"},
    {K, "\"a\"", E109, 1, 1, "/\\\"a\\\"/"},
    {K, "a*?", E109, 3, 1, "/a*/"},
    {K, "a+?b", E109, 3, 1, "/a+b/"},
    {K, "a??", E109, 3, 1, "/a?/"},
    {K, "a{2}?", E109, 5, 1, "/a{2}/"},
    {K, "a*+", E109, 3, 1, "/a*/"},
    {K, "a++", E109, 3, 1, "/a+/"},
    {K, "a?+", E109, 3, 1, "/a?/"},
    {K, "(a)\\1", E109, 4, 2, NULL},
    {K, "\\0", E109, 1, 2, NULL},
    {K, "(?=a)b", E109, 1, 3, NULL},
    {K, "(?!a)b", E109, 1, 3, NULL},
    {K, "(?<=a)b", E109, 1, 4, NULL},
    {K, "(?<!a)b", E109, 1, 4, NULL},
    {K, "(?>a)b", E109, 1, 3, NULL},
    {K, "(?:ab)+", E109, 1, 3, "/(ab)+/"},
    {K, "(?<x>ab)+", E109, 1, 5, "/(ab)+/"},
    {K, "(?P<x>ab)+", E109, 1, 6, "/(ab)+/"},
    {K, "(?i)ab", E109, 1, 4, "/ab/i"},
    {I, "(?i)ab", E109, 1, 4, "/ab/i"},
    {T, "(?i)ab", E109, 1, 4, "/ab/"},
    {K, "(?s).*", E109, 1, 4, "/.*/"},
    {K, "(?m)a", E109, 1, 4, NULL},
    {K, "(?i:a)b", E109, 1, 4, NULL},
    {K, "\\bfoo", E109, 1, 2, NULL},
    {K, "\\Afoo\\z", E109, 1, 2, "/foo/"},
    {T, "x\\Ay", E109, 2, 2, "/xy/"},
    {K, "\\p{L}", E109, 1, 5, NULL},
    {K, "\\p{L", E109, 1, 2, NULL},
    {K, "\\x41", E109, 1, 2, NULL},
    {K, "[\\x]", E109, 2, 2, NULL},
    {K, "[[:digit:]]+", E109, 2, 9, "/[0-9]+/"},
    {K, "[[:alpha:]_]", E109, 2, 9, "/[A-Za-z_]/"},
    {I, "a@b", E109, 2, 1, "/a\\@b/i"},
    {K, "\\d", W203, 1, 2, "/[0-9]/"},
    {K, "a\\dx\\d", W203, 2, 2, "/a[0-9]x[0-9]/"},
    {K, "\\D", W203, 1, 2, "/[^0-9]/"},
    {K, "\\w+", W203, 1, 2, "/[A-Za-z0-9_]+/"},
    {T, "\\w+", W203, 1, 2, "/[a-z0-9_]+/"},
    {I, "\\w+", W203, 1, 2, "/[A-Za-z0-9_]+/i"},
    {K, "\\s", W203, 1, 2, "/[ \t\n\r]/"},
    {K, "\\S", W203, 1, 2, "/[^ \t\n\r]/"},
    {K, "a[\\t-z]", W203, 3, 2, "/a[\t-z]/"},
    {T, "[[:alnum:]]", E109, 2, 9, "/[a-z0-9]/"},
    {T, "a&b", E109, 2, 1, "/a\\&b/"},
    {K, "[\\d.]", W203, 2, 2, "/[0-9.]/"},
    {K, "[\\D.]", W203, 2, 2, NULL},
    {T, "Admin", W202, 1, 1, "/admin/"},
    {T, "a[B-D]", W202, 3, 1, "/a[b-d]/"},
    {T, "a[A-z]", W202, 3, 1, NULL},
    {T, "\xC3\x89t", W202, 1, 2, "/\xC3\xA9t/"},
    {T, "a[!-_]", W202, 2, 5, NULL},
    {T, "a[^b-\xC3\xA9]", W202, 2, 7, NULL},
    {T, "assumed-role", E108, 8, 1, "f.keyword:/assumed-role/i"},
    {T, "user/bob", E108, 5, 1, "f.keyword:/user/bob/i"},
    {T, "user\\/bob", E108, 5, 2, "f.keyword:/user\\/bob/i"},
    {T, "a b", E108, 2, 1, "f.keyword:/a b/i"},
    {T, ".*\\@.*", E108, 3, 2, "f.keyword:/.*\\@.*/i"},
    {T, "arn:aws:iam::.*", E108, 1, 15, "f.keyword:/arn:aws:iam::.*/i"},
    {T, ":a", E108, 1, 2, "f.keyword:/:a/i"},
    {T, "a\\.", E108, 1, 3, "f.keyword:/a\\./i"},
    {T, "_+", E108, 1, 2, "f.keyword:/_+/i"},
    {T, "[ -\\/]+", E108, 1, 7, "f.keyword:/[ -\\/]+/i"},
    {T, "\xFF", E108, 1, 1, "f.keyword:/\xFF/i"},
    {T, "\xE6\x97\xA5\xE6\x9C\xAC", E108, 1, 6, "f.keyword:/\xE6\x97\xA5\xE6\x9C\xAC/i"},
    {T | W, "*assumed-role*", E108, 9, 1, "f.keyword:*assumed-role*"},
    {T | W, "a\\:\\:b*", E108, 1, 7, "f.keyword:a\\:\\:b*"},
    {T | W, "*\\ *", E108, 2, 2, "f.keyword:*\\ *"},
    {K, ".*a.{13}", E110, 4, 5, NULL},
    {K, "x.*(a|b).{0,30}c.{30}", E110, 17, 5, NULL},
    {K, "a{10000}", E110, 1, 8, NULL},
    {K, "ab(c{300}){300}d", E110, 3, 13, NULL},
    {K, "a{99999999999999999999}", E110, 1, 23, NULL},
    {K | W, "*a??????????????????", E110, 1, 1, NULL},
};

static const struct diag *find(const struct subject *s, enum code code)
{
    for (size_t i = 0; i < s->c.n_diags; i++)
        if (s->c.diags[i].code == code)
            return &s->c.diags[i];
    return NULL;
}

START_TEST(says)
{
    const char *pattern = messages[_i].pattern;
    struct subject *s = subject_new(pattern, strlen(pattern), messages[_i].how);
    const struct diag *d = find(s, messages[_i].code);
    ck_assert_msg(d, "/%s/: not E/W%d but %s", pattern, (int)messages[_i].code, first_message(s));
    ck_assert_msg(code_is_error(d->code) == !s->regex, "/%s/: a regex with an error, or none without",
                  pattern);
    unsigned start = messages[_i].how & WILDCARD ? 2 : 3, column = d->loc.at + 1 - start;
    ck_assert_msg(column == messages[_i].column, "/%s/: column %u, not %u", pattern, column,
                  messages[_i].column);
    if (messages[_i].carets)
        ck_assert_msg(d->loc.n == messages[_i].carets, "/%s/: %u carets, not %u", pattern, d->loc.n,
                      messages[_i].carets);
    if (messages[_i].rewrite)
        ck_assert_msg(d->rewrite.n && strcmp(d->rewrite.p, messages[_i].rewrite) == 0,
                      "/%s/: rewrite %s, not %s", pattern, d->rewrite.n ? d->rewrite.p : "(none)",
                      messages[_i].rewrite);
    else if (messages[_i].carets)
        ck_assert_msg(d->rewrite.n == 0, "/%s/: rewrite %s", pattern, d->rewrite.p);
    subject_free(s);
}
END_TEST

START_TEST(clean_regexes_say_nothing)
{
    static const struct {
        int how;
        const char *pattern;
    } clean[] = {
        {K, ".*admin.*"},
        {K, "[A-Z][a-z]*"},
        {K, "[!-_]"},
        {T, "[ -~]x"},
        {T, "[!-_a-z]"},
        {K, "a^b"},
        {K, "a$b"},
        {K, "\\^a\\$"},
        {T, ".*admin.*"},
        {T, "a.*z"},
        {T, "arn:aws:.*"},
        {T, "10\\.0\\..*"},
        {T, "don't"},
        {T, "1,5"},
        {T, "_.*"},
        {T, "[a-z]+_[0-9]"},
        {T, "\xE6\x97\xA5"},
        {T, "\\#\xE2\x83\xA3"},
        {T, "[^a]*"},
        {T, ".*-?.*"},
        {T, "(a-b|c)"},
        {I, "[A-Z]"},
        {T | W, "Admin*"},
        {T | W, "*"},
        {T | W, "iam.amazonaws.co?"},
    };
    for (size_t i = 0; i < COUNT(clean); i++) {
        struct subject *s = subject_new(clean[i].pattern, strlen(clean[i].pattern), clean[i].how);
        ck_assert_msg(s->regex && s->c.n_diags == 0, "/%s/: %s", clean[i].pattern, first_message(s));
        subject_free(s);
    }
}
END_TEST

START_TEST(all_faults_are_said)
{
    struct subject *s = subject_new("^a@b*?\\d\"$", 10, K);
    ck_assert_uint_eq(s->c.n_diags, 6);
    for (size_t i = 0; i < s->c.n_diags; i++)
        ck_assert_str_eq(s->c.diags[i].rewrite.p, "/a\\@b*[0-9]\\\"/");
    subject_free(s);
}
END_TEST

START_TEST(many_faults_are_few_messages)
{
    char pattern[2000];
    memset(pattern, '@', sizeof pattern);
    struct subject *s = subject_new(pattern, sizeof pattern, K);
    ck_assert_ptr_null(s->regex);
    ck_assert_uint_le(s->c.n_diags, 8);
    subject_free(s);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("messages");
    tcase_add_loop_test(tcase, says, 0, COUNT(messages));
    tcase_add_test(tcase, clean_regexes_say_nothing);
    tcase_add_test(tcase, all_faults_are_said);
    tcase_add_test(tcase, many_faults_are_few_messages);
    return run_regex_tests(tcase);
}

/*
 * test_regex.c - regexes and wildcards: what matches.
 *
 * PCRE2 is the second opinion on random regexes, in tests/differential/regexes.c.
 */
#include "regexes.h"

/* Texts are separated by spaces; U+0020 itself is written `_SP_`, the empty text `_0_`. */
static const struct {
    int how;
    const char *pattern, *in, *out;
} matches[] = {
    {K, "a", "a", "_0_ b aa A"},
    {K, "abc", "abc", "ab abcd xabc ABC"},
    {K, ".", "a \xC3\xA9 \xF0\x9F\x98\x80 \xFF \n", "_0_ ab \xC3\xA9\xC3\xA9 \xED\xA0\x80"},
    {K, ".*", "_0_ a ab \xFF\xFE \xC3", ""},
    {K, ".+", "a ab \xFF", "_0_"},
    {K, "..", "ab \xC3\xA9x \xFF\xFE \xC3(", "a abc \xC3\xA9"},
    {K, "a*", "_0_ a aaaa", "b ab"},
    {K, "a+", "a aa", "_0_ b"},
    {K, "a?", "_0_ a", "aa"},
    {K, "a{2}", "aa", "a aaa _0_"},
    {K, "a{2,}", "aa aaa aaaaaa", "a _0_"},
    {K, "a{2,4}", "aa aaa aaaa", "a aaaaa"},
    {K, "a{0,2}", "_0_ a aa", "aaa"},
    {K, "a{0}", "_0_", "a"},
    {K, "a{0,0}b", "b", "ab"},
    {K, "a{1}", "a", "aa _0_"},
    {K, "(ab){2}", "abab", "ab ababab aabb"},
    {K, "(ab)*c", "c abc ababc", "ab ac"},
    {K, "a|b", "a b", "ab _0_ c"},
    {K, "a|b|c", "a b c", "d"},
    {K, "ab|cd", "ab cd", "abd acd abcd"},
    {K, "a(b|c)d", "abd acd", "ad abcd"},
    {K, "(a|b)*", "_0_ a b abba", "c abc"},
    {K, "(a|b)*abb", "abb aabb babb ababb", "ab abba"},
    {K, "((a))", "a", "aa"},
    {K, "(a*)*", "_0_ aaa", "b"},
    {K, "(a*)+", "_0_ aaa", "b"},
    {K, "(a+)?", "_0_ aaa", "b"},
    {K, "(a?){3}", "_0_ a aa aaa", "aaaa"},
    {K, "(a|ab)(c|bcd)", "ac abc abcd abbcd", "abd ab"},
    {K, "[abc]", "a b c", "d ab _0_"},
    {K, "[a-c]", "a b c", "d A"},
    {K, "[a-cx-z]", "a c x z", "d w"},
    {K, "[^a]", "b \xC3\xA9 \xFF \n", "a _0_ bb"},
    {K, "[^a-z]", "A 0 \xFF", "a z"},
    {K, "[-a]", "- a", "b"},
    {K, "[a-]", "- a", "b"},
    {K, "[a\\-c]", "a - c", "b"},
    {K, "[a^]", "a ^", "b"},
    {K, "[\\^a]", "a ^", "b"},
    {K, "[\\]a]", "] a", "b"},
    {K, "[\\\\]", "\\", "/"},
    {K, "[.]", ".", "a"},
    {K, "[*+?|(){}]", "* + ? | ( ) { }", "a"},
    {K, "[@&~#<>\"]", "@ & ~ # < > \"", "a"},
    {K, "[/]", "/", "a"},
    {K, "[$^]", "$ ^", "a"},
    {K, "[\xC3\xA0-\xC3\xBF]", "\xC3\xA9", "e \xC3 \xA9 \xC3\x80"},
    {K, "[\xF0\x9F\x98\x80-\xF0\x9F\x99\x8F]", "\xF0\x9F\x98\x82", "\xF0\x9F\x9A\x80 \xF0"},
    {K, "[[]", "[", "]"},
    {K, "[a-c-e]", "a c - e", "d"},
    {K, "[\\t]", "\t", "t \\"},
    {K, "\\.", ".", "a"},
    {K, "\\*\\+\\?", "*+?", "aaa"},
    {K, "\\(\\)\\[\\]\\{\\}", "()[]{}", ""},
    {K, "\\|", "|", "_0_"},
    {K, "\\\\", "\\", "\\\\"},
    {K, "\\/", "/", "\\/"},
    {K, "\\@\\&\\~\\#\\<\\>\\\"", "@&~#<>\"", ""},
    {K, "\\^\\$", "^$", ""},
    {K, "a^b", "a^b", "ab"},
    {K, "a$b", "a$b", "ab"},
    {K, "\\-", "-", ""},
    {K, "\\t", "\t", "t"},
    {K, "\\n", "\n", "n"},
    {K, "\\r", "\r", "r"},
    {K, "a}", "a}", "a"},
    {K, "a]", "a]", "a"},
    {K, "a,b", "a,b", ""},
    {K, "\\d", "0 9", "a d \xD9\xA1 \xEF\xBC\x91"},
    {K, "\\D", "a \xFF \xD9\xA1", "0"},
    {K, "\\w", "a Z 0 _", "- \xC3\xA9"},
    {K, "\\W", "- \xC3\xA9 \xFF", "a _"},
    {K, "\\s", "_SP_ \t \n \r", "a \v \f"},
    {K, "\\S", "a \xFF", "_SP_ \n"},
    {K, "[\\d_]", "5 _", "a"},
    {K, "[^\\d]", "a \xFF", "5"},
    {K, "[\\w-]+", "a-b_C9", "a.b"},
    {K, "[\\D]", "a", "5"},
    {K, "\\d{12}", "123456789012", "12345678901 1234567890123"},
    {K, ".*\\d{12}.*", "arn:aws:iam::123456789012:user/x 123456789012", "arn:aws:iam::12345678901:user"},
    {K, ".*deployment.*", "deployment xdeploymentx", "CreateDeployment"},
    {K, ".*admin.*",
     "admin superadmins \xFF"
     "admin\xFE",
     "Admin adm in"},
    {K, "[0-9]{1,3}(\\.[0-9]{1,3}){3}", "10.0.0.1 255.255.255.255", "10.0.0 1.2.3.4.5 a.b.c.d"},
    {K, "arn:aws:iam::[0-9]*:user/.*", "arn:aws:iam::1:user/bob", "arn:aws:iam::1:role/bob"},
    {K, "\xC3\xA9+", "\xC3\xA9 \xC3\xA9\xC3\xA9", "\xC3 \xA9 e"},
    {K, "\xFF", "\xFF", "\xFE \xC3\xBF"},
    {K, "[\x80-\xFF]", "\x80 \xFE", "\xC2\x80 a"},
    {K, "a\xC3", "a\xC3", "a\xC3\xA9"},
    {K, "\xE2\x82\xAC", "\xE2\x82\xAC", "\xE2\x82"},
    {K, "(Stop|Delete|Update)Trail|StopLogging", "StopTrail DeleteTrail StopLogging", "StopTrails stoptrail"},
    {K, "a(|b)", NULL, NULL},
    {I, "a", "a A", "b"},
    {I, "Admin", "admin ADMIN aDmIn", "adm1n"},
    {I, "[a-c]x", "aX Bx CX", "dx"},
    {I, "[^a]", "b B", "a A"},
    {I, "k", "k K \xE2\x84\xAA", "x"},
    {I, "s", "s S \xC5\xBF", "\xC3\x9F"},
    {I, "\xC3\xA9", "\xC3\xA9 \xC3\x89", "e"},
    {I, "\xCF\x83", "\xCF\x83 \xCF\x82 \xCE\xA3", "s"},
    {I, "\xC3\x9F", "\xC3\x9F \xE1\xBA\x9E", "ss SS"},
    {I, "\xC4\xB0", "\xC4\xB0", "i I \xC4\xB1"},
    {I, "i", "i I", "\xC4\xB0 \xC4\xB1"},
    {I, "[A-Z]+", "abc XYZ", "1"},
    {I, "[\xC4\x81-\xC4\x83]", "\xC4\x80 \xC4\x81 \xC4\x82 \xC4\x83", "\xC4\x84 \xC4\x85"},
    {I, "\xF0\x90\x90\x80", "\xF0\x90\x90\x80 \xF0\x90\x90\xA8", "a"},
    {I, ".*root.*", "Root xROOTx", "rot"},
    {T, "admin", "admin", "ADMIN administrator"},
    {T, "Admin", "admin", "administrator"},
    {T, ".*ADMIN.*", "superadmins", "adm"},
    {T, "[A-Z]+", "abc", "1"},
    {T, "[^A]", "b", "a"},
    {T, "[^a]b", "bb", "ab"},
    {T, "\xC3\x89t\xC3\xA9", "\xC3\xA9t\xC3\xA9", "ete"},
    {T, "\xC4\x81", "\xC4\x81", "\xC4\x83"},
    {T, "[\xC4\x81-\xC4\x83]", "\xC4\x81 \xC4\x83", "\xC4\x85"},
    {T, "s", "s", "\xC5\xBF"},
    {T, "k", "k", "\xE2\x84\xAA"},
    {T, "(stop|delete|update)trail|stoplogging", "stoptrail stoplogging", "trail"},
    {T, "arn:aws:.*", "arn:aws:iam", "aws:iam"},
    {T, "\\w+", "abc_1", "a.b"},
    {K | W, "*", "_0_ a \xFF\xFF", ""},
    {K | W, "?", "a \xC3\xA9 \xFF", "_0_ ab"},
    {K | W, "a*", "a abc", "ba A"},
    {K | W, "*a", "a bca", "ab"},
    {K | W, "*a*", "a bab", "b"},
    {K | W, "a?c",
     "abc axc a\xFF"
     "c",
     "ac abbc"},
    {K | W, "a**b", "ab axxb", "a"},
    {K | W, "a\\*b", "a*b", "axb ab"},
    {K | W, "a\\?b", "a?b", "axb"},
    {K | W, "a\\\\b", "a\\b", "ab"},
    {K | W, "a\\:b*", "a:b a:bc", "ab"},
    {K | W, "a.b*", "a.b a.bc", "axb"},
    {K | W, "[a]*", "[a] [a]x", "a"},
    {K | W, "us-*-1", "us-east-1 us--1", "us-east-2"},
    {K | W, "arn\\:aws\\:iam\\:\\:*\\:user\\/*", "arn:aws:iam::1:user/x", "arn:aws:iam::1:role/x"},
    {K | W, "*a\\", "a\\", "a"},
    {I | W, "AD*n?", "admins ADmiNs", "admin"},
    {T | W, "ad*n?", "admins", "admin"},
    {T | W, "AD*", "admin ad", "bad"},
    {T | W, "*unauthorized*", "unauthorized unauthorizedoperation", "authorized"},
};

/* The n-th text of a list; false behind the last. */
static bool text_at(const char *list, size_t n, struct slice *text)
{
    const char *at = list;
    while (n > 0 && *at) {
        at += *at != ' ' ? strcspn(at, " ") : 0;
        at += *at == ' ';
        n--;
    }
    if (!*at)
        return false;
    *text = (struct slice){at, strcspn(at, " ")};
    if (slice_eq(*text, SLICE("_0_")))
        text->n = 0;
    else if (slice_eq(*text, SLICE("_SP_")))
        *text = SLICE(" ");
    return true;
}

static size_t check_texts(struct subject *s, const char *pattern, const char *list, bool want)
{
    struct slice text;
    size_t n = 0;
    for (; text_at(list, n, &text); n++)
        ck_assert_msg(regex_match(&s->c, s->regex, text) == want, "/%s/ and \"%.*s\": %s", pattern,
                      (int)text.n, text.p, want ? "no match" : "match");
    return n;
}

START_TEST(matches_what_it_should)
{
    size_t verdicts = 0;
    for (size_t i = 0; i < COUNT(matches); i++) {
        if (!matches[i].in)
            continue;
        struct subject *s = subject_new(matches[i].pattern, strlen(matches[i].pattern), matches[i].how);
        ck_assert_msg(s->regex, "/%s/: %s", matches[i].pattern, first_message(s));
        verdicts += check_texts(s, matches[i].pattern, matches[i].in, true);
        verdicts += check_texts(s, matches[i].pattern, matches[i].out, false);
        subject_free(s);
    }
    ck_assert_uint_ge(verdicts, 200);
}
END_TEST

START_TEST(nul_is_a_symbol)
{
    struct subject *s = subject_new("a.b[^x]\0", 8, K);
    ck_assert_ptr_nonnull(s->regex);
    ck_assert(regex_match(&s->c, s->regex, (struct slice){"a\0b\0\0", 5}));
    ck_assert(!regex_match(&s->c, s->regex, (struct slice){"a\0b\0x", 5}));
    subject_free(s);
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("matching");
    tcase_add_test(tcase, matches_what_it_should);
    tcase_add_test(tcase, nul_is_a_symbol);
    return run_regex_tests(tcase);
}

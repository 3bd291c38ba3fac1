/*
 * test_regex.c - regexes and wildcards: what matches, what is said, how large the DFA is.
 *
 * The text view's own tokenizer is the second opinion on tokens; PCRE2 is the one on random regexes, in
 * tests/differential/regexes.c.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "regex/tree.h"
#include "trail/text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Check writes a mark for every assertion, so in long loops only a failure makes one. */
#define MUST(condition, ...)           \
    do {                               \
        if (!(condition))              \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)

/* xorshift: the same sequence everywhere, from a seed that the message names. */
static uint64_t random_state;

static unsigned random_below(unsigned n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)(random_state >> 20) % n;
}

static uint64_t seed(void)
{
    const char *given = getenv("SEED");
    random_state = given ? strtoull(given, NULL, 10) | 1 : 20240917;
    return random_state;
}

/* One regex read from a filter `f:/…/`, or a wildcard from `f:…`. */
struct subject {
    struct compile c;
    struct source source;
    struct text text;
    struct regex *regex;
};

enum { WILDCARD = 16 };

static struct subject *subject_new(const char *pattern, size_t n, int how)
{
    struct subject *s = calloc(1, sizeof *s);
    bool wildcard = how & WILDCARD;
    enum regex_dialect dialect = (enum regex_dialect)(how & ~WILDCARD);
    s->c.arena = arena_new();
    struct buffer b = {.c = &s->c};
    buffer_text(&b, wildcard ? "f:" : "f:/");
    size_t from = b.n;
    buffer_add(&b, pattern, n);
    size_t to = b.n;
    buffer_text(&b, wildcard ? "" : "/");
    s->source = (struct source){"rule", buffer_slice(&b)};
    s->c.sources = &s->source;
    s->c.n_sources = 1;
    uint32_t *at = NEW_ARRAY(&s->c, uint32_t, b.n + 1);
    for (size_t i = 0; i <= b.n; i++)
        at[i] = (uint32_t)i;
    s->text = (struct text){s->source.text, 0, at};
    s->regex = wildcard ? regex_wildcard(&s->c, &s->text, from, to, dialect)
                        : regex_parse(&s->c, &s->text, from, to, dialect);
    return s;
}

static void subject_free(struct subject *s)
{
    arena_free(s->c.arena);
    free(s);
}

static const char *first_message(const struct subject *s)
{
    return s->c.n_diags ? s->c.diags[0].message.p : "nothing";
}

/* ---- what matches ------------------------------------------------------------------------------ */

enum { K = REGEX_KEYWORD, I = REGEX_KEYWORD_ANY, T = REGEX_TOKEN, W = WILDCARD };

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

/* ---- what is said --------------------------------------------------------------------------------- */

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
    {K, "[z-a]", E108, 2, 3, NULL},
    {K, "a{3,1}", E108, 2, 5, NULL},
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
    {K, "\\s", W203, 1, 2, "/[ \\t\\n\\r]/"},
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

/* ---- languages ---------------------------------------------------------------------------------------- */

static const struct {
    const char *pattern;
    size_t states;
} sizes[] = {
    {"a", 2},
    {"abc", 4},
    {".*", 1},
    {"a*", 1},
    {"a+", 2},
    {".*admin.*", 6},
    {"(a|b)*abb", 4},
    {"a|b|c", 2},
    {"ab|cb", 3},
    {"[0-9]{12}", 13},
    {"(ab|ac|ad)*", 2},
    {"a?a?a?", 4},
    {"(a*)*b", 2},
    {".*a.{9}", 1024},
    {".*a.{12}", 8192},
    {".*foo.{0,20}bar.*", 105},
    {".*a.{0,30}b.*", 33},
    {"(.*a.*|.*b.*|.*c.*|.*d.*){5}", 6},
    {"a{9999}", 10000},
    {"(foo|bar)+", 6},
    {".*(a|b)(a|b)", 3},
    {"a{3,5}", 6},
    {"(a|[^a]).*|", 0},
};

START_TEST(counts_states)
{
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct subject *s = subject_new(sizes[i].pattern, strlen(sizes[i].pattern), K);
        size_t states = s->regex ? regex_states(s->regex) : 0;
        ck_assert_msg(states == sizes[i].states, "/%s/: %zu states, not %zu", sizes[i].pattern, states,
                      sizes[i].states);
        subject_free(s);
    }
}
END_TEST

static const struct {
    int how;
    const char *a, *b;
    bool equal;
} pairs[] = {
    {K, "[ab]", "[ba]", true},      {K, "[ab]", "(a|b)", true},    {K, "a|b", "b|a", true},
    {K, "aa*", "a+", true},         {K, "(a*)*", "a*", true},      {K, "a{2,3}", "aaa?", true},
    {K, "ab|ac", "a(b|c)", true},   {K, "(ab)*a", "a(ba)*", true}, {K, ".*.*", ".*", true},
    {K, "[^a]|a", ".", true},       {K, "[a-c]", "[abc]", true},   {K, "\\d", "[0-9]", true},
    {K, "(a|b)*", "(a*b*)*", true}, {K, "a", "b", false},          {K, "a", "A", false},
    {K, "a", "a?", false},          {K, "a*", "a+", false},        {K, "ab", "ba", false},
    {K, "[^a]", ".", false},        {I, "ABC", "abc", true},       {I, "[a-z]", "[A-Z]", true},
    {T, "ABC", "abc", true},        {T, "[A-Z]", "[a-z]", true},   {T, "[^A]", "[^a]", true},
};

START_TEST(canonical_text_is_the_language)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct subject *a = subject_new(pairs[i].a, strlen(pairs[i].a), pairs[i].how);
        struct subject *b = subject_new(pairs[i].b, strlen(pairs[i].b), pairs[i].how);
        ck_assert_ptr_nonnull(a->regex);
        ck_assert_ptr_nonnull(b->regex);
        bool equal = slice_eq(regex_canonical(&a->c, a->regex), regex_canonical(&b->c, b->regex));
        ck_assert_msg(equal == pairs[i].equal, "/%s/ and /%s/", pairs[i].a, pairs[i].b);
        subject_free(a);
        subject_free(b);
    }
}
END_TEST

static const struct {
    const char *pattern;
    const char *printed;
} prints[] = {
    {".*admin.*", "[^\\ud800]* \"admin\" [^\\ud800]*"},
    {".*", "[^\\ud800]*"},
    {"(.*a)?.*", "[^\\ud800]*"},
    {"a|b", "[ab]"},
    {"ab|cd", "\"ab\" | \"cd\""},
    {"a.{3,}", "\"a\" [^\\ud800]{3,}"},
    {"(ab|c)d*", "(\"c\" | \"ab\") \"d\"*"},
    {"arn:aws", "\"arn\\x3aaws\""},
    {"\\*\\/\\\"\\\\\n", "\"\\x2a\\x2f\\x22\\x5c\\x0a\""},
    {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xFF", "\"\\xe9\\u20ac\\U0001f600\\udcff\""},
    {"[\\]\\[\\^-]", "[\\x2d\\x5b\\x5d\\x5e]"},
    {"[^a]", "[^a\\ud800]"},
};

START_TEST(prints_as_re2c_does)
{
    for (size_t i = 0; i < COUNT(prints); i++) {
        struct subject *s = subject_new(prints[i].pattern, strlen(prints[i].pattern), K);
        ck_assert_msg(s->regex, "/%s/: %s", prints[i].pattern, first_message(s));
        struct buffer b = {.c = &s->c};
        regex_print(&b, s->regex);
        ck_assert_str_eq(b.p, prints[i].printed);
        subject_free(s);
    }
}
END_TEST

/* Whatever bytes a rule has, only these reach a comment of the generated code. */
START_TEST(prints_nothing_else)
{
    uint64_t from = seed();
    for (int round = 0; round < 3000; round++) {
        char pattern[40];
        size_t n = 1 + random_below(sizeof pattern - 1);
        for (size_t i = 0; i < n; i++)
            pattern[i] = (char)(random_below(3) ? 32 + random_below(96) : random_below(256));
        struct subject *s = subject_new(pattern, n, random_below(2) ? K | W : (int)random_below(3));
        struct buffer b = {.c = &s->c};
        if (s->regex)
            regex_print(&b, s->regex);
        for (size_t i = 0; i < b.n; i++)
            MUST(strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789\"[]()^-{},|*+?\\ ",
                        b.p[i]) &&
                     b.p[i],
                 "SEED=%llu round %d: 0x%02X", (unsigned long long)from, round, (unsigned char)b.p[i]);
        MUST(b.n == 0 || (!strstr(b.p, "*/") && !strstr(b.p, "??")), "SEED=%llu round %d",
             (unsigned long long)from, round);
        subject_free(s);
    }
}
END_TEST

/* ---- large ones are refused at once ------------------------------------------------------------------- */

/* Steps, each of two to five nanoseconds: so no regex takes two seconds, which a test does not measure. */
#define AT_ONCE 400000000U

START_TEST(catastrophes_are_quick)
{
    static const char *const patterns[] = {
        "(a*)*b",
        "(a|aa)+$x",
        "(a|a|a)*b",
        "((a?){100}){100}b",
        "(a{1000}){1000}",
        "((((a{0,10}){0,10}){0,10}){0,10}){0,10}",
        ".{1000}.{1000}",
        "(.{1000}.){1000}",
        ".*a.{100}",
        ".*[ab].{0,500}[cd].{0,500}e",
        "(.|..){3000}",
        "(.*a){2000}",
        "([a-f]?[^g-m]*){2000}q",
        "(a|b|c|d|e|f|g|h){60000}",
        ".*(a|b|ab|ba){20}.{20}(x|y|.){20}",
        "([^a][^b][^c][^d][^e]){2000}",
        "a{999999}{999999}",
        "(((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}){9})",
        "(.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?.?a){50}.*",
        "((a{1,50}){1,50}){1,50}",
        ".*a.{200}",
        "(.*a){20}",
        ".*a.{17}.*b.{17}.*c.{17}.*d.{17}.*e.{17}.*f.{17}",
        "(.*a.{17}|.*b.{17}|.*c.{17})",
        ".*a.{14}b.{14}c.{14}d.{14}e.{14}f.{14}g.{14}h.{14}",
        ".*(a|b.{2}|c.{3}|d.{4}|e.{5}).{17}(x|y|z)(f.{2}|k.{3}|l.{4}|m.{5})",
        "(a?b?c?d?e?f?g?h?i?j?k?l?m?n?o?p?q?r?s?t?u?v?w?x?y?z?){30}",
        "(a|aa|aaa|aaaa|aaaaa){1000}",
    };
    for (size_t i = 0; i < COUNT(patterns); i++) {
        for (int how = K; how <= T; how++) {
            struct subject *s = subject_new(patterns[i], strlen(patterns[i]), how);
            ck_assert_msg(s->c.work < AT_ONCE, "/%s/: %ju steps", patterns[i], (uintmax_t)s->c.work);
            ck_assert_msg(s->regex || s->c.n_diags, "/%s/: neither a regex nor a message", patterns[i]);
            subject_free(s);
        }
    }
}
END_TEST

/* Many words, anywhere in the value: few enough are taken, too many are refused. */
START_TEST(lists_of_words_are_quick)
{
    static const struct {
        unsigned n;
        const char *before, *each, *after;
        bool taken;
    } lists[] = {
        {500, ".*(", "", ").*", true}, {500, "(", ".*", ")", false}, {3000, ".*(", "", ").*", false}};
    for (size_t i = 0; i < COUNT(lists); i++) {
        struct compile c = {.arena = arena_new()};
        struct buffer b = {.c = &c};
        seed();
        for (unsigned word = 0; word < lists[i].n; word++) {
            buffer_printf(&b, "%s%s", word ? "|" : lists[i].before, lists[i].each);
            for (unsigned left = 6 + random_below(6); left > 0; left--)
                buffer_char(&b, (char)('a' + random_below(26)));
            buffer_text(&b, lists[i].each);
        }
        buffer_text(&b, lists[i].after);
        struct subject *s = subject_new(b.p, b.n, K);
        ck_assert_msg(s->c.work < AT_ONCE, "list %zu: %ju steps", i, (uintmax_t)s->c.work);
        ck_assert_msg((s->regex != NULL) == lists[i].taken, "list %zu: %s", i, first_message(s));
        subject_free(s);
        arena_free(c.arena);
    }
}
END_TEST

START_TEST(long_texts_are_quick)
{
    struct buffer b = {.c = &(struct compile){.arena = arena_new()}};
    for (int i = 0; i < 3000; i++)
        buffer_printf(&b, "%s(w%d[^%c]x|\xC3\xA9%c+)", i ? "|" : "", i, 'a' + i % 26, 'A' + i % 26);
    for (int how = K; how <= T; how++) {
        struct subject *s = subject_new(b.p, b.n, how);
        ck_assert_msg(s->c.work < AT_ONCE, "dialect %d: %ju steps", how, (uintmax_t)s->c.work);
        subject_free(s);
    }
    memset(b.p, '(', b.n);
    struct subject *s = subject_new(b.p, b.n, K);
    ck_assert_int_eq(s->c.diags[0].code, E110);
    subject_free(s);
    arena_free(b.c->arena);
}
END_TEST

/* ---- tokens ---------------------------------------------------------------------------------------------
 */

/* Every token of random texts is in the language of tokens: so no E108 is ever wrong. */
START_TEST(tokens_are_in_their_language)
{
    static const uint32_t alphabet[] = {
        'a',     'Z',     '0',     '_',    '.',    ':',     '\'',    '"',     ',',     '#',
        '*',     ' ',     0x200D,  0xFE0F, 0xFE0E, 0x20E3,  0x301,   0xAD,    0x5D0,   0x5D1,
        0x30AB,  0x30FC,  0x3042,  0x4E00, 0xE01,  0xE34,   0xE33,   0xAC00,  0x1100,  0x130,
        0x212A,  0x1F469, 0x1F468, 0x2603, 0xA9,   0x1F3FB, 0x1F44D, 0x1F1EB, 0x1F1F7, 0xE0061,
        0xE0062, 0xE007F, 0x1F3F4, 0x203F, 0xFF10, 0x660,   0x24B6,  0x10400,
    };
    uint64_t from = seed();
    struct compile c = {.arena = arena_new()};
    const struct tree *language = token_language(&c);
    for (int round = 0; round < 4000; round++) {
        char text[200];
        size_t n = 0;
        for (unsigned left = 1 + random_below(14); left > 0; left--)
            n += trail_encode(text + n, alphabet[random_below(COUNT(alphabet))]);
        struct trail_tokens t;
        trail_tokens_start(&t, text, n);
        while (trail_tokens_next(&t))
            MUST(tree_matches(language, (struct slice){t.p, t.n}), "SEED=%llu: token \"%.*s\" of \"%.*s\"",
                 (unsigned long long)from, (int)t.n, t.p, (int)n, text);
    }
    arena_free(c.arena);
}
END_TEST

/* And the other way round: a string of the language is one token. */
START_TEST(what_is_no_token_is_refused)
{
    static const char *const alphabet[] = {
        "a", "1", "_", "\\.", ":", "'", "-", ",", "\xE6\x97\xA5", "\xCC\x81", "\xD7\x90"};
    uint64_t from = seed();
    for (int round = 0; round < 1500; round++) {
        char pattern[64] = "", text[64] = "";
        for (unsigned left = 1 + random_below(6); left > 0; left--) {
            const char *piece = alphabet[random_below(COUNT(alphabet))];
            strcat(pattern, piece);
            strcat(text, piece + (*piece == '\\'));
        }
        struct trail_tokens t;
        trail_tokens_start(&t, text, strlen(text));
        bool token = trail_tokens_next(&t) && t.n == strlen(text);
        struct subject *s = subject_new(pattern, strlen(pattern), T);
        MUST((s->regex != NULL) == token, "SEED=%llu: /%s/: %s", (unsigned long long)from, pattern,
             token ? "refused" : "taken");
        subject_free(s);
    }
}
END_TEST

static Suite *regex_suite(void)
{
    Suite *suite = suite_create("regex");
    TCase *tcase = tcase_create("regex");
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, matches_what_it_should);
    tcase_add_test(tcase, nul_is_a_symbol);
    tcase_add_loop_test(tcase, says, 0, COUNT(messages));
    tcase_add_test(tcase, clean_regexes_say_nothing);
    tcase_add_test(tcase, all_faults_are_said);
    tcase_add_test(tcase, many_faults_are_few_messages);
    tcase_add_test(tcase, counts_states);
    tcase_add_test(tcase, canonical_text_is_the_language);
    tcase_add_test(tcase, prints_as_re2c_does);
    tcase_add_test(tcase, prints_nothing_else);
    tcase_add_test(tcase, catastrophes_are_quick);
    tcase_add_test(tcase, lists_of_words_are_quick);
    tcase_add_test(tcase, long_texts_are_quick);
    tcase_add_test(tcase, tokens_are_in_their_language);
    tcase_add_test(tcase, what_is_no_token_is_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(regex_suite());
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_set_tap(runner, "-");
    srunner_run_all(runner, CK_SILENT);
    int bad = srunner_ntests_failed(runner);
    srunner_free(runner);
    return bad ? 1 : 0;
}

/*
 * test_regex_dfa.c - the languages of regexes as DFAs: their size, their texts, how long it takes to find them.
 *
 * The text view's own tokenizer is the second opinion on tokens.
 */
#include "regexes.h"

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
} spellings[] = {
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
    for (size_t i = 0; i < COUNT(spellings); i++) {
        struct subject *s = subject_new(spellings[i].pattern, strlen(spellings[i].pattern), K);
        ck_assert_msg(s->regex, "/%s/: %s", spellings[i].pattern, first_message(s));
        struct buffer b = {.c = &s->c};
        regex_print(&b, s->regex);
        ck_assert_str_eq(b.p, spellings[i].printed);
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

int main(void)
{
    TCase *tcase = tcase_create("dfa");
    tcase_add_test(tcase, counts_states);
    tcase_add_test(tcase, canonical_text_is_the_language);
    tcase_add_test(tcase, prints_as_re2c_does);
    tcase_add_test(tcase, prints_nothing_else);
    tcase_add_test(tcase, catastrophes_are_quick);
    tcase_add_test(tcase, lists_of_words_are_quick);
    tcase_add_test(tcase, long_texts_are_quick);
    tcase_add_test(tcase, tokens_are_in_their_language);
    tcase_add_test(tcase, what_is_no_token_is_refused);
    return run_regex_tests(tcase);
}

/*
 * test_text.c - the text view: segmentation, lower case, UTF-8.
 *
 * Three witnesses: a table of cases, libunistring (another implementation of UAX #29, where both mean the
 * same), and the tokens that Lucene's own analyzer made of a corpus, when that is at hand.
 */
#include <check.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unistr.h>
#include <uniwbrk.h>

#include "match/text_scan.h"
#include "suite.h"

#define TOKENS_FILE "../shared/lucene/tokens.jsonl"

/* All tokens, each followed by '|'. The value is a copy without a byte to spare, so that valgrind sees an
 * overrun. */
typedef bool next_function(struct trail_tokens *);

static char *split_by(next_function *next, const char *p, size_t n)
{
    char *copy = malloc(n ? n : 1);
    memcpy(copy, p, n);
    char *out = malloc(n * 3 + 16);
    size_t used = 0;
    struct trail_tokens t;
    trail_tokens_start(&t, copy, n);
    while (next(&t) && t.n > 0) {
        memcpy(out + used, t.p, t.n);
        used += t.n;
        out[used++] = '|';
    }
    out[used] = 0;
    free(copy);
    return out;
}

static char *split(const char *p, size_t n)
{
    return split_by(trail_tokens_next, p, n);
}

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

static const struct {
    const char *text, *tokens;
} cases[] = {
    {"", ""},
    {" ", ""},
    {"a", "a|"},
    {"DetachRolePolicy", "detachrolepolicy|"},
    {"arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam|aws:policy|administratoraccess|"},
    {"arn:aws:iam::123456789012:user/bob", "arn:aws:iam|123456789012|user|bob|"},
    {"sg-g666abcd", "sg|g666abcd|"},
    {"iam.amazonaws.com", "iam.amazonaws.com|"},
    {"us-east-1", "us|east|1|"},
    {"user_name", "user_name|"},
    {"_a", "_a|"},
    {"a_", "a_|"},
    {"___", ""},
    {"_._", ""},
    {"__1__", "__1__|"},
    {"a__b", "a__b|"},
    {"_.a", "a|"},
    {"a_.b", "a_|b|"},
    {"a_b.c", "a_b.c|"},
    {"don't", "don't|"},
    {"don\xE2\x80\x99t", "don\xE2\x80\x99t|"},
    {"'quoted'", "quoted|"},
    {"a.b", "a.b|"},
    {"a..b", "a|b|"},
    {"a.", "a|"},
    {".a", "a|"},
    {"a:b", "a:b|"},
    {"a: b", "a|b|"},
    {"a:1", "a|1|"},
    {"1:2", "1|2|"},
    {"1.2", "1.2|"},
    {"1,234.5", "1,234.5|"},
    {"1;2", "1;2|"},
    {"1'2", "1'2|"},
    {"a;b", "a|b|"},
    {"a,b", "a|b|"},
    {"1.a", "1|a|"},
    {"a.1", "a|1|"},
    {"a1.2b", "a1.2b|"},
    {"a1.b2", "a1|b2|"},
    {"1a.b", "1a.b|"},
    {"10.0.0.1", "10.0.0.1|"},
    {"10.0.0.0/8", "10.0.0.0|8|"},
    {"2024-09-17T12:00:00Z", "2024|09|17t12|00|00z|"},
    {"2001:db8::1", "2001|db8|1|"},
    {"a@b.c", "a|b.c|"},
    {"x=1&y=2", "x|1|y|2|"},
    {"C++ C# a*b", "c|c|a|b|"},
    {"#", ""},
    {"*", ""},
    {"$a{b}[c](d)<e>\"f\"", "a|b|c|d|e|f|"},
    {"a\tb\nc\rd", "a|b|c|d|"},
    {"Boto3/1.26.0 Python/3.8", "boto3|1.26.0|python|3.8|"},
    {"{\"Effect\":\"Allow\"}", "effect|allow|"},
    {"na\xC3\xAFve CAF\xC3\x89", "na\xC3\xAFve|caf\xC3\xA9|"},
    {"cafe\xCC\x81!", "cafe\xCC\x81|"},
    {"\xCC\x81", ""},
    {"_\xCC\x81", ""},
    {"_\xCC\x81_a", "_\xCC\x81_a|"},
    {"a.\xCC\x81"
     "b",
     "a.\xCC\x81"
     "b|"},
    {"a\xC2\xAD"
     "b",
     "a\xC2\xAD"
     "b|"},
    {"a\xE2\x80\x8B"
     "b",
     "a|b|"},
    {"\xC4\xB0stanbul", "istanbul|"},
    {"STRASSE \xC3\x9F", "strasse|\xC3\x9F|"},
    {"\xE2\x84\xAA", "k|"},
    {"\xC8\xBA", "\xE2\xB1\xA5|"},
    {"\xCE\xA3\xCE\xA3", "\xCF\x83\xCF\x83|"},
    {"\xD0\x9F\xD0\xA0\xD0\x98", "\xD0\xBF\xD1\x80\xD0\xB8|"},
    {"\xE6\x97\xA5\xE6\x9C\xAC", "\xE6\x97\xA5|\xE6\x9C\xAC|"},
    {"\xE3\x81\xAE\xE3\x81\x82", "\xE3\x81\xAE|\xE3\x81\x82|"},
    {"\xE3\x82\xAB\xE3\x83\x8A", "\xE3\x82\xAB\xE3\x83\x8A|"},
    {"\xE3\x82\xAB"
     "a",
     "\xE3\x82\xAB|a|"},
    {"\xE3\x82\xAB_a", "\xE3\x82\xAB_a|"},
    {"\xED\x95\x9C\xEA\xB5\xAD", "\xED\x95\x9C\xEA\xB5\xAD|"},
    {"\xE0\xB8\xA0\xE0\xB8\xB2\xE0\xB8\xA9\xE0\xB8\xB2", "\xE0\xB8\xA0\xE0\xB8\xB2\xE0\xB8\xA9\xE0\xB8\xB2|"},
    {"_\xE0\xB8\xB4_", "\xE0\xB8\xB4|"},
    {"\xD7\x90\"\xD7\x91", "\xD7\x90\"\xD7\x91|"},
    {"\xD7\x90'", "\xD7\x90'|"},
    {"\xD7\x90\"", "\xD7\x90|"},
    {"a\"b", "a|b|"},
    {"\xD9\xA1\xD9\xA2", "\xD9\xA1\xD9\xA2|"},
    {"\xEF\xBC\x91", "\xEF\xBC\x91|"},
    {"\xF0\xA0\x80\x80", "\xF0\xA0\x80\x80|"},
    {"\xF0\x9F\x91\x8D", "\xF0\x9F\x91\x8D|"},
    {"\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD", "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD|"},
    {"\xF0\x9F\x91\x8D\xF0\x9F\x91\x8D", "\xF0\x9F\x91\x8D|\xF0\x9F\x91\x8D|"},
    {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7|"},
    {"\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7\xF0\x9F\x87\xA9", "\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7|"},
    {"1\xEF\xB8\x8F\xE2\x83\xA3", "1\xEF\xB8\x8F\xE2\x83\xA3|"},
    {"#\xE2\x83\xA3", "#\xE2\x83\xA3|"},
    {"\xC2\xA9", "\xC2\xA9|"},
    {"\xE2\x80\x8D\xE2\x80\x8D", ""},
    /* not UTF-8: a boundary, in no token */
    {"a\xFF"
     "b",
     "a|b|"},
    {"a\x80"
     "b",
     "a|b|"},
    {"a\xC3", "a|"},
    {"a\xE2\x84", "a|"},
    {"\xC0\xAF"
     "a",
     "a|"},
    {"a\xED\xA0\x80"
     "b",
     "a|b|"},
    {"\xF4\x90\x80\x80z", "z|"},
    {"a.\xFF"
     "b",
     "a|b|"},
    {"_\xFF_", ""},
};

/* Check writes a mark for every assertion, so in long loops only a failure makes one. */
#define MUST(condition, ...)           \
    do {                               \
        if (!(condition))              \
            ck_abort_msg(__VA_ARGS__); \
    } while (0)

START_TEST(splits)
{
    char *got = split(cases[_i].text, strlen(cases[_i].text));
    ck_assert_msg(strcmp(got, cases[_i].tokens) == 0, "case %d \"%s\": got %s want %s", _i, cases[_i].text,
                  got, cases[_i].tokens);
    free(got);
}
END_TEST

START_TEST(nul_is_a_boundary)
{
    char *got = split("a\0b", 3);
    ck_assert_str_eq(got, "a|b|");
    free(got);
}
END_TEST

/* n times a unit, then a tail; the lengths in bytes of the tokens expected, 0 ends them. */
static const struct {
    const char *unit;
    size_t n;
    const char *tail;
    size_t lengths[4];
} long_words[] = {
    {"a", 254, "", {254}},
    {"a", 255, "", {255}},
    {"a", 256, "", {255, 1}},
    {"a", 600, "", {255, 255, 90}},
    {"a", 254, ".b", {254, 1}},
    {"a", 253, ".b", {255}},
    {"a", 255, " b", {255, 1}},
    {"\xC3\xA9", 255, "", {510}},
    {"\xC3\xA9", 256, "", {510, 2}},
    {"_", 254, "a", {255}},
    {"_", 255, "a", {255}},
    {"_", 5000, "a", {255}},
    {"_", 255, " a", {1}},
    {"_\xCC\x81", 1000, "a", {127 * 3 + 1}},
    {"\xE2\x80\x8D", 1000, "\xF0\x9F\x91\x8D", {254 * 3 + 4}},
};

START_TEST(long_words_are_split)
{
    char *text = calloc(1, strlen(long_words[_i].unit) * long_words[_i].n + 16);
    for (size_t i = 0; i < long_words[_i].n; i++)
        strcat(text, long_words[_i].unit);
    strcat(text, long_words[_i].tail);
    struct trail_tokens t;
    trail_tokens_start(&t, text, strlen(text));
    size_t at = 0;
    for (; trail_tokens_next(&t); at++)
        ck_assert_msg(t.n == long_words[_i].lengths[at], "case %d: token %zu has %zu bytes, not %zu", _i, at,
                      t.n, long_words[_i].lengths[at]);
    ck_assert_uint_eq(long_words[_i].lengths[at], 0);
    free(text);
}
END_TEST

/* The fast path takes nothing else for a token than the machine. */
START_TEST(ascii_path_agrees)
{
    static const char alphabet[] = "aZ09__..::''\",;#* -/@\x7f\xC3\xA9\xCC\x81\xFF\xE2\x83\xA3";
    uint64_t from = seed();
    for (int round = 0; round < 200000; round++) {
        char text[300];
        size_t n = random_below(round % 50 ? 14 : 300);
        unsigned letters = round % 3 ? 20 : sizeof alphabet - 1;
        for (size_t i = 0; i < n; i++)
            text[i] = n > 20 && random_below(400) ? 'q' : alphabet[random_below(letters)];
        char *fast = split(text, n), *slow = split_by(trail_tokens_next_unicode, text, n);
        MUST(strcmp(fast, slow) == 0, "SEED=%llu: \"%.*s\": %s, not %s", (unsigned long long)from, (int)n,
             text, fast, slow);
        free(fast);
        free(slow);
    }
}
END_TEST

START_TEST(any_ascii_agrees)
{
    uint64_t from = seed();
    for (int round = 0; round < 100000; round++) {
        char text[24];
        size_t n = random_below(sizeof text);
        for (size_t i = 0; i < n; i++)
            text[i] = (char)random_below(128);
        char *fast = split(text, n), *slow = split_by(trail_tokens_next_unicode, text, n);
        MUST(strcmp(fast, slow) == 0, "SEED=%llu round %d", (unsigned long long)from, round);
        free(fast);
        free(slow);
    }
}
END_TEST

/* Whether a segment has a letter, digit or Katakana: one of those that libunistring knows by word-break
 * property. */
static bool is_word(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n;) {
        ucs4_t c;
        i += (size_t)u8_mbtouc(&c, p + i, n - i);
        int property = uc_wordbreak_property(c);
        if (property == WBP_ALETTER || property == WBP_HL || property == WBP_NUMERIC ||
            property == WBP_KATAKANA)
            return true;
    }
    return false;
}

static char *split_by_unistring(const uint8_t *p, size_t n)
{
    char *breaks = malloc(n + 1), *out = malloc(n * 3 + 16);
    u8_wordbreaks(p, n, breaks);
    breaks[n] = 1;
    size_t used = 0;
    for (size_t from = 0, to = 1; from < n; from = to, to++) {
        while (!breaks[to])
            to++;
        if (!is_word(p + from, to - from))
            continue;
        for (size_t i = from; i < to;) {
            ucs4_t c;
            i += (size_t)u8_mbtouc(&c, p + i, to - i);
            used += trail_encode(out + used, uc_tolower(c));
        }
        out[used++] = '|';
    }
    out[used] = 0;
    free(breaks);
    return out;
}

/*
 * No ideographs, Hiragana, Thai or emoji (Lucene's additions), and no Hebrew beside quotes (Lucene ends
 * `א"ב"ג` at the second quote, and joins a digit to `א'`).
 */
START_TEST(agrees_with_unistring)
{
    static const uint32_t alphabet[] = {
        'a',    'Z',    '0',    '9',   '_',   '_',    '.',    ':',     '\'',   '"',    ',',
        ';',    ' ',    '-',    '\n',  '\r',  0xE9,   0xC9,   0x130,   0x3A9,  0x416,  0x301,
        0xAD,   0x200B, 0x2019, 0xB7,  0x660, 0x6F1,  0x30AB, 0x30FC,  0xFF76, 0xAC00, 0x1100,
        0x203F, 0x2028, 0x3000, 0x915, 0x94D, 0x10D0, 0x13A0, 0x1D4B3, 0x5DE,
    };
    uint64_t from = seed();
    for (int round = 0; round < 200000; round++) {
        char text[200];
        size_t n = 0;
        for (unsigned left = random_below(16); left > 0; left--)
            n += trail_encode(text + n, alphabet[random_below(sizeof alphabet / sizeof *alphabet)]);
        if (memchr(text, '"', n) || memchr(text, '\'', n))
            for (size_t i = 0; i + 1 < n; i++)
                if (memcmp(text + i, "\xD7\x9E", 2) == 0)
                    memcpy(text + i, "\xC3\xA9", 2);
        char *got = split(text, n), *want = split_by_unistring((const uint8_t *)text, n);
        MUST(strcmp(got, want) == 0, "SEED=%llu: \"%.*s\": got %s want %s", (unsigned long long)from, (int)n,
             text, got, want);
        free(got);
        free(want);
    }
}
END_TEST

START_TEST(lower_is_unicodes)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++)
        MUST(trail_lower(c) == uc_tolower(c), "U+%04X: %04X, not %04X", c, trail_lower(c), uc_tolower(c));
}
END_TEST

START_TEST(encode_and_decode_are_inverse)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        char text[4];
        unsigned n = trail_encode(text, c), length;
        uint8_t want[6];
        MUST(u8_uctomb(want, c, 6) == (int)n && memcmp(text, want, n) == 0, "encoding U+%04X", c);
        uint32_t back = trail_decode((unsigned char *)text, (unsigned char *)text + n, &length);
        MUST(back == c && length == n, "decoding U+%04X", c);
    }
}
END_TEST

/* Every pair of leading bytes, with continuations and without, against libunistring's strict decoder. */
START_TEST(broken_bytes)
{
    static const unsigned char thirds[] = {0x00, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
    for (unsigned a = 0x80; a < 0x100; a++) {
        for (unsigned b = 0; b < 0x100; b++) {
            for (unsigned i = 0; i < 49 * 4; i++) {
                unsigned char text[4] = {(unsigned char)a, (unsigned char)b, thirds[i / 4 / 7],
                                         thirds[i / 4 % 7]};
                size_t n = 1 + i % 4;
                unsigned length;
                uint32_t c = trail_decode(text, text + n, &length);
                ucs4_t want;
                int want_length = u8_mbtoucr(&want, text, n);
                if (want_length < 0) {
                    want = 0xDC00 + a;
                    want_length = 1;
                }
                MUST(c == want && (int)length == want_length, "%02X %02X %02X %02X, %zu bytes", a, b, text[2],
                     text[3], n);
            }
        }
    }
}
END_TEST

static char *expected_tokens(const cJSON *tokens)
{
    size_t n = 1;
    const cJSON *token;
    cJSON_ArrayForEach(token, tokens) n += strlen(token->valuestring) + 1;
    char *out = calloc(1, n);
    size_t used = 0;
    cJSON_ArrayForEach(token, tokens) used += (size_t)sprintf(out + used, "%s|", token->valuestring);
    return out;
}

START_TEST(agrees_with_lucene)
{
    FILE *file = fopen(TOKENS_FILE, "r");
    ck_assert_ptr_nonnull(file);
    char *line = NULL;
    size_t room = 0, read = 0;
    while (getline(&line, &room, file) > 0) {
        cJSON *json = cJSON_Parse(line);
        ck_assert_ptr_nonnull(json);
        const char *text = cJSON_GetObjectItem(json, "text")->valuestring;
        char *want = expected_tokens(cJSON_GetObjectItem(json, "tokens")), *got = split(text, strlen(text));
        MUST(strcmp(got, want) == 0, "line %zu: got %s want %s", read + 1, got, want);
        free(want);
        free(got);
        cJSON_Delete(json);
        read++;
    }
    free(line);
    fclose(file);
    ck_assert_uint_ge(read, 2500);
}
END_TEST

static Suite *text_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, splits, 0, sizeof cases / sizeof *cases);
    tcase_add_loop_test(tcase, long_words_are_split, 0, sizeof long_words / sizeof *long_words);
    tcase_add_test(tcase, nul_is_a_boundary);
    tcase_add_test(tcase, ascii_path_agrees);
    tcase_add_test(tcase, any_ascii_agrees);
    tcase_add_test(tcase, agrees_with_unistring);
    tcase_add_test(tcase, lower_is_unicodes);
    tcase_add_test(tcase, encode_and_decode_are_inverse);
    tcase_add_test(tcase, broken_bytes);
    FILE *lucene = fopen(TOKENS_FILE, "r");
    if (lucene) {
        fclose(lucene);
        tcase_add_test(tcase, agrees_with_lucene);
    } else {
        puts("ok - agrees_with_lucene # SKIP no file of Lucene's tokens");
    }
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    return run_tap(text_suite());
}

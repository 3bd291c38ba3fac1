/*
 * The sieve's kernels: each gives what a reading byte by byte gives, and reads no byte that is not there. (That no alert
 * loses a record by it, tests/sieve holds against compiled packs.)
 */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sieve/sieve.h"
#include "suite.h"
#include "trail/json.h"
#include "trail/match.h"

/* ---- a pack of two alerts ---- */

static bool asks(struct trail_match *m, uint32_t number, const char *p, const char *end)
{
    bool wanted = number == 1 && end - p >= 7 && memcmp(p, "\"Wanted\"", 8) == 0;
    *m->candidates = wanted ? ~UINT64_C(0) << 1 | 1 : 0;
    return wanted;
}

static const uint32_t first[] = {0}, second[] = {1};
static const struct trail_needle list[] = {
    {.text = {"\"eventTime\"", 11}, .at = 6, .time = true, .root = true},
    {.text = {"\"eventName\"", 11}, .at = 4, .root = true, .number = 1, .n = 1, .alerts = first},
    {.text = {"zebra-crossing-9", 16}, .at = 0, .any_case = true, .n = 1, .alerts = second},
    {.text = {"q\"}", 3}, .at = 0, .n = 1, .alerts = second},
};
static const uint64_t always[1] = {4}, ascii[1] = {2};
static const struct trail_needles needles = {
    .n = 4, .list = list, .always = always, .every = always, .ascii = ascii, .asks = asks};
static const struct trail_pack pack = {.abi = TRAIL_ABI, .n_alerts = 3, .needles = &needles};

static uint64_t wanted = 3, candidates;
static struct trail_match match = {.alert_words = 1, .wanted = &wanted, .candidates = &candidates};
static struct trail_sieve *sieves[8];

static void make_sieves(void)
{
    for (size_t k = 0; trail_sieve_kernel(k); k++) {
        sieves[k] = trail_sieve_new(&pack, &match, trail_sieve_kernel(k));
        ck_assert(trail_sieve_choose(sieves[k], NULL));
    }
}

static void free_sieves(void)
{
    for (size_t k = 0; sieves[k]; k++)
        trail_sieve_free(sieves[k]);
    memset(sieves, 0, sizeof sieves);
}

/* ---- byte by byte ---- */

struct verdict {
    enum trail_sieved got;
    size_t size;
};

static bool has(const char *p, size_t n, const char *text, bool any_case)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= n; i++)
        if (any_case ? strncasecmp(p + i, text, length) == 0 : memcmp(p + i, text, length) == 0)
            return true;
    return false;
}

/* Behind a backslash at p[i - 1]; moves i to the escape's last byte that is there. */
static bool is_escape(const char *p, size_t n, size_t *i)
{
    if (*i < n && p[*i] == 'u') {
        for (int k = 0; k < 4 && *i + 1 < n; k++)
            if (!isxdigit((unsigned char)p[++*i]))
                return false;
        return true;
    }
    return *i >= n || (p[*i] && strchr("\"\\/bfnrt", p[*i]));
}

/* Where the object ends, by the rules that sieve.h states. */
static struct verdict read_slowly(const char *p, size_t n)
{
    static const struct verdict odd = {TRAIL_SIEVE_ODD, 0};
    size_t depth = 1, squares = 0;
    bool string = false;
    for (size_t i = 1; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (c < 0x20 || (c >= 0x80 && !string))
            return odd;
        if (string && c == '\\') {
            i++;
            if (!is_escape(p, n, &i))
                return odd;
        } else if (c == '"') {
            string = !string;
        } else if (string) {
            continue;
        } else if (c == '\\') {
            return odd;
        } else if (c == '{' || c == '[') {
            depth++;
            squares += c == '[';
        } else if (c == '}' || c == ']') {
            squares += c == ']';
            if (--depth)
                continue;
            if (squares % 2 || c == ']' || has(p + 1, i, "{\"eventVersion\":", false))
                return odd;
            return (struct verdict){TRAIL_SIEVED_OUT, i + 1};
        }
    }
    return (struct verdict){TRAIL_SIEVE_PARTLY, 0};
}

/* ---- held against each other ---- */

static char *edge;
static size_t page;

/* The text with TRAIL_PADDING bytes behind it, then memory that nobody may read; and none before it, where it fits. */
static const char *at_the_edge(const char *text, size_t n, char padding)
{
    if (!edge) {
        page = (size_t)sysconf(_SC_PAGESIZE) * 32;
        edge = mmap(NULL, page * 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        ck_assert(edge != MAP_FAILED && mprotect(edge + page, page, PROT_NONE) == 0);
    }
    char *p = edge + page - TRAIL_PADDING - n;
    memcpy(p, text, n);
    memset(p + n, padding, TRAIL_PADDING);
    return p;
}

static void compare(const char *text, size_t n, char padding)
{
    static struct trail_index index, plain;
    const char *p = at_the_edge(text, n, padding);
    struct verdict want = read_slowly(p, n);
    enum trail_sieved first_got = TRAIL_SIEVE_ODD;
    uint64_t possible = 0;
    for (size_t k = 0; sieves[k]; k++) {
        const char *name = trail_sieve_kernel(k);
        struct trail_sifted sifted = {.index = &index};
        enum trail_sieved got = trail_sieve(sieves[k], p, n, &sifted);
        bool passed = got == TRAIL_SIEVED_OUT || got == TRAIL_SIEVED_MAYBE;
        if (want.got == TRAIL_SIEVED_OUT) {
            ck_assert_msg(passed && sifted.size == want.size, "%s: %d, size %zu, not %zu: %.*s", name,
                          (int)got, sifted.size, want.size, (int)n, text);
            char plain_text[4096];
            size_t length = trail_json_unescape(plain_text, p, want.size);
            bool beyond = false;
            for (size_t i = 0; i < length; i++)
                beyond |= (unsigned char)plain_text[i] >= 0x80;
            ck_assert_msg(!beyond || (got == TRAIL_SIEVED_MAYBE && *sifted.possible & 2),
                          "%s: not ASCII: %.*s", name, (int)n, text);
            bool text_there =
                has(plain_text, length, "zebra-crossing-9", true) || has(p, want.size, "q\"}", false);
            ck_assert_msg(!text_there || (got == TRAIL_SIEVED_MAYBE && *sifted.possible & 2),
                          "%s: lost: %.*s", name, (int)n, text);
        } else {
            ck_assert_msg(!passed, "%s: passed: %.*s", name, (int)n, text);
        }
        if (k == 0) {
            first_got = got;
            plain = index;
            possible = got == TRAIL_SIEVED_MAYBE ? *sifted.possible : 0;
        }
        ck_assert_msg(got != TRAIL_SIEVED_MAYBE || *sifted.possible == possible, "%s: other alerts: %.*s",
                      name, (int)n, text);
        ck_assert_msg(got == first_got, "%s: %d, %s: %d: %.*s", name, (int)got, trail_sieve_kernel(0),
                      (int)first_got, (int)n, text);
        if (got == TRAIL_SIEVED_MAYBE)
            ck_assert_msg(index.plain == plain.plain && index.n == plain.n &&
                              (!plain.plain || memcmp(index.keys, plain.keys, 8 * plain.n) == 0),
                          "%s: another index: %.*s", name, (int)n, text);
    }
}

/* ---- texts ---- */

static const char *const texts[] = {
    "{}",
    "{\"a\":1}",
    "{\"a\":[{},{\"b\":[1,2,{}]}]}",
    "{\"a\":{\"b\":{\"c\":[[[[]]]]}},\"eventTime\":\"2026-03-14T10:00:00Z\"}",
    "{\"eventName\":\"Wanted\",\"x\":\"\\\"\\\\\\\\\\n\"}",
    "{\"eventName\" : \"Other\",\"x\":\"{[\\\"]}\"}",
    "{\"a\":{\"eventName\":\"Wanted\"},\"b\":\"ZEBRA-Crossing-9\"}",
    "{\"a\":{\"eventName\":\"Wanted\"},\"b\":\"zebra-crossing-8\"}",
    "{\"a\":\"q\"}",
    "{\"a\":\"z\\u0065bra-crossing-\\u0039\",\"eventN\\u0061me\":\"Wanted\"}",
    "{\"a\":\"\\u003c\\/\\u003e\",\"b\":\"\\u00e4\\uD83D\\uDE00\",\"c\":[\"\\\\u12\"]}",
    "{\"a\":\"\\u003\",\"b\":\"\\u00g0\"}",
    "{\"a\": [ {\"b\" : 1 }, {\"c\":[ ] } ] }",
    "{\"a\":{\"eventVersion\":\"1.08\"}}",
    "{\"\xC3\xA4\":\"\xE2\x84\xAA \xFF\\n\x80\",\"b\":[\"\xF0\x9F\xA6\x93\"]}",
    "{\"a\":{\"eventVersion\": \"1.08\"},\"b\":[1,{}]}",
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"Root\",\"accountId\":\"123456789012\"},"
    "\"eventTime\":"
    "\"2026-03-14T10:00:00Z\",\"eventName\":\"Wanted\",\"requestParameters\":{\"a\":[{\"b\":\"c\"},{\"d\":"
    "null}]}}",
};
enum { TEXTS = sizeof texts / sizeof *texts };

START_TEST(every_place_and_cut)
{
    char text[1024];
    make_sieves();
    for (size_t t = 0; t < TEXTS; t++) {
        for (size_t shift = 0; shift < 130; shift++) {
            int n = snprintf(
                text, sizeof text, "{\"%.*s\":\"\",%s\n", (int)shift,
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                texts[t] + 1);
            compare(text, (size_t)n, 0);
            compare(text, (size_t)n, '"');
            for (size_t cut = 1; shift % 13 == 0 && cut < (size_t)n; cut++)
                compare(text, cut, '}');
        }
    }
    free_sieves();
}
END_TEST

#ifndef ROUNDS
#define ROUNDS 300000
#endif

static uint64_t state = 88172645463325252;

static size_t below(size_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % n);
}

START_TEST(random_damage)
{
    static const char bytes[] = "\"\"\\{}[],: \n\t\x01\0\xC3"
                                "aunz/9euf";
    make_sieves();
    for (unsigned i = 0; i < ROUNDS; i++) {
        char text[1024];
        int n = snprintf(text, sizeof text, "{\"%.*s\":0,%s", (int)below(70),
                         "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
                         texts[below(TEXTS)] + 1);
        for (size_t k = below(4); k > 0; k--)
            text[1 + below((size_t)n - 1)] = bytes[below(sizeof bytes - 1)];
        compare(text, (size_t)n, "\n,x\""[below(4)]);
    }
    free_sieves();
}
END_TEST

START_TEST(deep_and_long)
{
    static char text[TRAIL_SIEVE_MAX + 1000];
    make_sieves();
    for (size_t depth = 1; depth < 200; depth++) {
        size_t n = 0;
        for (size_t i = 0; i < depth; i++)
            n += (size_t)sprintf(text + n, "{\"a\":%s", i + 1 < depth ? "" : "1");
        for (size_t i = 0; i < depth; i++)
            text[n++] = '}';
        const char *p = at_the_edge(text, n, 0);
        for (size_t k = 0; sieves[k]; k++) {
            static struct trail_index index;
            struct trail_sifted sifted = {.index = &index};
            enum trail_sieved got = trail_sieve(sieves[k], p, n, &sifted);
            ck_assert_msg(got == TRAIL_SIEVE_ODD || (got == TRAIL_SIEVED_OUT && depth <= TRAIL_MAX_DEPTH),
                          "%s: %d at depth %zu", trail_sieve_kernel(k), (int)got, depth);
            ck_assert(depth > 50 || got == TRAIL_SIEVED_OUT);
        }
    }
    for (size_t size = TRAIL_SIEVE_MAX - 70; size < TRAIL_SIEVE_MAX + 70; size++) {
        memcpy(text, "{\"a\":\"", 6);
        memset(text + 6, 'x', size - 8);
        memcpy(text + size - 2, "\"}", 2);
        for (size_t k = 0; sieves[k]; k++) {
            struct trail_sifted sifted = {.index = NULL};
            enum trail_sieved got = trail_sieve(sieves[k], at_the_edge(text, size, 0), size, &sifted);
            ck_assert_msg(got == (size <= TRAIL_SIEVE_MAX ? TRAIL_SIEVED_OUT : TRAIL_SIEVE_ODD) ||
                              (got == TRAIL_SIEVED_OUT && size <= TRAIL_SIEVE_MAX + 1),
                          "%s: %d at size %zu", trail_sieve_kernel(k), (int)got, size);
        }
    }
    free_sieves();
}
END_TEST

/* Braces and brackets in each other, closed as they were opened. */
static size_t write_deep(char *text, size_t depth)
{
    size_t n = 0;
    for (size_t i = 0; i < depth; i++)
        n += (size_t)sprintf(text + n, "%s", i % 3 ? "[" : i ? "{\"a\":" : "{\"eventVersion\":");
    text[n++] = '1';
    for (size_t i = depth; i > 0; i--)
        text[n++] = (i - 1) % 3 ? ']' : '}';
    return n;
}

START_TEST(pieces_change_nothing)
{
    static char text[2000];
    static struct trail_index index;
    size_t sieved = 0;
    make_sieves();
    for (size_t depth = 1; depth < 140; depth += 2) {
        size_t n = write_deep(text, depth);
        for (size_t k = 0; sieves[k]; k++) {
            struct trail_sifted sifted = {.index = &index};
            enum trail_sieved whole = trail_sieve(sieves[k], at_the_edge(text, n, 0), n, &sifted);
            sieved += whole == TRAIL_SIEVED_OUT && depth > 64;
            for (size_t cut = 1; cut < n && whole != TRAIL_SIEVE_ODD; cut++) {
                enum trail_sieved got = trail_sieve(sieves[k], at_the_edge(text, cut, 0), cut, &sifted);
                ck_assert_msg(got == TRAIL_SIEVE_PARTLY, "%s: %d at depth %zu, %zu bytes of %zu",
                              trail_sieve_kernel(k), (int)got, depth, cut, n);
            }
        }
    }
    ck_assert_msg(sieved > 0, "none is so deep that it matters");
    free_sieves();
}
END_TEST

START_TEST(alerts_are_chosen)
{
    struct trail_match m = {.alert_words = 1, .candidates = &candidates};
    uint64_t bits = 1;
    struct trail_sieve *s = trail_sieve_new(&pack, &m, "no such kernel");
    struct trail_sifted sifted = {.index = malloc(sizeof *sifted.index)};
    static const char text[] = "{\"a\":\"zebra-crossing-9\",\"eventTime\" : \"now\"}";
    const char *p = at_the_edge(text, sizeof text - 1, 0);

    ck_assert_msg(!trail_sieve_choose(s, NULL), "all are wanted, and one of them is always");
    m.wanted = &bits;
    ck_assert(trail_sieve_choose(s, NULL));
    ck_assert_int_eq(trail_sieve(s, p, sizeof text - 1, &sifted), TRAIL_SIEVED_OUT);
    ck_assert_int_eq((int)sifted.time.n, 5);
    ck_assert(memcmp(sifted.time.p, "\"now\"", 5) == 0);
    bits = 2;
    ck_assert(trail_sieve_choose(s, NULL));
    ck_assert_int_eq(trail_sieve(s, p, sizeof text - 1, &sifted), TRAIL_SIEVED_MAYBE);
    ck_assert_uint_eq(*sifted.possible, 2);
    bits = 3;
    ck_assert(trail_sieve_choose(s, NULL));
    ck_assert_int_eq(trail_sieve(s, p, sizeof text - 1, &sifted), TRAIL_SIEVED_MAYBE);
    ck_assert_uint_eq(*sifted.possible, 2);
    bits = 6;
    ck_assert(trail_sieve_choose(s, always));
    ck_assert_int_eq(trail_sieve(s, p, sizeof text - 1, &sifted), TRAIL_SIEVED_MAYBE);
    ck_assert_msg(*sifted.possible == 6, "what every record meets is possible");
    bits = 4;
    ck_assert(!trail_sieve_choose(s, NULL));
    ck_assert_msg(trail_sieve_choose(s, always), "every record meets it, and whoever asks knows");
    ck_assert_int_eq(trail_sieve(s, p, sizeof text - 1, &sifted), TRAIL_SIEVED_OUT);
    static const char beyond[] = "{\"a\":\"\xC3\xA4\"}";
    p = at_the_edge(beyond, sizeof beyond - 1, '"');
    ck_assert_msg(trail_sieve(s, p, sizeof beyond - 1, &sifted) == TRAIL_SIEVED_OUT,
                  "the alert that it may meet is not wanted");
    static const char quoted[] = "{\"x\\\"eventTime\":\"then\",\"a\":{\"eventTime\":\"there\"}}";
    p = at_the_edge(quoted, sizeof quoted - 1, 0);
    ck_assert_int_eq(trail_sieve(s, p, sizeof quoted - 1, &sifted), TRAIL_SIEVED_OUT);
    ck_assert_msg(sifted.time.n == 0, "the key is another one, which has a quote in it");
    free(sifted.index);
    trail_sieve_free(s);
}
END_TEST

static enum trail_sieved sieve_text(const struct trail_sieve *s, const char *text)
{
    static struct trail_index index;
    struct trail_sifted sifted = {.index = &index};
    size_t n = strlen(text);
    return trail_sieve(s, at_the_edge(text, n, 0), n, &sifted);
}

START_TEST(records_begin_otherwise)
{
    static const char *const wrappers[] = {
        "{\"at\":1,\"Records\":[{}]}",          "{\"at\":1,\"Events\" : [ ]}",
        "{\"at\":1,\"logEvents\":[{\"a\":1}]}", "{\"at\":1,\"hits\":{}}",
        "{\"at\":1,\"x\":{},\"detail\": {}}",   "{\"at\":1,\"_source\":{\"a\":1}}",
    };
    static const char *const records[] = {
        "{\"at\":1,\"a\":{\"eventVersion\":1}}",
        "{\"at\":1,\"a\":{\"Records\":[{}]}}",
        "{\"at\":1,\"detail\":\"more\"}",
        "{\"at\":1,\"a\":\"hits\",\"hits\":7}",
    };
    static const char twice[] = "{\"at\":1,\"a\":{\"at\":2}}", other[] = "{\"a\":{\"eventVersion\":1}}";
    make_sieves();
    for (size_t k = 0; sieves[k]; k++) {
        struct trail_sieve *s = sieves[k];
        ck_assert_int_eq(sieve_text(s, twice), TRAIL_SIEVED_OUT);
        trail_sieve_begin(s, (struct trail_slice){"{\"at\":", 6}, true);
        ck_assert_int_eq(sieve_text(s, twice), TRAIL_SIEVE_ODD);
        for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
            ck_assert_msg(sieve_text(s, wrappers[i]) == TRAIL_SIEVE_ODD, "%s: %s", trail_sieve_kernel(k),
                          wrappers[i]);
        for (size_t i = 0; i < sizeof records / sizeof *records; i++)
            ck_assert_msg(sieve_text(s, records[i]) == TRAIL_SIEVED_OUT, "%s: %s", trail_sieve_kernel(k),
                          records[i]);
        trail_sieve_begin(s, (struct trail_slice){"{\"eventVersion\":", 16}, false);
        ck_assert_int_eq(sieve_text(s, other), TRAIL_SIEVE_ODD);
        ck_assert_int_eq(sieve_text(s, twice), TRAIL_SIEVED_OUT);
        ck_assert_msg(sieve_text(s, wrappers[0]) == TRAIL_SIEVED_OUT,
                      "what CloudTrail's key begins is no wrapper");
        ck_assert_int_eq(sieve_text(s, "{\"a\":\"zebra-crossing-9\"}"), TRAIL_SIEVED_MAYBE);
    }
    free_sieves();
}
END_TEST

/* What a record's escapes leave possible: of the alerts 1 and 2. */
static uint64_t possible_in(const struct trail_sieve *s, const char *text)
{
    static struct trail_index index;
    struct trail_sifted sifted = {.index = &index};
    size_t n = strlen(text);
    enum trail_sieved got = trail_sieve(s, at_the_edge(text, n, 'a'), n, &sifted);
    ck_assert_msg(got == TRAIL_SIEVED_OUT || got == TRAIL_SIEVED_MAYBE, "%d: %s", (int)got, text);
    return got == TRAIL_SIEVED_MAYBE ? *sifted.possible : 0;
}

START_TEST(escapes)
{
    make_sieves();
    for (size_t k = 0; sieves[k]; k++) {
        const struct trail_sieve *s = sieves[k];
        ck_assert_uint_eq(possible_in(s, "{\"a\":\"\\u003cy\\u003E \\/ \\u0000\"}"), 0);
        ck_assert_uint_eq(possible_in(s, "{\"a\":\"\\u00E4\"}"), 2);
        ck_assert_uint_eq(possible_in(s, "{\"a\":\"\\ud83d\\ude00\"}"), 2);
        ck_assert_uint_eq(possible_in(s, "{\"a\":\"\\u0065\"}"), 3);
        ck_assert_uint_eq(possible_in(s, "{\"a\":\"\\u005A\"}"), 3);
        ck_assert_uint_eq(possible_in(s, "{\"event\\u004eame\":\"Wanted\"}"), 3);
        ck_assert_msg(possible_in(s, "{\"a\":1}{\"b\":\"\\u0065\"}") == 0, "it is of the next record");
        for (int shift = 50; shift < 64; shift++) {
            char text[128];
            snprintf(text, sizeof text, "{\"a\":\"%.*s\\u003c\"}", shift,
                     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
            uint64_t got = possible_in(s, text);
            ck_assert_msg(got == 0 || got == 3, "%s: digits in two blocks", text);
        }
    }
    free_sieves();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sieve");
    TCase *t = tcase_create("sieve");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, every_place_and_cut);
    tcase_add_test(t, random_damage);
    tcase_add_test(t, deep_and_long);
    tcase_add_test(t, pieces_change_nothing);
    tcase_add_test(t, alerts_are_chosen);
    tcase_add_test(t, records_begin_otherwise);
    tcase_add_test(t, escapes);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

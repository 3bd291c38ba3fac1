/*
 * What an alert's record must hold within a value of its own (trail/pack.h: trail_within): the sieve leaves
 * an alert possible wherever the record may hold it, and takes it out where it does not, by each kernel.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sieving.h"
#include "suite.h"
#include "trail/json.h"

/* ---- alerts that all want "needle" ---- */

enum { U, OPEN, SHORT, BARE, FREE, ASCII, EVERY, ALERTS };

static const uint32_t all[] = {U, OPEN, SHORT, BARE, FREE, ASCII};
static const struct trail_needle list[] = {
    {.text = {"\"eventTime\"", 11}, .at = 6, .time = true, .root = true},
    {.text = {"needle", 6}, .at = 0, .n = sizeof all / sizeof *all, .alerts = all},
};
static const struct trail_within within[] = {
    {{"\"u", 2}, {"acc\"", 4}},
    {{"\"userIdentity", 13}, {"accountId", 9}},
    {{"\"u", 2}, {"b\"", 2}},
    {{"\"u", 2}, {"b", 1}},
};
static const uint32_t within_of[ALERTS] = {
    [U] = 1, [OPEN] = 2, [SHORT] = 3, [BARE] = 4, [ASCII] = 1, [EVERY] = 1,
};
static const uint64_t every[1] = {1u << EVERY}, ascii[1] = {1u << ASCII};
static const struct trail_needles needles = {.n = 2,
                                             .list = list,
                                             .always = every,
                                             .every = every,
                                             .ascii = ascii,
                                             .within = within,
                                             .within_of = within_of};
static const struct trail_pack pack = {.abi = TRAIL_ABI, .n_alerts = ALERTS, .needles = &needles};

static uint64_t wanted = (1u << ALERTS) - 1, candidates;
static struct trail_match match = {.alert_words = 1, .wanted = &wanted, .candidates = &candidates};
static struct trail_sieve *sieves[MOST_KERNELS];

static char filler[600];

static void make_sieves(void)
{
    memset(filler, 'x', sizeof filler - 1);
    uint64_t without = wanted & ~every[0];
    match.wanted = &without;
    sieves_new(sieves, &pack, &match);
    match.wanted = &wanted;
    for (size_t k = 0; sieves[k]; k++)
        ck_assert(trail_sieve_choose(sieves[k], every));
}

/* ---- one by one ---- */

/* What is there besides "needle" in a record, and which of the alerts U, SHORT and OPEN are possible. */
static const struct {
    const char *members;
    bool u, b, open;
} cases[] = {
    /* the key is not there */
    {"\"acc\":1,\"b\":1,\"accountId\":1", false, false, false},
    {"\"a\":{\"acc\":1,\"b\":{\"accountId\":2}}", false, false, false},
    {"\"v\":[\"acc\",\"b\",\"accountId\"],\"xu\":{\"acc\":1}", false, false, false},
    {"\"U\":{\"acc\":1}", false, false, false},
    /* it is, and what has to stand in it, or does not */
    {"\"u\":{\"acc\":1}", true, false, false},
    {"\"u\":{\"b\":1}", false, true, false},
    {"\"u\":{\"acc\":1,\"b\":1}", true, true, false},
    {"\"u\":{\"accountId\":1}", false, false, false},
    {"\"u\":{}", false, false, false},
    {"\"u\":null", false, false, false},
    {"\"u\":{\"ACC\":1,\"B\":1}", false, false, false},
    {"\"u\":\"acc\"", true, false, false},
    {"\"u\":{\"s.t.acc\":1}", true, false, false},
    {"\"u\":{\"s\":{\"acc.more\":1}}", false, false, false},
    {"\"userIdentity\":{\"accountId\":1}", true, true, true},
    {"\"userIdentity\":{\"accountId.x\":1}", true, true, true},
    {"\"userIdentity\":{\"account\":1}", true, true, false},
    {"\"userIdentity\":{\"accountI\":{\"d\":1}}", true, true, false},
    /* of a longer key, or one with a dot, nothing is known */
    {"\"ux\":{\"c\":1}", true, true, false},
    {"\"u.acc\":1", true, true, false},
    {"\"u.b\":1", true, true, false},
    {"\"u.c\":{\"d\":1}", true, true, false},
    {"\"userIdentity.accountId\":1", true, true, true},
    {"\"userIdentityX\":{}", true, true, true},
    /* twice */
    {"\"u\":{\"c\":1},\"u\":{\"acc\":1}", true, false, false},
    {"\"u\":{\"acc\":1},\"u\":{\"b\":1}", true, true, false},
    {"\"u\":null,\"v\":{\"acc\":1},\"u\":{\"b\":1}", false, true, false},
    {"\"u\":[],\"u\":{},\"u\":{\"c\":1}", false, false, false},
    {"\"userIdentity\":{},\"userIdentity\":{\"x\":[{\"accountId\":1}]}", true, true, true},
    /* as a text */
    {"\"a\":\"u\",\"v\":{\"acc\":1}", true, true, false},
    {"\"a\":[\"u\"]", true, true, false},
    {"\"a\":\"\\\"u\\\":{}\"", true, true, false},
    {"\"a\":\"userIdentity\"", true, true, true},
    /* arrays */
    {"\"u\":[{\"c\":1},{\"acc\":1}]", true, false, false},
    {"\"u\":[{\"c\":1},{\"d\":[\"b\"]}]", false, true, false},
    {"\"u\":[1,2],\"acc\":1", false, false, false},
    /* blanks: behind the key and its colon nothing is known; elsewhere they change nothing */
    {"\"u\" :{\"c\":1}", true, true, false},
    {"\"u\": {\"c\":1}", true, true, false},
    {"\"u\" : {\"acc\":1}", true, true, false},
    {"\"u\": 1", true, true, false},
    {"\"u\":{ \"acc\" : 1 } , \"b\" : 1", true, false, false},
    {" \"u\":{ \"c\" : 1 } ", false, false, false},
    /* an escape hides anything */
    {"\"\\u0075\":{\"acc\":1}", true, true, true},
    {"\"user\\u0049dentity\":{\"accountId\":1}", true, true, true},
    {"\"userIdentity\":{\"account\\u0049d\":1}", true, true, true},
    {"\"u\":{\"\\u0061cc\":1}", true, true, true},
    {"\"u\":{\"c\":\"\\n\"}", false, false, false},
    {"\"u\\u002eacc\":{}", true, true, false},
    {"\"u\\n\":{}", true, true, false},
    /* behind another key, or behind the value */
    {"\"v\":{\"acc\":1},\"u\":{\"c\":1}", false, false, false},
    {"\"u\":{\"c\":1},\"v\":{\"acc\":1,\"b\":1}", false, false, false},
    {"\"u\":{\"c\":\"}\"},\"acc\":1", false, false, false},
    {"\"u\":{\"c\":\"},\\\"\",\"acc\":1}", true, false, false},
    {"\"u\":{\"c\":\"\\\\\"},\"acc\":1", false, false, false},
    {"\"u\":1,\"acc\":1", false, false, false},
    {"\"u\":\"c\",\"b\":1", false, false, false},
    {"\"u\":\"b\"", false, true, false},
    /* nested: whether it is the root's is not asked */
    {"\"v\":{\"u\":{\"acc\":1}}", true, false, false},
    {"\"v\":[[{\"u\":{\"b\":1,\"u\":{\"acc\":1}}}]]", true, true, false},
    {"\"v\":{\"u\":{\"c\":1}},\"b\":1", false, false, false},
    {"\"u\":{\"u\":{\"c\":1},\"acc\":1}", true, false, false},
    {"\"u\":{\"u.x\":1}", false, false, false},
    /* letters beyond ASCII */
    {"\"u\":{\"\xC3\xA4\":\"acc\"}", true, false, false},
    {"\"u\":{\"c\":\"\xC3\xA4\"}", false, false, false},
};

/* The text is a line; without its end it is an element of an array, and all there is. Of an escape whose
 * digits lie in two blocks nothing is known: then all are possible. */
static void hold(const char *text, size_t n, bool in_array, uint64_t want)
{
    bool escape = strstr(text, "\\u") != NULL;
    n -= in_array;
    sieves_begin(sieves, in_array);
    for (int front = 0; front < 2; front++) {
        const char *p = front ? at_the_front(text, n, '"') : at_the_edge(text, n, '"');
        for (size_t k = 0; sieves[k]; k++) {
            struct verdict got = verdict_of(sieves[k], p, n);
            bool same = got.possible == want || (escape && got.possible == wanted);
            ck_assert_msg(got.got == TRAIL_SIEVED_MAYBE && same, "%s: %d, %lx, not %lx: %.*s",
                          trail_sieve_kernel(k), (int)got.got, (unsigned long)got.possible,
                          (unsigned long)want, (int)n, text);
        }
    }
}

static uint64_t bit(int alert, bool is)
{
    return (uint64_t)is << alert;
}

START_TEST(what_is_within)
{
    char text[1024];
    make_sieves();
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const char *members = cases[c].members;
        bool beyond = strpbrk(members, "\xC3") != NULL;
        uint64_t want = bit(U, cases[c].u) | bit(SHORT, cases[c].b) | bit(OPEN, cases[c].open) |
                        bit(ASCII, cases[c].u || beyond) | 1u << FREE | 1u << BARE | 1u << EVERY;
        for (int shift = 0; shift < 600; shift += shift % 256 < 130 && !FEW ? 1 : 5) {
            for (int in_array = 0; in_array < 2; in_array++) {
                int n = snprintf(text, sizeof text, "{\"%.*s\":\"needle\",%s}\n", shift, filler, members);
                hold(text, (size_t)n, in_array, want);
                n = snprintf(text, sizeof text, "{%s,\"%.*s\":\"needle\"}\n", members, shift, filler);
                hold(text, (size_t)n, in_array, want);
            }
        }
    }
    sieves_free(sieves);
}
END_TEST

/* Nothing is possible: then no alert wants the record, and its time is told. */
START_TEST(none_is_left)
{
    static const char text[] = "{\"a\":\"needle\",\"eventTime\":\"now\",\"u\":{\"c\":1}}\n";
    static uint64_t bits;
    struct trail_match m = {.alert_words = 1, .wanted = &bits, .candidates = &candidates};
    struct trail_sieve *some[MOST_KERNELS] = {NULL};
    bits = 1u << U;
    sieves_new(some, &pack, &m);
    for (size_t k = 0; some[k]; k++) {
        const char *p = at_the_edge(text, sizeof text - 1, 'a');
        struct verdict got = verdict_of(some[k], p, sizeof text - 1);
        ck_assert_int_eq(got.got, TRAIL_SIEVED_OUT);
        ck_assert_uint_eq(got.size, sizeof text - 2);
        ck_assert(got.end - got.time == 5 && memcmp(p + got.time, "\"now\"", 5) == 0);
        bits |= 1u << EVERY;
        ck_assert(trail_sieve_choose(some[k], every));
        ck_assert_msg(verdict_of(some[k], p, sizeof text - 1).got == TRAIL_SIEVED_OUT,
                      "the one that every record meets is known");
        bits |= 1u << FREE;
        ck_assert(trail_sieve_choose(some[k], every));
        ck_assert_uint_eq(verdict_of(some[k], p, sizeof text - 1).possible, 1u << FREE | 1u << EVERY);
        bits = 1u << U;
        ck_assert(trail_sieve_choose(some[k], NULL));
    }
    sieves_free(some);
}
END_TEST

/* More alerts than a word has bits. */
START_TEST(far_alerts)
{
    enum { FAR = 130, THE_ONE = 127 };
    static const uint32_t one[] = {THE_ONE};
    static const struct trail_needle far_list[] = {
        {.text = {"\"eventTime\"", 11}, .at = 6, .time = true, .root = true},
        {.text = {"needle", 6}, .at = 0, .n = 1, .alerts = one},
    };
    static const struct trail_within far_within[] = {{{"\"u", 2}, {"acc\"", 4}}};
    static const uint32_t far_of[FAR] = {[THE_ONE] = 1};
    static const uint64_t none[3] = {0};
    static const struct trail_needles far_needles = {.n = 2,
                                                     .list = far_list,
                                                     .always = none,
                                                     .every = none,
                                                     .ascii = none,
                                                     .within = far_within,
                                                     .within_of = far_of};
    static const struct trail_pack far_pack = {.abi = TRAIL_ABI, .n_alerts = FAR, .needles = &far_needles};
    static const char holds[] = "{\"a\":\"needle\",\"u\":{\"acc\":1}}\n",
                      does_not[] = "{\"a\":\"needle\",\"u\":{\"c\":1}}\n";
    uint64_t room[3] = {0};
    struct trail_match m = {.alert_words = 3, .candidates = room};
    struct trail_sieve *far[MOST_KERNELS] = {NULL};
    struct trail_sifted sifted;
    sieves_new(far, &far_pack, &m);
    for (size_t k = 0; far[k]; k++) {
        const char *p = at_the_edge(holds, sizeof holds - 1, 'a');
        ck_assert_int_eq(trail_sieve(far[k], p, sizeof holds - 1, &sifted), TRAIL_SIEVED_MAYBE);
        ck_assert(sifted.possible[0] == 0 && sifted.possible[1] == UINT64_C(1) << 63 &&
                  sifted.possible[2] == 0);
        p = at_the_edge(does_not, sizeof does_not - 1, 'a');
        ck_assert_int_eq(trail_sieve(far[k], p, sizeof does_not - 1, &sifted), TRAIL_SIEVED_OUT);
    }
    sieves_free(far);
}
END_TEST

/* ---- alerts that want the same ---- */

enum { MANY = 64, TEXTS = 40 };

static uint32_t many_of[MANY];

/* What is possible of a record with the texts of these numbers, from 1 on. */
static uint64_t possible_with(struct trail_sieve *sieve, const uint32_t *numbers, size_t n)
{
    char text[1024] = "{\"a\":\"needle\",\"u\":{\"x\":0";
    struct trail_sifted sifted;
    for (size_t i = 0; i < n; i++)
        sprintf(text + strlen(text), ",\"k%02u\":1", (unsigned)numbers[i]);
    strcat(text, "}}\n");
    enum trail_sieved got = trail_sieve(sieve, at_the_edge(text, strlen(text), 'a'), strlen(text), &sifted);
    ck_assert(got == TRAIL_SIEVED_MAYBE || got == TRAIL_SIEVED_OUT);
    return got == TRAIL_SIEVED_MAYBE ? sifted.possible[0] : 0;
}

/* Up to eight different texts are looked for, each once however many want it; of the alerts that want
 * others, and of those that want none, nothing is taken out. */
START_TEST(alerts_that_want_the_same)
{
    static char names[TEXTS][8];
    static uint32_t everyone[MANY];
    static struct trail_within texts[TEXTS];
    static const uint64_t none[2] = {0};
    static struct trail_needle one_list[] = {
        {.text = {"\"eventTime\"", 11}, .at = 6, .time = true, .root = true},
        {.text = {"needle", 6}, .at = 0, .n = MANY, .alerts = everyone},
    };
    static const struct trail_needles of_all = {.n = 2,
                                                .list = one_list,
                                                .always = none,
                                                .every = none,
                                                .ascii = none,
                                                .within = texts,
                                                .within_of = many_of};
    static const struct trail_pack one_pack = {.abi = TRAIL_ABI, .n_alerts = MANY, .needles = &of_all};
    /* how many numbers, and what lies between them: some share what is remembered of sixteen */
    static const struct {
        unsigned different, step;
        bool exact;
    } rounds[] = {{1, 1, true},      {8, 1, true},   {8, 5, true},  {9, 1, false},
                  {TEXTS, 1, false}, {2, 16, false}, {3, 16, false}};
    uint64_t room[2] = {0};
    struct trail_match m = {.alert_words = 2, .candidates = room};
    for (unsigned i = 0; i < TEXTS; i++) {
        sprintf(names[i], "k%02u\"", i + 1);
        texts[i] = (struct trail_within){{"\"u", 2}, {names[i], 4}};
    }
    for (unsigned i = 0; i < MANY; i++)
        everyone[i] = i;
    for (unsigned i = 0; i < sizeof rounds / sizeof *rounds * 200; i++) {
        unsigned round = i / 200, different = rounds[round].different, step = rounds[round].step;
        uint32_t has[4];
        uint64_t want = 0, asked = 0;
        for (unsigned a = 0; a < MANY; a++)
            many_of[a] = a % 5 == 4 ? 0 : 1 + a * 7 % different * step;
        for (unsigned k = 0; k < 4; k++)
            has[k] = 1 + (uint32_t)below(different) * step;
        for (unsigned a = 0; a < MANY; a++) {
            bool there = many_of[a] == 0;
            for (unsigned k = 0; k < 4; k++)
                there |= many_of[a] == has[k];
            want |= (uint64_t)there << a;
            asked |= (uint64_t)(many_of[a] == many_of[0]) << a;
        }
        struct trail_sieve *each[MOST_KERNELS] = {NULL};
        sieves_new(each, &one_pack, &m);
        for (size_t k = 0; each[k]; k++) {
            uint64_t got = possible_with(each[k], has, 4);
            ck_assert_msg((got & want) == want, "round %u: %lx of %lx", round, (unsigned long)got,
                          (unsigned long)want);
            ck_assert_msg(!rounds[round].exact || got == want, "round %u: %lx, not %lx", round,
                          (unsigned long)got, (unsigned long)want);
            ck_assert_msg((got & asked & ~want & 1) == 0, "round %u: the first is asked", round);
        }
        sieves_free(each);
    }
}
END_TEST

/* ---- at random ---- */

static const char *find(const char *p, const char *end, struct trail_slice text)
{
    const char *at = p < end ? memmem(p, (size_t)(end - p), text.p, text.n) : NULL;
    return at ? at : end;
}

static bool may_hold(const struct trail_within *w, const char *p, const char *end)
{
    for (p = find(p, end, w->key); p < end; p = find(p, end, w->key)) {
        const char *value = p + w->key.n;
        if (end - value < 3 || memcmp(value, "\":", 2) != 0 || value[2] == ' ')
            return true;
        p = trail_value_end(value + 2, end);
        if (!p || find(value + 2, p, w->name) < p)
            return true;
    }
    return false;
}

/* Any text of what matters, as long as it is one record to the sieve. */
START_TEST(random_members)
{
    static const char *const parts[] = {"\"u\"",
                                        ":",
                                        "{",
                                        "}",
                                        "\"acc\"",
                                        "\"b\":1",
                                        ",",
                                        "\"u\":",
                                        "\"u\":{",
                                        "[",
                                        "]",
                                        " ",
                                        "\"c\"",
                                        "},\"u\":[",
                                        "\"acc",
                                        "\"",
                                        "\"ub\"",
                                        "\"userIdentity\":",
                                        "{\"accountId\":",
                                        "\"accountId.x\"",
                                        "u",
                                        "\"xx\"",
                                        "},",
                                        "1",
                                        "\\\"",
                                        "\"userIdentity.x\""};
    size_t maybe = 0, fewer = 0;
    make_sieves();
    for (unsigned i = 0; i < ROUNDS; i++) {
        char text[2048];
        size_t n = (size_t)sprintf(text, "{\"%.*s\":\"needle\"", (int)below(below(2) ? 130 : 600), filler);
        for (size_t k = below(30); k > 0; k--)
            n += (size_t)sprintf(text + n, "%s", parts[below(sizeof parts / sizeof *parts)]);
        n += (size_t)sprintf(text + n, "%s}\n", &"]]]]]}}}}}"[below(11)]);
        const char *p = at_the_edge(text, n, 'a');
        struct verdict first = verdict_of(sieves[0], p, n);
        for (size_t k = 1; sieves[k]; k++) {
            struct verdict got = verdict_of(sieves[k], p, n);
            ck_assert_msg(same_verdict(&got, &first), "%s: %d, %lx; %s: %d, %lx: %.*s", trail_sieve_kernel(k),
                          (int)got.got, (unsigned long)got.possible, trail_sieve_kernel(0), (int)first.got,
                          (unsigned long)first.possible, (int)n, text);
        }
        if (first.got != TRAIL_SIEVED_MAYBE)
            continue;
        uint64_t want = 1u << FREE | 1u << EVERY | 1u << BARE;
        for (unsigned a = 0; a < ALERTS; a++)
            if (a != BARE && within_of[a] && may_hold(&within[within_of[a] - 1], p + 1, p + first.size))
                want |= (uint64_t)1 << a;
        ck_assert_msg(first.possible == want, "%lx, not %lx: %.*s", (unsigned long)first.possible,
                      (unsigned long)want, (int)n, text);
        maybe++;
        fewer += (want & 1u << SHORT) == 0;
        fewer += (want & 1u << OPEN) == 0;
    }
    ck_assert_msg(maybe > ROUNDS / 100 && fewer > maybe / 10, "%zu of %d are records, %zu alerts less", maybe,
                  ROUNDS, fewer);
    sieves_free(sieves);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sieve_within");
    TCase *t = tcase_create("sieve_within");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, what_is_within);
    tcase_add_test(t, none_is_left);
    tcase_add_test(t, far_alerts);
    tcase_add_test(t, alerts_that_want_the_same);
    tcase_add_test(t, random_members);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

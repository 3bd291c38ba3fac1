/*
 * The values that a root's key is asked for (trail/pack.h: values, wholes): the sieve loses none of those
 * that are wanted, however long they are and wherever they stand, and asks the pack about few others, by each
 * kernel.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sieving.h"
#include "suite.h"
#include "trail/json.h"

enum { VALUES = 200, LONGEST = 40, BEGIN = 4, BITS = 11 };

static char values[VALUES][LONGEST + 2]; /* with the quote behind */
static size_t asked;

static bool is_wanted(const char *p, size_t n)
{
    for (size_t i = 0; i < VALUES; i++)
        if (strlen(values[i]) == n && memcmp(values[i], p, n) == 0)
            return true;
    return false;
}

static bool asks(struct trail_match *m, uint32_t number, const char *p, const char *end)
{
    char inside[256];
    bool escaped;
    const char *to = *p == '"' ? trail_string_end(p + 1, end, &escaped) : NULL;
    size_t n = to ? trail_json_unescape(inside, p + 1, (size_t)(to - p - 1)) : 0;
    inside[n] = '"';
    *m->candidates = to && is_wanted(inside, n + 1);
    asked++;
    return number == 1 && *m->candidates;
}

static const uint32_t one[] = {0};
static uint64_t begins[1024 / 64], wholes[(1 << BITS) / 64];
static struct trail_needle list[] = {
    {.text = {"\"eventTime\"", 11}, .at = 6, .time = true, .root = true},
    {.text = {"\"eventName\"", 11},
     .at = 4,
     .print_class = 4,
     .root = true,
     .number = 1,
     .n = 1,
     .alerts = one,
     .n_begin = BEGIN,
     .values = begins,
     .whole_bits = BITS,
     .wholes = wholes},
};
static const uint64_t none[1] = {0};
static const struct trail_needles needles = {
    .n = 2, .list = list, .always = none, .every = none, .ascii = none, .asks = asks};
static const struct trail_pack pack = {.abi = TRAIL_ABI, .n_alerts = 1, .needles = &needles};

static uint64_t candidates;
static struct trail_match match = {.alert_words = 1, .candidates = &candidates};
static struct trail_sieve *sieves[MOST_KERNELS];

/* Letters, so many, of which values with the same beginning are made. */
static void write_value(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = i < 12 && below(8) ? "DescribeLoad"[i] : (char)('A' + below(26));
    p[n] = '\0';
}

/* As the compiler does. */
static void make_tables(void)
{
    for (size_t i = 0; i < VALUES; i++) {
        char whole[TRAIL_WHOLE] = {0};
        size_t n = 3 + i % (LONGEST - 2);
        write_value(values[i], n);
        strcat(values[i], "\"");
        memcpy(whole, values[i], n + 1 < sizeof whole ? n + 1 : sizeof whole);
        trail_set(begins, trail_begin_bit(whole, BEGIN));
        trail_set(wholes, trail_whole_bit(whole, BITS));
    }
    sieves_new(sieves, &pack, &match);
}

/* `value`: with its quote. */
static void hold(const char *value, bool wanted)
{
    static const char *const forms[] = {"{\"eventName\":\"%s,\"eventTime\":\"now\"}\n",
                                        "{\"eventTime\":1,\"eventName\": \"%s}\n", "{\"eventName\":\"%s}\n",
                                        "{\"a\":\"b\",\"eventName\":\"%s,\"c\":\"d\\\"\\\\\"}\n"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char text[256];
        size_t n = (size_t)snprintf(text, sizeof text, forms[i], value);
        for (size_t k = 0; sieves[k]; k++) {
            struct verdict got = verdict_of(sieves[k], at_the_edge(text, n, "\"\\a"[k % 3]), n);
            ck_assert_msg(got.got == (wanted ? TRAIL_SIEVED_MAYBE : TRAIL_SIEVED_OUT), "%s: %d: %s",
                          trail_sieve_kernel(k), (int)got.got, text);
        }
    }
}

START_TEST(none_is_lost)
{
    make_tables();
    for (size_t i = 0; i < VALUES; i++)
        hold(values[i], true);
    sieves_free(sieves);
}
END_TEST

START_TEST(few_others_are_asked_about)
{
    size_t others = 0;
    make_tables();
    asked = 0;
    for (size_t i = 0; i < 2000; i++) {
        char value[LONGEST + 2], *p = strcpy(value, values[below(VALUES)]);
        size_t n = strlen(p) - 1;
        if (i % 3 == 0)
            p[below(n)] = (char)('a' + below(26));
        else if (i % 3 == 1)
            strcpy(p + 1 + below(n), "\"");
        else
            write_value(p, n), strcat(p, "\"");
        if (is_wanted(p, strlen(p)))
            continue;
        others++;
        hold(p, false);
    }
    size_t kernels = 0;
    while (sieves[kernels])
        kernels++;
    ck_assert_msg(others > 1000 && asked > 0 && asked < others * kernels * 4 / 2, "%zu asked of %zu", asked,
                  others * kernels * 4);
    sieves_free(sieves);
}
END_TEST

/* Of a value with an escape the tables say nothing. */
START_TEST(escapes_are_asked_about)
{
    static const char *const others[] = {"DescribeLoad\\n\"", "DescribeLo\\\"ad\"", "Des\\\\cribe\"",
                                         "DescribeLoadAnd\\\"\"", "\\b\""};
    make_tables();
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        asked = 0;
        hold(others[i], false);
        ck_assert_msg(asked > 0, "%s", others[i]);
    }
    for (size_t i = 0; i < VALUES; i++) {
        char value[LONGEST + 16];
        size_t at = below(strlen(values[i]) - 1);
        sprintf(value, "%.*s\\u00%02x%s", (int)at, values[i], (unsigned)values[i][at], values[i] + at + 1);
        hold(value, true);
    }
    sieves_free(sieves);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sieve_values");
    TCase *t = tcase_create("sieve_values");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, none_is_lost);
    tcase_add_test(t, few_others_are_asked_about);
    tcase_add_test(t, escapes_are_asked_about);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

/*
 * test_needles.c - how many texts the sieve is given to look for: alerts whose texts are left out get every record. And
 * by which three bytes they are looked for, in which classes.
 */
#include <check.h>
#include <string.h>

#include "packs.h"
#include "trail/limits.h"

/* Alerts that ask, below the top level, for `each` values that none of the others asks for. */
static struct compile *planned(unsigned alerts, unsigned each,
                               void (*print)(struct buffer *, unsigned number))
{
    struct compile *c = new_compile();
    struct buffer b = {.c = c};
    buffer_text(&b, "pack: p\nschema: none\n");
    for (unsigned i = 0; i < alerts; i++) {
        buffer_printf(&b, "---\nalert: a%u\nfilter: a.b.keyword:(", i);
        for (unsigned k = 0; k < each; k++) {
            buffer_text(&b, k ? " OR " : "");
            print(&b, i * each + k);
        }
        buffer_text(&b, ")\n");
    }
    pack_load_text(c, "dir/test.yaml", buffer_slice(&b));
    ck_assert(parse(c) && check(c));
    lower(c);
    plan(c);
    return c;
}

/* The first so many alerts have all their needles, the others are told that they have none. */
static void assert_sifted(const struct compile *c, unsigned sifted, unsigned each)
{
    const struct plan *plan = &c->plan;
    for (size_t i = 0; i < c->pack.n_alerts; i++) {
        size_t n = 0;
        for (size_t k = 0; k < plan->n_needles; k++)
            n += plan->needles[k].n == 1 && plan->needles[k].alerts[0] == i;
        ck_assert_msg(plan->unsifted[i] == (i >= sifted) && (n == each || i >= sifted), "alert %zu: %zu", i,
                      n);
    }
}

/* No two of them have three bytes in common. */
static void print_letters(struct buffer *b, unsigned number)
{
    static const char rare[] = "jkqvwxyzbf";
    buffer_printf(b, "%c%c", rare[number / 10], rare[number % 10]);
}

START_TEST(prints_are_few)
{
    struct compile *c = planned(100, 1, print_letters);
    ck_assert_uint_eq(c->plan.n_needles, 64);
    assert_sifted(c, 63, 1); /* and the time */
    end_compile(c);
}
END_TEST

/* ---- prints and their classes ---- */

/* How many different prints the needles have. */
static size_t different_prints(const struct plan *plan)
{
    size_t different = 0;
    for (size_t i = 0; i < plan->n_needles; i++) {
        const struct needle *x = &plan->needles[i];
        size_t k = 0;
        ck_assert(x->at + PLAN_PRINT <= x->text.n && x->print_class < TRAIL_PRINT_CLASSES);
        while (memcmp(plan->needles[k].text.p + plan->needles[k].at, x->text.p + x->at, PLAN_PRINT) != 0)
            k++;
        ck_assert_msg(plan->needles[k].print_class == x->print_class, "a print is in one class");
        different += k == i;
    }
    return different;
}

static void print_thing(struct buffer *b, unsigned number)
{
    static const char *const things[] = {"payroll", "ledger", "quarantine"};
    buffer_printf(b, "%s-%u", things[number % 3], number);
}

/* Whoever has a word in common has the print in common. */
START_TEST(prints_are_shared)
{
    struct compile *c = planned(300, 1, print_thing);
    ck_assert_uint_eq(c->plan.n_needles, 301);
    ck_assert_uint_le(different_prints(&c->plan), 6); /* and the time's */
    assert_sifted(c, 300, 1);
    end_compile(c);
}
END_TEST

/* How often a typical record has three bytes of one class, beside the prints themselves. */
static size_t found_in_vain(const struct plan *plan)
{
    struct slice text = plan_typical();
    size_t times = 0;
    for (size_t i = 0; i + PLAN_PRINT <= text.n; i++) {
        unsigned found[PLAN_PRINT] = {0};
        bool is_print = false;
        for (size_t k = 0; k < plan->n_needles; k++) {
            const struct needle *x = &plan->needles[k];
            is_print |= memcmp(x->text.p + x->at, text.p + i, PLAN_PRINT) == 0;
            for (size_t at = 0; at < PLAN_PRINT; at++)
                found[at] |= (unsigned)(x->text.p[x->at + at] == text.p[i + at]) << x->print_class;
        }
        times += !is_print && (found[0] & found[1] & found[2]) != 0;
    }
    return times;
}

static void print_word(struct buffer *b, unsigned number)
{
    static const char *const words[] = {
        "staging",    "payroll", "vendor",    "legacy",  "sandbox", "exports", "mirror",  "ledger", "archive",
        "quarantine", "tokens",  "forensics", "migrate", "canary",  "partner", "billing", "backup", "tenant",
    };
    buffer_printf(b, "%s%u", words[number], number);
}

/* Eighteen words and the time: three bytes mixed of theirs hardly ever stand in a record. */
START_TEST(little_is_found_in_vain)
{
    struct compile *c = planned(18, 1, print_word);
    ck_assert_uint_ge(different_prints(&c->plan), 15);
    size_t times = found_in_vain(&c->plan);
    ck_assert_msg(times <= 3, "%zu", times);
    end_compile(c);
}
END_TEST

static void print_number(struct buffer *b, unsigned number)
{
    buffer_printf(b, "zzq%06u", number);
}

START_TEST(needles_are_bounded)
{
    struct compile *c = planned(602, 100, print_number);
    ck_assert_uint_eq(c->plan.n_needles, TRAIL_MAX_NEEDLES);
    assert_sifted(c, 599, 100);
    end_compile(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("needles");
    TCase *t = tcase_create("needles");
    tcase_set_timeout(t, 0);
    tcase_add_test(t, prints_are_few);
    tcase_add_test(t, needles_are_bounded);
    tcase_add_test(t, prints_are_shared);
    tcase_add_test(t, little_is_found_in_vain);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

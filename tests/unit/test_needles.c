/*
 * test_needles.c - how many texts the sieve is given to look for: alerts whose texts are left out get every record.
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

/* Each of three letters that are rare. */
static void print_letters(struct buffer *b, unsigned number)
{
    static const char rare[] = "jkqvwxyz";
    buffer_printf(b, "%c%c%c", rare[number / 64], rare[number / 8 % 8], rare[number % 8]);
}

START_TEST(prints_are_few)
{
    struct compile *c = planned(100, 1, print_letters);
    ck_assert_uint_eq(c->plan.n_needles, 64);
    assert_sifted(c, 63, 1); /* and the time */
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
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

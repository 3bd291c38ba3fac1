/*
 * Numbers of a log by value, however their exponents are spelled.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "trail/value.h"

struct number_case {
    const char *number;
    bool above, below; /* 10^1000000000, and minus that */
};

/* Exponents around the largest that is told apart, and beyond what 64 bits hold. */
static const struct number_case cases[] = {
    {"1e999999999", false, false},
    {"1e1000000001", true, false},
    {"1e576460752303423487", true, false},
    {"1e576460752303423488", true, false},
    {"1e1152921504606846975", true, false},
    {"1e9223372036854775807", true, false},
    {"1e9223372036854775808", true, false},
    {"1e99999999999999999999999999999999999999", true, false},
    {"-1e99999999999999999999999999999999999999", false, true},
    {"1e-99999999999999999999999999999999999999", false, false},
    {"-1e-99999999999999999999999999999999999999", false, false},
    {"0e99999999999999999999999999999999999999", false, false},
    {"-0.0e+99999999999999999999999999999999999999", false, false},
    {"0.000001e1152921504606846976", true, false},
};

START_TEST(test_exponent)
{
    const struct number_case *c = &cases[_i];
    const struct trail_decimal huge = {false, 1000000001, {"1", 1}}, tiny = {true, 1000000001, {"1", 1}};
    const struct trail_number_range above = {.low_bound = TRAIL_EXCLUSIVE, .low = huge};
    const struct trail_number_range below = {.high_bound = TRAIL_EXCLUSIVE, .high = tiny};
    ck_assert_msg(trail_number_in(c->number, strlen(c->number), &above) == c->above, "%s is large",
                  c->number);
    ck_assert_msg(trail_number_in(c->number, strlen(c->number), &below) == c->below, "%s is small",
                  c->number);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("value");
    TCase *t = tcase_create("numbers");
    tcase_add_loop_test(t, test_exponent, 0, sizeof cases / sizeof *cases);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

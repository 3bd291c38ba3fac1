/*
 * Several messages hashed at once: with every kernel that works here, any number of them and any lengths give
 * what each gives alone.
 */
#include "suite.h"
#include "window/siphash_lanes.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct siphash_key key = {{0x0706050403020100, 0x0f0e0d0c0b0a0908}};

static unsigned char message[SIPHASH_LONGEST + 1 + SIPHASH_LANES];

static void fill(void)
{
    srand(5);
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)rand();
}

/* A few words, as long as may be, or alike. */
static size_t length(int round)
{
    switch (round % 3) {
    case 0: return (size_t)(rand() % 40);
    case 1: return (size_t)(rand() % (SIPHASH_LONGEST + 1));
    default: return (size_t)(64 + rand() % 8);
    }
}

static void check(struct siphash_lanes *l, int round)
{
    size_t n = 1 + (size_t)rand() % SIPHASH_LANES, lengths[SIPHASH_LANES];
    uint64_t wide[SIPHASH_LANES][2], narrow[SIPHASH_LANES], one[2];
    for (size_t i = 0; i < n; i++) {
        lengths[i] = length(round);
        ck_assert(siphash_lanes_add(l, message + i, lengths[i]));
    }
    ck_assert_uint_eq(l->n, n);
    siphash128_lanes_end(l, &key, wide);
    ck_assert_uint_eq(l->n, 0);
    for (size_t i = 0; i < n; i++)
        ck_assert(siphash_lanes_add(l, message + i, lengths[i]));
    siphash_lanes_end(l, &key, narrow);
    for (size_t i = 0; i < n; i++) {
        siphash128(one, &key, message + i, lengths[i]);
        ck_assert_msg(memcmp(one, wide[i], sizeof one) == 0, "%zu bytes, message %zu of %zu", lengths[i], i,
                      n);
        ck_assert_msg(siphash(&key, message + i, lengths[i]) == narrow[i], "%zu bytes, message %zu of %zu",
                      lengths[i], i, n);
    }
}

START_TEST(each_as_if_alone)
{
    fill();
    for (const struct siphash_kernel *const *k = siphash_kernels; *k; k++) {
        if (!(*k)->works())
            continue;
        struct siphash_lanes *l = siphash_lanes_new((*k)->name);
        ck_assert_ptr_nonnull(l);
        ck_assert_ptr_eq(l->kernel, *k);
        for (int round = 0; round < 600; round++)
            check(l, round);
        siphash_lanes_free(l);
    }
}
END_TEST

START_TEST(what_is_too_long_is_not_added)
{
    fill();
    struct siphash_lanes *l = siphash_lanes_new(NULL);
    ck_assert(!siphash_lanes_add(l, message, SIPHASH_LONGEST + 1));
    ck_assert_uint_eq(l->n, 0);
    siphash_lanes_free(l);
}
END_TEST

START_TEST(other_kernels_have_none)
{
    struct siphash_lanes *l = siphash_lanes_new("plain");
    ck_assert(!siphash_lanes_add(l, "a", 1));
    ck_assert_uint_eq(l->n, 0);
    siphash_lanes_free(l);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("siphash_lanes");
    TCase *t = tcase_create("siphash_lanes");
    tcase_add_test(t, each_as_if_alone);
    tcase_add_test(t, what_is_too_long_is_not_added);
    tcase_add_test(t, other_kernels_have_none);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

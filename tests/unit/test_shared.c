/*
 * Texts with several owners: equal ones are one, the last owner frees; against a list, any sequence.
 */
#include "suite.h"
#include "window/shared.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct trail_slice text(const char *s)
{
    return (struct trail_slice){s, strlen(s)};
}

START_TEST(equal_texts_are_one)
{
    struct shared_table t = {.key = {{1, 2}}};
    struct shared *a = shared_intern(&t, text("alice")), *b = shared_intern(&t, text("alice"));
    ck_assert_ptr_eq(a, b);
    ck_assert_uint_eq(t.slots.n, 1);
    shared_drop(&t, a);
    ck_assert_mem_eq(b->p, "alice", 5);
    shared_drop(&t, b);
    ck_assert_uint_eq(t.slots.n, 0);
    shared_free(&t);
}
END_TEST

START_TEST(a_copy_is_its_own)
{
    struct shared_table t = {.key = {{1, 2}}};
    struct shared *a = shared_intern(&t, text("x")), *b = shared_copy(&t, text("x"));
    ck_assert_ptr_ne(a, b);
    shared_drop(&t, b);
    ck_assert_uint_eq(t.slots.n, 1);
    shared_drop(&t, a);
    shared_free(&t);
}
END_TEST

START_TEST(nothing_is_the_empty_text)
{
    struct shared_table t = {.key = {{1, 2}}};
    ck_assert_uint_eq(shared_text(NULL).n, 0);
    ck_assert_ptr_null(shared_hold(NULL));
    shared_drop(&t, NULL);
    struct shared *empty = shared_intern(&t, (struct trail_slice){NULL, 0});
    ck_assert_uint_eq(shared_text(empty).n, 0);
    shared_drop(&t, empty);
    shared_free(&t);
}
END_TEST

enum { TEXTS = 300 };

START_TEST(agrees_with_a_list)
{
    for (unsigned seed = 1; seed <= 50; seed++) {
        srand(seed);
        struct shared_table t = {.key = {{seed, 2}}};
        struct shared *owned[TEXTS] = {NULL};
        unsigned owners[TEXTS] = {0};
        size_t living = 0;
        for (int i = 0; i < 5000; i++) {
            size_t k = (size_t)rand() % TEXTS;
            char name[16];
            snprintf(name, sizeof name, "%zu", k);
            if (rand() % 2) {
                struct shared *s = shared_intern(&t, text(name));
                if (owners[k] > 0 && s != owned[k])
                    ck_abort_msg("seed %u, step %d: not the same", seed, i);
                owned[k] = s;
                living += owners[k]++ == 0;
            } else if (owners[k] > 0) {
                shared_drop(&t, owned[k]);
                living -= --owners[k] == 0;
            }
            if (t.slots.n != living)
                ck_abort_msg("seed %u, step %d: %zu texts, not %zu", seed, i, t.slots.n, living);
        }
        for (size_t k = 0; k < TEXTS; k++)
            for (; owners[k] > 0; owners[k]--)
                shared_drop(&t, owned[k]);
        ck_assert_uint_eq(t.slots.n, 0);
        shared_free(&t);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shared");
    TCase *t = tcase_create("shared");
    tcase_add_test(t, equal_texts_are_one);
    tcase_add_test(t, a_copy_is_its_own);
    tcase_add_test(t, nothing_is_the_empty_text);
    tcase_add_test(t, agrees_with_a_list);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

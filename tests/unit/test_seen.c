/*
 * The set that knows duplicates: its verdicts, its memory's end, and, against a list, any sequence.
 */
#include "suite.h"
#include "window/seen.h"
#include "window/siphash.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

START_TEST(the_first_is_new_and_the_second_is_not)
{
    struct seen s;
    seen_start(&s, 10);
    ck_assert_int_eq(seen_add(&s, 1, 100), SEEN_NEW);
    ck_assert_int_eq(seen_add(&s, 1, 100), SEEN_AGAIN);
    ck_assert_int_eq(seen_add(&s, 2, 100), SEEN_NEW);
    ck_assert_uint_eq(s.n, 2);
    seen_free(&s);
}
END_TEST

START_TEST(other_bytes_are_kept_and_known_from_then_on)
{
    struct seen s;
    seen_start(&s, 10);
    ck_assert_int_eq(seen_add(&s, 1, 100), SEEN_NEW);
    ck_assert_int_eq(seen_add(&s, 1, 200), SEEN_OTHER_BYTES);
    ck_assert_int_eq(seen_add(&s, 1, 200), SEEN_AGAIN);
    ck_assert_int_eq(seen_add(&s, 1, 300), SEEN_OTHER_BYTES);
    ck_assert_int_eq(seen_add(&s, 1, 100), SEEN_AGAIN);
    seen_free(&s);
}
END_TEST

START_TEST(the_oldest_is_forgotten_first)
{
    struct seen s;
    seen_start(&s, 3);
    for (uint64_t id = 1; id <= 4; id++)
        ck_assert_int_eq(seen_add(&s, id * 2, 8), SEEN_NEW);
    ck_assert_int_eq(seen_add(&s, 4, 8), SEEN_AGAIN); /* the second */
    ck_assert_int_eq(seen_add(&s, 2, 8), SEEN_NEW);   /* the first: forgotten; now the second is */
    ck_assert_int_eq(seen_add(&s, 4, 8), SEEN_NEW);
    ck_assert_uint_eq(s.n, 3);
    seen_free(&s);
}
END_TEST

START_TEST(memory_stops_at_the_limit)
{
    struct seen s;
    seen_start(&s, 1 << 12);
    struct siphash_key key = {{1, 2}};
    for (uint64_t i = 0; i < 100000; i++)
        ck_assert_int_eq(seen_add(&s, siphash(&key, &i, sizeof i), i), SEEN_NEW);
    ck_assert_uint_eq(s.n, 1 << 12);
    ck_assert_uint_le(s.room, 1 << 12);
    seen_free(&s);
}
END_TEST

START_TEST(one_id_for_everything_is_not_slow)
{
    struct seen s;
    seen_start(&s, 1 << 17);
    struct siphash_key key = {{1, 2}};
    clock_t start = clock();
    for (uint64_t i = 0; i < 300000; i++)
        seen_add(&s, 42, siphash(&key, &i, sizeof i));
    ck_assert((double)(clock() - start) / CLOCKS_PER_SEC < 2.0);
    seen_free(&s);
}
END_TEST

/* The same as a list that is searched from end to end. An id's first identity decides whether it is known. */
struct listed {
    uint64_t id, bytes;
    bool first;
};

static enum seen_verdict naive(struct listed *list, size_t *n, size_t limit, uint64_t id, uint64_t bytes)
{
    bool known = false;
    for (size_t i = 0; i < *n; i++) {
        if (list[i].id == id && list[i].bytes == bytes)
            return SEEN_AGAIN;
        known = known || (list[i].id == id && list[i].first);
    }
    if (*n == limit)
        memmove(list, list + 1, --*n * sizeof *list);
    list[(*n)++] = (struct listed){id, bytes, !known};
    return known ? SEEN_OTHER_BYTES : SEEN_NEW;
}

START_TEST(agrees_with_a_list)
{
    for (unsigned seed = 1; seed <= 200; seed++) {
        srand(seed);
        struct listed list[100];
        size_t n = 0, limit = 1 + (size_t)rand() % 100;
        uint64_t ids = 1 + (uint64_t)rand() % 200, step = rand() % 2 ? 1 : UINT64_C(0x100000000);
        struct seen s;
        seen_start(&s, limit);
        for (int i = 0; i < 1000; i++) {
            uint64_t id = (uint64_t)rand() % ids * step, bytes = (uint64_t)(rand() % 3) * 2;
            enum seen_verdict wanted = naive(list, &n, limit, id, bytes);
            ck_assert_msg(seen_add(&s, id, bytes) == wanted, "seed %u, step %d", seed, i);
        }
        seen_free(&s);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("seen");
    TCase *t = tcase_create("seen");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, the_first_is_new_and_the_second_is_not);
    tcase_add_test(t, other_bytes_are_kept_and_known_from_then_on);
    tcase_add_test(t, the_oldest_is_forgotten_first);
    tcase_add_test(t, memory_stops_at_the_limit);
    tcase_add_test(t, one_id_for_everything_is_not_slow);
    tcase_add_test(t, agrees_with_a_list);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

/*
 * What an alert counted comes back in its order, from memory and from a temporary file.
 */
#include <check.h>
#include <stdlib.h>

#include "scanner/counted.h"
#include "suite.h"

enum { GROUPS = 300 };

static struct trail_slice key_of(unsigned group, char room[32])
{
    int n = snprintf(room, 32, "{\"user\":\"u%u\"}", group);
    return (struct trail_slice){room, (size_t)n};
}

/* The i-th event: any group, times that stand still or go on, from before the epoch. */
static unsigned group_of(uint64_t i)
{
    return (unsigned)(i * 7919 % GROUPS);
}

static int64_t time_of(uint64_t i)
{
    return -1000000 + (int64_t)(i / 2 << 36);
}

struct walk {
    const struct counted *c;
    uint64_t n, stop;
};

static bool each(void *user, size_t group, int64_t time)
{
    struct walk *w = user;
    char room[32];
    struct trail_slice wanted = key_of(group_of(w->n), room), key = counted_key(w->c, group);
    if (key.n != wanted.n || memcmp(key.p, wanted.p, key.n) != 0 || time != time_of(w->n))
        ck_abort_msg("event %llu", (unsigned long long)w->n);
    return ++w->n != w->stop;
}

static void fill(struct counted *c, uint64_t from, uint64_t to)
{
    char room[32];
    for (uint64_t i = from; i < to; i++)
        if (!counted_add(c, key_of(group_of(i), room), time_of(i)))
            ck_abort_msg("event %llu", (unsigned long long)i);
}

START_TEST(events_come_back_in_their_order)
{
    struct counted *c = counted_new();
    fill(c, 0, 5000);
    ck_assert_uint_eq(counted_events(c), 5000);
    ck_assert_uint_eq(counted_groups(c), GROUPS);
    uint64_t sum = 0;
    for (size_t i = 0; i < GROUPS; i++)
        sum += counted_of(c, i);
    ck_assert_uint_eq(sum, 5000);
    for (int i = 0; i < 2; i++) {
        struct walk w = {.c = c};
        ck_assert(counted_walk(c, each, &w));
        ck_assert_uint_eq(w.n, 5000);
    }
    struct walk w = {.c = c, .stop = 17};
    ck_assert(counted_walk(c, each, &w));
    ck_assert_uint_eq(w.n, 17);
    counted_free(c);
}
END_TEST

START_TEST(what_does_not_fit_into_memory_is_in_a_file)
{
    const uint64_t n = COUNTED_MEMORY / 5;
    struct counted *c = counted_new();
    fill(c, 0, n);
    struct walk w = {.c = c};
    ck_assert(counted_walk(c, each, &w));
    ck_assert_uint_eq(w.n, n);
    fill(c, n, n + 1000); /* behind a walk it goes on at the end */
    w.n = 0;
    ck_assert(counted_walk(c, each, &w));
    ck_assert_uint_eq(w.n, n + 1000);
    counted_free(c);
}
END_TEST

START_TEST(without_room_for_the_file_it_says_so)
{
    struct counted *c = counted_new();
    char room[32];
    bool ok = true;
    setenv("TMPDIR", "/nonexistent", 1);
    for (uint64_t i = 0; i < COUNTED_MEMORY && ok; i++)
        ok = counted_add(c, key_of(group_of(i), room), time_of(i));
    ck_assert(!ok);
    unsetenv("TMPDIR");
    counted_free(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("counted");
    TCase *tests = tcase_create("counted");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, events_come_back_in_their_order);
    tcase_add_test(tests, what_does_not_fit_into_memory_is_in_a_file);
    tcase_add_test(tests, without_room_for_the_file_it_says_so);
    return run_tap(suite);
}

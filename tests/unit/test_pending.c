/*
 * Hits that wait: in whatever order they come and however pushes and pops mix, the first comes out first, is
 * at the place that was told, and nothing is lost.
 */
#include "suite.h"
#include "window/pending.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum { HITS = 600 };

/* How far behind the newest a hit may be, and how many in a hundred are. */
static const struct {
    int64_t behind;
    int share;
} orders[] = {{0, 0}, {20, 50}, {60, 50}, {5000, 3}, {5000, 50}, {5000, 100}};

static struct shared_table texts;
static struct pending pending;
static struct waiting there[HITS]; /* what waits, in no order */
static uint32_t place_of[HITS];
static size_t n_there;

static struct waiting make(int64_t time)
{
    char id[24];
    struct trail_slice text = {id, (size_t)snprintf(id, sizeof id, "%d", rand() % 40)};
    struct waiting x = {.time = time, .until = time, .alert = (uint32_t)rand() % 3};
    x.record_hash[0] = (uint64_t)rand();
    x.source.record = (uint64_t)rand();
    x.event_id = rand() % 4 ? shared_copy(&texts, text) : NULL;
    x.group = shared_intern(&texts, text);
    return x;
}

static void push(int64_t time)
{
    struct waiting x = make(time);
    uint32_t place;
    ck_assert(pending_push(&pending, &x, &place));
    bool taken = false;
    for (size_t i = 0; i < n_there; i++)
        taken |= place_of[i] == place;
    ck_assert(!taken);
    ck_assert_int_eq(pending_at(&pending, place)->time, time);
    place_of[n_there] = place;
    there[n_there++] = x;
}

static size_t first_there(void)
{
    size_t first = 0;
    for (size_t i = 1; i < n_there; i++)
        if (waiting_before(&there[i], &there[first]))
            first = i;
    return first;
}

static void pop(void)
{
    size_t first = first_there();
    uint32_t peeked, place;
    ck_assert_int_eq(pending_time(&pending), there[first].time);
    ck_assert_uint_eq(pending_first(&pending, &peeked)->record_hash[0], there[first].record_hash[0]);
    struct waiting x = pending_pop(&pending, &place);
    ck_assert_uint_eq(place, peeked);
    ck_assert_uint_eq(place, place_of[first]);
    ck_assert_int_eq(x.time, there[first].time);
    ck_assert_ptr_eq(x.event_id, there[first].event_id);
    ck_assert_uint_eq(x.source.record, there[first].source.record);
    waiting_drop(&x, &texts);
    n_there--;
    there[first] = there[n_there];
    place_of[first] = place_of[n_there];
    ck_assert_uint_eq(pending.n, n_there);
}

static void start(void)
{
    srand(11);
    n_there = 0;
    pending = (struct pending){0};
    texts = (struct shared_table){.key = SIPHASH_FIXED};
}

static void end(void)
{
    pending_free(&pending);
    shared_free(&texts);
}

static int64_t next_time(int order, int64_t newest)
{
    bool late = rand() % 100 < orders[order].share;
    return late ? newest - rand() % (orders[order].behind + 1) : newest;
}

START_TEST(first_comes_first)
{
    start();
    for (int i = 0; i < HITS; i++) {
        push(next_time(_i, i / 4));
        while (n_there > 0 && rand() % 100 < 48)
            pop();
    }
    while (n_there > 0)
        pop();
    ck_assert_int_eq(pending_time(&pending), TRAIL_NO_TIME);
    ck_assert_uint_eq(pending.bytes, 0);
    end();
}
END_TEST

/* What is put in order is, all of it, and goes on as it was. */
START_TEST(all_in_order)
{
    start();
    for (int i = 0; i < HITS / 2; i++) {
        push(next_time(_i, i / 4));
        if (i % 5 == 0)
            pop();
    }
    pending_sort(&pending);
    ck_assert_uint_eq(pending.n, n_there);
    uint32_t place, before;
    bool sorted = true;
    for (size_t i = 1; i < pending.n; i++)
        sorted &= !waiting_before(pending_nth(&pending, i, &place), pending_nth(&pending, i - 1, &before));
    ck_assert(sorted);
    for (int i = HITS / 2; i < HITS; i++) {
        push(next_time(_i, i / 4));
        pop();
    }
    while (n_there > 0)
        pop();
    end();
}
END_TEST

/* In no order, too, each is told of once. */
START_TEST(each_once)
{
    static bool told[HITS];
    start();
    for (int i = 0; i < HITS; i++)
        push(next_time(_i, i / 4));
    for (size_t i = 0; i < pending.n; i++) {
        uint32_t place;
        ck_assert_ptr_eq(pending_nth(&pending, i, &place), pending_at(&pending, place));
        ck_assert(place < HITS && !told[place]);
        told[place] = true;
    }
    for (size_t i = 0; i < pending.n; i++)
        told[place_of[i]] = false;
    for (size_t i = 0; i < HITS; i++)
        ck_assert(!told[i]);
    ck_assert_ptr_null(pending_soon(&pending, pending.n));
    pending_clear(&pending, &texts);
    ck_assert_int_eq(pending_time(&pending), TRAIL_NO_TIME);
    ck_assert_uint_eq(texts.slots.n, 0);
    n_there = 0;
    push(3);
    pop();
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pending");
    TCase *t = tcase_create("pending");
    tcase_set_timeout(t, 60);
    int n = (int)(sizeof orders / sizeof *orders);
    tcase_add_loop_test(t, first_comes_first, 0, n);
    tcase_add_loop_test(t, all_in_order, 0, n);
    tcase_add_loop_test(t, each_once, 0, n);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

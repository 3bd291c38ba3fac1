/*
 * Tables of tagged pointers: what is put is found until it is removed, however the hashes fall: spread, into few
 * lines, or at the table's end, so that what has no room there lies at its beginning.
 */
#include "suite.h"
#include "window/tagged.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>

enum { PIECES = 1000, STEPS = 30000 };

struct piece {
    _Alignas(8) uint32_t hash;
    bool in;
};

static uint32_t any(void)
{
    return (uint32_t)rand() << 16 ^ (uint32_t)rand();
}

static uint32_t spread(void)
{
    return any();
}

/* Alike in the bits that say where a piece lies. */
static uint32_t in_few_lines(void)
{
    return (uint32_t)(rand() % 3) << 30 | (any() & 0xFF);
}

static uint32_t at_the_end(void)
{
    return ~(any() & 0x3FF);
}

/* Alike in all bits of the slot; what is left of them tells where they lie. */
static uint32_t of_one_tag(void)
{
    return (uint32_t)(rand() % 64) << 26 | 5;
}

/* The slot of a piece; SIZE_MAX: it is in none. */
static size_t slot_of(const struct tagged_table *t, const struct piece *x)
{
    if (t->end == 0)
        return SIZE_MAX;
    for (size_t i = tagged_home(t, x->hash);; i = tagged_next(t, i)) {
        i = tagged_find(t, i, x->hash);
        ck_assert_uint_lt(i % TAGGED_STEP, TAGGED_SLOTS);
        if (!tagged_at(t, i))
            return SIZE_MAX;
        if (untag(tagged_at(t, i)) == x)
            return i;
    }
}

/* Most stay in at first, few in the end. */
static void any_sequence(uint32_t (*hash)(void))
{
    static struct piece piece[PIECES];
    struct tagged_table t = {0};
    size_t n = 0;
    srand(3);
    for (size_t k = 0; k < PIECES; k++)
        piece[k] = (struct piece){hash(), false};
    for (int step = 0; step < STEPS; step++) {
        struct piece *x = &piece[rand() % PIECES];
        size_t i = slot_of(&t, x);
        ck_assert_int_eq(x->in, i != SIZE_MAX);
        if (x->in && (step > STEPS / 2 || rand() % 4 == 0)) {
            tagged_remove(&t, i);
            x->in = false;
            n--;
        } else if (!x->in && (step < STEPS / 2 || rand() % 4 == 0)) {
            ck_assert(tagged_reserve(&t));
            tagged_fetch(&t, x->hash);
            tagged_put(&t, x, x->hash);
            x->in = true;
            n++;
        }
        ck_assert_uint_eq(t.n, n);
        for (size_t k = 0; step % 500 == 0 && k < PIECES; k++)
            ck_assert_int_eq(piece[k].in, slot_of(&t, &piece[k]) != SIZE_MAX);
    }
    ck_assert_uint_gt(t.end / TAGGED_STEP * TAGGED_SLOTS, PIECES / 2);
    tagged_free(&t);
    ck_assert_uint_eq(t.n, 0);
}

START_TEST(what_is_put_is_found)
{
    any_sequence(spread);
}
END_TEST

START_TEST(lines_run_over)
{
    any_sequence(in_few_lines);
}
END_TEST

START_TEST(the_last_line_goes_on_in_the_first)
{
    any_sequence(at_the_end);
}
END_TEST

START_TEST(equal_tags_are_no_equal_pieces)
{
    any_sequence(of_one_tag);
}
END_TEST

/* Pieces lie where their hashes say, in the order of these, unless lines run over. */
START_TEST(a_large_table_is_in_order)
{
    static struct piece piece[1 << 16];
    struct tagged_table t = {0};
    size_t at_home = 0, slots = 0;
    for (uint32_t k = 0; k < 1 << 16; k++) {
        piece[k].hash = k * UINT32_C(0x9e3779b1);
        ck_assert(tagged_reserve(&t));
        tagged_put(&t, &piece[k], piece[k].hash);
    }
    for (size_t k = 0; k < 1 << 16; k++)
        at_home += slot_of(&t, &piece[k]) / TAGGED_STEP == tagged_home(&t, piece[k].hash) / TAGGED_STEP;
    for (size_t i = 0; i < t.end; i++)
        slots += i % TAGGED_STEP < TAGGED_SLOTS && tagged_at(&t, i) != 0;
    ck_assert_uint_eq(slots, 1 << 16);
    ck_assert_uint_gt(at_home, (1 << 16) * 9 / 10);
    tagged_free(&t);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tagged");
    TCase *t = tcase_create("tagged");
    tcase_add_test(t, what_is_put_is_found);
    tcase_add_test(t, lines_run_over);
    tcase_add_test(t, the_last_line_goes_on_in_the_first);
    tcase_add_test(t, equal_tags_are_no_equal_pieces);
    tcase_add_test(t, a_large_table_is_in_order);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

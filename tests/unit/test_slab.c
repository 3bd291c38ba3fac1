/*
 * Pieces of memory: none overlaps another, what is given back is used again, everything goes at the end.
 */
#include "suite.h"
#include "window/slab.h"

#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PIECES = 500, STEPS = 20000 };

struct piece {
    unsigned char *p;
    size_t n;
    unsigned char mark;
};

static void check(const struct piece *x)
{
    for (size_t i = 0; i < x->n; i++)
        ck_assert_uint_eq(x->p[i], x->mark);
}

static void any_sequence(bool single)
{
    static struct piece piece[PIECES];
    struct slab s = {.single = single};
    size_t bytes = 0;
    srand(7);
    memset(piece, 0, sizeof piece);
    for (int i = 0; i < STEPS; i++) {
        struct piece *x = &piece[rand() % PIECES];
        if (x->p) {
            check(x);
            slab_give(&s, x->p, x->n);
            bytes -= x->n ? (x->n + 7) / 8 * 8 : 8;
            x->p = NULL;
            continue;
        }
        x->n = (size_t)(rand() % 10 ? rand() % 200 : rand() % 3000);
        x->mark = (unsigned char)i;
        x->p = slab_take(&s, x->n);
        ck_assert_ptr_nonnull(x->p);
        ck_assert_uint_eq((uintptr_t)x->p % 8, 0);
        memset(x->p, x->mark, x->n);
        bytes += x->n ? (x->n + 7) / 8 * 8 : 8;
        ck_assert_uint_eq(s.bytes, bytes);
    }
    for (size_t i = 0; i < PIECES; i++)
        if (piece[i].p)
            check(&piece[i]);
    slab_free(&s);
    ck_assert_uint_eq(s.bytes, 0);
}

START_TEST(pieces_do_not_overlap)
{
    any_sequence(false);
    any_sequence(true);
}
END_TEST

START_TEST(a_piece_is_used_again)
{
    struct slab s = {0};
    void *a = slab_take(&s, 60), *b = slab_take(&s, 60);
    slab_give(&s, a, 60);
    slab_give(&s, NULL, 60);
    void *c = slab_take(&s, 64);
    ck_assert_ptr_ne(c, b);
#if !defined(__SANITIZE_ADDRESS__)
    ck_assert_ptr_eq(c, a);
#endif
    ck_assert_ptr_null(slab_take(&s, SIZE_MAX));
    ck_assert_uint_eq(s.bytes, 128);
    slab_free(&s);
}
END_TEST

/* More than the first blocks hold. Those behind begin at a multiple of their size: no piece is in two. */
START_TEST(very_many_pieces)
{
    enum { MANY = 600000, SIZE = 56, FIRST = 17 << 20, LARGE = 2 << 20 };
    static uint64_t *piece[MANY];
    struct slab s = {0};
    for (size_t i = 0; i < MANY; i++) {
        piece[i] = slab_take(&s, SIZE);
        ck_assert_ptr_nonnull(piece[i]);
#if !defined(__SANITIZE_ADDRESS__)
        uintptr_t at = (uintptr_t)piece[i];
        ck_assert(i * SIZE < FIRST || at / LARGE == (at + SIZE - 1) / LARGE);
#endif
        for (size_t k = 0; k < SIZE / 8; k++)
            piece[i][k] = i * SIZE + k;
    }
    bool whole = true;
    for (size_t i = 0; i < MANY; i++)
        for (size_t k = 0; k < SIZE / 8; k++)
            whole &= piece[i][k] == i * SIZE + k;
    ck_assert(whole);
    ck_assert_uint_eq(s.bytes, (size_t)MANY * SIZE);
    slab_free(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("slab");
    TCase *t = tcase_create("slab");
    tcase_add_test(t, pieces_do_not_overlap);
    tcase_add_test(t, very_many_pieces);
    tcase_add_test(t, a_piece_is_used_again);
    suite_add_tcase(suite, t);
    return run_tap(suite);
}

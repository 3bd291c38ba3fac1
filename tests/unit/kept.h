/*
 * kept.h - a window as a state keeps it: what was saved, and the calls since.
 */
#ifndef KEPT_H
#define KEPT_H

#include "window/save.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT_PIECES = 1000 };

struct kept {
    struct trail_slice pieces[KEPT_PIECES]; /* malloc */
    size_t n;
    struct trail_text calls; /* since the last commit */
    /* what the test knows of that moment */
    size_t lines, at_once, next;
    int64_t newest, from;
};

static inline void kept_clear(struct kept *k)
{
    while (k->n > 0)
        free((char *)(uintptr_t)k->pieces[--k->n].p);
}

static inline void kept_free(struct kept *k)
{
    kept_clear(k);
    trail_text_free(&k->calls);
}

static inline bool kept_add(void *user, struct trail_slice piece)
{
    struct kept *k = user;
    ck_assert_uint_lt(k->n, KEPT_PIECES);
    char *copy = malloc(piece.n + 1); /* so that a sanitizer sees what is read behind it */
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, piece.p, piece.n);
    k->pieces[k->n++] = (struct trail_slice){copy, piece.n};
    return true;
}

/* Keeps what has been done since the last time; `whole`, or the first time: the window itself. */
static inline void kept_commit(struct kept *k, struct window *w, bool whole)
{
    ck_assert(!k->calls.failed);
    if (whole || k->n == 0 || window_recorded_partly(w)) {
        kept_clear(k);
        ck_assert_int_eq(window_save(w, kept_add, k), TRAIL_OK);
    } else if (k->calls.n > 0) {
        kept_add(k, (struct trail_slice){k->calls.p, k->calls.n});
    }
    k->calls.n = 0;
    window_record(w, &k->calls);
}

/* Makes a new window what was kept. */
static inline void kept_load(struct kept *k, struct window *w)
{
    struct window_tape t;
    ck_assert_int_eq(window_tape_start(&t, w), TRAIL_OK);
    for (size_t i = 0; i < k->n; i++)
        ck_assert_int_eq(window_tape_read(&t, k->pieces[i]), TRAIL_OK);
    ck_assert_int_eq(window_tape_end(&t), TRAIL_OK);
    ck_assert(!t.changed);
    window_tape_free(&t);
    k->calls.n = 0;
    window_record(w, &k->calls);
}

#endif

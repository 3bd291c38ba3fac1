/*
 * check.h - as much of Check as a unit test needs that is compiled for another processor, whose libraries are not here. The
 * first assertion that fails ends the program.
 */
#ifndef ALONE_CHECK_H
#define ALONE_CHECK_H

#include <stdio.h>
#include <stdlib.h>

#define START_TEST(NAME) static void NAME(void)
#define END_TEST

#define ck_assert_msg(HOLDS, ...)         \
    do {                                  \
        if (!(HOLDS)) {                   \
            fprintf(stderr, __VA_ARGS__); \
            exit(1);                      \
        }                                 \
    } while (0)
#define ck_assert(HOLDS)        ck_assert_msg(HOLDS, "line %d: %s\n", __LINE__, #HOLDS)
#define ck_assert_int_eq(A, B)  ck_assert((A) == (B))
#define ck_assert_uint_eq(A, B) ck_assert((A) == (B))

typedef struct {
    size_t n;
    struct {
        const char *name;
        void (*run)(void);
    } tests[32];
} Suite;
typedef Suite TCase;
typedef Suite SRunner;
enum { CK_NOFORK, CK_SILENT };

static Suite alone;

#define suite_create(NAME)               (&alone)
#define tcase_create(NAME)               (&alone)
#define tcase_set_timeout(CASE, SECONDS) ((void)(CASE))
#define tcase_add_test(CASE, NAME) \
    ((CASE)->tests[(CASE)->n].name = #NAME, (CASE)->tests[(CASE)->n++].run = NAME)
#define suite_add_tcase(SUITE, CASE)         ((void)(SUITE), (void)(CASE))
#define srunner_create(SUITE)                (SUITE)
#define srunner_set_fork_status(RUNNER, HOW) ((void)(RUNNER))
#define srunner_set_tap(RUNNER, FILE)        ((void)(RUNNER))
#define srunner_ntests_failed(RUNNER)        ((void)(RUNNER), 0)
#define srunner_free(RUNNER)                 ((void)(RUNNER))

static inline void srunner_run_all(SRunner *r, int how)
{
    (void)how;
    for (size_t i = 0; i < r->n; i++) {
        fprintf(stderr, "%s: ", r->tests[i].name);
        r->tests[i].run();
        fprintf(stderr, "passed\n");
    }
}

#endif

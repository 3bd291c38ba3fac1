/*
 * suite.h - a suite is run in this process and told as TAP: the last line of a unit test's main.
 */
#ifndef SUITE_H
#define SUITE_H

#include <check.h>

/* The process's exit code. */
static inline int run_tap(Suite *suite)
{
    SRunner *r = srunner_create(suite);
    srunner_set_fork_status(r, CK_NOFORK);
    srunner_set_tap(r, "-");
    srunner_run_all(r, CK_SILENT);
    int bad = srunner_ntests_failed(r);
    srunner_free(r);
    return bad ? 1 : 0;
}

#endif

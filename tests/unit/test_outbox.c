/*
 * test_outbox.c - the outbox in memory does what outbox.h promises.
 */
#include <stdlib.h>

#include "outbox_contract.h"

START_TEST(keeps_its_contract)
{
    struct trail_outbox *outbox = trail_outbox_memory_new();
    outbox_contract[_i](outbox);
    trail_outbox_memory_free(outbox);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("outbox");
    TCase *t = tcase_create("outbox");
    tcase_add_loop_test(t, keeps_its_contract, 0, OUTBOX_CONTRACT);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_set_tap(r, "-");
    srunner_set_fork_status(r, CK_NOFORK);
    srunner_run_all(r, CK_SILENT);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}

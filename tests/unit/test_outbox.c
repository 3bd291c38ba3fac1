/*
 * test_outbox.c - the outbox in memory does what outbox.h promises.
 */
#include <stdlib.h>

#include "outbox_contract.h"
#include "suite.h"

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
    return run_tap(s);
}

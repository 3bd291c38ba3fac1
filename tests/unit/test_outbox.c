/*
 * test_outbox.c - the outboxes do what outbox.h promises: the one in memory, and the state's.
 */
#include <stdlib.h>

#include "outbox_contract.h"
#include "recorder.h"
#include "state/state.h"

START_TEST(the_one_in_memory_keeps_its_contract)
{
    struct trail_outbox *outbox = trail_outbox_memory_new();
    contract_margin = 0;
    outbox_contract[_i](outbox);
    trail_outbox_memory_free(outbox);
}
END_TEST

/* ---- the state's: what the router puts in is there with the commit ---- */

static struct state *state;
static const struct trail_outbox *behind;

static enum trail_outbox_result add_and_commit(void *user, const struct trail_outbox_row *row)
{
    enum trail_outbox_result result = behind->add(user, row);
    ck_assert(state_commit(state));
    return result;
}

static enum trail_outbox_result replace_and_commit(void *user, int64_t id, int64_t now,
                                                   struct trail_slice payload)
{
    enum trail_outbox_result result = behind->replace(user, id, now, payload);
    ck_assert(state_commit(state));
    return result;
}

START_TEST(the_states_keeps_it)
{
    char path[32], error[STATE_ERROR];
    snprintf(path, sizeof path, "%d.db", _i);
    const struct state_config config = {.path = path, .mode = STATE_RUN, .pack = &fixture_pack};
    state = state_open(&config, error);
    ck_assert_msg(state != NULL, "%s", error);
    behind = state_outbox(state);
    struct trail_outbox outbox = *behind;
    outbox.add = add_and_commit;
    outbox.replace = replace_and_commit;
    contract_margin = 1000; /* what is due so soon may be taken before the commit */
    outbox_contract[_i](&outbox);
    state_close(state);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("outbox");
    TCase *t = tcase_create("outbox");
    tcase_add_loop_test(t, the_one_in_memory_keeps_its_contract, 0, OUTBOX_CONTRACT);
    tcase_add_loop_test(t, the_states_keeps_it, 0, OUTBOX_CONTRACT);
    suite_add_tcase(s, t);
    return run_suite(s);
}

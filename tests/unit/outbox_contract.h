/*
 * outbox_contract.h - what runtime/channel/outbox.h promises, as tests of any outbox. Each takes an empty one, in
 * which a row is there for the sender as soon as the router has put it in.
 */
#ifndef OUTBOX_CONTRACT_H
#define OUTBOX_CONTRACT_H

#include <check.h>
#include <string.h>

#include "channel/outbox.h"

/* ms before a row is due in which `find` gives it no more. */
static int64_t contract_margin;

/* A row with what matters; the rest is empty. */
static enum trail_outbox_result contract_add(struct trail_outbox *o, const char *channel, const char *key,
                                             const char *thread, int64_t due)
{
    const struct trail_outbox_row row = {.channel = channel,
                                         .recipient = "",
                                         .dedup_key = key,
                                         .thread = thread,
                                         .bunch = "",
                                         .payload = {"{\"x\":1}", 7},
                                         .created = 1000,
                                         .due = due,
                                         .last_error = ""};
    return o->add(o->user, &row);
}

/* Takes the next row, which has to be the one of this key; gives its id. */
static int64_t contract_take(struct trail_outbox *o, const char *channel, int64_t now, const char *key)
{
    struct trail_outbox_message m;
    ck_assert_msg(o->take(o->user, channel, now, &m) == TRAIL_OUTBOX_OK, "%s is not to be had", key);
    ck_assert_str_eq(m.row.dedup_key, key);
    ck_assert_int_eq(m.row.state, TRAIL_OUTBOX_SENDING);
    int64_t id = m.row.id;
    trail_outbox_message_free(&m);
    return id;
}

static void contract_none(struct trail_outbox *o, const char *channel, int64_t now)
{
    struct trail_outbox_message m;
    ck_assert_int_eq(o->take(o->user, channel, now, &m), TRAIL_OUTBOX_NONE);
}

static void contract_order(struct trail_outbox *o)
{
    struct trail_outbox_message m;
    contract_add(o, "a", "k1", "", 3000);
    contract_add(o, "a", "k2", "", 2000);
    contract_add(o, "b", "k3", "", 1000);
    contract_add(o, "a", "k4", "", 2000);
    ck_assert_uint_eq(o->waiting(o->user, "a"), 3);
    ck_assert_int_eq(o->next_due(o->user, "a"), 2000);
    ck_assert_int_eq(o->next_due(o->user, "none"), INT64_MAX);
    contract_none(o, "a", 1999);
    contract_take(o, "a", 2000, "k2");
    contract_take(o, "a", 2000, "k4");
    contract_none(o, "a", 2000);
    ck_assert_int_eq(o->take(o->user, "a", 3000, &m), TRAIL_OUTBOX_OK);
    ck_assert_uint_eq(m.row.attempts, 1);
    ck_assert_int_eq(m.row.created, 1000);
    ck_assert_uint_eq(m.row.payload.n, 7);
    ck_assert_int_eq(memcmp(m.row.payload.p, "{\"x\":1}", 7), 0);
    trail_outbox_message_free(&m);
    contract_take(o, "b", 5000, "k3");
    ck_assert_uint_eq(o->waiting(o->user, "a"), 3);
}

static void contract_same_key(struct trail_outbox *o)
{
    ck_assert_int_eq(contract_add(o, "a", "k", "", 1000), TRAIL_OUTBOX_OK);
    ck_assert_int_eq(contract_add(o, "a", "k", "", 1000), TRAIL_OUTBOX_OK);
    ck_assert_uint_eq(o->waiting(o->user, "a"), 1);
    int64_t id = contract_take(o, "a", 1000, "k");
    ck_assert_int_eq(o->sent(o->user, id, 1000, 0), TRAIL_OUTBOX_OK);
    contract_add(o, "a", "k", "", 1000);
    contract_none(o, "a", 9000);
    contract_add(o, "b", "k", "", 1000);
    contract_take(o, "b", 9000, "k");
}

static void contract_retry_and_park(struct trail_outbox *o)
{
    struct trail_outbox_message m;
    contract_add(o, "a", "k", "", 1000);
    int64_t id = contract_take(o, "a", 1000, "k");
    ck_assert_int_eq(o->retry(o->user, id, 1100, 5000, "no \"answer\""), TRAIL_OUTBOX_OK);
    contract_none(o, "a", 4999);
    ck_assert_int_eq(o->next_due(o->user, "a"), 5000);
    ck_assert_int_eq(o->take(o->user, "a", 5000, &m), TRAIL_OUTBOX_OK);
    ck_assert_uint_eq(m.row.attempts, 2);
    ck_assert_str_eq(m.row.last_error, "no \"answer\"");
    trail_outbox_message_free(&m);
    ck_assert_int_eq(o->park(o->user, id, 5100, "refused"), TRAIL_OUTBOX_OK);
    contract_none(o, "a", INT64_MAX / 2);
    ck_assert_int_eq(o->next_due(o->user, "a"), INT64_MAX);
    ck_assert_uint_eq(o->waiting(o->user, "a"), 0);
    ck_assert_int_eq(o->sent(o->user, id, 5200, 0), TRAIL_OUTBOX_NONE);
    ck_assert_int_eq(o->retry(o->user, 9999, 5200, 5300, ""), TRAIL_OUTBOX_NONE);
}

static void contract_threads(struct trail_outbox *o)
{
    contract_add(o, "a", "k1", "t", 1000);
    contract_add(o, "a", "k2", "t", 1000);
    contract_add(o, "a", "k3", "u", 1000);
    contract_add(o, "b", "k4", "t", 1000);
    int64_t id = contract_take(o, "a", 1000, "k1");
    contract_take(o, "a", 1000, "k3"); /* k2 has to wait for k1 */
    contract_none(o, "a", 1000);
    contract_take(o, "b", 1000, "k4");
    o->retry(o->user, id, 1000, 8000, "later");
    contract_none(o, "a", 7999);
    id = contract_take(o, "a", 8000, "k1");
    o->park(o->user, id, 8000, "never");
    contract_take(o, "a", 8000, "k2");
}

static void contract_repeats(struct trail_outbox *o)
{
    contract_add(o, "a", "k1", "t", 1000);
    int64_t id = contract_take(o, "a", 1000, "k1");
    ck_assert_int_eq(o->sent(o->user, id, 1000, 2000), TRAIL_OUTBOX_OK);
    ck_assert_uint_eq(o->waiting(o->user, "a"), 0);
    contract_none(o, "a", 1999);
    ck_assert_int_eq(contract_take(o, "a", 2000, "k1"), id);
    o->retry(o->user, id, 2000, 3000, "down");
    ck_assert_uint_eq(o->waiting(o->user, "a"), 0); /* it repeats still */
    contract_take(o, "a", 3000, "k1");
    ck_assert_int_eq(o->sent(o->user, id, 3000, 4000), TRAIL_OUTBOX_OK);
    contract_add(o, "a", "k2", "t", 3500); /* and is over now */
    int64_t newer = contract_take(o, "a", 9000, "k2");
    contract_none(o, "a", 9000);
    ck_assert_int_eq(o->sent(o->user, newer, 9000, 9500), TRAIL_OUTBOX_OK);
    contract_take(o, "a", 9500, "k2");
    contract_add(o, "a", "k3", "t", 9500); /* while it is in flight */
    contract_none(o, "a", 9500);
    ck_assert_int_eq(o->sent(o->user, newer, 9600, 9900), TRAIL_OUTBOX_OK);
    contract_take(o, "a", 20000, "k3");
    contract_none(o, "a", 20000);
}

static void contract_bunches(struct trail_outbox *o)
{
    struct trail_outbox_message m;
    struct trail_outbox_row row = {.channel = "a",
                                   .recipient = "",
                                   .dedup_key = "k1",
                                   .thread = "",
                                   .bunch = "storm",
                                   .payload = {"{\"n\":1}", 7},
                                   .created = 1000,
                                   .due = 5000,
                                   .last_error = ""};
    o->add(o->user, &row);
    ck_assert_int_eq(o->find(o->user, "a", "", "quiet", 1000, &m), TRAIL_OUTBOX_NONE);
    ck_assert_int_eq(o->find(o->user, "b", "", "storm", 1000, &m), TRAIL_OUTBOX_NONE);
    ck_assert_int_eq(o->find(o->user, "a", "x@y.z", "storm", 1000, &m), TRAIL_OUTBOX_NONE);
    ck_assert_int_eq(o->find(o->user, "a", "", "storm", 5000 - contract_margin, &m), TRAIL_OUTBOX_NONE);
    ck_assert_int_eq(o->find(o->user, "a", "", "storm", 4999 - contract_margin, &m), TRAIL_OUTBOX_OK);
    int64_t id = m.row.id;
    trail_outbox_message_free(&m);
    ck_assert_int_eq(o->replace(o->user, id, 2000, (struct trail_slice){"{\"n\":22}", 8}), TRAIL_OUTBOX_OK);
    ck_assert_int_eq(o->take(o->user, "a", 5000, &m), TRAIL_OUTBOX_OK);
    ck_assert_uint_eq(m.row.payload.n, 8);
    trail_outbox_message_free(&m);
    o->retry(o->user, id, 5000, 9000, "down"); /* what was tried once grows no more */
    ck_assert_int_eq(o->find(o->user, "a", "", "storm", 5000, &m), TRAIL_OUTBOX_NONE);
    row.dedup_key = "k2";
    row.bunch = "mute";
    row.state = TRAIL_OUTBOX_HELD;
    row.last_error = "muted";
    o->add(o->user, &row);
    ck_assert_int_eq(o->find(o->user, "a", "", "mute", 99000, &m), TRAIL_OUTBOX_OK);
    ck_assert_str_eq(m.row.last_error, "muted");
    trail_outbox_message_free(&m);
    contract_take(o, "a", 99000, "k1");
    contract_none(o, "a", 99000); /* what is held is not sent */
    ck_assert_uint_eq(o->waiting(o->user, "a"), 1);
}

static void contract_recovers(struct trail_outbox *o)
{
    struct trail_outbox_message m;
    contract_add(o, "a", "k1", "", 1000);
    contract_take(o, "a", 1000, "k1");
    contract_none(o, "a", 1000);
    ck_assert_int_eq(o->recover(o->user, 2000), TRAIL_OUTBOX_OK);
    ck_assert_int_eq(o->take(o->user, "a", 2000, &m), TRAIL_OUTBOX_OK);
    ck_assert_str_eq(m.row.dedup_key, "k1");
    trail_outbox_message_free(&m);
}

typedef void contract(struct trail_outbox *);
static contract *const outbox_contract[] = {contract_order,   contract_same_key, contract_retry_and_park,
                                            contract_threads, contract_repeats,  contract_bunches,
                                            contract_recovers};
enum { OUTBOX_CONTRACT = sizeof outbox_contract / sizeof *outbox_contract };

#endif

/*
 * outbox.c - messages on their way, as rows of the state: see channel/outbox.h for what is to be done.
 *
 * What the router does waits in memory until the state is committed, and is then done within that
 * transaction: a batch whose commit fails is tried again as a whole. Meanwhile `find` looks at what waits
 * first. A message may be taken by the sender between `find` and the commit: `find` leaves out those that are
 * due within MARGIN, and if one has gone all the same the commit puts in another one.
 *
 * What the sender does are transactions of a connection of its own, which nobody else uses.
 */
#include "inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "channel/outbox.h"
#include "notify/terminal.h"

enum {
    MARGIN = 1000,    /* ms */
    COUNTED = 1000,   /* ms for which a count is good enough */
    PATIENCE = 10000, /* ms that a commit is waited for */
    ROW_COST = 256,
    DAYS_KEPT = 90, /* that what was sent is known */
};

/* The numbers that are in the file. */
_Static_assert(TRAIL_OUTBOX_WAITING == 0 && TRAIL_OUTBOX_SENDING == 1 && TRAIL_OUTBOX_SENT == 2 &&
                   TRAIL_OUTBOX_PARKED == 3 && TRAIL_OUTBOX_HELD == 4,
               "states are stored by number");

enum router_sql { KNOWN, FIND, COUNT, ADD, SUPERSEDE, REPLACE, PRUNE, ROUTER_SQL };
enum sender_sql {
    RECOVER,
    TAKE,
    MARK,
    SENT,
    AGAIN,
    RETRY,
    PARK,
    NEXT_DUE,
    BEGIN,
    COMMIT,
    ROLLBACK,
    SENDER_SQL
};

static const char *const router_texts[ROUTER_SQL] = {
    [KNOWN] = "SELECT 1 FROM outbox WHERE channel = ?1 AND recipient = ?2 AND dedup_key = ?3",
    [FIND] = "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE channel = ?1 AND recipient = ?2 AND bunch = ?3 AND"
             " state IN (0, 4) AND (state = 4 OR (attempts = 0 AND due > ?4)) ORDER BY id DESC LIMIT 1",
    [COUNT] = "SELECT count(*) FROM outbox WHERE channel = ?1 AND state IN (0, 1) AND repeats = 0",
    [ADD] =
        "INSERT OR IGNORE INTO outbox(channel, recipient, dedup_key, thread, bunch, payload, created, due,"
        " updated, attempts, repeats, state, last_error)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, 0, 0, ?9, ?10)",
    [SUPERSEDE] = "UPDATE outbox SET state = 2 WHERE channel = ?1 AND recipient = ?2 AND thread = ?3 AND"
                  " thread <> '' AND repeats = 1 AND state = 0",
    [REPLACE] = "UPDATE outbox SET payload = ?2, updated = ?3 WHERE id = ?1 AND"
                " (state = 4 OR (state = 0 AND attempts = 0))",
    [PRUNE] = "DELETE FROM outbox WHERE state = 2 AND updated < ?1",
};

static const char *const sender_texts[SENDER_SQL] = {
    [RECOVER] = "UPDATE outbox SET state = 0, due = ?1, updated = ?1 WHERE state = 1",
    [TAKE] = "SELECT " OUTBOX_COLUMNS
             " FROM outbox AS o WHERE channel = ?1 AND state = 0 AND due <= ?2 AND NOT EXISTS"
             " (SELECT 1 FROM outbox AS p WHERE p.channel = o.channel AND p.recipient = o.recipient AND"
             " p.thread = o.thread AND o.thread <> '' AND p.id < o.id AND"
             " (p.state = 1 OR (p.state = 0 AND p.repeats = 0))) ORDER BY due, id LIMIT 1",
    [MARK] = "UPDATE outbox SET state = 1, attempts = attempts + 1, updated = ?2 WHERE id = ?1",
    [SENT] = "UPDATE outbox SET state = 2, updated = ?2, last_error = '' WHERE id = ?1 AND state = 1",
    [AGAIN] =
        "UPDATE outbox SET state = 0, due = ?3, updated = ?2, attempts = 0, repeats = 1, last_error = ''"
        " WHERE id = ?1 AND state = 1 AND (thread = '' OR NOT EXISTS (SELECT 1 FROM outbox AS p WHERE"
        " p.channel = outbox.channel AND p.recipient = outbox.recipient AND p.thread = outbox.thread AND"
        " p.id > outbox.id))",
    [RETRY] =
        "UPDATE outbox SET state = 0, due = ?3, updated = ?2, last_error = ?4 WHERE id = ?1 AND state = 1",
    [PARK] = "UPDATE outbox SET state = 3, updated = ?2, last_error = ?3 WHERE id = ?1 AND state = 1",
    [NEXT_DUE] = "SELECT min(due) FROM outbox WHERE channel = ?1 AND state = 0",
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
};

/* What the router has done since the last commit. */
struct op {
    bool replaces; /* the row of this ID; else it is new, and the ID is below 0 until it is written */
    struct trail_outbox_message message;
};

/* How much waits for a channel. */
struct counted {
    char *channel;
    uint64_t n;
    int64_t at; /* steady time */
};

struct outbox {
    struct trail_outbox face;
    struct state *state;
    /* the router's */
    sqlite3_stmt *router[ROUTER_SQL];
    struct op *ops;
    size_t n_ops, op_room, bytes;
    struct counted *counted;
    size_t n_counted, counted_room;
    /* the sender's */
    sqlite3 *db;
    sqlite3_stmt *sender[SENDER_SQL];
    bool told;
};

static struct trail_slice slice(const char *text)
{
    return (struct trail_slice){text ? text : "", text ? strlen(text) : 0};
}

/* Borrows the statement's texts. */
struct trail_outbox_row outbox_row_of(sqlite3_stmt *q)
{
    struct trail_outbox_row row = {.id = sqlite3_column_int64(q, 0),
                                   .channel = state_text_column(q, 1),
                                   .recipient = state_text_column(q, 2),
                                   .dedup_key = state_text_column(q, 3),
                                   .thread = state_text_column(q, 4),
                                   .bunch = state_text_column(q, 5),
                                   .created = sqlite3_column_int64(q, 7),
                                   .due = sqlite3_column_int64(q, 8),
                                   .updated = sqlite3_column_int64(q, 9),
                                   .attempts = (unsigned)sqlite3_column_int64(q, 10),
                                   .repeats = sqlite3_column_int64(q, 11),
                                   .state = (enum trail_outbox_state)sqlite3_column_int64(q, 12),
                                   .last_error = state_text_column(q, 13)};
    row.payload = (struct trail_slice){state_text_column(q, 6), (size_t)sqlite3_column_bytes(q, 6)};
    return row;
}

/* ---- the router's ---- */

static sqlite3_stmt *routing(struct outbox *o, enum router_sql which)
{
    sqlite3_stmt **q = &o->router[which];
    if (!*q && sqlite3_prepare_v3(o->state->db, router_texts[which], -1, SQLITE_PREPARE_PERSISTENT, q,
                                  NULL) != SQLITE_OK)
        return NULL;
    sqlite3_clear_bindings(*q);
    return *q;
}

static enum trail_outbox_result failed(struct outbox *o)
{
    state_tell(o->state, "messages to be sent cannot be looked up: %s",
               state_why(o->state->db, sqlite3_extended_errcode(o->state->db)));
    return TRAIL_OUTBOX_FAILED;
}

static bool same_place(const struct trail_outbox_row *a, const char *channel, const char *recipient)
{
    return strcmp(a->channel, channel) == 0 && strcmp(a->recipient, recipient) == 0;
}

/* Whether the message was put in before. False: the file could not be asked. */
static bool is_known(struct outbox *o, const struct trail_outbox_row *row, bool *known)
{
    for (size_t i = 0; i < o->n_ops; i++)
        if (same_place(&o->ops[i].message.row, row->channel, row->recipient) &&
            strcmp(o->ops[i].message.row.dedup_key, row->dedup_key) == 0) {
            *known = true;
            return true;
        }
    sqlite3_stmt *q = routing(o, KNOWN);
    int code = q && state_bind_text(q, 1, slice(row->channel)) &&
                       state_bind_text(q, 2, slice(row->recipient)) &&
                       state_bind_text(q, 3, slice(row->dedup_key))
                   ? sqlite3_step(q)
                   : SQLITE_ERROR;
    *known = code == SQLITE_ROW;
    if (q)
        sqlite3_reset(q);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static enum trail_outbox_result put_op(struct outbox *o, const struct trail_outbox_row *row, bool replaces)
{
    struct op *list = state_room(o->ops, o->n_ops, &o->op_room, sizeof *list);
    if (list)
        o->ops = list;
    struct op *op = list ? &o->ops[o->n_ops] : NULL;
    if (!op || !trail_outbox_message_copy(&op->message, row)) {
        state_tell(o->state, "out of memory: a message could not be taken");
        return TRAIL_OUTBOX_FAILED;
    }
    op->replaces = replaces;
    if (!replaces)
        op->message.row.id = -(int64_t)(o->n_ops + 1);
    o->n_ops++;
    o->bytes += ROW_COST + row->payload.n;
    return TRAIL_OUTBOX_OK;
}

static enum trail_outbox_result add(void *user, const struct trail_outbox_row *row)
{
    struct outbox *o = user;
    bool known;
    if (!is_known(o, row, &known))
        return failed(o);
    return known ? TRAIL_OUTBOX_OK : put_op(o, row, false);
}

static enum trail_outbox_result give(struct outbox *o, const struct trail_outbox_row *row,
                                     struct trail_outbox_message *to)
{
    if (trail_outbox_message_copy(to, row))
        return TRAIL_OUTBOX_OK;
    state_tell(o->state, "out of memory: a message could not be taken");
    return TRAIL_OUTBOX_FAILED;
}

static enum trail_outbox_result find(void *user, const char *channel, const char *recipient,
                                     const char *bunch, int64_t now, struct trail_outbox_message *to)
{
    struct outbox *o = user;
    for (size_t i = o->n_ops; i > 0; i--) {
        const struct trail_outbox_row *row = &o->ops[i - 1].message.row;
        if (same_place(row, channel, recipient) && strcmp(row->bunch, bunch) == 0 &&
            (row->state == TRAIL_OUTBOX_HELD || row->due > now))
            return give(o, row, to);
    }
    sqlite3_stmt *q = routing(o, FIND);
    if (!q || !state_bind_text(q, 1, slice(channel)) || !state_bind_text(q, 2, slice(recipient)) ||
        !state_bind_text(q, 3, slice(bunch)) || sqlite3_bind_int64(q, 4, now + MARGIN) != SQLITE_OK)
        return failed(o);
    int code = sqlite3_step(q);
    enum trail_outbox_result result = TRAIL_OUTBOX_NONE;
    if (code == SQLITE_ROW) {
        struct trail_outbox_row row = outbox_row_of(q);
        result = give(o, &row, to);
    } else if (code != SQLITE_DONE) {
        result = failed(o);
    }
    sqlite3_reset(q);
    return result;
}

/* Another payload for what waits for the commit already. */
static enum trail_outbox_result change_op(struct outbox *o, struct op *op, int64_t now,
                                          struct trail_slice payload)
{
    struct trail_outbox_message changed;
    struct trail_outbox_row row = op->message.row;
    row.payload = payload;
    row.updated = now;
    enum trail_outbox_result result = give(o, &row, &changed);
    if (result == TRAIL_OUTBOX_OK) {
        o->bytes = o->bytes - op->message.row.payload.n + payload.n;
        trail_outbox_message_free(&op->message);
        op->message = changed;
    }
    return result;
}

static enum trail_outbox_result replace(void *user, int64_t id, int64_t now, struct trail_slice payload)
{
    struct outbox *o = user;
    for (size_t i = 0; i < o->n_ops; i++)
        if (o->ops[i].message.row.id == id)
            return change_op(o, &o->ops[i], now, payload);
    sqlite3_stmt *q = NULL;
    enum trail_outbox_result result = TRAIL_OUTBOX_NONE;
    if (sqlite3_prepare_v2(o->state->db, "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE id = ?1", -1, &q,
                           NULL) != SQLITE_OK ||
        sqlite3_bind_int64(q, 1, id) != SQLITE_OK) {
        result = failed(o);
    } else if (sqlite3_step(q) == SQLITE_ROW) {
        struct trail_outbox_row row = outbox_row_of(q);
        row.payload = payload;
        row.updated = now;
        result = put_op(o, &row, true);
    }
    sqlite3_finalize(q);
    return result;
}

static struct counted *count_of(struct outbox *o, const char *channel)
{
    for (size_t i = 0; i < o->n_counted; i++)
        if (strcmp(o->counted[i].channel, channel) == 0)
            return &o->counted[i];
    struct counted *list = state_room(o->counted, o->n_counted, &o->counted_room, sizeof *list);
    if (list)
        o->counted = list;
    char *name = list ? strdup(channel) : NULL;
    if (!name)
        return NULL;
    o->counted[o->n_counted] = (struct counted){name, 0, INT64_MIN};
    return &o->counted[o->n_counted++];
}

static uint64_t waiting(void *user, const char *channel)
{
    struct outbox *o = user;
    struct counted *c = count_of(o, channel);
    if (!c)
        return 0;
    int64_t now = trail_time_now(CLOCK_MONOTONIC);
    sqlite3_stmt *q = c->at == INT64_MIN || now - c->at > COUNTED ? routing(o, COUNT) : NULL;
    if (q && state_bind_text(q, 1, slice(channel)) && sqlite3_step(q) == SQLITE_ROW) {
        c->n = (uint64_t)sqlite3_column_int64(q, 0);
        c->at = now;
    }
    if (q)
        sqlite3_reset(q);
    uint64_t n = c->n;
    for (size_t i = 0; i < o->n_ops; i++)
        n += !o->ops[i].replaces && o->ops[i].message.row.state == TRAIL_OUTBOX_WAITING &&
             strcmp(o->ops[i].message.row.channel, channel) == 0;
    return n;
}

/* ---- the commit ---- */

static bool write_new(struct outbox *o, const struct trail_outbox_row *row)
{
    sqlite3_stmt *q = routing(o, SUPERSEDE);
    bool ok = q && state_bind_text(q, 1, slice(row->channel)) &&
              state_bind_text(q, 2, slice(row->recipient)) && state_bind_text(q, 3, slice(row->thread)) &&
              state_run(q);
    q = ok ? routing(o, ADD) : NULL;
    return q && state_bind_text(q, 1, slice(row->channel)) && state_bind_text(q, 2, slice(row->recipient)) &&
           state_bind_text(q, 3, slice(row->dedup_key)) && state_bind_text(q, 4, slice(row->thread)) &&
           state_bind_text(q, 5, slice(row->bunch)) && state_bind_text(q, 6, row->payload) &&
           sqlite3_bind_int64(q, 7, row->created) == SQLITE_OK &&
           sqlite3_bind_int64(q, 8, row->due) == SQLITE_OK &&
           sqlite3_bind_int64(q, 9, row->state) == SQLITE_OK &&
           state_bind_text(q, 10, slice(row->last_error)) && state_run(q);
}

/* The message was sent before it could grow: what it has now is one of its own. */
static bool write_anew(struct outbox *o, const struct trail_outbox_row *row)
{
    char key[80];
    struct trail_outbox_row other = *row;
    snprintf(key, sizeof key, "%.60s-%" PRIx64, row->dedup_key, (uint64_t)row->updated);
    other.dedup_key = key;
    other.state = TRAIL_OUTBOX_WAITING;
    return write_new(o, &other);
}

static bool write_op(struct outbox *o, const struct op *op)
{
    const struct trail_outbox_row *row = &op->message.row;
    if (!op->replaces)
        return write_new(o, row);
    sqlite3_stmt *q = routing(o, REPLACE);
    if (!q || sqlite3_bind_int64(q, 1, row->id) != SQLITE_OK || !state_bind_text(q, 2, row->payload) ||
        sqlite3_bind_int64(q, 3, row->updated) != SQLITE_OK || !state_run(q))
        return false;
    return sqlite3_changes(o->state->db) > 0 || write_anew(o, row);
}

bool outbox_write(struct state *s)
{
    struct outbox *o = s->outbox;
    for (size_t i = 0; o && i < o->n_ops; i++)
        if (!write_op(o, &o->ops[i]))
            return false;
    if (!o || !s->want_snapshot)
        return true;
    sqlite3_stmt *q = routing(o, PRUNE);
    return q &&
           sqlite3_bind_int64(q, 1, trail_time_now(CLOCK_REALTIME) - DAYS_KEPT * INT64_C(86400000)) ==
               SQLITE_OK &&
           state_run(q);
}

void outbox_done(struct state *s)
{
    struct outbox *o = s->outbox;
    if (!o)
        return;
    for (size_t i = 0; i < o->n_ops; i++)
        trail_outbox_message_free(&o->ops[i].message);
    if (o->n_ops > 0)
        for (size_t i = 0; i < o->n_counted; i++)
            o->counted[i].at = INT64_MIN;
    o->n_ops = o->bytes = 0;
}

size_t outbox_waiting_bytes(const struct state *s)
{
    return s->outbox ? s->outbox->bytes : 0;
}

/* ---- the sender's ---- */

/* Says it once, on the sender's thread. */
static enum trail_outbox_result sending_failed(struct outbox *o)
{
    char what[STATE_ERROR];
    struct trail_text message = {0};
    const struct state_config *c = &o->state->config;
    if (o->told || !c->on_problem)
        return TRAIL_OUTBOX_FAILED;
    o->told = true;
    snprintf(what, sizeof what, "%s: the outbox cannot be written: %s; what is to be sent waits", c->path,
             state_why(o->db, o->db ? sqlite3_extended_errcode(o->db) : SQLITE_NOMEM));
    trail_terminal_add(&message, slice(what));
    trail_text_add(&message, "", 1);
    if (!message.failed)
        c->on_problem(c->user, message.p);
    trail_text_free(&message);
    return TRAIL_OUTBOX_FAILED;
}

static bool connect(struct outbox *o)
{
    if (o->db)
        return true;
    if (sqlite3_open_v2(o->state->config.path, &o->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
            SQLITE_OK &&
        sqlite3_extended_result_codes(o->db, 1) == SQLITE_OK &&
        sqlite3_busy_timeout(o->db, PATIENCE) == SQLITE_OK &&
        sqlite3_exec(o->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL) == SQLITE_OK)
        return true;
    sending_failed(o);
    sqlite3_close(o->db);
    o->db = NULL;
    return false;
}

static sqlite3_stmt *sending(struct outbox *o, enum sender_sql which)
{
    if (!connect(o))
        return NULL;
    sqlite3_stmt **q = &o->sender[which];
    if (!*q &&
        sqlite3_prepare_v3(o->db, sender_texts[which], -1, SQLITE_PREPARE_PERSISTENT, q, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_clear_bindings(*q);
    return *q;
}

/* Runs an update of one row. */
static enum trail_outbox_result change(struct outbox *o, sqlite3_stmt *q, bool bound)
{
    if (!q || !bound || !state_run(q))
        return sending_failed(o);
    o->told = false;
    return sqlite3_changes(o->db) > 0 ? TRAIL_OUTBOX_OK : TRAIL_OUTBOX_NONE;
}

static bool bind_change(sqlite3_stmt *q, int64_t id, int64_t now)
{
    return q && sqlite3_bind_int64(q, 1, id) == SQLITE_OK && sqlite3_bind_int64(q, 2, now) == SQLITE_OK;
}

static enum trail_outbox_result recover(void *user, int64_t now)
{
    struct outbox *o = user;
    sqlite3_stmt *q = sending(o, RECOVER);
    enum trail_outbox_result result = change(o, q, q && sqlite3_bind_int64(q, 1, now) == SQLITE_OK);
    return result == TRAIL_OUTBOX_NONE ? TRAIL_OUTBOX_OK : result;
}

/* The row to be sent, within a transaction. */
static enum trail_outbox_result choose(struct outbox *o, const char *channel, int64_t now,
                                       struct trail_outbox_message *to)
{
    sqlite3_stmt *q = sending(o, TAKE);
    if (!q || !state_bind_text(q, 1, slice(channel)) || sqlite3_bind_int64(q, 2, now) != SQLITE_OK)
        return sending_failed(o);
    int code = sqlite3_step(q);
    enum trail_outbox_result result = code == SQLITE_DONE ? TRAIL_OUTBOX_NONE : TRAIL_OUTBOX_FAILED;
    if (code == SQLITE_ROW) {
        struct trail_outbox_row row = outbox_row_of(q);
        row.state = TRAIL_OUTBOX_SENDING;
        row.attempts++;
        row.updated = now;
        if (trail_outbox_message_copy(to, &row))
            result = TRAIL_OUTBOX_OK;
    }
    sqlite3_reset(q);
    return result == TRAIL_OUTBOX_FAILED ? sending_failed(o) : result;
}

/* That a message was taken may be undone by a crash: it is then sent again, as it would be anyway. So nobody
 * waits for the disk before a message is sent. */
static void sync_commits(struct outbox *o, bool waits)
{
    sqlite3_exec(o->db, waits ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", NULL, NULL,
                 NULL);
}

static enum trail_outbox_result take(void *user, const char *channel, int64_t now,
                                     struct trail_outbox_message *to)
{
    struct outbox *o = user;
    /* Without a transaction: most of the time there is nothing. */
    enum trail_outbox_result result = choose(o, channel, now, to);
    if (result != TRAIL_OUTBOX_OK)
        return result;
    trail_outbox_message_free(to);
    sync_commits(o, false);
    if (!state_run(sending(o, BEGIN))) {
        sync_commits(o, true);
        return sending_failed(o);
    }
    result = choose(o, channel, now, to);
    if (result == TRAIL_OUTBOX_OK) {
        sqlite3_stmt *q = sending(o, MARK);
        result = change(o, q, bind_change(q, to->row.id, now));
        if (result == TRAIL_OUTBOX_OK && !state_run(sending(o, COMMIT)))
            result = sending_failed(o);
        if (result != TRAIL_OUTBOX_OK)
            trail_outbox_message_free(to);
    }
    if (!sqlite3_get_autocommit(o->db))
        state_run(sending(o, ROLLBACK));
    sync_commits(o, true);
    return result;
}

static enum trail_outbox_result sent(void *user, int64_t id, int64_t now, int64_t again)
{
    struct outbox *o = user;
    enum trail_outbox_result result = TRAIL_OUTBOX_NONE;
    if (again) {
        sqlite3_stmt *q = sending(o, AGAIN);
        result = change(o, q, bind_change(q, id, now) && sqlite3_bind_int64(q, 3, again) == SQLITE_OK);
    }
    if (result == TRAIL_OUTBOX_NONE) {
        sqlite3_stmt *q = sending(o, SENT);
        result = change(o, q, bind_change(q, id, now));
    }
    return result;
}

static enum trail_outbox_result retry(void *user, int64_t id, int64_t now, int64_t due, const char *error)
{
    struct outbox *o = user;
    sqlite3_stmt *q = sending(o, RETRY);
    return change(o, q,
                  bind_change(q, id, now) && sqlite3_bind_int64(q, 3, due) == SQLITE_OK &&
                      state_bind_text(q, 4, slice(error)));
}

static enum trail_outbox_result park(void *user, int64_t id, int64_t now, const char *error)
{
    struct outbox *o = user;
    sqlite3_stmt *q = sending(o, PARK);
    return change(o, q, bind_change(q, id, now) && state_bind_text(q, 3, slice(error)));
}

static int64_t next_due(void *user, const char *channel)
{
    struct outbox *o = user;
    int64_t due = INT64_MAX;
    sqlite3_stmt *q = sending(o, NEXT_DUE);
    if (q && state_bind_text(q, 1, slice(channel)) && sqlite3_step(q) == SQLITE_ROW &&
        sqlite3_column_type(q, 0) != SQLITE_NULL)
        due = sqlite3_column_int64(q, 0);
    if (q)
        sqlite3_reset(q);
    return due;
}

/* ---- life ---- */

struct trail_outbox *state_outbox(struct state *s)
{
    if (!s->outbox)
        s->outbox = calloc(1, sizeof *s->outbox);
    if (!s->outbox)
        return NULL;
    s->outbox->state = s;
    s->outbox->face = (struct trail_outbox){.user = s->outbox,
                                            .add = add,
                                            .find = find,
                                            .replace = replace,
                                            .waiting = waiting,
                                            .recover = recover,
                                            .take = take,
                                            .sent = sent,
                                            .retry = retry,
                                            .park = park,
                                            .next_due = next_due};
    return &s->outbox->face;
}

void outbox_close(struct state *s)
{
    struct outbox *o = s->outbox;
    if (!o)
        return;
    outbox_done(s);
    for (size_t i = 0; i < ROUTER_SQL; i++)
        sqlite3_finalize(o->router[i]);
    for (size_t i = 0; i < SENDER_SQL; i++)
        sqlite3_finalize(o->sender[i]);
    sqlite3_close(o->db);
    for (size_t i = 0; i < o->n_counted; i++)
        free(o->counted[i].channel);
    free(o->counted);
    free(o->ops);
    free(o);
    s->outbox = NULL;
}

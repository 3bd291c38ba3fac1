/*
 * look.c - see look.h. These are asked by hand and now and then: each prepares its own statement.
 */
#include "look.h"

#include <string.h>

#include "inside.h"

static bool cannot(struct state *s, sqlite3_stmt *q)
{
    int code = sqlite3_extended_errcode(s->db);
    state_tell(s, "cannot be %s: %s", q && !sqlite3_stmt_readonly(q) ? "written" : "read",
               state_why(s->db, code));
    sqlite3_finalize(q);
    return false;
}

static bool bind_text_or_null(sqlite3_stmt *q, int column, const char *text)
{
    return !text || state_bind_text(q, column, (struct trail_slice){text, strlen(text)});
}

static struct trail_slice slice_column(sqlite3_stmt *q, int column)
{
    const char *text = state_text_column(q, column);
    return (struct trail_slice){text, (size_t)sqlite3_column_bytes(q, column)};
}

bool state_waiting_messages(struct state *s, void (*each)(void *user, const char *channel, uint64_t n),
                            void *user)
{
    sqlite3_stmt *q = NULL;
    int code = sqlite3_prepare_v2(
        s->db, "SELECT channel, count(*) FROM outbox WHERE state IN (0, 1) AND repeats = 0 GROUP BY channel",
        -1, &q, NULL);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(q);
        if (code == SQLITE_ROW)
            each(user, state_text_column(q, 0), (uint64_t)sqlite3_column_int64(q, 1));
    }
    if (code != SQLITE_DONE)
        return cannot(s, q);
    sqlite3_finalize(q);
    return true;
}

#define TOLD                                                                             \
    "SELECT id, stored, time, alert, state, priority, \"group\", dedup_key, muted, json" \
    " FROM history WHERE (?1 IS NULL OR time >= ?1) AND (?2 IS NULL OR time < ?2) AND"   \
    " (?3 IS NULL OR alert = ?3) AND (?4 IS NULL OR state = ?4)"

bool state_history(struct state *s, const struct state_wanted *wanted,
                   bool (*each)(void *user, const struct state_told *), void *user)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(s->db, wanted->newest ? TOLD " ORDER BY id DESC" : TOLD " ORDER BY id", -1, &q,
                           NULL) != SQLITE_OK ||
        (wanted->since && sqlite3_bind_int64(q, 1, wanted->since) != SQLITE_OK) ||
        (wanted->until && sqlite3_bind_int64(q, 2, wanted->until) != SQLITE_OK) ||
        !bind_text_or_null(q, 3, wanted->alert) || !bind_text_or_null(q, 4, wanted->state))
        return cannot(s, q);
    int code;
    bool go_on = true;
    while (go_on && (code = sqlite3_step(q)) != SQLITE_DONE) {
        if (code != SQLITE_ROW)
            return cannot(s, q);
        bool dated = sqlite3_column_type(q, 2) != SQLITE_NULL;
        bool muted = sqlite3_column_type(q, 8) != SQLITE_NULL;
        struct state_told told = {.id = sqlite3_column_int64(q, 0),
                                  .stored = sqlite3_column_int64(q, 1),
                                  .time = dated ? sqlite3_column_int64(q, 2) : TRAIL_NO_TIME,
                                  .alert = state_text_column(q, 3),
                                  .state = state_text_column(q, 4),
                                  .priority = (unsigned)sqlite3_column_int64(q, 5),
                                  .group = slice_column(q, 6),
                                  .dedup_key = state_text_column(q, 7),
                                  .muted = muted ? state_text_column(q, 8) : NULL,
                                  .json = slice_column(q, 9)};
        go_on = each(user, &told);
    }
    sqlite3_finalize(q);
    return true;
}

bool state_messages(struct state *s, const char *channel, bool all,
                    bool (*each)(void *user, const struct trail_outbox_row *), void *user)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(
            s->db,
            "SELECT " OUTBOX_COLUMNS
            " FROM outbox WHERE (?1 IS NULL OR channel = ?1) AND (?2 OR state <> 2) ORDER BY id",
            -1, &q, NULL) != SQLITE_OK ||
        !bind_text_or_null(q, 1, channel) || sqlite3_bind_int64(q, 2, all) != SQLITE_OK)
        return cannot(s, q);
    int code;
    bool go_on = true;
    while (go_on && (code = sqlite3_step(q)) != SQLITE_DONE) {
        if (code != SQLITE_ROW)
            return cannot(s, q);
        struct trail_outbox_row row = outbox_row_of(q);
        go_on = each(user, &row);
    }
    sqlite3_finalize(q);
    return true;
}

static bool change(struct state *s, const char *sql, int64_t id, const char *channel, uint64_t *n)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK ||
        sqlite3_bind_int64(q, 1, id) != SQLITE_OK || !bind_text_or_null(q, 2, channel) ||
        sqlite3_bind_int64(q, 3, trail_time_now(CLOCK_REALTIME)) != SQLITE_OK ||
        sqlite3_step(q) != SQLITE_DONE)
        return cannot(s, q);
    *n = (uint64_t)sqlite3_changes(s->db);
    sqlite3_finalize(q);
    return true;
}

bool state_retry(struct state *s, int64_t id, const char *channel, uint64_t *n)
{
    return change(
        s,
        "UPDATE outbox SET state = 0, due = ?3, updated = ?3 WHERE"
        " (?2 IS NULL OR channel = ?2) AND ((?1 = 0 AND state = 3) OR (id = ?1 AND state IN (0, 3)))",
        id, channel, n);
}

bool state_drop(struct state *s, int64_t id, const char *channel, uint64_t *n)
{
    return change(s,
                  "UPDATE outbox SET state = 2, updated = ?3, last_error = 'dropped by hand' WHERE"
                  " (?2 IS NULL OR channel = ?2) AND"
                  " ((?1 = 0 AND state = 3) OR (id = ?1 AND state IN (0, 3, 4)))",
                  id, channel, n);
}

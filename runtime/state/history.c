/*
 * history.c - the notifications that were told, and those of them that standard output has not seen.
 *
 * A notification is stored in the transaction of the events that brought it, and printed when that is done; then
 * its number is noted as the last one printed. So a crash between the two prints again what was being printed,
 * and never loses a line.
 */
#include "inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_KEPT = 1000000, ROW_COST = 256 };

/* ---- taking ---- */

enum trail_status state_fired(struct state *s, const struct trail_fired *fired, const char *muted)
{
    struct waiting_fired *list = state_room(s->fired, s->n_fired, &s->fired_room, sizeof *list);
    if (!list)
        return TRAIL_NO_MEMORY;
    s->fired = list;
    struct waiting_fired *f = &s->fired[s->n_fired];
    *f = (struct waiting_fired){.time = fired->time,
                                .state = fired->state,
                                .priority = fired->priority,
                                .n_alert = strlen(fired->alert->id),
                                .n_group = fired->group.n,
                                .n_muted = muted ? strlen(muted) : 0};
    snprintf(f->dedup_key, sizeof f->dedup_key, "%s", fired->dedup_key);
    trail_text_add(&f->text, fired->alert->id, f->n_alert);
    trail_text_add(&f->text, fired->group.n ? fired->group.p : "", fired->group.n);
    trail_text_add(&f->text, muted ? muted : "", f->n_muted);
    size_t before = f->text.n;
    trail_fired_json(s->config.pack, fired, &f->text);
    f->n_json = f->text.n - before;
    if (f->text.failed) {
        trail_text_free(&f->text);
        return TRAIL_NO_MEMORY;
    }
    s->n_fired++;
    s->bytes += ROW_COST + f->text.room;
    return TRAIL_OK;
}

static struct trail_slice json_of(const struct waiting_fired *f)
{
    return (struct trail_slice){f->text.p + f->n_alert + f->n_group + f->n_muted, f->n_json};
}

/* ---- writing ---- */

static bool write_fired(struct state *s, struct waiting_fired *f, int64_t now)
{
    const char *p = f->text.p;
    const char *state = f->state == TRAIL_FIRING ? "firing" : "resolved";
    sqlite3_stmt *q = state_statement(s, SQL_FIRED_ADD);
    bool ok = q && sqlite3_bind_int64(q, 1, now) == SQLITE_OK &&
              (f->time == TRAIL_NO_TIME || sqlite3_bind_int64(q, 2, f->time) == SQLITE_OK) &&
              state_bind_text(q, 3, (struct trail_slice){p, f->n_alert}) &&
              state_bind_text(q, 4, (struct trail_slice){state, strlen(state)}) &&
              sqlite3_bind_int64(q, 5, f->priority) == SQLITE_OK &&
              state_bind_text(q, 6, (struct trail_slice){p + f->n_alert, f->n_group}) &&
              state_bind_text(q, 7, (struct trail_slice){f->dedup_key, strlen(f->dedup_key)}) &&
              (f->n_muted == 0 ||
               state_bind_text(q, 8, (struct trail_slice){p + f->n_alert + f->n_group, f->n_muted})) &&
              state_bind_text(q, 9, json_of(f)) && state_run(q);
    if (ok)
        f->id = sqlite3_last_insert_rowid(s->db);
    return ok;
}

/* The oldest make room, if they were printed. */
static bool prune(struct state *s)
{
    int64_t last = s->last_fired - ROWS_KEPT;
    if (s->config.on_stored && last > s->printed)
        last = s->printed;
    if (last <= 0)
        return true;
    sqlite3_stmt *q = state_statement(s, SQL_FIRED_PRUNE);
    return q && sqlite3_bind_int64(q, 1, last) == SQLITE_OK && state_run(q);
}

bool history_write(struct state *s)
{
    int64_t now = trail_time_now(CLOCK_REALTIME);
    for (size_t i = 0; i < s->n_fired; i++)
        if (!write_fired(s, &s->fired[i], now))
            return false;
    return !s->want_snapshot || prune(s);
}

void history_done(struct state *s, bool stored)
{
    for (size_t i = 0; i < s->n_fired; i++) {
        struct waiting_fired *f = &s->fired[i];
        if (stored) {
            s->last_fired = f->id;
            if (s->config.on_stored && f->n_muted == 0)
                s->config.on_stored(s->config.user, f->id, json_of(f));
        }
        s->bytes -= ROW_COST + f->text.room;
        trail_text_free(&f->text);
    }
    s->n_fired = 0;
}

/* ---- printing ---- */

bool history_start(struct state *s)
{
    sqlite3_stmt *q = NULL;
    bool ok =
        sqlite3_prepare_v2(s->db, "SELECT ifnull(max(id), 0) FROM history", -1, &q, NULL) == SQLITE_OK &&
        sqlite3_step(q) == SQLITE_ROW;
    if (ok)
        s->last_fired = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    char *printed = NULL;
    ok = ok && state_get(s, "state.printed", &printed);
    if (printed)
        s->printed = strtoll(printed, NULL, 10);
    free(printed);
    return ok;
}

enum trail_status state_printed(struct state *s, int64_t id)
{
    char text[24];
    if (id <= s->printed)
        return TRAIL_OK;
    snprintf(text, sizeof text, "%" PRId64, id);
    enum trail_status status = state_set(s, "state.printed", text);
    if (status == TRAIL_OK)
        s->printed = id;
    return status;
}

/* One after the other, so that on_stored may note what it has printed. */
enum trail_status state_print(struct state *s)
{
    int64_t last = s->printed;
    bool more = s->config.on_stored != NULL;
    while (more) {
        sqlite3_stmt *q = state_statement(s, SQL_FIRED_AFTER);
        int code = q && sqlite3_bind_int64(q, 1, last) == SQLITE_OK ? SQLITE_OK : SQLITE_ERROR;
        more = false;
        while (code == SQLITE_OK && (code = sqlite3_step(q)) == SQLITE_ROW) {
            const char *json = (const char *)sqlite3_column_text(q, 1);
            last = sqlite3_column_int64(q, 0);
            more = true;
            if (json)
                s->config.on_stored(s->config.user, last,
                                    (struct trail_slice){json, (size_t)sqlite3_column_bytes(q, 1)});
            code = SQLITE_OK;
        }
        if (q)
            sqlite3_reset(q);
        if (more && s->config.on_committed)
            s->config.on_committed(s->config.user);
        if (code != SQLITE_DONE) {
            state_tell(s, "cannot be read: %s", state_why(s->db, sqlite3_extended_errcode(s->db)));
            return TRAIL_DAMAGED;
        }
    }
    return TRAIL_OK;
}

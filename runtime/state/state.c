/*
 * state.c - what is known, and commits.
 *
 * A commit writes in this order, within one transaction: the windows (the calls of the batch, or a snapshot in
 * place of all pieces), inputs, notifications, messages, facts. When it fails everything that was to be written
 * stays in memory. What was written then is rolled back; so it can be tried again as it is, and more with it.
 */
#include "inside.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "notify/terminal.h"
#include "window/siphash.h"

#define LOG_BYTES     ((size_t)4 << 20)
#define WAITING_BYTES ((size_t)64 << 20)
#define KEEP_CALLS    ((size_t)1 << 20)

enum { CHANGED_LISTED = 5 }; /* alerts that are named; the others are counted */

static const char *const texts[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_FACT_GET] = "SELECT value FROM facts WHERE key = ?1",
    [SQL_FACT_SET] = "INSERT OR REPLACE INTO facts(key, value) VALUES(?1, ?2)",
    [SQL_FACT_DROP] = "DELETE FROM facts WHERE key = ?1",
    [SQL_PIECES] = "SELECT n, calls, sum, bytes FROM windows ORDER BY n",
    [SQL_PIECE_ADD] = "INSERT INTO windows(n, calls, sum, bytes) VALUES(?1, ?2, ?3, ?4)",
    [SQL_PIECES_DROP] = "DELETE FROM windows",
#define INPUT_COLUMNS                                                                                \
    "id, device, inode, size, mtime, n_head, head, n_tail, tail, raw, compressed, ended, position, " \
    "records, "                                                                                      \
    "problems, newest, oldest, stand"
    [SQL_INPUT_BY_INODE] =
        "SELECT " INPUT_COLUMNS " FROM inputs WHERE inode = ?1 AND device = ?2 ORDER BY id DESC LIMIT 100",
    [SQL_INPUT_BY_PATH] = "SELECT " INPUT_COLUMNS " FROM inputs WHERE path = ?1",
    [SQL_INPUT_BY_HEAD] = "SELECT " INPUT_COLUMNS
                          ", path FROM inputs WHERE head = ?1 AND n_head = ?2 ORDER BY id DESC LIMIT 100",
    [SQL_INPUT_BY_NAME] = "SELECT " INPUT_COLUMNS ", path FROM inputs WHERE path >= ?1 AND path < ?2 AND"
                          " compressed = 0 AND n_head < ?3 ORDER BY id DESC LIMIT 100",
    [SQL_INPUT_ADD] = "INSERT INTO inputs(path, device, inode, size, mtime, n_head, head, n_tail, tail, raw,"
                      " compressed, ended, position, records, problems, newest, oldest, stand, taken)"
                      " VALUES(?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
                      " ?19, ?20)",
    [SQL_INPUT_UPDATE] =
        "UPDATE inputs SET path = ?2, device = ?3, inode = ?4, size = ?5, mtime = ?6, n_head = ?7,"
        " head = ?8, n_tail = ?9, tail = ?10, raw = ?11, compressed = ?12, ended = ?13, position = ?14,"
        " records = ?15, problems = ?16, newest = ?17, oldest = ?18, stand = ?19, taken = ?20 WHERE id = ?1",
    [SQL_INPUT_LEAVE] = "UPDATE inputs SET path = CAST(path || x'00' || id AS BLOB)"
                        " WHERE path = ?1 AND id <> ?2",
    [SQL_INPUT_DROP] = "DELETE FROM inputs WHERE path = ?1",
    [SQL_INPUT_PRUNE] = "DELETE FROM inputs WHERE instr(path, x'00') > 0 AND taken < ?1",
    [SQL_INPUT_SWEEP] =
        "SELECT id, path, gone FROM inputs WHERE id > ?1 AND instr(path, x'00') = 0 ORDER BY id LIMIT ?2",
    [SQL_INPUT_MARK] = "UPDATE inputs SET gone = ?2 WHERE id = ?1",
    [SQL_INPUT_FORGET] = "DELETE FROM inputs WHERE id = ?1",
    [SQL_FIRED_ADD] =
        "INSERT INTO history(stored, time, alert, state, priority, \"group\", dedup_key, muted, json)"
        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [SQL_FIRED_AFTER] = "SELECT id, json FROM history WHERE id > ?1 AND muted IS NULL ORDER BY id LIMIT 1000",
    [SQL_FIRED_PRUNE] = "DELETE FROM history WHERE id <= ?1",
};

/* ---- statements ---- */

sqlite3_stmt *state_statement(struct state *s, enum state_sql which)
{
    sqlite3_stmt **q = &s->statements[which];
    if (!*q && sqlite3_prepare_v3(s->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, q, NULL) != SQLITE_OK)
        return NULL;
    sqlite3_clear_bindings(*q);
    return *q;
}

bool state_run(sqlite3_stmt *q)
{
    if (!q)
        return false;
    int code = sqlite3_step(q);
    return sqlite3_reset(q) == SQLITE_OK && code == SQLITE_DONE;
}

const char *state_text_column(sqlite3_stmt *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    return text ? text : "";
}

bool state_bind_text(sqlite3_stmt *q, int column, struct trail_slice text)
{
    return text.n <= INT32_MAX &&
           sqlite3_bind_text(q, column, text.n ? text.p : "", (int)text.n, SQLITE_STATIC) == SQLITE_OK;
}

bool state_bind_blob(sqlite3_stmt *q, int column, const void *p, size_t n)
{
    return n <= INT32_MAX && sqlite3_bind_blob(q, column, n ? p : "", (int)n, SQLITE_STATIC) == SQLITE_OK;
}

void *state_room(void *list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return list;
    size_t more = *room ? *room * 2 : 16;
    void *grown = more > SIZE_MAX / size ? NULL : realloc(list, more * size);
    if (grown)
        *room = more;
    return grown;
}

/* ---- facts ---- */

static struct waiting_fact *waiting_fact(struct state *s, const char *key)
{
    for (size_t i = 0; i < s->n_facts; i++)
        if (strcmp(s->facts[i].key, key) == 0)
            return &s->facts[i];
    return NULL;
}

enum trail_status state_set(struct state *s, const char *key, const char *value)
{
    struct waiting_fact *f = waiting_fact(s, key);
    char *copy = value ? strdup(value) : NULL;
    if (value && !copy)
        return TRAIL_NO_MEMORY;
    if (f) {
        free(f->value);
        f->value = copy;
        return TRAIL_OK;
    }
    struct waiting_fact *list = state_room(s->facts, s->n_facts, &s->fact_room, sizeof *list);
    char *name = list ? strdup(key) : NULL;
    if (list)
        s->facts = list;
    if (!name) {
        free(copy);
        return TRAIL_NO_MEMORY;
    }
    s->facts[s->n_facts++] = (struct waiting_fact){name, copy};
    return TRAIL_OK;
}

/* False: no memory. NULL is copied, too. */
static bool copy_text(const char *text, char **to)
{
    *to = text ? strdup(text) : NULL;
    return !text || *to;
}

bool state_get(struct state *s, const char *key, char **value)
{
    const struct waiting_fact *f = waiting_fact(s, key);
    *value = NULL;
    if (f)
        return copy_text(f->value, value);
    sqlite3_stmt *q = state_statement(s, SQL_FACT_GET);
    if (!q)
        return false;
    bool ok = state_bind_text(q, 1, (struct trail_slice){key, strlen(key)});
    int code = ok ? sqlite3_step(q) : SQLITE_ERROR;
    if (code == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(q, 0);
        ok = text && copy_text(text, value);
    }
    sqlite3_reset(q);
    return ok && (code == SQLITE_ROW || code == SQLITE_DONE);
}

static bool write_facts(struct state *s)
{
    for (size_t i = 0; i < s->n_facts; i++) {
        const struct waiting_fact *f = &s->facts[i];
        sqlite3_stmt *q = state_statement(s, f->value ? SQL_FACT_SET : SQL_FACT_DROP);
        if (!q || !state_bind_text(q, 1, (struct trail_slice){f->key, strlen(f->key)}) ||
            (f->value && !state_bind_text(q, 2, (struct trail_slice){f->value, strlen(f->value)})) ||
            !state_run(q))
            return false;
    }
    return true;
}

static void facts_done(struct state *s)
{
    for (size_t i = 0; i < s->n_facts; i++) {
        free(s->facts[i].key);
        free(s->facts[i].value);
    }
    s->n_facts = 0;
}

/* ---- windows: reading ---- */

/* Of a piece and its place, so that none can take another's. */
static uint64_t sum_of(int64_t n, bool calls, struct trail_slice bytes)
{
    struct siphash h;
    uint64_t head[2] = {(uint64_t)n, calls};
    siphash_start(&h, &SIPHASH_FIXED);
    siphash_add(&h, head, sizeof head);
    siphash_add(&h, bytes.p, bytes.n);
    return siphash_end(&h);
}

/* One row into the window. */
static enum trail_status read_piece(struct state *s, sqlite3_stmt *q, struct window_tape *t)
{
    int64_t n = sqlite3_column_int64(q, 0);
    bool calls = sqlite3_column_int64(q, 1);
    uint64_t sum = (uint64_t)sqlite3_column_int64(q, 2);
    const char *p = sqlite3_column_blob(q, 3);
    struct trail_slice bytes = {p ? p : "", p ? (size_t)sqlite3_column_bytes(q, 3) : 0};
    if (n < s->next_piece || sum != sum_of(n, calls, bytes) || calls != t->complete)
        return TRAIL_INVALID;
    s->next_piece = n + 1;
    *(calls ? &s->log_bytes : &s->snapshot_bytes) += bytes.n;
    return window_tape_read(t, bytes);
}

/* All that is in the file. *any: whether there is something. */
static enum trail_status read_pieces(struct state *s, struct window_tape *t, bool *any)
{
    enum trail_status status = TRAIL_OK;
    sqlite3_stmt *q = state_statement(s, SQL_PIECES);
    if (!q)
        return TRAIL_DAMAGED;
    int code;
    *any = false;
    while (status == TRAIL_OK && (code = sqlite3_step(q)) != SQLITE_DONE) {
        *any = true;
        status = code == SQLITE_ROW ? read_piece(s, q, t) : TRAIL_DAMAGED;
    }
    sqlite3_reset(q);
    return status;
}

static void add_words(struct trail_text *to, const char *words)
{
    trail_text_add(to, words, strlen(words));
}

/* Which alerts begin anew. */
static void tell_changed(struct state *s, const struct window_tape *t)
{
    const struct trail_pack *pack = s->config.pack;
    struct trail_text names = {0};
    char more[48];
    size_t n = 0;
    for (size_t i = 0; i < pack->n_alerts; i++) {
        if (window_tape_has(t, i) || n++ >= CHANGED_LISTED)
            continue;
        add_words(&names, n > 1 ? ", " : "");
        trail_terminal_add(&names, (struct trail_slice){pack->alerts[i].id, strlen(pack->alerts[i].id)});
    }
    if (n > CHANGED_LISTED) {
        snprintf(more, sizeof more, " and %zu more", n - CHANGED_LISTED);
        add_words(&names, more);
    }
    if (n > 0 && !names.failed)
        state_tell(s, "new in the pack, or changed, so counted afresh: %.*s", (int)names.n, names.p);
    trail_text_free(&names);
}

enum trail_status state_resume(struct state *s, struct window *w)
{
    struct window_tape t;
    bool any = false;
    s->next_piece = 0;
    s->snapshot_bytes = s->log_bytes = 0;
    enum trail_status status = window_tape_start(&t, w);
    if (status == TRAIL_OK)
        status = read_pieces(s, &t, &any);
    if (status == TRAIL_OK)
        status = window_tape_end(&t);
    if (status == TRAIL_OK) {
        s->window = w;
        s->want_snapshot = !any || t.changed || window_recorded_partly(w);
        window_record(w, &s->calls);
        if (any)
            tell_changed(s, &t);
    } else if (status == TRAIL_DAMAGED) {
        state_tell(s, "what it has of the windows cannot be read: %s",
                   state_why(s->db, sqlite3_extended_errcode(s->db)));
    } else if (status == TRAIL_INVALID) {
        state_tell(s, "what it has of the windows is damaged, and left as it is: " STATE_SET_ASIDE);
    }
    window_tape_free(&t);
    return status;
}

/* ---- windows: writing ---- */

static bool write_piece(struct state *s, bool calls, struct trail_slice bytes)
{
    sqlite3_stmt *q = state_statement(s, SQL_PIECE_ADD);
    int64_t n = s->next_piece++;
    return q && sqlite3_bind_int64(q, 1, n) == SQLITE_OK && sqlite3_bind_int64(q, 2, calls) == SQLITE_OK &&
           sqlite3_bind_int64(q, 3, (sqlite3_int64)sum_of(n, calls, bytes)) == SQLITE_OK &&
           state_bind_blob(q, 4, bytes.p, bytes.n) && state_run(q);
}

static bool put_snapshot(void *user, struct trail_slice piece)
{
    struct state *s = user;
    s->snapshot_bytes += piece.n;
    return write_piece(s, false, piece);
}

static bool snapshot_due(const struct state *s)
{
    uint64_t log = s->log_bytes + s->calls.n, least = s->config.log_bytes ? s->config.log_bytes : LOG_BYTES;
    return s->want_snapshot || s->calls.failed || window_recorded_partly(s->window) ||
           (log > least && log > 2 * s->snapshot_bytes);
}

/* *memory: that is what failed. */
static bool write_windows(struct state *s, bool *memory)
{
    if (!s->window)
        return true;
    if (!snapshot_due(s)) {
        s->log_bytes += s->calls.n;
        return s->calls.n == 0 || write_piece(s, true, (struct trail_slice){s->calls.p, s->calls.n});
    }
    s->snapshot_bytes = s->log_bytes = 0;
    sqlite3_stmt *q = state_statement(s, SQL_PIECES_DROP);
    enum trail_status status = state_run(q) ? window_save(s->window, put_snapshot, s) : TRAIL_INVALID;
    *memory = status == TRAIL_NO_MEMORY;
    if (status == TRAIL_DAMAGED)
        state_tell(s, "hits that wait in a temporary file cannot be read: the windows cannot be stored");
    return status == TRAIL_OK;
}

static void windows_done(struct state *s)
{
    if (!s->window)
        return;
    s->want_snapshot = false;
    if (s->calls.failed || s->calls.room > KEEP_CALLS) {
        trail_text_free(&s->calls);
        s->calls = (struct trail_text){0};
    }
    s->calls.n = 0;
    window_record_cut(s->window);
}

/* ---- commits ---- */

bool state_is_dirty(const struct state *s)
{
    return s->calls.n > 0 || s->calls.failed || s->want_snapshot || s->n_inputs > 0 || s->n_fired > 0 ||
           s->n_facts > 0 || outbox_waiting_bytes(s) > 0;
}

size_t state_waiting(const struct state *s)
{
    return s->calls.n + s->bytes + outbox_waiting_bytes(s);
}

bool state_is_full(const struct state *s)
{
    return state_waiting(s) > (s->config.waiting ? s->config.waiting : WAITING_BYTES);
}

static bool write_all(struct state *s, bool *memory)
{
    return write_windows(s, memory) && inputs_write(s) && inputs_sweep(s) && history_write(s) &&
           outbox_write(s) && write_facts(s);
}

static void tell_failure(struct state *s, bool memory)
{
    if (s->told)
        return;
    s->told = true;
    state_tell(s, "cannot be written: %s; what has happened since waits in memory, and is tried again",
               memory ? "out of memory" : state_why(s->db, sqlite3_extended_errcode(s->db)));
}

bool state_commit(struct state *s)
{
    struct {
        int64_t piece;
        uint64_t snapshot, log;
    } before = {s->next_piece, s->snapshot_bytes, s->log_bytes};
    bool memory = false, whole = s->window && snapshot_due(s);
    if (!state_is_dirty(s))
        return true;
    bool ok = state_run(state_statement(s, SQL_BEGIN)) && write_all(s, &memory) &&
              state_run(state_statement(s, SQL_COMMIT));
    if (!ok) {
        tell_failure(s, memory);
        if (!sqlite3_get_autocommit(s->db))
            state_run(state_statement(s, SQL_ROLLBACK));
        s->next_piece = before.piece;
        s->snapshot_bytes = before.snapshot;
        s->log_bytes = before.log;
        s->want_snapshot |= whole;
        return false;
    }
    if (s->told)
        state_tell(s, "can be written again; nothing is lost");
    s->told = false;
    windows_done(s);
    facts_done(s);
    inputs_done(s);
    outbox_done(s);
    history_done(s, true);
    if (s->config.on_committed)
        s->config.on_committed(s->config.user);
    return true;
}

bool state_commit_snapshot(struct state *s)
{
    s->want_snapshot = s->window != NULL;
    return state_commit(s);
}

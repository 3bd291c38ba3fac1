/*
 * inside.h - the inside of the state, for its own files: file.c (opening), schema.c (tables), state.c
 * (windows and commits), inputs.c, gone.c, history.c, outbox.c, keeper.c.
 */
#ifndef TRAIL_STATE_INSIDE_H
#define TRAIL_STATE_INSIDE_H

#include <sqlite3.h>

#include "channel/outbox.h"
#include "state.h"
#include "window/save.h"
#include "window/timestamp.h"

/* "trlc" */
#define STATE_APPLICATION_ID 0x74726c63

/* ---- schema.c ---- */

/* What makes a file of version i + 1 of one of version i. */
extern const char *const state_steps[];
extern const int state_version; /* the newest */

/* ---- statements ---- */

enum state_sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_FACT_GET,
    SQL_FACT_SET,
    SQL_FACT_DROP,
    SQL_PIECES,
    SQL_PIECE_ADD,
    SQL_PIECES_DROP,
    SQL_INPUT_BY_INODE,
    SQL_INPUT_BY_PATH,
    SQL_INPUT_BY_HEAD,
    SQL_INPUT_BY_NAME,
    SQL_INPUT_ADD,
    SQL_INPUT_UPDATE,
    SQL_INPUT_LEAVE,
    SQL_INPUT_DROP,
    SQL_INPUT_PRUNE,
    SQL_INPUT_SWEEP,
    SQL_INPUT_MARK,
    SQL_INPUT_FORGET,
    SQL_FIRED_ADD,
    SQL_FIRED_AFTER,
    SQL_FIRED_PRUNE,
    SQL_COUNT
};

/* A row of `inputs`. */
struct input_row {
    int64_t id, device, inode, size, mtime, raw, taken;
    size_t n_head;
    uint64_t head[2], tail[2];
    size_t n_tail;
    bool compressed, ended;
    struct trail_position position;
};

/* What waits for the commit. */
struct waiting_input {
    char *path, *head; /* head: row.n_head bytes */
    struct input_row row;
};

struct waiting_fired {
    int64_t time;
    enum trail_state state;
    unsigned priority;
    char dedup_key[40];
    int64_t id;             /* once it is written */
    struct trail_text text; /* alert ID, group, muted, JSON: a row, as the lengths say */
    size_t n_alert, n_group, n_muted, n_json;
};

struct waiting_fact {
    char *key, *value; /* value NULL: to be taken out */
};

struct state {
    struct state_config config;
    char *path;
    int lock; /* a descriptor of the file; -1: none */
    sqlite3 *db;
    sqlite3_stmt *statements[SQL_COUNT];

    struct window *window;
    struct trail_text calls; /* since the last commit */
    bool want_snapshot;
    int64_t next_piece;
    uint64_t snapshot_bytes, log_bytes; /* in the file */

    struct waiting_input *inputs;
    size_t n_inputs, input_room;
    struct waiting_fired *fired;
    size_t n_fired, fired_room;
    struct waiting_fact *facts;
    size_t n_facts, fact_room;
    size_t bytes; /* of inputs and notifications, about */

    int64_t printed, last_fired; /* ids; last_fired: the highest in the file */
    bool told;                   /* that commits fail */
    struct trail_keeper *keeper;
    struct outbox *outbox;
    char message[STATE_ERROR];
};

/* ---- file.c ---- */

/* Puts a message with the state's path in front to on_problem. */
void state_tell(struct state *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What to do about a damaged file. */
#define STATE_SET_ASIDE "restore a copy, or move the file away (with its -wal and -shm) to begin anew"

/* What SQLite says about its last error, for people. */
const char *state_why(sqlite3 *, int code);

/* ---- state.c ---- */

/* Ready to bind, or NULL: see the database's error. */
sqlite3_stmt *state_statement(struct state *, enum state_sql);

/* Runs a statement that gives no row, and resets it. */
bool state_run(sqlite3_stmt *);

/* A column of text; "" for NULL. */
const char *state_text_column(sqlite3_stmt *, int column);

bool state_bind_text(sqlite3_stmt *, int column, struct trail_slice);
bool state_bind_blob(sqlite3_stmt *, int column, const void *, size_t);

/* Room for one more of n items; NULL: no memory. */
void *state_room(void *list, size_t n, size_t *room, size_t size);

/* ---- inputs.c, history.c, outbox.c: within the transaction; false: failed ---- */

bool inputs_write(struct state *);
bool inputs_sweep(struct state *); /* gone.c: forgets those that are long gone, now and then */
bool history_write(struct state *);
bool history_start(struct state *);
/* What waited is stored, or nobody wants it any more. */
void inputs_done(struct state *);
void history_done(struct state *, bool stored);

bool outbox_write(struct state *);
void outbox_done(struct state *);
size_t outbox_waiting_bytes(const struct state *);
void outbox_close(struct state *);

/* A row of `outbox` that was selected by OUTBOX_COLUMNS; borrows the statement's texts. */
#define OUTBOX_COLUMNS                                                                                      \
    "id, channel, recipient, dedup_key, thread, bunch, payload, created, due, updated, attempts, repeats, " \
    "state, last_error"
struct trail_outbox_row outbox_row_of(sqlite3_stmt *);

void keeper_free(struct trail_keeper *);

#endif

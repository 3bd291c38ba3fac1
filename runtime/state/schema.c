/*
 * schema.c - the tables, as steps from version to version. A step that was published never changes; what is
 * new is another step.
 *
 * Paths are BLOBs: bytes, as the system has them. Times are milliseconds since 1970-01-01T00:00:00Z; `stored`,
 * `taken`, `created`, `due` and `updated` are of the machine's clock, `time` is the events'; `mtime` alone is in
 * nanoseconds, as the system has it.
 */
#include "inside.h"

const char *const state_steps[] = {
    /* 1: what is known */
    "CREATE TABLE facts(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    /* The windows: pieces in their order; those before the first with calls = 1 are a snapshot. */
    "CREATE TABLE windows(n INTEGER PRIMARY KEY, calls INTEGER NOT NULL, sum INTEGER NOT NULL,"
    " bytes BLOB NOT NULL);"
    /* How far each input has been taken. `raw`: bytes of the file that are behind us, as they stand in it;
     * the last of them are the `tail`. A path that another file has taken has its number behind a NUL. */
    "CREATE TABLE inputs(id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, device INTEGER NOT NULL,"
    " inode INTEGER NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL, n_head INTEGER NOT NULL,"
    " head BLOB NOT NULL, n_tail INTEGER NOT NULL, tail BLOB NOT NULL, raw INTEGER NOT NULL,"
    " compressed INTEGER NOT NULL, ended INTEGER NOT NULL, position INTEGER NOT NULL,"
    " records INTEGER NOT NULL, problems INTEGER NOT NULL, newest INTEGER, oldest INTEGER, stand BLOB,"
    " taken INTEGER NOT NULL);"
    "CREATE INDEX inputs_inode ON inputs(inode, device);"
    "CREATE INDEX inputs_head ON inputs(head);"
    /* The notifications. `json` is one line, as the scanner prints it. */
    "CREATE TABLE history(id INTEGER PRIMARY KEY AUTOINCREMENT, stored INTEGER NOT NULL,"
    " time INTEGER, alert TEXT NOT NULL, state TEXT NOT NULL, priority INTEGER NOT NULL,"
    " \"group\" TEXT NOT NULL, dedup_key TEXT NOT NULL, muted TEXT, json TEXT NOT NULL);"
    "CREATE INDEX history_time ON history(time);",
    /* 2: what is to be sent */
    "CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL,"
    " recipient TEXT NOT NULL, dedup_key TEXT NOT NULL, thread TEXT NOT NULL, bunch TEXT NOT NULL,"
    " payload TEXT NOT NULL, created INTEGER NOT NULL, due INTEGER NOT NULL, updated INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, repeats INTEGER NOT NULL, state INTEGER NOT NULL,"
    " last_error TEXT NOT NULL, UNIQUE(channel, recipient, dedup_key));"
    "CREATE INDEX outbox_due ON outbox(channel, state, due, id);"
    "CREATE INDEX outbox_thread ON outbox(channel, recipient, thread, id);",
    /* 3: `gone`: when an input's path was first seen to lead nowhere, by the machine's clock */
    "ALTER TABLE inputs ADD COLUMN gone INTEGER;",
};

const int state_version = sizeof state_steps / sizeof *state_steps;

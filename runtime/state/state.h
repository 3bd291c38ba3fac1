/*
 * state.h - what a scanner knows, in one SQLite file that survives a crash at any point: how far its inputs
 * have been read, its windows, the alerts that fired, and what is still to be sent.
 *
 *     struct state *s = state_open(&config, error);
 *     state_resume(s, window);                 the window is what it was; its calls are recorded from now on
 *     state_find_input(s, &file, &position)    where to go on
 *     …
 *     window_hit(window, …); window_advance(window, …);
 *     state_fired(s, fired);                   in the window's on_alert
 *     state_set_input(s, &file, &position, ended);
 *     state_commit(s);                         all of that, or nothing
 *     state_close(s);                          without a commit
 *
 * Everything between two commits is one transaction (WAL, synchronous=FULL): the events that were taken, the
 * notifications that they brought, and the positions behind them. So a crash loses no alert and repeats none.
 *
 * How windows are kept. A window is a machine that its calls alone drive. The file has a snapshot of it and
 * the calls since; a commit adds the calls of its batch, and when these have outgrown the snapshot a new one
 * takes the place of both. To resume is to load the snapshot and make the calls again, with nothing said.
 *
 * A commit that fails (disk full, an I/O error) changes nothing in the file and loses nothing in memory: the
 * next state_commit tries all of it again. What waits is bounded by its user: state_is_full().
 *
 * Owns what it is given, by copies. One thread at a time. Nothing here prints or exits.
 */
#ifndef TRAIL_STATE_H
#define TRAIL_STATE_H

#include <sys/stat.h>

#include "engine/keeper.h"
#include "trail/trail.h"

struct state;
struct trail_outbox;
struct window;

enum {
    STATE_ERROR = 512, /* room for a message */
    STATE_HEAD = 1024, /* bytes at a file's beginning, and before a position in it, by which it is known */
};

enum state_mode {
    STATE_RUN,  /* a scanner's: made where it is missing, locked against a second one */
    STATE_LOOK, /* `history`, `outbox`: beside a running scanner, and where there is a file only */
};

struct state_config {
    const char *path;
    enum state_mode mode;
    const struct trail_pack *pack; /* outlives the state; STATE_LOOK may leave it out */
    /* One line, safe for a terminal: a commit failed (once until one succeeds), alerts start fresh, … */
    void (*on_problem)(void *user, const char *message);
    /* A notification is stored, for standard output: see state_printed(). `json` is one line without its end.
     * Runs inside state_commit() and state_print(). May be NULL. */
    void (*on_stored)(void *user, int64_t id, struct trail_slice json);
    /* A commit has succeeded, and on_stored has run for all of it: the moment to note what was printed. May
     * be NULL. */
    void (*on_committed)(void *user);
    void *user;
    size_t log_bytes; /* of calls that are kept beside a snapshot, at least; 0: 4 MiB */
    /* ms between the commits of a scan, about; 0: 500; less than 0: as often as there is something */
    int64_t every;
    size_t waiting; /* bytes that may wait for a commit: state_is_full(); 0: 64 MiB */
};

/* NULL: `error` says what, where and what to do, on one line that is safe for a terminal. A file that is
 * damaged, not a state, of a newer version, or another process's is left as it is. */
struct state *state_open(const struct state_config *, char error[STATE_ERROR]);
void state_close(struct state *); /* NULL is allowed. What was not committed is forgotten */

/* ---- windows ---- */

/*
 * A new window becomes what it was; its calls are recorded from now on, until it or the state is freed. Alerts
 * that are not in the file by id and hash start fresh: on_problem says which, unless the file is new.
 * TRAIL_INVALID: what the file has of the windows is damaged; on_problem was told, and nothing has changed.
 */
enum trail_status state_resume(struct state *, struct window *);

/* ---- inputs ---- */

/*
 * A file as it is found, before it is read. It is known again by its head: by device and inode, or by its path
 * (a copy of the same), or under another name (rotated by copying; one shorter than STATE_HEAD bytes only under a
 * name that a rotation makes of the first, beside it). One that is shorter than it was, or begins otherwise, is
 * another file.
 */
struct state_file {
    const char *path; /* borrowed */
    struct stat stat;
    size_t n_head; /* bytes of its beginning, at most STATE_HEAD */
    char head[STATE_HEAD];
    bool compressed; /* gzip or zstd: positions are of inflated bytes */
};

/* Looks at a regular file. `fd` is open for reading, at any place, and stays there; -1: opens the path. False:
 * it cannot be read; see errno. */
bool state_look_at(struct state_file *, const char *path, int fd);

struct state_found {
    enum trail_known known;
    struct trail_position position; /* BEGUN, DONE */
    bool moved;                     /* it was known by another path */
    bool shrunk;                    /* the path was known, and leads to another or a shorter file now */
};

/* `fd` as above. TRAIL_NO_MEMORY, TRAIL_DAMAGED (the state could not be read: on_problem was told), TRAIL_OK. */
enum trail_status state_find_input(struct state *, const struct state_file *, int fd, struct state_found *);

/*
 * The file has been taken up to here; `ended`: its end was seen at its size in file.stat. Only the last word
 * on a file before a commit is stored. `fd` as above: the bytes before a plain file's position are looked at
 * again.
 */
enum trail_status state_set_input(struct state *, const struct state_file *, int fd,
                                  const struct trail_position *, bool ended);

/* For a file that has gone and will not come back. */
enum trail_status state_forget_input(struct state *, const char *path);

/* ---- notifications ---- */

/* A notification of the batch: it goes into the history with it. `muted`: on standard output it is not to be
 * seen (a mute, quiet hours); the history says so. TRAIL_OK or TRAIL_NO_MEMORY. */
enum trail_status state_fired(struct state *, const struct trail_fired *, const char *muted);

/* Everything up to this one has been written to standard output. */
enum trail_status state_printed(struct state *, int64_t id);

/* Calls on_stored for what a former run has stored and not printed. Call once, after state_resume(). */
enum trail_status state_print(struct state *);

/* ---- commits ---- */

/* Whether anything waits for a commit; for how many bytes of memory; whether these are too many, so that no
 * more events should be taken until a commit succeeds. */
bool state_is_dirty(const struct state *);
size_t state_waiting(const struct state *);
bool state_is_full(const struct state *);

/*
 * True: all of it is stored. False: nothing of it is, all is still there to be tried again, and on_problem was
 * told why, once until a commit succeeds.
 */
bool state_commit(struct state *);

/* A commit that replaces snapshot and calls by a new snapshot, whatever their size: at an orderly end. */
bool state_commit_snapshot(struct state *);

/* ---- messages ---- */

/* The table of messages, as channel/outbox.h describes it; the state's. NULL: no memory. What the router adds is
 * stored with the batch. on_problem may be called on the sender's thread, too; so the state must not be closed
 * before that has ended. */
struct trail_outbox *state_outbox(struct state *);

/* ---- the batch scanner ---- */

/* For struct trail_options: a scan that goes on where the state ends, and commits as it goes. */
struct trail_keeper *state_keeper(struct state *);

/* Small texts that others keep here, committed with the batch: NULL takes one out. What state_get gives is
 * the caller's to free; *value NULL: there is none. False: it cannot be told. Keys of the state's own begin with
 * "state.". */
enum trail_status state_set(struct state *, const char *key, const char *value);
bool state_get(struct state *, const char *key, char **value);

#endif

/*
 * file.c - opening a state file, or refusing it.
 *
 * Needs: nothing. Guarantees: of a file that is refused not a byte has changed, nor is one made. So its first
 * bytes are looked at before SQLite is; and a connection that was not taken on leaves the log behind it
 * (SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE).
 *
 * Two processes: a lock of the open file description on a byte that SQLite does not use, held from before
 * SQLite opens the file until after it has closed it. (A descriptor of the same file that is closed earlier
 * would take SQLite's own locks with it.) Who holds it has left its process's number in the file. A process
 * that was killed, or ends, holds it until the system has taken it apart: so it is waited for, for a moment.
 */
#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "notify/terminal.h"

enum {
    HEADER = 100, /* of an SQLite file */
    HEADER_VERSION = 60,
    HEADER_APPLICATION = 68,
    PATIENCE = 10000,       /* ms that a short transaction of somebody else is waited for */
    CHECK_BYTES = 64 << 20, /* up to which a file is checked as a whole */
    DYING = 2000,           /* ms that a process is given to end */
    DYING_STEP = 20,
};

#define LOCK_BYTE ((off_t)1 << 40)

/* ---- saying it ---- */

static void add_safe(struct trail_text *to, const char *text)
{
    trail_terminal_add(to, (struct trail_slice){text, strlen(text)});
}

/* "PATH: what", safe for a terminal, cut to fit. */
static void compose(char to[STATE_ERROR], const char *path, const char *format, va_list args)
{
    char what[STATE_ERROR];
    struct trail_text text = {0};
    vsnprintf(what, sizeof what, format, args);
    add_safe(&text, path);
    add_safe(&text, ": ");
    add_safe(&text, what);
    if (text.failed)
        snprintf(to, STATE_ERROR, "out of memory");
    else
        snprintf(to, STATE_ERROR, "%.*s", (int)text.n, text.p);
    trail_text_free(&text);
}

void state_tell(struct state *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    compose(s->message, s->path, format, args);
    va_end(args);
    if (s->config.on_problem)
        s->config.on_problem(s->config.user, s->message);
}

__attribute__((format(printf, 3, 4))) static bool refuse(char error[STATE_ERROR], const char *path,
                                                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    compose(error, path, format, args);
    va_end(args);
    return false;
}

const char *state_why(sqlite3 *db, int code)
{
    int error = db ? sqlite3_system_errno(db) : 0;
    if ((code & 0xff) == SQLITE_IOERR && (error == ENOSPC || error == EDQUOT))
        return "the disk is full";
    switch (code & 0xff) {
    case SQLITE_FULL: return "the disk is full";
    case SQLITE_READONLY:
        return code == SQLITE_READONLY_DIRECTORY
                   ? "no file can be made beside it (-wal, -shm): its directory is read-only"
                   : "it cannot be written: read-only";
    case SQLITE_OK: /* what failed was not SQLite's */
    case SQLITE_NOMEM: return "out of memory";
    case SQLITE_BUSY: return "another process is writing to it";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return "it is damaged";
    case SQLITE_CANTOPEN: return error ? strerror(error) : "it cannot be opened";
    case SQLITE_IOERR: return error ? strerror(error) : "an input or output error";
    default: return db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    }
}

#define FOREIGN "an SQLite file of another program, and left as it is: name another with --state"

/* ---- looking before touching ---- */

static uint32_t big_endian(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Whether SQLite has something to take back first: a state that was being made when the process ended. */
static bool has_journal(const char *path)
{
    struct trail_text name = {0};
    struct stat status;
    trail_text_add(&name, path, strlen(path));
    trail_text_add(&name, "-journal", sizeof "-journal");
    bool has = !name.failed && stat(name.p, &status) == 0 && status.st_size > 0;
    trail_text_free(&name);
    return has;
}

static bool check_header(const struct state_config *c, int fd, const struct stat *status,
                         char error[STATE_ERROR])
{
    unsigned char h[HEADER];
    if (!S_ISREG(status->st_mode))
        return refuse(error, c->path, "not a file: --state wants one of its own");
    if (status->st_size == 0 || has_journal(c->path))
        return true;
    ssize_t n = pread(fd, h, sizeof h, 0);
    if (n < 0)
        return refuse(error, c->path, "cannot be read: %s", strerror(errno));
    if (n < HEADER || memcmp(h, "SQLite format 3", 16) != 0)
        return refuse(error, c->path, "not a state file, and left as it is: name another with --state");
    if (big_endian(h + HEADER_APPLICATION) != STATE_APPLICATION_ID)
        return refuse(error, c->path, FOREIGN);
    return true;
}

/* The process that holds the state, by what it has written; 0: not known. */
static long long holder_of(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    long long pid = 0;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0) == SQLITE_OK &&
        sqlite3_prepare_v2(db, "SELECT value FROM facts WHERE key = 'state.holder'", -1, &q, NULL) ==
            SQLITE_OK &&
        sqlite3_step(q) == SQLITE_ROW)
        pid = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return pid;
}

/* 0 or an errno. */
static int wait_for_lock(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_BYTE, .l_len = 1};
    const struct timespec step = {.tv_nsec = DYING_STEP * 1000000L};
    for (int waited = 0; fcntl(fd, F_OFD_SETLK, &lock) != 0; waited += DYING_STEP) {
        if ((errno != EAGAIN && errno != EACCES) || waited >= DYING)
            return errno;
        nanosleep(&step, NULL);
    }
    return 0;
}

static bool take_lock(const struct state_config *c, int fd, char error[STATE_ERROR])
{
    errno = wait_for_lock(fd);
    if (errno == 0)
        return true;
    if (errno != EAGAIN && errno != EACCES)
        return refuse(error, c->path, "cannot be locked: %s", strerror(errno));
    long long pid = holder_of(c->path);
    if (pid > 0)
        return refuse(error, c->path,
                      "in use by process %lld: a state belongs to one scanner at a time; stop that one, or "
                      "name another file with --state",
                      pid);
    return refuse(error, c->path,
                  "in use by another process: a state belongs to one scanner at a time; stop that one, or "
                  "name another file with --state");
}

static bool open_file(struct state *s, char error[STATE_ERROR])
{
    const struct state_config *c = &s->config;
    bool run = c->mode == STATE_RUN;
    int flags = O_RDWR | O_CLOEXEC | O_NOCTTY | (run ? O_CREAT : 0);
    struct stat status;
    s->lock = open(c->path, flags, S_IRUSR | S_IWUSR);
    if (s->lock < 0)
        return refuse(error, c->path, "%s: %s", run ? "cannot be opened for writing" : "cannot be opened",
                      strerror(errno));
    if (fstat(s->lock, &status) != 0)
        return refuse(error, c->path, "cannot be read: %s", strerror(errno));
    if (!check_header(c, s->lock, &status, error) || (run && !take_lock(c, s->lock, error)))
        return false;
    if (!run && status.st_size == 0)
        return refuse(error, c->path, "empty: no scanner has stored anything in it yet");
    return true;
}

/* ---- SQLite ---- */

static bool fails(struct state *s, int code, char error[STATE_ERROR])
{
    int base = code & 0xff;
    if (base == SQLITE_CORRUPT || base == SQLITE_NOTADB)
        return refuse(error, s->path, "damaged, and left as it is: " STATE_SET_ASIDE);
    return refuse(error, s->path, "cannot be used: %s", state_why(s->db, code));
}

static int run_sql(struct state *s, const char *sql)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL);
}

/* The one number that a query gives. */
static int ask_number(struct state *s, const char *sql, int64_t *to)
{
    sqlite3_stmt *q = NULL;
    int code = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(q);
    if (code == SQLITE_ROW) {
        *to = sqlite3_column_int64(q, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE ? SQLITE_CORRUPT : code;
}

/* Whether SQLite finds the file whole. Large ones are taken as they are: pieces have sums of their own. */
static int check_pages(struct state *s)
{
    struct stat status;
    sqlite3_stmt *q = NULL;
    if (fstat(s->lock, &status) != 0 || status.st_size > CHECK_BYTES)
        return SQLITE_OK;
    int code = sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &q, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(q);
    if (code == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(q, 0);
        code = text && strcmp(text, "ok") == 0 ? SQLITE_OK : SQLITE_CORRUPT;
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static bool migrate(struct state *s, int64_t version, char error[STATE_ERROR])
{
    char sql[96];
    int code = SQLITE_OK;
    if (version == 0) {
        int64_t tables = 0;
        if ((code = ask_number(s, "SELECT count(*) FROM sqlite_schema", &tables)) != SQLITE_OK)
            return fails(s, code, error);
        if (tables > 0)
            return refuse(error, s->path, FOREIGN);
        /* Before there is anything: what the first bytes say has to be in the file itself, not in its log. */
        snprintf(sql, sizeof sql, "PRAGMA application_id = %d", STATE_APPLICATION_ID);
        code = run_sql(s, "PRAGMA journal_mode = DELETE");
    }
    if (code == SQLITE_OK)
        code = run_sql(s, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK && version == 0)
        code = run_sql(s, sql);
    for (int64_t i = version; i < state_version && code == SQLITE_OK; i++)
        code = run_sql(s, state_steps[i]);
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", state_version);
    if (code == SQLITE_OK)
        code = run_sql(s, sql);
    if (code == SQLITE_OK)
        code = run_sql(s, "COMMIT");
    return code == SQLITE_OK || fails(s, code, error);
}

static bool check_version(struct state *s, int64_t *version, char error[STATE_ERROR])
{
    int64_t application = 0;
    int code = ask_number(s, "PRAGMA user_version", version);
    if (code == SQLITE_OK)
        code = ask_number(s, "PRAGMA application_id", &application);
    if (code != SQLITE_OK)
        return fails(s, code, error);
    if (*version > state_version || *version < 0)
        return refuse(error, s->path,
                      "written by a newer scanner (version %" PRId64
                      " of the state, this one knows %d), and left as it is: use that scanner, or name "
                      "another file with --state",
                      *version, state_version);
    if (*version > 0 && application != STATE_APPLICATION_ID)
        return refuse(error, s->path, FOREIGN);
    if (s->config.mode == STATE_LOOK && *version < state_version)
        return refuse(error, s->path,
                      "written by an older scanner (version %" PRId64 " of the state): a scan with --state "
                      "brings it up to date",
                      *version);
    return true;
}

static bool open_database(struct state *s, char error[STATE_ERROR])
{
    int64_t version = 0;
    int code = sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(s->db, 1);
        sqlite3_busy_timeout(s->db, PATIENCE);
        code = sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
    }
    if (code == SQLITE_OK)
        code = sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (code != SQLITE_OK)
        return fails(s, code, error);
    if (!check_version(s, &version, error))
        return false;
    if (version > 0 && (code = check_pages(s)) != SQLITE_OK)
        return fails(s, code, error);
    if (s->config.mode == STATE_LOOK)
        return true;
    if (version < state_version && !migrate(s, version, error))
        return false;
    code = run_sql(s, "PRAGMA journal_mode = WAL");
    if (code == SQLITE_OK)
        code = run_sql(s, "PRAGMA synchronous = FULL");
    if (code == SQLITE_OK)
        code = run_sql(s, "PRAGMA journal_size_limit = 67108864");
    return code == SQLITE_OK || fails(s, code, error);
}

/* ---- whose it is ---- */

static bool start_history(struct state *s, char error[STATE_ERROR])
{
    return history_start(s) || fails(s, sqlite3_extended_errcode(s->db), error);
}

static bool check_pack(struct state *s, char error[STATE_ERROR])
{
    const struct trail_pack *pack = s->config.pack;
    if (!pack)
        return true;
    const char *name = pack->name ? pack->name : "";
    char *known;
    if (!state_get(s, "state.pack", &known))
        return fails(s, sqlite3_extended_errcode(s->db), error);
    bool same = !known || strcmp(known, name) == 0;
    if (!same)
        refuse(error, s->path,
               "the state of the pack %s, and this scanner is of %s: name another file with --state", known,
               name);
    else if (!known && state_set(s, "state.pack", name) != TRAIL_OK)
        same = refuse(error, s->path, "out of memory");
    free(known);
    return same;
}

static bool take_over(struct state *s, char error[STATE_ERROR])
{
    char pid[24];
    snprintf(pid, sizeof pid, "%lld", (long long)getpid());
    if (state_set(s, "state.holder", pid) != TRAIL_OK)
        return refuse(error, s->path, "out of memory");
    s->config.on_problem = NULL; /* what is wrong is said once, here */
    s->config.on_committed = NULL;
    bool ok = state_commit(s);
    return ok ||
           refuse(error, s->path, "cannot be used: %s", state_why(s->db, sqlite3_extended_errcode(s->db)));
}

struct state *state_open(const struct state_config *config, char error[STATE_ERROR])
{
    struct state *s = calloc(1, sizeof *s);
    char *path = strdup(config->path);
    snprintf(error, STATE_ERROR, "out of memory");
    if (!s || !path) {
        free(s);
        free(path);
        return NULL;
    }
    s->config = *config;
    s->path = path;
    s->config.path = path;
    s->lock = -1;
    if (open_file(s, error) && open_database(s, error) && start_history(s, error) && check_pack(s, error) &&
        (config->mode == STATE_LOOK || take_over(s, error))) {
        s->config.on_problem = config->on_problem;
        s->config.on_committed = config->on_committed;
        if (config->mode == STATE_RUN)
            sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, (int *)0);
        error[0] = 0;
        return s;
    }
    state_close(s);
    return NULL;
}

void state_close(struct state *s)
{
    if (!s)
        return;
    if (s->window)
        window_record(s->window, NULL);
    outbox_close(s);
    keeper_free(s->keeper);
    for (size_t i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(s->statements[i]);
    sqlite3_close(s->db);
    if (s->lock >= 0)
        close(s->lock);
    inputs_done(s);
    history_done(s, false);
    for (size_t i = 0; i < s->n_facts; i++) {
        free(s->facts[i].key);
        free(s->facts[i].value);
    }
    free(s->inputs);
    free(s->fired);
    free(s->facts);
    trail_text_free(&s->calls);
    free(s->path);
    free(s);
}

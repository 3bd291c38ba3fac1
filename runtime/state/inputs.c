/*
 * inputs.c - how far files have been taken, and which file is which.
 *
 * A file is what its bytes are: a row holds hashes of its first bytes and of the last ones that were taken, and
 * a file that has both is the row's, whatever it is called now. It is looked for by device and inode (rotated
 * by renaming, or not at all), by path (copied from elsewhere once more), and by its first bytes (rotated by
 * copying): alone, if they are many and the row's own path leads to another file by now; else with its name. What
 * is shorter, or has other bytes there, is another file: an inode that was used again, one that was truncated.
 */
#include "inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/inflate.h"
#include "window/siphash.h"
#include "window/tape.h"

enum { ROW_COST = 512, RECENT = 16, DAYS_KEPT = 30, STAND_FORM = 2, PATH_ROOM = 4096 };

static const int64_t DAY = 86400000;

/* ---- looking at files ---- */

/* Reads n bytes at an offset, or what there is of them; -1: see errno. */
static ssize_t read_at(int fd, char *to, size_t n, uint64_t offset)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = pread(fd, to + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

static int open_path(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static void close_kept(int fd)
{
    int error = errno;
    close(fd);
    errno = error;
}

static int64_t nanoseconds(const struct timespec *t)
{
    return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

bool state_look_at(struct state_file *f, const char *path, int fd)
{
    int own = fd < 0 ? open_path(path) : -1;
    *f = (struct state_file){.path = path};
    fd = fd < 0 ? own : fd;
    bool ok = fd >= 0 && fstat(fd, &f->stat) == 0;
    ssize_t n = ok ? read_at(fd, f->head, sizeof f->head, 0) : -1;
    if (n >= 0) {
        f->n_head = (size_t)n;
        f->compressed = trail_form_of((const unsigned char *)f->head, f->n_head) == TRAIL_GZIP ||
                        trail_form_of((const unsigned char *)f->head, f->n_head) == TRAIL_ZSTD;
    }
    if (own >= 0)
        close_kept(own);
    return n >= 0;
}

static void hash_of(uint64_t to[2], const char *p, size_t n)
{
    siphash128(to, &SIPHASH_FIXED, p, n);
}

/* The hash of the last bytes before `raw`. False: they are not there. */
static bool hash_tail(int fd, const char *path, uint64_t raw, size_t n, uint64_t to[2])
{
    char bytes[STATE_HEAD];
    int own = fd < 0 && n > 0 ? open_path(path) : -1;
    fd = fd < 0 ? own : fd;
    bool ok = n == 0 || (fd >= 0 && read_at(fd, bytes, n, raw - n) == (ssize_t)n);
    if (own >= 0)
        close_kept(own);
    if (ok)
        hash_of(to, bytes, n);
    return ok;
}

/* ---- rows ---- */

static int64_t time_column(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL ? TRAIL_NO_TIME : sqlite3_column_int64(q, column);
}

static bool hash_column(sqlite3_stmt *q, int column, uint64_t to[2])
{
    const void *p = sqlite3_column_blob(q, column);
    if (!p || sqlite3_column_bytes(q, column) != 16)
        return false;
    memcpy(to, p, 16);
    return true;
}

static void write_stand(struct trail_text *to, const struct trail_position *position)
{
    const struct trail_stand *stand = &position->stand;
    tape_byte(to, STAND_FORM);
    tape_number(to, stand->n_places);
    for (size_t i = 0; i < stand->n_places; i++) {
        tape_byte(to, stand->places[i].array);
        tape_number(to, stand->places[i].carry);
    }
    tape_number(to, stand->old_places);
    tape_byte(to, stand->line_gave);
    tape_number(to, stand->indent);
    tape_byte(to, stand->told);
    tape_text(to, (struct trail_slice){stand->first_key, stand->n_first_key});
    tape_number(to, position->skip);
}

static bool read_stand(struct trail_slice bytes, struct trail_position *position)
{
    struct trail_stand *stand = &position->stand;
    struct tape in = {bytes.p, bytes.p + bytes.n, false};
    *stand = (struct trail_stand){0};
    if (tape_get_byte(&in) != STAND_FORM)
        return false;
    stand->n_places = tape_get_size(&in, TRAIL_MAX_PLACES);
    for (size_t i = 0; i < stand->n_places; i++) {
        stand->places[i].array = tape_get_byte(&in);
        stand->places[i].carry = (enum trail_carry)tape_get_size(&in, TRAIL_CARRY_MESSAGE);
    }
    stand->old_places = tape_get_size(&in, stand->n_places);
    stand->line_gave = tape_get_byte(&in);
    stand->indent = tape_get_size(&in, SIZE_MAX);
    stand->told = tape_get_byte(&in);
    struct trail_slice key = tape_get_text(&in);
    position->skip = tape_get_number(&in);
    if (in.bad || key.n > TRAIL_MAX_FIRST_KEY ||
        (stand->n_places > 0 && !stand->places[stand->n_places - 1].array))
        return false;
    memcpy(stand->first_key, key.p, key.n);
    stand->n_first_key = key.n;
    return true;
}

/* The columns of INPUT_COLUMNS. False: they make no sense. */
static bool read_row(sqlite3_stmt *q, struct input_row *r)
{
    int64_t n_head = sqlite3_column_int64(q, 5), n_tail = sqlite3_column_int64(q, 7);
    *r = (struct input_row){.id = sqlite3_column_int64(q, 0),
                            .device = sqlite3_column_int64(q, 1),
                            .inode = sqlite3_column_int64(q, 2),
                            .size = sqlite3_column_int64(q, 3),
                            .mtime = sqlite3_column_int64(q, 4),
                            .raw = sqlite3_column_int64(q, 9),
                            .compressed = sqlite3_column_int64(q, 10),
                            .ended = sqlite3_column_int64(q, 11)};
    r->position.offset = (uint64_t)sqlite3_column_int64(q, 12);
    r->position.records = (uint64_t)sqlite3_column_int64(q, 13);
    r->position.problems = (uint64_t)sqlite3_column_int64(q, 14);
    r->position.newest = time_column(q, 15);
    r->position.oldest = time_column(q, 16);
    const char *stand = sqlite3_column_blob(q, 17);
    if (n_head < 0 || n_head > STATE_HEAD || n_tail < 0 || n_tail > STATE_HEAD || r->raw < n_tail ||
        !hash_column(q, 6, r->head) || !hash_column(q, 8, r->tail) || !stand)
        return false;
    r->n_head = (size_t)n_head;
    r->n_tail = (size_t)n_tail;
    return read_stand((struct trail_slice){stand, (size_t)sqlite3_column_bytes(q, 17)}, &r->position);
}

static bool bind_time(sqlite3_stmt *q, int column, int64_t t)
{
    return (t == TRAIL_NO_TIME ? sqlite3_bind_null(q, column) : sqlite3_bind_int64(q, column, t)) ==
           SQLITE_OK;
}

static bool bind_row(sqlite3_stmt *q, const char *path, const struct input_row *r,
                     const struct trail_text *stand)
{
    const struct {
        int column;
        int64_t value;
    } numbers[] = {{3, r->device},
                   {4, r->inode},
                   {5, r->size},
                   {6, r->mtime},
                   {7, (int64_t)r->n_head},
                   {9, (int64_t)r->n_tail},
                   {11, r->raw},
                   {12, r->compressed},
                   {13, r->ended},
                   {14, (int64_t)r->position.offset},
                   {15, (int64_t)r->position.records},
                   {16, (int64_t)r->position.problems},
                   {20, r->taken}};
    bool ok = state_bind_blob(q, 2, path, strlen(path)) && state_bind_blob(q, 8, r->head, sizeof r->head) &&
              state_bind_blob(q, 10, r->tail, sizeof r->tail) && bind_time(q, 17, r->position.newest) &&
              bind_time(q, 18, r->position.oldest) && state_bind_blob(q, 19, stand->p, stand->n);
    for (size_t i = 0; ok && i < sizeof numbers / sizeof *numbers; i++)
        ok = sqlite3_bind_int64(q, numbers[i].column, numbers[i].value) == SQLITE_OK;
    return ok;
}

/* ---- which row is the file's ---- */

/* Whether anything was read of the row's file. A row of which nothing was fits any file, and says nothing. */
static bool has_taken(const struct input_row *r)
{
    return r->position.offset > 0 || r->position.records > 0 || r->position.skip > 0;
}

/* Whether the file has the first bytes that the row was made of. */
static bool same_head(const struct input_row *r, const struct state_file *f)
{
    uint64_t head[2];
    if (r->n_head > f->n_head || r->compressed != f->compressed)
        return false;
    hash_of(head, f->head, r->n_head);
    return head[0] == r->head[0] && head[1] == r->head[1];
}

static bool is_this_inode(const struct input_row *r, const struct stat *status)
{
    return r->inode == (int64_t)status->st_ino && r->device == (int64_t)status->st_dev;
}

/* Whether all that was taken of the row is in the file. */
static bool is_same(const struct input_row *r, const struct state_file *f, int fd)
{
    uint64_t tail[2];
    if (!same_head(r, f) || r->raw > (int64_t)f->stat.st_size)
        return false;
    if (is_this_inode(r, &f->stat) && r->size == (int64_t)f->stat.st_size &&
        r->mtime == nanoseconds(&f->stat.st_mtim))
        return true;
    return hash_tail(fd, f->path, (uint64_t)r->raw, r->n_tail, tail) && tail[0] == r->tail[0] &&
           tail[1] == r->tail[1];
}

enum search { FOUND, NOT_FOUND, FAILED };

/* The first row that a query gives and that is the file's. *other: there was one that is not. */
static enum search search(sqlite3_stmt *q, const struct state_file *f, int fd, struct input_row *r,
                          bool *other)
{
    enum search result = NOT_FOUND;
    int code;
    while (result == NOT_FOUND && (code = sqlite3_step(q)) != SQLITE_DONE) {
        if (code != SQLITE_ROW)
            result = FAILED;
        else if (read_row(q, r) && is_same(r, f, fd))
            result = FOUND;
        else
            *other = true;
    }
    return result;
}

static enum search by_inode(struct state *s, const struct state_file *f, int fd, struct input_row *r)
{
    sqlite3_stmt *q = state_statement(s, SQL_INPUT_BY_INODE);
    bool other = false;
    if (!q || sqlite3_bind_int64(q, 1, (sqlite3_int64)f->stat.st_ino) != SQLITE_OK ||
        sqlite3_bind_int64(q, 2, (sqlite3_int64)f->stat.st_dev) != SQLITE_OK)
        return FAILED;
    enum search result = search(q, f, fd, r, &other);
    sqlite3_reset(q);
    return result;
}

static enum search by_path(struct state *s, const struct state_file *f, int fd, struct input_row *r,
                           bool *other)
{
    sqlite3_stmt *q = state_statement(s, SQL_INPUT_BY_PATH);
    if (!q || !state_bind_blob(q, 1, f->path, strlen(f->path)))
        return FAILED;
    enum search result = search(q, f, fd, r, other);
    sqlite3_reset(q);
    return result;
}

/* The path of the row that the query stands at; a NUL behind it: another file has it (SQL_INPUT_LEAVE).
 * False: too long for a path. */
static bool row_path(sqlite3_stmt *q, char to[PATH_ROOM], bool *taken)
{
    const char *p = sqlite3_column_blob(q, 18);
    size_t n = p ? (size_t)sqlite3_column_bytes(q, 18) : 0;
    if (n >= PATH_ROOM)
        return false;
    if (n > 0)
        memcpy(to, p, n);
    to[n] = 0;
    *taken = strlen(to) < n;
    return true;
}

/* Whether the file at a path, which is the row's by its number, has the row's bytes no longer: its length
 * alone does not say so, for it may have been filled again. */
static bool was_emptied(const struct input_row *r, const char *path)
{
    struct state_file there;
    return state_look_at(&there, path, -1) && !is_same(r, &there, -1);
}

/* Whether the row's own path, which the query stands at, leads to its file no longer. */
static bool has_left(sqlite3_stmt *q, const struct input_row *r)
{
    char path[PATH_ROOM];
    struct stat status;
    bool taken;
    if (!row_path(q, path, &taken))
        return false;
    return taken || stat(path, &status) != 0 || !is_this_inode(r, &status) || was_emptied(r, path);
}

/* A copy of a file that is elsewhere by now. Short beginnings say too little. */
static enum search by_head(struct state *s, const struct state_file *f, int fd, struct input_row *r)
{
    uint64_t head[2];
    if (f->n_head < STATE_HEAD)
        return NOT_FOUND;
    hash_of(head, f->head, f->n_head);
    sqlite3_stmt *q = state_statement(s, SQL_INPUT_BY_HEAD);
    if (!q || !state_bind_blob(q, 1, head, sizeof head) || sqlite3_bind_int64(q, 2, STATE_HEAD) != SQLITE_OK)
        return FAILED;
    enum search result = NOT_FOUND;
    int code;
    while (result == NOT_FOUND && (code = sqlite3_step(q)) != SQLITE_DONE) {
        if (code != SQLITE_ROW)
            result = FAILED;
        else if (read_row(q, r) && is_same(r, f, fd) && has_left(q, r))
            result = FOUND;
    }
    sqlite3_reset(q);
    return result;
}

/* Where the row's file is now: at the path that it had, or beside it. False: nowhere there. */
static bool find_number(const struct input_row *r, char path[PATH_ROOM])
{
    struct stat status;
    bool found = stat(path, &status) == 0 && is_this_inode(r, &status);
    char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t room = PATH_ROOM - (size_t)(name - path);
    if (found)
        return true;
    *name = 0;
    DIR *d = opendir(slash ? path : ".");
    for (struct dirent *e; d && !found && (e = readdir(d));)
        if ((int64_t)e->d_ino == r->inode && strlen(e->d_name) < room) {
            strcpy(name, e->d_name);
            found = stat(path, &status) == 0 && is_this_inode(r, &status);
        }
    if (d)
        closedir(d);
    return found;
}

/* The first of the rows with the path, or that had it, whose file was emptied, and that the file is a copy of. */
static enum search by_origin(struct state *s, const char *origin, const struct state_file *f, int fd,
                             struct input_row *r)
{
    char path[PATH_ROOM], behind[PATH_ROOM]; /* behind the paths that a NUL follows */
    bool taken;
    size_t n = strlen(origin);
    memcpy(behind, origin, n);
    behind[n] = 1;
    sqlite3_stmt *q = state_statement(s, SQL_INPUT_BY_NAME);
    if (!q || !state_bind_blob(q, 1, origin, n) || !state_bind_blob(q, 2, behind, n + 1) ||
        sqlite3_bind_int64(q, 3, STATE_HEAD) != SQLITE_OK)
        return FAILED;
    enum search result = NOT_FOUND;
    int code;
    while (result == NOT_FOUND && (code = sqlite3_step(q)) != SQLITE_DONE) {
        if (code != SQLITE_ROW)
            result = FAILED;
        else if (read_row(q, r) && has_taken(r) && is_same(r, f, fd) && row_path(q, path, &taken) &&
                 find_number(r, path) && was_emptied(r, path))
            result = FOUND;
    }
    sqlite3_reset(q);
    return result;
}

/*
 * A copy of a file of which so little had been read that its beginning says too little by itself. Its name has
 * to be one that a rotation makes of the row's (log.1 of log, x-20260101.log of x.log), and the row's file has
 * to be there, with other bytes in it: that is what copying and emptying leaves.
 */
static enum search by_name(struct state *s, const struct state_file *f, int fd, struct input_row *r)
{
    char origin[PATH_ROOM];
    const char *slash = strrchr(f->path, '/'), *name = slash ? slash + 1 : f->path, *dot = strrchr(name, '.');
    enum search result = NOT_FOUND;
    if (f->compressed || strlen(f->path) + 1 >= sizeof origin || !*name)
        return NOT_FOUND;
    for (const char *mark = name + 1; result == NOT_FOUND && (mark = strpbrk(mark, ".-_")); mark++) {
        size_t n = (size_t)(mark - f->path);
        memcpy(origin, f->path, n);
        origin[n] = 0;
        result = by_origin(s, origin, f, fd, r);
        if (result != NOT_FOUND || !dot || mark >= dot)
            continue;
        strcpy(origin + n, dot);
        result = by_origin(s, origin, f, fd, r);
    }
    return result;
}

/* What waits for the commit is newer than what is in the file. Many may wait, and is_same() hashes: so it is
 * asked last. */
static const struct waiting_input *waiting_of(const struct state *s, const struct state_file *f, int fd)
{
    for (size_t i = s->n_inputs; i > 0; i--)
        if ((is_this_inode(&s->inputs[i - 1].row, &f->stat) ||
             (has_taken(&s->inputs[i - 1].row) && strcmp(s->inputs[i - 1].path, f->path) == 0)) &&
            is_same(&s->inputs[i - 1].row, f, fd))
            return &s->inputs[i - 1];
    return NULL;
}

/* A row of which something was read goes before one of which nothing was: of the same inode, of the same path, of
 * what this is a copy of. */
static enum search find_stored(struct state *s, const struct state_file *f, int fd, struct input_row *r,
                               struct state_found *found)
{
    struct input_row at_path, own;
    enum search result = by_path(s, f, fd, &at_path, &found->shrunk);
    bool has_path = result == FOUND, same = has_path && is_this_inode(&at_path, &f->stat);
    if (same)
        own = at_path;
    else if (result != FAILED)
        result = by_inode(s, f, fd, &own);
    bool has_own = result == FOUND;
    if (result == FAILED)
        return FAILED;
    if (has_own && has_taken(&own)) {
        *r = own;
        found->moved = !same;
        return FOUND;
    }
    if (has_path && has_taken(&at_path)) {
        *r = at_path;
        return FOUND;
    }
    result = by_head(s, f, fd, r);
    if (result == NOT_FOUND)
        result = by_name(s, f, fd, r);
    found->shrunk |= has_path;
    found->moved = result == FOUND || (has_own && !same);
    if (result != NOT_FOUND || !has_own)
        return result;
    *r = own;
    return FOUND;
}

static enum search find_row(struct state *s, const struct state_file *f, int fd, struct input_row *r,
                            struct state_found *found)
{
    const struct waiting_input *w = waiting_of(s, f, fd);
    if (!w)
        return find_stored(s, f, fd, r, found);
    *r = w->row;
    found->moved = strcmp(w->path, f->path) != 0;
    return FOUND;
}

enum trail_status state_find_input(struct state *s, const struct state_file *f, int fd,
                                   struct state_found *found)
{
    struct input_row r;
    *found = (struct state_found){.known = TRAIL_UNKNOWN, .position = TRAIL_BEGINNING};
    switch (find_row(s, f, fd, &r, found)) {
    case NOT_FOUND: return TRAIL_OK;
    case FOUND: break;
    case FAILED:
        state_tell(s, "cannot be read: %s", state_why(s->db, sqlite3_extended_errcode(s->db)));
        return TRAIL_DAMAGED;
    }
    found->shrunk = false;
    found->position = r.position;
    found->known = r.ended && r.size == (int64_t)f->stat.st_size ? TRAIL_DONE : TRAIL_BEGUN;
    return TRAIL_OK;
}

/* ---- setting ---- */

/* The waiting row that this one replaces: of the same file, set a moment ago. */
static struct waiting_input *recent(struct state *s, const struct state_file *f)
{
    for (size_t i = s->n_inputs, n = 0; i > 0 && n < RECENT; i--, n++) {
        struct waiting_input *w = &s->inputs[i - 1];
        if (strcmp(w->path, f->path) == 0)
            return is_this_inode(&w->row, &f->stat) && same_head(&w->row, f) ? w : NULL;
    }
    return NULL;
}

static void make_row(struct input_row *r, const struct state_file *f, int fd,
                     const struct trail_position *position, bool ended)
{
    *r = (struct input_row){.device = (int64_t)f->stat.st_dev,
                            .inode = (int64_t)f->stat.st_ino,
                            .size = (int64_t)f->stat.st_size,
                            .mtime = nanoseconds(&f->stat.st_mtim),
                            .n_head = f->n_head,
                            .compressed = f->compressed,
                            .ended = ended,
                            .position = *position,
                            .taken = trail_time_now(CLOCK_REALTIME)};
    hash_of(r->head, f->head, f->n_head);
    if (!f->compressed)
        r->raw = (int64_t)position->offset;
    else if (ended)
        r->raw = r->size;
    r->n_tail = r->raw < STATE_HEAD ? (size_t)r->raw : STATE_HEAD;
    if (hash_tail(fd, f->path, (uint64_t)r->raw, r->n_tail, r->tail))
        return;
    /* It has been truncated or taken away meanwhile: it is known by its head and length alone. */
    r->n_tail = 0;
    hash_of(r->tail, "", 0);
}

/* Bytes of one that waits, about. */
static size_t cost_of(const struct waiting_input *w)
{
    return ROW_COST + strlen(w->path) + w->row.n_head;
}

enum trail_status state_set_input(struct state *s, const struct state_file *f, int fd,
                                  const struct trail_position *position, bool ended)
{
    struct input_row row;
    make_row(&row, f, fd, position, ended);
    char *head = malloc(f->n_head + 1);
    if (!head)
        return TRAIL_NO_MEMORY;
    memcpy(head, f->head, f->n_head);
    struct waiting_input *w = recent(s, f);
    if (w) {
        s->bytes += f->n_head - w->row.n_head; /* that was no longer: same_head */
        free(w->head);
        w->head = head;
        w->row = row;
        return TRAIL_OK;
    }
    struct waiting_input *list = state_room(s->inputs, s->n_inputs, &s->input_room, sizeof *list);
    if (list)
        s->inputs = list;
    char *path = list ? strdup(f->path) : NULL;
    if (!path) {
        free(head);
        return TRAIL_NO_MEMORY;
    }
    s->inputs[s->n_inputs++] = (struct waiting_input){path, head, row};
    s->bytes += cost_of(&s->inputs[s->n_inputs - 1]);
    return TRAIL_OK;
}

/* It waits no longer. */
static void drop_waiting(struct state *s, struct waiting_input *w)
{
    s->bytes -= cost_of(w);
    free(w->path);
    free(w->head);
}

enum trail_status state_forget_input(struct state *s, const char *path)
{
    sqlite3_stmt *q = state_statement(s, SQL_INPUT_DROP);
    for (size_t i = 0; i < s->n_inputs; i++)
        if (strcmp(s->inputs[i].path, path) == 0) {
            drop_waiting(s, &s->inputs[i]);
            memmove(&s->inputs[i], &s->inputs[i + 1], (--s->n_inputs - i) * sizeof *s->inputs);
            i--;
        }
    return q && state_bind_blob(q, 1, path, strlen(path)) && state_run(q) ? TRAIL_OK : TRAIL_DAMAGED;
}

/* ---- writing ---- */

/* Whether the row is of what has grown to be this. A longer head alone says nothing: another file may have the
 * path or the number by now, and the row, if its bytes were copied or renamed, is that of another name. */
static bool goes_on_from(const struct waiting_input *w, const struct input_row *r)
{
    uint64_t head[2];
    if (r->n_head > w->row.n_head || r->compressed != w->row.compressed ||
        r->position.offset > w->row.position.offset || r->position.records > w->row.position.records)
        return false;
    hash_of(head, w->head, r->n_head);
    return head[0] == r->head[0] && head[1] == r->head[1];
}

/* The row in the file that this one goes on from: of the same inode or path, with the same first bytes, and not
 * further. 0: none. */
static bool earlier_row(sqlite3_stmt *q, const struct waiting_input *w, int64_t *id)
{
    int code;
    struct input_row r;
    while ((code = sqlite3_step(q)) == SQLITE_ROW)
        if (read_row(q, &r) && goes_on_from(w, &r)) {
            *id = r.id;
            break;
        }
    sqlite3_reset(q);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool find_earlier(struct state *s, const struct waiting_input *w, int64_t *id)
{
    *id = 0;
    sqlite3_stmt *q = state_statement(s, SQL_INPUT_BY_INODE);
    if (!q || sqlite3_bind_int64(q, 1, w->row.inode) != SQLITE_OK ||
        sqlite3_bind_int64(q, 2, w->row.device) != SQLITE_OK || !earlier_row(q, w, id))
        return false;
    if (*id)
        return true;
    q = state_statement(s, SQL_INPUT_BY_PATH);
    return q && state_bind_blob(q, 1, w->path, strlen(w->path)) && earlier_row(q, w, id);
}

static bool write_input(struct state *s, const struct waiting_input *w)
{
    struct trail_text stand = {0};
    int64_t id;
    write_stand(&stand, &w->row.position);
    bool ok = !stand.failed && find_earlier(s, w, &id);
    sqlite3_stmt *q = ok ? state_statement(s, SQL_INPUT_LEAVE) : NULL;
    ok = q && state_bind_blob(q, 1, w->path, strlen(w->path)) && sqlite3_bind_int64(q, 2, id) == SQLITE_OK &&
         state_run(q);
    q = ok ? state_statement(s, id ? SQL_INPUT_UPDATE : SQL_INPUT_ADD) : NULL;
    ok = q && (!id || sqlite3_bind_int64(q, 1, id) == SQLITE_OK) && bind_row(q, w->path, &w->row, &stand) &&
         state_run(q);
    trail_text_free(&stand);
    return ok;
}

bool inputs_write(struct state *s)
{
    for (size_t i = 0; i < s->n_inputs; i++)
        if (!write_input(s, &s->inputs[i]))
            return false;
    if (!s->want_snapshot)
        return true;
    sqlite3_stmt *q = state_statement(s, SQL_INPUT_PRUNE);
    return q && sqlite3_bind_int64(q, 1, trail_time_now(CLOCK_REALTIME) - DAYS_KEPT * DAY) == SQLITE_OK &&
           state_run(q);
}

void inputs_done(struct state *s)
{
    for (size_t i = 0; i < s->n_inputs; i++)
        drop_waiting(s, &s->inputs[i]);
    s->n_inputs = 0;
}

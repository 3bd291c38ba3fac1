/*
 * tail.c - see tail.h.
 */
#include "tail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "window/siphash.h"

enum { FIRST_WINDOW = 16 << 10 }; /* of a framer: most files that grow are small, and many */

struct tail *tail_new(const char *path, size_t given, const struct stat *st)
{
    struct tail *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->path = strdup(path);
    t->given = given;
    t->device = st->st_dev;
    t->inode = st->st_ino;
    t->fd = -1;
    tail_restart(t);
    if (t->path)
        return t;
    free(t);
    return NULL;
}

void tail_free(struct tail *t)
{
    if (!t)
        return;
    tail_park(t);
    free(t->path);
    free(t);
}

void tail_park(struct tail *t)
{
    if (t->stream) {
        framing_free(&t->stream->in);
        free(t->stream);
        t->stream = NULL;
    }
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
}

void tail_restart(struct tail *t)
{
    if (t->stream) {
        framing_free(&t->stream->in);
        free(t->stream);
        t->stream = NULL;
    }
    t->at = TAIL_BEGINNING;
    t->form = TRAIL_FORM_UNDECIDED;
    t->raw = 0;
    t->head = t->end = (struct tail_mark){0};
    t->newest = TRAIL_NO_TIME;
    t->told = t->written = false;
    t->changed = true;
}

/* ---- by which it is known ---- */

static struct tail_mark mark_of(const void *p, size_t n)
{
    return (struct tail_mark){n, siphash(&SIPHASH_FIXED, p, n)};
}

static bool same_mark(struct tail_mark a, struct tail_mark b)
{
    return a.n == b.n && (a.n == 0 || a.hash == b.hash);
}

/* Reads as many bytes as there are, up to n. */
static size_t read_at(int fd, char *to, size_t n, uint64_t offset)
{
    size_t have = 0;
    while (have < n) {
        ssize_t got = pread(fd, to + have, n - have, (off_t)(offset + have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    return have;
}

static struct tail_mark mark_at(int fd, uint64_t offset, size_t n)
{
    char bytes[TAIL_HEAD];
    return mark_of(bytes, read_at(fd, bytes, n, offset));
}

static bool has_marks(const struct tail *t, int fd)
{
    return same_mark(mark_at(fd, 0, t->head.n), t->head) &&
           same_mark(mark_at(fd, t->raw - t->end.n, t->end.n), t->end);
}

/* Takes the marks of what has been read. */
static void take_marks(struct tail *t)
{
    size_t n_end = t->raw < TAIL_END ? (size_t)t->raw : TAIL_END;
    if (t->head.n < TAIL_HEAD)
        t->head = mark_at(t->fd, 0, t->raw < TAIL_HEAD ? (size_t)t->raw : TAIL_HEAD);
    t->end = mark_at(t->fd, t->raw - n_end, n_end);
}

/* ---- reading ---- */

static bool is_compressed(enum trail_form form)
{
    return form == TRAIL_GZIP || form == TRAIL_ZSTD;
}

/* Compressed data are inflated from their beginning, and what was taken is passed over. */
static void begin_stream(struct tail *t, struct stream *s)
{
    struct so_far so_far = t->at.so_far;
    if (t->form == TRAIL_PLAIN && t->at.offset > 0) {
        worker_stream_begin_at(s, &so_far, t->at.skip, t->at.offset, &t->at.stand);
        t->raw = t->at.offset;
        return;
    }
    so_far.records = 0;
    worker_stream_begin(s, &so_far, t->at.so_far.records + t->at.skip);
    t->raw = 0;
}

static bool make_stream(struct tail *t)
{
    struct stream *s = calloc(1, sizeof *s);
    if (!s || !framing_init(&s->in, FIRST_WINDOW)) {
        if (s)
            framing_free(&s->in);
        free(s);
        return false;
    }
    begin_stream(t, s);
    t->stream = s;
    return true;
}

static int64_t changed_at(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

bool tail_may_have_more(const struct tail *t, const struct stat *st)
{
    return t->failing || (uint64_t)st->st_size != t->raw || changed_at(st) != t->written_at;
}

void tail_pass(struct tail *t, const struct stat *st)
{
    t->raw = (uint64_t)st->st_size;
    t->written_at = changed_at(st);
    if (t->fd >= 0)
        take_marks(t);
}

enum tail_opened tail_check(struct tail *t)
{
    struct stat st;
    if (fstat(t->fd, &st) != 0)
        return TAIL_FAILED;
    t->written_at = changed_at(&st);
    return (uint64_t)st.st_size < t->raw || !has_marks(t, t->fd) ? TAIL_OTHER : TAIL_OPEN;
}

enum tail_opened tail_open(struct tail *t)
{
    struct stat st;
    if (t->fd >= 0 && t->stream)
        return tail_check(t);
    if (t->fd < 0)
        t->fd = open(t->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (t->fd < 0)
        return errno == ENOENT ? TAIL_OTHER : TAIL_FAILED;
    if (fstat(t->fd, &st) != 0)
        return TAIL_FAILED;
    if (st.st_dev != t->device || st.st_ino != t->inode || !S_ISREG(st.st_mode))
        return TAIL_OTHER;
    enum tail_opened is = tail_check(t);
    if (is == TAIL_OPEN && !t->stream) {
        if (!make_stream(t))
            return TAIL_NO_MEMORY;
        take_marks(t);
    }
    return is;
}

ssize_t tail_read(struct tail *t, char *to, size_t room)
{
    ssize_t n;
    do
        n = pread(t->fd, to, room, (off_t)t->raw);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return n;
    t->raw += (uint64_t)n;
    t->told = false;
    t->changed = true;
    take_marks(t);
    return n;
}

void tail_settle(struct tail *t)
{
    struct stream *s = t->stream;
    struct trail_stand stand;
    uint64_t offset, before = t->at.so_far.records;
    if (!s)
        return;
    t->form = trail_reader_form(s->in.reader);
    if (trail_framer_rests(s->in.framer, &stand, &offset)) {
        t->at = (struct tail_position){offset, s->so_far, stand, s->skip};
        return;
    }
    t->at.so_far = s->so_far;
    t->at.so_far.records = before;
    t->at.skip = s->so_far.records + s->skip - before;
}

bool tail_is_cut(const struct tail *t)
{
    return t->stream && trail_reader_is_cut(t->stream->in.reader);
}

/* What the file at a path is; leaves it open. */
static enum trail_form form_at(const char *path, int *fd)
{
    unsigned char magic[4];
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    return *fd < 0 ? TRAIL_FORM_UNDECIDED
                   : trail_form_of(magic, read_at(*fd, (char *)magic, sizeof magic, 0));
}

void tail_resume(struct tail *t, const struct tail_position *position)
{
    int fd;
    tail_restart(t);
    t->at = *position;
    t->newest = position->so_far.newest;
    t->form = form_at(t->path, &fd);
    if (t->fd < 0)
        t->fd = fd;
    else if (fd >= 0)
        close(fd);
    if (t->form != TRAIL_PLAIN || t->fd < 0)
        return;
    t->raw = position->offset;
    take_marks(t);
}

/* ---- copies ---- */

/* Whether a file begins as this one does, when it is inflated. */
static bool begins_alike(const struct tail *t, const char *path)
{
    struct trail_reader *r = trail_reader_new(0, 0);
    bool alike = false;
    if (r && trail_reader_open(r, path)) {
        while (trail_reader_window(r)->n < t->head.n && trail_reader_fill(r, 0) == TRAIL_READ_MORE)
            ;
        const struct trail_window *w = trail_reader_window(r);
        alike = w->n >= t->head.n && same_mark(mark_of(w->p, t->head.n), t->head);
    }
    trail_reader_free(r);
    return alike;
}

bool tail_is_copy(const struct tail *t, const char *path)
{
    int fd;
    if (t->raw == 0 || t->form != TRAIL_PLAIN)
        return false;
    enum trail_form form = form_at(path, &fd);
    bool copy = form == TRAIL_PLAIN && has_marks(t, fd);
    if (fd >= 0)
        close(fd);
    return copy || (is_compressed(form) && begins_alike(t, path));
}

/* The bytes before a place, and how many there are. */
static struct tail_mark end_at(int fd, off_t place)
{
    size_t n = place < TAIL_END ? (size_t)place : TAIL_END;
    return mark_at(fd, (uint64_t)place - n, n);
}

/* The same of two open files. What was read of this one is looked at last: it may be emptied meanwhile. */
static bool has_left_copy(const struct tail *t, int fd, int other)
{
    struct stat ours, theirs;
    if (fstat(fd, &ours) != 0 || fstat(other, &theirs) != 0 || ours.st_dev != t->device ||
        ours.st_ino != t->inode)
        return false;
    bool more = theirs.st_size > ours.st_size;
    return (more || !same_mark(end_at(fd, theirs.st_size), end_at(other, theirs.st_size))) &&
           has_marks(t, fd);
}

bool tail_outgrew(const struct tail *t, const char *path)
{
    int other;
    enum trail_form form = form_at(path, &other);
    int fd = t->fd >= 0 ? t->fd : open(t->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool outgrew = form == TRAIL_PLAIN && fd >= 0 && has_left_copy(t, fd, other);
    if (other >= 0)
        close(other);
    if (fd >= 0 && fd != t->fd)
        close(fd);
    return outgrew;
}

void tail_take_over(struct tail *t, const struct tail *from)
{
    struct tail_position at = from->at;
    tail_resume(t, &at);
}

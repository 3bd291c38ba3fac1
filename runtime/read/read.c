/*
 * read.c - one input's bytes, from a file or pushed, inflated into a window that slides.
 *
 * Needs: a path or pushed pieces. Guarantees: bytes in order and once each; TRAIL_PADDING zero bytes behind
 * the window's last one; memory of at most the window's limit, one piece of compressed bytes and the
 * inflaters' own; or what was asked for to inflate files at once.
 *
 * Bytes travel  file or push -> raw piece -> (inflater) -> window.  A plain file is read into the window
 * directly. Of a file that is inflated at once the piece is all of it, and the window what came out.
 */
#include "read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "at_once.h"
#include "folder.h"
#include "inflate.h"

#define FIRST_WINDOW ((size_t)256 * 1024)
#define LIMIT_WINDOW ((size_t)4 * TRAIL_MAX_RECORD)
#define RAW_PIECE    ((size_t)128 * 1024)
#define MAGIC        4                   /* bytes that tell the form */
#define LEND         ((size_t)16 * 1024) /* from so many pushed bytes on the window may be where they are */
#define STEP         ((size_t)4096)      /* bytes that are copied to end what began in the piece before */

/* The piece of the input that was read or pushed and not used yet. */
struct raw {
    const unsigned char *p;
    size_t n;
    uint64_t before; /* bytes of the input up to the piece's end */
};

struct trail_reader {
    int fd;        /* -1: pushed, or none */
    uint64_t size; /* of the file when it was opened; UINT64_MAX: not known */
    struct trail_folder folder;
    bool owns_fd;
    bool pushed;
    bool input_over; /* raw bytes: there are no more */
    bool over;       /* nothing more goes into the window */
    bool troubled;   /* a problem waits to be told */
    bool failed;     /* the system's fault */
    enum trail_form form;
    struct raw raw;
    struct raw waiting; /* pushed while the magic bytes are looked at */
    size_t taken;       /* bytes of the piece that have come into the window */
    bool lends;         /* the window may be pushed bytes themselves */
    unsigned char magic[MAGIC];
    size_t n_magic;
    unsigned char *piece; /* for compressed files */
    size_t piece_room;
    struct trail_inflater inflater;
    struct trail_at_once at_once;
    size_t most_at_once;
    char *buffer;
    size_t start; /* of the window, in the buffer */
    size_t room, limit;
    bool borrowed; /* the window is somebody else's memory */
    struct trail_window window;
    char problem[192];
};

struct trail_reader *trail_reader_new(size_t first, size_t limit)
{
    struct trail_reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->fd = -1;
    r->folder = TRAIL_NO_FOLDER;
    r->over = true;
    r->limit = limit ? limit : LIMIT_WINDOW;
    r->room = first ? first : FIRST_WINDOW;
    if (r->room > r->limit)
        r->room = r->limit;
    r->buffer = calloc(1, r->room + TRAIL_PADDING);
    r->window.p = r->buffer;
    if (!r->buffer) {
        free(r);
        return NULL;
    }
    return r;
}

void trail_reader_free(struct trail_reader *r)
{
    if (!r)
        return;
    trail_reader_close(r);
    trail_folder_free(&r->folder);
    trail_inflater_free(&r->inflater);
    trail_at_once_free(&r->at_once);
    free(r->piece);
    free(r->buffer);
    free(r);
}

/* ---- an input's beginning and end ---- */

static void start(struct trail_reader *r)
{
    trail_reader_close(r);
    r->pushed = r->input_over = r->over = r->troubled = r->failed = r->borrowed = r->lends = false;
    r->size = UINT64_MAX;
    r->taken = 0;
    r->form = TRAIL_FORM_UNDECIDED;
    r->raw = r->waiting = (struct raw){0};
    r->n_magic = 0;
    r->start = 0;
    r->window = (struct trail_window){.p = r->buffer};
    memset(r->buffer, 0, TRAIL_PADDING);
    r->problem[0] = 0;
}

bool trail_reader_open(struct trail_reader *r, const char *path)
{
    start(r);
    r->owns_fd = strcmp(path, "-") != 0;
    r->fd = r->owns_fd ? trail_folder_open(&r->folder, path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
    if (r->fd >= 0)
        return true;
    snprintf(r->problem, sizeof r->problem, "cannot be opened: %s", strerror(errno));
    r->over = r->failed = true;
    return false;
}

bool trail_reader_open_file(struct trail_reader *r, const char *path, struct stat *status)
{
    start(r);
    r->fd = trail_folder_open(&r->folder, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    r->owns_fd = true;
    if (r->fd >= 0 && fstat(r->fd, status) == 0 && S_ISREG(status->st_mode)) {
        r->size = (uint64_t)status->st_size;
        return true;
    }
    trail_reader_close(r);
    return false;
}

void trail_reader_at_once(struct trail_reader *r, size_t most)
{
    r->most_at_once = most;
}

/* How many bytes a gzip file says that it inflates to; 0: it is not for inflating at once. */
static size_t claimed(int fd, uint64_t size, size_t most)
{
    unsigned char claim[TRAIL_GZIP_CLAIM];
    if (size < sizeof claim || size > most ||
        pread(fd, claim, sizeof claim, (off_t)(size - sizeof claim)) != sizeof claim)
        return 0;
    return trail_at_once_size((size_t)size, claim, most);
}

bool trail_reader_is_at_once(const char *path, uint64_t size, size_t most)
{
    unsigned char magic[MAGIC];
    int fd = size > most ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool fits = fd >= 0 && pread(fd, magic, sizeof magic, 0) == sizeof magic &&
                trail_form_of(magic, sizeof magic) == TRAIL_GZIP && claimed(fd, size, most) > 0;
    if (fd >= 0)
        close(fd);
    return fits;
}

int trail_reader_status(struct trail_reader *r, const char *path, struct stat *status)
{
    return trail_folder_stat(&r->folder, path, status);
}

void trail_reader_open_push(struct trail_reader *r)
{
    start(r);
    r->pushed = true;
}

void trail_reader_lend(struct trail_reader *r)
{
    r->lends = true;
}

void trail_reader_open_at(struct trail_reader *r, const char *p, size_t n, uint64_t offset)
{
    trail_reader_open_push(r);
    r->form = TRAIL_PLAIN;
    r->borrowed = n > 0;
    r->window = (struct trail_window){n > 0 ? p : r->buffer, n, offset};
}

void trail_reader_push_problem(struct trail_reader *r, const char *what)
{
    snprintf(r->problem, sizeof r->problem, "%s", what);
    r->troubled = true;
}

void trail_reader_push(struct trail_reader *r, const char *p, size_t n)
{
    if (!n)
        r->input_over = true;
    else
        r->waiting = (struct raw){(const unsigned char *)p, n, r->waiting.before + n};
}

void trail_reader_close(struct trail_reader *r)
{
    if (r->fd >= 0 && r->owns_fd)
        close(r->fd);
    r->fd = -1;
    r->over = true;
}

const struct trail_window *trail_reader_window(const struct trail_reader *r)
{
    return &r->window;
}

struct trail_read_problem trail_reader_problem(const struct trail_reader *r)
{
    return (struct trail_read_problem){r->problem, trail_reader_bytes(r)};
}

uint64_t trail_reader_bytes(const struct trail_reader *r)
{
    return r->window.offset + r->window.n;
}

uint64_t trail_reader_stored(const struct trail_reader *r)
{
    return r->raw.before - r->raw.n;
}

enum trail_form trail_reader_form(const struct trail_reader *r)
{
    return r->form;
}

bool trail_reader_is_cut(const struct trail_reader *r)
{
    bool compressed = r->form == TRAIL_GZIP || r->form == TRAIL_ZSTD;
    return compressed && !r->over && !trail_inflater_complete(&r->inflater);
}

/* ---- trouble ---- */

/* Notes a problem; `last`: the input ends with it. */
static void trouble(struct trail_reader *r, const char *what, bool last)
{
    if (r->form == TRAIL_PLAIN || r->form == TRAIL_FORM_UNDECIDED)
        snprintf(r->problem, sizeof r->problem, "%s", what);
    else
        snprintf(r->problem, sizeof r->problem, "%s, at byte %" PRIu64 " of the compressed input", what,
                 r->raw.before - r->raw.n);
    r->troubled = true;
    r->over = r->over || last;
}

static void system_trouble(struct trail_reader *r)
{
    char what[128];
    snprintf(what, sizeof what, "cannot be read further: %s", strerror(errno));
    r->failed = true;
    trouble(r, what, true);
}

/* ---- the window ---- */

static char *window_end(const struct trail_reader *r)
{
    return r->buffer + r->start + r->window.n;
}

static size_t room_behind(const struct trail_reader *r)
{
    return r->room - r->start - r->window.n;
}

/* n more bytes stand behind the window: they belong to it. */
static void window_took(struct trail_reader *r, size_t n)
{
    r->window.n += n;
    memset(window_end(r), 0, TRAIL_PADDING);
}

static void move_to_front(struct trail_reader *r)
{
    memmove(r->buffer, r->buffer + r->start, r->window.n + TRAIL_PADDING);
    r->start = 0;
    r->window.p = r->buffer;
}

static bool grow(struct trail_reader *r)
{
    size_t room = r->room > r->limit / 2 ? r->limit : r->room * 2;
    char *buffer = malloc(room + TRAIL_PADDING);
    if (!buffer)
        return false;
    memcpy(buffer, r->window.p, r->window.n + TRAIL_PADDING);
    free(r->buffer);
    r->buffer = buffer;
    r->room = room;
    r->start = 0;
    r->window.p = buffer;
    return true;
}

/*
 * Room for what comes next: a quarter of the buffer, if the limit allows. Bytes are moved only when
 * that frees as much, so pieces of one byte do not cost a move each.
 */
static enum trail_read make_room(struct trail_reader *r)
{
    size_t want = r->room / 4;
    if (room_behind(r) > want)
        return TRAIL_READ_MORE;
    if (r->start > want || (r->start && r->room == r->limit))
        move_to_front(r);
    if (room_behind(r) <= want && r->room < r->limit && !grow(r))
        return TRAIL_READ_NO_MEMORY;
    return room_behind(r) ? TRAIL_READ_MORE : TRAIL_READ_FULL;
}

bool trail_reader_keep(struct trail_reader *r)
{
    if (!r->borrowed)
        return true;
    if (r->room < r->window.n) {
        char *buffer = malloc(r->window.n + TRAIL_PADDING);
        if (!buffer)
            return false;
        free(r->buffer);
        r->buffer = buffer;
        r->room = r->window.n;
    }
    memcpy(r->buffer, r->window.p, r->window.n);
    memset(r->buffer + r->window.n, 0, TRAIL_PADDING);
    r->start = 0;
    r->window.p = r->buffer;
    r->borrowed = false;
    return true;
}

/* Pushed bytes go behind those of a window of our own. */
static enum trail_read leave_borrowed(struct trail_reader *r)
{
    if (r->pushed && !r->waiting.n && !r->raw.n)
        return r->input_over ? TRAIL_READ_END : TRAIL_READ_WAIT;
    return trail_reader_keep(r) ? TRAIL_READ_MORE : TRAIL_READ_NO_MEMORY;
}

char *trail_reader_swap(struct trail_reader *r, char *buffer, size_t drop)
{
    char *full = r->buffer;
    size_t rest = r->window.n - drop;
    if (rest > 0)
        memcpy(buffer, r->window.p + drop, rest);
    memset(buffer + rest, 0, TRAIL_PADDING);
    r->buffer = buffer;
    r->start = 0;
    r->window = (struct trail_window){buffer, rest, r->window.offset + drop};
    return full;
}

void trail_reader_shrink(struct trail_reader *r, size_t first)
{
    char *buffer = r->room > first ? malloc(first + TRAIL_PADDING) : NULL;
    if (!buffer)
        return;
    free(r->buffer);
    r->buffer = buffer;
    r->room = first;
    start(r);
    r->over = true;
}

/* ---- raw bytes ---- */

/* Reads from the file; 0: nothing, and r->input_over or r->troubled says why. Where a read comes short and
 * the file had no more bytes, it is not asked again. */
static size_t read_file(struct trail_reader *r, void *to, size_t n)
{
    for (;;) {
        ssize_t got = read(r->fd, to, n);
        if (got > 0) {
            r->input_over = (size_t)got < n && r->raw.before + (size_t)got == r->size;
            return (size_t)got;
        }
        if (got == 0) {
            r->input_over = true;
            return 0;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK)
            poll(&(struct pollfd){.fd = r->fd, .events = POLLIN}, 1, -1);
        else if (errno != EINTR)
            break;
    }
    system_trouble(r);
    return 0;
}

/* Makes the piece's memory as large as that; the first bytes that it has stay. */
static bool piece_room(struct trail_reader *r, size_t room, size_t have)
{
    if (r->piece_room == room)
        return true;
    unsigned char *piece = malloc(room);
    if (!piece)
        return false;
    if (have > 0)
        memcpy(piece, r->piece, have);
    free(r->piece);
    r->piece = piece;
    r->piece_room = room;
    return true;
}

/* The next raw piece, when the last one is used up. MORE: r->raw is not empty; END: there are no more. */
static enum trail_read next_piece(struct trail_reader *r)
{
    if (r->raw.n)
        return TRAIL_READ_MORE;
    if (r->waiting.n) {
        r->raw = r->waiting;
        r->waiting.n = 0;
        r->taken = 0;
        return TRAIL_READ_MORE;
    }
    if (r->input_over || r->over)
        return TRAIL_READ_END;
    if (r->pushed)
        return TRAIL_READ_WAIT;
    if (!r->piece_room && !piece_room(r, RAW_PIECE, 0))
        return TRAIL_READ_NO_MEMORY;
    size_t got = read_file(r, r->piece, RAW_PIECE);
    r->raw = (struct raw){r->piece, got, r->raw.before + got};
    return got ? TRAIL_READ_MORE : r->troubled ? TRAIL_READ_DAMAGED : TRAIL_READ_END;
}

/* Makes the piece as large as the file, of which it has the first bytes and `size` will come out. What
 * files before this one left is given back where it would be too much with that. */
static bool room_at_once(struct trail_reader *r, size_t have, size_t size)
{
    size_t stored = r->size > RAW_PIECE ? (size_t)r->size : RAW_PIECE;
    size_t piece = r->piece_room > stored ? r->piece_room : stored;
    size_t out = r->at_once.room > size ? r->at_once.room : size;
    if (piece + out > r->most_at_once) {
        trail_at_once_free(&r->at_once);
        piece = stored;
    }
    return piece_room(r, piece, have);
}

/* The first bytes of the file are in the piece: gets all of them there that are missing. *size: how many
 * it says that come out. False: it is more than it was, or less, or too much. What is wrong with it shows
 * when it is read on. */
static bool read_whole(struct trail_reader *r, size_t *size)
{
    struct stat status;
    size_t used = (size_t)(r->raw.p - r->piece), have = used + r->raw.n;
    if (r->size == UINT64_MAX && fstat(r->fd, &status) == 0 && S_ISREG(status.st_mode))
        r->size = (uint64_t)status.st_size;
    *size = have == r->raw.before && have <= r->size ? claimed(r->fd, r->size, r->most_at_once) : 0;
    if (!*size || !room_at_once(r, have, *size))
        return false;
    while (have < r->size) {
        ssize_t got = read(r->fd, r->piece + have, (size_t)r->size - have);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        have += got > 0 ? (size_t)got : 0;
    }
    r->raw = (struct raw){r->piece + used, have - used, have};
    return have == r->size;
}

/* The window becomes all of a gzip file's first member, which most have alone. False: it is inflated as a
 * stream. */
static bool inflate_at_once(struct trail_reader *r)
{
    size_t used, made, size;
    if (!r->most_at_once || r->pushed || !read_whole(r, &size) ||
        !trail_at_once(&r->at_once, r->piece, (size_t)r->size, size, &used, &made) || !made)
        return false;
    trail_inflater_passed(&r->inflater);
    r->raw = (struct raw){r->piece + used, (size_t)r->size - used, r->size};
    r->window = (struct trail_window){r->at_once.out, made, 0};
    r->borrowed = true;
    return true;
}

/* Takes bytes from the raw piece one at a time until they tell the form; what was taken is the first piece
 * then. */
static enum trail_read decide_form(struct trail_reader *r)
{
    while (r->form == TRAIL_FORM_UNDECIDED) {
        enum trail_read got = next_piece(r);
        if (got == TRAIL_READ_END)
            r->form = TRAIL_PLAIN;
        else if (got != TRAIL_READ_MORE)
            return got;
        else {
            r->magic[r->n_magic++] = *r->raw.p++;
            r->raw.n--;
            r->form = trail_form_of(r->magic, r->n_magic);
        }
    }
    if (r->form != TRAIL_PLAIN && !trail_inflater_start(&r->inflater, r->form))
        return TRAIL_READ_NO_MEMORY;
    if (r->form == TRAIL_GZIP && inflate_at_once(r))
        return TRAIL_READ_MORE;
    r->waiting = r->raw;
    r->raw = (struct raw){r->magic, r->n_magic, r->n_magic};
    return TRAIL_READ_MORE;
}

/* ---- from raw bytes to the window ---- */

static bool may_lend(const struct trail_reader *r)
{
    return r->lends && r->raw.n >= LEND;
}

/* All that the window holds is of the piece: it moves there. The last bytes of the piece are the padding, and
 * copied when the others have been used. */
static enum trail_read lend(struct trail_reader *r)
{
    size_t n = r->raw.n - TRAIL_PADDING;
    r->window.p = (const char *)r->raw.p - r->window.n;
    r->window.n += n;
    r->raw.p += n;
    r->raw.n -= n;
    r->taken += n;
    r->borrowed = true;
    return TRAIL_READ_MORE;
}

static enum trail_read fill_plain(struct trail_reader *r)
{
    if (!r->raw.n && !r->waiting.n && !r->pushed && !r->input_over) {
        size_t got = read_file(r, window_end(r), room_behind(r));
        r->raw.before += got;
        window_took(r, got);
        return got ? TRAIL_READ_MORE : r->troubled ? TRAIL_READ_DAMAGED : TRAIL_READ_END;
    }
    enum trail_read got = next_piece(r);
    if (got != TRAIL_READ_MORE)
        return got;
    if (may_lend(r) && r->window.n <= r->taken)
        return lend(r);
    size_t n = r->raw.n < room_behind(r) ? r->raw.n : room_behind(r);
    if (may_lend(r) && n > STEP + r->window.n)
        n = STEP + r->window.n;
    memcpy(window_end(r), r->raw.p, n);
    r->raw.p += n;
    r->raw.n -= n;
    r->taken += n;
    window_took(r, n);
    return TRAIL_READ_MORE;
}

/* The input is over: was the compressed stream? */
static enum trail_read end_inflated(struct trail_reader *r)
{
    if (trail_inflater_complete(&r->inflater))
        return TRAIL_READ_END;
    trouble(r, r->form == TRAIL_GZIP ? "truncated gzip data" : "truncated zstd data", true);
    return TRAIL_READ_DAMAGED;
}

static enum trail_read fill_inflated(struct trail_reader *r)
{
    for (;;) {
        const char *why = NULL;
        struct trail_flow flow = {r->raw.p, r->raw.n, window_end(r), room_behind(r)};
        enum trail_inflated did = trail_inflate(&r->inflater, &flow, &why);
        size_t made = room_behind(r) - flow.n_out;
        r->raw.p = flow.in;
        r->raw.n = flow.n_in;
        window_took(r, made);
        if (did == TRAIL_INFLATE_NO_MEMORY)
            return TRAIL_READ_NO_MEMORY;
        if (did == TRAIL_INFLATE_DAMAGED || did == TRAIL_INFLATE_BROKEN)
            trouble(r, why, did == TRAIL_INFLATE_BROKEN);
        if (made)
            return TRAIL_READ_MORE;
        if (r->troubled)
            return TRAIL_READ_DAMAGED;
        if (did != TRAIL_INFLATE_STARVED)
            continue;
        if (r->raw.n) { /* starved with a full plate: never right, and never a loop */
            trouble(r, "damaged compressed data", true);
            return TRAIL_READ_DAMAGED;
        }
        enum trail_read got = next_piece(r);
        if (got != TRAIL_READ_MORE)
            return got == TRAIL_READ_END ? end_inflated(r) : got;
    }
}

enum trail_read trail_reader_fill(struct trail_reader *r, size_t drop)
{
    r->window.p += drop;
    r->window.n -= drop;
    r->window.offset += drop;
    r->start += drop;
    if (!r->window.n) {
        r->start = 0;
        r->window.p = r->buffer;
        r->borrowed = false;
    }
    enum trail_read result = TRAIL_READ_MORE;
    if (r->troubled)
        result = TRAIL_READ_DAMAGED;
    else if (r->over)
        result = TRAIL_READ_END;
    else if (r->form == TRAIL_FORM_UNDECIDED) {
        result = decide_form(r);
        if (result == TRAIL_READ_MORE && r->window.n > 0)
            return result; /* at once */
    }
    if (result == TRAIL_READ_MORE && r->borrowed)
        result = leave_borrowed(r);
    if (result == TRAIL_READ_MORE)
        result = make_room(r);
    if (result == TRAIL_READ_MORE)
        result = r->form == TRAIL_PLAIN ? fill_plain(r) : fill_inflated(r);
    if (result == TRAIL_READ_DAMAGED)
        r->troubled = false;
    if (result == TRAIL_READ_END)
        r->over = true;
    return result;
}

bool trail_reader_failed(const struct trail_reader *r)
{
    return r->failed;
}

bool trail_reader_shares(const struct trail_reader *r, int *fd, uint64_t *size)
{
    struct stat status;
    if (r->fd < 0 || !r->owns_fd || r->form != TRAIL_PLAIN || fstat(r->fd, &status) != 0 ||
        !S_ISREG(status.st_mode))
        return false;
    *fd = r->fd;
    *size = (uint64_t)status.st_size;
    return true;
}

bool trail_reader_seek(struct trail_reader *r, uint64_t offset)
{
    if (r->fd < 0 || r->form != TRAIL_PLAIN || offset > INT64_MAX ||
        lseek(r->fd, (off_t)offset, SEEK_SET) < 0)
        return false;
    r->raw = r->waiting = (struct raw){.before = offset};
    r->input_over = false;
    r->start = 0;
    r->window = (struct trail_window){.p = r->buffer, .offset = offset};
    memset(r->buffer, 0, TRAIL_PADDING);
    return true;
}

void trail_reader_skip(struct trail_reader *r, uint64_t offset)
{
    bool sought = false;
    while (trail_reader_bytes(r) < offset) {
        enum trail_read got = trail_reader_fill(r, r->window.n);
        if (got != TRAIL_READ_MORE && got != TRAIL_READ_DAMAGED)
            return;
        if (!sought && trail_reader_bytes(r) < offset && trail_reader_seek(r, offset))
            return;
        sought = true;
    }
    size_t drop = (size_t)(offset - r->window.offset);
    r->window.p += drop;
    r->window.n -= drop;
    r->window.offset += drop;
    r->start += drop;
    if (!r->borrowed)
        move_to_front(r);
}

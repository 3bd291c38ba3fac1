/*
 * read.h - the bytes of one input, inflated: gzip, zstd or plain, told apart by their first bytes, never by a
 * name.
 *
 * The bytes are seen through a window that its user slides: [p, p + n) are inflated bytes, the first of them
 * at `offset` of the input, and at least TRAIL_PADDING readable bytes follow, zero where the input has none.
 * Filling keeps what the user still needs and appends what comes next; the window grows up to its limit, so
 * memory is bounded by the limit and the user's patience, never by the input.
 *
 * Bytes come from a path, or are pushed in pieces of any size. One reader serves any number of inputs, one
 * after the other, and keeps its memory between them.
 *
 * gzip: RFC 1952, any number of members; zero bytes behind the last one are padding. zstd: RFC 8878, any
 * number of frames, skippable ones too, windows up to 128 MiB. Damage is told once a place: what could be
 * inflated before it has been in the window by then. After a wrong checksum reading goes on with the next
 * member; after damage inside the compressed data nothing more can be inflated and the input ends there.
 */
#ifndef TRAIL_READ_H
#define TRAIL_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "inflate.h"
#include "trail/limits.h"

struct trail_reader;

enum trail_read {
    TRAIL_READ_MORE,      /* the window has at least one byte more */
    TRAIL_READ_END,       /* no byte will follow the window's last one */
    TRAIL_READ_WAIT,      /* pushed input: the window holds all that was pushed; push more */
    TRAIL_READ_DAMAGED,   /* trail_reader_problem() says what; fill again to go on behind it */
    TRAIL_READ_FULL,      /* the window is at its limit: keep less */
    TRAIL_READ_NO_MEMORY, /* it could not grow */
};

struct trail_window {
    const char *p; /* moves with each fill */
    size_t n;
    uint64_t offset; /* of p[0] in the inflated input */
};

/* What went wrong. One line of our own words and the system's, no bytes of the input, no path. */
struct trail_read_problem {
    const char *text;
    uint64_t offset; /* in inflated bytes: how far the input could be read */
};

/* `first` and `limit` are window sizes in bytes; 0: the defaults, which hold several of the longest records.
 * NULL: no memory. */
struct trail_reader *trail_reader_new(size_t first, size_t limit);
void trail_reader_free(struct trail_reader *);

/* Lets gzip files be inflated at once, which is faster, where that takes no more than `most` bytes
 * (at_once.h). 0: none, as at first. */
void trail_reader_at_once(struct trail_reader *, size_t most);

/* Whether the file would be, by what it says. */
bool trail_reader_is_at_once(const char *path, uint64_t size, size_t most);

/* Starts an input: a file, a pipe, or "-" for standard input. false: it cannot be opened, and
 * trail_reader_problem() says why. */
bool trail_reader_open(struct trail_reader *, const char *path);

/* The same for what was a regular file when it was listed; `*status` is the file's. Never waits for anybody
 * to write to it. false: it is none, or cannot be opened so; nothing has been told. */
bool trail_reader_open_file(struct trail_reader *, const char *path, struct stat *status);

/* stat(), quicker where the reader opens files of the same directory. */
int trail_reader_status(struct trail_reader *, const char *path, struct stat *);

/* Right behind trail_reader_open: leaves out so many inflated bytes. What is wrong in them is not told. An
 * input that has fewer ends. */
void trail_reader_skip(struct trail_reader *, uint64_t offset);

/* A plain regular file that was opened by its path can be read by several threads: its descriptor, which
 * stays the reader's, and its size now. False: it is none, or its first bytes have not been asked for yet. */
bool trail_reader_shares(const struct trail_reader *, int *fd, uint64_t *size);

/* The same file: the window is empty, and what comes next is at the offset. False: nothing has changed. */
bool trail_reader_seek(struct trail_reader *, uint64_t offset);

/* Whether the system could not open or read the input to its end. */
bool trail_reader_failed(const struct trail_reader *);

/* Starts an input whose bytes are pushed. */
void trail_reader_open_push(struct trail_reader *);

/* Of a pushed input: plain bytes need not be copied, the window may be where they were pushed from. */
void trail_reader_lend(struct trail_reader *);

/* Hands over the next bytes; borrowed until a fill answers TRAIL_READ_WAIT (or END), which is also when the
 * next push may come. n 0 ends the input. */
void trail_reader_push(struct trail_reader *, const char *p, size_t n);

/* Starts an input in the middle: plain bytes from `offset` on, which are the window as they stand, with
 * TRAIL_PADDING bytes behind them, and are borrowed until it is trail_reader_keep's, or empty. What follows
 * is pushed. */
void trail_reader_open_at(struct trail_reader *, const char *p, size_t n, uint64_t offset);

/* The window becomes memory of the reader's own. false: there is none. */
bool trail_reader_keep(struct trail_reader *);

/* Pushed input, behind a fill that answered TRAIL_READ_WAIT: the next fill answers TRAIL_READ_DAMAGED, for
 * this reason. */
void trail_reader_push_problem(struct trail_reader *, const char *what);

/* Ends the input, closes its file. Also done by opening the next. */
void trail_reader_close(struct trail_reader *);

/* Drops the window's first `drop` bytes and appends what comes next. */
enum trail_read trail_reader_fill(struct trail_reader *, size_t drop);

/* For a reader whose `first` is its `limit`, and that is not told to drop by fills: hands over the memory
 * that the window begins in, and goes on in another one of limit + TRAIL_PADDING bytes with what is behind
 * `drop`. */
char *trail_reader_swap(struct trail_reader *, char *buffer, size_t drop);

/* Between inputs: gives memory back, down to windows of `first` bytes. */
void trail_reader_shrink(struct trail_reader *, size_t first);

/* The window as it is; the struct stays where it is, its contents change with each fill. */
const struct trail_window *trail_reader_window(const struct trail_reader *);

struct trail_read_problem trail_reader_problem(const struct trail_reader *);

/* What the input is; undecided while its first bytes do not tell. */
enum trail_form trail_reader_form(const struct trail_reader *);

/* Pushed input: whether a compressed stream would be cut off if nothing more came. */
bool trail_reader_is_cut(const struct trail_reader *);

/* Inflated bytes of this input that have been in the window. */
uint64_t trail_reader_bytes(const struct trail_reader *);

/* Bytes of this input as it is stored, compressed or not, that have been used up. */
uint64_t trail_reader_stored(const struct trail_reader *);

#endif

/*
 * reading.h - what a reader makes of an input, pushed in pieces or from a file, to compare.
 */
#ifndef READING_H
#define READING_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "packed.h"
#include "read/read.h"
#include "recorder.h"

/* What a whole input gave. */
struct result {
    struct bytes bytes;
    size_t room;
    size_t problems;
    char first[200]; /* problem */
    uint64_t offset; /* of the first problem */
};

static inline void result_free(struct result *r)
{
    free(r->bytes.p);
}

/* Check notes each assertion in a file: what is asserted for each byte is asserted only when it fails. */
static inline void take(struct result *result, struct trail_reader *r)
{
    static const char zeros[TRAIL_PADDING];
    const struct trail_window *w = trail_reader_window(r);
    if (memcmp(w->p + w->n, zeros, TRAIL_PADDING) != 0 || w->offset != result->bytes.n)
        ck_abort_msg("window at %zu of %zu bytes", (size_t)w->offset, w->n);
    if (result->bytes.n + w->n > result->room) {
        result->room = (result->bytes.n + w->n) * 2;
        result->bytes.p = realloc(result->bytes.p, result->room);
        ck_assert_ptr_nonnull(result->bytes.p);
    }
    memcpy(result->bytes.p + result->bytes.n, w->p, w->n);
    result->bytes.n += w->n;
}

/* Fills until the reader wants something or is at the end. */
static inline enum trail_read drain(struct trail_reader *r, struct result *result)
{
    for (;;) {
        enum trail_read got = trail_reader_fill(r, trail_reader_window(r)->n);
        if (got == TRAIL_READ_MORE) {
            take(result, r);
        } else if (got == TRAIL_READ_DAMAGED) {
            struct trail_read_problem problem = trail_reader_problem(r);
            if (!result->problems++) {
                snprintf(result->first, sizeof result->first, "%s", problem.text);
                result->offset = problem.offset;
            }
            if (result->problems > 100)
                ck_abort_msg("problems without end");
        } else {
            return got;
        }
    }
}

/* Pushes the input in pieces of `piece` bytes, or of random sizes (0). */
static inline struct result pushed(struct trail_reader *r, struct bytes input, size_t piece)
{
    struct result result = {0};
    uint64_t random = input.n;
    trail_reader_open_push(r);
    for (size_t i = 0; i < input.n;) {
        size_t n = piece ? piece : next_random(&random) % 700 + 1;
        if (n > input.n - i)
            n = input.n - i;
        char *copy = malloc(n); /* so that a byte read behind the piece, or after its time, is seen */
        if (!copy)
            ck_abort_msg("no memory");
        memcpy(copy, input.p + i, n);
        trail_reader_push(r, copy, n);
        enum trail_read got = drain(r, &result);
        if (got != TRAIL_READ_WAIT && got != TRAIL_READ_END)
            ck_abort_msg("fill answered %d", (int)got);
        free(copy);
        i += n;
    }
    trail_reader_push(r, NULL, 0);
    ck_assert_int_eq(drain(r, &result), TRAIL_READ_END);
    ck_assert_int_eq(drain(r, &result), TRAIL_READ_END);
    ck_assert_uint_eq(trail_reader_bytes(r), result.bytes.n);
    return result;
}

static inline struct result from_path(struct trail_reader *r, const char *path, size_t most_at_once)
{
    struct result result = {0};
    trail_reader_at_once(r, most_at_once);
    ck_assert(trail_reader_open(r, path));
    ck_assert_int_eq(drain(r, &result), TRAIL_READ_END);
    return result;
}

/* A file gives the same whether it may be inflated at once or not. */
static inline struct result from_file(struct trail_reader *r, struct bytes input)
{
    char path[32];
    write_temporary(path, input.p, input.n);
    struct result stream = from_path(r, path, 0), result = from_path(r, path, (size_t)8 << 20);
    unlink(path);
    ck_assert_uint_eq(stream.bytes.n, result.bytes.n);
    ck_assert_uint_eq(stream.problems, result.problems);
    ck_assert_str_eq(stream.first, result.first);
    ck_assert_uint_eq(stream.offset, result.offset);
    result_free(&stream);
    return result;
}

static inline void assert_gives(const char *what, struct result *result, struct bytes text,
                                const char *problem)
{
    ck_assert_msg(result->bytes.n == text.n &&
                      memcmp(result->bytes.p ? result->bytes.p : text.p, text.p, text.n) == 0,
                  "%s: %zu bytes, expected %zu", what, result->bytes.n, text.n);
    if (problem)
        ck_assert_msg(strstr(result->first, problem) != NULL, "%s: <%s>", what, result->first);
    else
        ck_assert_msg(result->problems == 0, "%s: <%s>", what, result->first);
}

/* However it comes, the input gives the text and the problem (NULL: none). Frees the input. */
static inline void assert_reads(const char *what, struct bytes input, struct bytes text, const char *problem)
{
    static const size_t windows[] = {16, 1000, 0}, sizes[] = {1, 3, 0, SIZE_MAX};
    for (size_t w = 0; w < 3; w++) {
        struct trail_reader *r = trail_reader_new(windows[w], 0);
        ck_assert_ptr_nonnull(r);
        for (size_t s = 0; s < 4; s++) {
            struct result result = pushed(r, input, sizes[s]);
            assert_gives(what, &result, text, problem);
            result_free(&result);
        }
        struct result result = from_file(r, input);
        assert_gives(what, &result, text, problem);
        result_free(&result);
        trail_reader_free(r);
    }
    free(input.p);
}

/* A text that deflates neither well nor badly. */
static inline struct bytes sample(size_t n)
{
    struct bytes text = {malloc(n + 64), n};
    ck_assert_ptr_nonnull(text.p);
    uint64_t random = 7;
    for (size_t i = 0; i < n;)
        i += (size_t)snprintf((char *)text.p + i, 64, "{\"eventID\":\"%u\",\"n\":%u}\n", next_random(&random),
                              (unsigned)i);
    return text;
}

static inline void append_to(const char *path, const char *text, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0666);
    ck_assert_int_eq(write(fd, text, n), (ssize_t)n);
    close(fd);
}

#endif

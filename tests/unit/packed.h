/*
 * packed.h - compressed texts for tests, and files to put them in.
 */
#ifndef PACKED_H
#define PACKED_H

#include <check.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

struct bytes {
    unsigned char *p;
    size_t n;
};

static inline struct bytes bytes_of(const void *p, size_t n)
{
    struct bytes b = {malloc(n ? n : 1), n};
    ck_assert_ptr_nonnull(b.p);
    if (n)
        memcpy(b.p, p, n);
    return b;
}

/* Both, one behind the other; frees them. */
static inline struct bytes joined(struct bytes a, struct bytes b)
{
    struct bytes both = {malloc(a.n + b.n + 1), a.n + b.n};
    ck_assert_ptr_nonnull(both.p);
    memcpy(both.p, a.p, a.n);
    memcpy(both.p + a.n, b.p, b.n);
    free(a.p);
    free(b.p);
    return both;
}

/* One gzip member. */
static inline struct bytes gzip_of(const void *p, size_t n)
{
    struct isal_zstream z;
    isal_deflate_stateless_init(&z);
    struct bytes b = {malloc(n + n / 8 + 1024), n + n / 8 + 1024};
    ck_assert_ptr_nonnull(b.p);
    z.next_in = (uint8_t *)(uintptr_t)p;
    z.avail_in = (uint32_t)n;
    z.next_out = b.p;
    z.avail_out = (uint32_t)b.n;
    z.gzip_flag = IGZIP_GZIP;
    z.end_of_stream = 1;
    ck_assert_int_eq(isal_deflate_stateless(&z), COMP_OK);
    b.n = z.total_out;
    return b;
}

/* One zstd frame with a checksum. */
static inline struct bytes zstd_of(const void *p, size_t n)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
    struct bytes b = {malloc(ZSTD_compressBound(n)), ZSTD_compressBound(n)};
    ck_assert_ptr_nonnull(b.p);
    b.n = ZSTD_compress2(z, b.p, b.n, p, n);
    ck_assert(!ZSTD_isError(b.n));
    ZSTD_freeCCtx(z);
    return b;
}

/* In so many members or frames. */
static inline struct bytes pieces_of(struct bytes pack(const void *, size_t), const void *p, size_t n,
                                     size_t count)
{
    struct bytes all = bytes_of("", 0);
    for (size_t i = 0; i < count; i++) {
        size_t from = n * i / count, to = n * (i + 1) / count;
        all = joined(all, pack((const char *)p + from, to - from));
    }
    return all;
}

/* Writes a file of its own below /tmp; path gets its name. */
static inline void write_temporary(char path[32], const void *p, size_t n)
{
    strcpy(path, "/tmp/trail-test-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    while (n) {
        ssize_t wrote = write(fd, p, n);
        ck_assert_int_gt(wrote, 0);
        p = (const char *)p + wrote;
        n -= (size_t)wrote;
    }
    close(fd);
}

/* A small generator of numbers, the same in every run. */
static inline uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

#endif

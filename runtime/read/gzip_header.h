/*
 * gzip_header.h - the header of a gzip member, RFC 1952 section 2.3, in pieces of any size.
 */
#ifndef TRAIL_GZIP_HEADER_H
#define TRAIL_GZIP_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum trail_gzip_part {
    TRAIL_GZIP_FIXED,
    TRAIL_GZIP_EXTRA_SIZE,
    TRAIL_GZIP_EXTRA,
    TRAIL_GZIP_NAME,
    TRAIL_GZIP_COMMENT,
    TRAIL_GZIP_SUM,
    TRAIL_GZIP_DATA
};

/* Zero is the beginning. */
struct trail_gzip_header {
    enum trail_gzip_part part;
    unsigned at;    /* bytes of the part that are passed */
    unsigned extra; /* bytes of the extra field */
    unsigned flags;
    unsigned sum; /* the checksum as it stands there */
    uint32_t crc; /* of the bytes passed */
};

enum trail_gzip_begun {
    TRAIL_GZIP_MORE, /* all n bytes are the header's */
    TRAIL_GZIP_DONE, /* the deflated data begin behind *used bytes */
    TRAIL_GZIP_NONE, /* not a gzip header */
    TRAIL_GZIP_METHOD,
    TRAIL_GZIP_WRONG_SUM,
};

enum trail_gzip_begun trail_gzip_header(struct trail_gzip_header *, const unsigned char *p, size_t n,
                                        size_t *used);

#endif

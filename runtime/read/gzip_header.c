/*
 * gzip_header.c - the header of a gzip member.
 *
 * Needs: its bytes in order. Guarantees: one pass, nothing kept but numbers; names and comments are passed
 * over.
 *
 * ISA-L reads headers too, but takes a header with a checksum for a damaged one when it comes in pieces.
 */
#include "gzip_header.h"

#include <isa-l/crc.h>

enum { HAS_SUM = 2, HAS_EXTRA = 4, HAS_NAME = 8, HAS_COMMENT = 16, RESERVED = 0xE0 };

#define FIXED_SIZE 10
#define DEFLATE    8

/* The part behind this one that the header has. */
static void next_part(struct trail_gzip_header *h)
{
    static const unsigned needs[] = {[TRAIL_GZIP_EXTRA_SIZE] = HAS_EXTRA,
                                     [TRAIL_GZIP_EXTRA] = HAS_EXTRA,
                                     [TRAIL_GZIP_NAME] = HAS_NAME,
                                     [TRAIL_GZIP_COMMENT] = HAS_COMMENT,
                                     [TRAIL_GZIP_SUM] = HAS_SUM};
    h->at = 0;
    do
        h->part++;
    while (h->part != TRAIL_GZIP_DATA &&
           (!(h->flags & needs[h->part]) || (h->part == TRAIL_GZIP_EXTRA && !h->extra)));
}

/* One byte of the ten that each header has. */
static enum trail_gzip_begun fixed(struct trail_gzip_header *h, unsigned char c)
{
    switch (h->at++) {
    case 0: return c == 0x1F ? TRAIL_GZIP_MORE : TRAIL_GZIP_NONE;
    case 1: return c == 0x8B ? TRAIL_GZIP_MORE : TRAIL_GZIP_NONE;
    case 2: return c == DEFLATE ? TRAIL_GZIP_MORE : TRAIL_GZIP_METHOD;
    case 3: h->flags = c; return c & RESERVED ? TRAIL_GZIP_NONE : TRAIL_GZIP_MORE;
    case FIXED_SIZE - 1: next_part(h); return TRAIL_GZIP_MORE;
    default: return TRAIL_GZIP_MORE;
    }
}

/* One byte of what some headers have. */
static enum trail_gzip_begun optional(struct trail_gzip_header *h, unsigned char c)
{
    unsigned place = h->at++;
    bool ends = false;
    switch (h->part) {
    case TRAIL_GZIP_EXTRA_SIZE:
        h->extra |= (unsigned)c << 8 * place;
        ends = place == 1;
        break;
    case TRAIL_GZIP_EXTRA: ends = h->at == h->extra; break;
    case TRAIL_GZIP_SUM:
        h->sum |= (unsigned)c << 8 * place;
        ends = place == 1;
        if (ends && h->sum != (h->crc & 0xFFFF))
            return TRAIL_GZIP_WRONG_SUM;
        break;
    default: /* a text */
        h->at = 0;
        ends = c == 0;
        break;
    }
    if (ends)
        next_part(h);
    return TRAIL_GZIP_MORE;
}

enum trail_gzip_begun trail_gzip_header(struct trail_gzip_header *h, const unsigned char *p, size_t n,
                                        size_t *used)
{
    enum trail_gzip_begun result = TRAIL_GZIP_MORE;
    size_t i = 0;
    while (i < n && h->part != TRAIL_GZIP_DATA && result == TRAIL_GZIP_MORE) {
        bool summed = h->part != TRAIL_GZIP_SUM;
        result = h->part == TRAIL_GZIP_FIXED ? fixed(h, p[i]) : optional(h, p[i]);
        if (summed)
            h->crc = crc32_gzip_refl(h->crc, p + i, 1);
        i++;
    }
    *used = i;
    return h->part == TRAIL_GZIP_DATA && result == TRAIL_GZIP_MORE ? TRAIL_GZIP_DONE : result;
}

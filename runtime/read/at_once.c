/*
 * at_once.c - a gzip member through libdeflate.
 *
 * Needs: bytes that nobody writes meanwhile. Guarantees: all of the member, or nothing; memory of what came
 * out last.
 */
#include "at_once.h"

#include <isa-l/crc.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "gzip_header.h"
#include "trail/limits.h"

#define TRAILER 8 /* the checksum, and the length modulo 2^32; RFC 1952, 2.3.1 */

static uint32_t number_at(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

size_t trail_at_once_size(size_t stored, const unsigned char *claim, size_t most)
{
    size_t size = number_at(claim);
    return stored <= size && stored <= most && size <= most - stored ? size : 0;
}

static bool make_room(struct trail_at_once *a, size_t size)
{
    if (!a->library)
        a->library = libdeflate_alloc_decompressor();
    if (a->room < size) {
        free(a->out);
        a->out = malloc(size + TRAIL_PADDING);
        a->room = a->out ? size : 0;
    }
    return a->library && a->out;
}

bool trail_at_once(struct trail_at_once *a, const unsigned char *p, size_t n, size_t size, size_t *used,
                   size_t *made)
{
    struct trail_gzip_header header = {0};
    size_t begin, deflated;
    if (trail_gzip_header(&header, p, n, &begin) != TRAIL_GZIP_DONE || n - begin < TRAILER ||
        !make_room(a, size))
        return false;
    if (libdeflate_deflate_decompress_ex(a->library, p + begin, n - begin - TRAILER, a->out, size, &deflated,
                                         made) != LIBDEFLATE_SUCCESS)
        return false;
    const unsigned char *trailer = p + begin + deflated;
    *used = begin + deflated + TRAILER;
    memset(a->out + *made, 0, TRAIL_PADDING);
    return number_at(trailer) == crc32_gzip_refl(0, (unsigned char *)a->out, *made) &&
           number_at(trailer + 4) == (uint32_t)*made;
}

void trail_at_once_free(struct trail_at_once *a)
{
    libdeflate_free_decompressor(a->library);
    free(a->out);
    *a = (struct trail_at_once){0};
}

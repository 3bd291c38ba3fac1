/*
 * at_once.h - a gzip member inflated at once, by libdeflate: in three quarters of the time that a stream
 * takes.
 *
 * It needs all of the member in memory, and all that comes out. So it is for files that say they are small;
 * most deliveries of CloudTrail's are. What a file says may be wrong, and the file damaged: then nothing has
 * happened, and the stream (inflate.h) is asked, which tells what is wrong and gives what is right before it.
 * What is given here has the length and the checksum that the member says.
 */
#ifndef TRAIL_AT_ONCE_H
#define TRAIL_AT_ONCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Keeps its memory from member to member. Zero-initialise. */
struct trail_at_once {
    struct libdeflate_decompressor *library;
    char *out; /* what came out, with TRAIL_PADDING zero bytes behind */
    size_t room;
};

/* Where a gzip file ends: how many bytes its last member has inflated. */
#define TRAIL_GZIP_CLAIM 4

/* How many bytes come out of a file of `stored` bytes that ends so, if it is one member. 0: it is not
 * (logs deflate), or they are more than `most` with those that are stored. */
size_t trail_at_once_size(size_t stored, const unsigned char *claim, size_t most);

/* Inflates the member that p begins with, if it comes to no more than `size` bytes: into `out`, *made
 * bytes. It ends behind *used bytes. False: not so; or there is no memory. */
bool trail_at_once(struct trail_at_once *, const unsigned char *p, size_t n, size_t size, size_t *used,
                   size_t *made);

void trail_at_once_free(struct trail_at_once *);

#endif

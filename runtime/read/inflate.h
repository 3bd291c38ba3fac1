/*
 * inflate.h - gzip and zstd, as streams: bytes in, inflated bytes out, whatever the pieces.
 */
#ifndef TRAIL_INFLATE_H
#define TRAIL_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "gzip_header.h"

enum trail_form { TRAIL_PLAIN, TRAIL_GZIP, TRAIL_ZSTD, TRAIL_FORM_UNDECIDED };

/* What an input is whose first n bytes these are. Undecided: a form's magic number may still come; give more,
 * or take it as plain at the end. */
enum trail_form trail_form_of(const unsigned char *p, size_t n);

/* A stream of one form; keeps its memory from input to input. Zero-initialise. */
struct trail_inflater {
    enum trail_form form;
    bool inside;   /* a member or frame has begun and has not ended */
    bool later;    /* one has ended before */
    bool deflated; /* gzip: the header is passed */
    bool broken;   /* gzip: what was inflated in front of the damage is still to be given */
    bool full;     /* zstd: the room was full, there may be more to give */
    size_t wanted; /* zstd: bytes, as it says */
    struct trail_gzip_header header;
    struct inflate_state *gzip;
    struct ZSTD_DCtx_s *zstd;
};

/* What is to be read and where to write. Both ends move as bytes are used. */
struct trail_flow {
    const unsigned char *in;
    size_t n_in;
    char *out;
    size_t n_out;
};

enum trail_inflated {
    TRAIL_INFLATED,        /* bytes were used; call again with more input or more room */
    TRAIL_INFLATE_STARVED, /* nothing to do without more input */
    TRAIL_INFLATE_DAMAGED, /* *why; the stream goes on behind it */
    TRAIL_INFLATE_BROKEN,  /* *why; nothing more can be inflated */
    TRAIL_INFLATE_NO_MEMORY,
};

/* Starts a stream; false: no memory. */
bool trail_inflater_start(struct trail_inflater *, enum trail_form);

enum trail_inflated trail_inflate(struct trail_inflater *, struct trail_flow *, const char **why);

/* A whole member of a stream that has just been started was inflated otherwise (at_once.h): it goes on
 * behind it. */
void trail_inflater_passed(struct trail_inflater *);

/* Whether the input may end here: between members or frames. */
bool trail_inflater_complete(const struct trail_inflater *);

void trail_inflater_free(struct trail_inflater *);

#endif

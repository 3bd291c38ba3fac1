/*
 * inflate.c - streams: gzip through ISA-L, zstd through libzstd.
 *
 * Needs: the input's bytes in order, in pieces of any size.
 * Guarantees: a stream counts as complete only when its library has seen the end of a member or frame,
 * checksum included; what it merely ran out of input for is not complete.
 */
#include "inflate.h"

#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

/* ISA-L counts in 32 bits. */
#define PIECE ((size_t)1 << 30)

#define ZSTD_BLOCK_HEADER 3 /* RFC 8878, 3.1.1.2 */

enum trail_form trail_form_of(const unsigned char *p, size_t n)
{
    static const unsigned char gzip[] = {0x1F, 0x8B}, zstd[] = {0x28, 0xB5, 0x2F, 0xFD};
    static const unsigned char skippable[] = {0x2A, 0x4D, 0x18}; /* behind one of 50…5F */
    if (n == 0)
        return TRAIL_FORM_UNDECIDED;
    if (memcmp(p, gzip, n < 2 ? n : 2) == 0)
        return n < 2 ? TRAIL_FORM_UNDECIDED : TRAIL_GZIP;
    if (memcmp(p, zstd, n < 4 ? n : 4) == 0)
        return n < 4 ? TRAIL_FORM_UNDECIDED : TRAIL_ZSTD;
    if ((p[0] & 0xF0) == 0x50 && memcmp(p + 1, skippable, n < 4 ? n - 1 : 3) == 0)
        return n < 4 ? TRAIL_FORM_UNDECIDED : TRAIL_ZSTD;
    return TRAIL_PLAIN;
}

bool trail_inflater_start(struct trail_inflater *s, enum trail_form form)
{
    s->form = form;
    s->inside = s->later = s->deflated = s->broken = s->full = false;
    s->wanted = 1;
    s->header = (struct trail_gzip_header){0};
    if (form == TRAIL_GZIP && !s->gzip)
        s->gzip = malloc(sizeof *s->gzip);
    if (form == TRAIL_ZSTD && !s->zstd)
        s->zstd = ZSTD_createDCtx();
    if (form == TRAIL_ZSTD && s->zstd)
        ZSTD_DCtx_reset(s->zstd, ZSTD_reset_session_only);
    return form == TRAIL_GZIP ? s->gzip != NULL : s->zstd != NULL;
}

static const char *gzip_begin_error(enum trail_gzip_begun begun, bool first)
{
    switch (begun) {
    case TRAIL_GZIP_METHOD: return "a gzip member that is not deflated";
    case TRAIL_GZIP_WRONG_SUM: return "a wrong checksum in a gzip header";
    default:
        return first ? "a gzip header that is none" : "bytes that are no gzip member behind the last one";
    }
}

/* Between members: passes zero bytes, and the header of the next member. */
static enum trail_inflated gzip_between(struct trail_inflater *s, struct trail_flow *flow, const char **why)
{
    while (flow->n_in && *flow->in == 0 && s->later && !s->inside)
        flow->in++, flow->n_in--;
    if (!flow->n_in)
        return TRAIL_INFLATE_STARVED;
    size_t used;
    s->inside = true;
    enum trail_gzip_begun begun = trail_gzip_header(&s->header, flow->in, flow->n_in, &used);
    flow->in += used;
    flow->n_in -= used;
    if (begun == TRAIL_GZIP_DONE) {
        isal_inflate_init(s->gzip);
        s->gzip->crc_flag = ISAL_GZIP_NO_HDR_VER;
        s->deflated = true;
    } else if (begun != TRAIL_GZIP_MORE) {
        *why = gzip_begin_error(begun, !s->later);
        return TRAIL_INFLATE_BROKEN;
    }
    return TRAIL_INFLATED;
}

/* ISA-L inflates ahead. What it has of the bytes in front of damage is given, too: so how much that is
 * depends on the damage alone, and not on the room for it. */
static enum trail_inflated gzip_rest(struct trail_inflater *s, struct trail_flow *flow, const char **why)
{
    struct inflate_state *z = s->gzip;
    int32_t left = z->tmp_out_valid - z->tmp_out_processed;
    if (left <= 0) {
        *why = "damaged gzip data";
        return TRAIL_INFLATE_BROKEN;
    }
    size_t n = (size_t)left < flow->n_out ? (size_t)left : flow->n_out;
    memcpy(flow->out, z->tmp_out_buffer + z->tmp_out_processed, n);
    z->tmp_out_processed += (int32_t)n;
    flow->out += n;
    flow->n_out -= n;
    return TRAIL_INFLATED;
}

static enum trail_inflated gzip_inside(struct trail_inflater *s, struct trail_flow *flow, const char **why)
{
    struct inflate_state *z = s->gzip;
    uint32_t n_in = (uint32_t)(flow->n_in < PIECE ? flow->n_in : PIECE);
    uint32_t n_out = (uint32_t)(flow->n_out < PIECE ? flow->n_out : PIECE);
    z->next_in = (uint8_t *)(uintptr_t)flow->in; /* read only, whatever the type says */
    z->avail_in = n_in;
    z->next_out = (uint8_t *)flow->out;
    z->avail_out = n_out;
    int code = isal_inflate(z);
    bool moved = z->avail_in != n_in || z->avail_out != n_out;
    flow->in = z->next_in;
    flow->n_in -= n_in - z->avail_in;
    flow->out += n_out - z->avail_out;
    flow->n_out -= n_out - z->avail_out;
    bool finished = z->block_state == ISAL_BLOCK_FINISH;
    if (finished) {
        s->inside = s->deflated = false;
        s->header = (struct trail_gzip_header){0};
        s->later = true;
    }
    if (finished && code == ISAL_INCORRECT_CHECKSUM) {
        *why = "a wrong checksum or length at the end of a gzip member";
        return TRAIL_INFLATE_DAMAGED;
    }
    s->broken = code < 0;
    if (s->broken && !moved)
        return gzip_rest(s, flow, why);
    return moved || finished ? TRAIL_INFLATED : TRAIL_INFLATE_STARVED;
}

static const char *zstd_error(size_t code, bool later)
{
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_prefix_unknown:
        return later ? "bytes that are no zstd frame behind the last one" : "a zstd header that is none";
    case ZSTD_error_checksum_wrong: return "a wrong checksum at the end of a zstd frame";
    case ZSTD_error_frameParameter_windowTooLarge: return "a zstd frame with a window over 128 MiB";
    case ZSTD_error_dictionary_wrong: return "a zstd frame that needs a dictionary";
    case ZSTD_error_memory_allocation: return NULL;
    default: return "damaged zstd data";
    }
}

/*
 * A call of libzstd that finds damage does not tell what it has given before. So each call gets what one step
 * needs: a block's header, a block (whose number of bytes it wants includes the next header), a checksum; or,
 * when the room was full, nothing. Then how much is given in front of damage depends on the damage alone.
 */
static enum trail_inflated zstd_some(struct trail_inflater *s, struct trail_flow *flow, const char **why)
{
    bool was_full = s->full;
    size_t step = s->full ? 0 : s->wanted > ZSTD_BLOCK_HEADER ? s->wanted - ZSTD_BLOCK_HEADER : s->wanted;
    ZSTD_inBuffer in = {flow->in, flow->n_in < step ? flow->n_in : step, 0};
    ZSTD_outBuffer out = {flow->out, flow->n_out, 0};
    if (!s->inside && !flow->n_in)
        return TRAIL_INFLATE_STARVED;
    size_t code = ZSTD_decompressStream(s->zstd, &out, &in);
    flow->in += in.pos;
    flow->n_in -= in.pos;
    flow->out += out.pos;
    flow->n_out -= out.pos;
    if (ZSTD_isError(code)) {
        *why = zstd_error(code, s->later);
        return *why ? TRAIL_INFLATE_BROKEN : TRAIL_INFLATE_NO_MEMORY;
    }
    s->inside = code != 0;
    s->wanted = code ? code : 1;
    s->full = flow->n_out == 0;
    s->later = s->later || code == 0;
    return in.pos || out.pos || was_full ? TRAIL_INFLATED : TRAIL_INFLATE_STARVED;
}

enum trail_inflated trail_inflate(struct trail_inflater *s, struct trail_flow *flow, const char **why)
{
    if (s->form == TRAIL_ZSTD)
        return zstd_some(s, flow, why);
    if (s->broken)
        return gzip_rest(s, flow, why);
    return s->deflated ? gzip_inside(s, flow, why) : gzip_between(s, flow, why);
}

void trail_inflater_passed(struct trail_inflater *s)
{
    s->later = true;
}

bool trail_inflater_complete(const struct trail_inflater *s)
{
    return !s->inside;
}

void trail_inflater_free(struct trail_inflater *s)
{
    free(s->gzip);
    ZSTD_freeDCtx(s->zstd);
    *s = (struct trail_inflater){0};
}

/*
 * tape.c - see tape.h.
 */
#include "tape.h"

void tape_byte(struct trail_text *to, unsigned char c)
{
    char byte = (char)c;
    trail_text_add(to, &byte, 1);
}

void tape_number(struct trail_text *to, uint64_t n)
{
    char bytes[10];
    size_t used = 0;
    for (; n > 127; n >>= 7)
        bytes[used++] = (char)((n & 127) | 128);
    bytes[used++] = (char)n;
    trail_text_add(to, bytes, used);
}

void tape_signed(struct trail_text *to, int64_t n)
{
    tape_number(to, ((uint64_t)n << 1) ^ (n < 0 ? UINT64_MAX : 0));
}

void tape_word(struct trail_text *to, uint64_t n)
{
    char bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (char)(n >> 8 * i & 255);
    trail_text_add(to, bytes, sizeof bytes);
}

void tape_text(struct trail_text *to, struct trail_slice text)
{
    tape_number(to, text.n);
    trail_text_add(to, text.n ? text.p : "", text.n);
}

unsigned char tape_get_byte(struct tape *t)
{
    if (t->p < t->end)
        return (unsigned char)*t->p++;
    t->bad = true;
    return 0;
}

uint64_t tape_get_number(struct tape *t)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned char byte = tape_get_byte(t);
        if (shift == 63 && byte > 1)
            break;
        n |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return n;
    }
    t->bad = true;
    return 0;
}

int64_t tape_get_signed(struct tape *t)
{
    uint64_t n = tape_get_number(t);
    return (int64_t)(n >> 1 ^ (n & 1 ? UINT64_MAX : 0));
}

uint64_t tape_get_word(struct tape *t)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < 8; i++)
        n |= (uint64_t)tape_get_byte(t) << 8 * i;
    return n;
}

struct trail_slice tape_get_text(struct tape *t)
{
    uint64_t n = tape_get_number(t);
    if (n > (uint64_t)(t->end - t->p)) {
        t->bad = true;
        n = 0;
    }
    struct trail_slice text = {t->p, (size_t)n};
    t->p += n;
    return text;
}

size_t tape_get_size(struct tape *t, size_t most)
{
    uint64_t n = tape_get_number(t);
    if (n <= most)
        return (size_t)n;
    t->bad = true;
    return 0;
}

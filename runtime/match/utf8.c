/*
 * utf8.c - code points from bytes, and back.
 *
 * Well-formed is what table 3-7 of the Unicode Standard lists: no overlong form, no surrogate, nothing past
 * U+10FFFF.
 */
#include "trail/text.h"

/* A lead byte's sequence: its length and the bounds of the second byte. Later bytes are 80…BF. */
struct lead {
    unsigned length;
    unsigned char low, high;
};

static struct lead lead_of(unsigned char c)
{
    if (c >= 0xC2 && c <= 0xDF)
        return (struct lead){2, 0x80, 0xBF};
    if (c >= 0xE0 && c <= 0xEF)
        return (struct lead){3, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF};
    if (c >= 0xF0 && c <= 0xF4)
        return (struct lead){4, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF};
    return (struct lead){0, 0, 0};
}

uint32_t trail_decode(const unsigned char *p, const unsigned char *end, unsigned *n)
{
    *n = 1;
    if (p[0] < 0x80)
        return p[0];
    struct lead lead = lead_of(p[0]);
    uint32_t broken = 0xDC00U + p[0];
    if (lead.length == 0 || (size_t)(end - p) < lead.length || p[1] < lead.low || p[1] > lead.high)
        return broken;
    uint32_t c = (uint32_t)(p[0] & (0x7F >> lead.length)) << 6 | (p[1] & 0x3F);
    for (unsigned i = 2; i < lead.length; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return broken;
        c = c << 6 | (p[i] & 0x3F);
    }
    *n = lead.length;
    return c;
}

unsigned trail_encode(char *to, uint32_t c)
{
    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    unsigned length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (unsigned i = length - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    to[0] = (char)(0xF0U << (4 - length) | c);
    return length;
}

/*
 * base64.c - see base64.h.
 */
#include "base64.h"

#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void trail_base64_add(struct trail_text *to, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i += 3) {
        unsigned left = n - i < 3 ? (unsigned)(n - i) : 3;
        uint32_t x =
            (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0U);
        char four[4];
        for (unsigned j = 0; j < 4; j++)
            four[j] = j <= left ? digits[x >> (18 - 6 * j) & 63] : '=';
        trail_text_add(to, four, 4);
    }
}

size_t trail_base64_read(char *to, struct trail_slice s)
{
    uint32_t x = 0;
    size_t n = 0, pad = 0;
    if (s.n % 4 != 0)
        return SIZE_MAX;
    while (s.n > 0 && s.p[s.n - 1] == '=' && pad < 2) {
        s.n--;
        pad++;
    }
    for (size_t i = 0; i < s.n; i++) {
        const char *digit = s.p[i] ? strchr(digits, s.p[i]) : NULL;
        if (!digit)
            return SIZE_MAX;
        x = x << 6 | (uint32_t)(digit - digits);
        if (i % 4 > 0)
            to[n++] = (char)(x >> (6 - 2 * (i % 4)) & 0xFF);
    }
    return n;
}

/*
 * address.c - IPv4 and IPv6 addresses and blocks, as 16 bytes; IPv4 is ::ffff:a.b.c.d.
 */
#include <arpa/inet.h>
#include <string.h>

#include "quantity.h"

static const uint8_t v4_prefix[12] = {[10] = 0xFF, [11] = 0xFF};

bool address_is_v4(const uint8_t address[16])
{
    return memcmp(address, v4_prefix, sizeof v4_prefix) == 0;
}

static bool read_address(struct slice s, uint8_t address[16], bool *v4)
{
    char text[INET6_ADDRSTRLEN + 1];
    if (s.n == 0 || s.n >= sizeof text || memchr(s.p, '\0', s.n))
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    memcpy(address, v4_prefix, sizeof v4_prefix);
    *v4 = inet_pton(AF_INET, text, address + 12) == 1;
    return *v4 || inet_pton(AF_INET6, text, address) == 1;
}

/* The digits of a block's length; UINT32_MAX when they are none or too many. */
static unsigned read_length(struct slice s)
{
    unsigned length = 0;
    if (s.n == 0 || s.n > 3)
        return UINT32_MAX;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return UINT32_MAX;
        length = length * 10 + (unsigned)(s.p[i] - '0');
    }
    return length;
}

bool address_parse(struct slice s, uint8_t low[16], uint8_t high[16])
{
    const char *slash = s.n ? memchr(s.p, '/', s.n) : NULL;
    size_t n = slash ? (size_t)(slash - s.p) : s.n;
    bool v4;
    if (!read_address((struct slice){s.p, n}, low, &v4))
        return false;
    unsigned length = slash ? read_length((struct slice){slash + 1, s.n - n - 1}) : v4 ? 32 : 128;
    if (length > (v4 ? 32U : 128U))
        return false;
    unsigned fixed = v4 ? 96 + length : length;
    for (unsigned i = 0; i < 16; i++) {
        unsigned kept = fixed >= (i + 1) * 8 ? 8 : fixed > i * 8 ? fixed - i * 8 : 0;
        uint8_t rest = (uint8_t)(0xFFU >> kept);
        high[i] = low[i] | rest;
        low[i] = (uint8_t)(low[i] & ~rest);
    }
    return true;
}

bool address_step(uint8_t address[16], int by)
{
    for (int i = 15; i >= 0; i--) {
        uint8_t before = address[i];
        address[i] = (uint8_t)(before + by);
        if (before != (by > 0 ? 0xFF : 0x00))
            return true;
    }
    return false;
}

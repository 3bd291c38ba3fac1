/*
 * address.c - see address.h.
 *
 * The addresses: 169.254.0.0/16 (RFC 3927; AWS, Azure, Google, DigitalOcean, Oracle answer at 169.254.169.254
 * or beside it), fe80::/10 (RFC 4291), fd00:ec2::254 (AWS), fd20:ce::254 (Google), 100.100.100.200 (Alibaba),
 * 192.0.0.192 (Oracle), 168.63.129.16 (Azure).
 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 16 bytes, IPv4 as ::ffff:0:0/96. */
struct address {
    unsigned char byte[16];
};

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};

static bool read_address(struct address *to, const struct sockaddr *from)
{
    if (from->sa_family == AF_INET) {
        memcpy(to->byte, mapped, 12);
        memcpy(to->byte + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
        return true;
    }
    if (from->sa_family != AF_INET6)
        return false;
    memcpy(to->byte, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
    if (memcmp(to->byte, nat64, 12) == 0)
        memcpy(to->byte, mapped, 12);
    return true;
}

/* 169.254.0.0/16, fe80::1: an address and the number of its bits that count. */
static bool read_network(const char *text, struct address *to, unsigned *bits)
{
    char address[64];
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = '\0';
    bool four = inet_pton(AF_INET, address, to->byte + 12) == 1;
    if (four)
        memcpy(to->byte, mapped, 12);
    else if (inet_pton(AF_INET6, address, to->byte) != 1)
        return false;
    unsigned long given = slash ? strtoul(slash + 1, NULL, 10) : 128;
    *bits = (unsigned)(given > 128 ? 128 : given) + (four && slash ? 96 : 0);
    *bits = *bits > 128 ? 128 : *bits;
    return true;
}

static bool is_within(const struct address *a, const char *network)
{
    struct address net;
    unsigned bits;
    if (!read_network(network, &net, &bits) || memcmp(a->byte, net.byte, bits / 8) != 0)
        return false;
    unsigned rest = bits % 8, mask = 0xff00u >> rest & 0xff;
    return !rest || (a->byte[bits / 8] & mask) == (net.byte[bits / 8] & mask);
}

bool trail_address_refused(const struct sockaddr *address, const struct trail_strings *allow)
{
    static const char *const refused[] = {"169.254.0.0/16",  "fe80::/10",   "fd00:ec2::254", "fd20:ce::254",
                                          "100.100.100.200", "192.0.0.192", "168.63.129.16", NULL};
    struct address a;
    if (!read_address(&a, address))
        return true;
    for (size_t i = 0; i < allow->n; i++)
        if (is_within(&a, allow->list[i]))
            return false;
    for (size_t i = 0; refused[i]; i++)
        if (is_within(&a, refused[i]))
            return true;
    return false;
}

bool trail_address_is_loopback(const struct sockaddr *address)
{
    struct address a;
    return read_address(&a, address) && (is_within(&a, "127.0.0.0/8") || is_within(&a, "::1"));
}

void trail_address_print(char *to, size_t room, const struct sockaddr *address)
{
    const void *bytes = address->sa_family == AF_INET
                            ? (const void *)&((const struct sockaddr_in *)(const void *)address)->sin_addr
                            : (const void *)&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    bool known = address->sa_family == AF_INET || address->sa_family == AF_INET6;
    if (!known || !inet_ntop(address->sa_family, bytes, to, (socklen_t)room))
        snprintf(to, room, "?");
}

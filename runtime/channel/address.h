/*
 * address.h - which addresses a message may be sent to.
 */
#ifndef TRAIL_ADDRESS_H
#define TRAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "trail/pack.h"

/*
 * Whether an address is link-local, or one at which a cloud's machines find their metadata and credentials: what a
 * name under a stranger's control may be made to resolve to. `allow` are networks (169.254.10.0/24, fe80::1) that
 * are let through. Addresses of IPv4 within IPv6 (mapped, NAT64) are taken for what they lead to.
 */
bool trail_address_refused(const struct sockaddr *, const struct trail_strings *allow);

/* 127.0.0.0/8 and ::1 */
bool trail_address_is_loopback(const struct sockaddr *);

/* Writes the address, without port; "?" when it has no text. */
void trail_address_print(char *to, size_t room, const struct sockaddr *);

#endif

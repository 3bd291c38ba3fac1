/*
 * base64.h - bytes as text and back (RFC 4648, section 4), with padding and on one line.
 */
#ifndef TRAIL_BASE64_H
#define TRAIL_BASE64_H

#include "trail/trail.h"

void trail_base64_add(struct trail_text *, const void *, size_t n);

/* Into `to`, which has room for 3/4 of the text; returns how many bytes. SIZE_MAX: it is none. */
size_t trail_base64_read(char *to, struct trail_slice);

#endif

/*
 * text_scan.h - the machine of text.re by itself, for text.re and its test.
 */
#ifndef TEXT_SCAN_H
#define TEXT_SCAN_H

#include <stdbool.h>

#include "trail/text.h"

/* trail_tokens_next() without its fast path for ASCII: the same tokens. */
bool trail_tokens_next_unicode(struct trail_tokens *);

#endif

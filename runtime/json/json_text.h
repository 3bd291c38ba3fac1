/*
 * json_text.h - what the runtime's own files share about a JSON string's text.
 */
#ifndef TRAIL_JSON_TEXT_H
#define TRAIL_JSON_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* The code point of the \u escape at p < end, a pair of them counted as one and a lone surrogate as U+FFFD.
 * Returns the escape's length: 6 or 12; 0 when there is none at p. */
size_t trail_json_code_point(const char *p, const char *end, uint32_t *code_point);

/* How many bytes at p are printable ASCII and stand for themselves in a string. */
size_t trail_json_safe_run(const char *p, const char *end);

#endif

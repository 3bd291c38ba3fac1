/*
 * json.h - JSON texts as bytes: is it one, what does its string say, how is it written back safely.
 * RFC 8259, with three decisions: bytes that are not valid UTF-8 are data (nothing hides behind a broken
 * byte), nesting is at most TRAIL_MAX_DEPTH, and a lone surrogate escape reads as U+FFFD.
 */
#ifndef TRAIL_JSON_H
#define TRAIL_JSON_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "pack.h"

enum trail_json_error {
    TRAIL_JSON_OK,
    TRAIL_JSON_EMPTY,     /* nothing but white space */
    TRAIL_JSON_SYNTAX,    /* a byte that cannot stand here */
    TRAIL_JSON_STRING,    /* a control character in a string */
    TRAIL_JSON_ESCAPE,    /* an escape that JSON does not have */
    TRAIL_JSON_NUMBER,    /* not a number of JSON's form */
    TRAIL_JSON_DEPTH,     /* nested deeper than TRAIL_MAX_DEPTH */
    TRAIL_JSON_TRUNCATED, /* the text ends too early */
    TRAIL_JSON_TRAILING,  /* something behind the value */
};

/* Whether [p, p + n) is exactly one JSON value, white space around it allowed. *at gets the offset of
 * the offending byte (n when truncated). Iterative: its stack does not grow with the input. */
enum trail_json_error trail_json_check(const char *p, size_t n, size_t *at);

/* The same for a value that more may follow: passes white space and one value, and leaves *at behind it.
 * TRAIL_JSON_TRAILING never comes; a number ends where the text does. */
enum trail_json_error trail_json_value(const char *p, size_t n, size_t *at);

/* What the error means, in a few words: "nested deeper than 128". */
const char *trail_json_error_text(enum trail_json_error);

/* The value of a hexadecimal digit, or -1. */
static inline int trail_json_hex(unsigned char c)
{
    unsigned char small = c | 0x20;
    return c >= '0' && c <= '9' ? c - '0' : small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/* Undoes the escapes of a string's inside (without its quotes) into `to`, which has room for n
 * bytes; returns the length written, never more than n. Escapes that JSON does not have are copied as they
 * are. */
size_t trail_json_unescape(char *to, const char *p, size_t n);

/* A growing text of the runtime's (malloc; free with trail_text_free). `failed` is set, and stays, when
 * memory ran out. */
struct trail_text {
    char *p;
    size_t n, room;
    bool failed;
};
void trail_text_add(struct trail_text *, const char *p, size_t n);
/* As printf(3), however long it gets. */
void trail_text_addf(struct trail_text *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void trail_text_addv(struct trail_text *, const char *format, va_list);
void trail_text_free(struct trail_text *);

/*
 * Writes a JSON value from a log as JSON that is safe anywhere: one line, valid UTF-8 (broken bytes
 * become U+FFFD), no control character, no C1, DEL, bidirectional or line-separator character but as \u
 * escapes; numbers and the order and number of keys stay as they are.
 */
void trail_json_rewrite(struct trail_text *, struct trail_slice json);

/* The same for a text: writes it as a JSON string, quotes included. */
void trail_json_quote(struct trail_text *to, struct trail_slice text);

/* A member of an object, behind `before` ("{" or ","): its key, and a text as its value (NULL: null). */
void trail_json_add_member(struct trail_text *, const char *before, const char *key, const char *value);

#endif

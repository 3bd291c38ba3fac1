/*
 * value.h - tests that a filter asks of one value and that are not plain comparisons of bytes.
 */
#ifndef TRAIL_VALUE_H
#define TRAIL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pack.h"

/* A number by value: 0.DIGITS x 10^exponent; digits start and end with a digit that is not zero, zero has
 * none. */
struct trail_decimal {
    bool negative;
    int64_t exponent;
    struct trail_slice digits;
};

enum trail_bound { TRAIL_OPEN, TRAIL_INCLUSIVE, TRAIL_EXCLUSIVE };

struct trail_number_range {
    enum trail_bound low_bound, high_bound;
    struct trail_decimal low, high;
};

struct trail_string_range {
    enum trail_bound low_bound, high_bound;
    struct trail_slice low, high;
};

/* Addresses in network order, both inclusive; IPv4 as ::ffff:a.b.c.d. */
struct trail_ip_range {
    uint8_t low[16], high[16];
};

/* A number in its text, which it borrows: 0.DIGITS x 10^exponent. The digits stand from p to end, from the first to the
 * last that is not zero; a point may stand among them. Zero has none. */
struct trail_number {
    bool negative;
    int64_t exponent;
    const char *p, *end;
};

/* Whether the text is wholly a number ([+-] digits [. digits] [e [+-] digits]); and if so, which. Exact for any number
 * of digits. */
bool trail_number_read(const char *p, size_t n, struct trail_number *);

bool trail_number_within(const struct trail_number *, const struct trail_number_range *);

/* Both: whether the text is a number in the range. */
bool trail_number_in(const char *p, size_t n, const struct trail_number_range *);

/* By the order of bytes. */
bool trail_string_in(const char *p, size_t n, const struct trail_string_range *);

/* Whether the text is an IPv4 or IPv6 address; and if so, which. */
bool trail_ip_read(const char *p, size_t n, uint8_t address[16]);

bool trail_ip_within(const uint8_t address[16], const struct trail_ip_range *);

/* Both: whether the text is an address in the range. */
bool trail_ip_in(const char *p, size_t n, const struct trail_ip_range *);

/* ---- large sets ---- */

/* Whether the text is one of the rows: `rows` texts of n bytes with a NUL behind each, in the order of
 * bytes. */
bool trail_is_among(const char *p, size_t n, const char *texts, size_t rows);

/* Whether the address is in one of the ranges, which are in order and do not touch. */
bool trail_ip_is_among(const uint8_t address[16], const struct trail_ip_range *, size_t ranges);

/* Whether the number is in one of the ranges, which are tried one by one. */
bool trail_number_is_among(const struct trail_number *, const struct trail_number_range *, size_t ranges);

#endif

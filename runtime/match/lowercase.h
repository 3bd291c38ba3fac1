/*
 * lowercase.h - the form of the tables of letter case that unicode.sh makes.
 */
#ifndef LOWERCASE_H
#define LOWERCASE_H

#include <stdint.h>

/* Every step-th code point from first to last becomes itself + delta. */
struct case_run {
    uint32_t first, last;
    uint8_t step;
    int32_t delta;
};

#endif

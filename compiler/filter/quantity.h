/*
 * quantity.h - what check.c reads values with: numbers (number.c) and addresses (address.c).
 */
#ifndef QUANTITY_H
#define QUANTITY_H

#include "trailc.h"

enum decimal_status { DECIMAL_FINE, DECIMAL_NO_NUMBER, DECIMAL_TOO_LARGE };

/* number.c. The text must be wholly a number: `-12.5e3`; leading zeros and a plus are allowed, as in logged
 * strings. */
enum decimal_status decimal_parse(struct compile *, struct slice, struct decimal *);
int decimal_cmp(const struct decimal *, const struct decimal *);
/* Whether it is a number as JSON spells it. */
bool number_is_json(struct slice);

/* address.c. An address; with a `/length` behind it the block's first and last. False when it is neither. */
bool address_parse(struct slice, uint8_t low[16], uint8_t high[16]);
bool address_is_v4(const uint8_t address[16]); /* ::ffff:a.b.c.d too */
/* The next or previous one; false past the last. */
bool address_step(uint8_t address[16], int by);

#endif

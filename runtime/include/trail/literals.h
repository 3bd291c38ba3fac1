/*
 * literals.h - many strings looked for in one value at once.
 *
 * A pack of a thousand rules may ask a hundred regexes about one field. Each cannot match without some string
 * of its own, so the strings of all are looked for in one pass, and the regexes whose strings were not met
 * are not run.
 *
 * The pass looks at groups of 3 or 4 bytes, one at each multiple of `step`. Of each string those groups are
 * known that one of these positions must fall on, wherever the string stands: so a value is read in strides,
 * without a state from one to the next. A group's hash is a bit to test; behind a bit that is set is a chain
 * of places in strings to compare with. Letter case is ignored: a string that is found may be one that the
 * regex then refuses.
 */
#ifndef TRAIL_LITERALS_H
#define TRAIL_LITERALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A string in lower case, and the test that cannot hold without it (or another string of the same test). */
struct trail_literal {
    const char *p;
    uint32_t n, test;
};

/* A group of bytes of a string. */
struct trail_gram {
    uint32_t literal, at; /* list[literal].p + at */
    uint32_t next;        /* of the chain: 1 + index in grams; 0: none */
};

struct trail_literals {
    uint32_t width; /* of a group: 3 or 4 bytes; no string is shorter */
    uint32_t step;
    uint32_t shift; /* a hash is the product's top 32 - shift bits: at least 6 */
    uint32_t tests; /* tests are 0 … tests - 1 */
    bool ascii;     /* the strings are needed by values of ASCII alone */
    const uint64_t *bits;
    const uint32_t *heads; /* for each word of bits: a chain */
    const struct trail_gram *grams;
    const struct trail_literal *list;
};

#define TRAIL_GRAM_FACTOR UINT32_C(0x9E3779B1)
#define TRAIL_GRAM_CASE   UINT32_C(0x20202020)

/*
 * Sets the bits of the tests that the value may pass; others it does not pass. False: none. Reads only [p, p
 * + n).
 */
bool trail_literals_find(const struct trail_literals *, const char *p, size_t n, uint64_t *tests);

#endif

/*
 * sieve.h - which records no alert can want, told before they are read.
 *
 * One light pass over a record, 64 bytes at a time, follows its strings and brackets and looks for the pack's
 * needles (trail/pack.h). A record that is closed as it should be and has no needle is done with: it is
 * counted, its time is told, and nothing else of it is looked at. Every other record goes the long way, from
 * its first byte on, as if there were no sieve.
 *
 * What the pass makes sure of: strings end, hold no control character and no wrong escape; as many brackets
 * close as open, an even number of them square, and the last is the brace that closes the first; outside of
 * strings all bytes are ASCII; no white space but blanks; at most TRAIL_SIEVE_MAX bytes and TRAIL_MAX_DEPTH
 * levels; no other record begins in it (trail_sieve_begin). It does not see which bracket closes which,
 * whether commas and colons are where they should be, nor how numbers and words are spelled. Of a record with
 * an escape that stands for a letter of a needle, every alert is possible.
 */
#ifndef TRAIL_SIEVE_H
#define TRAIL_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trail/index.h"
#include "trail/pack.h"

#define TRAIL_SIEVE_MAX   (64 * 1024) /* bytes of a record that the sieve judges */
#define TRAIL_SIEVE_START 68          /* bytes of a record's beginning */

enum trail_sieved {
    TRAIL_SIEVED_OUT,   /* no alert wants it */
    TRAIL_SIEVED_MAYBE, /* well closed, but some alert may want it: ask match() */
    TRAIL_SIEVE_PARTLY, /* no end within n, and nothing odd so far */
    TRAIL_SIEVE_ODD,    /* the sieve has no opinion */
};

struct trail_sifted {
    struct trail_index *index; /* in: where one is made for MAYBE; of use if it is plain */
    size_t size;               /* of the record; OUT and MAYBE */
    struct trail_slice time;   /* OUT: the raw JSON value of the event's time; n 0: none */
    const uint64_t *possible;  /* MAYBE: a bit for each alert that may want it; valid until the next call */
};

struct trail_sieve;

/* For a pack, with the matcher of the same thread, which stays borrowed. `kernel`: a name, or NULL; one that
 * is not there leaves the choice free. NULL: no memory. */
struct trail_sieve *trail_sieve_new(const struct trail_pack *, struct trail_match *, const char *kernel);
void trail_sieve_free(struct trail_sieve *);

/* Chooses the needles of the alerts in match->wanted. False: the sieve is of no use for them, since one may
 * want any record. But one that every record meets is left out if it is in `known` (NULL: none is): whoever
 * asks knows that the record meets it. Such a one is always possible. */
bool trail_sieve_choose(struct trail_sieve *, const uint64_t *known);

/*
 * How the records begin that come next: `{"eventVersion":`, or with another key; ASCII, at most
 * TRAIL_SIEVE_START bytes. In none of them it may stand a second time. `foreign`: objects that begin so may
 * also be wrappers of records; those are odd. It depends on `start` alone. Costs next to nothing where nothing
 * changes, and little where it does. trail_sieve_choose() goes back to {"eventVersion":.
 */
void trail_sieve_begin(struct trail_sieve *, struct trail_slice start, bool foreign);

/* p is at an opening brace. TRAIL_PADDING bytes behind p + n are readable, and have no influence. */
enum trail_sieved trail_sieve(const struct trail_sieve *, const char *p, size_t n, struct trail_sifted *);

/* The kernels that work here, the fastest first, for tests; NULL behind the last. */
const char *trail_sieve_kernel(size_t i);

#endif

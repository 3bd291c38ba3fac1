/*
 * sieve.h - which records no alert can want, told before they are read.
 *
 * One light pass over a record, 64 bytes at a time, follows its strings, adds up its brackets, and looks for
 * the pack's needles, and where it has one for what else must stand within a value (trail/pack.h). A record
 * that is closed as it should be and that no alert can want is done with: it is counted, its time is told,
 * and nothing else of it is looked at. Every other record goes the long way, from its first byte on, for the
 * alerts that are still possible; or for all, where the sieve has no opinion.
 *
 * What the pass makes sure of: strings end, hold no control character and no wrong escape; as many brackets
 * close as open, and the last is a brace; outside of strings all bytes are ASCII; at most TRAIL_SIEVE_MAX
 * bytes; no other record begins in it (trail_sieve_begin). A record that is a line takes all of it: where a
 * brace closes it before, and another value, a blank or a comma follows (but for a comma and a quote), it is
 * odd. One in an array ends with the bracket that closes it. It does not see which bracket closes which and
 * how deep they are, whether commas and colons are where they should be, nor how numbers and words are
 * spelled. Of a record with an escape that stands for a letter of one of the pack's texts, every alert is
 * possible.
 */
#ifndef TRAIL_SIEVE_H
#define TRAIL_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trail/pack.h"

#define TRAIL_SIEVE_MAX   (64 * 1024) /* bytes of a record that the sieve judges */
#define TRAIL_SIEVE_START 68          /* bytes of a record's beginning */

enum trail_sieved {
    TRAIL_SIEVED_OUT,   /* no alert wants it */
    TRAIL_SIEVED_MAYBE, /* well closed, but some alert may want it */
    TRAIL_SIEVE_PARTLY, /* no end within n, and nothing odd so far */
    TRAIL_SIEVE_ODD,    /* the sieve has no opinion */
};

struct trail_sifted {
    size_t size;              /* of the record; OUT and MAYBE */
    struct trail_slice time;  /* OUT: the raw JSON value of the event's time; n 0: none */
    const uint64_t *possible; /* MAYBE: a bit for each alert that may want it; valid until the next call */
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
 * also be wrappers of records; those are odd. It depends on `start` alone. `in_array`: they are elements of
 * an array, and not lines. Costs next to nothing where nothing changes, and little where it does.
 * trail_sieve_choose() goes back to {"eventVersion": and lines.
 */
void trail_sieve_begin(struct trail_sieve *, struct trail_slice start, bool foreign, bool in_array);

/* p is at an opening brace. TRAIL_PADDING bytes behind p + n are readable, and have no influence. */
enum trail_sieved trail_sieve(const struct trail_sieve *, const char *p, size_t n, struct trail_sifted *);

/* The kernels that work here, the fastest first, for tests; NULL behind the last. */
const char *trail_sieve_kernel(size_t i);

#endif

/*
 * pack.h - the ABI between a compiled pack and the runtime.
 *
 * `trailc` writes one `const struct trail_pack`; the runtime reads it and calls its two functions.
 * Everything here is constant data with static lifetime: nobody frees or changes it. The first
 * field is the ABI's number; the runtime refuses a pack that was compiled for another one.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z, durations are milliseconds.
 */
#ifndef TRAIL_PACK_H
#define TRAIL_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "limits.h"

/* Bytes with a length, not terminated. */
struct trail_slice {
    const char *p;
    size_t n;
};

struct trail_match; /* match.h: the state of matching one record */

enum trail_when {
    TRAIL_IMMEDIATELY,     /* every matching event */
    TRAIL_MORE_THAN,       /* events in (t - span, t] number > n */
    TRAIL_AT_LEAST,        /* … >= n */
    TRAIL_LESS_THAN,       /* … < n: silence */
    TRAIL_AT_MOST,         /* … <= n: silence */
    TRAIL_MORE_THAN_USUAL, /* they are above what is usual for them: the band of runtime/baseline */
    TRAIL_LESS_THAN_USUAL, /* below it: decided at the end of each step, like silence */
};

/* A condition. The highest priority (lowest number) that holds is the alert's. */
struct trail_condition {
    enum trail_when when;
    unsigned priority; /* 1…5 */
    uint64_t n;
    int64_t span;
    uint32_t
        margin; /* of usual: how far from what is expected at least, in thousandths of a percent; and n: MORE:
                        the least number that fires, LESS: the least that has to be expected; 0: any */
};

/* A time zone: offset[i] seconds east of UTC hold from from[i] (seconds since the epoch) on. */
struct trail_zone {
    const char *name;
    size_t n;
    const int64_t *from;
    const int32_t *offset;
};

/* Hours of the week. An entry that passes midnight (from > to) belongs to the day it starts on. */
struct trail_hours {
    unsigned days;     /* bit 0 Monday … bit 6 Sunday */
    unsigned from, to; /* minutes of the local day, 0…1440; to is exclusive; from == to is the whole day */
    const struct trail_zone *zone;
};

/* A label pattern: `*` any characters, `?` one. */
struct trail_label {
    bool exclude;
    struct trail_slice pattern;
};

/*
 * Which labels an alert takes: any, when there is no pattern; else those that an including pattern
 * matches (or all, when every pattern excludes) and no excluding one does.
 */
struct trail_labels {
    size_t n;
    const struct trail_label *patterns;
};

struct trail_fields {
    size_t n;
    const uint16_t *ids; /* indices into trail_pack.fields */
};

struct trail_strings {
    size_t n;
    const char *const *list;
};

struct trail_alert {
    const char *id;   /* slug: new-admin */
    const char *name; /* as written: New admin */
    const char *description;
    const char *filter; /* as written */
    const char *when;   /* as written */
    unsigned priority;  /* 1…5 */
    size_t n_conditions;
    const struct trail_condition *conditions;
    struct trail_fields group_by, breakdown, show; /* show.n == 0: the whole event */
    size_t n_active;
    const struct trail_hours *active; /* n_active == 0: always */
    struct trail_labels applications, subsystems;
    struct trail_strings notify, tags;
    int64_t notify_every; /* 0: not given */
    bool notify_resolved;
    int64_t retire;
    const char *hash; /* of all that decides this alert's verdicts: a state of the same hash can be resumed */
};

/* The fields that every pack has first in its list; a label that no field gives is absent (NULL name). */
enum {
    TRAIL_FIELD_TIME,
    TRAIL_FIELD_EVENT_ID,
    TRAIL_FIELD_APPLICATION,
    TRAIL_FIELD_SUBSYSTEM,
    TRAIL_FIELDS_FIXED
};

/* Takes one value of a field, as it stands in the record (raw JSON text, quotes included). */
typedef void trail_field_fn(void *user, unsigned field, struct trail_slice json);

/*
 * Text that stands in a record as it is written there, escapes not undone, whenever an alert's filter is met
 * (the sieve hands on every record with an escape that stands for a letter of such a text, so escapes do not
 * matter). runtime/sieve looks for these texts before any record is read.
 */
struct trail_needle {
    struct trail_slice text; /* ASCII, at least 3 bytes; any_case: in small letters */
    unsigned at;             /* where in it the three bytes stand that are looked for first: rare ones */
    unsigned print_class;    /* below TRAIL_PRINT_CLASSES: which class finds them */
    bool any_case;
    bool root;       /* `"eventName"`: counts only as a key of the record itself, and where asks() says so */
    bool time;       /* the key of the event's time */
    uint32_t number; /* of a root, for asks() */
    size_t n;        /* the alerts that want it */
    const uint32_t *alerts;

    /* Of a root whose values are compared as wholes: a bit of 1024 for the first n_begin bytes of each, as a
     * string begins behind its quote; NULL: ask about every value. */
    unsigned n_begin; /* at most 8 */
    const uint64_t *values;

    /* Where these are many: a bit of 2 to the power of whole_bits for each, by its first TRAIL_WHOLE
     * bytes, or as many as it has with the quote behind it. NULL: they are few. */
    unsigned whole_bits;
    const uint64_t *wholes;
};

#define TRAIL_WHOLE 16

/* 8 bytes as a number, the first the lowest. */
static inline uint64_t trail_low_first(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    return x;
}

/* Whether a value may begin with the n bytes at p, of which eight are readable. */
static inline unsigned trail_begin_bit(const char *p, unsigned n)
{
    uint64_t x = trail_low_first(p);
    x &= n ? UINT64_MAX >> (64 - 8 * n) : 0;
    return (unsigned)(x * UINT64_C(0x9E3779B97F4A7C15) >> 54);
}

static inline bool trail_begins(const uint64_t *values, const char *p, unsigned n)
{
    unsigned bit = trail_begin_bit(p, n);
    return values[bit / 64] >> (bit % 64) & 1;
}

/* The highest bit of the first byte of x that is a quote; 0: none is. */
static inline uint64_t trail_quote(uint64_t x)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t y = x ^ (ones * '"'), quotes = (y - ones) & ~y & (ones << 7);
    return quotes & -quotes;
}

/* The bit in `wholes` of the string whose inside begins at p, where TRAIL_WHOLE bytes are readable. */
static inline size_t trail_whole_bit(const char *p, unsigned bits)
{
    uint64_t x = trail_low_first(p), quote = trail_quote(x);
    uint64_t y = trail_low_first(p + 8), second = trail_quote(y);
    x &= quote ^ (quote - 1); /* up to the quote, or all */
    y &= quote ? 0 : second ^ (second - 1);
    return (size_t)((x * UINT64_C(0x9E3779B97F4A7C15) ^ y) * UINT64_C(0xFF51AFD7ED558CCD) >> (64 - bits));
}

/*
 * What an alert's record must hold beside a needle: `name` stands in the value of a key of the root that is
 * `key`; or, where that key goes on with a dot, in the rest of the key or its value, for
 * `"userIdentity.accountId"` reads as two keys. One such key is enough, where the root has several. As of
 * needles, escapes are not undone: of a record with an escape that stands for a letter of these texts nothing
 * is known. Whoever looks may take any key of that text for one of the root's: a record more is read, none is
 * lost. But for the quotes both are ASCII that JSON need not escape, of 65 bytes at most; `name` may be a
 * single one.
 */
struct trail_within {
    /* `"userIdentity`: the quote and the root's key. Its closing quote is left out: a key with a dot leads
     * below it. */
    struct trail_slice key;
    /* `accountId"`: the end of a key, for it may be written `"sessionContext.accountId"`. Where a longer key
     * does as well, `"accountId.x"`, as it does for _exists_, its closing quote is left out, too. */
    struct trail_slice name;
};

struct trail_needles {
    size_t n;                        /* at most TRAIL_MAX_NEEDLES */
    const struct trail_needle *list; /* the time's first */
    const uint64_t *always; /* a bit for each alert that no text is known for: any record may meet it */
    const uint64_t *every;  /* a bit for each of those that every record does meet */
    const uint64_t *
        ascii; /* a bit for each alert of which the texts tell in records of ASCII alone: any other record may
                               meet it */

    /* Each once; which of them an alert's records must hold: 1 + its place, or 0, nothing of the kind is
     * known. NULL: of none. */
    const struct trail_within *within;
    const uint32_t *within_of; /* by alert */

    /* Whether the value at p, a JSON string or number or word that is behind the root's key, makes an
     * alert of m->wanted a candidate; then m->candidates has those that it does, among others. The same
     * duty of care as match(); leaves m->tests and m->time in disorder. */
    bool (*asks)(struct trail_match *m, uint32_t number, const char *p, const char *end);
};

struct trail_pack {
    uint32_t abi; /* TRAIL_ABI */
    const char *name, *version;
    const char *hash; /* of the whole pack */
    size_t n_alerts;
    const struct trail_alert *alerts;
    size_t n_tests; /* predicates: bits that match() needs */
    size_t n_fields;
    const char *const *fields; /* dotted paths */

    /*
     * Which alerts' filters the record meets: sets bits in m->hits. The record is one JSON object
     * of n bytes with TRAIL_PADDING readable bytes behind it. Never reads further, whatever the
     * bytes are; on bytes that are not valid JSON the verdict is unspecified.
     */
    void (*match)(struct trail_match *m, const char *record, size_t n);

    /*
     * Passes the values of the pack's fields to fn, in the order of the record. An array at a field's path is
     * passed whole, as one value; arrays above it are transparent. The same duty of care as match().
     */
    void (*fields_of)(struct trail_match *m, const char *record, size_t n, trail_field_fn *fn, void *user);

    /* What makes a record worth reading; NULL: each is read. */
    const struct trail_needles *needles;
};

#endif

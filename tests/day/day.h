/*
 * day.h - the generator's one internal header.
 *
 * A day of CloudTrail is made in four steps, in the order that day.c calls them:
 *
 *   background  the everyday: what is called, by whom, how often     -> items
 *   situations  what the ten alerts are for, and their near misses   -> items
 *   scribe      an item -> the bytes of its record
 *   delivery    items -> S3 files or NDJSON
 *
 * Beside them: calendar (dates), shape (what the records look like, for --stats).
 *
 * Everything is decided by the seed: the same options give the same bytes on every machine. No
 * clock, no locale, no random numbers but random_next()'s. An item is 40 bytes and its record is
 * written when it is needed, as often as needed, so that a day of any size costs little memory.
 *
 * All names, numbers and addresses are made up, or AWS's and the IETF's for documentation.
 * Times are seconds since 1970-01-01T00:00:00Z.
 */
#ifndef DAY_H
#define DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* ---- calendar.c -------------------------------------------------------------------------------- */

#define DAY_SECONDS 86400

struct date {
    int year, month, day, hour, minute, second;
};

struct date date_of(int64_t time);
/* `2026-03-14` as the time of its midnight, UTC; false when it is no date. */
bool date_parse(const char *text, int64_t *time);
/* Seconds that Berlin is ahead of UTC: summer time from the last Sunday of March to that of October, 01:00
 * UTC. */
int64_t berlin_offset(int64_t time);
void time_print(char out[21], int64_t time); /* 2026-03-14T09:41:07Z */

/* ---- random.c ---------------------------------------------------------------------------------- */

/* SplitMix64 (Steele, Lea, Flood, 2014). */
struct random {
    uint64_t state;
};

uint64_t random_next(struct random *);
uint64_t random_below(struct random *, uint64_t n); /* n > 0 */
uint64_t random_mix(uint64_t a, uint64_t b);        /* a seed made of two numbers */

/* ---- what happens ------------------------------------------------------------------------------ */

/* How the caller shows in userIdentity, sourceIPAddress and userAgent. */
enum caller {
    BY_USER,    /* an IAM user with a long-lived key */
    BY_ROLE,    /* a program or person in a role */
    BY_CONSOLE, /* a person in a role, in the browser */
    BY_FORWARD, /* a service on behalf of a role: `invokedBy` */
    BY_SERVICE, /* a service for itself: no account, no ARN */
};

/*
 * A kind of event. The texts are templates of JSON: ' stands for a double quote, ` for a single
 * one, <name> for what scribe.c fills in.
 */
struct kind {
    const char *source; /* `kms`, of kms.amazonaws.com */
    const char *name;
    unsigned weight; /* how often, in the background */
    enum caller by;
    const char *service;                    /* BY_FORWARD, BY_SERVICE: which */
    const char *request, *response, *extra; /* NULL: null, null, absent */
    const char *resources;                  /* the inside of the array; NULL: absent */
    const char *error, *message;            /* errorCode, errorMessage, either may be NULL */
    unsigned error_rate;                    /* of 1000 */
    const char *identity, *address, *agent; /* instead of what the caller would give */
    bool write;                             /* readOnly is false */
    bool global;                            /* always in us-east-1 */
    bool shared;                            /* has a sharedEventID */
    bool signin;                            /* of the console's sign-in: no requestID, another eventType */
};

struct item {
    int64_t time;
    uint64_t seed;
    const struct kind *kind;
    uint32_t number; /* breaks ties in time */
    bool twice;      /* delivered twice whatever the odds */
};

struct items {
    struct item *list;
    size_t n, room;
};

void items_add(struct items *, const struct kind *, int64_t time, uint64_t seed, bool twice);
void items_sort(struct items *);

/* ---- background.c, situations.c ------------------------------------------------------------------ */

/* The trail is silent between these, and has a record at exactly each. */
#define SILENCE_FROM (3 * 3600 + 20 * 60)
#define SILENCE_TO   (4 * 3600)

#define MIN_RECORDS 500 /* below, the background itself would be silent for half an hour */

/* n records, nothing from SILENCE_FROM to SILENCE_TO. */
void background(struct items *, int64_t day, size_t n, uint64_t seed);
/*
 * A day among many, without the silence: up to n records, fewer on days off and no two days alike; people keep hours,
 * and jobs (on top) run by the clock. With fewer than 1500 a night may have a silent half hour.
 */
void everyday(struct items *, int64_t day, size_t n, uint64_t seed);
void situations(struct items *, int64_t day, uint64_t seed);
void situations_list(FILE *, int64_t day);

/* ---- scribe.c ------------------------------------------------------------------------------------ */

/* Bytes that grow. */
struct out {
    char *p;
    size_t n, room;
};

void *checked(void *memory); /* memory, or an end with a message */
void out_add(struct out *, const void *p, size_t n);
void out_text(struct out *, const char *text);

struct scribe;
struct scribe *scribe_new(void);
void scribe_free(struct scribe *);
/* Appends the item's record: one line of JSON without newline. The same item gives the same bytes. */
void scribe_write(struct scribe *, struct out *, const struct item *);
/* Where the item happens. */
const char *item_region(const struct item *);

#define ACCOUNT "123456789012"

/* ---- shape.c ------------------------------------------------------------------------------------- */

struct shape {
    size_t n, room, nulls, errors, backslashes, unicode, services;
    uint64_t bytes;
    uint32_t *sizes;
    size_t files, files_room, deliveries;
    uint32_t *counts; /* records of each file */
};

void shape_record(struct shape *, const char *p, size_t n);
void shape_file(struct shape *, size_t records);
void shape_print(struct shape *, FILE *);
void shape_free(struct shape *);

/* ---- delivery.c ---------------------------------------------------------------------------------- */

struct delivery {
    const char *out; /* directory, or file, or "-" */
    uint64_t seed;
    unsigned duplicates; /* of 1000 records, how many come twice */
    struct shape *shape; /* NULL: not wanted */
};

/* False after a message on standard error. Items in order of time. */
bool deliver_s3(const struct delivery *, const struct items *, int64_t day);
bool deliver_ndjson(const struct delivery *, const struct items *);

#endif

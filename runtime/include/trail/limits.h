/*
 * limits.h - the numbers that the compiler, the generated code and the runtime agree on.
 */
#ifndef TRAIL_LIMITS_H
#define TRAIL_LIMITS_H

#define TRAIL_VERSION    "0.1.0"       /* of the compiler and the runtime */
#define TRAIL_ABI        5             /* of struct trail_pack; see pack.h */
#define TRAIL_MAX_RECORD (1024 * 1024) /* bytes of one record's JSON text; longer ones are rejected */
#define TRAIL_MAX_DEPTH  128           /* nested arrays and objects in one record; deeper ones are rejected */
#define TRAIL_MAX_TOKEN \
    255 /* code points of one token; longer words are split there, as Elasticsearch does */
#define TRAIL_MAX_PHRASE    64       /* tokens in one phrase */
#define TRAIL_MAX_STATES    10000    /* states of one regex's DFA */
#define TRAIL_MAX_NEEDLES   60000    /* texts of a pack that the sieve looks for: 16 bits number them */
#define TRAIL_PRINT_CLASSES 5        /* in which the sieve looks for what these have first */
#define TRAIL_PADDING       64       /* readable bytes behind every record */
#define TRAIL_LATENESS      900000   /* ms that an event may come late: 15m */
#define TRAIL_FUTURE        300000   /* ms that an event may be dated past the clock: 5m */
#define TRAIL_NOTIFY_EVERY  600000   /* ms between repeats while a condition holds: 10m */
#define TRAIL_RETIRE        86400000 /* ms after which a silent key is forgotten: 24h */

#endif

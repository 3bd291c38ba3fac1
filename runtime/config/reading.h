/*
 * reading.h - what the files of config/ share while a configuration is read: values by their kind.
 *
 * Each reader complains at the value's place when it is not of its kind, and returns something harmless, so that
 * the rest of the file is read and all its mistakes are told at once.
 */
#ifndef TRAIL_READING_H
#define TRAIL_READING_H

#include "config.h"
#include "nearest.h"
#include "tree.h"

/* A secret, for redaction. */
struct trail_secret {
    const char *text;
    size_t n;
    struct trail_secret *next;
};

struct trail_reading {
    struct trail_config *config;
    struct trail_arena *arena;
    struct trail_complaints *complaints;
    struct trail_secret *secrets;
    unsigned flags;
};

/* A configuration with what it is made of. */
struct trail_loaded {
    struct trail_config config;
    struct trail_arena arena;
    struct trail_secret *secrets;
};

/* ---- values.c ---- */

const char *trail_read_text(struct trail_reading *, const struct trail_node *, const char *what);
uint64_t trail_read_number(struct trail_reading *, const struct trail_node *, const char *what,
                           uint64_t least, uint64_t most);
/* The place of the text in the list that ends with NULL; 0 when it is not there. */
size_t trail_read_choice(struct trail_reading *, const struct trail_node *, const char *what,
                         const char *const *choices);
int64_t trail_read_duration(struct trail_reading *, const struct trail_node *, const char *what,
                            int64_t least, int64_t most);
uint64_t trail_read_size(struct trail_reading *, const struct trail_node *, const char *what);
int64_t trail_read_time(struct trail_reading *, const struct trail_node *, const char *what);
/* `30 per 1m` */
struct trail_rate trail_read_rate(struct trail_reading *, const struct trail_node *, const char *what);
/* A list of texts, or one text. */
struct trail_strings trail_read_strings(struct trail_reading *, const struct trail_node *, const char *what);
/* A text or a reference. */
struct trail_setting trail_read_setting(struct trail_reading *, const struct trail_node *, const char *what);
/* A reference alone. */
struct trail_setting trail_read_secret(struct trail_reading *, const struct trail_node *, const char *what);

/* Complains of what is not a mapping, and of keys that are not in the list, which ends with NULL. */
bool trail_read_keys(struct trail_reading *, const struct trail_node *, const char *what,
                     const char *const *keys);

/* HOST:PORT or [ADDRESS]:PORT; false and a complaint otherwise. Port 0: none was written. */
bool trail_read_host(struct trail_reading *, const struct trail_node *, const char *what, const char *text,
                     const char **host, unsigned *port);

/* ---- channels.c, routes.c ---- */

void trail_read_channels(struct trail_reading *, const struct trail_node *);
void trail_read_routes(struct trail_reading *, const struct trail_node *);
void trail_read_mutes(struct trail_reading *, const struct trail_node *);
void trail_read_quiets(struct trail_reading *, const struct trail_node *);

/* ---- zone.c ---- */

/* A zone of the tz database; NULL: there is none of this name. */
struct trail_zone *trail_zone_read(struct trail_arena *, const char *name);

#endif

/*
 * lucene.h - what the files of the program build/tests/lucene share.
 */
#ifndef LUCENE_H
#define LUCENE_H

#include "reading.h"
#include "verdicts.h"

/* ---- draw.c: random filters over the vocabulary ---- */

struct filters {
    size_t n;
    char **list;
};

struct draw {
    struct filters accepted; /* each once */
    struct filters never;    /* one clause each, refused with E108 alone: it can never match */
    struct filters two;      /* refused for their two readings: E101, E102, E103, E106 */
};

struct draw draw_filters(const struct corpus *, uint64_t seed, size_t n);
void draw_free(struct draw *);

/* ---- campaign.c, replay.c: print TAP and return whether all is well ---- */

/* store: NULL, or the file that replay will read. */
bool campaign(const struct site *, const struct corpus *, uint64_t seed, size_t n, const char *store);
/* n: at most so many filters of the file. */
bool replay(const struct site *, const struct corpus *, const char *stored, size_t n);

/* ---- stored.c: verdicts as a file ---- */

/* A letter for each departure; `=` for none. */
struct marks {
    char text[N_DEPARTURES + 2];
};
struct marks marks_of(unsigned departures);

struct stored {
    size_t n;
    struct stored_line {
        struct marks marks;
        size_t count;  /* of records that match */
        uint32_t hash; /* of the verdict */
        char *filter;
    } * lines;
};

bool stored_write(const char *path, const struct stored *, uint64_t seed, const struct corpus *);
/* False, with a message, if the file cannot be read or is of another corpus. */
bool stored_read(const char *path, const struct corpus *, struct stored *);
void stored_free(struct stored *);

#endif

/*
 * tables.h - the catalogue as it is compiled in: tables.awk makes tables.c of the text files here.
 *
 * Names and words are sorted and front-coded, sixteen to a block: of each, 1 + the number of letters it shares with
 * the one before, the other letters, and a NUL.
 */
#ifndef TABLES_H
#define TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "catalogue.h"

enum {
    IN_BLOCK = 16,
    MAX_SOURCES = 3, /* of one API */

    /* in a list of parameters */
    LIST_END = 0,
    LIST_OPEN = 0xFFFF,  /* what follows lies below the word before */
    LIST_CLOSE = 0xFFFE, /* end of that */
};

struct coded {
    size_t n;
    const char *const *blocks;
};

struct row {
    uint16_t name, sources, parameters;
};

extern const char tables_from[]; /* which models the APIs are from */
extern const struct field tables_fields[];
extern const size_t tables_n_fields;
extern const struct coded tables_names, tables_words;
extern const char *const tables_sources[]; /* sorted, without .amazonaws.com */
extern const size_t tables_n_sources;
extern const uint16_t tables_source_sets[][MAX_SOURCES]; /* 1 + index; 0: none */
extern const struct row tables_rows[];                   /* by name */
extern const size_t tables_n_rows;
/* Lists one behind the other, each at its offset: a mode (enum certainty), then words (1 + index), LIST_END. */
extern const uint16_t tables_parameters[];
extern const uint32_t tables_parameters_at[];

#endif

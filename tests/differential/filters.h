/*
 * filters.h - filters through the compiler's front end, packs of them, and what a scanner made of a pack
 * says; for the programs of this directory.
 */
#ifndef FILTERS_H
#define FILTERS_H

#include "random.h"
#include "trailc.h"

/* One filter, read and checked by itself. */
struct filter {
    struct compile *c; /* with its messages */
    struct text text;
    struct node *tree; /* NULL: refused */
};

/* Copies the text. */
struct filter filter_read(const char *text);
void filter_free(struct filter *);
/* Whether the code was said. */
bool filter_said(const struct filter *, enum code);

/* Writes a pack with the lists of random.h; alert i has the ID f-i. NULL: it has none. False: cannot.
 * The alerts show these fields, ended by NULL, those that cannot be shown left out; NULL: the whole event. */
bool pack_write(const char *path, size_t n, const char *const *filters, const char *const *shown);

/* Runs `SCANNER --hits INPUT` and sets hits[record * n_alerts + alert]. False, with a message, if it failed.
 */
bool hits_read(const char *scanner, const char *input, size_t n_alerts, size_t n_records, bool *hits);

/* The whole file, NUL-terminated; NULL: cannot. */
char *file_read(const char *path, size_t *n);
bool file_write(const char *path, const char *p, size_t n);

#endif

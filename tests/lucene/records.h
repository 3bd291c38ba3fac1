/*
 * records.h - the corpus that filters are held against Lucene over: records as logs have them, and stranger
 * ones.
 *
 * Always the same bytes: verdicts are stored that were given over them. Whoever changes a byte has to run
 * `make check-lucene BLESS=1`. Valid UTF-8, as Lucene's strings cannot hold anything else.
 */
#ifndef RECORDS_H
#define RECORDS_H

#include "random.h"

enum { N_RECORDS = 1400 };

/* One record a line. Also here: the lists of random.h that filters name, with values of these records. */
void records_write(struct draft *);

#endif

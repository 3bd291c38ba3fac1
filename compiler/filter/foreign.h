/*
 * foreign.h - comparisons as other query languages spell them.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "parse.h"

/* Says E103 or E107, and that the rest cannot be read, when the filter has one; false when it has none. */
bool refuse_foreign(struct parse *);

#endif

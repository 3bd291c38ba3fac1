/*
 * redundant.h - filters that are always or never true, and alerts that another one says already.
 */
#ifndef LOGIC_REDUNDANT_H
#define LOGIC_REDUNDANT_H

#include "base/arena.h"

/* Needs: expressions. Guarantees: W205 was said of filters that are always or never true, and of alerts that
 * another one says already; every one that is said is so. */
void redundant(struct compile *);

#endif

/*
 * nearest.h - which word a misspelled one may be meant for.
 */
#ifndef TRAIL_NEAREST_H
#define TRAIL_NEAREST_H

/* The nearest of the candidates to a misspelt word; NULL: none is near. The list ends with NULL. */
const char *trail_nearest(const char *word, const char *const *candidates);

#endif

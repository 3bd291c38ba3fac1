/*
 * intern.h - paths, each once.
 */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include "base/arena.h"

/* A dotted path, split: {"requestParameters", "groupName"}. Interned: equal paths are one pointer. */
struct path {
    struct slice name; /* joined with '.', as diagnostics and output show it */
    size_t n;
    struct slice *keys;
    unsigned id; /* 0, 1, … in the order of first use in the pack */
};

/* The whole text is the path; a backslash before a key's first letter is dropped (`a.\json`). */
struct path *path_intern(struct compile *, struct slice name);

#endif

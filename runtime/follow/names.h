/*
 * names.h - paths, and the names in a directory.
 */
#ifndef TRAIL_NAMES_H
#define TRAIL_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Zeroes are none. */
struct names {
    char **at;
    size_t n, room;
};

/* The names in a directory, sorted, but hidden ones. 0 or an errno; names_free them either way. */
int names_list(const char *path, struct names *);
void names_free(struct names *);

char *path_join(const char *directory, const char *name); /* NULL: no memory */

/* The directory of a path, and where its name begins. NULL: no memory. */
char *path_directory(const char *path, const char **name);

/* Whether the file of this identity is at the path. */
bool path_leads_to(const char *path, dev_t, ino_t);

/* Whether a rotation may have given the name of `other` to what was at `path`. */
bool path_is_relative(const char *path, const char *other);

#endif

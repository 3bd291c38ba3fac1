/*
 * inputs.h - which files a scan reads: what was named, directories walked.
 *
 * A directory stands for the regular files below it, in byte order of their full paths. Left out are hidden
 * names (a leading dot), directories named CloudTrail-Digest (they hold signatures, not events), and whatever
 * is no file: sockets, devices, pipes; of those one line tells. A symbolic link is followed; what it leads to
 * is read once a tree, under the name it has without links if it has one, so a link that leads upwards ends
 * the walk there. What was named itself is taken as it is: a hidden file, a pipe, "-" for standard input.
 */
#ifndef TRAIL_INPUTS_H
#define TRAIL_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

struct trail_input {
    char *path;   /* "-": standard input */
    size_t given; /* which of the caller's arguments it came from */
    bool file;    /* a regular file, when it was listed */
};

/* Zero-initialise. Owns its paths; trail_inputs_free gives all back. */
struct trail_inputs {
    size_t n, room;
    struct trail_input *at;
};

enum trail_listed {
    TRAIL_LISTED,         /* everything */
    TRAIL_LISTED_PARTLY,  /* each part that could not be listed was reported; the rest is in the list */
    TRAIL_LIST_NO_MEMORY, /* the list is as it was, or holds a part */
};

/* Borrows both texts for the call. `what` never holds bytes of a path: "cannot be opened: Permission denied".
 * `lost`: events may be missing; else what was left out is no file, and was not named itself. */
typedef void trail_inputs_problem(void *user, const char *path, const char *what, bool lost);

/* Appends the files of one argument: a file, "-", or a directory's tree. Arguments stay in the order of the
 * calls. */
enum trail_listed trail_inputs_add(struct trail_inputs *, const char *path, size_t given,
                                   trail_inputs_problem *, void *user);

void trail_inputs_free(struct trail_inputs *);

#endif

/*
 * folder.h - files of one directory after another: the last directory stays open, so that the system need not
 * find it anew for each of its files.
 *
 * Deliveries lie nine directories deep and hold a few records each; looking up the directories takes as long
 * as all else that the system does for such a file.
 */
#ifndef TRAIL_FOLDER_H
#define TRAIL_FOLDER_H

#include <stddef.h>
#include <sys/stat.h>

/* Begins as TRAIL_NO_FOLDER. */
struct trail_folder {
    int fd;     /* of the directory; -1: not open */
    char *path; /* its path and a slash: of the last file asked for, whether it is open or not */
    size_t n, room;
    unsigned asked; /* how often in a row */
};

#define TRAIL_NO_FOLDER ((struct trail_folder){.fd = -1})

/* As open(path, flags) and stat(path, status). */
int trail_folder_open(struct trail_folder *, const char *path, int flags);
int trail_folder_stat(struct trail_folder *, const char *path, struct stat *status);

void trail_folder_free(struct trail_folder *);

#endif

/*
 * replace.h - a file that is written whole or not at all: beside its place first, then into it by rename(2).
 *
 *     struct replacing r;
 *     bool ok = replacing_start(&r, path, false) && write_all(r.file);
 *     if (!replacing_end(&r, ok))
 *         say(path, strerror(errno));
 *
 * A symbolic link to a file stays one: what it leads to is replaced. A pipe, a terminal or another device is
 * written to where it is.
 */
#ifndef TRAIL_REPLACE_H
#define TRAIL_REPLACE_H

#include <stdbool.h>
#include <stdio.h>

struct replacing {
    char *path, *beside; /* NULL: it is written to where it is */
    FILE *file;          /* to be written to */
};

/* `keeps`: the file is there, and stays as it is in mode and owner; otherwise it is a new one, and the umask holds.
 * False: see errno. End it either way. */
bool replacing_start(struct replacing *, const char *path, bool keeps);

/* Puts the file into its place, on the disk. `ok` false, or false returned: what stood there stands, and errno says
 * why (that of the caller's failure, where it was the caller's). */
bool replacing_end(struct replacing *, bool ok);

#endif

/*
 * folder.c - the last directory, kept open.
 *
 * Needs: paths, those of one directory one after the other where that shall help.
 * Guarantees: what open() and stat() would have given, but for a directory that is renamed meanwhile: its
 * files are found all the same. One file descriptor. Without memory or descriptors paths are looked up as
 * they are.
 */
#include "folder.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For one file, which is looked at and opened, opening its directory would be work for nothing. */
enum { WORTH_IT = 3 };

static void enter(struct trail_folder *f, const char *path, size_t n)
{
    if (f->n == n && memcmp(f->path, path, n) == 0) {
        if (++f->asked == WORTH_IT)
            f->fd = open(f->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        return;
    }
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
    f->n = 0;
    f->asked = 1;
    if (n + 1 > f->room) {
        char *grown = realloc(f->path, 2 * n + 1);
        if (!grown)
            return;
        f->path = grown;
        f->room = 2 * n + 1;
    }
    memcpy(f->path, path, n);
    f->path[n] = 0;
    f->n = n;
}

/* What is to be looked up in *fd. */
static const char *locate(struct trail_folder *f, const char *path, int *fd)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash + 1 - path) : 0;
    *fd = AT_FDCWD;
    if (!n || !path[n])
        return path;
    enter(f, path, n);
    if (f->fd < 0)
        return path;
    *fd = f->fd;
    return path + n;
}

int trail_folder_open(struct trail_folder *f, const char *path, int flags)
{
    int fd;
    const char *name = locate(f, path, &fd);
    return openat(fd, name, flags);
}

int trail_folder_stat(struct trail_folder *f, const char *path, struct stat *status)
{
    int fd;
    const char *name = locate(f, path, &fd);
    return fstatat(fd, name, status, 0);
}

void trail_folder_free(struct trail_folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    free(f->path);
    *f = TRAIL_NO_FOLDER;
}

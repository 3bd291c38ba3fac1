/*
 * replace.c - see replace.h. The name beside it is nobody's who could have guessed it.
 */
#include "replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As the file was that is replaced. The new one's group may be the directory's. */
static bool set_as_before(int fd, const char *path)
{
    struct stat st, new;
    if (stat(path, &st) != 0 || fstat(fd, &new) != 0)
        return false;
    if ((st.st_uid != new.st_uid || st.st_gid != new.st_gid) && fchown(fd, st.st_uid, st.st_gid) != 0)
        return false;
    return fchmod(fd, st.st_mode & 07777) == 0; /* behind the owner, which takes bits of the mode away */
}

static bool set_as_new(int fd)
{
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(fd, 0666 & ~mask) == 0;
}

/* Makes the file beside its place. */
static bool start_beside(struct replacing *r, bool keeps)
{
    static const char ending[] = ".XXXXXX";
    size_t n = strlen(r->path);
    r->beside = malloc(n + sizeof ending);
    if (!r->beside)
        return false;
    memcpy(r->beside, r->path, n);
    memcpy(r->beside + n, ending, sizeof ending);
    int fd = mkostemp(r->beside, O_CLOEXEC);
    if (fd < 0) {
        int error = errno;
        free(r->beside);
        r->beside = NULL; /* there is no such file */
        errno = error;
        return false;
    }
    r->file = fdopen(fd, "w");
    if (!r->file)
        close(fd);
    return r->file && (keeps ? set_as_before(fd, r->path) : set_as_new(fd));
}

bool replacing_start(struct replacing *r, const char *path, bool keeps)
{
    struct stat st;
    *r = (struct replacing){0};
    bool there = stat(path, &st) == 0;
    if (there && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (there && !S_ISREG(st.st_mode)) {
        r->file = fopen(path, "we");
        return r->file != NULL;
    }
    r->path = there ? realpath(path, NULL) : strdup(path);
    return r->path && start_beside(r, keeps);
}

bool replacing_end(struct replacing *r, bool ok)
{
    int error = errno;
    if (ok && (fflush(r->file) != 0 || (r->beside && fsync(fileno(r->file)) != 0))) {
        error = errno;
        ok = false;
    }
    if (r->file && fclose(r->file) != 0 && ok) {
        error = errno;
        ok = false;
    }
    if (ok && r->beside && rename(r->beside, r->path) != 0) {
        error = errno;
        ok = false;
    }
    if (!ok && r->beside)
        unlink(r->beside);
    free(r->beside);
    free(r->path);
    errno = error;
    return ok;
}

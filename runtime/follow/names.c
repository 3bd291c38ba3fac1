/*
 * names.c - see names.h.
 */
#include "names.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *path_join(const char *directory, const char *name)
{
    size_t n = strlen(directory), m = strlen(name);
    bool slash = n && directory[n - 1] != '/';
    char *path = malloc(n + slash + m + 1);
    if (!path)
        return NULL;
    memcpy(path, directory, n);
    path[n] = '/';
    memcpy(path + n + slash, name, m + 1);
    return path;
}

/* The directory of a path, and where its name begins. NULL: no memory. */
char *path_directory(const char *path, const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    return !slash ? strdup(".") : slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

bool path_leads_to(const char *path, dev_t device, ino_t inode)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool names_add(struct names *names, const char *name)
{
    if (names->n == names->room) {
        size_t room = names->room ? names->room * 2 : 64;
        char **at = realloc(names->at, room * sizeof *at);
        if (!at)
            return false;
        names->at = at;
        names->room = room;
    }
    char *copy = strdup(name);
    if (copy)
        names->at[names->n++] = copy;
    return copy;
}

void names_free(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->at[i]);
    free(names->at);
}

/* The names in a directory, sorted, but hidden ones. 0 or an errno. */
int names_list(const char *path, struct names *names)
{
    DIR *d = opendir(path);
    struct dirent *e;
    if (!d)
        return errno;
    while ((errno = 0, e = readdir(d)))
        if (e->d_name[0] != '.' && !names_add(names, e->d_name)) {
            errno = ENOMEM;
            break;
        }
    int error = errno;
    closedir(d);
    if (names->n > 0)
        qsort(names->at, names->n, sizeof *names->at, by_name);
    return error;
}

/* Whether a rotation may have given `name` to what was at `path`: the same directory, the same beginning up
 * to a dot, and then a mark: log -> log.1, log.1.gz, log-20260101, and for x.log x-20260101.log, too. */
bool path_is_relative(const char *path, const char *other)
{
    const char *name = strrchr(path, '/'), *theirs = strrchr(other, '/');
    name = name ? name + 1 : path;
    theirs = theirs ? theirs + 1 : other;
    if (name - path != theirs - other || strncmp(path, other, (size_t)(name - path)) != 0)
        return false;
    const char *dot = strrchr(name, '.');
    size_t n = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    return strncmp(name, theirs, n) == 0 && theirs[n] && strcmp(name, theirs) != 0 &&
           strchr(".-_", theirs[n]);
}

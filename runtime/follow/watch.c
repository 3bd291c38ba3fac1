/*
 * watch.c - inotify, and where it cannot be relied on.
 */
#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#define TOLD                                                                                        \
    (IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB | \
     IN_DELETE_SELF | IN_MOVE_SELF)

/* A path of a directory; the same directory may have several. */
struct name {
    struct name *next;
    char path[];
};

struct watch {
    int fd;              /* -1: nothing is told */
    struct name **names; /* by watch descriptor */
    size_t room;
};

struct watch *watch_new(bool tells)
{
    struct watch *w = calloc(1, sizeof *w);
    if (w)
        w->fd = tells ? inotify_init1(IN_CLOEXEC | IN_NONBLOCK) : -1;
    return w;
}

static void free_names(struct name *n)
{
    while (n) {
        struct name *next = n->next;
        free(n);
        n = next;
    }
}

void watch_free(struct watch *w)
{
    if (!w)
        return;
    if (w->fd >= 0)
        close(w->fd);
    for (size_t i = 0; i < w->room; i++)
        free_names(w->names[i]);
    free(w->names);
    free(w);
}

int watch_descriptor(const struct watch *w)
{
    return w->fd;
}

/* File systems whose files change elsewhere too: the numbers are those of statfs(2). */
static bool is_silent(const char *directory)
{
    static const unsigned long elsewhere[] = {
        0x6969,     /* NFS */
        0x517B,     /* SMB */
        0xFE534D42, /* SMB2 */
        0xFF534D42, /* CIFS */
        0x65735546, /* FUSE */
        0x01021997, /* 9P */
        0x00C36400, /* CEPH */
        0x0BD00BD0, /* LUSTRE */
        0x5346414F, /* AFS */
        0x73757245, /* CODA */
        0x47504653, /* GPFS */
    };
    struct statfs fs;
    if (statfs(directory, &fs) != 0)
        return false;
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        if ((unsigned long)(unsigned)fs.f_type == elsewhere[i])
            return true;
    return false;
}

static bool keep_path(struct watch *w, size_t wd, const char *path)
{
    if (wd >= w->room) {
        size_t room = w->room ? w->room : 64;
        while (room <= wd)
            room *= 2;
        struct name **names = realloc(w->names, room * sizeof *names);
        if (!names)
            return false;
        memset(names + w->room, 0, (room - w->room) * sizeof *names);
        w->names = names;
        w->room = room;
    }
    struct name **last = &w->names[wd];
    for (; *last; last = &(*last)->next)
        if (strcmp((*last)->path, path) == 0)
            return true;
    size_t n = strlen(path) + 1;
    *last = malloc(sizeof **last + n);
    if (!*last)
        return false;
    (*last)->next = NULL;
    memcpy((*last)->path, path, n);
    return true;
}

enum watched watch_add(struct watch *w, const char *directory)
{
    if (w->fd < 0 || is_silent(directory))
        return WATCH_SILENT;
    int wd = inotify_add_watch(w->fd, directory, TOLD | IN_ONLYDIR);
    if (wd < 0)
        return errno == ENOSPC ? WATCH_LIMIT : errno == ENOMEM ? WATCH_NO_MEMORY : WATCH_FAILED;
    return keep_path(w, (size_t)wd, directory) ? WATCH_TOLD : WATCH_NO_MEMORY;
}

static void tell(struct watch *w, const struct inotify_event *e, watch_tell *fn, void *user)
{
    bool itself = e->len == 0 || e->mask & (IN_DELETE_SELF | IN_MOVE_SELF);
    enum watch_change change = e->mask & (IN_DELETE_SELF | IN_MOVE_SELF)  ? WATCH_GONE
                               : e->mask & (IN_CLOSE_WRITE | IN_MOVED_TO) ? WATCH_WRITTEN
                                                                          : WATCH_CHANGED;
    if (e->mask & IN_Q_OVERFLOW) {
        fn(user, WATCH_MISSED, NULL, NULL);
        return;
    }
    if (e->wd < 0 || (size_t)e->wd >= w->room)
        return;
    if (e->mask & IN_IGNORED) {
        free_names(w->names[e->wd]);
        w->names[e->wd] = NULL;
        return;
    }
    /* A name stays where it is, whatever is added. */
    for (const struct name *n = w->names[e->wd]; n; n = n->next)
        fn(user, change, n->path, itself ? NULL : e->name);
}

void watch_read(struct watch *w, watch_tell *fn, void *user)
{
    _Alignas(struct inotify_event) char buffer[64 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
    ssize_t n;
    while (w->fd >= 0 && (n = read(w->fd, buffer, sizeof buffer)) > 0) {
        for (char *p = buffer; p < buffer + n;) {
            const struct inotify_event *e = (const struct inotify_event *)(const void *)p;
            p += sizeof *e + e->len;
            tell(w, e, fn, user);
        }
    }
}

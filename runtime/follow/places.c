/*
 * places.c - the directories of a tree: watched, listed, followed where they go. See tree_inside.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "tree_inside.h"
#include "window/siphash.h"

enum { MAX_DEPTH = 64 }; /* of directories below a root: symbolic links may lead in circles */

/* ---- watching ---- */

static void say_once(struct tree *t, bool *said, const char *path, const char *what)
{
    if (!*said)
        tree_say(t, path, what);
    *said = true;
}

/* Whether the directory has to be looked at from time to time. */
bool places_watch(struct tree *t, const char *path)
{
    switch (watch_add(t->watch, path)) {
    case WATCH_TOLD: return false;
    case WATCH_SILENT:
        if (t->config.tells)
            say_once(t, &t->said_silent, path,
                     "the file system does not tell of changes: looking for them each second");
        break;
    case WATCH_LIMIT:
        say_once(t, &t->said_limit, path,
                 "no watch is left to be told of changes: looking for them each second; raise "
                 "fs.inotify.max_user_watches or max_user_instances");
        break;
    case WATCH_FAILED: break;
    case WATCH_NO_MEMORY: tree_no_memory(t); break;
    }
    t->polls = true;
    return true;
}

/* ---- directories ---- */

static uint64_t hash_of(dev_t device, ino_t inode)
{
    uint64_t both[2] = {device, inode};
    return siphash(&SIPHASH_FIXED, both, sizeof both);
}

static struct place *place_of(const struct tree *t, const struct stat *st)
{
    for (struct cell *c = table_first(&t->directories, hash_of(st->st_dev, st->st_ino)); c;
         c = cell_next(c)) {
        struct place *p = c->item;
        if (p->device == st->st_dev && p->inode == st->st_ino)
            return p;
    }
    return NULL;
}

/* NULL: no memory. */
static struct place *place_add(struct tree *t, size_t root, const char *path, const struct stat *st,
                               bool file)
{
    size_t n = strlen(path) + 1;
    struct place *p = calloc(1, sizeof *p + n);
    if (!p || (!file && !table_add(&t->directories, hash_of(st->st_dev, st->st_ino), p))) {
        free(p);
        tree_no_memory(t);
        return NULL;
    }
    memcpy(p->path, path, n);
    p->root = root;
    p->file = file;
    p->device = st->st_dev;
    p->inode = st->st_ino;
    *t->last = p;
    t->last = &p->next;
    return p;
}

/* Looks at all that is in a directory. */
static void list(struct tree *t, struct place *p)
{
    struct names names = {0};
    p->listed = true;
    int error = names_list(p->path, &names);
    if (error == ENOENT && strcmp(p->path, t->config.roots[p->root]) != 0)
        error = 0;
    tree_tell_failed(t, p->root, p->path, "cannot be listed", &p->failing, error);
    for (size_t i = 0; i < names.n; i++) {
        char *path = path_join(p->path, names.at[i]);
        if (path)
            tree_look(t, p->root, path, false);
        else
            tree_no_memory(t);
        free(path);
    }
    names_free(&names);
}

/* Lists the directories that were found and not listed yet; lists find more of them. */
void places_list_new(struct tree *t)
{
    for (struct place *p = t->places; p; p = p->next)
        if (!p->file && !p->listed)
            list(t, p);
}

static size_t depth_below(const char *root, const char *path)
{
    size_t n = 0;
    for (path += strnlen(path, strlen(root)); *path; path++)
        n += *path == '/';
    return n;
}

void places_look(struct tree *t, size_t root, const char *path, const struct stat *st)
{
    const char *slash = strrchr(path, '/');
    struct place *p = place_of(t, st);
    if (p && strcmp(p->path, path) != 0 && path_leads_to(p->path, st->st_dev, st->st_ino))
        return; /* the same directory under another name */
    if (strcmp(slash ? slash + 1 : path, "CloudTrail-Digest") == 0 ||
        depth_below(t->config.roots[root], path) > MAX_DEPTH)
        return;
    if (!p || strcmp(p->path, path) != 0) {
        if (p)
            table_remove(&t->directories, hash_of(p->device, p->inode), p); /* it was renamed */
        p = place_add(t, root, path, st, false);
        if (!p)
            return;
        p->polled = places_watch(t, path);
    } else if (p->failing) {
        p->listed = false;
    }
}

/* A directory is not where it was. */
void places_drop(struct tree *t, const char *path)
{
    for (struct place **p = &t->places; *p; p = &(*p)->next) {
        struct place *gone = *p;
        if (gone->file || strcmp(gone->path, path) != 0 || path_leads_to(path, gone->device, gone->inode))
            continue;
        *p = gone->next;
        if (t->last == &gone->next)
            t->last = p;
        table_remove(&t->directories, hash_of(gone->device, gone->inode), gone);
        free(gone);
        return;
    }
}

/* ---- links ---- */

/* What a link in a directory leads to is somewhere else, where nothing is told. */
void places_note_link(struct tree *t, size_t root, const char *path, const struct stat *target)
{
    struct stat st;
    if (strcmp(path, t->config.roots[root]) == 0 || lstat(path, &st) != 0 || !S_ISLNK(st.st_mode))
        return;
    for (const struct place *p = t->places; p; p = p->next)
        if (p->file && strcmp(p->path, path) == 0)
            return;
    struct place *p = place_add(t, root, path, target, true);
    if (p)
        t->polls = p->polled = true;
}

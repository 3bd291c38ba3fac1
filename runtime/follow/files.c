/*
 * files.c - see files.h.
 */
#include "files.h"

#include <stdlib.h>
#include <string.h>

#include "window/siphash.h"

static uint64_t hash_of_path(const char *path)
{
    return siphash(&SIPHASH_FIXED, path, strlen(path));
}

static uint64_t hash_of_identity(dev_t device, ino_t inode)
{
    uint64_t both[2] = {device, inode};
    return siphash(&SIPHASH_FIXED, both, sizeof both);
}

bool files_add(struct files *f, struct tail *t)
{
    if (!table_add(&f->paths, hash_of_path(t->path), t))
        return false;
    if (table_add(&f->identities, hash_of_identity(t->device, t->inode), t))
        return true;
    table_remove(&f->paths, hash_of_path(t->path), t);
    return false;
}

struct tail *files_by_path(const struct files *f, const char *path)
{
    for (struct cell *c = table_first(&f->paths, hash_of_path(path)); c; c = cell_next(c))
        if (strcmp(((struct tail *)c->item)->path, path) == 0)
            return c->item;
    return NULL;
}

struct tail *files_by_identity(const struct files *f, dev_t device, ino_t inode)
{
    for (struct cell *c = table_first(&f->identities, hash_of_identity(device, inode)); c; c = cell_next(c)) {
        struct tail *t = c->item;
        if (t->device == device && t->inode == inode)
            return t;
    }
    return NULL;
}

void files_lose(struct files *f, struct tail *t)
{
    if (!t->lost)
        table_remove(&f->paths, hash_of_path(t->path), t);
    t->lost = true;
}

bool files_move(struct files *f, struct tail *t, const char *path)
{
    char *copy = strdup(path);
    if (!copy || !table_add(&f->paths, hash_of_path(copy), t)) {
        free(copy);
        return false;
    }
    if (!t->lost)
        table_remove(&f->paths, hash_of_path(t->path), t);
    free(t->path);
    t->path = copy;
    t->kept = NULL;
    t->lost = false;
    t->changed = true;
    return true;
}

bool files_identify(struct files *f, struct tail *t, dev_t device, ino_t inode)
{
    if (!table_add(&f->identities, hash_of_identity(device, inode), t))
        return false;
    table_remove(&f->identities, hash_of_identity(t->device, t->inode), t);
    t->device = device;
    t->inode = inode;
    return true;
}

/* ---- waiting ---- */

void files_queue(struct files *f, struct tail *t, bool first)
{
    if (t->queued)
        return;
    t->queued = true;
    f->n_waiting++;
    if (!f->first)
        f->last = &f->first;
    if (first) {
        t->next_queued = f->first;
        if (!f->first)
            f->last = &t->next_queued;
        f->first = t;
        return;
    }
    t->next_queued = NULL;
    *f->last = t;
    f->last = &t->next_queued;
}

struct tail *files_next(struct files *f)
{
    struct tail *t = f->first;
    if (!t)
        return NULL;
    f->first = t->next_queued;
    t->queued = false;
    f->n_waiting--;
    return t;
}

/* A file that is freed may wait. */
static void unqueue(struct files *f, struct tail *t)
{
    struct tail **place = &f->first;
    while (*place != t)
        place = &(*place)->next_queued;
    *place = t->next_queued;
    if (!t->next_queued)
        f->last = place;
    t->queued = false;
    f->n_waiting--;
}

/* ---- open ---- */

static bool is_listed(const struct files *f, const struct tail *t)
{
    return t->before || t->behind || f->newest == t;
}

static void unlist(struct files *f, struct tail *t)
{
    if (!is_listed(f, t))
        return;
    *(t->before ? &t->before->behind : &f->newest) = t->behind;
    *(t->behind ? &t->behind->before : &f->oldest) = t->before;
    t->before = t->behind = NULL;
    f->n_open--;
}

void files_used(struct files *f, struct tail *t)
{
    unlist(f, t);
    t->behind = f->newest;
    *(f->newest ? &f->newest->before : &f->oldest) = t;
    f->newest = t;
    f->n_open++;
}

void files_park(struct files *f, struct tail *t)
{
    tail_park(t);
    unlist(f, t);
}

/* ---- all ---- */

void files_remove(struct files *f, struct tail *t)
{
    files_lose(f, t);
    table_remove(&f->identities, hash_of_identity(t->device, t->inode), t);
    if (t->queued)
        unqueue(f, t);
    files_park(f, t);
    tail_free(t);
}

void files_each(const struct files *f, void (*fn)(void *user, struct tail *), void *user)
{
    for (size_t i = 0; i < f->identities.room; i++)
        for (struct cell *c = f->identities.slot[i]; c; c = c->next)
            fn(user, c->item);
}

static void free_one(void *user, struct tail *t)
{
    (void)user;
    tail_free(t);
}

void files_free(struct files *f)
{
    files_each(f, free_one, NULL);
    table_free(&f->paths);
    table_free(&f->identities);
    *f = (struct files){0};
}

/*
 * tree.c - see tree.h: which files there are, and which of them is which.
 *
 * A path is looked at (tree_look) when somebody tells that something has changed there, when its directory is
 * listed, or when it is looked for, where nothing is told. What is found there is a file that is known, under
 * this name or another, or a new one; all that follows from it is decided there, so that it does not matter
 * what was told, in which order, and how often.
 */
#include "tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "notify/terminal.h"
#include "tree_inside.h"

enum {
    OPEN_FILES = 256,
    POLL = 1000,     /* ms: where nothing is told */
    RETRY = 5000,    /* ms: what fails */
    RELIST = 600000, /* ms: all, in case that something was not told */
    GRACE = 10000,   /* ms: a rotation takes a file away before it makes the new one */
};

void tree_say(struct tree *t, const char *path, const char *what)
{
    struct trail_text text = {0};
    trail_terminal_add(&text, (struct trail_slice){path, strlen(path)});
    trail_text_add(&text, ": ", 2);
    trail_text_add(&text, what, strlen(what) + 1);
    t->config.notice(t->config.user, text.failed ? what : text.p);
    trail_text_free(&text);
}

/* ---- what fails ---- */

void tree_tell_failed(struct tree *t, size_t root, const char *path, const char *what, int *failing,
                      int error)
{
    char text[160], buffer[96];
    t->failing = t->failing || error;
    if (*failing == error)
        return;
    if (error)
        snprintf(text, sizeof text, "%s: %s", what, strerror_r(error, buffer, sizeof buffer));
    bool was = *failing;
    *failing = error;
    /* Another reason for the same is no news. */
    if (!was || !error)
        t->config.failed(t->config.user, root, path, error ? text : NULL);
}

void tree_failed(struct tree *t, struct tail *f, int error)
{
    tree_tell_failed(t, f->given, f->path, "cannot be read", &f->failing, error);
    files_park(&t->files, f);
}

void tree_no_memory(struct tree *t)
{
    t->is_short = t->missed = true;
}

/* ---- files ---- */

/* A copy that goes on by itself is none: two logs may begin alike. */
void tree_queue(struct tree *t, struct tail *f)
{
    if (f->copy_of && tail_outgrew(f->copy_of, f->path))
        f->copy_of = NULL;
    if (!f->copy_of)
        files_queue(&t->files, f, false);
}

void tree_changed(struct tree *t, struct tail *f)
{
    if (t->config.changed)
        t->config.changed(t->config.user, f);
}

/* A file that nobody will find again. */
void tree_forget(struct tree *t, struct tail *f)
{
    if (t->config.forget)
        t->config.forget(t->config.user, f);
    files_remove(&t->files, f);
}

/* NULL: no memory. */
struct tail *tree_add_file(struct tree *t, size_t root, const char *path, const struct stat *st)
{
    struct tree_known known = {0};
    struct tail *f = tail_new(path, root, st);
    if (!f || !files_add(&t->files, f)) {
        tail_free(f);
        tree_no_memory(t);
        return NULL;
    }
    if (t->config.recall && !t->config.recall(t->config.user, path, &known))
        tree_no_memory(t);
    if (known.known) {
        tail_resume(f, &known.position);
        f->changed = false;
    }
    if (known.done) {
        tail_pass(f, st);
        tail_park(f);
    }
    if (f->fd >= 0)
        files_used(&t->files, f);
    if (!known.known || known.moved)
        tree_changed(t, f);
    if (known.moved) /* what it is a copy of may have been read further than is kept */
        rotation_find_original(t, f);
    t->roots[root].known |= known.known || known.left;
    return f;
}

void tree_move(struct tree *t, struct tail *f, const char *path)
{
    if (files_move(&t->files, f, path))
        tree_changed(t, f);
    else
        tree_no_memory(t);
}

/* A file that is known is at this path now. */
static void look_at_known(struct tree *t, struct tail *f, const char *path, const struct stat *st)
{
    bool moved = f->lost || strcmp(f->path, path) != 0;
    if (moved && !f->lost && path_leads_to(f->path, f->device, f->inode))
        return; /* another name of the same file */
    if (moved)
        tree_move(t, f, path);
    if (f->stream || tail_may_have_more(f, st))
        tree_queue(t, f);
}

static void look_at_file(struct tree *t, size_t root, const char *path, const struct stat *st, bool written)
{
    struct tail *there = files_by_path(&t->files, path),
                *f = files_by_identity(&t->files, st->st_dev, st->st_ino);
    if (there && there != f)
        rotation_lose(t, root, there);
    f = files_by_identity(&t->files, st->st_dev, st->st_ino);
    if (f) {
        f->written |= written;
        look_at_known(t, f, path, st);
        return;
    }
    f = tree_add_file(t, root, path, st);
    if (!f)
        return;
    f->written = written;
    if (f->at.so_far.records == 0)
        rotation_find_original(t, f);
    if (tail_may_have_more(f, st))
        tree_queue(t, f);
    if (strcmp(path, t->roots[root].path) == 0)
        rotation_find_missed(t, root);
}

/* What was named is not there. */
static void miss_root(struct tree *t, size_t i, int error)
{
    struct root *r = &t->roots[i];
    int64_t now = t->config.clock->steady(t->config.clock->user);
    if (r->gone_at == 0)
        r->gone_at = now;
    t->failing = true;
    if (error != ENOENT || !r->seen || now - r->gone_at >= GRACE)
        tree_tell_failed(t, i, r->path, "cannot be opened", &r->failing, error);
}

void tree_look(struct tree *t, size_t root, const char *path, bool written)
{
    struct stat st;
    struct root *r = &t->roots[root];
    bool is_root = strcmp(path, r->path) == 0;
    if (stat(path, &st) != 0) {
        int error = errno;
        struct tail *there = files_by_path(&t->files, path);
        if (there)
            rotation_lose(t, root, there);
        if (is_root)
            miss_root(t, root, error);
        else if (error != ENOENT && error != ENOTDIR)
            tree_tell_failed(t, root, path, "cannot be opened", &r->failing, error);
        return;
    }
    if (is_root) {
        r->seen = true;
        r->gone_at = 0;
        tree_tell_failed(t, root, path, "", &r->failing, 0);
    }
    if (S_ISDIR(st.st_mode))
        places_look(t, root, path, &st);
    else if (S_ISREG(st.st_mode)) {
        places_note_link(t, root, path, &st);
        look_at_file(t, root, path, &st, written);
    }
}

/* ---- what is told ---- */

static bool is_below(const char *root, const char *directory)
{
    size_t n = strlen(root);
    return strncmp(root, directory, n) == 0 &&
           (directory[n] == 0 || directory[n] == '/' || root[n - 1] == '/');
}

static void look_in(struct tree *t, size_t i, const char *directory, const char *name, bool written)
{
    const struct root *r = &t->roots[i];
    if ((strcmp(directory, r->directory) == 0 && strcmp(name, r->name) == 0) ||
        (r->target && strcmp(directory, r->target_directory) == 0 && strcmp(name, r->target_name) == 0))
        tree_look(t, i, r->path, written);
    bool below = is_below(r->path, directory), beside = strcmp(directory, r->directory) == 0;
    if (name[0] == '.' || (!below && !beside))
        return;
    char *path = !below && r->name == r->path ? strdup(name) : path_join(directory, name);
    if (!path)
        tree_no_memory(t);
    else if (below)
        tree_look(t, i, path, written);
    else if (files_by_path(&t->files, path))
        tree_queue(t, files_by_path(&t->files, path)); /* what was at the root's path, under its new name */
    free(path);
}

static void on_change(void *user, enum watch_change change, const char *directory, const char *name)
{
    struct tree *t = user;
    if (change == WATCH_MISSED) {
        t->missed = true;
        return;
    }
    for (size_t i = 0; i < t->config.n_roots; i++) {
        if (name)
            look_in(t, i, directory, name, change == WATCH_WRITTEN);
        else if (strcmp(directory, t->roots[i].path) == 0 || strcmp(directory, t->roots[i].directory) == 0)
            tree_look(t, i, t->roots[i].path, false);
    }
    if (change == WATCH_GONE)
        places_drop(t, directory);
    if (!name && change == WATCH_CHANGED) /* its permissions, perhaps */
        for (struct place *p = t->places; p; p = p->next)
            if (!p->file && strcmp(p->path, directory) == 0)
                p->listed = false;
}

/* ---- all ---- */

static void look_at_root(struct tree *t, size_t i)
{
    struct root *r = &t->roots[i];
    if (places_watch(t, r->directory))
        t->polls = true;
    char *target = realpath(r->path, NULL);
    if (target && (!r->target || strcmp(target, r->target) != 0)) {
        free(r->target);
        free(r->target_directory);
        r->target = target;
        r->target_directory = path_directory(r->target, &r->target_name);
        if (!r->target_directory)
            tree_no_memory(t);
        else
            places_watch(t, r->target_directory);
    } else {
        free(target);
    }
    tree_look(t, i, r->path, false);
}

static void look_again(void *user, struct tail *f)
{
    struct tree *t = user;
    struct stat st;
    /* Not to be changed while it is walked: what is not where it was is found by its directory's list. */
    if (!f->lost && stat(f->path, &st) == 0 && st.st_dev == f->device && st.st_ino == f->inode &&
        tail_may_have_more(f, &st))
        tree_queue(t, f);
}

void tree_list(struct tree *t)
{
    int64_t now = t->config.clock->steady(t->config.clock->user);
    struct stat st;
    t->missed = false;
    t->next_list = now + RELIST;
    for (struct place *p = t->places; p; p = p->next)
        p->listed = false;
    for (size_t i = 0; i < t->config.n_roots; i++)
        look_at_root(t, i);
    places_list_new(t);
    for (size_t i = 0; i < t->config.n_roots && !t->listed; i++)
        if (stat(t->roots[i].path, &st) != 0 || S_ISREG(st.st_mode))
            rotation_recall(t, i);
    t->listed = true;
    files_each(&t->files, look_again, t);
}

/* Where nothing is told, and what fails. */
static void poll_places(struct tree *t, bool failing)
{
    for (size_t i = 0; i < t->config.n_roots; i++)
        if (!failing || t->roots[i].failing || t->roots[i].gone_at)
            look_at_root(t, i);
    for (struct place *p = t->places; p; p = p->next) {
        if (failing ? !p->failing : !p->polled)
            continue;
        if (p->file)
            tree_look(t, p->root, p->path, false);
        else
            p->listed = false;
    }
    places_list_new(t);
}

struct retry {
    struct tree *tree;
    bool any;
};

static void retry_file(void *user, struct tail *f)
{
    struct retry *r = user;
    if (f->failing && !f->lost)
        tree_queue(r->tree, f);
    r->any |= f->failing;
}

static void retry(struct tree *t)
{
    struct retry r = {.tree = t};
    files_each(&t->files, retry_file, &r);
    poll_places(t, true);
    for (size_t i = 0; i < t->config.n_roots; i++)
        r.any |= t->roots[i].failing || t->roots[i].gone_at;
    for (const struct place *p = t->places; p; p = p->next)
        r.any |= p->failing;
    t->failing = r.any;
}

/* Files without a name that bring nothing more. */
static void tidy(struct tree *t, int64_t now)
{
    struct tail *behind;
    for (struct tail *f = t->files.newest; f; f = behind) {
        behind = f->behind;
        if (f->lost && !f->queued && now - f->read_at < t->config.quiet)
            tree_queue(t, f); /* it may be written to still: nothing tells of it */
        else if (f->lost && !f->queued) {
            rotation_hand_down(t, f);
            tree_forget(t, f);
        }
    }
}

void tree_notice(struct tree *t)
{
    int64_t now = t->config.clock->steady(t->config.clock->user);
    watch_read(t->watch, on_change, t);
    places_list_new(t);
    if (t->missed || now >= t->next_list)
        tree_list(t);
    if (t->polls && now >= t->next_poll) {
        t->next_poll = now + POLL;
        poll_places(t, false);
    }
    if (t->failing && now >= t->next_retry) {
        t->next_retry = now + RETRY;
        retry(t);
    }
    if (now >= t->next_tidy) {
        t->next_tidy = now + POLL;
        tidy(t, now);
    }
}

int64_t tree_due(const struct tree *t)
{
    int64_t due = t->next_list;
    if (t->polls && t->next_poll < due)
        due = t->next_poll;
    if (t->failing && t->next_retry < due)
        due = t->next_retry;
    for (const struct tail *f = t->files.newest; f; f = f->behind)
        if (f->lost && t->next_tidy < due)
            due = t->next_tidy;
    return due;
}

/* ---- reading ---- */

static void make_room(struct tree *t)
{
    struct tail *before;
    size_t limit = t->config.open_files;
    for (struct tail *f = t->files.oldest; f && t->files.n_open >= limit; f = before) {
        before = f->before;
        if (!f->lost)
            files_park(&t->files, f);
    }
}

struct tail *tree_next(struct tree *t)
{
    struct tail *f;
    while ((f = files_next(&t->files))) {
        if (f->copy_of)
            continue;
        if (f->fd < 0 || !f->stream)
            make_room(t);
        enum tail_opened opened = tail_open(f);
        if (f->fd >= 0)
            files_used(&t->files, f);
        switch (opened) {
        case TAIL_OPEN: tree_tell_failed(t, f->given, f->path, "", &f->failing, 0); return f;
        case TAIL_FAILED: tree_failed(t, f, errno); break;
        case TAIL_NO_MEMORY: tree_no_memory(t); return NULL;
        case TAIL_OTHER: {
            size_t root = f->given;
            char *path = strdup(f->path);
            if (f->lost) {
                rotation_hand_down(t, f);
                tree_forget(t, f);
            } else if (path_leads_to(f->path, f->device, f->inode))
                rotation_empty(t, f);
            else
                rotation_lose(t, root, f);
            if (path)
                tree_look(t, root, path, false);
            free(path);
        }
        }
    }
    return NULL;
}

void tree_again(struct tree *t, struct tail *f, bool first)
{
    files_queue(&t->files, f, first);
}

/* ---- life ---- */

struct tree *tree_new(const struct tree_config *config)
{
    struct tree *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->config = *config;
    t->config.open_files = config->open_files ? config->open_files : OPEN_FILES;
    t->last = &t->places;
    t->watch = watch_new(config->tells);
    t->roots = calloc(config->n_roots + 1, sizeof *t->roots);
    bool ok = t->watch && t->roots;
    for (size_t i = 0; ok && i < config->n_roots; i++) {
        t->roots[i].path = config->roots[i];
        t->roots[i].directory = path_directory(config->roots[i], &t->roots[i].name);
        ok = t->roots[i].directory != NULL;
    }
    if (ok)
        return t;
    tree_free(t);
    return NULL;
}

void tree_free(struct tree *t)
{
    if (!t)
        return;
    files_free(&t->files);
    for (size_t i = 0; t->roots && i < t->config.n_roots; i++) {
        free(t->roots[i].directory);
        free(t->roots[i].target);
        free(t->roots[i].target_directory);
    }
    while (t->places) {
        struct place *next = t->places->next;
        free(t->places);
        t->places = next;
    }
    table_free(&t->directories);
    watch_free(t->watch);
    free(t->roots);
    free(t);
}

int tree_descriptor(const struct tree *t)
{
    return watch_descriptor(t->watch);
}

size_t tree_waiting(const struct tree *t)
{
    return t->files.n_waiting;
}

size_t tree_files(const struct tree *t)
{
    return t->files.identities.n;
}

size_t tree_open_files(const struct tree *t)
{
    return t->files.n_open;
}

void tree_each(struct tree *t, void (*fn)(void *user, struct tail *), void *user)
{
    files_each(&t->files, fn, user);
}

bool tree_is_short(const struct tree *t)
{
    return t->is_short;
}

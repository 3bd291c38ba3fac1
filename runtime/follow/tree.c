/*
 * tree.c - see tree.h: which files there are, and which of them is which.
 *
 * A path is looked at (look) when somebody tells that something has changed there, when its directory is listed,
 * or when it is looked for, where nothing is told. What is found there is a file that is known, under
 * this name or another, or a new one; all that follows from it is decided there, so that it does not matter
 * what was told, in which order, and how often.
 */
#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "notify/terminal.h"
#include "watch.h"
#include "window/siphash.h"

enum {
    OPEN_FILES = 256,
    POLL = 1000,     /* ms: where nothing is told */
    RETRY = 5000,    /* ms: what fails */
    RELIST = 600000, /* ms: all, in case that something was not told */
    GRACE = 10000,   /* ms: a rotation takes a file away before it makes the new one */
    SHIFTED = 1000,  /* names of one rotation */
    MAX_DEPTH = 64,  /* of directories below a root: symbolic links may lead in circles */
};

struct root {
    const char *path;
    char *directory, *target_directory; /* that it is in; that it leads to */
    const char *name, *target_name;
    char *target;
    int failing; /* errno of what failed last */
    bool seen;
    bool known;      /* the file at its path was, or another one there, in a former run */
    int64_t gone_at; /* steady time: it was there, and is not; 0: it is */
    bool replaced;   /* the file that was there is elsewhere, */
    int64_t since;   /* and was changed last then (ns) */
};

/* A directory that was listed, or (`file`) a file that nothing is told of. */
struct place {
    struct place *next;
    size_t root;
    bool polled, listed, file;
    dev_t device;
    ino_t inode;
    int failing;
    char path[];
};

struct tree {
    struct tree_config config;
    struct root *roots;
    struct files files;
    struct watch *watch;
    struct place *places;
    struct place **last;
    struct table directories; /* by identity */
    bool polls, said_silent, said_limit;
    bool failing; /* something is to be tried again */
    bool missed;
    bool listed; /* once */
    bool is_short;
    int64_t next_poll, next_retry, next_list, next_tidy;
};

static void look(struct tree *, size_t root, const char *path, bool written);

/* ---- texts ---- */

static char *join(const char *directory, const char *name)
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
static char *directory_of(const char *path, const char **name)
{
    const char *slash = strrchr(path, '/');
    *name = slash ? slash + 1 : path;
    return !slash ? strdup(".") : slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static void notice(struct tree *t, const char *path, const char *what)
{
    struct trail_text text = {0};
    trail_terminal_add(&text, (struct trail_slice){path, strlen(path)});
    trail_text_add(&text, ": ", 2);
    trail_text_add(&text, what, strlen(what) + 1);
    t->config.notice(t->config.user, text.failed ? what : text.p);
    trail_text_free(&text);
}

/* ---- what fails ---- */

static void tell_failed(struct tree *t, size_t root, const char *path, const char *what, int *failing,
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
    tell_failed(t, f->given, f->path, "cannot be read", &f->failing, error);
    files_park(&t->files, f);
}

static void no_memory(struct tree *t)
{
    t->is_short = t->missed = true;
}

/* ---- watching ---- */

static void say_once(struct tree *t, bool *said, const char *path, const char *what)
{
    if (!*said)
        notice(t, path, what);
    *said = true;
}

/* Whether the directory has to be looked at from time to time. */
static bool watch_directory(struct tree *t, const char *path)
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
    case WATCH_NO_MEMORY: no_memory(t); break;
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
static struct place *add_place(struct tree *t, size_t root, const char *path, const struct stat *st,
                               bool file)
{
    size_t n = strlen(path) + 1;
    struct place *p = calloc(1, sizeof *p + n);
    if (!p || (!file && !table_add(&t->directories, hash_of(st->st_dev, st->st_ino), p))) {
        free(p);
        no_memory(t);
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

static bool leads_to(const char *path, dev_t device, ino_t inode)
{
    struct stat st;
    return stat(path, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
    char **at;
    size_t n, room;
};

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

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->at[i]);
    free(names->at);
}

/* The names in a directory, sorted, but hidden ones. 0 or an errno. */
static int list_names(const char *path, struct names *names)
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

/* Looks at all that is in a directory. */
static void list(struct tree *t, struct place *p)
{
    struct names names = {0};
    p->listed = true;
    int error = list_names(p->path, &names);
    if (error == ENOENT && strcmp(p->path, t->config.roots[p->root]) != 0)
        error = 0;
    tell_failed(t, p->root, p->path, "cannot be listed", &p->failing, error);
    for (size_t i = 0; i < names.n; i++) {
        char *path = join(p->path, names.at[i]);
        if (path)
            look(t, p->root, path, false);
        else
            no_memory(t);
        free(path);
    }
    names_free(&names);
}

/* Lists the directories that were found and not listed yet; lists find more of them. */
static void list_new(struct tree *t)
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

static void look_at_directory(struct tree *t, size_t root, const char *path, const struct stat *st)
{
    const char *slash = strrchr(path, '/');
    struct place *p = place_of(t, st);
    if (p && strcmp(p->path, path) != 0 && leads_to(p->path, st->st_dev, st->st_ino))
        return; /* the same directory under another name */
    if (strcmp(slash ? slash + 1 : path, "CloudTrail-Digest") == 0 ||
        depth_below(t->config.roots[root], path) > MAX_DEPTH)
        return;
    if (!p || strcmp(p->path, path) != 0) {
        if (p)
            table_remove(&t->directories, hash_of(p->device, p->inode), p); /* it was renamed */
        p = add_place(t, root, path, st, false);
        if (!p)
            return;
        p->polled = watch_directory(t, path);
    } else if (p->failing) {
        p->listed = false;
    }
}

/* ---- files ---- */

/* Whether a rotation may have given `name` to what was at `path`: the same directory, the same beginning up to a
 * dot, and then a mark: log -> log.1, log.1.gz, log-20260101, and for x.log x-20260101.log, too. */
static bool is_relative(const char *path, const char *other)
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

static void queue(struct tree *t, struct tail *f)
{
    if (!f->copy_of)
        files_queue(&t->files, f, false);
}

/* A file that nobody will find again. */
static void forget(struct tree *t, struct tail *f)
{
    if (t->config.forget)
        t->config.forget(t->config.user, f);
    files_remove(&t->files, f);
}

/* NULL: no memory. */
static struct tail *add_file(struct tree *t, size_t root, const char *path, const struct stat *st)
{
    struct tree_known known = {0};
    struct tail *f = tail_new(path, root, st);
    if (!f || !files_add(&t->files, f)) {
        tail_free(f);
        no_memory(t);
        return NULL;
    }
    if (t->config.recall && !t->config.recall(t->config.user, path, &known))
        no_memory(t);
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
    if (!known.known && t->config.begun)
        t->config.begun(t->config.user, f);
    t->roots[root].known |= known.known || known.left;
    return f;
}

/* What search_original looks for. */
struct search {
    const struct tail *copy;
    struct tail *found;
};

static void compare(void *user, struct tail *f)
{
    struct search *s = user;
    if (f != s->copy && !s->found && !f->copy_of && is_relative(f->path, s->copy->path) &&
        tail_is_copy(f, s->copy->path))
        s->found = f;
}

/* A new file that a rotation may have made of one that is known. Those that have no relatives cost a walk over
 * all: so only names that look rotated do. */
static void find_original(struct tree *t, struct tail *f)
{
    struct search s = {.copy = f};
    const char *name = strrchr(f->path, '/');
    if (!strpbrk(name ? name : f->path, "0123456789") && !strstr(f->path, ".gz") && !strstr(f->path, ".zst"))
        return;
    files_each(&t->files, compare, &s);
    if (!s.found)
        return;
    if (s.found->lost) {
        tail_take_over(f, s.found);
        if (f->fd >= 0)
            files_used(&t->files, f);
    } else {
        f->copy_of = s.found;
    }
}

/* The copies of a file that is no longer what it was. */
struct succession {
    struct tree *tree;
    struct tail *from;
};

static void succeed(void *user, struct tail *f)
{
    struct succession *s = user;
    if (f->copy_of != s->from)
        return;
    f->copy_of = NULL;
    tail_take_over(f, s->from);
    if (f->fd >= 0)
        files_used(&s->tree->files, f);
    files_queue(&s->tree->files, f, true);
}

/* The names in the directory of a file that a rotation may have given it; looks for one of which `is` says
 * yes. */
static char *find_relative(const struct tail *f, bool (*is)(const struct tail *, const char *path))
{
    struct names names = {0};
    const char *name;
    char *directory = directory_of(f->path, &name), *found = NULL;
    if (directory && list_names(directory, &names) == 0) {
        for (size_t i = 0; i < names.n && !found; i++) {
            char *path = name == f->path ? strdup(names.at[i]) : join(directory, names.at[i]);
            if (path && is_relative(f->path, path) && is(f, path))
                found = path;
            else
                free(path);
        }
    }
    names_free(&names);
    free(directory);
    return found;
}

static bool is_itself(const struct tail *f, const char *path)
{
    return leads_to(path, f->device, f->inode);
}

/* What was in a file and not read may be in copies of it: they go on as it. */
static void hand_down(struct tree *t, struct tail *f)
{
    struct succession s = {t, f};
    struct stat st;
    char *copy = find_relative(f, tail_is_copy);
    if (copy && stat(copy, &st) == 0 && !files_by_identity(&t->files, st.st_dev, st.st_ino)) {
        struct tail *c = add_file(t, f->given, copy, &st);
        if (c)
            c->copy_of = f;
    }
    free(copy);
    files_each(&t->files, succeed, &s);
}

/* The file has been emptied, or written anew. */
static void empty(struct tree *t, struct tail *f)
{
    hand_down(t, f);
    tail_restart(f);
    if (t->config.begun)
        t->config.begun(t->config.user, f);
    files_queue(&t->files, f, false);
}

/* The path of a file leads elsewhere: another name may be found for it. So may one for the file that was there
 * before, as all names of a rotation are shifted. */
static void lose(struct tree *t, struct tail *f)
{
    for (unsigned shifted = 0; f && shifted < SHIFTED; shifted++) {
        char *path = find_relative(f, is_itself);
        struct tail *there = path ? files_by_path(&t->files, path) : NULL;
        if (there)
            files_lose(&t->files, there);
        if (!path)
            files_lose(&t->files, f);
        else if (!files_move(&t->files, f, path))
            no_memory(t);
        free(path);
        if (f->fd >= 0 || !f->lost) {
            queue(t, f);
        } else {
            hand_down(t, f);
            forget(t, f);
        }
        f = there;
    }
}

/* A file that is known is at this path now. */
static void look_at_known(struct tree *t, struct tail *f, const char *path, const struct stat *st)
{
    bool moved = f->lost || strcmp(f->path, path) != 0;
    if (moved && !f->lost && leads_to(f->path, f->device, f->inode))
        return; /* another name of the same file */
    if (moved && !files_move(&t->files, f, path))
        no_memory(t);
    if (f->stream || tail_may_have_more(f, st))
        queue(t, f);
}

/* The file at a root's path is lost: another one takes its place. */
static void lose_at(struct tree *t, size_t root, struct tail *f)
{
    struct root *r = &t->roots[root];
    if (strcmp(f->path, r->path) == 0) {
        r->replaced = true;
        r->since = f->written_at;
    }
    lose(t, f);
}

static bool is_packed(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && (strcmp(path + n - 3, ".gz") == 0 || strcmp(path + n - 4, ".zst") == 0);
}

/* Several rotations may have passed since the root's path was looked at: files that were there in between, and that
 * nobody saw there. What was compressed of them is read only when it is known what it was. */
static void find_missed(struct tree *t, size_t i)
{
    struct names names = {0};
    struct root *r = &t->roots[i];
    struct stat st;
    if (!r->replaced)
        return;
    r->replaced = false;
    if (list_names(r->directory, &names) != 0)
        return;
    for (size_t k = 0; k < names.n; k++) {
        char *path = r->name == r->path ? strdup(names.at[k]) : join(r->directory, names.at[k]);
        if (path && is_relative(r->path, path) && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
            (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec >= r->since &&
            !files_by_identity(&t->files, st.st_dev, st.st_ino)) {
            struct tail *f = add_file(t, i, path, &st);
            if (f && f->at.so_far.records == 0)
                find_original(t, f);
            if (f && f->at.so_far.records == 0 && !f->copy_of && is_packed(path))
                forget(t, f);
            else if (f)
                queue(t, f);
        }
        free(path);
    }
    names_free(&names);
}

static void look_at_file(struct tree *t, size_t root, const char *path, const struct stat *st, bool written)
{
    struct tail *there = files_by_path(&t->files, path),
                *f = files_by_identity(&t->files, st->st_dev, st->st_ino);
    if (there && there != f)
        lose_at(t, root, there);
    f = files_by_identity(&t->files, st->st_dev, st->st_ino);
    if (f) {
        f->written |= written;
        look_at_known(t, f, path, st);
        return;
    }
    f = add_file(t, root, path, st);
    if (!f)
        return;
    f->written = written;
    if (f->at.so_far.records == 0)
        find_original(t, f);
    if (tail_may_have_more(f, st))
        queue(t, f);
    if (strcmp(path, t->roots[root].path) == 0)
        find_missed(t, root);
}

/* What a link in a directory leads to is somewhere else, where nothing is told. */
static void note_link(struct tree *t, size_t root, const char *path, const struct stat *target)
{
    struct stat st;
    if (strcmp(path, t->config.roots[root]) == 0 || lstat(path, &st) != 0 || !S_ISLNK(st.st_mode))
        return;
    for (const struct place *p = t->places; p; p = p->next)
        if (p->file && strcmp(p->path, path) == 0)
            return;
    struct place *p = add_place(t, root, path, target, true);
    if (p)
        t->polls = p->polled = true;
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
        tell_failed(t, i, r->path, "cannot be opened", &r->failing, error);
}

static void look(struct tree *t, size_t root, const char *path, bool written)
{
    struct stat st;
    struct root *r = &t->roots[root];
    bool is_root = strcmp(path, r->path) == 0;
    if (stat(path, &st) != 0) {
        int error = errno;
        struct tail *there = files_by_path(&t->files, path);
        if (there)
            lose_at(t, root, there);
        if (is_root)
            miss_root(t, root, error);
        else if (error != ENOENT && error != ENOTDIR)
            tell_failed(t, root, path, "cannot be opened", &r->failing, error);
        return;
    }
    if (is_root) {
        r->seen = true;
        r->gone_at = 0;
        tell_failed(t, root, path, "", &r->failing, 0);
    }
    if (S_ISDIR(st.st_mode))
        look_at_directory(t, root, path, &st);
    else if (S_ISREG(st.st_mode)) {
        note_link(t, root, path, &st);
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
        look(t, i, r->path, written);
    bool below = is_below(r->path, directory), beside = strcmp(directory, r->directory) == 0;
    if (name[0] == '.' || (!below && !beside))
        return;
    char *path = !below && r->name == r->path ? strdup(name) : join(directory, name);
    if (!path)
        no_memory(t);
    else if (below)
        look(t, i, path, written);
    else if (files_by_path(&t->files, path))
        queue(t, files_by_path(&t->files, path)); /* what was at the root's path, under its new name */
    free(path);
}

/* A directory is not where it was. */
static void drop_place(struct tree *t, const char *path)
{
    for (struct place **p = &t->places; *p; p = &(*p)->next) {
        struct place *gone = *p;
        if (gone->file || strcmp(gone->path, path) != 0 || leads_to(path, gone->device, gone->inode))
            continue;
        *p = gone->next;
        if (t->last == &gone->next)
            t->last = p;
        table_remove(&t->directories, hash_of(gone->device, gone->inode), gone);
        free(gone);
        return;
    }
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
            look(t, i, t->roots[i].path, false);
    }
    if (change == WATCH_GONE)
        drop_place(t, directory);
    if (!name && change == WATCH_CHANGED) /* its permissions, perhaps */
        for (struct place *p = t->places; p; p = p->next)
            if (!p->file && strcmp(p->path, directory) == 0)
                p->listed = false;
}

/* ---- all ---- */

static void look_at_root(struct tree *t, size_t i)
{
    struct root *r = &t->roots[i];
    if (watch_directory(t, r->directory))
        t->polls = true;
    char *target = realpath(r->path, NULL);
    if (target && (!r->target || strcmp(target, r->target) != 0)) {
        free(r->target);
        free(r->target_directory);
        r->target = target;
        r->target_directory = directory_of(r->target, &r->target_name);
        if (!r->target_directory)
            no_memory(t);
        else
            watch_directory(t, r->target_directory);
    } else {
        free(target);
    }
    look(t, i, r->path, false);
}

/* A name that a rotation may have given to what was at a root's path. */
struct relative {
    char *path;
    struct stat st;
    struct tree_known known;
};

static size_t find_relatives(struct tree *t, const struct root *r, const struct names *names,
                             struct relative *list)
{
    size_t n = 0;
    for (size_t i = 0; i < names->n; i++) {
        struct relative *v = &list[n];
        *v = (struct relative){.path = r->name == r->path ? strdup(names->at[i])
                                                          : join(r->directory, names->at[i])};
        if (v->path && is_relative(r->path, v->path) && stat(v->path, &v->st) == 0 &&
            S_ISREG(v->st.st_mode) && !files_by_identity(&t->files, v->st.st_dev, v->st.st_ino) &&
            t->config.recall(t->config.user, v->path, &v->known))
            n++;
        else
            free(v->path);
    }
    return n;
}

/* Not changed before the newest of those that are known. */
static bool is_younger(const struct relative *v, const struct relative *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].known.known && (list[i].st.st_mtim.tv_sec > v->st.st_mtim.tv_sec ||
                                    (list[i].st.st_mtim.tv_sec == v->st.st_mtim.tv_sec &&
                                     list[i].st.st_mtim.tv_nsec > v->st.st_mtim.tv_nsec)))
            return false;
    return true;
}

/* What rotations have made, while nobody was looking, of the file that was at a root's path: what is known and was
 * not read to its end, and what has come since. Where nothing was known, what was rotated before is no one's. */
static void recall_relatives(struct tree *t, size_t i)
{
    struct names names = {0};
    const struct root *r = &t->roots[i];
    size_t n = 0;
    bool any = r->known;
    if (!t->config.recall || list_names(r->directory, &names) != 0)
        return;
    struct relative *list = calloc(names.n + 1, sizeof *list);
    if (list)
        n = find_relatives(t, r, &names, list);
    else
        no_memory(t);
    for (size_t k = 0; k < n; k++)
        any |= list[k].known.known;
    for (size_t k = 0; k < n; k++) {
        struct relative *v = &list[k];
        if (v->known.known ? !v->known.done : any && is_younger(v, list, n)) {
            struct tail *f = add_file(t, i, v->path, &v->st);
            if (f)
                queue(t, f);
        }
    }
    for (size_t k = 0; k < n; k++)
        free(list[k].path);
    free(list);
    names_free(&names);
}

static void look_again(void *user, struct tail *f)
{
    struct tree *t = user;
    struct stat st;
    /* Not to be changed while it is walked: what is not where it was is found by its directory's list. */
    if (!f->lost && stat(f->path, &st) == 0 && st.st_dev == f->device && st.st_ino == f->inode &&
        tail_may_have_more(f, &st))
        queue(t, f);
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
    list_new(t);
    for (size_t i = 0; i < t->config.n_roots && !t->listed; i++)
        if (stat(t->roots[i].path, &st) != 0 || S_ISREG(st.st_mode))
            recall_relatives(t, i);
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
            look(t, p->root, p->path, false);
        else
            p->listed = false;
    }
    list_new(t);
}

struct retry {
    struct tree *tree;
    bool any;
};

static void retry_file(void *user, struct tail *f)
{
    struct retry *r = user;
    if (f->failing && !f->lost)
        queue(r->tree, f);
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
            queue(t, f); /* it may be written to still: nothing tells of it */
        else if (f->lost && !f->queued) {
            hand_down(t, f);
            forget(t, f);
        }
    }
}

void tree_notice(struct tree *t)
{
    int64_t now = t->config.clock->steady(t->config.clock->user);
    watch_read(t->watch, on_change, t);
    list_new(t);
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
        case TAIL_OPEN: tell_failed(t, f->given, f->path, "", &f->failing, 0); return f;
        case TAIL_FAILED: tree_failed(t, f, errno); break;
        case TAIL_NO_MEMORY: no_memory(t); return NULL;
        case TAIL_OTHER: {
            size_t root = f->given;
            char *path = strdup(f->path);
            if (f->lost) {
                hand_down(t, f);
                forget(t, f);
            } else if (leads_to(f->path, f->device, f->inode))
                empty(t, f);
            else
                lose_at(t, root, f);
            if (path)
                look(t, root, path, false);
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
        t->roots[i].directory = directory_of(config->roots[i], &t->roots[i].name);
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

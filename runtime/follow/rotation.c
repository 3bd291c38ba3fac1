/*
 * rotation.c - which file was which, when names change, files are copied and emptied, or compressed. See
 * tree_inside.h.
 */
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "tree_inside.h"

enum { SHIFTED = 1000 }; /* names of one rotation */

/* ---- copies ---- */

/* What search_original looks for. */
struct search {
    const struct tail *copy;
    struct tail *found;
};

/* One that was not read further has nothing to give, and may be another that begins alike. */
static void compare(void *user, struct tail *f)
{
    struct search *s = user;
    if (f != s->copy && !s->found && !f->copy_of && f->raw > s->copy->raw &&
        path_is_relative(f->path, s->copy->path) && tail_is_copy(f, s->copy->path))
        s->found = f;
}

static void take_over(struct tree *t, struct tail *f, const struct tail *from)
{
    tail_take_over(f, from);
    if (f->fd >= 0)
        files_used(&t->files, f);
    tree_changed(t, f);
}

/* A new file that a rotation may have made of one that is known. Those that have no relatives cost a walk over
 * all: so only names that look rotated do. */
void rotation_find_original(struct tree *t, struct tail *f)
{
    struct search s = {.copy = f};
    const char *name = strrchr(f->path, '/');
    if (!strpbrk(name ? name : f->path, "0123456789") && !strstr(f->path, ".gz") && !strstr(f->path, ".zst"))
        return;
    files_each(&t->files, compare, &s);
    if (!s.found)
        return;
    if (s.found->lost) {
        take_over(t, f, s.found);
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
    take_over(s->tree, f, s->from);
    files_queue(&s->tree->files, f, true);
}

/* The names in the directory of a file that a rotation may have given it; looks for one of which `is` says
 * yes. */
static char *find_relative(const struct tail *f, bool (*is)(const struct tail *, const char *path))
{
    struct names names = {0};
    const char *name;
    char *directory = path_directory(f->path, &name), *found = NULL;
    if (directory && names_list(directory, &names) == 0) {
        for (size_t i = 0; i < names.n && !found; i++) {
            char *path = name == f->path ? strdup(names.at[i]) : path_join(directory, names.at[i]);
            if (path && path_is_relative(f->path, path) && is(f, path))
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
    return path_leads_to(path, f->device, f->inode);
}

/* What was in a file and not read may be in copies of it: they go on as it. */
void rotation_hand_down(struct tree *t, struct tail *f)
{
    struct succession s = {t, f};
    struct stat st;
    char *copy = find_relative(f, tail_is_copy);
    if (copy && stat(copy, &st) == 0 && !files_by_identity(&t->files, st.st_dev, st.st_ino)) {
        struct tail *c = tree_add_file(t, f->given, copy, &st);
        if (c)
            c->copy_of = f;
    }
    free(copy);
    files_each(&t->files, succeed, &s);
}

/* The file has been emptied, or written anew. */
void rotation_empty(struct tree *t, struct tail *f)
{
    rotation_hand_down(t, f);
    tail_restart(f);
    tree_changed(t, f);
    files_queue(&t->files, f, false);
}

/* ---- names that are shifted ---- */

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
        else
            tree_move(t, f, path);
        free(path);
        if (f->fd >= 0 || !f->lost) {
            tree_queue(t, f);
        } else {
            rotation_hand_down(t, f);
            tree_forget(t, f);
        }
        f = there;
    }
}

/* The file at a root's path is lost: another one takes its place. */
void rotation_lose(struct tree *t, size_t root, struct tail *f)
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

/* Several rotations may have passed since the root's path was looked at: files that were there in between,
 * and that nobody saw there. What was compressed of them is read only when it is known what it was. */
void rotation_find_missed(struct tree *t, size_t i)
{
    struct names names = {0};
    struct root *r = &t->roots[i];
    struct stat st;
    if (!r->replaced)
        return;
    r->replaced = false;
    if (names_list(r->directory, &names) != 0)
        return;
    for (size_t k = 0; k < names.n; k++) {
        char *path = r->name == r->path ? strdup(names.at[k]) : path_join(r->directory, names.at[k]);
        if (path && path_is_relative(r->path, path) && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
            (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec >= r->since &&
            !files_by_identity(&t->files, st.st_dev, st.st_ino)) {
            struct tail *f = tree_add_file(t, i, path, &st);
            if (f && f->at.so_far.records == 0)
                rotation_find_original(t, f);
            if (f && f->at.so_far.records == 0 && !f->copy_of && is_packed(path))
                tree_forget(t, f);
            else if (f)
                tree_queue(t, f);
        }
        free(path);
    }
    names_free(&names);
}

/* ---- while nobody was looking ---- */

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
                                                          : path_join(r->directory, names->at[i])};
        if (v->path && path_is_relative(r->path, v->path) && stat(v->path, &v->st) == 0 &&
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

/* What rotations have made, while nobody was looking, of the file that was at a root's path: what is known
 * and was not read to its end, and what has come since. Where nothing was known, what was rotated before is
 * no one's. */
void rotation_recall(struct tree *t, size_t i)
{
    struct names names = {0};
    const struct root *r = &t->roots[i];
    size_t n = 0;
    bool any = r->known;
    if (!t->config.recall || names_list(r->directory, &names) != 0)
        return;
    struct relative *list = calloc(names.n + 1, sizeof *list);
    if (list)
        n = find_relatives(t, r, &names, list);
    else
        tree_no_memory(t);
    for (size_t k = 0; k < n; k++)
        any |= list[k].known.known;
    for (size_t k = 0; k < n; k++) {
        struct relative *v = &list[k];
        if (v->known.known ? !v->known.done : any && is_younger(v, list, n)) {
            struct tail *f = tree_add_file(t, i, v->path, &v->st);
            if (f && f->at.so_far.records == 0)
                rotation_find_original(t, f);
            if (f)
                tree_queue(t, f);
        }
    }
    for (size_t k = 0; k < n; k++)
        free(list[k].path);
    free(list);
    names_free(&names);
}

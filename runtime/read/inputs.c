/*
 * inputs.c - which files a scan reads.
 *
 * Needs: paths as the user named them.
 * Guarantees: the same tree gives the same list, whatever order its directories list their names in. One
 * directory is open at a time; no recursion; memory for the names and, where there are symbolic links, 16
 * bytes a file.
 *
 * A tree is walked twice over: first what is there without links, then, in order of path, what links lead to
 * and was not met yet. So a link back into the tree adds nothing and a loop ends.
 */
#include "inputs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Paths that are owned, in any order. */
struct paths {
    size_t n, room;
    char **at;
};

struct identity {
    dev_t device;
    ino_t inode;
};

/* Files and directories that have been met: a hash table with open addressing, at most half full. */
struct met {
    size_t n, room;
    struct identity *at; /* inode 0: free */
};

struct walk {
    struct trail_inputs *inputs;
    size_t first; /* the tree's files begin here in inputs */
    size_t given;
    struct paths directories; /* to be listed */
    struct paths links;       /* to be followed */
    char *no_file;            /* the first path of those passed over that are no files; NULL: none */
    size_t n_no_file;
    struct met met;
    size_t n_met; /* inputs before this one are in met, as are the tree's directories */
    trail_inputs_problem *problem;
    void *user;
    enum trail_listed result;
};

/* ---- memory ---- */

static bool paths_push(struct paths *paths, char *path)
{
    if (paths->n == paths->room) {
        size_t room = paths->room ? paths->room * 2 : 64;
        char **at = realloc(paths->at, room * sizeof *at);
        if (!at)
            return false;
        paths->at = at;
        paths->room = room;
    }
    paths->at[paths->n++] = path;
    return true;
}

static void paths_free(struct paths *paths)
{
    for (size_t i = 0; i < paths->n; i++)
        free(paths->at[i]);
    free(paths->at);
}

/* Takes the path, or frees it. */
static bool inputs_push(struct trail_inputs *inputs, char *path, size_t given, bool file)
{
    if (path && inputs->n == inputs->room) {
        size_t room = inputs->room ? inputs->room * 2 : 64;
        struct trail_input *at = realloc(inputs->at, room * sizeof *at);
        if (at) {
            inputs->at = at;
            inputs->room = room;
        }
    }
    if (!path || inputs->n == inputs->room) {
        free(path);
        return false;
    }
    inputs->at[inputs->n++] = (struct trail_input){path, given, file};
    return true;
}

static size_t slot_of(const struct met *met, struct identity id)
{
    unsigned long long mixed =
        ((unsigned long long)id.inode ^ (unsigned long long)id.device << 40) * 0x9E3779B97F4A7C15u;
    size_t i = (size_t)(mixed >> 20) & (met->room - 1);
    while (met->at[i].inode && (met->at[i].inode != id.inode || met->at[i].device != id.device))
        i = (i + 1) & (met->room - 1);
    return i;
}

static bool met_grow(struct met *met)
{
    struct met grown = {.n = met->n, .room = met->room ? met->room * 2 : 64};
    grown.at = calloc(grown.room, sizeof *grown.at);
    if (!grown.at)
        return false;
    for (size_t i = 0; i < met->room; i++)
        if (met->at[i].inode)
            grown.at[slot_of(&grown, met->at[i])] = met->at[i];
    free(met->at);
    *met = grown;
    return true;
}

/* Notes a file; *is_new: it had not been met. false: no memory. */
static bool met_add(struct met *met, const struct stat *st, bool *is_new)
{
    if (met->n * 2 >= met->room && !met_grow(met))
        return false;
    struct identity id = {st->st_dev, st->st_ino};
    size_t i = slot_of(met, id);
    *is_new = met->at[i].inode == 0;
    if (*is_new) {
        met->at[i] = id;
        met->n++;
    }
    return true;
}

/* ---- the walk ---- */

static void no_memory(struct walk *w)
{
    w->result = TRAIL_LIST_NO_MEMORY;
}

static void report(struct walk *w, const char *path, const char *what)
{
    char text[160];
    snprintf(text, sizeof text, "%s: %s", what, strerror(errno));
    if (w->result == TRAIL_LISTED)
        w->result = TRAIL_LISTED_PARTLY;
    w->problem(w->user, path, text, true);
}

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

/* What an entry is, as the directory says or, where it does not, as the file itself does. */
static unsigned char type_of(DIR *directory, const struct dirent *entry)
{
    struct stat st;
    if (entry->d_type != DT_UNKNOWN ||
        fstatat(dirfd(directory), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return entry->d_type;
    return S_ISREG(st.st_mode)   ? DT_REG
           : S_ISDIR(st.st_mode) ? DT_DIR
           : S_ISLNK(st.st_mode) ? DT_LNK
                                 : DT_FIFO;
}

static bool left_out(const char *name, unsigned char type)
{
    return name[0] == '.' || (type != DT_REG && strcmp(name, "CloudTrail-Digest") == 0);
}

/* Takes the path. The first is the first in the order of paths: a directory lists its names in any. */
static void pass_over(struct walk *w, char *path)
{
    w->n_no_file++;
    if (path && (!w->no_file || strcmp(path, w->no_file) < 0)) {
        free(w->no_file);
        w->no_file = path;
    } else {
        free(path);
    }
}

static void tell_passed_over(struct walk *w)
{
    char text[160], more[48] = "";
    if (w->n_no_file > 1)
        snprintf(more, sizeof more, ", like %zu more", w->n_no_file - 1);
    snprintf(text, sizeof text, "is a pipe, a socket or a device: left out%s; name it to have it read", more);
    if (w->no_file)
        w->problem(w->user, w->no_file, text, false);
    free(w->no_file);
}

static void add_entry(struct walk *w, const char *directory, const char *name, unsigned char type)
{
    char *path = join(directory, name);
    if (path && type != DT_REG && type != DT_DIR && type != DT_LNK) {
        pass_over(w, path);
        return;
    }
    bool added = path != NULL;
    if (added && type == DT_REG) {
        if (!inputs_push(w->inputs, path, w->given, true))
            no_memory(w);
        return;
    }
    if (!added || !paths_push(type == DT_DIR ? &w->directories : &w->links, path)) {
        free(path);
        no_memory(w);
    }
}

static void list_entries(struct walk *w, const char *path, DIR *directory)
{
    struct dirent *entry;
    while (w->result != TRAIL_LIST_NO_MEMORY && (errno = 0, entry = readdir(directory))) {
        unsigned char type = type_of(directory, entry);
        if (!left_out(entry->d_name, type))
            add_entry(w, path, entry->d_name, type);
    }
    if (w->result != TRAIL_LIST_NO_MEMORY && errno)
        report(w, path, "cannot be listed to its end");
}

/* Lists one directory, unless it has been. */
static void list_directory(struct walk *w, const char *path)
{
    struct stat st;
    bool is_new;
    DIR *directory = opendir(path);
    if (!directory) {
        report(w, path, "cannot be listed");
        return;
    }
    if (fstat(dirfd(directory), &st) != 0)
        report(w, path, "cannot be listed");
    else if (!met_add(&w->met, &st, &is_new))
        no_memory(w);
    else if (is_new)
        list_entries(w, path, directory);
    closedir(directory);
}

static void list_directories(struct walk *w)
{
    while (w->directories.n && w->result != TRAIL_LIST_NO_MEMORY) {
        char *path = w->directories.at[--w->directories.n];
        list_directory(w, path);
        free(path);
    }
}

/* Notes what the files listed so far are, before a link is followed to a file. */
static void meet_files(struct walk *w)
{
    struct stat st;
    bool is_new;
    for (; w->n_met < w->inputs->n; w->n_met++)
        if (stat(w->inputs->at[w->n_met].path, &st) == 0 && !met_add(&w->met, &st, &is_new))
            no_memory(w);
}

/* Notes the directories that the tree is in: a link to one of them would bring in what is beside the tree. */
static void meet_ancestors(struct walk *w, const char *root)
{
    struct stat st;
    bool is_new = true;
    char *path = strdup(root);
    while (path && is_new) {
        char *parent = join(path, "..");
        free(path);
        path = parent;
        if (!path || stat(path, &st) != 0)
            break;
        if (!met_add(&w->met, &st, &is_new))
            no_memory(w);
    }
    if (!path)
        no_memory(w);
    free(path);
}

/* Adds what a link leads to; the path stays the caller's. */
static void follow(struct walk *w, const char *path)
{
    struct stat st;
    bool is_new = false;
    if (stat(path, &st) != 0) {
        report(w, path, "is a symbolic link that leads nowhere");
        return;
    }
    if (S_ISDIR(st.st_mode)) {
        list_directory(w, path);
        list_directories(w);
    } else if (S_ISREG(st.st_mode)) {
        meet_files(w);
        if (!met_add(&w->met, &st, &is_new) ||
            (is_new && !inputs_push(w->inputs, strdup(path), w->given, true)))
            no_memory(w);
    } else {
        char *copy = strdup(path);
        if (copy)
            pass_over(w, copy);
        else
            no_memory(w);
    }
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_input(const void *a, const void *b)
{
    return strcmp(((const struct trail_input *)a)->path, ((const struct trail_input *)b)->path);
}

/* Follows links until they lead to no more of them: each round has those that the one before found. */
static void follow_links(struct walk *w)
{
    while (w->links.n && w->result != TRAIL_LIST_NO_MEMORY) {
        struct paths round = w->links;
        w->links = (struct paths){0};
        qsort(round.at, round.n, sizeof *round.at, by_path);
        for (size_t i = 0; i < round.n && w->result != TRAIL_LIST_NO_MEMORY; i++)
            follow(w, round.at[i]);
        paths_free(&round);
    }
}

static enum trail_listed add_tree(struct walk *w, const char *path)
{
    w->first = w->n_met = w->inputs->n;
    list_directory(w, path);
    list_directories(w);
    if (w->links.n)
        meet_ancestors(w, path);
    follow_links(w);
    if (w->inputs->n > w->first)
        qsort(w->inputs->at + w->first, w->inputs->n - w->first, sizeof *w->inputs->at, by_input);
    tell_passed_over(w);
    paths_free(&w->directories);
    paths_free(&w->links);
    free(w->met.at);
    return w->result;
}

enum trail_listed trail_inputs_add(struct trail_inputs *inputs, const char *path, size_t given,
                                   trail_inputs_problem *problem, void *user)
{
    struct walk w = {
        .inputs = inputs, .given = given, .problem = problem, .user = user, .result = TRAIL_LISTED};
    struct stat st = {0};
    if (strcmp(path, "-") != 0) {
        if (stat(path, &st) != 0) {
            report(&w, path, "cannot be opened");
            return w.result;
        }
        if (S_ISDIR(st.st_mode))
            return add_tree(&w, path);
    }
    return inputs_push(inputs, strdup(path), given, S_ISREG(st.st_mode)) ? TRAIL_LISTED
                                                                         : TRAIL_LIST_NO_MEMORY;
}

void trail_inputs_free(struct trail_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++)
        free(inputs->at[i].path);
    free(inputs->at);
    *inputs = (struct trail_inputs){0};
}

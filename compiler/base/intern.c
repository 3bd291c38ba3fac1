/*
 * intern.c - paths: equal ones are one pointer, numbered in the order of first use.
 */
#include <string.h>

#include "trailc.h"

static struct slice without_backslash(struct slice key)
{
    return key.n > 1 && key.p[0] == '\\' ? (struct slice){key.p + 1, key.n - 1} : key;
}

static struct path *split(struct compile *c, struct slice name)
{
    struct path *path = NEW(c, struct path);
    struct buffer joined = {.c = c};
    for (size_t from = 0; from <= name.n;) {
        const char *dot = memchr(name.p + from, '.', name.n - from);
        size_t to = dot ? (size_t)(dot - name.p) : name.n;
        struct slice key = without_backslash((struct slice){name.p + from, to - from});
        if (path->n)
            buffer_char(&joined, '.');
        buffer_add(&joined, key.p, key.n);
        *PUSH(c, path->keys, path->n) = slice_copy(c, key.p, key.n);
        from = to + 1;
    }
    path->name = buffer_slice(&joined);
    return path;
}

struct path *path_intern(struct compile *c, struct slice name)
{
    struct path *path = split(c, name);
    void **known = map_at(c, &c->path_names, path->name);
    if (*known)
        return *known;
    *known = path;
    path->id = (unsigned)c->n_paths;
    *PUSH(c, c->paths, c->n_paths) = path;
    return path;
}

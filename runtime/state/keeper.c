/*
 * keeper.c - the state of a scan that comes to an end (engine/keeper.h): commits while it goes, and standard
 * output behind them.
 *
 * A commit costs the disk a few waits, so chunks are gathered for a while. Of what has not been committed
 * nothing is printed; it would be found again.
 */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    EVERY = 500,    /* ms between commits */
    MUCH = 4 << 20, /* bytes that wait: then it is time, too */
};

/* A file as it was found, until it has been taken. */
struct looked {
    struct state_file file;
    char *path;
};

struct keeping {
    struct trail_keeper keeper;
    struct state *state;
    struct looked **files; /* in the order in which they were found */
    size_t n, room, next;
    int64_t committed; /* when; ms of a clock that only goes forward */
};

static enum trail_status resume(void *user, struct window *w)
{
    struct keeping *k = user;
    enum trail_status status = state_resume(k->state, w);
    if (status == TRAIL_OK)
        status = state_print(k->state);
    k->committed = trail_time_now(CLOCK_MONOTONIC);
    return status;
}

/* The file, with room for it among the others. NULL: no memory. */
static struct looked *look_for(struct keeping *k, const char *path)
{
    struct looked **list = state_room(k->files, k->n, &k->room, sizeof *list);
    struct looked *l = list ? calloc(1, sizeof *l) : NULL;
    if (list)
        k->files = list;
    if (l && !(l->path = strdup(path))) {
        free(l);
        l = NULL;
    }
    if (!l)
        state_tell(k->state, "out of memory");
    return l;
}

/* A file that cannot be looked at, or is none, is read as if there were no state: reading says why. */
static enum trail_known find(void *user, const char *path, struct trail_position *position)
{
    struct keeping *k = user;
    struct state_found found = {.known = TRAIL_UNKNOWN};
    struct stat status;
    *position = TRAIL_BEGINNING;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return TRAIL_UNKNOWN;
    struct looked *l = look_for(k, path);
    if (!l)
        return TRAIL_UNSURE;
    bool seen = state_look_at(&l->file, l->path, -1);
    if (seen && state_find_input(k->state, &l->file, -1, &found) != TRAIL_OK)
        found.known = TRAIL_UNSURE;
    if (!seen || found.known == TRAIL_DONE || found.known == TRAIL_UNSURE) {
        free(l->path);
        free(l);
        return found.known;
    }
    k->files[k->n++] = l;
    *position = found.position;
    return found.known;
}

static void forget(struct keeping *k, size_t i)
{
    free(k->files[i]->path);
    free(k->files[i]);
    k->files[i] = NULL;
}

/* Inputs are taken in the order in which they were found; some were not found, and are not there. */
static struct looked *looked_at(struct keeping *k, const char *path)
{
    for (size_t i = k->next; i < k->n; i++)
        if (k->files[i] && strcmp(k->files[i]->path, path) == 0) {
            while (k->next < i)
                if (k->files[k->next++])
                    forget(k, k->next - 1);
            return k->files[i];
        }
    return NULL;
}

static bool taken(void *user, const char *path, const struct trail_position *position, bool ended)
{
    struct keeping *k = user;
    struct looked *l = looked_at(k, path);
    if (l && state_set_input(k->state, &l->file, -1, position, ended) != TRAIL_OK)
        return false;
    if (l && ended)
        forget(k, k->next++);
    bool full = state_is_full(k->state);
    int64_t now = trail_time_now(CLOCK_MONOTONIC);
    int64_t every = k->state->config.every ? k->state->config.every : EVERY;
    if (now - k->committed >= every || state_waiting(k->state) >= MUCH || full) {
        k->committed = now;
        if (state_commit(k->state))
            state_commit(k->state); /* what was printed of it */
        else
            return !full;
    }
    return true;
}

struct trail_keeper *state_keeper(struct state *s)
{
    if (s->keeper)
        return s->keeper;
    struct keeping *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->keeper = (struct trail_keeper){k, resume, find, taken};
    k->state = s;
    s->keeper = &k->keeper;
    return s->keeper;
}

void keeper_free(struct trail_keeper *keeper)
{
    struct keeping *k = keeper ? keeper->user : NULL;
    if (!k)
        return;
    for (size_t i = 0; i < k->n; i++)
        if (k->files[i])
            forget(k, i);
    free(k->files);
    free(k);
}

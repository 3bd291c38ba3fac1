/*
 * keeping.c - see keeping.h: positions of files that grow, as the state has them.
 */
#include "keeping.h"

#include <errno.h>
#include <sys/stat.h>

static enum trail_status resume(void *user, struct window *w)
{
    struct state *s = user;
    enum trail_status status = state_resume(s, w);
    return status == TRAIL_OK ? state_print(s) : status;
}

static bool recall(void *user, const char *path, struct tree_known *known)
{
    struct state_file file;
    struct state_found found;
    *known = (struct tree_known){.position = TAIL_BEGINNING};
    if (!state_look_at(&file, path, -1))
        return true; /* reading it says why */
    if (state_find_input(user, &file, -1, &found) != TRAIL_OK)
        return false;
    const struct trail_position *p = &found.position;
    known->known = found.known != TRAIL_UNKNOWN;
    known->done = found.known == TRAIL_DONE;
    known->left = found.shrunk;
    known->moved = found.moved;
    known->position = (struct tail_position){p->offset, so_far_at(p), p->stand, p->skip};
    return true;
}

/* Whether nothing of the file is left to be taken. */
static bool has_ended(const struct tail *f, const struct state_file *file)
{
    return !f->cut && !f->failing && (uint64_t)file->stat.st_size == f->raw &&
           (file->compressed || f->at.offset == f->raw);
}

static bool taken(void *user, struct tail *f)
{
    struct state_file file;
    const struct so_far *s = &f->at.so_far;
    const struct trail_position position = {.offset = f->at.offset,
                                            .records = s->records,
                                            .problems = s->problems,
                                            .newest = s->newest,
                                            .oldest = s->oldest,
                                            .stand = f->at.stand,
                                            .skip = f->at.skip};
    /* A file that is another one by now will be noticed; its position is not this one's. */
    if (!state_look_at(&file, f->path, f->fd) || file.stat.st_ino != f->inode ||
        file.stat.st_dev != f->device || (f->fd >= 0 && tail_check(f) != TAIL_OPEN))
        return true;
    return state_set_input(user, &file, f->fd, &position, has_ended(f, &file)) == TRAIL_OK;
}

static void forget(void *user, const struct tail *f)
{
    struct stat st;
    if (stat(f->path, &st) != 0 && errno == ENOENT)
        state_forget_input(user, f->path);
}

/* The second one notes what was printed in the first. */
static bool commit(void *user)
{
    return state_commit(user) && (!state_is_dirty(user) || state_commit(user));
}

static bool is_full(void *user)
{
    return state_is_full(user);
}

static bool is_dirty(void *user)
{
    return state_is_dirty(user);
}

struct live_keeper keeping_of(struct state *s)
{
    return (struct live_keeper){s, resume, recall, taken, forget, commit, is_full, is_dirty};
}

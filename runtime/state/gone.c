/*
 * gone.c - inputs that are long gone are forgotten.
 *
 * A row of `inputs` costs some 500 bytes, and logs come and go. A row whose path leads nowhere is marked with
 * the moment at which that was seen first; when it still does so thirty days later the row is taken out. A
 * file that is back meanwhile (a disk that was not mounted, a network that was down) is the one it was, and
 * the mark goes. A file that stays is never forgotten, however old it is: it would be read again.
 *
 * A pass over all rows takes place once an hour at most, in pieces of MOST rows, each within somebody's
 * commit. How far it is stands in the fact "state.swept": when the last pass has ended, and the row it is at.
 */
#include "inside.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 20000, DAYS_KEPT = 30, MOST_PATH = 4096 };

static const int64_t HOUR = 3600000, DAY = 86400000;

/* What is to be done with a row. */
struct change {
    int64_t id, gone; /* 0: it is there; FORGOTTEN: it goes */
};

enum { FORGOTTEN = -1 };

/* Whether nothing is at the path. What cannot be told counts as there. */
static bool leads_nowhere(const char *bytes, size_t n)
{
    char path[MOST_PATH];
    struct stat status;
    if (!bytes || n == 0 || n >= sizeof path)
        return false;
    memcpy(path, bytes, n);
    path[n] = 0;
    return stat(path, &status) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

/* False: all is well with the row. */
static bool wants_change(sqlite3_stmt *q, int64_t now, struct change *c)
{
    int64_t marked = sqlite3_column_type(q, 2) == SQLITE_NULL ? 0 : sqlite3_column_int64(q, 2);
    bool gone = leads_nowhere(sqlite3_column_blob(q, 1), (size_t)sqlite3_column_bytes(q, 1));
    c->id = sqlite3_column_int64(q, 0);
    if (!gone)
        c->gone = 0;
    else if (marked == 0 || marked > now)
        c->gone = now;
    else
        c->gone = now - marked >= DAYS_KEPT * DAY ? FORGOTTEN : marked;
    return c->gone != marked;
}

static bool make(struct state *s, const struct change *c)
{
    sqlite3_stmt *q = state_statement(s, c->gone == FORGOTTEN ? SQL_INPUT_FORGET : SQL_INPUT_MARK);
    if (!q || sqlite3_bind_int64(q, 1, c->id) != SQLITE_OK)
        return false;
    if (c->gone > 0 && sqlite3_bind_int64(q, 2, c->gone) != SQLITE_OK)
        return false;
    return state_run(q);
}

/* A piece of the pass, from behind *at on; *at 0: it has ended. */
static bool sweep(struct state *s, int64_t now, int64_t *at)
{
    struct change *list = NULL;
    size_t n = 0, room = 0, rows = 0;
    sqlite3_stmt *q = state_statement(s, SQL_INPUT_SWEEP);
    bool ok = q && sqlite3_bind_int64(q, 1, *at) == SQLITE_OK && sqlite3_bind_int64(q, 2, MOST) == SQLITE_OK;
    int code = SQLITE_DONE;
    while (ok && (code = sqlite3_step(q)) == SQLITE_ROW) {
        struct change change;
        rows++;
        *at = sqlite3_column_int64(q, 0);
        if (!wants_change(q, now, &change))
            continue;
        struct change *more = state_room(list, n, &room, sizeof *more);
        ok = more != NULL;
        list = more ? more : list;
        if (ok)
            list[n++] = change;
    }
    if (q)
        sqlite3_reset(q);
    ok = ok && code == SQLITE_DONE;
    for (size_t i = 0; ok && i < n; i++)
        ok = make(s, &list[i]);
    free(list);
    if (rows < MOST)
        *at = 0;
    return ok;
}

bool inputs_sweep(struct state *s)
{
    char text[64];
    int64_t ended = 0, at = 0, now = trail_time_now(CLOCK_REALTIME);
    char *swept;
    if (!state_get(s, "state.swept", &swept))
        return false;
    if (swept && sscanf(swept, "%" SCNd64 " %" SCNd64, &ended, &at) != 2)
        ended = at = 0;
    free(swept);
    if (at == 0 && now >= ended && now - ended < HOUR)
        return true;
    if (!sweep(s, now, &at))
        return false;
    snprintf(text, sizeof text, "%" PRId64 " %" PRId64, at ? ended : now, at);
    return state_set(s, "state.swept", text) == TRAIL_OK;
}

/*
 * waiting.c - the hits that wait for their moment, in memory and on disk.
 *
 * Needs: pending.h and spill.h, each with its hits in the order of time. Guarantees: the first of all comes
 * first, wherever it waits; what the disk loses is told once.
 */
#include "stage.h"

#include <string.h>

/* The place of a hit that waited on disk: no group.open has it. */
#define NOWHERE (UINT32_MAX - 1)

size_t window_waiting(const struct window *w)
{
    return w->pending.n + (size_t)w->spill.n;
}

int64_t window_waiting_time(const struct window *w)
{
    const struct waiting *spilled = spill_first(&w->spill);
    int64_t t = pending_time(&w->pending);
    return spilled && (t == TRAIL_NO_TIME || spilled->time < t) ? spilled->time : t;
}

void window_file_problem(struct window *w, bool *said, int error, const char *what)
{
    if (*said)
        return;
    struct trail_text message = {0};
    char buffer[96];
    const char *directory = spill_directory(), *why = strerror_r(error, buffer, sizeof buffer);
    static const char start[] = "temporary file in ";
    trail_text_add(&message, start, strlen(start));
    trail_json_quote(&message, (struct trail_slice){directory, strlen(directory)});
    trail_text_add(&message, ": ", 2);
    trail_text_add(&message, why, strlen(why));
    trail_text_add(&message, "; ", 2);
    trail_text_add(&message, what, strlen(what) + 1);
    window_problem(w, said, message.failed ? what : message.p);
    trail_text_free(&message);
}

static void check_lost(struct window *w)
{
    w->recording.unsaid |= w->spill.lost > w->stats.lost;
    w->stats.lost = w->spill.lost;
    if (w->spill.lost > 0)
        window_file_problem(w, &w->said_lost, w->spill.read_error,
                            "matching events that waited in it are lost to counts, which may be too low");
}

bool window_take_first(struct window *w, struct waiting *x, uint32_t *place)
{
    const struct waiting *spilled = spill_first(&w->spill);
    uint32_t first;
    if (!spilled || (w->pending.n > 0 && waiting_before(pending_first(&w->pending, &first), spilled))) {
        *x = pending_pop(&w->pending, place);
        fetch_next(w);
        return true;
    }
    *place = NOWHERE;
    bool ok = spill_pop(&w->spill, x, &w->texts);
    check_lost(w);
    return ok;
}

/* The hit at this place goes to disk: no later one can join it, and a group that waits for it alone is
 * forgotten until it comes. */
static void part(struct window *w, const struct waiting *x, uint32_t place)
{
    struct group *g = w->rules[x->alert].joins > 0 ? group_find(&w->groups, x->alert, x->group) : NULL;
    if (!g || group_state(g)->open != place + 1)
        return;
    struct state *s = g->state;
    s->open = 0;
    if (g->last == TRAIL_NO_TIME && s->said == TRAIL_NO_TIME && !s->fixed && !g->touched && s->timer_at == 0)
        group_remove(&w->groups, g);
}

bool window_shed(struct window *w)
{
    if (w->pending.bytes <= w->config.pending_bytes || w->spill.error)
        return true;
    pending_sort(&w->pending);
    enum spill_status status = spill_add(&w->spill, &w->pending, &w->texts);
    check_lost(w);
    if (status != SPILL_TAKEN)
        return status == SPILL_FAILED;
    w->stats.spilled = w->spill.taken;
    for (size_t i = 0; i < w->pending.n; i++) {
        uint32_t place;
        const struct waiting *x = pending_nth(&w->pending, i, &place);
        part(w, x, place);
    }
    pending_clear(&w->pending, &w->texts);
    return true;
}

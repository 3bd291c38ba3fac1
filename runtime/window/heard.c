/*
 * heard.c - see heard.h.
 */
#include "heard.h"

#include <stdlib.h>
#include <string.h>
#include <trail/trail.h>

static void take_out(struct heard *h, size_t i)
{
    h->n--;
    memmove(h->run + i, h->run + i + 1, (h->n - i) * sizeof *h->run);
}

static bool put_in(struct heard *h, size_t i, int64_t piece)
{
    if (h->n == h->room) {
        size_t room = h->room ? 2 * h->room : 16;
        struct heard_run *run = realloc(h->run, room * sizeof *run);
        if (!run)
            return false;
        h->run = run;
        h->room = room;
    }
    memmove(h->run + i + 1, h->run + i, (h->n - i) * sizeof *h->run);
    h->run[i] = (struct heard_run){piece, piece};
    h->n++;
    return true;
}

/* How many runs begin at the piece or before. */
static size_t place(const struct heard *h, int64_t piece)
{
    size_t low = 0, high = h->n;
    if (h->n > 0 && h->run[h->n - 1].first <= piece) /* as mostly */
        return h->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->run[middle].first <= piece)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum heard_added heard_add(struct heard *h, int64_t time)
{
    int64_t piece = time >> HEARD_SHIFT;
    size_t i = place(h, piece);
    bool before = i > 0 && h->run[i - 1].last + 1 >= piece, behind = i < h->n && h->run[i].first == piece + 1;
    if (i > 0 && h->run[i - 1].last >= piece)
        return HEARD_BEFORE;
    if (before && behind) {
        h->run[i - 1].last = h->run[i].last;
        take_out(h, i);
    } else if (before) {
        h->run[i - 1].last = piece;
    } else if (behind) {
        h->run[i].first = piece;
    } else if (h->n == HEARD_RUNS && i == 0) {
        return HEARD_BEFORE;
    } else {
        if (h->n == HEARD_RUNS) {
            take_out(h, 0);
            i--;
        }
        return put_in(h, i, piece) ? HEARD_NEW : HEARD_NO_MEMORY;
    }
    return HEARD_NEW;
}

int64_t heard_next(const struct heard *h)
{
    return h->n > 0 ? ((h->run[0].first + 1) << HEARD_SHIFT) - 1 : TRAIL_NO_TIME;
}

void heard_pop(struct heard *h)
{
    if (h->run[0].first == h->run[0].last)
        take_out(h, 0);
    else
        h->run[0].first++;
}

void heard_free(struct heard *h)
{
    free(h->run);
    *h = (struct heard){0};
}

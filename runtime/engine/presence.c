/*
 * presence.c - see presence.h. A piece of time has one stretch in a chunk, or, where events come in great
 * disorder, a few.
 */
#include "presence.h"

#include <stdlib.h>

#include "window/window.h"

/* At most 2^16 ms: how late an event is can only be told of a whole stretch, so it had better be short. */
enum { MAX_SHIFT = 16 };

static struct lane lane_of(size_t alert, int64_t span)
{
    struct lane lane = {.alert = alert};
    while (lane.shift < MAX_SHIFT && INT64_C(2) << lane.shift <= span)
        lane.shift++;
    return lane;
}

bool presence_init(struct presence *p, const struct trail_pack *pack)
{
    *p = (struct presence){.records = lane_of(STRETCH_RECORDS, INT64_MAX),
                           .heard = lane_of(STRETCH_HEARD, INT64_MAX),
                           .hears = window_learns(pack)};
    p->lanes = calloc(pack->n_alerts + 1, sizeof *p->lanes);
    p->lane_of = calloc(pack->n_alerts + 1, sizeof *p->lane_of);
    if (!p->lanes || !p->lane_of)
        return false;
    for (size_t i = 0; i < pack->n_alerts; i++) {
        int64_t span = window_presence(pack, &pack->alerts[i]);
        p->lane_of[i] = span > 0 ? (uint32_t)p->n : UINT32_MAX;
        if (span > 0)
            p->lanes[p->n++] = lane_of(i, span);
    }
    presence_forget(p);
    return true;
}

void presence_free(struct presence *p)
{
    free(p->lanes);
    free(p->lane_of);
    *p = (struct presence){0};
}

bool presence_has(const struct presence *p, size_t alert)
{
    return p->lane_of[alert] != UINT32_MAX;
}

/* A place may be left from another chunk: then it is another stretch's, or nobody's, or by chance right. */
static struct stretch *find(const struct lane *lane, const struct chunk *c, int64_t time)
{
    size_t i = lane->at[(uint64_t)(time >> lane->shift) % LANE_PLACES];
    if (i >= c->n_stretches)
        return NULL;
    struct stretch *s = &c->stretches[i];
    return s->alert == lane->alert && s->first >> lane->shift == time >> lane->shift ? s : NULL;
}

static void extend(struct stretch *s, int64_t time)
{
    if (time < s->first)
        s->first = time;
    if (time > s->last)
        s->last = time;
    s->n++;
}

static bool add(struct presence *p, struct lane *lane, struct chunk *c, int64_t time)
{
    struct stretch *s = find(lane, c, time);
    if (!s) {
        size_t i = c->n_stretches;
        s = i < UINT32_MAX ? chunk_add_stretch(c) : NULL;
        if (!s)
            return false;
        *s = (struct stretch){.alert = lane->alert, .first = time, .last = time};
        lane->at[(uint64_t)(time >> lane->shift) % LANE_PLACES] = (uint32_t)i;
    }
    extend(s, time);
    if (p->n_added == PRESENCE_AGAIN) {
        presence_forget(p);
        return true;
    }
    int64_t within = (INT64_C(1) << lane->shift) - 1;
    p->added[p->n_added++] = (uint32_t)(s - c->stretches);
    presence_allow(p, time & ~within, time | within);
    return true;
}

void presence_start(struct presence *p)
{
    p->n_added = 0;
    p->first = INT64_MIN;
    p->last = INT64_MAX;
}

void presence_allow(struct presence *p, int64_t first, int64_t last)
{
    if (first > p->first)
        p->first = first;
    if (last < p->last)
        p->last = last;
}

void presence_forget(struct presence *p)
{
    p->n_added = PRESENCE_AGAIN;
    p->first = INT64_MAX;
    p->last = INT64_MIN;
}

bool presence_again(const struct presence *p, struct chunk *c, int64_t time)
{
    if (time < p->first || time > p->last)
        return false;
    for (size_t i = 0; i < p->n_added; i++)
        extend(&c->stretches[p->added[i]], time);
    return true;
}

bool presence_add(struct presence *p, struct chunk *c, size_t alert, int64_t time)
{
    return add(p, &p->lanes[p->lane_of[alert]], c, time);
}

bool presence_hear(struct presence *p, struct chunk *c, int64_t time)
{
    return add(p, &p->heard, c, time);
}

bool presence_add_record(struct presence *p, struct chunk *c, int64_t time)
{
    return add(p, &p->records, c, time);
}

/*
 * save.c - all that a window is, as items: see save.h. What load.c makes of them goes on as this window
 * would.
 *
 * The order is that in which load.c can take them: groups before the hits that wait for them.
 */
#include "items.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 20 };

struct saving {
    struct window *w;
    window_put *put;
    void *user;
    struct trail_text piece;
    const char *path;
    bool stopped;
    uint64_t groups, waiting, seen;
};

/* Hands on what has been written, when it is much, or `all`. False: stopped, or no memory. */
static bool pass_on(struct saving *s, bool all)
{
    if (s->piece.failed || s->stopped)
        return false;
    if (s->piece.n < PIECE && !(all && s->piece.n > 0))
        return true;
    s->stopped = !s->put(s->user, (struct trail_slice){s->piece.p, s->piece.n});
    s->piece.n = 0;
    s->path = NULL;
    return !s->stopped;
}

static void add_string(struct trail_text *to, const char *text)
{
    tape_text(to, (struct trail_slice){text ? text : "", text ? strlen(text) : 0});
}

static void write_start(struct saving *s)
{
    const struct window *w = s->w;
    struct trail_text *to = &s->piece;
    tape_byte(to, ITEM_START);
    tape_number(to, WINDOW_TAPE);
    tape_word(to, w->key.k[0]);
    tape_word(to, w->key.k[1]);
    tape_number(to, w->pack->n_alerts);
    for (size_t i = 0; i < w->pack->n_alerts; i++) {
        add_string(to, w->pack->alerts[i].id);
        add_string(to, w->pack->alerts[i].hash);
    }
    if (w->labelled)
        item_labelled(to, w->labelled);
    tape_byte(to, ITEM_CLOCK);
    item_time(to, w->from);
    item_time(to, w->watermark);
    item_time(to, w->now);
    tape_byte(to, w->begun);
    tape_byte(to, ITEM_MEMORY);
    tape_number(to, w->memory.sweep_at);
    tape_number(to, w->memory.unsaid);
    item_time(to, w->memory.said);
    tape_byte(to, w->memory.news);
    item_time(to, w->memory.now);
}

static void write_rule(struct saving *s, const struct rule *r)
{
    tape_byte(&s->piece, ITEM_RULE);
    tape_number(&s->piece, r->index);
    tape_byte(&s->piece, r->unknown);
    tape_byte(&s->piece, r->fed);
    item_time(&s->piece, r->known_from);
    tape_number(&s->piece, r->forgotten);
    tape_number(&s->piece, r->n_unknown);
    for (size_t i = 0; i < r->n_unknown; i++)
        tape_text(&s->piece, shared_text(r->unknown_keys[i]));
}

static bool write_seen(struct saving *s)
{
    const struct seen *seen = &s->w->seen;
    for (size_t i = 0; i < seen->n; i++) {
        uint64_t id, bytes;
        seen_nth(seen, i, &id, &bytes);
        tape_byte(&s->piece, ITEM_SEEN);
        tape_word(&s->piece, id);
        tape_word(&s->piece, bytes);
        s->seen++;
        if (!pass_on(s, false))
            return false;
    }
    return true;
}

/* ---- what is usual ---- */

/* A text whose length is not known before it is written. */
static void write_text(struct saving *s, struct trail_text *text)
{
    tape_text(&s->piece, (struct trail_slice){text->p, text->n});
    s->piece.failed = s->piece.failed || text->failed;
    trail_text_free(text);
    *text = (struct trail_text){0};
}

static bool write_habits(struct saving *s, size_t alert, size_t condition)
{
    const struct habits *h = &s->w->rules[alert].habits[condition];
    struct trail_text text = {0};
    tape_byte(&s->piece, ITEM_HABITS);
    tape_number(&s->piece, alert);
    tape_number(&s->piece, condition);
    habits_save(h, &text);
    write_text(s, &text);
    for (size_t i = 0; i < h->n; i++) {
        tape_byte(&s->piece, ITEM_HABIT);
        tape_number(&s->piece, alert);
        tape_number(&s->piece, condition);
        tape_text(&text, shared_text(h->list[i]->key));
        habit_save(h, h->list[i], &text);
        write_text(s, &text);
        if (!pass_on(s, false))
            return false;
    }
    return pass_on(s, false);
}

static bool write_usual(struct saving *s)
{
    const struct window *w = s->w;
    bool ok = true;
    if (!w->learns)
        return true;
    tape_byte(&s->piece, ITEM_PIECES);
    tape_number(&s->piece, w->heard.n);
    for (size_t i = 0; i < w->heard.n; i++) {
        tape_signed(&s->piece, w->heard.run[i].first);
        tape_number(&s->piece, (uint64_t)(w->heard.run[i].last - w->heard.run[i].first));
    }
    for (size_t i = 0; i < w->pack->n_alerts; i++)
        for (size_t k = 0; ok && w->rules[i].habits && k < w->rules[i].alert->n_conditions; k++)
            ok = !condition_is_usual(&w->rules[i].alert->conditions[k]) || write_habits(s, i, k);
    return ok;
}

/* ---- groups ---- */

static void write_source(struct saving *s, const struct trail_source *source)
{
    tape_byte(&s->piece, source->path != NULL);
    tape_number(&s->piece, source->record);
    tape_number(&s->piece, source->offset);
}

static void write_entry(struct trail_text *to, const struct entry *e)
{
    tape_byte(to, (unsigned char)((e->breakdown ? HAS_BREAKDOWN : 0) | (e->event_id ? HAS_ID : 0)));
    tape_signed(to, e->time);
    if (e->breakdown)
        tape_text(to, shared_text(e->breakdown));
    if (e->event_id)
        tape_text(to, shared_text(e->event_id));
}

/* What a group has that is not quiet. */
static void write_state(struct saving *s, const struct state *state)
{
    struct trail_text *to = &s->piece;
    tape_byte(to, state->firing);
    tape_byte(to, state->fixed);
    tape_number(to, state->fired_by);
    const int64_t times[] = {state->dropped,
                             state->start,
                             state->since,
                             state->stands,
                             state->notified,
                             state->said,
                             state->timer_at > 0 ? timers_of(&s->w->timers, state->timer_at) : TRAIL_NO_TIME};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        item_time(to, times[i]);
    tape_number(to, state->held);
    tape_byte(to, state->detail != NULL);
    if (state->detail) {
        tape_text(to, shared_text(state->detail->fields));
        write_source(s, &state->detail->source);
    }
}

static void write_group(void *user, struct group *g)
{
    struct saving *s = user;
    struct trail_text *to = &s->piece;
    if (!pass_on(s, false))
        return;
    if (g->state && g->state->detail)
        item_path(to, &s->path, &g->state->detail->source);
    tape_byte(to, ITEM_GROUP);
    tape_number(to, g->rule);
    tape_text(to, shared_text(g->key));
    tape_byte(to, (unsigned char)((g->settled ? 1 : 0) | (g->state ? 2 : 0)));
    item_time(to, g->last);
    tape_byte(to, g->room);
    tape_number(to, g->n);
    for (size_t i = 0; i < g->n; i++)
        write_entry(to, group_entry(g, i));
    if (g->state)
        write_state(s, g->state);
    s->groups++;
}

static bool write_groups(struct saving *s)
{
    group_each(&s->w->groups, write_group, s);
    return pass_on(s, false);
}

/* ---- hits that wait ---- */

static bool write_waiting(struct saving *s, const struct waiting *x, bool open)
{
    struct trail_text *to = &s->piece;
    item_path(to, &s->path, &x->source);
    tape_byte(to, ITEM_WAITING);
    tape_byte(to, (unsigned char)((x->event_id ? HAS_ID : 0) | (x->breakdown ? HAS_BREAKDOWN : 0) |
                                  (x->fields ? HAS_FIELDS : 0) | (x->until != x->time ? HAS_UNTIL : 0) |
                                  (open ? HAS_OPEN : 0)));
    tape_number(to, x->alert);
    tape_signed(to, x->time);
    if (x->until != x->time)
        tape_signed(to, x->until);
    tape_word(to, x->record_hash[0]);
    tape_word(to, x->record_hash[1]);
    write_source(s, &x->source);
    tape_text(to, shared_text(x->group));
    if (x->event_id)
        tape_text(to, shared_text(x->event_id));
    if (x->breakdown)
        tape_text(to, shared_text(x->breakdown));
    if (x->fields)
        tape_text(to, shared_text(x->fields));
    s->waiting++;
    return pass_on(s, false);
}

static bool write_spilled(void *user, const struct waiting *x)
{
    return write_waiting(user, x, false);
}

/* Whether later hits may join the one at this place. */
static bool is_open(const struct window *w, const struct waiting *x, uint32_t place)
{
    const struct group *g = w->rules[x->alert].joins > 0 ? group_find(&w->groups, x->alert, x->group) : NULL;
    return g && group_state(g)->open == place + 1;
}

static bool write_all_waiting(struct saving *s)
{
    for (size_t i = 0; i < s->w->pending.n; i++) {
        uint32_t place;
        const struct waiting *x = pending_nth(&s->w->pending, i, &place);
        if (!write_waiting(s, x, is_open(s->w, x, place)))
            return false;
    }
    return true;
}

/* ---- all ---- */

static bool write_all(struct saving *s)
{
    write_start(s);
    for (size_t i = 0; i < s->w->pack->n_alerts; i++)
        write_rule(s, &s->w->rules[i]);
    if (!write_seen(s) || !write_usual(s) || !write_groups(s) || !write_all_waiting(s))
        return false;
    return true;
}

static void write_end(struct saving *s)
{
    tape_byte(&s->piece, ITEM_END);
    tape_number(&s->piece, s->seen);
    tape_number(&s->piece, s->groups);
    tape_number(&s->piece, s->waiting);
}

enum trail_status window_save(struct window *w, window_put *put, void *user)
{
    struct saving s = {.w = w, .put = put, .user = user};
    enum spill_status spilled = SPILL_TAKEN;
    bool ok = write_all(&s);
    if (ok && w->spill.n > 0) {
        spilled = spill_each(&w->spill, write_spilled, &s, &w->texts);
        ok = spilled == SPILL_TAKEN;
    }
    if (ok) {
        write_end(&s);
        ok = pass_on(&s, true);
    }
    bool memory = s.piece.failed || spilled == SPILL_NO_MEMORY;
    trail_text_free(&s.piece);
    if (ok) {
        w->recording.unsaid = false;
        w->recording.path = NULL;
        return TRAIL_OK;
    }
    return memory ? TRAIL_NO_MEMORY : s.stopped ? TRAIL_INVALID : TRAIL_DAMAGED;
}

/*
 * load.c - items read again: see save.h. What was saved becomes a window; calls are made again.
 *
 * Bytes may be damaged, or somebody's: every length, number and index is checked, and what makes no sense
 * ends the reading. A group or hit of an alert that is no longer there is read and left out.
 */
#include "items.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ALERTS ((size_t)1 << 24)

enum outcome { TAKEN, BAD, NO_MEMORY };

static enum outcome of_status(enum trail_status status)
{
    return status == TRAIL_OK ? TAKEN : status == TRAIL_NO_MEMORY ? NO_MEMORY : BAD;
}

/* ---- what many items have ---- */

/* Reads an alert's number. False: it makes no sense. *index: TRAIL's; SIZE_MAX: no longer there. */
static bool read_alert(struct window_tape *t, struct tape *in, size_t *index)
{
    uint64_t number = tape_get_number(in);
    if (in->bad || number >= t->n_alerts)
        return false;
    *index = t->alerts[number] ? t->alerts[number] - 1 : SIZE_MAX;
    return true;
}

/* A text that lives as long as the window. NULL: no memory. */
static const char *keep_path(struct window *w, struct trail_slice path)
{
    struct trail_text whole = {0};
    struct paths *p = &w->paths;
    trail_text_add(&whole, path.p, path.n);
    trail_text_add(&whole, "", 1);
    struct shared *text =
        whole.failed ? NULL : shared_intern(&w->texts, (struct trail_slice){whole.p, whole.n});
    trail_text_free(&whole);
    if (!text)
        return NULL;
    if (text->owners > 1) { /* no other text ends with a NUL: it is kept already */
        shared_drop(&w->texts, text);
        return text->p;
    }
    if (p->n == p->room) {
        size_t room = p->room ? p->room * 2 : 16;
        struct shared **list = realloc(p->list, room * sizeof(*list));
        if (!list) {
            shared_drop(&w->texts, text);
            return NULL;
        }
        p->list = list;
        p->room = room;
    }
    p->list[p->n++] = text;
    return text->p;
}

/* The label stands behind the path and a NUL, where there is one. */
static enum outcome read_path(struct window_tape *t, struct tape *in)
{
    struct trail_slice text = tape_get_text(in);
    size_t n = in->bad ? 0 : strnlen(text.p, text.n);
    if (in->bad || (n < text.n && strnlen(text.p + n + 1, text.n - n - 1) < text.n - n - 1))
        return BAD;
    t->path = keep_path(t->window, text);
    t->application = t->path && n < text.n ? t->path + n + 1 : NULL;
    return t->path ? TAKEN : NO_MEMORY;
}

static struct trail_source read_source(struct window_tape *t, struct tape *in)
{
    bool named = tape_get_byte(in);
    struct trail_source source = {0};
    if (named) {
        source.path = t->path;
        source.application = t->application;
    }
    source.record = tape_get_number(in);
    source.offset = tape_get_number(in);
    in->bad = in->bad || (named && !t->path);
    return source;
}

/* ---- calls ---- */

static enum outcome read_hit(struct window_tape *t, struct tape *in)
{
    size_t alert;
    unsigned has = tape_get_byte(in);
    if (!read_alert(t, in, &alert))
        return BAD;
    struct hit hit = {.alert = alert, .future = has & HAS_FUTURE, .group = {"{}", 2}};
    hit.time = has & HAS_TIME ? tape_get_signed(in) : TRAIL_NO_TIME;
    hit.record_hash[0] = tape_get_word(in);
    hit.record_hash[1] = tape_get_word(in);
    hit.source = read_source(t, in);
    if (has & HAS_GROUP)
        hit.group = tape_get_text(in);
    if (has & HAS_ID)
        hit.event_id = tape_get_text(in);
    if (has & HAS_BREAKDOWN)
        hit.breakdown = tape_get_text(in);
    if (has & HAS_FIELDS)
        hit.fields = tape_get_text(in);
    if (in->bad)
        return BAD;
    return alert == SIZE_MAX ? TAKEN : of_status(window_hit(t->window, &hit, NULL));
}

static enum outcome read_identity(struct window_tape *t, struct tape *in)
{
    uint64_t id = tape_get_word(in), bytes = tape_get_word(in);
    if (in->bad)
        return BAD;
    return seen_add(&t->window->seen, id, bytes) == SEEN_NO_MEMORY ? NO_MEMORY : TAKEN;
}

static enum outcome read_between(struct window_tape *t, struct tape *in)
{
    size_t alert;
    if (!read_alert(t, in, &alert))
        return BAD;
    struct trail_slice application = tape_get_text(in);
    int64_t first = tape_get_signed(in), last = tape_get_signed(in);
    if (in->bad)
        return BAD;
    return alert == SIZE_MAX ? TAKEN
                             : of_status(window_hits_between(t->window, alert, application, first, last));
}

static enum outcome read_advance(struct window_tape *t, struct tape *in)
{
    int64_t from = item_get_time(in), watermark = item_get_time(in);
    return in->bad ? BAD : of_status(window_advance(t->window, from, watermark));
}

/* ITEM_UNKNOWN, or ITEM_KNOWN. */
static enum outcome read_doubt(struct window_tape *t, struct tape *in, bool known)
{
    struct trail_slice labels[2];
    bool has[2];
    for (int i = 0; i < 2; i++) {
        has[i] = tape_get_byte(in);
        labels[i] = has[i] ? tape_get_text(in) : (struct trail_slice){NULL, 0};
    }
    int64_t from = known ? item_get_time(in) : TRAIL_NO_TIME;
    if (in->bad)
        return BAD;
    const struct trail_slice *application = has[0] ? &labels[0] : NULL,
                             *subsystem = has[1] ? &labels[1] : NULL;
    return of_status(known ? window_known(t->window, application, subsystem, from)
                           : window_unknown(t->window, application, subsystem));
}

static enum outcome read_labelled(struct window_tape *t, struct tape *in)
{
    unsigned labelled = tape_get_byte(in);
    if (in->bad)
        return BAD;
    window_labelled(t->window, labelled & LABELLED_APPLICATIONS, labelled & LABELLED_SUBSYSTEMS);
    return TAKEN;
}

/* ---- the beginning ---- */

static bool same(struct trail_slice a, const char *b)
{
    return a.n == strlen(b ? b : "") && memcmp(a.p, b ? b : "", a.n) == 0;
}

/* Which of the pack's alerts it is: index + 1, or 0. */
static uint32_t find_alert(const struct trail_pack *pack, size_t likely, struct trail_slice id,
                           struct trail_slice hash)
{
    for (size_t k = 0; k < pack->n_alerts; k++) {
        size_t i = (likely + k) % pack->n_alerts;
        if (same(id, pack->alerts[i].id))
            return same(hash, pack->alerts[i].hash) ? (uint32_t)(i + 1) : 0;
    }
    return 0;
}

static enum outcome read_start(struct window_tape *t, struct tape *in)
{
    struct window *w = t->window;
    if (t->alerts || tape_get_number(in) != WINDOW_TAPE)
        return BAD;
    w->key.k[0] = tape_get_word(in);
    w->key.k[1] = tape_get_word(in);
    size_t n = tape_get_size(in, MAX_ALERTS);
    if (in->bad || n > (size_t)(in->end - in->p))
        return BAD;
    t->alerts = calloc(n + 1, sizeof *t->alerts);
    if (!t->alerts)
        return NO_MEMORY;
    t->n_alerts = n;
    t->changed = n != w->pack->n_alerts;
    for (size_t i = 0; i < n; i++) {
        struct trail_slice id = tape_get_text(in), hash = tape_get_text(in);
        if (in->bad)
            return BAD;
        t->alerts[i] = w->pack->n_alerts ? find_alert(w->pack, i, id, hash) : 0;
        t->changed |= t->alerts[i] != i + 1;
        if (t->alerts[i])
            t->resumed[t->alerts[i] - 1] = true;
    }
    return TAKEN;
}

static enum outcome read_clock(struct window_tape *t, struct tape *in)
{
    struct window *w = t->window;
    w->from = item_get_time(in);
    w->watermark = item_get_time(in);
    w->now = item_get_time(in);
    w->begun = tape_get_byte(in);
    return in->bad ? BAD : TAKEN;
}

static enum outcome read_rule(struct window_tape *t, struct tape *in)
{
    size_t alert;
    if (!read_alert(t, in, &alert))
        return BAD;
    struct rule *r = alert == SIZE_MAX ? NULL : &t->window->rules[alert];
    bool unknown = tape_get_byte(in), fed = tape_get_byte(in);
    int64_t known_from = item_get_time(in);
    uint64_t forgotten = tape_get_number(in);
    if (r) {
        r->known_from = known_from;
        r->forgotten = forgotten;
        r->unknown = unknown;
        r->fed = fed;
    }
    for (uint64_t n = tape_get_number(in); n > 0 && !in->bad; n--) {
        struct trail_slice text = tape_get_text(in);
        if (!r || in->bad)
            continue;
        struct shared *key = shared_intern(&t->window->texts, text);
        if (!key)
            return NO_MEMORY;
        if (!rule_add_unknown(r, key, &t->window->texts)) {
            shared_drop(&t->window->texts, key);
            return NO_MEMORY;
        }
    }
    return in->bad ? BAD : TAKEN;
}

static enum outcome read_seen(struct window_tape *t, struct tape *in)
{
    uint64_t id = tape_get_word(in), bytes = tape_get_word(in);
    if (in->bad)
        return BAD;
    t->counted[0]++;
    return seen_put(&t->window->seen, id, bytes) ? TAKEN : NO_MEMORY;
}

/* ---- groups ---- */

enum { SETTLED = 1, AWAKE = 2, MAX_ROOM = 31 };

static bool read_entry(struct window *w, struct tape *in, struct entry *e)
{
    unsigned has = tape_get_byte(in);
    *e = (struct entry){.time = tape_get_signed(in)};
    if (has & HAS_BREAKDOWN)
        e->breakdown = shared_intern(&w->texts, tape_get_text(in));
    if (has & HAS_ID)
        e->event_id = shared_copy(&w->texts, tape_get_text(in));
    return (!(has & HAS_BREAKDOWN) || e->breakdown) && (!(has & HAS_ID) || e->event_id);
}

/* n events in a place for 2^room. */
static enum outcome read_ring(struct window *w, struct tape *in, struct group *g, uint8_t room, size_t n)
{
    struct entry *ring = &g->event.one;
    if (room > 0 && !(ring = slab_take(&w->texts.slab, sizeof *ring << room)))
        return NO_MEMORY;
    if (room > 0)
        g->event.ring = ring;
    g->room = room;
    while (g->n < n) {
        bool got = read_entry(w, in, &ring[g->n]);
        g->n++;
        if (!got)
            return NO_MEMORY;
        if (in->bad)
            return BAD;
    }
    return TAKEN;
}

static enum outcome read_detail(struct window_tape *t, struct tape *in, struct group *g)
{
    struct window *w = t->window;
    struct trail_slice fields = tape_get_text(in);
    struct trail_source source = read_source(t, in);
    if (in->bad)
        return BAD;
    struct shared *text = shared_copy(&w->texts, fields);
    bool ok = text && group_show(&w->groups, g, text, &source);
    shared_drop(&w->texts, text);
    return ok ? TAKEN : NO_MEMORY;
}

static enum outcome read_state(struct window_tape *t, struct tape *in, struct group *g)
{
    struct window *w = t->window;
    struct state *s = group_wake(&w->groups, g);
    if (!s)
        return NO_MEMORY;
    s->firing = tape_get_byte(in);
    s->fixed = tape_get_byte(in);
    s->fired_by = (uint16_t)tape_get_size(in, UINT16_MAX);
    int64_t timer, *const times[] = {&s->dropped,  &s->start, &s->since, &s->stands,
                                     &s->notified, &s->said,  &timer};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        *times[i] = item_get_time(in);
    s->held = tape_get_number(in);
    if (in->bad || (s->firing && s->fired_by >= w->rules[g->rule].alert->n_conditions))
        return BAD;
    enum outcome got = tape_get_byte(in) ? read_detail(t, in, g) : TAKEN;
    if (got == TAKEN && timer != TRAIL_NO_TIME && !timers_set(&w->timers, g, timer))
        got = NO_MEMORY;
    return got;
}

/* What stands behind the key, into an empty group. */
static enum outcome fill_group(struct window_tape *t, struct tape *in, struct group *g)
{
    struct window *w = t->window;
    unsigned has = tape_get_byte(in);
    g->last = item_get_time(in);
    size_t room = tape_get_size(in, MAX_ROOM), n = tape_get_size(in, w->rules[g->rule].keep);
    if (in->bad || n > (size_t)(in->end - in->p) || n > (size_t)1 << room ||
        (size_t)1 << room > 64 + 8 * w->rules[g->rule].keep)
        return BAD;
    enum outcome got = read_ring(w, in, g, (uint8_t)room, n);
    if (got == TAKEN && has & AWAKE)
        got = read_state(t, in, g);
    if (got == TAKEN && in->bad)
        got = BAD;
    if (got == TAKEN && has & SETTLED)
        group_settle(&w->groups, g);
    return got;
}

/* The group of an alert that is no longer there. */
static enum outcome pass_group(struct window_tape *t, struct tape *in)
{
    unsigned has = tape_get_byte(in);
    item_get_time(in);
    tape_get_byte(in);
    for (uint64_t n = tape_get_number(in); n > 0 && !in->bad; n--) {
        unsigned entry = tape_get_byte(in);
        tape_get_signed(in);
        if (entry & HAS_BREAKDOWN)
            tape_get_text(in);
        if (entry & HAS_ID)
            tape_get_text(in);
    }
    if (has & AWAKE) {
        tape_get_byte(in);
        tape_get_byte(in);
        tape_get_number(in);
        for (int i = 0; i < 7; i++)
            item_get_time(in);
        tape_get_number(in);
        if (tape_get_byte(in)) {
            tape_get_text(in);
            read_source(t, in);
        }
    }
    return in->bad ? BAD : TAKEN;
}

static enum outcome read_group(struct window_tape *t, struct tape *in)
{
    struct window *w = t->window;
    size_t alert, groups = w->groups.slots.n;
    if (!read_alert(t, in, &alert))
        return BAD;
    struct trail_slice key = tape_get_text(in);
    if (in->bad)
        return BAD;
    t->counted[1]++;
    if (alert == SIZE_MAX)
        return pass_group(t, in);
    struct group *g = window_group(w, alert, key);
    if (g && w->groups.slots.n == groups)
        return BAD; /* it was there */
    return g ? fill_group(t, in, g) : NO_MEMORY;
}

static enum outcome read_memory(struct window_tape *t, struct tape *in)
{
    struct window *w = t->window;
    w->memory.sweep_at = tape_get_size(in, SIZE_MAX);
    w->memory.unsaid = tape_get_number(in);
    w->memory.said = item_get_time(in);
    w->memory.news = tape_get_byte(in);
    w->memory.now = item_get_time(in);
    return in->bad ? BAD : TAKEN;
}

/* ---- what is usual ---- */

static enum outcome read_pieces(struct window_tape *t, struct tape *in)
{
    struct heard *heard = &t->window->heard;
    size_t n = tape_get_size(in, HEARD_RUNS);
    if (in->bad || n > (size_t)(in->end - in->p) || heard->n > 0)
        return BAD;
    heard->run = n ? malloc(n * sizeof *heard->run) : NULL;
    if (n && !heard->run)
        return NO_MEMORY;
    heard->room = n;
    for (; heard->n < n; heard->n++) {
        struct heard_run *run = &heard->run[heard->n];
        run->first = tape_get_signed(in);
        uint64_t more = tape_get_number(in);
        const int64_t most = INT64_MAX >> (HEARD_SHIFT + 2);
        if (in->bad || run->first > most || run->first < -most || more > (uint64_t)(most - run->first) ||
            (heard->n > 0 && run->first <= run[-1].last + 1))
            return BAD;
        run->last = run->first + (int64_t)more;
    }
    return TAKEN;
}

/* ITEM_HABITS and ITEM_HABIT: whose they are. NULL in *to: of an alert that is no longer there. */
static enum outcome read_whose(struct window_tape *t, struct tape *in, struct habits **to, struct tape *text)
{
    size_t alert;
    if (!read_alert(t, in, &alert))
        return BAD;
    uint64_t condition = tape_get_number(in);
    struct trail_slice s = tape_get_text(in);
    *text = (struct tape){s.p, s.p + s.n, false};
    *to = NULL;
    if (in->bad)
        return BAD;
    if (alert == SIZE_MAX)
        return TAKEN;
    const struct rule *rule = &t->window->rules[alert];
    if (!rule->habits || condition >= rule->alert->n_conditions ||
        !condition_is_usual(&rule->alert->conditions[condition]))
        return BAD;
    *to = &rule->habits[condition];
    return TAKEN;
}

/* What it began with, from a file, is not asked. */
static enum outcome read_habits(struct window_tape *t, struct tape *in)
{
    struct habits *h;
    struct tape text;
    enum outcome got = read_whose(t, in, &h, &text);
    if (got != TAKEN || !h)
        return got;
    const struct trail_condition *c = h->condition;
    size_t limit = h->limit;
    bool frozen = h->frozen;
    for (size_t i = 0; i < h->n; i++)
        shared_drop(&t->window->texts, h->list[i]->key);
    habits_free(h);
    habits_start(h, c, limit, frozen);
    if (!habits_load(h, &text))
        return NO_MEMORY;
    return text.bad || text.p != text.end ? BAD : TAKEN;
}

static enum outcome read_habit(struct window_tape *t, struct tape *in)
{
    struct habits *h;
    struct tape text;
    enum outcome got = read_whose(t, in, &h, &text);
    if (got != TAKEN || !h)
        return got;
    struct trail_slice name = tape_get_text(&text);
    size_t n = h->n;
    if (text.bad || n >= h->limit)
        return BAD;
    struct shared *key = shared_intern(&t->window->texts, name);
    struct habit *x = key ? habits_make(h, key, &t->window->texts) : NULL;
    shared_drop(&t->window->texts, key);
    if (!x)
        return NO_MEMORY;
    if (h->n == n)
        return BAD; /* it was there */
    if (!habit_load(h, x, &text))
        return NO_MEMORY;
    return text.bad || text.p != text.end ? BAD : TAKEN;
}

static enum outcome read_heard(struct window_tape *t, struct tape *in)
{
    int64_t time = tape_get_signed(in);
    return in->bad ? BAD : of_status(window_heard(t->window, time));
}

/* ---- hits that wait ---- */

static enum outcome put_waiting(struct window *w, struct waiting *x, bool open)
{
    uint32_t place;
    if (!pending_push(&w->pending, x, &place))
        return NO_MEMORY;
    if (open) {
        struct group *g = window_group(w, x->alert, shared_text(x->group));
        struct state *s = g ? group_wake(&w->groups, g) : NULL;
        if (!s)
            return NO_MEMORY;
        s->open = place + 1;
    }
    return window_shed(w) ? TAKEN : NO_MEMORY;
}

static enum outcome read_waiting(struct window_tape *t, struct tape *in)
{
    struct window *w = t->window;
    size_t alert;
    unsigned has = tape_get_byte(in);
    if (!read_alert(t, in, &alert))
        return BAD;
    struct waiting x = {.alert = (uint32_t)alert};
    struct trail_slice id = {NULL, 0}, breakdown = id, fields = id;
    x.time = x.until = tape_get_signed(in);
    if (has & HAS_UNTIL)
        x.until = tape_get_signed(in);
    x.record_hash[0] = tape_get_word(in);
    x.record_hash[1] = tape_get_word(in);
    x.source = read_source(t, in);
    struct trail_slice group = tape_get_text(in);
    if (has & HAS_ID)
        id = tape_get_text(in);
    if (has & HAS_BREAKDOWN)
        breakdown = tape_get_text(in);
    if (has & HAS_FIELDS)
        fields = tape_get_text(in);
    if (in->bad)
        return BAD;
    t->counted[2]++;
    if (alert == SIZE_MAX)
        return TAKEN;
    bool ok = (x.group = shared_intern(&w->texts, group)) != NULL;
    if (ok && has & HAS_ID)
        ok = (x.event_id = shared_copy(&w->texts, id)) != NULL;
    if (ok && has & HAS_BREAKDOWN)
        ok = (x.breakdown = shared_intern(&w->texts, breakdown)) != NULL;
    if (ok && has & HAS_FIELDS)
        ok = (x.fields = shared_copy(&w->texts, fields)) != NULL;
    size_t n = w->pending.n;
    enum outcome got = ok ? put_waiting(w, &x, has & HAS_OPEN) : NO_MEMORY;
    if (got != TAKEN && w->pending.n == n)
        waiting_drop(&x, &w->texts);
    return got;
}

static enum outcome read_end(struct window_tape *t, struct tape *in)
{
    for (size_t i = 0; i < 3; i++)
        if (tape_get_number(in) != t->counted[i])
            return BAD;
    if (in->bad || t->complete)
        return BAD;
    t->complete = true;
    return TAKEN;
}

/* ---- all ---- */

static enum outcome read_item(struct window_tape *t, struct tape *in)
{
    unsigned item = tape_get_byte(in);
    if (item == ITEM_START)
        return read_start(t, in);
    if (!t->alerts || (item > ITEM_START && t->complete) ||
        (item < ITEM_START && !t->complete && item != ITEM_PATH && item != ITEM_LABELLED))
        return BAD;
    switch (item) {
    case ITEM_PATH: return read_path(t, in);
    case ITEM_HIT: return read_hit(t, in);
    case ITEM_IDENTITY: return read_identity(t, in);
    case ITEM_ADVANCE: return read_advance(t, in);
    case ITEM_UNKNOWN: return read_doubt(t, in, false);
    case ITEM_KNOWN: return read_doubt(t, in, true);
    case ITEM_LABELLED: return read_labelled(t, in);
    case ITEM_BETWEEN: return read_between(t, in);
    case ITEM_HEARD: return read_heard(t, in);
    case ITEM_CLOCK: return read_clock(t, in);
    case ITEM_MEMORY: return read_memory(t, in);
    case ITEM_SEEN: return read_seen(t, in);
    case ITEM_RULE: return read_rule(t, in);
    case ITEM_GROUP: return read_group(t, in);
    case ITEM_WAITING: return read_waiting(t, in);
    case ITEM_PIECES: return read_pieces(t, in);
    case ITEM_HABITS: return read_habits(t, in);
    case ITEM_HABIT: return read_habit(t, in);
    case ITEM_END: return read_end(t, in);
    default: return BAD;
    }
}

enum trail_status window_tape_start(struct window_tape *t, struct window *w)
{
    size_t n = w->pack->n_alerts;
    *t = (struct window_tape){.window = w};
    t->resumed = calloc(n + 1, sizeof *t->resumed);
    w->muted = true;
    return t->resumed ? TRAIL_OK : TRAIL_NO_MEMORY;
}

enum trail_status window_tape_read(struct window_tape *t, struct trail_slice piece)
{
    struct tape in = {piece.p, piece.p + piece.n, false};
    t->path = t->application = NULL;
    while (in.p < in.end) {
        enum outcome got = read_item(t, &in);
        if (got != TAKEN)
            return got == BAD ? TRAIL_INVALID : TRAIL_NO_MEMORY;
    }
    return TRAIL_OK;
}

/* Alerts that were not on the tape, and would have been begun: silence counts from here on. */
static bool begin_others(struct window_tape *t)
{
    struct window *w = t->window;
    int64_t from = w->watermark != TRAIL_NO_TIME ? w->watermark : w->from;
    for (size_t i = 0; w->begun && i < w->pack->n_alerts; i++)
        if (!t->resumed[i] && !window_declare(w, &w->rules[i], from))
            return false;
    return true;
}

enum trail_status window_tape_end(struct window_tape *t)
{
    struct window *w = t->window;
    if (t->alerts && !t->complete)
        return TRAIL_INVALID;
    if (!begin_others(t))
        return TRAIL_NO_MEMORY;
    w->muted = false;
    w->stats = (struct window_stats){.early = w->stats.early, .lost = w->stats.lost, .forgotten = 0};
    return TRAIL_OK;
}

bool window_tape_has(const struct window_tape *t, size_t alert)
{
    return t->resumed[alert];
}

void window_tape_free(struct window_tape *t)
{
    free(t->alerts);
    free(t->resumed);
    *t = (struct window_tape){0};
}

/*
 * ahead.c - hits that come soon: their hashes, and what these lead to fetched from memory.
 *
 * Needs: hits as they will be handed to window_hit().
 * Guarantees: changes nothing but the processor's cache.
 *
 * With many groups each hit waits for a line of each of several tables that are too large for the caches.
 * Where the lines are is known as soon as the hit is, so they can come while the hits before it are entered.
 */
#include "stage.h"

enum { BODY_AHEAD = 9, TEXTS_AHEAD = 6, GROUP_AHEAD = 3 };

struct identity_of_hit identity_of(const struct window *w, const struct hit *hit)
{
    struct siphash s;
    uint64_t head[2] = {w->rules[hit->alert].identity, hit->group.n};
    siphash_start(&s, &w->key);
    siphash_add(&s, head, sizeof head);
    siphash_add(&s, hit->group.p, hit->group.n);
    siphash_add(&s, hit->event_id.p, hit->event_id.n);
    return (struct identity_of_hit){siphash_end(&s),
                                    siphash(&w->key, hit->record_hash, sizeof hit->record_hash)};
}

void window_expect(const struct window *w, const struct hit *hit, struct hit_hashes *to)
{
    to->who = identity_of(w, hit);
    to->group = shared_hash(&w->texts, hit->group);
    seen_fetch(&w->seen, to->who.id);
    shared_fetch(&w->texts, to->group);
}

/* What hits that come out soon will touch: the hit itself, then its texts, then the slot of its group. */
void fetch_next(const struct window *w)
{
    const struct waiting *x;
    pending_fetch(&w->pending, BODY_AHEAD);
    if ((x = pending_soon(&w->pending, TEXTS_AHEAD)) != NULL) {
        __builtin_prefetch(x->group);
        __builtin_prefetch(x->event_id);
        __builtin_prefetch(x->fields);
    }
    if ((x = pending_soon(&w->pending, GROUP_AHEAD)) != NULL)
        group_fetch(&w->groups, x->alert, x->group);
}

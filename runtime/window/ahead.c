/*
 * ahead.c - hits that come soon: their hashes, several at once, and what these lead to fetched from memory.
 *
 * Needs: hits as they will be handed to window_hit().
 * Guarantees: changes nothing but the processor's cache.
 *
 * With many groups each hit waits for a line of each of several tables that are too large for the caches.
 * Where the lines are is known as soon as the hit is, so they can come while the hits before it are entered.
 */
#include "stage.h"

#include <string.h>

enum { BODY_AHEAD = 9, TEXTS_AHEAD = 6, GROUP_AHEAD = 3 };

/* Of an identity's bytes: those of most are fewer. */
enum { JOINED = 512 };

_Static_assert((int)WINDOW_EXPECTED <= (int)SIPHASH_LANES, "as many as are hashed at once");

/* What an identity begins with. */
struct identity_head {
    uint64_t rule, group_n;
};

static struct identity_head head_of(const struct window *w, const struct hit *hit)
{
    return (struct identity_head){w->rules[hit->alert].identity, hit->group.n};
}

static uint64_t id_of(const struct window *w, const struct hit *hit)
{
    struct siphash s;
    struct identity_head head = head_of(w, hit);
    siphash_start(&s, &w->key);
    siphash_add(&s, &head, sizeof head);
    siphash_add(&s, hit->group.p, hit->group.n);
    siphash_add(&s, hit->event_id.p, hit->event_id.n);
    return siphash_end(&s);
}

struct identity_of_hit identity_of(const struct window *w, const struct hit *hit)
{
    return (struct identity_of_hit){id_of(w, hit),
                                    siphash(&w->key, hit->record_hash, sizeof hit->record_hash)};
}

/* The bytes that id_of() hashes, in one piece; n 0: they are too many. */
static struct trail_slice join(const struct window *w, const struct hit *hit, char to[JOINED])
{
    struct identity_head head = head_of(w, hit);
    size_t n = sizeof head;
    if (hit->group.n > JOINED || hit->event_id.n > JOINED - sizeof head ||
        hit->group.n > JOINED - sizeof head - hit->event_id.n)
        return (struct trail_slice){to, 0};
    memcpy(to, &head, n);
    if (hit->group.n > 0)
        memcpy(to + n, hit->group.p, hit->group.n);
    n += hit->group.n;
    if (hit->event_id.n > 0)
        memcpy(to + n, hit->event_id.p, hit->event_id.n);
    return (struct trail_slice){to, n + hit->event_id.n};
}

/* The hash of each text. */
static void hash_all(const struct window *w, const struct siphash_key *key, const struct trail_slice *texts,
                     size_t n, uint64_t *to)
{
    uint64_t hash[SIPHASH_LANES];
    size_t of[SIPHASH_LANES], lanes = 0;
    for (size_t i = 0; i < n; i++) {
        if (siphash_lanes_add(w->lanes, texts[i].p, texts[i].n))
            of[lanes++] = i;
        else
            to[i] = siphash(key, texts[i].p, texts[i].n);
    }
    siphash_lanes_end(w->lanes, key, hash);
    for (size_t i = 0; i < lanes; i++)
        to[of[i]] = hash[i];
}

void window_expect(const struct window *w, const struct hit *hits, size_t n, struct hit_hashes *to)
{
    char joined[WINDOW_EXPECTED][JOINED];
    struct trail_slice ids[WINDOW_EXPECTED], groups[WINDOW_EXPECTED], records[WINDOW_EXPECTED];
    uint64_t id[WINDOW_EXPECTED], group[WINDOW_EXPECTED], bytes[WINDOW_EXPECTED];
    if (n == 0)
        return;
    for (size_t i = 0; i < n; i++) {
        ids[i] = join(w, &hits[i], joined[i]);
        groups[i] = hits[i].group;
        records[i] = (struct trail_slice){(const char *)hits[i].record_hash, sizeof hits[i].record_hash};
    }
    hash_all(w, &w->key, ids, n, id);
    hash_all(w, &w->texts.key, groups, n, group);
    hash_all(w, &w->key, records, n, bytes);
    for (size_t i = 0; i < n; i++) {
        to[i].who.id = ids[i].n > 0 ? id[i] : id_of(w, &hits[i]);
        to[i].who.bytes = bytes[i];
        to[i].group = shared_hash_of(group[i]);
        seen_fetch(&w->seen, to[i].who.id);
        shared_fetch(&w->texts, to[i].group);
    }
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

/*
 * gather.c - a record's pattern is written by the thread that has the record; the set is the caller's alone.
 *
 * A summary is a head, the numbers of the alerts that want the record, the pattern's text, and the event if it is wanted.
 */
#include "gather.h"

#include <string.h>

struct head {
    uint64_t hash;
    uint32_t n_text, n_fields, n_hits;
    bool more_hits;
};

/* An alert for silence wants events so that it need not fire: that is no rule for them. */
static bool is_silence(const struct trail_alert *a)
{
    for (size_t i = 0; i < a->n_conditions; i++)
        if (a->conditions[i].when != TRAIL_LESS_THAN && a->conditions[i].when != TRAIL_AT_MOST)
            return false;
    return true;
}

static void add_hits(const struct gather *g, const struct trail_seen *seen, struct head *head,
                     struct trail_text *to)
{
    for (size_t word = 0; word <= g->pack->n_alerts / 64; word++) {
        for (uint64_t bits = seen->hits[word]; bits; bits &= bits - 1) {
            uint32_t alert = (uint32_t)(word * 64) + (uint32_t)__builtin_ctzll(bits);
            if (is_silence(&g->pack->alerts[alert]))
                continue;
            if (head->n_hits == SET_ALERTS) {
                head->more_hits = true;
                return;
            }
            trail_text_add(to, (const char *)&alert, sizeof alert);
            head->n_hits++;
        }
    }
}

void gather_summarize(const struct gather *g, const struct trail_seen *seen, struct trail_text *to)
{
    struct head head;
    size_t from = to->n, n_fields = 0;
    memset(&head, 0, sizeof head);
    trail_text_add(to, (const char *)&head, sizeof head);
    add_hits(g, seen, &head, to);
    size_t text = to->n;
    pattern_add(to, seen->event, &n_fields);
    if (to->failed)
        return;
    head.n_text = (uint32_t)(to->n - text);
    head.n_fields = (uint32_t)n_fields;
    head.hash = set_hash(g->set, (struct trail_slice){to->p + text, head.n_text});
    memcpy(to->p + from, &head, sizeof head);
    if (g->examples && seen->event.n <= SET_EXAMPLE)
        trail_text_add(to, seen->event.p, seen->event.n);
}

void gather_take(struct gather *g, const struct trail_source *source, int64_t time,
                 struct trail_slice summary)
{
    struct head head;
    uint32_t hits[SET_ALERTS];
    memcpy(&head, summary.p, sizeof head);
    memcpy(hits, summary.p + sizeof head, head.n_hits * sizeof *hits);
    size_t text = sizeof head + head.n_hits * sizeof *hits, event = text + head.n_text;
    struct set_event e = {.text = {summary.p + text, head.n_text},
                          .n_fields = head.n_fields,
                          .hash = head.hash,
                          .time = time,
                          .n_hits = head.n_hits,
                          .hits = hits,
                          .more_hits = head.more_hits,
                          .path = source->path,
                          .record = source->record,
                          .event = {summary.p + event, summary.n - event}};
    g->failed |= !set_add(g->set, &e);
}

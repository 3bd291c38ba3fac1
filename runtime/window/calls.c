/*
 * calls.c - what is done with a window, written down so that it can be done again: see save.h.
 *
 * Only what changes the window is written, and only as much of it as the window looks at: of an event that
 * fires at once nothing is left but that it has been seen.
 */
#include "items.h"

#include <string.h>

void window_record(struct window *w, struct trail_text *to)
{
    w->recording = (struct recording){.to = to};
}

void window_record_cut(struct window *w)
{
    w->recording.path = NULL;
}

bool window_recorded_partly(const struct window *w)
{
    return w->recording.unsaid;
}

void item_path(struct trail_text *to, const char **last, const struct trail_source *source)
{
    const char *path = source->path, *label = source->application;
    if (path == *last || !path)
        return;
    size_t n = strlen(path), n_label = label ? strlen(label) : 0;
    tape_byte(to, ITEM_PATH);
    tape_number(to, n + (n_label ? 1 + n_label : 0));
    trail_text_add(to, path, n);
    if (n_label) {
        trail_text_add(to, "", 1);
        trail_text_add(to, label, n_label);
    }
    *last = path;
}

void item_time(struct trail_text *to, int64_t time)
{
    tape_byte(to, time != TRAIL_NO_TIME);
    if (time != TRAIL_NO_TIME)
        tape_signed(to, time);
}

int64_t item_get_time(struct tape *t)
{
    return tape_get_byte(t) ? tape_get_signed(t) : TRAIL_NO_TIME;
}

/* The hit with the texts that its rule keeps: see enqueue() in arrive.c. */
static void write_hit(struct window *w, const struct rule *rule, const struct hit *hit)
{
    struct trail_text *to = w->recording.to;
    bool says = rule->immediate && rule->alert->notify_every > 0;
    bool kept = says || rule->keeps_events, shown = says || rule->above;
    unsigned has = (hit->time != TRAIL_NO_TIME ? HAS_TIME : 0u) | (hit->future ? HAS_FUTURE : 0u) |
                   (kept && hit->event_id.n ? HAS_ID : 0u) | (kept && hit->breakdown.n ? HAS_BREAKDOWN : 0u) |
                   (shown && hit->fields.n ? HAS_FIELDS : 0u);
    if (hit->group.n != 2 || memcmp(hit->group.p, "{}", 2) != 0)
        has |= HAS_GROUP;
    item_path(to, &w->recording.path, &hit->source);
    tape_byte(to, ITEM_HIT);
    tape_byte(to, (unsigned char)has);
    tape_number(to, hit->alert);
    if (has & HAS_TIME)
        tape_signed(to, hit->time);
    tape_word(to, hit->record_hash[0]);
    tape_word(to, hit->record_hash[1]);
    tape_byte(to, hit->source.path != NULL);
    tape_number(to, hit->source.record);
    tape_number(to, hit->source.offset);
    if (has & HAS_GROUP)
        tape_text(to, hit->group);
    if (has & HAS_ID)
        tape_text(to, hit->event_id);
    if (has & HAS_BREAKDOWN)
        tape_text(to, hit->breakdown);
    if (has & HAS_FIELDS)
        tape_text(to, hit->fields);
}

void record_hit(struct window *w, const struct rule *rule, const struct hit *hit,
                const struct identity_of_hit *who, bool wanted)
{
    struct trail_text *to = w->recording.to;
    if (!to)
        return;
    bool says = rule->immediate && rule->alert->notify_every > 0;
    if (hit->event_id.n && !(wanted && (says || rule->keeps_events))) {
        tape_byte(to, ITEM_IDENTITY);
        tape_word(to, who->id);
        tape_word(to, who->bytes);
    }
    if (wanted)
        write_hit(w, rule, hit);
}

void record_between(struct window *w, size_t alert, struct trail_slice application, int64_t first,
                    int64_t last)
{
    if (!w->recording.to)
        return;
    tape_byte(w->recording.to, ITEM_BETWEEN);
    tape_number(w->recording.to, alert);
    tape_text(w->recording.to, application);
    tape_signed(w->recording.to, first);
    tape_signed(w->recording.to, last);
}

void record_advance(struct window *w, int64_t from, int64_t watermark)
{
    if (!w->recording.to)
        return;
    tape_byte(w->recording.to, ITEM_ADVANCE);
    item_time(w->recording.to, from);
    item_time(w->recording.to, watermark);
}

static void write_label(struct trail_text *to, const struct trail_slice *label)
{
    tape_byte(to, label != NULL);
    if (label)
        tape_text(to, *label);
}

void record_unknown(struct window *w, const struct trail_slice *application,
                    const struct trail_slice *subsystem)
{
    if (!w->recording.to)
        return;
    tape_byte(w->recording.to, ITEM_UNKNOWN);
    write_label(w->recording.to, application);
    write_label(w->recording.to, subsystem);
}

void record_known(struct window *w, const struct trail_slice *application,
                  const struct trail_slice *subsystem, int64_t from)
{
    if (!w->recording.to)
        return;
    tape_byte(w->recording.to, ITEM_KNOWN);
    write_label(w->recording.to, application);
    write_label(w->recording.to, subsystem);
    item_time(w->recording.to, from);
}

void record_heard(struct window *w, int64_t time)
{
    if (!w->recording.to)
        return;
    tape_byte(w->recording.to, ITEM_HEARD);
    tape_signed(w->recording.to, time);
}

void item_labelled(struct trail_text *to, unsigned labelled)
{
    tape_byte(to, ITEM_LABELLED);
    tape_byte(to, (unsigned char)labelled);
}

void record_labelled(struct window *w)
{
    if (w->recording.to)
        item_labelled(w->recording.to, w->labelled);
}

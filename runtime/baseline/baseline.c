/*
 * baseline.c - histograms of samples by week and hour of the week: added to, merged, stored.
 */
#include <stdlib.h>
#include <string.h>

#include "inside.h"

enum baseline_side baseline_side(const struct trail_condition *c)
{
    bool less = c->when == TRAIL_LESS_THAN || c->when == TRAIL_AT_MOST || c->when == TRAIL_LESS_THAN_USUAL;
    return less ? BASELINE_LESS : BASELINE_MORE;
}

/* ---- classes of values ---- */

unsigned baseline_class(uint64_t value)
{
    if (value < CLASS_EXACT)
        return (unsigned)value;
    unsigned octave = CLASS_OCTAVE;
    while (octave < 63 && value >> (octave + 1) > 0)
        octave++;
    return CLASS_EXACT + (octave - CLASS_OCTAVE) * CLASS_PARTS +
           (unsigned)(value >> (octave - 4) & (CLASS_PARTS - 1));
}

double baseline_class_middle(unsigned class)
{
    if (class < CLASS_EXACT)
        return class;
    unsigned octave = (class - CLASS_EXACT) / CLASS_PARTS + CLASS_OCTAVE,
             part = (class - CLASS_EXACT) % CLASS_PARTS;
    uint64_t width = UINT64_C(1) << (octave - 4);
    return (double)((CLASS_PARTS + part) * width) + (double)(width - 1) / 2;
}

/* ---- weeks ---- */

/* The first entry whose key is not before this one. */
static size_t lower(const struct baseline_week *w, uint32_t key)
{
    size_t from = 0, to = w->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (entry_key(w->entries[middle]) < key)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

size_t baseline_week_slot(const struct baseline_week *w, unsigned slot, size_t *first)
{
    *first = lower(w, slot << ENTRY_CLASS);
    return lower(w, (slot + 1) << ENTRY_CLASS);
}

static bool week_add(struct baseline_week *w, uint32_t key, uint32_t count)
{
    size_t at = lower(w, key);
    if (at < w->n && entry_key(w->entries[at]) == key) {
        uint32_t had = entry_count(w->entries[at]);
        w->entries[at] += count < ENTRY_MOST - had ? count : ENTRY_MOST - had;
        return true;
    }
    if (w->n == w->room) {
        uint32_t room = w->room < 4 ? 4 : w->room + w->room / 2;
        uint32_t *entries = realloc(w->entries, room * sizeof *entries);
        if (!entries)
            return false;
        w->entries = entries;
        w->room = room;
    }
    memmove(w->entries + at + 1, w->entries + at, (w->n - at) * sizeof *w->entries);
    w->entries[at] = key << ENTRY_COUNT | count;
    w->n++;
    return true;
}

/* Weeks that are too old beside the newest go. */
static void age(struct baseline *b, int64_t newest)
{
    unsigned old = 0;
    while (old < b->n_weeks && newest - b->weeks[old].week >= BASELINE_WEEKS)
        free(b->weeks[old++].entries);
    b->n_weeks -= old;
    memmove(b->weeks, b->weeks + old, b->n_weeks * sizeof *b->weeks);
}

/* The week, made when it is not there; *too_old: there is no place for it. */
static struct baseline_week *week_of(struct baseline *b, int64_t week, bool *too_old)
{
    unsigned at = b->n_weeks;
    while (at > 0 && b->weeks[at - 1].week > week)
        at--;
    *too_old = false;
    if (at > 0 && b->weeks[at - 1].week == week)
        return &b->weeks[at - 1];
    *too_old = b->n_weeks > 0 && b->weeks[b->n_weeks - 1].week - week >= BASELINE_WEEKS;
    if (*too_old)
        return NULL;
    struct baseline_week *weeks = realloc(b->weeks, (b->n_weeks + 1) * sizeof *weeks);
    if (!weeks)
        return NULL;
    b->weeks = weeks;
    memmove(weeks + at + 1, weeks + at, (b->n_weeks - at) * sizeof *weeks);
    weeks[at] = (struct baseline_week){.week = week};
    b->n_weeks++;
    return &weeks[at];
}

static bool add(struct baseline *b, int64_t week, uint32_t key, uint32_t count)
{
    bool too_old;
    struct baseline_week *w = week_of(b, week, &too_old);
    if (too_old)
        return true;
    if (!w || !week_add(w, key, count)) {
        for (unsigned i = 0; i < b->n_weeks; i++) /* a new week without an entry must not stay */
            if (b->weeks[i].n == 0) {
                free(b->weeks[i].entries);
                b->n_weeks--;
                memmove(b->weeks + i, b->weeks + i + 1, (b->n_weeks - i) * sizeof *b->weeks);
            }
        return false;
    }
    age(b, b->weeks[b->n_weeks - 1].week);
    return true;
}

static void count_samples(struct baseline *b, uint64_t n)
{
    b->samples = n < UINT64_MAX - b->samples ? b->samples + n : UINT64_MAX;
}

bool baseline_add(struct baseline *b, const struct ticks *t, int64_t step, uint64_t value)
{
    if (value == 0)
        return true;
    uint32_t key = ticks_slot(t, step) << ENTRY_CLASS | baseline_class(value);
    if (!add(b, ticks_week(t, step), key, 1))
        return false;
    count_samples(b, 1);
    return true;
}

bool baseline_merge(struct baseline *to, const struct baseline *from)
{
    for (unsigned i = 0; i < from->n_weeks; i++)
        for (uint32_t j = 0; j < from->weeks[i].n; j++) {
            uint32_t entry = from->weeks[i].entries[j];
            if (!add(to, from->weeks[i].week, entry_key(entry), entry_count(entry)))
                return false;
        }
    count_samples(to, from->samples);
    return true;
}

size_t baseline_bytes(const struct baseline *b)
{
    size_t n = b->n_weeks * sizeof *b->weeks;
    for (unsigned i = 0; i < b->n_weeks; i++)
        n += b->weeks[i].room * sizeof *b->weeks[i].entries;
    return n;
}

void baseline_free(struct baseline *b)
{
    for (unsigned i = 0; i < b->n_weeks; i++)
        free(b->weeks[i].entries);
    free(b->weeks);
    *b = (struct baseline){0};
}

/* ---- the tape ---- */

void baseline_save(const struct baseline *b, struct trail_text *to)
{
    tape_number(to, b->samples);
    tape_number(to, b->n_weeks);
    for (unsigned i = 0; i < b->n_weeks; i++) {
        const struct baseline_week *w = &b->weeks[i];
        uint32_t last = 0;
        tape_signed(to, w->week);
        tape_number(to, w->n);
        for (uint32_t j = 0; j < w->n; j++) {
            tape_number(to, entry_key(w->entries[j]) - last);
            tape_number(to, entry_count(w->entries[j]));
            last = entry_key(w->entries[j]);
        }
    }
}

/* The entries of a week: keys that grow, of slots and classes that there are. */
static bool load_week(struct baseline *b, int64_t week, struct tape *from)
{
    uint32_t key = 0;
    size_t n = tape_get_size(from, BASELINE_SLOTS * CLASSES);
    if (n == 0)
        from->bad = true;
    for (size_t i = 0; i < n && !from->bad; i++) {
        uint32_t more = (uint32_t)tape_get_size(from, UINT32_MAX >> ENTRY_COUNT);
        uint32_t count = (uint32_t)tape_get_size(from, ENTRY_MOST);
        key += more;
        if ((i > 0 && more == 0) || key >> ENTRY_CLASS >= BASELINE_SLOTS || count == 0 ||
            (key & ((1U << ENTRY_CLASS) - 1)) == 0 || (key & ((1U << ENTRY_CLASS) - 1)) >= CLASSES)
            from->bad = true;
        else if (!add(b, week, key, count))
            return false;
    }
    return true;
}

bool baseline_load(struct baseline *b, struct tape *from)
{
    *b = (struct baseline){0};
    uint64_t samples = tape_get_number(from);
    size_t n = tape_get_size(from, BASELINE_WEEKS);
    int64_t last = INT64_MIN;
    bool ok = true;
    for (size_t i = 0; i < n && !from->bad && ok; i++) {
        int64_t week = tape_get_signed(from);
        if (week <= last || week < -BASELINE_TIME_MOST / BASELINE_WEEK ||
            week > BASELINE_TIME_MOST / BASELINE_WEEK)
            from->bad = true;
        else
            ok = load_week(b, week, from);
        last = week;
    }
    if (b->n_weeks < n)
        from->bad = true;
    b->samples = samples;
    if (from->bad || !ok)
        baseline_free(b);
    return ok;
}

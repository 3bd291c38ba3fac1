/*
 * inside.h - what the files of this folder share: how a week's histogram is stored.
 */
#ifndef TRAIL_BASELINE_INSIDE_H
#define TRAIL_BASELINE_INSIDE_H

#include "baseline.h"

#define BASELINE_HOUR (INT64_C(3600) * 1000)
#define BASELINE_DAY  (24 * BASELINE_HOUR)
#define BASELINE_WEEK (7 * BASELINE_DAY)

/* The row of a week in struct covering. */
static inline size_t covering_place(int64_t week)
{
    return (size_t)((uint64_t)week % BASELINE_WEEKS);
}

/*
 * An entry: slot (8 bits), class of the value (10), how many samples (14, saturated). In the order of its number,
 * so by slot and class.
 */
enum { ENTRY_CLASS = 10, ENTRY_COUNT = 14, ENTRY_MOST = (1 << ENTRY_COUNT) - 1 };

static inline uint32_t entry_key(uint32_t entry)
{
    return entry >> ENTRY_COUNT;
}

static inline unsigned entry_class(uint32_t entry)
{
    return entry_key(entry) & ((1U << ENTRY_CLASS) - 1);
}

static inline uint32_t entry_count(uint32_t entry)
{
    return entry & ENTRY_MOST;
}

struct baseline_week {
    int64_t week;
    uint32_t n, room; /* n > 0 */
    uint32_t *entries;
};

/*
 * Values up to 31 are classes of their own; each octave above is 16 classes, so that a class is at most 6.3 %
 * wide and its middle 3.2 % off. Counts vary by themselves by 1/sqrt(n), which is more than that up to 1000.
 */
enum {
    CLASS_EXACT = 32,
    CLASS_OCTAVE = 5,
    CLASS_PARTS = 16,
    CLASSES = CLASS_EXACT + (64 - CLASS_OCTAVE) * CLASS_PARTS
};

unsigned baseline_class(uint64_t value);
double baseline_class_middle(unsigned class);

/* The entries of a slot in the week: [*first, returned). */
size_t baseline_week_slot(const struct baseline_week *, unsigned slot, size_t *first);

/* The set, empty, without its numbers; NULL: no memory. */
struct baseline_set *baselines_add_set(struct baselines *, const char *alert, const char *subject);

/* For qsort of struct baseline_group *. */
int baseline_groups_by_key(const void *, const void *);

#endif

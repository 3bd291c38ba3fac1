/*
 * random.h - random filters and events over one small vocabulary, so that filters hit.
 *
 * All of it follows from the seed alone.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
    bool hostile; /* fields have names that are awkward to whoever makes C of them */
};

uint64_t random_next(struct random *);
unsigned random_below(struct random *, unsigned n); /* 0 … n-1 */
bool random_one_in(struct random *, unsigned n);
#define RANDOM_OF(r, list) ((list)[random_below((r), sizeof(list) / sizeof *(list))])

/* A text that grows; NUL-terminated. Zero-initialise; free p. */
struct draft {
    char *p;
    size_t n, room;
};

void draft_add(struct draft *, const char *p, size_t n);
void draft_text(struct draft *, const char *);
void draft_char(struct draft *, char);

/* The fields that filters ask about; not all the keys that events have. */
const char *random_path(struct random *);
/* The keys that the vocabulary has below a path ("" is the event); how many, at most `room`. */
size_t random_keys_below(const struct random *, const char *path, size_t room, struct draft *keys);
/* All hostile fields; NULL ends them. Some hold what no filter can name. */
extern const char *const random_hostile_paths[];

/* A string value: words, names, resources, addresses, numbers, nothing at all. May be no valid UTF-8. */
void random_string(struct random *, struct draft *);
/* One of the pieces that strings are made of. */
const char *random_piece(struct random *);
/* A JSON number. */
const char *random_number(struct random *);
/* A text that is an address. */
const char *random_address(struct random *);

/* random_events.c: one JSON object; lines: with line breaks. */
void random_event(struct random *, struct draft *, bool lines);

/* random_filters.c: one filter, good or bad. Narrow: it names its fields, and one of the event itself decides
 * most events. */
void random_filter(struct random *, struct draft *, bool narrow);
/* random_dense.c: a filter about one of few fields, that a string decides. */
void random_dense_filter(struct random *, struct draft *);
/* A filter that differs in one character, a bracket, a letter's case or a digit: so far as it is one at all.
 */
void random_twin(struct random *, const char *filter, struct draft *);
/* The lists that filters name. */
enum { RANDOM_LISTS = 6 };
struct random_list {
    const char *name;
    const char *values[32]; /* NULL ends them */
};
extern const struct random_list random_lists[RANDOM_LISTS];

#endif

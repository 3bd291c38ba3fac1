/*
 * chunk.h - what a worker found in a piece of an input, on its way to the thread that counts.
 *
 * A chunk owns all that it holds: texts lie one behind the other in `bytes` and are named by where they are.
 * Its entries are in the order of the input.
 */
#ifndef TRAIL_CHUNK_H
#define TRAIL_CHUNK_H

#include "trail/trail.h"

/* A text in chunk.bytes. */
struct part {
    size_t at, n;
};

enum entry_kind {
    ENTRY_EVENT,   /* a record that some alert's filter meets */
    ENTRY_PROBLEM, /* text: a message */
    ENTRY_UNREAD,  /* from here on something of the input is missing */
};

/* An event's hits are those of the chunk from first_hit to the next event's. */
struct entry {
    enum entry_kind kind;
    size_t first_hit, n_hits;
    struct trail_source source;
    int64_t time;
    bool future;
    int64_t newest, oldest;     /* accepted times of this input up to this record; TRAIL_NO_TIME: none yet */
    uint64_t hash[2];           /* of the record's bytes */
    struct part event_id, text; /* text of an event: its JSON, where somebody wants it */
};

/* One alert, one group. */
struct found {
    size_t alert;
    struct part group, breakdown, fields;
};

struct chunk {
    struct chunk *next;
    struct trail_text bytes;
    struct entry *entries;
    struct found *found;
    size_t n_entries, entry_room, n_found, found_room;
    uint64_t records, rejected, inflated; /* of this piece */
    int64_t newest, oldest;               /* of the input, up to the end of this piece */
    bool damaged, end;                    /* end: the input's last chunk */
    bool failed;                          /* memory ran out while it was filled */
};

struct chunk *chunk_new(void); /* NULL: no memory */
void chunk_free(struct chunk *);
void chunk_free_list(struct chunk *);

/* Empty again, keeping reasonable memory. */
void chunk_clear(struct chunk *);

/* Bytes of results in it; bytes of memory that it takes. */
size_t chunk_filled(const struct chunk *);
size_t chunk_memory(const struct chunk *);

/* NULL and `failed`: no memory. Zeroed but for kind and first_hit. */
struct entry *chunk_add_entry(struct chunk *, enum entry_kind);
struct found *chunk_add_found(struct chunk *);

/* Copies a text into the chunk. */
struct part chunk_add_text(struct chunk *, struct trail_slice);

/* What was added to chunk.bytes since it had `from` bytes. */
struct part chunk_part(const struct chunk *, size_t from);

struct trail_slice chunk_text(const struct chunk *, struct part);

#endif

/*
 * chunk.h - what a worker found in a piece of an input, on its way to the thread that counts.
 *
 * A chunk owns all that it holds: texts lie one behind the other in `bytes` and are named by where they are.
 * Its entries are in the order of the input, of which it is a piece. What an entry says of the input up to
 * there is true only once the chunk is known to stand behind what came before: chunk_rebase.
 */
#ifndef TRAIL_CHUNK_H
#define TRAIL_CHUNK_H

#include "position.h"

/* A text in chunk.bytes. */
struct part {
    size_t at, n;
};

enum entry_kind {
    ENTRY_EVENT,   /* a record that some alert's filter meets */
    ENTRY_PROBLEM, /* text: a message */
    ENTRY_UNREAD,  /* from here on something of the input is missing */
    ENTRY_TIME,    /* nothing: time has come so far */
    ENTRY_RECORD,  /* text: what somebody wants to know of a record (trail_records) */
};

/* An event's hits are those of the chunk from first_hit to the next event's. */
struct entry {
    enum entry_kind kind;
    size_t first_hit, n_hits;
    struct trail_source source;
    int64_t time;
    bool future;
    bool matched;               /* a record: some alert's filter meets it, and no event tells of it */
    int64_t newest, oldest;     /* accepted times of this input up to this record; TRAIL_NO_TIME: none yet */
    uint64_t hash[2];           /* of the record's bytes */
    struct part event_id, text; /* text of an event: its JSON, where somebody wants it */
};

/* What an input has brought up to some place in it. */
struct so_far {
    int64_t newest, oldest; /* accepted times; TRAIL_NO_TIME: none yet */
    uint64_t records;       /* rejected ones included */
    uint64_t problems;
    uint64_t bytes; /* inflated, that chunks have told of */
};

/* One alert, one group. */
struct found {
    size_t alert;
    bool presence; /* nothing but the event's time matters: it may have come before, and has no other text */
    struct part group, breakdown, fields;
};

/* Events that lie close together, and of which nothing but their times matters (presence.h). */
struct stretch {
    size_t
        alert; /* that they all meet; STRETCH_RECORDS: records that no hit of an entry tells of; STRETCH_HEARD */
    int64_t first, last;
    uint64_t n;
};

#define STRETCH_RECORDS SIZE_MAX
#define STRETCH_HEARD   (SIZE_MAX - 1) /* events of any kind, where it matters that the log has some */

/* Events of one minute of the log: records, or those that meet an alert to which an event is its time
 * (presence.h). */
struct volume {
    size_t alert;   /* VOLUME_RECORDS: records, wanted or not */
    int64_t minute; /* since the epoch */
    uint64_t n;
};

#define VOLUME_RECORDS SIZE_MAX

/* Where in the chunk that is being filled the volumes of one alert may be, by minute. */
enum { VOLUME_PLACES = 16 };
struct volume_places {
    uint32_t at[VOLUME_PLACES];
};

struct chunk {
    struct chunk *next;
    size_t input; /* which: the pool's */
    struct trail_text bytes;
    struct entry *entries;
    struct found *found;
    struct stretch *stretches; /* in no order: none of their events is late by what is in this piece */
    struct volume *volumes;    /* where somebody wants them, in no order; a minute may come twice */
    size_t n_entries, entry_room, n_found, found_room, n_stretches, stretch_room;
    size_t n_volumes, volume_room;
    uint64_t records, rejected, inflated; /* of this piece */
    uint64_t stored;        /* bytes of the input as it is stored, up to the end of this piece */
    int64_t newest, oldest; /* of the input, up to the end of this piece */
    uint64_t problems;      /* of this piece, told or not */
    bool damaged;
    bool unfinished; /* end: it could not be read further, and may be later */
    bool rested;     /* `rest` is the place behind its last record, or one before */
    struct trail_position rest;
    bool end;    /* the input's last chunk */
    bool paused; /* the input has no more to say at the moment: time may move */
    bool failed; /* memory ran out while it was filled */
};

struct chunk *chunk_new(void); /* NULL: no memory */
void chunk_free(struct chunk *);
void chunk_free_list(struct chunk *);

/* Empty again, keeping reasonable memory. */
void chunk_clear(struct chunk *);

/* Bytes of results in it; bytes of memory that it takes. */
size_t chunk_filled(const struct chunk *);
size_t chunk_memory(const struct chunk *);

/* The chunk was filled as if the input began with it: makes it one of what is behind `before`. Of its
 * problems those are kept that are among the first `told` of the input. Late events are no beginning of what
 * was read: where some of the chunk are late only by what came before, it cannot always be known which were
 * not, and chunk_can_rebase says so; or of a stretch, how many are. */
bool chunk_can_rebase(const struct chunk *, const struct so_far *before, int64_t lateness);
void chunk_rebase(struct chunk *, const struct so_far *before, uint64_t told, int64_t lateness);

#define NOTHING_SO_FAR ((struct so_far){.newest = TRAIL_NO_TIME, .oldest = TRAIL_NO_TIME})

struct so_far so_far_at(const struct trail_position *);

/* What has come with the chunk; `bytes` stays. */
void so_far_add(struct so_far *, const struct chunk *);

/* What is dated before this is late by what came before; INT64_MIN: nothing is. */
int64_t late_before(const struct so_far *before, int64_t lateness);

int64_t earlier_time(int64_t a, int64_t b); /* TRAIL_NO_TIME is none */
int64_t later_time(int64_t a, int64_t b);

/* NULL and `failed`: no memory. Zeroed but for kind and first_hit. */
struct entry *chunk_add_entry(struct chunk *, enum entry_kind);
struct found *chunk_add_found(struct chunk *);
struct stretch *chunk_add_stretch(struct chunk *);

/* One event more of that minute. Chunks may change from call to call. */
void chunk_add_volume(struct chunk *, struct volume_places *, size_t alert, int64_t minute);

/* Copies a text into the chunk. */
struct part chunk_add_text(struct chunk *, struct trail_slice);

/* What was added to chunk.bytes since it had `from` bytes. */
struct part chunk_part(const struct chunk *, size_t from);

struct trail_slice chunk_text(const struct chunk *, struct part);

#endif

/*
 * shape.h - what an object is: a record, or one of the forms that wrap records (frame.h lists them and their
 * marks).
 */
#ifndef TRAIL_SHAPE_H
#define TRAIL_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "skim.h"
#include "trail/pack.h"

/* What the elements of a list are. */
enum trail_carry {
    TRAIL_CARRY_RECORD,  /* records, or forms that wrap them */
    TRAIL_CARRY_TRAIL,   /* objects with the record in "CloudTrailEvent" */
    TRAIL_CARRY_MESSAGE, /* objects with the record in "message" */
};

enum trail_shape {
    TRAIL_SHAPE_MORE,    /* more bytes are needed to tell */
    TRAIL_SHAPE_RECORD,  /* wraps nothing */
    TRAIL_SHAPE_WRAPPER, /* the whole object wraps the record in `inner` */
    TRAIL_SHAPE_CONTROL, /* the whole object holds no record */
    TRAIL_SHAPE_LIST,    /* a list of records begins; `list` is the offset of its [ */
};

/* A walk over an object's members, up to what tells its shape. Zero-initialise. Offsets count from the
 * object's brace. */
struct trail_walk {
    size_t at; /* where the next key or closing brace is looked for, or the value being passed began */
    size_t inner, n_inner;
    size_t list;
    enum trail_carry carry;
    unsigned level;   /* 0: the root; 1: inside "hits" */
    unsigned foreign; /* keys that no form has */
    unsigned seen;    /* marks, as bits */
    unsigned key;     /* the current member's */
    bool comma;       /* the one in front of the next key has been passed */
    bool in_value, peeking;
    struct trail_skim skim;
};

/*
 * Goes on with the walk over the object that begins at p, n bytes of which are there. Bytes may be damaged:
 * then it is a record, unless enough was seen before.
 */
enum trail_shape trail_shape(struct trail_walk *, const char *p, size_t n);

/* The same for a complete object: the record that it wraps, or itself. Wrappers in wrappers are opened too.
 */
struct trail_slice trail_unwrap(struct trail_slice object);

/* The kind of list that `key` begins, if it is an array: for what follows a form's first list. */
bool trail_shape_is_list(struct trail_slice key, enum trail_carry *);

/* Whether a record's root has this key by CloudTrail's own definition. */
bool trail_is_record_key(struct trail_slice key);

/* Whether records of other logs may begin with this key, and hardly any wrapper does. */
bool trail_is_log_key(struct trail_slice key);

/* Finds the value of the first member of that name in a valid object: trimmed JSON text. */
bool trail_member(struct trail_slice object, struct trail_slice name, struct trail_slice *value);

enum trail_keyed {
    TRAIL_KEYED,      /* *key is a key's inside, *behind the offset behind its colon */
    TRAIL_KEY_NONE,   /* no key stands here, or one that is too long or escaped to matter */
    TRAIL_KEY_PARTLY, /* there may be one; more bytes are needed */
};

/* The key at p, white space before it, behind it and behind its colon passed. */
enum trail_keyed trail_key_at(const char *p, size_t n, struct trail_slice *key, size_t *behind);

#endif

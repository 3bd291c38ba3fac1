/*
 * index.h - where a record's members begin: found by the pass that looks whether it is JSON.
 */
#ifndef TRAIL_INDEX_H
#define TRAIL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRAIL_INDEX_KEYS 128 /* members of one object that an index holds */

/*
 * The index of one object. Key i of the object itself (not of those in it) has its opening quote at
 * keys[2 * i] and its closing quote at keys[2 * i + 1], counted from the object's brace.
 */
struct trail_index {
    size_t size; /* of the object, braces included */
    bool plain;  /* every key is in `keys`, and none has a dot or a backslash in it */
    unsigned n;
    uint32_t keys[2 * (TRAIL_INDEX_KEYS + 64)]; /* room for those of one block more */
};

enum trail_indexed {
    TRAIL_INDEXED,      /* valid JSON, exactly as trail_json_value() has it */
    TRAIL_INDEX_PARTLY, /* no end within n, and nothing wrong was seen so far */
    TRAIL_INDEX_ODD,    /* something is wrong, or rare: ask trail_json_value() */
};

/* p is at an opening brace; TRAIL_PADDING bytes behind p + n are readable, and have no influence. */
typedef enum trail_indexed trail_index_fn(const char *p, size_t n, struct trail_index *);

/* An implementation for a processor. All give the same results. */
struct trail_kernel {
    const char *name; /* "avx512" */
    bool (*works)(void);
    trail_index_fn *index;
};

/* The fastest that works here, or the one of that name; NULL: there is none such, or it does not work here. */
const struct trail_kernel *trail_kernel_find(const char *name);

/* All that were compiled, the fastest first; ends with a NULL. */
extern const struct trail_kernel *const trail_kernels[];

#endif

/*
 * arena.h - memory that lives as long as the compile, and the texts and arrays in it.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct compile;

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *);
void *arena_alloc(struct arena *, size_t size); /* zeroed, aligned for any type; never NULL */

#define NEW(c, type)          ((type *)arena_alloc((c)->arena, sizeof(type)))
#define NEW_ARRAY(c, type, n) ((type *)arena_alloc((c)->arena, sizeof(type) * (n)))

/* Bytes with a length. Not terminated unless a function says so. */
struct slice {
    const char *p;
    size_t n;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

struct slice slice_of(const char *text);                          /* borrows a C string */
struct slice slice_copy(struct compile *, const char *p, size_t); /* in the arena, NUL-terminated */
bool slice_eq(struct slice, struct slice);
int slice_cmp(struct slice, struct slice); /* by byte order, a prefix first */

/* A text that grows, in the arena. Zero-initialise, set c. */
struct buffer {
    struct compile *c;
    char *p; /* NUL-terminated once anything was added */
    size_t n, room;
};

void buffer_add(struct buffer *, const char *p, size_t n);
void buffer_char(struct buffer *, char);
void buffer_text(struct buffer *, const char *text);
void buffer_printf(struct buffer *, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct slice buffer_slice(const struct buffer *);

/* Appends room for one element to an arena-held array and returns it, zeroed. */
#define PUSH(c, array, n) (array_push((c), (void **)&(array), &(n), sizeof *(array)), &(array)[(n)-1])
void array_push(struct compile *, void **array, size_t *n, size_t size);

#endif

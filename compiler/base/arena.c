/*
 * arena.c - memory that lives as long as the compile, and the small containers made of it.
 *
 * Running out of memory ends the process: a compiler has nothing better to do.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "trailc.h"

enum { CHUNK = 64 * 1024 };

struct chunk {
    struct chunk *next;
    size_t used, size;
    max_align_t data[];
};

struct arena {
    struct chunk *chunks;
};

static void *need(void *p)
{
    if (!p) {
        fputs("trailc: out of memory\n", stderr);
        exit(2);
    }
    return p;
}

struct arena *arena_new(void)
{
    return need(calloc(1, sizeof(struct arena)));
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct chunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        need(NULL);
    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    struct chunk *c = a->chunks;
    if (!c || c->size - c->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;
        c = need(calloc(1, sizeof *c + room));
        c->size = room;
        /* An oversized chunk goes behind the current one, whose rest stays in use. */
        if (size > CHUNK && a->chunks) {
            c->next = a->chunks->next;
            a->chunks->next = c;
        } else {
            c->next = a->chunks;
            a->chunks = c;
        }
    }
    void *p = (char *)c->data + c->used;
    c->used += size;
    return p;
}

void array_push(struct compile *c, void **array, size_t *n, size_t size)
{
    /* Room is the next power of two: an array is full exactly when its length is one. */
    if ((*n & (*n - 1)) == 0) {
        void *larger = arena_alloc(c->arena, size * (*n ? *n * 2 : 1));
        if (*n)
            memcpy(larger, *array, size * *n);
        *array = larger;
    }
    ++*n;
}

struct slice slice_of(const char *text)
{
    return (struct slice){text, strlen(text)};
}

struct slice slice_copy(struct compile *c, const char *p, size_t n)
{
    char *copy = arena_alloc(c->arena, n + 1);
    if (n)
        memcpy(copy, p, n);
    return (struct slice){copy, n};
}

bool slice_eq(struct slice a, struct slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

int slice_cmp(struct slice a, struct slice b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

void buffer_add(struct buffer *b, const char *p, size_t n)
{
    if (b->room - b->n <= n) {
        size_t room = (b->n + n + 1) * 2;
        char *larger = arena_alloc(b->c->arena, room);
        if (b->n)
            memcpy(larger, b->p, b->n);
        b->p = larger;
        b->room = room;
    }
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void buffer_char(struct buffer *b, char c)
{
    buffer_add(b, &c, 1);
}

void buffer_text(struct buffer *b, const char *text)
{
    buffer_add(b, text, strlen(text));
}

void buffer_printf(struct buffer *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0) {
        char *text = arena_alloc(b->c->arena, (size_t)n + 1);
        vsnprintf(text, (size_t)n + 1, format, again);
        buffer_add(b, text, (size_t)n);
    }
    va_end(again);
}

struct slice buffer_slice(const struct buffer *b)
{
    return (struct slice){b->p ? b->p : "", b->n};
}

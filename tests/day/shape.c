/* shape.c - what the records look like: sizes, and how often there is what matters to a scanner. */
#include "day.h"

#include <stdlib.h>
#include <string.h>

static void push(uint32_t **list, size_t *n, size_t *room, size_t value)
{
    if (*n == *room) {
        *room = *room ? *room * 2 : 1024;
        *list = checked(realloc(*list, *room * sizeof **list));
    }
    (*list)[(*n)++] = (uint32_t)value;
}

static bool has(const char *p, size_t n, const char *what)
{
    return memmem(p, n, what, strlen(what)) != NULL;
}

static bool from_service(const char *p, size_t n)
{
    static const char key[] = "\"sourceIPAddress\":\"";
    const char *at = memmem(p, n, key, sizeof key - 1);
    if (!at)
        return false;
    at += sizeof key - 1;
    const char *end = memchr(at, '"', n - (size_t)(at - p));
    return end &&
           (has(at, (size_t)(end - at), ".amazonaws.com") || has(at, (size_t)(end - at), "AWS Internal"));
}

void shape_record(struct shape *s, const char *p, size_t n)
{
    push(&s->sizes, &s->n, &s->room, n);
    s->bytes += n;
    s->nulls += has(p, n, "\"responseElements\":null");
    s->errors += has(p, n, "\"errorCode\":");
    s->backslashes += memchr(p, '\\', n) != NULL;
    s->unicode += has(p, n, "\\u");
    s->services += from_service(p, n);
}

void shape_file(struct shape *s, size_t records)
{
    push(&s->counts, &s->files, &s->files_room, records);
    s->deliveries += records;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void quantiles(FILE *to, const char *what, uint32_t *list, size_t n)
{
    qsort(list, n, sizeof *list, ascending);
    fprintf(to, "%s: smallest %u, median %u, 95%% below %u, largest %u\n", what, list[0], list[n / 2],
            list[n * 95 / 100], list[n - 1]);
}

static void share(FILE *to, const char *what, size_t part, size_t whole)
{
    size_t permille = whole ? (part * 1000 + whole / 2) / whole : 0;
    fprintf(to, "%s: %zu.%zu%%\n", what, permille / 10, permille % 10);
}

void shape_print(struct shape *s, FILE *to)
{
    if (s->n == 0)
        return;
    fprintf(to, "records: %zu\nbytes: %llu\n", s->n, (unsigned long long)s->bytes);
    quantiles(to, "bytes a record", s->sizes, s->n);
    share(to, "responseElements null", s->nulls, s->n);
    share(to, "errorCode", s->errors, s->n);
    share(to, "a backslash", s->backslashes, s->n);
    share(to, "a \\u escape", s->unicode, s->n);
    share(to, "from AWS services", s->services, s->n);
    if (s->files == 0)
        return;
    fprintf(to, "files: %zu\n", s->files);
    quantiles(to, "records a file", s->counts, s->files);
    share(to, "records delivered twice", s->deliveries - s->n, s->n);
}

void shape_free(struct shape *s)
{
    free(s->sizes);
    free(s->counts);
    *s = (struct shape){0};
}

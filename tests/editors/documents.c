/*
 * Writes each YAML document of some rule files as one line of JSON, for a validator that reads only that:
 *     {"file": "rules/a.yaml", "document": {…}}
 */
#include <stdlib.h>

#include "pack/document.h"

static void print_file(struct compile *c, const char *path)
{
    struct yaml **documents = NULL;
    size_t n = 0;
    uint32_t source;
    if (!source_read(c, path, &source) || !yaml_parse(c, source, &documents, &n)) {
        diag_print(c, stderr, false);
        exit(1);
    }
    for (size_t i = 0; i < n; i++) {
        struct buffer b = {.c = c};
        json_add(&b, documents[i]);
        printf("{\"file\": \"%s\", \"document\": %s}\n", path, buffer_slice(&b).p);
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct arena *arena = arena_new();
        struct compile *c = arena_alloc(arena, sizeof *c);
        c->arena = arena;
        print_file(c, argv[i]);
        arena_free(arena);
    }
    return 0;
}

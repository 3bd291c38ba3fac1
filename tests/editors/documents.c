/*
 * Writes each YAML document of some rule files as one line of JSON, for a validator that reads only that:
 *     {"file": "rules/a.yaml", "document": {…}}
 * A file that is no YAML is said on standard error, and has none. With - the names come on standard input, a line each.
 */
#include <string.h>

#include "pack/document.h"

static void print_file(struct compile *c, const char *path)
{
    struct yaml **documents = NULL;
    size_t n = 0;
    uint32_t source;
    if (!source_read(c, path, &source) || !yaml_parse(c, source, &documents, &n)) {
        diag_print(c, stderr, false);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct buffer b = {.c = c};
        json_add(&b, documents[i]);
        printf("{\"file\": \"%s\", \"document\": %s}\n", path, buffer_slice(&b).p);
    }
}

static void print_one(const char *path)
{
    struct arena *arena = arena_new();
    struct compile *c = arena_alloc(arena, sizeof *c);
    c->arena = arena;
    print_file(c, path);
    arena_free(arena);
}

int main(int argc, char **argv)
{
    char path[4096];
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-") != 0)
            print_one(argv[i]);
        else
            while (fgets(path, sizeof path, stdin)) {
                path[strcspn(path, "\n")] = '\0';
                print_one(path);
            }
    }
    return 0;
}

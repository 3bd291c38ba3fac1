/*
 * tree.h - a configuration file as a tree of values with places, and what is wrong with it.
 *
 * YAML without what a configuration needs no more: anchors, aliases and tags are refused, and so are equal
 * keys in one map. Everything of a tree lives in its arena.
 */
#ifndef TRAIL_TREE_H
#define TRAIL_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "trail/json.h"

/* ---- memory that is freed, and wiped, at once ---- */

struct trail_arena_block;
struct trail_arena {
    struct trail_arena_block *blocks;
    bool failed;           /* memory ran out; stays */
    max_align_t spare[64]; /* what is given then */
};
/* Zeroed memory. When there is none, `failed` is set, and what comes is a room of 1 KiB that all share: whoever
 * writes more than that, or an array, looks at `failed` first. */
void *trail_arena_get(struct trail_arena *, size_t n);
char *trail_arena_text(struct trail_arena *, struct trail_slice);
void trail_arena_free(struct trail_arena *);

/* ---- messages ---- */

enum { TRAIL_CONFIG_MESSAGES = 20 };

/* Where messages go: `FILE:LINE:COLUMN: error: TEXT`, each a line, safe for a terminal. */
struct trail_complaints {
    const char *path;
    struct trail_text *to;
    size_t errors, warnings;
};

/* ---- the tree ---- */

enum trail_node_kind { TRAIL_NODE_TEXT, TRAIL_NODE_LIST, TRAIL_NODE_MAP };

struct trail_node {
    enum trail_node_kind kind;
    bool plain; /* a text without quotes */
    unsigned line, column;
    struct trail_slice text; /* terminated */
    size_t n;
    struct trail_node **keys;   /* of a map */
    struct trail_node **values; /* of a map or a list */
};

/* Complains at a place; a node NULL is the file's beginning. */
void trail_complain(struct trail_complaints *, const struct trail_node *, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void trail_warn(struct trail_complaints *, const struct trail_node *, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* NULL: it is no such YAML, which was said. An empty file is an empty map. */
struct trail_node *trail_tree_read(struct trail_arena *, struct trail_slice text, struct trail_complaints *);

/* The value of a key; NULL: there is none. */
struct trail_node *trail_node_get(const struct trail_node *map, const char *key);
bool trail_node_is(const struct trail_node *, const char *text);
/* A plain `null`, `~` or nothing at all. */
bool trail_node_is_null(const struct trail_node *);
/* "a text", "a list" or "a mapping" */
const char *trail_node_kind_name(const struct trail_node *);

#endif

/*
 * tree.c - see tree.h. The events are libyaml's.
 *
 * Guarantees: at most MAX_DEPTH levels, so that the recursion is bounded whatever the file holds.
 */
#include "tree.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "notify/terminal.h"

enum { MAX_DEPTH = 16, BLOCK = 16 * 1024 };

/* ---- memory ------------------------------------------------------------------------------- */

struct trail_arena_block {
    struct trail_arena_block *next;
    size_t used, room;
    max_align_t bytes[];
};

void *trail_arena_get(struct trail_arena *arena, size_t n)
{
    size_t align = sizeof(max_align_t);
    struct trail_arena_block *b = arena->blocks;
    if (n > SIZE_MAX / 4)
        arena->failed = true;
    n = n ? (n + align - 1) / align * align : align;
    if (!arena->failed && (!b || b->room - b->used < n)) {
        size_t room = n > BLOCK ? n : BLOCK;
        b = calloc(1, sizeof *b + room);
        if (b) {
            b->room = room;
            b->next = arena->blocks;
            arena->blocks = b;
        }
        arena->failed = !b;
    }
    if (arena->failed)
        return memset(arena->spare, 0, sizeof arena->spare);
    void *p = (char *)b->bytes + b->used;
    b->used += n;
    return p;
}

char *trail_arena_text(struct trail_arena *arena, struct trail_slice s)
{
    char *copy = trail_arena_get(arena, s.n + 1);
    if (s.n && !arena->failed)
        memcpy(copy, s.p, s.n);
    return copy;
}

void trail_arena_free(struct trail_arena *arena)
{
    for (struct trail_arena_block *b = arena->blocks, *next; b; b = next) {
        next = b->next;
        explicit_bzero(b->bytes, b->room);
        free(b);
    }
    *arena = (struct trail_arena){0};
}

/* ---- messages ----------------------------------------------------------------------------- */

static void message(struct trail_complaints *c, const struct trail_node *node, const char *kind,
                    const char *format, va_list args)
{
    char text[600], place[64];
    vsnprintf(text, sizeof text, format, args);
    snprintf(place, sizeof place, ":%u:%u: %s: ", node ? node->line : 1, node ? node->column : 1, kind);
    trail_terminal_add(c->to, (struct trail_slice){c->path, strlen(c->path)});
    trail_text_add(c->to, place, strlen(place));
    trail_terminal_add(c->to, (struct trail_slice){text, strlen(text)});
    trail_text_add(c->to, "\n", 1);
}

void trail_complain(struct trail_complaints *c, const struct trail_node *node, const char *format, ...)
{
    va_list args;
    if (c->errors++ >= TRAIL_CONFIG_MESSAGES)
        return;
    va_start(args, format);
    message(c, node, "error", format, args);
    va_end(args);
}

void trail_warn(struct trail_complaints *c, const struct trail_node *node, const char *format, ...)
{
    va_list args;
    if (c->warnings++ >= TRAIL_CONFIG_MESSAGES)
        return;
    va_start(args, format);
    message(c, node, "warning", format, args);
    va_end(args);
}

/* ---- reading ------------------------------------------------------------------------------ */

struct reader {
    struct trail_arena *arena;
    struct trail_complaints *complaints;
    yaml_parser_t parser;
};

static struct trail_node place_of(yaml_mark_t mark)
{
    return (struct trail_node){.line = (unsigned)mark.line + 1, .column = (unsigned)mark.column + 1};
}

static bool next(struct reader *r, yaml_event_t *e)
{
    if (yaml_parser_parse(&r->parser, e))
        return true;
    const yaml_parser_t *p = &r->parser;
    struct trail_node place = place_of(p->problem_mark);
    trail_complain(r->complaints, &place, "not YAML: %s%s%s", p->problem ? p->problem : "the parser gave up",
                   p->context ? " " : "", p->context ? p->context : "");
    return false;
}

static struct trail_node *read_value(struct reader *, yaml_event_t *, unsigned depth);

/* Room for one more in both arrays of the node. */
static void push(struct reader *r, struct trail_node *to, struct trail_node *key, struct trail_node *value)
{
    if ((to->n & (to->n - 1)) == 0) { /* full at each power of two */
        size_t room = (to->n ? to->n * 2 : 2) * sizeof(struct trail_node *);
        struct trail_node **keys = trail_arena_get(r->arena, room);
        struct trail_node **values = trail_arena_get(r->arena, room);
        if (r->arena->failed)
            return;
        for (size_t i = 0; i < to->n; i++) {
            keys[i] = to->keys[i];
            values[i] = to->values[i];
        }
        to->keys = keys;
        to->values = values;
    }
    to->keys[to->n] = key;
    to->values[to->n++] = value;
}

static bool read_items(struct reader *r, struct trail_node *list, unsigned depth)
{
    for (;;) {
        yaml_event_t e;
        if (!next(r, &e))
            return false;
        bool end = e.type == YAML_SEQUENCE_END_EVENT;
        struct trail_node *value = end ? NULL : read_value(r, &e, depth);
        yaml_event_delete(&e);
        if (end || !value)
            return end;
        push(r, list, NULL, value);
    }
}

static bool is_key(struct reader *r, const struct trail_node *map, const struct trail_node *key)
{
    if (key->kind != TRAIL_NODE_TEXT) {
        trail_complain(r->complaints, key, "a key is a text, not %s", trail_node_kind_name(key));
        return false;
    }
    for (size_t i = 0; i < map->n; i++)
        if (trail_node_is(map->keys[i], key->text.p)) {
            trail_complain(r->complaints, key, "the key '%s' is here a second time; line %u has it first",
                           key->text.p, map->keys[i]->line);
            return true; /* looked at all the same, for its own mistakes */
        }
    return true;
}

static bool read_members(struct reader *r, struct trail_node *map, unsigned depth)
{
    for (;;) {
        yaml_event_t e;
        if (!next(r, &e))
            return false;
        bool end = e.type == YAML_MAPPING_END_EVENT;
        struct trail_node *key = end ? NULL : read_value(r, &e, depth);
        yaml_event_delete(&e);
        if (end || !key || !is_key(r, map, key))
            return end;
        if (!next(r, &e))
            return false;
        struct trail_node *value = read_value(r, &e, depth);
        yaml_event_delete(&e);
        if (!value)
            return false;
        push(r, map, key, value);
    }
}

/* What the file may not use. */
static bool is_plain(struct reader *r, const struct trail_node *node, const yaml_char_t *anchor,
                     const yaml_char_t *tag)
{
    if (anchor)
        trail_complain(r->complaints, node,
                       "an anchor (&%s) has no meaning here; a text that begins with & "
                       "needs quotes",
                       (const char *)anchor);
    else if (tag)
        trail_complain(r->complaints, node,
                       "a tag (!) has no meaning here; a text that begins with ! needs quotes");
    return !anchor && !tag;
}

static struct trail_node *read_value(struct reader *r, yaml_event_t *e, unsigned depth)
{
    struct trail_node *node = trail_arena_get(r->arena, sizeof *node);
    *node = place_of(e->start_mark);
    if (depth > MAX_DEPTH) {
        trail_complain(r->complaints, node, "nested deeper than %d", MAX_DEPTH);
        return NULL;
    }
    if (r->arena->failed)
        return NULL;
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        node->plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        node->text.n = e->data.scalar.length;
        node->text.p = trail_arena_text(
            r->arena, (struct trail_slice){(const char *)e->data.scalar.value, node->text.n});
        if (memchr(node->text.p, 0, node->text.n)) {
            trail_complain(r->complaints, node, "a text with a NUL character in it");
            return NULL;
        }
        return is_plain(r, node, e->data.scalar.anchor, e->data.scalar.tag) ? node : NULL;
    case YAML_SEQUENCE_START_EVENT:
        node->kind = TRAIL_NODE_LIST;
        return is_plain(r, node, e->data.sequence_start.anchor, e->data.sequence_start.tag) &&
                       read_items(r, node, depth + 1)
                   ? node
                   : NULL;
    case YAML_MAPPING_START_EVENT:
        node->kind = TRAIL_NODE_MAP;
        return is_plain(r, node, e->data.mapping_start.anchor, e->data.mapping_start.tag) &&
                       read_members(r, node, depth + 1)
                   ? node
                   : NULL;
    default:
        trail_complain(r->complaints, node,
                       "an alias (*) has no meaning here; a text that begins with * needs quotes");
        return NULL;
    }
}

static struct trail_node *read_stream(struct reader *r)
{
    struct trail_node *root = NULL;
    for (bool more = true; more;) {
        yaml_event_t e;
        if (!next(r, &e))
            return NULL;
        more = e.type != YAML_STREAM_END_EVENT;
        if (e.type == YAML_DOCUMENT_START_EVENT && root) {
            struct trail_node place = place_of(e.start_mark);
            trail_complain(r->complaints, &place, "a second document: a configuration is one");
            more = false;
        } else if (e.type == YAML_DOCUMENT_START_EVENT) {
            yaml_event_delete(&e);
            if (!next(r, &e) || !(root = read_value(r, &e, 0)))
                more = false;
        }
        yaml_event_delete(&e);
    }
    if (!root && !r->complaints->errors) {
        root = trail_arena_get(r->arena, sizeof *root);
        *root = (struct trail_node){.kind = TRAIL_NODE_MAP, .line = 1, .column = 1};
    }
    return root;
}

struct trail_node *trail_tree_read(struct trail_arena *arena, struct trail_slice text,
                                   struct trail_complaints *complaints)
{
    struct reader r = {.arena = arena, .complaints = complaints};
    if (!yaml_parser_initialize(&r.parser)) {
        arena->failed = true;
        return NULL;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.p, text.n);
    struct trail_node *root = read_stream(&r);
    yaml_parser_delete(&r.parser);
    return root;
}

/* ---- looking at it ------------------------------------------------------------------------ */

bool trail_node_is(const struct trail_node *node, const char *text)
{
    return node->kind == TRAIL_NODE_TEXT && strcmp(node->text.p, text) == 0;
}

struct trail_node *trail_node_get(const struct trail_node *map, const char *key)
{
    for (size_t i = 0; map && map->kind == TRAIL_NODE_MAP && i < map->n; i++)
        if (trail_node_is(map->keys[i], key))
            return map->values[i];
    return NULL;
}

bool trail_node_is_null(const struct trail_node *node)
{
    return node->kind == TRAIL_NODE_TEXT && node->plain &&
           (node->text.n == 0 || trail_node_is(node, "~") || trail_node_is(node, "null"));
}

const char *trail_node_kind_name(const struct trail_node *node)
{
    static const char *const names[] = {"a text", "a list", "a mapping"};
    return trail_node_is_null(node) ? "nothing" : names[node->kind];
}

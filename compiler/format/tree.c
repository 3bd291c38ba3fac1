/*
 * tree.c - documents as items: each comment at what it is about, each key in its place.
 *
 * Needs: the documents and comments of a source. Guarantees: every comment is in exactly one list of remarks,
 * or within brackets that stay as they are; or layout.odd says why the source cannot be laid out.
 *
 * A comment in a line of its own is about what follows it, unless it is indented as deep as what ends above
 * it; one at a line's end is about what is on that line. Comments above a document's first key are about the
 * document.
 */
#include <stdlib.h>
#include <string.h>

#include "format.h"

/* ---- what is where ---------------------------------------------------------------------------- */

/* A value of the mapping under `lists`. */
static const struct type type_list = {"", "", NULL};

const struct shape *shape_of(const struct type *type)
{
    return type == &type_tests      ? &shape_test
           : type == &type_when     ? &shape_condition
           : type == &type_active   ? &shape_hours
           : type == &type_labels   ? &shape_label
           : type == &type_fires    ? &shape_expectation
           : type == &type_defaults ? &shape_defaults
           : type == &type_list     ? &shape_list_file
                                    : NULL;
}

const struct type *type_within(const struct type *type, const struct shape *shape, const struct yaml *key)
{
    if (!key)
        return type;
    if (type == &type_lists)
        return &type_list;
    const struct key *known = shape ? shape_key(shape, key->text.s) : NULL;
    bool data = !known || known->type == &type_events || known->type == &type_group;
    return data ? NULL : known->type;
}

bool is_filter(const struct type *type)
{
    return type == &type_filter;
}

bool is_condition(const struct type *type)
{
    return type == &type_when || type == &type_condition;
}

bool is_block(const struct item *item)
{
    return item->value && item->n > 0 && !item->value->flow;
}

/* ---- remarks ---------------------------------------------------------------------------------- */

static void remark(struct layout *l, struct remarks *to)
{
    *PUSH(l->c, to->list, to->n) = &l->comments[l->next++];
}

static const struct comment *next_before(const struct layout *l, uint32_t at)
{
    bool any = l->next < l->n_comments && l->comments[l->next].from < at;
    return any ? &l->comments[l->next] : NULL;
}

/* The innermost block at the end of `item` that a comment of this column is still in; NULL: it is behind all.
 */
static struct item *block_at_end(struct item *item, uint32_t column)
{
    struct item *found = NULL;
    for (; is_block(item); item = &item->items[item->n - 1])
        if (item->column <= column)
            found = item;
    return found;
}

/* Comments between an entry and what follows: those that are indented deeper than the entries are the end of
 * its value. */
static void take_tails(struct layout *l, struct item *entry, uint32_t column, uint32_t to)
{
    const struct comment *comment;
    while ((comment = next_before(l, to)) && comment->own && comment->column > column) {
        struct item *block = block_at_end(entry, comment->column);
        if (!block)
            return;
        remark(l, &block->tail);
    }
}

/* The comment at the end of the value's last line, and those below that go on in its column. */
static void take_behind(struct layout *l, struct item *item, uint32_t end)
{
    const struct comment *comment = next_before(l, UINT32_MAX), *last = NULL;
    if (!comment || comment->own || line_of(l, end) != comment->line)
        return;
    for (; comment &&
           (!last || (comment->own && comment->column == last->column && comment->line == last->line + 1));
         comment = next_before(l, UINT32_MAX)) {
        last = comment;
        remark(l, &item->behind);
    }
}

/* ---- values ----------------------------------------------------------------------------------- */

static void read_entries(struct layout *, struct item *, const struct shape *, bool data);

/* Where the value's last line ends. */
static uint32_t end_of(const struct layout *l, const struct item *item)
{
    uint32_t from = item->value ? item->value->from : item->from, to = item->to;
    if (item->value && item->value->style >= SCALAR_LITERAL && item->value->kind == YAML_TEXT)
        for (to = item->value->loc.at; to < l->text.n && l->text.p[to] != '\n';)
            to++;
    while (to > from && strchr(" \t\n", l->text.p[to - 1]))
        to--;
    return to;
}

/* Comments between a key and its value. */
static void take_between(struct layout *l, struct item *item, uint32_t value)
{
    const struct comment *comment;
    bool block = is_block(item);
    while ((comment = next_before(l, value)) && !(block && comment->own))
        remark(l, comment->own ? &item->before : block ? &item->behind_key : &item->behind);
}

static bool has_comment(const struct layout *l, uint32_t from, uint32_t to)
{
    for (size_t i = l->next; i < l->n_comments && l->comments[i].from < to; i++)
        if (l->comments[i].from >= from)
            return true;
    return false;
}

static void read_value(struct layout *l, struct item *item, const struct shape *shape, uint32_t from)
{
    const struct yaml *value = item->value;
    bool collection = value && (value->kind == YAML_LIST || value->kind == YAML_MAP);
    if (collection) {
        item->n = value->n;
        item->column = column_of(l, value->loc.at);
    }
    take_between(l, item, from);
    if (collection && value->flow && has_comment(l, value->from, value->to)) {
        item->raw = true;
        while (next_before(l, value->to))
            l->next++;
    } else if (collection) {
        read_entries(l, item, shape, !item->type && !shape);
    }
}

/* ---- the order of keys ------------------------------------------------------------------------ */

static size_t rank_of(const struct shape *shape, const struct yaml *key)
{
    for (size_t i = 0; i < shape->n; i++)
        if (slice_eq(key->text.s, slice_of(shape->keys[i].name)))
            return i + 1;
    return 0;
}

struct ranked {
    struct item item;
    size_t rank, at;
};

static int by_rank(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* A key that is not known stays behind the one above it. */
static void sort_entries(struct layout *l, struct item *map, const struct shape *shape)
{
    struct ranked *list = NEW_ARRAY(l->c, struct ranked, map->n + 1);
    for (size_t i = 0; i < map->n; i++) {
        size_t known = rank_of(shape, map->items[i].key);
        list[i] = (struct ranked){map->items[i], known ? known : i ? list[i - 1].rank : 0, i};
    }
    qsort(list, map->n, sizeof *list, by_rank);
    for (size_t i = 0; i < map->n; i++)
        map->items[i] = list[i].item;
}

/* Comments were given out by the order of the source; now the keys may move. */
static void sort_all(struct layout *l, struct item *item)
{
    for (size_t i = 0; i < item->n && !item->raw; i++)
        sort_all(l, &item->items[i]);
    if (item->shape)
        sort_entries(l, item, item->shape);
}

/* ---- entries ---------------------------------------------------------------------------------- */

static bool spans_lines(const struct layout *l, const struct yaml *value)
{
    return memchr(l->text.p + value->from, '\n', value->to - value->from) != NULL;
}

static void check_key(struct layout *l, const struct yaml *map, const struct yaml *key)
{
    bool empty = key->kind == YAML_NULL && !key->text.s.n;
    bool marked = key->from >= 2 && map->n && memcmp(l->text.p + key->from - 2, "? ", 2) == 0;
    if (map->odd_key || key->anchor.n || empty || marked || spans_lines(l, key))
        l->odd = "a key that is an alias, has an anchor, is empty or begins with `?`";
}

/* Whether a line end stands between bracket or comma and the entry. */
static bool begins_line(const struct layout *l, uint32_t from)
{
    uint32_t i = from;
    while (i > 0 && (l->text.p[i - 1] == ' ' || l->text.p[i - 1] == '\t'))
        i--;
    return i > 0 && l->text.p[i - 1] == '\n';
}

static void read_entry(struct layout *l, struct item *parent, size_t i, const struct shape *shape, bool data)
{
    const struct yaml_entry *entry = &parent->value->entries[i];
    struct item *item = &parent->items[i];
    item->key = entry->key;
    item->key_is_data = data;
    item->value = entry->alias.n ? NULL : entry->value;
    item->alias = entry->alias;
    item->from = entry->key ? entry->key->from : entry->from;
    item->to = entry->to;
    if (entry->key)
        check_key(l, parent->value, entry->key);
    if (i > 0)
        take_tails(l, item - 1, parent->column, item->from);
    while (next_before(l, item->from))
        remark(l, &item->before);
    uint32_t line = line_of(l, item->from);
    item->blank = line > 0 && line_is_blank(l, line - 1);
    item->broken = begins_line(l, item->from);
    item->type = data ? NULL : type_within(parent->type, shape, entry->key);
    bool map = item->value && item->value->kind == YAML_MAP;
    read_value(l, item, map ? shape_of(item->type) : NULL, entry->from);
    if (!is_block(item) && !parent->value->flow)
        take_behind(l, item, end_of(l, item));
}

static void read_entries(struct layout *l, struct item *parent, const struct shape *shape, bool data)
{
    parent->items = NEW_ARRAY(l->c, struct item, parent->n);
    for (size_t i = 0; i < parent->n; i++)
        read_entry(l, parent, i, shape, data);
    parent->apart = parent->n && parent->items[0].broken;
    parent->shape = shape;
}

/* ---- documents -------------------------------------------------------------------------------- */

static bool starts_line(const struct layout *l, size_t line, const char *with)
{
    size_t at = l->starts[line], n = strlen(with);
    return at + n <= l->text.n && memcmp(l->text.p + at, with, n) == 0;
}

/* The one line `---` in bytes [from, to), or UINT32_MAX. */
static uint32_t mark_between(struct layout *l, uint32_t from, uint32_t to)
{
    uint32_t found = UINT32_MAX;
    for (size_t line = from ? line_of(l, from - 1) : 0; line < l->n_starts && l->starts[line] < to; line++) {
        if (l->starts[line] < from)
            continue;
        if (starts_line(l, line, "---") && found != UINT32_MAX)
            l->odd = "an empty document";
        else if (starts_line(l, line, "---"))
            found = l->starts[line];
        else if (starts_line(l, line, "...") || starts_line(l, line, "%"))
            l->odd = "a line that begins with `...` or `%`";
    }
    return found;
}

static bool has_anchor(const struct yaml *value)
{
    bool found = value->anchor.n > 0;
    for (size_t i = 0; i < value->n && !found; i++)
        found = value->entries[i].alias.n || has_anchor(value->entries[i].value);
    return found;
}

const struct shape *shape_of_document(const struct yaml *document)
{
    if (document->kind != YAML_MAP)
        return NULL;
    return document_is_header(document) ? &shape_header : &shape_alert;
}

static void read_document(struct layout *l, struct part *part, const struct yaml *document)
{
    struct item *root = &part->root;
    bool collection = document->kind == YAML_LIST || document->kind == YAML_MAP;
    *root = (struct item){.value = document, .from = document->from, .to = document->to};
    uint32_t first =
        collection && !document->flow && document->n
            ? (document->entries[0].key ? document->entries[0].key : document->entries[0].value)->from
            : document->from;
    while (next_before(l, first))
        remark(l, &part->head);
    uint32_t line = line_of(l, first);
    part->head_blank = part->head.n && line > 0 && line_is_blank(l, line - 1);
    if (!collection || document->anchor.n)
        l->odd = "a document that is a text, or has an anchor";
    if (collection && document->flow) {
        root->raw = true;
        while (next_before(l, document->to))
            l->next++;
        take_behind(l, root, end_of(l, root));
    } else {
        read_value(l, root, shape_of_document(document), document->from);
    }
}

/* What stands behind a document and before `to`. */
static void end_document(struct layout *l, struct part *part, uint32_t to)
{
    take_tails(l, &part->root, 0, to);
    while (next_before(l, to))
        remark(l, &part->root.tail);
    if (!has_anchor(part->root.value)) /* an alias must not come before its anchor */
        sort_all(l, &part->root);
}

struct part *tree_build(struct layout *l, size_t *n)
{
    struct part *parts = NEW_ARRAY(l->c, struct part, l->n_documents + 1);
    uint32_t end = 0;
    *n = l->n_documents ? l->n_documents : 1;
    for (size_t i = 0; i < l->n_documents; i++) {
        uint32_t mark = mark_between(l, end, l->documents[i]->from);
        parts[i].marked = mark != UINT32_MAX;
        if (i > 0)
            end_document(l, &parts[i - 1], mark);
        else if (parts[i].marked)
            while (next_before(l, mark))
                remark(l, &parts[i].above);
        if (i > 0 && !parts[i].marked)
            l->odd = "documents that `---` does not divide";
        read_document(l, &parts[i], l->documents[i]);
        end = l->documents[i]->to;
    }
    if (mark_between(l, end, (uint32_t)l->text.n + 1) != UINT32_MAX)
        l->odd = "an empty document";
    if (l->n_documents)
        end_document(l, &parts[*n - 1], UINT32_MAX);
    else
        while (next_before(l, UINT32_MAX))
            remark(l, &parts[0].head);
    return parts;
}

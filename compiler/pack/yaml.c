/*
 * yaml.c - a YAML source as trees of values with exact places.
 *
 * Needs: a source that source.c passed. Guarantees: trees without cycles, at most MAX_NESTING deep, whose
 * aliases repeat at most MAX_EXPANDED bytes in the whole file, without two equal keys in one map; every byte
 * of every scalar has its place in the source.
 *
 * The events are libyaml's (YAML 1.1's grammar); what a plain scalar means is YAML 1.2's core schema, see
 * document.h. libyaml counts places in characters; `byte_of` has the way back to bytes.
 */
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "document.h"
#include "trail/text.h"

enum { MAX_ANCHORS = 1000 };

struct anchor {
    struct slice name;
    struct yaml *value;
};

struct reader {
    struct compile *c;
    uint32_t source;
    struct slice text;
    const char *seen;        /* what libyaml is given: the text, surrogate escapes replaced */
    const uint32_t *byte_of; /* offset of each character; NULL when they are all one byte */
    size_t n_chars;
    yaml_parser_t parser;
    size_t n_anchors; /* of the document */
    struct anchor *anchors;
    size_t expanded;
    struct loc last; /* the scalar that was read last, with its quotes */
    bool failed;
};

/* ---- places ----------------------------------------------------------------------------------- */

static bool is_one_of(const struct reader *r, uint32_t i, const char *characters)
{
    return i < r->text.n && strchr(characters, r->text.p[i]);
}

static void count_characters(struct reader *r)
{
    const unsigned char *p = (const unsigned char *)r->text.p, *end = p + r->text.n;
    uint32_t *byte_of = NEW_ARRAY(r->c, uint32_t, r->text.n + 1), bom = source_bom(r->text);
    for (const unsigned char *q = p + bom; q < end; q++)
        if ((*q & 0xC0) != 0x80)
            byte_of[r->n_chars++] = (uint32_t)(q - p);
    byte_of[r->n_chars] = (uint32_t)r->text.n;
    r->byte_of = byte_of;
}

static uint32_t byte_at(const struct reader *r, yaml_mark_t mark)
{
    return r->byte_of[mark.index < r->n_chars ? mark.index : r->n_chars];
}

static struct loc loc_between(const struct reader *r, uint32_t from, uint32_t to)
{
    while (to > from && is_one_of(r, to - 1, " \t\r\n"))
        to--;
    return (struct loc){r->source, from, to - from};
}

/* Where a value itself begins that an event with an anchor covers. */
static uint32_t behind_anchor(const struct reader *r, uint32_t i, uint32_t to)
{
    static const char name[] = "&_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    while (i < to && is_one_of(r, i, name))
        i++;
    for (bool comment = false; i < to;) {
        unsigned n;
        const unsigned char *p = (const unsigned char *)r->text.p;
        uint32_t ch = trail_decode(p + i, p + to, &n);
        bool line_end = ch == '\n' || ch == '\r' || ch == 0x85 || ch == 0x2028 || ch == 0x2029;
        comment = (comment || ch == '#') && !line_end;
        if (!comment && !line_end && ch != ' ' && ch != '\t')
            break;
        i += n;
    }
    return i;
}

/* ---- errors ----------------------------------------------------------------------------------- */

static struct diag *fail(struct reader *r, struct loc loc, const char *message)
{
    r->failed = true;
    return diag(r->c, E001, loc, "%s", message);
}

static uint32_t start_of_character(const struct reader *r, uint32_t at)
{
    while (at > 0 && ((unsigned char)r->text.p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static void parser_failed(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem ? p->problem : "the parser gave up";
    if (p->error == YAML_READER_ERROR) {
        uint32_t at = source_bom(r->text) + (uint32_t)p->problem_offset;
        fail(r, (struct loc){r->source, at < r->text.n ? at : (uint32_t)r->text.n, 0},
             diag_format(r->c, "not YAML: %s", problem).p);
        return;
    }
    /* Of what was never closed, the beginning says more than the end. */
    uint32_t end = (uint32_t)r->text.n;
    while (end > 0 && is_one_of(r, end - 1, " \t\r\n"))
        end--;
    uint32_t at = byte_at(r, p->problem_mark);
    bool unclosed = at >= end || strstr(problem, "end of stream") || strstr(problem, "document indicator") ||
                    strstr(problem, "expected ':'") || strstr(problem, "alphabetic or numeric");
    if (unclosed && p->context)
        at = byte_at(r, p->context_mark);
    if (at >= end && end > 0)
        at = start_of_character(r, end - 1);
    struct diag *d = fail(r, (struct loc){r->source, at, at < r->text.n},
                          p->context ? diag_format(r->c, "not YAML: %s %s", problem, p->context).p
                                     : diag_format(r->c, "not YAML: %s", problem).p);
    struct misread m = {
        .source = r->source, .problem = problem, .at = at, .unclosed = unclosed, .last = r->last};
    misread(r->c, d, &m);
}

/* ---- scalars ---------------------------------------------------------------------------------- */

static bool one_of(struct slice s, const char *const *words)
{
    for (; *words; words++)
        if (slice_eq(s, slice_of(*words)))
            return true;
    return false;
}

enum yaml_kind yaml_plain_kind(struct slice s)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    if (one_of(s, nulls))
        return YAML_NULL;
    if (one_of(s, bools))
        return YAML_BOOL;
    return json_is_number(s) ? YAML_NUMBER : YAML_TEXT;
}

static enum scalar_style style_of(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: return SCALAR_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: return SCALAR_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE: return SCALAR_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE: return SCALAR_FOLDED;
    default: return SCALAR_PLAIN;
    }
}

static void read_scalar(struct reader *r, const yaml_event_t *e, struct yaml *node)
{
    struct scalar s = {.source = r->source,
                       .style = style_of(e->data.scalar.style),
                       .seen = r->seen,
                       .from = node->loc.at,
                       .to = byte_at(r, e->end_mark),
                       .value = {(const char *)e->data.scalar.value, e->data.scalar.length}};
    uint32_t bad;
    r->last = node->loc;
    if (!scalar_map(r->c, &s, &node->text, &bad))
        fail(r, (struct loc){r->source, bad, 6}, "half a surrogate pair: it is no character by itself");
    node->style = s.style;
    node->to = s.to;
    node->kind = s.style == SCALAR_PLAIN ? yaml_plain_kind(node->text.s) : YAML_TEXT;
    node->size = node->text.s.n + 1;
    node->depth = 0;
}

/* ---- values ----------------------------------------------------------------------------------- */

static struct yaml *read_value(struct reader *, yaml_event_t *, unsigned nesting);

/* The next event; the caller deletes it. False when the file ends here with an error. */
static bool next(struct reader *r, yaml_event_t *e)
{
    if (yaml_parser_parse(&r->parser, e))
        return true;
    parser_failed(r);
    return false;
}

static bool deeper(struct reader *r, struct loc loc, unsigned nesting)
{
    if (nesting < MAX_NESTING)
        return true;
    loc.n = 0;
    fail(r, loc, diag_format(r->c, "more than %d lists and mappings in one another", MAX_NESTING).p);
    return false;
}

/* What is no YAML value taken for the text that it most often is: `filter: *` and `filter: !a` want quotes. */
static struct yaml *text_as_written(struct reader *r, struct loc loc)
{
    struct yaml *node = NEW(r->c, struct yaml);
    uint32_t *at = NEW_ARRAY(r->c, uint32_t, (size_t)loc.n + 1);
    for (uint32_t i = 0; i <= loc.n; i++)
        at[i] = loc.at + i;
    node->kind = YAML_TEXT;
    node->loc = loc;
    node->text = (struct text){slice_copy(r->c, r->text.p + loc.at, loc.n), r->source, at};
    node->size = loc.n;
    return node;
}

/* A text goes on behind the alias that it began with: nothing more can be read, and that would be the second message. */
static struct yaml *unknown_anchor(struct reader *r, struct loc loc)
{
    uint32_t end = loc.at + loc.n;
    while (is_one_of(r, end, " \t"))
        end++;
    bool alone = end == r->text.n || is_one_of(r, end, "\r\n#,]}");
    struct diag *d = fail(r, loc, "no anchor of this name stands before the alias");
    d->note = SLICE("a text that begins with `*` needs quotes");
    misread_quote(r->c, d, r->source, loc.at);
    return alone ? text_as_written(r, loc) : NULL;
}

static struct yaml *read_alias(struct reader *r, const yaml_event_t *e)
{
    struct loc loc = loc_between(r, byte_at(r, e->start_mark), byte_at(r, e->end_mark));
    struct slice name = slice_of((const char *)e->data.alias.anchor);
    struct yaml *target = NULL;
    for (size_t i = r->n_anchors; i-- > 0 && !target;)
        if (slice_eq(r->anchors[i].name, name))
            target = r->anchors[i].value;
    if (!target)
        return unknown_anchor(r, loc);
    if (target->open) {
        fail(r, loc, "this alias stands within its own anchor");
        return NULL;
    }
    target->repeated = true;
    r->expanded += target->size;
    if (r->expanded > MAX_EXPANDED) {
        fail(r, loc,
             diag_format(r->c, "the aliases of the file repeat more than %d MiB", MAX_EXPANDED >> 20).p);
        return NULL;
    }
    return target;
}

static bool remember_anchor(struct reader *r, const yaml_char_t *name, struct yaml *node)
{
    if (!name)
        return true;
    if (r->n_anchors == MAX_ANCHORS) {
        fail(r, node->loc, diag_format(r->c, "more than %d anchors in a document", MAX_ANCHORS).p);
        return false;
    }
    struct slice s = slice_of((const char *)name);
    node->anchor = slice_copy(r->c, s.p, s.n);
    *PUSH(r->c, r->anchors, r->n_anchors) = (struct anchor){node->anchor, node};
    return true;
}

/* Where the value begins behind a tag that is YAML's own, or before anything that is no plain text; else it is a text. */
static bool refuse_tag(struct reader *r, const yaml_char_t *tag, const yaml_event_t *e, uint32_t *from)
{
    if (!tag)
        return false;
    struct loc loc = {r->source, *from, 1};
    uint32_t behind = misread_core_tag(r->text, *from);
    bool core = behind > *from, text = e->type == YAML_SCALAR_EVENT;
    bool block = text && style_of(e->data.scalar.style) >= SCALAR_LITERAL;
    struct diag *d = fail(r, loc, "a tag (`!…`) has no meaning here");
    if (core || block || !text) {
        d->note = SLICE("leave the tag out");
        while (!core && behind < r->text.n && !is_one_of(r, behind, " \t\r\n"))
            behind++;
        while (is_one_of(r, behind, " \t\r\n"))
            behind++;
        *from = behind;
    } else {
        d->note = SLICE("a text that begins with `!` needs quotes");
    }
    if (text && !block)
        misread_quote(r->c, d, r->source, loc.at);
    return text && !core && !block;
}

/* `e` is the value's first event. */
static void add_entry(struct reader *r, struct yaml *parent, struct yaml *key, struct yaml *value,
                      const yaml_event_t *e)
{
    struct yaml_entry *entry = PUSH(r->c, parent->entries, parent->n);
    *entry = (struct yaml_entry){.key = key, .value = value, .from = value->from, .to = value->to};
    if (e->type == YAML_ALIAS_EVENT) {
        struct slice name = slice_of((const char *)e->data.alias.anchor);
        entry->alias = slice_copy(r->c, name.p, name.n);
        entry->from = byte_at(r, e->start_mark);
        entry->to = byte_at(r, e->end_mark);
    }
    parent->to = entry->to;
    parent->size += value->size + (key ? key->size : 0);
    if (parent->depth <= value->depth)
        parent->depth = value->depth + 1;
}

static bool read_list(struct reader *r, struct yaml *list, unsigned nesting)
{
    for (;;) {
        yaml_event_t e;
        if (!next(r, &e))
            return false;
        bool end = e.type == YAML_SEQUENCE_END_EVENT;
        struct yaml *value = end ? NULL : read_value(r, &e, nesting + 1);
        if (end && list->flow)
            list->to = byte_at(r, e.end_mark);
        if (value)
            add_entry(r, list, NULL, value, &e);
        yaml_event_delete(&e);
        if (end)
            return true;
        if (!value)
            return false;
    }
}

static bool read_map(struct reader *r, struct yaml *map, unsigned nesting)
{
    for (;;) {
        yaml_event_t e;
        if (!next(r, &e))
            return false;
        bool end = e.type == YAML_MAPPING_END_EVENT;
        struct yaml *key = end ? NULL : read_value(r, &e, nesting + 1);
        bool alias = e.type == YAML_ALIAS_EVENT;
        if (end && map->flow)
            map->to = byte_at(r, e.end_mark);
        yaml_event_delete(&e);
        if (end)
            return true;
        if (!key)
            return false;
        if (key->kind == YAML_LIST || key->kind == YAML_MAP) {
            fail(r, key->loc, "a key is a plain text, not a list or a mapping");
            return false;
        }
        if (!next(r, &e))
            return false;
        struct yaml *value = read_value(r, &e, nesting + 1);
        if (value)
            add_entry(r, map, key, value, &e);
        map->odd_key = map->odd_key || alias;
        yaml_event_delete(&e);
        if (!value)
            return false;
    }
}

/* By key, equal ones in the order of the file. An alias may have an early place: so by index. */
struct ranked {
    struct slice key;
    size_t index;
};

static int by_key(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order = slice_cmp(x->key, y->key);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Says E003 for each key that the map has already, and takes its entry out. */
static void drop_duplicates(struct reader *r, struct yaml *map)
{
    struct ranked *ranked = NEW_ARRAY(r->c, struct ranked, map->n);
    for (size_t i = 0; i < map->n; i++)
        ranked[i] = (struct ranked){map->entries[i].key->text.s, i};
    qsort(ranked, map->n, sizeof *ranked, by_key);
    for (size_t i = 1; i < map->n; i++) {
        if (!slice_eq(ranked[i].key, ranked[i - 1].key))
            continue;
        struct yaml *key = map->entries[ranked[i].index].key;
        diag(r->c, E003, key->loc, "the key `%.*s` is here a second time", (int)key->text.s.n, key->text.s.p);
        r->failed = true;
        map->entries[ranked[i].index].key = NULL;
    }
    size_t kept = 0;
    for (size_t i = 0; i < map->n; i++)
        if (map->entries[i].key)
            map->entries[kept++] = map->entries[i];
    map->n = kept;
}

/* A block begins without a sign of its own: its first key stands for it. */
static struct loc loc_of_collection(const struct reader *r, const struct yaml *node)
{
    bool flow = is_one_of(r, node->loc.at, "{[-");
    return flow || !node->n || !node->entries[0].key ? (struct loc){r->source, node->loc.at, 1}
                                                     : node->entries[0].key->loc;
}

static struct yaml *read_collection(struct reader *r, struct yaml *node, enum yaml_kind kind,
                                    unsigned nesting)
{
    node->kind = kind;
    node->depth = 1;
    node->size = 1;
    node->open = true;
    if (!deeper(r, node->loc, nesting))
        return NULL;
    if (!(kind == YAML_MAP ? read_map(r, node, nesting) : read_list(r, node, nesting)))
        return NULL;
    if (!deeper(r, node->loc, node->depth - 1))
        return NULL;
    node->loc = loc_of_collection(r, node);
    if (kind == YAML_MAP && node->n)
        drop_duplicates(r, node);
    node->open = false;
    return node;
}

static struct yaml *read_value(struct reader *r, yaml_event_t *e, unsigned nesting)
{
    if (e->type == YAML_ALIAS_EVENT)
        return read_alias(r, e);
    const yaml_char_t *anchor, *tag;
    enum yaml_kind kind = YAML_TEXT;
    if (e->type == YAML_SCALAR_EVENT) {
        anchor = e->data.scalar.anchor;
        tag = e->data.scalar.tag;
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        anchor = e->data.sequence_start.anchor;
        tag = e->data.sequence_start.tag;
        kind = YAML_LIST;
    } else {
        anchor = e->data.mapping_start.anchor;
        tag = e->data.mapping_start.tag;
        kind = YAML_MAP;
    }
    uint32_t from = byte_at(r, e->start_mark), to = byte_at(r, e->end_mark);
    if (refuse_tag(r, tag, e, &from))
        return text_as_written(r, loc_between(r, from, to));
    if (anchor)
        from = behind_anchor(r, from, kind == YAML_TEXT ? to : (uint32_t)r->text.n);
    struct yaml *node = NEW(r->c, struct yaml);
    node->loc = loc_between(r, from, to > from ? to : from);
    node->from = byte_at(r, e->start_mark);
    node->to = to;
    node->flow = (kind == YAML_LIST && e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE) ||
                 (kind == YAML_MAP && e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
    if (!remember_anchor(r, anchor, node))
        return NULL;
    if (kind != YAML_TEXT)
        return read_collection(r, node, kind, nesting);
    read_scalar(r, e, node);
    if (tag && strcmp((const char *)tag, "tag:yaml.org,2002:str") == 0)
        node->kind = YAML_TEXT;
    return node;
}

/* ---- the whole -------------------------------------------------------------------------------- */

/*
 * libyaml refuses \u escapes of surrogates, of which JSON makes characters by twos. It gets the text with
 * other digits in their place, of the same length; scalar.c reads the real ones.
 */
static const char *without_surrogates(struct compile *c, struct slice text)
{
    char *copy = NULL;
    for (size_t i = 0; i + 5 < text.n; i++) {
        bool surrogate = text.p[i] == '\\' && text.p[i + 1] == 'u' && (text.p[i + 2] | 0x20) == 'd' &&
                         strchr("89abcdefABCDEF", text.p[i + 3]);
        if (!surrogate)
            continue;
        if (!copy)
            copy = (char *)slice_copy(c, text.p, text.n).p;
        copy[i + 2] = 'f';
    }
    return copy ? copy : text.p;
}

/* One document, from behind its start event. */
static bool read_document(struct reader *r, struct yaml ***documents, size_t *n)
{
    yaml_event_t e;
    r->n_anchors = 0;
    r->anchors = NULL;
    if (!next(r, &e))
        return false;
    struct yaml *root = read_value(r, &e, 0);
    yaml_event_delete(&e);
    if (!root)
        return false;
    if (root->kind != YAML_NULL)
        *PUSH(r->c, *documents, *n) = root;
    return true;
}

bool yaml_parse(struct compile *c, uint32_t source, struct yaml ***documents, size_t *n)
{
    struct reader r = {.c = c, .source = source, .text = c->sources[source].text};
    uint32_t bom = source_bom(r.text);
    size_t first = *n;
    count_characters(&r);
    r.seen = without_surrogates(c, r.text);
    if (!yaml_parser_initialize(&r.parser)) {
        fail(&r, (struct loc){NOWHERE, 0, 0}, "out of memory");
        return false;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)r.seen + bom, r.text.n - bom);
    for (bool more = true; more;) {
        yaml_event_t e;
        if (!next(&r, &e)) {
            /* What cannot be read here belongs to the document before it, which is not whole, then. */
            *n = *n > first ? *n - 1 : *n;
            break;
        }
        more = e.type != YAML_STREAM_END_EVENT;
        if (e.type == YAML_DOCUMENT_START_EVENT)
            more = read_document(&r, documents, n);
        yaml_event_delete(&e);
    }
    yaml_parser_delete(&r.parser);
    return !r.failed;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    for (size_t i = 0; map->kind == YAML_MAP && i < map->n; i++)
        if (slice_eq(map->entries[i].key->text.s, slice_of(key)))
            return map->entries[i].value;
    return NULL;
}

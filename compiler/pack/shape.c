/*
 * shape.c - reads a mapping of a rule file into a C struct, by a table of its keys.
 *
 * Needs: a map without duplicate keys. Guarantees: every key of it is in the table and was read by its type,
 * and every key that must be there is, or errors were said.
 */
#include <string.h>

#include "base/near.h"
#include "document.h"

enum { SHOWN = 60 }; /* bytes of a value in a message */

const char *shown(struct compile *c, struct slice s)
{
    if (s.n <= SHOWN)
        return slice_copy(c, s.p, s.n).p;
    size_t n = SHOWN;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return diag_format(c, "%.*s…", (int)n, s.p).p;
}

static const char *described(struct compile *c, const struct yaml *value)
{
    switch (value->kind) {
    case YAML_LIST: return "a list";
    case YAML_MAP: return "a mapping";
    case YAML_NUMBER: return diag_format(c, "the number %s", shown(c, value->text.s)).p;
    case YAML_NULL:
    case YAML_BOOL:
    case YAML_TEXT: break;
    }
    return value->text.s.n ? diag_format(c, "`%s`", shown(c, value->text.s)).p : "an empty text";
}

struct diag *wrong_type(struct compile *c, const struct key *key, const struct yaml *value)
{
    struct diag *d = value->kind == YAML_NULL ? diag(c, E004, value->loc, "`%s` has no value; it takes %s",
                                                     key->name, key->type->takes)
                                              : diag(c, E004, value->loc, "`%s` takes %s, not %s", key->name,
                                                     key->type->takes, described(c, value));
    d->note = diag_format(c, "for example `%s: %s`", key->name, key->example);
    return d;
}

struct diag *wrong_type_write(struct compile *c, const struct key *key, const struct yaml *value,
                              struct slice rewrite)
{
    struct diag *d = wrong_type(c, key, value);
    d->rewrite = rewrite;
    if (rewrite.n)
        d->note = (struct slice){NULL, 0};
    diag_fix_source(d, value->loc, rewrite, true);
    return d;
}

bool is_kind(struct compile *c, const struct key *key, const struct yaml *value, enum yaml_kind kind)
{
    if (value->kind == kind)
        return true;
    struct slice rewrite = {NULL, 0};
    if (kind == YAML_TEXT && (value->kind == YAML_NUMBER || value->kind == YAML_BOOL))
        rewrite = diag_format(c, "\"%s\"", shown(c, value->text.s));
    if (kind == YAML_LIST && value->kind == YAML_TEXT && value->text.s.n < SHOWN)
        rewrite = diag_format(c, "[%s]", value->text.s.p);
    struct diag *d = wrong_type_write(c, key, value, rewrite);
    /* Only what is whole and plain stands in the file as it stands in the message. */
    bool same = rewrite.n && value->style == SCALAR_PLAIN && value->text.s.n < SHOWN;
    if (!same || strpbrk(value->text.s.p, ",[]{}"))
        d->fix.loc.source = NOWHERE;
    return false;
}

const struct key *shape_key(const struct shape *shape, struct slice name)
{
    for (size_t i = 0; i < shape->n; i++)
        if (slice_eq(name, slice_of(shape->keys[i].name)) && !(shape->defaults && shape->keys[i].own))
            return &shape->keys[i];
    return NULL;
}

/* What other tools call our keys. */
static struct slice synonym(const struct shape *shape, struct slice name)
{
    static const char *const synonyms[][2] = {
        {"name", "alert"},     {"title", "alert"},         {"rule", "alert"},          {"query", "filter"},
        {"search", "filter"},  {"expr", "filter"},         {"severity", "priority"},   {"level", "priority"},
        {"condition", "when"}, {"threshold", "when"},      {"channels", "notify"},     {"actions", "notify"},
        {"labels", "tags"},    {"message", "description"}, {"summary", "description"}, {"fields", "show"}};
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (slice_eq(name, slice_of(synonyms[i][0])) && shape_key(shape, slice_of(synonyms[i][1])))
            return slice_of(synonyms[i][1]);
    return (struct slice){NULL, 0};
}

static struct slice nearest_key(const struct shape *shape, struct slice name)
{
    struct slice meant = synonym(shape, name);
    if (meant.n)
        return meant;
    struct nearest near = {.word = name};
    for (size_t i = 0; i < shape->n; i++)
        if (!(shape->defaults && shape->keys[i].own))
            nearest_try(&near, slice_of(shape->keys[i].name));
    return near.best;
}

static struct slice all_keys(struct compile *c, const struct shape *shape)
{
    struct buffer known = {.c = c};
    for (size_t i = 0; i < shape->n; i++)
        if (!(shape->defaults && shape->keys[i].own))
            buffer_printf(&known, "%s%s", known.n ? ", " : "its keys are ", shape->keys[i].name);
    return buffer_slice(&known);
}

static void unknown_key(struct compile *c, const struct shape *shape, const struct yaml *map,
                        const struct yaml *key)
{
    struct slice name = key->text.s;
    struct diag *d = diag(c, E002, key->loc, "`%s` is not a key of %s", shown(c, name), shape->noun);
    if (shape->defaults && shape_key(&shape_alert, name))
        d->note = SLICE("every alert has its own: there is no default");
    else if (shape->beside && shape_key(shape->beside, name))
        d->note = diag_format(c, "it is a key of %s, which is a document of its own", shape->beside->noun);
    else
        d->rewrite = nearest_key(shape, name);
    if (d->rewrite.n && !yaml_get(map, d->rewrite.p))
        diag_fix_source(d, key->loc, d->rewrite, word_distance(name, d->rewrite) <= 1);
    if (!d->rewrite.n && !d->note.n)
        d->note = all_keys(c, shape);
}

bool shape_misspelt(const struct shape *shape, const struct yaml *map, const char *name)
{
    for (size_t i = 0; i < map->n; i++) {
        struct slice key = map->entries[i].key->text.s;
        if (!shape_key(shape, key) && slice_eq(nearest_key(shape, key), slice_of(name)))
            return true;
    }
    return false;
}

static bool has_required(struct compile *c, const struct shape *shape, const struct yaml *map)
{
    bool all = true;
    for (size_t i = 0; i < shape->n && !shape->defaults; i++) {
        const struct key *key = &shape->keys[i];
        if (!key->required || yaml_get(map, key->name))
            continue;
        all = false;
        if (shape_misspelt(shape, map, key->name))
            continue;
        struct diag *d = diag(c, E005, map->loc, "%s needs the key `%s`", shape->noun, key->name);
        d->note = diag_format(c, "for example `%s: %s`", key->name, key->example);
    }
    return all;
}

bool shape_read(struct compile *c, const struct shape *shape, const struct yaml *map, void *to)
{
    if (map->kind != YAML_MAP) {
        struct diag *d = diag(c, E004, map->loc, "%s is a mapping, not %s", shape->noun,
                              map->kind == YAML_NULL ? "nothing" : described(c, map));
        if (shape == &shape_alert && map->kind == YAML_LIST)
            d->note = SLICE(
                "each alert is a document of its own: leave the hyphens out, and put a line `---` between");
        return false;
    }
    size_t before = c->n_diags;
    /* In the table's order: the order of the file means nothing. */
    for (size_t i = 0; i < shape->n; i++) {
        const struct key *key = &shape->keys[i];
        const struct yaml *value = shape->defaults && key->own ? NULL : yaml_get(map, key->name);
        if (value)
            key->type->read(c, key, value, to);
    }
    for (size_t i = 0; i < map->n; i++)
        if (!shape_key(shape, map->entries[i].key->text.s))
            unknown_key(c, shape, map, map->entries[i].key);
    return has_required(c, shape, map) && c->n_diags == before;
}

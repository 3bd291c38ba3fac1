/*
 * fix.c - what a message offers, as bytes of the rule file.
 *
 * Needs: a diagnostic with a fix, its source. Guarantees: a range of the source and the text for it, in YAML's spelling
 * where it stands in quotes or must be put in them; with it the file is YAML that holds the new value there, and a
 * filter has fewer faults than before. Else there is no fix: a person decides.
 */
#include <string.h>

#include "format/format.h"

/* ---- the scalar ------------------------------------------------------------------------------- */

/* Bounded: no value is nested deeper than MAX_NESTING. */
static const struct yaml *scalar_at(const struct yaml *value, uint32_t at)
{
    const struct yaml *found = NULL;
    if (value->kind != YAML_LIST && value->kind != YAML_MAP)
        return value->from <= at && at <= value->to ? value : NULL;
    for (size_t i = 0; i < value->n && !found; i++) {
        const struct yaml_entry *entry = &value->entries[i];
        found = entry->key ? scalar_at(entry->key, at) : NULL;
        if (!found && !entry->alias.n)
            found = scalar_at(entry->value, at);
    }
    return found;
}

const struct yaml *scalar_of(struct compile *c, const char *name, struct slice text, uint32_t at)
{
    struct compile *scratch = NEW(c, struct compile);
    struct yaml **documents = NULL;
    const struct yaml *found = NULL;
    uint32_t source;
    size_t n = 0;
    scratch->arena = c->arena;
    scratch->trial = true;
    if (!source_add(scratch, name, text, &source))
        return NULL;
    /* Faults elsewhere do not matter: a document that is there was read to its end. */
    yaml_parse(scratch, source, &documents, &n);
    for (size_t i = 0; i < n && !found; i++)
        found = scalar_at(documents[i], at);
    return found;
}

/* The first byte of the value that was written at or behind a place. */
static size_t index_of(const struct text *text, uint32_t at)
{
    size_t i = 0;
    while (i < text->s.n && text->at[i] < at)
        i++;
    return i;
}

static struct slice replaced(struct compile *c, struct slice s, size_t from, size_t to, struct slice by)
{
    struct buffer b = {.c = c};
    buffer_add(&b, s.p, from);
    buffer_add(&b, by.p, by.n);
    buffer_add(&b, s.p + to, s.n - to);
    return b.n ? buffer_slice(&b) : SLICE("");
}

/* ---- its spelling ----------------------------------------------------------------------------- */

/* A piece of a scalar of this style; false when it cannot be one without the rest being spelled anew. */
static bool spell_piece(struct buffer *b, enum scalar_style style, struct slice piece, struct slice whole)
{
    if (!is_printable(piece, false) || (style == SCALAR_PLAIN && !is_plain(whole, true)))
        return false;
    for (size_t i = 0; i < piece.n; i++) {
        if (style == SCALAR_DOUBLE && (piece.p[i] == '"' || piece.p[i] == '\\'))
            buffer_char(b, '\\');
        buffer_char(b, piece.p[i]);
        if (style == SCALAR_SINGLE && piece.p[i] == '\'')
            buffer_char(b, '\'');
    }
    return true;
}

static struct fix spelled(struct compile *c, const struct fix *fix, const struct yaml *scalar,
                          struct slice whole)
{
    struct fix out = *fix;
    struct buffer piece = {.c = c};
    out.inside = false;
    if (spell_piece(&piece, scalar->style, fix->text, whole)) {
        out.text = piece.n ? buffer_slice(&piece) : SLICE("");
        return out;
    }
    out.loc.at = scalar->loc.at;
    out.loc.n = scalar->loc.n;
    out.text = quoted_text(c, whole, true);
    return out;
}

/* ---- the proof -------------------------------------------------------------------------------- */

/* Messages on a filter, more of them than any when it cannot even be read. */
static size_t faults(struct compile *c, struct slice filter)
{
    struct compile trial = {.arena = arena_new(), .counted = true, .pack = c->pack};
    uint32_t *at = NEW_ARRAY(&trial, uint32_t, filter.n + 1);
    struct text text = {.s = filter, .source = NOWHERE, .at = at};
    struct node *tree = parse_filter(&trial, &text);
    if (tree)
        check_filter(&trial, &text, tree);
    size_t n = trial.n_diags + (tree ? 0 : SIZE_MAX / 2);
    arena_free(trial.arena);
    return n;
}

static bool proven(struct compile *c, const struct diag *d, const struct fix *fix, struct slice before,
                   struct slice after)
{
    const struct source *source = &c->sources[fix->loc.source];
    struct slice text = replaced(c, source->text, fix->loc.at, (size_t)fix->loc.at + fix->loc.n, fix->text);
    const struct yaml *scalar = scalar_of(c, source->name, text, fix->loc.at);
    if (!scalar || !slice_eq(scalar->text.s, after))
        return false;
    if (d->code < E101)
        return true;
    /* The catalogue's messages are not among the filter's own. */
    bool own = d->code < E120 || (d->code >= W201 && d->code < W204);
    size_t were = faults(c, before), are = faults(c, after);
    return own ? are < were : are <= were;
}

bool fix_resolve(struct compile *c, const struct diag *d, struct fix *out)
{
    *out = d->fix;
    if (d->fix.loc.source >= c->n_sources)
        return false;
    if (!d->fix.inside)
        return true;
    const struct source *source = &c->sources[d->fix.loc.source];
    const struct yaml *scalar = scalar_of(c, source->name, source->text, d->fix.loc.at);
    if (!scalar || scalar->kind != YAML_TEXT)
        return false;
    size_t from = index_of(&scalar->text, d->fix.loc.at);
    size_t to = index_of(&scalar->text, d->fix.loc.at + d->fix.loc.n);
    struct slice after = replaced(c, scalar->text.s, from, to, d->fix.text);
    *out = spelled(c, &d->fix, scalar, after);
    return proven(c, d, out, scalar->text.s, after);
}

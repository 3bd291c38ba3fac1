/*
 * clause.c - a field and a value, as they are written, become a clause.
 *
 * Needs: lexemes that parse.c let pass. Guarantees: a clause with path, view, kind, value and bounds; its
 * meaning is completed by check.c. Says E107 and E112 of what only shows when escapes are undone.
 */
#include <string.h>

#include "parse.h"

const char *view_name(enum view view)
{
    static const char *const names[] = {
        [VIEW_TEXT] = "text", [VIEW_KEYWORD] = "keyword", [VIEW_NUMERIC] = "numeric",
        [VIEW_IP] = "ip",     [VIEW_JSON] = "json",
    };
    return names[view];
}

/* ---- escapes --------------------------------------------------------------------------------- */

/* The first backslash in [from, to) that escapes nothing; `to` when there is none. */
static size_t bad_escape(const struct parse *p, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (p->s.p[i] != '\\')
            continue;
        if (i + 1 >= to || !escapable(p->s.p[i + 1]))
            return i;
        i++;
    }
    return to;
}

static struct diag *say_bad_escape(struct parse *p, size_t at, size_t to)
{
    if (at + 1 >= to)
        return say(p, E107, at, at + 1, "a backslash that escapes nothing: write `\\\\` for a backslash");
    struct slice next = raw(p, at + 1, at + 2);
    if ((unsigned char)*next.p >= 0x80 || (unsigned char)*next.p < 0x20)
        next.n = 0;
    return say(p, E107, at, at + 1 + next.n, "`\\%.*s` is no escape: write `\\\\` for a backslash",
               SHOW(next));
}

/* ---- field names ------------------------------------------------------------------------------ */

static bool view_of(struct slice key, enum view *view)
{
    for (enum view v = VIEW_KEYWORD; v <= VIEW_JSON; v++) {
        if (slice_eq(key, slice_of(view_name(v)))) {
            *view = v;
            return true;
        }
    }
    return false;
}

/* One escape of a name, at `at`; false when something was said. A backslash that path_intern drops is left
 * standing. */
static bool name_escape(struct parse *p, struct buffer *name, size_t at, size_t to, bool key_starts,
                        bool *as_is)
{
    char next = at + 1 < to ? p->s.p[at + 1] : '\0';
    if (next == '*' || next == '?') {
        say(p, E112, at, at + 2,
            "a field's name with a wildcard: Elasticsearch reads it as a pattern of names");
        return false;
    }
    bool letter = escapable(next);
    if (!letter && (!key_starts || next == '\0' || next == '.')) {
        say_bad_escape(p, at, to);
        return false;
    }
    *as_is = *as_is || !letter;
    if (!letter || (key_starts && next == '\\'))
        buffer_char(name, '\\');
    buffer_char(name, next);
    return true;
}

/* Bytes [from, to) as a path and its view. */
static bool read_name(struct parse *p, size_t from, size_t to, struct clause *clause)
{
    struct buffer name = {.c = p->c};
    size_t key = from, stem = 0; /* where the last key starts; the length of what is before it */
    for (size_t i = from; i < to; i++) {
        char c = p->s.p[i];
        if (c == '\\') {
            if (!name_escape(p, &name, i, to, i == key, &clause->as_is))
                return false;
            i++;
            continue;
        }
        if (c == '.') {
            key = i + 1;
            stem = name.n;
        }
        buffer_char(&name, c);
    }
    struct slice whole = buffer_slice(&name);
    if (stem > 0 && view_of(raw(p, key, to), &clause->view))
        whole.n = stem;
    clause->path = path_intern(p->c, whole);
    clause->field_loc = text_loc(p->text, from, to);
    *PUSH(p->c, p->c->named, p->c->n_named) = (struct named_path){
        .view = clause->view, .path = clause->path, .as_is = clause->as_is, .loc = clause->field_loc};
    return true;
}

/* ---- values ----------------------------------------------------------------------------------- */

/* Escapes undone, or false and E107. */
static bool read_value(struct parse *p, size_t from, size_t to, struct slice *value)
{
    size_t bad = bad_escape(p, from, to);
    if (bad < to) {
        say_bad_escape(p, bad, to);
        return false;
    }
    *value = unescaped(p->c, raw(p, from, to));
    return true;
}

static bool read_bound(struct parse *p, size_t from, size_t to, bool in_quotes, struct bound *bound)
{
    bound->loc = text_loc(p->text, from, to);
    bound->quoted = in_quotes;
    bound->open = !in_quotes && to - from == 1 && p->s.p[from] == '*';
    return read_value(p, from, to, &bound->value);
}

static bool read_range(struct parse *p, const struct lexeme *l, struct clause *clause)
{
    clause->kind = CLAUSE_RANGE;
    clause->low.inclusive = p->s.p[l->from] == '[';
    clause->high.inclusive = p->s.p[l->to - 1] == ']';
    return read_bound(p, l->low.from, l->low.to, l->low.quoted, &clause->low) &&
           read_bound(p, l->high.from, l->high.to, l->high.quoted, &clause->high);
}

/* >5, >=5, <5, <=5 */
static bool read_comparison(struct parse *p, const struct lexeme *l, struct clause *clause)
{
    if (l->wild) {
        say(p, E112, l->from, l->to, "a bound of a range has no wildcards");
        return false;
    }
    size_t from = l->from + 1;
    bool above = p->s.p[l->from] == '>', inclusive = p->s.p[from] == '=';
    clause->kind = CLAUSE_RANGE;
    clause->low.open = !above;
    clause->high.open = above;
    struct bound *bound = above ? &clause->low : &clause->high;
    bound->inclusive = inclusive;
    if (among("<>=", p->s.p[from + inclusive])) {
        say(p, E112, l->from, l->to, "not a comparison: one is written >, >=, < or <=");
        return false;
    }
    return read_bound(p, from + inclusive, l->to, false, bound);
}

static bool read_word(struct parse *p, const struct lexeme *l, struct clause *clause)
{
    char first = p->s.p[l->from];
    if (first == '<' || first == '>')
        return read_comparison(p, l, clause);
    if (first == '@') {
        clause->kind = CLAUSE_LIST;
        return read_value(p, l->from + 1, l->to, &clause->value);
    }
    clause->kind = l->wild ? CLAUSE_WILDCARD : CLAUSE_WORD;
    if (l->wild && l->to - l->from == 1 && first == '*')
        clause->kind = CLAUSE_EXISTS;
    return read_value(p, l->from, l->to, &clause->value);
}

/* The rewrite of a word or phrase with a backslash in it that escapes nothing. */
static void suggest_doubled(struct parse *p, size_t said, const struct lexeme *field,
                            const struct lexeme *value)
{
    if (p->c->n_diags == said || (value->kind != LEX_WORD && value->kind != LEX_PHRASE))
        return;
    struct diag *d = &p->c->diags[p->c->n_diags - 1];
    struct slice text = raw(p, value->in_from, value->in_to);
    struct slice better = value->kind == LEX_WORD ? escaped(p->c, text) : quoted(p->c, text);
    if (d->code == E107)
        suggest_for(p, d, clause_text(p, field, better), TRY_CHECK, field ? field->from : value->from,
                    value->to);
}

static bool read_lexeme(struct parse *p, const struct lexeme *l, struct clause *clause)
{
    clause->from = l->in_from;
    clause->to = l->in_to;
    clause->value_loc = text_loc(p->text, l->from, l->to);
    switch (l->kind) {
    case LEX_PHRASE: clause->kind = CLAUSE_PHRASE; return read_value(p, l->in_from, l->in_to, &clause->value);
    case LEX_RANGE: return read_range(p, l, clause);
    case LEX_REGEX:
        clause->kind = CLAUSE_REGEX;
        clause->any_case = l->any_case;
        clause->value = raw(p, l->in_from, l->in_to);
        return true;
    default: return read_word(p, l, clause);
    }
}

/* `_exists_:f`: the value is a field's name. */
static bool read_exists(struct parse *p, const struct lexeme *value, struct clause *clause)
{
    bool named = value->kind == LEX_PHRASE || (value->kind == LEX_WORD && !value->wild);
    if (!named || value->in_from == value->in_to) {
        say(p, E112, value->from, value->to, "`_exists_:` takes the name of one field");
        return false;
    }
    clause->kind = CLAUSE_EXISTS;
    clause->value_loc = text_loc(p->text, value->from, value->to);
    clause->from = value->in_from;
    clause->to = value->in_to;
    return read_name(p, value->in_from, value->in_to, clause);
}

static bool is_exists(const struct parse *p, const struct lexeme *field)
{
    return field && slice_eq(raw(p, field->in_from, field->in_to), SLICE("_exists_"));
}

struct node *clause_node(struct parse *p, const struct lexeme *field, const struct lexeme *value)
{
    if (value->kind == LEX_BAD)
        return NULL;
    size_t from = field && field->to <= value->from ? field->from : value->from;
    struct node *node = NEW(p->c, struct node);
    node->loc = text_loc(p->text, from, value->to);
    node->kind = NODE_ALL;
    if (value->kind == LEX_ALL)
        return node;

    struct clause *clause = NEW(p->c, struct clause);
    size_t said = p->c->n_diags;
    bool fine = is_exists(p, field) ? read_exists(p, value, clause)
                                    : (!field || read_name(p, field->in_from, field->in_to, clause)) &&
                                          read_lexeme(p, value, clause);
    if (!fine) {
        suggest_doubled(p, said, field, value);
        return NULL;
    }
    if (clause->kind == CLAUSE_EXISTS && !clause->path)
        return node; /* `*`, over every value */
    node->kind = NODE_CLAUSE;
    node->clause = clause;
    return node;
}

/*
 * reading.c - see reading.h. Clauses are rewritten where they stand, the rest of the filter is copied.
 */
#include "reading.h"

#include <stdlib.h>
#include <string.h>

const char *departure_name(enum departure_kind kind)
{
    static const char *const names[] = {
        [PHRASE] = "words of several tokens are phrases",
        [ANY_CASE] = "capitals in text regexes match any case",
        [CLASSES] = "\\d \\w \\s are classes",
        [CASE_FLAG] = "/.../i ignores case",
        [CONTROLS] = "\\t \\n \\r in regexes are control characters",
        [LIST] = "@name is any of its values",
        [NUMBERS] = "numeric bounds on text compare numbers",
        [WHOLE_STRINGS] = "other bounds on text compare whole values",
        [VIEW_EXISTS] = "* on a view asks for the field",
        [COMPARED] = "an escaped > or < is a character",
    };
    return names[kind];
}

enum code departure_code(enum departure_kind kind)
{
    return kind == PHRASE ? W201 : kind == ANY_CASE ? W202 : kind == CLASSES || kind == CONTROLS ? W203 : 0;
}

/* One clause's value, to be written otherwise. */
struct edit {
    size_t from, to;
    struct draft text;
};

struct edits {
    const struct filter *f;
    size_t n;
    struct edit list[256];
    unsigned departures;
};

static struct draft *edit_new(struct edits *e, const struct clause *c, unsigned departure)
{
    struct edit *edit = &e->list[e->n++];
    if (e->n == sizeof e->list / sizeof *e->list)
        abort();
    edit->from = c->value_loc.at;
    edit->to = c->value_loc.at + c->value_loc.n;
    edit->text = (struct draft){0};
    e->departures |= departure;
    return &edit->text;
}

static bool was_said(const struct edits *e, const struct clause *c, enum code code)
{
    for (size_t i = 0; i < e->f->c->n_diags; i++) {
        const struct diag *d = &e->f->c->diags[i];
        if (d->code == code && d->loc.at >= c->value_loc.at && d->loc.at < c->value_loc.at + c->value_loc.n)
            return true;
    }
    return false;
}

static void add_path(struct draft *d, const struct clause *c, const char *view)
{
    for (size_t i = 0; i < c->path->name.n; i++) {
        char byte = c->path->name.p[i];
        if (byte == ' ' || byte == '-')
            draft_char(d, '\\');
        draft_char(d, byte);
    }
    draft_text(d, *view ? "." : "");
    draft_text(d, view);
}

static void add_quoted(struct draft *d, struct slice s)
{
    draft_char(d, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            draft_char(d, '\\');
        draft_char(d, s.p[i]);
    }
    draft_char(d, '"');
}

static struct slice written(const struct edits *e, const struct clause *c)
{
    return (struct slice){e->f->text.s.p + c->value_loc.at, c->value_loc.n};
}

/* The same value, asked of another view: the text between the field and the value stays what it is. */
static void edit_view(struct edits *e, const struct clause *c, const char *view, unsigned departure)
{
    struct draft *d = edit_new(e, c, departure);
    struct slice value = written(e, c);
    draft_char(d, '(');
    add_path(d, c, view);
    draft_char(d, ':');
    draft_add(d, value.p, value.n);
    draft_char(d, ')');
}

static void edit_list(struct edits *e, const struct clause *c)
{
    struct draft *d = edit_new(e, c, 1u << LIST);
    const struct pack *pack = &e->f->c->pack;
    draft_char(d, '(');
    for (size_t i = 0; i < pack->n_lists; i++) {
        if (!slice_eq(pack->lists[i].name, c->value))
            continue;
        for (size_t k = 0; k < pack->lists[i].n; k++) {
            draft_text(d, k ? " OR " : "");
            add_quoted(d, pack->lists[i].values[k].s);
        }
    }
    draft_char(d, ')');
}

static void edit_exists(struct edits *e, const struct clause *c)
{
    struct draft *d = edit_new(e, c, 1u << VIEW_EXISTS);
    draft_text(d, "(_exists_:");
    add_path(d, c, "");
    draft_char(d, ')');
}

static void edit_regex(struct edits *e, const struct clause *c)
{
    struct slice source = {e->f->text.s.p + c->from, c->to - c->from};
    bool text = c->view == VIEW_TEXT, fold = c->any_case && !text;
    struct draft regex = {0};
    unsigned departures = c->any_case ? 1u << CASE_FLAG : 0;
    draft_text(&regex, "");
    reading_regex(&regex, source, text ? LOWER : fold ? FOLD : AS_IS, &departures);
    if (was_said(e, c, W202))
        departures |= 1u << ANY_CASE;
    if (departures) {
        struct draft *d = edit_new(e, c, departures);
        if (fold) {
            draft_char(d, '(');
            add_path(d, c, c->view == VIEW_JSON ? "json.folded" : "folded");
            draft_char(d, ':');
        }
        draft_char(d, '/');
        draft_text(d, regex.p);
        draft_text(d, fold ? "/)" : "/");
    }
    free(regex.p);
}

static void edit_word(struct edits *e, const struct clause *c)
{
    struct slice value = written(e, c);
    bool compared = value.n > 1 && value.p[0] == '\\' && (value.p[1] == '<' || value.p[1] == '>');
    bool phrase = was_said(e, c, W201);
    if (c->kind == CLAUSE_WORD && (compared || phrase))
        add_quoted(edit_new(e, c, (compared ? 1u << COMPARED : 0) | (phrase ? 1u << PHRASE : 0)), c->value);
}

/* A block of addresses in quotes: it is warned of, and stays the phrase that it is. */
static void edit_phrase(struct edits *e, const struct clause *c)
{
    if (was_said(e, c, W201))
        add_quoted(edit_new(e, c, 1u << PHRASE), c->value);
}

static void edit_clause(struct edits *e, const struct clause *c)
{
    switch (c->kind) {
    case CLAUSE_WORD: edit_word(e, c); break;
    case CLAUSE_PHRASE: edit_phrase(e, c); break;
    case CLAUSE_WILDCARD: break;
    case CLAUSE_REGEX: edit_regex(e, c); break;
    case CLAUSE_LIST: edit_list(e, c); break;
    case CLAUSE_RANGE:
        if (c->view == VIEW_TEXT && c->numeric)
            edit_view(e, c, "numeric", 1u << NUMBERS);
        else if (c->view == VIEW_TEXT)
            edit_view(e, c, "keyword", 1u << WHOLE_STRINGS);
        break;
    case CLAUSE_EXISTS:
        if (c->view != VIEW_TEXT)
            edit_exists(e, c);
        break;
    }
}

static void edit_node(struct edits *e, const struct node *node)
{
    if (node->kind == NODE_CLAUSE)
        edit_clause(e, node->clause);
    for (size_t i = 0; i < node->n; i++)
        edit_node(e, node->kids[i]);
}

static int by_place(const void *a, const void *b)
{
    const struct edit *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static void apply(struct edits *e, struct draft *out)
{
    struct slice s = e->f->text.s;
    size_t at = 0;
    draft_text(out, "");
    qsort(e->list, e->n, sizeof *e->list, by_place);
    for (size_t i = 0; i < e->n; i++) {
        draft_add(out, s.p + at, e->list[i].from - at);
        draft_text(out, e->list[i].text.p);
        at = e->list[i].to;
        free(e->list[i].text.p);
    }
    draft_add(out, s.p + at, s.n - at);
}

/* ---- the messages' own rewrites --------------------------------------------------------------- */

/* The rewrite that was said of the clause's regex. */
static const struct slice *rewrite_of(const struct edits *e, const struct clause *c)
{
    for (size_t i = 0; i < e->f->c->n_diags; i++) {
        const struct diag *d = &e->f->c->diags[i];
        bool inside = d->loc.at >= c->value_loc.at && d->loc.at < c->value_loc.at + c->value_loc.n;
        if (inside && (d->code == W202 || d->code == W203))
            return &d->rewrite;
    }
    return NULL;
}

/* False: there is a clause that has no such rewrite. */
static bool take_rewrites(struct edits *e, const struct node *node)
{
    const struct clause *c = node->clause;
    bool fine = true;
    if (node->kind == NODE_CLAUSE && c->kind == CLAUSE_REGEX) {
        const struct slice *rewrite = rewrite_of(e, c);
        if (rewrite && (!rewrite->n || c->any_case || memmem(rewrite->p, rewrite->n, "\\t", 2)))
            return false;
        if (rewrite) {
            struct draft *d = edit_new(e, c, 0);
            draft_char(d, '(');
            draft_add(d, rewrite->p, rewrite->n);
            draft_char(d, ')');
        } else {
            edit_clause(e, c);
        }
    } else if (node->kind == NODE_CLAUSE) {
        edit_clause(e, c);
    }
    for (size_t i = 0; i < node->n; i++)
        fine = take_rewrites(e, node->kids[i]) && fine;
    return fine;
}

struct reading reading_of(const struct filter *f)
{
    struct reading reading = {0};
    struct edits edits = {.f = f}, rewrites = {.f = f};
    edit_node(&edits, f->tree);
    apply(&edits, &reading.text);
    reading.left_out = edits.departures & EMPTY_BRACKETS;
    reading.departures = edits.departures & ~(unsigned)EMPTY_BRACKETS;
    bool complete = take_rewrites(&rewrites, f->tree);
    apply(&rewrites, &reading.rewritten);
    if (!complete)
        reading.rewritten.n = 0;
    return reading;
}

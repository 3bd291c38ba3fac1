/*
 * event.c - W204: eventName and eventSource clauses that name nothing that AWS has.
 *
 * Such a clause never matches, or, below a NOT, excludes nothing. A word is held against every name as its view
 * compares it; of a pattern it is counted how many names it matches. Where the filter pins the event source too, the
 * name must be one of that source's.
 */
#include "event.h"

#include <stdlib.h>
#include <string.h>

#include "trail/text.h"

enum event_field event_field(const struct clause *clause)
{
    if (!clause->path || clause->as_is || (clause->view != VIEW_TEXT && clause->view != VIEW_KEYWORD))
        return EVENT_NEITHER;
    return slice_eq(clause->path->name, SLICE("eventName"))     ? EVENT_NAME
           : slice_eq(clause->path->name, SLICE("eventSource")) ? EVENT_SOURCE
                                                                : EVENT_NEITHER;
}

/* ---- which names a literal is ------------------------------------------------------------------------------ */

/* Whether the words stand in a row in a text. No source repeats a word: there is nothing to go back for. */
static bool has_phrase(struct slice text, const struct literal *literal)
{
    struct trail_tokens walk;
    size_t matched = 0;
    trail_tokens_start(&walk, text.p, text.n);
    while (matched < literal->n_tokens && trail_tokens_next(&walk)) {
        struct slice token = {walk.p, walk.n};
        if (!slice_eq(token, literal->tokens[matched]))
            matched = 0;
        matched += slice_eq(token, literal->tokens[matched]);
    }
    return matched > 0 && matched == literal->n_tokens;
}

static struct slice without_cn(struct slice s)
{
    return s.n > 7 && memcmp(s.p + s.n - 7, ".com.cn", 7) == 0 ? (struct slice){s.p, s.n - 3} : s;
}

/* In China a source may end in `.cn`. */
static struct literal at_home(struct compile *c, const struct literal *literal)
{
    struct literal home = *literal;
    home.whole = without_cn(home.whole);
    if (home.n_tokens == 0)
        return home;
    home.tokens = NEW_ARRAY(c, struct slice, home.n_tokens);
    memcpy(home.tokens, literal->tokens, home.n_tokens * sizeof *home.tokens);
    home.tokens[home.n_tokens - 1] = without_cn(home.tokens[home.n_tokens - 1]);
    return home;
}

static void add_sources(const struct recognise *r, enum view view, const struct literal *literal,
                        struct rows *rows)
{
    struct literal home = at_home(r->c, literal);
    for (size_t i = 0; i < r->catalogue->n_sources; i++) {
        struct slice source = r->catalogue->sources[i];
        if (view == VIEW_KEYWORD ? !slice_eq(source, home.whole) : !has_phrase(source, &home))
            continue;
        for (size_t row = 0; row < catalogue_n_rows(); row++)
            if (row_has_source(row, i))
                *PUSH(r->c, rows->list, rows->n) = (uint32_t)row;
    }
}

static void add_name(const struct recognise *r, size_t name, struct rows *rows)
{
    size_t first, n = name == NO_NAME ? 0 : catalogue_rows(name, &first);
    for (size_t i = 0; i < n; i++)
        *PUSH(r->c, rows->list, rows->n) = (uint32_t)(first + i);
}

static void add_names(const struct recognise *r, enum view view, const struct literal *literal,
                      struct rows *rows)
{
    const struct catalogue *k = r->catalogue;
    size_t before = rows->n;
    if (view == VIEW_KEYWORD)
        add_name(r, catalogue_name(k, literal->whole), rows);
    else if (literal->n_tokens == 1)
        for (size_t at = 0; (at = catalogue_name_any_case(k, literal->tokens[0], at)) != NO_NAME; at++)
            add_name(r, at, rows);
    if (rows->n > before)
        return;
    if (view == VIEW_KEYWORD)
        add_name(r, catalogue_versioned(k, literal->whole, false), rows);
    else if (literal->n_tokens == 1)
        add_name(r, catalogue_versioned(k, literal->tokens[0], true), rows);
}

static int by_row(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The APIs of some literals that are one value. */
static struct rows value_rows(const struct recognise *r, const struct clause *clause,
                              const struct literal *literals, size_t n)
{
    struct rows rows = {.known = true};
    for (size_t i = 0; i < n; i++) {
        if (event_field(clause) == EVENT_NAME)
            add_names(r, clause->view, &literals[i], &rows);
        else
            add_sources(r, clause->view, &literals[i], &rows);
    }
    size_t kept = 0;
    if (rows.n > 0)
        qsort(rows.list, rows.n, sizeof *rows.list, by_row);
    for (size_t i = 0; i < rows.n; i++)
        if (kept == 0 || rows.list[kept - 1] != rows.list[i])
            rows.list[kept++] = rows.list[i];
    rows.n = kept;
    return rows;
}

/* ---- a clause, value by value ------------------------------------------------------------------------------ */

/* One value that a clause names. */
struct value {
    struct slice text; /* escapes undone */
    struct loc loc;
    const struct literal *literals;
    size_t n;
    bool listed;
};

static const struct list *list_of(const struct compile *c, const struct clause *clause)
{
    for (size_t i = 0; i < c->pack.n_lists; i++)
        if (slice_eq(c->pack.lists[i].name, clause->value))
            return &c->pack.lists[i];
    return NULL;
}

/* The value at *at of the clause's literals; false at the end. A number may be two literals in a row. */
static bool next_value(const struct recognise *r, const struct clause *clause, size_t *at, size_t *index,
                       struct value *value)
{
    if (*at >= clause->n_literals)
        return false;
    const struct list *list = clause->kind == CLAUSE_LIST ? list_of(r->c, clause) : NULL;
    const struct literal *first = &clause->literals[*at];
    *value = (struct value){.text = first->whole, .loc = clause->value_loc, .literals = first};
    while (*at < clause->n_literals && clause->literals[*at].whole.p == first->whole.p) {
        value->n++;
        ++*at;
    }
    if (list && *index < list->n) {
        const struct text *text = &list->values[(*index)++];
        value->loc = text_loc(text, 0, text->s.n);
        value->listed = true;
    }
    return true;
}

static bool names_values(const struct clause *clause)
{
    return clause->kind == CLAUSE_WORD || clause->kind == CLAUSE_PHRASE || clause->kind == CLAUSE_LIST;
}

struct rows event_rows(const struct recognise *r, const struct clause *clause)
{
    struct rows all = {.known = names_values(clause)};
    struct value value;
    for (size_t at = 0, index = 0; all.known && next_value(r, clause, &at, &index, &value);) {
        struct rows rows = value_rows(r, clause, value.literals, value.n);
        if (rows.n == 0)
            return (struct rows){0};
        all = rows_either(r->c, all, rows);
    }
    return all;
}

/* ---- what is said of a value --------------------------------------------------------------------------------- */

static const char *kind_of(const struct clause *clause)
{
    return event_field(clause) == EVENT_NAME ? "event" : "event source";
}

/* A name as the clause's value: in quotes, if its value is, or if the name is several words. */
static struct slice as_written(struct compile *c, const struct clause *clause, struct slice name)
{
    struct trail_tokens walk;
    trail_tokens_start(&walk, name.p, name.n);
    bool words = trail_tokens_next(&walk) && trail_tokens_next(&walk);
    bool in_quotes = clause->kind == CLAUSE_PHRASE || (words && clause->view == VIEW_TEXT);
    return in_quotes ? quoted(c, name) : escaped(c, name);
}

static void say_unknown(const struct recognise *r, const struct clause *clause, const struct value *value,
                        const struct scene *scene)
{
    struct slice text = clipped(r->c, value->text);
    struct diag *d = diag(r->c, W204, value->loc, "trailc knows no %s `%.*s` of AWS%s", kind_of(clause),
                          SHOW(text), outcome(scene));
    struct near near = {0};
    if (wants_rewrite(r->c))
        event_near(r, clause, value->text, scene, &near);
    struct slice best = near.n ? near.list[0].name : (struct slice){0};
    if (near.n > 0 && value->listed)
        d->rewrite = best;
    else if (near.n > 0)
        suggest(r->c, d, event_clause(r->c, clause, as_written(r->c, clause, best)), TRY_CHECK);
    if (!value->listed)
        fix_clause(r->c, clause, d);
    struct buffer note = {.c = r->c};
    for (size_t i = 1; i < near.n; i++)
        buffer_printf(&note, "%s%.*s", i == 1 ? "or " : ", ", SHOW(near.list[i].name));
    if (near.n == 0)
        buffer_printf(&note, "there are %zu, from %s",
                      event_field(clause) == EVENT_NAME ? r->catalogue->n_names : r->catalogue->n_sources,
                      catalogue_from());
    d->note = buffer_slice(&note);
    note_as_is(r->c, d, clause, 0);
}

/* As the reader knows the clause that pins the source. */
static struct slice source_shown(const struct recognise *r, const struct scene *scene)
{
    const struct clause *clause = scene->source;
    return clause->kind == CLAUSE_LIST ? diag_format(r->c, "@%.*s", SHOW(clause->value))
                                       : clipped(r->c, clause->value);
}

static bool has_owner(const struct rows *rows, size_t source, bool exact)
{
    for (size_t i = 0; i < rows->n; i++)
        if (row_has_source(rows->list[i], source) && (row_certainty(rows->list[i]) == EXACT) == exact)
            return true;
    return false;
}

/* `iam.amazonaws.com has it`, of some APIs. Services that take forms are the oldest and the most used: they come first. */
static struct slice owners(const struct recognise *r, const struct rows *rows)
{
    struct buffer b = {.c = r->c};
    size_t n = 0;
    for (size_t i = 0; i < 2 * r->catalogue->n_sources; i++) {
        size_t source = i % r->catalogue->n_sources;
        bool old = i < r->catalogue->n_sources;
        if (!has_owner(rows, source, old) || (!old && has_owner(rows, source, true)))
            continue;
        if (n++ < MAX_OWNERS)
            buffer_printf(&b, "%s%.*s", n > 1 ? ", " : "", SHOW(r->catalogue->sources[source]));
    }
    if (n > MAX_OWNERS)
        buffer_printf(&b, " and %zu more", n - MAX_OWNERS);
    buffer_text(&b, n == 1 ? " has it" : " have it");
    return buffer_slice(&b);
}

/* Whether the source that is pinned rules an event out. */
static bool is_elsewhere(const struct recognise *r, const struct clause *clause, const struct scene *scene,
                         struct rows rows)
{
    return event_field(clause) == EVENT_NAME && scene->sources.known && scene->sources.n > 0 &&
           scene->source && rows_both(r->c, rows, scene->sources).n == 0;
}

static void check_values(const struct recognise *r, const struct clause *clause, const struct scene *scene)
{
    struct value value;
    for (size_t at = 0, index = 0; next_value(r, clause, &at, &index, &value);) {
        struct rows rows = value_rows(r, clause, value.literals, value.n);
        if (rows.n == 0) {
            say_unknown(r, clause, &value, scene);
        } else if (is_elsewhere(r, clause, scene, rows)) {
            struct slice text = clipped(r->c, value.text), source = source_shown(r, scene);
            struct diag *d = diag(r->c, W204, value.loc, "`%.*s` has no event `%.*s`%s", SHOW(source),
                                  SHOW(text), outcome(scene));
            d->note = owners(r, &rows);
            note_as_is(r->c, d, clause, 0);
        }
    }
}

/* ---- patterns ------------------------------------------------------------------------------------------------ */

static void check_pattern(const struct recognise *r, const struct clause *clause, const struct scene *scene)
{
    if (!clause->regex) /* it was refused, and that was said */
        return;
    struct rows rows = event_matches(r, clause->regex, clause);
    struct slice text = clipped(r->c, value_text(r->c, r->text, clause));
    if (rows.n == 0) {
        struct diag *d =
            diag(r->c, W204, clause->value_loc, "`%.*s` matches no %s of AWS that trailc knows%s", SHOW(text),
                 kind_of(clause), outcome(scene));
        if (wants_rewrite(r->c))
            event_repair(r, clause, d);
        note_as_is(r->c, d, clause, 0);
    } else if (is_elsewhere(r, clause, scene, rows)) {
        struct slice source = source_shown(r, scene);
        struct diag *d = diag(r->c, W204, clause->value_loc, "`%.*s` matches no event of `%.*s`%s",
                              SHOW(text), SHOW(source), outcome(scene));
        d->note = owners(r, &rows);
        note_as_is(r->c, d, clause, 0);
    }
}

void recognise_event(const struct recognise *r, const struct clause *clause, const struct scene *scene)
{
    if (event_field(clause) == EVENT_NEITHER)
        return;
    if (names_values(clause))
        check_values(r, clause, scene);
    else if (clause->kind == CLAUSE_WILDCARD || clause->kind == CLAUSE_REGEX)
        check_pattern(r, clause, scene);
}

/*
 * near_event.c - the events and event sources that a clause may have meant, and those that a pattern matches.
 *
 * A name is near when a few letters differ, whatever their case. A pattern that matches nothing is tried again with
 * capitals where names have them, with something before and behind it, and in any case.
 */
#include <string.h>

#include "base/near.h"
#include "event.h"
#include "regex/regex.h"
#include "trail/text.h"

enum { LEAST_WORD = 3 /* letters in a row that count as a word of a pattern */ };

struct slice event_clause(struct compile *c, const struct clause *clause, struct slice value)
{
    struct slice field =
        field_text(c, clause->path, clause->view == VIEW_TEXT ? "" : view_name(clause->view));
    return diag_format(c, "%.*s:%.*s", SHOW(field), SHOW(value));
}

/* ---- near names ----------------------------------------------------------------------------------------------- */

static void try_near(struct near *near, struct slice name, size_t distance)
{
    size_t at = near->n;
    if (near->n > 0 && distance < near->list[0].distance)
        at = near->n = 0;
    if (at == MAX_NEAR || (near->n > 0 && distance > near->list[0].distance))
        return;
    near->list[at].name = name;
    near->list[at].distance = distance;
    near->n++;
}

static void try_name(struct near *near, struct slice value, struct slice name)
{
    size_t longer = value.n > name.n ? value.n : name.n, most = (longer + 2) / 4;
    if (longer - (value.n > name.n ? name.n : value.n) > most)
        return;
    size_t distance = word_distance(value, name);
    if (distance <= most)
        try_near(near, name, distance);
}

/* Of the source that is pinned, if it has any. */
static void near_names(const struct recognise *r, struct slice value, const struct scene *scene,
                       struct near *near)
{
    for (size_t i = 0; scene->sources.known && i < scene->sources.n; i++) {
        size_t name = row_name(scene->sources.list[i]);
        if (i == 0 || name != row_name(scene->sources.list[i - 1]))
            try_name(near, value, r->catalogue->names[name]);
    }
    bool found = near->n > 0;
    for (size_t i = 0; !found && i < r->catalogue->n_names; i++)
        try_name(near, value, r->catalogue->names[i]);
}

static struct slice first_label(struct slice source)
{
    const char *dot = memchr(source.p, '.', source.n);
    return (struct slice){source.p, dot ? (size_t)(dot - source.p) : source.n};
}

/* `iam`, `IAM.amazonaws.com` and `ima.amazonaws.com` are near iam.amazonaws.com. */
static void near_sources(const struct recognise *r, struct slice value, struct near *near)
{
    for (size_t i = 0; i < r->catalogue->n_sources; i++)
        try_name(near, first_label(value), first_label(r->catalogue->sources[i]));
    for (size_t i = 0; i < near->n; i++)
        near->list[i].name = diag_format(r->c, "%.*s.amazonaws.com", SHOW(near->list[i].name));
}

void event_near(const struct recognise *r, const struct clause *clause, struct slice value,
                const struct scene *scene, struct near *near)
{
    if (event_field(clause) == EVENT_NAME)
        near_names(r, value, scene, near);
    else
        near_sources(r, value, near);
}

/* ---- what a pattern matches ------------------------------------------------------------------------------------- */

/* Whether the whole of a text is in the language, or, on the text view, one of its words. */
static bool matches(const struct recognise *r, const struct regex *regex, enum view view, struct slice text)
{
    struct trail_tokens walk;
    if (view == VIEW_KEYWORD)
        return regex_match(r->c, regex, text);
    trail_tokens_start(&walk, text.p, text.n);
    while (trail_tokens_next(&walk))
        if (regex_match(r->c, regex, (struct slice){walk.p, walk.n}))
            return true;
    return false;
}

struct rows event_matches(const struct recognise *r, const struct regex *regex, const struct clause *clause)
{
    struct rows rows = {.known = regex != NULL};
    if (!regex)
        return rows;
    bool by_name = event_field(clause) == EVENT_NAME,
         *source_matches = NEW_ARRAY(r->c, bool, r->catalogue->n_sources);
    for (size_t i = 0; i < r->catalogue->n_sources && !by_name; i++)
        source_matches[i] = matches(r, regex, clause->view, r->catalogue->sources[i]);
    bool matched = false;
    for (size_t row = 0; row < catalogue_n_rows(); row++) {
        size_t sources[3], name = row_name(row);
        if (by_name && (row == 0 || name != row_name(row - 1)))
            matched = matches(r, regex, clause->view, r->catalogue->names[name]);
        if (!by_name)
            matched = false;
        for (size_t k = by_name ? 0 : row_sources(row, sources); k > 0; k--)
            matched |= source_matches[sources[k - 1]];
        if (matched)
            *PUSH(r->c, rows.list, rows.n) = (uint32_t)row;
    }
    return rows;
}

static size_t count_names(struct rows rows)
{
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++)
        n += i == 0 || row_name(rows.list[i]) != row_name(rows.list[i - 1]);
    return n;
}

void event_print(const struct recognise *r, struct buffer *b, const struct clause *clause)
{
    if (event_field(clause) != EVENT_NAME || !clause->regex)
        return;
    struct slice text = clipped(r->c, value_text(r->c, r->text, clause));
    buffer_printf(b, "  events: `%.*s` matches %zu of %zu names\n", SHOW(text),
                  count_names(event_matches(r, clause->regex, clause)), r->catalogue->n_names);
}

/* ---- a pattern that matches something ----------------------------------------------------------------------------- */

/* The pattern with the first letter of its first word, or of all its words, as a capital. */
static struct slice capitalised(struct compile *c, struct slice pattern, bool all)
{
    struct slice copy = slice_copy(c, pattern.p, pattern.n);
    char *p = (char *)copy.p;
    bool class = false, done = false;
    for (size_t i = 0, n; i < copy.n; i += n) {
        for (n = 0; i + n < copy.n && p[i + n] >= 'a' && p[i + n] <= 'z'; n++)
            ;
        bool after_capital = i > 0 && p[i - 1] >= 'A' && p[i - 1] <= 'Z';
        if (n >= LEAST_WORD && !class && !after_capital && (all || !done)) {
            p[i] = (char)(p[i] - 32);
            done = true;
        }
        class = n == 0 && p[i] == '[' ? true : n == 0 && p[i] == ']' ? false : class;
        n += n > 0 ? 0 : p[i] == '\\' ? 2 : 1;
    }
    return copy;
}

/* How many APIs the pattern would match, written as the clause's; and the name of the first. */
static size_t try_pattern(const struct recognise *r, const struct clause *clause, struct slice pattern,
                          bool any_case, struct slice *first)
{
    struct compile trial = {.arena = arena_new(), .trial = true};
    struct text text = {.s = pattern, .source = NOWHERE};
    enum regex_dialect dialect = clause->view == VIEW_TEXT ? REGEX_TOKEN
                                 : any_case                ? REGEX_KEYWORD_ANY
                                                           : REGEX_KEYWORD;
    const struct regex *regex = clause->kind == CLAUSE_REGEX
                                    ? regex_parse(&trial, &text, 0, pattern.n, dialect)
                                    : regex_wildcard(&trial, &text, 0, pattern.n, dialect);
    struct recognise again = {.c = &trial, .text = &text, .catalogue = r->catalogue};
    size_t names = 0;
    if (regex && diag_errors(&trial) == 0) {
        struct rows rows = event_matches(&again, regex, clause);
        names = count_names(rows);
        if (rows.n > 0)
            *first = r->catalogue->names[row_name(rows.list[0])];
    }
    arena_free(trial.arena);
    return names;
}

static bool offer_pattern(const struct recognise *r, const struct clause *clause, struct diag *d,
                          struct slice pattern, bool any_case)
{
    struct slice first, value = pattern;
    size_t n = try_pattern(r, clause, pattern, any_case, &first);
    if (n == 0)
        return false;
    if (clause->kind == CLAUSE_REGEX)
        value = diag_format(r->c, "/%.*s/%s", SHOW(pattern), any_case ? "i" : "");
    suggest(r->c, d, event_clause(r->c, clause, value), TRY_CHECK);
    fix_clause(r->c, clause, d);
    if (event_field(clause) == EVENT_NAME)
        d->note = diag_format(r->c, "the rewrite matches %zu event name%s, %s%.*s", n, n == 1 ? "" : "s",
                              n == 1 ? "" : "the first ", SHOW(first));
    return d->rewrite.n > 0;
}

static struct slice wrapped(struct compile *c, const struct clause *clause, struct slice pattern)
{
    const char *any = clause->kind == CLAUSE_REGEX ? ".*" : "*";
    size_t n = strlen(any);
    /* What is left out of a source is its end. */
    bool before = event_field(clause) == EVENT_SOURCE || (pattern.n >= n && memcmp(pattern.p, any, n) == 0);
    bool behind = pattern.n >= n && memcmp(pattern.p + pattern.n - n, any, n) == 0;
    return diag_format(c, "%s%.*s%s", before ? "" : any, SHOW(pattern), behind ? "" : any);
}

/* `Delete.*`, a regex without its slashes, as a wildcard. */
static struct slice without_dots(struct compile *c, struct slice pattern)
{
    struct buffer b = {.c = c};
    for (size_t i = 0; i < pattern.n; i++)
        if (pattern.p[i] != '.' || i + 1 == pattern.n || pattern.p[i + 1] != '*')
            buffer_char(&b, pattern.p[i]);
    return buffer_slice(&b);
}

void event_repair(const struct recognise *r, const struct clause *clause, struct diag *d)
{
    struct slice written = {r->text->s.p + clause->from, clause->to - clause->from};
    if (clause->kind == CLAUSE_WILDCARD && memmem(written.p, written.n, ".*", 2) &&
        offer_pattern(r, clause, d, without_dots(r->c, written), clause->any_case))
        return;
    struct slice first_word = capitalised(r->c, written, false), words = capitalised(r->c, written, true);
    if (clause->view == VIEW_KEYWORD && !clause->any_case) {
        if (offer_pattern(r, clause, d, first_word, false) || offer_pattern(r, clause, d, words, false))
            return;
        if (clause->kind == CLAUSE_REGEX && offer_pattern(r, clause, d, written, true))
            return;
    }
    if (offer_pattern(r, clause, d, wrapped(r->c, clause, written), clause->any_case))
        return;
    if (clause->view == VIEW_KEYWORD && !clause->any_case)
        offer_pattern(r, clause, d, wrapped(r->c, clause, words), false);
}

/*
 * draw.c - which filters are held against Lucene.
 */
#include <stdlib.h>
#include <string.h>

#include "lucene.h"

enum { MAX_NEVER = 200, MAX_TWO = 200 };

static void add(struct filters *f, const char *text)
{
    f->list = realloc(f->list, (f->n + 1) * sizeof *f->list);
    if (!f->list)
        abort();
    f->list[f->n++] = strdup(text);
}

static bool has(const struct filters *f, const char *text)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->list[i], text) == 0)
            return true;
    return false;
}

static void filters_free(struct filters *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->list[i]);
    free(f->list);
}

void draw_free(struct draw *d)
{
    filters_free(&d->accepted);
    filters_free(&d->never);
    filters_free(&d->two);
}

/* ---- accepted, and those that can never match ------------------------------------------------- */

/* Whether a blank, a parenthesis or a sign stands outside of the value: then there is more than a clause. */
static bool is_one_clause(const char *text)
{
    char inside = '\0'; /* what closes the regex, phrase or range that we are in */
    bool one = *text != '-' && *text != '+' && *text != '!';
    for (const char *p = text; one && *p; p++) {
        const char *opens = "/\"[{", *at = strchr(opens, *p);
        if (*p == '\\' && p[1])
            p++;
        else if (inside)
            inside = *p == inside || (inside == ']' && *p == '}') ? '\0' : inside;
        else if (at)
            inside = *p == '[' || *p == '{' ? ']' : *p;
        else
            one = !strchr(" ()", *p);
    }
    return one;
}

/* What Lucene is known to read otherwise: the flag of a regex, and string bounds, which it holds against
 * words. */
static bool departs(const char *text)
{
    size_t n = strlen(text);
    const char *value = strchr(text, ':') + 1;
    return (n > 2 && strcmp(text + n - 2, "/i") == 0) || strchr("[{<>", *value);
}

/* One clause about a field, of which nothing else was said. */
static bool is_never(const struct filter *f)
{
    const char *text = f->text.s.p;
    return f->c->n_diags == 1 && f->c->diags[0].code == E108 && is_one_clause(text) &&
           strcspn(text, ":") < strcspn(text, "/\"") && !departs(text);
}

/*
 * query_string undoes escapes and quotes before it looks for the `*` of an open bound: with it `<\*` is all
 * there is. Lucene has no way to say the other.
 */
static bool has_star_bound(const struct node *node)
{
    const struct clause *c = node->clause;
    bool has = node->kind == NODE_CLAUSE && c->kind == CLAUSE_RANGE &&
               ((!c->low.open && slice_eq(c->low.value, SLICE("*"))) ||
                (!c->high.open && slice_eq(c->high.value, SLICE("*"))));
    for (size_t i = 0; i < node->n; i++)
        has = has || has_star_bound(node->kids[i]);
    return has;
}

/* A filter of this length is no better test than a shorter one, and is stored. */
enum { MAX_FILTER = 300 };

static bool can_be_asked(const struct filter *f)
{
    struct reading reading = reading_of(f);
    free(reading.text.p);
    free(reading.rewritten.p);
    return !reading.left_out && !has_star_bound(f->tree);
}

static void take(struct draw *d, const char *text)
{
    if (strlen(text) > MAX_FILTER || has(&d->accepted, text))
        return;
    struct filter f = filter_read(text);
    if (f.tree && can_be_asked(&f))
        add(&d->accepted, text);
    else if (!f.tree && is_never(&f) && d->never.n < MAX_NEVER && !has(&d->never, text))
        add(&d->never, text);
    filter_free(&f);
}

/* ---- two readings ----------------------------------------------------------------------------- */

/* A clause that a value of the record meets, or false. */
static bool write_hit(struct random *r, const struct naive_event *record, struct draft *d, struct draft *word)
{
    d->n = word->n = 0;
    for (unsigned tries = 0; tries < 20; tries++) {
        const struct naive_value *v = &record->values[random_below(r, (unsigned)record->n)];
        if (!v->text || v->words.n == 0 || strpbrk(v->path, " -") || strlen(v->words.list[0]) > 20)
            continue;
        draft_text(d, v->path + 1);
        draft_char(d, ':');
        draft_text(word, v->words.list[random_below(r, (unsigned)v->words.n)]);
        draft_text(d, word->p);
        struct filter f = filter_read(d->p);
        bool plain = f.tree && f.c->n_diags == 0;
        filter_free(&f);
        if (plain)
            return true;
        d->n = word->n = 0;
    }
    return false;
}

static void write_two(struct random *r, const struct corpus *c, struct filters *out)
{
    static const char *const shapes[] = {"%1 OR %2 AND %3", "%1 AND %2 OR %3", "%1 OR NOT %2", "NOT %1 OR %2",
                                         "%1 %2",           "%1 ^2",           "%1 and %2",    "%1 or %2"};
    struct draft clauses[3] = {{0}}, words[3] = {{0}}, text = {0};
    bool good = true;
    for (size_t i = 0; i < 3; i++)
        good = write_hit(r, c->records[random_below(r, (unsigned)c->n)], &clauses[i], &words[i]) && good;
    draft_text(&text, "");
    for (const char *p = RANDOM_OF(r, shapes); good && *p; p++) {
        if (*p == '%' || *p == '^') {
            const struct draft *d = *p == '%' ? clauses : words;
            draft_text(&text, d[*++p - '1'].p);
        } else {
            draft_char(&text, *p);
        }
    }
    if (good)
        add(out, text.p);
    for (size_t i = 0; i < 3; i++) {
        free(clauses[i].p);
        free(words[i].p);
    }
    free(text.p);
}

/* ---- the draw --------------------------------------------------------------------------------- */

struct draw draw_filters(const struct corpus *c, uint64_t seed, size_t n)
{
    struct draw d = {{0}, {0}, {0}};
    struct random r = {.state = seed};
    for (size_t tried = 0; d.accepted.n < n && tried < n * 10; tried++) {
        struct draft text = {0};
        if (d.accepted.n > 0 && random_one_in(&r, 5))
            random_twin(&r, d.accepted.list[d.accepted.n - 1], &text);
        else
            random_filter(&r, &text, false);
        take(&d, text.p);
        free(text.p);
    }
    for (size_t tried = 0; d.two.n < MAX_TWO && tried < MAX_TWO * 10; tried++)
        write_two(&r, c, &d.two);
    return d;
}

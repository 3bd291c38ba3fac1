/*
 * catalogue.c - looks things up in the tables that tables.awk made.
 */
#include "catalogue.h"

#include <string.h>

#include "tables.h"

/* ---- names and words ---------------------------------------------------------------------------- */

/* One entry behind the other, the letters that each shares with the one before filled in. */
static struct slice *decode(struct compile *c, const struct coded *coded)
{
    struct slice *list = NEW_ARRAY(c, struct slice, coded->n);
    const char *p = NULL;
    for (size_t i = 0; i < coded->n; i++) {
        if (i % IN_BLOCK == 0)
            p = coded->blocks[i / IN_BLOCK];
        size_t shared = (size_t)(unsigned char)*p++ - 1, rest = strlen(p);
        char *word = arena_alloc(c->arena, shared + rest + 1);
        if (shared > 0)
            memcpy(word, list[i - 1].p, shared);
        memcpy(word + shared, p, rest);
        list[i] = (struct slice){word, shared + rest};
        p += rest + 1;
    }
    return list;
}

const struct catalogue *catalogue(struct compile *c)
{
    if (!c->catalogue) {
        struct catalogue *made = NEW(c, struct catalogue);
        made->n_names = tables_names.n;
        made->names = decode(c, &tables_names);
        made->n_words = tables_words.n;
        made->words = decode(c, &tables_words);
        made->n_sources = tables_n_sources;
        made->sources = NEW_ARRAY(c, struct slice, tables_n_sources);
        for (size_t i = 0; i < tables_n_sources; i++)
            made->sources[i] = diag_format(c, "%s.amazonaws.com", tables_sources[i]);
        c->catalogue = made;
    }
    return c->catalogue;
}

const char *catalogue_from(void)
{
    return tables_from;
}

static char small(char ch)
{
    return (char)(ch >= 'A' && ch <= 'Z' ? ch + 32 : ch);
}

static bool same_letters(struct slice a, struct slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (small(a.p[i]) != small(b.p[i]))
            return false;
    return true;
}

size_t catalogue_name_any_case(const struct catalogue *k, struct slice name, size_t from)
{
    for (size_t i = from; i < k->n_names; i++)
        if (same_letters(k->names[i], name))
            return i;
    return NO_NAME;
}

size_t catalogue_name(const struct catalogue *k, struct slice name)
{
    size_t low = 0, high = k->n_names;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_cmp(k->names[middle], name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NO_NAME;
}

/* ---- names with a version ----------------------------------------------------------------------- */

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

/* Whether `text` is spelled as the pattern: # is a digit, all else itself. */
static bool spelled(const char *text, const char *pattern, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pattern[i] == '#' ? !is_digit(text[i]) : text[i] != pattern[i])
            return false;
    return true;
}

/* The name without the date at its end, as a service writes it; n 0: it has none. */
static struct slice without_date(struct slice name, const char *date)
{
    size_t n = strlen(date);
    if (name.n <= n || !spelled(name.p + name.n - n, date, n))
        return (struct slice){0};
    return (struct slice){name.p, name.n - n};
}

static bool name_has_source(size_t name, const char *source)
{
    size_t first, n = catalogue_rows(name, &first), sources[MAX_SOURCES];
    for (size_t i = 0; i < n; i++)
        for (size_t k = row_sources(first + i, sources); k > 0; k--)
            if (strcmp(tables_sources[sources[k - 1]], source) == 0)
                return true;
    return false;
}

size_t catalogue_versioned(const struct catalogue *k, struct slice name, bool any_case)
{
    static const struct {
        const char *date, *source;
    } rules[] = {{"20######", "lambda"}, {"20######v#", "lambda"}, {"20##_##_##", "cloudfront"}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct slice stem = without_date(name, rules[i].date);
        size_t id = stem.n == 0 ? NO_NAME
                    : any_case  ? catalogue_name_any_case(k, stem, 0)
                                : catalogue_name(k, stem);
        if (id != NO_NAME && name_has_source(id, rules[i].source))
            return id;
    }
    return NO_NAME;
}

/* ---- fields ------------------------------------------------------------------------------------- */

const struct field *catalogue_fields(size_t *n)
{
    *n = tables_n_fields;
    return tables_fields;
}

static const struct field *find_field(struct slice path)
{
    size_t low = 0, high = tables_n_fields;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_cmp(slice_of(tables_fields[middle].path), path);
        if (order == 0)
            return &tables_fields[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct field *catalogue_field(const struct path *path)
{
    const struct field *field = find_field(path->name);
    for (size_t n = path->name.n; !field && n > 0; n--) {
        if (path->name.p[n - 1] != '.')
            continue;
        const struct field *above = find_field((struct slice){path->name.p, n - 1});
        if (above)
            return above->kind == FIELD_OPEN ? above : NULL;
    }
    return field;
}

/* ---- sources and rows --------------------------------------------------------------------------- */

size_t catalogue_n_rows(void)
{
    return tables_n_rows;
}

size_t row_name(size_t row)
{
    return tables_rows[row].name;
}

size_t catalogue_rows(size_t name, size_t *first)
{
    size_t low = 0, high = tables_n_rows, n = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tables_rows[middle].name < name)
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low + n < tables_n_rows && tables_rows[low + n].name == name)
        n++;
    return n;
}

size_t row_sources(size_t row, size_t sources[3])
{
    const uint16_t *set = tables_source_sets[tables_rows[row].sources];
    size_t n = 0;
    while (n < MAX_SOURCES && set[n]) {
        sources[n] = (size_t)set[n] - 1;
        n++;
    }
    return n;
}

bool row_has_source(size_t row, size_t source)
{
    size_t sources[MAX_SOURCES];
    for (size_t n = row_sources(row, sources); n > 0; n--)
        if (sources[n - 1] == source)
            return true;
    return false;
}

/* ---- parameters --------------------------------------------------------------------------------- */

static const uint16_t *parameters_of(size_t row)
{
    return tables_parameters + tables_parameters_at[tables_rows[row].parameters];
}

enum certainty row_certainty(size_t row)
{
    return (enum certainty) * parameters_of(row);
}

/* The entry behind one, and behind what lies below it. */
static const uint16_t *next_entry(const uint16_t *at)
{
    if (*++at == LIST_OPEN)
        while (*at++ != LIST_CLOSE)
            ;
    return at;
}

/* The entry of a key from `at` to the end of its list; NULL: none. */
static const uint16_t *find_entry(const struct catalogue *k, const uint16_t *at, struct slice key,
                                  enum certainty certainty)
{
    for (; *at != LIST_END && *at != LIST_CLOSE; at = next_entry(at)) {
        struct slice word = k->words[*at - 1];
        bool same_start =
            key.n && (certainty == LIKELY ? small(*key.p) == small(*word.p) : *key.p == *word.p);
        if (same_start && key.n == word.n && memcmp(key.p + 1, word.p + 1, key.n - 1) == 0)
            return at;
    }
    return NULL;
}

/* The list that the key at `depth` is looked up in; NULL: not known, or not there. */
static const uint16_t *list_at(const struct catalogue *k, size_t row, const struct slice *keys, size_t depth)
{
    const uint16_t *at = parameters_of(row) + 1;
    if (row_certainty(row) == UNKNOWN)
        return NULL;
    for (size_t i = 0; i < depth; i++) {
        at = find_entry(k, at, keys[i], row_certainty(row));
        if (!at || at[1] != LIST_OPEN)
            return NULL;
        at += 2;
    }
    return at;
}

bool row_has_parameter(const struct catalogue *k, size_t row, const struct slice *keys, size_t n,
                       size_t *depth)
{
    for (size_t i = 0; i < n; i++) {
        const uint16_t *list = list_at(k, row, keys, i);
        if (!list)
            return true;
        if (!find_entry(k, list, keys[i], row_certainty(row))) {
            *depth = i;
            return false;
        }
    }
    return true;
}

void row_parameters(const struct catalogue *k, size_t row, const struct slice *keys, size_t depth,
                    void (*each)(void *, struct slice), void *to)
{
    const uint16_t *at = list_at(k, row, keys, depth);
    for (; at && *at != LIST_END && *at != LIST_CLOSE; at = next_entry(at))
        each(to, k->words[*at - 1]);
}

/*
 * vocabulary.c - see vocabulary.h.
 */
#include "vocabulary.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "filters.h"

/* Texts, those that come often as often as they come. */
struct texts {
    size_t n, room;
    char **list;
};

struct path_values {
    char *path;
    struct texts values, pieces;
};

static struct {
    size_t n;
    struct path_values *paths;
    struct texts often; /* paths, by how often they come */
    struct texts values, pieces, numbers, addresses;
    const struct path_values *current; /* drawn last */
} all;

static void texts_add(struct texts *t, const char *text, size_t n)
{
    if (t->n == t->room) {
        t->room = t->room ? t->room * 2 : 16;
        t->list = realloc(t->list, t->room * sizeof *t->list);
    }
    char *copy = malloc(n + 1);
    if (!t->list || !copy)
        abort();
    memcpy(copy, text, n);
    copy[n] = '\0';
    t->list[t->n++] = copy;
}

static void texts_free(struct texts *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->list[i]);
    free(t->list);
    *t = (struct texts){0};
}

static const char *draw(struct random *r, const struct texts *t)
{
    return t->n ? t->list[random_below(r, (unsigned)t->n)] : "x";
}

/* ---- the corpus ------------------------------------------------------------------------------- */

struct corpus *corpus_read(const char *path)
{
    size_t n;
    struct corpus *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->text = file_read(path, &n);
    for (char *line = c->text, *end; line && (end = strchr(line, '\n')); line = end + 1) {
        c->records = realloc(c->records, (c->n + 1) * sizeof *c->records);
        if (!c->records)
            abort();
        c->records[c->n] = naive_event_read(line, (size_t)(end - line));
        if (!c->records[c->n++])
            abort();
    }
    if (c->text)
        return c;
    free(c);
    return NULL;
}

void corpus_free(struct corpus *c)
{
    for (size_t i = 0; i < c->n; i++)
        naive_event_free(c->records[i]);
    free(c->records);
    free(c->text);
    free(c);
}

/* ---- reading ---------------------------------------------------------------------------------- */

/* Paths that a filter writes as they are, and whose last key is no view's name, which Lucene has no backslash
 * for. */
static bool is_plain(const char *path)
{
    const char *last = strrchr(path, '.');
    last = last ? last + 1 : path;
    for (const char *p = path; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("._- ", *p) && (unsigned char)*p < 0x80)
            return false;
    for (enum view v = VIEW_TEXT; v <= VIEW_JSON; v++)
        if (strcmp(last, view_name(v)) == 0)
            return false;
    return *path && !strstr(path, "..") && *last && *path != '.' && *path != '-';
}

static struct path_values *values_of(const char *path)
{
    for (size_t i = 0; i < all.n; i++)
        if (strcmp(all.paths[i].path, path) == 0)
            return &all.paths[i];
    all.paths = realloc(all.paths, (all.n + 1) * sizeof *all.paths);
    if (!all.paths)
        abort();
    struct path_values *new = &all.paths[all.n++];
    *new = (struct path_values){.path = strdup(path)};
    return new;
}

/* Letters and digits in a row; what is not ASCII counts as a letter. */
static size_t piece_length(const char *p)
{
    size_t n = 0;
    while (isalnum((unsigned char)p[n]) || (unsigned char)p[n] >= 0x80 || p[n] == '_')
        n++;
    return n;
}

static void read_text(struct path_values *path, const char *text)
{
    size_t n = strlen(text);
    texts_add(&path->values, text, n);
    texts_add(&all.values, text, n);
    if (naive_is_number(text))
        texts_add(&all.numbers, text, n);
    if (n > 2 && strspn(text, "0123456789abcdefABCDEF.:") == n && (strchr(text, '.') || strchr(text, ':')) &&
        !naive_is_number(text))
        texts_add(&all.addresses, text, n);
    for (const char *p = text; *p;) {
        size_t length = piece_length(p);
        if (length > 0 && length < 30) {
            texts_add(&path->pieces, p, length);
            texts_add(&all.pieces, p, length);
        }
        p += length ? length : 1;
    }
}

void vocabulary_read(const struct corpus *c)
{
    for (size_t i = 0; i < c->n; i++) {
        for (size_t k = 0; k < c->records[i]->n; k++) {
            const struct naive_value *v = &c->records[i]->values[k];
            const char *path = v->path + 1;
            if (!is_plain(path) || v->kind == NAIVE_NULL)
                continue;
            struct path_values *values = values_of(path);
            texts_add(&all.often, path, strlen(path));
            if (v->text)
                read_text(values, v->text);
        }
    }
}

void vocabulary_free(void)
{
    for (size_t i = 0; i < all.n; i++) {
        free(all.paths[i].path);
        texts_free(&all.paths[i].values);
        texts_free(&all.paths[i].pieces);
    }
    free(all.paths);
    texts_free(&all.often);
    texts_free(&all.values);
    texts_free(&all.pieces);
    texts_free(&all.numbers);
    texts_free(&all.addresses);
    all.paths = NULL;
    all.n = 0;
}

/* ---- random.h --------------------------------------------------------------------------------- */

const char *random_path(struct random *r)
{
    bool often = random_one_in(r, 2);
    const struct path_values *path = &all.paths[random_below(r, (unsigned)all.n)];
    all.current = often ? values_of(draw(r, &all.often)) : path;
    return all.current->path;
}

static const char *value(struct random *r)
{
    bool own = all.current && all.current->values.n > 0 && !random_one_in(r, 5);
    return draw(r, own ? &all.current->values : &all.values);
}

void random_string(struct random *r, struct draft *d)
{
    draft_text(d, value(r));
}

const char *random_piece(struct random *r)
{
    bool own = all.current && all.current->pieces.n > 0 && !random_one_in(r, 5);
    return draw(r, own ? &all.current->pieces : &all.pieces);
}

const char *random_number(struct random *r)
{
    static const char *const some[] = {"0",   "1",    "5",  "10",  "22",   "100",
                                       "443", "1000", "-1", "0.5", "1.05", "1e3"};
    return random_one_in(r, 3) ? RANDOM_OF(r, some) : draw(r, &all.numbers);
}

const char *random_address(struct random *r)
{
    return draw(r, &all.addresses);
}

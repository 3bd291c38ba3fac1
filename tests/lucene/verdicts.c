/*
 * verdicts.c - see verdicts.h.
 */
#include "verdicts.h"

#include <stdlib.h>
#include <string.h>

/* Filters a pack: the more, the less each costs to build. */
enum { PACK_FILTERS = 1250 };

static bool *hits_new(size_t n)
{
    bool *hits = calloc(n ? n : 1, sizeof *hits);
    if (!hits)
        abort();
    return hits;
}

void verdict_free(struct verdict *v)
{
    free(v->hits);
    free(v->error);
    *v = (struct verdict){0};
}

size_t verdict_count(const struct verdict *v, size_t n_records)
{
    size_t n = 0;
    for (size_t i = 0; v->hits && i < n_records; i++)
        n += v->hits[i];
    return n;
}

bool verdict_eq(const struct verdict *a, const struct verdict *b, size_t n_records)
{
    return a->hits && b->hits && memcmp(a->hits, b->hits, n_records * sizeof *a->hits) == 0;
}

/* FNV-1a. */
uint32_t verdict_hash(const struct verdict *v, size_t n_records)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; v->hits && i < n_records; i++)
        hash = (hash ^ v->hits[i]) * 16777619u;
    return hash;
}

/* ---- compiled code ---------------------------------------------------------------------------- */

struct builder {
    const struct site *site;
    const char *const *filters;
    size_t n_records;
    struct verdict *out;
};

static bool too_large_for_re2c(const char *log)
{
    size_t n;
    char *text = file_read(log, &n);
    bool large = text && strstr(text, "re2c: error: DFA has too many states");
    free(text);
    return large;
}

static bool run_pack(const struct builder *b, const char *scanner, size_t from, size_t to)
{
    size_t n = to - from;
    bool *hits = hits_new(n * b->n_records);
    bool good = hits_read(scanner, b->site->corpus, n, b->n_records, hits);
    for (size_t i = 0; good && i < n; i++) {
        struct verdict *v = &b->out[from + i];
        v->hits = hits_new(b->n_records);
        for (size_t k = 0; k < b->n_records; k++)
            v->hits[k] = hits[k * n + i];
    }
    free(hits);
    return good;
}

/* Halves a pack that re2c does not take, down to the filter that it is about. */
static bool build_pack(const struct builder *b, size_t from, size_t to)
{
    char pack[4096], scanner[4096], log[4096], command[20000];
    const char *directory = b->site->directory;
    snprintf(pack, sizeof pack, "%s/pack.yaml", directory);
    snprintf(scanner, sizeof scanner, "%s/scanner", directory);
    snprintf(log, sizeof log, "%s/build.log", directory);
    snprintf(command, sizeof command, "%s build '%s' -o '%s' >'%s' 2>&1", b->site->trailc, pack, scanner,
             log);
    if (!pack_write(pack, to - from, b->filters + from, NULL))
        return false;
    if (system(command) == 0)
        return run_pack(b, scanner, from, to);
    if (!too_large_for_re2c(log)) {
        printf("not ok - %s builds; see %s\n", pack, log);
        return false;
    }
    if (to - from == 1) {
        b->out[from].error = strdup("a regex too large for re2c");
        return true;
    }
    size_t middle = from + (to - from) / 2;
    return build_pack(b, from, middle) && build_pack(b, middle, to);
}

bool verdicts_compiled(const struct site *site, size_t n, const char *const *filters, size_t n_records,
                       struct verdict *out)
{
    struct builder b = {site, filters, n_records, out};
    for (size_t from = 0; from < n; from += PACK_FILTERS)
        if (!build_pack(&b, from, from + PACK_FILTERS < n ? from + PACK_FILTERS : n))
            return false;
    return true;
}

/* ---- the naive evaluator ---------------------------------------------------------------------- */

struct verdict verdict_naive(const struct filter *f, const struct corpus *c)
{
    struct verdict v = {.hits = hits_new(c->n)};
    struct naive *naive = naive_new(f->c, &f->text, f->tree);
    for (size_t i = 0; i < c->n; i++)
        v.hits[i] = naive_match(naive, c->records[i]);
    naive_free(naive);
    return v;
}

/* ---- Lucene ----------------------------------------------------------------------------------- */

/* One filter a line: line ends within a filter are private characters, which Verdicts.java turns back. */
static bool write_filters(const char *path, size_t n, const char *const *filters)
{
    struct draft d = {0};
    draft_text(&d, "");
    for (size_t i = 0; i < n; i++) {
        for (const char *p = filters[i]; *p; p++) {
            if (*p == '\n' || *p == '\r')
                draft_text(&d, *p == '\n' ? "\xEE\x80\x80" : "\xEE\x80\x81");
            else
                draft_char(&d, *p);
        }
        draft_char(&d, '\n');
    }
    bool good = file_write(path, d.p, d.n);
    free(d.p);
    return good;
}

static struct verdict verdict_of_line(const char *line, size_t n_records)
{
    struct verdict v = {0};
    if (*line == '!' || strlen(line) != (n_records + 3) / 4) {
        v.error = strdup(*line == '!' ? line + 1 : "a line of another length");
        return v;
    }
    v.hits = hits_new(n_records);
    for (size_t i = 0; i < n_records; i++) {
        char digit = line[i / 4];
        unsigned bits = (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        v.hits[i] = bits >> (3 - i % 4) & 1;
    }
    return v;
}

bool verdicts_lucene(const struct site *site, size_t n, const char *const *filters, size_t n_records,
                     struct verdict *out)
{
    char questions[4096], answers[4096], command[20000];
    snprintf(questions, sizeof questions, "%s/questions", site->directory);
    snprintf(answers, sizeof answers, "%s/answers", site->directory);
    snprintf(command, sizeof command, "%s '%s' '%s' '%s'", site->lucene, site->corpus, questions, answers);
    if (!write_filters(questions, n, filters) || system(command) != 0) {
        printf("not ok - Lucene runs: %s\n", command);
        return false;
    }
    size_t size, i = 0;
    char *text = file_read(answers, &size), *rest = text;
    for (char *line; text && i < n && (line = strsep(&rest, "\n"));)
        out[i++] = verdict_of_line(line, n_records);
    free(text);
    if (i < n)
        printf("not ok - Lucene answers %zu filters of %zu\n", i, n);
    return i == n;
}

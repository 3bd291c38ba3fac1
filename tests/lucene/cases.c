/*
 * cases.c - compiled filters against the stored verdicts of the real Lucene.
 *
 *     lucene-cases write LUCENE DIRECTORY     makes pack.yaml and docs.ndjson there: the filters that the
 *                                             compiler takes, and their documents
 *     lucene-cases compare LUCENE DIRECTORY   DIRECTORY/scanner, built of the pack, is run and judged: TAP
 *
 * LUCENE holds cases.jsonl (filters with documents of their own), hits.jsonl (filters and the lines of
 * corpus.ndjson that each matches). Where the two disagree, departures.c must say why.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "departures.h"
#include "filters.h"
#include "naive.h"

enum { MAX_QUERIES = 2000 };

/* A filter with what Lucene says. */
struct query {
    char id[16];
    char *text;
    bool error;      /* Lucene does not take it */
    size_t first, n; /* its records in the input */
    bool *want;      /* Lucene's verdicts */
    enum code said;  /* the first error, else the first warning, else 0 */
    bool accepted;
    bool *got;
};

struct queries {
    size_t n, n_docs, n_cases, n_corpus;
    struct query list[MAX_QUERIES];
    struct draft docs;
};

static char *in(const char *directory, const char *name)
{
    static char paths[4][4096];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", directory, name);
    return path;
}

static void *array_of(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p)
        abort();
    return p;
}

/* ---- reading ---------------------------------------------------------------------------------- */

static enum code first_code(const struct filter *f)
{
    for (size_t i = 0; i < f->c->n_diags; i++)
        if (code_is_error(f->c->diags[i].code))
            return f->c->diags[i].code;
    return f->c->n_diags ? f->c->diags[0].code : 0;
}

static struct query *add_query(struct queries *q, const cJSON *line)
{
    struct query *query = &q->list[q->n++];
    query->text = strdup(cJSON_GetObjectItem(line, "query")->valuestring);
    query->error = cJSON_IsString(cJSON_GetObjectItem(line, "error"));
    struct filter f = filter_read(query->text);
    query->said = first_code(&f);
    query->accepted = f.tree != NULL;
    filter_free(&f);
    return query;
}

/* The documents as they are spelled: cJSON would write 5.0 as 5. */
static void add_docs(struct queries *q, const char *line)
{
    struct naive_event *e = naive_event_read(line, strlen(line));
    for (size_t i = 0; i < e->n; i++) {
        if (e->values[i].kind != NAIVE_OBJECT || strcmp(e->values[i].path, ".docs") != 0)
            continue;
        draft_add(&q->docs, e->values[i].json.p, e->values[i].json.n);
        draft_char(&q->docs, '\n');
        q->n_docs++;
    }
    naive_event_free(e);
}

static void add_case(struct queries *q, const char *text, const cJSON *line)
{
    struct query *query = add_query(q, line);
    snprintf(query->id, sizeof query->id, "%s", cJSON_GetObjectItem(line, "id")->valuestring);
    query->first = q->n_docs;
    add_docs(q, text);
    query->n = q->n_docs - query->first;
    query->want = array_of(query->n, sizeof *query->want);
    size_t i = 0;
    const cJSON *match;
    cJSON_ArrayForEach(match, cJSON_GetObjectItem(line, "match")) query->want[i++] = cJSON_IsTrue(match);
}

static void add_hits(struct queries *q, const cJSON *line)
{
    struct query *query = add_query(q, line);
    snprintf(query->id, sizeof query->id, "q%zu", q->n - q->n_cases);
    query->n = q->n_corpus;
    query->want = array_of(query->n, sizeof *query->want);
    const cJSON *hit;
    cJSON_ArrayForEach(hit, cJSON_GetObjectItem(line, "hits")) query->want[(size_t)hit->valuedouble] = true;
}

static bool read_lines(struct queries *q, const char *path, bool cases)
{
    size_t n;
    char *text = file_read(path, &n), *rest = text;
    for (char *line; text && (line = strsep(&rest, "\n")) && q->n < MAX_QUERIES;) {
        cJSON *json = cJSON_Parse(line);
        if (json && cases)
            add_case(q, line, json);
        else if (json)
            add_hits(q, json);
        cJSON_Delete(json);
    }
    free(text);
    return text != NULL;
}

static struct queries *queries_read(const char *lucene)
{
    struct queries *q = array_of(1, sizeof *q);
    size_t n;
    char *corpus = file_read(in(lucene, "corpus.ndjson"), &n);
    for (size_t i = 0; corpus && i < n; i++)
        q->n_corpus += corpus[i] == '\n';
    free(corpus);
    bool good = corpus && read_lines(q, in(lucene, "cases.jsonl"), true);
    q->n_cases = q->n;
    if (good && read_lines(q, in(lucene, "hits.jsonl"), false))
        return q;
    printf("not ok - Lucene's verdicts: cannot read %s\n", lucene);
    exit(1);
}

static void queries_free(struct queries *q)
{
    for (size_t i = 0; i < q->n; i++) {
        free(q->list[i].text);
        free(q->list[i].want);
        free(q->list[i].got);
    }
    free(q->docs.p);
    free(q);
}

/* ---- judging ---------------------------------------------------------------------------------- */

static bool run_scanner(struct queries *q, const char *scanner, const char *input, size_t n, size_t from,
                        size_t to)
{
    bool *hits = array_of(n * q->n, sizeof *hits);
    bool good = hits_read(scanner, input, q->n, n, hits);
    for (size_t i = from; i < to; i++) {
        struct query *query = &q->list[i];
        query->got = array_of(query->n, sizeof *query->got);
        for (size_t k = 0; k < query->n; k++)
            query->got[k] = hits[(query->first + k) * q->n + i];
    }
    free(hits);
    return good;
}

static size_t count_differences(const struct query *query)
{
    size_t n = 0;
    for (size_t i = 0; query->accepted && !query->error && i < query->n; i++)
        n += query->got[i] != query->want[i];
    return n;
}

static void code_print(enum code code)
{
    if (code)
        printf("%c%03u", code_is_error(code) ? 'E' : 'W', (unsigned)code);
    else
        printf("0");
}

/* Holds one filter against its row of the table; no row: nothing was said, and all verdicts are Lucene's. */
static bool judge(const struct query *query)
{
    const struct departure *row = departure_of(query->id);
    size_t differences = count_differences(query);
    bool differs = differences > 0 || (query->accepted && query->error);
    bool good = row ? row->said == query->said && row->differs == differs : !query->said && !differs;
    printf("%s - %s %s", good ? "ok" : "not ok", query->id, query->text);
    if (row)
        printf(" (%s: %s)", reason_text(row->reason), row->because);
    putchar('\n');
    if (good)
        return true;
    printf("    said ");
    code_print(query->said);
    printf(", expected ");
    code_print(row ? row->said : 0);
    printf("; %zu verdicts differ%s, expected %s; record:compiled:Lucene", differences,
           query->error && query->accepted ? " (Lucene refuses it)" : "",
           row && row->differs ? "some" : "none");
    for (size_t i = 0, shown = 0; query->accepted && !query->error && i < query->n && shown < 12; i++)
        if (query->got[i] != query->want[i])
            printf(" %zu:%d:%d", i, query->got[i], query->want[i]), shown++;
    putchar('\n');
    return false;
}

static bool is_query(const struct queries *q, const char *id)
{
    for (size_t i = 0; i < q->n; i++)
        if (strcmp(q->list[i].id, id) == 0)
            return true;
    return false;
}

static int run_write(const char *lucene, const char *directory)
{
    struct queries *q = queries_read(lucene);
    const char *filters[MAX_QUERIES];
    for (size_t i = 0; i < q->n; i++)
        filters[i] = q->list[i].accepted ? q->list[i].text : NULL;
    bool good = pack_write(in(directory, "pack.yaml"), q->n, filters, NULL) &&
                file_write(in(directory, "docs.ndjson"), q->docs.p, q->docs.n);
    queries_free(q);
    return good ? 0 : 1;
}

static int run_compare(const char *lucene, const char *directory)
{
    struct queries *q = queries_read(lucene);
    const char *scanner = in(directory, "scanner");
    bool good = run_scanner(q, scanner, in(directory, "docs.ndjson"), q->n_docs, 0, q->n_cases) &&
                run_scanner(q, scanner, in(lucene, "corpus.ndjson"), q->n_corpus, q->n_cases, q->n);
    if (!good)
        printf("not ok - the scanner runs over Lucene's documents\n");
    bool fine = good;
    for (size_t i = 0; good && i < q->n; i++)
        fine = judge(&q->list[i]) && fine;
    for (size_t i = 0; i < n_departures; i++) {
        bool known = is_query(q, departures[i].id);
        printf("%s - departure %s is of a filter\n", known ? "ok" : "not ok", departures[i].id);
        fine = fine && known;
    }
    queries_free(q);
    return fine ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "write") == 0)
        return run_write(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "compare") == 0)
        return run_compare(argv[2], argv[3]);
    fputs("usage: lucene-cases write|compare LUCENE DIRECTORY\n", stderr);
    return 2;
}

/*
 * replay.c - compiled code and the naive evaluator against stored verdicts of Lucene.
 *
 * Stored is what Lucene says of each filter's reading (reading.h), and in what the filter departs: a warning
 * that is no longer given is a disagreement, too.
 */
#include <stdlib.h>
#include <string.h>

#include "lucene.h"

struct tally {
    size_t n, compiled, naive, departing, shown;
};

static void blame(struct tally *t, const struct stored_line *line, const char *who, size_t count,
                  size_t *counter)
{
    ++*counter;
    if (t->shown++ < 25)
        printf("not ok - %s, of %s\n    it matches %zu records, with Lucene %zu\n", who, line->filter, count,
               line->count);
}

static bool is_stored(const struct verdict *v, const struct stored_line *line, size_t n_records)
{
    return v->hits && verdict_hash(v, n_records) == line->hash && verdict_count(v, n_records) == line->count;
}

static void check_line(const struct stored_line *line, const struct verdict *compiled,
                       const struct corpus *corpus, struct tally *t)
{
    struct filter f = filter_read(line->filter);
    t->n++;
    if (!f.tree) {
        blame(t, line, "it is refused", 0, &t->departing);
        filter_free(&f);
        return;
    }
    struct verdict naive = verdict_naive(&f, corpus);
    struct reading reading = reading_of(&f);
    if (!is_stored(compiled, line, corpus->n))
        blame(t, line, "compiled code", verdict_count(compiled, corpus->n), &t->compiled);
    if (!is_stored(&naive, line, corpus->n))
        blame(t, line, "the naive evaluator", verdict_count(&naive, corpus->n), &t->naive);
    if (strcmp(marks_of(reading.departures).text, line->marks.text) != 0)
        blame(t, line, "it departs otherwise than stored", line->count, &t->departing);
    free(reading.text.p);
    free(reading.rewritten.p);
    verdict_free(&naive);
    filter_free(&f);
}

static void report(const struct tally *t, const struct corpus *corpus)
{
    printf("%s - %zu filters over %zu records, compiled: %zu are not as Lucene has them\n",
           t->compiled ? "not ok" : "ok", t->n, corpus->n, t->compiled);
    printf("%s - %zu filters over %zu records, evaluated naively: %zu are not as Lucene has them\n",
           t->naive ? "not ok" : "ok", t->n, corpus->n, t->naive);
    printf("%s - %zu filters are accepted, and depart where they did, but %zu\n",
           t->departing ? "not ok" : "ok", t->n, t->departing);
}

/* NULL for a filter that is refused: no pack is to fail by it. */
static const char *if_accepted(const char *text)
{
    struct filter f = filter_read(text);
    bool accepted = f.tree != NULL;
    filter_free(&f);
    return accepted ? text : NULL;
}

bool replay(const struct site *site, const struct corpus *corpus, const char *path, size_t n)
{
    struct stored stored;
    struct tally t = {0};
    if (!stored_read(path, corpus, &stored)) {
        stored_free(&stored);
        return false;
    }
    n = n < stored.n ? n : stored.n;
    const char **filters = calloc(n + 1, sizeof *filters);
    struct verdict *compiled = calloc(n + 1, sizeof *compiled);
    if (!filters || !compiled)
        abort();
    for (size_t i = 0; i < n; i++)
        filters[i] = if_accepted(stored.lines[i].filter);
    bool good = verdicts_compiled(site, n, filters, corpus->n, compiled);
    for (size_t i = 0; good && i < n; i++)
        check_line(&stored.lines[i], &compiled[i], corpus, &t);
    if (good)
        report(&t, corpus);
    for (size_t i = 0; i < n; i++)
        verdict_free(&compiled[i]);
    free(compiled);
    free(filters);
    stored_free(&stored);
    return good && t.compiled + t.naive + t.departing == 0;
}

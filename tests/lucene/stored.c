/*
 * stored.c - Lucene's verdicts as a file: one filter a line, with the number of records that match and a hash
 * of which ones they are.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lucene.h"

struct marks marks_of(unsigned departures)
{
    static const char letters[] = "PACitlns*<";
    struct marks marks = {""};
    size_t n = 0;
    for (unsigned kind = 0; kind < N_DEPARTURES; kind++)
        if (departures & 1u << kind)
            marks.text[n++] = letters[kind];
    if (n == 0)
        marks.text[0] = '=';
    return marks;
}

static uint32_t corpus_hash(const struct corpus *c)
{
    uint32_t hash = 2166136261u;
    for (const char *p = c->text; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    return hash;
}

bool stored_write(const char *path, const struct stored *s, uint64_t seed, const struct corpus *c)
{
    struct draft d = {0};
    char text[200];
    snprintf(text, sizeof text,
             "# Lucene's verdicts, written by: make check-lucene BLESS=1 SEED=%" PRIu64 "\n", seed);
    draft_text(&d, text);
    draft_text(&d,
               "# A line: departures (P phrase, A any case, C classes, i flag, t control, l list, # number, "
               "s string,\n"
               "# * exists, < comparison, = none), how many records match, a hash of which, the filter.\n");
    snprintf(text, sizeof text, "corpus %zu %08" PRIx32 " filters %zu\n", c->n, corpus_hash(c), s->n);
    draft_text(&d, text);
    for (size_t i = 0; i < s->n; i++) {
        const struct stored_line *line = &s->lines[i];
        snprintf(text, sizeof text, "%s %zu %08" PRIx32 " ", line->marks.text, line->count, line->hash);
        draft_text(&d, text);
        draft_text(&d, line->filter);
        draft_char(&d, '\n');
    }
    bool good = file_write(path, d.p, d.n);
    free(d.p);
    return good;
}

static bool read_line(const char *text, struct stored_line *line)
{
    int at = 0;
    if (sscanf(text, "%11s %zu %" SCNx32 " %n", line->marks.text, &line->count, &line->hash, &at) != 3 || !at)
        return false;
    line->filter = strdup(text + at);
    return true;
}

bool stored_read(const char *path, const struct corpus *c, struct stored *s)
{
    size_t n, records = 0, filters = 0;
    uint32_t hash = 0;
    bool good = true;
    char *text = file_read(path, &n), *rest = text;
    *s = (struct stored){0};
    for (char *line; text && good && (line = strsep(&rest, "\n"));) {
        if (*line == '#' || !*line ||
            sscanf(line, "corpus %zu %" SCNx32 " filters %zu", &records, &hash, &filters) == 3)
            continue;
        s->lines = realloc(s->lines, (s->n + 1) * sizeof *s->lines);
        if (!s->lines)
            abort();
        s->lines[s->n] = (struct stored_line){0};
        good = read_line(line, &s->lines[s->n++]);
        if (!good)
            printf("not ok - %s: a line that is none: %s\n", path, line);
    }
    free(text);
    if (good && filters != s->n) {
        printf("not ok - %s has %zu filters: it has %zu\n", path, filters, s->n);
        good = false;
    }
    if (good && (!text || records != c->n || hash != corpus_hash(c))) {
        printf("not ok - %s is of these records; if they were changed: make check-lucene BLESS=1\n", path);
        good = false;
    }
    return good;
}

void stored_free(struct stored *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->lines[i].filter);
    free(s->lines);
    *s = (struct stored){0};
}

/*
 * notes.c - what a test passes or fails without: events that match and that no count takes.
 *
 * Such a test says nothing about the rule: it may pass for the wrong reason.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

/* What --stats printed, the last line of the scanner's standard error; NULL: none. */
static cJSON *read_stats(const char *path)
{
    cJSON *stats = NULL;
    FILE *f = fopen(path, "rb");
    char *line = NULL;
    size_t room = 0;
    while (f && getline(&line, &room, f) > 0)
        if (line[0] == '{') {
            cJSON_Delete(stats);
            stats = cJSON_Parse(line);
        }
    free(line);
    if (f)
        fclose(f);
    return stats;
}

static double stat_of(const cJSON *stats, const char *key)
{
    double n = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(stats, key));
    return n > 0 ? n : 0; /* absent is not a number */
}

static bool counts(const struct alert *a)
{
    for (size_t i = 0; i < a->n_when; i++)
        if (a->when[i].kind != WHEN_IMMEDIATELY)
            return true;
    return false;
}

static bool asks_usual(const struct alert *a)
{
    for (size_t i = 0; i < a->n_when; i++)
        if (a->when[i].kind == WHEN_MORE_THAN_USUAL || a->when[i].kind == WHEN_LESS_THAN_USUAL)
            return true;
    return false;
}

static void add_note(struct compile *c, struct result *r, double n, struct buffer *b)
{
    buffer_printf(b, ": %.0f matching event%s in no count", n, n > 1 ? "s are" : " is");
    *PUSH(c, r->notes, r->n_notes) = buffer_slice(b);
}

void note_uncounted(struct compile *c, struct result *r, const char *log)
{
    cJSON *stats = read_stats(log);
    const cJSON *own = cJSON_GetObjectItemCaseSensitive(stats, "alerts");
    double undated = stat_of(stats, "undated"), future = stat_of(stats, "future");
    double hits = stat_of(cJSON_GetObjectItemCaseSensitive(own, r->alert->id.p), "hits");
    if (counts(r->alert) && hits > 0 && undated > 0) {
        struct buffer b = {.c = c};
        buffer_text(&b, "no readable time in ");
        show_text(&b, c->pack.time->name, SIZE_MAX);
        buffer_text(&b, " (the pack's `time`)");
        add_note(c, r, undated, &b);
    }
    if (counts(r->alert) && hits > 0 && future > 0) {
        struct buffer b = {.c = c};
        buffer_printf(&b, "dated more than 5m past %s",
                      r->test->now.n ? "the test's `now`" : "the file's own time");
        add_note(c, r, future, &b);
    }
    const cJSON *alert = cJSON_GetObjectItemCaseSensitive(own, r->alert->id.p);
    if (asks_usual(r->alert) && cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(alert, "undecided")))
        *PUSH(c, r->notes, r->n_notes) =
            SLICE("what is usual is not known: the test's events have to bring a day of history, or more");
    cJSON_Delete(stats);
}

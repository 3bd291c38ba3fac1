/*
 * differential.c - compiled filters against the naive evaluator and the one of `trailc explain`, on random
 * filters and events.
 *
 *     differential write DIRECTORY SEED FILTERS EVENTS [narrow|hostile|dense]
 *                                        makes pack.yaml, state.json, lines.ndjson, array.json there
 *     differential compare DIRECTORY                     DIRECTORY/scanner, built of the pack, is run and
 * judged: TAP
 *
 * Half of the events are one a line, half stand in an array that goes over lines.
 */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "explain/verdict.h"
#include "filters.h"
#include "naive.h"
#include "random.h"

struct state {
    uint64_t seed;
    bool narrow, hostile, dense; /* see random_filter, struct random, random_dense_filter */
    size_t tried, n_filters, n_events;
    char **filters, **events; /* the first half of the events is of one line each */
};

static size_t lines_of(const struct state *s)
{
    return s->n_events - s->n_events / 2;
}

static char *in_directory(const char *directory, const char *name)
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

/* ---- write ------------------------------------------------------------------------------------ */

static void count_codes(const struct filter *f, size_t counts[static 256])
{
    for (size_t i = 0; i < f->c->n_diags; i++)
        if (f->c->diags[i].code < 256)
            counts[f->c->diags[i].code]++;
}

/* Filters until enough are accepted, or far too many are refused. */
static void make_filters(struct state *s, struct random *r, size_t wanted)
{
    size_t counts[256] = {0};
    s->filters = array_of(wanted, sizeof *s->filters);
    for (; s->n_filters < wanted && s->tried < wanted * 10; s->tried++) {
        struct draft d = {0};
        if (s->n_filters > 0 && !s->dense && random_one_in(r, 4))
            random_twin(r, s->filters[s->n_filters - 1], &d);
        else if (s->dense)
            random_dense_filter(r, &d);
        else
            random_filter(r, &d, s->narrow);
        struct filter f = filter_read(d.p);
        count_codes(&f, counts);
        if (getenv("VERBOSE") && !f.tree)
            diag_print(f.c, stdout, false);
        if (f.tree)
            s->filters[s->n_filters++] = d.p;
        else
            free(d.p);
        filter_free(&f);
    }
    printf("# %zu filters, %zu accepted; said:", s->tried, s->n_filters);
    for (size_t code = 0; code < 256; code++)
        if (counts[code])
            printf(" %c%zu %zux", code < 200 ? 'E' : 'W', code, counts[code]);
    putchar('\n');
}

static void make_events(struct state *s, struct random *r, size_t n)
{
    s->n_events = n;
    s->events = array_of(n, sizeof *s->events);
    for (size_t i = 0; i < n; i++) {
        struct draft d = {0};
        random_event(r, &d, i >= lines_of(s));
        s->events[i] = d.p;
    }
}

static bool write_inputs(const struct state *s, const char *directory)
{
    struct draft lines = {0}, array = {0};
    draft_text(&lines, "");
    draft_text(&array, "[");
    for (size_t i = 0; i < s->n_events; i++) {
        struct draft *d = i < lines_of(s) ? &lines : &array;
        draft_text(d, s->events[i]);
        draft_text(d, d == &lines ? "\n" : i + 1 < s->n_events ? ",\n" : "]\n");
    }
    bool good = file_write(in_directory(directory, "lines.ndjson"), lines.p, lines.n) &&
                file_write(in_directory(directory, "array.json"), array.p, array.n);
    free(lines.p);
    free(array.p);
    return good;
}

static cJSON *texts(size_t n, char **list)
{
    cJSON *array = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(array, cJSON_CreateString(list[i]));
    return array;
}

static bool write_state(const struct state *s, const char *directory)
{
    char seed[32];
    cJSON *state = cJSON_CreateObject();
    snprintf(seed, sizeof seed, "%ju", (uintmax_t)s->seed);
    cJSON_AddStringToObject(state, "seed", seed);
    cJSON_AddNumberToObject(state, "tried", (double)s->tried);
    cJSON_AddBoolToObject(state, "narrow", s->narrow);
    cJSON_AddBoolToObject(state, "hostile", s->hostile);
    cJSON_AddBoolToObject(state, "dense", s->dense);
    cJSON_AddItemToObject(state, "filters", texts(s->n_filters, s->filters));
    cJSON_AddItemToObject(state, "events", texts(s->n_events, s->events));
    char *text = cJSON_PrintUnformatted(state);
    bool good = file_write(in_directory(directory, "state.json"), text, strlen(text));
    free(text);
    cJSON_Delete(state);
    return good;
}

static void state_free(struct state *s)
{
    for (size_t i = 0; i < s->n_filters; i++)
        free(s->filters[i]);
    for (size_t i = 0; i < s->n_events; i++)
        free(s->events[i]);
    free(s->filters);
    free(s->events);
}

static int run_write(char **argument, const char *kind)
{
    const char *directory = argument[0];
    struct state s = {.seed = strtoull(argument[1], NULL, 10),
                      .narrow = strcmp(kind, "narrow") == 0,
                      .hostile = strcmp(kind, "hostile") == 0,
                      .dense = strcmp(kind, "dense") == 0};
    struct random r = {.state = s.seed, .hostile = s.hostile};
    make_filters(&s, &r, strtoul(argument[2], NULL, 10));
    make_events(&s, &r, strtoul(argument[3], NULL, 10));
    bool good = write_inputs(&s, directory) && write_state(&s, directory) &&
                pack_write(in_directory(directory, "pack.yaml"), s.n_filters, (const char *const *)s.filters,
                           s.hostile ? random_hostile_paths : NULL);
    state_free(&s);
    return good ? 0 : 1;
}

/* ---- compare ---------------------------------------------------------------------------------- */

static char **texts_of(const cJSON *array, size_t *n)
{
    *n = (size_t)cJSON_GetArraySize(array);
    char **list = array_of(*n, sizeof *list);
    const cJSON *item;
    size_t i = 0;
    cJSON_ArrayForEach(item, array) list[i++] = strdup(item->valuestring);
    return list;
}

static bool read_state(struct state *s, const char *directory)
{
    size_t n;
    char *text = file_read(in_directory(directory, "state.json"), &n);
    cJSON *state = text ? cJSON_ParseWithLength(text, n) : NULL;
    free(text);
    if (!state)
        return false;
    s->seed = strtoull(cJSON_GetObjectItem(state, "seed")->valuestring, NULL, 10);
    s->tried = (size_t)cJSON_GetObjectItem(state, "tried")->valuedouble;
    s->narrow = cJSON_IsTrue(cJSON_GetObjectItem(state, "narrow"));
    s->hostile = cJSON_IsTrue(cJSON_GetObjectItem(state, "hostile"));
    s->dense = cJSON_IsTrue(cJSON_GetObjectItem(state, "dense"));
    s->filters = texts_of(cJSON_GetObjectItem(state, "filters"), &s->n_filters);
    s->events = texts_of(cJSON_GetObjectItem(state, "events"), &s->n_events);
    cJSON_Delete(state);
    return true;
}

/* The event without one of its values, on one line: its key and a comma go as well. */
static char *without(const struct naive_event *e, size_t value)
{
    const struct naive_value *v = &e->values[value];
    const char *start = e->json.p, *end = start + e->json.n;
    const char *from = v->json.p - v->key, *to = v->json.p + v->json.n;
    while (strchr(" \t\r\n", *to))
        to++;
    if (*to == ',') {
        to++;
    } else {
        const char *comma = from - 1;
        while (strchr(" \t\r\n", *comma))
            comma--;
        from = *comma == ',' ? comma : from;
    }
    struct draft d = {0};
    draft_add(&d, start, (size_t)(from - start));
    draft_add(&d, to, (size_t)(end - to));
    for (size_t i = 0; i < d.n; i++)
        if (d.p[i] == '\n' || d.p[i] == '\r')
            d.p[i] = ' ';
    return d.p;
}

static bool differs(const struct naive *f, const char *event, bool hit)
{
    struct naive_event *e = naive_event_read(event, strlen(event));
    bool different = e && naive_match(f, e) != hit;
    if (e)
        naive_event_free(e);
    return different;
}

/* A variant of the event that has one value less and still differs; NULL: none. */
static char *smaller(const struct state *s, const char *directory, const struct naive *f, size_t filter,
                     const char *event)
{
    struct naive_event *e = naive_event_read(event, strlen(event));
    char **variants = array_of(e->n, sizeof *variants), *found = NULL;
    bool *hits = array_of(e->n * s->n_filters, sizeof *hits);
    struct draft file = {0};
    size_t n = 0;
    draft_text(&file, "");
    for (size_t i = 0; i < e->n; i++) {
        variants[n] = without(e, i);
        draft_text(&file, variants[n++]);
        draft_char(&file, '\n');
    }
    char *path = in_directory(directory, "smaller.ndjson");
    if (file_write(path, file.p, file.n) &&
        hits_read(in_directory(directory, "scanner"), path, s->n_filters, n, hits))
        for (size_t i = 0; i < n && !found; i++)
            if (differs(f, variants[i], hits[i * s->n_filters + filter]))
                found = strdup(variants[i]);
    for (size_t i = 0; i < n; i++)
        free(variants[i]);
    free(variants);
    free(hits);
    free(file.p);
    naive_event_free(e);
    return found;
}

static void show_difference(const struct state *s, const char *directory, const struct naive *f,
                            size_t filter, size_t event, bool hit)
{
    char *small = strdup(s->events[event]);
    for (char *next; (next = smaller(s, directory, f, filter, small));) {
        free(small);
        small = next;
    }
    printf("    filter %zu: %s\n    event %zu: %s\n    compiled: %d, naive: %d\n    smaller: %s\n", filter,
           s->filters[filter], event, s->events[event], hit, !hit, small);
    free(small);
}

struct tally {
    size_t pairs, matched, differences, unexplained, shown;
};

/* The verdict that `trailc explain` shows, which has to be the same. */
static bool explained(const struct filter *f, const struct event *event)
{
    struct compile *scratch = scratch_new();
    bool holds = verdict_of(scratch, f->tree, event)->holds;
    scratch_free(scratch);
    return holds;
}

static void check_explained(const struct state *s, const struct filter *f, size_t filter, size_t event,
                            const struct event *read, bool hit, struct tally *t)
{
    if (read && explained(f, read) == hit)
        return;
    if (t->unexplained++ < 8)
        printf("    filter %zu: %s\n    event %zu: %s\n    compiled: %d, explained: %s\n", filter,
               s->filters[filter], event, s->events[event], hit,
               !read ? "not read"
               : hit ? "0"
                     : "1");
}

static void compare_filter(const struct state *s, const char *directory, struct naive_event **events,
                           struct event **read, const bool *hits, size_t filter, struct tally *t)
{
    struct filter f = filter_read(s->filters[filter]);
    struct naive *naive = naive_new(f.c, &f.text, f.tree);
    bool shown = false;
    for (size_t i = 0; i < s->n_events; i++) {
        bool hit = hits[i * s->n_filters + filter], want = naive_match(naive, events[i]);
        t->pairs++;
        t->matched += want;
        check_explained(s, &f, filter, i, read[i], hit, t);
        if (hit == want)
            continue;
        t->differences++;
        if (!shown && t->shown < 8) {
            show_difference(s, directory, naive, filter, i, hit);
            t->shown++;
        }
        shown = true;
    }
    naive_free(naive);
    filter_free(&f);
}

static void report(const struct state *s, const struct tally *t)
{
    size_t percent = t->pairs ? t->matched * 100 / t->pairs : 0;
    const char *kind = s->narrow ? "narrow" : s->hostile ? "hostile" : s->dense ? "dense" : "random";
    printf("%s - %zu of %zu %s filters are accepted\n", s->n_filters * 2 >= s->tried ? "ok" : "not ok",
           s->n_filters, s->tried, kind);
    printf("%s - both verdicts are common: %zu %% of the pairs of %s filters match\n",
           percent >= (s->narrow || s->dense ? 1 : 10) && percent <= 90 ? "ok" : "not ok", percent, kind);
    printf("%s - %zu pairs of %zu %s filters and %zu events, SEED=%ju: %zu differences\n",
           t->differences ? "not ok" : "ok", t->pairs, s->n_filters, kind, s->n_events, (uintmax_t)s->seed,
           t->differences);
    printf("%s - %zu pairs of %s filters and events, SEED=%ju: %zu explained as something else\n",
           t->unexplained ? "not ok" : "ok", t->pairs, kind, (uintmax_t)s->seed, t->unexplained);
}

static int run_compare(const char *directory)
{
    struct state s = {0};
    struct tally t = {0};
    if (!read_state(&s, directory)) {
        printf("not ok - no state in %s\n", directory);
        return 1;
    }
    size_t lines = lines_of(&s);
    bool *hits = array_of(s.n_filters * s.n_events, sizeof *hits);
    struct naive_event **events = array_of(s.n_events, sizeof *events);
    struct event **read = array_of(s.n_events, sizeof *read);
    struct compile *scratch = scratch_new();
    bool good = hits_read(in_directory(directory, "scanner"), in_directory(directory, "lines.ndjson"),
                          s.n_filters, lines, hits) &&
                hits_read(in_directory(directory, "scanner"), in_directory(directory, "array.json"),
                          s.n_filters, s.n_events - lines, hits + lines * s.n_filters);
    for (size_t i = 0; i < s.n_events; i++) {
        events[i] = naive_event_read(s.events[i], strlen(s.events[i]));
        if (!events[i])
            abort();
        read[i] = event_read(scratch, s.events[i], strlen(s.events[i]));
    }
    for (size_t i = 0; good && i < s.n_filters; i++)
        compare_filter(&s, directory, events, read, hits, i, &t);
    report(&s, &t);
    for (size_t i = 0; i < s.n_events; i++)
        naive_event_free(events[i]);
    scratch_free(scratch);
    free(read);
    free(events);
    free(hits);
    state_free(&s);
    return good && t.differences == 0 && t.unexplained == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    bool kind = argc == 7 && (strcmp(argv[6], "narrow") == 0 || strcmp(argv[6], "hostile") == 0 ||
                              strcmp(argv[6], "dense") == 0);
    if ((argc == 6 || kind) && strcmp(argv[1], "write") == 0)
        return run_write(argv + 2, kind ? argv[6] : "");
    if (argc == 3 && strcmp(argv[1], "compare") == 0)
        return run_compare(argv[2]);
    fputs("usage: differential write DIRECTORY SEED FILTERS EVENTS [narrow|hostile|dense] | compare "
          "DIRECTORY\n",
          stderr);
    return 2;
}

/*
 * strict.c - what the sieve leaves out of the check changes no hit.
 *
 *     strict SEED INPUTS FILE
 *
 * Linked with the C of a pack. FILE has a record a line. Inputs are made of some of them, as lines or as a trail's file,
 * with random damage and with what is legal and rare; each is fed twice, in random pieces: with the option strict, and
 * without. Hits must be the same, and
 * all that differs text that is rejected with strict.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "trail/trail.h"

static uint64_t state;

static uint64_t below(uint64_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % n;
}

static bool one_in(uint64_t n)
{
    return below(n) == 0;
}

/* ---- inputs ---- */

static struct trail_slice *lines;
static size_t n_lines;

static void read_lines(const char *path)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t got;
    while (f && (got = getline(&line, &room, f)) > 1) {
        lines = realloc(lines, (n_lines + 1) * sizeof *lines);
        lines[n_lines++] = (struct trail_slice){strndup(line, (size_t)got - 1), (size_t)got - 1};
    }
    free(line);
    if (f)
        fclose(f);
}

static void add(struct trail_text *t, const char *text)
{
    trail_text_add(t, text, strlen(text));
}

/* The record with `by` put in place of n bytes at `at`. */
static void splice(struct trail_text *r, size_t at, size_t n, const char *by)
{
    struct trail_text out = {0};
    trail_text_add(&out, r->p, at);
    add(&out, by);
    trail_text_add(&out, r->p + at + n, r->n - at - n);
    trail_text_free(r);
    *r = out;
}

/* A place of the text in the record, or n. */
static size_t find(const struct trail_text *r, const char *text)
{
    const char *at = memmem(r->p, r->n, text, strlen(text));
    return at ? (size_t)(at - r->p) : r->n;
}

/* What JSON allows, and a sieve might stumble over. */
static void make_rare(struct trail_text *r)
{
    static const char *const members[] = {
        "\"eventName\":\"AssumeRole\",",
        "\"eventName\":{\"eventName\":\"ConsoleLogin\"},",
        "\"eventName\":[\"ConsoleLogin\"],",
        "\"a\":{\"eventName\":\"ConsoleLogin\"},",
        "\"a\":\"\\\"eventName\\\":\\\"ConsoleLogin\\\"\",",
        "\"eventNames\":\"ConsoleLogin\",",
        "\"eventTime\":\"2026-03-14T00:00:00Z\",",
        "\"eventTime\":1773446400,",
        "\"errorCode\":null,",
        "\"errorCode\" : \"AccessDenied\",",
        "\"errorCode\":\"Access\\u0044enied\",",
        "\"errorCode.x\":1,",
        "\"a\":[{},{\"b\":[]},[1,2]],",
        "\"a\":\"\\\\\",",
        "\"a\":\"\\\\\\\"\",",
        "\"a\":\"\\/\",",
        "\"a\":\"\\u003c\\u0026\\u003e\",",
        "\"a\":\"\\u00e4\\ud83d\\ude00\",",
        "\"a\":\"\\u12\",",
        "\"requestParameters.groupId\":\"sg\\u002d903004f8\",",
        "\"a\":\"\303\274\",",
        "\"a\":\"}],[{\",",
        "\"a\":\"]}\",",
        "\"requestParameters.groupId\":\"sg-903004f8\",",
        "\"a\":\"sg-903004f8\",",
        "\"\":\"\",",
        "\"a\":-1.5E+3,",
        "\"Records\":[{\"eventName\":\"ConsoleLogin\"}],",
        "\"Records\":\"ConsoleLogin\",",
        "\"Events\":[{\"CloudTrailEvent\":\"{\\\"eventName\\\":\\\"ConsoleLogin\\\"}\"}],",
        "\"logEvents\" : "
        "[{\"id\":\"1\",\"timestamp\":1,\"message\":\"{\\\"errorCode\\\":\\\"AccessDenied\\\"}\"}],",
        "\"hits\":{\"hits\":[{\"_source\":{\"errorCode\":\"AccessDenied\"}}]},",
        "\"detail\":{\"errorCode\":\"AccessDenied\"},\"detail-type\":\"x\",\"source\":\"y\",",
        "\"a\":{\"detail\":{\"errorCode\":\"AccessDenied\"}},\"detail-type\":\"x\",\"source\":\"y\",",
        "\"_id\":\"1\",\"_source\": {\"errorCode\":\"AccessDenied\"},",
    };
    static const char *const changes[][2] = {
        {"\"eventName\"", "\"\\u0065ventName\""},
        {"\"eventName\":", "\"eventName\" :"},
        {"\"eventName\":", "\"eventName\":  "},
        {",\"eventTime\"", " ,\"eventTime\""},
        {"\"eventTime\":\"", "\"eventTime\":\" "},
        {":{", ": {"},
        {"[{", "[ {"},
        {"},{", "}, {"},
        {"}}", "} }"},
        {"\":\"", "\":\""},
        {"\"eventName\":\"", "\"eventName\":\"\\u0043"},
        {"\"userName\"", "\"user\\tName\""},
    };
    if (one_in(2)) {
        const char *const *c = changes[below(sizeof changes / sizeof *changes)];
        size_t at = find(r, c[0]);
        if (at < r->n)
            splice(r, at, strlen(c[0]), c[1]);
        return;
    }
    static const char *const places[] = {"\"userIdentity\"", "\"eventTime\"", "\"eventName\""};
    size_t at = find(r, places[below(sizeof places / sizeof *places)]);
    if (at < r->n)
        splice(r, at, 0, members[below(sizeof members / sizeof *members)]);
}

/*
 * Brackets too many or too few, or too deep, or what may stand behind a record. Not what looks like the end
 * of an element and the beginning of another: what a scan makes of that depends on whether it has rejected
 * the record before.
 */
static const char *unbalanced(bool in_list)
{
    static const char *const texts[] = {"}{", "} ", "}]", "]}", "[{", "[}", "{]", "}\n{", "\r", "}\r\n"};
    static char deep[2 * 200 + 8];
    if (!in_list && !one_in(10))
        return texts[below(sizeof texts / sizeof *texts)];
    int depth = 100 + (int)below(100);
    memset(deep, 0, sizeof deep);
    strcpy(deep, "\"a\":");
    memset(deep + 4, '[', (size_t)depth);
    memset(deep + 4 + depth, ']', (size_t)depth);
    deep[4 + 2 * depth] = ',';
    return deep;
}

/*
 * What JSON does not allow, and what torn and merged lines look like. Behind other damage in a list a record keeps its
 * beginning: without it, whether a scan finds the record depends on what it has rejected before.
 */
static void damage(struct trail_text *r, bool in_list, bool again)
{
    static const char bytes[] = "\"\"\"\\{}[],: 1a\n\t\r\001\377u/";
    char by[2] = {bytes[below(sizeof bytes - 1)], 0};
    size_t kept = in_list && again ? strlen("{\"eventVersion\":") : 0;
    size_t at = kept + below(r->n - kept), n = below(40);
    switch (below(in_list ? 5 : 7)) {
    case 0: r->p[at] = *by; break;
    case 1: splice(r, at, 0, by); break;
    case 2: splice(r, at, 1, ""); break;
    case 3: splice(r, at, n < r->n - at ? n : r->n - at, ""); break;
    case 4: {
        size_t member = find(r, one_in(2) ? "\"userIdentity\"" : "\"eventName\"");
        splice(r, one_in(2) && member < r->n ? member : at, 0, unbalanced(in_list));
        break;
    }
    case 5: r->n = at; break;
    default: {
        struct trail_slice other = lines[below(n_lines)];
        size_t from = one_in(2) ? 0 : below(other.n);
        r->n = at;
        trail_text_add(r, other.p + from, other.n - from);
    }
    }
}

static struct trail_text make_input(void)
{
    struct trail_text input = {0};
    bool list = one_in(3), dos = one_in(4), damaged = false;
    size_t n = 1 + below(12);
    unsigned much = (unsigned)below(6);
    if (list)
        add(&input, "{\"Records\":[");
    for (size_t i = 0; i < n; i++) {
        struct trail_slice line = lines[below(n_lines)];
        struct trail_text r = {0};
        trail_text_add(&r, line.p, line.n);
        while (one_in(3))
            make_rare(&r);
        if (much && one_in(much) && r.n > 100) {
            damage(&r, list, damaged);
            damaged = true;
        }
        trail_text_add(&input, r.p, r.n);
        add(&input, !list ? dos != one_in(20) ? "\r\n" : "\n" : i + 1 < n ? one_in(10) ? ",\n" : "," : "]}");
        trail_text_free(&r);
    }
    return input;
}

/* ---- scans ---- */

struct scan {
    struct trail_text hits;
    struct trail_stats stats;
};

static void note_hit(void *user, const struct trail_hit *hit)
{
    struct scan *s = user;
    char line[256];
    int n = snprintf(line, sizeof line, "%s %lld %llu\n", hit->alert->id, (long long)hit->time,
                     (unsigned long long)hit->source.offset);
    trail_text_add(&s->hits, line, (size_t)n);
}

static struct scan scan(const struct trail_text *input, bool strict, uint64_t seed)
{
    struct scan s = {0};
    struct trail_options options = {.on_hit = note_hit, .user = &s, .threads = 1, .strict = strict};
    struct trail *t = trail_new(&PACK, &options, NULL);
    uint64_t kept = state;
    state = seed;
    size_t piece = one_in(3) ? input->n : 1 + below(one_in(2) ? 100 : 20000);
    for (size_t at = 0; at < input->n; at += piece) {
        size_t n = piece < input->n - at ? piece : input->n - at;
        char *copy = malloc(n);
        memcpy(copy, input->p + at, n);
        trail_feed(t, copy, n);
        free(copy);
    }
    trail_feed(t, NULL, 0);
    trail_finish(t);
    trail_stats(t, &s.stats);
    trail_free(t);
    state = kept;
    return s;
}

/* Damaged text may be one record without strict and several rejected ones with it. */
static bool same(const struct scan *a, const struct scan *strict)
{
    uint64_t fewer = strict->stats.rejected - a->stats.rejected;
    return a->stats.rejected <= strict->stats.rejected && a->stats.records <= strict->stats.records &&
           strict->stats.records - a->stats.records <= fewer && a->stats.matched == strict->stats.matched &&
           a->hits.n == strict->hits.n &&
           (a->hits.n == 0 || memcmp(a->hits.p, strict->hits.p, a->hits.n) == 0);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    state = strtoull(argv[1], NULL, 10) * 2 + 1;
    read_lines(argv[3]);
    size_t inputs = strtoull(argv[2], NULL, 10), wrong = 0, records = 0, hits = 0, rejected = 0, let = 0;
    for (size_t i = 0; i < inputs && n_lines; i++) {
        struct trail_text input = make_input();
        struct scan strict = scan(&input, true, state), other = scan(&input, false, state + 2);
        records += strict.stats.records;
        hits += strict.stats.matched;
        rejected += strict.stats.rejected;
        let += strict.stats.rejected - other.stats.rejected;
        if (!same(&other, &strict) && wrong++ < 3) {
            printf("not ok - input %zu: records %llu, strict %llu; matched %llu, %llu; rejected %llu, %llu\n",
                   i, (unsigned long long)other.stats.records, (unsigned long long)strict.stats.records,
                   (unsigned long long)other.stats.matched, (unsigned long long)strict.stats.matched,
                   (unsigned long long)other.stats.rejected, (unsigned long long)strict.stats.rejected);
            if (getenv("KEEP"))
                fwrite(input.p, 1, input.n, stderr);
        }
        trail_text_free(&other.hits);
        trail_text_free(&strict.hits);
        trail_text_free(&input);
    }
    printf("%s - sieve: %zu inputs, %zu records, %zu matched, %zu rejected; without strict %zu fewer\n",
           wrong || !hits || !let ? "not ok" : "ok", inputs, records, hits, rejected, let);
    for (size_t i = 0; i < n_lines; i++)
        free((char *)(uintptr_t)lines[i].p);
    free(lines);
    return wrong > 0;
}

/*
 * sound.c - no record that an alert's filter meets is lost in the sieve.
 *
 *     sound FILE...
 *
 * Linked with the C of a pack. Each line of the files is a record; the sieve is given it as a line, and as an
 * element of an array. For every alert by itself, and for each kernel, a record that match() finds must not
 * be sifted out, and of one that is the sieve's time is match()'s. With the sieve of all alerts that have
 * one, what is possible is enough: match() that is told of it finds the same. Says how many records each way
 * went, for a sieve that sifts nothing proves nothing.
 *
 * And of the plan: a record that match() finds has what trail_within says, unless it has an escape.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "sieve/sieve.h"
#include "trail/index.h"
#include "trail/json.h"
#include "trail/match.h"

enum { MAX_LINE = TRAIL_MAX_RECORD };

static const struct trail_pack *const pack = &PACK;

struct seen {
    size_t out, maybe, odd, sieves, told, within, lost;
};

/* The hits of all alerts, and the time. */
static void find_hits(struct trail_match *m, const char *p, size_t n)
{
    static struct trail_index index;
    m->wanted = NULL;
    m->index =
        trail_kernel_find("plain")->index(p, n, &index) == TRAIL_INDEXED && index.plain ? &index : NULL;
    pack->match(m, p, n);
}

static bool same_slice(struct trail_slice a, struct trail_slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static void complain(struct seen *seen, const char *what, size_t alert, const char *kernel, const char *p,
                     size_t n)
{
    if (seen->lost++ < 5)
        printf("not ok - %s, %s, %s: %.*s\n", what, pack->alerts[alert].id, kernel, n < 2000 ? (int)n : 2000,
               p);
}

/* What stands behind a record. */
static const char *const behind[] = {"\n", ",{"};
enum { LINE, ELEMENT, KINDS };

/* A record of a line, with what is behind it; in place, for there is room. */
static enum trail_sieved sift(struct trail_sieve *sieve, int kind, char *p, size_t n,
                              struct trail_sifted *out)
{
    size_t more = strlen(behind[kind]);
    memcpy(p + n, behind[kind], more);
    trail_sieve_begin(sieve, (struct trail_slice){"{\"eventVersion\":", 16}, false, kind == ELEMENT);
    enum trail_sieved got = trail_sieve(sieve, p, n + more, out);
    memset(p + n, 0, more);
    return got;
}

/* The record against the sieve of one alert, chosen before. */
static void hold(struct seen *seen, struct trail_sieve *sieve, int kind, const struct trail_match *found,
                 size_t alert, const char *kernel, char *p, size_t n)
{
    struct trail_sifted sifted;
    enum trail_sieved got = sift(sieve, kind, p, n, &sifted);
    bool passed = got == TRAIL_SIEVED_OUT || got == TRAIL_SIEVED_MAYBE;
    seen->out += got == TRAIL_SIEVED_OUT;
    seen->maybe += got == TRAIL_SIEVED_MAYBE;
    seen->odd += !passed;
    if (passed && sifted.size != n)
        complain(seen, "another end", alert, kernel, p, n);
    if (got == TRAIL_SIEVED_OUT && trail_get(found->hits, alert))
        complain(seen, "lost", alert, kernel, p, n);
    if (got == TRAIL_SIEVED_MAYBE && trail_get(found->hits, alert) && !trail_get(sifted.possible, alert))
        complain(seen, "not possible", alert, kernel, p, n);
    if (got == TRAIL_SIEVED_OUT && !same_slice(sifted.time, found->time))
        complain(seen, "another time", alert, kernel, p, n);
}

/* Whether a text of those stands behind the root's key. */
static bool has_within(const struct trail_within *w, const char *p, size_t n)
{
    const char *end = p + n;
    p = trail_space(p + 1, end);
    while (*p == '"') {
        bool escaped;
        const char *key = p, *to = trail_string_end(p + 1, end, &escaped) + 1;
        const char *value = trail_space(trail_space(to, end) + 1, end);
        p = trail_value_end(value, end);
        if ((size_t)(to - key) > w->key.n && memcmp(key, w->key.p, w->key.n) == 0 &&
            memmem(key + w->key.n, (size_t)(p - key) - w->key.n, w->name.p, w->name.n))
            return true;
        p = trail_space(p, end);
        p = *p == ',' ? trail_space(p + 1, end) : p;
    }
    return false;
}

/* What the plan says of the alerts' records. */
static void hold_within(struct seen *seen, const struct trail_match *found, const char *p, size_t n)
{
    if (!pack->needles->within || memchr(p, '\\', n))
        return;
    for (size_t i = 0; i < pack->n_alerts; i++) {
        uint32_t of = pack->needles->within_of[i];
        if (!of || !trail_get(found->hits, i))
            continue;
        seen->within++;
        if (!has_within(&pack->needles->within[of - 1], p, n))
            complain(seen, "not within", i, "plan", p, n);
    }
}

/* One record against all alerts. `m` has found the hits; `asking` is the matcher that the sieves ask. */
static void hold_all(struct seen *seen, struct trail_sieve *const *sieves, struct trail_match *asking,
                     uint64_t *wanted, const struct trail_match *found, char *p, size_t n)
{
    asking->wanted = wanted;
    for (size_t alert = 0; alert < pack->n_alerts; alert++) {
        memset(wanted, 0, (pack->n_alerts / 64 + 1) * sizeof *wanted);
        trail_set(wanted, alert);
        for (size_t k = 0; trail_sieve_kernel(k); k++) {
            if (!trail_sieve_choose(sieves[k], NULL))
                break;
            seen->sieves++;
            for (int kind = 0; kind < KINDS; kind++)
                hold(seen, sieves[k], kind, found, alert, trail_sieve_kernel(k), p, n);
        }
    }
}

/* match() that is told what is possible finds the same. */
static void hold_possible(struct seen *seen, struct trail_match *asking, const uint64_t *wanted,
                          const struct trail_match *found, const char *kernel, const char *p, size_t n)
{
    asking->index = found->index;
    pack->match(asking, p, n);
    for (size_t i = 0; i < pack->n_alerts; i++)
        if (trail_get(wanted, i) && trail_get(asking->hits, i) != trail_get(found->hits, i))
            complain(seen, "not held possible", i, kernel, p, n);
    if (!same_slice(asking->time, found->time))
        complain(seen, "another time of what is possible", 0, kernel, p, n);
    seen->told++;
}

/* One record against the sieve of all alerts that it can serve. */
static void hold_together(struct seen *seen, struct trail_sieve *const *sieves, struct trail_match *asking,
                          uint64_t *wanted, const struct trail_match *found, char *p, size_t n)
{
    for (size_t w = 0; w <= pack->n_alerts / 64; w++)
        wanted[w] = ~pack->needles->always[w] | pack->needles->every[w];
    for (size_t k = 0; trail_sieve_kernel(k); k++) {
        for (int kind = 0; kind < KINDS && trail_sieve_choose(sieves[k], wanted); kind++) {
            struct trail_sifted sifted;
            if (sift(sieves[k], kind, p, n, &sifted) != TRAIL_SIEVED_MAYBE)
                continue;
            asking->possible = sifted.possible;
            hold_possible(seen, asking, wanted, found, trail_sieve_kernel(k), p, n);
            asking->possible = NULL;
        }
    }
}

int main(int argc, char **argv)
{
    static char line[MAX_LINE + TRAIL_PADDING];
    struct seen seen = {0};
    struct trail_sieve *sieves[8] = {NULL};
    struct trail_match *found = trail_match_new(pack), *asking = trail_match_new(pack);
    uint64_t *wanted = calloc(pack->n_alerts / 64 + 1, sizeof *wanted);
    for (size_t k = 0; trail_sieve_kernel(k); k++)
        sieves[k] = trail_sieve_new(pack, asking, trail_sieve_kernel(k));
    size_t records = 0, hits = 0;
    for (int i = 1; i < argc; i++) {
        FILE *f = fopen(argv[i], "r");
        while (f && fgets(line, MAX_LINE, f)) {
            size_t n = strcspn(line, "\r\n"), at;
            while (n && line[n - 1] == ' ')
                n--;
            memset(line + n, 0, TRAIL_PADDING);
            if (line[0] != '{' || trail_json_check(line, n, &at) != TRAIL_JSON_OK)
                continue;
            find_hits(found, line, n);
            for (size_t w = 0; w <= pack->n_alerts / 64; w++)
                hits += (size_t)__builtin_popcountll(found->hits[w]);
            hold_within(&seen, found, line, n);
            hold_all(&seen, sieves, asking, wanted, found, line, n);
            hold_together(&seen, sieves, asking, wanted, found, line, n);
            records++;
        }
        if (f)
            fclose(f);
    }
    for (size_t k = 0; sieves[k]; k++)
        trail_sieve_free(sieves[k]);
    trail_match_free(found);
    trail_match_free(asking);
    free(wanted);
    printf("%s - sieve: %s: %zu records, %zu hits; sifted out %zu, maybe %zu, odd %zu; with what is possible "
           "%zu; within %zu\n",
           seen.lost || !hits || !seen.out || !seen.told ? "not ok" : "ok", pack->name, records, hits,
           seen.out, seen.maybe, seen.odd, seen.told, seen.within);
    return seen.lost > 0;
}

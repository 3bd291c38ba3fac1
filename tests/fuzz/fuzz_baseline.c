/*
 * fuzz_baseline.c - any bytes as a file of baselines, and as the tapes of a state.
 *
 * What is taken can be written, and what was written is taken and is the same. What is usual has its order.
 */
#include <stdlib.h>
#include <string.h>

#include "baseline/baseline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct trail_pack pack = {.abi = TRAIL_ABI, .name = "fuzz", .version = "1", .hash = "0"};

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_usual(const struct baseline *b, const struct coverage *c, int64_t span)
{
    struct covering g;
    struct usual u;
    int64_t to = c->n ? c->list[c->n - 1].to : 0;
    covering_start(&g, span > 60000 ? span : 60000);
    int64_t step = ticks_step_at(&g.ticks, to);
    covering_update(&g, c, step);
    baseline_usual(b, &g, step + 1, &u);
    require(u.low >= 0 && u.low <= u.expected && u.expected <= u.high && u.wait >= 0);
    baseline_clip(&u, BASELINE_MORE, UINT64_MAX);
    require(u.season == BASELINE_UNKNOWN || baseline_clip(&u, BASELINE_LESS, 0) <= u.expected + 1);
}

static char *written(const struct baselines *all, size_t *n)
{
    char *text;
    FILE *f = open_memstream(&text, n);
    require(f && baselines_write(all, &pack, f) && fclose(f) == 0);
    return text;
}

static void check_file(const char *p, size_t n)
{
    char error[200] = "";
    size_t first, second;
    struct baselines *all = baselines_parse(p, n, error, sizeof error);
    if (!all) {
        require(*error);
        return;
    }
    char *text = written(all, &first);
    struct baselines *back = baselines_parse(text, first, error, sizeof error);
    require(back);
    char *again = written(back, &second);
    require(first == second && memcmp(text, again, first) == 0);
    for (size_t i = 0; i < baselines_count(all); i++) {
        const struct baseline_set *set = baselines_at(all, i);
        for (size_t j = 0; j < set->n_groups && j < 4; j++)
            check_usual(&set->groups[j]->baseline, baselines_coverage(all), set->span);
    }
    require(baselines_merge(back, all));
    free(text);
    free(again);
    baselines_free(all);
    baselines_free(back);
}

static void check_tapes(const char *p, size_t n)
{
    struct ticks t = ticks_of(600000);
    struct tape tape = {p, p + n, false};
    struct baseline b;
    struct coverage c;
    struct sampler s;
    require(baseline_load(&b, &tape));
    require(coverage_load(&c, &tape));
    require(sampler_load(&s, &t, &tape));
    if (c.n < 100 && (c.n == 0 || c.list[c.n - 1].to - c.list[0].from < INT64_C(1) << 45))
        check_usual(&b, &c, 600000);
    sampler_advance(&s, &t, s.tick + 1000, BASELINE_MORE, NULL, NULL);
    baseline_free(&b);
    coverage_free(&c);
    sampler_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    check_file((const char *)data, n);
    check_tapes((const char *)data, n);
    return 0;
}

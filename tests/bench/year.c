/*
 * year.c - learns a year of counts for many groups, as `learn` does: how long it takes and what it keeps.
 *
 *     year GROUPS     groups, events, samples, seconds of processor time, bytes for each group
 *
 * The window is 10m. One group in a hundred has some events in each window by day, nine an hour's, the others some
 * events a day. The same number is the same counts. Groups come one after the other: what is measured is the learning, and
 * what all keep.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "baseline/baseline.h"

#define MONDAY INT64_C(1767571200000)
#define DAY    INT64_C(86400000)

static uint64_t chance = 1;

static uint64_t draw(uint64_t n)
{
    chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (chance >> 33) % n;
}

struct year {
    struct ticks ticks;
    struct baseline *baseline; /* that is learnt now */
    uint64_t events, samples;
};

static void take(void *user, int64_t step, uint64_t value)
{
    struct year *y = user;
    if (!baseline_add(y->baseline, &y->ticks, step, value))
        exit(EXIT_FAILURE);
    y->samples++;
}

/* Milliseconds to the next event. */
static int64_t pause_of(size_t group, int64_t time)
{
    bool night = time % DAY < 7 * DAY / 24;
    int64_t mean = group % 100 == 0 ? (night ? 600000 : 120000) : group % 10 == 1 ? 3600000 : DAY / 3;
    return 1 + (int64_t)draw((uint64_t)(2 * mean));
}

static void learn(struct year *y, size_t group)
{
    struct sampler s = {0};
    for (int64_t t = MONDAY; t < MONDAY + 365 * DAY; t += pause_of(group, t), y->events++) {
        sampler_advance(&s, &y->ticks, ticks_at(&y->ticks, t), BASELINE_MORE, take, y);
        if (!sampler_add(&s, &y->ticks, 1))
            exit(EXIT_FAILURE);
    }
    sampler_advance(&s, &y->ticks, ticks_at(&y->ticks, MONDAY + 366 * DAY), BASELINE_MORE, take, y);
    sampler_free(&s);
}

int main(int argc, char **argv)
{
    size_t groups = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000, bytes = 0;
    struct year y = {.ticks = ticks_of(600000)};
    struct baseline *all = calloc(groups + 1, sizeof *all);
    if (!all || groups < 1)
        return EXIT_FAILURE;
    clock_t begin = clock();
    for (size_t i = 0; i < groups; i++) {
        y.baseline = &all[i];
        learn(&y, i);
    }
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    for (size_t i = 0; i < groups; i++) {
        bytes += sizeof all[i] + baseline_bytes(&all[i]);
        baseline_free(&all[i]);
    }
    free(all);
    printf("%zu %" PRIu64 " %" PRIu64 " %.3f %.1f\n", groups, y.events, y.samples, seconds,
           (double)bytes / (double)groups);
    return EXIT_SUCCESS;
}

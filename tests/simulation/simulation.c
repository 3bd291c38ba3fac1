/*
 * The live engine in a world of its own, held against the list of its events.
 *
 *     simulation [-v] [SEED [WORLDS]]      one world a seed, from SEED on; -v tells what happens
 *
 * The engine runs as it does in a scanner, on real files and real inotify; only its clock is the world's. In
 * every other world it keeps a state, and is struck dead or ended now and then: what it has not committed is
 * gone, and it begins again where the state ends. A world that differs is named with the command that replays
 * it.
 */
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "follow/live.h"
#include "scanner/keeping.h"

struct watcher {
    struct world *world;
    struct state *state;  /* NULL: nothing is kept */
    struct lines told;    /* since the last commit */
    struct lines lines;   /* for good */
    uint64_t late, again; /* events; again: known by their IDs */
};

static void on_alert(void *user, const struct trail_fired *fired)
{
    struct watcher *o = user;
    struct lines *to = o->state ? &o->told : &o->lines;
    alert_line(to, fired);
    if (o->state && state_fired(o->state, fired, NULL) != TRAIL_OK)
        exit(2);
    if (o->world->verbose)
        printf("# %7lld ALERT %s\n", (long long)(o->world->now - BEGIN) / 1000, to->at[to->n - 1]);
}

static void on_problem(void *user, const char *message)
{
    struct watcher *o = user;
    lines_add(&o->lines, "problem: %s", message);
}

/* What was told is true now. */
static void on_committed(void *user)
{
    struct watcher *o = user;
    for (unsigned i = 0; i < o->told.n; i++)
        lines_add(&o->lines, "%s", o->told.at[i]);
    lines_free(&o->told);
}

static struct state *open_state(struct watcher *o)
{
    char path[80], error[STATE_ERROR];
    snprintf(path, sizeof path, "%s/state", o->world->directory);
    struct state_config config = {.path = path,
                                  .mode = STATE_RUN,
                                  .pack = &world_pack,
                                  .on_problem = on_problem,
                                  .on_committed = on_committed,
                                  .user = o,
                                  .log_bytes = o->world->log_bytes};
    struct state *s = state_open(&config, error);
    if (!s) {
        fprintf(stderr, "simulation: %s\n", error);
        exit(2);
    }
    return s;
}

/* What was counted since the last commit is gone with a crash, and counted once more. A round ends with its
 * commit: so nothing has been counted since one that the round made. */
static void note_stats(const struct watcher *o, struct live *l, struct live_stats *kept)
{
    struct live_stats stats;
    live_stats(l, &stats);
    if (!o->state || stats.commits != kept->commits)
        *kept = stats;
}

/* From a start to the next crash, an orderly end, or the end of the world. */
static void run_once(struct watcher *o)
{
    struct world *w = o->world;
    char tree[80], log[80], pipe[80];
    snprintf(tree, sizeof tree, "%s/tree", w->directory);
    snprintf(log, sizeof log, "%s/app.log", w->directory);
    snprintf(pipe, sizeof pipe, "%s/pipe", w->directory);
    static const struct trail_input_labels label = {{"prod-trail", 10}, {"", 0}};
    const struct trail_input_labels labels[] = {label, label, label};
    const char *const inputs[] = {tree, log, pipe};
    struct live_keeper keeper;
    struct live_config config = {
        .options = {.on_alert = on_alert, .on_problem = on_problem, .user = o, .lateness = w->lateness},
        .n_inputs = w->crashes ? 2 : 3,
        .inputs = inputs,
        .labels = labels,
        .clock = &w->clock,
        .tells = w->tells};
    enum trail_status status;
    if (w->crashes) {
        o->state = open_state(o);
        keeper = keeping_of(o->state);
        config.keeper = &keeper;
    }
    struct live *l = live_new(&world_pack, &config, &status);
    if (!l)
        exit(2);
    struct live_stats kept;
    live_stats(l, &kept);
    while (!w->over && !w->down && live_turn(l, NULL, 0, INT64_MAX) == LIVE_ON)
        note_stats(o, l, &kept);
    if (w->over || w->orderly)
        live_drain(l);
    note_stats(o, l, &kept);
    o->late += kept.stats.late;
    o->again += kept.stats.duplicates;
    if (kept.stats.rejected > 0)
        lines_add(&o->lines, "rejected %" PRIu64, kept.stats.rejected);
    state_close(o->state);
    live_free(l);
    lines_free(&o->told); /* nobody has heard of it */
}

static void run(struct world *w, struct lines *to)
{
    struct watcher watcher = {.world = w};
    while (!w->over) {
        run_once(&watcher);
        if (!w->over)
            world_restart(w);
    }
    /* No event comes later than it may, and none comes again but those of files that are delivered twice: so
     * whatever is rotated, and whenever the engine dies, nothing is read twice. Events that only a silence
     * counts have no ID to it: those read again are late, if at all. */
    if (watcher.late > 0)
        lines_add(&watcher.lines, "late %" PRIu64, watcher.late);
    if (watcher.again != w->twice)
        lines_add(&watcher.lines, "known by their IDs %" PRIu64 ", delivered twice %u", watcher.again,
                  w->twice);
    *to = watcher.lines;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct lines *l)
{
    if (l->n > 0)
        qsort(l->at, l->n, sizeof *l->at, by_text);
}

/* The first difference; false: none. */
static bool differ(const struct lines *got, const struct lines *wanted, char to[512])
{
    for (unsigned i = 0; i < got->n || i < wanted->n; i++) {
        const char *a = i < got->n ? got->at[i] : "(nothing)",
                   *b = i < wanted->n ? wanted->at[i] : "(nothing)";
        if (strcmp(a, b) != 0) {
            snprintf(to, 512, "alert %u of %u: the engine says `%s`, the list says `%s` of %u", i + 1, got->n,
                     a, b, wanted->n);
            return true;
        }
    }
    return false;
}

static bool simulate(uint64_t seed, bool verbose, uint64_t *alerts)
{
    static struct world w;
    struct lines got, wanted = {0};
    char directory[64], what[512];
    bool memory = access("/dev/shm", W_OK) == 0; /* nobody waits for a disk there */
    snprintf(directory, sizeof directory, "%s/simulation-%d", memory ? "/dev/shm" : "/tmp", (int)getpid());
    world_begin(&w, seed, directory, verbose);
    run(&w, &got);
    expect(&w, w.until - w.lateness, &wanted);
    sort(&got);
    sort(&wanted);
    *alerts += wanted.n;
    bool differs = differ(&got, &wanted, what);
    for (unsigned i = 0; verbose && i < got.n; i++)
        printf("# engine: %s\n", got.at[i]);
    for (unsigned i = 0; verbose && i < wanted.n; i++)
        printf("# list:   %s\n", wanted.at[i]);
    if (differs)
        printf("not ok - simulation: seed %" PRIu64 ": %s; replay: build/tests/simulation -v %" PRIu64 "\n",
               seed, what, seed);
    lines_free(&got);
    lines_free(&wanted);
    world_end(&w);
    return !differs;
}

int main(int argc, char **argv)
{
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    uint64_t seed = argc > 1 + verbose ? strtoull(argv[1 + verbose], NULL, 10) : 1, alerts = 0, failed = 0;
    uint64_t n = argc > 2 + verbose ? strtoull(argv[2 + verbose], NULL, 10) : 1;
    for (uint64_t i = 0; i < n && failed < 5; i++)
        failed += !simulate(seed + i, verbose, &alerts);
    if (failed == 0 && (alerts > 0 || n == 1))
        printf("ok - simulation: %" PRIu64 " worlds from seed %" PRIu64 ", %" PRIu64
               " alerts, as the list of events says\n",
               n, seed, alerts);
    return failed > 0;
}

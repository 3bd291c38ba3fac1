/*
 * engine.c - struct trail: inputs in, windows fed, callbacks called.
 *
 * Workers find hits (worker.h), on as many threads as wanted (pool.h); here their chunks come by in the order
 * of the inputs, on the caller's thread. So all that depends on order is in this file and behind window.h,
 * and the number of threads changes nothing.
 *
 * The watermark: a file whose turn has not come holds it back, so it moves only while the last of a call's
 * inputs is read (or an input is fed). It moves at entries (chunk.h), at an input's end, and where a live one
 * has no more to say; not where chunks end, whose size is no property of the log.
 */
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keeper.h"
#include "notify/terminal.h"
#include "pool.h"
#include "read/inputs.h"
#include "take.h"
#include "window/timestamp.h"
#include "window/window.h"

static const struct trail_input_labels NO_LABELS;

/* The input that is fed, or was last. */
struct fed {
    struct worker *worker; /* once fed */
    bool open;
    char *name; /* NULL: "-" */
    const char *kept;
    struct trail_input_labels labels; /* of memory of its own */
    int64_t newest;
};

struct trail {
    struct take take;
    unsigned threads;
    int64_t watermark;
    bool advances; /* no other input than the take's turn holds the watermark back */
    struct fed fed;
    bool finished;
};

/* ---- time --------------------------------------------------------------------------------- */

/* Where the replay ends: the clock, or the last moment that --until leaves in, or the newest event. */
static int64_t read_to(const struct trail *t)
{
    const struct trail_options *o = &t->take.options;
    int64_t until = o->until ? o->until - 1 : TRAIL_NO_TIME, now = o->now ? o->now : TRAIL_NO_TIME;
    int64_t end = earlier_time(until, now);
    return end == TRAIL_NO_TIME ? t->take.newest : end;
}

/* The watermark where the current input has come as far as `newest`; INT64_MIN: it is held back. */
static int64_t watermark_at(void *user, int64_t newest)
{
    const struct trail *t = user;
    if (!t->advances)
        return INT64_MIN;
    if (t->fed.open && t->fed.newest < newest)
        newest = t->fed.newest;
    return newest == TRAIL_NO_TIME ? INT64_MIN : trail_time_add(newest, -t->take.lateness);
}

/* The current input has come so far. */
static void advance(void *user, int64_t oldest, int64_t newest)
{
    struct trail *t = user;
    struct take *take = &t->take;
    take->oldest = earlier_time(take->oldest, oldest);
    take->newest = later_time(take->newest, newest);
    int64_t watermark = watermark_at(t, newest);
    if (watermark <= t->watermark)
        return;
    t->watermark = watermark;
    take_note(take, window_advance(take->window, take_from(take), watermark));
}

/* ---- life --------------------------------------------------------------------------------- */

static unsigned processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 0 ? (unsigned)n : 1;
}

/* The windows are what they were, and time stands where it stood. */
static enum trail_status resume(struct trail *t, const struct trail_keeper *keeper)
{
    enum trail_status status = keeper->resume(keeper->user, t->take.window);
    t->watermark = window_watermark(t->take.window);
    return status;
}

static struct trail *create(const struct trail_pack *pack, const struct trail_options *options,
                            enum trail_status *status)
{
    const char *wrong = take_wrong_option(options);
    if (wrong && options->on_problem)
        options->on_problem(options->user, wrong);
    *status = pack->abi != TRAIL_ABI ? TRAIL_ABI_MISMATCH : wrong ? TRAIL_INVALID : TRAIL_OK;
    if (*status != TRAIL_OK)
        return NULL;
    struct trail *t = calloc(1, sizeof *t);
    if (!t) {
        *status = TRAIL_NO_MEMORY;
        return NULL;
    }
    t->threads = options->threads ? options->threads : processors();
    t->fed.newest = TRAIL_NO_TIME;
    t->watermark = INT64_MIN;
    *status = take_begin(&t->take, pack, options);
    t->take.come = advance;
    t->take.late = watermark_at;
    t->take.user = t;
    if (*status == TRAIL_OK && options->keeper)
        *status = resume(t, options->keeper);
    if (*status == TRAIL_OK)
        return t;
    trail_free(t);
    return NULL;
}

struct trail *trail_new(const struct trail_pack *pack, const struct trail_options *options,
                        enum trail_status *status)
{
    static const struct trail_options defaults;
    enum trail_status ignored;
    return create(pack, options ? options : &defaults, status ? status : &ignored);
}

static void free_labels(struct trail_input_labels *labels)
{
    free((char *)labels->application.p);
    free((char *)labels->subsystem.p);
    *labels = NO_LABELS;
}

void trail_free(struct trail *t)
{
    if (!t)
        return;
    worker_free(t->fed.worker);
    free(t->fed.name);
    free_labels(&t->fed.labels);
    take_end(&t->take);
    free(t);
}

void trail_stop(struct trail *t)
{
    t->take.stopped = true;
}

/* ---- scanning ----------------------------------------------------------------------------- */

/* A call of trail_scan_all. */
struct scan {
    struct trail *t;
    const struct trail_input_labels *labels; /* of the arguments; NULL: none */
    struct trail_inputs inputs;
    struct pool_input *pool;
    struct trail_position *from; /* of each input: where to begin */
    uint64_t *sizes;             /* of each input as it is stored; NULL: nobody asks */
    struct trail_position at;    /* the place to which the current input has been taken */
    size_t taken;                /* the input whose turn it is; SIZE_MAX: none yet */
    size_t given;
};

static const struct trail_input_labels *labels_of(const struct scan *s, size_t given)
{
    return s->labels ? &s->labels[given] : &NO_LABELS;
}

static void not_listed(void *user, const char *path, const char *what, bool lost)
{
    struct scan *s = user;
    struct trail_text message = {0};
    worker_message(&message, path, UINT64_MAX, what);
    take_text(&s->t->take, &message);
    if (!lost)
        return;
    s->t->take.damaged = true;
    take_unread(&s->t->take, labels_of(s, s->given));
}

/* A chunk of the current input has been taken. False: stop. */
static bool keep(struct scan *s, const struct chunk *c)
{
    const struct trail_keeper *keeper = s->t->take.options.keeper;
    if (!keeper)
        return true;
    if (c->rested)
        s->at = c->rest;
    if (keeper->taken(keeper->user, s->pool[s->taken].path, &s->at, c->end && !c->unfinished))
        return true;
    s->t->take.damaged = s->t->take.stopped = true;
    return false;
}

static bool take_from_pool(void *user, size_t input, const struct chunk *c)
{
    struct scan *s = user;
    if (input != s->taken) {
        s->taken = input;
        s->at = s->from ? s->from[input] : TRAIL_BEGINNING;
        s->t->take.turn = (struct turn){
            .path = s->pool[input].path, .labels = s->pool[input].labels, .newest = s->at.newest};
        if (s->sizes)
            s->t->take.turn.size = s->sizes[input];
        s->t->advances = input + 1 == s->inputs.n;
        s->t->take.by_clock = false;
    }
    return take_chunk(&s->t->take, c) && keep(s, c);
}

/* Leaves out what was taken before, and finds where to begin in the others. False: no memory. */
static bool recall(struct scan *s, const struct trail_keeper *keeper)
{
    size_t kept = 0;
    s->from = calloc(s->inputs.n + 1, sizeof *s->from);
    if (!s->from)
        return false;
    for (size_t i = 0; i < s->inputs.n; i++) {
        struct trail_input input = s->inputs.at[i];
        enum trail_known known = TRAIL_UNKNOWN;
        s->from[kept] = TRAIL_BEGINNING;
        if (strcmp(input.path, "-") != 0)
            known = keeper->find(keeper->user, input.path, &s->from[kept]);
        if (known == TRAIL_UNSURE)
            s->t->take.damaged = s->t->take.stopped = true;
        if (known == TRAIL_DONE || known == TRAIL_UNSURE) {
            free(input.path);
            continue;
        }
        s->inputs.at[kept++] = input;
    }
    s->inputs.n = kept;
    return true;
}

/* How much there is to read. False: no memory. */
static bool add_up(struct scan *s)
{
    struct trail_stats *stats = &s->t->take.stats;
    bool known = stats->total > 0 || stats->inputs == 0;
    uint64_t total = stats->total;
    s->sizes = calloc(s->inputs.n + 1, sizeof *s->sizes);
    if (!s->sizes)
        return false;
    for (size_t i = 0; i < s->inputs.n; i++) {
        struct stat status;
        if (worker_input(NULL, s->inputs.at[i].path, &status) == WORKER_LIVE)
            known = false;
        s->sizes[i] = status.st_size > 0 ? (uint64_t)status.st_size : 0;
        total += s->sizes[i];
    }
    stats->total = known ? total : 0;
    return true;
}

static bool list_inputs(struct scan *s, size_t n, const char *const *paths)
{
    for (size_t i = 0; i < n; i++) {
        s->given = i;
        if (trail_inputs_add(&s->inputs, paths[i], i, not_listed, s) == TRAIL_LIST_NO_MEMORY)
            return false;
    }
    if (s->t->take.options.keeper && !recall(s, s->t->take.options.keeper))
        return false;
    s->pool = calloc(s->inputs.n + 1, sizeof *s->pool);
    if (!s->pool || (s->t->take.options.total && !add_up(s)))
        return false;
    for (size_t i = 0; i < s->inputs.n; i++) {
        const struct trail_input *input = &s->inputs.at[i];
        bool begun = s->from && s->from[i].offset + s->from[i].skip > 0;
        s->pool[i] = (struct pool_input){input->path, labels_of(s, input->given), begun ? &s->from[i] : NULL,
                                         input->file};
    }
    return true;
}

enum trail_status trail_scan_all(struct trail *t, size_t n, const char *const *paths,
                                 const struct trail_input_labels *labels)
{
    struct scan s = {.t = t, .labels = labels, .taken = SIZE_MAX};
    if (t->finished)
        return TRAIL_INVALID;
    if (t->take.failure == TRAIL_OK && !t->take.stopped) {
        take_labels(&t->take, labels ? n : 0, labels);
        if (list_inputs(&s, n, paths) && !t->take.stopped) {
            struct pool_config config = {.worker = take_worker_config(&t->take),
                                         .n_inputs = s.inputs.n,
                                         .inputs = s.pool,
                                         .threads = t->threads,
                                         .at_once = TRAIL_AT_ONCE,
                                         .take = take_from_pool,
                                         .user = &s};
            config.worker.late = t->watermark;
            take_note(&t->take, pool_run(&config));
        } else if (!t->take.stopped) {
            take_note(&t->take, TRAIL_NO_MEMORY);
        }
    }
    t->take.turn = (struct turn){0};
    t->advances = false;
    free(s.pool);
    free(s.from);
    free(s.sizes);
    trail_inputs_free(&s.inputs);
    return take_outcome(&t->take);
}

enum trail_status trail_scan(struct trail *t, const char *path, const struct trail_input_labels *labels)
{
    return trail_scan_all(t, 1, &path, labels);
}

/* ---- feeding ------------------------------------------------------------------------------ */

static bool take_fed(void *user, struct chunk **chunk)
{
    struct trail *t = user;
    struct fed *fed = &t->fed;
    t->take.turn =
        (struct turn){.path = fed->name, .kept = fed->kept, .labels = &fed->labels, .newest = fed->newest};
    t->take.by_clock = t->advances = true;
    fed->newest = later_time(fed->newest, (*chunk)->newest);
    bool go_on = take_chunk(&t->take, *chunk);
    fed->kept = t->take.turn.kept;
    chunk_clear(*chunk);
    return go_on;
}

static bool same_text(struct trail_slice a, struct trail_slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* False: no memory. */
static bool copy_text(struct trail_slice *to, struct trail_slice from)
{
    char *p = from.n ? malloc(from.n) : NULL;
    if (from.n && !p)
        return false;
    if (p)
        memcpy(p, from.p, from.n);
    *to = (struct trail_slice){p, from.n};
    return true;
}

/* The worker knows labels by where they are: it hears of it when others stand there. */
static bool relabel(struct fed *fed, const struct trail_input_labels *labels)
{
    if (same_text(fed->labels.application, labels->application) &&
        same_text(fed->labels.subsystem, labels->subsystem))
        return true;
    free_labels(&fed->labels);
    worker_forget_labels(fed->worker);
    return copy_text(&fed->labels.application, labels->application) &&
           copy_text(&fed->labels.subsystem, labels->subsystem);
}

static bool rename_fed(struct fed *fed, const char *name)
{
    free(fed->name);
    fed->name = name && strcmp(name, "-") != 0 ? strdup(name) : NULL;
    fed->kept = NULL;
    return fed->name || !name || strcmp(name, "-") == 0;
}

/* False: no memory. */
static bool begin_feed(struct trail *t, const char *name, const struct trail_input_labels *labels)
{
    struct fed *fed = &t->fed;
    if (!fed->worker) {
        struct worker_config config = take_worker_config(&t->take);
        config.emit = take_fed;
        config.user = t;
        fed->worker = worker_new(&config);
    }
    t->take.turn = (struct turn){0}; /* it has the name of the one before */
    if (!fed->worker || !rename_fed(fed, name) || !relabel(fed, labels))
        return false;
    worker_set_late(fed->worker, t->watermark);
    worker_begin(fed->worker, fed->name ? fed->name : "-", &fed->labels);
    fed->open = true;
    fed->newest = TRAIL_NO_TIME;
    return true;
}

static void feed(struct trail *t, const char *p, size_t n)
{
    worker_push(t->fed.worker, p, n, true);
    t->fed.open = n > 0;
}

enum trail_status trail_feed_begin(struct trail *t, const char *name, const struct trail_input_labels *labels)
{
    if (t->finished)
        return TRAIL_INVALID;
    if (t->take.failure != TRAIL_OK || t->take.stopped)
        return t->take.failure;
    if (t->fed.open)
        feed(t, NULL, 0);
    if (labels)
        take_labels(&t->take, 1, labels);
    if (!begin_feed(t, name, labels ? labels : &NO_LABELS))
        take_note(&t->take, TRAIL_NO_MEMORY);
    return take_outcome(&t->take);
}

enum trail_status trail_feed(struct trail *t, const char *p, size_t n)
{
    if (t->finished)
        return TRAIL_INVALID;
    if (t->take.failure != TRAIL_OK || t->take.stopped || (n == 0 && !t->fed.open))
        return t->take.failure;
    if (t->fed.open || begin_feed(t, NULL, &NO_LABELS))
        feed(t, p, n);
    else
        take_note(&t->take, TRAIL_NO_MEMORY);
    return take_outcome(&t->take);
}

/* ---- the end ------------------------------------------------------------------------------ */

/* What is open stays so: the next scan goes on with it. Where the clock is given, time has come so far. */
static enum trail_status come_to_rest(struct trail *t)
{
    int64_t now = t->take.options.now;
    if (!now)
        return TRAIL_OK;
    return window_advance(t->take.window, take_from(&t->take), trail_time_add(now, -t->take.lateness));
}

enum trail_status trail_finish(struct trail *t)
{
    if (t->finished)
        return TRAIL_INVALID;
    enum trail_status status = trail_feed(t, NULL, 0);
    t->finished = true;
    if (t->take.failure == TRAIL_OK && !t->take.stopped)
        take_note(&t->take, t->take.options.keeper
                                ? come_to_rest(t)
                                : window_finish(t->take.window, take_from(&t->take), read_to(t)));
    if (t->take.failure == TRAIL_OK && !t->take.stopped && t->take.options.on_alert) {
        take_report_uncounted(&t->take);
        take_report_forgotten(&t->take);
        take_report_undecided(&t->take, ~0u);
    }
    /* What this run could not read is missing in windows that begin before its end; the next one judges those
     * behind. */
    if (t->take.options.keeper && t->take.failure == TRAIL_OK && !t->take.stopped)
        take_rest(&t->take, later_time(t->take.newest, trail_time_add(t->watermark, t->take.lateness)));
    if (t->take.failure != TRAIL_OK)
        return t->take.failure;
    return status == TRAIL_OK && take_miscounts(&t->take) ? TRAIL_DAMAGED : status;
}

void trail_stats(const struct trail *t, struct trail_stats *to)
{
    take_stats(&t->take, to);
}

struct trail_counts trail_counts(const struct trail *t, size_t alert)
{
    return take_counts(&t->take, alert);
}

void trail_times(const struct trail *t, int64_t *from, int64_t *to)
{
    *from = take_from(&t->take);
    *to = read_to(t);
}

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

#include "notify/terminal.h"
#include "pool.h"
#include "read/inputs.h"
#include "window/timestamp.h"
#include "window/window.h"

static const struct trail_input_labels NO_LABELS;
static const struct trail_slice NO_TEXT = {"", 0};

enum { UNDECIDED_LISTED = 5 }; /* alerts that are named; the others are counted */

/* Paths that notifications may still name. */
struct paths {
    struct paths *next;
    char text[];
};

/* The input whose chunks are being taken. */
struct turn {
    const char *path;
    const struct trail_input_labels *labels;
    bool advances;    /* no other input holds the watermark back */
    const char *kept; /* the path, once a hit needs it */
    int64_t newest;   /* that it has brought so far */
};

struct trail {
    const struct trail_pack *pack;
    struct trail_options options;
    int64_t lateness;
    struct window *window;
    struct trail_stats stats;
    struct {
        uint64_t undated, future;
    } uncounted;    /* those of the stats that some alert should have counted */
    uint64_t *hits; /* of each alert */
    struct paths *paths;
    bool applications, subsystems; /* some input has had such a label, or the pack takes it from the events */
    int64_t oldest, newest;        /* accepted times of everything read */
    int64_t watermark;
    struct turn turn;
    struct worker *feed; /* once fed */
    bool feeding;
    int64_t feed_newest;
    bool damaged; /* in the running call */
    bool stopped, finished;
    enum trail_status failure; /* TRAIL_OK, or what ended everything */
};

/* ---- life --------------------------------------------------------------------------------- */

static void pass_alert(void *user, const struct trail_fired *fired)
{
    struct trail *t = user;
    if (t->options.on_alert && !t->stopped)
        t->options.on_alert(t->options.user, fired);
}

static void pass_problem(void *user, const char *message)
{
    struct trail *t = user;
    if (t->options.on_problem && !t->stopped)
        t->options.on_problem(t->options.user, message);
}

/* Takes the text. */
static void pass_text(struct trail *t, struct trail_text *message)
{
    trail_text_add(message, "", 1);
    pass_problem(t, message->failed ? "out of memory" : message->p);
    trail_text_free(message);
}

/* What makes no sense; NULL: all does. */
static const char *wrong_option(const struct trail_options *o)
{
    if (o->lateness < -1)
        return "lateness is less than -1";
    if (o->since && o->until && o->since >= o->until)
        return "since is not before until";
    return NULL;
}

static unsigned processors(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return n > 0 ? (unsigned)n : 1;
}

static enum trail_status prepare(struct trail *t)
{
    enum trail_status status = TRAIL_OK;
    struct window_config config = {.pack = t->pack,
                                   .on_alert = pass_alert,
                                   .on_problem = pass_problem,
                                   .user = t,
                                   .pending_bytes = t->options.waiting,
                                   .groups_limit = t->options.groups_limit};
    t->hits = calloc(t->pack->n_alerts + 1, sizeof *t->hits);
    t->window = t->hits ? window_new(&config, &status) : NULL;
    t->applications = t->pack->fields[TRAIL_FIELD_APPLICATION] != NULL;
    t->subsystems = t->pack->fields[TRAIL_FIELD_SUBSYSTEM] != NULL;
    if (t->window)
        window_labelled(t->window, t->applications, t->subsystems);
    return t->window ? TRAIL_OK : status == TRAIL_OK ? TRAIL_NO_MEMORY : status;
}

static struct trail *create(const struct trail_pack *pack, const struct trail_options *options,
                            enum trail_status *status)
{
    const char *wrong = wrong_option(options);
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
    t->pack = pack;
    t->options = *options;
    t->options.threads = options->threads ? options->threads : processors();
    t->lateness = options->lateness < 0 ? 0 : options->lateness ? options->lateness : TRAIL_LATENESS;
    t->oldest = t->newest = t->feed_newest = TRAIL_NO_TIME;
    t->watermark = INT64_MIN;
    *status = prepare(t);
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

void trail_free(struct trail *t)
{
    if (!t)
        return;
    worker_free(t->feed);
    window_free(t->window);
    while (t->paths) {
        struct paths *next = t->paths->next;
        free(t->paths);
        t->paths = next;
    }
    free(t->hits);
    free(t);
}

void trail_stop(struct trail *t)
{
    t->stopped = true;
}

/* ---- time --------------------------------------------------------------------------------- */

static int64_t read_from(const struct trail *t)
{
    return t->options.since ? t->options.since : t->oldest;
}

/* Where the replay ends: the clock, or the last moment that --until leaves in, or the newest event. */
static int64_t read_to(const struct trail *t)
{
    int64_t until = t->options.until ? t->options.until - 1 : TRAIL_NO_TIME;
    int64_t now = t->options.now ? t->options.now : TRAIL_NO_TIME;
    int64_t end = earlier_time(until, now);
    return end == TRAIL_NO_TIME ? t->newest : end;
}

static void note_status(struct trail *t, enum trail_status status)
{
    if (status != TRAIL_OK && t->failure == TRAIL_OK)
        t->failure = status;
}

/* The watermark where the current input has come as far as `newest`; INT64_MIN: it is held back. */
static int64_t watermark_at(const struct trail *t, int64_t newest)
{
    if (!t->turn.advances)
        return INT64_MIN;
    if (t->feeding && t->turn.path && t->feed_newest < newest)
        newest = t->feed_newest;
    return newest == TRAIL_NO_TIME ? INT64_MIN : trail_time_add(newest, -t->lateness);
}

/* The current input has come so far. */
static void advance(struct trail *t, int64_t oldest, int64_t newest)
{
    t->oldest = earlier_time(t->oldest, oldest);
    t->newest = later_time(t->newest, newest);
    int64_t watermark = watermark_at(t, newest);
    if (watermark <= t->watermark)
        return;
    t->watermark = watermark;
    note_status(t, window_advance(t->window, read_from(t), watermark));
}

/* ---- taking chunks ------------------------------------------------------------------------ */

/* The current input's path, in memory that lives as long as the windows. NULL: no memory. */
static const char *keep_path(struct trail *t)
{
    if (!t->turn.kept) {
        size_t n = strlen(t->turn.path) + 1;
        struct paths *p = malloc(sizeof *p + n);
        if (!p)
            return NULL;
        memcpy(p->text, t->turn.path, n);
        p->next = t->paths;
        t->paths = p;
        t->turn.kept = p->text;
    }
    return t->turn.kept;
}

static void report_hit(struct trail *t, const struct chunk *c, const struct entry *e, const struct hit *hit)
{
    struct trail_hit public = {.alert = &t->pack->alerts[hit->alert],
                               .time = hit->time,
                               .source = hit->source,
                               .event_id = hit->event_id,
                               .event = chunk_text(c, e->text)};
    t->hits[hit->alert]++;
    if (t->options.on_hit && !t->stopped)
        t->options.on_hit(t->options.user, &public);
}

/* The hits of one alert, a group each, from `found` up to `end`. Returns the next alert's, and adds WINDOW_
 * bits. `alone`: all hits of the event want nothing but its time. */
static const struct found *take_alert(struct trail *t, const struct chunk *c, const struct entry *e,
                                      struct hit *hit, const struct found *found, const struct found *end,
                                      bool alone, unsigned *what)
{
    bool fresh = false;
    hit->alert = found->alert;
    for (; found < end && found->alert == hit->alert && t->failure == TRAIL_OK; found++) {
        unsigned became = 0;
        hit->group = chunk_text(c, found->group);
        hit->breakdown = chunk_text(c, found->breakdown);
        hit->fields = chunk_text(c, found->fields);
        hit->event_id = found->presence ? NO_TEXT : chunk_text(c, e->event_id);
        note_status(t, window_hit(t->window, hit, &became));
        fresh |= !(became & WINDOW_DUPLICATE);
        /* Of an event with other hits, those say whether it is late: it may be in a stretch, too. */
        *what |= became & (found->presence && !alone ? ~(unsigned)WINDOW_LATE : ~0u);
    }
    if (fresh && t->failure == TRAIL_OK)
        report_hit(t, c, e, hit);
    return found;
}

/* What is past, where an event's time is future. */
static const char *clock_of(const struct trail *t, const char *path)
{
    return t->options.now ? "--now" : strcmp(path, "-") == 0 ? "the clock" : "the file's own time";
}

/* An event that some alert should have counted and cannot: the first of its kind is told at once, with its
 * place; how many there were is told at the end. */
static void note_uncounted(struct trail *t, const struct entry *e, unsigned what, const char *path)
{
    char date[TRAIL_TIME_ROOM], text[256];
    struct trail_text message = {0};
    uint64_t *n = what & WINDOW_TIMELESS ? &t->uncounted.undated : &t->uncounted.future;
    if ((*n)++ > 0 || !t->options.on_alert)
        return;
    trail_time_format(date, e->time);
    if (what & WINDOW_TIMELESS)
        snprintf(text, sizeof text,
                 "no readable time in %.100s (the pack's `time`): the event is in no count",
                 t->pack->fields[TRAIL_FIELD_TIME]);
    else
        snprintf(text, sizeof text, "dated %s, more than 5m past %s: the event is in no count", date,
                 clock_of(t, path));
    worker_message(&message, path, e->source.offset, text);
    pass_text(t, &message);
}

static void take_event(struct trail *t, const struct chunk *c, const struct entry *e)
{
    struct hit hit = {.time = e->time, .future = e->future, .source = e->source};
    unsigned what = 0;
    hit.source.path = t->turn.path ? keep_path(t) : "-";
    if (!hit.source.path)
        note_status(t, TRAIL_NO_MEMORY);
    memcpy(hit.record_hash, e->hash, sizeof hit.record_hash);
    const struct found *found = c->found + e->first_hit, *end = found + e->n_hits;
    bool alone = true;
    for (const struct found *f = found; f < end; f++)
        alone &= f->presence;
    while (found < end && t->failure == TRAIL_OK && !t->stopped)
        found = take_alert(t, c, e, &hit, found, end, alone, &what);
    t->stats.matched++;
    t->stats.late += (what & WINDOW_LATE) != 0;
    t->stats.duplicates += (what & WINDOW_DUPLICATE) != 0;
    t->stats.undated += (what & WINDOW_TIMELESS) != 0;
    t->stats.future += (what & WINDOW_FUTURE) != 0;
    if (what & WINDOW_UNCOUNTED && hit.source.path)
        note_uncounted(t, e, what, hit.source.path);
}

/* What the input held is unknown for the alerts that its labels would have fed. */
static void take_unread(struct trail *t, const struct trail_input_labels *labels)
{
    const struct trail_slice *application = labels->application.n ? &labels->application : &NO_TEXT;
    const struct trail_slice *subsystem = labels->subsystem.n ? &labels->subsystem : &NO_TEXT;
    if (!labels->application.n && t->pack->fields[TRAIL_FIELD_APPLICATION])
        application = NULL;
    if (!labels->subsystem.n && t->pack->fields[TRAIL_FIELD_SUBSYSTEM])
        subsystem = NULL;
    note_status(t, window_unknown(t->window, application, subsystem));
}

static void take_message(struct trail *t, const struct chunk *c, struct part text)
{
    struct trail_text message = {0};
    struct trail_slice s = chunk_text(c, text);
    trail_text_add(&message, s.p, s.n);
    pass_text(t, &message);
}

/*
 * Hits of which only the time matters, before the chunk's entries: it makes no difference when they come, as
 * long as they are not late. None is by what is in the chunk; and by what came before either all of a stretch
 * are, or none (worker_config.late, chunk_can_rebase). Unless the window has had to hurry.
 */
static void take_stretches(struct trail *t, const struct chunk *c)
{
    int64_t late = watermark_at(t, t->turn.newest);
    if (window_watermark(t->window) > late)
        late = window_watermark(t->window);
    for (size_t i = 0; i < c->n_stretches && t->failure == TRAIL_OK; i++) {
        const struct stretch *s = &c->stretches[i];
        int64_t first = s->first < late ? s->last : s->first;
        if (s->alert == STRETCH_RECORDS) {
            t->stats.matched += s->n;
            t->stats.late += s->last < late ? s->n : 0;
            continue;
        }
        t->hits[s->alert] += s->n;
        if (s->last >= late)
            note_status(
                t, window_hits_between(t->window, s->alert, t->turn.labels->application, first, s->last));
    }
}

/* False: stop. */
static bool take_chunk(struct trail *t, const struct chunk *c)
{
    uint64_t matched = t->stats.matched;
    take_stretches(t, c);
    for (size_t i = 0; i < c->n_entries && t->failure == TRAIL_OK && !t->stopped; i++) {
        const struct entry *e = &c->entries[i];
        advance(t, e->oldest, e->newest);
        switch (e->kind) {
        case ENTRY_EVENT: take_event(t, c, e); break;
        case ENTRY_TIME: break;
        case ENTRY_PROBLEM: take_message(t, c, e->text); break;
        case ENTRY_UNREAD: take_unread(t, t->turn.labels); break;
        }
    }
    t->damaged |= c->damaged;
    if (c->failed)
        note_status(t, TRAIL_NO_MEMORY);
    if (t->failure != TRAIL_OK || t->stopped)
        return false;
    t->oldest = earlier_time(t->oldest, c->oldest);
    t->newest = later_time(t->newest, c->newest);
    t->turn.newest = c->newest;
    if (c->end || c->paused)
        advance(t, c->oldest, c->newest);
    t->stats.bytes += c->inflated;
    t->stats.records += c->records;
    t->stats.rejected += c->rejected;
    t->stats.unmatched += c->records - c->rejected - (t->stats.matched - matched);
    t->stats.inputs += c->end;
    if (t->options.on_progress)
        t->options.on_progress(t->options.user, &t->stats);
    return t->failure == TRAIL_OK && !t->stopped;
}

static struct worker_config worker_config(const struct trail *t)
{
    return (struct worker_config){.pack = t->pack,
                                  .now = t->options.now,
                                  .since = t->options.since,
                                  .until = t->options.until,
                                  .lateness = t->lateness,
                                  .render = t->options.on_alert != NULL,
                                  .keep_events = t->options.on_hit != NULL,
                                  .each_hit = t->options.on_hit != NULL,
                                  .late = t->watermark,
                                  .strict = t->options.strict};
}

/* Whether counts may be too low because hits could not wait for their turn, or groups were forgotten. */
static bool miscounts(const struct trail *t)
{
    struct window_stats stats;
    window_stats(t->window, &stats);
    return stats.early + stats.lost + stats.forgotten > 0;
}

/* The end of a call. */
static enum trail_status outcome(struct trail *t)
{
    bool damaged = t->damaged || miscounts(t);
    t->damaged = false;
    return t->failure != TRAIL_OK ? t->failure : damaged ? TRAIL_DAMAGED : TRAIL_OK;
}

/* ---- scanning ----------------------------------------------------------------------------- */

/* A call of trail_scan_all. */
struct scan {
    struct trail *t;
    const struct trail_input_labels *labels; /* of the arguments; NULL: none */
    struct trail_inputs inputs;
    struct pool_input *pool;
    size_t taken; /* the input whose turn it is; SIZE_MAX: none yet */
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
    pass_text(s->t, &message);
    if (!lost)
        return;
    s->t->damaged = true;
    take_unread(s->t, labels_of(s, s->given));
}

static bool take_from_pool(void *user, size_t input, const struct chunk *c)
{
    struct scan *s = user;
    if (input != s->taken) {
        s->taken = input;
        s->t->turn = (struct turn){.path = s->pool[input].path,
                                   .labels = s->pool[input].labels,
                                   .advances = input + 1 == s->inputs.n,
                                   .newest = TRAIL_NO_TIME};
    }
    return take_chunk(s->t, c);
}

static bool list_inputs(struct scan *s, size_t n, const char *const *paths)
{
    for (size_t i = 0; i < n; i++) {
        s->given = i;
        if (trail_inputs_add(&s->inputs, paths[i], i, not_listed, s) == TRAIL_LIST_NO_MEMORY)
            return false;
    }
    s->pool = calloc(s->inputs.n + 1, sizeof *s->pool);
    if (!s->pool)
        return false;
    for (size_t i = 0; i < s->inputs.n; i++)
        s->pool[i] = (struct pool_input){s->inputs.at[i].path, labels_of(s, s->inputs.at[i].given)};
    return true;
}

static void note_labels(struct trail *t, size_t n, const struct trail_input_labels *labels)
{
    for (size_t i = 0; i < n; i++) {
        t->applications |= labels[i].application.n > 0;
        t->subsystems |= labels[i].subsystem.n > 0;
    }
    window_labelled(t->window, t->applications, t->subsystems);
}

enum trail_status trail_scan_all(struct trail *t, size_t n, const char *const *paths,
                                 const struct trail_input_labels *labels)
{
    struct scan s = {.t = t, .labels = labels, .taken = SIZE_MAX};
    if (t->finished)
        return TRAIL_INVALID;
    if (t->failure == TRAIL_OK && !t->stopped) {
        note_labels(t, labels ? n : 0, labels);
        if (list_inputs(&s, n, paths)) {
            struct pool_config config = {.worker = worker_config(t),
                                         .n_inputs = s.inputs.n,
                                         .inputs = s.pool,
                                         .threads = t->options.threads,
                                         .take = take_from_pool,
                                         .user = &s};
            note_status(t, pool_run(&config));
        } else {
            note_status(t, TRAIL_NO_MEMORY);
        }
    }
    t->turn = (struct turn){0};
    free(s.pool);
    trail_inputs_free(&s.inputs);
    return outcome(t);
}

enum trail_status trail_scan(struct trail *t, const char *path, const struct trail_input_labels *labels)
{
    return trail_scan_all(t, 1, &path, labels);
}

/* ---- feeding ------------------------------------------------------------------------------ */

static bool take_fed(void *user, struct chunk **chunk)
{
    struct trail *t = user;
    t->turn = (struct turn){.labels = &NO_LABELS, .advances = true, .newest = t->feed_newest};
    t->feed_newest = later_time(t->feed_newest, (*chunk)->newest);
    bool go_on = take_chunk(t, *chunk);
    chunk_clear(*chunk);
    return go_on;
}

static bool start_feed(struct trail *t)
{
    if (!t->feed) {
        struct worker_config config = worker_config(t);
        config.emit = take_fed;
        config.user = t;
        t->feed = worker_new(&config);
    }
    if (!t->feed)
        return false;
    worker_set_late(t->feed, t->watermark);
    worker_begin(t->feed, "-", &NO_LABELS);
    t->feeding = true;
    t->feed_newest = TRAIL_NO_TIME;
    return true;
}

enum trail_status trail_feed(struct trail *t, const char *p, size_t n)
{
    if (t->finished)
        return TRAIL_INVALID;
    if (t->failure != TRAIL_OK || t->stopped || (n == 0 && !t->feeding))
        return t->failure;
    if (t->feeding || start_feed(t))
        worker_push(t->feed, p, n, true);
    else
        note_status(t, TRAIL_NO_MEMORY);
    t->feeding &= n > 0;
    return outcome(t);
}

/* ---- the end ------------------------------------------------------------------------------ */

static void report_uncounted(struct trail *t)
{
    char text[256];
    const char *field = t->pack->fields[TRAIL_FIELD_TIME];
    if (t->uncounted.undated > 1) {
        struct trail_text message = {0};
        snprintf(text, sizeof text,
                 "%" PRIu64 " matching events have no readable time in %.100s and are in no count",
                 t->uncounted.undated, field);
        trail_terminal_add(&message, (struct trail_slice){text, strlen(text)});
        pass_text(t, &message);
    }
    if (t->uncounted.future > 1) {
        snprintf(text, sizeof text,
                 "%" PRIu64 " matching events are dated more than 5m past %s and are in no count",
                 t->uncounted.future, t->options.now ? "--now" : "the time of their file, or the clock,");
        pass_problem(t, text);
    }
}

static void report_forgotten(struct trail *t)
{
    char text[160];
    struct window_stats stats;
    window_stats(t->window, &stats);
    if (stats.forgotten == 0)
        return;
    snprintf(text, sizeof text,
             "%" PRIu64 " group%s forgotten, for memory for groups was full: counts may be too low",
             stats.forgotten, stats.forgotten == 1 ? " was" : "s were");
    pass_problem(t, text);
}

static void add_words(struct trail_text *to, const char *words)
{
    trail_text_add(to, words, strlen(words));
}

/* The IDs of the alerts whose silence is not decided for a reason, as `a, b and 3 more`; how many. */
static size_t list_undecided(const struct trail *t, unsigned why, struct trail_text *to)
{
    char more[48];
    size_t n = 0;
    for (size_t i = 0; i < t->pack->n_alerts; i++) {
        if (!(window_undecided(t->window, i) & why) || n++ >= UNDECIDED_LISTED)
            continue;
        add_words(to, n > 1 ? ", " : "");
        trail_terminal_add(to, (struct trail_slice){t->pack->alerts[i].id, strlen(t->pack->alerts[i].id)});
    }
    if (n > UNDECIDED_LISTED) {
        snprintf(more, sizeof more, " and %zu more", n - UNDECIDED_LISTED);
        add_words(to, more);
    }
    return n;
}

/* Silence that has no answer looks like no silence: say so. */
static void report_undecided(struct trail *t)
{
    static const struct {
        unsigned why;
        const char *text;
    } reasons[] = {
        {WINDOW_NO_APPLICATION, "no input has an application label (--application)"},
        {WINDOW_NO_SUBSYSTEM, "no input has a subsystem label (--subsystem)"},
        {WINDOW_UNREAD, "an input could not be read to its end"},
        {WINDOW_UNFED, "no event came from an application that the alert's patterns match"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        struct trail_text text = {0};
        add_words(&text, reasons[i].text);
        add_words(&text, ": the silence of ");
        size_t n = list_undecided(t, reasons[i].why, &text);
        add_words(&text, " is not decided");
        if (n > 0)
            pass_text(t, &text);
        trail_text_free(&text);
    }
}

enum trail_status trail_finish(struct trail *t)
{
    if (t->finished)
        return TRAIL_INVALID;
    enum trail_status status = trail_feed(t, NULL, 0);
    t->finished = true;
    if (t->failure == TRAIL_OK && !t->stopped)
        note_status(t, window_finish(t->window, read_from(t), read_to(t)));
    if (t->failure == TRAIL_OK && !t->stopped && t->options.on_alert) {
        report_uncounted(t);
        report_forgotten(t);
        report_undecided(t);
    }
    if (t->failure != TRAIL_OK)
        return t->failure;
    return status == TRAIL_OK && miscounts(t) ? TRAIL_DAMAGED : status;
}

void trail_stats(const struct trail *t, struct trail_stats *to)
{
    struct window_stats stats;
    window_stats(t->window, &stats);
    *to = t->stats;
    to->early = stats.early;
    to->lost = stats.lost;
    to->forgotten = stats.forgotten;
}

struct trail_counts trail_counts(const struct trail *t, size_t alert)
{
    if (alert >= t->pack->n_alerts)
        return (struct trail_counts){0};
    return (struct trail_counts){t->hits[alert], window_fired(t->window, alert),
                                 window_undecided(t->window, alert) != 0};
}

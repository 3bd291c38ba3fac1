/*
 * take.c - see take.h. All that depends on the order of chunks is here and behind window.h.
 */
#include "take.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline/baseline.h"
#include "notify/terminal.h"
#include "trail/kernel.h"
#include "window/timestamp.h"

static const struct trail_slice NO_TEXT = {"", 0};

enum {
    UNDECIDED_LISTED = 5,    /* alerts that are named; the others are counted */
    AHEAD = WINDOW_EXPECTED, /* entries of a chunk whose first hits are expected at once, */
    EXPECTED = 2 * AHEAD,    /* while those before are taken */
};

/* A path that notifications may still name. */
struct kept_path {
    struct kept_path *next;
    char text[];
};

/* ---- life --------------------------------------------------------------------------------- */

/* Parts the whole event from the fields that it came behind (extract.h). */
static void part_event(struct trail_fired *fired)
{
    const char *p = fired->fields.p, *end = p + fired->fields.n;
    const char *behind = fired->fields.n ? trail_value_end(p, end) : NULL;
    if (!behind)
        return;
    fired->event = behind < end ? (struct trail_slice){behind, (size_t)(end - behind)}
                   : fired->alert->show.n == 0 && fired->fields.n > 2 ? fired->fields
                                                                      : NO_TEXT;
    fired->fields.n = (size_t)(behind - p);
}

static void pass_alert(void *user, const struct trail_fired *fired)
{
    struct take *t = user;
    struct trail_fired parted = *fired;
    if (!t->options.on_alert || t->stopped)
        return;
    if (t->options.events)
        part_event(&parted);
    t->options.on_alert(t->options.user, &parted);
}

static void pass_problem(void *user, const char *message)
{
    struct take *t = user;
    if (t->options.on_problem && !t->stopped)
        t->options.on_problem(t->options.user, message);
}

static void add_words(struct trail_text *to, const char *words)
{
    trail_text_add(to, words, strlen(words));
}

static void pass_count(void *user, size_t alert, struct trail_slice group, int64_t time)
{
    struct take *t = user;
    if (!t->stopped)
        t->options.on_count(t->options.user, &t->pack->alerts[alert], group, time);
}

void take_text(struct take *t, struct trail_text *message)
{
    trail_text_add(message, "", 1);
    pass_problem(t, message->failed ? "out of memory" : message->p);
    trail_text_free(message);
}

const char *take_wrong_option(const struct trail_options *o)
{
    if (o->lateness < -1)
        return "lateness is less than -1";
    if (o->since && o->until && o->since >= o->until)
        return "since is not before until";
    if (o->events && o->keeper)
        return "events cannot be kept by a keeper";
    return NULL;
}

/* The baselines that the options name, for take_begin(). False: it was said why. */
static bool read_baselines(struct take *t, struct baselines **to)
{
    char error[512];
    *to = t->options.baseline ? baselines_read(t->options.baseline, error, sizeof error) : NULL;
    if (t->options.baseline && !*to)
        pass_problem(t, error);
    return *to || !t->options.baseline;
}

/* Alerts of which the file has nothing begin without: that they learn anew is worth a word. */
static void report_untaught(struct take *t, const struct baselines *from)
{
    for (size_t i = 0; from && i < t->pack->n_alerts; i++) {
        const struct trail_alert *a = &t->pack->alerts[i];
        for (size_t k = 0; k < a->n_conditions; k++) {
            bool asks = a->conditions[k].when == TRAIL_MORE_THAN_USUAL ||
                        a->conditions[k].when == TRAIL_LESS_THAN_USUAL;
            if (!asks || baselines_find(from, t->pack, a, (unsigned)k))
                continue;
            struct trail_text text = {0};
            trail_terminal_add(&text, (struct trail_slice){t->options.baseline, strlen(t->options.baseline)});
            add_words(&text, ": nothing is in it for the alert ");
            trail_terminal_add(&text, (struct trail_slice){a->id, strlen(a->id)});
            add_words(&text, ", or it counted something else then: what is usual is learnt from here on");
            take_text(t, &text);
            break;
        }
    }
}

enum trail_status take_begin(struct take *t, const struct trail_pack *pack,
                             const struct trail_options *options)
{
    enum trail_status status = TRAIL_OK;
    *t = (struct take){.pack = pack, .options = *options, .oldest = TRAIL_NO_TIME, .newest = TRAIL_NO_TIME};
    t->lateness = options->lateness < 0 ? 0 : options->lateness ? options->lateness : TRAIL_LATENESS;
    struct baselines *baselines;
    if (!read_baselines(t, &baselines))
        return TRAIL_INVALID;
    struct window_config config = {.pack = t->pack,
                                   .on_alert = pass_alert,
                                   .on_problem = pass_problem,
                                   .on_count = options->on_count ? pass_count : NULL,
                                   .user = t,
                                   .pending_bytes = t->options.waiting,
                                   .baselines = baselines,
                                   .frozen = options->frozen,
                                   .groups_limit = t->options.groups_limit};
    t->hits = calloc(t->pack->n_alerts + 1, sizeof *t->hits);
    t->undecided = calloc(t->pack->n_alerts + 1, sizeof *t->undecided);
    t->window = t->hits && t->undecided ? window_new(&config, &status) : NULL;
    report_untaught(t, baselines);
    baselines_free(baselines);
    t->applications = t->pack->fields[TRAIL_FIELD_APPLICATION] != NULL;
    t->subsystems = t->pack->fields[TRAIL_FIELD_SUBSYSTEM] != NULL;
    if (t->window)
        window_labelled(t->window, t->applications, t->subsystems);
    return t->window ? TRAIL_OK : status == TRAIL_OK ? TRAIL_NO_MEMORY : status;
}

void take_end(struct take *t)
{
    window_free(t->window);
    while (t->paths) {
        struct kept_path *next = t->paths->next;
        free(t->paths);
        t->paths = next;
    }
    free(t->hits);
    free(t->undecided);
    t->window = NULL;
    t->hits = NULL;
    t->undecided = NULL;
}

void take_problem(struct take *t, const char *message)
{
    pass_problem(t, message);
}

void take_note(struct take *t, enum trail_status status)
{
    if (status != TRAIL_OK && t->failure == TRAIL_OK)
        t->failure = status;
}

int64_t take_from(const struct take *t)
{
    return t->options.since ? t->options.since : t->oldest;
}

void take_labels(struct take *t, size_t n, const struct trail_input_labels *labels)
{
    for (size_t i = 0; i < n; i++) {
        t->applications |= labels[i].application.n > 0;
        t->subsystems |= labels[i].subsystem.n > 0;
    }
    window_labelled(t->window, t->applications, t->subsystems);
}

/* ---- chunks ------------------------------------------------------------------------------- */

/* The current input's path and label, in memory that lives as long as the windows. False: no memory. */
static bool name_source(struct take *t, struct trail_source *source)
{
    struct trail_slice label = t->turn.labels->application;
    size_t n = strlen(t->turn.path) + 1;
    if (!t->turn.kept) {
        struct kept_path *p = malloc(sizeof *p + n + label.n + 1);
        if (!p)
            return false;
        memcpy(p->text, t->turn.path, n);
        if (label.n)
            memcpy(p->text + n, label.p, label.n);
        p->text[n + label.n] = 0;
        p->next = t->paths;
        t->paths = p;
        t->turn.kept = p->text;
    }
    source->path = t->turn.kept;
    source->application = label.n ? t->turn.kept + n : NULL;
    return true;
}

static void report_hit(struct take *t, const struct chunk *c, const struct entry *e, const struct hit *hit)
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
static const struct found *take_alert(struct take *t, const struct chunk *c, const struct entry *e,
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
        take_note(t, window_hit(t->window, hit, &became));
        hit->hashes = NULL;
        fresh |= !(became & WINDOW_DUPLICATE);
        /* Of an event with other hits, those say whether it is late: it may be in a stretch, too. */
        *what |= became & (found->presence && !alone ? ~(unsigned)WINDOW_LATE : ~0u);
    }
    if (fresh && t->failure == TRAIL_OK)
        report_hit(t, c, e, hit);
    return found;
}

/* What is past, where an event's time is future. */
static const char *clock_of(const struct take *t, const char *path)
{
    return t->options.now                          ? "--now"
           : t->by_clock || strcmp(path, "-") == 0 ? "the clock"
                                                   : "the file's own time";
}

/* An event that some alert should have counted and cannot: the first of its kind is told at once, with its
 * place; how many there were is told at the end. */
static void note_uncounted(struct take *t, const struct entry *e, unsigned what, const char *path)
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
    take_text(t, &message);
}

/* The first hit of an event that is taken soon; most have one. */
struct expected {
    bool known;
    struct hit_hashes hashes;
};

/* The first hits of the events among the entries from `first` on, AHEAD entries at most. */
static void expect(const struct take *t, const struct chunk *c, size_t first, struct expected *to)
{
    struct hit hits[AHEAD];
    struct hit_hashes hashes[AHEAD];
    size_t of[AHEAD], n = 0;
    for (size_t i = first; i < c->n_entries && i < first + AHEAD; i++) {
        const struct entry *e = &c->entries[i];
        const struct found *found = &c->found[e->first_hit];
        to[i % EXPECTED].known = e->kind == ENTRY_EVENT && e->event_id.n > 0 && !found->presence;
        if (!to[i % EXPECTED].known)
            continue;
        of[n] = i % EXPECTED;
        hits[n++] = (struct hit){.alert = found->alert,
                                 .group = chunk_text(c, found->group),
                                 .event_id = chunk_text(c, e->event_id),
                                 .record_hash = {e->hash[0], e->hash[1]}};
    }
    if (n == 0)
        return;
    window_expect(t->window, hits, n, hashes);
    for (size_t i = 0; i < n; i++)
        to[of[i]].hashes = hashes[i];
}

static void take_event(struct take *t, const struct chunk *c, const struct entry *e,
                       const struct expected *expected)
{
    struct hit hit = {.time = e->time, .future = e->future, .source = e->source};
    unsigned what = 0;
    hit.source.path = "-";
    if (t->turn.path && !name_source(t, &hit.source))
        take_note(t, TRAIL_NO_MEMORY);
    memcpy(hit.record_hash, e->hash, sizeof hit.record_hash);
    hit.hashes = expected->known ? &expected->hashes : NULL;
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
    if (what & WINDOW_UNCOUNTED)
        note_uncounted(t, e, what, hit.source.path);
}

static void take_record(struct take *t, const struct chunk *c, const struct entry *e)
{
    struct trail_source source = e->source;
    source.path = t->turn.path ? t->turn.path : "-";
    t->stats.matched += e->matched;
    t->options.records->take(t->options.user, &source, e->time, chunk_text(c, e->text));
}

/* The labels by which alerts are asked whether the input feeds them; NULL: could be any. */
static const struct trail_slice *fed_label(const struct take *t, unsigned field,
                                           const struct trail_slice *given)
{
    return given->n ? given : t->pack->fields[field] ? NULL : &NO_TEXT;
}

void take_unread(struct take *t, const struct trail_input_labels *labels)
{
    t->unread++;
    take_note(t, window_unknown(t->window, fed_label(t, TRAIL_FIELD_APPLICATION, &labels->application),
                                fed_label(t, TRAIL_FIELD_SUBSYSTEM, &labels->subsystem)));
}

void take_read_again(struct take *t, const struct trail_input_labels *labels, int64_t from)
{
    take_note(t, window_known(t->window, fed_label(t, TRAIL_FIELD_APPLICATION, &labels->application),
                              fed_label(t, TRAIL_FIELD_SUBSYSTEM, &labels->subsystem), from));
}

void take_rest(struct take *t, int64_t from)
{
    for (size_t i = 0; i < t->pack->n_alerts; i++)
        t->undecided[i] = window_undecided(t->window, i) != 0;
    take_note(t, window_known(t->window, NULL, NULL, from));
}

static void take_message(struct take *t, const struct chunk *c, struct part text)
{
    struct trail_text message = {0};
    struct trail_slice s = chunk_text(c, text);
    trail_text_add(&message, s.p, s.n);
    take_text(t, &message);
}

/*
 * Hits of which only the time matters, before the chunk's entries: it makes no difference when they come, as
 * long as they are not late. None is by what is in the chunk; and by what came before either all of a stretch
 * are, or none (worker_config.late, chunk_can_rebase). Unless the window has had to hurry.
 */
static void take_stretches(struct take *t, const struct chunk *c)
{
    int64_t late = t->late ? t->late(t->user, t->turn.newest) : INT64_MIN;
    if (window_watermark(t->window) > late)
        late = window_watermark(t->window);
    for (size_t i = 0; i < c->n_stretches && t->failure == TRAIL_OK; i++) {
        const struct stretch *s = &c->stretches[i];
        int64_t first = s->first < late ? s->last : s->first;
        if (s->alert == STRETCH_HEARD) {
            if (s->last >= late)
                take_note(t, window_heard(t->window, s->last));
            continue;
        }
        if (s->alert == STRETCH_RECORDS) {
            t->stats.matched += s->n;
            t->stats.late += s->last < late ? s->n : 0;
            continue;
        }
        t->hits[s->alert] += s->n;
        if (s->last >= late)
            take_note(t,
                      window_hits_between(t->window, s->alert, t->turn.labels->application, first, s->last));
    }
}

/* How far the input has been read as it is stored: to its end where that has come, whatever was left unread. */
static void note_stored(struct take *t, const struct chunk *c)
{
    uint64_t stored = c->end || c->stored > t->turn.size ? t->turn.size : c->stored;
    if (stored > t->turn.stored) {
        t->stats.stored += stored - t->turn.stored;
        t->turn.stored = stored;
    }
}

/* How many records, and events of which only the time matters, each minute has. */
static void tell_volumes(struct take *t, const struct chunk *c)
{
    struct trail_text application = {0};
    if (!t->options.on_records || c->n_volumes == 0)
        return;
    window_add_application(&application, t->turn.labels->application);
    for (size_t i = 0; i < c->n_volumes && !application.failed; i++) {
        const struct volume *v = &c->volumes[i];
        const struct trail_alert *alert = v->alert == VOLUME_RECORDS ? NULL : &t->pack->alerts[v->alert];
        struct trail_slice group = {"{}", 2};
        if (alert && window_by_application(alert))
            group = (struct trail_slice){application.p, application.n};
        t->options.on_records(t->options.user, alert, group, v->minute * 60000, v->n);
    }
    if (application.failed)
        take_note(t, TRAIL_NO_MEMORY);
    trail_text_free(&application);
}

bool take_chunk(struct take *t, const struct chunk *c)
{
    uint64_t matched = t->stats.matched;
    struct expected expected[EXPECTED];
    take_stretches(t, c);
    expect(t, c, 0, expected);
    for (size_t i = 0; i < c->n_entries && t->failure == TRAIL_OK && !t->stopped; i++) {
        const struct entry *e = &c->entries[i];
        if (i % AHEAD == 0)
            expect(t, c, i + AHEAD, expected);
        t->come(t->user, e->oldest, e->newest);
        switch (e->kind) {
        case ENTRY_EVENT: take_event(t, c, e, &expected[i % EXPECTED]); break;
        case ENTRY_RECORD: take_record(t, c, e); break;
        case ENTRY_TIME: break;
        case ENTRY_PROBLEM: take_message(t, c, e->text); break;
        case ENTRY_UNREAD: take_unread(t, t->turn.labels); break;
        }
    }
    t->damaged |= c->damaged;
    if (c->failed)
        take_note(t, TRAIL_NO_MEMORY);
    if (t->failure != TRAIL_OK || t->stopped)
        return false;
    t->oldest = earlier_time(t->oldest, c->oldest);
    t->newest = later_time(t->newest, c->newest);
    t->turn.newest = c->newest;
    if (c->end || c->paused)
        t->come(t->user, c->oldest, c->newest);
    t->stats.bytes += c->inflated;
    note_stored(t, c);
    t->stats.records += c->records;
    t->stats.rejected += c->rejected;
    t->stats.unmatched += c->records - c->rejected - (t->stats.matched - matched);
    t->stats.inputs += c->end;
    tell_volumes(t, c);
    if (t->options.on_progress)
        t->options.on_progress(t->options.user, &t->stats);
    return t->failure == TRAIL_OK && !t->stopped;
}

struct worker_config take_worker_config(const struct take *t)
{
    return (struct worker_config){.pack = t->pack,
                                  .now = t->options.now,
                                  .since = t->options.since,
                                  .until = t->options.until,
                                  .lateness = t->lateness,
                                  .render = t->options.on_alert != NULL,
                                  .keep_events = t->options.on_hit != NULL,
                                  .positions = t->options.keeper != NULL,
                                  .each_hit = t->options.on_hit || t->options.records,
                                  .strict = t->options.strict,
                                  .uncounted = t->options.records && !t->options.on_alert &&
                                               !t->options.on_hit && !t->options.on_count,
                                  .records = t->options.records,
                                  .records_user = t->options.user,
                                  .events = t->options.events,
                                  .volumes = t->options.on_records != NULL,
                                  .late = INT64_MIN};
}

bool take_miscounts(const struct take *t)
{
    struct window_stats stats;
    window_stats(t->window, &stats);
    return stats.early + stats.lost + stats.forgotten > 0;
}

void take_report_uncounted(struct take *t)
{
    char text[256];
    const char *field = t->pack->fields[TRAIL_FIELD_TIME];
    if (t->uncounted.undated > 1) {
        struct trail_text message = {0};
        snprintf(text, sizeof text,
                 "%" PRIu64 " matching events have no readable time in %.100s and are in no count",
                 t->uncounted.undated, field);
        trail_terminal_add(&message, (struct trail_slice){text, strlen(text)});
        take_text(t, &message);
    }
    if (t->uncounted.future > 1) {
        snprintf(text, sizeof text,
                 "%" PRIu64 " matching events are dated more than 5m past %s and are in no count",
                 t->uncounted.future, t->options.now ? "--now" : "the time of their file, or the clock,");
        pass_problem(t, text);
    }
}

/* The IDs of the alerts whose silence is not decided for a reason, as `a, b and 3 more`; how many. */
static size_t list_undecided(const struct take *t, unsigned why, struct trail_text *to)
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
void take_report_forgotten(struct take *t)
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

/* How long still, of each alert. */
static void report_short(struct take *t)
{
    char wait[TRAIL_TIME_ROOM];
    for (size_t i = 0, n = 0; i < t->pack->n_alerts; i++) {
        int64_t missing = window_short(t->window, i), minutes = missing / 60000 + (missing % 60000 > 0);
        struct trail_text text = {0};
        if (missing == 0)
            continue;
        if (n++ == UNDECIDED_LISTED) {
            add_words(&text, "and more alerts do not know yet what is usual");
            take_text(t, &text);
            return;
        }
        trail_terminal_add(&text, (struct trail_slice){t->pack->alerts[i].id, strlen(t->pack->alerts[i].id)});
        add_words(&text, ": what is usual is not known yet: ");
        trail_duration_format(wait, minutes * 60000);
        add_words(&text, wait);
        add_words(&text, t->options.frozen
                             ? " more of the log are needed, and with --frozen nothing is learnt: "
                               "give --baseline, from `learn`"
                             : " more of the log are needed (or --baseline, from `learn`)");
        take_text(t, &text);
    }
}

void take_report_undecided(struct take *t, unsigned which)
{
    if (which & WINDOW_SHORT)
        report_short(t);
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
        size_t n = list_undecided(t, reasons[i].why & which, &text);
        add_words(&text, " is not decided");
        if (n > 0)
            take_text(t, &text);
        trail_text_free(&text);
    }
}

/* ---- numbers ------------------------------------------------------------------------------ */

enum trail_status take_outcome(struct take *t)
{
    bool damaged = t->damaged || take_miscounts(t);
    t->damaged = false;
    return t->failure != TRAIL_OK ? t->failure : damaged ? TRAIL_DAMAGED : TRAIL_OK;
}

void take_stats(const struct take *t, struct trail_stats *to)
{
    struct window_stats stats;
    window_stats(t->window, &stats);
    *to = t->stats;
    to->early = stats.early;
    to->forgotten = stats.forgotten;
    to->unlearnt = stats.unlearnt;
    to->lost = stats.lost;
}

struct trail_counts take_counts(const struct take *t, size_t alert)
{
    if (alert >= t->pack->n_alerts)
        return (struct trail_counts){0};
    return (struct trail_counts){t->hits[alert], window_fired(t->window, alert),
                                 t->undecided[alert] || window_undecided(t->window, alert) != 0};
}

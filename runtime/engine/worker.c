/*
 * worker.c - from an input to chunks of hits.
 *
 * A whole file goes through the worker's own reader and framer. What a pipe or a terminal brings is pushed,
 * so that what has come is handed on before the next read blocks. A block goes through its own framing: ahead
 * of the blocks before it, when nothing is handed on until they are known (worker_hand_on), or behind them.
 */
#include "worker.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "extract.h"
#include "notify/terminal.h"
#include "presence.h"
#include "read/live.h"
#include "sieve/sieve.h"
#include "window/labels.h"
#include "window/siphash.h"
#include "window/timestamp.h"

enum {
    CHUNK_BYTES = 256 << 10, /* of results: then a chunk is handed on */
    CHUNK_INPUT = 4 << 20,   /* of input: the same, so that progress moves */
    AHEAD_BYTES = 2 << 20,   /* of results that were found ahead: then it has to wait */
    TIME_BITS = 22,          /* time is told at the records that hold a multiple of 4 MiB */
};

/* A label that the input gives, or that each record does. */
struct label {
    struct trail_slice given;
    bool from_record;
    struct trail_text of_record;
};

struct worker {
    struct worker_config config;
    struct framing own, *in;
    struct trail_match *match;
    struct trail_sieve *sieve;
    bool sieves; /* it is of use for the alerts that are wanted */
    struct extract *extract;
    struct chunk *chunk;
    uint64_t *wanted;
    struct presence presence;
    struct trail_text event_id;
    bool looked;      /* the record is framed again: match->hits are what it meets if it is JSON */
    int64_t its_time; /* then */
    struct {
        char json[18]; /* "2026-03-14T10:00: as most times begin */
        int64_t time;  /* of that minute; TRAIL_NO_TIME: none is known */
    } minute;

    /* of the current input */
    const char *path;
    const struct trail_input_labels *labels;
    struct label application, subsystem;
    uint64_t *timed; /* the wanted alerts to which an event is its time and nothing else */
    bool any_timed;
    uint64_t *met; /* those of them that every record meets */
    int64_t clock;
    struct so_far so_far; /* without what was before a block that is framed ahead */
    uint64_t skip;        /* records that come first and are passed over */
    bool rested;          /* `rest` is in no chunk yet */
    bool unread;          /* the system could not read the block's input */
    uint64_t stored;      /* of a block: how far it comes in the input as it is stored; 0: the reader knows */
    struct trail_position rest;
    bool ahead;     /* nothing is handed on */
    bool full;      /* too much has been found ahead */
    bool at_border; /* the framer has stopped */
    bool ended;     /* it has come to the input's end */
    bool stopped;   /* nobody wants more */
};

struct worker *worker_new(const struct worker_config *config)
{
    struct worker *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->config = *config;
    w->minute.time = TRAIL_NO_TIME;
    bool framing = framing_init(&w->own, 0);
    w->in = &w->own;
    w->match = trail_match_new(config->pack);
    w->sieve = w->match ? trail_sieve_new(config->pack, w->match, getenv("TRAIL_KERNEL")) : NULL;
    w->extract = extract_new(config->pack, config->render);
    w->chunk = chunk_new();
    w->wanted = calloc(config->pack->n_alerts / 64 + 1, sizeof *w->wanted);
    w->timed = calloc(config->pack->n_alerts / 64 + 1, sizeof *w->timed);
    w->met = calloc(config->pack->n_alerts / 64 + 1, sizeof *w->met);
    bool presence = presence_init(&w->presence, config->pack);
    if (!framing || !presence || !w->match || !w->sieve || !w->extract || !w->chunk || !w->wanted ||
        !w->timed || !w->met) {
        worker_free(w);
        return NULL;
    }
    if (config->events)
        extract_with_events(w->extract);
    w->match->wanted = w->wanted;
    return w;
}

void worker_free(struct worker *w)
{
    if (!w)
        return;
    framing_free(&w->own);
    trail_sieve_free(w->sieve);
    trail_match_free(w->match);
    extract_free(w->extract);
    chunk_free(w->chunk);
    trail_text_free(&w->application.of_record);
    trail_text_free(&w->subsystem.of_record);
    trail_text_free(&w->event_id);
    presence_free(&w->presence);
    free(w->timed);
    free(w->met);
    free(w->wanted);
    free(w);
}

/* ---- handing on --------------------------------------------------------------------------- */

static void give_rest(struct worker *w)
{
    if (w->rested) {
        w->chunk->rest = w->rest;
        w->chunk->rested = true;
    }
    w->rested = false;
}

/* Hands on what was found up to an offset. */
static void emit_to(struct worker *w, uint64_t offset)
{
    struct chunk *c = w->chunk;
    uint64_t bytes = offset > w->so_far.bytes ? offset : w->so_far.bytes;
    c->inflated = bytes - w->so_far.bytes;
    c->stored = w->stored ? w->stored : trail_reader_stored(w->in->reader);
    w->so_far.bytes = bytes;
    give_rest(w);
    c->newest = w->so_far.newest;
    c->oldest = w->so_far.oldest;
    w->stopped |= !w->config.emit(w->config.user, &w->chunk);
}

static void emit(struct worker *w)
{
    emit_to(w, trail_reader_bytes(w->in->reader));
}

static bool has_failed(const struct worker *w)
{
    return w->chunk->failed || w->chunk->bytes.failed;
}

void worker_message(struct trail_text *to, const char *path, uint64_t offset, const char *what)
{
    char number[32];
    int n = snprintf(number, sizeof number, ":%" PRIu64 ": ", offset);
    trail_terminal_add(to, (struct trail_slice){path, strlen(path)});
    if (offset == UINT64_MAX)
        trail_text_add(to, ": ", 2);
    else
        trail_text_add(to, number, (size_t)n);
    trail_terminal_add(to, (struct trail_slice){what, strlen(what)});
}

/* NULL: no memory. */
static struct entry *add_entry(struct worker *w, enum entry_kind kind)
{
    struct entry *e = chunk_add_entry(w->chunk, kind);
    if (e) {
        e->newest = w->so_far.newest;
        e->oldest = w->so_far.oldest;
    }
    return e;
}

static void add_message(struct worker *w, uint64_t offset, const char *what)
{
    size_t from = w->chunk->bytes.n;
    worker_message(&w->chunk->bytes, w->path, offset, what);
    struct entry *e = add_entry(w, ENTRY_PROBLEM);
    if (e)
        e->text = chunk_part(w->chunk, from);
}

static void problem(struct worker *w, uint64_t offset, const char *what)
{
    w->chunk->damaged = true;
    w->chunk->problems++;
    if (++w->so_far.problems <= TRAIL_MAX_PROBLEMS)
        add_message(w, offset, what);
}

/* Something of the input is missing, not just one record of it. */
static void unread(struct worker *w, uint64_t offset, const char *what)
{
    problem(w, offset, what);
    add_entry(w, ENTRY_UNREAD);
}

/* The input's last chunk. */
static void end(struct worker *w, uint64_t offset)
{
    char text[64];
    w->ended = true;
    w->chunk->unfinished = w->unread || trail_reader_failed(w->in->reader);
    w->chunk->failed = has_failed(w);
    if (w->so_far.problems > TRAIL_MAX_PROBLEMS && !w->chunk->failed) {
        snprintf(text, sizeof text, "%" PRIu64 " more problems", w->so_far.problems - TRAIL_MAX_PROBLEMS);
        add_message(w, UINT64_MAX, text);
    }
    w->chunk->end = true;
    emit_to(w, offset);
}

/* ---- one record --------------------------------------------------------------------------- */

static struct trail_slice label_text(const struct label *label)
{
    if (label->from_record)
        return (struct trail_slice){label->of_record.n ? label->of_record.p : "", label->of_record.n};
    return label->given;
}

/* Whether the alert takes the record's own labels; those of the input were asked before. */
static bool accepts_record(const struct worker *w, const struct trail_alert *a)
{
    return (!w->application.from_record ||
            trail_labels_accept(&a->applications, label_text(&w->application))) &&
           (!w->subsystem.from_record || trail_labels_accept(&a->subsystems, label_text(&w->subsystem)));
}

static bool read_fields(struct worker *w, const struct trail_record *record)
{
    struct extract *x = w->extract;
    return extract_record(x, w->match, record->p, record->n) &&
           (!w->application.from_record ||
            extract_text(x, TRAIL_FIELD_APPLICATION, &w->application.of_record)) &&
           (!w->subsystem.from_record || extract_text(x, TRAIL_FIELD_SUBSYSTEM, &w->subsystem.of_record)) &&
           extract_text(x, TRAIL_FIELD_EVENT_ID, &w->event_id);
}

static bool add_hits(struct worker *w)
{
    const struct trail_pack *pack = w->config.pack;
    for (size_t word = 0; word <= pack->n_alerts / 64; word++) {
        for (uint64_t bits = w->match->hits[word]; bits; bits &= bits - 1) {
            size_t alert = word * 64 + (size_t)__builtin_ctzll(bits);
            bool timed = trail_get(w->timed, alert); /* any record's label would do */
            if (timed ? !extract_presence(w->extract, alert, label_text(&w->application), w->chunk)
                      : accepts_record(w, &pack->alerts[alert]) &&
                            !extract_hits(w->extract, alert, label_text(&w->application), w->chunk))
                return false;
        }
    }
    return true;
}

/* What tells an event from another one. */
static void identify(struct worker *w, const struct trail_record *record, struct entry *e)
{
    struct chunk *c = w->chunk;
    e->event_id = chunk_add_text(c, (struct trail_slice){w->event_id.p, w->event_id.n});
    if (w->config.keep_events)
        e->text = chunk_add_text(c, (struct trail_slice){record->p, record->n});
    siphash128(e->hash, &SIPHASH_FIXED, record->p, record->n);
}

/* `whole`: some hit wants more of the record than its time. False: the record's labels leave no hit. */
static bool add_event(struct worker *w, const struct trail_record *record, int64_t time, bool future,
                      bool whole)
{
    struct chunk *c = w->chunk;
    size_t first = c->n_found;
    if ((whole && !read_fields(w, record)) || !add_hits(w)) {
        c->failed = true;
        return false;
    }
    struct entry *e = c->n_found > first ? add_entry(w, ENTRY_EVENT) : NULL;
    if (!e)
        return false;
    e->first_hit = first;
    e->n_hits = c->n_found - first;
    e->source = (struct trail_source){
        .path = w->path, .record = w->in->records + record->number, .offset = record->offset};
    e->time = time;
    e->future = future;
    if (whole)
        identify(w, record, e);
    return true;
}

/* Whether there are hits; *whole: whether one wants more of the record than its time. */
static bool any_hit(const struct worker *w, bool *whole)
{
    uint64_t any = 0, wholes = 0;
    for (size_t word = 0; word <= w->config.pack->n_alerts / 64; word++) {
        any |= w->match->hits[word];
        wholes |= w->match->hits[word] & ~w->timed[word];
    }
    *whole = wholes != 0;
    return any != 0;
}

/* Leaves of a record's hits those of alerts that take its own labels. */
static void drop_refused(struct worker *w)
{
    if (!w->application.from_record && !w->subsystem.from_record)
        return;
    for (size_t word = 0; word <= w->config.pack->n_alerts / 64; word++) {
        for (uint64_t bits = w->match->hits[word]; bits; bits &= bits - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(bits);
            if (!accepts_record(w, &w->config.pack->alerts[word * 64 + bit]))
                w->match->hits[word] &= ~(UINT64_C(1) << bit);
        }
    }
}

/* What somebody wants to know of every record. `any`: it has hits. */
static void add_summary(struct worker *w, const struct trail_record *record, int64_t time, bool any)
{
    struct chunk *c = w->chunk;
    const struct trail_seen seen = {{record->p, record->n}, time, w->match->hits};
    bool labelled = w->application.from_record || w->subsystem.from_record, whole;
    if (any && w->config.uncounted && labelled && !read_fields(w, record))
        c->failed = true;
    if (any)
        drop_refused(w);
    size_t from = c->bytes.n;
    w->config.records->summarize(w->config.records_user, &seen, &c->bytes);
    struct entry *e = add_entry(w, ENTRY_RECORD);
    if (!e)
        return;
    e->text = chunk_part(c, from);
    e->source = (struct trail_source){
        .path = w->path, .record = w->in->records + record->number, .offset = record->offset};
    e->time = time;
    e->matched = w->config.uncounted && any_hit(w, &whole);
}

static int64_t minute_of(int64_t time)
{
    int64_t minute = time / 60000;
    return time % 60000 < 0 ? minute - 1 : minute;
}

/* Whether the event is within what is wanted. */
static bool note_time(struct worker *w, int64_t time, bool future)
{
    const struct worker_config *config = &w->config;
    if (time == TRAIL_NO_TIME)
        return true;
    if ((config->since && time < config->since) || (config->until && time >= config->until))
        return false;
    if (!future) {
        w->so_far.newest = later_time(w->so_far.newest, time);
        /* One that is late is in no count, and no beginning of what was read either. */
        if (time >= trail_time_add(w->so_far.newest, -config->lateness))
            w->so_far.oldest = earlier_time(w->so_far.oldest, time);
        if (config->volumes)
            chunk_add_volume(w->chunk, minute_of(time));
    }
    return true;
}

/* Whether the event may be one of a stretch: it enters all windows, and no order in which the input's pieces
 * are put together can make it late by itself. */
static bool in_stretch(const struct worker *w, int64_t time, bool future)
{
    return time != TRAIL_NO_TIME && !future && time >= w->config.late &&
           time >= late_before(&w->so_far, w->config.lateness);
}

/* Moves hits that want nothing but the time into stretches; whether there were any. */
static bool take_timed(struct worker *w, int64_t time)
{
    bool any = false;
    for (size_t word = 0; word <= w->config.pack->n_alerts / 64; word++) {
        uint64_t timed = w->match->hits[word] & w->timed[word];
        w->match->hits[word] &= ~timed;
        any |= timed != 0;
        for (; timed; timed &= timed - 1) {
            size_t alert = word * 64 + (size_t)__builtin_ctzll(timed);
            w->chunk->failed |= !presence_add(&w->presence, w->chunk, alert, time);
        }
    }
    return any;
}

/*
 * Takes a record's hits, match->hits, at its time (TRAIL_NO_TIME: none, or none that can be read). Needs of
 * the record its number, offset and n; its bytes only where a hit is not one of w->timed. So a record of which
 * it is known that it meets those alerts alone is done with when its time has been found.
 */
static void take_hits(struct worker *w, const struct trail_record *record, int64_t time)
{
    bool future = trail_time_is_future(time, w->clock), whole;
    if (note_time(w, time, future)) {
        if (w->presence.hears && in_stretch(w, time, future))
            w->chunk->failed |= !presence_hear(&w->presence, w->chunk, time);
        bool timed = w->any_timed && in_stretch(w, time, future) && take_timed(w, time);
        bool any = any_hit(w, &whole);
        bool event = any && !w->config.uncounted && add_event(w, record, time, future, whole);
        if (timed && !event)
            w->chunk->failed |= !presence_add_record(&w->presence, w->chunk, time);
        if (w->config.records)
            add_summary(w, record, time, any);
    }
    if ((record->offset ^ (record->offset + record->n)) >> TIME_BITS)
        add_entry(w, ENTRY_TIME);
}

/* Counts a record that was read. */
static void note_record(struct worker *w)
{
    w->chunk->records++;
    w->so_far.records++;
}

/* The seconds of a time that is written in 22 bytes, quotes included; 60 or more: it is written otherwise. */
static unsigned seconds_of(const char *json)
{
    unsigned tens = (unsigned)(json[18] - '0'), ones = (unsigned)(json[19] - '0');
    bool common = json[17] == ':' && json[20] == 'Z' && json[21] == '"' && tens < 6 && ones < 10;
    return common ? tens * 10 + ones : 60;
}

/* The time of a record is mostly of the same minute as that of the one before. */
static int64_t time_of(struct worker *w, struct trail_slice json)
{
    if (json.n != sizeof w->minute.json + 4)
        return json.n ? trail_time_parse(json) : TRAIL_NO_TIME;
    unsigned seconds = seconds_of(json.p);
    if (seconds < 60 && w->minute.time != TRAIL_NO_TIME &&
        memcmp(json.p, w->minute.json, sizeof w->minute.json) == 0)
        return w->minute.time + seconds * 1000;
    int64_t time = trail_time_parse(json);
    bool common = seconds < 60 && time != TRAIL_NO_TIME && !memchr(json.p, '\\', json.n);
    w->minute.time = common ? time - seconds * 1000 : TRAIL_NO_TIME;
    memcpy(w->minute.json, json.p, sizeof w->minute.json);
    return time;
}

/* Whether the record meets an alert that not every record meets. */
static bool is_singled_out(const struct worker *w)
{
    uint64_t any = 0;
    for (size_t word = 0; word <= w->config.pack->n_alerts / 64; word++)
        any |= w->match->hits[word] & ~w->met[word];
    return any != 0;
}

static void match(struct worker *w, const struct trail_record *record)
{
    w->match->index = record->index;
    w->match->possible = record->maybe ? record->possible : NULL;
    w->config.pack->match(w->match, record->p, record->n);
    w->match->possible = NULL;
}

/* A sieved record that some alert wants for what is in it is framed again, and checked. What is passed over is so, too: what
 * becomes of damage, and of how many records that is, depends on it. */
static bool goes_again(struct worker *w, const struct trail_record *record)
{
    if (!record->maybe)
        return false;
    match(w, record);
    if (!is_singled_out(w))
        return false;
    w->looked = true;
    w->its_time = time_of(w, w->match->time);
    trail_framer_again(w->in->framer);
    return true;
}

/* `looked`: goes_again() has just found what it meets. */
static void take_record(struct worker *w, const struct trail_record *record, bool looked)
{
    note_record(w);
    if (record->sieved && !record->maybe) {
        memcpy(w->match->hits, w->met, (w->config.pack->n_alerts / 64 + 1) * sizeof *w->met);
        take_hits(w, record, time_of(w, record->time));
        return;
    }
    w->match->index = record->index;
    if (!record->sieved && !looked)
        match(w, record);
    take_hits(w, record, looked ? w->its_time : time_of(w, w->match->time));
}

/* ---- one input ---------------------------------------------------------------------------- */

static void set_label(struct label *label, struct trail_slice given, const char *field)
{
    label->given = given.n ? given : (struct trail_slice){"", 0};
    label->from_record = given.n == 0 && field;
}

/* Whether a hit of the alert is the event's time and nothing else: no label of the record's is asked, either. */
static bool is_timed(const struct worker *w, size_t alert)
{
    const struct trail_alert *a = &w->config.pack->alerts[alert];
    return !w->config.each_hit && presence_has(&w->presence, alert) &&
           !(w->subsystem.from_record && a->subsystems.n > 0);
}

/* Which alerts the labels of the input leave; those of a record are asked later. */
static void choose_alerts(struct worker *w)
{
    const struct trail_pack *pack = w->config.pack;
    memset(w->wanted, 0, (pack->n_alerts / 64 + 1) * sizeof *w->wanted);
    memset(w->timed, 0, (pack->n_alerts / 64 + 1) * sizeof *w->timed);
    w->any_timed = false;
    for (size_t i = 0; i < pack->n_alerts; i++) {
        const struct trail_alert *a = &pack->alerts[i];
        if ((w->application.from_record || trail_labels_accept(&a->applications, w->application.given)) &&
            (w->subsystem.from_record || trail_labels_accept(&a->subsystems, w->subsystem.given))) {
            trail_set(w->wanted, i);
            if (is_timed(w, i)) {
                trail_set(w->timed, i);
                w->any_timed = true;
            }
        }
    }
    w->sieves = !w->config.strict && !w->config.records && trail_sieve_choose(w->sieve, w->timed);
    for (size_t word = 0; word <= pack->n_alerts / 64; word++)
        w->met[word] = w->sieves ? w->timed[word] & pack->needles->every[word] : 0;
}

void worker_turn_to(struct worker *w, const char *path, const struct trail_input_labels *labels)
{
    const char *const *fields = w->config.pack->fields;
    w->path = path;
    w->in = &w->own;
    w->so_far = NOTHING_SO_FAR;
    w->skip = 0;
    w->stored = 0;
    w->rested = w->unread = false;
    w->own.records = 0;
    w->ahead = w->full = w->at_border = w->ended = w->stopped = false;
    if (w->labels == labels)
        return;
    w->labels = labels;
    set_label(&w->application, labels->application, fields[TRAIL_FIELD_APPLICATION]);
    set_label(&w->subsystem, labels->subsystem, fields[TRAIL_FIELD_SUBSYSTEM]);
    choose_alerts(w);
}

void worker_forget_labels(struct worker *w)
{
    w->labels = NULL;
}

static int64_t milliseconds(const struct timespec *t)
{
    return (int64_t)t->tv_sec * 1000 + t->tv_nsec / 1000000;
}

int64_t worker_clock(const struct worker_config *config, const struct stat *status)
{
    struct timespec now;
    if (config->now)
        return config->now;
    if (status)
        return milliseconds(&status->st_mtim);
    clock_gettime(CLOCK_REALTIME, &now);
    return milliseconds(&now);
}

static void come_to_end(struct worker *w)
{
    if (w->ahead)
        w->ended = true;
    else
        end(w, trail_reader_bytes(w->in->reader));
}

/* Passes over what was taken before. */
static bool pass_over(struct worker *w, enum trail_frame kind)
{
    if (w->skip == 0 || (kind != TRAIL_FRAME_RECORD && kind != TRAIL_FRAME_REJECTED))
        return w->skip > 0 && kind == TRAIL_FRAME_DAMAGED;
    w->skip--;
    w->so_far.records++;
    return true;
}

/* The record has been taken. */
static void note_rest(struct worker *w)
{
    struct trail_position *p = &w->rest;
    if (!w->config.positions || !trail_framer_behind(w->in->framer, &p->stand, &p->offset))
        return;
    p->records = w->so_far.records;
    p->problems = w->so_far.problems;
    p->skip = 0;
    p->newest = w->so_far.newest;
    p->oldest = w->so_far.oldest;
    w->rested = true;
}

/* Takes what the framer found. False: there is no more for the moment. */
static bool take(struct worker *w, enum trail_frame kind, const struct trail_record *record)
{
    bool looked = w->looked;
    w->looked = false;
    if ((kind == TRAIL_FRAME_RECORD && goes_again(w, record)) || pass_over(w, kind))
        return true;
    switch (kind) {
    case TRAIL_FRAME_RECORD:
        take_record(w, record, looked);
        note_rest(w);
        return true;
    case TRAIL_FRAME_REJECTED:
        w->chunk->records++;
        w->chunk->rejected++;
        w->so_far.records++;
        problem(w, record->offset, record->reason);
        note_rest(w);
        return true;
    case TRAIL_FRAME_DAMAGED: unread(w, record->offset, record->reason); return true;
    case TRAIL_FRAME_STOPPED: w->at_border = true; return false;
    case TRAIL_FRAME_NEED_MORE: return false;
    case TRAIL_FRAME_NO_MEMORY: w->chunk->failed = true; return true;
    case TRAIL_FRAME_END: come_to_end(w); return false;
    }
    return false;
}

/* Takes records as long as there are any without waiting. */
static void drain(struct worker *w)
{
    struct trail_record record;
    w->looked = false;
    while (!w->stopped && !w->full && take(w, trail_frame_next(w->in->framer, &record), &record)) {
        if (has_failed(w)) {
            come_to_end(w);
            return;
        }
        if (w->ahead)
            w->full = chunk_filled(w->chunk) > AHEAD_BYTES;
        else if (chunk_filled(w->chunk) > CHUNK_BYTES ||
                 trail_reader_bytes(w->in->reader) - w->so_far.bytes > CHUNK_INPUT)
            emit(w);
    }
}

/* Behind what was taken before. */
static void go_to(struct worker *w, const struct trail_position *from)
{
    trail_reader_skip(w->own.reader, from->offset);
    trail_framer_start_at(w->own.framer, &from->stand);
    w->own.records = from->records;
    w->so_far = so_far_at(from);
    w->skip = from->skip;
}

/* The reader has it open. */
static bool read_opened(struct worker *w, const struct trail_position *from, const struct stat *status)
{
    w->clock = worker_clock(&w->config, status);
    trail_framer_sieve(w->own.framer, w->sieves ? w->sieve : NULL);
    if (from)
        go_to(w, from);
    else
        trail_framer_start(w->own.framer);
    drain(w);
    trail_reader_close(w->own.reader);
    return !w->stopped;
}

bool worker_read_file(struct worker *w, const char *path, const struct trail_input_labels *labels,
                      const struct trail_position *from, const struct stat *status)
{
    worker_turn_to(w, path, labels);
    if (trail_reader_open(w->own.reader, path)) {
        read_opened(w, from, status);
    } else {
        unread(w, UINT64_MAX, trail_reader_problem(w->own.reader).text);
        end(w, 0);
    }
    return !w->stopped;
}

/* ---- an input that is pushed -------------------------------------------------------------- */

void worker_set_late(struct worker *w, int64_t late)
{
    w->config.late = late;
}

void worker_begin(struct worker *w, const char *path, const struct trail_input_labels *labels)
{
    worker_turn_to(w, path, labels);
    trail_reader_open_push(w->own.reader);
    trail_reader_lend(w->own.reader);
    trail_framer_sieve(w->own.framer, w->sieves ? w->sieve : NULL);
    trail_framer_start(w->own.framer);
}

bool worker_push(struct worker *w, const char *p, size_t n, bool paused)
{
    if (w->ended || w->stopped)
        return !w->stopped;
    w->clock = worker_clock(&w->config, NULL);
    trail_reader_push(w->own.reader, p, n);
    drain(w);
    w->chunk->paused = paused;
    if (!w->ended && !w->stopped && (paused || w->chunk->records + w->chunk->n_entries > 0))
        emit(w);
    if (n == 0)
        trail_reader_close(w->own.reader);
    return !w->stopped;
}

/* Pushes what comes. False: nothing more will. */
static bool read_piece(struct worker *w, struct trail_live *live)
{
    size_t n;
    switch (trail_live_read(live, -1, &n)) {
    case TRAIL_CAME: return worker_push(w, live->bytes, n, trail_live_is_quiet(live)) && !w->ended;
    case TRAIL_CAME_NONE: return true;
    case TRAIL_CAME_ERROR: unread(w, UINT64_MAX, live->problem); break;
    case TRAIL_CAME_END: break;
    }
    return false;
}

static bool read_live(struct worker *w, const char *path, const struct trail_input_labels *labels)
{
    struct trail_live live;
    worker_begin(w, path, labels);
    if (trail_live_open(&live, path))
        while (read_piece(w, &live))
            ;
    else
        unread(w, UINT64_MAX, live.problem);
    worker_push(w, NULL, 0, false);
    trail_live_close(&live);
    return !w->stopped;
}

enum worker_input worker_input(struct worker *w, const char *path, struct stat *status)
{
    *status = (struct stat){0};
    if (strcmp(path, "-") == 0)
        return WORKER_LIVE;
    int failed = w ? trail_reader_status(w->own.reader, path, status) : stat(path, status);
    return failed != 0 || S_ISREG(status->st_mode) ? WORKER_FILE : WORKER_LIVE;
}

bool worker_read(struct worker *w, const char *path, const struct trail_input_labels *labels,
                 const struct trail_position *from)
{
    struct stat status;
    return worker_input(w, path, &status) == WORKER_LIVE ? read_live(w, path, labels)
                                                         : worker_read_file(w, path, labels, from, &status);
}

bool worker_read_listed(struct worker *w, const char *path, const struct trail_input_labels *labels,
                        const struct trail_position *from)
{
    struct stat status;
    if (!trail_reader_open_file(w->own.reader, path, &status))
        return worker_read(w, path, labels, from);
    worker_turn_to(w, path, labels);
    return read_opened(w, from, &status);
}

/* ---- inputs that come by and by ----------------------------------------------------------- */

void worker_stream_begin(struct stream *s, const struct so_far *so_far, uint64_t skip)
{
    s->so_far = *so_far;
    s->skip = skip;
    s->ended = false;
    s->in.records = so_far->records;
    trail_reader_open_push(s->in.reader);
    trail_reader_lend(s->in.reader);
    trail_framer_start(s->in.framer);
}

void worker_stream_begin_at(struct stream *s, const struct so_far *so_far, uint64_t skip, uint64_t offset,
                            const struct trail_stand *stand)
{
    worker_stream_begin(s, so_far, skip);
    trail_reader_open_at(s->in.reader, NULL, 0, offset);
    trail_reader_lend(s->in.reader);
    trail_framer_start_at(s->in.framer, stand);
}

static void turn_to_stream(struct worker *w, const struct stream *s, const char *path,
                           const struct trail_input_labels *labels)
{
    worker_turn_to(w, path, labels);
    w->in = (struct framing *)&s->in;
    w->so_far = s->so_far;
    w->skip = s->skip;
    w->ended = s->ended;
}

static void leave_stream(struct worker *w, struct stream *s)
{
    s->so_far = w->so_far;
    s->skip = w->skip;
    s->ended = w->ended;
    w->in = &w->own;
}

bool worker_push_stream(struct worker *w, struct stream *s, const char *path,
                        const struct trail_input_labels *labels, int64_t clock, struct trail_slice bytes,
                        bool paused)
{
    if (s->ended)
        return true;
    turn_to_stream(w, s, path, labels);
    w->clock = clock;
    trail_framer_sieve(s->in.framer, w->sieves ? w->sieve : NULL);
    trail_reader_push(s->in.reader, bytes.p, bytes.n);
    drain(w);
    w->chunk->paused = paused;
    if (!w->ended && !w->stopped)
        emit(w);
    leave_stream(w, s);
    return !w->stopped;
}

bool worker_stream_problem(struct worker *w, struct stream *s, const char *path,
                           const struct trail_input_labels *labels, const char *what)
{
    turn_to_stream(w, s, path, labels);
    unread(w, UINT64_MAX, what);
    emit(w);
    leave_stream(w, s);
    return !w->stopped;
}

/* ---- blocks ------------------------------------------------------------------------------- */

/* Frames what has come with the block, up to its border. */
static void run(struct worker *w, struct block *b)
{
    w->at_border = w->full = w->ended = false;
    w->unread = b->unread;
    w->clock = b->clock;
    trail_framer_sieve(b->in.framer, w->sieves ? w->sieve : NULL);
    trail_framer_stop_at(b->in.framer, b->border);
    drain(w);
    if (!w->at_border && !w->full && !w->ended && !w->stopped) {
        if (b->troubled) {
            trail_reader_push_problem(b->in.reader, b->trouble);
            drain(w);
        }
        if (b->lost)
            unread(w, UINT64_MAX, b->trouble);
        w->chunk->failed |= b->failed;
        if (b->over) {
            trail_reader_push(b->in.reader, NULL, 0);
            drain(w);
        }
    }
    b->stopped = w->at_border;
    b->ended = w->ended;
    w->in = &w->own;
}

static void begin_at(struct worker *w, struct block *b, const struct trail_stand *stand)
{
    w->in = &b->in;
    b->in.records = w->so_far.records;
    trail_reader_open_at(b->in.reader, b->buffer, b->n, b->offset);
    trail_framer_start_at(b->in.framer, stand);
}

static void swap_chunks(struct worker *w, struct block *b)
{
    struct chunk *c = w->chunk;
    w->chunk = b->chunk;
    b->chunk = c;
}

void worker_ahead(struct worker *w, struct block *b)
{
    w->ahead = true;
    w->rested = false;
    w->so_far = NOTHING_SO_FAR;
    begin_at(w, b, &b->guess);
    run(w, b);
    w->chunk->failed = has_failed(w);
    w->chunk->newest = w->so_far.newest;
    w->chunk->oldest = w->so_far.oldest;
    give_rest(w);
    b->whole = !w->full;
    swap_chunks(w, b);
    w->ahead = w->full = false;
}

static uint64_t end_of(const struct block *b)
{
    return b->border == TRAIL_NO_BORDER ? b->offset + b->n : b->border;
}

void worker_hand_on(struct worker *w, struct block *b, struct so_far *so_far)
{
    b->in.records = so_far->records;
    chunk_rebase(b->chunk, so_far, TRAIL_MAX_PROBLEMS, w->config.lateness);
    so_far_add(so_far, b->chunk);
    w->so_far = *so_far;
    swap_chunks(w, b);
    w->chunk->paused = b->paused;
    w->unread = b->unread;
    w->stored = b->stored;
    if (b->ended)
        end(w, end_of(b));
    else
        emit_to(w, end_of(b));
    *so_far = w->so_far;
}

void worker_go_on(struct worker *w, struct block *b, struct so_far *so_far, const struct trail_stand *stand)
{
    w->so_far = *so_far;
    w->stored = b->stored;
    w->in = &b->in;
    if (stand) {
        begin_at(w, b, stand);
    } else {
        size_t seen = (size_t)(trail_reader_bytes(b->in.reader) - b->offset);
        if (seen < b->n)
            trail_reader_push(b->in.reader, b->buffer + seen, b->n - seen);
    }
    run(w, b);
    w->chunk->paused = b->paused;
    if (!b->ended && !w->stopped)
        emit_to(w, end_of(b));
    *so_far = w->so_far;
}

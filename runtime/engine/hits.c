/*
 * hits.c - one record: its time, the alerts that it meets, and what they, or who asks for every record, want
 * of it.
 *
 * Needs: a record that was framed, and the alerts that the input's labels leave. Guarantees: a chunk's
 * entries are in the order of the records; an event that is its time and nothing else is a stretch's
 * (presence.h).
 */
#include <string.h>

#include "trail/kernel.h"
#include "window/labels.h"
#include "window/siphash.h"
#include "window/timestamp.h"
#include "worker_inside.h"

enum {
    TIME_BITS = 22, /* time is told at the records that hold a multiple of 4 MiB */
    ALIKE = 0xFFFF, /* events of so many ms, a minute, may be alike */
};

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

static int64_t minute_of(int64_t time)
{
    int64_t minute = time / 60000;
    return time % 60000 < 0 ? minute - 1 : minute;
}

/* For who wants to know how many there are in each minute; `alert` may be VOLUME_RECORDS. */
static void add_volume(struct worker *w, size_t alert, int64_t time)
{
    size_t i = alert == VOLUME_RECORDS ? w->config.pack->n_alerts : alert;
    if (w->config.volumes)
        chunk_add_volume(w->chunk, &w->volumes[i], alert, minute_of(time));
}

/* `time`: TRAIL_NO_TIME where the event is in no minute. */
static bool add_hits(struct worker *w, int64_t time)
{
    const struct trail_pack *pack = w->config.pack;
    for (size_t word = 0; word <= pack->n_alerts / 64; word++) {
        for (uint64_t bits = w->match->hits[word]; bits; bits &= bits - 1) {
            size_t alert = word * 64 + (size_t)__builtin_ctzll(bits);
            bool timed = trail_get(w->timed, alert); /* any record's label would do */
            if (!timed && !accepts_record(w, &pack->alerts[alert]))
                continue;
            if (time != TRAIL_NO_TIME && presence_has(&w->presence, alert))
                add_volume(w, alert, time);
            if (timed ? !extract_presence(w->extract, alert, label_text(&w->application), w->chunk)
                      : !extract_hits(w->extract, alert, label_text(&w->application), w->chunk))
                return false;
        }
    }
    return true;
}

void worker_hash_rest(struct worker *w)
{
    uint64_t hash[SIPHASH_LANES][2];
    size_t n = w->lanes->n;
    siphash128_lanes_end(w->lanes, &SIPHASH_FIXED, hash);
    for (size_t i = 0; i < n; i++)
        memcpy(w->chunk->entries[w->hashed_for[i]].hash, hash[i], sizeof hash[i]);
}

/* Records are hashed several at once. */
static void hash_record(struct worker *w, const struct trail_record *record, struct entry *e)
{
    size_t lane = w->lanes->n;
    if (!siphash_lanes_add(w->lanes, record->p, record->n)) {
        siphash128(e->hash, &SIPHASH_FIXED, record->p, record->n);
        return;
    }
    w->hashed_for[lane] = (size_t)(e - w->chunk->entries);
    if (lane + 1 == SIPHASH_LANES)
        worker_hash_rest(w);
}

/* What tells an event from another one. */
static void identify(struct worker *w, const struct trail_record *record, struct entry *e)
{
    struct chunk *c = w->chunk;
    e->event_id = chunk_add_text(c, (struct trail_slice){w->event_id.p, w->event_id.n});
    if (w->config.keep_events)
        e->text = chunk_add_text(c, (struct trail_slice){record->p, record->n});
    hash_record(w, record, e);
}

/* `whole`: some hit wants more of the record than its time. False: the record's labels leave no hit. */
static bool add_event(struct worker *w, const struct trail_record *record, int64_t time, bool future,
                      bool whole)
{
    struct chunk *c = w->chunk;
    size_t first = c->n_found;
    if ((whole && !read_fields(w, record)) || !add_hits(w, future ? TRAIL_NO_TIME : time)) {
        c->failed = true;
        return false;
    }
    struct entry *e = c->n_found > first ? worker_add_entry(w, ENTRY_EVENT) : NULL;
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
    struct entry *e = worker_add_entry(w, ENTRY_RECORD);
    if (!e)
        return;
    e->text = chunk_part(c, from);
    e->source = (struct trail_source){
        .path = w->path, .record = w->in->records + record->number, .offset = record->offset};
    e->time = time;
    e->matched = w->config.uncounted && any_hit(w, &whole);
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
        add_volume(w, VOLUME_RECORDS, time);
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
            add_volume(w, alert, time);
        }
    }
    return any;
}

static void note_place(struct worker *w, const struct trail_record *record)
{
    if ((record->offset ^ (record->offset + record->n)) >> TIME_BITS)
        worker_add_entry(w, ENTRY_TIME);
}

/*
 * Takes the hits, match->hits, of a record that is wanted, at its time (TRAIL_NO_TIME: none, or none that can
 * be read). `joins`: in_stretch(). Needs of the record its number, offset and n; its bytes only where a hit
 * is not one of w->timed. So a record of which it is known that it meets those alerts alone is done with when
 * its time has been found.
 */
static void take_hits(struct worker *w, const struct trail_record *record, int64_t time, bool future,
                      bool joins)
{
    bool whole;
    if (w->presence.hears && joins)
        w->chunk->failed |= !presence_hear(&w->presence, w->chunk, time);
    bool timed = w->any_timed && joins && take_timed(w, time);
    bool any = any_hit(w, &whole);
    bool event = any && !w->config.uncounted && add_event(w, record, time, future, whole);
    if (timed && !event)
        w->chunk->failed |= !presence_add_record(&w->presence, w->chunk, time);
    if (w->config.records)
        add_summary(w, record, time, any);
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
        trail_same(json.p, w->minute.json, sizeof w->minute.json))
        return w->minute.time + seconds * 1000;
    int64_t time = trail_time_parse(json);
    bool common = seconds < 60 && time != TRAIL_NO_TIME && !memchr(json.p, '\\', json.n);
    w->minute.time = common ? time - seconds * 1000 : TRAIL_NO_TIME;
    memcpy(w->minute.json, json.p, sizeof w->minute.json);
    return time;
}

/* Which events are like one of that time, as far as the worker has a say: those of its minute that are
 * wanted, neither late nor of the future, and cannot make each other late. */
static void allow_alike(struct worker *w, int64_t time)
{
    const struct worker_config *config = &w->config;
    struct presence *p = &w->presence;
    int64_t first = time & ~(int64_t)ALIKE, last = time | ALIKE;
    presence_allow(p, first, last);
    presence_allow(p, config->since ? config->since : INT64_MIN,
                   config->until ? config->until - 1 : INT64_MAX);
    presence_allow(p, config->late,
                   w->clock == TRAIL_NO_TIME ? INT64_MAX : trail_time_add(w->clock, TRAIL_FUTURE));
    presence_allow(p, late_before(&w->so_far, config->lateness), INT64_MAX);
    presence_allow(p, trail_time_add(last, -config->lateness), INT64_MAX);
}

/* A sieved record meets what all do. */
static void take_sieved(struct worker *w, const struct trail_record *record, int64_t time, bool future)
{
    bool joins = in_stretch(w, time, future);
    memcpy(w->match->hits, w->met, (w->config.pack->n_alerts / 64 + 1) * sizeof *w->met);
    presence_start(&w->presence);
    take_hits(w, record, time, future, joins);
    if (joins && !w->config.volumes)
        allow_alike(w, time);
    else
        presence_forget(&w->presence);
}

/* Most are like the one before: then their time and number are all that there is to note. */
static bool take_alike(struct worker *w, int64_t time)
{
    struct so_far *so_far = &w->so_far;
    if (!presence_again(&w->presence, w->chunk, time))
        return false;
    if (time > so_far->newest)
        so_far->newest = time;
    if (time < so_far->oldest)
        so_far->oldest = time;
    return true;
}

static void find_hits(struct worker *w, const struct trail_record *record)
{
    w->match->index = record->index;
    w->match->possible = record->possible;
    w->config.pack->match(w->match, record->p, record->n);
    w->match->possible = NULL;
}

static void take(struct worker *w, const struct trail_record *record, int64_t time)
{
    bool future = trail_time_is_future(time, w->clock);
    if (!note_time(w, time, future))
        return;
    if (record->sieved) {
        take_sieved(w, record, time, future);
    } else {
        presence_forget(&w->presence);
        take_hits(w, record, time, future, in_stretch(w, time, future));
    }
}

void worker_take_record(struct worker *w, const struct trail_record *record)
{
    note_record(w);
    if (!record->sieved)
        find_hits(w, record);
    int64_t time = time_of(w, record->sieved ? record->time : w->match->time);
    if (!record->sieved || !take_alike(w, time))
        take(w, record, time);
    note_place(w, record);
}

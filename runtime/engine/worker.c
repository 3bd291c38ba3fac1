/*
 * worker.c - from an input to chunks of hits.
 *
 * A whole file goes through the worker's own reader and framer (input.c), an input that comes by and by
 * through a framing of its own (stream.c), and so does a block (ahead.c). Here is what they share: the alerts
 * that an input's labels leave, and the records one after the other, each for hits.c. Chunks go out through
 * give.c.
 *
 * Needs: labels that stay as long as the input. Guarantees: see worker.h; between two records, and nowhere
 * else, a chunk is handed on, or what is found ahead is too much.
 */
#include "worker.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "window/labels.h"
#include "worker_inside.h"

enum {
    CHUNK_BYTES = 256 << 10, /* of results: then a chunk is handed on */
    CHUNK_INPUT = 4 << 20,   /* of input: the same, so that progress moves */
    AHEAD_BYTES = 2 << 20,   /* of results that were found ahead: then it has to wait */
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
    w->lanes = siphash_lanes_new(getenv("TRAIL_KERNEL"));
    w->wanted = calloc(config->pack->n_alerts / 64 + 1, sizeof *w->wanted);
    w->timed = calloc(config->pack->n_alerts / 64 + 1, sizeof *w->timed);
    w->met = calloc(config->pack->n_alerts / 64 + 1, sizeof *w->met);
    bool presence = presence_init(&w->presence, config->pack);
    if (config->volumes)
        w->volumes = calloc(config->pack->n_alerts + 1, sizeof *w->volumes);
    if (!framing || !presence || (config->volumes && !w->volumes) || !w->match || !w->sieve || !w->extract ||
        !w->chunk || !w->lanes || !w->wanted || !w->timed || !w->met) {
        worker_free(w);
        return NULL;
    }
    trail_reader_at_once(w->own.reader, config->at_once);
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
    siphash_lanes_free(w->lanes);
    trail_text_free(&w->application.of_record);
    trail_text_free(&w->subsystem.of_record);
    trail_text_free(&w->event_id);
    presence_free(&w->presence);
    free(w->volumes);
    free(w->timed);
    free(w->met);
    free(w->wanted);
    free(w);
}

static void set_label(struct label *label, struct trail_slice given, const char *field)
{
    label->given = given.n ? given : (struct trail_slice){"", 0};
    label->from_record = given.n == 0 && field;
}

/* Whether a hit of the alert is the event's time and nothing else: no label of the record's is asked,
 * either. */
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
        worker_end(w, trail_reader_bytes(w->in->reader));
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
    if (pass_over(w, kind))
        return true;
    switch (kind) {
    case TRAIL_FRAME_RECORD:
        worker_take_record(w, record);
        note_rest(w);
        return true;
    case TRAIL_FRAME_REJECTED:
        w->chunk->records++;
        w->chunk->rejected++;
        w->so_far.records++;
        worker_problem(w, record->offset, record->reason);
        note_rest(w);
        return true;
    case TRAIL_FRAME_DAMAGED: worker_unread(w, record->offset, record->reason); return true;
    case TRAIL_FRAME_STOPPED: w->at_border = true; return false;
    case TRAIL_FRAME_NEED_MORE: return false;
    case TRAIL_FRAME_NO_MEMORY: w->chunk->failed = true; return true;
    case TRAIL_FRAME_END: come_to_end(w); return false;
    }
    return false;
}

/* Takes records as long as there are any without waiting. */
void worker_drain(struct worker *w)
{
    struct trail_record record;
    presence_forget(&w->presence);
    while (!w->stopped && !w->full && take(w, trail_frame_next(w->in->framer, &record), &record)) {
        if (worker_has_failed(w)) {
            come_to_end(w);
            return;
        }
        if (w->ahead)
            w->full = chunk_filled(w->chunk) > AHEAD_BYTES;
        else if (chunk_filled(w->chunk) > CHUNK_BYTES ||
                 trail_reader_bytes(w->in->reader) - w->so_far.bytes > CHUNK_INPUT)
            worker_give(w);
    }
}

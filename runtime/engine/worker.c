/*
 * worker.c - from an input to chunks of hits.
 *
 * Files go through the reader. Pipes and terminals are read here and pushed, so that what has come is handed
 * on before the next read blocks.
 */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "extract.h"
#include "frame/frame.h"
#include "notify/terminal.h"
#include "read/read.h"
#include "window/labels.h"
#include "window/siphash.h"
#include "window/timestamp.h"

enum {
    CHUNK_BYTES = 256 << 10, /* of results: then a chunk is handed on */
    CHUNK_INPUT = 4 << 20,   /* of input: the same, so that time and progress move */
    LIVE_BYTES = 256 << 10,  /* read at once from a pipe */
};

/* A label that the input gives, or that each record does. */
struct label {
    struct trail_slice given;
    bool from_record;
    struct trail_text of_record;
};

struct worker {
    struct worker_config config;
    struct trail_reader *reader;
    struct trail_framer *framer;
    struct trail_match *match;
    struct extract *extract;
    struct chunk *chunk;
    char *live; /* LIVE_BYTES, once needed */
    uint64_t *wanted;
    struct trail_text event_id;

    /* of the current input */
    const char *path;
    struct label application, subsystem;
    int64_t clock, newest, oldest;
    uint64_t emitted; /* inflated bytes that chunks have told of */
    uint64_t problems;
    bool stopped, ended;
};

struct worker *worker_new(const struct worker_config *config)
{
    struct worker *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->config = *config;
    w->reader = trail_reader_new(0, 0);
    w->framer = w->reader ? trail_framer_new(w->reader) : NULL;
    w->match = trail_match_new(config->pack);
    w->extract = extract_new(config->pack, config->render);
    w->chunk = chunk_new();
    w->wanted = calloc(config->pack->n_alerts / 64 + 1, sizeof *w->wanted);
    if (!w->reader || !w->framer || !w->match || !w->extract || !w->chunk || !w->wanted) {
        worker_free(w);
        return NULL;
    }
    w->match->wanted = w->wanted;
    return w;
}

void worker_free(struct worker *w)
{
    if (!w)
        return;
    trail_framer_free(w->framer);
    trail_reader_free(w->reader);
    trail_match_free(w->match);
    extract_free(w->extract);
    chunk_free(w->chunk);
    trail_text_free(&w->application.of_record);
    trail_text_free(&w->subsystem.of_record);
    trail_text_free(&w->event_id);
    free(w->live);
    free(w->wanted);
    free(w);
}

/* ---- handing on --------------------------------------------------------------------------- */

static void emit(struct worker *w)
{
    struct chunk *c = w->chunk;
    uint64_t bytes = trail_reader_bytes(w->reader);
    c->inflated = bytes - w->emitted;
    w->emitted = bytes;
    c->newest = w->newest;
    c->oldest = w->oldest;
    w->ended |= c->end;
    w->stopped |= !w->config.emit(w->config.user, &w->chunk);
}

static bool has_failed(const struct worker *w)
{
    return w->chunk->failed || w->chunk->bytes.failed;
}

static void end(struct worker *w, bool failed)
{
    w->chunk->failed |= failed;
    w->chunk->end = true;
    emit(w);
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

static void add_message(struct worker *w, uint64_t offset, const char *what)
{
    struct chunk *c = w->chunk;
    size_t from = c->bytes.n;
    worker_message(&c->bytes, w->path, offset, what);
    struct entry *e = chunk_add_entry(c, ENTRY_PROBLEM);
    if (e)
        e->text = chunk_part(c, from);
}

static void problem(struct worker *w, uint64_t offset, const char *what)
{
    w->chunk->damaged = true;
    if (++w->problems <= TRAIL_MAX_PROBLEMS)
        add_message(w, offset, what);
}

/* Something of the input is missing, not just one record of it. */
static void unread(struct worker *w, uint64_t offset, const char *what)
{
    problem(w, offset, what);
    chunk_add_entry(w->chunk, ENTRY_UNREAD);
}

static void count_problems(struct worker *w)
{
    char text[64];
    if (w->problems <= TRAIL_MAX_PROBLEMS)
        return;
    snprintf(text, sizeof text, "%" PRIu64 " more problems", w->problems - TRAIL_MAX_PROBLEMS);
    add_message(w, UINT64_MAX, text);
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
            if (accepts_record(w, &pack->alerts[alert]) &&
                !extract_hits(w->extract, alert, label_text(&w->application), w->chunk))
                return false;
        }
    }
    return true;
}

static void add_event(struct worker *w, const struct trail_record *record, int64_t time, bool future)
{
    struct chunk *c = w->chunk;
    size_t first = c->n_found;
    if (!read_fields(w, record) || !add_hits(w)) {
        c->failed = true;
        return;
    }
    if (c->n_found == first)
        return;
    struct part id = chunk_add_text(c, (struct trail_slice){w->event_id.p, w->event_id.n});
    struct part text = {0, 0};
    if (w->config.keep_events)
        text = chunk_add_text(c, (struct trail_slice){record->p, record->n});
    struct entry *e = chunk_add_entry(c, ENTRY_EVENT);
    if (!e)
        return;
    e->first_hit = first;
    e->n_hits = c->n_found - first;
    e->source = (struct trail_source){w->path, record->number, record->offset};
    e->time = time;
    e->future = future;
    e->newest = w->newest;
    e->oldest = w->oldest;
    e->event_id = id;
    e->text = text;
    siphash128(e->hash, &SIPHASH_FIXED, record->p, record->n);
}

static bool any_hit(const struct worker *w)
{
    for (size_t word = 0; word <= w->config.pack->n_alerts / 64; word++)
        if (w->match->hits[word])
            return true;
    return false;
}

static void match_record(struct worker *w, const struct trail_record *record)
{
    const struct worker_config *config = &w->config;
    w->match->index = record->index;
    config->pack->match(w->match, record->p, record->n);
    int64_t time = w->match->time.n ? trail_time_parse(w->match->time) : TRAIL_NO_TIME;
    bool future = trail_time_is_future(time, w->clock);
    if (time != TRAIL_NO_TIME) {
        if ((config->since && time < config->since) || (config->until && time >= config->until))
            return;
        if (!future && (w->newest == TRAIL_NO_TIME || time > w->newest))
            w->newest = time;
        /* One that is late is in no count, and no beginning of what was read either. */
        bool late = w->newest != TRAIL_NO_TIME && time < trail_time_add(w->newest, -config->lateness);
        if (!future && !late && (w->oldest == TRAIL_NO_TIME || time < w->oldest))
            w->oldest = time;
    }
    if (any_hit(w))
        add_event(w, record, time, future);
}

/* ---- one input ---------------------------------------------------------------------------- */

static void set_label(struct label *label, struct trail_slice given, const char *field)
{
    label->given = given.n ? given : (struct trail_slice){"", 0};
    label->from_record = given.n == 0 && field;
}

/* Which alerts the labels of the input leave; those of a record are asked later. */
static void choose_alerts(struct worker *w)
{
    const struct trail_pack *pack = w->config.pack;
    memset(w->wanted, 0, (pack->n_alerts / 64 + 1) * sizeof *w->wanted);
    for (size_t i = 0; i < pack->n_alerts; i++) {
        const struct trail_alert *a = &pack->alerts[i];
        if ((w->application.from_record || trail_labels_accept(&a->applications, w->application.given)) &&
            (w->subsystem.from_record || trail_labels_accept(&a->subsystems, w->subsystem.given)))
            trail_set(w->wanted, i);
    }
}

static void start(struct worker *w, const char *path, const struct trail_input_labels *labels)
{
    const char *const *fields = w->config.pack->fields;
    w->path = path;
    set_label(&w->application, labels->application, fields[TRAIL_FIELD_APPLICATION]);
    set_label(&w->subsystem, labels->subsystem, fields[TRAIL_FIELD_SUBSYSTEM]);
    w->newest = w->oldest = TRAIL_NO_TIME;
    w->emitted = w->problems = 0;
    w->stopped = w->ended = false;
    choose_alerts(w);
}

static int64_t milliseconds(const struct timespec *t)
{
    return (int64_t)t->tv_sec * 1000 + t->tv_nsec / 1000000;
}

static int64_t machine_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return milliseconds(&t);
}

/* Takes records as long as there are any without waiting. */
static void drain(struct worker *w)
{
    struct trail_record record;
    while (!w->stopped) {
        switch (trail_frame_next(w->framer, &record)) {
        case TRAIL_FRAME_RECORD:
            w->chunk->records++;
            match_record(w, &record);
            break;
        case TRAIL_FRAME_REJECTED:
            w->chunk->records++;
            w->chunk->rejected++;
            problem(w, record.offset, record.reason);
            break;
        case TRAIL_FRAME_DAMAGED: unread(w, record.offset, record.reason); break;
        case TRAIL_FRAME_NEED_MORE: return;
        case TRAIL_FRAME_NO_MEMORY: end(w, true); return;
        case TRAIL_FRAME_END:
            count_problems(w);
            end(w, false);
            return;
        }
        if (has_failed(w)) {
            end(w, true);
            return;
        }
        if (chunk_filled(w->chunk) > CHUNK_BYTES || trail_reader_bytes(w->reader) - w->emitted > CHUNK_INPUT)
            emit(w);
    }
}

static bool read_file(struct worker *w, const struct stat *status)
{
    w->clock = w->config.now ? w->config.now : milliseconds(&status->st_mtim);
    if (trail_reader_open(w->reader, w->path)) {
        trail_framer_start(w->framer);
        drain(w);
        trail_reader_close(w->reader);
    } else {
        unread(w, UINT64_MAX, trail_reader_problem(w->reader).text);
        end(w, has_failed(w));
    }
    return !w->stopped;
}

static void begin_push(struct worker *w)
{
    trail_reader_open_push(w->reader);
    trail_framer_start(w->framer);
}

void worker_begin(struct worker *w, const char *path, const struct trail_input_labels *labels)
{
    start(w, path, labels);
    begin_push(w);
}

bool worker_push(struct worker *w, const char *p, size_t n)
{
    if (w->ended || w->stopped)
        return !w->stopped;
    w->clock = w->config.now ? w->config.now : machine_clock();
    trail_reader_push(w->reader, p, n);
    drain(w);
    if (!w->ended && !w->stopped && w->chunk->records + w->chunk->n_entries)
        emit(w);
    if (n == 0)
        trail_reader_close(w->reader);
    return !w->stopped;
}

static void unread_errno(struct worker *w, const char *what, int error)
{
    char text[160], buffer[96];
    snprintf(text, sizeof text, "%s: %s", what, strerror_r(error, buffer, sizeof buffer));
    unread(w, UINT64_MAX, text);
}

static bool read_live(struct worker *w)
{
    int fd = strcmp(w->path, "-") == 0 ? STDIN_FILENO : open(w->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (!w->live)
        w->live = malloc(LIVE_BYTES);
    begin_push(w);
    if (!w->live)
        w->chunk->failed = true;
    if (fd < 0)
        unread_errno(w, "cannot be opened", errno);
    while (fd >= 0 && w->live && !w->stopped && !w->ended) {
        ssize_t n = read(fd, w->live, LIVE_BYTES);
        if (n > 0) {
            worker_push(w, w->live, (size_t)n);
        } else if (n == 0) {
            break;
        } else if (errno != EINTR) {
            unread_errno(w, "cannot be read", errno);
            break;
        }
    }
    if (has_failed(w))
        end(w, true);
    worker_push(w, NULL, 0);
    if (fd > STDIN_FILENO)
        close(fd);
    return !w->stopped;
}

bool worker_read(struct worker *w, const char *path, const struct trail_input_labels *labels)
{
    struct stat status = {0};
    start(w, path, labels);
    bool live = strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode));
    return live ? read_live(w) : read_file(w, &status);
}

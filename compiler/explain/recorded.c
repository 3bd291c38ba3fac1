/*
 * recorded.c - events from files, read and framed by the runtime: whatever a scanner takes is taken here.
 */
#include <stdio.h>
#include <string.h>

#include "event.h"
#include "frame/frame.h"
#include "notify/terminal.h"
#include "read/inputs.h"

enum { MAX_NAMED = 3 }; /* records of one input that are named: of noise each line is one */

struct listing {
    bool fine;
};

static void complain(const char *path, const char *what)
{
    struct trail_text text = {0};
    trail_terminal_add(&text, (struct trail_slice){path, strlen(path)});
    trail_text_add(&text, ": ", 2);
    trail_terminal_add(&text, (struct trail_slice){what, strlen(what)});
    fprintf(stderr, "trailc: %.*s\n", (int)text.n, text.p ? text.p : "");
    trail_text_free(&text);
}

static void reject(const char *path, const struct trail_record *record)
{
    char number[64];
    struct trail_text what = {0};
    int n = snprintf(number, sizeof number, "record %ju: ", (uintmax_t)record->number);
    trail_text_add(&what, number, (size_t)n);
    trail_text_add(&what, record->reason, strlen(record->reason) + 1);
    complain(path, what.p ? what.p : record->reason);
    trail_text_free(&what);
}

static void unlisted(void *user, const char *path, const char *what, bool lost)
{
    struct listing *listing = user;
    listing->fine &= !lost;
    complain(path, what);
}

/* What was wrong with an input. */
struct wrong {
    bool damaged;
    bool cut; /* just now: what is left of the record there is no other fault */
    uint64_t rejected;
};

static void note_rejected(struct wrong *w, const char *path, const struct trail_record *record)
{
    if (!w->cut && w->rejected++ < MAX_NAMED)
        reject(path, record);
    w->cut = false;
}

/* Whether all was well; else says how much was not said. */
static bool all_well(const struct wrong *w, const char *path)
{
    char more[96];
    if (w->rejected > MAX_NAMED) {
        snprintf(more, sizeof more, "%ju more that are no events", (uintmax_t)(w->rejected - MAX_NAMED));
        complain(path, more);
    }
    return !w->rejected && !w->damaged;
}

/* *more: whether the receiver wants to go on. */
static bool read_records(struct trail_framer *framer, const char *path, recorded_fn *fn, void *user,
                         bool *more)
{
    struct trail_record record;
    struct wrong wrong = {0};
    while (*more) {
        switch (trail_frame_next(framer, &record)) {
        case TRAIL_FRAME_RECORD: {
            struct recorded r = {path, record.number, {record.p, record.n}};
            *more = fn(user, &r);
            wrong.cut = false;
            break;
        }
        case TRAIL_FRAME_REJECTED: note_rejected(&wrong, path, &record); break;
        case TRAIL_FRAME_DAMAGED:
            complain(path, record.reason);
            wrong.damaged = wrong.cut = true;
            break;
        case TRAIL_FRAME_END: return all_well(&wrong, path);
        case TRAIL_FRAME_STOPPED:
        case TRAIL_FRAME_NEED_MORE: return false; /* only where that was asked for */
        case TRAIL_FRAME_NO_MEMORY: complain(path, "out of memory"); return false;
        }
    }
    return all_well(&wrong, path);
}

static bool read_inputs(const struct trail_inputs *inputs, struct trail_reader *reader,
                        struct trail_framer *framer, recorded_fn *fn, void *user)
{
    bool fine = true, more = true;
    for (size_t i = 0; i < inputs->n && more; i++) {
        if (!trail_reader_open(reader, inputs->at[i].path)) {
            complain(inputs->at[i].path, trail_reader_problem(reader).text);
            fine = false;
            continue;
        }
        trail_framer_start(framer);
        fine &= read_records(framer, inputs->at[i].path, fn, user, &more);
    }
    return fine;
}

bool events_each(const char *path, recorded_fn *fn, void *user)
{
    struct listing listing = {.fine = true};
    struct trail_inputs inputs = {0};
    struct trail_reader *reader = trail_reader_new(0, 0);
    struct trail_framer *framer = reader ? trail_framer_new(reader) : NULL;
    bool fine = framer && trail_inputs_add(&inputs, path, 0, unlisted, &listing) != TRAIL_LIST_NO_MEMORY;
    if (!fine)
        complain(path, "out of memory");
    fine = fine && read_inputs(&inputs, reader, framer, fn, user) && listing.fine;
    trail_framer_free(framer);
    trail_reader_free(reader);
    trail_inputs_free(&inputs);
    return fine;
}

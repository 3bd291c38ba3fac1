/*
 * take.h - from chunks to windows: what a worker found is counted, its hits and messages are passed on.
 *
 * The engine's own part that a replay (engine.c) and a service (follow/live.c) share. Which input a chunk is
 * of, and how far its times move the watermark, is theirs to say. One thread at a time.
 */
#ifndef TRAIL_TAKE_H
#define TRAIL_TAKE_H

#include "chunk.h"
#include "window/window.h"
#include "worker.h"

/* The input whose chunks are being taken. */
struct turn {
    const char *path;
    const struct trail_input_labels *labels;
    const char
        *kept; /* the path, and behind its end the label, once a hit needs them: live as long as the take */
    uint64_t size;   /* of the file as it is stored; 0: not known */
    uint64_t stored; /* of that, what has been read */
    int64_t newest;  /* that it has brought so far; TRAIL_NO_TIME: none */
};

struct take {
    const struct trail_pack *pack;
    struct trail_options options;
    int64_t lateness;
    struct window *window;
    struct trail_stats stats;
    struct {
        uint64_t undated, future;
    } uncounted;     /* those of the stats that some alert should have counted */
    uint64_t *hits;  /* of each alert */
    bool *undecided; /* of each alert: its silence was, when take_rest was called */
    struct kept_path *paths;
    bool applications, subsystems; /* some input has had such a label, or the pack takes it from the events */
    int64_t oldest, newest;        /* accepted times of everything read */
    struct turn turn;
    bool by_clock;   /* what is future in this turn the clock says, not a file's own time */
    uint64_t unread; /* times that something of an input was missing */
    bool damaged;    /* since take_outcome */
    bool stopped;
    enum trail_status failure; /* TRAIL_OK, or what ended everything */

    /* Told before each entry, and where a chunk ends its input or nothing more is there: the current input
     * has come so far. */
    void (*come)(void *user, int64_t oldest, int64_t newest);
    /* What is dated before is late, when the current input has come as far as `newest`; NULL: nothing is by
     * that alone. */
    int64_t (*late)(void *user, int64_t newest);
    void *user; /* of come */
};

/* Copies the options, which make sense; `come` and its user are the caller's to set. TRAIL_OK, or why not;
 * take_end it either way. */
enum trail_status take_begin(struct take *, const struct trail_pack *, const struct trail_options *);
void take_end(struct take *);

/* What makes no sense in the options; NULL: all does. */
const char *take_wrong_option(const struct trail_options *);

/* What the options say to workers; without emit and user. */
struct worker_config take_worker_config(const struct take *);

/* Counts a chunk of the current turn. False: stop. */
bool take_chunk(struct take *, const struct chunk *);

/* What the input held is unknown for the alerts that its labels would have fed, from now on. */
void take_unread(struct take *, const struct trail_input_labels *);

/* It can be read again: silence is judged anew, in windows that begin at `from` or later. */
void take_read_again(struct take *, const struct trail_input_labels *, int64_t from);

/* The end of a run that another one goes on from: all silence that some input has left without an answer is
 * judged anew as well. take_counts still tells which had none. */
void take_rest(struct take *, int64_t from);

/* Inputs of these labels are there. */
void take_labels(struct take *, size_t n, const struct trail_input_labels *);

/* Where what was read begins. */
int64_t take_from(const struct take *);

void take_problem(struct take *, const char *message);     /* one line, safe for a terminal */
void take_text(struct take *, struct trail_text *message); /* frees it */
void take_note(struct take *, enum trail_status);

/* Says how many events are in no count, and which silence is not decided for which reasons (WINDOW_ bits). */
void take_report_uncounted(struct take *);
void take_report_forgotten(struct take *); /* groups for which there was no memory */
void take_report_undecided(struct take *, unsigned which);

/* Whether counts may be too low because hits could not wait for their turn. */
bool take_miscounts(const struct take *);

/* How it went since the last call. */
enum trail_status take_outcome(struct take *);

void take_stats(const struct take *, struct trail_stats *);
struct trail_counts take_counts(const struct take *, size_t alert);

#endif

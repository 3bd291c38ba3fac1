/*
 * save.h - windows that outlive the process: what a window is, and what has been done with it since, as bytes.
 *
 *     window_record(w, &calls);                 from now on `calls` grows with each call that changes w
 *     window_save(w, put, user);                all that w is, in pieces
 *
 *     struct window_tape t; window_tape_start(&t, new window);
 *     window_tape_read(&t, p, n);               each piece, then the calls since, in order
 *     window_tape_end(&t)                       the window is what the other one was
 *
 * A window depends on nothing but its calls. So what is saved and the calls since are the window, and while
 * they are read nothing is said: that was said when they were made for the first time.
 *
 * Alerts are known again by ID and hash, also in another build of the pack. Those that are not there any more
 * are left out; new ones begin where the window stands.
 */
#ifndef TRAIL_SAVE_H
#define TRAIL_SAVE_H

#include "window.h"

#include <trail/json.h>

/* The form of the bytes: another version's are not read. */
#define WINDOW_TAPE 1

/* `to` outlives the recording, or is replaced; NULL ends it. What it holds may be taken out between calls.
 * to->failed: memory ran out, and calls are missing. */
void window_record(struct window *, struct trail_text *to);

/* What was recorded is somewhere else: the next piece stands alone. */
void window_record_cut(struct window *);

/* Whether something has happened that the calls since window_record() or window_save() do not say: hits that
 * were lost or counted early because a temporary file failed. Only window_save() has it. */
bool window_recorded_partly(const struct window *);

/* Takes a piece of up to a few MiB. False: stop. */
typedef bool window_put(void *user, struct trail_slice piece);

/* TRAIL_OK, TRAIL_NO_MEMORY, TRAIL_INVALID (stopped), TRAIL_DAMAGED (a temporary file cannot be read). The
 * window is what it was. */
enum trail_status window_save(struct window *, window_put *, void *user);

struct window_tape {
    struct window *window;
    uint32_t *alerts; /* by the number they have on the tape: index + 1; 0: no longer there */
    size_t n_alerts;
    bool *resumed; /* by index */
    bool complete; /* all that was saved has been read */
    bool changed;  /* the pack's alerts are others, or in another order: save before recording */
    int64_t time;
    const char *path, *application; /* of the items that follow */
    uint64_t counted[3];            /* items that were read */
};

/* The window is new, and may only be freed when something fails. */
enum trail_status window_tape_start(struct window_tape *, struct window *);

/* TRAIL_OK, TRAIL_NO_MEMORY, TRAIL_INVALID: not what window_save() or a recording has written. */
enum trail_status window_tape_read(struct window_tape *, struct trail_slice piece);

/* Starts the alerts that were not on the tape. TRAIL_INVALID: a part is missing. Nothing at all on it is a new
 * window's. */
enum trail_status window_tape_end(struct window_tape *);

/* Whether the alert goes on where it was. */
bool window_tape_has(const struct window_tape *, size_t alert);

void window_tape_free(struct window_tape *);

#endif

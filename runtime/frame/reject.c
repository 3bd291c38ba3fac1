/*
 * reject.c - a value that is no record: what is said of it, and where the next one begins.
 *
 * Needs: the value at `at`. Guarantees: of damaged text nothing is kept, it is dropped as it is passed
 * (resync.h).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "inside.h"

/* The value at `at` is no record, because of what is at `bad` bytes behind its beginning. Looks for the next
 * one. */
static enum step reject(struct trail_framer *f, size_t bad)
{
    struct trail_resync *r = &f->resync;
    trail_skim_start(&r->skim);
    r->broken = r->colon = false;
    r->last = 0;
    r->on_line = false;
    r->lines[0] = r->lines[1] = 0;
    r->new_place = framer_is_new_place(f);
    r->indent = f->indent;
    r->first_key = (struct trail_slice){f->first_key, f->n_first_key};
    f->asked = f->asked || f->inherited;
    if (f->n_places) {
        r->rule = in_array(f) ? TRAIL_RESYNC_LIST : TRAIL_RESYNC_TAIL;
    } else {
        size_t n = bad < left(f) ? bad : left(f);
        r->rule = memchr(here(f), '\n', n) ? TRAIL_RESYNC_BLOCK : TRAIL_RESYNC_LINE;
    }
    f->damaged_from = offset_of(f, 0);
    f->state = SKIPPING;
    return AGAIN;
}

enum step framer_reject_for(struct trail_framer *f, const char *reason)
{
    snprintf(f->reason, sizeof f->reason, "%s", reason);
    return reject(f, 0);
}

enum step framer_reject_long(struct trail_framer *f, size_t limit)
{
    snprintf(f->reason, sizeof f->reason, "longer than %zu bytes", limit);
    return reject(f, limit);
}

static void invalid(struct trail_framer *f, enum trail_json_error error, uint64_t at)
{
    snprintf(f->reason, sizeof f->reason, "not JSON: %s, at byte %" PRIu64, trail_json_error_text(error), at);
}

enum step framer_reject_invalid(struct trail_framer *f, enum trail_json_error error, size_t at)
{
    invalid(f, error, offset_of(f, at));
    return reject(f, at);
}

/* The value that began does not end. */
enum step framer_reject_truncated(struct trail_framer *f)
{
    f->told = true;
    return framer_reject_invalid(f, TRAIL_JSON_TRUNCATED, left(f));
}

/* Passes damaged text, and drops it as it goes. */
enum step framer_step_skipping(struct trail_framer *f)
{
    struct trail_resync *r = &f->resync;
    enum trail_resynced got = trail_resync(r, here(f), left(f), f->over);
    f->at += r->skim.at;
    r->skim.at = 0;
    if (got == TRAIL_RESYNC_MORE)
        return MORE;
    if (got == TRAIL_RESYNC_TOP)
        framer_keep_places(f, 0);
    if (r->lines[0]) {
        f->old_places = f->n_places;
        f->line_gave = false;
    }
    if (got == TRAIL_RESYNC_RECORD && !in_array(f))
        framer_enter(f, true, f->n_places ? place(f)->carry : TRAIL_CARRY_RECORD);
    f->cut = f->over && !left(f);
    f->told |= f->cut;
    framer_settle(f);
    return REJECT;
}

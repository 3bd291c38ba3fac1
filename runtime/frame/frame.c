/*
 * frame.c - from an input's bytes to records.
 *
 * Needs: a reader's window, which keeps every byte from `at` on.
 * Guarantees: see frame.h; no recursion; memory of the window, one text buffer of at most its limit, and this
 * struct.
 *
 * The framer is a machine that can stop for more bytes at any place. It stands somewhere in the input's outer
 * structure (`places`: arrays and objects that wrap records, outermost first) and is busy with one thing
 * (`state`), which begins at `at` in the window. Each step() does a part of it:
 *
 *   BETWEEN   at top level or in an array: white space, commas, the end; a value begins    (between.c)
 *   MEMBERS   in an object that wraps, behind its list: keys, the end                      (places.c)
 *   PASSING   a member's value in there that is no list
 *   OBJECT    an object begins: what its first key says                                    (object.c)
 *   WALKING   its first key does not tell: shape.h's walk
 *   CHECKING  its end is looked for, and whether it is valid up to there
 *   BEHIND    it is; may what follows it follow?                                           (behind.c)
 *   SKIPPING  it is not: resync.h looks for what comes next                                (reject.c)
 *
 * Where a record begins as the last one did the sieve may judge it in place of OBJECT and all that follows:
 * BETWEEN then gives it at once (sieved.c). Between two values the machine can be kept, and another go on
 * (stand.c).
 *
 * A valid object in the window is passed once, by the check, which finds its end. Only when it goes on behind
 * the window a skim looks for its end, which passes no byte twice however small the pieces are; then it is
 * checked.
 */
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"

struct trail_framer *trail_framer_new(struct trail_reader *reader)
{
    struct trail_framer *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->reader = reader;
    f->window = trail_reader_window(reader);
    f->kernel = trail_kernel_find(getenv("TRAIL_KERNEL"));
    if (!f->kernel)
        f->kernel = trail_kernel_find(NULL);
    return f;
}

void trail_framer_free(struct trail_framer *f)
{
    if (!f)
        return;
    free(f->text);
    free(f);
}

/* A key that can be looked for as it is spelled. */
static bool is_ascii(struct trail_slice key)
{
    unsigned char all = 0;
    for (size_t i = 0; i < key.n; i++)
        all |= (unsigned char)key.p[i];
    return all < 0x80;
}

/* Makes `start` of the first key, or the likeliest: of one that says what an object is, or may. */
void framer_make_start(struct trail_framer *f)
{
    struct trail_slice key = {f->first_key, f->n_first_key};
    if (!key.n)
        key = (struct trail_slice){"eventVersion", 12};
    f->n_start = 0;
    f->foreign = !trail_is_record_key(key);
    if (f->foreign && !(trail_is_log_key(key) && is_ascii(key)))
        return;
    memcpy(f->start, "{\"", 2);
    memcpy(f->start + 2, key.p, key.n);
    memcpy(f->start + 2 + key.n, "\":", 2);
    f->n_start = key.n + 4;
}

void trail_framer_start(struct trail_framer *f)
{
    f->at = 0;
    f->over = f->held = f->told = f->cut = false;
    f->state = BETWEEN;
    f->n_places = f->old_places = 0;
    f->line_gave = false;
    f->number = 0;
    f->indent = 0;
    f->n_first_key = 0;
    f->stop = UINT64_MAX;
    f->inherited = f->asked = false;
    framer_make_start(f);
    f->whole = f->damage_waits = false;
    f->tried = 0;
}

void trail_framer_stop_at(struct trail_framer *f, uint64_t offset)
{
    f->stop = offset;
}

static enum step step(struct trail_framer *f, struct trail_record *out)
{
    switch (f->state) {
    case BETWEEN: return framer_step_between(f, out);
    case MEMBERS: return framer_step_members(f);
    case PASSING: return framer_step_passing(f);
    case OBJECT: return framer_step_object(f);
    case WALKING: return framer_step_walking(f);
    case CHECKING: return framer_step_checking(f);
    case BEHIND: return framer_step_behind(f, out);
    case SKIPPING: return framer_step_skipping(f);
    }
    return MORE;
}

static enum trail_frame tell(struct trail_framer *f, struct trail_record *out, const char *reason,
                             uint64_t offset)
{
    snprintf(f->trouble, sizeof f->trouble, "%s", reason);
    *out = (struct trail_record){.offset = offset, .reason = f->trouble};
    return TRAIL_FRAME_DAMAGED;
}

/* Nothing is left, or nothing that could be a record. */
static enum trail_frame finish(struct trail_framer *f, struct trail_record *out)
{
    if (!f->n_places || f->told)
        return TRAIL_FRAME_END;
    f->told = true;
    const char *what = in_array(f) ? "ends inside an array" : "ends inside an object";
    return tell(f, out, what, offset_of(f, left(f)));
}

/* The input is damaged behind the window. What is wrong in front of that is told first, and so independently
 * of the pieces: an object that goes on there may have been passed by its quotes and brackets only. */
static void look_behind(struct trail_framer *f)
{
    size_t limit = framer_limit(f), n = left(f) < limit ? left(f) : limit, at;
    f->held = true;
    if (f->state != CHECKING || !f->skimming)
        return;
    enum trail_json_error error = trail_json_value(here(f), n, &at);
    if (error != TRAIL_JSON_OK && error != TRAIL_JSON_TRUNCATED)
        framer_reject_invalid(f, error, at);
}

/* Behind the window is damage. A record that the sieve has tried goes the long way first, as it would have. */
static void meet_damage(struct trail_framer *f)
{
    f->whole = f->damage_waits = f->tried > 0;
    if (!f->tried)
        look_behind(f);
    f->tried = 0;
}

/* Gets more bytes behind the window's; AGAIN when the machine can go on. */
static enum step more(struct trail_framer *f, struct trail_record *out, enum trail_frame *result)
{
    if (f->held) {
        struct trail_read_problem problem = trail_reader_problem(f->reader);
        f->held = false;
        f->told = true;
        *result = tell(f, out, problem.text, problem.offset);
        return MORE;
    }
    if (f->damage_waits) {
        f->damage_waits = false;
        look_behind(f);
        return AGAIN;
    }
    size_t drop = f->at;
    f->at = 0;
    f->possible = NULL; /* it is the sieve's, which others may use meanwhile */
    switch (trail_reader_fill(f->reader, drop)) {
    case TRAIL_READ_MORE: return AGAIN;
    case TRAIL_READ_END: f->over = true; return AGAIN;
    case TRAIL_READ_WAIT: *result = TRAIL_FRAME_NEED_MORE; return MORE;
    case TRAIL_READ_DAMAGED: meet_damage(f); return AGAIN;
    default: *result = TRAIL_FRAME_NO_MEMORY; return MORE;
    }
}

enum trail_frame trail_frame_next(struct trail_framer *f, struct trail_record *out)
{
    *out = (struct trail_record){0};
    for (;;) {
        switch (step(f, out)) {
        case AGAIN: break;
        case GIVE:
            f->line_gave = true;
            out->number = ++f->number;
            return TRAIL_FRAME_RECORD;
        case REJECT:
            *out = (struct trail_record){.number = ++f->number,
                                         .offset = f->damaged_from,
                                         .size = offset_of(f, 0) - f->damaged_from,
                                         .reason = f->reason};
            return TRAIL_FRAME_REJECTED;
        case STOP: return TRAIL_FRAME_STOPPED;
        case NO_MEMORY: return TRAIL_FRAME_NO_MEMORY;
        case MORE: {
            enum trail_frame result;
            if (f->over)
                return finish(f, out);
            if (more(f, out, &result) != AGAIN)
                return result;
        }
        }
    }
}

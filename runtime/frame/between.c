/*
 * between.c - at top level or in an array, in front of a value: white space, commas, ends, and what kind of
 * value comes.
 *
 * Needs: no value is begun; the innermost place, if any, is an array. Guarantees: nothing is passed that a
 * record could begin with; the framer stops where it was told to, and nowhere else.
 */
#include <string.h>

#include "inside.h"

#define MAX_ARRAYS 4 /* in which nothing but arrays stand; deeper, no form could be entered */

/* Passes a byte order mark. */
static enum step step_mark(struct trail_framer *f)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t n = left(f) < 3 ? left(f) : 3;
    if (memcmp(here(f), mark, n) != 0 || (n < 3 && f->over))
        return framer_reject_for(f, "no JSON object");
    if (n < 3)
        return MORE;
    f->at += 3;
    return AGAIN;
}

/* How many arrays begin right in each other, the innermost of them the place one stands in. */
static size_t arrays_here(const struct trail_framer *f)
{
    size_t n = 0;
    while (n < f->n_places && f->places[f->n_places - 1 - n].array)
        n++;
    return n;
}

/* Arrays in arrays that no log has: the line is damaged, and the places that began on it are none. */
static enum step reject_deep(struct trail_framer *f)
{
    bool new_place = framer_is_new_place(f);
    framer_keep_places(f, f->old_places);
    framer_reject_for(f, "arrays in arrays, too deep for a log");
    f->resync.new_place = new_place;
    return AGAIN;
}

/* An array begins here. One in another is entered only if it holds objects or arrays: else it is an element
 * like any other. */
static enum step step_array(struct trail_framer *f)
{
    size_t i = 1;
    while (i < left(f) && i < MAX_BLANKS && is_space(here(f)[i]))
        i++;
    if (i == left(f) && !f->over && f->n_places)
        return MORE;
    char c = i < left(f) ? here(f)[i] : 0;
    if (f->n_places && c != '{' && c != '[' && c != ']')
        return framer_reject_for(f, "no JSON object");
    if (arrays_here(f) == MAX_ARRAYS)
        return reject_deep(f);
    if (carried(f) != TRAIL_CARRY_RECORD || !framer_enter(f, true, TRAIL_CARRY_RECORD))
        return framer_reject_for(f, "no JSON object");
    f->at++;
    return AGAIN;
}

/* A closing bracket in an array, or a brace where its own is missing. */
static enum step step_close(struct trail_framer *f, char c)
{
    f->at++;
    framer_leave(f);
    if (c == '}')
        framer_leave(f);
    return AGAIN;
}

void framer_pass_white(struct trail_framer *f)
{
    const char *p = here(f), *end = f->window->p + f->window->n;
    for (; p < end && (is_space(*p) || (*p == ',' && f->n_places)); p++) {
        f->indent++;
        if (*p == '\n') {
            f->indent = 0;
            f->old_places = f->n_places;
            f->line_gave = false;
        }
    }
    f->at = (size_t)(p - f->window->p);
}

enum step framer_step_between(struct trail_framer *f, struct trail_record *out)
{
    framer_pass_white(f);
    if (offset_of(f, 0) == f->stop)
        return STOP;
    if (!left(f))
        return MORE;
    char c = *here(f);
    if (c == '{')
        return framer_step_sieve(f, out);
    if (c == '[')
        return step_array(f);
    if (c == ']' && f->n_places)
        return step_close(f, c);
    if (c == '}' && f->n_places > 1 && !f->places[f->n_places - 2].array)
        return step_close(f, c);
    if (c == '\xEF' && !f->n_places)
        return step_mark(f);
    return framer_reject_for(f, "no JSON object");
}

/*
 * stand.c - where a framer stands, as something that can be kept: another framer goes on from there.
 *
 * Needs: a framer between two values. Guarantees: see struct trail_stand in frame.h.
 */
#include "frame.h"

#include <string.h>

#include "inside.h"

void trail_framer_start_at(struct trail_framer *f, const struct trail_stand *stand)
{
    trail_framer_start(f);
    memcpy(f->places, stand->places, sizeof f->places);
    f->n_places = stand->n_places;
    f->old_places = stand->old_places;
    f->line_gave = stand->line_gave;
    f->indent = stand->indent;
    f->told = stand->told;
    memcpy(f->first_key, stand->first_key, sizeof f->first_key);
    f->n_first_key = stand->n_first_key;
    framer_make_start(f);
    f->inherited = true;
}

struct trail_stand trail_framer_stand(const struct trail_framer *f)
{
    struct trail_stand stand = {.n_places = f->n_places,
                                .old_places = f->old_places,
                                .line_gave = f->line_gave,
                                .indent = f->indent,
                                .told = f->told,
                                .n_first_key = f->n_first_key};
    memcpy(stand.places, f->places, sizeof stand.places);
    memcpy(stand.first_key, f->first_key, sizeof stand.first_key);
    return stand;
}

bool trail_framer_rests(const struct trail_framer *f, struct trail_stand *stand, uint64_t *offset)
{
    bool passed = f->state == MEMBERS || f->state == PASSING || f->state == SKIPPING;
    if (passed || f->held || f->over || (f->n_places > 0 && !f->places[f->n_places - 1].array))
        return false;
    *stand = trail_framer_stand(f);
    *offset = f->window->offset + f->at;
    return true;
}

bool trail_framer_behind(const struct trail_framer *f, struct trail_stand *stand, uint64_t *offset)
{
    if (f->state != BETWEEN || f->cut)
        return false;
    *stand = trail_framer_stand(f);
    *offset = f->window->offset + f->at;
    return true;
}

static bool same_key(const struct trail_stand *a, const struct trail_stand *b)
{
    return a->n_first_key == b->n_first_key && memcmp(a->first_key, b->first_key, a->n_first_key) == 0;
}

static bool same_places(const struct trail_stand *a, const struct trail_stand *b)
{
    if (a->n_places != b->n_places || a->old_places != b->old_places || a->line_gave != b->line_gave ||
        (a->n_places == 0 && a->indent != b->indent))
        return false;
    for (size_t i = 0; i < a->n_places; i++)
        if (a->places[i].array != b->places[i].array || a->places[i].carry != b->places[i].carry)
            return false;
    return true;
}

bool trail_framer_guessed_well(const struct trail_framer *f, const struct trail_stand *guess,
                               const struct trail_stand *truth)
{
    return same_places(guess, truth) && guess->told == truth->told &&
           (same_key(guess, truth) || (!f->asked && !f->inherited));
}

/*
 * object.c - an object: what it is, by its first keys; where it ends, and whether it is valid up to there.
 *
 * Needs: its opening brace at `at`. Guarantees: one that is in the window is passed once; one that goes on
 * behind it is skimmed, no byte twice, and then checked.
 */
#include "inside.h"

/* An object that wraps a record, or holds it as text with its escapes, may be longer than the record. */
#define MAX_WRAPPED (2 * TRAIL_MAX_RECORD + 65536)

/* How long the object may be. */
size_t framer_limit(const struct trail_framer *f)
{
    bool plain = carried(f) == TRAIL_CARRY_RECORD && f->shape == TRAIL_SHAPE_RECORD;
    return plain ? TRAIL_MAX_RECORD : MAX_WRAPPED;
}

static enum step check_as(struct trail_framer *f, enum trail_shape shape)
{
    f->shape = shape;
    f->skimming = false;
    f->state = CHECKING;
    return AGAIN;
}

/* The first key tells most records. */
enum step framer_step_object(struct trail_framer *f)
{
    struct trail_slice key;
    size_t behind;
    if (begins_alike(f) && !f->foreign)
        return check_as(f, TRAIL_SHAPE_RECORD);
    enum trail_keyed keyed = trail_key_at(here(f) + 1, left(f) - 1, &key, &behind);
    if (keyed == TRAIL_KEY_PARTLY && !f->over)
        return MORE;
    if (carried(f) != TRAIL_CARRY_RECORD || keyed != TRAIL_KEYED || trail_is_record_key(key))
        return check_as(f, TRAIL_SHAPE_RECORD);
    f->walk = (struct trail_walk){0};
    f->state = WALKING;
    return AGAIN;
}

/* A list of records begins in the object. */
static enum step enter_list(struct trail_framer *f)
{
    if (f->n_places + f->walk.level + 2 > TRAIL_MAX_PLACES)
        return check_as(f, TRAIL_SHAPE_RECORD);
    for (unsigned i = 0; i <= f->walk.level; i++)
        framer_enter(f, false, f->walk.carry);
    framer_enter(f, true, f->walk.carry);
    f->at += f->walk.list + 1;
    return AGAIN;
}

enum step framer_step_walking(struct trail_framer *f)
{
    size_t n = left(f) < MAX_WRAPPED ? left(f) : MAX_WRAPPED;
    enum trail_shape shape = trail_shape(&f->walk, here(f), n);
    if (shape == TRAIL_SHAPE_LIST)
        return enter_list(f);
    if (shape != TRAIL_SHAPE_MORE)
        return check_as(f, shape);
    return n == MAX_WRAPPED || f->over ? check_as(f, TRAIL_SHAPE_RECORD) : MORE;
}

/* How much of the object is there when it is checked. */
enum extent { SO_FAR, ALL, UP_TO_DAMAGE };

static enum step check(struct trail_framer *f, size_t n, enum extent extent)
{
    enum trail_indexed got = f->kernel->index(here(f), n, &f->index);
    enum trail_json_error error = TRAIL_JSON_TRUNCATED;
    f->indexed = got == TRAIL_INDEXED;
    if (f->indexed)
        f->size = f->index.size;
    else if (got == TRAIL_INDEX_ODD || extent != SO_FAR)
        error = trail_json_value(here(f), n, &f->size);
    if (f->indexed || error == TRAIL_JSON_OK) {
        f->state = BEHIND;
        return AGAIN;
    }
    if (error != TRAIL_JSON_TRUNCATED)
        return framer_reject_invalid(f, error, f->size);
    if (extent == UP_TO_DAMAGE)
        return framer_reject_invalid(f, TRAIL_JSON_SYNTAX, n - 1);
    if (extent == ALL)
        return n < left(f) || !f->over ? framer_reject_long(f, n) : framer_reject_truncated(f);
    f->skimming = true;
    trail_skim_start(&f->skim);
    return AGAIN;
}

enum step framer_step_checking(struct trail_framer *f)
{
    size_t limit = framer_limit(f), n = left(f) < limit ? left(f) : limit;
    if (!f->skimming)
        return check(f, n, SO_FAR);
    switch (trail_skim(&f->skim, here(f), n)) {
    case TRAIL_SKIM_MORE: return n == limit || f->over ? check(f, n, ALL) : MORE;
    case TRAIL_SKIM_END: return check(f, f->skim.at, UP_TO_DAMAGE);
    default: return check(f, f->skim.at + 1, UP_TO_DAMAGE);
    }
}

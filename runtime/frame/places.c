/*
 * places.c - the arrays and objects that wrap records: entered, left, and what is in such an object behind
 * its list.
 *
 * Needs: see inside.h. Guarantees: never more than TRAIL_MAX_PLACES of them; old_places of them at most are
 * as old as a line.
 */
#include "inside.h"

/* Where one stands decides what comes next. */
enum step framer_settle(struct trail_framer *f)
{
    f->state = f->n_places && !in_array(f) ? MEMBERS : BETWEEN;
    return AGAIN;
}

/* Leaves all but the outermost so many. */
void framer_keep_places(struct trail_framer *f, size_t n)
{
    f->n_places = n;
    if (f->old_places > n)
        f->old_places = n;
}

/* Whether the innermost place is nothing to go by: it began on this line, which has had no record. */
bool framer_is_new_place(const struct trail_framer *f)
{
    return f->n_places > f->old_places && !f->line_gave;
}

bool framer_enter(struct trail_framer *f, bool array, enum trail_carry carry)
{
    if (f->n_places == TRAIL_MAX_PLACES)
        return false;
    f->places[f->n_places++] = (struct trail_place){array, carry};
    framer_settle(f);
    return true;
}

enum step framer_leave(struct trail_framer *f)
{
    framer_keep_places(f, f->n_places - 1);
    f->indent = 0;
    return framer_settle(f);
}

static enum step step_member_key(struct trail_framer *f)
{
    struct trail_slice key;
    size_t behind;
    switch (trail_key_at(here(f), left(f), &key, &behind)) {
    case TRAIL_KEY_PARTLY: return f->over ? framer_reject_truncated(f) : MORE;
    case TRAIL_KEY_NONE: return framer_reject_for(f, "not JSON behind a list of records");
    case TRAIL_KEYED: break;
    }
    f->at += behind;
    enum trail_carry carry;
    bool list = trail_shape_is_list(key, &carry) && *here(f) == '[';
    if (list && framer_enter(f, true, carry)) {
        f->at++;
        return AGAIN;
    }
    trail_skim_start(&f->skim);
    f->state = PASSING;
    return AGAIN;
}

enum step framer_step_members(struct trail_framer *f)
{
    framer_pass_white(f);
    if (!left(f))
        return MORE;
    switch (*here(f)) {
    case '}': f->at++; return framer_leave(f);
    case '{': /* the list's bracket came too early */
        if (framer_enter(f, true, place(f)->carry))
            return AGAIN;
        /* fall through */
    default: return step_member_key(f);
    }
}

enum step framer_step_passing(struct trail_framer *f)
{
    enum trail_skimmed got = trail_skim(&f->skim, here(f), left(f));
    f->at += f->skim.at;
    f->skim.at = 0;
    if (got == TRAIL_SKIM_MORE)
        return MORE;
    if (got == TRAIL_SKIM_BROKEN)
        return framer_reject_for(f, "not JSON behind a list of records");
    return framer_settle(f);
}

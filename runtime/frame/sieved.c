/*
 * sieved.c - records that begin as the last one did, judged by the sieve alone.
 *
 * Needs: an object at `at`. Guarantees: what becomes of it does not depend on the pieces in which it comes.
 */
#include "sieve/sieve.h"

#include <string.h>

#include "inside.h"

_Static_assert(TRAIL_MAX_FIRST_KEY + 4 <= TRAIL_SIEVE_START, "a record's beginning");

void trail_framer_sieve(struct trail_framer *f, struct trail_sieve *sieve)
{
    f->sieve = sieve;
}

/* In an array all that tells where a record ends is where the next one begins: the sieve knows one
 * beginning. */
static bool is_first_of_most(const struct trail_framer *f)
{
    return f->n_start == 16 && memcmp(f->start + 2, "eventVersion", 12) == 0;
}

/* `possible`: which alerts may want it; NULL: any. */
static enum step take_the_long_way(struct trail_framer *f, const uint64_t *possible)
{
    f->whole = false;
    f->possible = possible;
    f->tried = 0;
    f->state = OBJECT;
    return AGAIN;
}

/* What stands behind most elements of an array: another one like it, or the end of both the array and the
 * object that it is in. With these even a record that proved damaged would end where the sieve says. */
static enum verdict follows_sieved(const struct trail_framer *f, const char *p, size_t n)
{
    if (!f->n_places)
        return FITS;
    if (n < 2 || (*p == ',' && n - 1 < f->n_start))
        return UNKNOWN;
    if (*p == ',')
        return trail_same(p + 1, f->start, f->n_start) ? FITS : FITS_NOT;
    return p[0] == ']' && p[1] == '}' ? FITS : FITS_NOT;
}

/* A sieved record is given: what that changes, but for the place. */
static void note_plain(struct trail_framer *f)
{
    f->asked = f->asked || f->inherited;
    f->inherited = false;
    if (f->n_first_key)
        return;
    f->n_first_key = f->n_start - 4;
    memcpy(f->first_key, f->start + 2, f->n_first_key);
}

/* Whether what has come since the record was tried may end it: a line's end; in an array a brace, or what is
 * behind one that was the last byte then. So it is sieved no more often than it has of these, however small
 * the pieces are. */
static bool may_end_now(const struct trail_framer *f)
{
    if (!f->tried || f->over || left(f) > TRAIL_SIEVE_MAX)
        return true;
    size_t from = f->n_places ? f->tried - 1 : f->tried;
    return memchr(here(f) + from, f->n_places ? '}' : '\n', left(f) - from);
}

/* Whether the sieve may judge the object at `at`: a record like the one before, and the first of its line,
 * which most have to themselves. */
static enum verdict begins_plain(const struct trail_framer *f)
{
    size_t n = left(f) < f->n_start ? left(f) : f->n_start;
    if (!f->sieve || !n || f->whole || !trail_same(here(f), f->start, n) ||
        carried(f) != TRAIL_CARRY_RECORD || (f->n_places ? !is_first_of_most(f) : f->line_gave))
        return FITS_NOT;
    return left(f) > f->n_start ? FITS : f->over ? FITS_NOT : UNKNOWN;
}

/* Gives the object at `at`, if no alert can want it. A record that goes on behind the window is tried
 * again with what comes next: what becomes of it does not depend on the pieces in which it comes. */
enum step framer_step_sieve(struct trail_framer *f, struct trail_record *out)
{
    struct trail_sifted sifted;
    enum verdict plain = begins_plain(f);
    if (plain != FITS)
        return plain == UNKNOWN ? MORE : take_the_long_way(f, NULL);
    if (!may_end_now(f)) {
        f->tried = left(f);
        return MORE;
    }
    trail_sieve_begin(f->sieve, (struct trail_slice){f->start, f->n_start}, f->foreign, f->n_places > 0);
    enum trail_sieved got = trail_sieve(f->sieve, here(f), left(f), &sifted);
    enum verdict follows = got == TRAIL_SIEVE_PARTLY ? UNKNOWN : FITS_NOT;
    if (got == TRAIL_SIEVED_OUT)
        follows = follows_sieved(f, here(f) + sifted.size, left(f) - sifted.size);
    if (follows == FITS_NOT || (follows == UNKNOWN && f->over))
        return take_the_long_way(f, got == TRAIL_SIEVED_MAYBE ? sifted.possible : NULL);
    if (follows == UNKNOWN) {
        f->tried = got == TRAIL_SIEVE_PARTLY ? left(f) : sifted.size;
        return MORE;
    }
    f->tried = 0;
    out->p = here(f);
    out->n = f->size = sifted.size;
    out->sieved = true;
    out->time = sifted.time;
    out->offset = offset_of(f, 0);
    note_plain(f);
    f->at += sifted.size;
    return GIVE;
}

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
 *   BETWEEN   at top level or in an array: white space, commas, the end; a value begins
 *   MEMBERS   in an object that wraps, behind its list: keys, the end
 *   PASSING   a member's value in there that is no list
 *   OBJECT    an object begins: what its first key says
 *   WALKING   its first key does not tell: shape.h's walk
 *   CHECKING  its end is looked for, and whether it is valid up to there
 *   BEHIND    it is; may what follows it follow?
 *   SKIPPING  it is not: resync.h looks for what comes next
 *
 * Where a record begins as the last one did the sieve may judge it in place of OBJECT and all that follows: BETWEEN then
 * gives it at once.
 *
 * A valid object in the window is passed once, by the check, which finds its end. Only when it goes on behind
 * the window a skim looks for its end, which passes no byte twice however small the pieces are; then it is
 * checked.
 */
#include "frame.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resync.h"
#include "shape.h"
#include "sieve/sieve.h"
#include "trail/index.h"
#include "trail/json.h"

#define MAX_ARRAYS 4 /* in which nothing but arrays stand; deeper, no form could be entered */
#define MAX_BLANKS 4096

/* An object that wraps a record, or holds it as text with its escapes, may be longer than the record. */
#define MAX_WRAPPED (2 * TRAIL_MAX_RECORD + 65536)

enum state { BETWEEN, MEMBERS, PASSING, OBJECT, WALKING, CHECKING, BEHIND, SKIPPING };

struct trail_framer {
    struct trail_reader *reader;
    const struct trail_window *window;
    size_t at; /* in the window: where the state's thing begins */
    bool over; /* no byte follows the window's last */
    bool held; /* the reader's problem is to be told before more is read */
    bool cut;  /* the record before this was rejected up to the input's end */
    enum state state;

    /* where it stands, which is all that lasts from value to value: struct trail_stand has it, too */
    bool told; /* that the input ended too early */
    struct trail_place places[TRAIL_MAX_PLACES];
    size_t n_places;
    uint64_t number;
    size_t indent;     /* blanks since the line began, at top level */
    bool line_gave;    /* this line has had a record */
    size_t old_places; /* how many of the places began on a line before this one */
    uint64_t stop;     /* an offset: trail_framer_stop_at */

    /* the object at `at` */
    struct trail_walk walk;
    enum trail_shape shape;
    const struct trail_kernel *kernel;
    bool indexed; /* `index` is the object's */
    struct trail_index index;
    bool skimming; /* its end is looked for by skim */
    struct trail_skim skim;
    size_t size;

    /* the damaged text at `at` */
    struct trail_resync resync;
    uint64_t damaged_from;
    char reason[160];
    char trouble[224]; /* the input's, told apart from a record's */

    char first_key[TRAIL_MAX_FIRST_KEY]; /* of the last valid object */
    size_t n_first_key;
    char start[TRAIL_MAX_FIRST_KEY + 4]; /* `{"eventVersion":`: how the next record begins if it is plain */
    size_t n_start;                      /* 0: that is not known */
    bool inherited;                      /* that key is the one of the stand it began with */
    bool asked;                          /* and was wanted */

    /* the sieve */
    const struct trail_sieve *sieve; /* or NULL */
    bool whole;                      /* the record at `at` goes the long way */
    size_t tried;      /* so many bytes of it do not tell how it ends; 0: none have been sieved */
    bool damage_waits; /* behind the window, until the machine has come there */
    struct {
        bool line_gave, inherited, asked;
        size_t n_first_key;
    } before; /* the sieved record: for trail_framer_again */

    char *text; /* a record that was text in another */
    size_t text_room;
};

enum step { AGAIN, MORE, GIVE, REJECT, STOP, NO_MEMORY };

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

/* Makes `start` of the first key, or the likeliest: of one that no wrapper has, so that it tells what an object
 * is. */
static void make_start(struct trail_framer *f)
{
    struct trail_slice key = {f->first_key, f->n_first_key};
    if (!key.n)
        key = (struct trail_slice){"eventVersion", 12};
    f->n_start = 0;
    if (!trail_is_record_key(key))
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
    make_start(f);
    f->whole = f->damage_waits = false;
    f->tried = 0;
}

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
    make_start(f);
    f->inherited = true;
}

void trail_framer_sieve(struct trail_framer *f, const struct trail_sieve *sieve)
{
    f->sieve = sieve;
}

void trail_framer_again(struct trail_framer *f)
{
    f->at -= f->size;
    f->number--;
    f->line_gave = f->before.line_gave;
    f->inherited = f->before.inherited;
    f->asked = f->before.asked;
    f->n_first_key = f->before.n_first_key;
    f->whole = true;
}

void trail_framer_stop_at(struct trail_framer *f, uint64_t offset)
{
    f->stop = offset;
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

static const char *here(const struct trail_framer *f)
{
    return f->window->p + f->at;
}

static size_t left(const struct trail_framer *f)
{
    return f->window->n - f->at;
}

static uint64_t offset_of(const struct trail_framer *f, size_t from_here)
{
    return f->window->offset + f->at + from_here;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_space(char c)
{
    return is_blank(c) || c == '\n';
}

/* ---- places ---- */

static struct trail_place *place(struct trail_framer *f)
{
    return f->n_places ? &f->places[f->n_places - 1] : NULL;
}

static bool in_array(const struct trail_framer *f)
{
    return f->n_places && f->places[f->n_places - 1].array;
}

static enum trail_carry carried(const struct trail_framer *f)
{
    return in_array(f) ? f->places[f->n_places - 1].carry : TRAIL_CARRY_RECORD;
}

/* Where one stands decides what comes next. */
static enum step settle(struct trail_framer *f)
{
    f->state = f->n_places && !in_array(f) ? MEMBERS : BETWEEN;
    return AGAIN;
}

/* Leaves all but the outermost so many. */
static void keep_places(struct trail_framer *f, size_t n)
{
    f->n_places = n;
    if (f->old_places > n)
        f->old_places = n;
}

/* Whether the innermost place is nothing to go by: it began on this line, which has had no record. */
static bool is_new(const struct trail_framer *f)
{
    return f->n_places > f->old_places && !f->line_gave;
}

static bool enter(struct trail_framer *f, bool array, enum trail_carry carry)
{
    if (f->n_places == TRAIL_MAX_PLACES)
        return false;
    f->places[f->n_places++] = (struct trail_place){array, carry};
    settle(f);
    return true;
}

static enum step leave(struct trail_framer *f)
{
    keep_places(f, f->n_places - 1);
    f->indent = 0;
    return settle(f);
}

/* ---- rejecting ---- */

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
    r->new_place = is_new(f);
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

static enum step reject_for(struct trail_framer *f, const char *reason)
{
    snprintf(f->reason, sizeof f->reason, "%s", reason);
    return reject(f, 0);
}

static enum step reject_long(struct trail_framer *f, size_t limit)
{
    snprintf(f->reason, sizeof f->reason, "longer than %zu bytes", limit);
    return reject(f, limit);
}

static void invalid(struct trail_framer *f, enum trail_json_error error, uint64_t at)
{
    snprintf(f->reason, sizeof f->reason, "not JSON: %s, at byte %" PRIu64, trail_json_error_text(error), at);
}

static enum step reject_invalid(struct trail_framer *f, enum trail_json_error error, size_t at)
{
    invalid(f, error, offset_of(f, at));
    return reject(f, at);
}

/* The value that began does not end. */
static enum step reject_truncated(struct trail_framer *f)
{
    f->told = true;
    return reject_invalid(f, TRAIL_JSON_TRUNCATED, left(f));
}

/* Passes damaged text, and drops it as it goes. */
static enum step step_skipping(struct trail_framer *f)
{
    struct trail_resync *r = &f->resync;
    enum trail_resynced got = trail_resync(r, here(f), left(f), f->over);
    f->at += r->skim.at;
    r->skim.at = 0;
    if (got == TRAIL_RESYNC_MORE)
        return MORE;
    if (got == TRAIL_RESYNC_TOP)
        keep_places(f, 0);
    if (r->lines[0]) {
        f->old_places = f->n_places;
        f->line_gave = false;
    }
    if (got == TRAIL_RESYNC_RECORD && !in_array(f))
        enter(f, true, f->n_places ? place(f)->carry : TRAIL_CARRY_RECORD);
    f->cut = f->over && !left(f);
    f->told |= f->cut;
    settle(f);
    return REJECT;
}

/* ---- between values ---- */

/* Passes a byte order mark. */
static enum step step_mark(struct trail_framer *f)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t n = left(f) < 3 ? left(f) : 3;
    if (memcmp(here(f), mark, n) != 0 || (n < 3 && f->over))
        return reject_for(f, "no JSON object");
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
    bool new_place = is_new(f);
    keep_places(f, f->old_places);
    reject_for(f, "arrays in arrays, too deep for a log");
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
        return reject_for(f, "no JSON object");
    if (arrays_here(f) == MAX_ARRAYS)
        return reject_deep(f);
    if (carried(f) != TRAIL_CARRY_RECORD || !enter(f, true, TRAIL_CARRY_RECORD))
        return reject_for(f, "no JSON object");
    f->at++;
    return AGAIN;
}

/* A closing bracket in an array, or a brace where its own is missing. */
static enum step step_close(struct trail_framer *f, char c)
{
    f->at++;
    leave(f);
    if (c == '}')
        leave(f);
    return AGAIN;
}

static void pass_white(struct trail_framer *f)
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

/* ---- the sieve ---- */

enum verdict { FITS, FITS_NOT, UNKNOWN };

/* In an array all that tells where a record ends is where the next one begins: the sieve knows one beginning. */
static bool is_first_of_most(const struct trail_framer *f)
{
    return f->n_start == 16 && memcmp(f->start + 2, "eventVersion", 12) == 0;
}

/* Whether the sieve may judge the object at `at`: a record like the one before. */
static enum verdict begins_plain(const struct trail_framer *f)
{
    size_t n = left(f) < f->n_start ? left(f) : f->n_start;
    if (!f->sieve || !n || f->whole || memcmp(here(f), f->start, n) != 0 ||
        carried(f) != TRAIL_CARRY_RECORD || (f->n_places && !is_first_of_most(f)))
        return FITS_NOT;
    return left(f) > f->n_start ? FITS : f->over ? FITS_NOT : UNKNOWN;
}

static enum step the_long_way(struct trail_framer *f)
{
    f->whole = false;
    f->tried = 0;
    f->state = OBJECT;
    return AGAIN;
}

/* What stands behind most records: the line's end; in an array another one like it, or the end of both the array and
 * the object that it is in. With these even a record that proved damaged would end where the sieve says. */
static enum verdict follows_sieved(const struct trail_framer *f, const char *p, size_t n)
{
    if (!n)
        return f->over && !f->n_places ? FITS : UNKNOWN;
    if (!f->n_places)
        return *p == '\n' ? FITS : *p != '\r' ? FITS_NOT : n < 2 ? UNKNOWN : p[1] == '\n' ? FITS : FITS_NOT;
    if (n < 2 || (*p == ',' && n - 1 < f->n_start))
        return UNKNOWN;
    if (*p == ',')
        return memcmp(p + 1, f->start, f->n_start) == 0 ? FITS : FITS_NOT;
    return p[0] == ']' && p[1] == '}' ? FITS : FITS_NOT;
}

/* A sieved record is given: what that changes, but for the place. */
static void note_plain(struct trail_framer *f)
{
    f->before.line_gave = f->line_gave;
    f->before.inherited = f->inherited;
    f->before.asked = f->asked;
    f->before.n_first_key = f->n_first_key;
    f->asked = f->asked || f->inherited;
    f->inherited = false;
    if (f->n_first_key)
        return;
    f->n_first_key = f->n_start - 4;
    memcpy(f->first_key, f->start + 2, f->n_first_key);
}

/* Whether what has come since the record was tried may end it: a brace, or what is behind one. So it is sieved no more
 * often than it has braces, however small the pieces are. */
static bool may_end_now(const struct trail_framer *f)
{
    const char *p = here(f);
    return !f->tried || f->over || left(f) > TRAIL_SIEVE_MAX || p[f->tried - 1] == '}' ||
           memchr(p + f->tried, '}', left(f) - f->tried);
}

/* A record that goes on behind the window is tried again with what comes next: what becomes of it does not depend on the
 * pieces in which it comes. */
static enum step step_sieve(struct trail_framer *f, struct trail_record *out)
{
    struct trail_sifted sifted = {.index = &f->index};
    if (!may_end_now(f)) {
        f->tried = left(f);
        return MORE;
    }
    enum trail_sieved got = trail_sieve(f->sieve, here(f), left(f), &sifted);
    enum verdict follows = got == TRAIL_SIEVE_PARTLY ? UNKNOWN : FITS_NOT;
    if (got == TRAIL_SIEVED_OUT || got == TRAIL_SIEVED_MAYBE)
        follows = follows_sieved(f, here(f) + sifted.size, left(f) - sifted.size);
    if (follows == FITS_NOT || (follows == UNKNOWN && f->over))
        return the_long_way(f);
    if (follows == UNKNOWN) {
        f->tried = got == TRAIL_SIEVE_PARTLY ? left(f) : sifted.size;
        return MORE;
    }
    f->tried = 0;
    out->p = here(f);
    out->n = f->size = sifted.size;
    out->sieved = true;
    out->maybe = got == TRAIL_SIEVED_MAYBE;
    out->index = out->maybe && f->index.plain ? &f->index : NULL;
    out->possible = sifted.possible;
    out->time = sifted.time;
    out->offset = offset_of(f, 0);
    note_plain(f);
    f->at += sifted.size;
    return GIVE;
}

static enum step step_between(struct trail_framer *f, struct trail_record *out)
{
    pass_white(f);
    if (offset_of(f, 0) == f->stop)
        return STOP;
    if (!left(f))
        return MORE;
    char c = *here(f);
    if (c == '{') {
        enum verdict plain = begins_plain(f);
        return plain == FITS ? step_sieve(f, out) : plain == UNKNOWN ? MORE : the_long_way(f);
    }
    if (c == '[')
        return step_array(f);
    if (c == ']' && f->n_places)
        return step_close(f, c);
    if (c == '}' && f->n_places > 1 && !f->places[f->n_places - 2].array)
        return step_close(f, c);
    if (c == '\xEF' && !f->n_places)
        return step_mark(f);
    return reject_for(f, "no JSON object");
}

/* ---- in an object that wraps, behind its list ---- */

static enum step step_member_key(struct trail_framer *f)
{
    struct trail_slice key;
    size_t behind;
    switch (trail_key_at(here(f), left(f), &key, &behind)) {
    case TRAIL_KEY_PARTLY: return f->over ? reject_truncated(f) : MORE;
    case TRAIL_KEY_NONE: return reject_for(f, "not JSON behind a list of records");
    case TRAIL_KEYED: break;
    }
    f->at += behind;
    enum trail_carry carry;
    bool list = trail_shape_is_list(key, &carry) && *here(f) == '[';
    if (list && enter(f, true, carry)) {
        f->at++;
        return AGAIN;
    }
    trail_skim_start(&f->skim);
    f->state = PASSING;
    return AGAIN;
}

static enum step step_members(struct trail_framer *f)
{
    pass_white(f);
    if (!left(f))
        return MORE;
    switch (*here(f)) {
    case '}': f->at++; return leave(f);
    case '{': /* the list's bracket came too early */
        if (enter(f, true, place(f)->carry))
            return AGAIN;
        /* fall through */
    default: return step_member_key(f);
    }
}

static enum step step_passing(struct trail_framer *f)
{
    enum trail_skimmed got = trail_skim(&f->skim, here(f), left(f));
    f->at += f->skim.at;
    f->skim.at = 0;
    if (got == TRAIL_SKIM_MORE)
        return MORE;
    if (got == TRAIL_SKIM_BROKEN)
        return reject_for(f, "not JSON behind a list of records");
    return settle(f);
}

/* ---- an object ---- */

/* How long the object may be. */
static size_t limit_of(const struct trail_framer *f)
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
static enum step step_object(struct trail_framer *f)
{
    struct trail_slice key;
    size_t behind;
    enum trail_keyed keyed = trail_key_at(here(f) + 1, left(f) - 1, &key, &behind);
    if (keyed == TRAIL_KEY_PARTLY && !f->over)
        return MORE;
    if (carried(f) != TRAIL_CARRY_RECORD || keyed != TRAIL_KEYED || trail_is_record_key(key))
        return check_as(f, TRAIL_SHAPE_RECORD);
    f->walk = (struct trail_walk){0};
    f->state = WALKING;
    return AGAIN;
}

/* The first key of good objects is where the next one is found behind a damaged one. */
static void remember_first_key(struct trail_framer *f)
{
    struct trail_slice key;
    size_t behind;
    bool keyed = trail_key_at(here(f) + 1, f->size - 1, &key, &behind) == TRAIL_KEYED;
    if (!keyed || key.n > TRAIL_MAX_FIRST_KEY)
        return;
    f->inherited = false;
    if (key.n == f->n_first_key && memcmp(f->first_key, key.p, key.n) == 0)
        return;
    memcpy(f->first_key, key.p, key.n);
    f->n_first_key = key.n;
    make_start(f);
}

/* A list of records begins in the object. */
static enum step enter_list(struct trail_framer *f)
{
    if (f->n_places + f->walk.level + 2 > TRAIL_MAX_PLACES)
        return check_as(f, TRAIL_SHAPE_RECORD);
    for (unsigned i = 0; i <= f->walk.level; i++)
        enter(f, false, f->walk.carry);
    enter(f, true, f->walk.carry);
    f->at += f->walk.list + 1;
    return AGAIN;
}

static enum step step_walking(struct trail_framer *f)
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
        return reject_invalid(f, error, f->size);
    if (extent == UP_TO_DAMAGE)
        return reject_invalid(f, TRAIL_JSON_SYNTAX, n - 1);
    if (extent == ALL)
        return n < left(f) || !f->over ? reject_long(f, n) : reject_truncated(f);
    f->skimming = true;
    trail_skim_start(&f->skim);
    return AGAIN;
}

static enum step step_checking(struct trail_framer *f)
{
    size_t limit = limit_of(f), n = left(f) < limit ? left(f) : limit;
    if (!f->skimming)
        return check(f, n, SO_FAR);
    switch (trail_skim(&f->skim, here(f), n)) {
    case TRAIL_SKIM_MORE: return n == limit || f->over ? check(f, n, ALL) : MORE;
    case TRAIL_SKIM_END: return check(f, f->skim.at, UP_TO_DAMAGE);
    default: return check(f, f->skim.at + 1, UP_TO_DAMAGE);
    }
}

/* ---- behind a valid object ---- */

/* In an array: a comma and what can be an element, or the end. An object without its comma is let pass; one
 * with a member behind it was closed too early. */
static enum verdict follows_element(const char *p, size_t n, bool over)
{
    size_t i = 0;
    while (i < n && i < MAX_BLANKS && is_space(p[i]))
        i++;
    if (i == MAX_BLANKS || (i == n && over))
        return FITS;
    if (i == n)
        return UNKNOWN;
    if (p[i] != ',')
        return p[i] == ']' || p[i] == '{' ? FITS : FITS_NOT;
    struct trail_slice key;
    size_t behind;
    switch (trail_key_at(p + i + 1, n - i - 1, &key, &behind)) {
    case TRAIL_KEYED: return FITS_NOT;
    case TRAIL_KEY_PARTLY: return over ? FITS : UNKNOWN;
    default: return FITS;
    }
}

/* At top level: the line's end, or another value. */
static enum verdict follows_value(const char *p, size_t n, bool over)
{
    size_t i = 0;
    while (i < n && i < MAX_BLANKS && is_blank(p[i]))
        i++;
    if (i == MAX_BLANKS || (i == n && over))
        return FITS;
    if (i == n)
        return UNKNOWN;
    return p[i] == '\n' || p[i] == '{' || p[i] == '[' || p[i] == '\xEF' ? FITS : FITS_NOT;
}

static bool text_room(struct trail_framer *f, size_t n)
{
    if (n + TRAIL_PADDING <= f->text_room)
        return true;
    size_t room = n + n / 2 + TRAIL_PADDING;
    char *text = realloc(f->text, room);
    if (!text)
        return false;
    f->text = text;
    f->text_room = room;
    return true;
}

/* The object is passed and its record is no good. */
static enum step refuse(struct trail_framer *f)
{
    f->damaged_from = offset_of(f, 0);
    f->at += f->size;
    settle(f);
    return REJECT;
}

static enum step refuse_for(struct trail_framer *f, const char *reason)
{
    snprintf(f->reason, sizeof f->reason, "%s", reason);
    return refuse(f);
}

/* Gives a valid object of the window or the text buffer, out of the wrappers that are in it. */
static enum step give(struct trail_framer *f, struct trail_slice object, struct trail_record *out)
{
    if (object.n > TRAIL_MAX_RECORD) {
        snprintf(f->reason, sizeof f->reason, "longer than %d bytes", TRAIL_MAX_RECORD);
        return refuse(f);
    }
    out->p = object.p;
    out->n = object.n;
    f->at += f->size;
    settle(f);
    return GIVE;
}

/* A record that is text in the object: undoes the escapes and checks what they hid. */
static enum step give_text(struct trail_framer *f, struct trail_slice string, struct trail_record *out)
{
    struct trail_slice inside = {string.p + 1, string.n - 2};
    if (!text_room(f, inside.n))
        return NO_MEMORY;
    out->offset = offset_of(f, (size_t)(inside.p - here(f)));
    struct trail_slice object = {f->text, trail_json_unescape(f->text, inside.p, inside.n)};
    memset(f->text + object.n, 0, TRAIL_PADDING);
    size_t at;
    enum trail_json_error error = trail_json_check(object.p, object.n, &at);
    while (object.n && is_space(*object.p))
        object.p++, object.n--;
    while (object.n && is_space(object.p[object.n - 1]))
        object.n--;
    if (object.n && *object.p != '{')
        return refuse_for(f, "no JSON object in the text");
    if (error) {
        snprintf(f->reason, sizeof f->reason, "not JSON: %s, at byte %zu of the text",
                 trail_json_error_text(error), at);
        return refuse(f);
    }
    return give(f, trail_unwrap(object), out);
}

/* An element that has its record in a member. */
static enum step give_member(struct trail_framer *f, struct trail_record *out)
{
    static const struct trail_slice names[] = {
        [TRAIL_CARRY_TRAIL] = {"CloudTrailEvent", 15}, [TRAIL_CARRY_MESSAGE] = {"message", 7}};
    static const char control[] = "\"CWL CONTROL MESSAGE";
    struct trail_slice object = {here(f), f->size}, value;
    struct trail_slice name = names[carried(f)];
    if (!trail_member(object, name, &value) || (*value.p != '"' && *value.p != '{')) {
        snprintf(f->reason, sizeof f->reason, "no text or object in \"%s\"", name.p);
        return refuse(f);
    }
    if (carried(f) == TRAIL_CARRY_MESSAGE && value.n >= sizeof control &&
        memcmp(value.p, control, sizeof control - 1) == 0) {
        f->at += f->size;
        return settle(f);
    }
    if (*value.p == '"')
        return give_text(f, value, out);
    value = trail_unwrap(value);
    out->offset = offset_of(f, (size_t)(value.p - here(f)));
    return give(f, value, out);
}

static enum step step_behind(struct trail_framer *f, struct trail_record *out)
{
    const char *p = here(f) + f->size;
    size_t n = left(f) - f->size;
    switch (f->n_places ? follows_element(p, n, f->over) : follows_value(p, n, f->over)) {
    case UNKNOWN: return MORE;
    case FITS_NOT: return reject_invalid(f, TRAIL_JSON_TRAILING, f->size);
    default: break;
    }
    remember_first_key(f);
    if (f->shape == TRAIL_SHAPE_CONTROL) {
        f->at += f->size;
        return settle(f);
    }
    if (carried(f) != TRAIL_CARRY_RECORD)
        return give_member(f, out);
    struct trail_slice object = {here(f), f->size};
    if (f->shape == TRAIL_SHAPE_WRAPPER)
        object = trail_unwrap((struct trail_slice){here(f) + f->walk.inner, f->walk.n_inner});
    else if (f->indexed && f->index.plain)
        out->index = &f->index;
    out->offset = offset_of(f, (size_t)(object.p - here(f)));
    return give(f, object, out);
}

/* ---- the machine ---- */

static enum step step(struct trail_framer *f, struct trail_record *out)
{
    switch (f->state) {
    case BETWEEN: return step_between(f, out);
    case MEMBERS: return step_members(f);
    case PASSING: return step_passing(f);
    case OBJECT: return step_object(f);
    case WALKING: return step_walking(f);
    case CHECKING: return step_checking(f);
    case BEHIND: return step_behind(f, out);
    case SKIPPING: return step_skipping(f);
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
    size_t limit = limit_of(f), n = left(f) < limit ? left(f) : limit, at;
    f->held = true;
    if (f->state != CHECKING || !f->skimming)
        return;
    enum trail_json_error error = trail_json_value(here(f), n, &at);
    if (error != TRAIL_JSON_OK && error != TRAIL_JSON_TRUNCATED)
        reject_invalid(f, error, at);
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

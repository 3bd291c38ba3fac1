/*
 * inside.h - the framer from within: its state, and the steps of the machine that frame.c describes.
 *
 * A step looks at the window from `at` on, and says how to go on. Whoever enters or leaves a place, or has
 * passed a value, ends with framer_settle.
 */
#ifndef TRAIL_FRAME_INSIDE_H
#define TRAIL_FRAME_INSIDE_H

#include "frame.h"
#include "resync.h"
#include "shape.h"
#include "trail/index.h"
#include "trail/json.h"
#include "trail/kernel.h"

#define MAX_BLANKS 4096

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
    bool foreign;                        /* it is no key of CloudTrail's */
    bool inherited;                      /* that key is the one of the stand it began with */
    bool asked;                          /* and was wanted */

    /* the sieve */
    struct trail_sieve *sieve; /* or NULL */
    bool whole;                /* the record at `at` goes the long way */
    size_t tried;              /* so many bytes of it do not tell how it ends; 0: none have been sieved */
    bool damage_waits;         /* behind the window, until the machine has come there */
    const uint64_t *possible;  /* of the record that goes the long way: which alerts may want it; NULL: any */

    char *text; /* a record that was text in another */
    size_t text_room;
};

enum step { AGAIN, MORE, GIVE, REJECT, STOP, NO_MEMORY };

enum verdict { FITS, FITS_NOT, UNKNOWN };

static inline const char *here(const struct trail_framer *f)
{
    return f->window->p + f->at;
}

static inline size_t left(const struct trail_framer *f)
{
    return f->window->n - f->at;
}

static inline uint64_t offset_of(const struct trail_framer *f, size_t from_here)
{
    return f->window->offset + f->at + from_here;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static inline bool is_space(char c)
{
    return is_blank(c) || c == '\n';
}

/* Whether the object at `at` begins as the last valid one did, or as most do. */
static inline bool begins_alike(const struct trail_framer *f)
{
    return f->n_start > 0 && left(f) > f->n_start && !is_space(here(f)[f->n_start]) &&
           trail_same(here(f), f->start, f->n_start);
}

static inline struct trail_place *place(struct trail_framer *f)
{
    return f->n_places ? &f->places[f->n_places - 1] : NULL;
}

static inline bool in_array(const struct trail_framer *f)
{
    return f->n_places && f->places[f->n_places - 1].array;
}

static inline enum trail_carry carried(const struct trail_framer *f)
{
    return in_array(f) ? f->places[f->n_places - 1].carry : TRAIL_CARRY_RECORD;
}

/* frame.c */
void framer_make_start(struct trail_framer *f);

/* places.c */
enum step framer_settle(struct trail_framer *f);
void framer_keep_places(struct trail_framer *f, size_t n);
bool framer_is_new_place(const struct trail_framer *f);
bool framer_enter(struct trail_framer *f, bool array, enum trail_carry carry);
enum step framer_leave(struct trail_framer *f);
enum step framer_step_members(struct trail_framer *f);
enum step framer_step_passing(struct trail_framer *f);

/* reject.c */
enum step framer_reject_for(struct trail_framer *f, const char *reason);
enum step framer_reject_long(struct trail_framer *f, size_t limit);
enum step framer_reject_invalid(struct trail_framer *f, enum trail_json_error error, size_t at);
enum step framer_reject_truncated(struct trail_framer *f);
enum step framer_step_skipping(struct trail_framer *f);

/* between.c */
void framer_pass_white(struct trail_framer *f);
enum step framer_step_between(struct trail_framer *f, struct trail_record *out);

/* sieved.c */
enum step framer_step_sieve(struct trail_framer *f, struct trail_record *out);

/* object.c */
size_t framer_limit(const struct trail_framer *f);
enum step framer_step_object(struct trail_framer *f);
enum step framer_step_walking(struct trail_framer *f);
enum step framer_step_checking(struct trail_framer *f);

/* behind.c */
enum step framer_step_behind(struct trail_framer *f, struct trail_record *out);

#endif

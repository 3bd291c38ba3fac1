/*
 * frame.h - from an input's bytes to records: each one JSON object's text.
 *
 * What is recognised, by content. An input may mix them; values follow each other with or without white
 * space, a byte order mark or CRLF between them, on one line or printed over many.
 *
 *   a record              an object with none of the marks below: itself
 *   an array              [: each element, unwrapped again
 *   a trail's S3 file     "Records", an array of objects: each element, unwrapped again
 *   lookup-events answer  "Events", an array whose first element has "CloudTrailEvent": the text or object
 *                         of each element's "CloudTrailEvent"
 *   CloudWatch Logs data  "logEvents", an array, behind "messageType":"DATA_MESSAGE", or with "id",
 *                         "timestamp" and "message" in its first element: the text or object of each
 *                         element's "message". With "messageType":"CONTROL_MESSAGE": no record
 *   filter-log-events     "events", an array and the first key, whose first element has "message",
 *                         "timestamp" and "ingestionTime" or "eventId": as CloudWatch Logs data
 *   EventBridge event     "detail-type" and "source", texts, and "detail", an object: "detail", unwrapped again
 *   Elasticsearch hit     "_source", an object, and "_index" or "_id", a text: "_source", unwrapped again
 *   Elasticsearch answer  "hits", an object with "hits", an array whose first element has "_source": each
 *                         element, unwrapped again
 *
 * Keys are the root's, compared byte by byte. An object is a record, whatever else it holds, as soon as a key
 * of CloudTrail's own comes by (eventVersion, userIdentity, …) or the fifth key that no form above has; so a
 * plain record costs a look at its first key, and the same bytes are framed alike wherever they stand. Arrays
 * above are streamed: they may be of any length. What they stand in is not checked and not a record; an empty
 * array holds none.
 *
 * A record of more than TRAIL_MAX_RECORD bytes, one that is not valid JSON or no object is rejected, and
 * framing goes on behind it. At top level that is the next line (for a value that had spread over lines: the
 * next line that begins as its first one did) or the next value on the same line. In an array it is found by
 * quotes and brackets; where these are what is damaged, by a brace and the first key of the records before,
 * or eventVersion, or by lines that begin with a brace and a key. One damaged byte costs the record it is in:
 * in lines no other one, in an array seldom the one beside it. A line that opens more than it closes costs
 * itself, and in an array that had begun well one line more; arrays right in each other are entered four
 * deep, and a line with more is such a one. Every byte that is neither white space nor of a form's wrapping
 * is part of exactly one record, accepted or rejected.
 *
 * With a sieve (trail_framer_sieve) records that no alert can want are passed without the check; of damage
 * that the sieve does not see nothing is said then.
 *
 * The same bytes give the same results in the same order, in whatever pieces they come. (A damaged gzip stream
 * may give other bytes each time between its damage and the place where that shows.)
 */
#ifndef TRAIL_FRAME_H
#define TRAIL_FRAME_H

#include "read/read.h"
#include "shape.h"

struct trail_index;
struct trail_sieve;
struct trail_framer;

enum trail_frame {
    TRAIL_FRAME_RECORD,   /* p, n: an object that trail_json_check accepts, unless it is `sieved` */
    TRAIL_FRAME_REJECTED, /* reason; counted as a record */
    TRAIL_FRAME_DAMAGED, /* reason: trouble with the input, no record; the scan goes on or comes to its end */
    TRAIL_FRAME_NEED_MORE, /* pushed input: push, then call again */
    TRAIL_FRAME_END,
    TRAIL_FRAME_STOPPED, /* at the place of trail_framer_stop_at */
    TRAIL_FRAME_NO_MEMORY,
};

/* All of it is borrowed, and valid until the next call with the same framer. */
struct trail_record {
    const char *p; /* TRAIL_PADDING readable bytes behind it; NULL unless RECORD */
    size_t n;
    const struct trail_index *index; /* of its members, where the check has made one; or NULL */
    uint64_t number; /* counts from 1 within the input, rejected ones included; 0 for DAMAGED */
    uint64_t offset; /* of its first byte in the inflated input; of the text's first byte for a record inside
                        a string */
    bool sieved;     /* RECORD: no alert wants it, and it was judged by the sieve alone: see sieve.h */
    struct trail_slice time;  /* sieved: the raw JSON value of its time; n 0: none */
    const uint64_t *possible; /* not sieved: a bit for each alert that may want it; NULL: any may. It is
                                 the sieve's, and valid until that judges another record */
    uint64_t size;            /* REJECTED: how many bytes of the input were left out for it */
    const char *reason; /* "not JSON: a control character in a string, at byte 1207"; safe to print; NULL for
                           RECORD */
};

/* Borrows the reader. NULL: no memory. */
struct trail_framer *trail_framer_new(struct trail_reader *);
void trail_framer_free(struct trail_framer *);

/* Leaves out of the check what the sieve judges; borrowed. NULL: nothing, as at first. */
void trail_framer_sieve(struct trail_framer *, struct trail_sieve *);

/* Starts over: call it after each trail_reader_open or trail_reader_open_push. */
void trail_framer_start(struct trail_framer *);

/*
 * Where a framer stands between two values: all that the bytes before can do to those behind. A framer that
 * is started at an offset with the stand that another came to there, over the same bytes, goes on as that one
 * would; but it counts records from 1 again.
 */
#define TRAIL_MAX_PLACES    8
#define TRAIL_MAX_FIRST_KEY 64

struct trail_place {
    bool array;
    enum trail_carry carry; /* of an array; of an object: of the last list in it */
};

struct trail_stand {
    struct trail_place places[TRAIL_MAX_PLACES]; /* arrays and objects that wrap records, outermost first */
    size_t n_places;
    size_t old_places;                   /* how many of them began on a line before this one */
    bool line_gave;                      /* this line has had a record */
    size_t indent;                       /* blanks since the line began, at top level */
    bool told;                           /* that the input ended too early */
    char first_key[TRAIL_MAX_FIRST_KEY]; /* of the last valid object */
    size_t n_first_key;
};

/* Starts over with a stand; zeroes are the beginning of an input. The innermost place is an array, or there
 * is none. */
void trail_framer_start_at(struct trail_framer *, const struct trail_stand *);

/* Makes trail_frame_next answer STOPPED between two values, when the next byte that is no white space is the
 * one at this offset; UINT64_MAX: nowhere. */
void trail_framer_stop_at(struct trail_framer *, uint64_t offset);

/* The stand of a framer that has stopped. */
struct trail_stand trail_framer_stand(const struct trail_framer *);

/* Whether everything that was passed ends between two values, or before one that has not been given yet: then a
 * framer that is started at *offset with *stand, and gets the bytes from there on, goes on as this one. */
bool trail_framer_rests(const struct trail_framer *, struct trail_stand *stand, uint64_t *offset);

/* Behind a record, given or rejected: whether a framer can be started there, and where that is. Not where the
 * input ended within a record: more may come. */
bool trail_framer_behind(const struct trail_framer *, struct trail_stand *stand, uint64_t *offset);

/* Whether a framer that was started with a guess has done so far, and will do, what it would have done from
 * the true stand. */
bool trail_framer_guessed_well(const struct trail_framer *, const struct trail_stand *guess,
                               const struct trail_stand *truth);

/* Allocates only where a record is longer than all before it. */
enum trail_frame trail_frame_next(struct trail_framer *, struct trail_record *);

#endif

/*
 * trail.h - libtrail: scan logs with a compiled pack, from a program of your own.
 *
 *     extern const struct trail_pack cloudtrail_ten_pack;
 *
 *     struct trail_options options = {.on_alert = print_alert, .user = stdout};
 *     struct trail *t = trail_new(&cloudtrail_ten_pack, &options);
 *     trail_scan(t, "logs/", NULL);          a file, a directory tree or "-"; or bytes: trail_feed()
 *     trail_finish(t);                       decides what is still open
 *     trail_free(t);
 *
 * Callbacks run on the thread that calls trail_scan, trail_feed(_begin) and trail_finish, in a deterministic
 * order, and borrow what they get: copy what you keep. Nothing here exits, prints, or keeps
 * global state. One struct trail is used by one thread at a time; it starts its own workers.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z.
 */
#ifndef TRAIL_H
#define TRAIL_H

#include <stdio.h>

#include "json.h"
#include "pack.h"

enum trail_status {
    TRAIL_OK,
    TRAIL_DAMAGED, /* some input was damaged or unreadable; each place was reported, the rest was scanned. Or
                      counts may be too low, see `early`, `lost` and `forgotten` of the stats; that was
                      reported, too */
    TRAIL_ABI_MISMATCH,
    TRAIL_NO_MEMORY,
    TRAIL_INVALID, /* an option or argument makes no sense; the message says which */
};

#define TRAIL_NO_TIME INT64_MIN

struct trail;

/* Where a record was. `record` counts from 1 within the input, rejected ones included. */
struct trail_source {
    const char *path;        /* "-" is standard input */
    const char *application; /* the label that the input was given; NULL: none */
    uint64_t record;
    uint64_t offset; /* of its first byte, in inflated bytes */
};

/* An event that meets an alert's filter. */
struct trail_hit {
    const struct trail_alert *alert;
    int64_t time; /* TRAIL_NO_TIME: none, or not a time */
    struct trail_source source;
    struct trail_slice event_id; /* text, escapes undone; n 0: none */
    struct trail_slice event;    /* the record's JSON text, as in the log */
};

enum trail_state { TRAIL_FIRING, TRAIL_RESOLVED };

/* What is usual for a count. */
struct trail_usual {
    double expected, low, high; /* the band: 0 <= low <= expected <= high */
};

/* A notification. All texts are JSON as trail_json_rewrite() makes it, or plain texts of the pack's. */
struct trail_fired {
    const struct trail_alert *alert; /* of the pack, or that of groups_limit */
    enum trail_state state;
    unsigned priority;
    const char *reason;              /* "101 in 10m, more than 100" */
    struct trail_slice group;        /* JSON object: {"userIdentity.userName":"alice"}, {} without group_by */
    uint64_t count;                  /* events in the window; 1 for `immediately` */
    uint64_t held_back;              /* notifications that notify_every held back since the last one */
    int64_t time;                    /* when it was decided, in event time */
    int64_t window_from, window_to;  /* (from, to]; TRAIL_NO_TIME for `immediately` */
    int64_t first_event, last_event; /* TRAIL_NO_TIME: no event (silence) */
    struct trail_slice breakdown;    /* JSON object: {"sourceIPAddress":{"198.51.100.7":101}} */
    struct trail_slice fields;       /* JSON object: field -> value; or the whole event */
    struct trail_slice event;     /* with options.events: the newest event that counted, as JSON; n 0: none */
    struct trail_slice event_ids; /* JSON array of strings: the newest, at most 10 */
    const char *dedup_key;        /* 32 hexadecimal digits: stable for the same firing */
    struct trail_source source;   /* of the deciding event; path NULL for silence */
    const struct trail_usual *usual; /* of `more` and `less than usual`, where it is known; else NULL */
};

/* Of one alert: matching events, duplicates left out (but see `duplicates` below); notifications that it
 * fires, repeats among them, but not those that it is resolved. */
struct trail_counts {
    uint64_t hits, fired;
    bool
        undecided; /* its silence, or that of some of its groups, has no answer, or what is usual is not known yet:
                       on_problem was told why */
};

/*
 * records = matched + unmatched + rejected. Part of matched are late, duplicates, undated (no readable time)
 * and future (dated more than 5m past the clock): late, undated and future events are in no count.
 * An alert that asks whether there are events at all ("less than 1", "at most 0"), without group_by, counts its
 * hits with their duplicates, which make no difference to it: they are in its `hits`, and an event that only
 * such alerts want is never in `duplicates`. Where on_hit lists every hit, they are looked for there, too.
 * Of hits (an event that meets three alerts is three) whose turn to be counted had not come when the room for
 * those that wait was full (see `waiting` below): `early` were counted before their turn, so what came after
 * them was late; `lost` could not be read back, and were not counted. Both are 0 unless the temporary file
 * fails.
 */
struct trail_stats {
    uint64_t inputs, bytes /* inflated */, records, matched, unmatched, rejected, late, duplicates, undated,
        future;
    uint64_t early, lost;
    uint64_t forgotten; /* groups for which there was no memory, see groups_limit */
    uint64_t stored; /* with trail_options.total: bytes of files as they are stored, compressed or not, that
                           have been read */
    uint64_t total;  /* and how many of them there are in all; 0: not known */
    uint64_t
        unlearnt; /* groups for which what is usual was forgotten: it is known of 10,000 for each condition */
};

/* A record, while a thread has it. */
struct trail_seen {
    struct trail_slice event; /* its JSON text, as in the log: an object, checked to its last byte */
    int64_t time;             /* TRAIL_NO_TIME: none, or not a time */
    const uint64_t *hits; /* a bit for each alert of the pack whose filter and labels it meets: bit i % 64 of
                                 hits[i / 64] */
};

/*
 * For those who want to know of every record, whether an alert wants it or not: what is to be known is found
 * on the threads that read, and taken in order on the caller's.
 */
struct trail_records {
    /* Adds to the text what is to be known of the record. On any thread, several at once; a record may come
     * twice of which one is taken, so it must change nothing. */
    void (*summarize)(void *user, const struct trail_seen *, struct trail_text *);
    /* Takes that text. In the order of the inputs; since and until hold. */
    void (*take)(void *user, const struct trail_source *, int64_t time, struct trail_slice summary);
};

struct trail_keeper; /* of the scanner's state: runtime/engine/keeper.h */

/* Zero means the default everywhere. */
struct trail_options {
    void (*on_hit)(void *user, const struct trail_hit *);
    void (*on_alert)(void *user, const struct trail_fired *);
    /* Each event that a counting alert counts, when its turn has come: in the order of their times, duplicates
     * left out, once for each group. Not for alerts that only ask whether there are events ("less than 1"). */
    void (*on_count)(void *user, const struct trail_alert *, struct trail_slice group, int64_t time);
    /* `n` records are dated in [minute, minute + 60 s). `alert` NULL: of all, whether an alert wants them or not;
     * else of those that meet an alert which on_count leaves out, and belong to the group. As pieces of input are
     * taken, in no order of time, a minute any number of times; late ones and duplicates, too. Not those outside
     * [since, until), without a time or dated past the clock. */
    void (*on_records)(void *user, const struct trail_alert *alert, struct trail_slice group, int64_t minute,
                       uint64_t n);
    void (*on_problem)(void *user,
                       const char *message); /* one line: what, file, offset; safe for a terminal */
    void (*on_progress)(void *user,
                        const struct trail_stats *); /* after each piece of input: up to a few MiB */
    void *user;
    unsigned threads; /* default: all processors */
    int64_t now;      /* the clock of a replay; default: the newest event read */
    int64_t lateness; /* default 15m; -1: none */
    int64_t since,
        until;      /* events with a time outside [since, until) are left out: they count as unmatched */
    bool events;    /* notifications carry the whole event, too; not with a keeper */
    size_t waiting; /* bytes of memory for hits that wait for their turn to be counted; default 64 MiB. Beyond
                       it they wait in temporary files without a name in $TMPDIR, or /tmp */
    const struct trail_keeper *keeper; /* what outlives the scan; NULL: nothing does */

    /*
     * Bytes of memory for the groups of alerts that count, about; default 512 MiB, some two million groups.
     * When they take more, an eighth of it is made free: groups furthest from firing are forgotten first
     * (fewest events against the threshold, then the oldest), those that fire last. Which they are depends on
     * the events alone. That it happened is an alert of its own: on_alert gets one whose alert has the id
     * "trail.memory" and is not of the pack's list, priority 2, `count` groups, and as breakdown how many of
     * which alert's ({"alert":{"login-failures":4711}}); again while it goes on, once in 10m of the log's
     * time, and at the end. Texts that events share are reckoned once for each.
     */
    size_t groups_limit;
    const struct trail_records
        *records; /* every record is checked, as by `strict`, and summarized. With neither
                                            on_alert nor on_hit nor on_count alerts count nothing: trail_counts()
                                            stays 0, and nothing waits. NULL: nobody asks */
    bool total; /* look how long the files are before they are read, so that stats.total is known, where none
                    is a pipe */

    /*
     * For alerts that ask for what is usual. `baseline`: a file of `sentry learn`, whose baselines they begin
     * with; NULL: they learn from the log alone. They learn on from it, unless `frozen`. Where the keeper
     * knows an alert, what it has learnt goes on, and the file is not asked.
     */
    const char *baseline;
    bool frozen;

    bool strict; /* check every byte of every record. Without it, a record that no alert can want is done with
                    when its strings end as they should, as many brackets close as open and it holds no
                    control character: which bracket closes which, how deep they lie, whether commas and
                    colons stand where they should, and how numbers and words are spelled, is not looked
                    at. Such a record is unmatched where strict says rejected; its time counts. Hits are the
                    same */
};

/* The labels of an input; n 0: none given. */
struct trail_input_labels {
    struct trail_slice application, subsystem;
};

/* *status (may be NULL) says why it returned NULL. Borrows the pack; copies the options. */
struct trail *trail_new(const struct trail_pack *, const struct trail_options *, enum trail_status *);

/*
 * Scans inputs in order. labels may be NULL. A path that cannot be read is reported; the rest is scanned.
 *
 * Several calls are one replay, and time goes on from call to call: what a later call brings is late when it
 * is dated more than the lateness before the newest event of an earlier one. Inputs whose times overlap
 * belong into one trail_scan_all().
 */
enum trail_status trail_scan(struct trail *, const char *path, const struct trail_input_labels *);
/* All at once, so that files of several inputs spread over the threads; labels[i] belongs to paths[i]; labels
 * may be NULL. */
enum trail_status trail_scan_all(struct trail *, size_t n, const char *const *paths,
                                 const struct trail_input_labels *labels);

/*
 * Bytes from anywhere, in pieces of any size, as one input; n 0 ends it. What a piece completes is reported
 * before the call returns. An input that is being fed holds time back like a file that is being read.
 */
enum trail_status trail_feed(struct trail *, const char *p, size_t n);

/*
 * Says what the input is whose bytes come with the next trail_feed(); one that is still open is ended first.
 * `name` stands where a file's path would: in messages, hits and alerts; NULL is "-", standard input. Labels
 * are as for trail_scan(), and silence with `applications` needs them. Both are copied. Without this call
 * trail_feed() begins an input by the name of "-" and without labels.
 *
 *     struct trail_input_labels labels = {.application = {"prod-trail", 10}};
 *     trail_feed_begin(t, "s3://logs/one.json.gz", &labels);
 *     trail_feed(t, bytes, n);
 *     trail_feed(t, NULL, 0);
 */
enum trail_status trail_feed_begin(struct trail *, const char *name, const struct trail_input_labels *);

/* For callbacks: the running call returns soon and with what it has, later ones do nothing. */
void trail_stop(struct trail *);

/* Decides what waits: windows up to the clock, silence. Call once, last. */
enum trail_status trail_finish(struct trail *);

void trail_stats(const struct trail *, struct trail_stats *);

/* From when to when is decided: the earliest event that was read (or --since), and the end (trail_finish). Both
 * TRAIL_NO_TIME: no event had a time. */
void trail_times(const struct trail *, int64_t *from, int64_t *to);
struct trail_counts trail_counts(const struct trail *, size_t alert);
void trail_free(struct trail *);

/* Text forms of what callbacks get: one line of JSON, or lines for a terminal (colour: with ANSI colours). */
void trail_fired_json(const struct trail_pack *, const struct trail_fired *, struct trail_text *);
void trail_fired_text(const struct trail_pack *, const struct trail_fired *, struct trail_text *,
                      bool colour);
void trail_hit_json(const struct trail_hit *, bool with_event, struct trail_text *);
void trail_hit_text(const struct trail_hit *, bool with_event, struct trail_text *, bool colour);

/* A whole scanner's command line (what `trailc build` links); returns the exit code. */
int trail_main(const struct trail_pack *, int argc, char **argv);

#endif

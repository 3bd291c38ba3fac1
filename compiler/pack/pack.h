/*
 * pack.h - the pack: what the rule files say, every key checked, every text with its place.
 */
#ifndef PACK_PACK_H
#define PACK_PACK_H

#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/intern.h"
#include "filter/node.h"
struct zone;

enum schema { SCHEMA_CLOUDTRAIL, SCHEMA_NONE };

/* A named list: `lists:` of the pack's header. */
struct list {
    struct slice name;
    struct loc loc;
    bool broken; /* what is wrong with it was said */
    size_t n;
    struct text *values;
};

enum when_kind {
    WHEN_IMMEDIATELY,
    WHEN_MORE_THAN, /* number > n */
    WHEN_AT_LEAST,
    WHEN_LESS_THAN, /* silence */
    WHEN_AT_MOST,
    WHEN_MORE_THAN_USUAL, /* the count leaves what is usual for it */
    WHEN_LESS_THAN_USUAL,
    /* in the language, not yet in the runtime: E008 */
    WHEN_DISTINCT,
    WHEN_NEW,
    WHEN_RATIO,
    WHEN_RELATIVE,
    WHEN_SEQUENCE,
};

/* One condition, as when.y reads it. */
struct when {
    enum when_kind kind;
    uint64_t n;
    int64_t span;      /* D in milliseconds */
    uint32_t margin;   /* of usual: P in thousandths of a percent; n is its N */
    unsigned priority; /* 1…5; the alert's own unless the list of conditions says otherwise */
    struct text text;  /* as written */
};

/* One entry of `active`. Minutes of the local day; from > to passes midnight and belongs to the day it starts
 * on. */
struct hours {
    unsigned days;     /* bit 0 Monday … bit 6 Sunday */
    unsigned from, to; /* 0…1440; from == to is the whole day */
    struct zone *zone;
};

/* A label pattern of `applications` or `subsystems`: `*` and `?` are wildcards. */
struct label {
    bool exclude; /* from `not:` */
    struct slice pattern;
};

/* One entry of `tests`. Events are JSON texts. */
struct expectation {
    struct slice time;  /* RFC 3339, n 0: any */
    struct slice group; /* JSON object or plain value, n 0: any */
    int64_t count;      /* -1: any */
};

struct test {
    struct slice name;
    struct loc loc;
    size_t n_events;
    struct slice *events; /* JSON texts of one event each */
    struct slice file;    /* or a file, beside the rule file, absolute or relative to the working directory */
    struct slice application, subsystem, now; /* n 0: not given */
    enum { TEST_FIRES, TEST_SILENT, TEST_COUNT, TEST_LIST } kind;
    uint64_t count; /* TEST_COUNT */
    size_t n_expected;
    struct expectation *expected; /* TEST_LIST */
};

struct alert {
    struct slice name;
    struct loc loc;      /* of the name */
    struct slice id;     /* slug: [a-z0-9-]+, unique in the pack; `id:` or made of the name */
    struct slice symbol; /* the same as a C identifier, unique: new_admin */
    struct slice description;
    unsigned priority; /* 1…5 */
    struct text filter;
    size_t n_when;
    struct when *when;
    size_t n_group_by, n_breakdown, n_show; /* show: 0 is the whole event */
    struct path **group_by, **breakdown, **show;
    size_t n_active;
    struct hours *active;
    size_t n_applications, n_subsystems;
    struct label *applications, *subsystems;
    size_t n_notify, n_tags;
    struct slice *notify, *tags;
    int64_t notify_every; /* ms; 0: not given */
    bool notify_resolved;
    int64_t retire; /* ms; default 24h */
    size_t n_tests;
    struct test *tests;

    struct node *tree; /* parse, check */
    struct expr *expr; /* lower */
};

struct pack {
    struct slice name, version;
    enum schema schema;
    struct path *time, *event_id;         /* never NULL */
    struct path *application, *subsystem; /* NULL: labels come from the input alone */
    size_t n_lists;
    struct list *lists;
    size_t n_alerts;
    struct alert *alerts; /* in the order of their files' names, then of the documents */
    struct slice hash;    /* hexadecimal SHA-256 … of all that decides a verdict or a notification */
};

/* pack.c. Reads a file, or all *.yaml, *.yml and *.json of a directory. Guarantees: a pack whose every key
 * was checked, or errors. */
bool pack_load(struct compile *, const char *path);
/* The pack that a file is in, with `text` in place of the file: its directory, or the text alone where the name is no
 * rule file's. Borrows both. */
bool pack_load_edited(struct compile *, const char *name, struct slice text);
/* The same for one file's text, in memory: for tests and the fuzzer. Borrows both. */
bool pack_load_text(struct compile *, const char *name, struct slice text);
/* hash.c. Of what decides the alert's verdicts, lists and breakdown included: a state of the same hash can be
 * resumed. Hexadecimal. */
struct slice alert_hash(struct compile *, const struct alert *);
/* schema.c: the JSON Schema of a rule file, from the same table of keys that pack.c checks by. */
void schema_print(FILE *);
/* condition.c. Parses one condition, but for its priority; says E007, E008. */
bool when_parse(struct compile *, const struct text *, struct when *out);
/* condition.c. `10 minutes`: the duration that is meant; n 0: none. */
struct slice duration_meant(struct compile *, struct slice);
/* duration.c. `90s`, `10m`, `36h`, `7d`, `1h30m`; milliseconds, or -1: none, 0, or over ten years. */
int64_t duration_parse(struct slice);
/* fix.c. The fix in bytes of the file and in YAML's spelling (`inside` is false then), if it can be made: with it, the
 * file is YAML, and the filter has fewer faults. */
bool fix_resolve(struct compile *, const struct diag *, struct fix *out);

/* A field that a filter or a key of a rule file names. */
struct named_path {
    const char *key; /* `show`; NULL: a filter */
    enum view view;  /* in a filter */
    struct path *path;
    bool as_is; /* its author says that it is named so: the catalogue is not asked */
    struct loc loc;
};

#endif

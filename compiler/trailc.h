/*
 * trailc.h - the compiler's one internal header.
 *
 * A pack of rules goes through the passes in the order that main.c calls them:
 *
 *   pack   YAML           -> struct pack     alerts, lists, channels named, texts with places
 *   parse  filter, when   -> struct node     trees, straight from the grammar (lex.re, filter.y)
 *   check  struct node    -> the same        resolved and typed; every E1xx and W2xx is said here
 *   recognise                -> the same     names held against CloudTrail's: E120, W204, W206, W207
 *   lower  struct node    -> struct expr     Boolean expressions over the pack's predicates
 *   limits struct expr    -> the same        what is too much for one field: E112
 *   logic  struct expr    -> the same        W205: what is always so, never so, or said twice
 *   plan   struct expr    -> struct plan     fields as a tree of keys, discriminators, residuals
 *   emit   struct plan    -> C and re2c text, in memory
 *   build  C, re2c text   -> a scanner       re2c, cc and the runtime's library
 *
 * Beside them: arena (memory), diag (messages), regex (languages of strings), zone (time zones).
 *
 * All state hangs from one struct compile, passed first everywhere. Memory comes from its arena and
 * is never freed piecemeal. Functions that can meet bad input report through diag() and return
 * false or NULL; only main.c prints and exits.
 */
#ifndef TRAILC_H
#define TRAILC_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "trail/limits.h"

struct compile;

/* ---- arena.c: memory that lives as long as the compile ------------------------------------- */

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *);
void *arena_alloc(struct arena *, size_t size); /* zeroed, aligned for any type; never NULL */

#define NEW(c, type)          ((type *)arena_alloc((c)->arena, sizeof(type)))
#define NEW_ARRAY(c, type, n) ((type *)arena_alloc((c)->arena, sizeof(type) * (n)))

/* Bytes with a length. Not terminated unless a function says so. */
struct slice {
    const char *p;
    size_t n;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

struct slice slice_of(const char *text);                          /* borrows a C string */
struct slice slice_copy(struct compile *, const char *p, size_t); /* in the arena, NUL-terminated */
bool slice_eq(struct slice, struct slice);
int slice_cmp(struct slice, struct slice); /* by byte order, a prefix first */

/* A text that grows, in the arena. Zero-initialise, set c. */
struct buffer {
    struct compile *c;
    char *p; /* NUL-terminated once anything was added */
    size_t n, room;
};

void buffer_add(struct buffer *, const char *p, size_t n);
void buffer_char(struct buffer *, char);
void buffer_text(struct buffer *, const char *text);
void buffer_printf(struct buffer *, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct slice buffer_slice(const struct buffer *);

/* Appends room for one element to an arena-held array and returns it, zeroed. */
#define PUSH(c, array, n) (array_push((c), (void **)&(array), &(n), sizeof *(array)), &(array)[(n)-1])
void array_push(struct compile *, void **array, size_t *n, size_t size);

/* ---- map.c: values by text ----------------------------------------------------------------------- */

struct map_slot {
    bool used;
    uint64_t hash;
    struct slice key;
    void *value;
};

/* Zero-initialise. In the arena; borrows the keys. */
struct map {
    size_t n, room;
    struct map_slot *slots;
};

/* The place of the key's value, NULL at first; it moves with the next key that is added. */
void **map_at(struct compile *, struct map *, struct slice key);
void *map_get(const struct map *, struct slice key); /* NULL: none */

/* ---- diag.c: places, and what is said about them -------------------------------------------- */

/* One file that was read. */
struct source {
    const char *name; /* as the user named it */
    struct slice text;
};

/* A range of bytes in a source: what a caret points at. */
struct loc {
    uint32_t source; /* index in compile.sources; NOWHERE when the message has no place */
    uint32_t at;     /* byte offset */
    uint32_t n;      /* length in bytes; 0 is drawn as one caret */
};

#define NOWHERE UINT32_MAX

/*
 * A string taken out of a source (a YAML scalar), with the way back: byte i of s was written at
 * offset at[i] of the source; at[s.n] is its end. So the place of a filter's token is exact even in
 * a folded or an escaped scalar.
 */
struct text {
    struct slice s;
    uint32_t source;
    const uint32_t *at;
};

struct loc text_loc(const struct text *, size_t from, size_t to); /* bytes [from, to) of s */

/*
 * Codes: E0xx the rule file, E1xx the filter, W2xx filters that work but may not mean what they say.
 * The meaning of each is listed in trailc-rules(5).
 */
enum code {
    E001 = 1,   /* not YAML, or unreadable */
    E002,       /* unknown key */
    E003,       /* duplicate key */
    E004,       /* ill-typed or invalid value */
    E005,       /* a key that must be there is not */
    E006,       /* two alerts of one name */
    E007,       /* condition: not one that we know, or a bad number or duration in it */
    E008,       /* condition that the language has and the runtime cannot run yet */
    E009,       /* time zone, weekday or hour */
    E010,       /* --strict: an alert without description or tests */
    E101 = 101, /* AND and OR mixed without parentheses */
    E102,       /* a OR NOT b */
    E103,       /* two clauses and no operator */
    E104,       /* no value */
    E105,       /* unbalanced, empty, or an operator without operand */
    E106,       /* and, or, not in lower case */
    E107,       /* unescaped : or / in a value; = and the like where : is meant */
    E108,       /* can never match */
    E109,       /* no DFA has this, or Lucene reads it as an operator */
    E110,       /* DFA over the limit */
    E111,       /* fuzzy, proximity, boost */
    E112,       /* unknown list, view that does not fit, bad number or address */
    E120 = 120, /* a field that no CloudTrail record has */
    W201 = 201, /* a word of several tokens, read as a phrase */
    W202,       /* capitals in a text regex */
    W203,       /* \d \w \s */
    W204,       /* eventName or eventSource: nothing that AWS has */
    W205,       /* always true, always false, or contained in another alert */
    W206,       /* numeric bounds on a field of text */
    W207,       /* a request parameter that the API has not */
};

/*
 * A change that does what a message says. Passes say it as they see it; fix_resolve() makes bytes of a file of it.
 */
struct fix {
    struct loc loc;    /* what is replaced; source is NOWHERE when there is no fix */
    struct slice text; /* by this */
    bool inside;       /* loc and text are of a scalar's value: its quotes are not in them */
    bool certain;      /* nothing else can have been meant; else a person should look */
};

struct diag {
    enum code code;
    struct loc loc;
    struct slice message; /* one line, no final stop */
    struct slice rewrite; /* what to write instead; n is 0 when there is none */
    struct slice note;    /* a second line of explanation; n is 0 when there is none */
    struct fix fix;       /* the rewrite, where it is clear what it replaces */
};

bool code_is_error(enum code);

/* Sets the fix: bytes [from, to) of the text become `by`. For one with a rewrite only: else there is none. */
void diag_fix(struct diag *, const struct text *, size_t from, size_t to, struct slice by, bool certain);
/* The same for a place of the source, in YAML's spelling. */
void diag_fix_source(struct diag *, struct loc, struct slice by, bool certain);

/* Adds a message; returns it so that rewrite and note can be set. */
struct diag *diag(struct compile *, enum code, struct loc, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct slice diag_format(struct compile *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Errors said so far (warnings count with compile.werror). A pass that ends with more stops the compile. */
size_t diag_errors(const struct compile *);

/* Prints all, sorted by place: `file:line:col: error[E101]: message`, the line, carets, rewrite. At most 20
 * errors. */
void diag_print(struct compile *, FILE *, bool colour);
/* One JSON document of the diagnostics of some packs: trailc(1) has its shape. */
void diag_print_json_all(size_t n, struct compile *const *, FILE *);
void diag_print_json(struct compile *, FILE *);
/* fix.c. The fix in bytes of the file and in YAML's spelling (`inside` is false then), if it can be made: with it, the
 * file is YAML, and the filter has fewer faults. */
bool fix_resolve(struct compile *, const struct diag *, struct fix *out);

/* ---- the pack ------------------------------------------------------------------------------ */

enum schema { SCHEMA_CLOUDTRAIL, SCHEMA_NONE };

/* A dotted path, split: {"requestParameters", "groupName"}. Interned: equal paths are one pointer. */
struct path {
    struct slice name; /* joined with '.', as diagnostics and output show it */
    size_t n;
    struct slice *keys;
    unsigned id; /* 0, 1, … in the order of first use in the pack */
};

/* intern.c. The whole text is the path; a backslash before a key's first letter is dropped (`a.\json`). */
struct path *path_intern(struct compile *, struct slice name);

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

/* zone.c: a time zone as the moments at which its offset changes, 1970 to 2100. */
struct zone {
    struct slice name;
    size_t n;
    int64_t *from;   /* seconds since the epoch; from[0] is the earliest */
    int32_t *offset; /* seconds east of UTC from then on */
};
struct zone *zone_find(struct compile *, struct slice name); /* NULL: no such zone. Interned */
struct slice zone_nearest(struct compile *,
                          struct slice name); /* an existing zone's name; n 0: none is near */
bool zone_database(struct compile *);         /* whether there is one to look zones up in */

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

/* source.c. What is left of a stream, or more than a source may have. */
struct slice stream_read(struct compile *, FILE *);
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

/* near.c: the one of some words that another may be a misspelling of. Set word, try them all, read best (n 0:
 * none is near). */
struct nearest {
    struct slice word, best;
    size_t distance;
};
void nearest_try(struct nearest *, struct slice candidate);
/* Letters put in, left out, changed or swapped, whatever their case; SIZE_MAX for long words. */
size_t word_distance(struct slice, struct slice);

/* ---- regex.c: languages of strings ----------------------------------------------------------- */

/*
 * A regular language over code points. The alphabet is 0…0x10FFFF without the surrogates, plus one
 * symbol for each byte that is not part of valid UTF-8: 0xDC00 + byte.
 */
struct regex;

enum regex_dialect {
    REGEX_KEYWORD,     /* the whole value, as it is */
    REGEX_KEYWORD_ANY, /* the whole value, any case */
    REGEX_TOKEN,       /* one lower-cased token: any case */
};

/*
 * Parses bytes [from, to) of the filter's text (without the slashes; `\/` is a slash).
 * Says E104 (empty), E105, E108 (empty language, or, for a token, one that no token is in), E109, E110, W202,
 * W203.
 */
struct regex *regex_parse(struct compile *, const struct text *, size_t from, size_t to, enum regex_dialect);

/* A wildcard pattern: bytes [from, to) with `*`, `?` and backslash escapes. Says E108, E110. */
struct regex *regex_wildcard(struct compile *, const struct text *, size_t from, size_t to,
                             enum regex_dialect);

/* Equal texts are equal languages: the identity by which predicates are shared. */
struct slice regex_canonical(struct compile *, const struct regex *);

/* In the syntax of re2c, in letters, digits, its operators and \x \u \U escapes only. */
void regex_print(struct buffer *, const struct regex *);

/* Number of states of its minimal DFA, without the dead one. Never over TRAIL_MAX_STATES: E110 was said then.
 */
size_t regex_states(const struct regex *);
/* That DFA, for emit; see regex/automaton.h. */
struct dfa;
const struct dfa *regex_dfa(const struct regex *);

/* Whether the text (any bytes) is in the language. */
bool regex_match(struct compile *, const struct regex *, struct slice);

/* ---- the filter's tree: parse.c builds it, check.c completes it ----------------------------- */

enum view { VIEW_TEXT, VIEW_KEYWORD, VIEW_NUMERIC, VIEW_IP, VIEW_JSON };
const char *view_name(enum view); /* "text", "keyword", … */

enum node_kind { NODE_ALL, NODE_AND, NODE_OR, NODE_NOT, NODE_CLAUSE };

enum clause_kind {
    CLAUSE_WORD,     /* bare value */
    CLAUSE_PHRASE,   /* "…" */
    CLAUSE_WILDCARD, /* has an unescaped * or ? */
    CLAUSE_REGEX,    /* /…/ or /…/i */
    CLAUSE_RANGE,    /* [ ] { } and < <= > >= */
    CLAUSE_EXISTS,   /* f:* and _exists_:f */
    CLAUSE_LIST,     /* @name */
};

struct bound {
    bool open;   /* `*`: no bound on this side */
    bool quoted; /* "…": on the text view, compared as text */
    bool inclusive;
    struct slice value; /* escapes undone */
    struct loc loc;
};

/* A decimal number by value: digits × 10^exponent. No leading or trailing zero digits; zero has none. */
struct decimal {
    bool negative;
    int64_t exponent;
    struct slice digits;
};

/* A literal as a view sees it. */
struct literal {
    struct slice whole;              /* the value, escapes undone */
    size_t n_tokens;                 /* text view: at least 1 */
    struct slice *tokens;            /* lower-cased */
    struct decimal number;           /* .numeric */
    uint8_t low_ip[16], high_ip[16]; /* .ip: an address or a block, inclusive */
};

struct clause {
    enum clause_kind kind;
    struct path *path; /* NULL: every value of the event */
    bool as_is;        /* a key is behind a backslash: the catalogue is not asked about the clause */
    enum view view;
    struct loc field_loc, value_loc;
    size_t from, to;    /* the value's bytes in the filter's text, without quotes or slashes */
    struct slice value; /* escapes undone (WORD, PHRASE, LIST: the name) */
    bool any_case;      /* REGEX: /…/i */
    struct bound low, high;

    /* completed by check.c */
    size_t n_literals; /* WORD, PHRASE: 1, or 2 for a number that splits (`-3`); LIST: one each */
    struct literal *literals;
    const struct regex *regex; /* WILDCARD, REGEX */
    bool numeric;              /* RANGE on numbers; also WORD on `.numeric` (low == high) */
    struct decimal low_number, high_number;
    uint8_t low_ip[16], high_ip[16]; /* VIEW_IP: inclusive; IPv4 as ::ffff:a.b.c.d */
};

struct node {
    enum node_kind kind;
    struct loc loc;
    size_t n;
    struct node **kids; /* AND, OR: 2 or more; NOT: 1 */
    struct clause *clause;
};

/* parse.c. Needs: pack. Guarantees: every alert has a tree, or errors E101–E107, E111 were said. */
bool parse(struct compile *);
/* One filter: for tests and the fuzzer. NULL when errors were said. */
struct node *parse_filter(struct compile *, const struct text *);
/* check.c. Needs: trees. Guarantees: clauses completed, or errors E104, E108–E112 were said. */
bool check(struct compile *);
bool check_filter(struct compile *, const struct text *, struct node *);
/* recognise.c. Needs: checked trees, of a pack whose schema is cloudtrail. Guarantees: every field is one that
 * CloudTrail's records have, or E120 was said; W204, W206, W207 of what a record has, but not so. */
bool recognise(struct compile *);
/* For `explain`: how many event names each pattern of a filter matches, a line each. */
void recognise_print(struct compile *, struct buffer *, const struct alert *);
/* `--dump=ast`: one S-expression a filter, deterministic. */
void node_print(struct buffer *, const struct node *);
/* The same of texts: in quotes, escaped for a terminal. */
void quote_print(struct buffer *, struct slice);
/* tokens.c. `--dump=tokens`: one filter's lexemes on a line, deterministic; also of a filter with errors. */
void tokens_print(struct buffer *, const struct text *filter);

/* filter/spell.c. A filter with its operators as words and one space between lexemes: what `trailc fmt`
 * writes. */
struct slice filter_spelled(struct compile *, struct slice);
/* A spelled filter, NUL-terminated, cut before AND and OR, the outermost ones first, into lines that fit
 * where they can. */
struct slice *filter_lines(struct compile *, struct slice filter, size_t width, size_t *n);
/* Whether two filters have one tree. */
bool filter_same(struct compile *, struct slice, struct slice);
/* pattern.c. An event pattern of EventBridge as a filter; n 0: none says the same. *is_pattern: the JSON is an object. */
struct slice pattern_filter(struct compile *, struct slice json, bool *is_pattern);

/* ---- lower.c: predicates and Boolean expressions --------------------------------------------- */

enum test_kind {
    TEST_EXISTS,
    TEST_TOKENS,      /* text: tokens in a row (one or more) */
    TEST_TOKEN_REGEX, /* text: a token in a language */
    TEST_EQUALS,      /* keyword, json: the whole value */
    TEST_REGEX,       /* keyword, json: the whole value in a language */
    TEST_STRING_RANGE,
    TEST_NUMBER_RANGE,
    TEST_IP_RANGE,
};

/* A question about one path: does any of its values pass the test? Equal ones of the pack are one. */
struct pred {
    unsigned id;       /* 0, 1, … in the order of first use */
    struct path *path; /* NULL: every value */
    enum view view;
    enum test_kind kind;
    struct literal literal;    /* TOKENS, EQUALS */
    const struct regex *regex; /* TOKEN_REGEX, REGEX */
    struct bound low, high;    /* STRING_RANGE; open and inclusive also for NUMBER_RANGE */
    struct decimal low_number, high_number;
    uint8_t low_ip[16], high_ip[16];
    struct slice key;      /* canonical spelling: equal keys are equal predicates */
    struct slice symbol;   /* C enumerator, unique in the pack */
    struct value_set *set; /* plan: what it shares its bit with; NULL: it has its own */
};

enum expr_kind { EXPR_TRUE, EXPR_FALSE, EXPR_PRED, EXPR_NOT, EXPR_AND, EXPR_OR };

struct expr {
    enum expr_kind kind;
    struct pred *pred;
    size_t n;
    struct expr **kids;
};

/* Needs: checked trees. Guarantees: alert.expr for every alert, over compile.preds. Cannot fail. */
void lower(struct compile *);

/* limits.c. Needs: expressions. Guarantees: the pack asks no field for more than a scanner can follow, or E112 was
 * said. */
bool limits(struct compile *);

/* ---- logic/redundant.c ------------------------------------------------------------------------- */

/* Needs: expressions. Guarantees: W205 was said of filters that are always or never true, and of alerts that
 * another one says already; every one that is said is so. */
void redundant(struct compile *);

/* ---- plan.c ------------------------------------------------------------------------------------ */

/* A node of a tree of keys: the record itself, a path that something asks about, or one on the way to it. */
struct place {
    unsigned id;         /* 0 is the record itself */
    struct slice key;    /* last key of the path; n 0 for the record */
    struct slice name;   /* the dotted path, as in comments: requestParameters.groupName */
    struct slice symbol; /* C enumerator, unique in its tree: REQUEST_PARAMETERS_GROUP_NAME */
    struct place *parent;
    size_t index; /* among the parent's kids */
    size_t n_kids;
    struct place **kids;
    struct map by_key; /* the kids */
    bool is_time;      /* the value is the event's time */
    size_t n_preds;
    struct pred **preds; /* asked of values here; EXISTS is in `exists` */
    size_t n_exists;
    struct pred **exists; /* EXISTS of this path and of those above it: a value here answers them all */
    struct place *below; /* where keys lead that the tree does not know, if a value there answers something */
    size_t field;        /* in the tree of fields: 1 + index of the field here; 0: none */
};

/* The places of one tree, by id. */
struct places {
    size_t n;
    struct place **list;
    struct map by_symbol;
};

/* Many values that filters only ask about together: they share one bit. */
struct value_set {
    size_t n;
    struct pred *first;
    struct slice symbol; /* of the bit */
};

/* What an alert needs before it can be met. */
struct need {
    size_t n_discriminators;      /* 0: residual */
    struct pred **discriminators; /* one of these must hold; all are on root fields */
    size_t n_inner;               /* of a residual alert: none, or … */
    struct pred **inner;          /* one of these must hold; not all are on root fields */
    size_t n_roots;
    struct place **roots; /* root fields that its predicates live under */
    bool everything;      /* it asks about every value of the event */
    bool never;           /* its filter is always false: it is no candidate at all */
};

/* The alerts that a predicate makes candidates. */
struct wanted {
    size_t n;
    size_t *alerts;
    unsigned
        n_begin; /* of a root: how many bytes of its values, quote included, tell them; 0: it cannot be told */
    size_t n_values;      /* of a root: those that discriminators want */
    struct slice *values; /* each with the quote behind */
};

/* A text that stands in every record that some alerts want: sieve.c. */
struct needle {
    struct slice text; /* in small letters, if any_case */
    bool any_case;
    struct place *root; /* it is the key of this root field, and what stands behind it counts; or NULL */
    bool time;          /* of the event's time */
    unsigned at;        /* where its three rarest bytes are */
    size_t n;
    size_t *alerts;
    unsigned
        n_begin; /* of a root: how many bytes of its values, quote included, tell them; 0: it cannot be told */
    size_t n_values;      /* of a root: those that discriminators want */
    struct slice *values; /* each with the quote behind */
};

struct plan {
    struct places tests;  /* the tree that match() walks */
    struct places fields; /* the tree that fields_of() walks */
    size_t n_any;
    struct pred **any; /* predicates over every value */
    size_t n_names;
    struct path *
        *names;    /* fields that output needs: time, event ID, labels (or NULL), group_by, breakdown, show */
    size_t *field; /* by path: 1 + its place in names; 0: none */
    struct need *needs;    /* by alert */
    struct wanted *wanted; /* by predicate: the alerts that it makes candidates */
    bool sieves;           /* records can be told apart before they are read */
    size_t n_needles;
    struct needle *needles;
    struct map needle_of; /* their places, by text */
    bool *unsifted;       /* by alert: no text is known that its records have */
    bool *sifted_ascii;   /* by alert: it is known of records of ASCII alone */
};

/* Needs: expressions. Guarantees: compile.plan. */
void plan(struct compile *);
/* unite.c, the plan's first step. Guarantees: pred.set. */
void unite(struct compile *);
/* sieve.c. Needs: the rest of the plan. Guarantees: its needles. */
void sieve(struct compile *);
/* The index of a field in plan.names. */
size_t plan_field(const struct compile *, const struct path *);

/* ---- plan_text.c: the plan in words -------------------------------------------------------------- */

/* Rule text for a terminal: all but printable ASCII escaped. */
void plain_print(struct buffer *, struct slice);
void expr_print(struct buffer *, const struct expr *);
void plan_print(struct compile *, struct buffer *);
void plan_print_alert(struct compile *, struct buffer *, const struct alert *);

/* cost.c. What an alert does in every record, if that matters, and what to write instead; that of all alerts, in order. */
void cost_print_alert(struct compile *, struct buffer *, size_t alert);
void cost_print(struct compile *, struct buffer *);

/* ---- explain.c: why an event matches or not ------------------------------------------------------ */

struct explain_options {
    bool json, verbose, colour;
    uint64_t record;                     /* only the record of this number; 0: all */
    struct slice application, subsystem; /* labels of the input; n 0: none */
};

enum explain_result {
    EXPLAINED,
    EXPLAIN_UNKNOWN,  /* an argument is neither alert nor file */
    EXPLAIN_UNREAD,   /* not every event could be read, or there was none */
    EXPLAIN_NO_EVENTS /* options that are about events, and no file of them; nothing was said */
};

/*
 * Prints on standard output. Each argument is an alert of the pack, by ID or name, or a file of events;
 * without events the plan of the alerts is printed, or of the whole pack. What it cannot do is said on
 * standard error.
 */
enum explain_result explain_pack(struct compile *, const struct explain_options *, size_t n,
                                 char *const *arguments);

/* ---- emit.c ------------------------------------------------------------------------------------ */

struct output_file {
    const char *name; /* `match.c` */
    struct buffer text;
};

/* Guarantees: compile.files, the same bytes for the same pack. */
void emit(struct compile *);

/* ---- progress.c: which of how many, on a terminal ------------------------------------------------- */

struct progress {
    bool on;         /* standard error is a terminal that can erase a line */
    bool shown;      /* a line stands there now */
    bool drawn;      /* one has been drawn before */
    int64_t started; /* ms of a clock that only goes forward */
    int64_t first;   /* ms that pass before one is drawn: a second, or what TRAIL_PROGRESS says */
    int64_t last;
};

void progress_start(struct progress *);

/* Draws "cc 3 of 12: match.c", not more than ten times a second; `name` is safe for a terminal. */
void progress_show(struct progress *, const char *doing, size_t n, size_t of, struct slice name);

/* Erases the line; before anything else is written to the terminal, and at the end. */
void progress_clear(struct progress *);

/* ---- jobs.c, build.c: driving the tools --------------------------------------------------------- */

/* A command that runs by itself. Its output is shown if it fails. */
struct job {
    char *const *argv;
    const char *log;   /* file that takes its standard error, and its standard output unless `out` does */
    const char *out;   /* or NULL */
    struct slice name; /* for progress */
};

/* Says on standard error what could not be done, and keeps the first such text in compile.failure; returns false. */
bool tool_failed(struct compile *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Jobs that are run together. */
struct jobs {
    size_t n;
    const struct job *list;
    unsigned parallel;         /* so many at a time */
    const char *doing;         /* for progress: "cc" */
    struct progress *progress; /* NULL: none is shown */
};

/* Runs them; false when one failed (its command and output were printed on standard error). */
bool jobs_run(struct compile *, const struct jobs *);

struct build_options {
    const char *output;                /* the scanner */
    const char *keep;                  /* directory for the intermediate files; NULL: a temporary one */
    const char *cc, *cflags, *ldflags; /* NULL: the environment's CC, CFLAGS, LDFLAGS, or cc, -O2, nothing */
    unsigned jobs;                     /* 0: all processors */
};

/* A new temporary directory; NULL (and a message) when there is none. directory_remove() removes it with its
 * files. */
char *directory_temporary(struct compile *);
void directory_remove(struct compile *, const char *directory);

/* Writes compile.files. Says what it could not write on standard error. */
bool emit_write(struct compile *, const char *directory);
bool build(struct compile *, const struct build_options *);

/* ---- test.c, results.c: the alerts' own tests ---------------------------------------------------- */

struct test_options {
    bool verbose;  /* names the tests that pass, too */
    bool tap;      /* TAP instead of text */
    bool coverage; /* which clauses decided a test */
    bool colour;
    const char *junit; /* file for JUnit's XML; NULL: none */
};

/* The results of one run of `trailc test`, over all its packs. */
struct test_report;
struct test_report *test_report_new(const struct test_options *);
/* A pack whose tests could not be run, since it has errors: its diagnostics are reported. */
void test_report_broken(struct test_report *, struct compile *, const char *pack);
/* A pack whose tests could not be run, since a tool failed or a file could not be written: compile.failure. Of TAP this
 * is the end: false, and nothing may follow. */
bool test_report_stopped(struct test_report *, struct compile *, const char *pack);
/* Writes what is still to be written, and frees it; false (and a message) when it cannot. */
bool test_report_finish(struct test_report *);

/* Runs the alerts' tests through the compiled scanner and reports them. False (and a message) when they could
 * not be run. */
bool test_run(struct compile *, const char *scanner, const char *pack, struct test_report *, size_t *failed);

/* ---- the whole ------------------------------------------------------------------------------- */

/* A field that a filter or a key of a rule file names. */
struct named_path {
    const char *key; /* `show`; NULL: a filter */
    enum view view;  /* in a filter */
    struct path *path;
    bool as_is; /* its author says that it is named so: the catalogue is not asked */
    struct loc loc;
};

struct compile {
    struct arena *arena;
    bool werror;  /* warnings are errors */
    bool trial;   /* a rewrite is being tried: no rewrites of rewrites, and one error is enough */
    bool counted; /* all messages are wanted, but no rewrites */
    bool
        headless; /* a file could not be read to its end, and may have held the header: what hangs on that is not said */
    bool strict; /* an alert without description or tests is an error (E010) */
    struct {
        const char *path; /* as its directory's listing has it; NULL: none */
        struct slice text;
    } edited;      /* an editor's text, read in place of the file that it is to become */
    uint64_t work; /* steps that were taken to build the automata of regexes */
    size_t n_sources;
    struct source *sources;
    size_t n_diags;
    struct diag *diags;
    struct pack pack;
    size_t n_paths;
    struct path **paths;
    struct map path_names; /* the same by name */
    size_t n_named;
    struct named_path *named; /* in the order of reading */
    size_t n_zones;
    struct zone **zones;
    size_t n_preds;
    struct pred **preds;
    struct plan plan;
    size_t n_files;
    struct output_file *files;
    struct slice failure, failure_output; /* of a tool: one line; what it printed, or its beginning */
    struct catalogue *catalogue;          /* NULL until it is asked for */
};

#endif

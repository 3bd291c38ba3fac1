/*
 * document.h - the rule files' side of the compiler: shared by the pack loader's own files only.
 *
 *   source.c   a file          -> struct source     read whole, UTF-8 checked
 *   yaml.c     struct source   -> struct yaml       a tree a document, every value with its place
 *   misread.c  what YAML refuses                    which text was meant, and how to write it
 *   scalar.c   one YAML scalar -> struct text       its bytes and where each was written
 *   json.c     struct yaml     -> JSON text         events of the alerts' tests
 *   keys.c     the tables of keys                   what a rule document may say; schema.c prints them
 *   shape.c    struct yaml     -> a C struct        by such a table
 *   values.c, active.c, examples.c                  the readers of single values that the tables name
 *   test_files.c  NAME.test.yaml -> alerts' tests   where they do not stand in the rule file
 *   pack.c     a directory     -> struct pack       by all of these
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include "trailc.h"

enum {
    MAX_SOURCE = 16 * 1024 * 1024,  /* bytes of one rule file, or of one list's file */
    MAX_EXPANDED = 8 * 1024 * 1024, /* bytes that all aliases of one file may repeat */
    MAX_NESTING = 64,               /* lists and mappings in one another */
    MAX_NAME = 200,                 /* bytes of a pack's, an alert's or a test's name */
};

/* ---- source.c --------------------------------------------------------------------------------- */

/* Reads a file into compile.sources. False after E001. */
bool source_read(struct compile *, const char *path, uint32_t *source);
/* The same for a text that is in memory already; borrows both. */
bool source_add(struct compile *, const char *name, struct slice text, uint32_t *source);
/* Bytes of a byte order mark that the text begins with: 0 or 3. */
uint32_t source_bom(struct slice text);
/* The path of a file that a source names, beside it: `rules/a.yaml` and `b.txt` make `rules/b.txt`. */
const char *source_beside(struct compile *, uint32_t source, struct slice file);

/* ---- yaml.c ----------------------------------------------------------------------------------- */

/*
 * What a value is, by YAML 1.2's core schema, save that a number is only what JSON takes for one:
 * 0123, +1, 0x1f and .5 are text, so that an account's number keeps its digits.
 */
enum yaml_kind { YAML_NULL, YAML_BOOL, YAML_NUMBER, YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_entry {
    struct yaml *key; /* NULL in a list */
    struct yaml *value;
    struct slice alias; /* n 0, or the name by which the value is repeated here … */
    uint32_t from, to;  /* … in these bytes */
};

enum scalar_style { SCALAR_PLAIN, SCALAR_SINGLE, SCALAR_DOUBLE, SCALAR_LITERAL, SCALAR_FOLDED };

/* A value. An alias is the anchor's own node a second time: trees may share parts, but have no cycles. */
struct yaml {
    enum yaml_kind kind;
    struct loc loc;
    struct text text; /* all but LIST and MAP */
    size_t n;
    struct yaml_entry *entries; /* LIST, MAP; no two keys of a map are equal */
    unsigned depth;             /* lists and maps in one another; 0 for a scalar */
    size_t size;                /* bytes, aliases counted in full */
    bool open;                  /* while it is read */

    /* How it is written: compiler/format goes by it. */
    uint32_t from, to;       /* with its anchor; what is behind the last value of a block is not in it */
    enum scalar_style style; /* of a scalar */
    bool flow;               /* LIST, MAP: in brackets */
    struct slice anchor;     /* n 0: none */
    bool repeated;           /* by an alias */
    bool odd_key;            /* MAP: a key is an alias */
};

/* Adds the source's documents to *documents, empty ones left out. False after E001 or E003; those before it
 * are there. */
bool yaml_parse(struct compile *, uint32_t source, struct yaml ***documents, size_t *n);

/* What an unquoted scalar of this text is. */
enum yaml_kind yaml_plain_kind(struct slice);
/* The value of a map's key, or NULL. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);

/* ---- misread.c -------------------------------------------------------------------------------- */

/* Where YAML gave up, and the scalar before it. */
struct misread {
    uint32_t source;
    const char *problem; /* in libyaml's words */
    uint32_t at;
    bool unclosed;   /* `at` is where something begins that has no end */
    struct loc last; /* with its quotes */
};
/* Says it in our words, and what to write instead. */
void misread(struct compile *, struct diag *, const struct misread *);
/* Offers the value at a place as the text that its author wrote. */
void misread_quote(struct compile *, struct diag *, uint32_t source, uint32_t at);
/* Where the value begins behind a tag of YAML's own (`!!str`); `at` when there is none. */
uint32_t misread_core_tag(struct slice text, uint32_t at);

/* ---- fix.c ------------------------------------------------------------------------------------ */

/* The scalar of a text that covers the place; NULL when its document is no YAML, or has none there. */
const struct yaml *scalar_of(struct compile *, const char *name, struct slice text, uint32_t at);

/* ---- scalar.c --------------------------------------------------------------------------------- */

/*
 * Reads again the scalar that the YAML library found in bytes [from, to) of the source, and maps its bytes.
 * `seen` is the text that the library was given (it differs from the source's in surrogate escapes only),
 * `value` what it made of it. False: half a surrogate pair, at *bad.
 */
struct scalar {
    uint32_t source;
    enum scalar_style style;
    const char *seen;
    uint32_t from, to;
    struct slice value;
};
bool scalar_map(struct compile *, const struct scalar *, struct text *out, uint32_t *bad);

/* ---- json.c ----------------------------------------------------------------------------------- */

/* Appends the value as JSON text on one line. */
void json_add(struct buffer *, const struct yaml *);
/* Whether the bytes are a JSON number. */
bool json_is_number(struct slice);

/* ---- shape.c ---------------------------------------------------------------------------------- */

/*
 * What a mapping of a rule file may hold: its keys, and for each the type of its value and the place of the
 * result in a C struct. The loader reads by these tables and the JSON Schema is printed from them.
 */
struct key;

/* For a type's JSON Schema: a text of one line that is not blank. Regexes are ECMA 262's, as far as others
 * read them alike. */
#define SCHEMA_CONTROL "\\\\u0000-\\\\u001F\\\\u007F"
#define SCHEMA_LINE                                                                                          \
    "\"type\":\"string\",\"pattern\":\"^[^" SCHEMA_CONTROL "]*[^ " SCHEMA_CONTROL "][^" SCHEMA_CONTROL "]*$" \
    "\""
#define SCHEMA_NAME "{" SCHEMA_LINE ",\"maxLength\":200}"
/* A file below the rule file's directory. */
#define SCHEMA_FILE                                                                                          \
    "{\"type\":\"string\",\"pattern\":\"^(?!/)(?!(.*/)?[.][.](/|$))[^" SCHEMA_CONTROL "]*[^ " SCHEMA_CONTROL \
    "][^" SCHEMA_CONTROL "]*$\"}"

typedef void key_reader(struct compile *, const struct key *, const struct yaml *value, void *to);

struct type {
    const char *takes;  /* "P1 to P5": completes "the key takes …" */
    const char *schema; /* the same as JSON Schema; refers to shapes as #/definitions/NAME */
    key_reader *read;   /* reports, or writes the result to `to` + key.at */
};

struct key {
    const char *name;
    const struct type *type;
    size_t at, count; /* offsets of the result and, for lists, of its number of elements */
    const char *example;
    const char *says; /* for the schema */
    bool required;
    bool own; /* an alert's own: has no default */
};

struct shape {
    const char *name; /* in the schema: alert */
    const char *noun; /* in messages: "an alert" */
    const char *says;
    const struct key *keys;
    size_t n;
    bool defaults;              /* no key is required, and none is `own` */
    const struct shape *beside; /* where else an unknown key may belong */
};

/* Reads a map's keys into the struct at `to`. Says E002, E005, and E004 when it is no map. */
bool shape_read(struct compile *, const struct shape *, const struct yaml *, void *to);
const struct key *shape_key(const struct shape *, struct slice name); /* or NULL */
/* Whether an unknown key of the map looks like a misspelt `name`: its absence was said already. */
bool shape_misspelt(const struct shape *, const struct yaml *map, const char *name);

/* E004: the key takes this type, not the value at hand. */
struct diag *wrong_type(struct compile *, const struct key *, const struct yaml *value);
/* The same with what to write instead, when there is something (n 0: the example). */
struct diag *wrong_type_write(struct compile *, const struct key *, const struct yaml *value,
                              struct slice rewrite);
/* Whether the value is of the kind; else E004 was said. */
bool is_kind(struct compile *, const struct key *, const struct yaml *value, enum yaml_kind kind);
/* A value as messages show it: short. */
const char *shown(struct compile *, struct slice);

/* Where a reader puts its result. */
#define RESULT(type, key, to) (*(type *)(void *)((char *)(to) + (key)->at))
#define RESULT_COUNT(key, to) (*(size_t *)(void *)((char *)(to) + (key)->count))

/* ---- keys.c ----------------------------------------------------------------------------------- */

/* What a header fills. */
struct header {
    struct pack pack;
    struct alert defaults;
};

/* A condition within a list; the reader of `when` makes a struct when of it. */
extern const struct shape shape_alert, shape_header, shape_defaults, shape_condition, shape_hours,
    shape_label, shape_test, shape_expectation, shape_list_file, shape_test_file;
extern const struct shape *const all_shapes[]; /* NULL at the end */

/* values.c: texts, paths, durations, conditions, labels */
extern const struct type type_name, type_text, type_id, type_version, type_log_schema, type_priority,
    type_filter, type_when, type_condition, type_path, type_paths, type_labels, type_label, type_channels,
    type_tags, type_duration, type_flag;
/* active.c: weekdays, hours, time zones */
extern const struct type type_active, type_days, type_from, type_to, type_zone;
/* lists.c: named lists and their files */
extern const struct type type_lists, type_list_file;
/* examples.c: an alert's tests */
extern const struct type type_tests, type_events, type_test_file, type_fires, type_time, type_group,
    type_count;
/* pack.c */
extern const struct type type_defaults;

/* `yes`, `off`: true or false, as it was meant; n 0: neither. */
struct slice flag_meant(const struct yaml *value);

/* Reads one text of one line without control characters; false after E004. */
bool read_line(struct compile *, const struct key *, const struct yaml *value, struct slice *out);
/* A file's name as a pack may give it: relative, and not outside the directory. */
bool read_file_name(struct compile *, const struct key *, const struct yaml *value, struct slice *out);

/* ---- test_files.c ----------------------------------------------------------------------------- */

/* Whether the name is one of a file of tests: new-admin.test.yaml. */
bool is_test_file(const char *path);
/* Adds the files of tests that stand beside a rule file. */
size_t test_files_of(struct compile *, const char *rules, const char ***paths);
/* Gives the pack's alerts the tests of these files; all that was read before are rule files. */
void test_files_read(struct compile *, size_t n, const char *const *paths);

/* ---- pack.c ----------------------------------------------------------------------------------- */

/* Whether a document is the pack's header; else it is an alert. */
bool document_is_header(const struct yaml *);
/* Whether a file of this name belongs to a pack: *.yaml, *.yml, *.json. */
bool is_rule_file(const char *name);
/* The paths of the rule files in a directory, by byte order of their names, then those of tests. None after E001. */
const char **rule_files(struct compile *, const char *directory, size_t *n);
/* The ID that a name gives: `New admin!` is new-admin. */
struct slice alert_slug(struct compile *, struct slice name);

/* ---- hash.c ----------------------------------------------------------------------------------- */

struct slice sha256_hex(struct compile *, struct slice bytes);
struct slice pack_hash(struct compile *);

#endif

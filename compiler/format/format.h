/*
 * format.h - `trailc fmt`: rule files in one layout. Shared by the formatter's own files, and main.c.
 *
 *   comments.c  a source              -> struct comment  each with its line and column
 *   tree.c      struct yaml, comments -> struct item     every comment at what it is about, keys in the
 *                                                        tables' order
 *   quote.c     one scalar            -> its spelling    on one line, or folded over several
 *   flow.c      what is in brackets   -> lines           filled to the width, the author's line ends kept
 *   layout.c    struct item           -> lines
 *   lines.c     lines                 -> text            comments at the lines' ends aligned
 *   same.c      two texts             -> whether they say the same
 *   format.c    the whole; files.c: files
 *
 * And apply.c, for `trailc check --fix`.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "pack/document.h"

enum {
    FORMAT_WIDTH = 120,        /* columns of a line */
    FORMAT_FILTER_WIDTH = 100, /* of one with a filter */
};

/* ---- comments.c ------------------------------------------------------------------------------- */

struct comment {
    struct slice text; /* from `#` on, without blanks at its end */
    uint32_t from;
    uint32_t line, column; /* from 0, in code points */
    bool own;              /* nothing stands before it on its line */
    bool blank;            /* an empty line is above it */
};

/* A source that is laid out: UTF-8, line ends are all \n. */
struct layout {
    struct compile *c; /* of this source alone */
    struct slice text;
    size_t n_documents;
    struct yaml **documents;
    size_t n_starts;
    uint32_t *starts; /* of the lines */
    size_t n_comments;
    struct comment *comments;
    size_t next;     /* the comment that has no place yet */
    const char *odd; /* why the file stays as it is; NULL: no reason */
};

void comments_find(struct layout *);
uint32_t line_of(const struct layout *, uint32_t at);
uint32_t column_of(const struct layout *, uint32_t at); /* in code points */
bool line_is_blank(const struct layout *, uint32_t line);

/* ---- tree.c ----------------------------------------------------------------------------------- */

struct remarks {
    size_t n;
    const struct comment **list;
};

/* An entry of a list or mapping, or a document's root. */
struct item {
    const struct yaml *key;   /* NULL: an element of a list, or a root */
    const struct yaml *value; /* NULL: an alias */
    struct slice alias;
    const struct type *type; /* of the value; NULL: data of any kind, whose spelling is the author's */
    bool key_is_data;
    uint32_t from, to; /* as written */
    bool blank;        /* an empty line is above it */
    bool broken;       /* in brackets: it begins a line */
    bool apart;        /* brackets: the opening one ends its line */
    bool raw;          /* brackets that stay as they are: there are comments in them */
    struct remarks before, behind_key, behind, tail;
    uint32_t column;           /* of the value, when it is a block */
    const struct shape *shape; /* of a mapping whose keys are known */
    size_t n;
    struct item *items; /* in the order in which they are to be written */
};

struct part {
    bool marked;          /* `---` before it */
    struct remarks above; /* before that mark, in the first */
    struct remarks head;
    bool head_blank; /* an empty line between head and the document */
    struct item root;
};

/* The documents of the source; at least one part for its comments. Sets layout.odd where it cannot. */
struct part *tree_build(struct layout *, size_t *n);
bool is_block(const struct item *); /* a list or mapping in lines, with something in it */
/* What a list or mapping of this type has for its keys; NULL: none that are known. */
const struct shape *shape_of(const struct type *);
const struct shape *shape_of_document(const struct yaml *);
const struct type *type_within(const struct type *, const struct shape *, const struct yaml *key);
bool is_filter(const struct type *);
bool is_condition(const struct type *);

/* ---- quote.c ---------------------------------------------------------------------------------- */

/* A condition in small letters, one space between words; as it is when it is none that runs. */
struct slice condition_spelled(struct compile *, struct slice);
/* The text that a scalar shall have: filters and conditions spelled, others as they are. */
struct slice scalar_text(struct layout *, const struct yaml *, const struct type *);
/* On one line: plain where that is safe, or quoted. `flow`: within brackets. */
struct slice scalar_spelled(struct layout *, const struct yaml *, const struct type *, bool flow);
/* An entry's key. One that is too long to stand before a colon makes the layout odd. */
struct slice key_spelled(struct layout *, const struct item *, bool flow);
/* Whether a text may stand without escapes; in a block scalar it may have newlines and tabs. */
bool is_printable(struct slice, bool newlines);
/* Whether YAML reads these bytes back without quotes; `flow`: within brackets. */
bool is_plain(struct slice, bool flow);
/* In the quotes that need no escapes; filters, which are full of `"`, in single ones. */
struct slice quoted_text(struct compile *, struct slice, bool filter);

/* ---- lines.c ---------------------------------------------------------------------------------- */

struct line {
    struct slice text, comment;
};

struct lines {
    struct compile *c;
    struct buffer now; /* the line that is being written */
    bool open;         /* `now` holds a dash that waits for the first line of its value */
    size_t n;
    struct line *list;
};

size_t width_of_text(struct slice); /* in code points */
void lines_begin(struct lines *, size_t indent);
void lines_end(struct lines *, struct slice comment); /* n 0: none */
void lines_blank(struct lines *);                     /* one at most */
struct slice lines_text(struct lines *);

/* ---- flow.c ----------------------------------------------------------------------------------- */

/* Appends the value in brackets to the line at hand, and to more. `base` is the column that the value's lines
 * count from. */
void flow_add(struct layout *, struct lines *, const struct item *, size_t base);
/* Whether a list in lines is better in brackets: a few names. */
bool flow_fits(struct layout *, const struct item *, size_t column);

/* ---- layout.c, same.c, format.c, files.c ------------------------------------------------------- */

struct slice layout_text(struct layout *, const struct part *, size_t n);

/* Whether two sources hold the same values and comments. */
bool layout_same(struct layout *, struct layout *);

enum format_result {
    FORMAT_DONE,
    FORMAT_LEFT,   /* it has something that the formatter leaves alone; *why says what */
    FORMAT_FAILED, /* it is no YAML: errors were said */
    FORMAT_BUG,    /* the result would say something else: a fault of the formatter */
};

enum format_result format_text(struct compile *, const char *name, struct slice text, struct slice *out,
                               const char **why);

struct format_options {
    bool check;                 /* name what would change, and change nothing */
    const char *stdin_filename; /* of what is read from standard input; NULL */
};

/* Writes a new file beside the old one, and puts it in its place. Returns the exit code. */
int file_replace(struct compile *, const char *path, struct slice text);

/* apply.c. Makes the certain fixes of the pack's messages; *made: how many. Returns the exit code. */
int fix_files(struct compile *, size_t *made);

/* One PACK of the command line: a directory, a file, or `-`. Returns the exit code. */
int format_path(struct compile *, const struct format_options *, const char *path);

#endif

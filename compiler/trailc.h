/*
 * trailc.h - the passes, and the one struct that all state hangs from.
 *
 * A pack of rules goes through the passes in the order that main.c calls them. Each names the header that has it, and
 * what it makes:
 *
 *   pack      pack/pack.h       YAML         -> struct pack  alerts, lists, channels named, texts with places
 *   parse     filter/node.h     filter, when -> struct node  trees, straight from the grammar (lex.re, filter.y)
 *   check     filter/node.h     struct node  -> the same     resolved and typed; every E1xx and W2xx is said here
 *   recognise filter/node.h     struct node  -> the same     names held against CloudTrail's: E120, W204, W206, W207
 *   lower     plan/lower.h      struct node  -> struct expr  Boolean expressions over the pack's predicates
 *   limits    plan/lower.h      struct expr  -> the same     what is too much for one field: E112
 *   redundant logic/redundant.h struct expr  -> the same     W205: what is always so, never so, or said twice
 *   plan      plan/plan.h       struct expr  -> struct plan  fields as a tree of keys, discriminators, residuals
 *   emit      emit/output.h     struct plan  -> C and re2c text, in memory
 *   build     build/build.h     C, re2c text -> a scanner    re2c, cc and the runtime's library
 *
 * base/ has what all share: memory and texts (arena.h), places (source.h), messages (diag.h).
 *
 * The struct is passed first everywhere. Memory comes from its arena and is never freed piecemeal. Functions that can
 * meet bad input report through diag() and return false or NULL; only main.c prints and exits.
 */
#ifndef TRAILC_H
#define TRAILC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/map.h"
#include "pack/pack.h"
#include "plan/plan.h"

struct catalogue;
struct output_file;

struct compile {
    struct arena *arena;
    bool werror;   /* warnings are errors */
    bool trial;    /* a rewrite is being tried: no rewrites of rewrites, and one error is enough */
    bool counted;  /* all messages are wanted, but no rewrites */
    bool headless; /* a file that may have held the header was not read: what hangs on that is not said */
    bool strict;   /* an alert without description or tests is an error (E010) */
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

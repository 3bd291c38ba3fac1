/*
 * plan.h - where the predicates live in a record, and which of them to ask first.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/map.h"
#include "plan/lower.h"

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
    enum { LOOKS_UNKNOWN, LOOKS_NOT, LOOKS_FOR_STRINGS } looks; /* for its texts; explain/cost.c's */
    size_t field; /* in the tree of fields: 1 + index of the field here; 0: none */
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
};

/* A text that stands in every record that some alerts want: sieve.c. */
struct needle {
    struct slice text; /* in small letters, if any_case */
    bool any_case;
    struct place *root; /* it is the key of this root field, and what stands behind it counts; or NULL */
    bool time;          /* of the event's time */
    unsigned at, print_class; /* where its print is, and which class finds it: prints.c */
    size_t n;
    size_t *alerts;
    unsigned n_begin; /* of a root: bytes of its values that tell them, quote included; 0: cannot be told */
    size_t n_values;  /* of a root: those that discriminators want */
    struct slice *values; /* each with the quote behind */
};

/* A record that an alert wants has, within the value of the root's key, or in what of that key is behind a
 * dot, the last key of a path: within.c. */
struct within {
    struct slice root, last; /* root.n 0: nothing of the kind is known */
    bool open;               /* the last key may go on behind a dot */
};

struct plan {
    struct places tests;  /* the tree that match() walks */
    struct places fields; /* the tree that fields_of() walks */
    size_t n_any;
    struct pred **any; /* predicates over every value */
    size_t n_names;
    struct path **names; /* what output needs: time, event ID, labels (or NULL), group_by, breakdown, show */
    size_t *field;       /* by path: 1 + its place in names; 0: none */
    struct need *needs;  /* by alert */
    struct wanted *wanted; /* by predicate: the alerts that it makes candidates */
    bool sieves;           /* records can be told apart before they are read */
    size_t n_needles;
    struct needle *needles;
    struct map needle_of;  /* their places, by text */
    bool *unsifted;        /* by alert: no text is known that its records have */
    bool *sifted_ascii;    /* by alert: it is known of records of ASCII alone */
    struct within *within; /* by alert */
};

/* Needs: expressions. Guarantees: compile.plan. */
void plan(struct compile *);
/* unite.c, the plan's first step. Guarantees: pred.set. */
void unite(struct compile *);
/* sieve.c. Needs: the rest of the plan. Guarantees: its needles. */
void sieve(struct compile *);
/* Whether a text stands in a record as it is: ASCII that JSON need not escape. */
bool is_all_raw(struct slice);
/* typical.c: a record as most are, no fact about anybody; how often it has the text. */
struct slice plan_typical(void);
struct slice plan_words(void); /* words of which names are made */
unsigned plan_times_typical(struct slice text, bool any_case);
/* prints.c. Needs: needles. Guarantees: their prints. */
enum { PLAN_PRINT = 3 }; /* bytes of a print */
void prints(struct compile *);
/* within.c. Needs: needles. Guarantees: plan.within. */
void within(struct compile *);
/* The index of a field in plan.names. */
size_t plan_field(const struct compile *, const struct path *);

#endif

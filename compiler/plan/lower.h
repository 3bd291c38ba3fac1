/*
 * lower.h - predicates, and Boolean expressions over them.
 */
#ifndef PLAN_LOWER_H
#define PLAN_LOWER_H

#include "filter/node.h"

struct value_set;

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

#endif

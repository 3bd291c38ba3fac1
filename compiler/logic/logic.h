/*
 * logic.h - what follows from what: filters as Boolean formulas over the pack's predicates.
 *
 * A predicate asks whether any value of a path passes a test, so two predicates on one path may both hold:
 * an event can have several values there. What can be known of them is that one implies another: a value
 * that is `AssumeRole` is one that matches `Assume*`. Everything here reasons from that alone, so a "no" is
 * certain for every event, and what it cannot tell it leaves open.
 */
#ifndef LOGIC_H
#define LOGIC_H

#include "trailc.h"

struct ids {
    size_t n;
    unsigned *list;
};

/* By predicate's id: those that hold where it holds, and those where it holds too. Not itself. */
struct implications {
    struct ids *of, *by;
};

/* implies.c. Whether every event that has a value for p has one for q. False may also be "cannot tell". */
bool implies(struct compile *, const struct pred *p, const struct pred *q);
/*
 * The words of a whole value, as the text view has them. None when it may be a number in the log: that is one
 * word however it is spelled.
 */
struct literal words_of(struct compile *, struct slice whole);

/* relate.c. All of the pack's predicates', each list in the order of IDs; in very large packs not all, but no others. */
struct implications implications(struct compile *);

/* A formula, and whether it is to be true. */
struct demand {
    const struct expr *expr;
    bool is;
};

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

/*
 * satisfy.c. A pack's predicates, ready to be reasoned about; one for all questions. In the arena.
 */
struct logic {
    struct implications implications;
    signed char *truth; /* by predicate, while a question is searched */
    size_t n_set;
    unsigned *set;
    size_t n;
    const struct demand *demands;
    size_t steps; /* what the questions may still cost, in looks at a formula */
};
struct logic *logic_new(struct compile *);

/*
 * Whether the predicates can be so that all demands are met. YES and NO hold for every truth of the predicates
 * that the implications allow; UNKNOWN: the steps were used up.
 */
enum answer satisfiable(struct logic *, size_t n, const struct demand *);

#endif

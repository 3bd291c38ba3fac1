/*
 * plan_text.h - the plan in words, and what an alert costs in every record.
 */
#ifndef EXPLAIN_PLAN_TEXT_H
#define EXPLAIN_PLAN_TEXT_H

#include "pack/pack.h"
#include "plan/lower.h"

/* Rule text for a terminal: all but printable ASCII escaped. */
void plain_print(struct buffer *, struct slice);
void expr_print(struct buffer *, const struct expr *);
void plan_print(struct compile *, struct buffer *);
void plan_print_alert(struct compile *, struct buffer *, const struct alert *);

/* cost.c. What an alert does in every record, if that matters, and what to write instead; that of all alerts, in
 * order. */
void cost_print_alert(struct compile *, struct buffer *, size_t alert);
void cost_print(struct compile *, struct buffer *);

#endif

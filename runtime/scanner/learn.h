/*
 * learn.h - what `learn` prints: for people, or one JSON object a line.
 */
#ifndef TRAIL_LEARN_H
#define TRAIL_LEARN_H

#include "course.h"

/* How long the history is, and where it has gaps. */
void learn_print_head(struct trail_text *, const struct learning *, const struct coverage *);

void learn_print_text(struct trail_text *, const struct learning *, const struct trail_alert *,
                      const struct learnt *, const struct counted *);
void learn_print_json(struct trail_text *, const struct learning *, const struct trail_alert *,
                      const struct learnt *, const struct counted *);

/* Of an alert that only asks whether there are events: there is nothing to learn. */
void learn_print_presence(struct trail_text *, const struct trail_alert *, unsigned condition, bool text);

#endif

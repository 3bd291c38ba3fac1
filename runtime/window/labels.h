/*
 * labels.h - does an alert take what an input brings? A label is compared byte by byte; `*` is any
 * characters, `?` is one (a whole UTF-8 sequence). An absent label is the empty text: `*` takes it, a name
 * does not.
 */
#ifndef TRAIL_LABELS_H
#define TRAIL_LABELS_H

#include <trail/trail.h>

/* The rule of struct trail_labels: any without patterns; else included (or all exclude) and not excluded. */
bool trail_labels_accept(const struct trail_labels *, struct trail_slice label);

/* Whether the text is what a pattern with `*` and `?` says. */
bool trail_glob(struct trail_slice pattern, struct trail_slice text);

/* Both at once, as the engine asks it. */
bool trail_alert_accepts(const struct trail_alert *, struct trail_slice application,
                         struct trail_slice subsystem);

/* Whether patterns[i] declares a label: it includes, without a wildcard, what the others do not exclude. */
bool trail_labels_declare(const struct trail_labels *, size_t i);

#endif

/*
 * template.h - a webhook's body while the configuration is read.
 */
#ifndef TRAIL_TEMPLATE_READ_H
#define TRAIL_TEMPLATE_READ_H

#include "channel/template.h"
#include "reading.h"

struct trail_template *trail_template_read(struct trail_reading *, const struct trail_node *);

#endif

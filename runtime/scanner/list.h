/*
 * list.h - the alerts of a pack, for `--list`.
 */
#ifndef TRAIL_LIST_H
#define TRAIL_LIST_H

#include "trail/trail.h"

void list_text(const struct trail_pack *, struct trail_text *); /* a table */
void list_json(const struct trail_pack *, struct trail_text *); /* an object a line */

#endif

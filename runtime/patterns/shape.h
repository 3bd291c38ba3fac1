/*
 * shape.h - the shape of a JSON value: which keys, which types, how nested; no values.
 *
 *     {"userName":"ann","tags":[{"key":"a","value":1},{"key":"b"}],"dryRun":null}
 *     {tags:[{key:string,value:number}],userName:string}
 *
 * A shape tells apart what a filter can (compiler/language.md): null, [] and {} are absent, arrays in arrays lie flat, the
 * elements of an array are united, the order of keys makes no difference, and a key that comes twice has both values'
 * types: `number|string`.
 *
 * Keys that look like data, and not like somebody's choice of a name, are one key `*`: otherwise whoever writes the log
 * would choose how many shapes there are. So is every key of an object that has more than SHAPE_KEYS of them. What is
 * nested deeper than SHAPE_DEPTH, or has more than SHAPE_NODES keys or SHAPE_TEXT bytes in all, is cut off a level
 * sooner until it fits: `{...}`.
 *
 * For values that a framer has accepted. Pure; no memory but the text's; the stack is bounded.
 */
#ifndef TRAIL_SHAPE_H
#define TRAIL_SHAPE_H

#include "trail/json.h"

enum { SHAPE_DEPTH = 8, SHAPE_KEYS = 64, SHAPE_NODES = 256, SHAPE_TEXT = 2048, SHAPE_KEY = 64 };

/* Adds the value's shape: ASCII, without quotes, backslashes or control characters. Nothing for an absent value. */
void shape_add(struct trail_text *, struct trail_slice json);

/*
 * Whether a key (or a value that chooses among kinds of events) looks like a name: 1 to SHAPE_KEY of A-Z a-z 0-9 _ $ @ . -,
 * beginning with a letter, _, $ or @ (which may stand there only), without four digits in a row or more than six in all,
 * without eight hexadecimal digits in a row with a figure among them, and no identifier in capitals of 16 or more with a
 * figure.
 */
bool shape_is_name(struct trail_slice);

#endif

/*
 * pattern.h - what kind of event a record is: the values of a few fields, and the shapes of others, as one text.
 *
 *     "fields":{"eventSource":"iam.amazonaws.com","eventName":"AddUserToGroup","userIdentity.type":"IAMUser"},
 *     "shapes":{"userIdentity":"{arn:string,...}","requestParameters":"{groupName:string,userName:string}"}
 *
 * A record whose eventSource and eventName are strings is CloudTrail's: its fields are these two, errorCode and
 * userIdentity.type, its shapes userIdentity and requestParameters. Of any other record the fields are the first
 * PATTERN_FIELDS there are of pattern_choice, and the shape is the whole record's, "event".
 *
 * A value that is not printable ASCII of at most PATTERN_VALUE bytes, or has quotes or backslashes, is `*`; of records
 * that are not CloudTrail's also one that is neither a name (shape.h) nor a number of three digits nor true or false.
 */
#ifndef TRAIL_PATTERN_H
#define TRAIL_PATTERN_H

#include "trail/json.h"

enum { PATTERN_FIELDS = 8, PATTERN_VALUE = 128, PATTERN_ID = 17 };

extern const char *const pattern_choice[]; /* ends with a NULL */

/* Adds the pattern of a record; *n_fields: bytes of its first part, the fields. */
void pattern_add(struct trail_text *, struct trail_slice record, size_t *n_fields);

/* Puts another text in place of the shapes: that of events whose shapes are too many to be told apart. */
void pattern_add_others(struct trail_text *, struct trail_slice fields);

/* Whether patterns have a field or a shape of this name. */
bool pattern_has_field(const char *name);
bool pattern_has_shape(const char *name);

/* What a pattern is called: 16 hexadecimal digits of its hash, and a NUL. The same on every machine. */
void pattern_id(char to[PATTERN_ID], struct trail_slice pattern);

/* The value of a field, the shape of another, the first of the fields and the shapes, as they are in the text: borrowed.
 * p NULL: it is not there. */
struct trail_slice pattern_field(struct trail_slice pattern, const char *name);
struct trail_slice pattern_shape(struct trail_slice pattern, const char *name);

/* One of the two objects of the pattern's text, for trail_members_start(). */
struct trail_slice pattern_fields(struct trail_slice pattern);
struct trail_slice pattern_shapes(struct trail_slice pattern);

/* Whether it is CloudTrail's. */
bool pattern_is_cloudtrail(struct trail_slice pattern);

#endif

/*
 * template.h - the body of a webhook, as its author wants it: JSON whose texts may hold {{fields}}.
 *
 *     {"title": "{{priority}} {{alert}}", "who": "{{group.userIdentity.userName | default(nobody)}}", "n": "{{count}}"}
 *
 * A text that is one field and nothing else becomes that field's JSON value; in a longer text the field's text
 * stands. Filters stand behind a bar: see enum trail_filter. Whatever a field holds is a JSON value or part of a
 * JSON string in the result, never more.
 *
 * Compiled by config/template.c, in the configuration's memory; written by template.c.
 */
#ifndef TRAIL_TEMPLATE_H
#define TRAIL_TEMPLATE_H

#include "channel/message.h"

enum trail_filter {
    TRAIL_FILTER_TEXT,  /* text: the field as a text, where it would be a JSON value */
    TRAIL_FILTER_JSON,  /* json: its JSON text */
    TRAIL_FILTER_UPPER, /* upper, lower: ASCII letters */
    TRAIL_FILTER_LOWER,
    TRAIL_FILTER_TRUNCATE, /* truncate(N): at most N characters, the last an ellipsis */
    TRAIL_FILTER_DEFAULT,  /* default(TEXT): where the field is absent or empty */
    TRAIL_FILTER_JOIN,     /* join(TEXT): a list's elements with the text between them */
    TRAIL_FILTERS
};
extern const char *const trail_filter_names[TRAIL_FILTERS + 1];

struct trail_template_piece {
    const char *literal; /* NULL: a field */
    const char *field;
    size_t n_filters;
    struct {
        enum trail_filter filter;
        unsigned n;
        const char *text;
    } filters[4];
};

enum trail_template_kind { TRAIL_TEMPLATE_TEXT, TRAIL_TEMPLATE_RAW, TRAIL_TEMPLATE_LIST, TRAIL_TEMPLATE_MAP };

struct trail_template {
    enum trail_template_kind kind;
    const char *raw; /* a JSON value as it is */
    size_t n_pieces;
    const struct trail_template_piece *pieces;
    size_t n;
    const char **keys; /* of a map */
    const struct trail_template **values;
};

void trail_template_write(const struct trail_template *, const struct trail_message *, struct trail_text *);

#endif

/*
 * suggest.c - see suggest.h.
 *
 * A pattern's texts are printable ASCII without quotes and backslashes (pattern.h, and store.c checks it of what it
 * loads). So a value in double quotes is a phrase of the filter language as it stands, and in a block scalar YAML takes
 * every byte of it for text; in a comment nothing ends the line.
 */
#include "suggest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "window/timestamp.h"
#include "json/elements.h"

static void add(struct trail_text *to, const char *text)
{
    trail_text_add(to, text, strlen(text));
}

static void add_slice(struct trail_text *to, struct trail_slice s)
{
    trail_text_add(to, s.p, s.n);
}

static bool is_any(struct trail_slice value)
{
    return value.n == 1 && *value.p == '*';
}

/* ---- comments ----------------------------------------------------------------------------- */

static void add_seen(struct trail_text *to, const struct set_pattern *p)
{
    char line[200], first[TRAIL_TIME_ROOM], last[TRAIL_TIME_ROOM], id[PATTERN_ID];
    pattern_id(id, (struct trail_slice){p->text, p->n_text});
    trail_time_format(first, p->first);
    trail_time_format(last, p->last);
    snprintf(line, sizeof line, "# Pattern %s: %" PRIu64 " event%s%s%s%s%s.\n", id, p->count,
             p->count == 1 ? "" : "s", *first ? ", from " : "", first, *last ? " to " : "", last);
    add(to, line);
}

static void add_shapes(struct trail_text *to, struct trail_slice pattern)
{
    struct trail_elements e;
    struct trail_slice name, shape;
    trail_members_start(&e, pattern_shapes(pattern));
    while (trail_members_next(&e, &name, &shape)) {
        if (is_any(name))
            continue;
        add(to, "# ");
        add_slice(to, name);
        add(to, ": ");
        add_slice(to, trail_inside(shape));
        add(to, "\n");
    }
}

/* ---- the rule ----------------------------------------------------------------------------- */

static void add_and(struct trail_text *to, bool *first)
{
    add(to, *first ? "\n  " : "\n  AND ");
    *first = false;
}

static void add_filter(struct trail_text *to, struct trail_slice pattern)
{
    struct trail_elements e;
    struct trail_slice name, value;
    bool first = true, cloudtrail = pattern_is_cloudtrail(pattern);
    add(to, "filter: >-");
    trail_members_start(&e, pattern_fields(pattern));
    while (trail_members_next(&e, &name, &value)) {
        value = trail_inside(value);
        add_and(to, &first);
        add(to, is_any(value) ? "_exists_:" : "");
        add(to, cloudtrail ? "" : "\\");
        add_slice(to, name);
        add(to, is_any(value) ? "" : ".keyword:\"");
        add_slice(to, is_any(value) ? (struct trail_slice){"", 0} : value);
        add(to, is_any(value) ? "" : "\"");
    }
    if (cloudtrail && !pattern_field(pattern, "errorCode").p) {
        add_and(to, &first);
        add(to, "NOT _exists_:errorCode");
    }
    add(to, first ? "\n  *\n" : "\n");
}

void suggest_add(struct trail_text *to, const struct set_pattern *p)
{
    struct trail_slice pattern = {p->text, p->n_text};
    char id[PATTERN_ID];
    pattern_id(id, pattern);
    add_seen(to, p);
    add_shapes(to, pattern);
    add(to, "alert: Pattern ");
    add(to, id);
    add(to, "\ndescription: >-\n"
            "  What happened, why it matters, and what to check first.\n"
            "priority: P3\n"
            "# Narrow it down to what is wrong: values of the fields above. Behind `when` the other "
            "conditions are counts,\n"
            "# such as `more than 10 in 5m`.\n");
    if (!pattern_is_cloudtrail(pattern))
        add(to, "# A backslash says that a field is right though CloudTrail has none such; with `schema: "
                "none` it can go.\n");
    add_filter(to, pattern);
    add(to, "when: immediately\n");
    if (pattern_is_cloudtrail(pattern))
        add(to, "show: [userIdentity.arn, sourceIPAddress, userAgent, requestParameters]\n");
}

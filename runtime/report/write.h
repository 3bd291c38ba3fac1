/*
 * write.h - small pieces of text that all forms of a report are put together from.
 */
#ifndef TRAIL_REPORT_WRITE_H
#define TRAIL_REPORT_WRITE_H

#include "model.h"

void put(struct trail_text *, const char *text); /* as it is: never what a log or a rule holds */
void putf(struct trail_text *, const char *format, ...) __attribute__((format(printf, 2, 3)));
void put_slice(struct trail_text *, struct trail_slice);

struct trail_slice text_slice(const char *);

/* Between tags, or in a quoted attribute; at most `most` characters. */
void put_html(struct trail_text *, const char *text, size_t most);
void put_html_slice(struct trail_text *, struct trail_slice, size_t most);

/* JSON as trail_json_rewrite() makes it, between tags; its quotes stay. */
void put_html_json(struct trail_text *, struct trail_slice json);

/* A group's values, `alice, prod`; "all events" for {}. At most `most` characters, for HTML or plain. */
void put_html_group(struct trail_text *, struct trail_slice group, size_t most);
void put_plain_group(struct trail_text *, struct trail_slice group);

/* 1234567: "1,234,567". */
void put_count(struct trail_text *, uint64_t n);
void put_counted(struct trail_text *, uint64_t n, const char *one); /* "1 record", "2 records" */

/* At most one digit behind the point, the same on every machine. */
void put_decimal(struct trail_text *, double);

/* "2026-03-14T15:30:00Z"; and for people, "2026-03-14 15:30" with `seconds` ":12". Nothing for no time. */
void put_iso(struct trail_text *, int64_t time);
void put_time(struct trail_text *, int64_t time, bool seconds);
void put_period(struct trail_text *, int64_t from, int64_t end); /* for people, "… to … UTC" */
void put_duration(struct trail_text *, int64_t ms);

/* A moment as an element with the exact time in it. */
void put_time_element(struct trail_text *, int64_t time);

/* `"key":"value"` behind `before`; value NULL: null. */
void put_member(struct trail_text *, const char *before, const char *key, const char *value);

#endif

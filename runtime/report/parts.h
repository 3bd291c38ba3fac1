/*
 * parts.h - the forms of a report and the parts of its page.
 */
#ifndef TRAIL_REPORT_PARTS_H
#define TRAIL_REPORT_PARTS_H

#include "attack.h"
#include "write.h"

/* ---- json.c ---- */

/* What the page's script draws: the JSON of the report without the list, safe inside <script>. */
void put_page_data(struct trail_text *, const struct report *);

/* What was read, by --stats' names. */
enum { INPUT_COUNTS = 14 };
struct input_count {
    const char *key, *what; /* in words */
    uint64_t n;
    bool odd; /* worth a line only where there are some */
};
void input_counts(const struct report *, struct input_count to[INPUT_COUNTS]);

/* The conditions of an alert that count over the span: those with a number, and those that ask for what is
 * usual. */
bool is_threshold(const struct chart *, const struct trail_condition *);
bool is_limit(const struct chart *, const struct trail_condition *);
/* "more than 100", "more than usual by 50%, at least 10" */
void put_threshold(struct trail_text *, const struct trail_condition *);

/* Where what is usual comes from, or why it is not known. */
void put_usual_note(struct trail_text *, const struct report *, const struct line *); /* page_charts.c */

/* ---- draw.c: static pictures ---- */

void draw_timeline(struct trail_text *, const struct report *, bool alone);
void draw_chart(struct trail_text *, const struct report *, const struct chart *, bool alone);
void draw_bar(struct trail_text *, uint64_t n, uint64_t of);
void draw_glyph(struct trail_text *, unsigned priority); /* a priority's sign */

/* ---- sections of the page ---- */

void page_list(struct trail_text *, const struct report *); /* page_list.c */
/* Tables of the values of each field, `shown` of each. */
void put_breakdown(struct trail_text *, struct trail_slice breakdown, uint64_t of, size_t shown);
void page_charts(struct trail_text *, const struct report *); /* page_charts.c */
void page_groups(struct trail_text *, const struct report *);
void page_attack(struct trail_text *, const struct report *); /* page_attack.c */

/* How many techniques there are in all alerts' tags; calls `each` for each, in order. */
struct technique {
    struct attack_tag tag;
    uint64_t alerts, fired;
};
size_t list_techniques(const struct report *, struct technique *, size_t room);
enum { TECHNIQUES_MOST = 200 };

#endif

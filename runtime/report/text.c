/*
 * text.c - a report for a terminal: what fired, and what was counted as sparklines.
 *
 * What a log or a rule holds is escaped for a terminal on its way out. Nothing here depends on the terminal:
 * the same report gives the same text.
 */
#include "notify/sparkline.h"
#include "notify/terminal.h"
#include "parts.h"

enum { COLUMNS = 64, NAME = 66 };

static void put_safe(struct trail_text *to, const char *text, size_t columns)
{
    trail_terminal_clip(to, text_slice(text), columns);
}

static void put_group(struct trail_text *to, struct trail_slice group)
{
    struct trail_text plain = {0};
    put_plain_group(&plain, group);
    trail_terminal_clip(to, (struct trail_slice){plain.p, plain.n}, NAME);
    to->failed |= plain.failed;
    trail_text_free(&plain);
}

static void head(struct trail_text *to, const struct report *r)
{
    put_safe(to, report_title(r), 120);
    put(to, "\n");
    if (report_is_dated(r))
        put_period(to, r->from, r->to);
    else
        put(to, "No dated event was counted");
    if (r->has_stats) {
        put(to, ", ");
        put_counted(to, r->stats.records, "record");
        put(to, ", ");
        put_counted(to, r->n_gaps, "gap");
    }
    put(to, "\n");
    put_count(to, r->alerts_fired);
    put(to, " of ");
    put_count(to, r->config.pack->n_alerts);
    put(to, " alerts fired, with ");
    put_counted(to, r->fired, "notification");
    put(to, "\n");
}

static void fired(struct trail_text *to, const struct report *r)
{
    for (size_t i = 0, n = 0; i < r->n_lanes; i++) {
        const struct about *a = &r->alerts[r->lanes[i]];
        if (a->fired == 0)
            continue;
        putf(to, "%sP%u  ", n++ ? "" : "\n", a->priority % 10);
        put_safe(to, report_alert(r, r->lanes[i])->name, NAME);
        put(to, ": ");
        put_counted(to, a->fired, "notification");
        put(to, a->fired == 1 ? ", " : ", last ");
        put_time(to, a->last, true);
        put(to, "\n");
    }
}

/*
 * A column for some bins that lie side by side: the one that is nearest to firing, with what was expected
 * there. Returns how many columns.
 */
static size_t columns_of(const struct chart *c, const struct line *l, double *actual, double *expected)
{
    bool less = c->subject->side == BASELINE_LESS;
    size_t n = c->bins < COLUMNS ? c->bins : COLUMNS;
    for (size_t i = 0; i < n; i++) {
        size_t best = i * c->bins / n;
        for (size_t bin = best + 1; bin < (i + 1) * c->bins / n; bin++)
            if (less ? l->actual[bin] < l->actual[best] : l->actual[bin] > l->actual[best])
                best = bin;
        actual[i] = (double)l->actual[best];
        expected[i] = l->expected[best];
    }
    return n;
}

static void course(struct trail_text *to, const struct report *r, const struct chart *c)
{
    const struct line *l = &c->lines[0];
    double actual[COLUMNS], expected[COLUMNS];
    size_t n = columns_of(c, l, actual, expected);
    double most = trail_sparklines(to, actual, expected, n);
    put(to, "           ");
    put_period(to, r->from, r->to);
    put(to, most > 0 ? ", highest bar " : ": nothing");
    if (most > 0)
        put_decimal(to, most);
    put(to, "\n           ");
    put_usual_note(to, r, l);
    put(to, "\n");
}

static void counts(struct trail_text *to, const struct report *r)
{
    for (size_t i = 0; i < r->n_charts; i++) {
        const struct chart *c = &r->charts[i];
        const struct subject *s = c->subject;
        put(to, "\n");
        put_safe(to, s->alert->name, NAME);
        put(to, ": ");
        put_safe(to, s->alert->when, 120);
        put(to, "\n");
        if (c->lines[0].track->key.n > 2) {
            put(to, "  group    ");
            put_group(to, c->lines[0].track->key);
            if (s->n + s->dropped > 1) {
                put(to, ", first of ");
                put_count(to, s->n + s->dropped);
            }
            put(to, "\n");
        }
        course(to, r, c);
    }
    if (r->charts_left_out) {
        put(to, "\n");
        put_counted(to, r->charts_left_out, "more count");
        put(to, " not drawn\n");
    }
}

void report_text(const struct report *r, struct trail_text *to)
{
    head(to, r);
    fired(to, r);
    counts(to, r);
}

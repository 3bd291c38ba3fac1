/*
 * learn_print.c - see learn.h. Groups' names come from the log: they are escaped for where they go.
 */
#include "learn.h"

#include <inttypes.h>
#include <string.h>

#include "notify/sparkline.h"
#include "notify/terminal.h"
#include "window/timestamp.h"

enum { ROWS = 7 }; /* of a table */

static void add_safe(struct trail_text *to, const char *text)
{
    trail_terminal_add(to, (struct trail_slice){text, strlen(text)});
}

static const char *const comparisons[] = {[TRAIL_MORE_THAN] = "more than",
                                          [TRAIL_AT_LEAST] = "at least",
                                          [TRAIL_LESS_THAN] = "less than",
                                          [TRAIL_AT_MOST] = "at most"};

static const char *const seasons[] = {[BASELINE_UNKNOWN] = "unknown",
                                      [BASELINE_PLAIN] = "plain",
                                      [BASELINE_DAILY] = "daily",
                                      [BASELINE_WEEKLY] = "weekly"};

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* ---- text ---- */

void learn_print_head(struct trail_text *to, const struct learning *l, const struct coverage *coverage)
{
    char from[TRAIL_TIME_ROOM], end[TRAIL_TIME_ROOM];
    if (l->to == TRAIL_NO_TIME) {
        trail_text_addf(to, "No event had a time: nothing is learnt.\n");
        return;
    }
    trail_time_format(from, l->from);
    trail_time_format(end, l->to);
    trail_text_addf(to, "History from %s to %s, %.1f days", from, end, (double)(l->to - l->from) / 86400000);
    for (size_t i = 1; i < coverage->n; i++) {
        trail_time_format(from, coverage->list[i - 1].to + 1);
        trail_time_format(end, coverage->list[i].from);
        trail_text_addf(to, "%s%s to %s", i == 1 ? "; no log from " : ", ", from, end);
    }
    trail_text_addf(to, "\n");
}

static void add_condition(struct trail_text *to, const struct trail_alert *alert,
                          const struct trail_condition *c)
{
    char span[TRAIL_TIME_ROOM];
    trail_duration_format(span, c->span);
    trail_text_addf(to, "\n");
    add_safe(to, alert->name);
    if (learn_has_number(c))
        trail_text_addf(to, ": %s %" PRIu64 " in %s\n", comparisons[c->when], c->n, span);
    else
        trail_text_addf(to, ": %s\n", alert->when);
}

void learn_print_presence(struct trail_text *to, const struct trail_alert *alert, unsigned condition,
                          bool text)
{
    if (text) {
        add_condition(to, alert, &alert->conditions[condition]);
        trail_text_addf(to, "  asks only whether there are events: nothing to learn\n");
        return;
    }
    trail_text_addf(to, "{\"alert\":");
    trail_json_quote(to, (struct trail_slice){alert->name, strlen(alert->name)});
    trail_text_addf(to, ",\"id\":\"%s\",\"condition\":%u,\"presence\":true}\n", alert->id, condition);
}

static double whole(double n)
{
    return n < 1e15 ? (double)(uint64_t)n : n;
}

static void add_usual(struct trail_text *to, const struct usual *u)
{
    char wait[TRAIL_TIME_ROOM];
    if (u->season == BASELINE_UNKNOWN) {
        trail_duration_format(wait, (u->wait + 3599999) / 3600000 * 3600000);
        trail_text_addf(to, "  usual    not known yet: %s of history are missing\n", wait);
        return;
    }
    /* The least and the most that are still usual, as whole events. */
    double low = whole(u->low), high = whole(u->high);
    trail_text_addf(to, "  usual    from %.0f to %.0f at the end of this history, %.*f expected (%s)\n",
                    low < u->low ? low + 1 : low, high, u->expected < 10 ? 1 : 0, u->expected,
                    seasons[u->season]);
}

static void add_lines(struct trail_text *to, const struct learnt *x)
{
    double most = trail_sparklines(to, x->actual, x->expected, LEARN_BARS);
    if (most > 0)
        trail_text_addf(to, "           the last 7 days, highest bar %.4g\n", most);
}

/* Those rows that say most: around the proposal, and what stands now. */
static void add_rows(struct trail_text *to, const struct trail_condition *c, const struct proposal *p)
{
    size_t best = 0;
    while (p->found && best + 1 < p->n && p->list[best].n != p->best)
        best++;
    size_t from = best > ROWS / 2 ? best - ROWS / 2 : 0;
    if (from + ROWS > p->n)
        from = p->n > ROWS ? p->n - ROWS : 0;
    trail_text_addf(to, "  %20s %10s %10s   on this history\n", "N", "fires", "told");
    for (size_t i = 0; i < p->n; i++) {
        const struct proposed *row = &p->list[i];
        bool is_best = p->found && row->n == p->best;
        if ((i < from || i >= from + ROWS) && row->n != c->n && !is_best)
            continue;
        trail_text_addf(to, "  %20" PRIu64 " %10" PRIu64 " %10" PRIu64 "%s%s\n", row->n, row->firings,
                        row->told, row->n == c->n ? "   now" : "", is_best ? "   proposed" : "");
    }
}

void learn_print_text(struct trail_text *to, const struct learning *l, const struct trail_alert *alert,
                      const struct learnt *x, const struct counted *counted)
{
    const struct trail_condition *c = &alert->conditions[x->condition];
    add_condition(to, alert, c);
    trail_text_addf(to, "  learnt   %" PRIu64 " event%s, %zu group%s, %" PRIu64 " sample%s",
                    counted_events(counted), plural(counted_events(counted)), x->groups, plural(x->groups),
                    x->samples, plural(x->samples));
    if (x->left_out > 0)
        trail_text_addf(to, "; %" PRIu64 " groups with fewer events left out (--groups)", x->left_out);
    if (counted_left_out(counted) > 0)
        trail_text_addf(to, "; %" PRIu64 " events of further groups not kept", counted_left_out(counted));
    trail_text_addf(to, "\n");
    if (l->to == TRAIL_NO_TIME)
        return;
    if (x->busiest != SIZE_MAX && alert->group_by.n > 0) {
        trail_text_addf(to, "  busiest  ");
        trail_terminal_clip(to, counted_key(counted, x->busiest), 66);
        trail_text_addf(to, "\n");
    }
    add_usual(to, &x->usual);
    add_lines(to, x);
    if (!learn_has_number(c))
        return;
    if (x->proposes)
        add_rows(to, c, &x->proposal);
    else
        trail_text_addf(to, "  no N is proposed: usual are too few events to miss any\n");
}

/* ---- JSON ---- */

static void add_proposal(struct trail_text *to, const struct proposal *p)
{
    trail_text_addf(to, ",\"tried\":[");
    for (size_t i = 0; i < p->n; i++)
        trail_text_addf(to, "%s{\"n\":%" PRIu64 ",\"firings\":%" PRIu64 ",\"fired\":%" PRIu64 "}",
                        i ? "," : "", p->list[i].n, p->list[i].firings, p->list[i].told);
    trail_text_addf(to, "],\"proposed\":");
    if (p->found)
        trail_text_addf(to, "%" PRIu64, p->best);
    else
        trail_text_addf(to, "null");
}

static void add_json_bars(struct trail_text *to, const char *name, const double *bars)
{
    trail_text_addf(to, ",\"%s\":[", name);
    for (int i = 0; i < LEARN_BARS; i++)
        if (bars[i] < 0)
            trail_text_addf(to, "%snull", i ? "," : "");
        else
            trail_text_addf(to, "%s%.6g", i ? "," : "", bars[i]);
    trail_text_addf(to, "]");
}

void learn_print_json(struct trail_text *to, const struct learning *l, const struct trail_alert *alert,
                      const struct learnt *x, const struct counted *counted)
{
    const struct trail_condition *c = &alert->conditions[x->condition];
    trail_text_addf(to, "{\"alert\":");
    trail_json_quote(to, (struct trail_slice){alert->name, strlen(alert->name)});
    trail_text_addf(to, ",\"id\":\"%s\",\"condition\":%u,\"span\":%" PRId64, alert->id, x->condition,
                    c->span);
    if (learn_has_number(c))
        trail_text_addf(to, ",\"when\":\"%s\",\"n\":%" PRIu64, comparisons[c->when], c->n);
    trail_text_addf(to,
                    ",\"events\":%" PRIu64 ",\"groups\":%zu,\"groups_left_out\":%" PRIu64
                    ",\"events_left_out\":%" PRIu64,
                    counted_events(counted), x->groups, x->left_out, counted_left_out(counted));
    trail_text_addf(to, ",\"samples\":%" PRIu64 ",\"season\":\"%s\"", x->samples, seasons[x->usual.season]);
    if (x->usual.season == BASELINE_UNKNOWN)
        trail_text_addf(to, ",\"missing\":%" PRId64, x->usual.wait);
    else
        trail_text_addf(to, ",\"expected\":%.6g,\"band\":[%.6g,%.6g]", x->usual.expected, x->usual.low,
                        x->usual.high);
    if (x->busiest != SIZE_MAX) {
        struct trail_slice key = counted_key(counted, x->busiest);
        trail_text_addf(to, ",\"busiest\":");
        trail_text_add(to, key.p, key.n);
    }
    if (l->to != TRAIL_NO_TIME) {
        add_json_bars(to, "actual_bars", x->actual);
        add_json_bars(to, "expected_bars", x->expected);
    }
    if (x->proposes)
        add_proposal(to, &x->proposal);
    trail_text_addf(to, "}\n");
}

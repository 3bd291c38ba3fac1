/*
 * draw.c - pictures that need no script: the time line, counts, bars. Texts are escaped, all else is numbers.
 *
 * Colours are classes, which page.css has for light and dark; a picture that stands alone brings its own.
 */
#include <inttypes.h>
#include <string.h>

#include "parts.h"
#include "window/timestamp.h"

enum {
    WIDTH = 960,
    LABEL = 240, /* of a lane's name */
    RIGHT = 10,
    LANE = 26,
    TOP = 8,
    AXIS = 24,
    VOLUME = 44,
    LANES_MOST = 30,
    COLUMNS = 180, /* marks closer together are one */
};

static const char alone_style[] =
    "<style>svg{font:12px "
    "system-ui,sans-serif;background:#fff;color:#1c2530}text{fill:#33404f}.label{font-size:12px}"
    ".tick,.small{font-size:11px;fill:#5a6675}.grid{stroke:#dfe4ea}.lane{fill:#f6f8fa}.gap{fill:#b26a0033}"
    ".volume{fill:#b9c4d0}.p1{fill:#b3152c}.p2{fill:#c2410c}.p3{fill:#8a6100}.p4{fill:#1d5fa8}.p5{fill:#"
    "5a6675}"
    ".resolved{fill:none;stroke:#1a7f4b;stroke-width:1.5}.band{fill:#1a7f4b26}.expected{fill:none;stroke:#"
    "1a7f4b;"
    "stroke-width:1.5}.actual{fill:none;stroke:#1d5fa8;stroke-width:1.5}.threshold{fill:none;stroke:#b3152c;"
    "stroke-dasharray:5 4}</style>";

static void begin(struct trail_text *to, int width, int height, const char *what, bool alone)
{
    putf(to, "<svg%s viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"",
         alone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "", width, height);
    put_html(to, what, 120);
    put(to, "\">");
    if (alone)
        put(to, alone_style);
}

static void label(struct trail_text *to, int x, int y, const char *class, const char *anchor)
{
    putf(to, "<text class=\"%s\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">", class, x, y, anchor);
}

static void grid_line(struct trail_text *to, int x1, int y1, int x2, int y2)
{
    putf(to, "<path class=\"grid\" d=\"M%d %dL%d %d\"/>", x1, y1, x2, y2);
}

/* ---- the axis of time --------------------------------------------------------------------- */

static int x_of(const struct report *r, int64_t time, int left)
{
    if (time <= r->from)
        return left;
    if (time >= r->to)
        return WIDTH - RIGHT;
    double share = (double)(time - r->from) / (double)(r->to - r->from);
    return left + (int)(share * (WIDTH - RIGHT - left) + 0.5);
}

/* Round distances, so that there are at most ten. */
static int64_t tick_distance(int64_t span)
{
    static const int64_t minutes[] = {1,     2,     5,      10,     15,      30,      60,   120,
                                      180,   360,   720,    1440,   2880,    4320,    7200, 10080,
                                      20160, 43200, 129600, 525600, 5256000, 52560000};
    size_t n = sizeof minutes / sizeof *minutes;
    for (size_t i = 0; i < n; i++)
        if (span / (minutes[i] * 60000) <= 9)
            return minutes[i] * 60000;
    return minutes[n - 1] * 60000;
}

static void time_axis(struct trail_text *to, const struct report *r, int left, int top, int bottom)
{
    int64_t distance = tick_distance(r->to - r->from);
    int64_t first = -floor_div(-r->from, distance) * distance;
    for (int64_t t = first; t <= r->to; t += distance) {
        char text[TRAIL_TIME_ROOM];
        int x = x_of(r, t, left);
        if (trail_time_format(text, t) < 16)
            continue;
        grid_line(to, x, top, x, bottom);
        bool day = distance >= 86400000 || t % 86400000 == 0;
        label(to, x, bottom + 15, "tick", x > WIDTH - 50 ? "end" : "middle");
        putf(to, "%.*s</text>", 5, day ? text + 5 : text + 11);
    }
}

static void gaps(struct trail_text *to, const struct report *r, int left, int top, int bottom)
{
    for (size_t i = 0; i < r->n_gaps && i < COLUMNS; i++) {
        int from = x_of(r, r->gaps[i].from, left), end = x_of(r, r->gaps[i].to, left);
        putf(to,
             "<rect class=\"gap\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"><title>no "
             "records</title></rect>",
             from, top, end > from ? end - from : 1, bottom - top);
    }
}

static void volume(struct trail_text *to, const struct report *r, int left, int top)
{
    uint64_t most = 1;
    int64_t from;
    if (r->volume_bins == 0)
        return;
    report_bins(r, r->volume_width, &from);
    for (size_t i = 0; i < r->volume_bins; i++)
        most = r->volume[i] > most ? r->volume[i] : most;
    label(to, 8, top + VOLUME - 10, "small", "start");
    put(to, "Records read</text><path class=\"volume\" d=\"");
    putf(to, "M%d %d", left, top + VOLUME);
    for (size_t i = 0; i < r->volume_bins; i++) {
        int x1 = x_of(r, from + (int64_t)i * r->volume_width, left);
        int x2 = x_of(r, from + (int64_t)(i + 1) * r->volume_width, left);
        int height = (int)((double)r->volume[i] / (double)most * (VOLUME - 8) + 0.5);
        putf(to, "L%d %dH%d", x1, top + VOLUME - height, x2);
    }
    putf(to, "V%dZ\"/>", top + VOLUME);
}

/* ---- the time line ------------------------------------------------------------------------ */

/* A sign of its own for each priority, with its middle at x and y. */
static void glyph(struct trail_text *to, unsigned priority, int x, int y)
{
    switch (priority) {
    case 1: putf(to, "M%d %dl7 7-7 7-7-7z", x, y - 7); break;
    case 2: putf(to, "M%d %dl6.5 11h-13z", x, y - 6); break;
    case 3: putf(to, "M%d %dh10v10h-10z", x - 5, y - 5); break;
    case 4: putf(to, "M%d %da5 5 0 1 0 10 0a5 5 0 1 0-10 0z", x - 5, y); break;
    default: putf(to, "M%d %dh10v4h-10z", x - 5, y - 2); break;
    }
}

void draw_glyph(struct trail_text *to, unsigned priority)
{
    putf(to, "<svg class=\"sign\" viewBox=\"0 0 16 16\" aria-hidden=\"true\"><path class=\"p%u\" d=\"",
         priority);
    glyph(to, priority, 8, 8);
    put(to, "\"/></svg>");
}

/* The lane's marks of one priority (0: resolved), as one path. */
static void marks_of(struct trail_text *to, const struct report *r, size_t alert, unsigned priority, int y)
{
    int last = -WIDTH;
    bool any = false;
    for (size_t i = 0; i < r->n_marks; i++) {
        const struct mark *m = &r->marks[i];
        if (m->alert != alert || (priority ? m->priority != priority || !m->fired : !m->resolved))
            continue;
        int x = x_of(r, m->time, LABEL);
        if (x - last < (WIDTH - LABEL) / COLUMNS)
            continue;
        last = x;
        if (!any && priority)
            putf(to, "<path class=\"p%u\" d=\"", priority);
        else if (!any)
            put(to, "<path class=\"resolved\" d=\"");
        any = true;
        if (priority)
            glyph(to, priority, x, y);
        else
            putf(to, "M%d %dl3 3 5-6", x - 4, y);
    }
    put(to, any ? "\"/>" : "");
}

static void lane(struct trail_text *to, const struct report *r, size_t alert, int top)
{
    const struct about *a = &r->alerts[alert];
    unsigned priority = a->priority ? a->priority : report_alert(r, alert)->priority;
    putf(to, "<rect class=\"lane\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", LABEL, top + 2,
         WIDTH - RIGHT - LABEL, LANE - 4);
    label(to, 8, top + 17, "small", "start");
    putf(to, "P%u</text>", priority % 10);
    label(to, 30, top + 17, "label", "start");
    put_html(to, report_alert(r, alert)->name, 32);
    put(to, "</text>");
    for (unsigned p = 5; p > 0; p--)
        marks_of(to, r, alert, p, top + LANE / 2);
    marks_of(to, r, alert, 0, top + LANE / 2);
}

void draw_timeline(struct trail_text *to, const struct report *r, bool alone)
{
    size_t lanes = 0;
    for (size_t i = 0; i < r->n_lanes && lanes < LANES_MOST; i++)
        lanes += r->alerts[r->lanes[i]].fired + r->alerts[r->lanes[i]].resolved > 0;
    int volumes = r->volume_bins ? VOLUME : 0, bottom = TOP + (int)lanes * LANE + volumes;
    begin(to, WIDTH, bottom + AXIS, "Alerts over time", alone);
    for (size_t i = 0; i < lanes; i++)
        lane(to, r, r->lanes[i], TOP + (int)i * LANE);
    gaps(to, r, LABEL, TOP, bottom);
    volume(to, r, LABEL, bottom - volumes);
    time_axis(to, r, LABEL, TOP, bottom);
    put(to, "</svg>");
}

/* ---- counts ------------------------------------------------------------------------------- */

enum { HEIGHT = 220, LEFT = 56, BASE = HEIGHT - AXIS };

static double greatest(const struct chart *c, const struct line *l)
{
    double most = 1;
    for (size_t i = 0; i < c->bins; i++) {
        most = (double)l->actual[i] > most ? (double)l->actual[i] : most;
        most = l->high[i] > most ? l->high[i] : most;
    }
    for (size_t i = 0; i < c->subject->alert->n_conditions; i++) {
        const struct trail_condition *t = &c->subject->alert->conditions[i];
        if (is_threshold(c, t) && (double)t->n > most)
            most = (double)t->n;
    }
    for (size_t i = 0; i < c->subject->alert->n_conditions; i++)
        for (size_t bin = 0; l->known && bin < c->bins && is_limit(c, &c->subject->alert->conditions[i]);
             bin++) {
            double limit = chart_limit(l, &c->subject->alert->conditions[i], bin);
            most = limit > most ? limit : most;
        }
    return most * 1.08;
}

static double y_of(double value, double most)
{
    return BASE - (value < 0 ? 0 : value) / most * (BASE - TOP);
}

static void point(struct trail_text *to, double x, double y)
{
    put_decimal(to, x);
    put(to, " ");
    put_decimal(to, y);
}

static double chart_x(const struct chart *c, const struct report *r, size_t bin)
{
    return x_of(r, c->from + (int64_t)bin * c->width, LEFT);
}

/* Steps: a value holds from its bin's left edge to the next bin's. */
static void path_of(struct trail_text *to, const struct report *r, const struct chart *c,
                    const double *values, double most)
{
    for (size_t i = 0, end; i < c->bins; i = end) {
        for (end = i + 1; end < c->bins && values[end] == values[i];)
            end++;
        put(to, i ? "L" : "M");
        point(to, chart_x(c, r, i), y_of(values[i], most));
        put(to, "H");
        put_decimal(to, chart_x(c, r, end));
    }
}

/* The same from the right to the left: an area's other side. */
static void path_back(struct trail_text *to, const struct report *r, const struct chart *c,
                      const double *values, double most)
{
    for (size_t i = c->bins, from; i > 0; i = from) {
        for (from = i - 1; from > 0 && values[from - 1] == values[i - 1];)
            from--;
        put(to, "L");
        point(to, chart_x(c, r, i), y_of(values[i - 1], most));
        put(to, "H");
        put_decimal(to, chart_x(c, r, from));
    }
}

static void value_axis(struct trail_text *to, double most)
{
    static const double steps_of[] = {1, 2, 5};
    double step = 1;
    for (double ten = 1; ten < 1e18 && most / step > 4; ten *= 10)
        for (size_t i = 0; i < 3 && most / step > 4; i++)
            step = ten * steps_of[i];
    for (double v = 0; v <= most; v += step) {
        int y = (int)(y_of(v, most) + 0.5);
        grid_line(to, LEFT, y, WIDTH - RIGHT, y);
        label(to, LEFT - 6, y + 4, "tick", "end");
        put_count(to, (uint64_t)v);
        put(to, "</text>");
    }
}

static void thresholds(struct trail_text *to, const struct chart *c, double most)
{
    for (size_t i = 0; i < c->subject->alert->n_conditions; i++) {
        const struct trail_condition *t = &c->subject->alert->conditions[i];
        if (!is_threshold(c, t))
            continue;
        int y = (int)(y_of((double)t->n, most) + 0.5);
        putf(to, "<path class=\"threshold\" d=\"M%d %dH%d\"/>", LEFT, y, WIDTH - RIGHT);
        label(to, WIDTH - RIGHT - 4, y - 4, "small", "end");
        put_threshold(to, t);
        put(to, "</text>");
    }
}

/* Steps where a limit is known, and nothing where it is not. */
static void limits(struct trail_text *to, const struct report *r, const struct chart *c, const struct line *l,
                   double most)
{
    for (size_t i = 0; i < c->subject->alert->n_conditions; i++) {
        const struct trail_condition *t = &c->subject->alert->conditions[i];
        double before = -1;
        bool any = false;
        for (size_t bin = 0; bin < c->bins && is_limit(c, t); bin++) {
            double limit = chart_limit(l, t, bin);
            if (limit >= 0) {
                put(to, any ? "" : "<path class=\"threshold limit\" d=\"");
                any = true;
                put(to, before < 0 ? "M" : "L");
                point(to, chart_x(c, r, bin), y_of(limit, most));
                put(to, "H");
                put_decimal(to, chart_x(c, r, bin + 1));
            }
            before = limit;
        }
        put(to, any ? "\"/>" : "");
    }
}

void draw_chart(struct trail_text *to, const struct report *r, const struct chart *c, bool alone)
{
    const struct line *l = &c->lines[0];
    double most = greatest(c, l), actual[REPORT_BINS];
    for (size_t i = 0; i < c->bins; i++)
        actual[i] = (double)l->actual[i];
    begin(to, WIDTH, HEIGHT, "Events in each window: actual, expected and threshold", alone);
    value_axis(to, most);
    time_axis(to, r, LEFT, TOP, BASE);
    gaps(to, r, LEFT, TOP, BASE);
    if (l->known) {
        put(to, "<path class=\"band\" d=\"");
        path_of(to, r, c, l->high, most);
        path_back(to, r, c, l->low, most);
        put(to, "Z\"/><path class=\"expected\" d=\"");
        path_of(to, r, c, l->expected, most);
        put(to, "\"/>");
    }
    put(to, "<path class=\"actual\" d=\"");
    path_of(to, r, c, actual, most);
    put(to, "\"/>");
    thresholds(to, c, most);
    if (l->known)
        limits(to, r, c, l, most);
    put(to, "</svg>");
}

void draw_bar(struct trail_text *to, uint64_t n, uint64_t of)
{
    unsigned share = of ? (unsigned)((double)n / (double)of * 100 + 0.5) : 0;
    putf(to, "<progress aria-hidden=\"true\" max=\"100\" value=\"%u\"></progress>",
         share > 100 ? 100 : share);
}

bool report_svg(const struct report *r, const char *alert, struct trail_text *to)
{
    if (!alert) {
        draw_timeline(to, r, true);
        put(to, "\n");
        return true;
    }
    for (size_t i = 0; i < r->n_charts; i++)
        if (strcmp(r->charts[i].subject->alert->id, alert) == 0) {
            draw_chart(to, r, &r->charts[i], true);
            put(to, "\n");
            return true;
        }
    return false;
}

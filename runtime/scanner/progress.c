/*
 * progress.c - draws and erases the line.
 */
#include "progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "window/timestamp.h"

enum { FIRST = 1000, EVERY = 200, USUAL_WIDTH = 80, LONGEST = 160 }; /* ms, columns */

void trail_progress_start(struct trail_progress *p)
{
    const char *term = getenv("TERM"), *first = getenv("TRAIL_PROGRESS");
    bool erases = term && *term && strcmp(term, "dumb") != 0;
    *p = (struct trail_progress){.on = erases && isatty(STDERR_FILENO),
                                 .started = trail_time_now(CLOCK_MONOTONIC),
                                 .first = first ? strtoll(first, NULL, 10) : FIRST};
}

int64_t trail_progress_elapsed(const struct trail_progress *p)
{
    return trail_time_now(CLOCK_MONOTONIC) - p->started;
}

/* ---- the text ----------------------------------------------------------------------------- */

enum part { PERCENT, BYTES, RATE, LEFT, RECORDS, FOUND, PARTS };

struct parts {
    char text[PARTS][64]; /* empty: not known */
};

/* "812 kB", "1.2 GB" */
static int size_text(char *to, size_t room, uint64_t bytes)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    double n = (double)bytes;
    size_t unit = 0;
    while (n >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        n /= 1000;
        unit++;
    }
    return snprintf(to, room, unit && n < 9.95 ? "%.1f %s" : "%.0f %s", n, units[unit]);
}

/* "42s left", "1m20s left", "2h05m left" */
static void left_text(char *to, size_t room, double seconds)
{
    unsigned n = seconds < 100 * 3600.0 ? (unsigned)seconds : 100 * 3600;
    if (n >= 100 * 3600)
        snprintf(to, room, "days left");
    else if (n >= 3600)
        snprintf(to, room, "%uh%02um left", n / 3600, n / 60 % 60);
    else if (n >= 60)
        snprintf(to, room, "%um%02us left", n / 60, n % 60);
    else
        snprintf(to, room, "%us left", n);
}

static void count_text(char *to, size_t room, uint64_t n, const char *what)
{
    snprintf(to, room, "%" PRIu64 " %.24s%s", n, what, n == 1 ? "" : "s");
}

static void find_parts(struct parts *p, const struct trail_stats *s, uint64_t found, const char *what,
                       int64_t elapsed)
{
    double seconds = elapsed > 0 ? (double)elapsed / 1000 : 1;
    *p = (struct parts){0};
    size_text(p->text[BYTES], sizeof p->text[BYTES], s->bytes);
    int n = size_text(p->text[RATE], sizeof p->text[RATE], (uint64_t)((double)s->bytes / seconds));
    snprintf(p->text[RATE] + n, sizeof p->text[RATE] - (size_t)n, "/s");
    count_text(p->text[RECORDS], sizeof p->text[RECORDS], s->records, "record");
    count_text(p->text[FOUND], sizeof p->text[FOUND], found, what);
    if (s->total == 0 || s->stored > s->total)
        return;
    double done = (double)s->stored / (double)s->total;
    snprintf(p->text[PERCENT], sizeof p->text[PERCENT], "%.0f%%",
             done * 100 - (s->stored < s->total && done > 0.99));
    if (s->stored > 0)
        left_text(p->text[LEFT], sizeof p->text[LEFT], (1 - done) / done * seconds);
}

size_t trail_progress_text(char *to, size_t room, const struct trail_stats *s, uint64_t found,
                           const char *what, int64_t elapsed)
{
    static const enum part telling[] = {PERCENT, FOUND, LEFT, BYTES, RATE, RECORDS};
    struct parts parts;
    bool shown[PARTS] = {false};
    size_t n = 0, used = 0;
    find_parts(&parts, s, found, what, elapsed);
    for (size_t i = 0; i < PARTS; i++) {
        size_t length = strlen(parts.text[telling[i]]), with = used + (used ? strlen(", ") : 0) + length;
        if (length == 0)
            continue;
        if (with >= room)
            break;
        shown[telling[i]] = true;
        used = with;
    }
    for (size_t i = 0; i < PARTS; i++)
        if (shown[i])
            n += (size_t)snprintf(to + n, room - n, "%s%s", n ? ", " : "", parts.text[i]);
    if (room && n == 0)
        *to = 0;
    return n;
}

/* ---- the line ----------------------------------------------------------------------------- */

/* Columns of the terminal, which may be another number than before. */
static size_t width(void)
{
    struct winsize size = {0};
    size_t n = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL_WIDTH;
    return n < LONGEST ? n : LONGEST;
}

size_t trail_progress_columns(const struct trail_progress *p)
{
    if (!p->on)
        return 0;
    int64_t elapsed = trail_progress_elapsed(p);
    if (elapsed < p->first || (p->drawn && elapsed - p->last < EVERY))
        return 0;
    return width() - 1;
}

void trail_progress_draw(struct trail_progress *p, const char *text)
{
    fprintf(stderr, "\r\033[K%s", text);
    p->last = trail_progress_elapsed(p);
    p->shown = p->drawn = true;
}

void trail_progress_show(struct trail_progress *p, const struct trail_stats *s, uint64_t found,
                         const char *what)
{
    char text[LONGEST];
    size_t columns = trail_progress_columns(p);
    if (columns == 0)
        return;
    trail_progress_text(text, columns + 1, s, found, what, trail_progress_elapsed(p));
    trail_progress_draw(p, text);
}

void trail_progress_clear(struct trail_progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}

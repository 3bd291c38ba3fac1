/*
 * progress.c - draws and erases the line.
 */
#include "progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FIRST = 1000, EVERY = 200 };

static int64_t forward_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void trail_progress_start(struct trail_progress *p)
{
    const char *term = getenv("TERM");
    *p = (struct trail_progress){.on = isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0),
                                 .started = forward_clock()};
}

int64_t trail_progress_elapsed(const struct trail_progress *p)
{
    return forward_clock() - p->started;
}

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

size_t trail_progress_text(char *to, size_t room, const struct trail_stats *s, uint64_t found,
                           const char *what, int64_t elapsed)
{
    char bytes[32], rate[32];
    double seconds = elapsed > 0 ? (double)elapsed / 1000 : 1;
    size_text(bytes, sizeof bytes, s->bytes);
    size_text(rate, sizeof rate, (uint64_t)((double)s->bytes / seconds));
    int n = snprintf(to, room, "%s, %s/s, %" PRIu64 " record%s, %" PRIu64 " %s%s", bytes, rate, s->records,
                     s->records == 1 ? "" : "s", found, what, found == 1 ? "" : "s");
    return n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
}

void trail_progress_show(struct trail_progress *p, const struct trail_stats *s, uint64_t found,
                         const char *what)
{
    if (!p->on)
        return;
    int64_t elapsed = trail_progress_elapsed(p);
    if (elapsed < FIRST || elapsed - p->last < EVERY)
        return;
    char text[160];
    trail_progress_text(text, sizeof text, s, found, what, elapsed);
    fprintf(stderr, "\r\033[K%.79s", text);
    p->last = elapsed;
    p->shown = true;
}

void trail_progress_clear(struct trail_progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}

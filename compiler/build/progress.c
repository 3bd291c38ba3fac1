/*
 * progress.c - one line on a terminal that says which of how many pieces of work is under way: files that are compiled,
 * tests that are run.
 *
 * Nothing is written where standard error is no terminal, or one that cannot erase a line; nor in the first second.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "build/progress.h"
#include "trailc.h"

enum { FIRST = 1000, EVERY = 100, USUAL_WIDTH = 80, LONGEST = 160 }; /* ms, columns */

static int64_t forward_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool can_erase(void)
{
    const char *term = getenv("TERM");
    return term && *term && strcmp(term, "dumb") != 0 && isatty(STDERR_FILENO);
}

/* Columns of the terminal, which may be another number than before. */
static size_t width(void)
{
    struct winsize size = {0};
    size_t n = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL_WIDTH;
    return n < LONGEST ? n : LONGEST;
}

/* Cuts a text to so many columns, not in the midst of a character. */
static void cut(char *text, size_t columns)
{
    char *p = text;
    while (*p && columns > 0) {
        for (p++; ((unsigned char)*p & 0xC0) == 0x80; p++)
            ;
        columns--;
    }
    *p = 0;
}

void progress_start(struct progress *p)
{
    const char *first = getenv("TRAIL_PROGRESS");
    *p = (struct progress){
        .on = can_erase(), .started = forward_clock(), .first = first ? strtoll(first, NULL, 10) : FIRST};
}

void progress_show(struct progress *p, const char *doing, size_t n, size_t of, struct slice name)
{
    char text[512];
    if (!p->on)
        return;
    int64_t now = forward_clock();
    if (now - p->started < p->first || (p->drawn && now - p->last < EVERY))
        return;
    snprintf(text, sizeof text, "%s %zu of %zu: %.*s", doing, n, of, (int)(name.n < 300 ? name.n : 300),
             name.p);
    cut(text, width() - 1);
    fprintf(stderr, "\r\033[K%s", text);
    p->last = now;
    p->shown = p->drawn = true;
}

void progress_clear(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}
